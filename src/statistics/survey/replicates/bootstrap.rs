//! The bootstrap of primary sampling units, rescaled after Rao and Wu.
//!
//! # Question
//! As [`super::jackknife`], for any design and any statistic.
//!
//! # Definition
//! In each replicate n − 1 of the n units of a stratum are drawn with replacement, and weights are multiplied by
//! n/(n − 1) times the number of draws of their unit. The variance is Σ(θᵣ − centre)²/(R − 1).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `design` | [`Design`] | – | not calibrated |
//! | `n_replicates` | `u32` | – | ≥ 2; several hundred for a standard error within 5 % |
//! | `key` | [`Key`] | – | what the draws are keyed by |
//!
//! # Output
//! [`Replicates`] for [`super::variance::estimate`].
//!
//! # Undefined
//! Every [`Problem`] at once.
//!
//! # Assumptions, and when not to use it
//! Units of a stratum are drawn with replacement, or few of many: population sizes are not used. Strata with two units
//! keep one of them in each replicate, as in half-samples.
//!
//! # Cost and determinism
//! Replicates × units. Draws are keyed by (seed, name, stratum, replicate): the same replicates at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, survey::{design::{Design, Policy}, replicates::bootstrap}};
//! let design = Design::new(&[25.0; 40], &[], Policy::default()).unwrap();
//! let replicates = bootstrap::subsample(&design, 200, Key::named(1, "survey")).unwrap();
//! assert_eq!(replicates.count(), 200);
//! ```
//!
//! # Source
//! Rao JNK, Wu CFJ (1988), J Am Stat Assoc 83:231–241, doi:10.1080/01621459.1988.10478591.

use super::{Centre, Problem, Replicates, Weights, check, number};
use crate::statistics::{
    numerics::{float::size, random::Key},
    survey::design::Design,
};

/// Draws the replicates.
///
/// # Errors
/// All problems.
pub fn subsample(design: &Design, n_replicates: u32, key: Key) -> Result<Replicates, Vec<Problem>> {
    check(design)?;
    if n_replicates < 2 {
        return Err(vec![Problem::TooFew]);
    }
    let count = n_replicates as usize;
    let mut factors = vec![Vec::new(); count];
    let mut times: Vec<u32> = Vec::new();
    for (stratum, group) in design.stages[0].groups.iter().enumerate() {
        if group.n < 2 {
            continue;
        }
        let n = number(group.n);
        for (replicate, factors) in (0..).zip(&mut factors) {
            let mut stream = key.stream(number(stratum), replicate);
            times.clear();
            times.resize(group.n, 0);
            for _ in 1..n {
                times[stream.below(n) as usize] += 1;
            }
            let factor = f64::from(n) / f64::from(n - 1);
            let units = (group.first..).map(number).zip(&times);
            factors.extend(units.map(|(unit, &times)| (unit, factor * f64::from(times))));
        }
    }
    Ok(Replicates {
        weights: Weights::Factors(factors),
        scale: 1.0 / (size(count) - 1.0),
        scales: vec![1.0; count],
        centre: Centre::Mean,
        df: None,
    })
}
