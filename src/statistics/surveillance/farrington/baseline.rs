//! The periods a count is compared with: windows in earlier years and the seasons between them.

use super::{FEWEST_YEARS, Settings, Unwatched};
use crate::statistics::numerics::float::{real, size};

/// Recorded baseline periods, in order of time.
pub(super) struct Baseline {
    pub(super) counts: Vec<f64>,
    /// Periods from the current one, below 0.
    times: Vec<f64>,
    /// Season of each: 0 is the window's.
    seasons: Vec<usize>,
}

impl Baseline {
    pub(super) fn collect(
        series: &[Option<u64>],
        at: usize,
        same_periods: &[usize],
        settings: &Settings,
    ) -> Result<Self, Unwatched> {
        let w = settings.half_window;
        let mut season = vec![None; at];
        season[at.saturating_sub(w)..].fill(Some(0));
        let (mut next, mut n_years) = (at, 0);
        for &same in same_periods {
            let (Some(start), end) = (same.checked_sub(w), same + w + 1) else { break };
            if end > next {
                break;
            }
            n_years += usize::from(series[start..end].iter().any(Option::is_some));
            season[start..end].fill(Some(0));
            if settings.n_seasons > 1 {
                // Blocks up to where the next window starts; the first ones take what is left over.
                let between = next.saturating_sub(w + end);
                let n_blocks = settings.n_seasons - 1;
                if between < n_blocks {
                    return Err(Unwatched::TooManySeasons);
                }
                let (length, longer) = (between / n_blocks, between % n_blocks);
                let mut start = end;
                for block in 1..=n_blocks {
                    let end = start + length + usize::from(block <= longer);
                    season[start..end].fill(Some(block));
                    start = end;
                }
            }
            next = same;
        }
        if n_years < FEWEST_YEARS {
            return Err(Unwatched::TooFewYears { n_years });
        }
        season.truncate(at.saturating_sub(settings.n_left_out));
        let mut baseline = Self { counts: Vec::new(), times: Vec::new(), seasons: Vec::new() };
        for (position, (season, count)) in season.into_iter().zip(series).enumerate() {
            if let (Some(season), &Some(count)) = (season, count) {
                baseline.counts.push(real(count));
                baseline.times.push(-size(at - position));
                baseline.seasons.push(season);
            }
        }
        Ok(baseline)
    }

    pub(super) fn mean(&self) -> f64 {
        self.counts.iter().sum::<f64>() / size(self.counts.len())
    }

    /// Columns: 1, one for every other season that has periods, and last time when asked for. The current season now is
    /// (1, 0, …, 0).
    pub(super) fn design(&self, with_trend: bool) -> Vec<Vec<f64>> {
        let mut others = self.seasons.clone();
        others.sort_unstable();
        others.dedup();
        others.retain(|&season| season > 0);
        let row = |(&season, &time): (&usize, &f64)| {
            let mut row = vec![1.0];
            row.extend(others.iter().map(|&other| if other == season { 1.0 } else { 0.0 }));
            row.extend(with_trend.then_some(time));
            row
        };
        self.seasons.iter().zip(&self.times).map(row).collect()
    }
}

#[test]
fn windows_and_blocks_cover_the_year_and_recent_periods_are_left_out() {
    let series: Vec<Option<u64>> = (0..60).map(Some).collect();
    let settings = Settings::noufaily(12);
    let found = Baseline::collect(&series, 59, &[47, 35, 23], &settings).unwrap();
    // From a period before the oldest same month to six before the current one.
    assert_eq!((found.counts[0], found.counts.len()), (22.0, 31));
    assert_eq!(found.counts.last(), Some(&52.0));
    // Window of 3, three blocks of 3, and again.
    assert_eq!(found.seasons[..13], [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0]);
    assert_eq!(found.times.last(), Some(&-7.0));
}
