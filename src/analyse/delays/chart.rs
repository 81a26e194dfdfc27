//! Charts of delays: what is known of the latest periods and what they are heading for, and completeness by delay.

use plotters::{
    prelude::{
        ChartBuilder, Circle, Color as _, IntoSegmentedCoord as _, LineSeries, PathElement,
        Rectangle, SegmentValue,
    },
    style::RGBColor,
};

use super::sentences::Findings;
use crate::{
    render::charts::canvas::{self, GRID, INK, REFERENCE, STRONG, TEXT},
    statistics::numerics::float::real,
};

/// Latest periods drawn.
const PERIODS: usize = 24;
/// Delays drawn.
const DELAYS: usize = 24;
/// What is known.
const KNOWN: RGBColor = RGBColor(150, 185, 210);

/// How to read the first chart.
pub(super) const READING: &str =
    "Bars: known so far. Orange dots and lines: what is to be expected in the end, with limits.";

/// The latest periods.
pub(super) fn periods(findings: &Findings<'_>) -> String {
    let (input, analysis) = (findings.input, findings.analysis);
    let n_all = input.periods.len();
    let first = n_all.saturating_sub(PERIODS);
    let n = n_all - first;
    let reported: Vec<f64> = input.triangle.reported()[first..].iter().copied().map(real).collect();
    let found = &analysis.periods[first..];
    let most =
        found.iter().flatten().flat_map(|found| [Some(found.expected), found.upper]).flatten();
    let top = canvas::axis_end(reported.iter().copied().chain(most.filter(|most| *most < 1e9)));
    let label = format!("Chart. {}. {READING}", findings.lead());
    canvas::sheet(260, &label, |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .margin_top(14)
            .margin_right(14)
            .x_label_area_size(26)
            .y_label_area_size(50)
            .build_cartesian_2d((0..n - 1).into_segmented(), 0.0..top)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(plotters::style::TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(REFERENCE)
            .x_labels(n.min(5))
            .y_labels(5)
            .x_label_formatter(&|at| match at {
                SegmentValue::CenterOf(at) if *at < n => input.periods.label(first + at),
                _ => String::new(),
            })
            .y_label_formatter(&|value| canvas::tick(*value))
            .label_style(canvas::text_style())
            .draw()?;
        for (at, &known) in reported.iter().enumerate() {
            let corners = [(SegmentValue::Exact(at), known), (SegmentValue::Exact(at + 1), 0.0)];
            let mut bar = Rectangle::new(corners, KNOWN.filled());
            bar.set_margin(0, 0, 2, 2);
            chart.draw_series([bar])?;
        }
        for (at, found) in found.iter().enumerate() {
            let Some(found) = found.filter(|found| found.completeness < 1.0) else { continue };
            let place = |value: f64| (SegmentValue::CenterOf(at), value);
            let line = [place(found.lower), place(found.upper.unwrap_or(top).min(top))];
            chart.draw_series([PathElement::new(line, STRONG.stroke_width(2))])?;
            chart.draw_series([Circle::new(place(found.expected), 4, STRONG.filled())])?;
        }
        let base = [(SegmentValue::Exact(0), 0.0), (SegmentValue::Last, 0.0)];
        chart.draw_series([PathElement::new(base, TEXT.stroke_width(1))])?;
        Ok(())
    })
}

/// Completeness by delay.
pub(super) fn completeness(findings: &Findings<'_>) -> String {
    let known = &findings.analysis.known[..findings.analysis.known.len().min(DELAYS)];
    let n = known.len().max(2);
    let every = findings.input.periods.every;
    let label = format!(
        "Chart. Share of all events known, by {} since the event, in per cent.",
        every.many()
    );
    canvas::sheet(240, &label, |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .margin_top(14)
            .margin_right(14)
            .x_label_area_size(26)
            .y_label_area_size(50)
            .build_cartesian_2d((0..n - 1).into_segmented(), 0.0..100.0)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(plotters::style::TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(REFERENCE)
            .x_labels(n.min(12))
            .y_labels(5)
            .x_label_formatter(&|at| match at {
                SegmentValue::CenterOf(at) => at.to_string(),
                _ => String::new(),
            })
            .y_label_formatter(&|value| format!("{} %", canvas::tick(*value)))
            .label_style(canvas::text_style())
            .draw()?;
        let points = || {
            let shares = known.iter().enumerate();
            shares
                .filter_map(|(at, known)| Some((SegmentValue::CenterOf(at), 100.0 * known.share?)))
        };
        chart.draw_series(LineSeries::new(points(), INK.stroke_width(2)))?;
        for (at, found) in known.iter().enumerate() {
            let Some((lower, upper)) = found.limits else { continue };
            let place = |share: f64| (SegmentValue::CenterOf(at), 100.0 * share);
            let bar = [place(lower), place(upper)];
            chart.draw_series([PathElement::new(bar, INK.mix(0.45).stroke_width(4))])?;
        }
        chart.draw_series(points().map(|place| Circle::new(place, 4, INK.filled())))?;
        Ok(())
    })
}
