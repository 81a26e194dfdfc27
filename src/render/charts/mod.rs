//! Charts: trends, funnels and interval plots as SVG, each with the same figures as a table.

pub(crate) mod canvas;
pub(super) mod funnel;
pub(super) mod intervals;
pub(super) mod trend;

use super::{
    Report, Sink,
    page::{self, Table},
    view::View,
};
use crate::diagnostics::Problem;

pub(super) static ENTRY: Report =
    Report { id: "charts", title: "Trends, funnels and interval plots as SVG", render };

/// A chart and its figures.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// File name without folder and extension.
    pub(super) name: String,
    /// What it says or shows.
    pub(super) title: String,
    /// How to read it: unit, period, marks.
    pub(super) note: String,
    /// The picture.
    pub(super) svg: String,
    /// The same figures.
    pub(super) table: Table,
}

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let mut charts = Vec::new();
    for indicator in 0..view.frame.indicators.len() {
        let Some(measured) = view.main(indicator) else { continue };
        charts.extend(trend::chart(view, &measured, 0));
        charts.extend(intervals::chart(view, &measured, 1, ""));
    }
    charts.extend(
        view.headline_surfaces().into_iter().filter_map(|found| funnel::chart(view, found, "")),
    );
    for chart in charts {
        let path = format!("charts/{}.svg", chart.name);
        sink(&path, standing_alone(view, &chart.svg).into_bytes().into())?;
    }
    Ok(())
}

/// A chart as a file of its own: where the edition is not for publication, it says so across the picture.
fn standing_alone(view: &View<'_>, svg: &str) -> String {
    let mark = page::mark(view).map_or("", |_| {
        "<text x=\"50%\" y=\"55%\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"44\" fill=\"#a00\" \
         fill-opacity=\"0.2\">not for publication</text>"
    });
    match svg.rsplit_once("</svg>") {
        Some((picture, _)) => format!("{picture}{mark}</svg>\n"),
        None => format!("{svg}\n"),
    }
}
