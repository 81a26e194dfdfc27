//! The changes table: one row per measure, region, ideology and pair of disjoint periods.

use arrow::array::RecordBatch;

use super::format::Columns;
use crate::render::view::View;

/// The whole table.
pub(super) fn batch(view: &View<'_>) -> RecordBatch {
    let frame = view.frame;
    let rows = view.released.changes();
    let region = |idx: usize| frame.tree.get(idx);
    let label = |period: usize| Some(frame.calendar.period(period).label.as_str());
    Columns::default()
        .text(
            "indicator",
            rows.iter().map(|row| Some(frame.indicators[row.measure.indicator].id.as_str())),
        )
        .text(
            "measure",
            rows.iter().map(|row| Some(view.released.measure(row.measure).1.id.as_str())),
        )
        .text("region", rows.iter().map(|row| Some(region(row.region).id.as_str())))
        .text("region_name", rows.iter().map(|row| Some(region(row.region).name.as_str())))
        .text(
            "level",
            rows.iter().map(|row| Some(frame.tree.levels[region(row.region).level].as_str())),
        )
        .text("ideology", rows.iter().map(|row| Some(frame.ideology_id(row.ideology))))
        .text("earlier", rows.iter().map(|row| label(row.earlier)))
        .text("later", rows.iter().map(|row| label(row.later)))
        .whole("count_earlier", rows.iter().map(|row| Some(row.counts?.0)))
        .whole("count_later", rows.iter().map(|row| Some(row.counts?.1)))
        .real("ratio", rows.iter().map(|row| Some(row.ratio?.0)))
        .real("ratio_lower95", rows.iter().map(|row| Some(row.ratio?.1)))
        .real("ratio_upper95", rows.iter().map(|row| row.ratio?.2))
        .real("difference", rows.iter().map(|row| Some(row.difference?.0)))
        .real("difference_lower95", rows.iter().map(|row| Some(row.difference?.1)))
        .real("difference_upper95", rows.iter().map(|row| Some(row.difference?.2)))
        .real("p", rows.iter().map(|row| row.p))
        .text("reason", rows.iter().map(|row| row.reason.as_deref()))
        .batch()
}
