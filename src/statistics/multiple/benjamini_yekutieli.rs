//! False discovery rate control under any dependence, after Benjamini and Yekutieli.
//!
//! # Question
//! As [`super::benjamini_hochberg`], when tests may depend on each other in any way, also negatively.
//!
//! # Definition
//! Benjamini–Hochberg at the level α/c, c = 1 + 1/2 + … + 1/n. The q-value of a test is min over j ≥ its rank of
//! c·n·p₍ⱼ₎/j, at most 1.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `p` | `&[f64]` | one per test | (0, 1] |
//! | `alpha` | `f64` | – | (0, 1) |
//!
//! # Output
//! q-values or rejections, in the order given. Never below Benjamini–Hochberg's q, monotone in p.
//!
//! # Undefined
//! Never; no tests give no results.
//!
//! # Assumptions, and when not to use it
//! None about dependence; the price is a factor of about ln n + 0.58 (6.6 for 400 tests). Neighbouring regions depend
//! positively, where Benjamini–Hochberg holds: this is a check of robustness, not the default.
//!
//! # Cost and determinism
//! O(n log n); no randomness; ties keep their order.
//!
//! # Example
//! ```
//! use saet::statistics::multiple::benjamini_yekutieli;
//! let q = benjamini_yekutieli::q_values(&[0.01, 0.3]);
//! assert!((q[0] - 0.03).abs() < 1e-15 && (q[1] - 0.45).abs() < 1e-15);
//! assert_eq!(benjamini_yekutieli::rejected(&[0.01, 0.3], 0.05), [true, false]);
//! ```
//!
//! # Source
//! Benjamini Y, Yekutieli D (2001), Ann Stat 29:1165–1188, doi:10.1214/aos/1013699998.

use super::ascending;
use super::benjamini_hochberg;
use crate::statistics::numerics::float::size;

/// The smallest level at which each test is rejected.
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let n = size(p.len());
    let price = price(p.len());
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (rank, at) in ascending(p).into_iter().enumerate().rev() {
        least = least.min(p[at] * (price * (n / size(rank + 1))));
        q[at] = least;
    }
    q
}

/// Which tests are rejected at level `alpha`.
pub fn rejected(p: &[f64], alpha: f64) -> Vec<bool> {
    benjamini_hochberg::rejected(p, alpha / price(p.len()))
}

/// 1 + 1/2 + … + 1/n, and 1 for no tests.
pub(super) fn price(n: usize) -> f64 {
    (2..=n).map(|k| 1.0 / size(k)).fold(1.0, |sum, term| sum + term)
}
