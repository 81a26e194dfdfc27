//! The Herfindahl–Hirschman index: the chance that two events drawn at random share a region.
//!
//! # Question
//! To how many equally large regions does this spread amount?
//!
//! # Definition
//! With shares sᵢ = xᵢ/Σx of n regions: H = Σsᵢ²; normalised (H − 1/n)/(1 − 1/n); effective number 1/H.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//!
//! # Output
//! [`Herfindahl`]: H in [1/n, 1], normalised in [0, 1], effective number in [1, n].
//!
//! # Undefined
//! `None` without a positive value, or with a negative or not finite one. `normalised` is `None` for a single region.
//!
//! # Assumptions, and when not to use it
//! Regions of unlike size are expected to hold unlike shares; compare with [`super::proportional`].
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::herfindahl;
//! let found = herfindahl::index(&[50.0, 30.0, 20.0]).unwrap();
//! assert!((found.index - 0.38).abs() < 1e-15 && (found.normalised.unwrap() - 0.07).abs() < 1e-15);
//! ```
//!
//! # Source
//! Hirschman AO (1964), Am Econ Rev 54:761–762 (priority); Laakso M, Taagepera R (1979), Comp Polit Stud 12:3–27,
//! doi:10.1177/001041407901200101 (effective number).

use super::positive_total;
use crate::statistics::numerics::float::size;

/// The index in three forms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Herfindahl {
    /// Sum of squared shares.
    pub index: f64,
    /// Rescaled to 0 for equal shares, 1 for one region with everything.
    pub normalised: Option<f64>,
    /// Number of equal regions with the same index.
    pub effective_number: f64,
}

/// The index of the values' shares.
pub fn index(values: &[f64]) -> Option<Herfindahl> {
    let total = positive_total(values)?;
    let n = size(values.len());
    let index: f64 = values.iter().map(|value| (value / total) * (value / total)).sum();
    let normalised =
        (values.len() > 1).then(|| ((index - 1.0 / n) / (1.0 - 1.0 / n)).clamp(0.0, 1.0));
    Some(Herfindahl { index, normalised, effective_number: 1.0 / index })
}

#[test]
fn equal_shares_and_a_single_holder_are_the_ends() {
    let equal = index(&[3.0; 4]).unwrap();
    assert_eq!((equal.index, equal.normalised, equal.effective_number), (0.25, Some(0.0), 4.0));
    let one = index(&[0.0, 5.0]).unwrap();
    assert_eq!((one.index, one.normalised, one.effective_number), (1.0, Some(1.0), 1.0));
    assert_eq!(index(&[2.0]).unwrap().normalised, None);
    assert_eq!(index(&[0.0, 0.0]), None);
    assert_eq!(index(&[]), None);
}
