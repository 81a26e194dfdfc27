//! Bonferroni's control of a single false rejection.
//!
//! # Question
//! 400 regions were tested; which may be called significant so that with probability 1 − α none of those called is a
//! false one?
//!
//! # Definition
//! Reject where p ≤ α/n. The adjusted p is n·p, at most 1.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `p` | `&[f64]` | one per test | (0, 1] |
//! | `alpha` | `f64` | – | (0, 1) |
//!
//! # Output
//! Adjusted p or rejections, in the order given.
//!
//! # Undefined
//! Never; no tests give no results.
//!
//! # Assumptions, and when not to use it
//! None about dependence. [`super::holm`] promises the same and never rejects less; this one is for parity with figures
//! of others.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::multiple::bonferroni;
//! assert_eq!(bonferroni::adjusted(&[0.0625, 0.5, 0.25]), [0.1875, 1.0, 0.75]);
//! assert_eq!(bonferroni::rejected(&[0.01, 0.04], 0.05), [true, false]);
//! ```
//!
//! # Source
//! Dunn OJ (1961), J Am Stat Assoc 56:52–64, doi:10.1080/01621459.1961.10482090.

use crate::statistics::numerics::float::size;

/// The smallest level at which each test is rejected.
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let n = size(p.len());
    p.iter().map(|p| (p * n).min(1.0)).collect()
}

/// Which tests are rejected at level `alpha`.
pub fn rejected(p: &[f64], alpha: f64) -> Vec<bool> {
    let limit = alpha / size(p.len());
    p.iter().map(|p| *p <= limit).collect()
}
