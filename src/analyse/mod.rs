//! Analyse: one file becomes a tested result, without an assessment.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`areas`] | a map with counts | each region tested, groups of regions, smoothed rates |
//! | [`space_time`] | a map, dated events | groups of regions in an interval, emerging spots |
//! | [`standardised`] | events and persons by area and age | standardised rates and ratios |
//! | [`survey`] | a sample of respondents | shares, means, totals, ratios and quantiles of the population |
//! | [`series`] | counts or events over time | trends, breaks, alarms, control charts |
//! | [`delays`] | days of events and of reports | how complete each period is, what it is heading for |
//! | `cells` | texts of a file | numbers, and every problem at once |
//! | `dots` | estimates with limits | a picture |
//! | `input` | a map and the names of its columns | regions with counts, population, value, outline, place |
//! | `neighbours` | regions | who neighbours whom, islands named |
//! | `periods` | texts | dates, and periods without a gap |
//! | `scene` | regions, their classes, groups | a map, for a page and as a file |
//! | `sheet` | findings, tables, pictures | a page |

pub mod areas;
mod cells;
pub mod delays;
mod dots;
mod input;
mod neighbours;
mod periods;
mod scene;
pub mod series;
mod sheet;
pub mod space_time;
pub mod standardised;
pub mod survey;

use std::path::PathBuf;

pub use input::{Columns, MapSource};
pub use neighbours::{IslandPolicy, Linking, WeightsRule};
pub use periods::Every;

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
