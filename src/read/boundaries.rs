//! Boundary files: one level's outlines, each with its code and name, in WGS 84 degrees.
//!
//! The format is told by the file's extension: `.geojson`, `.json` and `.geo.json` are `GeoJSON`, `.shp` is a Shapefile with
//! its companions beside it. Rows with the same code become one outline of several parts: VG250 lists the water of a
//! county as a row of its own, and every part belongs to the county. Rows are not filtered.
//!
//! Whether codes are unique across files, parents exist and neighbours overlap is the business of [`crate::locate`].

mod projection;

use std::{collections::BTreeMap, path::Path};

use geo::{Coord, LineString, MultiPolygon, Polygon};

pub(super) use self::projection::{Crs, Reprojection};
use super::formats::{geojson, shapefile};
use crate::{
    assessment::{LevelSource, ParentRule},
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    storage,
};

/// One region as its level's boundary file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Code, trimmed.
    pub code: String,
    /// Name, trimmed; the code when the file gives none.
    pub name: String,
    /// Code of its parent, from the property or the characters that [`LevelSource::parent`] names; `None` when no rule is
    /// declared, or when the rule finds nothing.
    pub parent: Option<String>,
    /// Outline in degrees: closed rings of at least four points.
    pub outline: MultiPolygon<f64>,
}

/// A boundary file as read.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryFile {
    /// One feature a code, in the order of first appearance.
    pub features: Vec<Feature>,
    /// Rows in the file; more than features when rows share a code.
    pub n_rows: usize,
    /// Lower-case hexadecimal sha256 of the file; of a Shapefile, of its `.shp` and `.dbf` one after the other.
    pub sha256: String,
    /// Format and coordinates in words, such as `Shapefile, ETRS_1989_UTM_Zone_32N to WGS 84`.
    pub format: String,
    /// What was mended on the way, in words.
    pub notes: Vec<String>,
}

/// A row as a format gives it, before codes are merged and coordinates are turned into degrees.
#[derive(Debug)]
pub(super) struct Row {
    /// Texts of the wanted properties, in the order asked for; `None` where missing or null.
    pub(super) properties: Vec<Option<String>>,
    /// Rings as they stand in the file, or what the row holds instead.
    pub(super) outline: Result<MultiPolygon<f64>, String>,
}

/// What a format reads from a file.
#[derive(Debug)]
pub(super) struct Rows {
    /// Rows in file order.
    pub(super) all: Vec<Row>,
    /// Every property name found, sorted.
    pub(super) known: Vec<String>,
    /// Coordinates, if the file says.
    pub(super) crs: Option<Crs>,
    /// What was mended.
    pub(super) notes: Vec<String>,
}

/// Reads one level's boundary file.
///
/// # Errors
/// All problems of the file at once: [`codes::NO_FILE`], [`codes::FORMAT`], [`codes::ENCODING`], [`codes::EMPTY_FILE`],
/// [`codes::MISSING_COLUMN`] for a property that no feature has, [`codes::GEOMETRY`] for an outline, a code or a
/// projection that cannot be used.
pub fn read(level: &LevelSource, data_root: &Path) -> Result<BoundaryFile, Problems> {
    let path = data_root.join(&level.path);
    let mut wanted = vec![level.id.as_str(), level.name.as_str()];
    if let Some(ParentRule::Column(column)) = &level.parent {
        wanted.push(column);
    }
    let extension = path.extension().map(|found| found.to_string_lossy().to_ascii_lowercase());
    let (format, sha256, rows) = match extension.as_deref() {
        Some("geojson" | "json") => {
            let bytes = storage::read(&path)?;
            let rows = geojson::read(&bytes, &level.path, &wanted)?;
            ("GeoJSON", storage::sha256(&bytes), rows)
        }
        Some("shp") => {
            let files = shapefile::Files::open(&path)?;
            let rows = shapefile::read(&files, &level.path, &wanted)?;
            ("Shapefile", storage::sha256(&[files.shp, files.dbf].concat()), rows)
        }
        _ => {
            let message = format!("`{}` is neither GeoJSON nor a Shapefile", level.path);
            return Err(Problem::new(&codes::FORMAT, message)
                .at(level.place.clone())
                .help("name a file that ends in `.geojson`, `.json` or `.shp`")
                .into());
        }
    };
    if rows.all.is_empty() {
        return Err(Problem::new(&codes::EMPTY_FILE, "holds no features")
            .at(Place::File(level.path.clone()))
            .help("check that the file was written whole")
            .into());
    }
    missing_properties(level, &wanted, &rows)?;
    let to_degrees = Reprojection::choose(rows.crs.as_ref(), level.epsg)
        .map_err(|problem| problem.at(Place::File(level.path.clone())))?;
    let n_rows = rows.all.len();
    let mut notes = rows.notes;
    let features = merge_rows(level, rows.all, &to_degrees)?;
    if n_rows > features.len() {
        let n_merged = n_rows - features.len();
        notes.push(format!("{n_merged} rows joined to an earlier one with the same code"));
    }
    let format = format!("{format}, {}", to_degrees.words());
    Ok(BoundaryFile { features, n_rows, sha256, format, notes })
}

/// A property counts as missing when no row at all has it.
fn missing_properties(level: &LevelSource, wanted: &[&str], rows: &Rows) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for name in wanted {
        if rows.known.iter().any(|known| known == name) {
            continue;
        }
        let help = did_you_mean(name, rows.known.iter().map(String::as_str))
            .unwrap_or_else(|| format!("the file has {}", listed(&rows.known)));
        let message = format!("boundary file `{}` has no property `{name}`", level.path);
        problems
            .push(Problem::new(&codes::MISSING_COLUMN, message).at(level.place.clone()).help(help));
    }
    problems.into_result()
}

fn listed(names: &[String]) -> String {
    const AT_MOST: usize = 12;
    let mut text =
        names.iter().take(AT_MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > AT_MOST {
        text.push_str(", …");
    }
    text
}

/// Turns rows into features: coordinates into degrees, rows of one code into one outline. Stops collecting at 20 problems.
fn merge_rows(
    level: &LevelSource,
    rows: Vec<Row>,
    to_degrees: &Reprojection,
) -> Result<Vec<Feature>, Problems> {
    const ENOUGH: usize = 20;
    let mut problems = Problems::default();
    let mut features: Vec<Feature> = Vec::with_capacity(rows.len());
    let mut position: BTreeMap<String, usize> = BTreeMap::new();
    for (idx, mut row) in rows.into_iter().enumerate() {
        if problems.0.len() >= ENOUGH {
            break;
        }
        let mut property = |at: usize| {
            let text = row.properties.get_mut(at).and_then(Option::take);
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let (code, name, column) = (property(0), property(1), property(2));
        let Some(code) = code else {
            let message = format!("feature {} has no code in `{}`", idx + 1, level.id);
            problems.push(geometry(level, message, "give every feature a code, or remove it"));
            continue;
        };
        let outline = row.outline.and_then(|outline| clean(outline, to_degrees));
        match outline {
            Err(why) => {
                let message = format!("feature {} (`{code}`) {why}", idx + 1);
                problems.push(geometry(level, message, to_degrees.hint()));
            }
            Ok(outline) => {
                if let Some(&first) = position.get(&code) {
                    features[first].outline.0.extend(outline);
                    continue;
                }
                position.insert(code.clone(), features.len());
                let parent = match &level.parent {
                    None => None,
                    Some(ParentRule::Column(_)) => column,
                    Some(ParentRule::Slice(from, to)) => slice(&code, *from, *to),
                };
                let name = name.unwrap_or_else(|| code.clone());
                features.push(Feature { code, name, parent, outline });
            }
        }
    }
    problems.into_result()?;
    Ok(features)
}

fn geometry(level: &LevelSource, message: String, help: &str) -> Problem {
    Problem::new(&codes::GEOMETRY, message).at(Place::File(level.path.clone())).help(help)
}

/// Characters `from..to`; `None` when the code is shorter.
fn slice(code: &str, from: usize, to: usize) -> Option<String> {
    let chars: Vec<char> = code.chars().collect();
    chars.get(from..to).map(|chars| chars.iter().collect())
}

/// Closes rings, drops repeated points and rings without area, and turns coordinates into degrees; the error continues a
/// sentence about the feature.
pub(super) fn clean(
    outline: MultiPolygon<f64>,
    to_degrees: &Reprojection,
) -> Result<MultiPolygon<f64>, String> {
    let mut parts = Vec::with_capacity(outline.0.len());
    for polygon in outline {
        let (exterior, interiors) = polygon.into_inner();
        let Some(exterior) = clean_ring(exterior, to_degrees)? else { continue };
        let mut holes = Vec::with_capacity(interiors.len());
        for interior in interiors {
            holes.extend(clean_ring(interior, to_degrees)?);
        }
        parts.push(Polygon::new(exterior, holes));
    }
    if parts.is_empty() {
        return Err("has an outline without area".to_owned());
    }
    Ok(MultiPolygon(parts))
}

/// `None` for a ring of fewer than three different points.
fn clean_ring(
    ring: LineString<f64>,
    to_degrees: &Reprojection,
) -> Result<Option<LineString<f64>>, String> {
    let mut points: Vec<Coord<f64>> = ring.0;
    for point in &mut points {
        *point = to_degrees.apply(*point)?;
    }
    points.dedup();
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    Ok((points.len() >= 4).then_some(LineString(points)))
}

#[test]
fn a_slice_of_a_short_code_is_nothing() {
    assert_eq!(slice("01001", 0, 2).as_deref(), Some("01"));
    assert_eq!(slice("ä1", 0, 1).as_deref(), Some("ä"));
    assert_eq!(slice("1", 0, 2), None);
}

#[test]
fn rings_are_closed_and_rings_without_area_are_dropped() {
    let degrees = Reprojection::choose(None, None).unwrap();
    let open = LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0)]);
    assert_eq!(clean_ring(open, &degrees).unwrap().unwrap().0.len(), 4);
    let line = LineString::from(vec![(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)]);
    assert_eq!(clean_ring(line, &degrees).unwrap(), None);
}
