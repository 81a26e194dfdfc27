//! A synthetic country with planted hotbeds, written as real files: boundaries, population, events, crimes, elections,
//! organisations, a survey, an assessment over them, and the truth.
//!
//! Nothing here is read back from a run: `truth.json` says what was planted, and a test or a reader compares. The country is a
//! function of its [`DemoOptions`], byte for byte, at any thread count: every draw comes from a stream named after what it
//! is for. No place, party or figure is meant to be a real one.

mod areas;
mod country;
mod declaration;
mod draws;
mod interviews;
mod lattice;
mod names;
mod outline;
mod people;
mod plan;
mod records;
mod tables;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    storage,
};
use country::Country;
pub use plan::{Hotbed, HotbedKind};

/// The last year of every synthetic country; the first follows from the number of years.
pub const LAST_YEAR: i32 = 2025;

/// How large a country, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOptions {
    /// Folder that takes it.
    pub out: PathBuf,
    /// Number of districts, 20 to 20 000.
    pub regions: usize,
    /// Number of events expected over all years, at least 1 000.
    pub events: usize,
    /// Number of years, 2 to 40; the last is [`LAST_YEAR`].
    pub years: usize,
    /// Which country of that size.
    pub seed: u64,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { out: PathBuf::from("demo"), regions: 400, events: 60_000, years: 8, seed: 1 }
    }
}

/// A country that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Demo {
    /// The folder, which is an assessment.
    pub folder: PathBuf,
    /// What was planted.
    pub truth: Truth,
}

/// What was planted, as in `truth.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Truth {
    /// Seed of the country.
    pub seed: u64,
    /// First and last year.
    pub years: (i32, i32),
    /// Negative-binomial size of the counts around what is expected: variance mean + mean² / size.
    pub size: f64,
    /// Planted areas; at most four, fewer where a small country has no room.
    pub hotbeds: Vec<Hotbed>,
    /// Every district, in order of its code.
    pub districts: Vec<DistrictTruth>,
    /// What everybody would say if asked: question, ideology, year, share.
    pub survey: BTreeMap<String, BTreeMap<String, BTreeMap<i32, f64>>>,
    /// What is wrong with the events file on purpose.
    pub flaws: Flaws,
}

impl Truth {
    fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("invariant: the truth holds plain values")
    }
}

/// What a district's counts scatter around.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistrictTruth {
    /// Code.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code of its province.
    pub province: String,
    /// Persons on 31 December before each year.
    pub persons: Vec<u64>,
    /// Planted relative risk by ideology, a value a year; ideologies without one are left out.
    pub relative_risk: BTreeMap<String, Vec<f64>>,
    /// Expected events by ideology, a value a year, in thousandths.
    pub expected_events: BTreeMap<String, Vec<f64>>,
}

/// Rows of the events file that a reader has to deal with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Flaws {
    /// Rows in all.
    pub rows: u64,
    /// Rows equal to the one before them.
    pub duplicates: u64,
    /// Rows without a district code but with coordinates.
    pub by_coordinates_only: u64,
    /// Rows that cannot be located at all.
    pub not_locatable: u64,
}

/// Writes a synthetic country into a folder: an assessment that can be run as it is, and `truth.json`.
///
/// Files of an earlier synthetic country are replaced; everything else in the folder stays.
///
/// # Errors
/// [`codes::BAD_VALUE`] for sizes outside their range, all at once; [`codes::OUTPUT`] when the folder holds somebody's
/// own assessment or cannot be written.
pub fn write(options: &DemoOptions) -> Result<Demo, Problems> {
    check(options)?;
    refuse_foreign(&options.out)?;
    let country = Country::new(options);
    let ((events, flaws), crimes) =
        rayon::join(|| records::events(&country), || tables::crimes(&country));
    let truth = country.truth(flaws);
    let files = [
        ("data/boundaries/provinces.geojson", country.provinces_geojson().into_bytes()),
        ("data/boundaries/districts.geojson", country.districts_geojson().into_bytes()),
        ("data/population.csv", tables::population(&country)),
        ("data/events.parquet", events),
        ("data/crimes.csv", crimes),
        ("data/elections.csv", tables::elections(&country)),
        ("data/organisations.csv", tables::organisations(&country)),
        ("data/survey.csv", interviews::survey(&country)),
        ("truth.json", truth.json()),
        (declaration::FILE, declaration::text(&country).into_bytes()),
    ];
    for (path, bytes) in files {
        storage::write(&options.out.join(path), &bytes)?;
    }
    Ok(Demo { folder: options.out.clone(), truth })
}

fn check(options: &DemoOptions) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut within = |what: &str, value: usize, low: usize, high: usize| {
        if !(low..=high).contains(&value) {
            let message = format!("`--{what} {value}` is outside {low} to {high}");
            problems.push(Problem::new(&codes::BAD_VALUE, message));
        }
    };
    within("regions", options.regions, 20, 20_000);
    within("events", options.events, 1_000, 100_000_000);
    within("years", options.years, 2, 40);
    problems.into_result()
}

/// An assessment that was not written by this program is never overwritten.
fn refuse_foreign(folder: &Path) -> Result<(), Problem> {
    let path = folder.join(declaration::FILE);
    if !storage::is_file(&path) || storage::read(&path)?.starts_with(declaration::MARK.as_bytes()) {
        return Ok(());
    }
    Err(Problem::new(&codes::OUTPUT, "the folder holds an assessment that is no synthetic country")
        .at(Place::File(path.display().to_string()))
        .help("choose another folder with `--out`"))
}
