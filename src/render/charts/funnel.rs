//! The funnel plot: recorded over expected, against expected, inside the limits chance would keep to.

use std::fmt::Write as _;

use plotters::prelude::{ChartBuilder, Color as _, IntoLogRange as _, LineSeries, PathElement};

use super::{
    Chart,
    canvas::{self, GRID, REFERENCE, TEXT},
};
use crate::{
    model::{Funnel, SurfaceFindings, VarianceLaw},
    render::{
        draw::push,
        maps::hotbeds,
        page::{Cell, Table},
        view::{View, file_name},
        words,
    },
    statistics::own_rate::funnel::limits,
};

/// Points along each limit.
const STEPS: u32 = 120;
/// Rows of the table below the plot.
const ROWS: usize = 12;

struct Dot<'v> {
    name: &'v str,
    region: usize,
    observed: u64,
    expected: f64,
    ratio: f64,
    outside: bool,
}

/// The funnel of a surface; `None` where expected counts are withheld.
pub(in crate::render) fn chart(
    view: &View<'_>,
    found: &SurfaceFindings,
    front: &str,
) -> Option<Chart> {
    let (indicator, measure) = view.released.measure(found.surface.measure);
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let dots: Vec<Dot<'_>> = found
        .regions
        .iter()
        .filter_map(|finding| {
            let (observed, expected) = (finding.observed?, finding.expected?);
            let funnel = finding.own?.funnel;
            (expected > 0.0).then(|| Dot {
                name: &view.frame.tree.get(finding.region).name,
                region: finding.region,
                observed,
                expected,
                ratio: observed as f64 / expected,
                outside: matches!(funnel, Funnel::Above998 | Funnel::Below998),
            })
        })
        .collect();
    if dots.len() < 5 {
        return None;
    }
    let n_outside = dots.iter().filter(|dot| dot.outside).count();
    let title = format!(
        "{} of {} lie outside what chance would keep 99.8 % of them within",
        words::number_of(n_outside),
        words::plural(dots.len(), "area", "areas")
    );
    let note = format!(
        "{}. Up: recorded over expected (1 is the country’s rate). Right: expected count, small areas on the left. Lines: 95 and 99.8 % limits{}.",
        hotbeds::subtitle(view, found),
        if found.test.dispersion.law.is_some() { ", widened for extra scatter" } else { "" },
    );
    let svg = draw(&dots, found.test.dispersion.law, &format!("Chart. {title}. {note}"));
    Some(Chart {
        name: format!(
            "funnel-{}-{}",
            file_name(indicator.id.as_str()),
            file_name(measure.id.as_str())
        ),
        table: table(view, dots, &words::capitalised(&hotbeds::noun(view, found)), front),
        title,
        note,
        svg,
    })
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn draw(dots: &[Dot<'_>], law: Option<VarianceLaw>, label: &str) -> String {
    let least = dots.iter().map(|dot| dot.expected).fold(f64::INFINITY, f64::min) * 0.8;
    let most = dots.iter().map(|dot| dot.expected).fold(0.0, f64::max) * 1.25;
    let top = canvas::axis_end(dots.iter().map(|dot| dot.ratio));
    // Equal steps on the logarithmic axis, by repeated multiplication.
    let step = crate::statistics::numerics::float::pow(most / least, 1.0 / f64::from(STEPS));
    let xs: Vec<f64> =
        std::iter::successors(Some(least), |x| Some(x * step)).take(STEPS as usize + 1).collect();
    let lines = |pick: &dyn Fn(f64) -> Option<f64>| -> Vec<(f64, f64)> {
        xs.iter()
            .filter_map(|&x| pick(x).map(|y| (x, (y / x).min(top))))
            .filter(|(_, y)| *y < top)
            .collect()
    };
    let (mut inside, mut outside) = (String::new(), String::new());
    let drawn = canvas::sheet(310, label, |sheet| {
        let mut chart = ChartBuilder::on(sheet)
            .margin_top(10)
            .margin_right(16)
            .x_label_area_size(42)
            .y_label_area_size(46)
            .build_cartesian_2d((least..most).log_scale(), 0.0..top)?;
        chart
            .configure_mesh()
            .light_line_style(plotters::style::TRANSPARENT)
            .bold_line_style(GRID)
            .axis_style(REFERENCE)
            .x_labels(5)
            .y_labels(6)
            .x_desc("expected count")
            .axis_desc_style(canvas::text_style())
            .x_label_formatter(&|value| canvas::tick(*value))
            .y_label_formatter(&|value| canvas::tick(*value))
            .label_style(canvas::text_style())
            .draw()?;
        chart.draw_series([PathElement::new([(least, 1.0), (most, 1.0)], TEXT.stroke_width(1))])?;
        let limit_lines = [
            (lines(&|x| Some(limits(x, law).upper95 as f64)), 1),
            (lines(&|x| limits(x, law).lower95.map(|at| at as f64)), 1),
            (lines(&|x| Some(limits(x, law).upper998 as f64)), 2),
            (lines(&|x| limits(x, law).lower998.map(|at| at as f64)), 2),
        ];
        for (line, width) in limit_lines {
            chart.draw_series(LineSeries::new(line, REFERENCE.stroke_width(width)))?;
        }
        for dot in dots {
            let (x, y) = chart.backend_coord(&(dot.expected, dot.ratio));
            push!(if dot.outside { &mut outside } else { &mut inside }, "M{x} {y}h0");
        }
        Ok(())
    });
    // One path for all dots of a kind: hundreds of circles would be most of a page.
    let path = |dots: &str, colour: &str| {
        format!(
            "<path d=\"{dots}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"6\" stroke-linecap=\"round\"/>"
        )
    };
    let dots = path(&inside, "#7d9fb8") + &path(&outside, "#b4460a") + "</svg>";
    drawn.replace("</svg>", &dots)
}

fn table(view: &View<'_>, mut dots: Vec<Dot<'_>>, unit: &str, front: &str) -> Table {
    dots.sort_by(|a, b| {
        let key = |dot: &Dot<'_>| (dot.outside, dot.ratio);
        let (a_key, b_key) = (key(a), key(b));
        b_key.0.cmp(&a_key.0).then(b_key.1.total_cmp(&a_key.1)).then(a.region.cmp(&b.region))
    });
    let caption = format!(
        "The {} areas farthest above (all areas are in tables/findings.csv)",
        ROWS.min(dots.len())
    );
    let mut table = Table::new(&caption, &["Area", unit, "Expected", "Recorded over expected"]);
    for dot in dots.into_iter().take(ROWS) {
        table.push(vec![
            Cell::link(dot.name, &format!("{front}{}", view.region_path(dot.region))),
            Cell::number(Some(words::count(dot.observed))),
            Cell::number(Some(words::figure(dot.expected))),
            Cell::number(Some(words::figure(dot.ratio))),
        ]);
    }
    table
}
