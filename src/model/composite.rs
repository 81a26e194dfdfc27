//! Composites: a declared combination of measures, and how much it hangs on how it was made.

use super::MeasureKey;

/// How a component is put on the common scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// Between the lowest and the highest region.
    MinMax,
    /// By standard deviations from the mean.
    ZScore,
    /// By place.
    Rank,
}

impl Normalisation {
    /// Every normalisation with its name in the assessment file.
    pub const ALL: [(&'static str, Self); 3] =
        [("min_max", Self::MinMax), ("z_score", Self::ZScore), ("rank", Self::Rank)];
}

/// How components are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// Weighted arithmetic mean.
    Linear,
    /// Weighted geometric mean.
    Geometric,
}

impl Aggregation {
    /// Every aggregation with its name in the assessment file.
    pub const ALL: [(&'static str, Self); 2] =
        [("linear", Self::Linear), ("geometric", Self::Geometric)];
}

/// A composite as declared, its measures found in the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeRule {
    /// What it is called.
    pub title: String,
    /// Position of the level.
    pub level: usize,
    /// Measures with their weights, relative to each other.
    pub components: Vec<(MeasureKey, f64)>,
    /// The scale.
    pub normalisation: Normalisation,
    /// The mean.
    pub aggregation: Aggregation,
}

/// A composite over the regions of a level, always with its sensitivity.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// As declared.
    pub rule: CompositeRule,
    /// Period index.
    pub period: usize,
    /// The regions that have all components, in index order.
    pub places: Vec<CompositePlace>,
    /// By how many ranks regions move on average when choices vary: mean over runs, 95 % limits.
    pub average_shift: Option<(f64, f64, f64)>,
    /// By how many without each component, all else as declared.
    pub without: Vec<Option<f64>>,
    /// What the variance of ranks comes from: the choice, its share alone, its share with all it interacts with.
    pub shares: Vec<(&'static str, f64, f64)>,
    /// Why there is none, or why its figures are withheld.
    pub reason: Option<String>,
}

/// Where a region stands in a composite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositePlace {
    /// Region index.
    pub region: usize,
    /// Score on the common scale.
    pub score: f64,
    /// Rank under the declared choices, 1 the highest.
    pub rank: f64,
    /// 5–95 % of its ranks when weights, scale, mean, components and the counts' own chance vary.
    pub limits: (f64, f64),
}
