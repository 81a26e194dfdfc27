//! One result a region, and what holds for the map as a whole.

use std::collections::BTreeMap;

use super::{
    Method, Options,
    beside::Beside,
    groups::Groups,
    input::{Input, Region},
    joins,
    neighbours::{self, Neighbours},
    rates::{Counts, Own, PER, Rate},
    remarks,
    sources::Sources,
    surroundings::{self, Local, N_GLOBAL_DRAWS, Pattern, Spent},
};
use crate::{
    diagnostics::Problems,
    model::{Evidence, Quadrant, Weights},
    statistics::{
        evidence::{Tests, class},
        numerics::float::real,
        spatial::{empirical_bayes_index, local, model_based},
    },
};

/// Fewest regions that are tested.
pub(super) const MIN_REGIONS: usize = 20;

/// Whether and why not a region was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Tested,
    NoNeighbours,
    ZeroPopulation,
    NoData,
    TooFewRegions,
    NothingRecorded,
    Constant,
}

impl Status {
    /// The word used in tables.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::NoNeighbours => "no_neighbours",
            Self::ZeroPopulation => "zero_population",
            Self::NoData => "no_data",
            Self::TooFewRegions => "too_few_regions",
            Self::NothingRecorded => "nothing_recorded",
            Self::Constant => "constant",
        }
    }
}

/// What is said of one region.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) rate: Option<Rate>,
    pub(super) own: Option<Own>,
    pub(super) local: Option<Local>,
    /// Rank, from 1, of the kept cluster it belongs to.
    pub(super) cluster: Option<usize>,
    /// `None` where the variable is no count over a population, or own rates were not asked for.
    pub(super) evidence: Option<Evidence>,
    pub(super) status: Status,
    /// Why it was not tested; empty when it was.
    pub(super) reason: String,
}

/// What is said of the map.
pub(super) struct Analysis {
    /// In the order of the file.
    pub(super) rows: Vec<Row>,
    pub(super) counts: Option<Counts>,
    /// Of the column as it is, or of the raw rates.
    pub(super) raw: Pattern,
    /// Of the empirical-Bayes index; `None` without counts.
    pub(super) index: Option<Pattern>,
    pub(super) neighbours: Neighbours,
    /// Links to regions without data.
    pub(super) n_dropped_links: usize,
    /// How draws were spent; `None` when nothing was tested.
    pub(super) spent: Option<Spent>,
    pub(super) groups: Option<Groups>,
    pub(super) beside: Beside,
    /// Where a second source is named.
    pub(super) sources: Option<Sources>,
    /// Whether whole maps were drawn instead of orders of the values.
    pub(super) is_sparse: bool,
    pub(super) notes: Vec<String>,
}

impl Analysis {
    /// Draws of the whole-map statistics.
    pub(super) fn global_draws(&self) -> u64 {
        self.spent.map_or(0, |spent| spent.n_draws.min(N_GLOBAL_DRAWS))
    }

    /// Regions by status.
    pub(super) fn statuses(&self) -> BTreeMap<Status, usize> {
        let mut n = BTreeMap::new();
        for row in &self.rows {
            *n.entry(row.status).or_insert(0) += 1;
        }
        n
    }

    /// Regions of an evidence class.
    pub(super) fn n_of(&self, evidence: Evidence) -> usize {
        self.rows.iter().filter(|row| row.evidence == Some(evidence)).count()
    }
}

/// The variable whose pattern is tested, over the regions that have it.
struct Variable {
    /// Positions in the file.
    positions: Vec<usize>,
    values: Vec<f64>,
    weights: Weights,
}

/// Tests the map.
pub(super) fn analyse(input: &Input, options: &Options) -> Result<Analysis, Problems> {
    let n = input.regions.len();
    let neighbours = neighbours::build(input, &options.linking)?;
    let counts = Counts::of(input, options);
    let mut notes = neighbours.notes.clone();
    let raw = raw_variable(input, counts.as_ref(), &neighbours.weights, options);
    let index = match (&options.map.columns.value, &counts) {
        (None, Some(counts)) => {
            empirical_bayes_index::standardise(&counts.observed, &counts.population)
        }
        _ => None,
    };
    let n_dropped_links = neighbours.weights.n_links() - raw.weights.n_links();
    let tested = Variable {
        positions: raw.positions.clone(),
        values: index.as_ref().map_or_else(|| raw.values.clone(), |found| found.values.clone()),
        weights: raw.weights.clone(),
    };
    let is_sparse = index.is_some()
        && counts.as_ref().is_some_and(|counts| model_based::is_sparse(&counts.expected()));
    let is_recorded = options.map.columns.value.is_some() || index.is_some();
    let is_enough = tested.positions.len() >= MIN_REGIONS;
    let statistics = local::statistics(&tested.values, &tested.weights);
    let is_varied = statistics.iter().any(Option::is_some);
    let mut analysis = Analysis {
        rows: Vec::with_capacity(n),
        counts,
        raw: Pattern::default(),
        index: None,
        neighbours,
        n_dropped_links,
        spent: None,
        groups: None,
        beside: Beside::default(),
        sources: Sources::compare(input, options),
        is_sparse,
        notes: Vec::new(),
    };
    if let (Some(counts), true) = (&analysis.counts, is_recorded) {
        let weights = &analysis.neighbours.weights;
        analysis.beside = Beside::of_counts(counts, weights, options);
    }
    let mut locals: Vec<Option<Local>> = vec![None; n];
    if is_enough && is_recorded {
        let n_linked = tested.weights.n() - tested.weights.islands().len();
        let spent = surroundings::draws(n_linked, options)?;
        analysis.spent = Some(spent);
        if options.asks_for(Method::Global) {
            let draws = analysis.global_draws();
            analysis.raw = Pattern::of(&raw.values, &raw.weights, draws, options, "raw");
            // Where expected counts are small the index is not exchangeable: its statistic stands, its p would mislead.
            let draws = if is_sparse { 0 } else { draws };
            analysis.index = index
                .as_ref()
                .map(|index| Pattern::of(&index.values, &raw.weights, draws, options, "index"));
        }
        if options.asks_for(Method::Joins) {
            let (has, property) = joins::property(input, options)?;
            let weights = &analysis.neighbours.weights;
            analysis.beside.joins = Some(joins::count((&has, property), weights, &spent, options));
        }
        if is_varied {
            beside_tests(&mut analysis, &tested, &raw.values, &spent, options);
        }
        if options.asks_for(Method::Local) && is_varied {
            let sparse = analysis.counts.as_ref().filter(|_| is_sparse);
            let found =
                surroundings::test(&tested.values, &tested.weights, sparse, &spent, options);
            for (&at, found) in tested.positions.iter().zip(found) {
                locals[at] = found;
            }
        }
    }
    let (owns, groups) = families(input, &analysis, options)?;
    let clusters = groups.as_ref().map_or_else(|| vec![None; n], |groups| groups.membership(n));
    analysis.groups = groups;
    let rates =
        analysis.counts.as_ref().map_or_else(|| vec![None; n], |counts| counts.by_region(n));
    let mut position = vec![None; n];
    for (place, &at) in tested.positions.iter().enumerate() {
        position[at] = Some(place);
    }
    for (at, region) in input.regions.iter().enumerate() {
        let degree = position[at].map(|place| tested.weights.degree(place));
        let found = Found { is_enough, is_recorded, is_varied, degree };
        let (status, reason) =
            status(region, &found, analysis.neighbours.weights.degree(at), options);
        let evidence =
            evidence(owns[at].as_ref(), locals[at].as_ref(), clusters[at], status, options);
        analysis.rows.push(Row {
            rate: rates[at],
            own: owns[at],
            local: locals[at],
            cluster: clusters[at],
            evidence,
            status,
            reason,
        });
    }
    notes.extend(remarks::of(input, &analysis, options, index.map_or(0, |index| index.n_clamped)));
    analysis.notes = notes;
    Ok(analysis)
}

/// What stands beside the tests of the variable, where it is asked for.
fn beside_tests(
    analysis: &mut Analysis,
    tested: &Variable,
    raw: &[f64],
    spent: &Spent,
    options: &Options,
) {
    let n = analysis.neighbours.weights.n();
    let variable = (tested.values.as_slice(), &tested.weights);
    if options.asks_for(Method::Gi) {
        let draws = (analysis.global_draws(), options.seed);
        analysis.beside.get(variable, raw, &tested.positions, n, draws);
    }
    if options.asks_for(Method::Geary) {
        analysis.beside.liken(variable, &tested.positions, n, spent, options);
    }
}

/// The column as it is, or the raw rates.
fn raw_variable(
    input: &Input,
    counts: Option<&Counts>,
    weights: &Weights,
    options: &Options,
) -> Variable {
    let (positions, values): (Vec<usize>, Vec<f64>) = if options.map.columns.value.is_some() {
        let given = input.regions.iter().enumerate();
        given.filter_map(|(at, region)| Some((at, region.value?))).unzip()
    } else {
        let given =
            counts.into_iter().flat_map(|counts| counts.positions.iter().zip(&counts.rates));
        given.map(|(&at, rate)| (at, rate.value)).unzip()
    };
    let mut keep = vec![false; input.regions.len()];
    for &at in &positions {
        keep[at] = true;
    }
    Variable { positions, values, weights: weights.subset(&keep) }
}

/// The families that rest on counts: own rates and groups, by position in the file.
fn families(
    input: &Input,
    analysis: &Analysis,
    options: &Options,
) -> Result<(Vec<Option<Own>>, Option<Groups>), Problems> {
    let mut owns = vec![None; input.regions.len()];
    let Some(counts) = &analysis.counts else { return Ok((owns, None)) };
    if counts.positions.len() < MIN_REGIONS {
        return Ok((owns, None));
    }
    if options.asks_for(Method::Own) {
        for (&at, own) in
            counts.positions.iter().zip(counts.own(options.correction).into_iter().flatten())
        {
            owns[at] = Some(own);
        }
    }
    let draws = options.draws.unwrap_or(u64::MAX);
    let groups = if options.asks_for(Method::Scan) {
        Groups::scan(input, counts, draws, options)?
    } else {
        None
    };
    Ok((owns, groups))
}

/// What decides whether a region was tested.
struct Found {
    is_enough: bool,
    is_recorded: bool,
    is_varied: bool,
    /// Neighbours with data; `None` when it has no data itself.
    degree: Option<usize>,
}

fn status(
    region: &Region,
    found: &Found,
    n_neighbours: usize,
    options: &Options,
) -> (Status, String) {
    let columns = &options.map.columns;
    let missing =
        |column: &Option<String>| format!("`{}` is missing", column.as_deref().unwrap_or_default());
    let Some(degree) = found.degree else {
        return if columns.value.is_some() {
            (Status::NoData, missing(&columns.value))
        } else if region.events.is_none() {
            (Status::NoData, missing(&columns.events))
        } else if region.population.is_none() {
            (Status::NoData, missing(&columns.population))
        } else {
            (Status::ZeroPopulation, "nobody lives there, so there is no rate".to_owned())
        };
    };
    if !found.is_enough {
        let why = format!("tests need {MIN_REGIONS} regions with data");
        (Status::TooFewRegions, why)
    } else if !found.is_recorded {
        (Status::NothingRecorded, "no event was recorded anywhere".to_owned())
    } else if degree == 0 && region.place.is_none() {
        let why = "its place is missing; it is in no surroundings and in no group";
        (Status::NoNeighbours, why.to_owned())
    } else if degree == 0 && n_neighbours > 0 {
        (Status::NoNeighbours, "no neighbour has data; its surroundings were not tested".to_owned())
    } else if degree == 0 {
        (Status::NoNeighbours, "it has no neighbour; its surroundings were not tested".to_owned())
    } else if !found.is_varied {
        (Status::Constant, "all regions have the same value".to_owned())
    } else {
        (Status::Tested, String::new())
    }
}

fn evidence(
    own: Option<&Own>,
    local: Option<&Local>,
    cluster: Option<usize>,
    status: Status,
    options: &Options,
) -> Option<Evidence> {
    options.map.columns.events.as_ref().filter(|_| options.asks_for(Method::Own))?;
    let Some(own) = own else {
        return Some(match status {
            Status::NoData => Evidence::NoData,
            _ => Evidence::InsufficientData,
        });
    };
    let tests = Tests {
        q_upper: own.test.q,
        q_lower: own.test.q_lower,
        p_above_one: own.test.p_above_one,
        p_above_margin: own.test.p_above,
        among_high: local
            .is_some_and(|local| local.is_kept() && local.quadrant == Quadrant::HighHigh),
        in_cluster: cluster.is_some(),
        power: own.power,
    };
    Some(class(&tests, options.alpha))
}

/// The map's rate.
pub(super) fn overall(counts: &Counts) -> f64 {
    real(counts.total) / counts.persons * PER
}
