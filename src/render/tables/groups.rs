//! The groups table: one row per primary surface and group of neighbouring regions.

use super::format::Table;
use crate::{
    model::{Group, SurfaceFindings},
    render::view::View,
};

/// One group of one surface.
pub(super) struct Row<'v> {
    found: &'v SurfaceFindings,
    group: &'v Group,
}

/// Every row, surface by surface.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    let surfaces = view.released.findings().iter();
    surfaces.flat_map(|found| found.groups.iter().map(move |group| Row { found, group }))
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    let names = move |row: &Row<'_>| view.released.measure(row.found.surface.measure);
    Table::default()
        .text("indicator", move |row: &Row<'_>| Some(names(row).0.id.as_str()))
        .text("measure", move |row| Some(names(row).1.id.as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.found.surface.ideology)))
        .text("period", move |row| {
            Some(frame.calendar.period(row.found.surface.period).label.as_str())
        })
        .text("level", move |row| Some(frame.tree.levels[row.found.surface.level].as_str()))
        .whole("rank", |row| Some(row.group.rank as u64))
        .text("centre", move |row| Some(frame.tree.get(row.group.centre).id.as_str()))
        .text("centre_name", move |row| Some(frame.tree.get(row.group.centre).name.as_str()))
        .whole("n_regions", |row| Some(row.group.regions.len() as u64))
        .made_text("regions", move |row| {
            let ids: Vec<&str> = row
                .group
                .regions
                .iter()
                .map(|&region| frame.tree.get(region).id.as_str())
                .collect();
            Some(ids.join(" "))
        })
        .whole("cases", |row| Some(row.group.cases))
        .real("expected", |row| Some(row.group.expected))
        .real("relative_risk", |row| row.group.relative_risk)
        .real("llr", |row| Some(row.group.llr))
        .real("p", |row| Some(row.group.p))
        .real("gumbel_p", |row| row.group.gumbel_p)
        .real("radius_km", |row| Some(row.group.radius_km))
}
