//! Fay and Feuer's gamma interval for a directly standardised rate.
//!
//! # Question
//! How far could a standardised rate be from what is recorded when a few strata with large weights carry it?
//!
//! # Definition
//! The rate D = Σwₖoₖ is a weighted sum of Poisson counts with variance V = Σwₖ²oₖ, where wₖ is the standard weight over
//! the exposure. Lower limit: the a-quantile of the gamma distribution with mean D and variance V. Upper limit: the
//! (1 − a)-quantile of that with mean D + w and variance V + w², w the largest wₖ: as if one event more had fallen where
//! it weighs most. With equal weights both are Garwood's limits.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `rate` | `f64` | events per unit of exposure | ≥ 0 |
//! | `variance` | `f64` | its square | ≥ 0, and 0 exactly when `rate` is |
//! | `largest_weight` | `f64` | what one event adds at most | ≥ 0 |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper) in the unit of the rate. Covers at least as often as it says in all cases tried by its authors.
//!
//! # Undefined
//! Never: a rate of 0 has the lower limit 0; with no weight at all the upper limit is 0 too.
//!
//! # Assumptions, and when not to use it
//! Events of all strata are independent Poisson counts. The upper limit is wide where one small stratum has a large
//! weight; that is its purpose. epitools and `epiR` print this interval for direct standardisation.
//!
//! # Cost and determinism
//! Two gamma quantiles; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::{Confidence, garwood}, standardised::fay_feuer};
//! let (lower, upper) = fay_feuer::limits(10.0, 10.0, 1.0, Confidence::P95);
//! let exact = garwood::limits(10, Confidence::P95);
//! assert!((lower - exact.0).abs() < 1e-12 && (upper - exact.1).abs() < 1e-12);
//! ```
//!
//! # Source
//! Fay MP, Feuer EJ (1997), Stat Med 16:791–801,
//! `doi:10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#`.

use crate::statistics::{interval::Confidence, numerics::gamma};

/// The gamma interval of a weighted sum of Poisson counts.
pub fn limits(rate: f64, variance: f64, largest_weight: f64, confidence: Confidence) -> (f64, f64) {
    let tail = confidence.tail();
    let lower = if variance > 0.0 {
        gamma::inverse_lower(rate * rate / variance, tail) * variance / rate
    } else {
        0.0
    };
    let (rate, variance) = (rate + largest_weight, variance + largest_weight * largest_weight);
    let upper = if variance > 0.0 {
        gamma::inverse_upper(rate * rate / variance, tail) * variance / rate
    } else {
        0.0
    };
    (lower, upper)
}

#[test]
fn nothing_recorded_has_the_upper_limit_of_one_event_where_it_weighs_most() {
    let (lower, upper) = limits(0.0, 0.0, 0.5, Confidence::P95);
    assert!(lower.abs() < 1e-300 && (upper - 0.5 * 3.688_879_454_113_936).abs() < 1e-12);
    assert_eq!(limits(0.0, 0.0, 0.0, Confidence::P95), (0.0, 0.0));
}
