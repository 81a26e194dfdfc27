//! Charts of delays: what is known of the latest periods and what they are heading for, and completeness by delay.

use plotters::{
    prelude::{Circle, Color as _, LineSeries, PathElement, Rectangle, SegmentValue},
    style::RGBColor,
};

use super::sentences::Findings;
use crate::{
    render::charts::canvas::{self, Axes, INK, STRONG, TEXT},
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
        let mut chart = Axes {
            n,
            top,
            n_labels: 5,
            label: &|at| input.periods.label(first + at),
            number: &canvas::tick,
        }
        .draw(sheet)?;
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
    let every = findings.input.periods.every;
    let label = format!(
        "Chart. Share of all events known, by {} since the event, in per cent.",
        every.many()
    );
    canvas::sheet(240, &label, |sheet| {
        let mut chart = Axes {
            n: known.len(),
            top: 100.0,
            n_labels: 12,
            label: &|at| at.to_string(),
            number: &|value| format!("{} %", canvas::tick(value)),
        }
        .draw(sheet)?;
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
