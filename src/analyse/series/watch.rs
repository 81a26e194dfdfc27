//! Periods that stand out: alarms against season and trend, and control charts, which know neither.
//!
//! A series starts anew with every declared break.

use super::{
    Break, Method, Options,
    build::{Cell, Input, Series},
    periods::{Every, Periods},
    trend::{Answer, LEFT_OUT, alike_from},
};
use crate::{
    model::Date,
    statistics::{
        numerics::float::{real, size},
        surveillance::{
            farrington::{self, FEWEST_YEARS, Settings, Unwatched, Watched},
            g_chart::{self, GapChart},
            rules::Rule,
            t_chart,
            xmr_chart::{self, Uncharted, XmrChart},
        },
    },
};
use chrono::{Datelike, Days};

/// Earlier years a period is compared with, where there are as many.
const N_YEARS: i32 = 5;

/// Events a period from which a series is no longer rare.
const RARE_BELOW: f64 = xmr_chart::LEAST_MEAN;

/// The alarms of a series.
#[derive(Debug, Clone)]
pub(super) struct Alarms {
    /// One per period.
    pub(super) watched: Vec<Answer<Watched>>,
}

impl Alarms {
    /// Periods that could be watched, and what was found.
    pub(super) fn found(&self) -> impl DoubleEndedIterator<Item = (usize, Watched)> + '_ {
        let all = self.watched.iter().enumerate();
        all.filter_map(|(at, watched)| Some((at, *watched.as_ref().ok()?)))
    }

    /// Periods with an alarm.
    pub(super) fn raised(&self) -> impl DoubleEndedIterator<Item = (usize, Watched)> + '_ {
        self.found().filter(|(_, watched)| watched.alarm)
    }
}

/// A control chart of counts; its signals are by period.
#[derive(Debug, Clone)]
pub(super) struct Xmr {
    /// First period on the chart.
    pub(super) from: usize,
    pub(super) chart: XmrChart,
}

/// A control chart of gaps; its signals are by gap.
#[derive(Debug, Clone)]
pub(super) struct Gaps {
    /// Gaps in order of time.
    pub(super) between: Vec<f64>,
    /// Since the last event.
    pub(super) open: f64,
    pub(super) chart: GapChart,
}

/// What was found of one series.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    pub(super) alarms: Answer<Alarms>,
    pub(super) xmr: Answer<Xmr>,
    /// Periods without an event between two with some.
    pub(super) g: Answer<Gaps>,
    /// Days between events.
    pub(super) t: Answer<Gaps>,
}

/// Looks at one series.
pub(super) fn watch(input: &Input, series: &Series, options: &Options) -> Watch {
    let asks =
        |method: Method| if options.asks_for(method) { Ok(()) } else { Err(LEFT_OUT.to_owned()) };
    let counts: Vec<Option<u64>> = series.cells.iter().map(Cell::count).collect();
    let last = (0..counts.len()).rev().find(|&at| counts[at].is_some());
    let from = last.map_or(counts.len(), |last| {
        alike_from(&input.periods, last, &options.breaks).unwrap_or(counts.len())
    });
    let since = if from > 0 { " since recording changed" } else { "" };
    let some = |()| {
        if last.is_some() { Ok(()) } else { Err("no period is covered as a whole".to_owned()) }
    };
    let rare = |()| is_rare(&counts[from..]);
    Watch {
        alarms: asks(Method::Alarms)
            .and_then(some)
            .and_then(|()| alarms(&input.periods, &counts, &options.breaks)),
        xmr: asks(Method::Xmr).and_then(some).and_then(|()| xmr(&counts, from, since)),
        g: asks(Method::Gaps)
            .and_then(some)
            .and_then(rare)
            .and_then(|()| between_periods(&counts[from..], input.periods.every, since)),
        t: asks(Method::Gaps)
            .and_then(some)
            .and_then(rare)
            .and_then(|()| between_days(input, series, from, options, since)),
    }
}

/// Whether a series is for the charts of gaps.
fn is_rare(counts: &[Option<u64>]) -> Answer<()> {
    let known: Vec<u64> = counts.iter().flatten().copied().collect();
    if known.iter().all(|&count| count == 0) {
        return Err("nothing recorded".to_owned());
    }
    if real(known.iter().sum()) >= RARE_BELOW * size(known.len()) {
        return Err(format!("not rare: {RARE_BELOW} or more a period"));
    }
    Ok(())
}

/// Every period against the same time of earlier years.
fn alarms(periods: &Periods, counts: &[Option<u64>], breaks: &[Break]) -> Answer<Alarms> {
    let per_year = match periods.every {
        Every::Week | Every::Month | Every::Quarter => periods.every.per_year(),
        Every::Year => {
            return Err(
                "alarms need weeks, months or quarters; years are on the control chart".to_owned()
            );
        }
        Every::Day => return Err("alarms need weeks, months or quarters: `--every`".to_owned()),
    };
    let settings = Settings::noufaily(per_year);
    let one = |at: usize| {
        let from = alike_from(periods, at, breaks)
            .map_err(|_| "recording changed within the period".to_owned())?;
        // What was recorded in another way is no past of this period.
        let series: Vec<Option<u64>> = counts[..=at]
            .iter()
            .enumerate()
            .map(|(period, count)| count.filter(|_| period >= from))
            .collect();
        let since = if from > 0 { " since recording changed" } else { "" };
        farrington::watch(&series, at, &same_time(periods, at), &settings)
            .map_err(|why| unwatched(why, periods.every, &settings, since))
    };
    let watched: Vec<Answer<Watched>> = (0..counts.len()).map(one).collect();
    if watched.iter().all(Result::is_err) {
        let last = (0..counts.len()).rev().find(|&at| counts[at].is_some());
        let why = last.and_then(|last| watched[last].clone().err());
        return Err(why.unwrap_or_else(|| "no period is covered as a whole".to_owned()));
    }
    Ok(Alarms { watched })
}

/// The same period of earlier years, newest first; of weeks the one that starts nearest to the same date.
fn same_time(periods: &Periods, at: usize) -> Vec<usize> {
    let start = periods.starts[at];
    let nearest = Days::new(if periods.every == Every::Week { 3 } else { 0 });
    (1..=N_YEARS)
        .map_while(|year| {
            let then = Date::from_ymd_opt(start.year() - year, start.month(), start.day());
            // 29 February a year back is 1 March.
            let then = then.or_else(|| Date::from_ymd_opt(start.year() - year, 3, 1))?;
            periods.of(then.checked_add_days(nearest)?)
        })
        .collect()
}

fn unwatched(why: Unwatched, every: Every, settings: &Settings, since: &str) -> String {
    match why {
        Unwatched::NotRecorded => "not covered as a whole".to_owned(),
        Unwatched::TooFewYears { n_years } => {
            format!("earlier years{since}: {n_years}; alarms need {FEWEST_YEARS}")
        }
        Unwatched::TooRare { .. } => {
            format!("rare: fewer than {} a month before", settings.least_per_month)
        }
        Unwatched::TooFewRecent { n_recent } => {
            let (least, n) = settings.least_recent;
            format!("{n_recent} in the last {n} {}; alarms need {least}", every.many())
        }
        Unwatched::TooManySeasons | Unwatched::NotEstimable => {
            "the past does not say what to expect".to_owned()
        }
    }
}

fn xmr(counts: &[Option<u64>], from: usize, since: &str) -> Answer<Xmr> {
    let values: Vec<Option<f64>> = counts[from..].iter().map(|count| count.map(real)).collect();
    let n_events = counts[from..].iter().flatten().sum();
    let mut chart = xmr_chart::chart(&values, n_events).map_err(|why| match why {
        Uncharted::TooFewPoints { n } => {
            format!("periods next to each other{since}: {n}; the chart needs {}", xmr_chart::FEWEST)
        }
        Uncharted::TooRare { mean } => {
            format!("rare: {mean:.2} a period; the chart needs {}", xmr_chart::LEAST_MEAN)
        }
        Uncharted::NotChartable => "neighbouring periods never differ".to_owned(),
    })?;
    for signal in &mut chart.signals {
        signal.at += from;
    }
    Ok(Xmr { from, chart })
}

/// Periods without an event between two that have one.
fn between_periods(counts: &[Option<u64>], every: Every, since: &str) -> Answer<Gaps> {
    let mut gaps = Vec::new();
    // Neither before the first event nor across a missing period is a gap known.
    let mut open: Option<u64> = None;
    for count in counts {
        match (count, open) {
            (None, _) => open = None,
            (Some(0), gap) => open = gap.map(|gap| gap + 1),
            (Some(_), gap) => {
                gaps.extend(gap);
                open = Some(0);
            }
        }
    }
    let open = open.unwrap_or(0);
    let chart = g_chart::chart(&gaps, open).map_err(|why| {
        uncharted(why, &format!("gaps between {} with events{since}", every.many()))
    })?;
    Ok(Gaps { between: gaps.into_iter().map(real).collect(), open: real(open), chart })
}

/// Days between one event and the next.
fn between_days(
    input: &Input,
    series: &Series,
    from: usize,
    options: &Options,
    since: &str,
) -> Answer<Gaps> {
    if series.days.is_empty() {
        return Err("needs rows that are events, with the day of each".to_owned());
    }
    let start = input.periods.starts[from];
    let days: Vec<Date> = series.days.iter().copied().filter(|day| *day >= start).collect();
    #[allow(clippy::cast_precision_loss, reason = "days of centuries")]
    let apart = |earlier: Date, later: Date| (later - earlier).num_days() as f64;
    let gaps: Vec<f64> = days.windows(2).map(|pair| apart(pair[0], pair[1])).collect();
    // The file ends with its last row, or where it says so.
    let all = input.series.iter().filter_map(|series| series.days.last().copied());
    let end = options.until.or_else(|| all.max());
    let open = end.zip(days.last()).map_or(0.0, |(end, last)| apart(*last, end));
    let chart = t_chart::chart(&gaps, open)
        .map_err(|why| uncharted(why, &format!("gaps between events{since}")))?;
    Ok(Gaps { between: gaps, open, chart })
}

fn uncharted(why: Uncharted, what: &str) -> String {
    match why {
        Uncharted::TooFewPoints { n } => {
            format!("{what}: {n}; the chart needs {}", g_chart::FEWEST)
        }
        Uncharted::TooRare { .. } | Uncharted::NotChartable => {
            format!("{what}: most of them are 0, so that no short one says anything")
        }
    }
}

/// What a rule of a chart says, in words.
pub(super) fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Outside => "outside the limits",
        Rule::Run => "eighth or later in a row on one side of the centre",
        Rule::ThreeOfFour => "three of four nearer to a limit than to the centre",
        Rule::Step => "too large a step from the period before",
    }
}

#[test]
fn gaps_are_not_counted_across_missing_periods() {
    let mut counts = vec![Some(0), Some(1)];
    for gap in 0..12 {
        counts.extend(vec![Some(0); gap % 3 + 1]);
        counts.push(Some(2));
    }
    let whole = between_periods(&counts, Every::Month, "").unwrap();
    assert_eq!(whole.between, [1.0, 2.0, 3.0].repeat(4));
    counts[2] = None;
    let why = between_periods(&counts, Every::Month, "").unwrap_err();
    assert_eq!(why, "gaps between months with events: 11; the chart needs 12");
}
