//! Scatter: how much more than Poisson the counts of a region vary from one base period to the next.
//!
//! An interval of one region's count needs the variation of *that* count, had the same process run again. Differences
//! between regions are not part of it (they are what the assessment wants to find), so expected counts are each region's
//! own total, spread over the base periods as the level's total is. Where the scatter is no more than Poisson, or where
//! fewer than three base periods are covered, intervals stay Garwood's.

use crate::{
    model::{Cell, Counts, Measure, MeasureKind, VarianceLaw},
    statistics::dispersion,
};

use super::Setting;

/// Fewest base periods from which scatter is judged.
const MIN_PERIODS: usize = 3;

/// How a count scatters at each level; `None`: as Poisson.
pub(super) fn laws(
    cells: &[Cell<Counts>],
    measure: &Measure,
    setting: &Setting<'_>,
) -> Vec<Option<VarianceLaw>> {
    let levels = 0..setting.tree.levels.len();
    if !matches!(measure.kind, MeasureKind::Count | MeasureKind::Rate) {
        return levels.map(|_| None).collect();
    }
    levels.map(|level| law(cells, level, setting)).collect()
}

fn law(cells: &[Cell<Counts>], level: usize, setting: &Setting<'_>) -> Option<VarianceLaw> {
    let n_periods = setting.calendar.n_periods();
    let regions = setting.tree.level(level);
    let at = |region: usize, period: usize| cells[region * n_periods + period].value();
    let covered: Vec<usize> = (0..setting.calendar.base.len())
        .filter(|&period| regions.clone().all(|region| at(region, period).is_some()))
        .collect();
    if covered.len() < MIN_PERIODS {
        return None;
    }
    let count =
        |region: usize, period: usize| at(region, period).map_or(0, |counts| counts.numerator);
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let of_period: Vec<f64> = covered
        .iter()
        .map(|&period| regions.clone().map(|region| count(region, period)).sum::<u64>() as f64)
        .collect();
    let total: f64 = of_period.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    for region in regions {
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let own = covered.iter().map(|&period| count(region, period)).sum::<u64>() as f64;
        for (at, &period) in covered.iter().enumerate() {
            if own > 0.0 && of_period[at] > 0.0 {
                observed.push(count(region, period));
                expected.push(own * of_period[at] / total);
            }
        }
    }
    // Fewer than 20 region-periods say nothing about scatter.
    if observed.len() < 20 {
        return None;
    }
    dispersion::estimate(&observed, &expected).law
}
