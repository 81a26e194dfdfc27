//! The g chart: how many others lie between one rare event and the next.
//!
//! # Question
//! One demonstration in thirty turns violent; has that become more frequent?
//!
//! # Definition
//! The number of others before each rare event is geometric when every one is rare with the same probability. With mean
//! x̄ and q = x̄/(1 + x̄), a gap of x or more has the probability qˣ. Centre x̄; upper limit where that is 0.00135, as much
//! as a normal variable has above three standard deviations; lower limit 0. The usual x̄ + 3·√(x̄(x̄ + 1)) is not used:
//! 2 % of steady gaps exceed it. Runs are counted around the median, qˣ = ½; gaps are whole, and one that the median cuts
//! is on neither side, so that each side has at most half of all steady gaps.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `gaps` | `&[u64]` | in order of time | others between two rare events | – |
//! | `since_last` | `u64` | – | others since the last rare event | – |
//!
//! # Output
//! A [`GapChart`]. **High gaps are few events**: `high` in a signal means that the events have become rarer. More
//! frequent ones show as a run of short gaps.
//!
//! # Undefined
//! `Err` with the reason: fewer than [`FEWEST`] gaps, or a mean below 1: then most steady gaps are 0, and no short gap says
//! anything.
//!
//! # Assumptions, and when not to use it
//! Independent events with one probability. A single short gap is never a signal. Of steady series of 24 gaps one in
//! fifteen has some signal.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::g_chart;
//! let gaps = [30, 12, 41, 25, 8, 55, 19, 33, 27, 14, 22, 2];
//! let chart = g_chart::chart(&gaps, 10).unwrap();
//! assert_eq!(chart.limits.centre, 24.0);
//! assert!((chart.limits.upper - 161.9).abs() < 0.1 && chart.signals.is_empty());
//! ```
//!
//! # Source
//! Kaminsky FC et al. (1992), J Qual Technol 24:63–69; Benneyan JC (2001), Health
//! Care Manag Sci 4:305–318, doi:10.1023/A:1011846412909.

use std::f64::consts::LN_2;

use super::{
    rules::{Limits, Rule, Signal, outside, runs},
    xmr_chart::Uncharted,
};
use crate::statistics::numerics::float::{ln, ln_1p, real, size};

/// Fewest gaps.
pub const FEWEST: usize = 12;
/// The probability of a gap as long as the upper limit.
pub const TAIL: f64 = 0.001_35;

/// A chart of gaps with its signals.
#[derive(Debug, Clone, PartialEq)]
pub struct GapChart {
    /// Centre and limits of the gaps.
    pub limits: Limits,
    /// What half of all gaps exceed; runs are counted around it.
    pub median: f64,
    /// Gaps that are no usual scatter; the position after the last gap is the one still open.
    pub signals: Vec<Signal>,
}

/// The chart of the gaps between rare events.
///
/// # Errors
/// The reason why there is none.
pub fn chart(gaps: &[u64], since_last: u64) -> Result<GapChart, Uncharted> {
    if gaps.len() < FEWEST {
        return Err(Uncharted::TooFewPoints { n: gaps.len() });
    }
    let values: Vec<Option<f64>> = gaps.iter().map(|&gap| Some(real(gap))).collect();
    let mean = values.iter().flatten().sum::<f64>() / size(gaps.len());
    if mean < 1.0 {
        return Err(Uncharted::NotChartable);
    }
    // −ln q.
    let rate = ln_1p(1.0 / mean);
    let limits = Limits { centre: mean, lower: 0.0, upper: -ln(TAIL) / rate };
    let median = LN_2 / rate;
    let sided: Vec<Option<f64>> =
        values.iter().map(|gap| gap.map(|gap| beside(gap, median))).collect();
    Ok(GapChart { limits, median, signals: signals(&sided, limits, median, real(since_last)) })
}

/// A gap as runs count it: on the median when the median lies within it.
fn beside(gap: f64, median: f64) -> f64 {
    if gap <= median && median < gap + 1.0 { median } else { gap }
}

/// Signals of gaps: outside, runs around the median, and an open gap that is already too long.
pub(super) fn signals(
    gaps: &[Option<f64>],
    limits: Limits,
    median: f64,
    since_last: f64,
) -> Vec<Signal> {
    let mut signals = outside(gaps, limits);
    signals.extend(runs(gaps, median));
    if since_last > limits.upper {
        signals.push(Signal { at: gaps.len(), rule: Rule::Outside, high: true });
    }
    signals.sort_by_key(|signal| (signal.at, signal.rule));
    signals
}

#[test]
fn limits_and_median_are_those_of_the_geometric_distribution() {
    let mut gaps = [24_u64; 12];
    (gaps[0], gaps[1]) = (0, 48);
    let found = chart(&gaps, 0).unwrap();
    // (24/25)ˣ is 0.00135 at x = 161.86 and ½ at x = 16.98.
    assert!((found.limits.upper - 161.86).abs() < 5e-3);
    assert!((found.median - 16.979_7).abs() < 1e-4);
    // Ten gaps of 24 are a run above the median.
    assert!(found.signals.iter().all(|signal| signal.rule == Rule::Run && signal.high));
    assert_eq!(found.signals.len(), 4);
    let silent = chart(&gaps, 162).unwrap();
    assert_eq!(silent.signals.last(), Some(&Signal { at: 12, rule: Rule::Outside, high: true }));
    assert_eq!(chart(&gaps[..11], 0), Err(Uncharted::TooFewPoints { n: 11 }));
    for often in [[0; 12], [1, 0, 0, 2, 1, 0, 1, 0, 0, 3, 0, 0]] {
        assert_eq!(chart(&often, 3), Err(Uncharted::NotChartable));
    }
}

#[test]
fn the_gap_that_the_median_cuts_is_on_neither_side() {
    // q = 0.6: P(gap ≤ 0) = 0.4, P(gap ≤ 1) = 0.64; the median, 1.36, cuts 1.
    let median = LN_2 / -ln(0.6);
    let sides = [0.0, 1.0, 2.0].map(|gap| beside(gap, median).total_cmp(&median) as i8);
    assert_eq!(sides, [-1, 0, 1]);
    // A whole median, q = ½: 0 has half of all gaps; 1 is on it.
    let sides = [0.0, 1.0, 2.0].map(|gap| beside(gap, 1.0).total_cmp(&1.0) as i8);
    assert_eq!(sides, [-1, 0, 1]);
}
