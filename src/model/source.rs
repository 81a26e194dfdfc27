//! Sources: what they cover and how their rows were accounted for.

use std::collections::BTreeMap;

use super::{Date, Grade, IdeologyId, SourceId};

/// What a source covers; everything else is `not_covered`, never zero.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Covers {
    /// Spans of days, both ends included; `None`: exactly the days its rows name.
    pub dates: Option<Vec<(Date, Date)>>,
    /// Ideologies; `None`: those its rows or constants name.
    pub ideologies: Option<Vec<IdeologyId>>,
    /// Region codes (any level); `None`: all.
    pub regions: Option<Vec<String>>,
    /// Kinds; `None`: those its recode names.
    pub kinds: Option<Vec<String>>,
}

/// How a source's rows were accounted for: `read = used + rejected + duplicates`.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceReport {
    /// Which source.
    pub id: SourceId,
    /// Canonical table.
    pub table: String,
    /// Files, as declared, with their sha256.
    pub files: Vec<(String, String)>,
    /// Encoding and delimiter as declared or detected, or the format's name.
    pub format: String,
    /// Rows set aside by the declared filter, before reading.
    pub filtered: u64,
    /// Rows that entered.
    pub read: u64,
    /// Rows counted.
    pub used: u64,
    /// Rows rejected, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Rows equal to an earlier one in all columns.
    pub duplicates_found: u64,
    /// Of these, rows dropped (0 when kept).
    pub duplicates: u64,
    /// Rows that name several kinds, counted once in totals.
    pub n_multi_kind: u64,
    /// Rows moved by a declared merge of regions.
    pub n_merged: u64,
    /// Declared grade.
    pub grade: Option<Grade>,
    /// What it covers, in words.
    pub covers: String,
    /// Finest level its rows name.
    pub grain: Option<String>,
    /// Last day covered.
    pub latest: Option<Date>,
    /// Checks against other columns or sources, with their outcome.
    pub checks: Vec<Check>,
}

impl SourceReport {
    /// `read = used + rejected + duplicates`, with its numbers.
    pub fn reconciliation(&self) -> String {
        let rejected: u64 = self.rejected.values().sum();
        format!(
            "read {} = used {} + rejected {rejected} + duplicates {}",
            self.read, self.used, self.duplicates
        )
    }
}

/// A declared check and what it found.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Check {
    /// What was compared, in words.
    pub what: String,
    /// Rows or regions compared.
    pub n_compared: u64,
    /// Those that disagree.
    pub n_conflicts: u64,
    /// The disagreements, a line each (region level or row numbers; never a record's content).
    pub lines: Vec<String>,
}

/// One region-year that fails a plausibility check.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlausibilityRow {
    /// Region code in the checked source's vintage.
    pub region: String,
    /// Name, when the source gives one.
    pub name: String,
    /// Year.
    pub year: i32,
    /// Value in the checked source.
    pub value: f64,
    /// Value expected from the reference (or the year before, for a jump).
    pub expected: f64,
    /// `reference` or `jump`.
    pub rule: &'static str,
}
