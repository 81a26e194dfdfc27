//! Clopper and Pearson's exact interval for a proportion.
//!
//! # Question
//! As [`super::wilson`], but the interval never covers less often than it says.
//!
//! # Definition
//! Lower limit: the a-quantile of Beta(x, n − x + 1); upper: the (1 − a)-quantile of Beta(x + 1, n − x), a the tail.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `x` | `f64` | units with the property | 0 ≤ x ≤ n |
//! | `n` | `f64` | units | > 0; real numbers are allowed, the beta form needs no whole ones |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper), proportions in [0, 1]; exactly 0 at x = 0 and 1 at x = n.
//!
//! # Undefined
//! `None` for n ≤ 0 or x outside [0, n].
//!
//! # Assumptions, and when not to use it
//! Independent units. Wider than needed for a plain proportion: use [`super::wilson`] there.
//!
//! # Cost and determinism
//! O(√n) at worst; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, clopper_pearson};
//! let (lower, upper) = clopper_pearson::limits(0.0, 10.0, Confidence::P95).unwrap();
//! assert!(lower == 0.0 && (upper - 0.308_497).abs() < 1e-6);
//! ```
//!
//! # Source
//! Clopper CJ, Pearson ES (1934), Biometrika 26:404–413, doi:10.1093/biomet/26.4.404.

use super::Confidence;
use crate::statistics::numerics::beta;

/// Exact limits of the proportion `x` of `n`.
pub fn limits(x: f64, n: f64, confidence: Confidence) -> Option<(f64, f64)> {
    let ((lower, _), (upper, _)) = pairs(x, n, confidence)?;
    Some((lower, upper))
}

/// The odds p/(1 − p) at both limits; the upper is infinite at x = n.
pub(super) fn odds(x: f64, n: f64, confidence: Confidence) -> Option<(f64, f64)> {
    let (lower, upper) = pairs(x, n, confidence)?;
    Some((lower.0 / lower.1, upper.0 / upper.1))
}

/// A proportion and its complement, each with all its digits.
type Pair = (f64, f64);

fn pairs(x: f64, n: f64, confidence: Confidence) -> Option<(Pair, Pair)> {
    if !(n > 0.0 && (0.0..=n).contains(&x)) {
        return None;
    }
    let tail = confidence.tail();
    let lower = if x <= 0.0 { (0.0, 1.0) } else { beta::inverse(x, n - x + 1.0, tail) };
    let upper = if x >= n { (1.0, 0.0) } else { beta::inverse_upper(x + 1.0, n - x, tail) };
    Some((lower, upper))
}
