//! One file as a map: every row with its cells as texts and its outline, nothing merged, nothing left out.
//!
//! `GeoJSON` and Shapefiles give a row a feature; a delimited table gives rows without outlines. Where a file does not say
//! what its coordinates are and they cannot be degrees, they are taken for those of a plane.

use std::path::Path;

use geo::{BoundingRect, MultiPolygon};

use super::{
    boundaries::{Reprojection, Row, clean},
    formats::{csv, geojson, shapefile},
    text::{DecodeError, decode},
};
use crate::{
    assessment::HeaderRule,
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    storage,
};

/// What coordinates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// Degrees of longitude and latitude (WGS 84).
    Earth,
    /// Of a plane, in a unit the file does not name.
    Plane,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRow {
    /// Line of a delimited table; number of a feature, from 1.
    pub row: u64,
    /// The wanted cells, in the order asked for; `None` where missing, null or empty.
    pub cells: Vec<Option<String>>,
    /// Outline: closed rings of at least four points; `None` where the row has none.
    pub outline: Option<MultiPolygon<f64>>,
}

/// A file as read.
#[derive(Debug, Clone, PartialEq)]
pub struct MapFile {
    /// Every row, in the order of the file.
    pub rows: Vec<MapRow>,
    /// What the outlines' coordinates are.
    pub surface: Surface,
    /// Format, encoding and coordinates in words.
    pub format: String,
    /// Lower-case hexadecimal sha256 of the file; of a Shapefile, of its `.shp` and `.dbf` one after the other.
    pub sha256: String,
    /// What was mended or assumed on the way.
    pub notes: Vec<String>,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Names of columns or properties.
    pub columns: &'a [&'a str],
    /// Whether coordinates are declared to be those of a plane.
    pub plane: bool,
    /// Whether rows may do without an outline, because columns place them.
    pub placed: bool,
}

/// Problems after which reading stops collecting.
const ENOUGH: usize = 20;

/// Reads a file.
///
/// # Errors
/// All problems of the file at once: [`codes::NO_FILE`], [`codes::FORMAT`], [`codes::ENCODING`], [`codes::EMPTY_FILE`],
/// [`codes::MISSING_COLUMN`] for every column that is not there, [`codes::GEOMETRY`] for outlines that cannot be used.
pub fn read(path: &Path, wanted: &Wanted<'_>) -> Result<MapFile, Problems> {
    let shown = path.display().to_string();
    let extension = path.extension().map(|found| found.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("geojson" | "json") => {
            let bytes = storage::read(path)?;
            let found = geojson::read(&bytes, &shown, wanted.columns)?;
            features("GeoJSON", storage::sha256(&bytes), found, &shown, wanted)
        }
        Some("shp") => {
            let files = shapefile::Files::open(path)?;
            let found = shapefile::read(&files, &shown, wanted.columns)?;
            let sha256 = storage::sha256(&[files.shp, files.dbf].concat());
            features("Shapefile", sha256, found, &shown, wanted)
        }
        Some("csv" | "tsv" | "txt") => table(&storage::read(path)?, &shown, wanted),
        _ => Err(Problem::new(&codes::FORMAT, "is neither GeoJSON, nor a Shapefile, nor a table")
            .at(Place::File(shown))
            .help("name a file that ends in `.geojson`, `.json`, `.shp`, `.csv`, `.tsv` or `.txt`")
            .into()),
    }
}

fn features(
    format: &str,
    sha256: String,
    found: super::boundaries::Rows,
    shown: &str,
    wanted: &Wanted<'_>,
) -> Result<MapFile, Problems> {
    if found.all.is_empty() {
        return Err(empty(shown, "holds no features"));
    }
    missing_columns(wanted.columns, &found.known, shown)?;
    let on_earth = found.all.iter().filter_map(|row| row.outline.as_ref().ok()).all(is_on_earth);
    let is_plane = wanted.plane || (found.crs.is_none() && !on_earth);
    let reprojection = if is_plane {
        Reprojection::plane()
    } else {
        Reprojection::choose(found.crs.as_ref(), None).map_err(|problem| {
            problem
                .at(Place::File(shown.to_owned()))
                .help("convert the file to WGS 84, or take its coordinates as a plane: `--plane`")
        })?
    };
    let mut problems = Problems::default();
    let mut rows = Vec::with_capacity(found.all.len());
    for (row, number) in found.all.into_iter().zip(1..) {
        if problems.0.len() >= ENOUGH {
            break;
        }
        let Row { properties, outline } = row;
        let outline = match outline.and_then(|outline| clean(outline, &reprojection)) {
            Ok(outline) => Some(outline),
            Err(_) if wanted.placed => None,
            Err(why) => {
                problems.push(bad_outline(number, &why, shown, reprojection.hint()));
                None
            }
        };
        rows.push(MapRow {
            row: number,
            cells: properties.into_iter().map(filled).collect(),
            outline,
        });
    }
    problems.into_result()?;
    let surface = if is_plane { Surface::Plane } else { Surface::Earth };
    let mut notes = found.notes;
    if is_plane && !wanted.plane {
        notes.push(
            "coordinates cannot be degrees and the file does not say what they are: taken as a plane"
                .to_owned(),
        );
    }
    Ok(MapFile {
        rows,
        surface,
        format: format!("{format}, {}", reprojection.words()),
        sha256,
        notes,
    })
}

fn is_on_earth(outline: &MultiPolygon<f64>) -> bool {
    outline.bounding_rect().is_none_or(|bounds| {
        let (min, max) = (bounds.min(), bounds.max());
        min.x >= -180.0 && max.x <= 180.0 && min.y >= -90.0 && max.y <= 90.0
    })
}

fn bad_outline(number: u64, why: &str, shown: &str, hint: &str) -> Problem {
    let help = if why.contains("not a polygon") || why.contains("no geometry") {
        "give polygons, or say where regions lie by columns: `--lon` and `--lat`"
    } else {
        hint
    };
    let place = Place::Row { file: shown.to_owned(), row: number, column: None };
    Problem::new(&codes::GEOMETRY, format!("feature {number} {why}")).at(place).help(help)
}

/// The names of a table's columns, in its order.
///
/// # Errors
/// As [`read`]; [`codes::FORMAT`] for what is no delimited table.
pub fn columns(path: &Path) -> Result<Vec<String>, Problems> {
    let shown = path.display().to_string();
    let extension = path.extension().map(|found| found.to_string_lossy().to_ascii_lowercase());
    if !matches!(extension.as_deref(), Some("csv" | "tsv" | "txt")) {
        return Err(Problem::new(&codes::FORMAT, "is no delimited table")
            .at(Place::File(shown))
            .help("name a file that ends in `.csv`, `.tsv` or `.txt`")
            .into());
    }
    Ok(opened(&storage::read(path)?, &shown)?.0.header)
}

/// The lines of a table, and its encoding and delimiter in words.
fn opened(bytes: &[u8], shown: &str) -> Result<(csv::Lines, String), Problems> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(empty(shown, "is empty"));
    }
    let decoded = decode(bytes, None).map_err(|error| {
        let place = match error {
            DecodeError::Malformed { line, .. } => {
                Place::Row { file: shown.to_owned(), row: line as u64, column: None }
            }
            DecodeError::UnknownLabel => Place::File(shown.to_owned()),
        };
        Problem::new(&codes::ENCODING, "is in no encoding that could be told")
            .at(place)
            .help("save the table as UTF-8")
    })?;
    let delimiter = csv::detect_delimiter(&decoded.text);
    let lines = csv::Lines::parse(&decoded.text, delimiter, &HeaderRule::First)
        .map_err(|problem| problem.at(Place::File(shown.to_owned())))?;
    if lines.rows.is_empty() {
        return Err(empty(shown, "has a header but no rows"));
    }
    let format = format!("table in {}, delimiter `{}`", decoded.encoding, char::from(delimiter));
    Ok((lines, format))
}

fn table(bytes: &[u8], shown: &str, wanted: &Wanted<'_>) -> Result<MapFile, Problems> {
    let (lines, format) = opened(bytes, shown)?;
    let mut known = lines.header.clone();
    known.sort_unstable();
    missing_columns(wanted.columns, &known, shown)?;
    twice(wanted.columns, &lines.header, shown)?;
    let place = |name: &&str| lines.header.iter().position(|column| column == name);
    let places: Vec<Option<usize>> = wanted.columns.iter().map(place).collect();
    let mut problems = Problems::default();
    let mut rows = Vec::with_capacity(lines.rows.len());
    for (line, cells) in lines.rows {
        let row = u64::from(line);
        let (n_cells, n) = (cells.len(), lines.header.len());
        let amiss = if places.iter().flatten().any(|at| *at >= n_cells) {
            Some((
                format!("breaks off: it has {n_cells} cells under {n} names"),
                "check that the file was written whole; an empty cell needs its delimiter",
            ))
        } else if cells.iter().skip(n).any(|cell| !cell.is_empty()) {
            Some((
                format!("has {n_cells} cells under {n} names"),
                "put cells that hold the delimiter into quotation marks",
            ))
        } else {
            None
        };
        if let Some((message, help)) = amiss.filter(|_| problems.0.len() < ENOUGH) {
            let place = Place::Row { file: shown.to_owned(), row, column: None };
            problems.push(Problem::new(&codes::BAD_CELL, message).at(place).help(help));
        }
        let cell = |at: &Option<usize>| filled(at.and_then(|at| cells.get(at).cloned()));
        rows.push(MapRow { row, cells: places.iter().map(cell).collect(), outline: None });
    }
    problems.into_result()?;
    let surface = if wanted.plane { Surface::Plane } else { Surface::Earth };
    Ok(MapFile { rows, surface, format, sha256: storage::sha256(bytes), notes: Vec::new() })
}

fn filled(cell: Option<String>) -> Option<String> {
    cell.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn empty(shown: &str, what: &str) -> Problems {
    Problem::new(&codes::EMPTY_FILE, what)
        .at(Place::File(shown.to_owned()))
        .help("check that the file was written whole")
        .into()
}

fn missing_columns(wanted: &[&str], known: &[String], shown: &str) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (at, name) in wanted.iter().enumerate() {
        if known.iter().any(|known| known == name) || wanted[..at].contains(name) {
            continue;
        }
        let same = known.iter().find(|known| known.eq_ignore_ascii_case(name));
        let help = same
            .map(|known| format!("did you mean `{known}`?"))
            .or_else(|| did_you_mean(name, known.iter().map(String::as_str)))
            .unwrap_or_else(|| format!("the file has {}", listed(known)));
        let message = format!("has no column `{name}`");
        let place = Place::File(shown.to_owned());
        problems.push(Problem::new(&codes::MISSING_COLUMN, message).at(place).help(help));
    }
    problems.into_result()
}

/// Refuses names that stand above several columns.
fn twice(wanted: &[&str], header: &[String], shown: &str) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (at, name) in wanted.iter().enumerate() {
        let n = header.iter().filter(|column| column == name).count();
        if n > 1 && !wanted[..at].contains(name) {
            problems.push(
                Problem::new(&codes::FORMAT, format!("has {n} columns `{name}`"))
                    .at(Place::File(shown.to_owned()))
                    .help("rename all but the one that is meant"),
            );
        }
    }
    problems.into_result()
}

fn listed(names: &[String]) -> String {
    const AT_MOST: usize = 20;
    let shown = names.iter().take(AT_MOST).map(|name| format!("`{name}`"));
    let more = (names.len() > AT_MOST).then(|| "…".to_owned());
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_table_gives_rows_with_lines_and_missing_cells() {
    let wanted = Wanted { columns: &["x", "n"], plane: false, placed: true };
    let found = table(b"n;x\n1;a\n;b\n\"2\";\n", "a.csv", &wanted).unwrap();
    let cells = |at: usize| found.rows[at].cells.iter().map(Option::as_deref).collect::<Vec<_>>();
    assert_eq!(cells(0), [Some("a"), Some("1")]);
    assert_eq!((cells(1), cells(2)), (vec![Some("b"), None], vec![None, Some("2")]));
    assert_eq!(found.rows[2].row, 4);
    let problems = table(b"n;y;x\n1;a;b\n2;c\n", "a.csv", &wanted).unwrap_err();
    assert!(problems.0[0].message.starts_with("breaks off: it has 2 cells"), "{problems:?}");
    let unwanted = table(b"n;x;y\n1;a;b\n2;c\n", "a.csv", &wanted).unwrap();
    assert_eq!(unwanted.rows[1].cells, [Some("c".to_owned()), Some("2".to_owned())]);
    let problems = table(b"n;x;n\n1;a;2\n", "a.csv", &wanted).unwrap_err();
    assert_eq!(problems.0[0].message, "has 2 columns `n`");
    let problems = table(b"N;x\n1;a\n", "a.csv", &wanted).unwrap_err();
    assert_eq!(problems.0[0].help.as_deref(), Some("did you mean `N`?"));
}
