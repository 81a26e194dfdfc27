//! The Gini index of inequality, plain and weighted.
//!
//! # Question
//! How far are regions from all having the same: 0 when they do, close to 1 when one has everything?
//!
//! # Definition
//! Half the mean absolute difference of all ordered pairs, over the mean: Σᵢⱼ wᵢwⱼ|xᵢ − xⱼ| / (2W²μ), W = Σw, μ the weighted
//! mean; plain: all w = 1. Computed from ascending values as Σ wᵢxᵢ(2Cᵢ + wᵢ − W)/(W·Σwx), Cᵢ the weight before i. The
//! whole is described, nothing is estimated, so there is no correction by n/(n − 1).
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//! | `weights` | `&[f64]` | the same | persons, … | ≥ 0; 0 leaves the region out |
//!
//! # Output
//! [0, 1 − 1/n] plain, [0, 1) weighted. Rates weighted with population: inequality between persons' places, not between
//! regions as if all were of one size.
//!
//! # Undefined
//! `None` without a positive value, with a negative or not finite one, or when lengths differ.
//!
//! # Assumptions, and when not to use it
//! A summary: different distributions share one value. Small counts are unequal by chance
//! ([`super::proportional`]).
//!
//! # Cost and determinism
//! O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::gini;
//! assert_eq!(gini::plain(&[0.0, 0.0, 0.0, 5.0]), Some(0.75));
//! assert_eq!(gini::plain(&[3.0; 4]), Some(0.0));
//! // A region of two equal halves counts like the halves.
//! assert_eq!(gini::weighted(&[1.0, 4.0], &[2.0, 1.0]), gini::plain(&[1.0, 1.0, 4.0]));
//! ```
//!
//! # Source
//! Gini C (1912), *Variabilità e mutabilità*; Lerman RI, Yitzhaki S (1989), J Econom 42:43–47,
//! doi:10.1016/0304-4076(89)90074-2 (weights).

use super::positive_total;

/// The index of values that count equally.
pub fn plain(values: &[f64]) -> Option<f64> {
    weighted(values, &vec![1.0; values.len()])
}

/// The index of values that count as often as their weight says.
pub fn weighted(values: &[f64], weights: &[f64]) -> Option<f64> {
    if values.len() != weights.len() {
        return None;
    }
    positive_total(values)?;
    let whole = positive_total(weights)?;
    let mut cells: Vec<(f64, f64)> =
        values.iter().copied().zip(weights.iter().copied()).filter(|cell| cell.1 > 0.0).collect();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut before, mut sum, mut held) = (0.0, 0.0, 0.0);
    for (value, weight) in cells {
        sum += weight * value * (2.0 * before + weight - whole);
        held += weight * value;
        before += weight;
    }
    (held > 0.0 && held.is_finite()).then(|| (sum / (whole * held)).max(0.0))
}

#[test]
fn what_is_no_distribution_has_no_index() {
    for values in [&[][..], &[0.0, 0.0], &[1.0, -1.0, 3.0], &[1.0, f64::NAN], &[f64::INFINITY]] {
        assert_eq!(plain(values), None);
    }
    assert_eq!(weighted(&[1.0, 2.0], &[1.0]), None);
    // The only region with something has no weight.
    assert_eq!(weighted(&[0.0, 2.0], &[1.0, 0.0]), None);
    assert_eq!(plain(&[7.0]), Some(0.0));
}
