//! Byar's approximate limits for a Poisson count, as Public Health England prints them.
//!
//! # Question
//! The same as [`super::garwood`], in the form other offices publish, for parity.
//!
//! # Definition
//! With x recorded and normal quantile z: lower x·(1 − 1/9x − z/(3√x))³, upper (x + 1)·(1 − 1/9(x+1) + z/(3√(x+1)))³.
//!
//! # Inputs
//! As [`super::garwood`].
//!
//! # Output
//! (lower, upper) in events. A lower limit below 0 (x = 1 at 99.8 %) is given as 0.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! As Garwood's; within 0.2 % of it at 95 % from 10 events on. Below 10 events prefer Garwood. *Byar* elsewhere (epitools,
//! `epiR`) can mean x + ½ in both limits; that formula is not meant here.
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, byar};
//! let (lower, upper) = byar::limits(10, Confidence::P95);
//! assert!((lower - 4.787).abs() < 5e-4 && (upper - 18.392).abs() < 1e-3);
//! ```
//!
//! # Source
//! Breslow NE, Day NE (1987), *Statistical Methods in Cancer Research II*, IARC, p. 69.

use super::Confidence;
use crate::statistics::numerics::float::real;

/// Byar's limits of a count.
pub fn limits(count: u64, confidence: Confidence) -> (f64, f64) {
    let z = confidence.z();
    let cubed = |x: f64, z: f64| {
        let root = 1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt());
        x * root * root * root
    };
    let lower = if count == 0 { 0.0 } else { cubed(real(count), -z).max(0.0) };
    (lower, cubed(real(count) + 1.0, z))
}
