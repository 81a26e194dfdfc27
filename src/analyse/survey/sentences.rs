//! What was estimated, in sentences made from numbers.

use super::{
    Options, Quantity, Replication,
    drawn::Drawn,
    input::Input,
    numbers::{Figure, Row, Status},
};
use crate::{
    model::Verdict,
    render::words::{self, figure, number_of, plural},
    statistics::numerics::float::size,
};

/// Sentences about quantities at most.
const TOLD: usize = 8;

/// Everything that is known of a survey.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) input: &'a Input,
    pub(super) drawn: &'a Drawn,
    pub(super) rows: &'a [Row],
    pub(super) options: &'a Options,
}

impl Findings<'_> {
    /// The row of everybody.
    fn whole(&self, quantity: usize) -> Option<&Row> {
        self.rows.iter().find(|row| row.quantity == quantity && row.domain.is_none())
    }

    /// Rows of parts.
    pub(super) fn parts(&self, quantity: usize) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.quantity == quantity && row.domain.is_some())
    }

    /// The name of a row's domain.
    pub(super) fn domain(&self, row: &Row) -> &str {
        let labels = self.input.domains.as_ref();
        let name = row.domain.and_then(|at| labels?.names.get(at));
        name.map_or("all", String::as_str)
    }

    /// The finding, without a full stop.
    pub(super) fn headline(&self) -> String {
        let (Some(quantity), Some(row)) = (self.options.quantities.first(), self.whole(0)) else {
            return "Nothing was asked for".to_owned();
        };
        let name = words::capitalised(&quantity.words());
        let Some(found) = row.figure else {
            let why = match row.status {
                Status::Suppressed => "cannot be shown",
                _ => "cannot be estimated",
            };
            return format!("{name} {why}: {}", row.reason);
        };
        let care = match self.drawn.moved {
            Some((lowest, _)) if lowest < 0.0 => {
                ", from weights of which some are below 0: not to be used"
            }
            _ if row.presentation == Some(Verdict::Review) => ", unsure",
            _ => "",
        };
        if row.status == Status::Known {
            return format!(
                "{name}: {}, which follows from the known totals",
                quantity.figure(found.value)
            );
        }
        format!(
            "{name}: an estimated {}{}{care}",
            quantity.figure(found.value),
            found.limits().map_or(String::new(), |limits| format!(
                " (95 % interval {})",
                quantity.limits(limits)
            )),
        )
    }

    /// What was looked at.
    pub(super) fn lead(&self) -> String {
        let design = &self.drawn.design;
        let drawing = &self.options.drawing;
        let respondents = plural(self.input.n(), "respondent", "respondents");
        let text = match (&self.options.replication, drawing.n_stages()) {
            (Some(Replication::Published(_)), _) => format!(
                "{respondents}, with {} published replicate weights",
                number_of(self.input.replicates.1.len())
            ),
            (_, 0) => format!("{respondents}, taken as drawn one by one"),
            _ if drawing.psus.is_empty() => format!(
                "{respondents}, drawn one by one in {}",
                plural(design.n_strata(), "stratum", "strata")
            ),
            _ => format!(
                "{respondents} in {} of {}",
                plural(design.n_psu(), "sampling unit", "sampling units"),
                plural(design.n_strata(), "stratum", "strata")
            ),
        };
        if self.input.weights.is_none() && self.drawn.moved.is_none() {
            return text + ".";
        }
        let sum: f64 = design.weights().iter().sum();
        format!("{text}; their weights add up to {}.", figure(sum))
    }

    /// The main things, one sentence each.
    pub(super) fn in_short(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (at, quantity) in self.options.quantities.iter().enumerate().take(TOLD) {
            if at > 0 {
                lines.extend(self.whole(at).map(|row| one(quantity, row)));
            }
            lines.extend(self.span(at, quantity));
        }
        if let Some(row) = self.whole(0)
            && let (Some(n_eff), false) =
                (row.figure.and_then(|found| found.n_eff), row.n_used == 0)
        {
            let quantity = &self.options.quantities[0];
            lines.push(format!(
                "The {} is as sure as from {} respondents drawn one by one with equal chances ({} answered).",
                quantity.words(),
                words::with_decimals(n_eff, 0),
                number_of(row.n_used)
            ));
        }
        let n = self.n_of(Status::Suppressed);
        match n {
            0 => {}
            1 => lines.push(
                "1 share is too unsure or rests on too few respondents, and is not shown."
                    .to_owned(),
            ),
            _ => lines.push(format!(
                "{} shares are too unsure or rest on too few respondents, and are not shown.",
                number_of(n)
            )),
        }
        lines
    }

    /// From where to where the parts go.
    fn span(&self, at: usize, quantity: &Quantity) -> Option<String> {
        let by = self.options.by.as_deref()?;
        let shown: Vec<(&Row, Figure)> =
            self.parts(at).filter_map(|row| Some((row, row.figure?))).collect();
        let by_value = |a: &&(&Row, Figure), b: &&(&Row, Figure)| a.1.value.total_cmp(&b.1.value);
        let ((low, lowest), (high, highest)) =
            (shown.iter().min_by(by_value)?, shown.iter().max_by(by_value)?);
        if shown.len() < 2 || lowest.value >= highest.value {
            return None;
        }
        let at = |row: &Row, found: &Figure, limit: Option<f64>| match row.status {
            Status::Known => Some(found.value),
            _ => limit,
        };
        let apart = match (at(low, lowest, lowest.upper), at(high, highest, highest.lower)) {
            _ if low.status == Status::Known && high.status == Status::Known => "",
            (Some(upper), Some(lower)) if upper < lower => {
                "; the intervals of these two do not overlap"
            }
            (Some(_), Some(_)) => "; the intervals of these two overlap, so they may not differ",
            _ => "; a limit is missing, so whether they differ cannot be said",
        };
        Some(format!(
            "By {by}, the {} goes from {} ({}) to {} ({}){apart}.",
            quantity.words(),
            quantity.figure(lowest.value),
            self.domain(low),
            quantity.figure(highest.value),
            self.domain(high)
        ))
    }

    pub(super) fn n_of(&self, status: Status) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// What has to be known before believing it.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let mut list = Vec::new();
        let drawing = &self.options.drawing;
        let is_published = matches!(self.options.replication, Some(Replication::Published(_)));
        if drawing.weight.is_none() {
            list.push(
                "weights: none are named, so that every respondent counts the same".to_owned(),
            );
        }
        if drawing.n_stages() == 0 && !is_published {
            list.push(
                "how the sample was drawn: neither strata nor units are named; respondents that were drawn together make \
                 intervals wider than these"
                    .to_owned(),
            );
        } else if drawing.fpc.is_empty() && !is_published {
            list.push(
                "the part of the population that was drawn: units count as drawn with replacement, which is cautious"
                    .to_owned(),
            );
        }
        list.push(
            "whether those who could not be reached or did not answer differ from the others; intervals are about who was drawn, \
             not about that"
                .to_owned(),
        );
        list.push("whether the question was understood, and answered truthfully".to_owned());
        if self.options.by.is_some() {
            list.push(
                "whether parts of the population differ: no test was made, and of many parts the highest is high by chance, too"
                    .to_owned(),
            );
        }
        if self.options.quantities.iter().any(Quantity::is_share) {
            list.push(
                "whether a share that is not shown could be worked out from the others, or from other tables of this survey"
                    .to_owned(),
            );
        }
        if self.options.quantities.iter().any(|quantity| !quantity.is_share()) {
            list.push(
                "whether means, totals, ratios and quantiles may be published: the presentation standard is for shares only"
                    .to_owned(),
            );
        }
        list
    }

    /// What was assumed, and what to look at.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> =
            self.input.notes.iter().chain(&self.drawn.notes).cloned().collect();
        for quantity in &self.options.quantities {
            if let Quantity::Mean(column) = quantity
                && self.input.numbers[column].iter().flatten().all(|v| is_answer(*v))
            {
                notes.push(format!(
                    "`{column}` holds 0 and 1 only: `--share {column}=1` gives an interval made for shares, and says whether it may be shown"
                ));
            }
        }
        for (at, quantity) in self.options.quantities.iter().enumerate() {
            if let (Quantity::Total(column), Some(row)) = (quantity, self.whole(at))
                && row.n_used < row.n
            {
                notes.push(format!(
                    "the total of `{column}` adds up those who answered: {} of {} respondents gave no answer and add nothing, so \
                     that it is too low",
                    number_of(row.n - row.n_used),
                    number_of(row.n)
                ));
            }
        }
        let sum: f64 = self.drawn.design.weights().iter().sum();
        let n = size(self.input.n());
        let has_total = self.options.quantities.iter().any(|q| matches!(q, Quantity::Total(_)));
        if has_total && (sum - n).abs() < 0.01 * n {
            notes.push(
                "the weights add up to the number of respondents: totals are those of the sample, not of a population"
                    .to_owned(),
            );
        }
        if let Some((lowest, highest)) = self.drawn.moved
            && (lowest <= 0.0 || highest > 5.0)
        {
            notes.push(format!(
                "calibration multiplied weights by {} to {}: the sample differs much from the known totals",
                figure(lowest),
                figure(highest)
            ));
        }
        notes
    }

    /// Where it comes from, for the foot of the page.
    pub(super) fn foot(&self) -> String {
        let name = self.options.file.file_name().unwrap_or_default().to_string_lossy();
        format!("From {name}. 95 % intervals; seed {}.", self.options.seed)
    }
}

/// Whether a number is 0 or 1.
fn is_answer(value: f64) -> bool {
    value.abs() < f64::EPSILON || (value - 1.0).abs() < f64::EPSILON
}

/// One quantity of everybody.
fn one(quantity: &Quantity, row: &Row) -> String {
    let name = words::capitalised(&quantity.words());
    match row.figure {
        Some(found) if row.status == Status::Known => {
            format!("{name}: {} ({}).", quantity.figure(found.value), row.reason)
        }
        Some(found) => format!(
            "{name}: {}{}.",
            quantity.figure(found.value),
            found
                .limits()
                .map_or(String::new(), |limits| format!(" ({})", quantity.limits(limits)))
        ),
        None if row.status == Status::Suppressed => format!("{name}: not shown ({}).", row.reason),
        None => format!("{name}: {}.", row.reason),
    }
}
