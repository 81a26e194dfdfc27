//! The alarms table: one row per counted measure and region, watched or not.

use super::format::Table;
use crate::{model::Watch, render::view::View};

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, &'v Watch> {
    let frame = view.frame;
    let names = move |row: &Watch| view.released.measure(row.measure);
    let region = move |row: &Watch| frame.tree.get(row.region);
    Table::default()
        .text("indicator", move |row: &&Watch| Some(names(row).0.id.as_str()))
        .text("measure", move |row| Some(names(row).1.id.as_str()))
        .text("region", move |row| Some(region(row).id.as_str()))
        .text("region_name", move |row| Some(region(row).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row).level].as_str()))
        .text("period", move |row| Some(frame.calendar.period(row.period?).label.as_str()))
        .text("method", |row| Some(row.watched?.method.as_str()))
        .whole("observed", |row| Some(row.watched?.observed))
        .real("expected", |row| Some(row.watched?.expected))
        .real("upper", |row| Some(row.watched?.upper))
        .real("p", |row| row.watched?.p)
        .real("exceedance", |row| row.watched?.exceedance)
        .whole("n_baseline", |row| Some(row.watched?.n_baseline as u64))
        .flag("alarm", |row| Some(row.watched?.alarm))
        .text("reason", |row| row.reason.as_deref())
}
