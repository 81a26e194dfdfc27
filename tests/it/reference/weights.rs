//! Weights from outlines, points and files against the twelve files that libpysal, spdep and `GeoDa` build alike.

use std::path::Path;

use saet::{
    model::Weights,
    statistics::{
        spatial::{Convention, geary, moran},
        weights::{
            Metric,
            contiguity::{self, Outline},
            distance_band, gal, k_nearest,
        },
    },
};
use serde_json::Value;

use super::{assert_close, floats, shared, table};

/// A neighbour file, read by the method under test.
fn file(path: &Path) -> Weights {
    let text = std::fs::read_to_string(path).unwrap();
    let n: usize = text.lines().count() / 2;
    let ids: Vec<String> = (1..=n).map(|id| id.to_string()).collect();
    gal::read(&text, &ids).unwrap()
}

fn points(path: &Path, x: &str, y: &str) -> Vec<[f64; 2]> {
    let columns = table(path);
    let (x, y) = (floats(&columns[x]), floats(&columns[y]));
    x.into_iter().zip(y).map(|(x, y)| [x, y]).collect()
}

fn rings(polygon: &Value) -> Outline {
    let corner = |at: &Value| [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()];
    let ring = |ring: &Value| ring.as_array().unwrap().iter().map(corner).collect();
    polygon.as_array().unwrap().iter().map(ring).collect()
}

fn outlines(path: &Path) -> Vec<Outline> {
    let map: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let outline = |feature: &Value| {
        let geometry = &feature["geometry"];
        match geometry["type"].as_str().unwrap() {
            "Polygon" => rings(&geometry["coordinates"]),
            _ => geometry["coordinates"].as_array().unwrap().iter().flat_map(rings).collect(),
        }
    };
    map["features"].as_array().unwrap().iter().map(outline).collect()
}

#[test]
fn all_twelve_weights_are_built_exactly() {
    let Some(shared) = shared() else { return };
    let inputs = shared.join("oracle/inputs");
    let map = |name: &str| outlines(&inputs.join(format!("{name}.geojson")));
    let place = |name: &str, x: &str, y: &str| points(&inputs.join(format!("{name}.csv")), x, y);
    let (columbus, nc, ny8) =
        (place("columbus", "X", "Y"), place("nc", "x", "y"), place("ny8", "X", "Y"));
    let nearest = |points: &[[f64; 2]], k: usize| {
        let found = k_nearest::links(points, Metric::Plane, k).unwrap();
        assert_eq!(found.n_tied, 0);
        found.weights
    };
    let band = |points: &[[f64; 2]], threshold: f64| {
        distance_band::links(points, Metric::Plane, threshold).unwrap()
    };
    let built = [
        ("columbus_queen", contiguity::queen(&map("columbus"), 0.0)),
        ("columbus_rook", contiguity::rook(&map("columbus"), 0.0)),
        ("nc_queen", contiguity::queen(&map("nc"), 0.0)),
        ("nc_rook", contiguity::rook(&map("nc"), 0.0)),
        ("stl_queen", contiguity::queen(&map("stl"), 0.0)),
        ("ny8_queen", contiguity::queen(&map("ny8"), 0.0)),
        ("columbus_knn4", nearest(&columbus, 4)),
        ("nc_knn4", nearest(&nc, 4)),
        ("ny8_knn6", nearest(&ny8, 6)),
        ("columbus_band7", band(&columbus, 7.0)),
        ("nc_band55", band(&nc, 55.0)),
        ("nc_band38_islands", band(&nc, 38.0)),
    ];
    for (name, weights) in &built {
        assert!(weights.n_links() > 100, "{name}");
        assert_eq!(*weights, file(&inputs.join(format!("weights/{name}.gal"))), "{name}");
    }
    assert_eq!(std::fs::read_dir(inputs.join("weights")).unwrap().count(), built.len());

    // Snapping far below the smallest distance between corners changes nothing.
    for (name, snap) in [("columbus", 1e-6), ("nc", 1e-9)] {
        let exact = contiguity::rook(&map(name), 0.0);
        assert_eq!(contiguity::rook(&map(name), snap), exact, "{name}");
    }
    // County seats on a grid of whole miles: one pair exactly at the threshold, which all peers link.
    let seats = place("nc", "east", "north");
    assert_eq!(band(&seats, 40.0).n_links(), 2 * 367);
    assert_eq!(band(&seats, 40.0_f64.next_down()).n_links(), 2 * 366);
    let least = distance_band::least_without_islands(&nc, Metric::Plane).unwrap();
    assert!(least > 38.0 && least < 55.0);
    assert!(
        band(&nc, least).islands().is_empty() && !band(&nc, least * 0.999).islands().is_empty()
    );
}

#[test]
fn two_published_neighbour_files_of_columbus_give_the_published_numbers() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("validation/columbus");
    let crime = floats(&table(&folder.join("columbus.csv"))["CRIME"]);
    for (name, n_links, i, c) in [
        // Half a unit of the last decimal printed.
        ("columbus_spdep.gal", 230, 0.485_770_914, 0.547_803_377),
        ("columbus.gal", 236, 0.500_188_557, 0.540_528_203),
    ] {
        let weights = file(&folder.join(name));
        assert_eq!(weights.n_links(), n_links, "{name}");
        assert!(weights.is_symmetric() && weights.islands().is_empty());
        assert!((moran::global(&crime, &weights).unwrap().i - i).abs() < 5e-10, "{name}");
        let geary = geary::global(&crime, &weights, Convention::default()).unwrap();
        assert!((geary.c - c).abs() < 5e-10, "{name}");
    }
    let spdep = moran::global(&crime, &file(&folder.join("columbus_spdep.gal"))).unwrap();
    // Printed to five figures.
    assert_close(spdep.variance_normal, 0.008_860_96, 1e-6, "variance under normality");
    assert_close(spdep.variance_randomised, 0.008_991_12, 1e-6, "variance under randomisation");
}
