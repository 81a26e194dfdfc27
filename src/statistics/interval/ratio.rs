//! Interval of one count over another, by how the two are related.
//!
//! # Question
//! 30 extremist offences stand over 60 others: which underlying ratios are compatible with that?
//!
//! # Definition
//! `nested` (every numerator unit is in the denominator): Wilson's interval of x of n. `disjoint` or `overlapping`: given
//! x + n, the numerator is binomial with probability ρ/(1 + ρ), so Clopper and Pearson's limits (L, U) of x of x + n are
//! mapped to L/(1 − L) and U/(1 − U).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `x` | `u64` | units above the line | ≥ 0; at most n when nested |
//! | `n` | `f64` | units below the line | > 0; real where coverage scaled it |
//! | `relation` | [`Relation`] | – | – |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper) of x/n as a plain ratio; the indicator's unit (per 1 000) is applied later.
//!
//! # Undefined
//! `None` for n = 0, and when a nested numerator exceeds its denominator: the cell is then `not_applicable`.
//!
//! # Assumptions, and when not to use it
//! Independent units. With `overlapping` counts the shared units make the two vary together, so the interval is wider
//! than it need be, never narrower.
//!
//! # Cost and determinism
//! O(√(x + n)) at worst; no randomness.
//!
//! # Example
//! ```
//! use saet::{model::Relation, statistics::interval::{Confidence, ratio}};
//! let (lower, upper) = ratio::limits(30, 60.0, Relation::Disjoint, Confidence::P95).unwrap();
//! assert!((lower - 0.311).abs() < 5e-4 && (upper - 0.787).abs() < 5e-4);
//! let (lower, upper) = ratio::limits(30, 60.0, Relation::Nested, Confidence::P95).unwrap();
//! assert!((lower - 0.377).abs() < 5e-4 && (upper - 0.623).abs() < 5e-4);
//! ```
//!
//! # Source
//! Przyborowski J, Wilenski H (1940), doi:10.1093/biomet/31.3-4.313 (conditioning); the two intervals named above.

use super::{Confidence, clopper_pearson, wilson};
use crate::{model::Relation, statistics::numerics::float::real};

/// Limits of `x` over `n`.
pub fn limits(x: u64, n: f64, relation: Relation, confidence: Confidence) -> Option<(f64, f64)> {
    let x = real(x);
    match relation {
        Relation::Nested => wilson::limits(x, n, confidence),
        Relation::Disjoint | Relation::Overlapping if n > 0.0 => {
            clopper_pearson::odds(x, x + n, confidence)
        }
        Relation::Disjoint | Relation::Overlapping => None,
    }
}

#[test]
fn a_denominator_of_zero_or_below_a_nested_numerator_has_no_interval() {
    for relation in [Relation::Nested, Relation::Disjoint, Relation::Overlapping] {
        assert_eq!(limits(3, 0.0, relation, Confidence::P95), None);
    }
    assert_eq!(limits(3, 2.0, Relation::Nested, Confidence::P95), None);
    assert!(limits(0, 2.5, Relation::Disjoint, Confidence::P95).is_some_and(|(low, _)| low <= 0.0));
}
