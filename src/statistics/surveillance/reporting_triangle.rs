//! The reporting triangle: how complete each period is, from how late earlier periods were reported.
//!
//! # Question
//! Offences become known weeks and months after they happened. Of those of the last quarter, what share is known by now,
//! and how many will there be in the end?
//!
//! # Definition
//! Rows are periods of occurrence, columns delays; Cᵢₖ are the events of period i known by delay k. Over the rows known
//! at delay k + 1: Aₖ, the sum of Cᵢₖ, and Bₖ, those that came at k + 1 exactly. Development factor fₖ = (Aₖ + Bₖ)/Aₖ, reporting
//! probability gₖ = 1/fₖ. Completeness at delay d is Πgₖ over k ≥ d; the last delay is complete by definition. Expected
//! final count: what is known over its completeness.
//!
//! These are also the maximum-likelihood estimates when cells are independent Poisson with mean (period) × (delay): given
//! Cᵢ,ₖ₊₁ then Cᵢₖ is binomial with gₖ, for every k on its own. Scatter φ is Pearson's around the fitted cells, over their
//! number less rows and columns, plus 1.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `rows` | `Vec<Vec<u64>>` | one per period, oldest first; by delay, as far as known | events that became known at that delay | no row longer than the one before |
//!
//! # Output
//! [`Triangle`], and from it factors, completeness, final counts, scatter. Intervals: [`super::nowcast`],
//! [`super::mack`].
//!
//! # Undefined
//! No [`Triangle`] without rows, with an empty row or one longer than the row before. Completeness is `None` where no
//! event of earlier periods tells it; a final count also where nothing is ever known at that delay.
//!
//! # Assumptions, and when not to use it
//! Delays are distributed the same in all periods: a change of procedure is a break. The longest delay seen is the longest
//! there is. Numbers corrected downwards later do not fit (delays of withdrawals are another triangle).
//!
//! # Cost and determinism
//! O(cells); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::reporting_triangle::Triangle;
//! let known = Triangle::new(vec![vec![40, 8, 2], vec![36, 12], vec![30]]).unwrap();
//! // By delay 1: (40 + 8)/50 = 0.96. By delay 0: 76 of 96 of that.
//! let complete = known.completeness();
//! assert!((complete[1].unwrap() - 0.96).abs() < 1e-15 && (complete[0].unwrap() - 0.76).abs() < 1e-15);
//! assert!((known.expected_final()[2].unwrap() - 30.0 / 0.76).abs() < 1e-12);
//! ```
//!
//! # Source
//! Mack T (1993), ASTIN Bull 23:213–225, doi:10.2143/AST.23.2.2005092; Renshaw AE, Verrall RJ (1998), Br Actuar J
//! 4:903–923, doi:10.1017/S1357321700000222 (the Poisson model behind it).

use crate::statistics::numerics::float::{real, size};

/// Events by period of occurrence and delay of becoming known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triangle {
    rows: Vec<Vec<u64>>,
}

/// What older periods say about one delay: events known before, and those that came then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// Aₖ.
    pub(super) known: f64,
    /// Bₖ.
    pub(super) came: f64,
}

impl Triangle {
    /// Checks the shape.
    pub fn new(rows: Vec<Vec<u64>>) -> Option<Self> {
        let falling = rows.windows(2).all(|pair| pair[0].len() >= pair[1].len());
        (falling && !rows.last()?.is_empty()).then_some(Self { rows })
    }

    /// The rows as given.
    pub fn rows(&self) -> &[Vec<u64>] {
        &self.rows
    }

    /// Events known of each period.
    pub fn reported(&self) -> Vec<u64> {
        self.rows.iter().map(|row| row.iter().sum()).collect()
    }

    /// By k: what the rows known at delay k + 1 say.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        (1..self.rows[0].len())
            .map(|delay| {
                let known_then = self.rows.iter().filter(|row| row.len() > delay);
                known_then.fold(Evidence { known: 0.0, came: 0.0 }, |sum, row| Evidence {
                    known: sum.known + real(row[..delay].iter().sum()),
                    came: sum.came + real(row[delay]),
                })
            })
            .collect()
    }

    /// Development factors from each delay to the next.
    pub fn factors(&self) -> Vec<Option<f64>> {
        let factor = |at: Evidence| (at.known > 0.0).then(|| (at.known + at.came) / at.known);
        self.evidence().into_iter().map(factor).collect()
    }

    /// Share of the final count known by each delay.
    pub fn completeness(&self) -> Vec<Option<f64>> {
        let evidence = self.evidence();
        let mut shares = vec![Some(1.0); evidence.len() + 1];
        for (delay, at) in evidence.into_iter().enumerate().rev() {
            let all = at.known + at.came;
            shares[delay] =
                shares[delay + 1].filter(|_| all > 0.0).map(|later| later * at.known / all);
        }
        shares
    }

    /// The final count each period is heading for.
    pub fn expected_final(&self) -> Vec<Option<f64>> {
        let shares = self.completeness();
        let heading = |row: &Vec<u64>| {
            let known = real(row.iter().sum());
            shares[row.len() - 1].filter(|&share| share > 0.0).map(|share| known / share)
        };
        self.rows.iter().map(heading).collect()
    }

    /// φ: how much cells scatter around (period) × (delay), 1 for Poisson. `None` without freedom left.
    pub fn dispersion(&self) -> Option<f64> {
        let shares: Vec<f64> = self.completeness().into_iter().collect::<Option<_>>()?;
        let (mut squares, mut n_cells, mut n_rows, mut n_delays) = (0.0, 0_usize, 0_usize, 0_usize);
        for delay in 0..shares.len() {
            let before = if delay == 0 { 0.0 } else { shares[delay - 1] };
            n_delays += usize::from(shares[delay] > before);
        }
        for (row, expected) in self.rows.iter().zip(self.expected_final()) {
            let Some(expected) = expected.filter(|&expected| expected > 0.0) else { continue };
            n_rows += 1;
            let mut before = 0.0;
            for (&count, &share) in row.iter().zip(&shares) {
                let mean = expected * (share - before);
                before = share;
                if mean > 0.0 {
                    n_cells += 1;
                    squares += (real(count) - mean) * (real(count) - mean) / mean;
                }
            }
        }
        let freedom =
            (n_cells + 1).checked_sub(n_rows + n_delays).filter(|&freedom| freedom > 0)?;
        Some(squares / size(freedom))
    }
}

#[test]
fn shapes_that_are_no_triangle_are_refused() {
    assert_eq!(Triangle::new(vec![]), None);
    assert_eq!(Triangle::new(vec![vec![1], vec![]]), None);
    assert_eq!(Triangle::new(vec![vec![1], vec![1, 2]]), None);
    let single = Triangle::new(vec![vec![4]]).unwrap();
    assert_eq!((single.completeness(), single.dispersion()), (vec![Some(1.0)], None));
}

#[test]
fn what_earlier_periods_do_not_tell_is_unknown() {
    // Nothing is ever known in the period itself: 7 at delay 0 cannot be scaled.
    let late = Triangle::new(vec![vec![0, 5], vec![0, 6], vec![7]]).unwrap();
    assert_eq!(late.factors(), [None]);
    assert_eq!(late.completeness(), [Some(0.0), Some(1.0)]);
    assert_eq!(late.expected_final(), [Some(5.0), Some(6.0), None]);
    // No event at all in the periods that would tell.
    let silent = Triangle::new(vec![vec![0, 0], vec![3]]).unwrap();
    assert_eq!((silent.completeness()[0], silent.expected_final()[1]), (None, None));
    assert_eq!(silent.dispersion(), None);
}
