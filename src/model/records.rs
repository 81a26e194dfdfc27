//! Records on their way from a file to a count: canonical after `read`, placed after `locate`.

use std::collections::BTreeMap;

use polars::prelude::LazyFrame;

use super::{Check, Date, Reject};

/// A source's rows in canonical form, as `read` gives them.
#[derive(Clone)]
pub struct Records {
    /// Position of the source in the assessment.
    pub source: usize,
    /// The rows: `file` and `line` (u32), `duplicate` (bool), `reason` (u32 or null), each key column as a u32 code or null,
    /// each counted column as i64 or null, each measured column as f64 or null.
    pub frame: LazyFrame,
    /// What the codes of a key column mean.
    pub dictionaries: BTreeMap<String, Dictionary>,
    /// What the codes of `date` mean.
    pub dates: Vec<Date>,
    /// Files with their sha256.
    pub files: Vec<(String, String)>,
    /// Encoding and the like, in words.
    pub format: String,
    /// Rows set aside by the declared filter.
    pub filtered: u64,
    /// For each reason met, up to five of the offending values with their column.
    pub offending: BTreeMap<(Reject, String), Vec<String>>,
    /// Outcome of the declared checks of its own columns.
    pub checks: Vec<Check>,
}

/// The same rows placed in the region tree and the calendar, as `locate` gives them.
#[derive(Clone)]
pub struct Located {
    /// Position of the source in the assessment.
    pub source: usize,
    /// The rows of [`Records::frame`], where `region` is now an index into the tree and `period` (u32) is added: the base
    /// period, or the code of the date for tables that are keyed by date. `weight` (f64) is below 1 where a declared merge
    /// moved only a part.
    pub frame: LazyFrame,
    /// What the codes of the other key columns mean.
    pub dictionaries: BTreeMap<String, Dictionary>,
    /// What the codes of `date` mean.
    pub dates: Vec<Date>,
    /// Files with their sha256.
    pub files: Vec<(String, String)>,
    /// Encoding and the like, in words.
    pub format: String,
    /// Rows set aside by the declared filter.
    pub filtered: u64,
    /// For each reason met, up to five of the offending values with their column.
    pub offending: BTreeMap<(Reject, String), Vec<String>>,
    /// Levels its rows name, by position in the tree.
    pub levels: Vec<usize>,
    /// Rows a declared merge moved.
    pub n_merged: u64,
    /// Rows that name several kinds.
    pub n_multi_kind: u64,
    /// Outcome of the declared checks.
    pub checks: Vec<Check>,
}

/// What the codes of a key column mean: code `i` stands for the texts `values[i]`, several when one cell names several kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    /// Sorted, without repeats.
    pub values: Vec<Vec<String>>,
}

impl Dictionary {
    /// The texts of a code.
    pub fn texts(&self, code: u32) -> &[String] {
        &self.values[code as usize]
    }

    /// The single text of a code.
    pub fn text(&self, code: u32) -> &str {
        self.values[code as usize].first().map_or("", String::as_str)
    }
}
