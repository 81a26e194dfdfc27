//! The chart of a series: counts with their limits, alarms, what an alarm takes, and declared breaks.

use plotters::{
    prelude::{
        Circle, Color as _, DashedLineSeries, LineSeries, PathElement, Polygon, SegmentValue, Text,
    },
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    build::{Series, Status},
    sentences::Findings,
    table::limits,
};
use crate::{
    render::charts::canvas::{self, Axes, INK, REFERENCE, STRONG, TEXT},
    statistics::numerics::float::{real, size},
};

/// Periods up to which each has a dot and a bar of its own.
const DOTS: usize = 40;

/// Years named below the axis at most.
const LABELS: usize = 7;

/// What is drawn of a series.
struct Drawing<'a> {
    findings: &'a Findings<'a>,
    of: usize,
    /// Periods before which a declared break lies.
    breaks: Vec<usize>,
    /// Periods before which the level changes as no trend does.
    jumps: Vec<usize>,
}

/// The chart of one series.
pub(super) fn svg(findings: &Findings<'_>, of: usize) -> String {
    let periods = &findings.input.periods;
    let breaks = findings.options.breaks.iter().filter_map(|broken| {
        let at = periods.starts.partition_point(|start| *start < broken.at);
        (at > 0 && at < periods.len()).then_some(at)
    });
    let recording = findings.analysis.of[of].trends.recording.as_ref();
    let jumps = recording
        .map_or_else(|_| Vec::new(), |found| found.jumps.iter().map(|jump| jump.at).collect());
    let drawing = Drawing { findings, of, breaks: breaks.collect(), jumps };
    let name = &findings.input.series[of].name;
    drawing.svg(&format!("Chart. {}, {name}. {}", findings.subject(), findings.reading(of)))
}

impl Drawing<'_> {
    fn series(&self) -> &Series {
        &self.findings.input.series[self.of]
    }

    /// What an alarm takes, by period.
    fn limit(&self, at: usize) -> Option<f64> {
        let alarms = self.findings.analysis.of[self.of].watch.alarms.as_ref().ok()?;
        alarms.watched[at].as_ref().ok().map(|watched| watched.upper)
    }

    /// Runs of periods that may be compared: whole, without a gap, between breaks.
    fn runs(&self, value: impl Fn(usize) -> Option<f64>) -> Vec<Vec<(usize, f64)>> {
        let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        for at in 0..self.series().cells.len() {
            if self.breaks.contains(&at) || self.jumps.contains(&at) {
                runs.push(Vec::new());
            }
            match (value(at), runs.last_mut()) {
                (Some(value), Some(run)) => run.push((at, value)),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| run.len() > 1);
        runs
    }

    fn count(&self, at: usize) -> Option<f64> {
        self.series().cells[at].count().map(real)
    }

    /// Labels of periods below the axis: whole years where periods are shorter.
    fn label(&self, at: usize, n: usize) -> String {
        let label = self.findings.input.periods.label(at);
        if n > 12 { label.chars().take(4).collect() } else { label }
    }

    fn svg(&self, label: &str) -> String {
        let n = self.series().cells.len();
        let upper = |at: usize| self.series().cells[at].count().map(|count| limits(count).1);
        let events = |at: usize| self.series().cells[at].events.map(real);
        let all = (0..n).flat_map(|at| [upper(at), self.limit(at), events(at)]).flatten();
        let top = canvas::axis_end(all);
        canvas::sheet(260, label, |sheet| {
            let mut chart = Axes {
                n,
                top,
                n_labels: if n > 12 { 0 } else { LABELS },
                label: &|at| self.label(at, n),
                number: &canvas::tick,
            }
            .draw(sheet)?;
            for (at, year) in self.years(n) {
                let style = canvas::text_style().pos(Pos::new(HPos::Center, VPos::Top));
                let below = chart.backend_coord(&(SegmentValue::Exact(at), 0.0));
                let mark = [below, (below.0, below.1 + 5)];
                sheet.draw(&PathElement::new(mark, REFERENCE.stroke_width(1)))?;
                sheet.draw(&Text::new(year, (below.0, below.1 + 8), style))?;
            }
            if n > DOTS {
                for run in self.runs(upper) {
                    let lower = run.iter().rev().filter_map(|&(at, _)| {
                        Some((at, limits(self.series().cells[at].count()?).0))
                    });
                    let around = run.iter().copied().chain(lower);
                    let around: Vec<_> =
                        around.map(|(at, value)| (SegmentValue::CenterOf(at), value)).collect();
                    chart.draw_series([Polygon::new(around, INK.mix(0.16))])?;
                }
            }
            for &at in &self.breaks {
                let line = [(SegmentValue::Exact(at), 0.0), (SegmentValue::Exact(at), top)];
                chart.draw_series(DashedLineSeries::new(line, 5, 4, TEXT.stroke_width(1)))?;
            }
            for &at in &self.jumps {
                let line = [(SegmentValue::Exact(at), 0.0), (SegmentValue::Exact(at), top)];
                chart.draw_series(DashedLineSeries::new(line, 2, 4, STRONG.stroke_width(2)))?;
            }
            for run in self.runs(|at| self.limit(at)) {
                let line = run.iter().map(|&(at, value)| (SegmentValue::CenterOf(at), value));
                chart.draw_series(DashedLineSeries::new(line, 3, 3, STRONG.stroke_width(1)))?;
            }
            for run in self.runs(|at| self.count(at)) {
                let line = run.iter().map(|&(at, value)| (SegmentValue::CenterOf(at), value));
                let width = if n > DOTS { 1 } else { 2 };
                chart.draw_series(LineSeries::new(line, INK.stroke_width(width)))?;
            }
            let alone = |at: usize| {
                let known =
                    |at: Option<usize>| at.and_then(|at| self.series().cells.get(at)?.count());
                known(at.checked_sub(1)).is_none() && known(Some(at + 1)).is_none()
            };
            for at in 0..n {
                let Some(value) = events(at) else { continue };
                let place = (SegmentValue::CenterOf(at), value);
                let raised = self.is_alarm(at);
                if let Some(count) = self.series().cells[at].count().filter(|_| n <= DOTS) {
                    let (lower, upper) = limits(count);
                    let bar =
                        [(SegmentValue::CenterOf(at), lower), (SegmentValue::CenterOf(at), upper)];
                    chart.draw_series([PathElement::new(bar, INK.mix(0.45).stroke_width(3))])?;
                }
                if self.series().cells[at].status == Status::Incomplete {
                    chart.draw_series([Circle::new(
                        place.clone(),
                        4,
                        plotters::style::WHITE.filled(),
                    )])?;
                    chart.draw_series([Circle::new(place, 4, INK.stroke_width(2))])?;
                } else if raised {
                    chart.draw_series([Circle::new(place, 6, STRONG.filled())])?;
                } else if n <= DOTS || alone(at) {
                    chart.draw_series([Circle::new(
                        place,
                        if n > DOTS { 2 } else { 4 },
                        INK.filled(),
                    )])?;
                }
            }
            let base = [(SegmentValue::Exact(0), 0.0), (SegmentValue::Last, 0.0)];
            chart.draw_series([PathElement::new(base, TEXT.stroke_width(1))])?;
            Ok(())
        })
    }

    fn is_alarm(&self, at: usize) -> bool {
        let alarms = self.findings.analysis.of[self.of].watch.alarms.as_ref();
        alarms.is_ok_and(|alarms| alarms.watched[at].as_ref().is_ok_and(|found| found.alarm))
    }

    /// Where years begin and what they are called, not too many of them; none where all periods have labels.
    fn years(&self, n: usize) -> Vec<(usize, String)> {
        if n <= 12 {
            return Vec::new();
        }
        let starts: Vec<usize> =
            (0..n).filter(|&at| at == 0 || self.label(at, n) != self.label(at - 1, n)).collect();
        // The first year may be a short one, whose label would run into the next.
        let is_short = starts.get(1).is_some_and(|next| size(*next) < 0.06 * size(n));
        let starts = &starts[usize::from(is_short)..];
        let step = starts.len().div_ceil(LABELS).max(1);
        starts.iter().step_by(step).map(|&at| (at, self.label(at, n))).collect()
    }
}
