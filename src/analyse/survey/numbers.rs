//! One row a quantity and part of the population; what may not be shown has no number from here on.

use super::{Options, Quantity, Replication, ShareInterval, drawn::Drawn, input::Input};
use crate::{
    model::Verdict,
    statistics::{
        interval::Confidence,
        numerics::student,
        survey::{
            estimate::{self, Domains, Estimate, Statistic, Undefined},
            presentation::{self, Presentation},
            proportion_interval, quantile,
            replicates::variance,
            taylor,
        },
    },
};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// With a standard error.
    Estimated,
    /// It follows from the known totals the sample was calibrated to.
    Known,
    /// The number stands, how sure it is cannot be said.
    NoStandardError,
    /// The presentation standard does not let it stand.
    Suppressed,
    /// There is no such number.
    Undefined,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Estimated => "estimated",
            Self::Known => "known",
            Self::NoStandardError => "no_standard_error",
            Self::Suppressed => "suppressed",
            Self::Undefined => "undefined",
        }
    }
}

/// A number that may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    pub(super) value: f64,
    pub(super) se: Option<f64>,
    /// 95 %; either may be unbounded by the sample.
    pub(super) lower: Option<f64>,
    pub(super) upper: Option<f64>,
    pub(super) deff: Option<f64>,
    pub(super) n_eff: Option<f64>,
}

impl Figure {
    /// Both limits; none of what is known.
    pub(super) fn limits(&self) -> Option<(f64, f64)> {
        self.lower.zip(self.upper)
    }
}

/// One row of the result.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Position among the quantities.
    pub(super) quantity: usize,
    /// Position among the domains; `None`: everybody.
    pub(super) domain: Option<usize>,
    /// Respondents.
    pub(super) n: usize,
    /// Respondents with an answer.
    pub(super) n_used: usize,
    pub(super) figure: Option<Figure>,
    /// Degrees of freedom.
    pub(super) df: Option<u32>,
    /// Of shares.
    pub(super) presentation: Option<Verdict>,
    pub(super) method: String,
    pub(super) status: Status,
    /// Why there is no number, or why only with care; empty where nothing is to be said.
    pub(super) reason: String,
}

/// All rows: by quantity, the whole first, then domains in the order of their names.
pub(super) fn estimate(input: &Input, drawn: &Drawn, options: &Options) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, quantity) in options.quantities.iter().enumerate() {
        let asked = Asked { input, drawn, options, quantity, at };
        rows.extend(asked.rows(&Domains::Whole));
        if let Some(labels) = &input.domains {
            let n = u32::try_from(labels.names.len()).unwrap_or(u32::MAX);
            rows.extend(asked.rows(&Domains::By { codes: &labels.codes, n }));
        }
    }
    rows
}

/// A design effect below this is what rounding leaves of 0.
const NO_EFFECT: f64 = 1e-10;

/// One quantity of the file.
struct Asked<'a> {
    input: &'a Input,
    drawn: &'a Drawn,
    options: &'a Options,
    quantity: &'a Quantity,
    at: usize,
}

impl Asked<'_> {
    fn rows(&self, domains: &Domains<'_>) -> Vec<Row> {
        let values = |column: &String| self.input.numbers[column].as_slice();
        let found: Vec<Found> = match self.quantity {
            Quantity::Share { .. } => {
                let answers = self.input.shares[self.at].as_deref().unwrap_or_default();
                let found = self.estimates(Statistic::Proportion(answers), domains);
                found.into_iter().map(|found| self.share(found)).collect()
            }
            Quantity::Mean(column) => self.plain(Statistic::Mean(values(column)), domains),
            Quantity::Total(column) => self.plain(Statistic::Total(values(column)), domains),
            Quantity::Ratio { above, below } => {
                let (numerator, denominator) = (values(above), values(below));
                self.plain(Statistic::Ratio { numerator, denominator }, domains)
            }
            Quantity::Quantile { column, probability } => {
                self.quantiles(values(column), *probability, domains)
            }
        };
        let counts = self.counts(domains);
        let is_whole = matches!(domains, Domains::Whole);
        let one = |(domain, (found, (n, n_used))): (usize, (Found, (usize, usize)))| Row {
            quantity: self.at,
            domain: (!is_whole).then_some(domain),
            n,
            n_used,
            figure: found.figure,
            df: found.df,
            presentation: found.presentation,
            method: self.method(),
            status: found.status,
            reason: found.reason,
        };
        found.into_iter().zip(counts).enumerate().map(one).collect()
    }

    fn estimates(
        &self,
        statistic: Statistic<'_>,
        domains: &Domains<'_>,
    ) -> Vec<Result<Estimate, Undefined>> {
        match &self.drawn.replicates {
            Some(replicates) => {
                variance::estimate(&self.drawn.design, replicates, statistic, domains)
            }
            None => taylor::estimate(&self.drawn.design, statistic, domains),
        }
    }

    /// What the known totals fix: no replicate and no unit can move it.
    fn known(&self, found: &Estimate) -> Option<Found> {
        let is_fixed = found.deff.is_some_and(|deff| deff < NO_EFFECT)
            || (found.se.is_none() && found.n > 1 && self.drawn.replicates.is_some());
        (self.drawn.moved.is_some() && found.df > 0 && is_fixed).then(|| Found {
            figure: Some(Figure {
                value: found.value,
                se: Some(0.0),
                lower: None,
                upper: None,
                deff: None,
                n_eff: None,
            }),
            df: Some(found.df),
            presentation: None,
            status: Status::Known,
            reason: "follows from the known totals".to_owned(),
        })
    }

    fn plain(&self, statistic: Statistic<'_>, domains: &Domains<'_>) -> Vec<Found> {
        let one = |found: Result<Estimate, Undefined>| match found {
            Err(why) => Found::undefined(why),
            Ok(found) => self
                .known(&found)
                .unwrap_or_else(|| Found::new(&found, found.interval(Confidence::P95))),
        };
        self.estimates(statistic, domains).into_iter().map(one).collect()
    }

    fn share(&self, found: Result<Estimate, Undefined>) -> Found {
        let found = match found {
            Err(why) => return Found::undefined(why),
            Ok(found) => found,
        };
        if let Some(known) = self.known(&found) {
            return Found { presentation: Some(Verdict::Show), ..known };
        }
        let Presentation { verdict, reasons, interval } = presentation::judge(&found);
        let reasons: Vec<&str> = reasons.into_iter().map(presentation::Reason::words).collect();
        let reason = reasons.join("; ");
        if verdict == Verdict::Suppress {
            return Found {
                figure: None,
                df: Some(found.df),
                presentation: Some(verdict),
                status: Status::Suppressed,
                reason,
            };
        }
        let limits = match self.options.interval {
            ShareInterval::KornGraubard => interval,
            ShareInterval::Logit => found.se.and_then(|se| {
                let method = proportion_interval::Method::Logit;
                proportion_interval::limits(method, found.value, se, found.df, Confidence::P95)
            }),
        };
        let shown = Found::new(&found, limits);
        let reason = if shown.reason.is_empty() { reason } else { shown.reason };
        Found { presentation: Some(verdict), reason, ..shown }
    }

    fn quantiles(
        &self,
        values: &[Option<f64>],
        probability: f64,
        domains: &Domains<'_>,
    ) -> Vec<Found> {
        let design = &self.drawn.design;
        let linearised = quantile::estimate(design, values, probability, domains, Confidence::P95);
        let found: Vec<_> = match &self.drawn.replicates {
            None => linearised,
            Some(_) => linearised
                .into_iter()
                .enumerate()
                .map(|(domain, found)| self.replicated(values, &found?, domain, domains))
                .collect(),
        };
        let one = |found: Result<quantile::Quantile, Undefined>| match found {
            Err(why) => Found::undefined(why),
            Ok(found) => {
                let (status, reason) = match (found.lower, found.upper) {
                    (Some(_), Some(_)) => (Status::Estimated, ""),
                    (None, None) => {
                        (Status::NoStandardError, "the sample bounds it on neither side")
                    }
                    _ => (Status::NoStandardError, "the sample bounds it on one side only"),
                };
                Found {
                    figure: Some(Figure {
                        value: found.value,
                        se: found.se,
                        lower: found.lower,
                        upper: found.upper,
                        deff: None,
                        n_eff: None,
                    }),
                    df: Some(found.df),
                    presentation: None,
                    status,
                    reason: reason.to_owned(),
                }
            }
        };
        found.into_iter().map(one).collect()
    }

    /// Woodruff's limits with the standard error of the share at or below the quantile from replicates.
    fn replicated(
        &self,
        values: &[Option<f64>],
        found: &quantile::Quantile,
        domain: usize,
        domains: &Domains<'_>,
    ) -> Result<quantile::Quantile, Undefined> {
        let below: Vec<Option<bool>> =
            values.iter().map(|value| value.map(|value| value <= found.value)).collect();
        let share = self.estimates(Statistic::Proportion(&below), domains)[domain]?;
        let t = student::quantile(Confidence::P95.tail(), f64::from(share.df.max(1)));
        let limit = |side: f64| {
            let at = share.value + side * t * share.se.filter(|_| share.df > 0)?;
            if !(at > 0.0 && at < 1.0) {
                return None;
            }
            let design = &self.drawn.design;
            let limits = quantile::estimate(design, values, at, domains, Confidence::P95);
            limits[domain].ok().map(|limit| limit.value)
        };
        let (lower, upper) = (limit(-1.0), limit(1.0));
        let se = lower.zip(upper).map(|(lower, upper)| (upper - lower) / (2.0 * t));
        Ok(quantile::Quantile { lower, upper, se, df: share.df, ..*found })
    }

    /// Respondents, and those with an answer, by domain.
    fn counts(&self, domains: &Domains<'_>) -> Vec<(usize, usize)> {
        let has_number = |column: &str, row: usize| self.input.numbers[column][row].is_some();
        let has_answer = |row: usize| match self.quantity {
            Quantity::Share { .. } => {
                self.input.shares[self.at].as_ref().is_some_and(|answers| answers[row].is_some())
            }
            Quantity::Mean(column)
            | Quantity::Total(column)
            | Quantity::Quantile { column, .. } => has_number(column, row),
            Quantity::Ratio { above, below } => has_number(above, row) && has_number(below, row),
        };
        let mut counts = vec![(0, 0); domains.count()];
        for row in 0..self.input.n() {
            let domain = match domains {
                Domains::Whole => 0,
                Domains::By { codes, .. } => codes[row] as usize,
            };
            if let Some(count) = counts.get_mut(domain) {
                count.0 += 1;
                count.1 += usize::from(has_answer(row));
            }
        }
        counts
    }

    /// How standard error and limits came about.
    fn method(&self) -> String {
        let error = match &self.options.replication {
            None => "linearisation".to_owned(),
            Some(Replication::Made(kind)) => kind.name(),
            Some(Replication::Published(published)) => {
                format!("{}, published weights", published.kind.name())
            }
        };
        let limits = match (self.quantity, self.options.interval) {
            (Quantity::Share { .. }, ShareInterval::KornGraubard) => "Korn-Graubard",
            (Quantity::Share { .. }, ShareInterval::Logit) => "logit",
            (Quantity::Quantile { .. }, _) => "Woodruff",
            _ => "Student's t",
        };
        format!("{error}; {limits}")
    }
}

/// What one domain came to.
struct Found {
    figure: Option<Figure>,
    df: Option<u32>,
    presentation: Option<Verdict>,
    status: Status,
    reason: String,
}

impl Found {
    fn new(found: &Estimate, limits: Option<(f64, f64)>) -> Self {
        let (status, reason) = match (found.se, limits) {
            (None, None) => (
                Status::NoStandardError,
                "within a single sampling unit: nothing to compare it with",
            ),
            (_, None) => (
                Status::NoStandardError,
                "no limits: no degrees of freedom, or nobody or everybody",
            ),
            _ => (Status::Estimated, ""),
        };
        Self {
            figure: Some(Figure {
                value: found.value,
                se: found.se,
                lower: limits.map(|limits| limits.0),
                upper: limits.map(|limits| limits.1),
                deff: found.deff,
                n_eff: found.n_eff,
            }),
            df: Some(found.df),
            presentation: None,
            status,
            reason: reason.to_owned(),
        }
    }

    fn undefined(why: estimate::Undefined) -> Self {
        let reason = match why {
            Undefined::EmptyDomain => "nobody here has an answer".to_owned(),
            Undefined::ZeroDenominator => "what it is divided by adds up to 0".to_owned(),
            Undefined::NotFinite => "the numbers are too large to add up".to_owned(),
            Undefined::NegativeWeight => {
                "a calibrated weight is below 0: use `--calibration raking`".to_owned()
            }
            Undefined::NoVariance => {
                "every stratum met has a single sampling unit: there is no average of others"
                    .to_owned()
            }
            Undefined::UndefinedReplicates { n } => {
                format!(
                    "{n} replicates hold nobody of it, so that a standard error would be too small"
                )
            }
        };
        Self { figure: None, df: None, presentation: None, status: Status::Undefined, reason }
    }
}
