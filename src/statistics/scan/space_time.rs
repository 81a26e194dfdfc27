//! Clusters in space and time: where, and since or between when, were there more cases than the national trend explains?
//!
//! # Question
//! Is there a group of neighbouring regions with more cases in some interval than its share of the population lets one
//! expect, given how many cases there were everywhere in each period? Prospective: is there one now?
//!
//! # Definition
//! As [`super::circular`], over cylinders: every circle × every interval of up to a share of all periods. Expected in a
//! region and period are the cases of the period everywhere × the region's share of that period's exposure, so that a
//! purely temporal trend, common to all regions, is no cluster; draws keep every period's total (and are dispersed
//! when a law is given, with a risk of its own for each region and period). Prospective: only intervals that last to
//! the end, and the recurrence interval 1/p, in periods: how long until chance alone gives a cluster as strong, when the
//! scan is repeated every period.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `zones` | [`Zones`] | one map | – | the share is the search cap, usually 0.5 |
//! | `cells` | [`Cells`] | regions × periods | cases, exposure | region by region |
//! | `time` | [`Time`] | – | – | share of time, usually 0.5 |
//! | `plan`, `key` | | | | as in [`super::circular`] |
//!
//! # Output
//! A [`SpaceTime`].
//!
//! # Undefined
//! `None` without cases, with more than 2³¹ − 1, and with fewer than two periods. Cells without exposure, and regions that
//! take no part in the zones, are left out with their cases. When no interval is short enough there are no clusters,
//! and p = 1.
//!
//! # Assumptions, and when not to use it
//! A region that always has more cases is found too, with the longest interval; to ask only for changes use
//! [`super::space_time_permutation`]. Nothing may cross a break in how cases were recorded.
//!
//! # Cost and determinism
//! Θ(circles × intervals) comparisons per sixteen draws: 400 regions and 24 months are 17 million cylinders. Draws are
//! keyed by (seed, surface, draw): the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, scan::{plan::Plan, space_time::{self, Cells, Span, Time}, zones::Zones}, weights::Metric};
//! // Twelve towns over eight years, twice as many cases everywhere in the last four; a cluster in the last two.
//! let places: Vec<_> = (0..12).map(|at| Some((f64::from(at), 0.0))).collect();
//! let zones = Zones::circles(&places, Metric::Plane, &[1.0; 12], 0.5);
//! let mut cases = [3, 3, 3, 3, 6, 6, 6, 6].repeat(12);
//! for town in 4..7 {
//!     cases[town * 8 + 6] = 18;
//!     cases[town * 8 + 7] = 18;
//! }
//! let cells = Cells { n_periods: 8, cases: &cases, exposure: &[1.0; 96], law: None, phi: None };
//! let time = Time { span: Span::Prospective, share: 0.5 };
//! let scan = space_time::scan(&zones, &cells, time, &Plan::new(199), Key::new(1, 1)).unwrap();
//! let found = &scan.clusters[0];
//! assert_eq!((found.cluster.centre, found.cluster.regions.len(), found.periods.clone()), (5, 3, 6..8));
//! assert!(found.recurrence_interval.unwrap() > 100.0);
//! ```
//!
//! # Source
//! Kulldorff M, Athas WF, Feuer EJ et al. (1998), Am J Public Health 88:1377–1380, doi:10.2105/AJPH.88.9.1377;
//! Kulldorff M (2001), J R Stat Soc A 164:61–72, doi:10.1111/1467-985X.00186 (prospective); Kleinman K, Lazarus R,
//! Platt R (2004), Am J Epidemiol 159:217–224, doi:10.1093/aje/kwh029 (recurrence interval).

use super::{cylinders::Cylinders, null::Null, plan::Plan, zones::Zones};
use crate::{
    model::VarianceLaw,
    statistics::numerics::{float::real, random::Key},
};

pub use super::cylinders::{Cylinder, SpaceTime, Span, Time};

/// Counts by region and period: all periods of the first region, then of the second, and so on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cells<'a> {
    /// Periods.
    pub n_periods: usize,
    /// Cases.
    pub cases: &'a [u64],
    /// Population, person-years or expected cases, on any scale.
    pub exposure: &'a [f64],
    /// Variance law of the counts that are drawn; `None` draws Poisson counts.
    pub law: Option<VarianceLaw>,
    /// Quasi-Poisson φ, by which ratios are divided; it changes no p.
    pub phi: Option<f64>,
}

/// Scans a map over time.
pub fn scan(zones: &Zones, cells: &Cells, time: Time, plan: &Plan, key: Key) -> Option<SpaceTime> {
    let n_periods = cells.n_periods;
    if n_periods < 2 {
        return None;
    }
    let takes_part = |at: usize| {
        let exposure = cells.exposure[at];
        zones.takes_part(at / n_periods) && exposure > 0.0 && exposure.is_finite()
    };
    let n_cells = zones.n_regions() * n_periods;
    let cases: Vec<u64> =
        (0..n_cells).map(|at| if takes_part(at) { cells.cases[at] } else { 0 }).collect();
    let all = cases.iter().try_fold(0_u64, |sum, &own| sum.checked_add(own))?;
    if all == 0 || i32::try_from(all).is_err() {
        return None;
    }
    let mut measure = vec![0.0; n_cells];
    let mut nulls = Vec::new();
    for period in 0..n_periods {
        let column = (period..n_cells).step_by(n_periods);
        let total: u64 = column.clone().map(|at| cases[at]).sum();
        let taking_part = column.clone().filter(|&at| takes_part(at));
        let exposure: f64 = taking_part.clone().map(|at| cells.exposure[at]).sum();
        if total == 0 {
            continue;
        }
        for at in taking_part {
            measure[at] = cells.exposure[at] / exposure * real(total);
        }
        let expected: Vec<f64> = column.map(|at| measure[at]).collect();
        nulls.push((period, Null::around(total, &expected, cells.law)));
    }
    let phi = cells.phi.unwrap_or(1.0);
    let cylinders = Cylinders::new(zones, &cases, &measure, n_periods, time, phi);
    Some(cylinders.scan(plan, key, |stream, put| {
        for (period, null) in &nulls {
            null.draw(stream, |region, cases| put(region, *period, cases));
        }
    }))
}
