//! The `XmR` chart: individual values and their moving ranges.
//!
//! # Question
//! A number goes up and down from month to month; which of it is the usual scatter, and when did something change?
//!
//! # Definition
//! Over the recorded values: centre x̄, mean moving range R̄ = mean |xₜ − xₜ₋₁| over neighbours in time; limits x̄ ± 2.66·R̄
//! (3/1.128), not below 0; steps above 3.268·R̄ are signals. 2.66·R̄ measures short-term scatter, so that a change of
//! level does not hide itself by widening the limits. Rules: [`Rule`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[Option<f64>]` | one per period | counts or rates | ≥ 0; `None`: not recorded |
//! | `n_events` | `u64` | – | events behind all recorded values | – |
//!
//! # Output
//! A [`XmrChart`]. Signals by position, then rule.
//!
//! # Undefined
//! `Err` with the reason, an [`Uncharted`].
//!
//! # Assumptions, and when not to use it
//! No season, no trend: either gives signals, which is then what they mean. Looks for changes, does not test one: of
//! steady series one in twelve has some signal within 12 months, one in five within 24. Counts with a mean below
//! [`LEAST_MEAN`] scatter too unevenly: [`super::g_chart`], [`super::t_chart`].
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::xmr_chart;
//! let mut values = vec![Some(20.0), Some(24.0), Some(22.0), Some(19.0), Some(23.0), Some(21.0)].repeat(2);
//! values.push(Some(41.0));
//! let chart = xmr_chart::chart(&values, 299).unwrap();
//! assert!(chart.signals.iter().any(|signal| signal.at == 12 && signal.high));
//! ```
//!
//! # Source
//! Shewhart WA (1931), *Economic Control of Quality of Manufactured Product*; Wheeler DJ (2000), *Understanding
//! Variation*, 2nd ed. (constants and rules); Montgomery DC (2013), *Introduction to Statistical Quality Control*, 7th
//! ed., example 6.5.

use super::rules::{Limits, Rule, Signal, outside, runs, three_of_four};
use crate::statistics::numerics::float::{real, size};

/// Limits lie this many mean moving ranges from the centre.
pub const LIMIT: f64 = 2.66;
/// A step is too large from this many mean moving ranges on.
pub const STEP: f64 = 3.268;
/// Fewest points, each but the first with its predecessor.
pub const FEWEST: usize = 12;
/// Fewest events a period.
pub const LEAST_MEAN: f64 = 5.0;

/// A chart with its signals.
#[derive(Debug, Clone, PartialEq)]
pub struct XmrChart {
    /// Centre and limits of the values.
    pub limits: Limits,
    /// Mean moving range.
    pub mean_range: f64,
    /// The largest usual step.
    pub largest_step: f64,
    /// What is no usual scatter.
    pub signals: Vec<Signal>,
}

/// Why there is no chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Uncharted {
    /// Fewer than the fewest points (for this chart: points next to each other).
    TooFewPoints {
        /// Points there are.
        n: usize,
    },
    /// Fewer than [`LEAST_MEAN`] events a period.
    TooRare {
        /// Events a period.
        mean: f64,
    },
    /// A value is negative or no number, or neighbours never differ while distant values do.
    NotChartable,
}

/// The chart of a series.
///
/// # Errors
/// The reason why there is none.
pub fn chart(values: &[Option<f64>], n_events: u64) -> Result<XmrChart, Uncharted> {
    let recorded: Vec<f64> = values.iter().copied().flatten().collect();
    if !recorded.iter().all(|value| value.is_finite() && *value >= 0.0) {
        return Err(Uncharted::NotChartable);
    }
    let chart = of_recorded(values)?;
    let mean = real(n_events) / size(recorded.len());
    if mean < LEAST_MEAN { Err(Uncharted::TooRare { mean }) } else { Ok(chart) }
}

/// The chart of a series of any scale, its limits not below 0.
pub(super) fn of_recorded(values: &[Option<f64>]) -> Result<XmrChart, Uncharted> {
    let recorded: Vec<f64> = values.iter().copied().flatten().collect();
    let step = |(at, pair): (usize, &[Option<f64>])| Some((at + 1, pair[1]? - pair[0]?));
    let steps: Vec<(usize, f64)> = values.windows(2).enumerate().filter_map(step).collect();
    if steps.len() + 1 < FEWEST {
        return Err(Uncharted::TooFewPoints { n: recorded.len().min(steps.len() + 1) });
    }
    let centre = recorded.iter().sum::<f64>() / size(recorded.len());
    let mean_range = steps.iter().map(|(_, step)| step.abs()).sum::<f64>() / size(steps.len());
    if mean_range <= 0.0 && recorded.iter().any(|value| (value - recorded[0]).abs() > 0.0) {
        return Err(Uncharted::NotChartable);
    }
    // Equal values: their mean must not differ from them by rounding.
    let centre = if mean_range > 0.0 { centre } else { recorded[0] };
    let (reach, largest_step) = (LIMIT * mean_range, STEP * mean_range);
    let limits = Limits { centre, lower: (centre - reach).max(0.0), upper: centre + reach };
    let too_large = |&(at, step): &(usize, f64)| {
        (step.abs() > largest_step).then_some(Signal { at, rule: Rule::Step, high: step > 0.0 })
    };
    let mut signals = outside(values, limits);
    signals.extend(runs(values, centre));
    signals.extend(three_of_four(values, limits));
    signals.extend(steps.iter().filter_map(too_large));
    signals.sort_by_key(|signal| (signal.at, signal.rule));
    Ok(XmrChart { limits, mean_range, largest_step, signals })
}

#[test]
fn limits_are_those_of_montgomerys_loan_costs() {
    // Example 6.5: mean 300.5, mean moving range 7.79, limits 279.78 and 321.22, largest step 25.45; nothing unusual.
    let costs = [
        310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306,
        301, 304,
    ];
    let values: Vec<Option<f64>> = costs.map(|cost| Some(f64::from(cost))).to_vec();
    let found = chart(&values, 6_010).unwrap();
    assert!((found.limits.centre - 300.5).abs() < 1e-12);
    assert!((found.mean_range - 148.0 / 19.0).abs() < 1e-12);
    assert!(
        (found.limits.lower - 279.78).abs() < 5e-3 && (found.limits.upper - 321.22).abs() < 5e-3
    );
    assert!((found.largest_step - 25.45).abs() < 1e-2);
    assert!(found.signals.is_empty(), "{:?}", found.signals);
}

#[test]
fn what_cannot_be_charted_says_why() {
    assert_eq!(chart(&[Some(9.0); 11], 99), Err(Uncharted::TooFewPoints { n: 11 }));
    // Twelve points, but a gap: ten steps.
    let mut gap = vec![Some(9.0); 13];
    gap[6] = None;
    assert_eq!(chart(&gap, 99), Err(Uncharted::TooFewPoints { n: 11 }));
    assert_eq!(chart(&[Some(1.0); 12], 12), Err(Uncharted::TooRare { mean: 1.0 }));
    assert_eq!(chart(&[Some(-1.0); 12], 99), Err(Uncharted::NotChartable));
    let mut jump = vec![Some(9.0); 20];
    jump[10] = None;
    jump[11..].fill(Some(12.0));
    assert_eq!(chart(&jump, 200), Err(Uncharted::NotChartable));
    let constant = chart(&[Some(0.1); 12], 99).unwrap();
    assert!(constant.signals.is_empty() && constant.mean_range <= 0.0);
}
