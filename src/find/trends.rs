//! Trends over the disjoint base periods: a log-linear negative-binomial one with its interval, and two that assume no law.
//!
//! Nothing crosses a declared break: only the stretch after the last one is looked at. Where no break is declared and the level
//! changes as no trend does, the series gets a warning instead of a trend.

use crate::{
    model::{Cell, Counts, Date, MeasureKind, MeasurePanel, SliceKey, Trend},
    statistics::{
        interval::Confidence,
        numerics::random::Key,
        surveillance::breaks::assess,
        trend::{NoTrend, breaks, log_linear::Series, mann_kendall, negative_binomial, theil_sen},
    },
};
use rayon::prelude::*;

use super::Setting;

/// Rates are per so many person-years.
const PER: f64 = 100_000.0;

/// One point of a series: base period, count, person-years.
type Point = (usize, u64, f64);

/// Trends of every counted measure: all ideologies together for every region, each ideology for the country.
pub fn trends(counts: &[MeasurePanel<Cell<Counts>>], setting: &Setting<'_>) -> Vec<Trend> {
    let mut series = Vec::new();
    for panel in counts.iter().filter(|panel| is_counted(panel, setting)) {
        for key in panel.panel.keys().filter(|key| key.breakdown == 0) {
            let n_regions = if key.ideology == 0 { setting.tree.len() } else { 1 };
            series.extend((0..n_regions).map(|region| (panel, key.ideology, region)));
        }
    }
    series
        .into_par_iter()
        .map(|(panel, ideology, region)| trend(panel, ideology, region, setting))
        .collect()
}

/// Whether a measure counts something that adds up.
pub(super) fn is_counted(panel: &MeasurePanel<Cell<Counts>>, setting: &Setting<'_>) -> bool {
    let measure = &setting.indicators[panel.key.indicator].measures[panel.key.measure];
    measure.kind == MeasureKind::Count && measure.additive
}

fn trend(
    panel: &MeasurePanel<Cell<Counts>>,
    ideology: usize,
    region: usize,
    setting: &Setting<'_>,
) -> Trend {
    let mut trend = Trend {
        measure: panel.key,
        region,
        ideology,
        span: None,
        yearly_change: None,
        p: None,
        mann_kendall: None,
        theil_sen: None,
        jump: None,
        reason: None,
    };
    let n_base = setting.calendar.base.len();
    let cells = (0..n_base)
        .map(|period| panel.panel.get(SliceKey::ideology(ideology), region, period)?.value());
    let known: Vec<Option<Point>> = cells
        .enumerate()
        .map(|(at, cell)| {
            let counts = cell.filter(|counts| counts.coverage >= 1.0)?;
            Some((at, counts.numerator, counts.exposure.filter(|exposure| *exposure > 0.0)?))
        })
        .collect();
    let points: Vec<Point> = known.into_iter().flatten().collect();
    let stretch = match breaks::latest(points.len(), &declared(panel, &points, setting)) {
        Ok(stretch) => &points[stretch],
        Err(reason) => {
            trend.reason = Some(reason.to_string());
            return trend;
        }
    };
    trend.span = stretch.first().zip(stretch.last()).map(|(first, last)| (first.0, last.0));
    let observed: Vec<u64> = stretch.iter().map(|point| point.1).collect();
    let exposure: Vec<f64> = stretch.iter().map(|point| point.2).collect();
    let indicator = &setting.indicators[panel.key.indicator];
    let name = format!(
        "breaks/{}/{}/{ideology}/{}",
        indicator.id,
        indicator.measures[panel.key.measure].id,
        setting.tree.get(region).id
    );
    trend.jump = suspected(stretch, Key::named(setting.seed, &name), setting);
    if trend.jump.is_some() {
        trend.reason = Some("the level changes as no trend does: check recording".to_owned());
        return trend;
    }
    // Years, so that the change is one a year whatever the base periods are.
    let start = setting.calendar.period(stretch[0].0).start;
    let middle = |period: usize| {
        let period = setting.calendar.period(period);
        let days = |day: Date| (day - start).num_days();
        #[allow(clippy::cast_precision_loss, reason = "days of centuries")]
        let middle = (days(period.start) + days(period.end)) as f64 / 2.0;
        middle / 365.25
    };
    let times: Vec<f64> = stretch.iter().map(|point| middle(point.0)).collect();
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let rates: Vec<f64> = stretch.iter().map(|point| point.1 as f64 / point.2 * PER).collect();
    match fitted(&times, &observed, &exposure) {
        Ok((change, p)) => {
            trend.yearly_change = Some(change);
            trend.p = Some(p);
        }
        Err(reason) => trend.reason = Some(reason.to_string()),
    }
    trend.mann_kendall = mann_kendall::test(&rates).and_then(|found| Some((found.tau_b?, found.p)));
    trend.theil_sen = theil_sen::slope(&times, &rates, Confidence::P95)
        .map(|found| (found.slope, found.lower, found.upper));
    trend
}

/// The first change of level that no trend explains, by the base periods before and after it. A season looks like steps, so
/// that periods shorter than a year are added up to whole years, the last of which ends with the stretch.
fn suspected(stretch: &[Point], key: Key, setting: &Setting<'_>) -> Option<(usize, usize)> {
    let (first, last) = (stretch.first()?.0, stretch.last()?.0);
    let per_year = setting.calendar.every.per_year();
    let n_years = (last + 1 - first) / per_year;
    let start = |year: usize| last + 1 - (n_years - year) * per_year;
    let count = |period: usize| {
        let at = stretch.binary_search_by_key(&period, |point| point.0).ok()?;
        Some(stretch[at].1)
    };
    let yearly: Vec<Option<u64>> =
        (0..n_years).map(|year| (start(year)..start(year) + per_year).map(count).sum()).collect();
    let after = assess(&yearly, &[], key).undeclared.first()?.at;
    let before = yearly[..after].iter().rposition(Option::is_some)?;
    Some((start(before) + per_year - 1, start(after)))
}

type Change = (f64, f64, f64);

fn fitted(times: &[f64], observed: &[u64], exposure: &[f64]) -> Result<(Change, f64), NoTrend> {
    let series = Series::new(times, observed, exposure)?;
    let found = negative_binomial::fit(&series).ok_or(NoTrend::BadSeries)?;
    let change = series.change(&found.quoted, Confidence::P95)?;
    Ok(((change.percent, change.lower, change.upper), found.quoted.p()))
}

/// Declared breaks of the measure's sources, by position in the points.
fn declared(
    panel: &MeasurePanel<Cell<Counts>>,
    points: &[Point],
    setting: &Setting<'_>,
) -> Vec<breaks::Break> {
    let of_sources = setting.breaks.iter().filter(|at| panel.sources.contains(&at.source));
    of_sources
        .filter_map(|broken| {
            let place = points
                .iter()
                .position(|point| broken.at <= setting.calendar.period(point.0).end)?;
            let starts = setting.calendar.period(points[place].0).start;
            Some(if broken.at <= starts {
                breaks::Break::Before(place)
            } else {
                breaks::Break::Inside(place)
            })
        })
        .collect()
}
