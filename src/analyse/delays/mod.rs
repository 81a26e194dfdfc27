//! Delays: how late events become known, how complete each period is by now, and what it is heading for.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `input` | a file and the names of two columns | the reporting triangle, and what was left out |
//! | `numbers` | the triangle | completeness by delay, final counts with limits |
//! | `sentences` | results | what they say |
//! | `table`, `summary` | results | `delays.csv`, `triangle.csv`, `summary.json` |
//! | `chart`, `page` | results | `chart.svg`, `index.html` |
//!
//! Nothing but the two dates of a row is read.

mod chart;
mod input;
mod numbers;
mod page;
mod sentences;
mod summary;
mod table;

use std::path::PathBuf;

pub use super::periods::Every;
use super::{Done, periods};
use crate::{
    diagnostics::{Problem, Problems, codes},
    model::Date,
    statistics::interval::Confidence,
    storage::OutputFolder,
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// Column of days on which events happened.
    pub occurred: String,
    /// Column of days on which they became known.
    pub reported: String,
    /// Last day of which reports are in the file.
    pub until: Date,
    /// First day of events that are looked at; `None`: that of the first row.
    pub from: Option<Date>,
    /// Length of a period.
    pub every: Every,
    /// Texts that mean a missing cell, beside the empty one.
    pub missing: Vec<String>,
    /// Two-sided level of limits: 0.05, 0.1 or 0.002.
    pub alpha: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Folder for the results.
    pub out: PathBuf,
}

impl Options {
    /// The confidence that belongs to the level.
    fn confidence(&self) -> Option<Confidence> {
        let known = [(0.05, Confidence::P95), (0.1, Confidence::P90), (0.002, Confidence::P998)];
        known.into_iter().find(|(alpha, _)| (alpha - self.alpha).abs() < 1e-9).map(|(_, of)| of)
    }

    /// The confidence in per cent, in words.
    fn percent(&self) -> String {
        format!("{} %", 100.0 - 100.0 * self.alpha)
    }
}

/// Reads the file, fits the reporting delays and writes the results; the previous ones stay as they were when anything fails.
///
/// # Errors
/// All problems of the options and of the file at once; [`codes::OUTPUT`].
pub fn run(options: &Options) -> Result<Done, Problems> {
    let confidence = options.confidence().ok_or_else(|| {
        Problem::new(&codes::OPTION, "`--alpha` is no level that limits are made for")
            .help("give 0.05 (95 % limits), 0.1 (90 %) or 0.002 (99.8 %)")
    })?;
    let input = input::read(options)?;
    let analysis = numbers::analyse(&input, options.seed, confidence);
    let findings = sentences::Findings { input: &input, analysis: &analysis, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("delays.csv", &table::delays(&input, &analysis))?;
    folder.write("triangle.csv", &table::triangle(&input))?;
    folder.write("summary.json", summary::json(&findings).as_bytes())?;
    folder.write("chart.svg", format!("{}\n", chart::periods(&findings)).as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes: input.notes.clone() })
}
