//! A second source of the same events beside the first: descriptive only, for sources share incidents and are never averaged.

use super::{Options, input::Input, rates::PER};
use crate::{
    render::words::{self, figure},
    statistics::{
        agreement::{
            capture_recapture::{self, Unseen},
            rank_correlation::{self, RankCorrelation},
        },
        interval::Confidence,
        numerics::float::real,
    },
};

/// Names of regions in a sentence at most.
const NAMED: usize = 8;

/// A region in the second source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Second {
    pub(super) events: u64,
    /// Per [`PER`], with 95 % limits.
    pub(super) rate: f64,
    pub(super) limits95: (f64, f64),
    /// Whether its limits and those of the first source do not overlap.
    pub(super) is_apart: bool,
}

/// Two sources of one map.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    /// In the order of the file.
    pub(super) regions: Vec<Option<Second>>,
    /// Events of the regions that both cover: first, second.
    pub(super) totals: (u64, u64),
    /// Of the rates.
    pub(super) agreement: Option<RankCorrelation>,
    /// Where records are linked: all there may be.
    pub(super) unseen: Option<Unseen>,
}

impl Sources {
    /// Compares the sources in regions that both cover; `None` where no second one is named.
    pub(super) fn compare(input: &Input, options: &Options) -> Option<Self> {
        options.map.columns.second.as_ref()?;
        let mut regions = vec![None; input.regions.len()];
        let (mut rates, mut totals) = ((Vec::new(), Vec::new()), (0, 0));
        for (at, region) in input.regions.iter().enumerate() {
            let people = region.population.filter(|people| *people > 0.0);
            let (Some(first), Some(second), Some(people)) = (region.events, region.second, people)
            else {
                continue;
            };
            let per = PER / people;
            let limits = |count| options.limits.of(count, Confidence::P95);
            let (own, other) = (limits(first), limits(second));
            regions[at] = Some(Second {
                events: second,
                rate: real(second) * per,
                limits95: (other.0 * per, other.1 * per),
                is_apart: own.1 < other.0 || other.1 < own.0,
            });
            rates.0.push(real(first) * per);
            rates.1.push(real(second) * per);
            totals = (totals.0 + first, totals.1 + second);
        }
        let agreement = rank_correlation::spearman(&rates.0, &rates.1, Confidence::P95);
        let linked = |of: fn(&crate::analyse::input::Region) -> Option<u64>| -> Option<u64> {
            input.regions.iter().map(of).sum()
        };
        let unseen = options.map.columns.both.as_ref().and_then(|_| {
            let [first, second, both] =
                [linked(|at| at.events)?, linked(|at| at.second)?, linked(|at| at.both)?];
            capture_recapture::unseen(first, second, both, Confidence::P95)
        });
        Some(Self { regions, totals, agreement, unseen })
    }

    /// What it says, a sentence each.
    pub(super) fn sentences(&self, input: &Input) -> Vec<String> {
        let mut lines = vec![format!(
            "A second source has {} where the first has {}, in regions that both cover. Sources share incidents: this \
             describes, and they are not averaged.",
            words::events(self.totals.1),
            words::events(self.totals.0)
        )];
        lines.push(self.agreement.map_or_else(
            || "Whether they put regions in the same order cannot be said: fewer than three differ.".to_owned(),
            |found| {
                let limits = found.limits.map(|(lower, upper)| {
                    format!(", 95 % limits {} to {}", decimals(lower), decimals(upper))
                });
                format!(
                    "Rates of {} regions: rank correlation {}{} ({}).",
                    words::number_of(found.n),
                    decimals(found.rho),
                    limits.unwrap_or_default(),
                    words::p_value(found.p)
                )
            },
        ));
        let apart: Vec<String> = input
            .regions
            .iter()
            .zip(&self.regions)
            .filter(|(_, found)| found.is_some_and(|found| found.is_apart))
            .map(|(region, _)| region.name.clone())
            .collect();
        if !apart.is_empty() {
            let more = apart.len().saturating_sub(NAMED);
            let shown = apart.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            lines.push(format!(
                "Their 95 % limits do not overlap in {}: {shown}{more}.",
                words::plural(apart.len(), "region", "regions")
            ));
        }
        if let Some(found) = &self.unseen {
            lines.push(format!(
                "Linked records: {} are in at least one source; if knowing of an event in one makes it no likelier in the other, \
                 there were about {} ({} to {}), and at least {} if some are easier to learn of.",
                words::events(found.known),
                figure(found.all),
                figure(found.limits.0),
                figure(found.limits.1),
                figure(found.at_least)
            ));
        }
        lines
    }
}

/// A correlation with two decimals.
fn decimals(rho: f64) -> String {
    let sign = if rho < 0.0 { "−" } else { "" };
    format!("{sign}{}", words::with_decimals(rho.abs(), 2))
}
