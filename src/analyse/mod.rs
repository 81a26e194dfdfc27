//! Analyse: one file becomes a tested result, without an assessment.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`areas`] | a map with counts | each region tested, groups of regions, smoothed rates |
//! | [`series`] | counts or events over time | trends, breaks, alarms, control charts |
//! | [`delays`] | days of events and of reports | how complete each period is, what it is heading for |
//! | `periods` | texts of times | days, and periods without a gap |
//! | `cells` | texts of a file | numbers, and every problem at once |
//! | `sheet` | findings, tables, pictures | a page |

pub mod areas;
mod cells;
pub mod delays;
mod periods;
pub mod series;
mod sheet;

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
