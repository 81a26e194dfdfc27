//! Areas: one map with counts, tested.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `rates` | counts | rates, limits, dispersion, own-rate tests |
//! | `surroundings` | one variable and weights | Moran, Geary, local Moran and Gi\*, one draw pass |
//! | `groups` | counts and places | clusters of the scan |
//! | `beside` | counts, or one variable | smoothed risks and ranks, local Geary, concentration, quotients: when asked for |
//! | `joins` | who has a property, weights | join counts of the map and of each region: when asked for |
//! | `numbers` | all of these | one result a region, and what holds for the map |
//! | `sources` | counts of two sources | whether they agree, and what neither has: when asked for |
//! | `remarks` | results | what has to be known before believing them |
//! | `headline`, `sentences` | results | what was found, in words |
//! | `table`, `summary` | results | `regions.csv`, `summary.json` |
//! | `page` | results | `map.svg`, `index.html` |
//!
//! Every region of the file is one row of the result, in the order of the file. What cannot be said has a status and a reason.

mod beside;
mod groups;
mod headline;
mod joins;
mod numbers;
mod page;
mod rates;
mod remarks;
mod sentences;
mod sources;
mod summary;
mod surroundings;
mod table;

use std::path::PathBuf;

use super::{Done, Linking, MapSource, input, neighbours};
use crate::{
    diagnostics::{Problem, Problems, codes},
    statistics::{
        interval::{Confidence, CountLimits},
        multiple::Correction,
        spatial::Coding,
    },
    storage::OutputFolder,
};

use groups::MOST_SEARCHED;

/// A family of tests, and what stands beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Method {
    /// Each region's own rate against the rest.
    Own,
    /// Moran's I and Geary's C of the whole map.
    Global,
    /// Local Moran and Gi\*.
    Local,
    /// The scan for groups.
    Scan,
    /// Beside: relative risks smoothed towards the map and towards neighbours, with ranks.
    Smoothing,
    /// Beside: local Geary.
    Geary,
    /// Beside: Gi of every region, and Getis and Ord's G of the map.
    Gi,
    /// Beside: join counts, of regions with the property: a `--value` of 1, or any event.
    Joins,
    /// Beside: location quotients, a region's share of events over its share of population.
    Quotients,
    /// Beside: Gini and other indices of concentration.
    Concentration,
}

impl Method {
    /// Those that are used where none are named.
    pub const USUAL: [Self; 4] = [Self::Own, Self::Global, Self::Local, Self::Scan];
}

/// What the scan compares counts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ScanModel {
    /// Counts that scatter as those of the map do.
    #[default]
    Dispersed,
    /// Poisson counts, whatever the scatter.
    Poisson,
    /// Units that are cases or not: `--population` counts both, in whole numbers.
    Bernoulli,
}

/// How groups are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanOptions {
    /// What counts are compared with.
    pub model: ScanModel,
    /// Share of the population that a circle may hold: what is searched, in the data and in random maps alike.
    pub search: f64,
    /// How large a listed group may be.
    pub report: ScanReport,
    /// Whether each group is tested on the map without those before it.
    pub repeat: bool,
}

/// How large a listed group may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScanReport {
    /// At most this share of the population.
    Share(f64),
    /// The share whose groups tell events from expectation best.
    Gini,
}

impl ScanReport {
    /// From a command line: a share, or `gini`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("gini") {
            return Ok(Self::Gini);
        }
        let share =
            text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share <= MOST_SEARCHED);
        share.map(Self::Share).ok_or_else(|| {
            format!(
                "give a share of the population up to {MOST_SEARCHED}, such as `0.25`, or `gini`"
            )
        })
    }
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            model: ScanModel::default(),
            search: MOST_SEARCHED,
            report: ScanReport::Share(0.25),
            repeat: false,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The map.
    pub map: MapSource,
    /// Who neighbours whom.
    pub linking: Linking,
    /// What a link weighs in Moran's I, Geary's C and their local forms; Gi, Gi\* and join counts have their own.
    pub coding: Coding,
    /// Families of tests.
    pub methods: Vec<Method>,
    /// Draws per region; `None`: as many as the correction needs, at least 9 999.
    pub draws: Option<u64>,
    /// What is guaranteed of all regions of a test together.
    pub correction: Correction,
    /// Limits of rates where counts are Poisson; where they scatter more, the limits are exact negative binomial ones.
    pub limits: CountLimits,
    /// Limits of rates beside those of 95 %.
    pub more_limits: Vec<Confidence>,
    /// How groups are looked for.
    pub scan: ScanOptions,
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
    let input = input::read(&options.map)?;
    let analysis = numbers::analyse(&input, options)?;
    let findings = sentences::Findings { input: &input, analysis: &analysis, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("regions.csv", &table::csv(&input, &analysis, options))?;
    folder.write("summary.json", summary::json(&findings).as_bytes())?;
    folder.write("map.svg", page::scene(&findings).standalone().as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let notes = input.notes.iter().chain(&analysis.notes).cloned().collect();
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes })
}

/// Options that do not fit together.
fn check(options: &Options) -> Result<(), Problems> {
    let mut problems = options.map.check();
    problems.extend(options.linking.check());
    let mut wrong = |message: &str, help: &str| {
        problems.push(Problem::new(&codes::OPTION, message).help(help));
    };
    let columns = &options.map.columns;
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
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        wrong("`--alpha` is no level", "give a number between 0 and 1, such as 0.05");
    }
    if columns.second.is_some() && (columns.events.is_none() || columns.population.is_none()) {
        wrong(
            "a second source has no first one",
            "name the first with its population: `--events COL --population COL`",
        );
    }
    if columns.both.is_some() && columns.second.is_none() {
        wrong("events in both sources need a second source", "name its counts: `--second COL`");
    }
    if !(options.scan.search > 0.0 && options.scan.search <= MOST_SEARCHED) {
        wrong("`--scan-search` is no share that can be searched", "give a number up to 0.5");
    }
    if options.scan.repeat && options.scan.report == ScanReport::Gini {
        wrong(
            "groups tested one after the other cannot be chosen together",
            "leave out `--scan-repeat`, or name a share: `--scan-report 0.25`",
        );
    }
    if options.draws == Some(0) {
        wrong("`--draws 0` draws nothing", "leave it out: as many as are needed are made");
    }
    problems.into_result()
}
