//! Atkinson's index: the share of the total that inequality costs, by how much it is disliked.
//!
//! # Question
//! How unequal are regions when differences at the lower end weigh more?
//!
//! # Definition
//! With mean μ and aversion ε > 0: 1 − (mean of x^(1−ε))^(1/(1−ε))/μ; for ε = 1, 1 − geometric mean/μ.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//! | `aversion` | `f64` | – | – | > 0; 0.5 and 1 are usual |
//!
//! # Output
//! [0, 1]; rises with `aversion`. Exactly 1 when ε ≥ 1 and any value is 0.
//!
//! # Undefined
//! `None` without a positive value, with a negative or not finite one, or for ε ≤ 0.
//!
//! # Assumptions, and when not to use it
//! Made for quantities that are good to have; for counts of events it is offered for parity with other reports. With
//! zeros use ε < 1.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::atkinson;
//! // Geometric mean 2, mean 2.5.
//! assert!((atkinson::index(&[1.0, 4.0], 1.0).unwrap() - 0.2).abs() < 1e-15);
//! assert!((atkinson::index(&[1.0, 4.0], 0.5).unwrap() - 0.1).abs() < 1e-15);
//! ```
//!
//! # Source
//! Atkinson AB (1970), J Econ Theory 2:244–263, doi:10.1016/0022-0531(70)90039-6.

use super::positive_total;
use crate::statistics::numerics::float::{exp, ln, pow, size};

/// The index at one aversion to inequality.
pub fn index(values: &[f64], aversion: f64) -> Option<f64> {
    let total = positive_total(values)?;
    if !(aversion > 0.0 && aversion.is_finite()) {
        return None;
    }
    if aversion >= 1.0 && values.contains(&0.0) {
        return Some(1.0);
    }
    let n = size(values.len());
    let mean = total / n;
    // Relative to the mean, so that no power leaves the range of floats before the values do.
    let relative = values.iter().map(|value| value / mean);
    let power = 1.0 - aversion;
    let even = if power.abs() < 1e-9 {
        exp(relative.map(ln).sum::<f64>() / n)
    } else {
        pow(relative.map(|r| pow(r, power)).sum::<f64>() / n, 1.0 / power)
    };
    Some((1.0 - even).clamp(0.0, 1.0))
}

#[test]
fn zeros_cost_everything_from_aversion_one_on() {
    assert_eq!(index(&[0.0, 3.0], 1.0), Some(1.0));
    assert_eq!(index(&[0.0, 3.0], 2.0), Some(1.0));
    assert!((index(&[0.0, 3.0], 0.5).unwrap() - 0.5).abs() < 1e-15);
    assert_eq!(index(&[0.0, 3.0], 0.0), None);
    assert_eq!(index(&[0.0], 0.5), None);
    assert_eq!(index(&[2.0, 2.0], 1.0), Some(0.0));
}
