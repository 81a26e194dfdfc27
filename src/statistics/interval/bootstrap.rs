//! Bootstrap intervals for attendance: total, mean, median and the largest event's share.
//!
//! # Question
//! 1 600 people came to five concerts, 1 200 of them to one: how much do the summaries hang on single events?
//!
//! # Definition
//! n events are drawn with replacement from the n events of the cell, many times; the limits are percentiles of the drawn
//! summaries. With R draws sorted ascending, the limits are the values at positions ⌊a(R + 1)⌋ from either end.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `sizes` | `&[u64]` | one per event with a known size | attendances | at least 2 events |
//! | `n_draws` | `u64` | – | – | 199 or more for 95 % |
//! | `key`, `region` | [`Key`], `u32` | – | – | what the draws are keyed by |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! [`AttendanceIntervals`], each (lower, upper).
//!
//! # Undefined
//! `None` below two events, or when nobody attended any.
//!
//! # Assumptions, and when not to use it
//! Events are exchangeable and their number is taken as it is: the interval says what the sizes leave open, not how many
//! events there might have been. With fewer than about ten events percentile intervals are too short; the top share,
//! shown beside, says why.
//!
//! # Cost and determinism
//! Θ(R·n); the events of a draw come in pairs, pair k of draw r from word r·⌈n/2⌉ + k of the cell ([`Key::words`]): the same
//! bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::{Confidence, bootstrap}, numerics::random::Key};
//! let sizes = [50, 80, 120, 150, 1200];
//! let key = Key::new(1, 1);
//! let limits = bootstrap::attendance(&sizes, 999, key, 0, Confidence::P95).unwrap();
//! assert!(limits.total.0 < 1600.0 && 1600.0 < limits.total.1);
//! ```
//!
//! # Source
//! Efron B (1979), Ann Stat 7:1–26, doi:10.1214/aos/1176344552.

use super::Confidence;
use crate::statistics::numerics::{
    float::{real, size},
    random::Key,
};

/// Limits of the summaries of attendance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttendanceIntervals {
    /// Of the sum over all sized events.
    pub total: (f64, f64),
    /// Of the mean size.
    pub mean: (f64, f64),
    /// Of the median size.
    pub median: (f64, f64),
    /// Of the largest event's share of the total.
    pub top_share: (f64, f64),
}

/// Percentile limits from `n_draws` resamples of the events.
pub fn attendance(
    sizes: &[u64],
    n_draws: u64,
    key: Key,
    region: u32,
    confidence: Confidence,
) -> Option<AttendanceIntervals> {
    if sizes.len() < 2 || sizes.iter().all(|&size| size == 0) {
        return None;
    }
    let n_events = u32::try_from(sizes.len()).ok()?;
    let mut ascending = sizes.to_vec();
    ascending.sort_unstable();
    let (mut totals, mut medians, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let (words, n_pairs) = (key.words(region), u64::from(n_events.div_ceil(2)));
    // How often each event was drawn: counting spares a sort per draw.
    let mut times = vec![0_u32; sizes.len()];
    for draw in 0..n_draws {
        times.fill(0);
        for number in draw * n_pairs..(draw + 1) * n_pairs {
            let [first, second] = words.pair_below(n_events, number);
            times[first as usize] += 1;
            times[second as usize] += 1;
        }
        // The last pair of an odd number has one too many.
        if n_events % 2 == 1 {
            let [_, second] = words.pair_below(n_events, (draw + 1) * n_pairs - 1);
            times[second as usize] -= 1;
        }
        let total: u64 = ascending.iter().zip(&times).map(|(&size, &n)| size * u64::from(n)).sum();
        totals.push(real(total));
        medians.push(middle_of_drawn(&ascending, &times));
        // A resample in which nobody attended has no largest share; it says nothing about it.
        if total > 0 {
            let largest = times.iter().rposition(|&n| n > 0).map_or(0, |at| ascending[at]);
            shares.push(real(largest) / real(total));
        }
    }
    let total = percentiles(totals, confidence)?;
    let n = size(sizes.len());
    Some(AttendanceIntervals {
        total,
        mean: (total.0 / n, total.1 / n),
        median: percentiles(medians, confidence)?,
        top_share: percentiles(shares, confidence)?,
    })
}

/// The median of ascending values, which must not be empty.
pub(in crate::statistics) fn middle(ascending: &[u64]) -> f64 {
    let half = ascending.len() / 2;
    if ascending.len() % 2 == 1 {
        real(ascending[half])
    } else {
        0.5 * (real(ascending[half - 1]) + real(ascending[half]))
    }
}

/// The median of a resample: ascending values and how often each was drawn, as many in all as there are values.
fn middle_of_drawn(ascending: &[u64], times: &[u32]) -> f64 {
    let n = ascending.len();
    let mut seen = 0;
    let mut lower = None;
    for (&size, &drawn) in ascending.iter().zip(times) {
        seen += drawn as usize;
        // Positions (n − 1)/2 and n/2 from 0 are the two middle ones, or the same.
        if lower.is_none() && seen > (n - 1) / 2 {
            lower = Some(size);
        }
        if seen > n / 2 {
            return 0.5 * (real(lower.unwrap_or(size)) + real(size));
        }
    }
    unreachable!("invariant: as many were drawn as there are values")
}

/// Limits of drawn values: those ⌊tail·(R + 1)⌋ places from either end.
pub(in crate::statistics) fn percentiles(
    mut values: Vec<f64>,
    confidence: Confidence,
) -> Option<(f64, f64)> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a collection's size"
    )]
    let from_end = (confidence.tail() * (size(values.len()) + 1.0)).floor() as usize;
    let at = from_end.max(1);
    let n = values.len();
    if at > n {
        return None;
    }
    let mut ranked = |rank: usize| *values.select_nth_unstable_by(rank, f64::total_cmp).1;
    Some((ranked(at - 1), ranked(n - at)))
}

#[test]
fn limits_of_few_events_stay_within_what_was_seen() {
    let sizes = [50, 80, 120, 150, 1200];
    let limits = attendance(&sizes, 999, Key::new(7, 7), 3, Confidence::P95).unwrap();
    assert!(limits.median.0 >= 50.0 && limits.median.1 <= 1200.0);
    assert!(limits.top_share.0 >= 0.2 && limits.top_share.1 < 1.0);
    assert!(limits.total.0 < 800.0 && limits.total.1 > 2_600.0, "{limits:?}");
    assert_eq!(attendance(&[5], 999, Key::new(7, 7), 3, Confidence::P95), None);
}
