//! Outlines as SVG paths: projected once, then shared by every map.
//!
//! Equirectangular, with longitudes scaled by the cosine of the middle latitude: true along that parallel and good to a few percent over
//! a country. Coordinates are whole units of an 800-unit-wide canvas. Equal points round to equal units, so borders
//! stay shared without further care.

use std::{collections::BTreeMap, fmt::Write as _};

use geo::{Coord, LineString, MultiPolygon};
use rayon::prelude::*;

use crate::{model::Frame, statistics::numerics::float};

/// Width of the canvas in units.
const WIDTH: f64 = 800.0;

/// A place on the canvas.
pub(crate) type Point = (i32, i32);

/// A rectangle on the canvas: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Extent {
    /// Spans nothing yet.
    pub(crate) const NOTHING: Self =
        Self { left: i32::MAX, top: i32::MAX, right: i32::MIN, bottom: i32::MIN };

    /// Makes it span a place too.
    pub(crate) fn include(&mut self, (x, y): Point) {
        self.left = self.left.min(x);
        self.top = self.top.min(y);
        self.right = self.right.max(x);
        self.bottom = self.bottom.max(y);
    }

    /// The upper left corner.
    pub(crate) fn first(&self) -> Point {
        (self.left, self.top)
    }

    /// The lower right corner.
    pub(crate) fn last(&self) -> Point {
        (self.right, self.bottom)
    }

    /// Width in units.
    pub(crate) fn width(&self) -> i32 {
        (self.right - self.left).max(1)
    }

    /// Height in units.
    pub(crate) fn height(&self) -> i32 {
        (self.bottom - self.top).max(1)
    }

    /// `x y width height` with a margin in units, for a `viewBox`.
    pub(crate) fn view_box(&self, margin: i32) -> String {
        format!(
            "{} {} {} {}",
            self.left - margin,
            self.top - margin,
            self.width() + 2 * margin,
            self.height() + 2 * margin
        )
    }

    /// The middle.
    pub(crate) fn centre(&self) -> Point {
        (i32::midpoint(self.left, self.right), i32::midpoint(self.top, self.bottom))
    }
}

/// One region's outline.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// Path data; holes by the even-odd rule.
    pub(crate) path: String,
    /// What it spans.
    pub(crate) extent: Extent,
}

/// Every drawn outline by region index.
#[derive(Debug)]
pub(super) struct Atlas {
    outlines: Vec<Option<Outline>>,
    /// Borders of the first level below the country, by the level whose outlines they are made of.
    borders: Vec<String>,
    /// What all outlines span.
    pub(super) extent: Extent,
}

/// From degrees, or a plane's coordinates, to whole units.
pub(crate) struct Projection {
    west: f64,
    north: f64,
    x_scale: f64,
    y_scale: f64,
}

impl Projection {
    fn new(shapes: &[Option<MultiPolygon<f64>>]) -> Option<Self> {
        Self::around(corners(shapes), true)
    }

    /// Of degrees, so that all these points fit.
    pub(crate) fn of_degrees(points: impl Iterator<Item = Coord<f64>>) -> Option<Self> {
        Self::around(points, true)
    }

    /// Of a plane, so that all these points fit.
    pub(crate) fn of_plane(points: impl Iterator<Item = Coord<f64>>) -> Option<Self> {
        Self::around(points, false)
    }

    fn around(points: impl Iterator<Item = Coord<f64>>, in_degrees: bool) -> Option<Self> {
        let mut bounds: Option<(f64, f64, f64, f64)> = None;
        for point in points {
            let (west, south, east, north) = bounds.unwrap_or((point.x, point.y, point.x, point.y));
            bounds = Some((
                west.min(point.x),
                south.min(point.y),
                east.max(point.x),
                north.max(point.y),
            ));
        }
        let (west, south, east, north) = bounds?;
        let middle = f64::midpoint(south, north) * std::f64::consts::PI / 180.0;
        let squeeze = if in_degrees { float::cos(middle) } else { 1.0 };
        let span = ((east - west) * squeeze).max((north - south) * 0.7).max(1e-9);
        let y_scale = WIDTH / span;
        Some(Self { west, north, x_scale: y_scale * squeeze, y_scale })
    }

    /// Where a point lies on the canvas.
    #[allow(clippy::cast_possible_truncation, reason = "the canvas is a few thousand units wide")]
    pub(crate) fn place(&self, point: Coord<f64>) -> Point {
        let x = (point.x - self.west) * self.x_scale;
        let y = (self.north - point.y) * self.y_scale;
        (x.round() as i32, y.round() as i32)
    }
}

impl Atlas {
    /// Projects every drawn outline of a frame.
    pub(super) fn new(frame: &Frame) -> Self {
        let shapes = &frame.boundaries.drawn;
        let Some(projection) = Projection::new(shapes) else {
            let outlines = vec![None; frame.tree.len()];
            return Self { outlines, borders: Vec::new(), extent: Extent::NOTHING };
        };
        let mut outlines: Vec<Option<Outline>> = shapes
            .par_iter()
            .map(|shape| shape.as_ref().map(|shape| outline(&projection, shape)))
            .collect();
        outlines.resize(frame.tree.len(), None);
        let mut extent = Extent::NOTHING;
        for outline in outlines.iter().flatten().filter(|outline| !outline.path.is_empty()) {
            extent.include((outline.extent.left, outline.extent.top));
            extent.include((outline.extent.right, outline.extent.bottom));
        }
        let borders = (0..frame.tree.levels.len())
            .map(|level| if level > 1 { borders(frame, &projection, level) } else { String::new() })
            .collect();
        Self { outlines, borders, extent }
    }

    /// The borders of the first level below the country, made of a finer level's outlines so that they lie exactly on them.
    pub(super) fn borders(&self, level: usize) -> &str {
        self.borders.get(level).map_or("", String::as_str)
    }

    /// A region's outline, if one was declared.
    pub(super) fn outline(&self, region_idx: usize) -> Option<&Outline> {
        self.outlines.get(region_idx)?.as_ref().filter(|outline| !outline.path.is_empty())
    }

    /// What several regions span together; `None` when none has an outline.
    pub(super) fn extent_of(&self, regions: impl Iterator<Item = usize>) -> Option<Extent> {
        let mut extent = Extent::NOTHING;
        for outline in regions.filter_map(|region| self.outline(region)) {
            extent.include((outline.extent.left, outline.extent.top));
            extent.include((outline.extent.right, outline.extent.bottom));
        }
        (extent != Extent::NOTHING).then_some(extent)
    }
}

/// Stretches of outlines that do not lie between two regions of the same coarse region.
fn borders(frame: &Frame, projection: &Projection, level: usize) -> String {
    let rings: Vec<(Option<usize>, Vec<Point>)> = frame
        .tree
        .level(level)
        .filter_map(|region| Some((region, frame.boundaries.drawn.get(region)?.as_ref()?)))
        .flat_map(|(region, shape)| {
            let owner = frame.tree.ancestor(region, 1);
            rings(shape).map(move |ring| (owner, placed(projection, ring)))
        })
        .collect();
    let key = |a: Point, b: Point| (a.min(b), a.max(b));
    let sides = |ring: &[Point], at: usize| (ring[at], ring[(at + 1) % ring.len()]);
    let mut owners: BTreeMap<_, Vec<Option<usize>>> = BTreeMap::new();
    for (owner, ring) in &rings {
        for at in 0..ring.len() {
            let (a, b) = sides(ring, at);
            owners.entry(key(a, b)).or_default().push(*owner);
        }
    }
    let mut path = String::new();
    for (owner, ring) in &rings {
        let mut run: Vec<Point> = Vec::new();
        for at in 0..ring.len() {
            let (a, b) = sides(ring, at);
            let both = &owners[&key(a, b)];
            // A border between two coarse regions is drawn once, by the first of them.
            let drawn = both.iter().filter(|other| *other == owner).count() == 1
                && both.first() == Some(owner);
            if drawn {
                if run.is_empty() {
                    run.push(a);
                }
                run.push(b);
            }
            if (!drawn || at + 1 == ring.len()) && !run.is_empty() {
                push_line(&mut path, &run);
                run.clear();
            }
        }
    }
    path
}

/// Corners of outer rings.
pub(crate) fn corners(shapes: &[Option<MultiPolygon<f64>>]) -> impl Iterator<Item = Coord<f64>> {
    let polygons = shapes.iter().flatten().flatten();
    polygons.flat_map(|polygon| polygon.exterior().0.iter().copied())
}

/// Every ring, holes too.
pub(crate) fn rings(shape: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

/// One region on the canvas.
pub(crate) fn outline(projection: &Projection, shape: &MultiPolygon<f64>) -> Outline {
    let mut path = String::new();
    let mut extent = Extent::NOTHING;
    for ring in rings(shape) {
        let points = thinned(&placed(projection, ring));
        if points.len() < 3 {
            continue;
        }
        for &point in &points {
            extent.include(point);
        }
        push_line(&mut path, &points);
        path.push('z');
    }
    Outline { path, extent }
}

/// The ring's points in units, without repeats.
pub(crate) fn placed(projection: &Projection, ring: &LineString<f64>) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(ring.0.len());
    for &point in &ring.0 {
        let point = projection.place(point);
        if points.last() != Some(&point) {
            points.push(point);
        }
    }
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

/// Without points on the straight line between their neighbours, which change nothing.
fn thinned(points: &[Point]) -> Vec<Point> {
    let n = points.len();
    let straight = |at: usize| {
        let ((ax, ay), (bx, by), (cx, cy)) =
            (points[(at + n - 1) % n], points[at], points[(at + 1) % n]);
        let (dx, dy, ex, ey) = (bx - ax, by - ay, cx - bx, cy - by);
        dx * ey == dy * ex && dx * ex + dy * ey > 0
    };
    (0..n).filter(|&at| n < 4 || !straight(at)).map(|at| points[at]).collect()
}

/// Appends `M x y l dx dy …` in the shortest form.
fn push_line(path: &mut String, points: &[Point]) {
    let (mut x, mut y) = points[0];
    write!(path, "M{x} {y}l").expect("invariant: writing to a string");
    for (at, &(next_x, next_y)) in points[1..].iter().enumerate() {
        let (dx, dy) = (next_x - x, next_y - y);
        let before = if at > 0 && dx >= 0 { " " } else { "" };
        let between = if dy >= 0 { " " } else { "" };
        write!(path, "{before}{dx}{between}{dy}").expect("invariant: writing to a string");
        (x, y) = (next_x, next_y);
    }
}

#[test]
fn a_ring_is_thinned_and_written_relative_to_its_start() {
    use geo::polygon;
    let projection = Projection { west: 0.0, north: 10.0, x_scale: 1.0, y_scale: 1.0 };
    let square = polygon![(x: 0.0, y: 10.0), (x: 2.0, y: 10.0), (x: 4.0, y: 10.0), (x: 4.0, y: 6.0),
        (x: 4.1, y: 6.1), (x: 0.0, y: 6.0)];
    let found = outline(&projection, &MultiPolygon::new(vec![square]));
    assert_eq!(found.path, "M0 0l4 0 0 4-4 0z");
    assert_eq!(found.extent.view_box(0), "0 0 4 4");
}
