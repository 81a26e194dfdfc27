//! Analyse: one file becomes a tested result, without an assessment.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`areas`] | a map with counts | each region tested, groups of regions, smoothed rates |
//! | [`survey`] | a sample of respondents | shares, means, totals, ratios and quantiles of the population |
//! | [`standardised`] | events and persons by area and age | standardised rates and ratios |
//! | `cells` | texts of a file | numbers, and every problem at once |
//! | `dots` | estimates with limits | a picture |
//! | `sheet` | findings, tables, pictures | a page |

pub mod areas;
mod cells;
mod dots;
mod sheet;
pub mod standardised;
pub mod survey;

use std::path::PathBuf;

/// What a run comes to.
#[derive(Debug, Clone)]
pub struct Done {
    /// The page to open.
    pub page: PathBuf,
    /// The finding in one sentence.
    pub headline: String,
    /// What was assumed or mended, in words.
    pub notes: Vec<String>,
}
