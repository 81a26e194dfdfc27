//! The Hoover index: the share of the total that would have to move for all regions to hold their due.
//!
//! # Question
//! What part of all events is in excess of an equal, or of a population-proportional, spread?
//!
//! # Definition
//! Half the sum of |xᵢ/Σx − wᵢ/Σw|; plain: all w = 1. With population as `w` also called the index of dissimilarity.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//! | `weights` | `&[f64]` | the same | persons, … | ≥ 0 |
//!
//! # Output
//! [0, 1 − 1/n] plain; [0, 1] against weights.
//!
//! # Undefined
//! `None` without a positive value or weight, with a negative or not finite one, or when lengths differ.
//!
//! # Assumptions, and when not to use it
//! Blind to transfers between regions on the same side of their due; [`super::gini`] sees them.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::hoover;
//! assert_eq!(hoover::plain(&[0.0, 0.0, 0.0, 5.0]), Some(0.75));
//! assert_eq!(hoover::against(&[1.0, 3.0], &[100.0, 300.0]), Some(0.0));
//! ```
//!
//! # Source
//! Hoover EM (1936), Rev Econ Stat 18:162–171, doi:10.2307/1927875.

use super::positive_total;

/// The index against equal shares.
pub fn plain(values: &[f64]) -> Option<f64> {
    against(values, &vec![1.0; values.len()])
}

/// The index against shares in proportion to `weights`.
pub fn against(values: &[f64], weights: &[f64]) -> Option<f64> {
    if values.len() != weights.len() {
        return None;
    }
    let (total, whole) = (positive_total(values)?, positive_total(weights)?);
    let moved: f64 = values.iter().zip(weights).map(|(x, w)| (x / total - w / whole).abs()).sum();
    Some((0.5 * moved).min(1.0))
}

#[test]
fn what_lies_where_nobody_is_has_to_move_whole() {
    assert_eq!(against(&[4.0, 0.0], &[0.0, 9.0]), Some(1.0));
    assert_eq!(against(&[4.0], &[1.0, 2.0]), None);
    assert_eq!(plain(&[0.0, 0.0]), None);
    assert_eq!(against(&[4.0, 1.0], &[0.0, 0.0]), None);
}
