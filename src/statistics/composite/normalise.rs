//! Normalisation: components in different units on one positive scale.
//!
//! # Question
//! How do offences per 100 000 and per cent of votes get on one scale?
//!
//! # Definition
//! * min–max: 1 + 99·(x − min)/(max − min);
//! * z: 50 + 10·(x − mean)/s, s the standard deviation with n − 1, not below 1;
//! * rank: 1 + 99·(n − r)/(n − 1), r the rank with 1 the highest, ties sharing theirs.
//!
//! All lie around 50 and above 0, so that geometric aggregation is defined and each can stand in for
//! another. A component for which less means more is turned round first (−x).
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | finite, at least 2 |
//! | `normalisation` | [`Normalisation`] | – | – | – |
//! | `reversed` | `bool` | – | – | whether less means more |
//!
//! # Output
//! One number per region, in the order given, at least 1.
//!
//! # Undefined
//! Never, for finite values. A component that is the same everywhere gives the middle of the scale everywhere and moves
//! no rank.
//!
//! # Assumptions, and when not to use it
//! Min–max hangs on the two extreme regions, z on outliers, rank forgets distances: that is why [`super::sensitivity`]
//! tries all three.
//!
//! # Cost and determinism
//! O(n), for ranks O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::composite::normalise::{Normalisation, scaled};
//! assert_eq!(scaled(&[0.0, 5.0, 10.0], Normalisation::MinMax, false), [1.0, 50.5, 100.0]);
//! assert_eq!(scaled(&[0.0, 5.0, 99.0], Normalisation::Rank, true), [100.0, 50.5, 1.0]);
//! ```
//!
//! # Source
//! OECD, JRC (2008), *Handbook on Constructing Composite Indicators*, step 5, doi:10.1787/9789264043466-en.

pub use crate::model::Normalisation;
use crate::statistics::{numerics::float::size, ranks::order::twice_ranks};

/// The least and the greatest value of the scale, as far as it is bounded.
const SCALE: (f64, f64) = (1.0, 100.0);

/// The values on the common scale.
pub fn scaled(values: &[f64], normalisation: Normalisation, reversed: bool) -> Vec<f64> {
    let sign = if reversed { -1.0 } else { 1.0 };
    let n = size(values.len());
    let (bottom, range) = (SCALE.0, SCALE.1 - SCALE.0);
    let signed = || values.iter().map(|value| sign * value);
    let low = signed().fold(f64::INFINITY, f64::min);
    let high = signed().fold(f64::NEG_INFINITY, f64::max);
    if low >= high {
        let middle = if normalisation == Normalisation::ZScore { 50.0 } else { 50.5 };
        return vec![middle; values.len()];
    }
    match normalisation {
        Normalisation::MinMax => {
            signed().map(|value| bottom + range * ((value - low) / (high - low))).collect()
        }
        Normalisation::ZScore => {
            let mean = signed().sum::<f64>() / n;
            let squares: f64 = signed().map(|value| (value - mean) * (value - mean)).sum();
            let deviation = (squares / (n - 1.0)).sqrt();
            signed().map(|value| (50.0 + 10.0 * (value - mean) / deviation).max(bottom)).collect()
        }
        Normalisation::Rank => {
            let mut twice = vec![0; values.len()];
            let turned: Vec<f64> = signed().collect();
            twice_ranks(&turned, &mut Vec::new(), &mut twice);
            let place = |twice: i32| bottom + range * (n - 0.5 * f64::from(twice)) / (n - 1.0);
            twice.into_iter().map(place).collect()
        }
    }
}

#[test]
fn three_scales_by_hand_and_a_constant_component() {
    let z = scaled(&[1.0, 2.0, 3.0], Normalisation::ZScore, false);
    assert_eq!(z, [40.0, 50.0, 60.0]);
    assert_eq!(scaled(&[1.0, 2.0, 3.0], Normalisation::ZScore, true), [60.0, 50.0, 40.0]);
    assert_eq!(scaled(&[2.0, 2.0, 9.0], Normalisation::Rank, false), [25.75, 25.75, 100.0]);
    for normalisation in [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank] {
        let flat = scaled(&[0.1; 7], normalisation, false);
        assert!(flat.iter().all(|value| (value - 50.25).abs() <= 0.25));
    }
    // One region far below 120 others: its z is −10.9.
    let mut far = vec![1.0; 120];
    far.push(0.0);
    assert!((scaled(&far, Normalisation::ZScore, false)[120] - 1.0).abs() < 1e-15);
}
