//! Exact limits for a count that scatters more than Poisson.
//!
//! # Question
//! As [`super::garwood`], when offences come several to an incident or regions differ more than chance makes them.
//!
//! # Definition
//! With X negative binomial (mean μ, variance μ + μ²/size): the lower limit solves P(X ≥ x; μ) = a, the upper
//! P(X ≤ x; μ) = a. Since P(X ≤ x) = I(size/(size + μ); size, x + 1), both are quantiles of beta distributions.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `count` | `u64` | events | ≥ 0 |
//! | `size` | `Option<f64>` | – | ≥ [`crate::statistics::dispersion::SMALLEST_SIZE`]; `None` is Poisson: Garwood's limits |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper) in events; always at least as wide as Garwood's.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! The size is known; it is estimated once per surface from all regions ([`crate::statistics::dispersion`]), so its own
//! uncertainty is not in the interval.
//!
//! # Cost and determinism
//! O(√count) per limit; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, garwood, negative_binomial};
//! let (lower, upper) = negative_binomial::limits(10, Some(5.0), Confidence::P95);
//! let exact = garwood::limits(10, Confidence::P95);
//! assert!(lower < exact.0 && upper > exact.1);
//! assert_eq!(negative_binomial::limits(10, None, Confidence::P95), exact);
//! ```
//!
//! # Source
//! Clopper CJ, Pearson ES (1934), doi:10.1093/biomet/26.4.404 (the principle); DLMF 8.17.24, <https://dlmf.nist.gov/8.17>.

use super::{Confidence, garwood};
use crate::statistics::numerics::{beta, float::real};

/// Exact limits of a count under the negative binomial distribution of the given size.
pub fn limits(count: u64, size: Option<f64>, confidence: Confidence) -> (f64, f64) {
    let Some(size) = size else { return garwood::limits(count, confidence) };
    let tail = confidence.tail();
    let mean = |(success, failure): (f64, f64)| size * failure / success;
    let lower = if count == 0 { 0.0 } else { mean(beta::inverse_upper(size, real(count), tail)) };
    (lower, mean(beta::inverse(size, real(count) + 1.0, tail)))
}

#[test]
fn limits_put_the_tail_exactly_at_the_count() {
    use crate::statistics::numerics::negative_binomial::{lower, upper};
    for size in [0.02, 0.6, 40.0] {
        for count in [1, 4, 90] {
            for confidence in [Confidence::P90, Confidence::P95, Confidence::P998] {
                let (low, high) = limits(count, Some(size), confidence);
                assert!((upper(count, low, Some(size)) / confidence.tail() - 1.0).abs() < 1e-9);
                assert!((lower(count, high, Some(size)) / confidence.tail() - 1.0).abs() < 1e-9);
            }
        }
    }
}
