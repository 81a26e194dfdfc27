//! Difference of two numbers from the limits of each (MOVER: method of variance estimates recovery).
//!
//! # Question
//! A region had 40 events, then 24: how many fewer, and how sure is that?
//!
//! # Definition
//! With values v₁, v₂ and limits (l₁, u₁), (l₂, u₂), the difference d = v₂ − v₁ has the limits
//! d − √((v₂ − l₂)² + (u₁ − v₁)²) and d + √((u₂ − v₂)² + (v₁ − l₁)²).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `earlier`, `later` | `u64`, or a [`Limited`] | events or rates, the same for both | equal exposure when counts |
//! | `confidence` | [`Confidence`] | – | that of both intervals |
//!
//! # Output
//! A [`Limited`]: the difference with its limits, in the unit of the input.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! The two numbers are independent: disjoint periods or regions. Counts on unequal exposure must be made rates first.
//!
//! # Cost and determinism
//! O(1) given the limits; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::interval::{Confidence, mover};
//! let fall = mover::difference(40, 24, Confidence::P95);
//! assert!((fall.lower + 32.8).abs() < 0.05 && (fall.upper - 0.4).abs() < 0.05);
//! ```
//!
//! # Source
//! Zou GY, Donner A (2008), Stat Med 27:1693–1702, doi:10.1002/sim.3095.

use super::{Confidence, garwood};
use crate::statistics::numerics::float::real;

/// A number with its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limited {
    /// The number.
    pub value: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// The later count minus the earlier one, on equal exposure, from Garwood's limits.
pub fn difference(earlier: u64, later: u64, confidence: Confidence) -> Limited {
    let limited = |count: u64| {
        let (lower, upper) = garwood::limits(count, confidence);
        Limited { value: real(count), lower, upper }
    };
    difference_of(limited(earlier), limited(later))
}

/// The later number minus the earlier one, whatever limits they carry.
pub fn difference_of(earlier: Limited, later: Limited) -> Limited {
    let distance = |a: f64, b: f64| (a * a + b * b).sqrt();
    let value = later.value - earlier.value;
    Limited {
        value,
        lower: value - distance(later.value - later.lower, earlier.upper - earlier.value),
        upper: value + distance(later.upper - later.value, earlier.value - earlier.lower),
    }
}
