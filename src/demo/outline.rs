//! Outlines of areas as GeoJSON: every border that two areas share has the same points in both.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    areas::Areas,
    lattice::{Corner, Lattice, Point},
};

type Ring = Vec<Point>;

/// A feature collection of areas, each with its cells and properties (name, value).
pub(super) fn geojson<'a>(
    lattice: &Lattice,
    areas: &Areas,
    features: impl Iterator<Item = (Vec<usize>, Vec<(&'a str, String)>)>,
) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (idx, (cells, properties)) in features.enumerate() {
        if idx > 0 {
            text.push_str(",\n");
        }
        text.push_str("{\"type\":\"Feature\",\"properties\":{");
        for (idx, (name, value)) in properties.iter().enumerate() {
            let comma = if idx > 0 { "," } else { "" };
            let value = serde_json::Value::from(value.as_str());
            write!(text, "{comma}\"{name}\":{value}").expect("invariant: writing to a string");
        }
        text.push_str("},\"geometry\":");
        geometry(&mut text, &polygons(lattice, areas, &cells));
        text.push('}');
    }
    text.push_str("\n]}\n");
    text
}

/// The polygons of a set of cells: each an outer ring, counter-clockwise, and its holes.
fn polygons(lattice: &Lattice, areas: &Areas, cells: &[usize]) -> Vec<Vec<Ring>> {
    let (mut outer, holes): (Vec<_>, Vec<_>) =
        rings(lattice, areas, cells).into_iter().partition(|ring| doubled_area(ring) > 0);
    outer.sort_by_key(|ring| std::cmp::Reverse(doubled_area(ring)));
    let mut polygons: Vec<Vec<Ring>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        // Smallest first, so that a hole of an island in a lake finds the island.
        let around = polygons.iter_mut().rev().find(|polygon| {
            doubled_area(&polygon[0]) > -doubled_area(&hole) && contains(&polygon[0], hole[0])
        });
        around.expect("invariant: a hole lies inside an outline").push(hole);
    }
    polygons
}

/// The borders of a set of cells, chained: an edge whose other side is in the set is none.
fn rings(lattice: &Lattice, areas: &Areas, cells: &[usize]) -> Vec<Ring> {
    let inside: std::collections::BTreeSet<usize> = cells.iter().copied().collect();
    // Three cells meet at a corner, so that a border leaves each corner at most once.
    let mut border: BTreeMap<Corner, (Corner, u32)> = BTreeMap::new();
    for cell in cells {
        let corners = lattice.corners(*cell);
        for (side, next) in lattice.neighbours(*cell).into_iter().enumerate() {
            if next.is_none_or(|next| !inside.contains(&next)) {
                let is_coast = next.is_none_or(|next| areas.district[next].is_none());
                let n_halvings = if is_coast { 3 } else { 2 };
                border.insert(corners[side], (corners[(side + 1) % 6], n_halvings));
            }
        }
    }
    let mut rings = Vec::new();
    while let Some((start, (mut at, n_halvings))) = border.pop_first() {
        let mut ring = lattice.border(start, at, n_halvings);
        while at != start {
            let (next, n_halvings) =
                border.remove(&at).expect("invariant: a border goes round its area");
            ring.extend(lattice.border(at, next, n_halvings));
            at = next;
        }
        ring.push(ring[0]);
        rings.push(ring);
    }
    rings
}

/// Twice the area, positive when counter-clockwise; exact.
fn doubled_area(ring: &[Point]) -> i128 {
    ring.windows(2)
        .map(|pair| {
            i128::from(pair[0].0) * i128::from(pair[1].1)
                - i128::from(pair[1].0) * i128::from(pair[0].1)
        })
        .sum()
}

/// Whether a point lies inside a ring (crossing number; exact).
fn contains(ring: &[Point], (x, y): Point) -> bool {
    let mut is_inside = false;
    for pair in ring.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        if (ay > y) != (by > y) {
            let cross =
                i128::from(bx - ax) * i128::from(y - ay) - i128::from(x - ax) * i128::from(by - ay);
            if (cross > 0) == (by > ay) {
                is_inside = !is_inside;
            }
        }
    }
    is_inside
}

fn geometry(text: &mut String, polygons: &[Vec<Ring>]) {
    let is_single = polygons.len() == 1;
    let kind = if is_single { "Polygon" } else { "MultiPolygon" };
    write!(text, "{{\"type\":\"{kind}\",\"coordinates\":").expect("invariant: writing to a string");
    if is_single {
        list(text, &polygons[0], ring_text);
    } else {
        list(text, polygons, |text, polygon| list(text, polygon, ring_text));
    }
    text.push('}');
}

fn ring_text(text: &mut String, ring: &Ring) {
    list(text, ring, |text, point| {
        text.push('[');
        degrees(text, point.0);
        text.push(',');
        degrees(text, point.1);
        text.push(']');
    });
}

fn list<T>(text: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    text.push('[');
    for (idx, one) in items.iter().enumerate() {
        if idx > 0 {
            text.push(',');
        }
        item(text, one);
    }
    text.push(']');
}

/// Millionths of a degree as degrees with six decimals.
fn degrees(text: &mut String, millionths: i64) {
    if millionths < 0 {
        text.push('-');
    }
    let size = millionths.unsigned_abs();
    write!(text, "{}.{:06}", size / 1_000_000, size % 1_000_000)
        .expect("invariant: writing to a string");
}

#[test]
fn degrees_keep_their_sign_and_zeros() {
    let mut text = String::new();
    degrees(&mut text, -32_000_450);
    degrees(&mut text, 7);
    assert_eq!(text, "-32.0004500.000007");
}

#[test]
fn a_town_leaves_a_hole_in_the_district_around_it() {
    let lattice = Lattice::new(5, 200);
    let town = lattice.middle_cell();
    let around: Vec<usize> = lattice.neighbours(town).into_iter().flatten().collect();
    let areas = Areas {
        cells: vec![around.clone(), vec![town]],
        is_town: vec![false, true],
        province: vec![0, 0],
        neighbours: vec![vec![1], vec![0]],
        district: (0..lattice.n_cells())
            .map(|cell| if cell == town { Some(1) } else { around.contains(&cell).then_some(0) })
            .collect(),
    };
    let ring_with_hole = polygons(&lattice, &areas, &around);
    let filling = polygons(&lattice, &areas, &[town]);
    assert_eq!((ring_with_hole.len(), ring_with_hole[0].len()), (1, 2));
    assert_eq!(doubled_area(&ring_with_hole[0][1]), -doubled_area(&filling[0][0]));
    assert!(contains(&ring_with_hole[0][0], filling[0][0][0]));
}
