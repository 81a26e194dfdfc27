//! The file's rows as regions: codes, counts, population, value, outline and place, every problem at once.

use std::path::PathBuf;

use geo::{Centroid, MultiPolygon};

use super::cells::{Cells, not_negative, whole};
use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    read::map::{self, MapRow, Surface, Wanted},
};

/// Names of the file's columns.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Counts.
    pub events: Option<String>,
    /// Persons or person-years.
    pub population: Option<String>,
    /// A variable whose pattern is tested as it is.
    pub value: Option<String>,
    /// Counts of a second source of the same events.
    pub second: Option<String>,
    /// Counts of events that both sources have.
    pub both: Option<String>,
    /// Codes; the number of the row where none is named.
    pub id: Option<String>,
    /// Names; the codes where none is named.
    pub name: Option<String>,
    /// Longitude, or x.
    pub lon: Option<String>,
    /// Latitude, or y.
    pub lat: Option<String>,
}

/// A file that is a map.
#[derive(Debug, Clone)]
pub struct MapSource {
    /// The file.
    pub file: PathBuf,
    /// Its columns.
    pub columns: Columns,
    /// Texts that mean a missing cell, beside the empty one.
    pub missing: Vec<String>,
    /// Whether coordinates are those of a plane.
    pub plane: bool,
}

impl MapSource {
    /// What does not fit together.
    pub(super) fn check(&self) -> Problems {
        let mut problems = Problems::default();
        if self.columns.lon.is_some() != self.columns.lat.is_some() {
            problems.push(
                Problem::new(&codes::OPTION, "one coordinate is no place")
                    .help("name both columns: `--lon COL --lat COL`"),
            );
        }
        problems
    }

    /// Its name without folders.
    pub(super) fn name(&self) -> String {
        self.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// One row of the file.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) id: String,
    pub(super) name: String,
    /// Line of a table, number of a feature.
    pub(super) row: u64,
    pub(super) events: Option<u64>,
    pub(super) population: Option<f64>,
    pub(super) value: Option<f64>,
    /// Events of a second source, and those that both have.
    pub(super) second: Option<u64>,
    pub(super) both: Option<u64>,
    pub(super) outline: Option<MultiPolygon<f64>>,
    /// Where it is taken to lie: x and y, or longitude and latitude.
    pub(super) place: Option<[f64; 2]>,
}

/// The file.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    pub(super) regions: Vec<Region>,
    /// What the outlines' coordinates are.
    pub(super) surface: Surface,
    /// What the places' coordinates are.
    pub(super) places: Surface,
    pub(super) has_outlines: bool,
    pub(super) notes: Vec<String>,
}

impl Input {
    /// The unit of distances.
    pub(super) fn unit(&self) -> &'static str {
        match self.places {
            Surface::Earth => "km",
            Surface::Plane => "units of the coordinates",
        }
    }
}

/// Reads the file.
pub(super) fn read(source: &MapSource) -> Result<Input, Problems> {
    let columns = &source.columns;
    let of = |column: &Option<String>| column.clone();
    // The order is the one in which `region` takes cells.
    let asked = [
        of(&columns.id),
        of(&columns.name),
        of(&columns.events),
        of(&columns.population),
        of(&columns.value),
        of(&columns.lon),
        of(&columns.lat),
        of(&columns.second),
        of(&columns.both),
    ];
    let names: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
    let by_columns = columns.lon.is_some();
    let wanted = Wanted { columns: &names, plane: source.plane, placed: by_columns };
    let found = map::read(&source.file, &wanted)?;
    let file = source.file.display().to_string();
    let mut cells = Cells::new(&file, &source.missing);
    let mut regions: Vec<Region> = (1..)
        .zip(found.rows)
        .map(|(number, row)| region(number, row, &asked, &mut cells))
        .collect();
    let has_outlines = regions.iter().any(|region| region.outline.is_some());
    if !by_columns && !has_outlines {
        cells.refuse_file(
            Problem::new(&codes::OPTION, "nothing says where the regions lie")
                .at(Place::File(file.clone()))
                .help("name the columns of their coordinates: `--lon COL --lat COL`"),
        );
    }
    if by_columns && !source.plane {
        misplaced(&regions, columns, &mut cells);
    }
    if let Some(column) = &columns.id {
        cells.repeated(regions.iter().map(|region| (region.id.as_str(), region.row)), column);
    }
    cells.result()?;
    let mut notes = found.notes;
    let places = if by_columns {
        let all = regions.iter().filter_map(|region| region.place).all(is_in_degrees);
        let is_plane = source.plane || !all;
        if is_plane && !source.plane && found.surface == Surface::Earth {
            notes.push("coordinates in columns cannot be degrees: taken as a plane".to_owned());
        }
        if is_plane { Surface::Plane } else { Surface::Earth }
    } else {
        for region in &mut regions {
            let centroid = region.outline.as_ref().and_then(Centroid::centroid);
            region.place = centroid.map(|point| [point.x(), point.y()]);
        }
        found.surface
    };
    Ok(Input {
        file,
        format: found.format,
        sha256: found.sha256,
        regions,
        surface: found.surface,
        places,
        has_outlines,
        notes,
    })
}

fn is_in_degrees([x, y]: [f64; 2]) -> bool {
    x.abs() <= 180.0 && y.abs() <= 90.0
}

/// Refuses the few places that cannot be degrees where most can.
fn misplaced<'a>(regions: &[Region], columns: &'a Columns, cells: &mut Cells<'a>) {
    let placed = || regions.iter().filter_map(|region| Some((region.place?, region.row)));
    let outside = || placed().filter(|(place, _)| !is_in_degrees(*place));
    if 2 * outside().count() >= placed().count() {
        return;
    }
    for ([x, y], row) in outside() {
        let (column, value, what) = if x.abs() > 180.0 {
            (&columns.lon, x, "longitude")
        } else {
            (&columns.lat, y, "latitude")
        };
        let problem = Problem::new(&codes::BAD_CELL, format!("`{value}` is no {what}")).help(
            "most other places are degrees: correct it; coordinates of a plane need `--plane`",
        );
        cells.refuse(problem, row, column.as_deref().unwrap_or_default());
    }
}

/// `number` counts rows from 1, whatever lines they stand on.
fn region<'a>(
    number: u64,
    row: MapRow,
    asked: &'a [Option<String>; 9],
    cells: &mut Cells<'a>,
) -> Region {
    let mut given = row.cells.into_iter();
    let [id, name, events, population, value, lon, lat, second, both] =
        asked.each_ref().map(|column| {
            let text = if column.is_some() { given.next().flatten() } else { None };
            cells.given(text)
        });
    let column = |at: usize| asked[at].as_deref().unwrap_or_default();
    let line = row.row;
    let id = id.unwrap_or_else(|| number.to_string());
    let events = cells.number(events, line, column(2), whole);
    let population = cells.number(population, line, column(3), not_negative);
    let value = cells.number(value, line, column(4), |_| Ok(()));
    let x = cells.number(lon, line, column(5), |_| Ok(()));
    let y = cells.number(lat, line, column(6), |_| Ok(()));
    let second = cells.number(second, line, column(7), whole);
    let both = cells.number(both, line, column(8), whole);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`whole` admits whole numbers from 0 to 2^53 only"
    )]
    let [events, second, both] =
        [events, second, both].map(|found| found.map(|count| count as u64));
    Region {
        name: name.unwrap_or_else(|| id.clone()),
        id,
        row: line,
        events,
        population,
        value,
        second,
        both,
        outline: row.outline,
        place: x.zip(y).map(|(x, y)| [x, y]),
    }
}
