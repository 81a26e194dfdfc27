//! Estimate: panels of counts become panels of estimates, each with its interval, reliability and status.
//!
//! [`interval`] chooses the interval by the kind of measure; [`scatter`] finds how much more than Poisson a region's counts
//! scatter from period to period; [`smooth`] adds the gamma-Poisson posterior at the tested levels; [`survey`] estimates shares
//! of the population from respondents.

mod interval;
mod scatter;
mod smooth;
pub mod survey;

use rayon::prelude::*;

use crate::model::{
    Calendar, Cell, Counts, Date, Estimate, Indicator, Measure, MeasureKind, MeasurePanel,
    MethodBreak, Panel, RegionTree, Reliability, Sample, SliceKey, Status, SurveyShare,
};
use crate::statistics::interval::CountLimits;

/// Counts below this are `small`: the region's own rate and rank are not shown.
pub const SMALL: f64 = 10.0;

/// Relative width of the 95 % interval above which an estimate is `wide`.
pub const WIDE: f64 = 1.6;

/// What the estimates of a run share.
pub struct Setting<'a> {
    /// Regions.
    pub tree: &'a RegionTree,
    /// Periods.
    pub calendar: &'a Calendar,
    /// Levels whose rates are smoothed.
    pub test_levels: &'a [usize],
    /// Declared breaks.
    pub breaks: &'a [MethodBreak],
    /// Seed of bootstrap draws.
    pub seed: u64,
    /// Limits of counts that scatter no more than chance.
    pub limits: CountLimits,
}

/// The estimates of a measure and, where it was asked in a survey, every region's own share.
pub type Estimated = (MeasurePanel<Estimate>, Vec<SurveyShare>);

/// Estimates the measures of one indicator, in the order of their panels.
pub fn estimate(
    counts: &[&MeasurePanel<Cell<Counts>>],
    samples: &[Sample],
    indicator: &Indicator,
    setting: &Setting<'_>,
) -> Vec<Estimated> {
    let mut made = interval::Made::default();
    let measures = counts.iter().map(|panel| (panel, &indicator.measures[panel.key.measure]));
    measures
        .map(|(panel, measure)| {
            if measure.kind == MeasureKind::SurveyShare {
                let own: Vec<&Sample> =
                    samples.iter().filter(|sample| sample.key == panel.key).collect();
                return survey::estimate(panel, &own, measure, setting);
            }
            // Measures of the same records share their draws.
            let records = measure.numerator.condition.as_deref().unwrap_or("all");
            let name = format!("{}/{records}", indicator.id);
            (estimate_measure(panel, &name, measure, setting, &mut made), Vec::new())
        })
        .collect()
}

fn estimate_measure(
    counts: &MeasurePanel<Cell<Counts>>,
    name: &str,
    measure: &Measure,
    setting: &Setting<'_>,
    made: &mut interval::Made,
) -> MeasurePanel<Estimate> {
    let mut panel = Panel::new(counts.panel.n_regions, counts.panel.n_periods);
    let breaks: Vec<Date> = setting
        .breaks
        .iter()
        .filter(|broken| counts.sources.contains(&broken.source))
        .map(|broken| broken.at)
        .collect();
    for key in counts.panel.keys() {
        let cells = counts.panel.slice(key).unwrap_or_default();
        let draws = made.draws(setting.seed, name, key, cells.len());
        let mut estimates = slice(key, cells, counts, measure, setting, &draws);
        for (at, estimate) in estimates.iter_mut().enumerate() {
            let period = setting.calendar.period(at % counts.panel.n_periods);
            estimate.method_break = breaks.iter().any(|&at| period.start < at && at <= period.end);
        }
        panel.insert(key, estimates);
    }
    MeasurePanel {
        key: counts.key,
        panel,
        parts: counts.parts.clone(),
        sources: counts.sources.clone(),
    }
}

fn slice(
    key: SliceKey,
    cells: &[Cell<Counts>],
    counts: &MeasurePanel<Cell<Counts>>,
    measure: &Measure,
    setting: &Setting<'_>,
    draws: &interval::Draws,
) -> Vec<Estimate> {
    let scatter = scatter::laws(cells, measure, setting);
    let n_periods = counts.panel.n_periods;
    let mut estimates: Vec<Estimate> = cells
        .par_iter()
        .enumerate()
        .map_init(interval::Memo::new, |memo, (at, cell)| match cell {
            Cell::Empty(status) => Estimate::empty(*status),
            Cell::Value(counted) => {
                let level = setting.tree.get(at / n_periods).level;
                let parts = counts.parts.len();
                let mut estimate = interval::estimate(
                    measure,
                    key,
                    counted,
                    (scatter[level], setting.limits),
                    parts,
                    (draws, at),
                    memo,
                );
                finish(&mut estimate, measure, counted);
                estimate
            }
        })
        .collect();
    if measure.kind == MeasureKind::Rate && key.breakdown == 0 {
        smooth::add(&mut estimates, measure, setting);
    }
    estimates
}

/// Adds what every estimate carries: the counts behind it, its status and its reliability.
fn finish(estimate: &mut Estimate, measure: &Measure, counted: &Counts) {
    estimate.numerator = Some(counted.numerator);
    estimate.denominator = counted.denominator;
    estimate.unknown = counted.unknown;
    estimate.exposure = counted.exposure;
    estimate.coverage = Some(counted.coverage);
    estimate.estimated = counted.estimated;
    estimate.provisional = counted.coverage < 1.0;
    let is_complete = measure.kind == MeasureKind::CompleteShare;
    let counts_events =
        matches!(measure.kind, MeasureKind::Count | MeasureKind::Rate | MeasureKind::Share);
    if estimate.value.is_none() {
        estimate.status = Status::NotApplicable;
    } else if counted.numerator == 0 && counts_events {
        estimate.status = Status::ZeroRecorded;
    }
    let effective = counted.denominator.unwrap_or(f64::INFINITY).min(
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        {
            estimate.n_units.unwrap_or(counted.numerator) as f64
        },
    );
    estimate.reliability = match (estimate.value, estimate.interval95) {
        (None, _) => Reliability::None,
        _ if is_complete => Reliability::Ok,
        _ if effective < SMALL => Reliability::Small,
        (Some(value), Some((lower, upper))) if upper - lower > WIDE * value => Reliability::Wide,
        _ => Reliability::Ok,
    };
}
