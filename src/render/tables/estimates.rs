//! The estimates table: one row per indicator, measure, region, period, ideology and breakdown.
//!
//! An indicator no source feeds has one `no_data` row; an ideology no source of a measure covers has one `not_covered` row, both
//! without a region below the country, so that what is not known is in the table too.

use super::format::Table;
use crate::{
    model::{Estimate, MeasurePanel, SliceKey, SourceId, Status},
    render::view::View,
};

/// What the rows of a measure share.
pub(super) struct Head<'v> {
    indicator: &'v str,
    measure: Option<&'v str>,
    unit: Option<&'v str>,
    sources: Option<String>,
    grade: Option<String>,
    measured: Option<&'v MeasurePanel<Estimate>>,
}

/// One row of the table.
pub(super) struct Row<'v> {
    head: &'v Head<'v>,
    region: usize,
    period: Option<usize>,
    ideology: &'v str,
    breakdown: &'v str,
    cell: &'v Estimate,
}

static NO_DATA: Estimate = Estimate::empty(Status::NoData);
static NOT_COVERED: Estimate = Estimate::empty(Status::NotCovered);

/// One head per measure, in catalogue order, then one per indicator without any measure in the draft.
pub(super) fn heads<'v>(view: &'v View<'_>) -> Vec<Head<'v>> {
    let released = view.released;
    let measured = released.estimates().iter().map(|measured| {
        let (indicator, measure) = released.measure(measured.key);
        let names: Vec<&str> = measured.sources.iter().map(SourceId::as_str).collect();
        Head {
            indicator: indicator.id.as_str(),
            measure: Some(measure.id.as_str()),
            unit: Some(measure.unit_en()),
            sources: (!names.is_empty()).then(|| names.join(" ")),
            grade: view.grade(measured.key).map(|grade| grade.to_string()),
            measured: Some(measured),
        }
    });
    let is_measured =
        |idx: usize| released.estimates().iter().any(|measured| measured.key.indicator == idx);
    let unmeasured = view.frame.indicators.iter().enumerate().filter(|&(idx, _)| !is_measured(idx));
    let unmeasured = unmeasured.map(|(_, indicator)| Head {
        indicator: indicator.id.as_str(),
        measure: None,
        unit: None,
        sources: None,
        grade: None,
        measured: None,
    });
    measured.chain(unmeasured).collect()
}

/// Every row, measure by measure.
pub(super) fn rows<'v>(view: &'v View<'_>, heads: &'v [Head<'v>]) -> impl Iterator<Item = Row<'v>> {
    let frame = view.frame;
    heads.iter().flat_map(move |head| {
        let empty = |ideology, cell| Row {
            head,
            region: 0,
            period: None,
            ideology,
            breakdown: "total",
            cell,
        };
        let filled = head.measured.filter(|measured| !measured.panel.is_empty());
        let unfed = filled.is_none().then(|| empty("total", &NO_DATA));
        let cells = filled.into_iter().flat_map(move |measured| cells(view, head, measured));
        let uncovered = filled.into_iter().flat_map(move |measured| {
            let missing = |slot: &usize| measured.panel.slice(SliceKey::ideology(*slot)).is_none();
            (1..=frame.ideologies.len())
                .filter(missing)
                .map(move |slot| empty(frame.ideology_id(slot), &NOT_COVERED))
                .collect::<Vec<_>>()
        });
        unfed.into_iter().chain(cells).chain(uncovered)
    })
}

fn cells<'v>(
    view: &'v View<'_>,
    head: &'v Head<'v>,
    measured: &'v MeasurePanel<Estimate>,
) -> impl Iterator<Item = Row<'v>> {
    let panel = &measured.panel;
    panel.keys().flat_map(move |key| {
        let ideology = view.frame.ideology_id(key.ideology);
        let breakdown = match key.breakdown {
            0 => "total",
            slot => measured.parts.get(slot - 1).map_or("", String::as_str),
        };
        panel.slice(key).into_iter().flatten().enumerate().map(move |(at, cell)| Row {
            head,
            region: at / panel.n_periods,
            period: Some(at % panel.n_periods),
            ideology,
            breakdown,
            cell,
        })
    })
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    let region = move |row: &Row<'_>| frame.tree.get(row.region);
    Table::default()
        .text("indicator", |row: &Row<'v>| Some(row.head.indicator))
        .text("measure", |row| row.head.measure)
        .text("region", move |row| Some(region(row).id.as_str()))
        .text("region_name", move |row| Some(region(row).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row).level].as_str()))
        .text("period", move |row| row.period.map(|at| frame.calendar.period(at).label.as_str()))
        .text("ideology", |row| Some(row.ideology))
        .text("breakdown", |row| Some(row.breakdown))
        .real("value", |row| row.cell.value)
        .text("unit", |row| row.head.unit)
        .real("lower95", |row| Some(row.cell.interval95?.0))
        .real("upper95", |row| Some(row.cell.interval95?.1))
        .real("lower998", |row| Some(row.cell.interval998?.0))
        .real("upper998", |row| Some(row.cell.interval998?.1))
        .whole("numerator", |row| row.cell.numerator)
        .real("denominator", |row| row.cell.denominator)
        .whole("unknown", |row| row.cell.unknown)
        .real("exposure", |row| row.cell.exposure)
        .whole("n_units", |row| row.cell.n_units)
        .real("coverage", |row| row.cell.coverage)
        .real("smoothed", |row| row.cell.smoothed)
        .real("smoothed_lower95", |row| Some(row.cell.smoothed95?.0))
        .real("smoothed_upper95", |row| Some(row.cell.smoothed95?.1))
        .real("p_above", |row| row.cell.p_above)
        .text("method", |row| Some(row.cell.method))
        .text("reliability", |row| Some(row.cell.reliability.as_str()))
        .text("status", |row| Some(row.cell.status.as_str()))
        .text("sources", |row| row.head.sources.as_deref())
        .text("grade", |row| row.head.grade.as_deref())
        .text("geo_version", move |_| Some(frame.tree.vintage.as_str()))
        .flag("provisional", |row| Some(row.cell.provisional))
        .flag("method_break", |row| Some(row.cell.method_break))
        .flag("estimated", |row| Some(row.cell.estimated))
}
