//! Balanced repeated replication (BRR), and Fay's gentler form of it.
//!
//! # Question
//! As [`super::jackknife`], for designs with two units in every stratum.
//!
//! # Definition
//! Each replicate takes one of the two units of every stratum with twice its weight, by the signs of a Hadamard matrix of
//! R rows: over all replicates every pair of strata is balanced. Fay: factors 2 − ρ and ρ instead of 2 and 0. The variance
//! is Σ(θᵣ − centre)²/(R(1 − ρ)²).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `design` | [`Design`] | – | two units in every stratum; not calibrated |
//! | `rho` | `f64` | – | [0, 1) |
//!
//! # Output
//! [`Replicates`]: as many as the smallest power of 2 above the number of strata.
//!
//! # Undefined
//! Every [`Problem`] at once.
//!
//! # Assumptions, and when not to use it
//! The units of a stratum are drawn with replacement, or few of many: population sizes are not used. BRR leaves half of
//! the sample out, so that small domains may vanish from a replicate; Fay's with ρ = 0.3 or 0.5 does not. Good for
//! quantiles too.
//!
//! # Cost and determinism
//! Replicates × units; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{design::{Design, Policy, Stage}, estimate::{Domains, Statistic}, replicates::{balanced, variance}};
//! let stage = Stage { strata: Some(&[1, 1, 2, 2]), ..Stage::default() };
//! let design = Design::new(&[5.0; 4], &[stage], Policy::default()).unwrap();
//! let replicates = balanced::brr(&design).unwrap();
//! let values = [Some(1.0), Some(3.0), Some(5.0), Some(11.0)];
//! let all = variance::estimate(&design, &replicates, Statistic::Total(&values), &Domains::Whole)[0].unwrap();
//! // 5²·(2² + 6²)
//! assert!((all.se.unwrap() - 1000.0_f64.sqrt()).abs() < 1e-9);
//! ```
//!
//! # Source
//! McCarthy PJ (1969), doi:10.2307/1402116; Judkins DR (1990), J Off Stat 6:223–239 (Fay).

use super::{Centre, Problem, Replicates, Weights, check, number};
use crate::statistics::{numerics::float::size, survey::design::Design};

/// Half-samples.
///
/// # Errors
/// All problems.
pub fn brr(design: &Design) -> Result<Replicates, Vec<Problem>> {
    fay(design, 0.0)
}

/// Half-samples that keep the share ρ of the other half.
///
/// # Errors
/// All problems.
pub fn fay(design: &Design, rho: f64) -> Result<Replicates, Vec<Problem>> {
    check(design)?;
    let groups = &design.stages[0].groups;
    let mut problems: Vec<Problem> = groups
        .iter()
        .filter(|group| group.n != 2)
        .map(|group| Problem::NotPaired { stratum: group.stratum, n: group.n })
        .collect();
    if !(0.0..1.0).contains(&rho) {
        problems.push(Problem::Rho);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // Sylvester's matrix without its first column, which is all ones: the sign is the parity of common bits.
    let count = (groups.len() + 1).next_power_of_two();
    let factors = (0..count)
        .map(|replicate| {
            let halves = groups.iter().enumerate().flat_map(|(stratum, group)| {
                let is_first = (replicate & (stratum + 1)).count_ones() % 2 == 0;
                let (a, b) = if is_first { (2.0 - rho, rho) } else { (rho, 2.0 - rho) };
                [(number(group.first), a), (number(group.first + 1), b)]
            });
            halves.collect()
        })
        .collect();
    Ok(Replicates {
        weights: Weights::Factors(factors),
        scale: 1.0 / (size(count) * (1.0 - rho) * (1.0 - rho)),
        scales: vec![1.0; count],
        centre: Centre::Mean,
        df: None,
    })
}

#[test]
fn strata_without_two_units_and_odd_rhos_are_refused() {
    use crate::statistics::survey::design::{Policy, Stage};
    let stage = Stage { strata: Some(&[1, 1, 4, 4, 4]), ..Stage::default() };
    let design = Design::new(&[1.0; 5], &[stage], Policy::default()).unwrap();
    let problems = fay(&design, 1.0).unwrap_err();
    assert_eq!(problems, [Problem::NotPaired { stratum: 4, n: 3 }, Problem::Rho]);
}
