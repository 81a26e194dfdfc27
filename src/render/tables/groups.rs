//! The groups table: one row per primary surface and group of neighbouring regions.

use super::{OfSurface, format::Table, of_surfaces};
use crate::{model::Group, render::view::View};

/// One group of one surface.
pub(super) type Row<'v> = OfSurface<'v, Group>;

/// Every row, surface by surface.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    let surfaces = view.released.findings().iter();
    surfaces.flat_map(|found| found.groups.iter().map(move |part| Row { found, part }))
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    of_surfaces::<Group>(view)
        .whole("rank", |row| Some(row.part.rank as u64))
        .text("centre", move |row| Some(frame.tree.get(row.part.centre).id.as_str()))
        .text("centre_name", move |row| Some(frame.tree.get(row.part.centre).name.as_str()))
        .whole("n_regions", |row| Some(row.part.regions.len() as u64))
        .made_text("regions", move |row| {
            let ids: Vec<&str> =
                row.part.regions.iter().map(|&region| frame.tree.get(region).id.as_str()).collect();
            Some(ids.join(" "))
        })
        .whole("cases", |row| Some(row.part.cases))
        .real("expected", |row| Some(row.part.expected))
        .real("relative_risk", |row| row.part.relative_risk)
        .real("llr", |row| Some(row.part.llr))
        .real("p", |row| Some(row.part.p))
        .real("gumbel_p", |row| row.part.gumbel_p)
        .real("radius_km", |row| Some(row.part.radius_km))
}
