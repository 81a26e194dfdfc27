//! The map: regions by class, groups outlined and numbered; as a file of its own and for the page.

use std::{collections::BTreeMap, fmt::Write as _};

use geo::{Coord, MultiPolygon};

use super::sentences::Findings;
use crate::{
    locate::{points_for, simplify},
    read::map::Surface,
    render::{
        atlas::{Extent, Point, Projection, corners, outline, placed, rings},
        draw::{MAP_STYLE, PATTERNS, escape, push, text_lines, wrapped},
    },
};

/// Everything drawn, in units of a canvas 800 wide.
struct Drawing {
    /// Regions, one group a class.
    areas: String,
    /// Outlines and numbers of groups.
    groups: String,
    extent: Extent,
}

impl Drawing {
    fn of(findings: &Findings<'_>) -> Option<Self> {
        let input = findings.input;
        let shapes: Vec<Option<MultiPolygon<f64>>> =
            input.regions.iter().map(|region| region.outline.clone()).collect();
        let drawn = simplify(&shapes, points_for(shapes.len())).outlines;
        let places =
            || input.regions.iter().filter_map(|region| region.place).map(|[x, y]| Coord { x, y });
        let projection = match (input.has_outlines, input.surface, input.places) {
            (true, Surface::Earth, _) => Projection::of_degrees(corners(&drawn))?,
            (true, Surface::Plane, _) => Projection::of_plane(corners(&drawn))?,
            (false, _, Surface::Earth) => Projection::of_degrees(places())?,
            (false, _, Surface::Plane) => Projection::of_plane(places())?,
        };
        let canvas = Canvas { findings, drawn: &drawn, projection: &projection };
        let mut extent = Extent::NOTHING;
        let areas = canvas.areas(&mut extent);
        let groups = canvas.groups();
        Some(Self { areas, groups, extent })
    }
}

struct Canvas<'a> {
    findings: &'a Findings<'a>,
    drawn: &'a [Option<MultiPolygon<f64>>],
    projection: &'a Projection,
}

impl Canvas<'_> {
    /// The radius of a place: fewer regions, larger dots.
    fn radius(&self) -> i32 {
        match self.findings.input.regions.len() {
            0..=60 => 14,
            61..=300 => 8,
            301..=1_500 => 4,
            _ => 2,
        }
    }

    fn dot(&self, at: usize) -> Option<Point> {
        let [x, y] = self.findings.input.regions[at].place?;
        (!self.findings.input.has_outlines).then(|| self.projection.place(Coord { x, y }))
    }

    fn areas(&self, extent: &mut Extent) -> String {
        let mut by_class: BTreeMap<&str, String> = BTreeMap::new();
        let radius = self.radius();
        for (at, region) in self.findings.input.regions.iter().enumerate() {
            let shape = if let Some(shape) = &self.drawn[at] {
                let outline = outline(self.projection, shape);
                if outline.path.is_empty() {
                    continue;
                }
                extent.include(outline.extent.first());
                extent.include(outline.extent.last());
                format!("path d=\"{}\"", outline.path)
            } else if let Some((x, y)) = self.dot(at) {
                extent.include((x - radius, y - radius));
                extent.include((x + radius, y + radius));
                format!("circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"")
            } else {
                continue;
            };
            let element = if shape.starts_with('p') { "path" } else { "circle" };
            let title = escape(&format!("{}: {}", region.name, self.findings.note(at)));
            let out = by_class.entry(self.findings.class_of(at).0).or_default();
            push!(out, "<{shape}><title>{title}</title></{element}>");
        }
        let mut out = String::from("<g class=\"areas lined\">");
        for (class, shapes) in by_class {
            push!(out, "<g class=\"{class}\">{shapes}</g>");
        }
        out + "</g>"
    }

    fn groups(&self) -> String {
        let Some(groups) = &self.findings.analysis.groups else { return String::new() };
        let mut out = String::from("<g class=\"groups\">");
        for (cluster, rank) in groups.clusters.iter().zip(1..) {
            if !groups.is_kept(cluster) {
                continue;
            }
            let rank: u32 = rank;
            let mut extent = Extent::NOTHING;
            let path = self.around(&cluster.regions, &mut extent);
            if !path.is_empty() {
                push!(out, "<path d=\"{path}\"/>");
            }
            for (x, y) in cluster.regions.iter().filter_map(|&at| self.dot(at)) {
                extent.include((x, y));
                push!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>", self.radius() + 2);
            }
            if extent != Extent::NOTHING {
                let (x, y) = extent.centre();
                push!(out, "<text x=\"{x}\" y=\"{}\">{rank}</text>", y + 7);
            }
        }
        out + "</g>"
    }

    /// The sides that only one region of the group has.
    fn around(&self, regions: &[usize], extent: &mut Extent) -> String {
        let mut sides: BTreeMap<(Point, Point), usize> = BTreeMap::new();
        for shape in regions.iter().filter_map(|&at| self.drawn[at].as_ref()) {
            for ring in rings(shape) {
                let points = placed(self.projection, ring);
                for (at, &a) in points.iter().enumerate() {
                    let b = points[(at + 1) % points.len()];
                    *sides.entry((a.min(b), a.max(b))).or_insert(0) += 1;
                    extent.include(a);
                }
            }
        }
        let mut path = String::new();
        for ((a, b), _) in sides.into_iter().filter(|&((a, b), n)| n == 1 && a != b) {
            push!(path, "M{} {}L{} {}", a.0, a.1, b.0, b.1);
        }
        path
    }
}

/// The picture for a page that has title and legend as text; `None` when no region can be drawn.
pub(super) fn inline(findings: &Findings<'_>) -> Option<String> {
    let Drawing { areas, groups, extent } = Drawing::of(findings)?;
    let margin = extent.width().max(extent.height()) / 100 + 1;
    Some(format!(
        "<svg class=\"map\" viewBox=\"{}\" role=\"img\" aria-label=\"{}\">{areas}{groups}</svg>",
        extent.view_box(margin),
        escape(&format!("Map. {}. {}", findings.headline(), findings.subtitle()))
    ))
}

/// What the picture's numbers mean, where it has any.
pub(super) fn has_groups(findings: &Findings<'_>) -> bool {
    findings
        .analysis
        .groups
        .as_ref()
        .is_some_and(|groups| groups.clusters.iter().any(|cluster| groups.is_kept(cluster)))
}

const TITLE_LINE: i32 = 40;
const LEGEND_LINE: i32 = 36;

/// The whole file.
pub(super) fn standalone(findings: &Findings<'_>) -> String {
    let drawing = Drawing::of(findings);
    let title = wrapped(&findings.headline(), 56);
    let subtitle = wrapped(&findings.subtitle(), 84);
    let foot = wrapped(&foot(findings), 100);
    let legend = findings.legend();
    let lines = |n: usize| i32::try_from(n).unwrap_or(0);
    let top = 30 + TITLE_LINE * lines(title.len()) + 28 * lines(subtitle.len()) + 24;
    let size =
        drawing.as_ref().map_or((1, 1), |drawn| (drawn.extent.width(), drawn.extent.height()));
    let legend_top = top + size.1 * 5 / 4 + 40;
    let n_legend = legend.len() + usize::from(has_groups(findings));
    let height = legend_top + LEGEND_LINE * lines(n_legend) + 26 * lines(foot.len()) + 50;
    let width = 1000 + 40;
    let mut out = String::new();
    push!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-20 0 {width} {height}\" role=\"img\" aria-labelledby=\"t d\">\
         <title id=\"t\">{}</title><desc id=\"d\">{}</desc><defs>{PATTERNS}</defs><style>{MAP_STYLE}{TEXT_STYLE}</style>\
         <rect x=\"-20\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
        escape(&findings.headline()),
        escape(&findings.subtitle())
    );
    text_lines(&mut out, &title, (0, 46), TITLE_LINE, "title");
    text_lines(&mut out, &subtitle, (0, 46 + TITLE_LINE * lines(title.len())), 28, "subtitle");
    if let Some(Drawing { areas, groups, extent }) = &drawing {
        // The canvas is 800 units wide, the sheet 1000.
        let (left, upper) = extent.first();
        push!(
            out,
            "<g transform=\"translate(0 {top}) scale(1.25) translate({} {})\">{areas}{groups}</g>",
            -left,
            -upper
        );
    }
    for (&(class, label, n), at) in legend.iter().zip(0..) {
        let y = legend_top + LEGEND_LINE * at;
        push!(
            out,
            "<g class=\"swatch\"><rect class=\"{class}\" x=\"0\" y=\"{y}\" width=\"36\" height=\"24\"/></g>\
             <text class=\"label\" x=\"50\" y=\"{}\">{label} ({n})</text>",
            y + 19
        );
    }
    if has_groups(findings) {
        let y = legend_top + LEGEND_LINE * lines(legend.len());
        push!(
            out,
            "<g class=\"groups\"><path d=\"M1 {}h34v22h-34z\"/></g><text class=\"label\" x=\"50\" y=\"{}\">{GROUPS}</text>",
            y + 1,
            y + 19
        );
    }
    let foot_top = legend_top + LEGEND_LINE * lines(n_legend) + 30;
    text_lines(&mut out, &foot, (0, foot_top), 26, "foot");
    out.push_str("</svg>\n");
    out
}

/// What numbers and thick outlines on the map are.
pub(super) const GROUPS: &str = "Numbered: groups found by the scan";

/// Where it comes from, for the foot of page and picture.
pub(super) fn foot(findings: &Findings<'_>) -> String {
    let name = findings.options.file.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "From {name}. Level {} in each tail, false discoveries controlled; seed {}.",
        findings.options.alpha / 2.0,
        findings.options.seed
    )
}

const TEXT_STYLE: &str = "text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;fill:#1d1d1b}\
.title{font-size:32px;font-weight:700}.subtitle{font-size:21px;fill:#4b4b47}.label{font-size:22px}.foot{font-size:18px;fill:#5c5c57}";
