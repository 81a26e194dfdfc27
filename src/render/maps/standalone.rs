//! A map as a file of its own: title, picture, legend and source line in one SVG.

use std::fmt::Write as _;

use super::plan::{Links, Paths, Plan, push_areas};
use crate::render::{
    draw::{MAP_STYLE, PATTERNS, escape, push, text_lines, wrapped},
    page,
    view::View,
};

const TITLE_LINE: i32 = 40;
const LEGEND_LINE: i32 = 36;

/// The whole file.
pub(super) fn svg(view: &View<'_>, plan: &Plan) -> String {
    let title = wrapped(&plan.title, 56);
    let subtitle = wrapped(&plan.subtitle, 84);
    let mut foot = wrapped(&page::source_line(view), 100);
    if let Some(mark) = page::mark(view) {
        foot.extend(wrapped(mark, 100));
    }
    let extent = view.atlas.extent;
    let n_legend = plan.legend.len() + usize::from(plan.has_small);
    let lines = |n: usize| i32::try_from(n).unwrap_or(0);
    let top = 30 + TITLE_LINE * lines(title.len()) + 28 * lines(subtitle.len()) + 24;
    let legend_top = top + extent.height() * 5 / 4 + 40;
    let height = legend_top + LEGEND_LINE * lines(n_legend) + 26 * lines(foot.len()) + 30;
    let width = 1000 + 40;
    let mut out = String::new();
    push!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-20 0 {width} {height}\" role=\"img\" aria-labelledby=\"t d\">\
         <title id=\"t\">{}</title><desc id=\"d\">{}</desc><defs>{PATTERNS}</defs><style>{MAP_STYLE}{TEXT_STYLE}</style>\
         <rect x=\"-20\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
        escape(&plan.title),
        escape(&plan.subtitle)
    );
    text_lines(&mut out, &title, (0, 46), TITLE_LINE, "title");
    let below_title = 46 + TITLE_LINE * lines(title.len());
    text_lines(&mut out, &subtitle, (0, below_title), 28, "subtitle");
    // The atlas is 800 units wide, the sheet 1000.
    push!(out, "<g transform=\"translate(0 {top}) scale(1.25)\">");
    push_areas(&mut out, view, Links::None, Paths::Own, &plan.areas);
    plan.push_borders(&mut out, view, Paths::Own);
    out.push_str("</g>");
    let small = plan.has_small.then(|| ("small", "Hatched: small numbers".to_owned()));
    let classes = plan
        .legend
        .iter()
        .map(|class| (class.fill, format!("{} ({})", class.label, class.n)))
        .chain(small);
    for ((class, label), at) in classes.zip(0..) {
        let y = legend_top + LEGEND_LINE * at;
        let under = if class == "small" { "v-3" } else { class };
        push!(
            out,
            "<g class=\"swatch\"><rect class=\"{under}\" x=\"0\" y=\"{y}\" width=\"36\" height=\"24\"/>\
             <rect class=\"{class}\" x=\"0\" y=\"{y}\" width=\"36\" height=\"24\"/></g>\
             <text class=\"label\" x=\"50\" y=\"{}\">{}</text>",
            y + 19,
            escape(&label)
        );
    }
    let foot_top = legend_top + LEGEND_LINE * lines(n_legend) + 30;
    text_lines(&mut out, &foot, (0, foot_top), 26, "foot");
    out.push_str("</svg>\n");
    out
}

const TEXT_STYLE: &str = "text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;fill:#1d1d1b}\
.title{font-size:32px;font-weight:700}.subtitle{font-size:21px;fill:#4b4b47}.label{font-size:22px}.foot{font-size:18px;fill:#5c5c57}";
