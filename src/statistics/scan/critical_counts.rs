//! How many cases a zone needs before it can beat a log-likelihood ratio: a table, so that the search needs no logarithm.
//!
//! Measures fall into bins of equal √measure, ratios into geometric levels. A bin's count belongs to its lower end and a
//! level's to its own: with fewer cases no zone of the bin reaches the level, so that skipping it loses nothing. Levels
//! are filled in when first met.

use std::sync::OnceLock;

use super::likelihood::Likelihood;
use crate::statistics::numerics::float::{real, size};

/// Bins of √(measure/whole) per √cases: each is a quarter of a standard deviation wide.
const BINS_PER_ROOT: f64 = 8.0;
/// Enough for few cases.
const FEWEST_BINS: f64 = 64.0;
/// Few enough to stay in a processor's cache.
const MOST_BINS: f64 = 2048.0;
/// The lowest level above 0; the largest ratio of a map is hardly ever below.
const FIRST_LEVEL: f64 = 1.0;
/// From level to level.
const GROWTH: f64 = 1.04;
/// The last level is 1.04³⁹⁸ ≈ 6 million; beyond it zones are compared one by one.
const N_LEVELS: usize = 400;

/// No count reaches the level.
pub(super) const NEVER: i32 = i32::MAX;

/// Critical counts of every level and bin.
pub(super) struct CriticalCounts {
    likelihood: Likelihood,
    fewest: u64,
    n_bins: usize,
    /// Bins² per measure.
    scale: f64,
    /// Ascending, from 0.
    levels: Vec<f64>,
    counts: Vec<OnceLock<Vec<i32>>>,
}

impl CriticalCounts {
    /// A table for zones with at least `fewest` cases.
    pub(super) fn new(likelihood: Likelihood, fewest: u64) -> Self {
        let mut levels = vec![0.0];
        let mut level = FIRST_LEVEL;
        while levels.len() < N_LEVELS {
            levels.push(level);
            level *= GROWTH;
        }
        let counts = levels.iter().map(|_| OnceLock::new()).collect();
        let n_bins = (BINS_PER_ROOT * likelihood.cases().sqrt()).clamp(FEWEST_BINS, MOST_BINS);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number between two small ones"
        )]
        let n_bins = n_bins as usize;
        let scale = size(n_bins * n_bins) / likelihood.whole();
        Self { likelihood, fewest, n_bins, scale, levels, counts }
    }

    /// What the table is for.
    pub(super) fn likelihood(&self) -> &Likelihood {
        &self.likelihood
    }

    /// The highest level not above a ratio.
    pub(super) fn level(&self, ratio: f64) -> usize {
        self.levels.partition_point(|&level| level <= ratio).saturating_sub(1)
    }

    /// The bin of a measure.
    #[inline]
    pub(super) fn bin(&self, measure: f64) -> usize {
        let place = (measure * self.scale).sqrt();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number in [0, n_bins], up to rounding"
        )]
        let bin = place as usize;
        bin.min(self.n_bins - 1)
    }

    /// The critical counts of a level, one per bin.
    pub(super) fn at(&self, level: usize) -> &[i32] {
        self.counts[level].get_or_init(|| {
            // Slack for the rounding of measures and ratios on either side of a limit.
            let beat = self.levels[level] * (1.0 - 1e-9);
            let mut count = self.fewest.max(1);
            (0..self.n_bins)
                .map(|bin| {
                    let root = size(bin) / size(self.n_bins) * (1.0 - 1e-9);
                    let measure = root * root * self.likelihood.whole();
                    count = self.least(count, measure, beat);
                    i32::try_from(count).unwrap_or(NEVER)
                })
                .collect()
        })
    }

    /// The least count from `from` on with which a zone of this measure exceeds a ratio; larger than all cases: none.
    fn least(&self, from: u64, measure: f64, beat: f64) -> u64 {
        let all = self.likelihood.cases();
        // A zone without any measure is exceeded by whatever falls into it.
        let exceeds = |count: u64| {
            let cases = real(count);
            cases > all || measure <= 0.0 || self.likelihood.ratio(cases, measure) > beat
        };
        if exceeds(from) {
            return from;
        }
        // Invariant of the search: `low` does not exceed, `high` does.
        let (mut low, mut step) = (from, 1);
        while !exceeds(low + step) {
            low += step;
            step *= 2;
        }
        let mut high = low + step;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if exceeds(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }
}

#[test]
fn a_zone_below_its_critical_count_never_beats_the_level() {
    let poisson = Likelihood::Poisson { total: 300.0 };
    let bernoulli = Likelihood::Bernoulli { cases: 40.0, units: 1_000.0 };
    for likelihood in [poisson, bernoulli] {
        let table = CriticalCounts::new(likelihood, 2);
        let mut n_skipped = 0;
        for ratio in [0.0, 0.3, 2.7, 5.0, 11.0] {
            let counts = table.at(table.level(ratio));
            for part in 1..400 {
                let measure = likelihood.whole() * f64::from(part) / 400.0;
                let critical = counts[table.bin(measure)];
                for cases in 0..critical.min(300) {
                    let found = likelihood.ratio(f64::from(cases), measure);
                    assert!(cases < 2 || found <= ratio, "{cases} {measure}");
                    n_skipped += 1;
                }
            }
        }
        assert!(n_skipped > 10_000);
    }
}

#[test]
fn critical_counts_are_sharp() {
    let likelihood = Likelihood::Poisson { total: 300.0 };
    let table = CriticalCounts::new(likelihood, 2);
    let counts = table.at(table.level(5.0));
    for measure in [0.5, 4.0, 30.0, 120.0] {
        let exceeds = |&cases: &i32| likelihood.ratio(f64::from(cases), measure) > 5.0;
        let least = (2..300).find(exceeds).unwrap();
        assert!((least - counts[table.bin(measure)]).abs() <= 1, "{measure}");
    }
}
