//! Replicate weights as an institute publishes them beside its data.
//!
//! # Question
//! The file has a weight and 80 replicate weights per person, but neither strata nor clusters: what is the standard error?
//!
//! # Definition
//! variance = scale · Σ scaleᵣ·(θᵣ − centre)², with the scales of the documentation. With R replicates usually: BRR 1/R; Fay
//! 1/(R(1 − ρ)²); JK1 (R − 1)/R; bootstrap 1/(R − 1) or 1/R; successive differences 4/R.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | its weights are the full sample's; stages are not looked at |
//! | `weights` | `Vec<Vec<f64>>` | by replicate, one per row | as the design's | ≥ 0; complete weights, not factors |
//! | `scale` | `f64` | – | – | > 0 |
//! | `scales` | `Vec<f64>` | one per replicate | – | ≥ 0; all 1 for most methods |
//! | `df` | `u32` | – | – | of the documentation; often R − 1, or units minus strata |
//!
//! # Output
//! [`Replicates`] for [`super::variance::estimate`].
//!
//! # Undefined
//! Every [`Problem`] at once.
//!
//! # Assumptions, and when not to use it
//! A replicate weight below 0 is refused; some are published, as by successive differences after calibration, and need
//! the institute's advice. Degrees of freedom are the same for every domain, too many for those met by few clusters.
//!
//! # Cost and determinism
//! Replicates × rows per statistic; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{design::{Design, Policy}, replicates::{Centre, supplied}};
//! let design = Design::new(&[10.0; 4], &[], Policy::default()).unwrap();
//! let halves = vec![vec![20.0, 0.0, 20.0, 0.0], vec![0.0, 20.0, 0.0, 20.0]];
//! let replicates = supplied::new(&design, halves, 0.5, vec![1.0; 2], Centre::Estimate, 1).unwrap();
//! assert_eq!(replicates.count(), 2);
//! ```
//!
//! # Source
//! Wolter KM (2007), *Introduction to Variance Estimation*, 2nd ed., doi:10.1007/978-0-387-35099-8.

use super::{Centre, Problem, Replicates, Weights};
use crate::statistics::survey::design::Design;

/// Checks published replicate weights.
///
/// # Errors
/// All problems.
pub fn new(
    design: &Design,
    weights: Vec<Vec<f64>>,
    scale: f64,
    scales: Vec<f64>,
    centre: Centre,
    df: u32,
) -> Result<Replicates, Vec<Problem>> {
    let valid = |number: &f64| number.is_finite() && *number >= 0.0;
    let mut problems = Vec::new();
    if weights.len() < 2 {
        problems.push(Problem::TooFew);
    }
    let fits = |replicate: usize| {
        weights[replicate].len() == design.n_rows()
            && weights[replicate].iter().all(valid)
            && scales.get(replicate).is_some_and(valid)
    };
    let wrong = (0..weights.len()).filter(|&replicate| !fits(replicate) || !valid(&scale));
    problems.extend(wrong.map(|replicate| Problem::Invalid { replicate }));
    if scales.len() > weights.len() {
        problems.push(Problem::Invalid { replicate: weights.len() });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Replicates { weights: Weights::Rows(weights), scale, scales, centre, df: Some(df) })
}

#[test]
fn weights_of_the_wrong_shape_are_refused() {
    use crate::statistics::survey::design::Policy;
    let design = Design::new(&[1.0; 2], &[], Policy::default()).unwrap();
    let weights = vec![vec![1.0, 1.0], vec![1.0], vec![1.0, -1.0], vec![0.0, 2.0]];
    let problems = new(&design, weights, 1.0, vec![1.0; 3], Centre::Mean, 3).unwrap_err();
    let wrong: Vec<Problem> =
        [1, 2, 3].into_iter().map(|replicate| Problem::Invalid { replicate }).collect();
    assert_eq!(problems, wrong);
    let one = new(&design, vec![vec![1.0; 2]], 1.0, vec![1.0], Centre::Mean, 3);
    assert_eq!(one.unwrap_err(), [Problem::TooFew]);
}
