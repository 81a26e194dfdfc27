//! The draft of an assessment: everything computed, before protection decides what may be shown to whom.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Boundaries, Calendar, Capacity, Change, Composite, Concentration, Date, Estimate, IdeologyId,
    Indicator, MeasurePanel, Planted, RegionTree, SourceId, SourceReport, SurfaceFindings,
    SurveyShare, Trend, Watch, WeightsReport,
};

/// A declared break in how a source records: nothing is compared across it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MethodBreak {
    /// Source it belongs to.
    pub source: SourceId,
    /// First day of the new method.
    pub at: Date,
    /// Why.
    pub reason: String,
}

/// A party and the authority that lists it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Party {
    /// Name as in the elections table.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Ideology it is listed under.
    pub ideology: IdeologyId,
    /// Who lists it.
    pub authority: String,
}

/// What every number of an assessment refers to; public in itself.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Title of the assessment.
    pub title: String,
    /// Folder-safe name.
    pub slug: String,
    /// Regions.
    pub tree: RegionTree,
    /// Outlines.
    pub boundaries: Boundaries,
    /// Periods.
    pub calendar: Calendar,
    /// Declared ideologies with their titles; slot `i + 1` of every panel.
    pub ideologies: Vec<(IdeologyId, String)>,
    /// The catalogue, core first.
    pub indicators: Vec<Indicator>,
    /// Parties.
    pub parties: Vec<Party>,
    /// Breaks.
    pub breaks: Vec<MethodBreak>,
    /// Levels tested for hotbeds.
    pub test_levels: Vec<usize>,
    /// Seed of all draws.
    pub seed: u64,
    /// Significance level, one-sided 0.025 per tail.
    pub alpha: f64,
    /// The population source and reference date rule used for exposure, in words.
    pub population: String,
    /// Weights, by level position.
    pub weights: BTreeMap<usize, WeightsReport>,
    /// How each source's rows were accounted for.
    pub sources: Vec<SourceReport>,
    /// Warnings of the run, in words, for the data page.
    pub warnings: Vec<String>,
    /// What a synthetic country was made with; empty for a real one.
    pub planted: Vec<Planted>,
}

impl Frame {
    /// The name of an ideology slot; slot 0 names what the total covers.
    pub fn ideology_title(&self, slot: usize) -> &str {
        slot.checked_sub(1).map_or("All covered ideologies", |at| &self.ideologies[at].1)
    }

    /// The id of an ideology slot; `total` for slot 0.
    pub fn ideology_id(&self, slot: usize) -> &str {
        slot.checked_sub(1).map_or("total", |at| self.ideologies[at].0.as_str())
    }
}

/// Everything computed. Only `protect` takes it, and only by value.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Estimates, one panel per measure of the catalogue, in catalogue order; empty panel: no source feeds it. Shared, since
    /// each edition starts from the same.
    pub estimates: Arc<Vec<MeasurePanel<Estimate>>>,
    /// What every region's own respondents say.
    pub surveys: Vec<SurveyShare>,
    /// Composites the assessment asks for.
    pub composites: Vec<Composite>,
    /// Hotbed findings, primary surfaces first.
    pub findings: Vec<SurfaceFindings>,
    /// Changes between disjoint periods.
    pub changes: Vec<Change>,
    /// Trends over all base periods.
    pub trends: Vec<Trend>,
    /// How concentrated events are, by measure, ideology, period and level.
    pub concentrations: Vec<Concentration>,
    /// The last period of every series that may be watched.
    pub watches: Vec<Watch>,
    /// Capacity, region-major.
    pub capacity: Vec<Capacity>,
}
