//! Laws of points, contiguity and simplification on generated maps.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use saet::{
    assessment::IslandPolicy,
    locate::{self, NOWHERE, PointIndex},
    model::RegionId,
};

use super::{area, chequered, drawn_map, edges, rule};

/// A board of `n` × `n` cells whose inner corners are pulled about and whose borders are wavy.
fn wavy(n: u8, pulls: &[(f64, f64)]) -> Vec<Option<MultiPolygon<f64>>> {
    const STEPS: u8 = 6;
    let n_lines = usize::from(n) + 1;
    let corner = |row: usize, column: usize| {
        let (dx, dy) = pulls[(row * n_lines + column) % pulls.len()];
        let inner = |at: usize| f64::from(u8::from(at > 0 && at < n_lines - 1));
        let at = |index: usize| f64::from(u8::try_from(index).unwrap());
        Coord { x: at(column) + dx * inner(column), y: at(row) + dy * inner(row) }
    };
    // From the lower or left corner to the upper or right one, in the same points for both sides.
    let border = |from: Coord<f64>, to: Coord<f64>| -> Vec<Coord<f64>> {
        (0..=STEPS)
            .map(|step| {
                let share = f64::from(step) / f64::from(STEPS);
                let wave =
                    if step == 0 || step == STEPS { 0.0 } else { 0.05 * f64::from(step % 3) };
                let (dx, dy) = (to.x - from.x, to.y - from.y);
                Coord { x: from.x + dx * share + dy * wave, y: from.y + dy * share + dx * wave }
            })
            .collect()
    };
    let cell = |row: usize, column: usize| {
        let corners =
            [(0, 0), (0, 1), (1, 1), (1, 0)].map(|(up, on)| corner(row + up, column + on));
        let [low_left, low_right, top_right, top_left] = corners;
        let (bottom, right) = (border(low_left, low_right), border(low_right, top_right));
        let (mut top, mut left) = (border(top_left, top_right), border(low_left, top_left));
        top.reverse();
        left.reverse();
        let mut ring = [bottom, right, top, left].concat();
        ring.dedup();
        Some(MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]))
    };
    let n = usize::from(n);
    (0..n)
        .flat_map(|row| (0..n).map(move |column| (row, column)))
        .map(|(r, c)| cell(r, c))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_point_inside_a_board_lies_in_exactly_one_cell(
        x in 0.0..7.0_f64,
        y in 0.0..7.0_f64,
    ) {
        let (tree, boundaries) = chequered(7);
        let index = PointIndex::new(&tree, &boundaries, 1);
        let found = index.all_at(x, y);
        let on_line = (x - x.round()).abs() == 0.0 || (y - y.round()).abs() == 0.0;
        prop_assert!(on_line || found.len() == 1, "{:?}", found);
        prop_assert_eq!(index.locate(x, y), found.first().copied());
        let expected = RegionId::new(format!("{:03}{:03}", y.floor(), x.floor()));
        prop_assert!(on_line || tree.get(found[0]).id == expected);
    }

    #[test]
    fn a_batch_finds_what_single_points_find(
        points in prop::collection::vec((-1.0..8.0_f64, -1.0..8.0_f64), 1..200),
    ) {
        let (tree, boundaries) = chequered(7);
        let index = PointIndex::new(&tree, &boundaries, 1);
        let (lon, lat): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let all = index.locate_all(&lon, &lat);
        for ((x, y), found) in points.into_iter().zip(all) {
            let single = index.locate(x, y).map_or(NOWHERE, |idx| u32::try_from(idx).unwrap());
            prop_assert_eq!(single, found);
        }
    }

    #[test]
    fn simplifying_keeps_the_total_area_and_the_borders(
        pulls in prop::collection::vec((-0.2..0.2_f64, -0.2..0.2_f64), 1..40),
        n_points in 0..400_usize,
    ) {
        let full = wavy(4, &pulls);
        let simplified = locate::simplify(&full, n_points);
        prop_assert!(simplified.n_points_after <= simplified.n_points_before);
        prop_assert!(simplified.outlines.iter().flatten().all(|outline| outline.0.len() == 1));
        let drawn = edges(&simplified.outlines);
        prop_assert!(drawn.values().all(|n| *n <= 2));
        // Inner borders cancel: what is left once is the outer border, whose area is the sum of the parts'.
        let outer: f64 = signed_area_once(&simplified.outlines);
        prop_assert!((outer.abs() - area(&simplified.outlines)).abs() < 1e-9);
    }

    #[test]
    fn contiguity_is_symmetric_and_does_not_depend_on_order(
        pulls in prop::collection::vec((-0.2..0.2_f64, -0.2..0.2_f64), 1..40),
    ) {
        let outlines = wavy(4, &pulls).into_iter().flatten().enumerate();
        let named = outlines.map(|(at, outline)| (format!("{at:02}"), outline));
        let mut named: Vec<(String, MultiPolygon<f64>)> = named.collect();
        let rule = rule(IslandPolicy::Unnamed, 0.0);
        let (tree, boundaries) = drawn_map(named.clone()).unwrap();
        let (found, _) = locate::neighbourhood(&tree, &boundaries, 1, &rule, None).unwrap();
        let weights = found.weights;
        for own in 0..weights.n() {
            for other in weights.neighbours(own) {
                let back = u32::try_from(own).unwrap();
                prop_assert!(weights.neighbours(*other as usize).contains(&back));
            }
        }
        named.reverse();
        let (tree, boundaries) = drawn_map(named).unwrap();
        prop_assert_eq!(locate::neighbourhood(&tree, &boundaries, 1, &rule, None).unwrap().0.weights, weights);
    }
}

/// The shoelace sum over all directed edges; edges walked once in each direction cancel.
fn signed_area_once(outlines: &[Option<MultiPolygon<f64>>]) -> f64 {
    let rings = outlines.iter().flatten().flatten().map(Polygon::exterior);
    let edges = rings.flat_map(|ring| ring.0.windows(2));
    edges.map(|pair| 0.5 * (pair[0].x * pair[1].y - pair[1].x * pair[0].y)).sum()
}
