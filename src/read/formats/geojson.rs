//! `GeoJSON`: features with polygons or multipolygons; other members are ignored.
//!
//! The pre-RFC `crs` member is honoured, because national agencies still write it. Properties may be texts or numbers.

use std::collections::BTreeSet;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{FeatureCollection, GeometryValue, JsonObject, JsonValue, PolygonType};

use crate::{
    diagnostics::{Place, Problem, codes},
    read::boundaries::{Crs, Row, Rows},
};

/// Reads the wanted properties and the outline of every feature; `file` is the path for messages.
///
/// # Errors
/// [`codes::FORMAT`] with the line when it is not JSON or not a feature collection, [`codes::EMPTY_FILE`].
pub(in crate::read) fn read(bytes: &[u8], file: &str, wanted: &[&str]) -> Result<Rows, Problem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(Problem::new(&codes::EMPTY_FILE, "is empty").at(Place::File(file.to_owned())));
    }
    let collection: FeatureCollection =
        serde_json::from_slice(bytes).map_err(|error| not_geojson(&error, file))?;
    let mut known = BTreeSet::new();
    let mut rows = Vec::with_capacity(collection.features.len());
    for feature in collection.features {
        for name in feature.properties.iter().flat_map(JsonObject::keys) {
            if !known.contains(name) {
                known.insert(name.clone());
            }
        }
        let properties = wanted
            .iter()
            .map(|name| feature.properties.as_ref().and_then(|all| all.get(*name)).and_then(text))
            .collect();
        let outline = match feature.geometry.map(|geometry| geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => {
                polygon(&coordinates).map(|polygon| MultiPolygon(vec![polygon]))
            }
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                coordinates.iter().map(polygon).collect::<Result<Vec<_>, _>>().map(MultiPolygon)
            }
            Some(other) => Err(format!("is a {}, not a polygon", other.type_name())),
            None => Err("has no geometry".to_owned()),
        };
        rows.push(Row { properties, outline });
    }
    let crs = collection.foreign_members.as_ref().and_then(crs);
    Ok(Rows { all: rows, known: known.into_iter().collect(), crs, notes: Vec::new() })
}

/// Texts as they are, numbers as they are written, but whole ones without decimals: codes are often stored as `37009.0`.
/// `None` for null and for lists.
fn text(value: &JsonValue) -> Option<String> {
    match value {
        JsonValue::String(text) => Some(text.clone()),
        JsonValue::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned))
        }
        _ => None,
    }
}

fn polygon(rings: &PolygonType) -> Result<Polygon<f64>, String> {
    let mut rings = rings.iter().map(|ring| {
        ring.iter()
            .map(|position| match position.as_slice() {
                [x, y, ..] => Ok(Coord { x: *x, y: *y }),
                _ => Err("has a position with fewer than two coordinates".to_owned()),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(LineString)
    });
    let exterior = rings.next().unwrap_or_else(|| Err("has a polygon without rings".to_owned()))?;
    Ok(Polygon::new(exterior, rings.collect::<Result<Vec<_>, _>>()?))
}

/// The coordinates named by the `crs` member: `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}`.
fn crs(members: &JsonObject) -> Option<Crs> {
    let name = members.get("crs")?.get("properties")?.get("name")?.as_str()?;
    if name.to_ascii_uppercase().ends_with("CRS84") {
        return Some(Crs::Epsg(4326));
    }
    let code = name.rsplit(':').next().and_then(|code| code.parse().ok());
    Some(code.map_or_else(|| Crs::Unknown(name.to_owned()), Crs::Epsg))
}

fn not_geojson(error: &serde_json::Error, file: &str) -> Problem {
    let line = u64::try_from(error.line()).unwrap_or(0);
    let place = match line {
        0 => Place::File(file.to_owned()),
        row => Place::Row { file: file.to_owned(), row, column: None },
    };
    if error.is_eof() {
        return Problem::new(&codes::FORMAT, "ends in the middle of a feature")
            .at(place)
            .help("the file was cut short; fetch it again");
    }
    let what = if error.is_data() { "is JSON, but not GeoJSON" } else { "is not JSON" };
    Problem::new(&codes::FORMAT, format!("{what}: {error}"))
        .at(place)
        .help("a boundary file is a `FeatureCollection` of polygons")
}

#[cfg(test)]
fn read_text(text: &str) -> Result<Rows, Problem> {
    read(text.as_bytes(), "a.geojson", &["id"])
}

#[test]
fn numbers_and_texts_are_both_codes() {
    let point = r#""geometry":{"type":"Point","coordinates":[1,2]}"#;
    let text = format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:3035"}}}},"features":[
        {{"type":"Feature","properties":{{"id":12}},{point}}},
        {{"type":"Feature","properties":{{"id":"012","b":null}},{point}}}]}}"#
    );
    let rows = read_text(&text).unwrap();
    assert_eq!(rows.all[0].properties[0].as_deref(), Some("12"));
    assert_eq!(rows.all[1].properties[0].as_deref(), Some("012"));
    assert_eq!(rows.all[0].outline.as_ref().unwrap_err(), "is a Point, not a polygon");
    assert_eq!(rows.known, ["b", "id"]);
    assert_eq!(rows.crs, Some(Crs::Epsg(3035)));
}

#[test]
fn a_cut_file_is_reported_at_its_last_line() {
    let problem = read_text("{\n\"type\": \"FeatureCollection\",\n\"features\": [").unwrap_err();
    assert_eq!(problem.code, &codes::FORMAT);
    assert_eq!(problem.to_string(), "a.geojson:3: ends in the middle of a feature");
    assert_eq!(read_text("  ").unwrap_err().code, &codes::EMPTY_FILE);
    assert!(read_text("<html>").unwrap_err().message.starts_with("is not JSON"));
    assert!(read_text("{\"type\": \"Topology\"}").unwrap_err().message.contains("not GeoJSON"));
}

#[test]
fn whole_numbers_are_written_without_decimals() {
    let written = |json: &str| text(&serde_json::from_str(json).unwrap());
    for (json, wanted) in [("37009.0", "37009"), ("37009", "37009"), ("0.5", "0.5"), ("-2.0", "-2")]
    {
        assert_eq!(written(json).as_deref(), Some(wanted));
    }
    assert_eq!(written("\"7.0\"").as_deref(), Some("7.0"), "texts stay");
    assert_eq!(written("null"), None);
}
