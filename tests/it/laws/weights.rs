//! Laws of weights: who is a neighbour, in whatever way it is found.

use std::fmt::Write;

use proptest::prelude::*;
use saet::{
    model::Weights,
    statistics::weights::{
        LinkProblem, Metric, Reason, contiguity, distance_band, gal, gwt,
        islands::{Policy, resolve},
        k_nearest,
    },
};

fn points() -> impl Strategy<Value = Vec<[f64; 2]>> {
    // A coarse grid, so that points coincide and distances are equal.
    prop::collection::vec([0_i32..12, 0_i32..12].prop_map(|at| at.map(f64::from)), 3..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn bands_and_nearest_are_what_comparing_all_pairs_gives(points in points(), k in 1_usize..6, threshold in 0_u32..9) {
        let threshold = f64::from(threshold);
        for metric in [Metric::Plane, Metric::GreatCircle] {
            let threshold = if metric == Metric::Plane { threshold } else { threshold * 111.0 };
            let band = distance_band::links(&points, metric, threshold).unwrap();
            prop_assert!(band.is_symmetric());
            for at in 0..points.len() {
                let near: Vec<u32> = (0..)
                    .zip(&points)
                    .enumerate()
                    .filter(|(other, (_, point))| *other != at && metric.distance(points[at], **point) <= threshold)
                    .map(|(_, (other, _))| other)
                    .collect();
                prop_assert_eq!(band.neighbours(at), &near[..]);
            }
            let Some(nearest) = k_nearest::links(&points, metric, k) else {
                prop_assert!(k >= points.len());
                continue;
            };
            for at in 0..points.len() {
                prop_assert_eq!(nearest.weights.degree(at), k);
                let distance = |other: usize| metric.distance(points[at], points[other]);
                let farthest =
                    nearest.weights.neighbours(at).iter().map(|&other| distance(other as usize)).fold(0.0, f64::max);
                let n_nearer = (0..points.len()).filter(|&other| other != at && distance(other) < farthest - 1e-6).count();
                prop_assert!(n_nearer < k, "somebody nearer was passed over");
            }
        }
    }

    #[test]
    fn thresholds_nest_and_the_least_leaves_nobody_alone(points in points(), a in 0.0..9.0_f64, b in 0.0..9.0_f64) {
        let (low, high) = (a.min(b), a.max(b));
        let [narrow, wide] = [low, high].map(|threshold| distance_band::links(&points, Metric::Plane, threshold).unwrap());
        for at in 0..points.len() {
            prop_assert!(narrow.neighbours(at).iter().all(|other| wide.neighbours(at).contains(other)));
        }
        let least = distance_band::least_without_islands(&points, Metric::Plane).unwrap();
        prop_assert!(distance_band::links(&points, Metric::Plane, least).unwrap().islands().is_empty());
    }

    #[test]
    fn a_text_gives_back_the_weights_it_was_written_from(
        lists in prop::collection::vec(prop::collection::vec((0_u32..12, 0.1..9.0_f64), 0..5), 12),
    ) {
        let weights = Weights::weighted(lists);
        let id = |at: usize| format!("R{:02}", 11 - at);
        let ids: Vec<String> = (0..12).map(id).collect();
        let (mut plain, mut heavy) = ("0 12 map id\n".to_owned(), "12\n".to_owned());
        for at in (0..12).rev() {
            let others: Vec<String> = weights.neighbours(at).iter().map(|&other| id(other as usize)).collect();
            writeln!(plain, "{} {}\n{}", id(at), others.len(), others.join(" ")).unwrap();
            for (other, value) in others.iter().zip(weights.values(at)) {
                writeln!(heavy, "{} {other} {value}", id(at)).unwrap();
            }
        }
        prop_assert_eq!(gal::read(&plain, &ids), Ok(weights.binarised()));
        prop_assert_eq!(gwt::read(&heavy, &ids), Ok(weights.clone()));
        // Any unknown region anywhere is told, and nothing is used.
        let other: Vec<&str> = ids.iter().map(|id| if id == "R05" { "X" } else { id.as_str() }).collect();
        let unknown = |problems: Vec<LinkProblem>| problems.iter().any(|one| one.reason == Reason::UnknownRegion && one.value == "R05");
        prop_assert!(unknown(gal::read(&plain, &other).unwrap_err()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9ab \n]{0,60}") {
        if let Err(problems) = gal::read(&text, &["a", "b", "1"]) {
            prop_assert!(!problems.is_empty());
        }
        if let Err(problems) = gwt::read(&text, &["a", "b", "1"]) {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn components_are_unions_of_links_and_rows_add_up(
        lists in prop::collection::vec(prop::collection::vec((0_u32..15, 0.1..9.0_f64), 0..3), 15),
    ) {
        let weights = Weights::weighted(lists);
        let component = weights.components();
        for at in 0..15 {
            prop_assert!(weights.neighbours(at).iter().all(|&other| component[other as usize] == component[at]));
            let sum: f64 = weights.row_standardised().values(at).iter().sum();
            prop_assert!(weights.degree(at) == 0 || (sum - 1.0).abs() < 1e-12);
        }
        // Numbered in the order of first regions, without gaps.
        let mut seen = 0;
        for &component in &component {
            prop_assert!(component <= seen);
            seen = seen.max(component + 1);
        }
        let nearest = Weights::binary((0..15_u32).map(|at| vec![(at + 1) % 15]).collect());
        let resolved = resolve(&weights, Policy::Nearest(&nearest)).unwrap();
        prop_assert!(resolved.weights.islands().is_empty());
        prop_assert!(resolved.weights.n_links() >= weights.n_links());
        let alone = weights.islands();
        let touches = |at: u32| alone.contains(&(at as usize));
        prop_assert!(resolved.added.iter().all(|&(a, b)| touches(a) || touches(b)));
    }

    #[test]
    fn rook_links_are_queen_links_and_moving_the_map_changes_none(
        kept in prop::collection::vec(any::<bool>(), 36), dx in -50_i32..50, dy in -50_i32..50,
    ) {
        // Column, row and position of each square.
        let squares: Vec<(i32, i32, u32)> = (0..6).flat_map(|row| (0..6).map(move |column| (column, row))).zip(0..)
            .map(|((column, row), at)| (column, row, at)).collect();
        let map = |dx: i32, dy: i32| -> Vec<contiguity::Outline> {
            let outline = |(&(column, row, _), &kept): (&(i32, i32, u32), &bool)| {
                let (x, y) = (f64::from(column + dx), f64::from(row + dy));
                if kept { vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]]] } else { Vec::new() }
            };
            squares.iter().zip(&kept).map(outline).collect()
        };
        for snap in [0.0, 0.01] {
            let (queen, rook) = (contiguity::queen(&map(0, 0), snap), contiguity::rook(&map(0, 0), snap));
            for (at, (column, row, _)) in squares.iter().enumerate() {
                let near = |steps: i32| -> Vec<u32> {
                    squares
                        .iter()
                        .zip(&kept)
                        .filter(|((x, y, _), other_kept)| {
                            let (x, y) = ((x - column).abs(), (y - row).abs());
                            kept[at] && **other_kept && x.max(y) == 1 && x + y <= steps
                        })
                        .map(|((_, _, other), _)| *other)
                        .collect()
                };
                prop_assert_eq!(queen.neighbours(at), &near(2)[..]);
                prop_assert_eq!(rook.neighbours(at), &near(1)[..]);
            }
            prop_assert_eq!(queen, contiguity::queen(&map(dx, dy), snap));
            prop_assert_eq!(rook, contiguity::rook(&map(dx, dy), snap));
        }
    }
}
