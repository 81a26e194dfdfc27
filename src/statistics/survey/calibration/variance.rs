//! The variance of a calibrated design: that of residuals from the regression on the benchmarks.
//!
//! A domain's contributions are 0 outside of it, but their residuals are not: every unit takes part in every domain. The
//! residual sum of a unit is its sum of contributions minus its sums of x times the domain's coefficients, so rows are
//! passed once, and then units × columns per domain.

use rayon::prelude::*;

use super::Calibration;
use crate::statistics::{
    numerics::float::size,
    survey::{
        design::{Design, LonelyPsu, StageIndex},
        estimate::Domains,
        variance::{Cell, Met, Spread, gather},
    },
};

/// As [`crate::statistics::survey::variance::by_domain`].
pub(in crate::statistics::survey) fn by_domain(
    design: &Design,
    calibration: &Calibration,
    domains: &Domains<'_>,
    contribution: impl Fn(usize, usize) -> Option<f64> + Sync,
) -> Vec<Spread> {
    let n_domains = domains.count();
    let coefficients = coefficients(design, calibration, domains, &contribution);
    let mut found = vec![Spread { variance: Some(0.0), ..Spread::default() }; n_domains];
    for (at, stage) in design.stages.iter().enumerate() {
        let mut slots = vec![0; n_domains];
        let mut cells = Vec::new();
        let mut df = vec![0; n_domains];
        for group in &stage.groups {
            let begin = cells.len();
            gather(design, stage, group, domains, &contribution, &mut slots, &mut cells);
            // A domain's degrees of freedom: its units minus its strata.
            for cell in &cells[begin..] {
                let seen = &mut slots[cell.domain as usize];
                df[cell.domain as usize] += u32::from(*seen > 0);
                *seen = 1;
            }
            for cell in &cells[begin..] {
                slots[cell.domain as usize] = 0;
            }
        }
        let by_domain = starts(&mut cells, n_domains);
        let variances: Vec<Option<f64>> = (0..n_domains)
            .into_par_iter()
            .map_init(
                || vec![0.0; stage.cuts.len() - 1],
                |sums, domain| {
                    let own = &cells[by_domain[domain]..by_domain[domain + 1]];
                    residual_sums(&calibration.units[at], &coefficients[domain], own, sums);
                    stage_variance(design, stage, sums)
                },
            )
            .collect();
        for (domain, variance) in variances.into_iter().enumerate() {
            let sum = found[domain].variance.zip(variance).map(|(sum, more)| sum + more);
            found[domain].variance = sum;
            if at == 0 {
                found[domain].df = df[domain];
            }
        }
    }
    found
}

/// The coefficients of each domain's contributions on the benchmarks, under the weights before calibration.
fn coefficients(
    design: &Design,
    calibration: &Calibration,
    domains: &Domains<'_>,
    contribution: &impl Fn(usize, usize) -> Option<f64>,
) -> Vec<Vec<f64>> {
    let mut found = vec![vec![0.0; calibration.columns.n]; domains.count()];
    for row in 0..design.n_rows() {
        let Some(domain) = domains.of(row) else { continue };
        let Some(value) = contribution(row, domain) else { continue };
        let weighted = calibration.base[row] * value;
        let sums = &mut found[domain];
        calibration.columns.each(row, |column, x| sums[column] += weighted * x);
    }
    for right in &mut found {
        calibration.cross.solve(right);
    }
    found
}

/// Sorts cells by domain, keeping the order of units; where each domain's begin, and the end.
fn starts(cells: &mut [Cell], n_domains: usize) -> Vec<usize> {
    cells.sort_by_key(|cell| cell.domain);
    let mut starts = vec![0; n_domains + 1];
    for cell in cells.iter() {
        starts[cell.domain as usize + 1] += 1;
    }
    for domain in 0..n_domains {
        starts[domain + 1] += starts[domain];
    }
    starts
}

fn residual_sums(units: &[f64], coefficients: &[f64], cells: &[Cell], sums: &mut [f64]) {
    for (sum, x) in sums.iter_mut().zip(units.chunks_exact(coefficients.len())) {
        *sum = -x.iter().zip(coefficients).map(|(x, b)| x * b).sum::<f64>();
    }
    for cell in cells {
        sums[cell.unit as usize] += cell.sum;
    }
}

/// The variance of one stage from the sums of all its units; every stratum is met.
fn stage_variance(design: &Design, stage: &StageIndex, sums: &[f64]) -> Option<f64> {
    let mut met = Met::default();
    for group in &stage.groups {
        let own = &sums[group.first..group.first + group.n];
        met.add(match (group.is_lonely(), design.policy.lonely) {
            (true, LonelyPsu::Average) => None,
            (true, LonelyPsu::Adjust) => Some(group.factor * own[0] * own[0]),
            _ => {
                let mean = own.iter().sum::<f64>() / size(group.n);
                let squares: f64 = own.iter().map(|sum| (sum - mean) * (sum - mean)).sum();
                Some(group.factor * squares)
            }
        });
    }
    met.variance()
}
