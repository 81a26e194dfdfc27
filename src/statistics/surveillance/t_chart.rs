//! The t chart: the time between one rare event and the next.
//!
//! # Question
//! An attack every two months or so; has their pace changed?
//!
//! # Definition
//! Times between events of a steady process are exponential; their power t^(1/3.6) is close to normal (a Weibull variable
//! with shape 3.6). The powers go on an [`super::xmr_chart`]; centre and limits are brought back by the power 3.6. The
//! centre is then about the median; runs are counted around it.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `times` | `&[f64]` | in order | days, … between two events | ≥ 0 |
//! | `since_last` | `f64` | – | the same, since the last event | ≥ 0 |
//!
//! # Output
//! A [`GapChart`]. **Long times are few events**: `high` in a signal means that the events have become rarer.
//!
//! # Undefined
//! `Err` with the reason: fewer than [`super::xmr_chart::FEWEST`] times, a negative one, or all of them 0.
//!
//! # Assumptions, and when not to use it
//! One steady pace. Several events on one day have time 0 between them; where that is usual, count incidents instead.
//! No season: in a calm winter every gap is long. Of steady series of 24 times one in fifteen has some signal.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::t_chart;
//! // Hours between failures of a valve (Montgomery, example 7.6): nothing unusual.
//! let hours = [
//!     286.0, 948.0, 536.0, 124.0, 816.0, 729.0, 4.0, 143.0, 431.0, 8.0, 2837.0, 596.0, 81.0, 227.0, 603.0, 492.0,
//!     1199.0, 1214.0, 2831.0, 96.0,
//! ];
//! let chart = t_chart::chart(&hours, 100.0).unwrap();
//! assert!(chart.signals.is_empty() && (chart.limits.centre - 430.0).abs() < 5.0);
//! ```
//!
//! # Source
//! Nelson LS (1994), J Qual Technol 26:239–240; Montgomery DC (2013), *Introduction
//! to Statistical Quality Control*, 7th ed., example 7.6.

use super::{
    g_chart::{GapChart, signals},
    rules::Limits,
    xmr_chart::{Uncharted, of_recorded},
};
use crate::statistics::numerics::float::pow;

/// The power that makes exponential times nearly normal is 1 over this.
pub const POWER: f64 = 3.6;

/// The chart of the times between rare events.
///
/// # Errors
/// The reason why there is none.
pub fn chart(times: &[f64], since_last: f64) -> Result<GapChart, Uncharted> {
    let valid = times.iter().chain([&since_last]).all(|time| time.is_finite() && *time >= 0.0);
    if !valid || (!times.is_empty() && times.iter().all(|&time| time <= 0.0)) {
        return Err(Uncharted::NotChartable);
    }
    let powers: Vec<Option<f64>> = times.iter().map(|&time| Some(pow(time, 1.0 / POWER))).collect();
    let of_powers = of_recorded(&powers)?.limits;
    let back = |power: f64| pow(power, POWER);
    let limits = Limits {
        centre: back(of_powers.centre),
        lower: back(of_powers.lower),
        upper: back(of_powers.upper),
    };
    // On the powers, so that equal times stay on the centre line.
    let signals = signals(&powers, of_powers, of_powers.centre, pow(since_last, 1.0 / POWER));
    Ok(GapChart { limits, median: limits.centre, signals })
}

#[test]
fn times_that_cannot_be_charted_say_why() {
    assert_eq!(chart(&[3.0; 11], 0.0), Err(Uncharted::TooFewPoints { n: 11 }));
    assert_eq!(chart(&[], 0.0), Err(Uncharted::TooFewPoints { n: 0 }));
    assert_eq!(chart(&[0.0; 12], 0.0), Err(Uncharted::NotChartable));
    assert_eq!(chart(&[-1.0; 12], 0.0), Err(Uncharted::NotChartable));
    assert_eq!(chart(&[3.0; 12], f64::NAN), Err(Uncharted::NotChartable));
    let steady = chart(&[3.0; 12], 1.0).unwrap();
    assert!(steady.signals.is_empty() && (steady.limits.centre - 3.0).abs() < 1e-12);
}

#[test]
fn powers_and_limits_are_those_computed_by_hand() {
    // Times that are powers 3.6 of 1, 2, 3, 2, 1, 2, …: mean 2, mean step 1, limits 2 ± 2.66, so 0 and 4.66.
    let times: Vec<f64> =
        [1.0, 2.0, 3.0, 2.0].repeat(4).into_iter().map(|y| pow(y, POWER)).collect();
    let found = chart(&times, pow(4.7, POWER)).unwrap();
    assert!((found.limits.centre - pow(2.0, POWER)).abs() < 1e-9);
    assert!((found.limits.upper / pow(4.66, POWER) - 1.0).abs() < 1e-12);
    assert!(found.limits.lower <= 0.0);
    // Nothing but the gap still open.
    assert_eq!(found.signals.len(), 1);
    assert_eq!((found.signals[0].at, found.signals[0].high), (16, true));
}
