//! The surveys table: what every region's own respondents say, whether it may stand, and why not.

use super::format::Table;
use crate::{model::SurveyShare, render::view::View};

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, &'v SurveyShare> {
    let frame = view.frame;
    let region = move |row: &SurveyShare| frame.tree.get(row.region);
    Table::default()
        .text("indicator", move |row: &&SurveyShare| {
            Some(frame.indicators[row.measure.indicator].id.as_str())
        })
        .text("measure", move |row| Some(view.released.measure(row.measure).1.id.as_str()))
        .text("region", move |row| Some(region(row).id.as_str()))
        .text("region_name", move |row| Some(region(row).name.as_str()))
        .text("level", move |row| Some(frame.tree.levels[region(row).level].as_str()))
        .text("period", move |row| Some(frame.calendar.period(row.period).label.as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.ideology)))
        .text("source", |row| Some(row.source.as_str()))
        .real("value", |row| row.value)
        .text("unit", move |row| Some(view.released.measure(row.measure).1.unit_en()))
        .real("standard_error", |row| row.se)
        .real("lower95", |row| Some(row.interval95?.0))
        .real("upper95", |row| Some(row.interval95?.1))
        .whole("n", |row| row.n)
        .whole("n_positive", |row| row.n_positive)
        .real("n_eff", |row| row.n_eff)
        .whole("df", |row| row.df.map(u64::from))
        .real("deff", |row| row.deff)
        .text("verdict", |row| Some(row.verdict.as_str()))
        .text("reasons", |row| (!row.reasons.is_empty()).then_some(row.reasons.as_str()))
}
