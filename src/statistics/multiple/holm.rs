//! Holm's stepwise control of a single false rejection.
//!
//! # Question
//! As [`super::bonferroni`], without its waste: after the smallest p is rejected, only n − 1 tests are left to protect.
//!
//! # Definition
//! With p₍₁₎ ≤ … ≤ p₍ₙ₎, reject from the smallest on while p₍ₖ₎ ≤ α/(n − k + 1), and stop at the first that fails. The
//! adjusted p is the largest (n − j + 1)·p₍ⱼ₎ over j ≤ its rank, at most 1.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `p` | `&[f64]` | one per test | (0, 1] |
//! | `alpha` | `f64` | – | (0, 1) |
//!
//! # Output
//! Adjusted p or rejections, in the order given. Never above Bonferroni's, never below p, monotone in p.
//!
//! # Undefined
//! Never; no tests give no results.
//!
//! # Assumptions, and when not to use it
//! None about dependence. For maps of many regions the false discovery rate ([`super::benjamini_hochberg`]) finds more;
//! this is for a handful of planned comparisons.
//!
//! # Cost and determinism
//! O(n log n); no randomness; ties keep their order.
//!
//! # Example
//! ```
//! use saet::statistics::multiple::holm;
//! assert_eq!(holm::adjusted(&[0.0625, 0.5, 0.125]), [0.1875, 0.5, 0.25]);
//! assert_eq!(holm::rejected(&[0.01, 0.04, 0.03], 0.05), [true, false, false]);
//! ```
//!
//! # Source
//! Holm S (1979), Scand J Stat 6:65–70, <https://www.jstor.org/stable/4615733>.

use super::ascending;
use crate::statistics::numerics::float::size;

/// The smallest level at which each test is rejected.
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let n = p.len();
    let mut adjusted = vec![1.0; n];
    let mut most = 0.0_f64;
    for (rank, at) in ascending(p).into_iter().enumerate() {
        most = most.max(p[at] * size(n - rank)).min(1.0);
        adjusted[at] = most;
    }
    adjusted
}

/// Which tests are rejected at level `alpha`.
pub fn rejected(p: &[f64], alpha: f64) -> Vec<bool> {
    let n = p.len();
    let mut rejected = vec![false; n];
    for (rank, at) in ascending(p).into_iter().enumerate() {
        if p[at] > alpha / size(n - rank) {
            break;
        }
        rejected[at] = true;
    }
    rejected
}
