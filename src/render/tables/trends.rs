//! The trends table: one row per counted measure and region, and per ideology for the country.

use super::format::Table;
use crate::{model::Trend, render::view::View};

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, &'v Trend> {
    let frame = view.frame;
    let region = move |row: &Trend| frame.tree.get(row.region);
    let label = move |period: usize| frame.calendar.period(period).label.as_str();
    Table::default()
        .text("indicator", move |row: &&Trend| {
            Some(frame.indicators[row.measure.indicator].id.as_str())
        })
        .text("measure", move |row| Some(view.released.measure(row.measure).1.id.as_str()))
        .text("region", move |row| Some(region(row).id.as_str()))
        .text("region_name", move |row| Some(region(row).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row).level].as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.ideology)))
        .text("from", move |row| Some(label(row.span?.0)))
        .text("to", move |row| Some(label(row.span?.1)))
        .real("yearly_change_percent", |row| Some(row.yearly_change?.0))
        .real("yearly_change_lower95", |row| Some(row.yearly_change?.1))
        .real("yearly_change_upper95", |row| Some(row.yearly_change?.2))
        .real("p", |row| row.p)
        .real("mann_kendall_tau", |row| Some(row.mann_kendall?.0))
        .real("mann_kendall_p", |row| Some(row.mann_kendall?.1))
        .real("theil_sen_per_100000", |row| Some(row.theil_sen?.0))
        .real("theil_sen_lower95", |row| Some(row.theil_sen?.1))
        .real("theil_sen_upper95", |row| Some(row.theil_sen?.2))
        .text("jump_from", move |row| Some(label(row.jump?.0)))
        .text("jump_to", move |row| Some(label(row.jump?.1)))
        .text("reason", |row| row.reason.as_deref())
}
