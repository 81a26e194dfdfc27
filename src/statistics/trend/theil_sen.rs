//! Theil and Sen's slope: the median of all slopes between two points, with its interval.
//!
//! # Question
//! By how much does a series rise or fall a year, when single points may be far off?
//!
//! # Definition
//! The median of (yⱼ − yᵢ)/(xⱼ − xᵢ) over the N pairs with xⱼ > xᵢ. With the variance v of Kendall's score, corrected
//! for equal values and equal times, and normal quantile z: the limits are the sorted slopes (counted from 1) numbered
//! [(N − z√v)/2] and [(N + z√v)/2] + 1, where [ ] rounds to the nearest whole number, halves to even; beyond the ends
//! the first or last slope. That is scipy's reading of Sen. The intercept is the median of y − slope·the median of x.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `times` | `&[f64]` | one per point | years | finite |
//! | `values` | `&[f64]` | the same | any | finite |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! A [`TheilSen`], in units of `values` a year.
//!
//! # Undefined
//! `None` when the lengths differ, a number is not finite, a slope overflows, or no two times differ. Below
//! [`super::FEWEST_POINTS`] points the caller prints "n/a".
//!
//! # Assumptions, and when not to use it
//! Disjoint periods, no autocorrelation, one straight line. For rare counts many slopes are 0 and so is the median: use
//! [`super::negative_binomial`].
//!
//! # Cost and determinism
//! Θ(n² log n) time and n²/2 numbers of memory; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, trend::theil_sen};
//! let times: Vec<f64> = (2010..2020).map(f64::from).collect();
//! let values = [1.0, 3.0, 5.0, 7.0, 90.0, 11.0, 13.0, 15.0, 17.0, 19.0];
//! let found = theil_sen::slope(&times, &values, Confidence::P95).unwrap();
//! assert!((found.slope - 2.0).abs() < 1e-12, "one wild point changes nothing");
//! ```
//!
//! # Source
//! Sen PK (1968), J Am Stat Assoc 63:1379–1389, doi:10.1080/01621459.1968.10480934; Theil H (1950), Indag Math
//! 12:85–91.

use super::mann_kendall::{cubic, groups};
use crate::statistics::{interval::Confidence, numerics::float::size, ranks::order::median};

/// A slope without a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen {
    /// Median slope.
    pub slope: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Value of the line at time 0.
    pub intercept: f64,
    /// Pairs with different times.
    pub n_pairs: usize,
}

/// The median slope of `values` over `times`.
pub fn slope(times: &[f64], values: &[f64], confidence: Confidence) -> Option<TheilSen> {
    let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
    if times.len() != values.len() || !finite(times) || !finite(values) {
        return None;
    }
    let mut slopes = Vec::new();
    for (i, (x, y)) in times.iter().zip(values).enumerate() {
        for (later_x, later_y) in times[i + 1..].iter().zip(&values[i + 1..]) {
            let distance = later_x - x;
            if distance != 0.0 {
                slopes.push((later_y - y) / distance);
            }
        }
    }
    if slopes.is_empty() || !finite(&slopes) {
        return None;
    }
    slopes.sort_by(f64::total_cmp);
    let n_pairs = slopes.len();
    let tied = |numbers: &[f64]| groups(numbers).into_iter().map(cubic).sum::<f64>();
    let variance = (cubic(values.len()) - tied(times) - tied(values)).max(0.0) / 18.0;
    let reach = confidence.z() * variance.sqrt();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of pairs"
    )]
    let place = |at: f64| at.clamp(0.0, size(n_pairs - 1)) as usize;
    // Places count from 0 here.
    let lower = slopes[place((0.5 * (size(n_pairs) - reach)).round_ties_even() - 1.0)];
    let upper = slopes[place((0.5 * (size(n_pairs) + reach)).round_ties_even())];
    let slope = median(&slopes);
    let middle = |numbers: &[f64]| {
        let mut ascending = numbers.to_vec();
        ascending.sort_by(f64::total_cmp);
        median(&ascending)
    };
    let intercept = middle(values) - slope * middle(times);
    Some(TheilSen { slope, lower, upper, intercept, n_pairs })
}

#[test]
fn degenerate_series_have_no_slope_and_constant_ones_a_flat_one() {
    let years = [2001.0, 2002.0, 2003.0];
    assert_eq!(slope(&years, &[1.0, 2.0], Confidence::P95), None);
    assert_eq!(slope(&[5.0; 3], &[1.0, 2.0, 3.0], Confidence::P95), None);
    assert_eq!(slope(&years, &[1.0, f64::INFINITY, 3.0], Confidence::P95), None);
    assert_eq!(slope(&[], &[], Confidence::P95), None);
    let flat = slope(&years, &[4.0; 3], Confidence::P998).unwrap();
    assert!(flat.slope.abs() + flat.lower.abs() + flat.upper.abs() < 1e-300);
    assert!((flat.intercept - 4.0).abs() < 1e-15);
}
