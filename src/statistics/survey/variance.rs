//! The variance of weighted sums under a design, for all domains in one pass over the rows.
//!
//! With z the weighted contributions of rows to an estimate, tᵢ their sum over the unit i of a stratum, and n units
//! drawn from N in the stratum, the variance is Σ (1 − n/N)·n/(n − 1)·Σᵢ(tᵢ − t̄)² over strata; strata of lower stages
//! are multiplied by the fractions drawn above them. A domain's z is 0 outside of it: units it does not meet count with
//! a sum of 0. Only sums of (unit, domain) that occur are held, so cost does not grow with domains times units.
//!
//! # Source
//! Särndal, Swensson and Wretman (1992), *Model Assisted Survey Sampling*, ch. 4 and 5, doi:10.1007/978-1-4612-4378-6;
//! Binder DA (1983), doi:10.2307/1402588 (linearisation).

use rayon::prelude::*;

use super::{
    calibration,
    design::{Design, Group, LonelyPsu, StageIndex},
    estimate::Domains,
};
use crate::statistics::numerics::float::size;

/// What the design makes of one domain's contributions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Spread {
    /// `None` when every stratum met has a single unit and its variance would be their average.
    pub(super) variance: Option<f64>,
    /// Primary sampling units met minus strata met.
    pub(super) df: u32,
    /// Whether only one primary sampling unit was met, of more in its stratum's population.
    pub(super) is_single: bool,
    /// The part from lower stages.
    pub(super) below: f64,
}

impl Spread {
    /// The variance of a mean or ratio. Its contributions add up to 0 over a single unit, so that the first stage says
    /// nothing there.
    pub(super) fn of_ratio(&self) -> Option<f64> {
        if self.is_single {
            return Some(self.below).filter(|below| *below > 0.0);
        }
        self.variance
    }
}

/// The sum of one unit's contributions to one domain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) domain: u32,
    /// Number of the unit within its stage.
    pub(super) unit: u32,
    pub(super) sum: f64,
}

/// One stratum's share of one domain's variance.
#[derive(Debug, Clone, Copy)]
struct Part {
    domain: u32,
    sum: f64,
    /// Units met.
    n: u32,
    /// `None`: to be replaced by the average of the other strata.
    variance: Option<f64>,
}

/// Variance and degrees of freedom by domain. `contribution` gives what a row adds to its domain's estimate per unit of
/// weight, `None` for a row that is masked.
pub(super) fn by_domain(
    design: &Design,
    domains: &Domains<'_>,
    contribution: impl Fn(usize, usize) -> Option<f64> + Sync,
) -> Vec<Spread> {
    if let Some(calibration) = &design.calibration {
        return calibration::variance::by_domain(design, calibration, domains, contribution);
    }
    let (n_domains, policy) = (domains.count(), design.policy.lonely);
    let mut found = vec![Spread { variance: Some(0.0), ..Spread::default() }; n_domains];
    for (at, stage) in design.stages.iter().enumerate() {
        let parts: Vec<Vec<Part>> = stage
            .groups
            .par_iter()
            .map_init(
                || (vec![0; n_domains], Vec::new()),
                |(slots, cells), group| {
                    cells.clear();
                    gather(design, stage, group, domains, &contribution, slots, cells);
                    parts_of(design, group, cells, slots)
                },
            )
            .collect();
        let mut met = vec![Met::default(); n_domains];
        for (group, parts) in stage.groups.iter().zip(&parts) {
            for part in parts {
                let domain = part.domain as usize;
                met[domain].add(part.variance);
                if at == 0 {
                    found[domain].df += part.n - 1;
                    let is_known =
                        group.is_certain() || group.n == 1 && policy == LonelyPsu::Certainty;
                    found[domain].is_single = met[domain].n == 1 && part.n == 1 && !is_known;
                }
            }
        }
        for (spread, met) in found.iter_mut().zip(&met) {
            let more = met.variance();
            spread.variance = spread.variance.zip(more).map(|(sum, more)| sum + more);
            if at > 0 {
                spread.below += more.unwrap_or(0.0);
            }
        }
    }
    found
}

/// Strata of one stage that a domain meets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Met {
    variance: f64,
    n: usize,
    n_missing: usize,
}

impl Met {
    /// Adds one stratum; `None`: its variance is to be the others' average.
    pub(super) fn add(&mut self, variance: Option<f64>) {
        self.n += 1;
        match variance {
            Some(variance) => self.variance += variance,
            None => self.n_missing += 1,
        }
    }

    /// The sum over all strata, those missing replaced; `None` when all are missing.
    pub(super) fn variance(&self) -> Option<f64> {
        if self.n_missing == 0 {
            return Some(self.variance);
        }
        let n_known = self.n - self.n_missing;
        (n_known > 0).then(|| self.variance * size(self.n) / size(n_known))
    }
}

/// Appends the cells of a stratum, unit by unit. `slots`: one 0 per domain, left so.
pub(super) fn gather(
    design: &Design,
    stage: &StageIndex,
    group: &Group,
    domains: &Domains<'_>,
    contribution: &impl Fn(usize, usize) -> Option<f64>,
    slots: &mut [u32],
    cells: &mut Vec<Cell>,
) {
    let begin = cells.len();
    for unit in group.first..group.first + group.n {
        // A slot holds the place of the domain's cell plus 1; places before this unit's are old.
        let old = cells.len();
        for &row in &design.order[stage.cuts[unit] as usize..stage.cuts[unit + 1] as usize] {
            let row = row as usize;
            let weight = design.weights[row];
            let Some(domain) = domains.of(row).filter(|_| weight != 0.0) else { continue };
            let Some(value) = contribution(row, domain) else { continue };
            let place = slots[domain] as usize;
            if place > old {
                cells[place - 1].sum += weight * value;
            } else {
                #[allow(clippy::cast_possible_truncation, reason = "positions are u32")]
                let (domain_number, unit, place) =
                    (domain as u32, unit as u32, cells.len() as u32 + 1);
                slots[domain] = place;
                cells.push(Cell { domain: domain_number, unit, sum: weight * value });
            }
        }
    }
    for cell in &cells[begin..] {
        slots[cell.domain as usize] = 0;
    }
}

/// What a stratum adds to each domain it meets. `slots` as for [`gather`].
fn parts_of(design: &Design, group: &Group, cells: &[Cell], slots: &mut [u32]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for cell in cells {
        let domain = cell.domain as usize;
        if slots[domain] == 0 {
            parts.push(Part { domain: cell.domain, sum: 0.0, n: 0, variance: Some(0.0) });
            #[allow(clippy::cast_possible_truncation, reason = "positions are u32")]
            let place = parts.len() as u32;
            slots[domain] = place;
        }
        let part = &mut parts[slots[domain] as usize - 1];
        part.sum += cell.sum;
        part.n += 1;
    }
    let n = size(group.n);
    for cell in cells {
        let part = &mut parts[slots[cell.domain as usize] as usize - 1];
        let mean = if centres(design, group, part.n) { part.sum / n } else { 0.0 };
        if let Some(squares) = &mut part.variance {
            *squares += (cell.sum - mean) * (cell.sum - mean);
        }
    }
    for part in &mut parts {
        slots[part.domain as usize] = 0;
        if is_average(design, group, part.n) {
            part.variance = None;
        } else if let Some(squares) = &mut part.variance {
            let mean = part.sum / n;
            let not_met = n - f64::from(part.n);
            if centres(design, group, part.n) {
                *squares += not_met * mean * mean;
            }
            *squares *= group.factor;
        }
    }
    parts
}

/// Whether units are compared with their stratum's mean, and not with the population's, which is 0.
fn centres(design: &Design, group: &Group, n_met: u32) -> bool {
    design.policy.lonely != LonelyPsu::Adjust || !is_single(design, group, n_met)
}

/// Whether the stratum gets the average variance of the others.
fn is_average(design: &Design, group: &Group, n_met: u32) -> bool {
    design.policy.lonely == LonelyPsu::Average
        && (group.is_lonely()
            || group.factor > 0.0 && group.n > 1 && is_single(design, group, n_met))
}

fn is_single(design: &Design, group: &Group, n_met: u32) -> bool {
    group.n == 1 || design.policy.in_domains && n_met == 1
}
