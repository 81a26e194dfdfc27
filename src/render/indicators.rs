//! Indicator pages: what each is, how it is computed, what it cannot say, and its figures.

use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    Report, Sink, alarms,
    charts::{funnel, intervals, trend},
    concentration,
    maps::{hotbeds, values},
    overview::CLUSTERS,
    page::{self, Cell, MapFigure, Table},
    sentences,
    view::{Measured, View},
    words,
};
use crate::{
    diagnostics::Problem,
    model::{Aggregate, Direction, Indicator, Measure, MeasureKind, Protection, Relation, Term},
};

pub(super) static ENTRY: Report =
    Report { id: "indicators", title: "A page per indicator", render };

const FRONT: &str = "../";

/// A measure as its definition says it.
#[derive(Debug, Clone)]
struct Definition {
    id: String,
    kind: &'static str,
    unit: String,
    numerator: String,
    denominator: Option<String>,
    unknown: Option<String>,
    relation: Option<&'static str>,
    reason: Option<String>,
    parts: Option<String>,
    protection: &'static str,
    tested: bool,
    additive: bool,
    sources: Vec<String>,
    grade: Option<String>,
}

page::template_values! {
    Definition {
        id, kind, unit, numerator, denominator, unknown, relation, reason, parts, protection, tested, additive, sources, grade,
    }
}

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let pages: Vec<Result<Vec<u8>, Problem>> = (0..view.frame.indicators.len())
        .into_par_iter()
        .map(|indicator| page_of(view, indicator))
        .collect();
    for (indicator, page) in pages.into_iter().enumerate() {
        sink(&view.indicator_path(indicator), page?.into())?;
    }
    Ok(())
}

fn page_of(view: &View<'_>, indicator: usize) -> Result<Vec<u8>, Problem> {
    let found = &view.frame.indicators[indicator];
    let main = view.main(indicator);
    let cluster = CLUSTERS.iter().find(|(cluster, ..)| *cluster == found.cluster);
    let surface = view
        .headline_surfaces()
        .into_iter()
        .find(|surface| surface.surface.measure.indicator == indicator);
    let hotbeds = surface
        .and_then(|surface| hotbeds::plan(view, surface))
        .map(|plan| MapFigure::whole(view, &plan, FRONT));
    // One map of values, the finest that may be shown; two maps of a country are too much for one page.
    let values = main
        .as_ref()
        .filter(|_| hotbeds.is_none())
        .and_then(|main| {
            values::levels(view).filter_map(|level| values::plan(view, main, level)).last()
        })
        .map(|plan| MapFigure::whole(view, &plan, FRONT));
    let content = context! {
        title => found.title_en(),
        id => found.id.as_str(),
        core => found.core,
        cluster => cluster.map(|(_, title, _)| *title),
        description => found.description_en(),
        limits => found.limits_en(),
        direction => direction(found),
        derived_from => found.derived_from.as_str(),
        file => found.file.as_str(),
        definitions => definitions(view, indicator, found),
        fed => main.is_some(),
        hotbeds,
        values,
        surface => surface.map(|surface| sentences::surface(view, surface)),
        funnel => surface.and_then(|surface| funnel::chart(view, surface, FRONT)).map(with_file),
        trend => main.as_ref().and_then(|main| trend::chart(view, main, 0)).map(with_file),
        comparison => main.as_ref().and_then(|main| intervals::chart(view, main, 1, FRONT)).map(with_file),
        concentration => concentration::sections(view, indicator),
        alarms => alarms::sections(view, indicator, FRONT),
        tables => view.fed(indicator).iter().map(|measured| by_period(view, measured)).collect::<Vec<_>>(),
        compositions => view.fed(indicator).iter().filter_map(|measured| composition(view, measured)).collect::<Vec<_>>(),
    };
    page::page(view, "indicator.html", 1, content)
}

fn with_file(chart: super::charts::Chart) -> Value {
    let file = format!("{FRONT}charts/{}.svg", chart.name);
    page::chart(chart, Some(file))
}

fn direction(found: &Indicator) -> &'static str {
    match found.direction {
        Direction::HigherIsWorse => "More is of more concern.",
        Direction::HigherIsBetter => "More is better.",
        Direction::Neutral => "Neither more nor less is better.",
    }
}

fn definitions(view: &View<'_>, indicator: usize, found: &Indicator) -> Vec<Definition> {
    let fed = view.fed(indicator);
    found
        .measures
        .iter()
        .map(|measure| {
            let panel = fed.iter().find(|fed| fed.measure.id == measure.id).map(|fed| fed.panel);
            Definition {
                id: measure.id.as_str().to_owned(),
                kind: kind(measure.kind),
                unit: measure.unit_en().to_owned(),
                numerator: term(&measure.numerator),
                denominator: measure.denominator.as_ref().map(term),
                unknown: measure.unknown.as_ref().map(term),
                relation: measure.relation.map(relation),
                reason: measure.reason.clone(),
                parts: parts(measure),
                protection: match measure.protection {
                    Protection::Protected => "small counts are hidden outside the centre",
                    Protection::Open => "officially published counts, shown in full",
                },
                tested: measure.tested,
                additive: measure.additive,
                sources: panel
                    .map(|panel| panel.sources.iter().map(|id| id.as_str().to_owned()).collect())
                    .unwrap_or_default(),
                grade: panel.and_then(|panel| view.grade(panel.key)).map(|grade| grade.to_string()),
            }
        })
        .collect()
}

fn parts(measure: &Measure) -> Option<String> {
    let (column, parts) = measure.breakdown.as_ref()?;
    Some(if parts.is_empty() {
        format!("by {column}, as found")
    } else {
        format!("by {column}: {}", parts.join(", "))
    })
}

fn term(term: &Term) -> String {
    let what = match &term.aggregate {
        Aggregate::Rows => "records".to_owned(),
        Aggregate::Sum(column) => format!("sum of {column}"),
        Aggregate::Sizes => "attendance sizes".to_owned(),
    };
    let source = term.source.as_ref().map_or(String::new(), |source| format!(" ({source})"));
    let condition =
        term.condition.as_ref().map_or(String::new(), |condition| format!(" where {condition}"));
    format!("{what} of {}{source}{condition}", term.table)
}

fn kind(kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Count => "count",
        MeasureKind::Rate => "count over person-years",
        MeasureKind::Share => "count over another count",
        MeasureKind::Composition => "shares of parts that sum to 1",
        MeasureKind::CompleteShare => "share of a complete count, without sampling interval",
        MeasureKind::AttendanceTotal => "sum of attendances",
        MeasureKind::AttendanceMedian => "median attendance per event",
        MeasureKind::AttendanceTopShare => "largest event’s share of all attendances",
        MeasureKind::AttendanceMissing => "share of events without a size",
        MeasureKind::Persons => "persons, estimated and rounded by the source",
        MeasureKind::PersonsRate => "persons over population",
        MeasureKind::SurveyShare => {
            "share of respondents, weighted, with limits that know how they were drawn"
        }
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Nested => "nested: everything counted above is also counted below",
        Relation::Disjoint => "disjoint: nothing is counted in both",
        Relation::Overlapping => "overlapping: some units are in both, and it is not known which",
    }
}

/// The country's figures of a measure, one row a period, newest first.
fn by_period(view: &View<'_>, measured: &Measured<'_>) -> Table {
    let unit = measured.measure.unit_en();
    let caption = format!(
        "{}: {} ({}), {}",
        view.frame.tree.get(0).name,
        measured.measure.id,
        unit,
        view.frame.ideology_title(measured.slice.ideology)
    );
    let head = ["Period", "Count", "Out of", unit, "95 % interval", "Method", "Note"];
    let mut table = Table::new(&caption, &head);
    for period in (0..view.frame.calendar.n_periods()).rev() {
        let Some(cell) = measured.cell(0, period) else { continue };
        let note = match cell.value {
            Some(_) if cell.provisional => "not complete",
            Some(_) => words::reliability(cell.reliability),
            None => words::status(cell.status),
        };
        table.push(vec![
            Cell::text(view.period(period)),
            Cell::number(cell.numerator.map(words::count)),
            Cell::number(cell.denominator.map(|whole| words::with_decimals(whole, 0))),
            Cell::number(cell.value.map(words::figure)),
            Cell::number(cell.interval95.map(words::limits)),
            Cell::note(cell.method),
            Cell::note(note),
        ]);
    }
    table
}

/// The country's parts of a composition over the pooled period.
fn composition(view: &View<'_>, measured: &Measured<'_>) -> Option<Table> {
    if measured.panel.parts.is_empty() {
        return None;
    }
    let period = view.latest(measured).or_else(|| view.pooled(measured))?;
    let caption = format!("Parts, {}, {}", view.frame.tree.get(0).name, view.period(period));
    let unit = measured.measure.unit_en();
    let mut table = Table::new(&caption, &["Part", "Count", unit, "95 % interval, simultaneous"]);
    for (slot, part) in measured.panel.parts.iter().enumerate() {
        let key = crate::model::SliceKey { breakdown: slot + 1, ..measured.slice };
        let Some(cell) = measured.panel.panel.get(key, 0, period) else { continue };
        table.push(vec![
            Cell::text(part.as_str()),
            Cell::number(cell.numerator.map(words::count)),
            match cell.value {
                Some(value) => Cell::number(Some(words::figure(value))),
                None => Cell::note(words::status(cell.status)),
            },
            Cell::number(cell.interval95.map(words::limits)),
        ]);
    }
    (!table.is_empty()).then_some(table)
}
