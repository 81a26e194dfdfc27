//! What is said of one series: its counts, trend, breaks, alarms and charts.

use std::fmt::Write as _;

use super::{
    build::Status,
    numbers::Of,
    periods::Every,
    sentences::{Findings, NAMED, yearly},
    trend::LEFT_OUT,
    watch::Gaps,
};
use crate::{
    render::draw::push,
    render::words::{count, figure, limits, list, number_of, p_value, plural, with_decimals},
    statistics::{numerics::float::size, surveillance::farrington::Settings},
};

impl Findings<'_> {
    /// The main things of a series, one sentence each.
    pub(super) fn in_short(&self, at: usize) -> Vec<String> {
        let (series, of) = (&self.input.series[at], &self.analysis.of[at]);
        let every = self.input.periods.every;
        let n = series.n_recorded();
        let missing = series.cells.iter().filter(|cell| cell.status == Status::Missing).count();
        let partly = series.cells.iter().filter(|cell| cell.status == Status::Incomplete).count();
        let mut first = format!(
            "{} recorded; {} covered as a whole",
            plural(usize::try_from(series.total()).unwrap_or(usize::MAX), "event", "events"),
            plural(n, every.one(), every.many()),
        );
        if missing > 0 {
            push!(first, ", {} missing (not known, and not zero)", number_of(missing));
        }
        if partly > 0 {
            push!(first, ", {} in part only", number_of(partly));
        }
        let mut lines = vec![first + "."];
        lines.extend(self.trend(of));
        lines.extend(breaks(of));
        lines.extend(self.alarms(of));
        lines.extend(self.charts(of));
        lines
    }

    fn trend(&self, of: &Of) -> Vec<String> {
        let mut lines = Vec::new();
        let periods = &self.input.periods;
        match &of.trends.log_linear {
            Ok(found) => {
                let sure = if found.q <= self.options.alpha {
                    if found.quoted.percent > 0.0 { "Rising" } else { "Falling" }
                } else {
                    "No trend can be told from chance"
                };
                let corrected = if self.analysis.n_trends() > 1 {
                    format!(
                        ", corrected for {} series {}",
                        self.analysis.n_trends(),
                        p_value(found.q)
                    )
                } else {
                    String::new()
                };
                lines.push(format!(
                    "{sure}: {}, {}{corrected}, {}. If counts scattered as chance alone makes them: {}.",
                    yearly(found.quoted),
                    p_value(found.quoted.p),
                    periods.span(found.span.0, found.span.1),
                    yearly(found.poisson),
                ));
            }
            Err(why) if why != LEFT_OUT => {
                lines.push(format!("No yearly change: {}.", why.trim_start_matches("no trend: ")));
            }
            Err(_) => {}
        }
        // The reason is the same one where it stands above.
        match &of.trends.ranks {
            Ok(found) => {
                let how = if found.seasonal {
                    format!("each {} compared with itself in other years", periods.every.one())
                } else {
                    "every pair of periods compared".to_owned()
                };
                let slope = found.slope.map_or(String::new(), |(slope, lower, upper)| {
                    format!(
                        "; the middle slope is {} {} more each year ({})",
                        figure(slope),
                        self.input.measured(),
                        limits((lower, upper))
                    )
                });
                lines.push(format!("By ranks alone ({how}): {}{slope}.", p_value(found.p)));
            }
            Err(why) if why != LEFT_OUT && of.trends.log_linear.as_ref().err() != Some(why) => {
                lines.push(format!("Not judged by ranks: {why}."));
            }
            Err(_) => {}
        }
        lines
    }

    fn alarms(&self, of: &Of) -> Option<String> {
        let every = self.input.periods.every;
        match &of.watch.alarms {
            Ok(found) => {
                let n = found.found().count();
                let watched = plural(
                    n,
                    &format!("{} watched", every.one()),
                    &format!("{} watched", every.many()),
                );
                let raised: Vec<String> = found
                    .raised()
                    .map(|(at, watched)| {
                        format!(
                            "{} ({} recorded, {} expected, alarm above {})",
                            self.input.periods.label(at),
                            count(watched.observed),
                            figure(watched.expected),
                            whole(watched.upper)
                        )
                    })
                    .collect();
                let chance = figure(Settings::noufaily(12).alpha * size(n));
                Some(match raised.len() {
                    0 => format!("None of {watched} holds more than season and trend explain."),
                    k => {
                        let shown = raised.iter().take(2 * NAMED).cloned().collect::<Vec<_>>();
                        let more = if k > shown.len() {
                            format!(", and {} more", number_of(k - shown.len()))
                        } else {
                            String::new()
                        };
                        format!(
                            "More than season and trend explain in {} of {watched}: {}{more}. Chance alone would make about {chance}.",
                            number_of(k),
                            list(&shown)
                        )
                    }
                })
            }
            Err(why) if why != LEFT_OUT => Some(format!("No alarms: {why}.")),
            Err(_) => None,
        }
    }

    fn charts(&self, of: &Of) -> Vec<String> {
        let mut lines = Vec::new();
        let every = self.input.periods.every;
        match &of.watch.xmr {
            Ok(found) => {
                let mut at: Vec<usize> =
                    found.chart.signals.iter().map(|signal| signal.at).collect();
                at.dedup();
                let usual = format!(
                    "{} to {}",
                    figure(found.chart.limits.lower),
                    figure(found.chart.limits.upper)
                );
                let blind =
                    if every == Every::Year { "no trend" } else { "neither season nor trend" };
                lines.push(match at.len() {
                    0 => format!("Control chart: usual are {usual} a {}; no signal.", every.one()),
                    n => format!(
                        "Control chart: usual are {usual} a {}; {} a signal of something else than usual scatter (the chart knows {blind}).",
                        every.one(),
                        plural(n, &format!("{} gives", every.one()), &format!("{} give", every.many())),
                    ),
                });
            }
            Err(why) if why != LEFT_OUT => {
                lines.push(format!("No control chart of counts: {why}."));
            }
            Err(_) => {}
        }
        for (found, what, unit) in
            [(&of.watch.g, "Between", every.many()), (&of.watch.t, "From event to event", "days")]
        {
            match found {
                Ok(found) => lines.push(gaps(found, what, unit, every)),
                // A reason is said once, and that of a series that is not rare says nothing new.
                Err(why)
                    if why != LEFT_OUT
                        && of.watch.xmr.is_err()
                        && (unit != "days" || of.watch.g.as_ref().err() != Some(why)) =>
                {
                    let what = if unit == "days" {
                        "days between events"
                    } else {
                        "gaps between periods with events"
                    };
                    lines.push(format!("No control chart of {what}: {why}."));
                }
                Err(_) => {}
            }
        }
        lines
    }
}

/// What is said of suspected breaks.
fn breaks(of: &Of) -> Vec<String> {
    match &of.trends.recording {
        Ok(found) if found.jumps.is_empty() => {
            let apart = match &found.set_aside[..] {
                [] => String::new(),
                years => format!(" Far from the others: {}.", list(years)),
            };
            vec![format!(
                "No change of level that looks like a change of recording, in {}.{apart}",
                plural(found.n_years, "year", "years")
            )]
        }
        Ok(found) => {
            let mut lines: Vec<String> = found
                    .jumps
                    .iter()
                    .map(|jump| {
                        format!(
                            "Check recording between {} and {}: the level goes from about {} to about {} a year, as no trend does. Declare the break (`--break`) if recording changed.",
                            jump.between.0, jump.between.1, figure(jump.levels.0), figure(jump.levels.1)
                        )
                    })
                    .collect();
            if !found.set_aside.is_empty() {
                lines.push(format!(
                    "Far from the others, perhaps the beginning of another level: {}.",
                    list(&found.set_aside)
                ));
            }
            lines
        }
        Err(why) if why != LEFT_OUT => vec![format!("Suspected breaks not looked for: {why}.")],
        Err(_) => Vec::new(),
    }
}

/// Signals per steady gap: one of 741 above the limit, and runs of eight on either side of the median, 2/2⁸.
const BY_CHANCE: f64 = 0.001_35 + 2.0 / 256.0;

/// What a chart of gaps says.
fn gaps(found: &Gaps, what: &str, unit: &str, every: Every) -> String {
    let limits = found.chart.limits;
    let between =
        if unit == "days" { String::new() } else { format!(" {} with events", every.many()) };
    let long = found.chart.signals.iter().filter(|signal| signal.high).count();
    let short = found.chart.signals.len() - long;
    let said = match (long, short) {
        (0, 0) => "no signal".to_owned(),
        (long, 0) => format!("{} that events became rarer", plural(long, "signal", "signals")),
        (0, short) => {
            format!("{} that events became more frequent", plural(short, "signal", "signals"))
        }
        (long, short) => format!(
            "{} that events became rarer, {} that they became more frequent",
            plural(long, "signal", "signals"),
            number_of(short)
        ),
    };
    let n = size(found.between.len());
    let by_chance = if found.chart.signals.is_empty() {
        String::new()
    } else {
        format!(
            " (chance alone makes about {} of {} gaps)",
            figure(BY_CHANCE * n),
            with_decimals(n, 0)
        )
    };
    format!(
        "{what}{between} usually lie {} to {} {unit}, about {} on average; {said}{by_chance}.",
        figure(limits.lower),
        figure(limits.upper),
        figure(limits.centre)
    )
}

/// An alarm limit: a count.
fn whole(limit: f64) -> String {
    with_decimals(limit, 0)
}
