//! The estimates table: one row per indicator, measure, region, period, ideology and breakdown.
//!
//! An indicator no source feeds has one `no_data` row; an ideology no source of a measure covers has one `not_covered` row, both
//! without a region below the country, so that what is not known is in the table too.

use arrow::array::RecordBatch;
use rayon::prelude::*;

use super::format::Columns;
use crate::{
    model::{Estimate, Measure, MeasureKey, MeasurePanel, SliceKey, SourceId, Status},
    render::view::View,
};

/// One row of the table.
struct Row<'v> {
    region: usize,
    period: Option<usize>,
    ideology: &'v str,
    breakdown: &'v str,
    cell: std::borrow::Cow<'v, Estimate>,
}

/// One batch per measure, in catalogue order.
pub(super) fn batches(view: &View<'_>) -> Vec<RecordBatch> {
    let released = view.released;
    let mut batches: Vec<RecordBatch> = released
        .estimates()
        .par_iter()
        .map(|measured| {
            let (indicator, measure) = released.measure(measured.key);
            batch(view, indicator.id.as_str(), Some(measure), Some(measured), &rows(view, measured))
        })
        .collect();
    // An indicator without any measure in the draft still has its row.
    for (idx, indicator) in view.frame.indicators.iter().enumerate() {
        if !released.estimates().iter().any(|measured| measured.key.indicator == idx) {
            let row = empty("total", Status::NoData);
            batches.push(batch(view, indicator.id.as_str(), None, None, &[row]));
        }
    }
    if batches.is_empty() {
        batches.push(batch(view, "", None, None, &[]));
    }
    batches
}

fn empty(ideology: &str, status: Status) -> Row<'_> {
    let cell = std::borrow::Cow::Owned(Estimate::empty(status));
    Row { region: 0, period: None, ideology, breakdown: "total", cell }
}

fn rows<'v>(view: &'v View<'_>, measured: &'v MeasurePanel<Estimate>) -> Vec<Row<'v>> {
    let frame = view.frame;
    let panel = &measured.panel;
    if panel.is_empty() {
        return vec![empty("total", Status::NoData)];
    }
    let mut rows = Vec::new();
    for key in panel.keys() {
        let breakdown = match key.breakdown {
            0 => "total",
            slot => measured.parts.get(slot - 1).map_or("", String::as_str),
        };
        for (at, cell) in panel.slice(key).into_iter().flatten().enumerate() {
            rows.push(Row {
                region: at / panel.n_periods,
                period: Some(at % panel.n_periods),
                ideology: frame.ideology_id(key.ideology),
                breakdown,
                cell: std::borrow::Cow::Borrowed(cell),
            });
        }
    }
    for slot in 1..=frame.ideologies.len() {
        if panel.slice(SliceKey::ideology(slot)).is_none() {
            rows.push(empty(frame.ideology_id(slot), Status::NotCovered));
        }
    }
    rows
}

fn batch(
    view: &View<'_>,
    indicator: &str,
    measure: Option<&Measure>,
    measured: Option<&MeasurePanel<Estimate>>,
    rows: &[Row<'_>],
) -> RecordBatch {
    let frame = view.frame;
    let n = rows.len();
    let region = |row: &Row<'_>| frame.tree.get(row.region);
    let same = |text: Option<String>| std::iter::repeat_n(text, n);
    let sources = measured.map(|measured| {
        let names: Vec<&str> = measured.sources.iter().map(SourceId::as_str).collect();
        names.join(" ")
    });
    let key: Option<MeasureKey> = measured.map(|measured| measured.key);
    let cells = || rows.iter().map(|row| row.cell.as_ref());
    Columns::default()
        .text("indicator", same(Some(indicator.to_owned())))
        .text("measure", same(measure.map(|measure| measure.id.as_str().to_owned())))
        .text("region", rows.iter().map(|row| Some(region(row).id.as_str())))
        .text("region_name", rows.iter().map(|row| Some(region(row).name.as_str())))
        .text("level", rows.iter().map(|row| Some(frame.tree.levels[region(row).level].as_str())))
        .text(
            "period",
            rows.iter().map(|row| row.period.map(|at| frame.calendar.period(at).label.as_str())),
        )
        .text("ideology", rows.iter().map(|row| Some(row.ideology)))
        .text("breakdown", rows.iter().map(|row| Some(row.breakdown)))
        .real("value", cells().map(|cell| cell.value))
        .text("unit", same(measure.map(|measure| measure.unit_en().to_owned())))
        .real("lower95", cells().map(|cell| cell.interval95.map(|limits| limits.0)))
        .real("upper95", cells().map(|cell| cell.interval95.map(|limits| limits.1)))
        .real("lower998", cells().map(|cell| cell.interval998.map(|limits| limits.0)))
        .real("upper998", cells().map(|cell| cell.interval998.map(|limits| limits.1)))
        .whole("numerator", cells().map(|cell| cell.numerator))
        .real("denominator", cells().map(|cell| cell.denominator))
        .whole("unknown", cells().map(|cell| cell.unknown))
        .real("exposure", cells().map(|cell| cell.exposure))
        .whole("n_units", cells().map(|cell| cell.n_units))
        .real("coverage", cells().map(|cell| cell.coverage))
        .real("smoothed", cells().map(|cell| cell.smoothed))
        .real("smoothed_lower95", cells().map(|cell| cell.smoothed95.map(|limits| limits.0)))
        .real("smoothed_upper95", cells().map(|cell| cell.smoothed95.map(|limits| limits.1)))
        .real("p_above", cells().map(|cell| cell.p_above))
        .text("method", cells().map(|cell| Some(cell.method)))
        .text("reliability", cells().map(|cell| Some(cell.reliability.as_str())))
        .text("status", cells().map(|cell| Some(cell.status.as_str())))
        .text("sources", same(sources.filter(|names| !names.is_empty())))
        .text("grade", same(key.and_then(|key| view.grade(key)).map(|grade| grade.to_string())))
        .text("geo_version", same(Some(frame.tree.vintage.clone())))
        .flag("provisional", cells().map(|cell| Some(cell.provisional)))
        .flag("method_break", cells().map(|cell| Some(cell.method_break)))
        .flag("estimated", cells().map(|cell| Some(cell.estimated)))
        .batch()
}
