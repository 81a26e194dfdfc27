//! The trend chart: a measure over the base periods, with intervals, breaks and gaps.
//!
//! The line stops at gaps and at method breaks: nothing is compared across a break. The value axis starts at 0. A period
//! that is not complete is drawn hollow and not joined.

use plotters::{
    prelude::{Circle, Color as _, DashedLineSeries, LineSeries, PathElement, SegmentValue, Text},
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    Chart,
    canvas::{self, Axes, INK, TEXT},
};
use crate::{
    model::{Estimate, MeasureKind},
    render::{
        page::{Cell, Table},
        view::{Measured, View, file_name},
        words,
    },
};

/// One period of a trend.
struct Point<'v> {
    label: &'v str,
    cell: Option<&'v Estimate>,
    /// Why a break lies before this period.
    break_before: Option<&'v str>,
}

impl Point<'_> {
    fn value(&self) -> Option<f64> {
        self.cell?.own_value()
    }

    fn limits(&self) -> Option<(f64, f64)> {
        self.cell.filter(|cell| cell.own_value().is_some())?.interval95
    }

    fn is_provisional(&self) -> bool {
        self.cell.is_some_and(|cell| cell.provisional)
    }
}

/// The trend of a region; `None` with fewer than two numbers.
pub(in crate::render) fn chart(
    view: &View<'_>,
    measured: &Measured<'_>,
    region: usize,
) -> Option<Chart> {
    if measured.is_composition() {
        return None;
    }
    let calendar = &view.frame.calendar;
    let breaks: Vec<(usize, &str)> = view
        .frame
        .breaks
        .iter()
        .filter(|found| measured.panel.sources.contains(&found.source))
        .filter_map(|found| Some((calendar.base_of(found.at)?, found.reason.as_str())))
        .collect();
    let points: Vec<Point<'_>> = (0..calendar.base.len())
        .map(|period| Point {
            label: view.period(period),
            cell: measured.cell(region, period),
            break_before: breaks
                .iter()
                .find(|(at, _)| *at == period && *at > 0)
                .map(|(_, reason)| *reason),
        })
        .collect();
    if points.iter().filter(|point| point.value().is_some()).count() < 2 {
        return None;
    }
    let name = &view.frame.tree.get(region).name;
    let title = format!("{}, {name}", measured.indicator.title_en());
    let note = note(view, measured, &points);
    let svg = draw(&points, &format!("Chart. {title}. {note}"));
    Some(Chart {
        name: format!(
            "trend-{}-{}",
            file_name(measured.indicator.id.as_str()),
            file_name(measured.measure.id.as_str())
        ),
        table: table(&points, &title, measured),
        title,
        note,
        svg,
    })
}

fn note(view: &View<'_>, measured: &Measured<'_>, points: &[Point<'_>]) -> String {
    let mut note = format!(
        "{}, {}.",
        words::capitalised(measured.measure.unit_en()),
        view.frame.ideology_title(measured.slice.ideology)
    );
    if points.iter().any(|point| point.limits().is_some()) {
        note.push_str(" Bars: 95 % intervals.");
    }
    if points.iter().any(|point| point.value().is_some() && point.is_provisional()) {
        note.push_str(" Hollow: not complete.");
    }
    for point in points {
        if let Some(reason) = point.break_before {
            note.push_str(" Dashed line: recording changed in ");
            note.push_str(point.label);
            note.push_str(" (");
            note.push_str(reason);
            note.push_str("); do not compare across it.");
        }
    }
    note
}

fn draw(points: &[Point<'_>], label: &str) -> String {
    let top = canvas::axis_end(
        points
            .iter()
            .flat_map(|point| [point.value(), point.limits().map(|limits| limits.1)])
            .flatten(),
    );
    let n = points.len();
    canvas::sheet(250, label, |sheet| {
        let mut chart = Axes {
            n,
            top,
            n_labels: 8,
            label: &|at| points[at].label.to_owned(),
            number: &canvas::tick,
        }
        .draw(sheet)?;
        for (at, _) in points.iter().enumerate().filter(|(_, point)| point.break_before.is_some()) {
            let line = [(SegmentValue::Exact(at), 0.0), (SegmentValue::Exact(at), top)];
            chart.draw_series(DashedLineSeries::new(line, 5, 4, TEXT.stroke_width(1)))?;
            // On the side with more room.
            let side = if at * 2 > n { HPos::Right } else { HPos::Left };
            let style = canvas::text_style().pos(Pos::new(side, VPos::Top));
            let place = (SegmentValue::Exact(at), top);
            chart.draw_series([Text::new("\u{a0}recording changed\u{a0}", place, style)])?;
        }
        for run in runs(points) {
            let line = run.iter().map(|&(at, value)| (SegmentValue::CenterOf(at), value));
            chart.draw_series(LineSeries::new(line, INK.stroke_width(2)))?;
        }
        for (at, point) in points.iter().enumerate() {
            if let Some((lower, upper)) = point.limits().filter(|_| point.value().is_some()) {
                let bar =
                    [(SegmentValue::CenterOf(at), lower), (SegmentValue::CenterOf(at), upper)];
                chart.draw_series([PathElement::new(bar, INK.mix(0.55).stroke_width(4))])?;
            }
        }
        for (at, point) in points.iter().enumerate() {
            let Some(value) = point.value() else {
                let place = (SegmentValue::CenterOf(at), top * 0.06);
                let style = canvas::text_style().pos(Pos::new(HPos::Center, VPos::Center));
                if n <= 12 {
                    chart.draw_series([Text::new(gap_word(point), place, style)])?;
                }
                continue;
            };
            let place = (SegmentValue::CenterOf(at), value);
            if point.is_provisional() {
                chart.draw_series([Circle::new(
                    place.clone(),
                    5,
                    plotters::style::WHITE.filled(),
                )])?;
                chart.draw_series([Circle::new(place, 5, INK.stroke_width(2))])?;
            } else {
                chart.draw_series([Circle::new(place, 4, INK.filled())])?;
            }
        }
        let base = [(SegmentValue::Exact(0), 0.0), (SegmentValue::Last, 0.0)];
        chart.draw_series([PathElement::new(base, TEXT.stroke_width(1))])?;
        Ok(())
    })
}

fn gap_word(point: &Point<'_>) -> &'static str {
    use crate::model::Status;
    match point.cell.map(|cell| cell.status) {
        Some(Status::Suppressed) => "hidden",
        Some(Status::NotApplicable) => "n/a",
        _ => "no data",
    }
}

/// Stretches of consecutive complete periods between breaks.
fn runs(points: &[Point<'_>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (at, point) in points.iter().enumerate() {
        if point.break_before.is_some() {
            runs.push(Vec::new());
        }
        match point.value().filter(|_| !point.is_provisional()) {
            Some(value) => {
                if let Some(run) = runs.last_mut() {
                    run.push((at, value));
                }
            }
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

fn table(points: &[Point<'_>], title: &str, measured: &Measured<'_>) -> Table {
    let is_count = measured.measure.kind == MeasureKind::Count;
    let mut head = vec!["Period", measured.measure.unit_en(), "95 % interval"];
    if !is_count {
        head.insert(1, "Count");
    }
    let mut table = Table::new(title, &head);
    for point in points {
        let mut cells = vec![Cell::text(point.label)];
        if !is_count {
            cells.push(Cell::number(point.cell.and_then(|cell| cell.numerator).map(words::count)));
        }
        match point.cell {
            Some(cell) if cell.own_value().is_some() => {
                let provisional = if cell.provisional { " (not complete)" } else { "" };
                cells.push(Cell::number(
                    cell.value.map(|value| format!("{}{provisional}", words::figure(value))),
                ));
                cells.push(Cell::number(cell.interval95.map(words::limits)));
            }
            cell => {
                let status = cell.map_or("not covered", |cell| words::status(cell.status));
                cells.push(Cell::note(status));
                cells.push(Cell::number(None));
            }
        }
        table.push(cells);
    }
    table
}
