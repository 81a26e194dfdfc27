//! What was found, in sentences made from numbers.

use std::fmt::Write as _;

use super::{
    Method, Options,
    build::{Input, Status},
    numbers::{Analysis, Of},
    periods::Every,
    trend::{Change, LEFT_OUT},
};
use crate::{
    render::draw::push,
    render::words::{figure, limits, list, number_of, plural},
    statistics::{
        numerics::float::size,
        surveillance::farrington::{FALSE_ALARMS_OF_MONTHS, FALSE_ALARMS_OF_QUARTERS, Settings},
    },
};

/// Series or periods named in a sentence.
pub(super) const NAMED: usize = 3;

/// Everything that is known of the series.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) input: &'a Input,
    pub(super) analysis: &'a Analysis,
    pub(super) options: &'a Options,
}

/// A yearly change with its limits: `+4.2 % a year (1.1 to 7.4)`.
pub(super) fn yearly(change: Change) -> String {
    let sign = if change.percent > 0.0 { "+" } else { "" };
    format!("{sign}{} % a year ({})", figure(change.percent), limits((change.lower, change.upper)))
}

impl Findings<'_> {
    fn name(&self, of: usize) -> &str {
        &self.input.series[of].name
    }

    /// What is counted.
    pub(super) fn subject(&self) -> String {
        let what = match &self.options.columns.events {
            Some(column) => format!("“{column}”"),
            None => "Events".to_owned(),
        };
        format!("{what} a {}", self.input.periods.every.one())
    }

    /// What was looked at.
    pub(super) fn lead(&self) -> String {
        let periods = &self.input.periods;
        let of = match (&self.options.columns.by, self.input.series.len()) {
            (Some(by), 2..) => {
                format!(
                    ", {} by “{by}” and their sum",
                    plural(self.input.series.len() - 1, "series", "series")
                )
            }
            _ => String::new(),
        };
        format!("{}, {}{of}", self.subject(), periods.span(0, periods.len() - 1))
    }

    /// Series of which something holds.
    fn which(&self, holds: impl Fn(&Of) -> bool) -> Vec<usize> {
        (0..self.analysis.of.len()).filter(|&of| holds(&self.analysis.of[of])).collect()
    }

    /// Names of series: the first few, and how many more; nothing to tell apart where there is one.
    fn named(&self, of: &[usize]) -> String {
        if self.input.series.len() == 1 {
            return String::new();
        }
        // The sum is named only where none of its parts is.
        let parts: Vec<usize> = of.iter().copied().filter(|&of| of > 0).collect();
        if parts.is_empty() {
            return " in all series together".to_owned();
        }
        let mut names: Vec<String> =
            parts.iter().take(NAMED).map(|&of| format!("“{}”", self.name(of))).collect();
        if parts.len() > NAMED {
            names.push(format!("{} more", number_of(parts.len() - NAMED)));
        }
        format!(" in {}", list(&names))
    }

    /// The finding, without a full stop.
    pub(super) fn headline(&self) -> String {
        let input = self.input;
        if input.series.iter().all(|series| series.n_recorded() == 0) {
            return "No period is covered as a whole: nothing can be compared".to_owned();
        }
        if input.series.iter().all(|series| series.total() == 0) {
            let n = input.series[0].n_recorded();
            let every = input.periods.every;
            return format!("No event was recorded in {}", plural(n, every.one(), every.many()));
        }
        let mut parts = Vec::new();
        let broken = self
            .which(|of| of.trends.recording.as_ref().is_ok_and(|found| !found.jumps.is_empty()));
        if !broken.is_empty() {
            parts.push(format!(
                "the level changes as no trend does{}: check recording before comparing",
                self.named(&broken)
            ));
        }
        parts.extend(self.latest_alarms());
        parts.extend(self.sure_trends(&broken));
        let text = if parts.is_empty() { self.nothing_found() } else { parts.join("; ") };
        crate::render::words::capitalised(&text)
    }

    /// Alarms in the last period that was watched in any series.
    fn latest_alarms(&self) -> Option<String> {
        let last = self.analysis.of.iter().filter_map(Of::last_watched).max()?;
        let of = self.which(|of| {
            of.watch.alarms.as_ref().is_ok_and(|alarms| alarms.raised().any(|(at, _)| at == last))
        });
        let period = self.input.periods.label(last);
        if !of.is_empty() {
            return Some(format!(
                "in {period} more events were recorded than season and trend explain{}",
                self.named(&of)
            ));
        }
        // Without one in the last period, those before it.
        let earlier = self.which(|of| {
            of.watch.alarms.as_ref().is_ok_and(|alarms| alarms.raised().next().is_some())
        });
        let raised = |of: &usize| {
            self.analysis.of[*of].watch.alarms.as_ref().map_or(0, |alarms| alarms.raised().count())
        };
        let n: usize = earlier.iter().map(raised).sum();
        if earlier.is_empty() {
            return None;
        }
        // As many as chance alone makes are nothing to put into a title.
        let by_chance = self.measured_false_alarms();
        (size(n) > by_chance).then(|| {
            let periods = self.alarm_periods(&earlier);
            format!(
                "more events were recorded than season and trend explain in {periods}{}, not in {period}, the last one watched",
                if self.input.series.len() == 1 { String::new() } else { format!(" ({})", self.named(&earlier).trim_start_matches(" in ")) },
            )
        })
    }

    fn alarm_periods(&self, of: &[usize]) -> String {
        let mut all: Vec<usize> = of
            .iter()
            .filter_map(|&of| self.analysis.of[of].watch.alarms.as_ref().ok())
            .flat_map(|alarms| alarms.raised().map(|(at, _)| at))
            .collect();
        all.sort_unstable();
        all.dedup();
        let mut names: Vec<String> =
            all.iter().take(NAMED).map(|&at| self.input.periods.label(at)).collect();
        if all.len() > NAMED {
            let every = self.input.periods.every;
            names.push(plural(
                all.len() - NAMED,
                &format!("more {}", every.one()),
                &format!("more {}", every.many()),
            ));
        }
        list(&names)
    }

    fn sure_trends(&self, broken: &[usize]) -> Option<String> {
        let alpha = self.options.alpha;
        let sure = self.which(|of| of.sure_trend(alpha).is_some());
        let first = *sure.first()?;
        let change = self.analysis.of[first].sure_trend(alpha)?.quoted;
        let way = if change.percent > 0.0 { "rise" } else { "fall" };
        let text = format!("recorded events {way} by {}", by(change));
        if self.input.series.len() == 1 {
            return Some(text);
        }
        let others = sure.len() - 1;
        let of =
            if first == 0 { " in all series together".to_owned() } else { self.named(&[first]) };
        let more = match others {
            0 => String::new(),
            n => format!(
                "; {} a trend of {}",
                plural(n, "other series has", "other series have"),
                if n == 1 { "its own" } else { "their own" }
            ),
        };
        debug_assert!(!broken.contains(&first), "a series whose level changes has no trend");
        Some(format!("{text}{of}{more}"))
    }

    /// Said where no alarm is worth a headline.
    fn no_alarm(&self) -> &'static str {
        let raised =
            |of: &Of| of.watch.alarms.as_ref().is_ok_and(|alarms| alarms.raised().next().is_some());
        if self.analysis.of.iter().any(raised) {
            "no more periods stand out than chance makes"
        } else {
            "no period stands out"
        }
    }

    fn nothing_found(&self) -> String {
        let n = self.analysis.n_trends();
        let trend = self.analysis.of[0].trends.log_linear.as_ref();
        let alone = self.input.series.len() == 1;
        match (n, trend) {
            (0, Err(why)) if alone && why != LEFT_OUT => {
                if why.starts_with("no trend") {
                    why.clone()
                } else {
                    format!("no trend can be told: {why}")
                }
            }
            (0, Err(why)) if why == LEFT_OUT => match self.analysis.n_watched() {
                0 => "nothing was found, and little could be looked at".to_owned(),
                n => format!(
                    "none of {} stands out beyond what chance alone makes",
                    plural(n, "watched period", "watched periods")
                ),
            },
            (0, _) => format!(
                "no trend can be told in any of {}",
                plural(self.input.series.len(), "series", "series")
            ),
            (_, _) if alone => format!("no trend can be told from chance, and {}", self.no_alarm()),
            (n, _) => format!(
                "no trend can be told from chance in any of {}, and {}",
                plural(n, "series", "series"),
                self.no_alarm()
            ),
        }
    }

    /// How to read a chart.
    pub(super) fn reading(&self, at: usize) -> String {
        let of = &self.analysis.of[at];
        let mut text =
            "Line and dots: recorded counts; shading or bars: their 95 % limits.".to_owned();
        if of.watch.alarms.is_ok() {
            text.push_str(" Dashed orange line: what it takes for an alarm; orange dots: alarms.");
        }
        if self.input.series[at].cells.iter().any(|cell| cell.status == Status::Incomplete) {
            text.push_str(" Hollow: covered in part only.");
        }
        let recording = self.analysis.of[at].trends.recording.as_ref();
        if recording.is_ok_and(|found| !found.jumps.is_empty()) {
            text.push_str(" Dotted upright line: the level changes as no trend does.");
        }
        for broken in &self.options.breaks {
            let why = if broken.reason.is_empty() {
                String::new()
            } else {
                format!(" ({})", broken.reason)
            };
            push!(
                text,
                " Dashed upright line: recording changed in {}{why}; do not compare across it.",
                broken.label
            );
        }
        text
    }

    /// False alarms as many as were measured on made-up series.
    fn measured_false_alarms(&self) -> f64 {
        let share = if self.input.periods.every == Every::Quarter {
            FALSE_ALARMS_OF_QUARTERS
        } else {
            FALSE_ALARMS_OF_MONTHS
        };
        share * size(self.analysis.n_watched())
    }

    /// How many alarms chance alone makes, by design and as measured.
    pub(super) fn false_alarms(&self) -> Option<String> {
        let n = self.analysis.n_watched();
        let alpha = Settings::noufaily(12).alpha;
        (n > 0).then(|| {
            format!(
                "Chance alone should make about {} false alarms in {} ({alpha} each); on made-up series it made up to {}.",
                figure(alpha * size(n)),
                plural(n, "watched period", "watched periods"),
                figure(self.measured_false_alarms()),
            )
        })
    }

    /// What was not checked.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let left = Method::ALL.iter().filter(|method| !self.options.asks_for(**method));
        let mut list: Vec<String> =
            left.map(|method| format!("{}: {LEFT_OUT}", method.title())).collect();
        list.push("whether every period was recorded and reported alike: more recorded events are not more events".to_owned());
        list.push("how many of the latest events are still to be reported (`saet analyse delays`): the last periods may still grow".to_owned());
        if self.input.has_counts && !self.input.has_population {
            list.push("whether the population changed: no `--population` was given, so counts are compared as they are".to_owned());
        }
        list.push("large single incidents, and events that were counted twice".to_owned());
        list.push(
            "replication on other data (a second source): nothing here is “established”".to_owned(),
        );
        list
    }
}

/// `5.1 % a year (3.2 to 7.0)`, without a sign.
fn by(change: Change) -> String {
    let limits = if change.percent > 0.0 {
        (change.lower, change.upper)
    } else {
        (-change.upper, -change.lower)
    };
    format!("{} % a year ({})", figure(change.percent.abs()), crate::render::words::limits(limits))
}
