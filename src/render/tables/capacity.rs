//! The capacity table: one row per region and indicator.

use super::format::Table;
use crate::{
    model::{Capacity, CapacityState, SourceId},
    render::view::View,
};

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, &'v Capacity> {
    let frame = view.frame;
    let region = move |idx: usize| frame.tree.get(idx);
    Table::default()
        .text("region", move |row: &&Capacity| Some(region(row.region).id.as_str()))
        .text("region_name", move |row| Some(region(row.region).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row.region).level].as_str()))
        .text("indicator", move |row| Some(frame.indicators[row.indicator].id.as_str()))
        .text("state", move |row| {
            Some(match &row.state {
                CapacityState::Present => "present",
                CapacityState::OnlyAbove(_) => "only_above",
                CapacityState::Missing(_) => "missing",
            })
        })
        .text("explanation", move |row| match &row.state {
            CapacityState::Present => None,
            CapacityState::OnlyAbove(text) | CapacityState::Missing(text) => Some(text.as_str()),
        })
        .made_text("sources", move |row| {
            let names: Vec<&str> = row.sources.iter().map(SourceId::as_str).collect();
            (!names.is_empty()).then(|| names.join(" "))
        })
        .text("grain", move |row| row.grain.as_deref())
        .made_text("latest", move |row| row.latest.map(|day| day.to_string()))
        .whole("months_covered", move |row| Some(u64::from(row.months_covered)))
        .made_text("grade", move |row| row.grade.map(|grade| grade.to_string()))
        .whole("n_breaks", move |row| Some(row.n_breaks as u64))
        .whole("days_behind", |row| row.days_behind.map(u64::from))
        .real("share_not_located", |row| row.share_not_located)
        .real("share_unassigned", |row| row.share_unassigned)
}
