//! `series.csv`: one row a series and period; empty where nothing can be said.

use super::{
    build::{Input, Status},
    numbers::{Analysis, Of},
    trend::PER,
    watch::{self, Watch},
};
use crate::statistics::interval::{Confidence, garwood};

const COLUMNS: [&str; 19] = [
    "series",
    "period",
    "start",
    "end",
    "events",
    "lower95",
    "upper95",
    "population",
    "rate",
    "rate_lower95",
    "rate_upper95",
    "expected",
    "alarm_limit",
    "alarm",
    "xmr_lower",
    "xmr_upper",
    "xmr_signal",
    "status",
    "reason",
];

/// A rate per so many persons and year, with its limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) value: f64,
    pub(super) limits: (f64, f64),
}

/// The limits of a count.
pub(super) fn limits(events: u64) -> (f64, f64) {
    garwood::limits(events, Confidence::P95)
}

/// The rate of a period of one series.
pub(super) fn rate(input: &Input, series: usize, at: usize) -> Option<Rate> {
    let cell = &input.series[series].cells[at];
    let years = input.periods.every.share_of_year(input.periods.starts[at]);
    let exposure = cell.population.map(|persons| persons * years).filter(|years| *years > 0.0)?;
    let events = cell.count()?;
    let per = |count: f64| count / exposure * PER;
    let (lower, upper) = limits(events);
    Some(Rate {
        value: per(crate::statistics::numerics::float::real(events)),
        limits: (per(lower), per(upper)),
    })
}

/// The whole file. Numbers are written with every digit they have.
pub(super) fn csv(input: &Input, analysis: &Analysis) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("invariant: writing to memory");
    for (of, series) in input.series.iter().enumerate() {
        for at in 0..input.periods.len() {
            let cell = &series.cells[at];
            let counted = cell.events.filter(|_| cell.status != Status::Missing);
            let within = cell.count().map(limits);
            let rate = rate(input, of, at);
            let found = &analysis.of[of];
            let watched = found.watch.alarms.as_ref().ok();
            let watched = watched.and_then(|alarms| alarms.watched[at].as_ref().ok());
            let chart = found.watch.xmr.as_ref().ok().filter(|xmr| at >= xmr.from);
            let cells: [String; COLUMNS.len()] = [
                series.name.clone(),
                input.periods.label(at),
                input.periods.starts[at].to_string(),
                input.periods.end(at).to_string(),
                counted.map_or(String::new(), |events| events.to_string()),
                number(within.map(|limits| limits.0)),
                number(within.map(|limits| limits.1)),
                number(cell.population),
                number(rate.map(|rate| rate.value)),
                number(rate.map(|rate| rate.limits.0)),
                number(rate.map(|rate| rate.limits.1)),
                number(watched.map(|watched| watched.expected)),
                number(watched.map(|watched| watched.upper)),
                watched.map_or(String::new(), |watched| watched.alarm.to_string()),
                number(chart.map(|xmr| xmr.chart.limits.lower)),
                number(chart.map(|xmr| xmr.chart.limits.upper)),
                signals(&found.watch, at),
                cell.status.as_str().to_owned(),
                reason(&cell.reason, found, at),
            ];
            writer.write_record(cells).expect("invariant: writing to memory");
        }
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

/// Why a cell is not compared; else why there is no alarm limit.
fn reason(of_cell: &str, found: &Of, at: usize) -> String {
    if !of_cell.is_empty() {
        return of_cell.to_owned();
    }
    let why = match &found.watch.alarms {
        Ok(alarms) => alarms.watched[at].as_ref().err(),
        Err(why) => Some(why),
    };
    why.map_or(String::new(), |why| format!("no alarm limit: {why}"))
}

/// What the control chart says of a period.
pub(super) fn signals(watch: &Watch, at: usize) -> String {
    let Ok(xmr) = &watch.xmr else { return String::new() };
    let here = xmr.chart.signals.iter().filter(|signal| signal.at == at);
    let words: Vec<String> = here
        .map(|signal| {
            let side = if signal.high { "high" } else { "low" };
            format!("{side}: {}", watch::rule(signal.rule))
        })
        .collect();
    words.join("; ")
}

fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or(String::new(), |value| value.to_string())
}
