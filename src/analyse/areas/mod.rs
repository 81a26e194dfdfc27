//! Areas: one map with counts, tested.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `input` | a file and the names of its columns | regions with counts, population, value, outline, place |
//! | `weights` | regions | who neighbours whom, islands named |
//! | `rates` | counts | rates, limits, dispersion, own-rate tests |
//! | `surroundings` | one variable and weights | Moran, Geary, local Moran and Gi\*, one draw pass |
//! | `groups` | counts and places | clusters of the scan |
//! | `beside` | counts, or one variable | smoothed risks and ranks, local Geary, concentration: when asked for |
//! | `numbers` | all of these | one result a region, and what holds for the map |
//! | `table`, `summary` | results | `regions.csv`, `summary.json` |
//! | `map`, `page` | results | `map.svg`, `index.html` |
//!
//! Every region of the file is one row of the result, in the order of the file. What cannot be said has a status and a reason.

mod beside;
mod groups;
mod input;
mod map;
mod numbers;
mod page;
mod rates;
mod sentences;
mod summary;
mod surroundings;
mod table;
mod weights;

use std::path::PathBuf;

use super::Done;
use crate::{
    diagnostics::{Problem, Problems, codes},
    storage::OutputFolder,
};

pub use weights::{IslandPolicy, WeightsRule};

/// Names of the file's columns.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Counts.
    pub events: Option<String>,
    /// Persons or person-years.
    pub population: Option<String>,
    /// A variable whose pattern is tested as it is.
    pub value: Option<String>,
    /// Codes; the number of the row where none is named.
    pub id: Option<String>,
    /// Names; the codes where none is named.
    pub name: Option<String>,
    /// Longitude, or x.
    pub lon: Option<String>,
    /// Latitude, or y.
    pub lat: Option<String>,
}

/// A family of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Each region's own rate against the rest.
    Own,
    /// Moran's I and Geary's C of the whole map.
    Global,
    /// Local Moran and Gi\*.
    Local,
    /// The scan for groups.
    Scan,
    /// Smoothed relative risks, towards the map and towards neighbours, with ranks.
    Smoothing,
    /// Local Geary.
    Geary,
    /// Gini and other indices of concentration.
    Concentration,
}

impl Method {
    /// Those that are used where none are named.
    pub const USUAL: [Self; 4] = [Self::Own, Self::Global, Self::Local, Self::Scan];
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// Its columns.
    pub columns: Columns,
    /// Texts that mean a missing cell, beside the empty one.
    pub missing: Vec<String>,
    /// Whether coordinates are those of a plane.
    pub plane: bool,
    /// Who neighbours whom; `None`: queen for outlines, the six nearest for places.
    pub weights: Option<WeightsRule>,
    /// What happens to regions without a neighbour.
    pub islands: Option<IslandPolicy>,
    /// Families of tests.
    pub methods: Vec<Method>,
    /// Draws per region; `None`: as many as the correction needs, at least 9 999.
    pub draws: Option<u64>,
    /// Two-sided level.
    pub alpha: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Folder for the results.
    pub out: PathBuf,
}

impl Options {
    /// Whether a family is asked for.
    fn asks_for(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }
}

/// Reads the file, tests the map and writes the four results; the previous results stay as they were when anything fails.
///
/// # Errors
/// All problems of the options and of the file at once; [`codes::ISLANDS`] when too many regions have no neighbour,
/// [`codes::DRAWS`] when the draws asked for cannot support the correction, [`codes::OUTPUT`].
pub fn run(options: &Options) -> Result<Done, Problems> {
    check(options)?;
    let input = input::read(options)?;
    let analysis = numbers::analyse(&input, options)?;
    let findings = sentences::Findings { input: &input, analysis: &analysis, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("regions.csv", &table::csv(&input, &analysis))?;
    folder.write("summary.json", summary::json(&findings).as_bytes())?;
    folder.write("map.svg", map::standalone(&findings).as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let notes = input.notes.iter().chain(&analysis.notes).cloned().collect();
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes })
}

/// Options that do not fit together.
fn check(options: &Options) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut wrong = |message: &str, help: &str| {
        problems.push(Problem::new(&codes::OPTION, message).help(help));
    };
    let columns = &options.columns;
    match (&columns.events, &columns.population, &columns.value) {
        (None, None, None) => wrong(
            "says neither what is counted nor what is measured",
            "name the columns: `--events COL --population COL`, or `--value COL`",
        ),
        (Some(_), None, _) => wrong(
            "counts have no population",
            "name the column of persons (or person-years): `--population COL`; to test the counts as they are: `--value COL`",
        ),
        (None, Some(_), _) => {
            wrong("a population has no counts", "name the column of counts: `--events COL`");
        }
        _ => {}
    }
    if columns.lon.is_some() != columns.lat.is_some() {
        wrong("one coordinate is no place", "name both columns: `--lon COL --lat COL`");
    }
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        wrong("`--alpha` is no level", "give a number between 0 and 1, such as 0.05");
    }
    if options.draws == Some(0) {
        wrong("`--draws 0` draws nothing", "leave it out: as many as are needed are made");
    }
    problems.into_result()
}
