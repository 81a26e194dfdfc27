//! The composites table: one row per composite and area, or one that says why there is none.

use super::format::Table;
use crate::{
    model::{Composite, CompositePlace},
    render::view::View,
};

/// One row of the table.
pub(super) struct Row<'v> {
    composite: &'v Composite,
    place: Option<&'v CompositePlace>,
}

/// Every row, composite by composite.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    view.released.composites().iter().flat_map(|composite| {
        let none = composite.places.is_empty().then_some(Row { composite, place: None });
        let places =
            composite.places.iter().map(move |place| Row { composite, place: Some(place) });
        places.chain(none)
    })
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    let region = move |row: &Row<'_>| row.place.map(|place| frame.tree.get(place.region));
    Table::default()
        .text("composite", |row: &Row<'v>| Some(row.composite.rule.title.as_str()))
        .text("period", move |row| Some(frame.calendar.period(row.composite.period).label.as_str()))
        .text("level", move |row| Some(frame.tree.levels[row.composite.rule.level].as_str()))
        .text("region", move |row| region(row).map(|region| region.id.as_str()))
        .text("region_name", move |row| region(row).map(|region| region.name.as_str()))
        .real("score", |row| Some(row.place?.score))
        .real("rank", |row| Some(row.place?.rank))
        .real("rank_lower", |row| Some(row.place?.limits.0))
        .real("rank_upper", |row| Some(row.place?.limits.1))
        .text("reason", |row| row.composite.reason.as_deref())
}
