//! What was found, in sentences made from numbers.

use super::{
    Options,
    input::{Input, after},
    numbers::{Analysis, Known},
    table::NOT_TOLD,
};
use crate::{
    render::words::{capitalised, count, figure, limits, number_of, plural, with_decimals},
    statistics::surveillance::nowcast::{Nowcast, SETTLED},
};

/// Delays named in a sentence each.
const NAMED: usize = 4;

/// Everything that is known of the delays.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) input: &'a Input,
    pub(super) analysis: &'a Analysis,
    pub(super) options: &'a Options,
}

/// A share in per cent.
pub(super) fn percent(share: f64) -> String {
    let decimals = usize::from(share > 0.99 && share < 1.0);
    format!("{} %", with_decimals(100.0 * share, decimals))
}

/// Limits of a share in per cent.
pub(super) fn percents((lower, upper): (f64, f64)) -> String {
    format!("{} to {}", percent(lower).trim_end_matches(" %"), percent(upper))
}

/// A final count with its limits: `50.2 (43 to 61)`.
pub(super) fn heading_for(found: &Nowcast) -> String {
    let whole = |limit: f64| with_decimals(limit, 0);
    match found.upper {
        Some(upper) => {
            format!("{} ({} to {})", figure(found.expected), whole(found.lower), whole(upper))
        }
        None => format!("{} (at least {})", figure(found.expected), whole(found.lower)),
    }
}

/// Fewer events than this tell little about delays.
const FEW: u64 = 20;

impl Findings<'_> {
    fn last(&self) -> usize {
        self.input.periods.len() - 1
    }

    /// Periods whose figure is still to change.
    pub(super) fn provisional(&self) -> impl Iterator<Item = usize> {
        let periods = self.analysis.periods.iter().enumerate();
        periods.filter(|(_, found)| found.is_none_or(|found| found.provisional)).map(|(at, _)| at)
    }

    /// The finding, without a full stop.
    pub(super) fn headline(&self) -> String {
        if let Some(few) = self.few() {
            return few;
        }
        let last = self.last();
        let period = self.input.periods.label(last);
        let reported = self.input.triangle.reported()[last];
        let events = plural(usize::try_from(reported).unwrap_or(usize::MAX), "event", "events");
        match &self.analysis.periods[last] {
            None => format!("{events} of {period} known so far; {NOT_TOLD}"),
            Some(found) if found.completeness >= 1.0 => {
                format!(
                    "{events} of {period} known; no report has come later than {}",
                    self.longest()
                )
            }
            Some(found) => {
                format!(
                    "{events} of {period} known so far; about {} are to be expected once all are reported",
                    heading_for(found)
                )
            }
        }
    }

    /// Said of events too few to tell how late reports come.
    fn few(&self) -> Option<String> {
        let n: u64 = self.input.triangle.reported().iter().sum();
        (n < FEW).then(|| {
            let events = plural(usize::try_from(n).unwrap_or(usize::MAX), "event", "events");
            format!("{events} known: too few to say how late reports come")
        })
    }

    /// The longest delay seen, in words.
    fn longest(&self) -> String {
        match self.input.longest() {
            0 => format!("the {} of the event", self.input.periods.every.one()),
            n => plural(n, self.input.periods.every.one(), self.input.periods.every.many()),
        }
    }

    /// What was looked at.
    pub(super) fn lead(&self) -> String {
        let periods = &self.input.periods;
        format!(
            "Events by {} of “{}”, {}, as reported by {} (“{}”)",
            periods.every.one(),
            self.options.occurred,
            periods.span(0, self.last()),
            periods.end(self.last()),
            self.options.reported
        )
    }

    /// The main things, one sentence each.
    pub(super) fn in_short(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.few().map(|_| {
            format!("With fewer than {FEW} events the shares and limits below rest on very little.")
        }));
        let every = self.input.periods.every;
        for (delay, known) in self.analysis.known.iter().enumerate().take(NAMED) {
            let Some(said) = share(known) else { continue };
            lines.push(format!(
                "{}, {said} of all events are known.",
                capitalised(&after(delay, every))
            ));
        }
        lines.push(format!(
            "The longest delay seen is {}; what comes later than that is in no figure.",
            self.longest()
        ));
        let n = self.provisional().count();
        let names: Vec<String> =
            self.provisional().map(|at| self.input.periods.label(at)).collect();
        let (first, last) =
            (names.first().cloned().unwrap_or_default(), self.input.periods.label(self.last()));
        let span = if n > 1 { format!("{first} and later") } else { last };
        lines.push(format!(
            "{} provisional ({span}): the last one always, others while less than {} may be known. Do not compare them with earlier ones as they are.",
            plural(n, &format!("{} is", every.one()), &format!("{} are", every.many())),
            percent(SETTLED)
        ));
        let reported: u64 = self.input.triangle.reported().iter().sum();
        match self.analysis.total {
            Some((expected, lower, upper)) => lines.push(format!(
                "Over all {}: {} known, {} ({}) to be expected in the end.",
                every.many(),
                count(reported),
                figure(expected),
                limits((lower, upper))
            )),
            None => lines.push(format!(
                "Over all {}: {} known; no final count, because some period has none or its upper limit is open.",
                every.many(),
                count(reported)
            )),
        }
        lines
    }

    /// What was not checked.
    pub(super) fn not_checked(&self) -> Vec<String> {
        vec![
            "whether delays stayed the same: a change of procedure, staff or system makes older periods a wrong guide".to_owned(),
            format!("events that become known later than {}", self.longest()),
            "events that are never reported, and entries that are withdrawn later".to_owned(),
            "whether large incidents bring many rows at once beyond the scatter that was measured".to_owned(),
        ]
    }

    /// How many periods a delay was seen in.
    pub(super) fn n_seen(&self, delay: usize) -> String {
        number_of(self.input.triangle.rows().iter().filter(|row| row.len() > delay).count())
    }
}

fn share(known: &Known) -> Option<String> {
    let share = known.share?;
    Some(match known.limits.filter(|_| share < 1.0) {
        Some(limits) => format!("{} ({})", percent(share), percents(limits)),
        None => percent(share),
    })
}
