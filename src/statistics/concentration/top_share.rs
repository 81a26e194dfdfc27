//! The share held by the few largest regions.
//!
//! # Question
//! What part of all cases comes from the four regions with most?
//!
//! # Definition
//! Sum of the k largest values over the sum of all. The curve for k = 1, 2, … is [`curve`]; how many regions hold a given
//! share is [`holders`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//! | `k` | `usize` | – | regions | ≥ 1 |
//! | `share` | `f64` | – | – | (0, 1] |
//!
//! # Output
//! A share in [k/n, 1]; 1 when k ≥ n.
//!
//! # Undefined
//! `None` without a positive value, with a negative or not finite one, for k = 0, or a share outside (0, 1].
//!
//! # Assumptions, and when not to use it
//! The largest were picked after looking: their share is high by selection alone. [`super::proportional`] says how high.
//!
//! # Cost and determinism
//! O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::top_share;
//! // A Swedish study of travel to conflict zones: 267 cases, 80 % from four of 21 counties.
//! let mut cases = vec![80.0, 60.0, 44.0, 30.0];
//! cases.extend([3.0; 14]);
//! cases.extend([4.0, 4.0, 3.0]);
//! assert_eq!(cases.iter().sum::<f64>(), 267.0);
//! assert!((top_share::of(&cases, 4).unwrap() - 0.80).abs() < 0.002);
//! assert_eq!(top_share::holders(&cases, 0.8), Some(4));
//! ```
//!
//! # Source
//! Bain JS (1956), *Barriers to New Competition* (the concentration ratio); METHODS §2 (the example).

use super::positive_total;

/// The share of the `k` largest values.
pub fn of(values: &[f64], k: usize) -> Option<f64> {
    curve(values)?.get(k.min(values.len()).checked_sub(1)?).copied()
}

/// The share of the largest, of the two largest, …; ends at 1.
pub fn curve(values: &[f64]) -> Option<Vec<f64>> {
    let total = positive_total(values)?;
    let mut descending = values.to_vec();
    descending.sort_by(|a, b| b.total_cmp(a));
    let mut held = 0.0;
    let mut shares: Vec<f64> = descending
        .iter()
        .map(|value| {
            held += value;
            (held / total).min(1.0)
        })
        .collect();
    if let Some(last) = shares.last_mut() {
        // The sum in another order may differ by a bit.
        *last = 1.0;
    }
    Some(shares)
}

/// The fewest regions that together hold at least `share`.
pub fn holders(values: &[f64], share: f64) -> Option<usize> {
    if !(share > 0.0 && share <= 1.0) {
        return None;
    }
    curve(values)?.iter().position(|&held| held >= share * (1.0 - 1e-12)).map(|at| at + 1)
}

#[test]
fn no_region_or_too_many_are_handled() {
    assert_eq!(of(&[1.0, 3.0], 0), None);
    assert_eq!(of(&[1.0, 3.0], 1), Some(0.75));
    assert_eq!(of(&[1.0, 3.0], 9), Some(1.0));
    assert_eq!(of(&[], 1), None);
    assert_eq!(holders(&[1.0, 3.0, 0.0], 1.0), Some(2));
    assert_eq!(holders(&[1.0, 3.0], 0.0), None);
}
