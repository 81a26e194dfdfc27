//! Concentration: on how few regions recorded events lie, beside what a spread like the population's would give.

use super::MeasureKey;

/// What is said of a spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConcentrationIndex {
    /// Regions with at least one event.
    Reached,
    /// Regions with at least [`ConcentrationIndex::SEVERAL`].
    ReachedSeveral,
    /// The fewest regions that together hold half of all events.
    HoldingHalf,
    /// Share of the [`ConcentrationIndex::FEW`] regions with most.
    TopFew,
    /// Share of the tenth of all regions with most.
    TopTenth,
    /// Gini's index.
    Gini,
    /// The Herfindahl–Hirschman index.
    Herfindahl,
    /// Theil's T.
    Theil,
}

impl ConcentrationIndex {
    /// How many there are.
    pub const N: usize = 8;

    /// Each, in the order shown.
    pub const ALL: [Self; Self::N] = [
        Self::Reached,
        Self::ReachedSeveral,
        Self::HoldingHalf,
        Self::TopFew,
        Self::TopTenth,
        Self::Gini,
        Self::Herfindahl,
        Self::Theil,
    ];

    /// Events from which a region has more than single cases.
    pub const SEVERAL: u64 = 10;

    /// Regions that count as few.
    pub const FEW: usize = 4;

    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "regions_with_1",
            Self::ReachedSeveral => "regions_with_10",
            Self::HoldingHalf => "regions_holding_half",
            Self::TopFew => "share_of_top_4",
            Self::TopTenth => "share_of_top_tenth",
            Self::Gini => "gini",
            Self::Herfindahl => "herfindahl_hirschman",
            Self::Theil => "theil_t",
        }
    }
}

/// What the same number of events would give if they fell in proportion to person-years.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Proportional {
    /// Mean over the draws.
    pub expected: f64,
    /// 95 % limits of the draws.
    pub limits: (f64, f64),
    /// Two-sided Monte Carlo p of what was recorded.
    pub p: f64,
}

/// An index as recorded and by chance.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Concentrated {
    /// Which.
    pub index: ConcentrationIndex,
    /// Of the recorded events.
    pub recorded: f64,
    /// Of as many events spread like the population; `None` where [`Concentration::reason`] says why.
    pub proportional: Option<Proportional>,
}

/// How concentrated the events of a measure are over the regions of a level.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Concentration {
    /// Which measure.
    pub measure: MeasureKey,
    /// Ideology slot.
    pub ideology: usize,
    /// Period index.
    pub period: usize,
    /// Level position.
    pub level: usize,
    /// Regions that are covered.
    pub n_regions: Option<usize>,
    /// Events in them.
    pub total: Option<u64>,
    /// Each index, in the order of [`ConcentrationIndex::ALL`]; empty where there is none.
    pub indices: Vec<Concentrated>,
    /// Why there is no index, or no comparison with the population.
    pub reason: Option<String>,
}

impl Concentration {
    /// One of the indices.
    pub fn get(&self, index: ConcentrationIndex) -> Option<&Concentrated> {
        self.indices.iter().find(|found| found.index == index)
    }

    /// Whether it holds any figure.
    pub fn has_figures(&self) -> bool {
        self.n_regions.is_some() || self.total.is_some() || !self.indices.is_empty()
    }

    /// The same without any figure, because.
    #[must_use]
    pub fn withheld(&self, reason: &str) -> Self {
        Self {
            n_regions: None,
            total: None,
            indices: Vec::new(),
            reason: Some(reason.to_owned()),
            ..self.clone()
        }
    }
}
