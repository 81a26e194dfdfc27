//! A map: regions by class, groups outlined and numbered; as a file of its own and for a page.

use std::{collections::BTreeMap, fmt::Write as _};

use geo::{Coord, MultiPolygon};
use minijinja::{Value, context};

use super::input::Input;
use crate::{
    locate::{points_for, simplify},
    read::map::Surface,
    render::{
        atlas::{Extent, Point, Projection, corners, outline, placed, rings},
        draw::{Sheet, escape, push, swatch, wrapped},
        words::number_of,
    },
};

/// What a map shows.
pub(super) struct Scene<'a> {
    pub(super) input: &'a Input,
    /// Class in `map.css` and tooltip of every region, in the order of the file.
    pub(super) areas: Vec<(&'static str, String)>,
    /// Groups that are outlined: rank, and regions by position.
    pub(super) groups: Vec<(usize, &'a [usize])>,
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Classes that occur: class in `map.css`, label, regions.
    pub(super) legend: Vec<(&'static str, &'static str, usize)>,
    pub(super) foot: String,
}

/// Everything drawn, in units of a canvas 800 wide.
struct Drawing {
    /// Regions, one group a class.
    areas: String,
    /// Outlines and numbers of groups.
    groups: String,
    extent: Extent,
}

impl Drawing {
    fn of(scene: &Scene<'_>) -> Option<Self> {
        let input = scene.input;
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
        let canvas = Canvas { scene, drawn: &drawn, projection: &projection };
        let mut extent = Extent::NOTHING;
        let areas = canvas.areas(&mut extent);
        let groups = canvas.groups();
        Some(Self { areas, groups, extent })
    }
}

struct Canvas<'a> {
    scene: &'a Scene<'a>,
    drawn: &'a [Option<MultiPolygon<f64>>],
    projection: &'a Projection,
}

impl Canvas<'_> {
    /// The radius of a place: fewer regions, larger dots.
    fn radius(&self) -> i32 {
        match self.scene.input.regions.len() {
            0..=60 => 14,
            61..=300 => 8,
            301..=1_500 => 4,
            _ => 2,
        }
    }

    fn dot(&self, at: usize) -> Option<Point> {
        let [x, y] = self.scene.input.regions[at].place?;
        (!self.scene.input.has_outlines).then(|| self.projection.place(Coord { x, y }))
    }

    fn areas(&self, extent: &mut Extent) -> String {
        let mut by_class: BTreeMap<&str, String> = BTreeMap::new();
        let radius = self.radius();
        for (at, region) in self.scene.input.regions.iter().enumerate() {
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
            let (class, note) = &self.scene.areas[at];
            let title = escape(&format!("{}: {note}", region.name));
            let out = by_class.entry(class).or_default();
            push!(out, "<{shape}><title>{title}</title></{element}>");
        }
        let mut out = String::from("<g class=\"areas lined\">");
        for (class, shapes) in by_class {
            push!(out, "<g class=\"{class}\">{shapes}</g>");
        }
        out + "</g>"
    }

    fn groups(&self) -> String {
        let mut out = String::from("<g class=\"groups\">");
        for &(rank, regions) in &self.scene.groups {
            let mut extent = Extent::NOTHING;
            let path = self.around(regions, &mut extent);
            if !path.is_empty() {
                push!(out, "<path d=\"{path}\"/>");
            }
            for (x, y) in regions.iter().filter_map(|&at| self.dot(at)) {
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

/// What the numbers on a map are.
pub(super) const GROUPS: &str = "Numbered: groups found by the scan";

impl Scene<'_> {
    /// The picture for a page that has title and legend as text; `None` when no region can be drawn.
    pub(super) fn inline(&self) -> Option<String> {
        let Drawing { areas, groups, extent } = Drawing::of(self)?;
        let margin = extent.width().max(extent.height()) / 100 + 1;
        Some(format!(
            "<svg class=\"map\" viewBox=\"{}\" role=\"img\" aria-label=\"{}\">{areas}{groups}</svg>",
            extent.view_box(margin),
            escape(&format!("Map. {}. {}", self.title, self.subtitle))
        ))
    }

    /// The whole file.
    pub(super) fn standalone(&self) -> String {
        let classes = self
            .legend
            .iter()
            .map(|&(class, label, n)| (swatch(&[class]), format!("{label} ({n})")));
        let groups = (!self.groups.is_empty()).then(|| {
            let outline = "<g class=\"groups\"><path d=\"M1 1h34v22h-34z\"/></g>";
            (outline.to_owned(), GROUPS.to_owned())
        });
        let (picture, height) = Drawing::of(self).map_or((String::new(), 1), |drawn| {
            let (left, upper) = drawn.extent.first();
            let Drawing { areas, groups, extent } = drawn;
            let moved =
                format!("<g transform=\"translate({} {})\">{areas}{groups}</g>", -left, -upper);
            (moved, extent.height())
        });
        let sheet = Sheet {
            title: &self.title,
            subtitle: &self.subtitle,
            picture,
            height,
            legend: classes.chain(groups).collect(),
            foot: wrapped(&self.foot, 100),
        };
        sheet.svg()
    }

    /// The legend for a page.
    pub(super) fn classes(&self) -> Vec<Value> {
        let class =
            |&(fill, label, n): &(&str, &str, usize)| context! { fill, label, n => number_of(n) };
        self.legend.iter().map(class).collect()
    }
}
