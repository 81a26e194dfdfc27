//! Aggregation: one number from several components.
//!
//! # Question
//! May a high value of one component make up for a low one of another?
//!
//! # Definition
//! Weights wⱼ add up to 1. Linear: Σ wⱼxⱼ, full compensation. Geometric: exp(Σ wⱼ ln xⱼ), a low component counts the
//! more the lower it is.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `components` | `&[Vec<f64>]` | component by region | common scale | > 0 |
//! | `weights` | `&[f64]` | one per component | – | ≥ 0, not all 0; scaled to add up to 1 |
//! | `aggregation` | [`Aggregation`] | – | – | – |
//!
//! # Output
//! One score per region; between the lowest and the highest of its components.
//!
//! # Undefined
//! Never, for the domain given; [`super::index`] checks it.
//!
//! # Assumptions, and when not to use it
//! Components on one positive scale ([`super::normalise`]).
//!
//! # Cost and determinism
//! O(regions × components); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::composite::aggregate::{Aggregation, aggregate};
//! let components = [vec![1.0, 50.0], vec![100.0, 50.0]];
//! assert_eq!(aggregate(&components, &[1.0, 1.0], Aggregation::Linear), [50.5, 50.0]);
//! let geometric = aggregate(&components, &[1.0, 1.0], Aggregation::Geometric);
//! assert!((geometric[0] - 10.0).abs() < 1e-12 && (geometric[1] - 50.0).abs() < 1e-12);
//! ```
//!
//! # Source
//! OECD, JRC (2008), *Handbook on Constructing Composite Indicators*, step 6, doi:10.1787/9789264043466-en.

pub use crate::model::Aggregation;
use crate::statistics::numerics::float::{exp, ln};

/// The score of every region.
pub fn aggregate(components: &[Vec<f64>], weights: &[f64], aggregation: Aggregation) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    let n = components.first().map_or(0, Vec::len);
    let mut scores = vec![0.0; n];
    for (component, weight) in components.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
        let share = weight / total;
        match aggregation {
            Aggregation::Linear => {
                for (score, value) in scores.iter_mut().zip(component) {
                    *score += share * value;
                }
            }
            Aggregation::Geometric => {
                for (score, &value) in scores.iter_mut().zip(component) {
                    *score += share * ln(value);
                }
            }
        }
    }
    if aggregation == Aggregation::Geometric {
        for score in &mut scores {
            *score = exp(*score);
        }
    }
    scores
}

#[test]
fn weights_are_relative_and_a_weight_of_nothing_counts_for_nothing() {
    let components = [vec![20.0, 80.0], vec![60.0, 40.0], vec![1.0, 100.0]];
    let scores = aggregate(&components, &[6.0, 2.0, 0.0], Aggregation::Linear);
    assert_eq!(scores, [30.0, 70.0]);
    assert!(aggregate(&[], &[], Aggregation::Geometric).is_empty());
}
