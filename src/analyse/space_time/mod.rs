//! Space-time: a map and dated events, searched for groups of regions in an interval, and for spots that emerge.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `cases` | a file of events or counts, the map's codes | counts by region and period |
//! | `search` | counts, places, populations | groups in space and time, the emerging class of every region |
//! | `report` | what was found | sentences, the map |
//! | `tables`, `page` | a report | `clusters.csv`, `regions.csv`, `summary.json`; `index.html` |
//!
//! A region and period without a row in the file of events has none: the file has to cover all regions of the map from its
//! first to its last period.

mod cases;
mod page;
mod report;
mod search;
mod tables;

use std::path::PathBuf;

use super::{Done, Linking, MapSource, input, neighbours, periods::Every};
use crate::{
    diagnostics::{Problem, Problems, codes},
    storage::OutputFolder,
};

/// Names of the columns of the file of events.
#[derive(Debug, Clone)]
pub struct CaseColumns {
    /// Code of the region, as on the map.
    pub region: String,
    /// Date, month, quarter or year.
    pub time: String,
    /// Counts; `None`: every row is one event.
    pub events: Option<String>,
}

/// What counts are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Model {
    /// Each period's events in proportion to population, scattering as the counts do.
    #[default]
    Dispersed,
    /// Each period's events in proportion to population, by chance alone.
    Poisson,
    /// Events dealt anew among all dates: only what changes is found, and no population is needed.
    Permutation,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The map, with codes; and populations unless the model is [`Model::Permutation`].
    pub map: MapSource,
    /// Who neighbours whom, for emerging spots.
    pub linking: Linking,
    /// The file of events.
    pub cases: PathBuf,
    /// Its columns.
    pub columns: CaseColumns,
    /// Length of a period; `None`: that of the file's dates, at least a month.
    pub every: Option<Every>,
    /// What counts are compared with.
    pub model: Model,
    /// Whether only groups that last to the end are looked for.
    pub prospective: bool,
    /// Longest interval, as a share of all periods.
    pub longest: f64,
    /// Draws.
    pub draws: u64,
    /// Two-sided level.
    pub alpha: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Folder for the results.
    pub out: PathBuf,
}

/// Reads both files, searches and writes the results; the previous results stay as they were when anything fails.
///
/// # Errors
/// All problems of the options, or of the files, at once; [`codes::OUTPUT`].
pub fn run(options: &Options) -> Result<Done, Problems> {
    check(options)?;
    let input = input::read(&options.map)?;
    let cases = cases::read(&input, options)?;
    let links = neighbours::build(&input, &options.linking)?;
    let found = search::search(&input, &cases, &links, options)?;
    let report =
        report::Report { input: &input, cases: &cases, links: &links, found: &found, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("clusters.csv", &report.clusters())?;
    folder.write("regions.csv", &report.regions())?;
    folder.write("summary.json", report.summary().as_bytes())?;
    folder.write("map.svg", report.scene().standalone().as_bytes())?;
    folder.write("index.html", &report.page()?)?;
    folder.publish()?;
    let notes = input.notes.iter().chain(&cases.notes).chain(&links.notes).cloned().collect();
    Ok(Done { page: options.out.join("index.html"), headline: report.headline(), notes })
}

/// Options that do not fit together.
fn check(options: &Options) -> Result<(), Problems> {
    let mut problems = options.map.check();
    problems.extend(options.linking.check());
    let mut wrong = |message: &str, help: &str| {
        problems.push(Problem::new(&codes::OPTION, message).help(help));
    };
    if options.map.columns.population.is_none() && options.model != Model::Permutation {
        wrong(
            "nothing says how many people live in a region",
            "name the map’s column of persons: `--population COL`; without one: `--model permutation`",
        );
    }
    if options.map.columns.id.is_none() {
        wrong(
            "the map’s regions have no codes",
            "name the column that events refer to: `--id COL`",
        );
    }
    if !(options.longest > 0.0 && options.longest <= 0.9) {
        wrong("`--longest` is no share of the time", "give a number up to 0.9, such as 0.5");
    }
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        wrong("`--alpha` is no level", "give a number between 0 and 1, such as 0.05");
    }
    if options.draws == 0 {
        wrong("`--draws 0` draws nothing", "leave it out, or give 999");
    }
    problems.into_result()
}
