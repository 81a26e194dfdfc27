//! What counts are compared with, and its preparation for a search: measures on one scale, the null to draw from.

use super::{likelihood::Likelihood, null::Null, zones::Zones};
use crate::{model::VarianceLaw, statistics::numerics::float::real};

/// What is expected of the regions, and how counts vary around it. Arrays are in region order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model<'a> {
    /// Counts vary by chance around something proportional to these (expected cases, population, person-years).
    Poisson {
        /// One per region, on any scale.
        expected: &'a [f64],
    },
    /// Counts vary more than chance makes them.
    Dispersed {
        /// One per region, on any scale.
        expected: &'a [f64],
        /// Variance law of the counts that are drawn; `None` draws Poisson counts.
        law: Option<VarianceLaw>,
        /// Quasi-Poisson φ, by which ratios are divided; it changes no p.
        phi: Option<f64>,
    },
    /// Each unit is a case or a control.
    Bernoulli {
        /// Units per region, cases and controls.
        units: &'a [u64],
    },
}

/// A scan made ready: counts and measures of the regions that take part, 0 for the others.
pub(super) struct Setup {
    pub(super) likelihood: Likelihood,
    pub(super) cases: Vec<u64>,
    pub(super) measure: Vec<f64>,
    pub(super) null: Null,
    pub(super) phi: f64,
}

impl Setup {
    /// `None` when there is nothing to scan: see [`super::circular`].
    pub(super) fn new(zones: &Zones, cases: &[u64], model: &Model) -> Option<Self> {
        let n = zones.n_regions();
        let takes_part = |at: usize| {
            zones.takes_part(at)
                && match model {
                    Model::Poisson { expected } | Model::Dispersed { expected, .. } => {
                        expected[at] > 0.0 && expected[at].is_finite()
                    }
                    Model::Bernoulli { units } => units[at] > 0,
                }
        };
        let cases: Vec<u64> = (0..n).map(|at| if takes_part(at) { cases[at] } else { 0 }).collect();
        let total = cases
            .iter()
            .try_fold(0_u64, |sum, &own| sum.checked_add(own))
            .filter(|&total| total > 0 && i32::try_from(total).is_ok())?;
        match *model {
            Model::Poisson { expected } => {
                Some(Self::around(cases, total, expected, &takes_part, (None, None)))
            }
            Model::Dispersed { expected, law, phi } => {
                Some(Self::around(cases, total, expected, &takes_part, (law, phi)))
            }
            Model::Bernoulli { units } => {
                let units: Vec<u64> =
                    (0..n).map(|at| if takes_part(at) { units[at] } else { 0 }).collect();
                let all = units.iter().try_fold(0_u64, |sum, &own| sum.checked_add(own))?;
                if all <= total || cases.iter().zip(&units).any(|(cases, units)| cases > units) {
                    return None;
                }
                Some(Self {
                    likelihood: Likelihood::Bernoulli { cases: real(total), units: real(all) },
                    measure: units.iter().map(|&units| real(units)).collect(),
                    null: Null::among(total, &units),
                    cases,
                    phi: 1.0,
                })
            }
        }
    }

    fn around(
        cases: Vec<u64>,
        total: u64,
        expected: &[f64],
        takes_part: &impl Fn(usize) -> bool,
        (law, phi): (Option<VarianceLaw>, Option<f64>),
    ) -> Self {
        let own = |at: usize| if takes_part(at) { expected[at] } else { 0.0 };
        let sum: f64 = (0..cases.len()).map(own).sum();
        let measure: Vec<f64> = (0..cases.len()).map(|at| own(at) / sum * real(total)).collect();
        Self {
            likelihood: Likelihood::Poisson { total: real(total) },
            null: Null::around(total, &measure, law),
            cases,
            measure,
            phi: phi.unwrap_or(1.0),
        }
    }
}
