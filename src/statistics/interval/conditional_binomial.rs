//! Ratio of two rates from two counts, exact.
//!
//! # Question
//! A region had 40 events, then 24: is that a change, and how large?
//!
//! # Definition
//! Given their sum, the later count is binomial with probability π = ρt₂/(t₁ + ρt₂), ρ the rate ratio later over earlier
//! and t the exposures; without change π₀ = t₂/(t₁ + t₂). Clopper and Pearson's limits of π give those of
//! ρ = π/(1 − π) · t₁/t₂. p = min(1, 2·the smaller tail at π₀).
//!
//! The doubled tail is used (*central*), not the sum of all outcomes at most as likely (*minlike*): only then p < 0.05
//! exactly when the 95 % limits exclude 1. With equal exposures the two are the same.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `earlier`, `later` | `u64` | events | ≥ 0, disjoint periods |
//! | `exposure_earlier`, `exposure_later` | `f64` | person-years, or years | > 0 |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! A [`RateRatio`].
//!
//! # Undefined
//! `None` when both counts are 0 or an exposure is not positive. The ratio and its upper limit are `None` when the
//! earlier count is 0.
//!
//! # Assumptions, and when not to use it
//! Two independent Poisson counts. With dispersed counts p is too small: it is then called a lower bound. Never across a
//! method break.
//!
//! # Cost and determinism
//! O(√(sum)); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, conditional_binomial};
//! let change = conditional_binomial::compare(40, 24, 1.0, 1.0, Confidence::P95).unwrap();
//! assert!((change.p - 0.060).abs() < 5e-4);
//! assert!((change.ratio.unwrap() - 0.6).abs() < 1e-12);
//! ```
//!
//! # Source
//! Przyborowski J, Wilenski H (1940), Biometrika 31:313–323, doi:10.1093/biomet/31.3-4.313; Fay MP (2010),
//! doi:10.1093/biostatistics/kxp050 (matching p and interval).

use super::{Confidence, clopper_pearson};
use crate::statistics::numerics::{beta, float::real};

/// The later rate over the earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// Estimate; `None` when the earlier count is 0.
    pub ratio: Option<f64>,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit; `None` when unbounded, the earlier count being 0.
    pub upper: Option<f64>,
    /// Two-sided p of no change.
    pub p: f64,
}

/// Compares the rates behind two counts.
pub fn compare(
    earlier: u64,
    later: u64,
    exposure_earlier: f64,
    exposure_later: f64,
    confidence: Confidence,
) -> Option<RateRatio> {
    if earlier + later == 0 || exposure_earlier <= 0.0 || exposure_later <= 0.0 {
        return None;
    }
    let (x1, x2) = (real(earlier), real(later));
    let (lower, upper) = clopper_pearson::odds(x2, x1 + x2, confidence)?;
    let scale = exposure_earlier / exposure_later;
    let bounded = |value: f64| (earlier > 0).then_some(value * scale);

    let together = exposure_earlier + exposure_later;
    let (null, rest) = (exposure_later / together, exposure_earlier / together);
    let at_least = if later == 0 { 1.0 } else { beta::tails(x2, x1 + 1.0, null, rest).0 };
    let at_most = if earlier == 0 { 1.0 } else { beta::tails(x2 + 1.0, x1, null, rest).1 };
    Some(RateRatio {
        ratio: bounded(x2 / x1),
        lower: lower * scale,
        upper: bounded(upper),
        // A tail too small for a float is still not 0.
        p: (2.0 * at_least.min(at_most)).clamp(f64::MIN_POSITIVE, 1.0),
    })
}

#[test]
fn p_values_are_those_of_the_methods_page() {
    for (earlier, later, p) in [(40, 24, 0.060), (217, 265, 0.032)] {
        let change = compare(earlier, later, 1.0, 1.0, Confidence::P95).unwrap();
        assert!((change.p - p).abs() < 5e-4, "{earlier} → {later}: {}", change.p);
    }
}

#[test]
fn a_count_after_none_has_a_lower_limit_only() {
    let change = compare(0, 7, 2.0, 1.0, Confidence::P95).unwrap();
    assert_eq!((change.ratio, change.upper), (None, None));
    assert!(change.lower > 1.0 && change.p < 0.05);
    assert_eq!(compare(0, 0, 1.0, 1.0, Confidence::P95), None);
}
