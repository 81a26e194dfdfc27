//! Summaries of how many attended.
//!
//! # Question
//! How large were the events of a cell, and does one of them carry the total?
//!
//! # Definition
//! Over the events with a known size: sum, mean, median, the mean of the others when the largest is left out, and the
//! largest event's share of the sum. Missing share: events without a size over all events.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `sizes` | `&[u64]` | one per event with a known size, any order | attendances (not persons) | – |
//! | `n_events` | `u64` | – | events, with or without a size | ≥ number of sizes |
//!
//! # Output
//! A [`Summary`]. With missing sizes the total is a lower bound, and the page says so.
//!
//! # Undefined
//! `None` without events. Mean, median and top share are `None` without a known size; the top share also when nobody
//! attended; the rest's mean below two sizes.
//!
//! # Assumptions, and when not to use it
//! Attendance is heavy-tailed: it is never tested per resident. Limits come from
//! [`super::interval::bootstrap`].
//!
//! # Cost and determinism
//! O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::attendance;
//! let concerts = attendance::summarise(&[1200, 150, 120, 80, 50], 5).unwrap();
//! assert_eq!((concerts.total, concerts.mean, concerts.rest_mean), (1600, Some(320.0), Some(100.0)));
//! assert_eq!(concerts.top_share, Some(0.75));
//! let one_unknown = attendance::summarise(&[10; 9], 10).unwrap();
//! assert_eq!((one_unknown.n_events, one_unknown.missing_share), (10, 0.1));
//! ```
//!
//! # Source
//! RAN Collection (2018), *Situational Assessment of Extremist Trends* (the concerts).

use super::{
    interval::bootstrap::middle,
    numerics::float::{real, size},
};

/// How large the events of a cell were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Events, with or without a size.
    pub n_events: u64,
    /// Events with a size.
    pub n_sized: u64,
    /// Sum of the known sizes.
    pub total: u64,
    /// Mean known size.
    pub mean: Option<f64>,
    /// Median known size.
    pub median: Option<f64>,
    /// Mean of the others without the largest.
    pub rest_mean: Option<f64>,
    /// The largest event's share of the total.
    pub top_share: Option<f64>,
    /// Share of events without a size.
    pub missing_share: f64,
}

/// Summarises the known sizes of `n_events` events.
pub fn summarise(sizes: &[u64], n_events: u64) -> Option<Summary> {
    let n_events = n_events.max(sizes.len() as u64);
    if n_events == 0 {
        return None;
    }
    let mut ascending = sizes.to_vec();
    ascending.sort_unstable();
    let total: u64 = ascending.iter().sum();
    let n = ascending.len();
    let largest = ascending.last().copied();
    let n_sized = n as u64;
    Some(Summary {
        n_events,
        n_sized,
        total,
        mean: largest.map(|_| real(total) / size(n)),
        median: largest.map(|_| middle(&ascending)),
        rest_mean: largest.filter(|_| n > 1).map(|top| real(total - top) / size(n - 1)),
        top_share: largest.filter(|_| total > 0).map(|top| real(top) / real(total)),
        missing_share: real(n_events - n_sized) / real(n_events),
    })
}
