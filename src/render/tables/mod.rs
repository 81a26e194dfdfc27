//! Tables: every figure of an edition as CSV and Parquet, one row per key.
//!
//! CSV is RFC 4180 in UTF-8 with lines ending in CRLF; an empty cell is null; decimals have a point and eight
//! significant digits. Parquet holds the same rows with types and all digits.

mod alarms;
mod capacity;
mod changes;
mod composites;
mod concentration;
mod estimates;
mod findings;
mod format;
mod groups;
mod surveys;
mod trends;

use super::{Artefact, Report, Sink, page, view::View};
use crate::{diagnostics::Problem, model::SurfaceFindings};
use format::Table;

pub(super) static ENTRY: Report = Report {
    id: "tables",
    title: "Everything as CSV and Parquet: estimates, surveys, composites, findings, groups, capacity, changes, trends, concentration, alarms",
    render,
};

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    if let Some(mark) = page::mark(view) {
        sink("tables/NOT-FOR-PUBLICATION.txt", format!("{mark}\n").into_bytes().into())?;
    }
    let heads = estimates::heads(view);
    write("estimates", &estimates::table(view), || estimates::rows(view, &heads), sink)?;
    write("surveys", &surveys::table(view), || view.released.surveys().iter(), sink)?;
    write("composites", &composites::table(view), || composites::rows(view), sink)?;
    write("findings", &findings::table(view), || findings::rows(view), sink)?;
    write("groups", &groups::table(view), || groups::rows(view), sink)?;
    write("capacity", &capacity::table(view), || view.released.capacity().iter(), sink)?;
    write("changes", &changes::table(view), || view.released.changes().iter(), sink)?;
    write("trends", &trends::table(view), || view.released.trends().iter(), sink)?;
    write("concentration", &concentration::table(view), || concentration::rows(view), sink)?;
    write("alarms", &alarms::table(view), || view.released.watches().iter(), sink)
}

/// One region, or one group, of a surface.
struct OfSurface<'v, T> {
    found: &'v SurfaceFindings,
    part: &'v T,
}

/// The columns that say which surface a row is of: the first of every table of findings.
fn of_surfaces<'v, T: 'v>(view: &'v View<'_>) -> Table<'v, OfSurface<'v, T>> {
    let frame = view.frame;
    let names = move |row: &OfSurface<'_, T>| view.released.measure(row.found.surface.measure);
    Table::default()
        .text("indicator", move |row: &OfSurface<'v, T>| Some(names(row).0.id.as_str()))
        .text("measure", move |row| Some(names(row).1.id.as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.found.surface.ideology)))
        .text("period", move |row| {
            Some(frame.calendar.period(row.found.surface.period).label.as_str())
        })
        .text("level", move |row| Some(frame.tree.levels[row.found.surface.level].as_str()))
}

fn write<R, I: Iterator<Item = R>>(
    name: &str,
    table: &Table<'_, R>,
    rows: impl Fn() -> I,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    sink(&format!("tables/{name}.csv"), Artefact::Stream(&mut |out| table.csv(rows(), out)))?;
    sink(&format!("tables/{name}.parquet"), Artefact::Stream(&mut |out| table.parquet(rows(), out)))
}
