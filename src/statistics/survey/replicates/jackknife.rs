//! The jackknife: one primary sampling unit left out at a time.
//!
//! # Question
//! As [`crate::statistics::survey::taylor`], without derivatives: how much does each cluster move the estimate?
//!
//! # Definition
//! Each replicate leaves out one of the n units of a stratum and multiplies the weights of the others there by
//! n/(n − 1). `JKn`: scaleᵣ = (1 − f)·(n − 1)/n by stratum, f the fraction drawn. JK1: the same for a design with one
//! stratum, with the factor in front.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | not calibrated; lower stages do not add to the variance |
//!
//! # Output
//! [`Replicates`] for [`super::variance::estimate`].
//!
//! # Undefined
//! Every [`Problem`] at once. Strata drawn completely, and lonely ones under `Remove`, have no replicates.
//!
//! # Assumptions, and when not to use it
//! Not for quantiles. For totals it equals linearisation exactly; for means and ratios it is as a rule a little larger.
//!
//! # Cost and determinism
//! Replicates × units of their stratum; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{design::{Design, Policy}, estimate::{Domains, Statistic}, replicates::{jackknife, variance}};
//! let design = Design::new(&[25.0; 4], &[], Policy::default()).unwrap();
//! let values = [Some(1.0), Some(3.0), Some(5.0), Some(7.0)];
//! let replicates = jackknife::jk1(&design).unwrap();
//! let all = variance::estimate(&design, &replicates, Statistic::Mean(&values), &Domains::Whole)[0].unwrap();
//! assert!((all.se.unwrap() - (20.0_f64 / 12.0).sqrt()).abs() < 1e-14);
//! ```
//!
//! # Source
//! Wolter KM (2007), *Introduction to Variance Estimation*, 2nd ed., ch. 4, doi:10.1007/978-0-387-35099-8.

use super::{Centre, Problem, Replicates, Weights, check, number};
use crate::statistics::{numerics::float::size, survey::design::Design};

/// Replicates of a design with one stratum.
///
/// # Errors
/// All problems.
pub fn jk1(design: &Design) -> Result<Replicates, Vec<Problem>> {
    if design.n_strata() > 1 {
        return Err(vec![Problem::Stratified]);
    }
    let mut replicates = jkn(design)?;
    if let Some(&scale) = replicates.scales.first() {
        replicates.scale = scale;
        replicates.scales.fill(1.0);
    }
    Ok(replicates)
}

/// Replicates of a design with strata.
///
/// # Errors
/// All problems.
pub fn jkn(design: &Design) -> Result<Replicates, Vec<Problem>> {
    check(design)?;
    let mut factors = Vec::new();
    let mut scales = Vec::new();
    for group in design.stages[0].groups.iter().filter(|group| group.n > 1 && group.factor > 0.0) {
        let n = size(group.n);
        let units = group.first..group.first + group.n;
        for out in units.clone() {
            let factor = |unit| (number(unit), if unit == out { 0.0 } else { n / (n - 1.0) });
            factors.push(units.clone().map(factor).collect());
            scales.push((1.0 - group.fraction) * (n - 1.0) / n);
        }
    }
    let weights = Weights::Factors(factors);
    Ok(Replicates { weights, scale: 1.0, scales, centre: Centre::Mean, df: None })
}

#[test]
fn strata_and_lonely_units_are_refused_where_they_cannot_be_followed() {
    use crate::statistics::survey::design::{LonelyPsu, Policy, Stage};
    let strata = [1, 1, 2];
    let stage = Stage { strata: Some(&strata), ..Stage::default() };
    let design =
        |lonely| Design::new(&[1.0; 3], &[stage], Policy { lonely, in_domains: false }).unwrap();
    assert_eq!(jk1(&design(LonelyPsu::Remove)).unwrap_err(), [Problem::Stratified]);
    assert_eq!(jkn(&design(LonelyPsu::Average)).unwrap_err(), [Problem::LonelyPsu { stratum: 2 }]);
    assert_eq!(jkn(&design(LonelyPsu::Certainty)).unwrap().count(), 2);
}
