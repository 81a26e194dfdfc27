//! The command on the oracle's inputs: what it writes equals what other software found (spdep, esda, a plain scan).
//!
//! Statistics are written with every digit, so 1e-9 relative holds as for the library. Two-sided p-values come from draws:
//! 2·min(tails) within four standard errors of the draws, and one draw.

use std::path::PathBuf;

use serde_json::Value;

use super::{Results, analysed};
use crate::reference::{CLOSE, assert_close, golden, list, shared};

/// A copy of an oracle input, so that results lie in a folder of their own.
pub(super) fn input(name: &str) -> Option<(tempfile::TempDir, PathBuf)> {
    let from = shared()?.join("oracle/inputs").join(name);
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    std::fs::copy(from, &path).unwrap();
    Some((place, path))
}

#[track_caller]
fn on(name: &str, arguments: &[&str]) -> Option<Results> {
    let (_place, path) = input(name)?;
    Some(analysed(&path, arguments))
}

/// Local statistics and p-values against a case of `spatial.reference.json`; how many were compared.
#[track_caller]
fn local(found: &Results, case: &Value, what: &str) -> usize {
    let mut n = 0;
    let reference = &case["local"];
    for (column, theirs) in [("local_moran_i", "moran_n1_scaled"), ("gi_star_z", "Gistar_Z")] {
        for (ours, theirs) in found.numbers(column).into_iter().zip(list(&reference[theirs])) {
            let Some(ours) = ours else { continue };
            assert_close(ours, theirs, CLOSE, what);
            n += 1;
        }
    }
    let (up, down) = (list(&case["tails"]["p_ge"]), list(&case["tails"]["p_le"]));
    let draws = found.number("/draws");
    for (at, ours) in found.numbers("local_moran_p").into_iter().enumerate() {
        let Some(ours) = ours else { continue };
        let tail = up[at].min(down[at]);
        // Where all choices are too many, the reference drew a million (standard error at most 5e-4).
        let slack = if case["tails"]["exact"][at] == true { 0.0 } else { 2e-3 };
        let bound = 2.0 * (4.0 * (tail * (1.0 - tail) / draws).sqrt() + 1.0 / draws) + 2.0 * slack;
        assert!((ours - (2.0 * tail).min(1.0)).abs() <= bound, "{what} row {at}: {ours} {tail}");
        n += 1;
    }
    n
}

#[test]
fn columbus_crime_under_every_kind_of_weights() {
    let Some(reference) = golden("spatial.reference.json") else { return };
    let weights = golden("weights.libpysal.json").unwrap();
    let mut n_compared = 0;
    for (rule, case, file) in [
        ("queen", "columbus_crime_queen", "columbus_queen"),
        ("rook", "columbus_crime_rook", "columbus_rook"),
        ("knn:4", "columbus_crime_knn4", "columbus_knn4"),
        ("distance:7", "columbus_crime_band7", "columbus_band7"),
    ] {
        let gal = shared().unwrap().join(format!("oracle/inputs/weights/{file}.gal"));
        for rule in [rule, gal.to_str().unwrap()] {
            let found = on(
                "columbus.geojson",
                &["--value", "CRIME", "--lon", "X", "--lat", "Y", "--plane", "--weights", rule],
            )
            .unwrap();
            let theirs = &weights["files"][file];
            assert_eq!(found.summary["weights"]["links"], theirs["links_gal"], "{rule}");
            assert_eq!(found.summary["weights"]["n"], theirs["n"]);
            let case = &reference["continuous"][case];
            let global = |key: &str| case["global_W"][key].as_f64().unwrap();
            assert_close(found.number("/moran/i"), global("moran_I"), CLOSE, rule);
            assert_close(found.number("/geary/c"), global("geary_C"), CLOSE, rule);
            n_compared += local(&found, case, rule);
        }
    }
    assert_eq!(n_compared, 8 * 3 * 49);
    let case = &reference["continuous"]["columbus_crime_queen"];
    let global = |key: &str| case["global_B"][key].as_f64().unwrap();
    let usual = on("columbus.geojson", &["--value", "CRIME"]).unwrap();
    let binary = on("columbus.geojson", &["--value", "CRIME", "--coding", "binary"]).unwrap();
    assert_close(binary.number("/moran/i"), global("moran_I"), CLOSE, "binary");
    assert_close(binary.number("/geary/c"), global("geary_C"), CLOSE, "binary");
    // A region's links weigh 1 each instead of 1 together, which no order of the others' values changes.
    assert_eq!(usual.regions["local_moran_p"], binary.regions["local_moran_p"]);
    assert_eq!(usual.regions["gi_star_z"], binary.regions["gi_star_z"]);
    let sum: f64 = binary.numbers("local_moran_i").into_iter().flatten().sum();
    let all = global("moran_I") * global("S0") * 48.0 / 49.0;
    assert_close(sum, all, CLOSE, "local Moran's I add up to the map's");
}

#[test]
fn rates_of_births_and_homicides_raw_and_smoothed() {
    let Some(reference) = golden("spatial.reference.json") else { return };
    let (esda, weights) =
        (golden("eb.esda.json").unwrap(), golden("weights.libpysal.json").unwrap());
    let mut n_compared = 0;
    for (file, events, population, raw, index, gal) in [
        ("nc.geojson", "SID79", "BIR79", Some("nc_rate79_queen"), "nc79_queen", "nc_queen"),
        ("nc.geojson", "SID74", "BIR74", None, "nc74_queen", "nc_queen"),
        (
            "stl.geojson",
            "HC7984",
            "PO7984",
            Some("stl_rate7984_queen"),
            "stl7984_queen",
            "stl_queen",
        ),
    ] {
        let found = on(file, &["--events", events, "--population", population]).unwrap();
        assert_eq!(found.summary["weights"]["links"], weights["files"][gal]["links_gal"]);
        if let Some(raw) = raw {
            let global = &reference["continuous"][raw]["global_W"];
            assert_close(found.number("/moran/i"), global["moran_I"].as_f64().unwrap(), CLOSE, raw);
            assert_close(found.number("/geary/c"), global["geary_C"].as_f64().unwrap(), CLOSE, raw);
            n_compared += 2;
        }
        let theirs = &esda["cases"][index];
        let i = theirs["moran_rate"]["I"].as_f64().unwrap();
        assert_close(found.number("/eb_moran/i"), i, CLOSE, index);
        for (column, theirs, per) in [
            ("rate", &theirs["raw"], 1e5),
            ("eb_rate", &theirs["empirical_bayes"], 1e5),
            ("local_moran_i", &theirs["moran_local_rate"]["Is"], 1.0),
        ] {
            for (ours, theirs) in found.numbers(column).into_iter().zip(list(theirs)) {
                assert_close(ours.unwrap(), theirs * per, CLOSE, &format!("{index} {column}"));
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 4 + 3 * (100 + 100 + 78));
}

#[test]
fn regions_without_neighbours_have_no_p_and_the_map_keeps_its_statistic() {
    let Some(reference) = golden("spatial.reference.json") else { return };
    let gal = shared().unwrap().join("oracle/inputs/weights/nc_band38_islands.gal");
    let found =
        on("nc.geojson", &["--value", "rate79", "--weights", gal.to_str().unwrap()]).unwrap();
    let case = &reference["continuous"]["nc_rate79_islands"];
    let i = case["global_W"]["moran_I"].as_f64().unwrap();
    assert_close(found.number("/moran/i"), i, CLOSE, "islands");
    assert_eq!(local(&found, case, "islands"), 3 * 95);
    let alone: Vec<usize> =
        (0..100).filter(|&at| found.regions["status"][at] == "no_neighbours").collect();
    assert_eq!(alone.len(), 5);
    assert!(alone.iter().all(|&at| found.regions["local_moran_p"][at].is_empty()));
    // 38 units between the middles, by distance instead of by file.
    let by_distance = on(
        "nc.geojson",
        &["--value", "rate79", "--lon", "x", "--lat", "y", "--weights", "distance:38"],
    );
    assert_close(by_distance.unwrap().number("/moran/i"), i, CLOSE, "distance");
}

#[test]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions as JSON numbers"
)]
fn scans_find_the_circles_of_the_plain_implementation() {
    let Some(reference) = golden("scan.reference.json") else { return };
    let mut n_compared = 0;
    let columns =
        ["--events", "cases_int", "--population", "POP8", "--lon", "X", "--lat", "Y", "--plane"];
    for file in ["ny8.csv", "ny8.geojson"] {
        let found = on(file, &columns).unwrap();
        // The first three hold less than a quarter of the population, so the report's cap does not touch them.
        for (at, theirs) in
            reference["ny8_xy_50pct"]["clusters"].as_array().unwrap().iter().take(3).enumerate()
        {
            for (ours, key) in [
                ("llr", "llr"),
                ("cases", "cases"),
                ("expected", "expected"),
                ("relative_risk", "relative_risk"),
                ("radius_km", "radius"),
            ] {
                let what = format!("{file} cluster {at} {key}");
                let number = theirs[key].as_f64().unwrap();
                assert_close(found.number(&format!("/scan/{at}/{ours}")), number, CLOSE, &what);
                n_compared += 1;
            }
            // Row numbers from 1; theirs are positions from 0.
            let mut members: Vec<String> = list(&theirs["members_by_distance"])
                .iter()
                .map(|at| (*at as u32 + 1).to_string())
                .collect();
            let mut ours: Vec<String> = found.summary["scan"][at]["regions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect();
            members.sort();
            ours.sort();
            assert_eq!(ours, members);
        }
        assert_eq!(
            found.summary["scan_test"]["circles"],
            reference["ny8_xy_50pct"]["candidate_circles"]
        );
    }
    assert_eq!(n_compared, 2 * 3 * 5);
}

#[test]
fn a_shapefile_and_geojson_of_one_map_agree() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("validation/columbus");
    let place = tempfile::tempdir().unwrap();
    for extension in ["shp", "dbf", "shx"] {
        let name = format!("columbus.{extension}");
        std::fs::copy(folder.join(&name), place.path().join(&name)).unwrap();
    }
    let found = analysed(&place.path().join("columbus.shp"), &["--value", "CRIME", "--plane"]);
    let Some(reference) = golden("spatial.reference.json") else { return };
    let case = &reference["continuous"]["columbus_crime_queen"];
    let theirs = case["global_W"]["moran_I"].as_f64().unwrap();
    // The two files give crime with a different number of digits.
    assert_close(found.number("/moran/i"), theirs, 1e-5, "shapefile");
    assert_eq!(found.number("/weights/links"), 236.0);
}
