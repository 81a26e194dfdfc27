//! Korn and Graubard's interval for a proportion from a survey.
//!
//! # Question
//! As [`super::clopper_pearson`], for a proportion whose standard error comes from a sample of clusters and strata.
//!
//! # Definition
//! Clopper and Pearson's limits of x* = p·n* of n*, with the effective sample size n* = p(1 − p)/se² times
//! (t₁/t₂)², t₁ and t₂ the quantiles of Student's t with n − 1 and with the design's degrees of freedom. n* is at most n
//! ([`EffectiveSize::AtMostSample`], as the National Center for Health Statistics does), or not
//! ([`EffectiveSize::AsEstimated`], as R's `svyciprop(method = "beta")`). For p = 0 and p = 1, n* = n.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `p` | `f64` | proportion | [0, 1] |
//! | `se` | `f64` | the same | ≥ 0, under the design |
//! | `n` | `u32` | rows | ≥ 1 |
//! | `df` | `u32` | – | degrees of freedom of the design, or of the domain |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper), proportions in [0, 1]; exactly 0 at p = 0 and 1 at p = 1.
//!
//! # Undefined
//! `None` for p outside [0, 1], n = 0, and between 0 and 1 also for n = 1 or no degrees of freedom.
//!
//! # Assumptions, and when not to use it
//! The proportion is a mean of zeros and ones. At p = 0 and p = 1 the design's effect is not known and n* = n is too
//! much: a statistician has to look ([`crate::statistics::survey::presentation`] says so).
//!
//! # Cost and determinism
//! O(√n) at worst; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, korn_graubard::{EffectiveSize, limits}};
//! let (lower, upper) = limits(0.1, 0.02, 500, 20, Confidence::P95, EffectiveSize::AtMostSample).unwrap();
//! // About 20 of 200.
//! assert!((lower - 0.0621).abs() < 5e-5 && (upper - 0.1503).abs() < 5e-5);
//! ```
//!
//! # Source
//! Korn EL, Graubard BI (1998), Survey Methodology 24:193–201; Parker JD et al. (2017), *NCHS Data Presentation Standards
//! for Proportions*, Vital Health Stat 2(175).

use super::{Confidence, clopper_pearson};
use crate::statistics::numerics::student;

/// What the effective sample size may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectiveSize {
    /// Never more than the rows there are.
    AtMostSample,
    /// Also more, where strata or the finite population make the sample better than a simple one.
    AsEstimated,
}

/// Limits of a proportion with the standard error and degrees of freedom of its design.
pub fn limits(
    p: f64,
    se: f64,
    n: u32,
    df: u32,
    confidence: Confidence,
    size: EffectiveSize,
) -> Option<(f64, f64)> {
    let rows = f64::from(n);
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    if p <= 0.0 || p >= 1.0 {
        return clopper_pearson::limits(p * rows, rows, confidence);
    }
    if n == 1 || df == 0 {
        return None;
    }
    let quantile = |df: u32| student::quantile(confidence.tail(), f64::from(df));
    let ratio = quantile(n - 1) / quantile(df);
    let estimated = p * (1.0 - p) / (se * se) * (ratio * ratio);
    let effective = match size {
        EffectiveSize::AtMostSample => estimated.min(rows),
        EffectiveSize::AsEstimated if estimated.is_finite() => estimated,
        // Nothing is left to vary: the population was counted.
        EffectiveSize::AsEstimated => return Some((p, p)),
    };
    clopper_pearson::limits(p * effective, effective, confidence)
}

#[test]
fn edges_fall_back_on_the_sample_size_or_say_nothing() {
    use EffectiveSize::{AsEstimated, AtMostSample};
    let level = Confidence::P95;
    let none = limits(0.0, 0.0, 30, 0, level, AtMostSample);
    assert_eq!(none, clopper_pearson::limits(0.0, 30.0, level));
    assert_eq!(limits(1.0, 0.0, 30, 5, level, AsEstimated).unwrap().1.to_bits(), 1_f64.to_bits());
    assert_eq!(limits(0.5, 0.1, 30, 0, level, AtMostSample), None);
    assert_eq!(limits(0.5, 0.1, 1, 3, level, AtMostSample), None);
    assert_eq!(limits(1.5, 0.1, 9, 3, level, AtMostSample), None);
    assert_eq!(limits(f64::NAN, 0.1, 9, 3, level, AtMostSample), None);
    // A census: the sample size stands in for an infinite effective one, or nothing is left to vary.
    let all = limits(0.25, 0.0, 40, 39, level, AtMostSample);
    assert_eq!(all, clopper_pearson::limits(10.0, 40.0, level));
    assert_eq!(limits(0.25, 0.0, 40, 39, level, AsEstimated), Some((0.25, 0.25)));
}
