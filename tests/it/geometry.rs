//! Boundaries, contiguity, points and simplification: on the pilot's real outlines, on drawn ones, and as laws.

#![allow(clippy::unwrap_used, reason = "a test may panic; helpers are not marked as tests")]

mod laws;
mod pilot;
mod reading;

use std::collections::BTreeMap;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use saet::{
    assessment::{IslandPolicy, LevelSource, ParentRule, WeightsKind, WeightsRule},
    diagnostics::{Place, Problem, Problems},
    locate::{self, Area, Layer},
    model::{Boundaries, RegionId, RegionTree, Weights, WeightsReport},
};

fn declared(level: usize, path: &str, parent: Option<ParentRule>) -> LevelSource {
    let place = Place::File("assessment.toml".to_owned());
    let (path, id, name) = (path.to_owned(), "AGS".to_owned(), "GEN".to_owned());
    LevelSource { level, path, id, name, parent, epsg: None, place }
}

fn rule(islands: IslandPolicy, snap_degrees: f64) -> WeightsRule {
    let place = Place::File("assessment.toml".to_owned());
    WeightsRule { kind: WeightsKind::Queen, file: None, islands, snap_degrees, place }
}

/// Every edge of every region's rings as drawn, lower point first, with how often it appears.
fn edges(outlines: &[Option<MultiPolygon<f64>>]) -> BTreeMap<[u64; 4], usize> {
    let mut edges = BTreeMap::new();
    for polygon in outlines.iter().flatten().flatten() {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for pair in ring.0.windows(2) {
                let bits = |at: Coord<f64>| (at.x.to_bits(), at.y.to_bits());
                let (a, b) = (bits(pair[0]).min(bits(pair[1])), bits(pair[0]).max(bits(pair[1])));
                *edges.entry([a.0, a.1, b.0, b.1]).or_default() += 1;
            }
        }
    }
    edges
}

fn area(outlines: &[Option<MultiPolygon<f64>>]) -> f64 {
    outlines.iter().flatten().map(geo::Area::unsigned_area).sum()
}

fn square(x: f64, y: f64, size: f64) -> MultiPolygon<f64> {
    let ring = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)];
    MultiPolygon(vec![Polygon::new(LineString::from(ring.to_vec()), Vec::new())])
}

fn drawn_map(
    outlines: Vec<(String, MultiPolygon<f64>)>,
) -> Result<(RegionTree, Boundaries), Problems> {
    let areas = outlines.into_iter().map(|(code, outline)| Area {
        name: format!("Region {code}"),
        code,
        parent: None,
        outline,
    });
    let file = "drawn.geojson".to_owned();
    let place = Place::File("assessment.toml".to_owned());
    let layer = Layer { level: 1, file, place, areas: areas.collect() };
    let levels = ["country", "region"].map(str::to_owned);
    locate::build("now", &levels, &(RegionId::from("X"), "X".to_owned()), vec![layer])
}

fn chequered(n: u8) -> (RegionTree, Boundaries) {
    let cells = (0..n).flat_map(|row| (0..n).map(move |column| (row, column)));
    let squares = cells.map(|(row, column)| {
        (format!("{row:03}{column:03}"), square(f64::from(column), f64::from(row), 1.0))
    });
    drawn_map(squares.collect()).unwrap()
}

#[test]
fn regions_that_overlap_are_named_and_slivers_are_not() {
    let map = |shift: f64| {
        drawn_map(vec![
            ("a".to_owned(), square(0.0, 0.0, 1.0)),
            ("b".to_owned(), square(1.0 - shift, 0.0, 1.0)),
        ])
    };
    assert!(map(0.0).is_ok());
    assert!(map(0.005).is_ok());
    let problems = map(0.2).unwrap_err();
    assert_eq!(problems.0.len(), 1);
    assert_eq!(problems.0[0].code.id, "locate::geometry");
    assert_eq!(
        problems.to_string(),
        "drawn.geojson: regions `a` (Region a) and `b` (Region b) overlap by 20 % of the smaller one"
    );
    // A city without its hole in the county around it.
    let inside = drawn_map(vec![
        ("a".to_owned(), square(0.0, 0.0, 1.0)),
        ("b".to_owned(), square(0.5, 0.5, 0.01)),
    ]);
    assert!(inside.unwrap_err().to_string().contains("overlap by 100 %"));
}

#[test]
fn islands_need_a_policy_only_when_there_are_many() {
    let (tree, boundaries) = drawn_map(vec![
        ("a".to_owned(), square(0.0, 0.0, 1.0)),
        ("b".to_owned(), square(1.000_01, 0.0, 1.0)),
    ])
    .unwrap();
    let problem = neighbours(&tree, &boundaries, 1, &rule(IslandPolicy::Unnamed, 0.0)).unwrap_err();
    assert_eq!(problem.code.id, "locate::islands");
    assert!(problem.message.contains("2 of 2 regions") && problem.message.contains("`a`, `b`"));
    let (_, report) = neighbours(&tree, &boundaries, 1, &rule(IslandPolicy::Exclude, 0.0)).unwrap();
    assert_eq!(report.islands, [0, 1]);
    let (weights, _) =
        neighbours(&tree, &boundaries, 1, &rule(IslandPolicy::Unnamed, 0.0001)).unwrap();
    assert_eq!(weights, Weights::binary(vec![vec![1], vec![0]]));
}

#[test]
fn a_chequered_board_has_queens_moves() {
    let (tree, boundaries) = chequered(4);
    let (weights, report) =
        neighbours(&tree, &boundaries, 1, &rule(IslandPolicy::Unnamed, 0.0)).unwrap();
    assert_eq!(weights.neighbours(5), [0, 1, 2, 4, 6, 8, 9, 10]);
    assert_eq!((report.n_links, report.min_degree, report.n_components), (84, 3, 1));
}

/// The declared weights of a level and their report.
fn neighbours(
    tree: &RegionTree,
    boundaries: &Boundaries,
    level: usize,
    rule: &WeightsRule,
) -> Result<(Weights, WeightsReport), Problem> {
    locate::neighbourhood(tree, boundaries, level, rule, None)
        .map(|(found, report)| (found.weights, report))
}
