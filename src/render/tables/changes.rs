//! The changes table: one row per measure, region, ideology and pair of disjoint periods.

use super::format::Table;
use crate::{model::Change, render::view::View};

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, &'v Change> {
    let frame = view.frame;
    let region = move |idx: usize| frame.tree.get(idx);
    let label = move |period: usize| Some(frame.calendar.period(period).label.as_str());
    Table::default()
        .text("indicator", move |row: &&Change| {
            Some(frame.indicators[row.measure.indicator].id.as_str())
        })
        .text("measure", move |row| Some(view.released.measure(row.measure).1.id.as_str()))
        .text("region", move |row| Some(region(row.region).id.as_str()))
        .text("region_name", move |row| Some(region(row.region).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row.region).level].as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.ideology)))
        .text("earlier", move |row| label(row.earlier))
        .text("later", move |row| label(row.later))
        .whole("count_earlier", move |row| Some(row.counts?.0))
        .whole("count_later", move |row| Some(row.counts?.1))
        .real("ratio", move |row| Some(row.ratio?.0))
        .real("ratio_lower95", move |row| Some(row.ratio?.1))
        .real("ratio_upper95", move |row| row.ratio?.2)
        .real("difference", move |row| Some(row.difference?.0))
        .real("difference_lower95", move |row| Some(row.difference?.1))
        .real("difference_upper95", move |row| Some(row.difference?.2))
        .real("p", move |row| row.p)
        .text("reason", move |row| row.reason.as_deref())
}
