//! The concentration table: one row per index of a measure, ideology, period and level, or one that says why there is none.

use super::format::Table;
use crate::{
    model::{Concentrated, Concentration},
    render::view::View,
};

/// One index of one spread.
pub(super) struct Row<'v> {
    found: &'v Concentration,
    index: Option<&'v Concentrated>,
}

/// Every row, spread by spread.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    view.released.concentrations().iter().flat_map(|found| {
        let none = found.indices.is_empty().then_some(Row { found, index: None });
        found.indices.iter().map(move |index| Row { found, index: Some(index) }).chain(none)
    })
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    let names = move |row: &Row<'_>| view.released.measure(row.found.measure);
    let proportional = |row: &Row<'_>| row.index?.proportional;
    Table::default()
        .text("indicator", move |row: &Row<'_>| Some(names(row).0.id.as_str()))
        .text("measure", move |row| Some(names(row).1.id.as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.found.ideology)))
        .text("period", move |row| Some(frame.calendar.period(row.found.period).label.as_str()))
        .text("level", move |row| Some(frame.tree.levels[row.found.level].as_str()))
        .whole("n_regions", |row| row.found.n_regions.map(|n| n as u64))
        .whole("total", |row| row.found.total)
        .text("index", |row| Some(row.index?.index.as_str()))
        .real("recorded", |row| Some(row.index?.recorded))
        .real("proportional", move |row| Some(proportional(row)?.expected))
        .real("proportional_lower95", move |row| Some(proportional(row)?.limits.0))
        .real("proportional_upper95", move |row| Some(proportional(row)?.limits.1))
        .real("p", move |row| Some(proportional(row)?.p))
        .text("reason", |row| row.found.reason.as_deref())
}
