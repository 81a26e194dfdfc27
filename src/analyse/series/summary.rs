//! `summary.json`: every answer with what it was based on, and why others are missing.

use serde_json::{Value, json};

use super::{
    build::{Cell, Input, Series},
    numbers::Of,
    sentences::Findings,
    trend::{Answer, Change, LogLinear, Ranks, Recording},
    watch::{Alarms, Gaps, Xmr, rule},
};
use crate::statistics::surveillance::{farrington::Settings, rules::Signal};

/// The whole file.
pub(super) fn json(findings: &Findings<'_>) -> String {
    let Findings { input, analysis, options } = *findings;
    let columns = &options.columns;
    let breaks: Vec<Value> = options
        .breaks
        .iter()
        .map(|broken| json!({ "at": broken.at, "given": broken.label, "reason": broken.reason }))
        .collect();
    let methods: Vec<&str> = super::Method::ALL
        .iter()
        .filter(|method| options.asks_for(**method))
        .map(|method| method.title())
        .collect();
    let series: Vec<Value> =
        input.series.iter().zip(&analysis.of).map(|(series, of)| one(input, series, of)).collect();
    let summary = json!({
        "headline": findings.headline(),
        "file": input.file,
        "format": input.format,
        "sha256": input.sha256,
        "columns": {
            "time": columns.time, "events": columns.events, "population": columns.population, "by": columns.by,
        },
        "rows_are": if input.has_counts { "counts" } else { "events" },
        "rows": input.n_rows,
        "every": input.periods.every.one(),
        "from": options.from,
        "until": options.until,
        "periods": input.periods.len(),
        "first": input.periods.label(0),
        "last": input.periods.label(input.periods.len() - 1),
        "declared_breaks": breaks,
        "methods": methods,
        "missing": options.missing,
        "alpha": options.alpha,
        "alpha_of_alarms": Settings::noufaily(12).alpha,
        "seed": options.seed,
        "trends_tested": analysis.n_trends(),
        "periods_watched": analysis.n_watched(),
        "series": series,
        "not_checked": findings.not_checked(),
        "notes": input.notes,
    });
    let text = serde_json::to_string_pretty(&summary).expect("invariant: plain values");
    text + "\n"
}

fn one(input: &Input, series: &Series, of: &Of) -> Value {
    let n = |status: super::build::Status| {
        series.cells.iter().filter(|cell: &&Cell| cell.status == status).count()
    };
    json!({
        "series": series.name,
        "events": series.total(),
        "recorded": n(super::build::Status::Recorded),
        "incomplete": n(super::build::Status::Incomplete),
        "missing": n(super::build::Status::Missing),
        "trend": answer(&of.trends.log_linear, |found| trend(input, found)),
        "mann_kendall": answer(&of.trends.ranks, |found| mann_kendall(input, found)),
        "theil_sen": answer(&of.trends.ranks, |found| theil_sen(input, found)),
        "breaks": answer(&of.trends.recording, |found| recording(input, found)),
        "alarms": answer(&of.watch.alarms, |found| alarms(input, found)),
        "xmr": answer(&of.watch.xmr, |found| xmr(input, found)),
        "g_chart": answer(&of.watch.g, |found| gaps(found, input.periods.every.many())),
        "t_chart": answer(&of.watch.t, |found| gaps(found, "days")),
    })
}

/// What was found, or the reason why there is nothing.
fn answer<T>(answer: &Answer<T>, found: impl Fn(&T) -> Value) -> Value {
    match answer {
        Ok(answer) => found(answer),
        Err(reason) => json!({ "reason": reason }),
    }
}

fn change(change: Change) -> Value {
    json!({
        "percent_a_year": change.percent, "lower95": change.lower, "upper95": change.upper, "p": change.p,
    })
}

fn trend(input: &Input, found: &LogLinear) -> Value {
    json!({
        "first": input.periods.label(found.span.0), "last": input.periods.label(found.span.1),
        "points": found.n,
        "negative_binomial": change(found.quoted),
        "poisson": change(found.poisson),
        "dispersion": found.dispersion,
        "theta": found.theta,
        "q": found.q,
    })
}

fn mann_kendall(input: &Input, found: &Ranks) -> Value {
    json!({
        "first": input.periods.label(found.span.0), "last": input.periods.label(found.span.1),
        "points": found.n, "seasonal": found.seasonal,
        "s": found.s, "z": found.z, "p": found.p, "tau_b": found.tau,
    })
}

fn theil_sen(input: &Input, found: &Ranks) -> Value {
    match found.slope {
        Some((slope, lower, upper)) => json!({
            "slope_a_year": slope, "lower95": lower, "upper95": upper, "of": input.measured(),
        }),
        None => json!({ "reason": "the slope overflows" }),
    }
}

fn recording(input: &Input, found: &Recording) -> Value {
    let jumps: Vec<Value> = found
        .jumps
        .iter()
        .map(|jump| {
            json!({
                "last_before": jump.between.0, "first_after": jump.between.1,
                "from": input.periods.starts[jump.at],
                "mean_before": jump.levels.0, "mean_after": jump.levels.1,
            })
        })
        .collect();
    json!({
        "verdict": if jumps.is_empty() { "no break suspected" } else { "check recording" },
        "years": found.n_years, "suspected": jumps, "set_aside": found.set_aside,
    })
}

fn alarms(input: &Input, found: &Alarms) -> Value {
    let raised: Vec<Value> = found
        .raised()
        .map(|(at, watched)| {
            json!({
                "period": input.periods.label(at), "observed": watched.observed, "expected": watched.expected,
                "limit": watched.upper, "p": watched.p, "exceedance": watched.exceedance,
            })
        })
        .collect();
    let last = found.found().next_back().map(|(at, watched)| {
        json!({
            "period": input.periods.label(at), "observed": watched.observed, "expected": watched.expected,
            "limit": watched.upper, "p": watched.p, "alarm": watched.alarm,
            "dispersion": watched.dispersion, "baseline_periods": watched.n_baseline,
        })
    });
    json!({ "watched": found.found().count(), "raised": raised, "last": last })
}

fn xmr(input: &Input, found: &Xmr) -> Value {
    let signals: Vec<Value> = found
        .chart
        .signals
        .iter()
        .map(|signal| signal_of(&input.periods.label(signal.at).into(), signal))
        .collect();
    let limits = found.chart.limits;
    json!({
        "from": input.periods.label(found.from), "centre": limits.centre, "lower": limits.lower, "upper": limits.upper,
        "largest_usual_step": found.chart.largest_step, "signals": signals,
    })
}

fn gaps(found: &Gaps, unit: &str) -> Value {
    let limits = found.chart.limits;
    let signals: Vec<Value> = found
        .chart
        .signals
        .iter()
        .map(|signal| signal_of(&(signal.at + 1).into(), signal))
        .collect();
    json!({
        "unit": unit, "gaps": found.between, "since_last": found.open,
        "centre": limits.centre, "lower": limits.lower, "upper": limits.upper, "median": found.chart.median,
        "signals": signals,
    })
}

/// `at` names the period, or numbers the gap from 1.
fn signal_of(at: &Value, signal: &Signal) -> Value {
    json!({ "at": at, "rule": rule(signal.rule), "high": signal.high })
}
