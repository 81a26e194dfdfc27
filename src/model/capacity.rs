//! Data capacity: which of the indicators a region can supply, and why not.

use super::{Date, Grade, SourceId};

/// Whether a region can supply an indicator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CapacityState {
    /// A number exists for the region itself.
    Present,
    /// A number exists only further up the tree, at the named level.
    OnlyAbove(String),
    /// None exists, because.
    Missing(String),
}

/// One region × indicator of the capacity table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Capacity {
    /// Region index.
    pub region: usize,
    /// Position of the indicator in the catalogue.
    pub indicator: usize,
    /// Present or not.
    pub state: CapacityState,
    /// Sources that feed it.
    pub sources: Vec<SourceId>,
    /// Finest level the sources have.
    pub grain: Option<String>,
    /// Last day covered.
    pub latest: Option<Date>,
    /// Months covered within the assessed span.
    pub months_covered: u32,
    /// Best grade among the sources.
    pub grade: Option<Grade>,
    /// Declared method breaks.
    pub n_breaks: usize,
    /// Days from the last one covered to the end of the assessed span.
    pub days_behind: Option<u32>,
    /// Share of its sources' rows that name no place that could be found.
    pub share_not_located: Option<f64>,
    /// Share of what is counted here that no declared ideology claims: every ideology's share could be so much higher.
    pub share_unassigned: Option<f64>,
}
