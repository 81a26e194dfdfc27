//! Indicators: what is measured, as defined by one TOML file each.

use std::collections::BTreeMap;

use super::{IndicatorId, MeasureId};

/// The three clusters of the instrument, kept visually and numerically apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Cluster {
    /// Extremist crime.
    Crime,
    /// Events and activity.
    Events,
    /// Support and attitudes.
    Support,
}

/// Which way is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is worse.
    HigherIsWorse,
    /// More is better.
    HigherIsBetter,
    /// Neither.
    Neutral,
}

/// Whether the counts behind a measure need protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Small counts are hidden outside the restricted edition.
    #[default]
    Protected,
    /// Officially published counts: votes, population, police totals.
    Open,
}

/// How a share's numerator lies to its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Every numerator unit is also in the denominator: Wilson.
    Nested,
    /// No unit is in both.
    Disjoint,
    /// Some are, and it is not known which (input over output statistics).
    Overlapping,
}

/// What kind of number a measure is; decides its estimator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// A count; Garwood limits.
    Count,
    /// A count over person-years; Garwood limits and smoothing.
    Rate,
    /// A count over another count.
    Share,
    /// Shares of declared parts that sum to 1; Goodman limits.
    Composition,
    /// A share of a complete count (votes): no sampling interval.
    CompleteShare,
    /// Sum of attendances, bootstrap interval over events.
    AttendanceTotal,
    /// Median attendance per event.
    AttendanceMedian,
    /// The largest event's share of all attendances.
    AttendanceTopShare,
    /// Share of events without a size.
    AttendanceMissing,
    /// Persons, estimated and rounded by the source: half the rounding unit either way.
    Persons,
    /// Persons over population.
    PersonsRate,
    /// Weighted share of respondents; needs a survey source.
    SurveyShare,
}

/// What a term adds up.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Records.
    Rows,
    /// A whole-number column of the canonical table.
    Sum(String),
    /// Attendance sizes of the records.
    Sizes,
}

/// One side of a measure: which records of which canonical table are added up.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Term {
    /// Canonical table, such as `events`.
    pub table: String,
    /// Limits the term to one declared source; `None` takes every source of the table.
    pub source: Option<super::SourceId>,
    /// What is added up.
    pub aggregate: Aggregate,
    /// Condition in the small SQL subset; `None` takes all rows.
    pub condition: Option<String>,
}

/// One number of an indicator.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Measure {
    /// Name inside the indicator.
    pub id: MeasureId,
    /// What kind of number it is.
    pub kind: MeasureKind,
    /// What is counted.
    pub numerator: Term,
    /// What it is set against.
    pub denominator: Option<Term>,
    /// Records whose outcome is unknown.
    pub unknown: Option<Term>,
    /// How numerator and denominator relate.
    pub relation: Option<Relation>,
    /// Scale of the value: 100 000 for rates, 100 for percent, 1 for counts.
    pub per: f64,
    /// Unit in words, by language (`en`).
    pub unit: BTreeMap<String, String>,
    /// Title in words, by language; the indicator's when empty.
    pub title: BTreeMap<String, String>,
    /// Column whose values are the parts, and the declared parts (empty: those found, in order).
    pub breakdown: Option<(String, Vec<String>)>,
    /// Whether regions add up to their parent.
    pub additive: bool,
    /// Whether numerator counts may be published in full.
    pub protection: Protection,
    /// Which finding families it may feed: only crime counts, notable events and violence.
    pub tested: bool,
    /// Why it is defined so, where that needs saying (an `overlapping` relation, a proxy).
    pub reason: Option<String>,
}

impl Measure {
    /// The unit in English.
    pub fn unit_en(&self) -> &str {
        self.unit.get("en").map_or("", String::as_str)
    }
}

/// An indicator: a question, its measures and what they cannot say.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Indicator {
    /// Name in the catalogue.
    pub id: IndicatorId,
    /// Whether it is one of the twelve.
    pub core: bool,
    /// Cluster it belongs to.
    pub cluster: Cluster,
    /// Title by language.
    pub title: BTreeMap<String, String>,
    /// What it says, by language.
    pub description: BTreeMap<String, String>,
    /// What it cannot say, by language.
    pub limits: BTreeMap<String, String>,
    /// Which way is bad.
    pub direction: Direction,
    /// Where the definition comes from.
    pub derived_from: String,
    /// Its numbers.
    pub measures: Vec<Measure>,
    /// File it was read from, for the reader of a page.
    pub file: String,
}

impl Indicator {
    /// The title in English.
    pub fn title_en(&self) -> &str {
        self.title.get("en").map_or(self.id.as_str(), String::as_str)
    }

    /// The limits in English.
    pub fn limits_en(&self) -> &str {
        self.limits.get("en").map_or("", String::as_str)
    }

    /// The description in English.
    pub fn description_en(&self) -> &str {
        self.description.get("en").map_or("", String::as_str)
    }
}
