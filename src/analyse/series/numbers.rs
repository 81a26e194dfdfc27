//! All series: one result each, trends corrected for their number.

use rayon::prelude::*;

use super::{
    Options,
    build::{Input, Series},
    trend::{self, LogLinear, Trends},
    watch::{self, Alarms, Watch},
};
use crate::statistics::multiple::benjamini_hochberg::q_values;

/// One series.
#[derive(Debug, Clone)]
pub(super) struct Of {
    pub(super) trends: Trends,
    pub(super) watch: Watch,
}

/// Ranks with a p above this see nothing of a trend.
const UNSEEN: f64 = 0.2;

impl Of {
    /// A trend that chance does not explain, and that does not rest on a few extreme periods: ranks see it as well.
    pub(super) fn sure_trend(&self, alpha: f64) -> Option<&LogLinear> {
        let seen = self.trends.ranks.as_ref().map_or(true, |ranks| ranks.p <= UNSEEN);
        self.trends.log_linear.as_ref().ok().filter(|found| found.q <= alpha && seen)
    }

    /// The last period that could be watched.
    pub(super) fn last_watched(&self) -> Option<usize> {
        self.watch.alarms.as_ref().ok()?.found().next_back().map(|(at, _)| at)
    }
}

/// Everything computed, one per series.
#[derive(Debug, Clone)]
pub(super) struct Analysis {
    pub(super) of: Vec<Of>,
}

impl Analysis {
    /// Series with a trend that could be tested.
    pub(super) fn n_trends(&self) -> usize {
        self.of.iter().filter(|of| of.trends.log_linear.is_ok()).count()
    }

    /// Periods that were watched, in all series.
    pub(super) fn n_watched(&self) -> usize {
        let alarms = self.of.iter().filter_map(|of| of.watch.alarms.as_ref().ok());
        alarms.map(|alarms: &Alarms| alarms.found().count()).sum()
    }
}

/// Analyses every series.
pub(super) fn analyse(input: &Input, options: &Options) -> Analysis {
    let one = |series: &Series| Of {
        trends: trend::trends(input, series, options),
        watch: watch::watch(input, series, options),
    };
    let mut of: Vec<Of> = input.series.par_iter().map(one).collect();
    let mut tested: Vec<&mut LogLinear> =
        of.iter_mut().filter_map(|of| of.trends.log_linear.as_mut().ok()).collect();
    let p: Vec<f64> = tested.iter().map(|found| found.quoted.p).collect();
    for (found, q) in tested.iter_mut().zip(q_values(&p)) {
        found.q = q;
    }
    Analysis { of }
}
