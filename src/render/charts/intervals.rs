//! The interval plot: one row per area of a level, its value as a dot and its 95 % interval as a bar.

use plotters::{
    prelude::{
        ChartBuilder, Circle, Color as _, IntoSegmentedCoord as _, PathElement, SegmentValue, Text,
    },
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    Chart,
    canvas::{self, GRID, INK, REFERENCE, STRONG},
};
use crate::{
    model::{Estimate, Reliability},
    render::{
        page::{Cell, Table},
        view::{Measured, View, file_name, is_comparable},
        words,
    },
};

/// Most areas a plot holds and stays readable.
const MOST: usize = 45;

struct Row<'v> {
    region: usize,
    name: &'v str,
    cell: &'v Estimate,
}

/// The plot of a level over the pooled period; `None` for counts, without numbers, or with too many areas. `front` leads from the page
/// to the edition's folder.
pub(in crate::render) fn chart(
    view: &View<'_>,
    measured: &Measured<'_>,
    level: usize,
    front: &str,
) -> Option<Chart> {
    if !is_comparable(measured.measure.kind) || level >= view.frame.tree.levels.len() {
        return None;
    }
    let period = view.pooled(measured)?;
    let mut rows: Vec<Row<'_>> = view
        .frame
        .tree
        .level(level)
        .filter_map(|region| {
            let cell = measured.cell(region, period)?;
            Some(Row { region, name: &view.frame.tree.get(region).name, cell })
        })
        .collect();
    if !(2..=MOST).contains(&rows.len()) || !rows.iter().any(|row| row.cell.own_value().is_some()) {
        return None;
    }
    rows.sort_by(|a, b| {
        let key = |row: &Row<'_>| row.cell.own_value().unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a)).then(a.region.cmp(&b.region))
    });
    let country = measured.cell(0, period).and_then(|cell| cell.value);
    let title = format!(
        "{}, {}, by {}",
        measured.indicator.title_en(),
        view.period(period),
        view.frame.tree.levels[level]
    );
    let note = format!(
        "{}, {}. Bars: 95 % intervals; areas whose intervals overlap may not differ. Vertical line: country.",
        words::capitalised(measured.measure.unit_en()),
        view.frame.ideology_title(measured.slice.ideology),
    );
    let svg = draw(&rows, country, &format!("Chart. {title}. {note}"));
    Some(Chart {
        name: format!(
            "intervals-{}-{}",
            file_name(measured.indicator.id.as_str()),
            file_name(measured.measure.id.as_str())
        ),
        table: table(view, &rows, measured, &title, front),
        title,
        note,
        svg,
    })
}

fn draw(rows: &[Row<'_>], country: Option<f64>, label: &str) -> String {
    let n = rows.len();
    let top = canvas::axis_end(
        rows.iter()
            .flat_map(|row| {
                [
                    row.cell.own_value(),
                    row.cell.own_value().and(row.cell.interval95).map(|limits| limits.1),
                ]
            })
            .flatten()
            .chain(country),
    );
    let height = 46 + 21 * u32::try_from(n).unwrap_or(0);
    let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(24);
    let label_width = 16 + 15 * u32::try_from(longest).unwrap_or(0) / 2;
    // Row 0 is on top.
    let at = |row: usize| SegmentValue::CenterOf(n - 1 - row);
    canvas::sheet(height, label, |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .margin_top(8)
            .margin_right(16)
            .x_label_area_size(26)
            .y_label_area_size(label_width)
            .build_cartesian_2d(0.0..top, (0..n - 1).into_segmented())?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(plotters::style::TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(REFERENCE)
            .x_labels(5)
            .y_labels(n)
            .x_label_formatter(&|value| canvas::tick(*value))
            .y_label_formatter(&|at| match at {
                SegmentValue::CenterOf(at) if *at < n => shortened(rows[n - 1 - *at].name),
                _ => String::new(),
            })
            .label_style(canvas::text_style())
            .draw()?;
        if let Some(country) = country {
            let ends = [(country, SegmentValue::Exact(0)), (country, SegmentValue::Last)];
            chart.draw_series([PathElement::new(ends, STRONG.stroke_width(1))])?;
        }
        for (row, area) in rows.iter().enumerate() {
            let Some(value) = area.cell.own_value() else {
                let word = words::status(area.cell.status);
                let style = canvas::text_style().pos(Pos::new(HPos::Left, VPos::Center));
                let word = format!("\u{a0}{word}");
                chart.draw_series([Text::new(word, (0.0, at(row)), style)])?;
                continue;
            };
            if let Some((lower, upper)) = area.cell.interval95 {
                let ends = [(lower, at(row)), (upper, at(row))];
                chart.draw_series([PathElement::new(ends, INK.stroke_width(2))])?;
            }
            let dot = if area.cell.reliability == Reliability::Small {
                chart.draw_series([Circle::new(
                    (value, at(row)),
                    4,
                    plotters::style::WHITE.filled(),
                )])?;
                INK.stroke_width(2)
            } else {
                INK.filled()
            };
            chart.draw_series([Circle::new((value, at(row)), 4, dot)])?;
        }
        Ok(())
    })
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 24 {
        return name.to_owned();
    }
    name.chars().take(23).chain(['…']).collect()
}

fn table(
    view: &View<'_>,
    rows: &[Row<'_>],
    measured: &Measured<'_>,
    title: &str,
    front: &str,
) -> Table {
    let unit = measured.measure.unit_en();
    let mut table = Table::new(title, &["Area", "Count", unit, "95 % interval", "Note"]);
    for row in rows {
        let link = format!("{front}{}", view.region_path(row.region));
        let note = match row.cell.own_value() {
            Some(_) => words::reliability(row.cell.reliability),
            None => words::status(row.cell.status),
        };
        table.push(vec![
            Cell::link(row.name, &link),
            Cell::number(row.cell.numerator.map(words::count)),
            Cell::number(row.cell.own_value().map(words::figure)),
            Cell::number(row.cell.interval95.map(words::limits)),
            Cell::note(note),
        ]);
    }
    table
}
