//! The map: regions by class, groups outlined and numbered; as a file of its own and for the page.

use std::{collections::BTreeMap, fmt::Write as _};

use geo::{Coord, MultiPolygon};

use super::sentences::Findings;
use crate::{
    locate::{points_for, simplify},
    read::map::Surface,
    render::{
        atlas::{Extent, Point, Projection, corners, outline, placed, rings},
        draw::{Sheet, escape, push, swatch, wrapped},
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

/// The whole file.
pub(super) fn standalone(findings: &Findings<'_>) -> String {
    let classes = findings
        .legend()
        .into_iter()
        .map(|(class, label, n)| (swatch(&[class]), format!("{label} ({n})")));
    let groups = has_groups(findings).then(|| {
        let outline = "<g class=\"groups\"><path d=\"M1 1h34v22h-34z\"/></g>";
        (outline.to_owned(), GROUPS.to_owned())
    });
    let (picture, height) = Drawing::of(findings).map_or((String::new(), 1), |drawn| {
        let (left, upper) = drawn.extent.first();
        let Drawing { areas, groups, extent } = drawn;
        let moved = format!("<g transform=\"translate({} {})\">{areas}{groups}</g>", -left, -upper);
        (moved, extent.height())
    });
    let sheet = Sheet {
        title: &findings.headline(),
        subtitle: &findings.subtitle(),
        picture,
        height,
        legend: classes.chain(groups).collect(),
        foot: wrapped(&foot(findings), 100),
    };
    sheet.svg()
}

/// What numbers and thick outlines on the map are.
pub(super) const GROUPS: &str = "Numbered: groups found by the scan";

/// Where it comes from, for the foot of page and picture.
pub(super) fn foot(findings: &Findings<'_>) -> String {
    let name = findings.options.file.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "From {name}. Level {} in each tail, corrected after {}; seed {}.",
        findings.options.alpha / 2.0,
        findings.options.correction.name(),
        findings.options.seed
    )
}
