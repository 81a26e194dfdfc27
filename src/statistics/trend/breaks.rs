//! Method breaks: the stretches of a series recorded in one way, and jumps that look like an undeclared break.
//!
//! # Question
//! 20, 20, 29, nothing, 651, 617, 704, 28, 22: is that a trend, or was recording changed?
//!
//! # Definition
//! A declared break lies before a point, or inside it; a point with a break inside belongs to no stretch. [`latest`] is
//! the stretch after the last break, if it is long enough to speak of a trend.
//!
//! [`suspected`] compares each known point with the next: a jump is suspected where the exact 99.8 % limits of the rate
//! ratio ([`conditional_binomial`]) lie wholly above [`FACTOR`] or wholly below 1/[`FACTOR`]. It is a warning, no
//! proof.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `n_points` | `usize` | – | points | – |
//! | `breaks` | `&[Break]` | any order | position of a point | others are ignored |
//! | `counts` | `&[Option<u64>]` | one per point | events | `None` without data |
//! | `exposure` | `&[f64]` | the same | person-years, or years | points with none are skipped |
//!
//! # Output
//! Ranges of positions in time order, none of them empty; [`Jump`]s in time order.
//!
//! # Undefined
//! [`latest`] gives [`NoTrend::RecordingChanged`] when a break leaves fewer than [`FEWEST_POINTS`] points,
//! [`NoTrend::TooFewPoints`] when there are too few without any break.
//!
//! # Assumptions, and when not to use it
//! Breaks change the level of the whole series. A true eruption of events is suspected too: a person decides.
//!
//! # Cost and determinism
//! O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::breaks::{Break, stretches, suspected};
//! assert_eq!(stretches(6, &[Break::Before(2), Break::Inside(4)]), [0..2, 2..4, 5..6]);
//! let counts = [20, 20, 29, 651, 617].map(Some);
//! let jumps = suspected(&counts, &[1.0; 5]);
//! assert_eq!((jumps.len(), jumps[0].from, jumps[0].to), (1, 2, 3));
//! ```
//!
//! # Source
//! Przyborowski J, Wilenski H (1940), Biometrika 31:313–323, doi:10.1093/biomet/31.3-4.313 (the ratio's limits).

use std::ops::Range;

use super::{FEWEST_POINTS, NoTrend};
use crate::statistics::interval::{Confidence, conditional_binomial};

/// Where recording changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Between the point before this one and this one.
    Before(usize),
    /// Inside the period of this point.
    Inside(usize),
}

/// How many times the rate must change, with certainty, from one point to the next to be suspicious.
pub const FACTOR: f64 = 5.0;

/// A change of level too large for a trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    /// The last point before.
    pub from: usize,
    /// The first point after; later than `from + 1` when points between are without data.
    pub to: usize,
    /// Later rate over earlier; `None` when the earlier count is 0.
    pub ratio: Option<f64>,
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

/// Jumps that may be undeclared breaks.
pub fn suspected(counts: &[Option<u64>], exposure: &[f64]) -> Vec<Jump> {
    let known: Vec<(usize, u64, f64)> = counts
        .iter()
        .zip(exposure)
        .enumerate()
        .filter(|(_, (_, exposure))| **exposure > 0.0)
        .filter_map(|(at, (count, &exposure))| count.map(|count| (at, count, exposure)))
        .collect();
    let jump = |pair: &[(usize, u64, f64)]| {
        let ((from, earlier, before), (to, later, after)) = (pair[0], pair[1]);
        let change =
            conditional_binomial::compare(earlier, later, before, after, Confidence::P998)?;
        let up = change.lower > FACTOR;
        let down = change.upper.is_some_and(|upper| upper < 1.0 / FACTOR);
        (up || down).then_some(Jump { from, to, ratio: change.ratio })
    };
    known.windows(2).filter_map(jump).collect()
}

#[test]
fn a_published_series_of_changing_methods_warns_or_is_split() {
    let counts: Vec<Option<u64>> = [20, 20, 29, 0, 651, 617, 704, 28, 22, 46, 22, 727]
        .iter()
        .map(|&count| (count > 0).then_some(count))
        .collect();
    let jumps: Vec<(usize, usize)> =
        suspected(&counts, &[1.0; 12]).iter().map(|jump| (jump.from, jump.to)).collect();
    assert_eq!(jumps, [(2, 4), (6, 7), (10, 11)]);
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
    assert_eq!(suspected(&[Some(0), None, Some(0)], &[1.0; 3]), []);
    let from_nothing = suspected(&[Some(0), Some(400), Some(900)], &[1.0, 1.0, 0.0]);
    assert_eq!((from_nothing.len(), from_nothing[0].ratio), (1, None));
}
