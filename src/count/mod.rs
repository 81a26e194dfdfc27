//! Count: located records become counts per measure, region, period, ideology and part.
//!
//! [`catalogue`] holds what is measured; [`plan`] compiles the measures of a source into one pass; [`engine`] runs it; [`term`]
//! and [`votes`] turn groups into panels with coverage; [`measure`] puts numerator, denominator and exposure together;
//! [`reconcile`] accounts for every row.

pub mod amount;
pub mod catalogue;
pub mod coverage;
pub mod definition;
pub mod engine;
pub mod example;
pub mod measure;
pub mod plan;
pub mod population;
pub mod reconcile;
mod respondents;
pub mod term;
pub mod votes;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    assessment::{Assessment, Duplicates, Table},
    diagnostics::{Place, Problem, Problems, codes},
    model::{
        Cell, Counts, Date, Dictionary, Indicator, Located, Measure, MeasureKey, MeasureKind,
        MeasurePanel, RegionTree, Sample, SourceId, SourceReport,
    },
};

use amount::TermPanel;
use plan::CompiledTerm;
use population::Population;
use reconcile::RejectedRow;
use respondents::Asked;
use term::{Adding, Counted, Ground};

/// Everything counted.
pub struct Counting {
    /// One panel per measure, in catalogue order; empty when no source feeds it.
    pub panels: Vec<MeasurePanel<Cell<Counts>>>,
    /// What respondents answered, per survey measure and source.
    pub samples: Vec<Sample>,
    /// How each source's rows were accounted for, in declaration order.
    pub reports: Vec<SourceReport>,
    /// Rejected rows by source, in declaration order.
    pub rejected: Vec<Vec<RejectedRow>>,
}

/// The compiled terms of one measure.
struct Compiled {
    key: MeasureKey,
    numerator: CompiledTerm,
    denominator: Option<CompiledTerm>,
    unknown: Option<CompiledTerm>,
}

impl Compiled {
    fn new(key: MeasureKey, indicator: &Indicator, measure: &Measure) -> Result<Self, Problem> {
        let side = |term: &Option<crate::model::Term>| {
            term.as_ref().map(|term| CompiledTerm::new(indicator, term, None)).transpose()
        };
        Ok(Self {
            key,
            numerator: CompiledTerm::new(
                indicator,
                &measure.numerator,
                measure.breakdown.as_ref(),
            )?,
            denominator: side(&measure.denominator)?,
            unknown: side(&measure.unknown)?,
        })
    }

    fn terms(&self) -> impl Iterator<Item = &CompiledTerm> {
        [Some(&self.numerator), self.denominator.as_ref(), self.unknown.as_ref()]
            .into_iter()
            .flatten()
    }
}

/// Counts every measure of the catalogue, each source in one pass.
///
/// # Errors
/// Conditions outside the SQL subset, sources that reject too much, missing population: all at once.
pub fn count(
    assessment: &Assessment,
    tree: &RegionTree,
    indicators: &[Indicator],
    located: &[Located],
) -> Result<Counting, Problems> {
    let compiled = compile(indicators)?;
    let ideologies: Vec<String> =
        assessment.ideologies.iter().map(|(id, _)| id.as_str().to_owned()).collect();
    let passes: Vec<Result<_, Problems>> = located
        .par_iter()
        .map(|source| pass(assessment, tree, &ideologies, &compiled, source))
        .collect();
    let (mut counted, mut reports, mut rejected_rows) = (Vec::new(), Vec::new(), Vec::new());
    for (source, report, rejected) in Problems::gather(passes)? {
        counted.push(source);
        reports.push(report);
        rejected_rows.push(rejected);
    }
    let populations = populations(assessment, &counted, located, tree);
    check_population(assessment, tree, indicators, &populations)?;
    let none = Population::default();
    let population = populations.get(&assessment.population.source).unwrap_or(&none);
    let persons = weights_of(assessment, tree, population);
    let ground =
        Ground { tree, calendar: &assessment.calendar, ideologies: &ideologies, persons: &persons };
    let asked = ask(assessment, located, &counted)?;
    let dates: BTreeMap<usize, &[Date]> =
        located.iter().map(|source| (source.source, source.dates.as_slice())).collect();
    let ids: Vec<SourceId> = assessment.sources.iter().map(|source| source.id.clone()).collect();
    let assembled: Vec<_> = compiled
        .par_iter()
        .map(|compiled| {
            let indicator = &indicators[compiled.key.indicator];
            let measure = &indicator.measures[compiled.key.measure];
            if let (MeasureKind::SurveyShare, Some(denominator)) =
                (measure.kind, &compiled.denominator)
            {
                let samples: Vec<Sample> = asked
                    .iter()
                    .filter_map(|asked| {
                        asked.sample(compiled.key, &compiled.numerator, denominator, &ground)
                    })
                    .collect();
                let panel = respondents::panel(compiled.key, &samples, &ground);
                return (panel, samples, [Vec::new(), Vec::new()]);
            }
            let rule = Adding {
                additive: measure.additive,
                crossed: measure.kind == MeasureKind::Composition,
            };
            let evaluate =
                |term: &CompiledTerm| evaluate(term, rule, &counted, &dates, assessment, &ground);
            let numerator = evaluate(&compiled.numerator);
            let denominator = compiled.denominator.as_ref().map(evaluate);
            let unknown = compiled.unknown.as_ref().map(evaluate);
            let terms = measure::Terms {
                numerator: &numerator,
                denominator: denominator.as_ref(),
                unknown: unknown.as_ref(),
            };
            let (source, reference) = assessment.population.of(&indicator.id);
            let population = populations.get(source).unwrap_or(&none);
            let panel = measure::assemble(
                compiled.key,
                measure,
                &terms,
                population,
                reference,
                &ground,
                &ids,
            );
            let gaps = [numerator.gaps, denominator.map(|term| term.gaps).unwrap_or_default()];
            (panel, Vec::new(), gaps)
        })
        .collect();
    let (mut panels, mut samples) = (Vec::with_capacity(assembled.len()), Vec::new());
    for (compiled, (panel, answered, gaps)) in compiled.iter().zip(assembled) {
        let sides = [Some(&compiled.numerator), compiled.denominator.as_ref()];
        for (term, gaps) in sides.into_iter().zip(gaps) {
            let condition =
                term.and_then(|term| term.term.condition.as_deref()).unwrap_or("all rows");
            reconcile::note_gaps(&gaps, condition, tree, assessment, &mut reports);
        }
        panels.push(panel);
        samples.extend(answered);
    }
    Ok(Counting { panels, samples, reports, rejected: rejected_rows })
}

/// The respondents of every survey.
fn ask<'a>(
    assessment: &Assessment,
    located: &[Located],
    counted: &'a [Counted<'a>],
) -> Result<Vec<Asked<'a>>, Problems> {
    let mut problems = Problems::default();
    let mut asked = Vec::new();
    for (located, counted) in located.iter().zip(counted) {
        if counted.source.table == Table::Survey {
            match respondents::collect(assessment, located, counted) {
                Ok(found) => asked.push(found),
                Err(found) => problems.extend(found),
            }
        }
    }
    problems.into_result().map(|()| asked)
}

fn compile(indicators: &[Indicator]) -> Result<Vec<Compiled>, Problems> {
    let mut problems = Problems::default();
    let mut compiled = Vec::new();
    for (indicator_idx, indicator) in indicators.iter().enumerate() {
        for (measure_idx, measure) in indicator.measures.iter().enumerate() {
            let key = MeasureKey { indicator: indicator_idx, measure: measure_idx };
            match Compiled::new(key, indicator, measure) {
                Ok(measure) => compiled.push(measure),
                Err(problem) => problems.push(problem),
            }
        }
    }
    problems.into_result().map(|()| compiled)
}

fn pass<'a>(
    assessment: &'a Assessment,
    tree: &RegionTree,
    ideologies: &[String],
    compiled: &[Compiled],
    located: &'a Located,
) -> Result<(Counted<'a>, SourceReport, Vec<RejectedRow>), Problems> {
    let source = &assessment.sources[located.source];
    let terms: Vec<&CompiledTerm> = compiled
        .iter()
        .flat_map(Compiled::terms)
        .filter(|term| term.is_fed_by(source, &located.dictionaries))
        .collect();
    let plan = plan::plan(source, &terms);
    let unreadable = |error: polars::prelude::PolarsError| {
        Problem::new(&codes::FORMAT, format!("source `{}` cannot be counted: {error}", source.id))
            .at(Place::File(source.path.clone()))
            .help("the file may be cut off or hold other types than its columns are declared to be")
    };
    let mut groups = engine::group(located, &plan).map_err(unreadable)?;
    let none: Dictionary = Dictionary::default();
    let by_ideology = plan
        .keys
        .iter()
        .position(|key| key == "ideology")
        .map(|key| (key, located.dictionaries.get("ideology").unwrap_or(&none)));
    let coverage =
        coverage::resolve(source, &groups, &assessment.calendar, tree, by_ideology, ideologies);
    let report = reconcile::report(assessment, located, &groups, &coverage, tree);
    let rejected = if report.rejected.is_empty() {
        Vec::new()
    } else {
        engine::rejected(&located.frame).map_err(unreadable)?
    };
    reconcile::check(assessment, located, &report, &rejected)?;
    if assessment.duplicates == Duplicates::Drop {
        groups.retain(|group| !group.duplicate);
    }
    let counted = Counted {
        idx: located.source,
        source,
        plan,
        groups,
        dictionaries: &located.dictionaries,
        levels: &located.levels,
        coverage,
    };
    Ok((counted, report, rejected))
}

fn evaluate(
    term: &CompiledTerm,
    rule: Adding,
    counted: &[Counted<'_>],
    dates: &BTreeMap<usize, &[Date]>,
    assessment: &Assessment,
    ground: &Ground<'_>,
) -> TermPanel {
    if term.term.table == Table::Elections.as_str() {
        let sources: Vec<(&Counted<'_>, &[Date])> = counted
            .iter()
            .filter(|source| term.is_fed_by(source.source, source.dictionaries))
            .map(|source| (source, dates[&source.idx]))
            .collect();
        votes::evaluate(term, &sources, &assessment.parties, ground)
    } else {
        term::evaluate(term, rule, counted, ground)
    }
}

fn populations(
    assessment: &Assessment,
    counted: &[Counted<'_>],
    located: &[Located],
    tree: &RegionTree,
) -> BTreeMap<SourceId, Population> {
    counted
        .iter()
        .zip(located)
        .filter(|(source, _)| source.source.table == Table::Population)
        .map(|(source, located)| {
            let id = assessment.sources[source.idx].id.clone();
            (id, Population::new(&source.groups, &located.dates, tree))
        })
        .collect()
}

/// Every region of the deepest level needs persons in every base period, in each population that exposure is taken from.
fn check_population(
    assessment: &Assessment,
    tree: &RegionTree,
    indicators: &[Indicator],
    populations: &BTreeMap<SourceId, Population>,
) -> Result<(), Problems> {
    let rule = &assessment.population;
    let mut used = vec![(&rule.source, rule.reference)];
    used.extend(indicators.iter().map(|indicator| rule.of(&indicator.id)));
    used.sort_by_key(|(source, reference)| ((*source).clone(), *reference));
    used.dedup();
    let mut problems = Problems::default();
    for (source, reference) in used {
        let Some(population) = populations.get(source) else { continue };
        let gaps = population.gaps(tree.deepest(), tree, &assessment.calendar, reference);
        let Some((region, periods)) = gaps.iter().next() else { continue };
        let periods: Vec<&str> = periods.iter().map(String::as_str).collect();
        let message = format!(
            "source `{source}` has no population for {} of {} regions, the first `{}` in {}",
            gaps.len(),
            tree.level(tree.deepest()).len(),
            tree.get(*region).id,
            periods.join(", "),
        );
        problems.push(
            Problem::new(&codes::NO_POPULATION, message).help(
                "add the missing dates, or choose another `reference` (start, end, mid, fixed)",
            ),
        );
    }
    problems.into_result()
}

/// Persons by region in the first base period, to weigh the coverage of children; 1 where unknown.
fn weights_of(assessment: &Assessment, tree: &RegionTree, population: &Population) -> Vec<f64> {
    (0..tree.len())
        .map(|region| {
            assessment
                .calendar
                .base
                .first()
                .and_then(|period| {
                    population.persons(region, period, assessment.population.reference)
                })
                .filter(|persons| *persons > 0.0)
                .unwrap_or(1.0)
        })
        .collect()
}
