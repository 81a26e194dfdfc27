//! The capacity table: one row per region and indicator.

use arrow::array::RecordBatch;

use super::format::Columns;
use crate::{
    model::{CapacityState, SourceId},
    render::view::View,
};

/// The whole table.
pub(super) fn batch(view: &View<'_>) -> RecordBatch {
    let frame = view.frame;
    let rows = view.released.capacity();
    let region = |idx: usize| frame.tree.get(idx);
    Columns::default()
        .text("region", rows.iter().map(|row| Some(region(row.region).id.as_str())))
        .text("region_name", rows.iter().map(|row| Some(region(row.region).name.as_str())))
        .text(
            "level",
            rows.iter().map(|row| Some(frame.tree.levels[region(row.region).level].as_str())),
        )
        .text("indicator", rows.iter().map(|row| Some(frame.indicators[row.indicator].id.as_str())))
        .text(
            "state",
            rows.iter().map(|row| {
                Some(match &row.state {
                    CapacityState::Present => "present",
                    CapacityState::OnlyAbove(_) => "only_above",
                    CapacityState::Missing(_) => "missing",
                })
            }),
        )
        .text(
            "explanation",
            rows.iter().map(|row| match &row.state {
                CapacityState::Present => None,
                CapacityState::OnlyAbove(text) | CapacityState::Missing(text) => {
                    Some(text.as_str())
                }
            }),
        )
        .text(
            "sources",
            rows.iter().map(|row| {
                let names: Vec<&str> = row.sources.iter().map(SourceId::as_str).collect();
                (!names.is_empty()).then(|| names.join(" "))
            }),
        )
        .text("grain", rows.iter().map(|row| row.grain.as_deref()))
        .text("latest", rows.iter().map(|row| row.latest.map(|day| day.to_string())))
        .whole("months_covered", rows.iter().map(|row| Some(u64::from(row.months_covered))))
        .text("grade", rows.iter().map(|row| row.grade.map(|grade| grade.to_string())))
        .whole("n_breaks", rows.iter().map(|row| Some(row.n_breaks as u64)))
        .batch()
}
