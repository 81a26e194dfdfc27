//! Garwood's exact limits for a Poisson count.
//!
//! # Question
//! A count was recorded; which underlying expected counts are compatible with it?
//!
//! # Definition
//! With x recorded and tail a: the lower limit λ solves P(X ≥ x; λ) = a, the upper P(X ≤ x; λ) = a; as quantiles of the
//! gamma distribution, P(x, lower) = a and Q(x + 1, upper) = a. The lower limit of 0 is 0.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `count` | `u64` | events | ≥ 0 |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper) in events; divide by the exposure for a rate.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! Events fall independently. Where several offences make one incident, use [`super::negative_binomial`].
//!
//! # Cost and determinism
//! O(√count) per limit; no randomness; the same bits on every platform.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, garwood};
//! let (lower, upper) = garwood::limits(10, Confidence::P95);
//! assert!((lower - 4.795).abs() < 5e-4 && (upper - 18.390).abs() < 5e-4);
//! ```
//!
//! # Source
//! Garwood F (1936), Biometrika 28:437–442, doi:10.1093/biomet/28.3-4.437.

use super::Confidence;
use crate::statistics::numerics::{float::real, gamma};

/// Exact Poisson limits of a count.
pub fn limits(count: u64, confidence: Confidence) -> (f64, f64) {
    let x = real(count);
    let tail = confidence.tail();
    let lower = if count == 0 { 0.0 } else { gamma::inverse_lower(x, tail) };
    (lower, gamma::inverse_upper(x + 1.0, tail))
}

#[test]
fn limits_are_those_of_the_methods_page() {
    for (count, lower, upper) in
        [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.624, 11.668), (10, 4.795, 18.390)]
    {
        let (low, high) = limits(count, Confidence::P95);
        // 1.6235 is printed as 1.624 and 11.6683 as 11.668: half a unit of the last printed digit.
        assert!((low - lower).abs() < 5.5e-4 && (high - upper).abs() < 5.5e-4, "{count}");
    }
}
