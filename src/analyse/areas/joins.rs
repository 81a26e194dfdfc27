//! Join counts: do regions with a property lie side by side more often than chance puts them?
//!
//! The property is a `--value` of 1, or, where events are counted, at least one event. Every region is then equally likely to
//! have it: who has many people has events more often, and that alone makes joins among large neighbours.

use super::{
    Options,
    input::Input,
    surroundings::{Global, Spent, is_kept},
};
use crate::{
    analyse::cells::Cells,
    diagnostics::{Problem, Problems, codes},
    model::Weights,
    render::words,
    statistics::{
        numerics::{
            pvalue::{Alternative, p_value},
            random::Key,
        },
        spatial::{
            Islands, join_count,
            local_join_count::{self, LocalJoinCount},
            sequential::{Dropping, Outcome, Plan},
        },
    },
};

/// Join counts of a region with the property.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined {
    /// Neighbours with the property.
    pub(super) joins: f64,
    /// One-sided: so many or more.
    pub(super) p: f64,
    pub(super) q: f64,
    pub(super) class: &'static str,
}

/// Join counts of the map.
#[derive(Debug, Clone)]
pub(super) struct Joins {
    /// What the property is.
    pub(super) property: String,
    pub(super) n_with: usize,
    pub(super) n: usize,
    /// Joins of two regions with the property; p is one-sided.
    pub(super) with: Option<Global>,
    /// Joins of one with and one without.
    pub(super) mixed: Option<Global>,
    /// In the order of the file; `None` for a region without the property, or without neighbours.
    pub(super) regions: Vec<Option<Joined>>,
}

impl Joins {
    /// What it says, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let kept = self.regions.iter().flatten().filter(|at| at.class == "joined").count();
        let Some(with) = self.with else {
            return format!(
                "Join counts say nothing: {} of {} regions have {}.",
                words::number_of(self.n_with),
                words::number_of(self.n),
                self.property
            );
        };
        format!(
            "{} of {} regions have {}; {} pairs of them are neighbours, where chance would make {} ({}). {} more such \
             neighbours than chance puts there. Chance gives the property to any region alike, whatever its population.",
            words::number_of(self.n_with),
            words::number_of(self.n),
            self.property,
            if with.value.fract() == 0.0 {
                words::with_decimals(with.value, 0)
            } else {
                words::figure(with.value)
            },
            words::figure(with.expectation),
            with.p.map_or_else(|| "no p".to_owned(), words::p_value),
            words::plural(kept, "region has", "regions have"),
        )
    }
}

/// Who has the property, by position among the regions with data, and what it is.
///
/// # Errors
/// [`codes::BAD_CELL`] for every value that is neither 0 nor 1.
pub(super) fn property(
    input: &Input,
    options: &Options,
) -> Result<(Vec<Option<bool>>, String), Problems> {
    let Some(column) = &options.map.columns.value else {
        let has = input.regions.iter().map(|region| region.events.map(|events| events > 0));
        return Ok((has.collect(), "at least one event".to_owned()));
    };
    let none = [];
    let mut cells = Cells::new(&input.file, &none);
    let mut has = Vec::with_capacity(input.regions.len());
    for region in &input.regions {
        let own = region.value.map(|value| value > 0.5);
        if let Some(value) = region.value.filter(|value| ![0.0, 1.0].contains(value)) {
            let problem = Problem::new(&codes::BAD_CELL, format!("`{value}` is neither 0 nor 1"))
                .help("join counts are of regions with a property: 1, and without: 0; leave out `joins`, or give such a column");
            cells.refuse(problem, region.row, column);
        }
        has.push(own);
    }
    cells.result().map(|()| (has, format!("`{column}` = 1")))
}

/// Counts joins among the regions with data; `weights` are those of all regions of the file.
pub(super) fn count(
    (has, property): (&[Option<bool>], String),
    weights: &Weights,
    spent: &Spent,
    options: &Options,
) -> Joins {
    let keep: Vec<bool> = has.iter().map(Option::is_some).collect();
    let positions: Vec<usize> = (0..has.len()).filter(|&at| keep[at]).collect();
    let known: Vec<bool> = has.iter().flatten().copied().collect();
    let near = weights.subset(&keep);
    let n_draws = spent.n_draws.min(super::surroundings::N_GLOBAL_DRAWS);
    let key = |test: &str| Key::named(options.seed, &format!("analyse/{test} joins"));
    let p = join_count::draws(&known, &near, n_draws, key("global"))
        .map(|tally| p_value(Alternative::Greater, tally, n_draws));
    let global = |joins: join_count::Joins, p| {
        let join_count::Joins { joins: value, expectation, variance, z } = joins;
        z.map(|z| Global { value, expectation, variance, z, p })
    };
    let counted = join_count::global(&known, &near, Islands::NotCounted);
    let plan = Plan {
        n_draws: spent.n_draws,
        dropping: Dropping::Off,
        ..Plan::reaching_against(
            Alternative::Greater,
            positions.len(),
            options.correction.level(options.alpha, positions.len()),
        )
    };
    let outcomes = local_join_count::permute(&known, &near, &plan, key("local"));
    let found: Vec<_> = local_join_count::statistics(&known, &near)
        .into_iter()
        .zip(outcomes)
        .map(|(statistics, outcome)| statistics.zip(outcome))
        .collect();
    // Where all links weigh 1 the tail is known without drawing.
    let exact = |(statistics, outcome): &(LocalJoinCount, Outcome)| {
        statistics.exact_greater.unwrap_or(outcome.p)
    };
    let all: Vec<f64> = found.iter().flatten().map(exact).collect();
    let mut q = options.correction.adjusted(&all).into_iter();
    let mut regions = vec![None; has.len()];
    for (&at, found) in positions.iter().zip(&found) {
        let Some(found) = found else { continue };
        let q = q.next().expect("invariant: a q for every p");
        let is_joined = q <= options.alpha && is_kept(q, options);
        let class = if is_joined { "joined" } else { "not significant" };
        regions[at] = Some(Joined { joins: found.0.joins, p: exact(found), q, class });
    }
    Joins {
        property,
        n_with: known.iter().filter(|&&has| has).count(),
        n: known.len(),
        with: counted.and_then(|found| global(found.with, p)),
        mixed: counted.and_then(|found| global(found.mixed, None)),
        regions,
    }
}
