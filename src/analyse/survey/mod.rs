//! Surveys: one file of respondents becomes estimates for the population, with what the design leaves unsure.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `asked` | words of a command line | quantities, design, replicates, known totals |
//! | `input` | a file and the names of its columns | answers, domains and design columns, every problem at once |
//! | `margins` | a file of known totals | benchmarks |
//! | `drawn` | design columns | a checked design with its replicates, or calibrated |
//! | `numbers` | answers and a design | one row a quantity and domain, suppressed shares without a number |
//! | `sentences`, `page` | rows | what was found in words, `index.html` |
//! | `how` | design and options | how it was done, in words |
//! | `table` | rows | `estimates.csv`, `summary.json` |
//!
//! Parts of the population are masked, never cut out: the whole sample stays behind every estimate. No column that is not
//! named is read.

mod asked;
mod drawn;
mod how;
mod input;
mod margins;
mod numbers;
mod page;
mod sentences;
mod table;

use std::path::PathBuf;

use super::Done;
use crate::{
    diagnostics::{Problem, Problems, codes},
    storage::OutputFolder,
};

pub use crate::model::LonelyPsu;
pub use asked::{
    Calibrate, Drawing, Kind, Margins, Published, Quantity, Replication, ShareInterval,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file, one row a respondent.
    pub file: PathBuf,
    /// What is estimated.
    pub quantities: Vec<Quantity>,
    /// Column whose values are parts of the population.
    pub by: Option<String>,
    /// How respondents were drawn.
    pub drawing: Drawing,
    /// Standard errors from replicates.
    pub replication: Option<Replication>,
    /// Known totals.
    pub margins: Option<Margins>,
    /// Which limits shares have.
    pub interval: ShareInterval,
    /// Texts that mean a missing answer, beside the empty one.
    pub missing: Vec<String>,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Folder for the results.
    pub out: PathBuf,
}

/// Reads the file, estimates and writes the three results; the previous results stay as they were when anything fails.
///
/// # Errors
/// All problems of the options, or of the file: [`codes::OPTION`], [`codes::MISSING_COLUMN`], [`codes::BAD_CELL`],
/// [`codes::SURVEY_DESIGN`] when the design or the known totals do not fit together, [`codes::OUTPUT`].
pub fn run(options: &Options) -> Result<Done, Problems> {
    check(options)?;
    let input = input::read(options)?;
    let drawn = drawn::draw(&input, options)?;
    let rows = numbers::estimate(&input, &drawn, options);
    let findings = sentences::Findings { input: &input, drawn: &drawn, rows: &rows, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("estimates.csv", &table::csv(&findings))?;
    folder.write("summary.json", table::json(&findings).as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes: findings.notes() })
}

/// Options that do not fit together.
fn check(options: &Options) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut wrong = |message: &str, help: &str| {
        problems.push(Problem::new(&codes::OPTION, message).help(help));
    };
    if options.quantities.is_empty() {
        wrong(
            "does not say what is estimated",
            "name at least one: `--share COL=ANSWER`, `--mean COL`, `--total COL`, `--ratio COL/COL`, `--quantile COL:0.5`",
        );
    }
    let names: Vec<String> = options.quantities.iter().map(Quantity::name).collect();
    if names.iter().enumerate().any(|(at, name)| names[..at].contains(name)) {
        wrong("asks for the same quantity twice", "name each once");
    }
    let drawing = &options.drawing;
    let needs_weights = |quantity: &Quantity| matches!(quantity, Quantity::Total(_));
    if drawing.weight.is_none()
        && options.margins.is_none()
        && options.quantities.iter().any(needs_weights)
    {
        wrong(
            "a total of the population needs to know how many persons a respondent stands for",
            "name the column of weights: `--weight COL`",
        );
    }
    let n_stages = drawing.n_stages();
    if n_stages > 1 && drawing.psus.len() + 1 < n_stages {
        wrong(
            "a stage above the last one has no sampling units",
            "name the units of every stage, the first stage first: `--psu district,school`; only the last may be left out",
        );
    }
    match &options.replication {
        Some(Replication::Made(Kind::Bootstrap(None))) => {
            wrong(
                "does not say how many replicates are drawn",
                "say it: `--replicates bootstrap:500`",
            );
        }
        Some(Replication::Published(published)) => {
            if n_stages > 0 {
                wrong(
                    "replicate weights and a design were both given",
                    "replicate weights say how the sample was drawn: leave `--stratum`, `--psu` and `--fpc` out",
                );
            }
            if published.kind == Kind::Jkn && published.scales.is_empty() {
                wrong(
                    "supplied JKn replicates have a factor each",
                    "give them in the order of the replicates: `--replicate-scales 0.5,0.667,…`",
                );
            }
            let valid = |scale: &f64| scale.is_finite() && *scale >= 0.0;
            if !published.scale.iter().chain(&published.scales).all(valid) {
                wrong(
                    "a factor of replicates is below 0 or no number",
                    "take it from the documentation",
                );
            }
        }
        _ => {}
    }
    problems.into_result()
}
