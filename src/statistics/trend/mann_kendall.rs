//! Mann and Kendall's test of a monotone trend.
//!
//! # Question
//! Do later values tend to be higher, or lower, than earlier ones?
//!
//! # Definition
//! S = Σ sign(yⱼ − yᵢ) over i < j. Without a trend its mean is 0 and its variance, corrected for groups of t equal
//! values, [n(n − 1)(2n + 5) − Σt(t − 1)(2t + 5)]/18; z = (S − sign S)/√variance, the continuity correction towards 0.
//! τₐ = S over all pairs; `τ_b` = S over √(all pairs × pairs of unequal values), 1 only when every step is a rise.
//!
//! Up to [`EXACT_UP_TO`] points p is exact, over all orders of the values with their ties
//! ([`super::kendall_distribution`]); above, it is the normal one, which is always given beside it.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per point, in time order | any | finite; points without data left out before |
//!
//! # Output
//! A [`MannKendall`]. Constant values: S = 0, z = 0, p = 1, no `τ_b`, and `constant` says so.
//!
//! # Undefined
//! `None` for fewer than 2 points or a value that is not finite. Below [`super::FEWEST_POINTS`] the result is
//! arithmetic, not a statement: the caller prints "n/a".
//!
//! # Assumptions, and when not to use it
//! Disjoint periods: rolling windows give 19 to 24 % false trends. No autocorrelation, no seasons
//! ([`super::seasonal_mann_kendall`]), and never across a method break ([`super::breaks`]).
//!
//! # Cost and determinism
//! Θ(n²) comparisons; the exact distribution 0.1 ms at 30 points. No randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::mann_kendall;
//! let rising = mann_kendall::test(&[1.0, 3.0, 2.0, 5.0, 6.0, 8.0, 7.0, 9.0]).unwrap();
//! assert_eq!(rising.s, 24);
//! assert!(rising.p < 0.002 && rising.tau_b.unwrap() > 0.8);
//! assert!(mann_kendall::test(&[3.0; 12]).unwrap().constant);
//! ```
//!
//! # Source
//! Mann HB (1945), Econometrica 13:245–259, doi:10.2307/1907187; Kendall MG (1970), *Rank Correlation Methods*, 4th ed.

use super::kendall_distribution::Distribution;
use crate::statistics::numerics::float::{normal_upper, real, size};

/// Up to this many points p is exact.
pub const EXACT_UP_TO: usize = 30;

/// The answer of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Points.
    pub n: usize,
    /// Rises minus falls over all pairs.
    pub s: i64,
    /// Variance of S without a trend, corrected for ties.
    pub variance: f64,
    /// Standard score of S, continuity-corrected; 0 for constant values.
    pub z: f64,
    /// Two-sided p: exact up to [`EXACT_UP_TO`] points, normal above.
    pub p: f64,
    /// Two-sided p of z.
    pub p_normal: f64,
    /// S over all pairs.
    pub tau_a: f64,
    /// S over pairs, corrected for ties; `None` for constant values.
    pub tau_b: Option<f64>,
    /// Whether all values are equal, so that there is nothing to test.
    pub constant: bool,
}

/// Tests values in time order.
pub fn test(values: &[f64]) -> Option<MannKendall> {
    let score = Score::new(values)?;
    let n = values.len();
    let z = standardised(score.s, score.variance);
    let p_normal = two_sided(z);
    let p =
        if n <= EXACT_UP_TO { Distribution::new(&score.ties).two_sided(score.s) } else { p_normal };
    let pairs = 0.5 * size(n) * size(n - 1);
    let tied: f64 = score.ties.iter().map(|&t| 0.5 * size(t) * (size(t) - 1.0)).sum();
    let constant = score.ties.len() == 1;
    let s = signed(score.s);
    Some(MannKendall {
        n,
        s: score.s,
        variance: score.variance,
        z,
        p,
        p_normal,
        tau_a: s / pairs,
        tau_b: (!constant).then(|| s / (pairs * (pairs - tied)).sqrt()),
        constant,
    })
}

/// S, its variance, and how often each distinct value occurs, ascending.
pub(super) struct Score {
    pub(super) s: i64,
    pub(super) variance: f64,
    pub(super) ties: Vec<usize>,
}

impl Score {
    pub(super) fn new(values: &[f64]) -> Option<Self> {
        if values.len() < 2 || values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut s = 0;
        for (at, earlier) in values.iter().enumerate() {
            for later in &values[at + 1..] {
                s += i64::from(later > earlier) - i64::from(later < earlier);
            }
        }
        let ties = groups(values);
        let variance =
            (cubic(values.len()) - ties.iter().map(|&t| cubic(t)).sum::<f64>()).max(0.0) / 18.0;
        Some(Self { s, variance, ties })
    }
}

/// How often each distinct value occurs, ascending.
#[allow(clippy::float_cmp, reason = "ties are equal values, to the bit")]
pub(super) fn groups(values: &[f64]) -> Vec<usize> {
    let mut ascending = values.to_vec();
    // −0 and 0 are one value.
    ascending.sort_by(|a, b| (a + 0.0).total_cmp(&(b + 0.0)));
    ascending.chunk_by(|a, b| a == b).map(<[f64]>::len).collect()
}

/// t(t − 1)(2t + 5).
pub(super) fn cubic(t: usize) -> f64 {
    let t = size(t);
    t * (t - 1.0) * (2.0 * t + 5.0)
}

/// The standard score of S, drawn one step towards 0.
pub(super) fn standardised(s: i64, variance: f64) -> f64 {
    if s == 0 || variance <= 0.0 { 0.0 } else { signed(s - s.signum()) / variance.sqrt() }
}

/// The two-sided normal p; never 0, which would claim more than an approximation can.
pub(super) fn two_sided(z: f64) -> f64 {
    (2.0 * normal_upper(z.abs())).clamp(f64::MIN_POSITIVE, 1.0)
}

fn signed(s: i64) -> f64 {
    let size = real(s.unsigned_abs());
    if s < 0 { -size } else { size }
}

#[test]
fn edge_cases_have_an_answer_or_none() {
    assert_eq!(test(&[]), None);
    assert_eq!(test(&[1.0]), None);
    assert_eq!(test(&[1.0, f64::NAN, 2.0]), None);
    let two = test(&[1.0, 2.0]).unwrap();
    assert!(two.s == 1 && two.z.abs() < 1e-15 && (two.p - 1.0).abs() < 1e-15);
    let same = test(&[0.0, -0.0, 0.0]).unwrap();
    assert!(same.constant && same.tau_b.is_none() && same.s == 0);
    assert!((same.p - 1.0).abs() < 1e-15 && same.variance.abs() < 1e-15);
}

#[test]
fn a_strict_rise_is_the_least_probable_order() {
    // One of 8! orders on either side.
    let values: Vec<f64> = (0..8).map(f64::from).collect();
    let found = test(&values).unwrap();
    assert!((found.p - 2.0 / 40_320.0).abs() < 1e-18);
    assert!((found.tau_b.unwrap() - 1.0).abs() < 1e-15);
}
