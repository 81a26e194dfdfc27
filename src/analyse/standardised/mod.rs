//! Standardised rates: one file of events and persons by area and age becomes rates that age does not blur.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `input` | a file and the names of its columns | events and persons by area and stratum, every problem at once |
//! | `standard` | bands | how many persons of a standard population each holds |
//! | `rates` | both | one row an area: crude, directly and indirectly standardised, or a status |
//! | `page` | rows | what was found in words, `index.html` |
//! | `table` | rows | `standardised.csv`, `summary.json` |

mod input;
mod page;
mod rates;
mod standard;
mod table;

use std::path::PathBuf;

use super::Done;
use crate::{diagnostics::Problems, statistics::interval::CountLimits, storage::OutputFolder};

/// A population whose make-up all rates are given.
#[derive(Debug, Clone, PartialEq)]
pub enum Standard {
    /// All areas of the file together.
    Pooled,
    /// The European Standard Population of 2013.
    Esp2013,
    /// A table of bands and persons.
    File(PathBuf),
}

/// What is asked for; names are those of columns.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file, one row an area and band.
    pub file: PathBuf,
    /// Areas.
    pub area: String,
    /// Age bands.
    pub band: String,
    /// Sex, where rows are told apart by it.
    pub sex: Option<String>,
    /// Counts.
    pub events: String,
    /// Persons, or person-years.
    pub population: String,
    /// Whose make-up all rates are given.
    pub standard: Standard,
    /// Limits of crude rates, and of the count behind Dobson's.
    pub limits: CountLimits,
    /// Texts that mean a missing cell, beside the empty one.
    pub missing: Vec<String>,
    /// Folder for the results.
    pub out: PathBuf,
}

/// Reads the file, standardises and writes the three results; the previous results stay as they were when anything fails.
///
/// # Errors
/// All problems of the file, or of the standard: `read::missing_column`, `read::bad_cell`, `render::output`.
pub fn run(options: &Options) -> Result<Done, Problems> {
    let input = input::read(options)?;
    let standard = standard::weigh(&input, options)?;
    let analysis = rates::rates(&input, &standard, options);
    let findings =
        page::Findings { input: &input, standard: &standard, analysis: &analysis, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("standardised.csv", &table::csv(&findings))?;
    folder.write("summary.json", table::json(&findings).as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes: findings.notes() })
}
