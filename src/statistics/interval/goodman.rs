//! Goodman's simultaneous intervals for the parts of a whole.
//!
//! # Question
//! How sure are we of all shares of a composition at once?
//!
//! # Definition
//! Each of k parts gets Wilson's interval with z² = the upper α/k quantile of χ² with one degree of freedom. With k = 2
//! the parts mirror each other, are one statement, and get Wilson's interval itself.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `counts` | `&[u64]` | all k declared parts, also those with 0 | units | – |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! One (lower, upper) per part, in the order given. Together they hold with at least the stated confidence.
//!
//! # Undefined
//! `None` when nothing was counted.
//!
//! # Assumptions, and when not to use it
//! Each unit belongs to exactly one part. Parts that were not declared are not among the k.
//!
//! # Cost and determinism
//! O(k); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, goodman, wilson};
//! let parts = goodman::limits(&[30, 70], Confidence::P95).unwrap();
//! assert_eq!(parts[0], wilson::limits(30.0, 100.0, Confidence::P95).unwrap());
//! let parts = goodman::limits(&[26, 24, 20, 18, 12], Confidence::P95).unwrap();
//! assert!((parts[0].0 - 0.1645).abs() < 1e-4 && (parts[0].1 - 0.3854).abs() < 1e-4);
//! ```
//!
//! # Source
//! Goodman LA (1965), Technometrics 7:247–254, doi:10.1080/00401706.1965.10490252.

use super::{Confidence, wilson};
use crate::statistics::numerics::float::{normal_quantile, real, size};

/// Simultaneous limits of every part's share.
pub fn limits(counts: &[u64], confidence: Confidence) -> Option<Vec<(f64, f64)>> {
    let n = real(counts.iter().sum());
    counts.iter().map(|&count| limits_of(count, n, counts.len(), confidence)).collect()
}

/// The limits of one part of `n_parts`, `count` of `n` units, simultaneous with those of the other parts.
pub fn limits_of(count: u64, n: f64, n_parts: usize, confidence: Confidence) -> Option<(f64, f64)> {
    let n_statements = if n_parts > 2 { size(n_parts) } else { 1.0 };
    // The χ²₁ quantile at α/k is the square of the normal quantile at half of that.
    let z = normal_quantile(confidence.tail() / n_statements);
    wilson::limits_at(real(count), n, z)
}
