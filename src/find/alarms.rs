//! Alarms: the last whole base period of every counted measure, country and region, against what came before.
//!
//! Months and quarters are judged by [`farrington`], which allows for season and trend; years by an [`xmr_chart`], which
//! knows neither. Rare series are not watched, and say so. A series starts after the last declared break of its sources.

use rayon::prelude::*;

use super::{Setting, trends::is_counted};
use crate::{
    model::{AlarmMethod, Cell, Counts, Every, MeasurePanel, SliceKey, Watch, Watched},
    statistics::{
        numerics::float::real,
        surveillance::{
            farrington::{self, FEWEST_YEARS, Settings, Unwatched, same_periods},
            rules::Rule,
            xmr_chart::{self, Uncharted},
        },
    },
};

/// Earlier years a period is compared with, where there are as many.
const N_YEARS: usize = 5;

/// Watches every counted measure, all ideologies together: the country and each region.
pub fn alarms(counts: &[MeasurePanel<Cell<Counts>>], setting: &Setting<'_>) -> Vec<Watch> {
    let counted = counts.iter().filter(|panel| is_counted(panel, setting));
    counted
        .filter_map(|panel| Some((panel, panel.panel.slice(SliceKey::TOTAL)?)))
        .flat_map(|(panel, cells)| watches(panel, cells, setting))
        .collect()
}

/// One measure in every region.
fn watches(
    panel: &MeasurePanel<Cell<Counts>>,
    cells: &[Cell<Counts>],
    setting: &Setting<'_>,
) -> Vec<Watch> {
    let (n_base, n_periods) = (setting.calendar.base.len(), setting.calendar.n_periods());
    let count = |region: usize, period: usize| {
        let counts = cells[region * n_periods + period].value()?;
        (counts.coverage >= 1.0).then_some(counts.numerator)
    };
    let n_regions = setting.tree.len();
    let last = (0..n_base)
        .rev()
        .find(|&period| (0..n_regions).any(|region| count(region, period).is_some()));
    let first = last.map_or(0, |last| recorded_alike_from(panel, last, setting));
    (0..n_regions)
        .into_par_iter()
        .map(|region| {
            // What was recorded in another way is no past of the last period.
            let series: Option<Vec<Option<u64>>> = last.map(|last| {
                (0..=last).map(|period| count(region, period).filter(|_| period >= first)).collect()
            });
            let answer = match series {
                None => Err("no period is covered as a whole".to_owned()),
                Some(_) if first > last.unwrap_or(0) => {
                    Err("recording changed within the last period".to_owned())
                }
                Some(series) => judge(&series, first > 0, setting.calendar.every),
            };
            let (watched, reason) = match answer {
                Ok(watched) => (Some(watched), None),
                Err(reason) => (None, Some(reason)),
            };
            Watch { measure: panel.key, region, period: last, watched, reason }
        })
        .collect()
}

/// The first base period that is recorded like the last: the one that starts with or after the last break before its end.
fn recorded_alike_from(
    panel: &MeasurePanel<Cell<Counts>>,
    last: usize,
    setting: &Setting<'_>,
) -> usize {
    let base = &setting.calendar.base;
    let breaks = setting.breaks.iter().filter(|broken| panel.sources.contains(&broken.source));
    let latest = breaks.map(|broken| broken.at).filter(|at| *at <= base[last].end).max();
    latest.map_or(0, |at| base.partition_point(|period| period.start < at))
}

/// The last period of a series; `is_cut` when a break took its beginning.
fn judge(series: &[Option<u64>], is_cut: bool, every: Every) -> Result<Watched, String> {
    match every {
        Every::Month | Every::Quarter => by_season(series, every, is_cut),
        Every::Year => by_chart(series, is_cut),
        Every::FourMonths | Every::HalfYear => {
            Err("alarms need base periods of a quarter or shorter, or of a year".to_owned())
        }
    }
}

fn by_season(series: &[Option<u64>], every: Every, is_cut: bool) -> Result<Watched, String> {
    let at = series.len() - 1;
    let settings = Settings::noufaily(12 / every.months());
    let same = same_periods(at, every.per_year(), N_YEARS);
    let found = farrington::watch(series, at, &same, &settings).map_err(|why| match why {
        Unwatched::NotRecorded => "not covered in the last period".to_owned(),
        Unwatched::TooFewYears { .. } => {
            format!("fewer than {FEWEST_YEARS} earlier years{}", since(is_cut))
        }
        Unwatched::TooRare { .. } => {
            format!("fewer than {} a month before", settings.least_per_month)
        }
        Unwatched::TooFewRecent { .. } => {
            let (n_events, n_periods) = settings.least_recent;
            format!("fewer than {n_events} in the last {n_periods} periods")
        }
        Unwatched::TooManySeasons | Unwatched::NotEstimable => {
            "the past does not say what to expect".to_owned()
        }
    })?;
    Ok(Watched {
        method: AlarmMethod::Farrington,
        observed: found.observed,
        expected: found.expected,
        upper: found.upper,
        p: Some(found.p),
        exceedance: found.exceedance,
        n_baseline: found.n_baseline,
        alarm: found.alarm,
    })
}

fn by_chart(series: &[Option<u64>], is_cut: bool) -> Result<Watched, String> {
    let at = series.len() - 1;
    let observed = series[at].ok_or_else(|| "not covered in the last period".to_owned())?;
    let values: Vec<Option<f64>> = series.iter().map(|count| count.map(real)).collect();
    let n_events = series.iter().flatten().sum();
    let chart = xmr_chart::chart(&values, n_events).map_err(|why| match why {
        Uncharted::TooFewPoints { .. } => format!(
            "alarms need base periods of a quarter or shorter, or {} years in a row{}",
            xmr_chart::FEWEST,
            since(is_cut)
        ),
        Uncharted::TooRare { .. } => {
            format!("fewer than {} a year", xmr_chart::LEAST_MEAN)
        }
        Uncharted::NotChartable => "the past does not say what to expect".to_owned(),
    })?;
    let room = chart.limits.upper - chart.limits.centre;
    let is_outside = chart.signals.iter().any(|signal| {
        signal.at == at && signal.high && matches!(signal.rule, Rule::Outside | Rule::Step)
    });
    Ok(Watched {
        method: AlarmMethod::Xmr,
        observed,
        expected: chart.limits.centre,
        upper: chart.limits.upper,
        p: None,
        exceedance: (room > 0.0).then(|| (real(observed) - chart.limits.centre) / room),
        n_baseline: values.iter().flatten().count() - 1,
        alarm: is_outside,
    })
}

fn since(is_cut: bool) -> &'static str {
    if is_cut { " since recording changed" } else { "" }
}

#[test]
fn years_are_charted_and_what_lies_between_is_not_watched() {
    let mut years: Vec<Option<u64>> =
        [20, 24, 22, 19, 23, 21].repeat(2).into_iter().map(Some).collect();
    let quiet = judge(&years, false, Every::Year).unwrap();
    assert!(!quiet.alarm && quiet.p.is_none() && quiet.n_baseline == 11);
    assert!((quiet.expected - 21.5).abs() < 1e-12);
    years.push(Some(60));
    let found = judge(&years, false, Every::Year).unwrap();
    assert!(found.alarm && found.exceedance.is_some_and(|times| times > 1.0));
    let few = judge(&years[5..], true, Every::Year).unwrap_err();
    assert!(few.contains("12 years in a row since recording changed"), "{few}");
    assert!(judge(&[Some(1); 20], false, Every::Year).unwrap_err().contains("fewer than 5 a year"));
    assert!(judge(&years, false, Every::HalfYear).unwrap_err().contains("a quarter or shorter"));
}

#[test]
fn quarters_are_watched_by_their_season() {
    let mut quarters: Vec<Option<u64>> =
        (0..24).map(|quarter| Some([30, 10, 12, 18][quarter % 4])).collect();
    let quiet = judge(&quarters, false, Every::Quarter).unwrap();
    assert!(!quiet.alarm && (quiet.expected - 18.0).abs() < 1.0, "{quiet:?}");
    // As many as every spring, but in autumn.
    quarters[23] = Some(40);
    assert!(judge(&quarters, false, Every::Quarter).unwrap().alarm);
}
