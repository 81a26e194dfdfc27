//! What a term adds up to in one region and base period, before measures are put together.

use std::collections::BTreeMap;

use crate::model::{Calendar, RegionTree, Sizes, SliceKey};

/// A sum with the part of the period it covers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Amount {
    /// Rows that count in full.
    pub whole: u64,
    /// Rows that count in part, after their weights.
    pub weighted: f64,
    /// Years under observation in the period.
    pub years: f64,
    /// Half the source's rounding unit, summed.
    pub rounding: f64,
    /// Attendance sizes.
    pub sizes: Option<Box<Sizes>>,
    /// Lists that stood (elections); a sum without any is not applicable rather than 0.
    pub n_lists: u64,
}

impl Amount {
    /// Nothing recorded while `years` were covered.
    pub fn zero(years: f64) -> Self {
        Self { years, ..Self::default() }
    }

    /// The whole number to show.
    pub fn total(&self) -> u64 {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "weights are in (0, 1] and counts below 2^53"
        )]
        let moved = self.weighted.round() as u64;
        self.whole + moved
    }

    /// Adds what was counted beside it; the covered years are left to the caller.
    pub fn add(&mut self, other: &Self) {
        self.whole += other.whole;
        self.weighted += other.weighted;
        self.rounding += other.rounding;
        self.n_lists += other.n_lists;
        if let Some(sizes) = &other.sizes {
            let own = self.sizes.get_or_insert_with(Box::default);
            own.n_events += sizes.n_events;
            own.low += sizes.low;
            own.high += sizes.high;
            own.mid.extend_from_slice(&sizes.mid);
            own.mid.sort_unstable();
        }
    }
}

/// A term over all regions and periods: per slice, region-major, `None` where nothing covers it.
#[derive(Debug, Clone, Default)]
pub struct TermPanel {
    /// Covered slices.
    pub slices: BTreeMap<SliceKey, Vec<Option<Amount>>>,
    /// Names of the breakdown slots 1, 2, ….
    pub parts: Vec<String>,
    /// Positions of the sources that fed it.
    pub sources: Vec<usize>,
    /// Where a level's own figure stands beside the sum of its children.
    pub gaps: Vec<Gap>,
}

/// A region's own figure and the sum of its children: the difference is a fact about coverage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Position of the source of the own figure.
    pub source: usize,
    /// Region.
    pub region: usize,
    /// Base period.
    pub period: usize,
    /// The region's own figure, which is used.
    pub own: u64,
    /// The sum of its children.
    pub sum: u64,
}

/// Adds windows behind the base periods of every region: a window is the sum of its parts, and never partial.
pub fn with_windows(
    base: &[Option<Amount>],
    tree: &RegionTree,
    calendar: &Calendar,
) -> Vec<Option<Amount>> {
    let n_base = calendar.base.len();
    let mut all = Vec::with_capacity(tree.len() * calendar.n_periods());
    for region in 0..tree.len() {
        let own = &base[region * n_base..(region + 1) * n_base];
        all.extend_from_slice(own);
        for window in &calendar.windows {
            let parts: Option<Vec<&Amount>> =
                own[window.first..=window.last].iter().map(Option::as_ref).collect();
            all.push(parts.map(|parts| {
                let mut sum = Amount::default();
                for part in parts {
                    sum.add(part);
                    sum.years += part.years;
                }
                sum
            }));
        }
    }
    all
}
