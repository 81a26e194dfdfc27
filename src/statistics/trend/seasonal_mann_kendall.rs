//! Seasonal Mann–Kendall test: each season compared with itself over the years.
//!
//! # Question
//! Demonstrations peak every spring; is there a trend beside that?
//!
//! # Definition
//! Hirsch and Slack: S and its variance are those of [`super::mann_kendall`] within each season, summed over the
//! seasons. z = (S − sign S)/√variance.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[Option<f64>]` | one per period, in time order, without gaps | any | finite; `None` without data |
//! | `n_seasons` | `usize` | – | periods a year | ≥ 1 |
//!
//! # Output
//! A [`SeasonalMannKendall`]. Constant seasons: S = 0, z = 0, p = 1.
//!
//! # Undefined
//! `None` when no season has 2 values, a value is not finite, or there are no seasons.
//!
//! # Assumptions, and when not to use it
//! Seasons independent of each other: with strong autocorrelation between months p is too small. A trend that rises in
//! one season and falls in another cancels out.
//!
//! # Cost and determinism
//! Θ(n²/seasons); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::seasonal_mann_kendall;
//! // Winter low, summer high, both rising.
//! let values: Vec<Option<f64>> = (0..16).map(|at| Some(f64::from(at % 2 * 100 + at / 2))).collect();
//! let found = seasonal_mann_kendall::test(&values, 2).unwrap();
//! assert_eq!(found.s, 2 * 28);
//! assert!(found.p < 1e-5);
//! ```
//!
//! # Source
//! Hirsch RM, Slack JR, Smith RA (1982), Water Resour Res 18:107–121, doi:10.1029/WR018i001p00107.

use super::mann_kendall::{Score, standardised, two_sided};

/// The answer of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeasonalMannKendall {
    /// Rises minus falls over all pairs within seasons.
    pub s: i64,
    /// Variance of S without a trend.
    pub variance: f64,
    /// Standard score of S, continuity-corrected.
    pub z: f64,
    /// Two-sided normal p.
    pub p: f64,
    /// Seasons with at least two values.
    pub n_seasons: usize,
}

/// Tests values in time order, the first of which belongs to the first season.
pub fn test(values: &[Option<f64>], n_seasons: usize) -> Option<SeasonalMannKendall> {
    if values.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let mut found = SeasonalMannKendall { s: 0, variance: 0.0, z: 0.0, p: 1.0, n_seasons: 0 };
    for season in 0..n_seasons {
        let own: Vec<f64> =
            values.iter().skip(season).step_by(n_seasons).copied().flatten().collect();
        if let Some(score) = Score::new(&own) {
            found.s += score.s;
            found.variance += score.variance;
            found.n_seasons += 1;
        }
    }
    found.z = standardised(found.s, found.variance);
    found.p = two_sided(found.z);
    (found.n_seasons > 0).then_some(found)
}

#[test]
fn one_season_is_the_plain_test() {
    let values = [4.0, 1.0, 7.0, 7.0, 9.0, 3.0, 12.0, 5.0];
    let plain = super::mann_kendall::test(&values).unwrap();
    let seasonal = test(&values.map(Some), 1).unwrap();
    assert_eq!((seasonal.s, seasonal.n_seasons), (plain.s, 1));
    assert!((seasonal.p - plain.p_normal).abs() < 1e-15);
}

#[test]
fn seasons_without_data_take_no_part() {
    let values = [Some(1.0), None, Some(2.0), Some(5.0), Some(3.0), None];
    let found = test(&values, 2).unwrap();
    assert_eq!((found.s, found.n_seasons), (3, 1));
    assert_eq!(test(&[Some(1.0), Some(2.0)], 2), None);
    assert_eq!(test(&values, 0), None);
}
