//! Boundary files that cannot be used say why, and how to mend them.

use saet::{
    assessment::LevelSource,
    diagnostics::Problems,
    read::boundaries::{self, BoundaryFile},
};

use super::declared;

/// Reads a file with the properties `AGS` and `GEN` that holds `content`.
fn read_text(name: &str, content: &str, epsg: Option<u16>) -> Result<BoundaryFile, Problems> {
    let folder = tempfile::tempdir().unwrap();
    saet::storage::write(&folder.path().join(name), content.as_bytes()).unwrap();
    boundaries::read(&LevelSource { epsg, ..declared(1, name, None) }, folder.path())
}

fn collection(features: &[(&str, &str)]) -> String {
    let features: Vec<String> = features
        .iter()
        .map(|(properties, geometry)| {
            format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
        })
        .collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}]}}", features.join(",\n"))
}

const TRIANGLE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,1],[0,0]]]}"#;
const FAR: &str =
    r#"{"type":"Polygon","coordinates":[[[5e5,5.7e6],[5.1e5,5.7e6],[5e5,5.71e6],[5e5,5.7e6]]]}"#;

#[track_caller]
fn check_error(name: &str, content: &str, code: &str, words: &str) {
    let problems = read_text(name, content, None).unwrap_err();
    let found = &problems.0[0];
    assert_eq!(found.code.id, code);
    assert!(found.to_string().contains(words), "{found}");
    assert!(found.help.is_some() || found.place.is_some(), "no way out: {found}");
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let good = r#"{"AGS":"1","GEN":"A"}"#;
    let point = r#"{"type":"Point","coordinates":[1,2]}"#;
    let flat = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#;
    let file = |properties, geometry| collection(&[(properties, geometry)]);
    check_error("a.geojson", &file(good, point), "locate::geometry", "feature 1 (`1`) is a Point");
    check_error("a.geojson", &file(good, "null"), "locate::geometry", "has no geometry");
    check_error("a.geojson", &file(good, flat), "locate::geometry", "without area");
    check_error("a.geojson", &file(good, FAR), "locate::geometry", "outside ±180° and ±90°");
    check_error(
        "a.geojson",
        &file(r#"{"AGS":" ","GEN":"A"}"#, TRIANGLE),
        "locate::geometry",
        "feature 1 has no code in `AGS`",
    );
    check_error(
        "a.geojson",
        &file(r#"{"AGS_0":"1","GEN":"A"}"#, TRIANGLE),
        "read::missing_column",
        "has no property `AGS`",
    );
    check_error("a.geojson", &collection(&[]), "read::empty_file", "no features");
    check_error("a.geojson", "", "read::empty_file", "is empty");
    check_error("a.geojson", &file(good, TRIANGLE)[..90], "read::format", "a.geojson:2");
    check_error("a.kml", "<kml/>", "read::format", "neither GeoJSON nor a Shapefile");
    check_error("a.shp", "not a shapefile", "read::no_file", "a.dbf");
}

#[test]
fn metres_need_a_declared_system_and_rows_of_one_code_are_joined() {
    let content = collection(&[
        (r#"{"AGS":7,"GEN":"A"}"#, FAR),
        (r#"{"AGS":"7","GEN":"B"}"#, FAR),
        (r#"{"AGS":"8","GEN":null}"#, FAR),
    ]);
    let file = read_text("a.json", &content, Some(25832)).unwrap();
    let found: Vec<(&str, &str, usize)> = file
        .features
        .iter()
        .map(|feature| (feature.code.as_str(), feature.name.as_str(), feature.outline.0.len()))
        .collect();
    assert_eq!(found, [("7", "A", 2), ("8", "8", 1)]);
    assert_eq!((file.n_rows, file.notes.len()), (3, 1));
    assert_eq!(file.format, "GeoJSON, EPSG:25832 to WGS 84");
    let corner = file.features[0].outline.0[0].exterior().0[0];
    assert!((corner.x - 9.0).abs() < 1e-8 && (corner.y - 51.45).abs() < 0.01, "{corner:?}");
}
