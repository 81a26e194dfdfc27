//! Wilson's score interval for a proportion.
//!
//! # Question
//! A part x of n has a property; which underlying proportions are compatible with that?
//!
//! # Definition
//! With p = x/n and normal quantile z: centre (p + z²/2n)/(1 + z²/n), half-width z·√(p(1−p)/n + z²/4n²)/(1 + z²/n).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `x` | `f64` | units with the property | 0 ≤ x ≤ n |
//! | `n` | `f64` | units | > 0; real where coverage scaled it |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper), proportions in [0, 1]; exactly 0 at x = 0 and 1 at x = n.
//!
//! # Undefined
//! `None` for n ≤ 0 or x outside [0, n].
//!
//! # Assumptions, and when not to use it
//! Independent units, each counted in `n`. Not for a numerator outside its denominator: [`super::ratio`].
//!
//! # Cost and determinism
//! O(1); no randomness. Given z, only `+ − × ÷ √`.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, wilson};
//! let (lower, upper) = wilson::limits(81.0, 263.0, Confidence::P95).unwrap();
//! assert!((lower - 0.2553).abs() < 5e-5 && (upper - 0.3662).abs() < 5e-5);
//! ```
//!
//! # Source
//! Wilson EB (1927), J Am Stat Assoc 22:209–212, doi:10.1080/01621459.1927.10502953.

use super::Confidence;

/// Wilson's limits of the proportion `x` of `n`.
pub fn limits(x: f64, n: f64, confidence: Confidence) -> Option<(f64, f64)> {
    limits_at(x, n, confidence.z())
}

/// [`limits`] for any normal quantile.
pub(super) fn limits_at(x: f64, n: f64, z: f64) -> Option<(f64, f64)> {
    if !(n > 0.0 && (0.0..=n).contains(&x)) {
        return None;
    }
    let p = x / n;
    let square = z * z;
    let scale = 1.0 + square / n;
    let centre = (p + square / (2.0 * n)) / scale;
    let half = z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / scale;
    let lower = if x <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let upper = if x >= n { 1.0 } else { (centre + half).min(1.0) };
    Some((lower, upper))
}
