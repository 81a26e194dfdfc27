//! A p-value below what the number of draws can show: a Gumbel distribution fitted to the draws' maxima.
//!
//! # Question
//! No draw reaches the observed ratio. How small is p, rather than at most 1/(R + 1)?
//!
//! # Definition
//! By moments: β = s·√6/π, μ = mean − γβ with Euler's γ; p = 1 − exp(−exp(−(x − μ)/β)).
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `maxima` | `&[f64]` | one per draw | log-likelihood ratio | at least 2 |
//! | `ratio` | `f64` | – | the same | – |
//!
//! # Output
//! p in (0, 1].
//!
//! # Undefined
//! `None` below two draws or when all maxima are equal.
//!
//! # Assumptions, and when not to use it
//! Shown beside the rank p, which decides: the fit is good for Poisson maxima and says nothing about a wrong null.
//!
//! # Cost and determinism
//! O(R); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::scan::gumbel;
//! let maxima = [3.1, 4.0, 4.4, 5.2, 3.6, 4.9, 6.3, 3.9, 4.2];
//! let p = gumbel::upper(&maxima, 15.0).unwrap();
//! assert!(p < 1e-5 && p > 0.0);
//! ```
//!
//! # Source
//! Abrams AM, Kleinman K, Kulldorff M (2010), Int J Health Geogr 9:61, doi:10.1186/1476-072X-9-61.

use std::f64::consts::PI;

use crate::statistics::numerics::float::{exp, exp_m1, size};

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// The probability that a draw's maximum reaches `ratio`.
pub fn upper(maxima: &[f64], ratio: f64) -> Option<f64> {
    let n = size(maxima.len());
    if maxima.len() < 2 {
        return None;
    }
    let mean = maxima.iter().sum::<f64>() / n;
    let squares: f64 = maxima.iter().map(|x| (x - mean) * (x - mean)).sum();
    let scale = (squares / (n - 1.0)).sqrt() * 6.0_f64.sqrt() / PI;
    if scale <= 1e-12 * mean.abs() {
        return None;
    }
    let location = mean - EULER * scale;
    // A p of 0 would claim more than the fit can.
    Some((-exp_m1(-exp(-(ratio - location) / scale))).max(f64::MIN_POSITIVE))
}

#[test]
fn a_gumbel_sample_gives_back_its_tail() {
    use crate::statistics::numerics::{float::ln, random::Key};
    let mut stream = Key::new(1, 9).stream(0, 0);
    let draws: Vec<f64> = (0..50_000).map(|_| 4.0 - 0.8 * ln(-ln(stream.unit()))).collect();
    let p = upper(&draws, 10.0).unwrap();
    let wanted = -exp_m1(-exp(-(10.0 - 4.0) / 0.8));
    assert!((p / wanted - 1.0).abs() < 0.1, "{p} {wanted}");
    assert_eq!(upper(&[2.0, 2.0, 2.0], 3.0), None);
    assert_eq!(upper(&[2.0], 3.0), None);
}
