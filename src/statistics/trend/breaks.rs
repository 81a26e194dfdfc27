//! Declared method breaks: the stretches of a series that were recorded in one way.
//!
//! # Question
//! The law changed in the fourth and in the seventh year: which years may be compared, and are they enough for a trend?
//!
//! # Definition
//! A declared break lies before a point, or inside it; a point with a break inside belongs to no stretch. [`latest`] is
//! the stretch after the last break, if it is long enough to speak of a trend. Breaks that nobody declared are looked for by
//! [`assess`](crate::statistics::surveillance::breaks::assess).
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `n_points` | `usize` | – | points | – |
//! | `breaks` | `&[Break]` | any order | position of a point | others are ignored |
//!
//! # Output
//! Ranges of positions in time order, none of them empty.
//!
//! # Undefined
//! [`latest`] gives [`NoTrend::RecordingChanged`] when a break leaves fewer than [`FEWEST_POINTS`] points,
//! [`NoTrend::TooFewPoints`] when there are too few without any break.
//!
//! # Assumptions, and when not to use it
//! A break changes the whole series, and whoever records has declared it.
//!
//! # Cost and determinism
//! O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::breaks::{Break, stretches};
//! assert_eq!(stretches(6, &[Break::Before(2), Break::Inside(4)]), [0..2, 2..4, 5..6]);
//! ```
//!
//! # Source
//! METHODS §4.3 (declared breaks split every series; nothing crosses one).

use std::ops::Range;

use super::{FEWEST_POINTS, NoTrend};

/// Where recording changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Between the point before this one and this one.
    Before(usize),
    /// Inside the period of this point.
    Inside(usize),
}

/// The stretches of positions that no break crosses.
pub fn stretches(n_points: usize, breaks: &[Break]) -> Vec<Range<usize>> {
    let mut cuts: Vec<(usize, usize)> = breaks
        .iter()
        .map(|at| match *at {
            Break::Before(point) => (point, point),
            Break::Inside(point) => (point, point.saturating_add(1)),
        })
        .collect();
    cuts.sort_unstable();
    let mut found = Vec::new();
    let mut start = 0;
    for (end, next) in cuts.into_iter().chain([(n_points, n_points)]) {
        let end = end.min(n_points);
        if start < end {
            found.push(start..end);
        }
        start = start.max(next);
    }
    found
}

/// The stretch after the last break.
///
/// # Errors
/// [`NoTrend::RecordingChanged`] or [`NoTrend::TooFewPoints`], below [`FEWEST_POINTS`] points.
pub fn latest(n_points: usize, breaks: &[Break]) -> Result<Range<usize>, NoTrend> {
    let last = stretches(n_points, breaks).pop().filter(|last| last.end == n_points);
    let n = last.as_ref().map_or(0, Range::len);
    match last {
        Some(last) if n >= FEWEST_POINTS => Ok(last),
        _ if n < n_points => Err(NoTrend::RecordingChanged { n_since: n }),
        _ => Err(NoTrend::TooFewPoints { n }),
    }
}

#[test]
fn a_published_series_of_changing_methods_is_split() {
    let breaks = [Break::Before(11), Break::Before(4), Break::Before(7)];
    assert_eq!(stretches(12, &breaks), [0..4, 4..7, 7..11, 11..12]);
    assert_eq!(latest(12, &breaks), Err(NoTrend::RecordingChanged { n_since: 1 }));
}

#[test]
fn edges() {
    assert!(stretches(0, &[]).is_empty());
    let outside = [Break::Before(0), Break::Before(3), Break::Inside(9)];
    assert_eq!(stretches(3, &outside), stretches(3, &[]));
    assert_eq!(stretches(3, &[Break::Inside(1), Break::Before(2), Break::Inside(1)]), [0..1, 2..3]);
    assert_eq!(latest(9, &[Break::Before(1)]), Ok(1..9));
    assert_eq!(latest(9, &[Break::Inside(8)]), Err(NoTrend::RecordingChanged { n_since: 0 }));
    assert_eq!(latest(7, &[]), Err(NoTrend::TooFewPoints { n: 7 }));
}
