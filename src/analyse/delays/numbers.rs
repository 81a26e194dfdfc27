//! What the triangle says: completeness by delay, and the final count of every period.

use super::input::Input;
use crate::statistics::{
    interval::Confidence,
    numerics::random::Key,
    surveillance::{
        mack::{self, Mack},
        nowcast::{self, Nowcast},
    },
};

/// Draws behind all limits.
pub(super) const N_DRAWS: u64 = 9_999;

/// What is known by a delay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Share of the final count; `None` where no earlier event tells it.
    pub(super) share: Option<f64>,
    pub(super) limits: Option<(f64, f64)>,
    /// From this delay to the next; none after the longest.
    pub(super) factor: Option<f64>,
}

/// Everything computed.
#[derive(Debug, Clone)]
pub(super) struct Analysis {
    /// By delay.
    pub(super) known: Vec<Known>,
    /// By period.
    pub(super) periods: Vec<Option<Nowcast>>,
    /// Expected final count of all periods together, with limits.
    pub(super) total: Option<(f64, f64, f64)>,
    pub(super) mack: Option<Mack>,
    pub(super) dispersion: Option<f64>,
}

/// Fits the delays.
pub(super) fn analyse(input: &Input, seed: u64, confidence: Confidence) -> Analysis {
    let triangle = &input.triangle;
    let key = Key::named(seed, "delays");
    let periods = nowcast::nowcast(triangle, N_DRAWS, key, confidence);
    let factors = triangle.factors();
    let shares = triangle.completeness();
    let known = shares.iter().enumerate().map(|(delay, &share)| {
        // Every delay is the one by which some period is known now.
        let now = triangle.rows().iter().position(|row| row.len() == delay + 1);
        let limits = now.and_then(|at| periods[at]).map(|found| found.completeness_limits);
        Known { share, limits, factor: factors.get(delay).copied().flatten() }
    });
    Analysis {
        known: known.collect(),
        total: nowcast::total(triangle, N_DRAWS, key, confidence),
        mack: mack::errors(triangle),
        dispersion: triangle.dispersion(),
        periods,
    }
}
