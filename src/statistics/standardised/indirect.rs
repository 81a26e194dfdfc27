//! Indirectly standardised ratio (SMR) and rate (ISR).
//!
//! # Question
//! A region recorded some events; how many would it have had at the reference's rates in each of its strata (age bands)?
//!
//! # Definition
//! Expected E = Σtₖrₖ with the region's exposure tₖ and the reference rate rₖ of stratum k. Ratio O/E with the limits of
//! the count O over E; rate = ratio × the reference's crude rate.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `exposure` | `&[f64]` | one per stratum | person-years | ≥ 0 |
//! | `rates` | `&[f64]` | the same | events per person-year of the reference | ≥ 0 |
//! | `observed` | `u64` | – | events | ≥ 0 |
//! | `expected` | `f64` | – | events | > 0 |
//! | `limits` | [`CountLimits`] | – | – | [`CountLimits::Phe`] for parity with published figures |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! A [`Limited`]: the ratio (1 is the reference's level), or the rate in the unit of `reference`.
//!
//! # Undefined
//! [`ratio`] and [`rate`]: `None` when nothing was expected. [`expected`]: `None` when the two arrays differ in length.
//!
//! # Assumptions, and when not to use it
//! The reference rates are known without error: the reference must be much larger than the region. Ratios of two regions
//! are not comparable with each other, only each with the reference: use [`super::direct`] to compare regions.
//!
//! # Cost and determinism
//! O(strata); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, standardised::{CountLimits, indirect}};
//! let expected = indirect::expected(&[2000.0, 500.0], &[0.0005, 0.0008]).unwrap();
//! assert!((expected - 1.4).abs() < 1e-12);
//! let smr = indirect::ratio(9, expected, CountLimits::Exact, Confidence::P95).unwrap();
//! assert!((smr.value - 6.43).abs() < 5e-3 && (smr.lower - 2.939).abs() < 5e-3);
//! ```
//!
//! # Source
//! Breslow NE, Day NE (1987), *Statistical Methods in Cancer Research II*, IARC, pp. 61–71.

use super::CountLimits;
use crate::statistics::{
    interval::{Confidence, mover::Limited},
    numerics::float::real,
};

/// The events expected at reference rates.
pub fn expected(exposure: &[f64], rates: &[f64]) -> Option<f64> {
    (exposure.len() == rates.len())
        .then(|| exposure.iter().zip(rates).map(|(exposure, rate)| exposure * rate).sum())
}

/// Observed over expected.
pub fn ratio(
    observed: u64,
    expected: f64,
    limits: CountLimits,
    confidence: Confidence,
) -> Option<Limited> {
    let (lower, upper) = limits.of(observed, confidence);
    (expected > 0.0).then(|| Limited {
        value: real(observed) / expected,
        lower: lower / expected,
        upper: upper / expected,
    })
}

/// The ratio times the crude rate of the reference.
pub fn rate(
    observed: u64,
    expected: f64,
    reference: f64,
    limits: CountLimits,
    confidence: Confidence,
) -> Option<Limited> {
    let Limited { value, lower, upper } = ratio(observed, expected, limits, confidence)?;
    Some(Limited { value: value * reference, lower: lower * reference, upper: upper * reference })
}

#[test]
fn nothing_expected_has_no_ratio_and_nothing_observed_has_an_upper_limit() {
    let at = |observed, expected| ratio(observed, expected, CountLimits::Phe, Confidence::P95);
    assert_eq!(at(3, 0.0), None);
    assert_eq!(rate(3, 0.0, 0.01, CountLimits::Phe, Confidence::P95), None);
    let none = at(0, 2.0).unwrap();
    assert!(none.value.abs() < 1e-300 && none.lower.abs() < 1e-300);
    assert!((none.upper - 3.688_879_454_113_936 / 2.0).abs() < 1e-12);
    assert_eq!(expected(&[1.0, 2.0], &[0.5]), None);
    assert_eq!(expected(&[], &[]), Some(0.0));
}
