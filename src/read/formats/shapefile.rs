//! Shapefiles: outlines from `.shp`, properties from `.dbf`, coordinates from `.prj`, encoding from `.cpg`.
//!
//! All companions lie in the same folder. A Shapefile does not say which hole belongs to which outer ring; each hole goes to
//! the smallest outer ring around it.

mod dbf;

use std::{io::Cursor, path::Path};

use geo::{Area, BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use shapefile::{PolygonRing, Shape, ShapeReader, record::traits::HasXY};

use crate::{
    diagnostics::{Place, Problem, codes},
    read::boundaries::{Crs, Row, Rows},
    storage,
};

/// The bytes of a Shapefile and its companions.
#[derive(Debug)]
pub(in crate::read) struct Files {
    /// Outlines.
    pub(in crate::read) shp: Vec<u8>,
    /// Properties.
    pub(in crate::read) dbf: Vec<u8>,
    shx: Option<Vec<u8>>,
    prj: Option<Vec<u8>>,
    cpg: Option<Vec<u8>>,
}

impl Files {
    /// Reads a `.shp` file and what lies beside it; extensions in lower or upper case.
    ///
    /// # Errors
    /// [`codes::NO_FILE`] when the `.shp` or the `.dbf` is not there.
    pub(in crate::read) fn open(shp: &Path) -> Result<Self, Problem> {
        let beside = |extension: &str| {
            [extension.to_owned(), extension.to_ascii_uppercase()]
                .iter()
                .map(|extension| shp.with_extension(extension))
                .find(|path| storage::is_file(path))
        };
        let optional =
            |extension: &str| beside(extension).map(|path| storage::read(&path)).transpose();
        let dbf = beside("dbf").unwrap_or_else(|| shp.with_extension("dbf"));
        Ok(Self {
            shp: storage::read(shp)?,
            dbf: storage::read(&dbf).map_err(|problem| {
                problem.help("a Shapefile has its properties in a .dbf file beside it")
            })?,
            shx: optional("shx")?,
            prj: optional("prj")?,
            cpg: optional("cpg")?,
        })
    }
}

/// Reads the wanted properties and the outline of every row; `file` is the path for messages.
///
/// # Errors
/// [`codes::FORMAT`] when a file is cut short or the two disagree on their number of rows, [`codes::ENCODING`].
pub(in crate::read) fn read(files: &Files, file: &str, wanted: &[&str]) -> Result<Rows, Problem> {
    let not_a_shapefile = |error: shapefile::Error| {
        Problem::new(&codes::FORMAT, format!("is not a whole Shapefile: {error}"))
            .at(Place::File(file.to_owned()))
            .help("fetch the file and its companions (.dbf, .shx, .prj) again")
    };
    let shp = Cursor::new(&files.shp);
    let mut reader = match &files.shx {
        Some(shx) => ShapeReader::with_shx(shp, Cursor::new(shx)),
        None => ShapeReader::new(shp),
    }
    .map_err(not_a_shapefile)?;
    let shapes =
        reader.iter_shapes().collect::<Result<Vec<Shape>, _>>().map_err(not_a_shapefile)?;
    let table = dbf::read(&files.dbf, files.cpg.as_deref(), wanted)
        .map_err(|problem| problem.at(Place::File(dbf::name_beside(file))))?;
    if table.rows.len() != shapes.len() {
        let (n_rows, n_shapes) = (table.rows.len(), shapes.len());
        let message = format!("has {n_shapes} outlines, but its .dbf has {n_rows} rows");
        return Err(Problem::new(&codes::FORMAT, message)
            .at(Place::File(file.to_owned()))
            .help("fetch the file and its companions (.dbf, .shx, .prj) again"));
    }
    let rows = shapes
        .into_iter()
        .zip(table.rows)
        .filter_map(|(shape, properties)| {
            properties.map(|properties| Row { properties, outline: outline(shape) })
        })
        .collect();
    let crs = files.prj.as_ref().map(|prj| Crs::Wkt(String::from_utf8_lossy(prj).into_owned()));
    Ok(Rows { all: rows, known: table.names, crs, notes: table.notes })
}

fn outline(shape: Shape) -> Result<MultiPolygon<f64>, String> {
    match shape {
        Shape::Polygon(polygon) => Ok(nest(polygon.into_inner())),
        Shape::PolygonM(polygon) => Ok(nest(polygon.into_inner())),
        Shape::PolygonZ(polygon) => Ok(nest(polygon.into_inner())),
        Shape::NullShape => Err("has no geometry".to_owned()),
        other => Err(format!("is a {}, not a polygon", other.shapetype())),
    }
}

/// Gives every hole to the smallest outer ring around it; a hole inside none becomes an outer ring.
fn nest<P: HasXY>(rings: Vec<PolygonRing<P>>) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    let mut holes: Vec<LineString<f64>> = Vec::new();
    for ring in rings {
        let is_outer = matches!(ring, PolygonRing::Outer(_));
        let points = ring.points().iter().map(|point| Coord { x: point.x(), y: point.y() });
        let line = LineString(points.collect());
        if is_outer {
            polygons.push(Polygon::new(line, Vec::new()));
        } else {
            holes.push(line);
        }
    }
    let n_outer = polygons.len();
    for hole in holes {
        let around = polygons[..n_outer]
            .iter()
            .enumerate()
            .filter(|(_, polygon)| encloses(polygon, &hole))
            .map(|(at, polygon)| (polygon_area(polygon), at))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match around {
            Some((_, at)) => polygons[at].interiors_push(hole),
            None => polygons.push(Polygon::new(hole, Vec::new())),
        }
    }
    MultiPolygon(polygons)
}

/// The area within the outer ring alone.
fn polygon_area(polygon: &Polygon<f64>) -> f64 {
    Polygon::new(polygon.exterior().clone(), Vec::new()).unsigned_area()
}

/// Whether a ring lies inside a polygon's outer ring, told by its first point that is not on that ring.
fn encloses(polygon: &Polygon<f64>, hole: &LineString<f64>) -> bool {
    let (Some(outer), Some(inner)) = (polygon.bounding_rect(), hole.bounding_rect()) else {
        return false;
    };
    if !outer.contains(&inner) && outer != inner {
        return false;
    }
    let outer = Polygon::new(polygon.exterior().clone(), Vec::new());
    let on_ring = |point: &Coord<f64>| outer.exterior().0.contains(point);
    match hole.0.iter().find(|point| !on_ring(point)) {
        Some(point) => outer.contains(&Point(*point)),
        None => true,
    }
}

#[cfg(test)]
fn square(from: f64, to: f64, clockwise: bool) -> PolygonRing<shapefile::Point> {
    let mut points = [(from, from), (from, to), (to, to), (to, from), (from, from)]
        .map(|(x, y)| shapefile::Point::new(x, y))
        .to_vec();
    if clockwise {
        PolygonRing::Outer(points)
    } else {
        points.reverse();
        PolygonRing::Inner(points)
    }
}

#[test]
fn a_hole_goes_to_the_smallest_ring_around_it() {
    // An island (2..8) in the lake (1..9) of an island (0..10), with a lake (3..4) of its own.
    let rings = vec![
        square(0.0, 10.0, true),
        square(3.0, 4.0, false),
        square(2.0, 8.0, true),
        square(1.0, 9.0, false),
    ];
    let nested = nest(rings);
    assert_eq!(nested.0.len(), 2);
    assert!((nested.0[0].unsigned_area() - 36.0).abs() < 1e-12);
    assert!((nested.0[1].unsigned_area() - 35.0).abs() < 1e-12);
}

#[test]
fn a_hole_in_nothing_is_land() {
    let nested = nest(vec![square(0.0, 1.0, true), square(5.0, 6.0, false)]);
    assert_eq!(nested.0.len(), 2);
    assert!(nested.0.iter().all(|polygon| polygon.interiors().is_empty()));
}
