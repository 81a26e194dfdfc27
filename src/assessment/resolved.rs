//! What an assessment file means, once every name in it has been checked.

use std::{collections::BTreeMap, path::PathBuf};

use super::{DeclaredComposite, Source};
use crate::{
    diagnostics::{Place, Text},
    model::{
        Calendar, CountLimits, IdeologyId, IndicatorId, MeasureId, MethodBreak, Party, RegionId,
        SourceId,
    },
};

/// A resolved assessment: the folder, and everything its `assessment.toml` declares.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The folder that holds `assessment.toml`.
    pub folder: PathBuf,
    /// Root of relative source paths (`--data`, default the folder).
    pub data: PathBuf,
    /// The file, for messages.
    pub text: Text,
    /// Title.
    pub title: String,
    /// Folder-safe name, from the title unless declared.
    pub slug: String,
    /// Vintage of all region codes.
    pub vintage: String,
    /// Code and name of the country, the root of the tree.
    pub country: (RegionId, String),
    /// Level names from the country down.
    pub levels: Vec<String>,
    /// Periods.
    pub calendar: Calendar,
    /// Declared ideologies and their titles.
    pub ideologies: Vec<(IdeologyId, String)>,
    /// Levels tested for hotbeds, as positions in `levels`.
    pub test_levels: Vec<usize>,
    /// Primary surfaces; existence of the indicator is checked against the catalogue later.
    pub primary: Vec<Primary>,
    /// What happens to rows equal to an earlier one in all columns.
    pub duplicates: Duplicates,
    /// Seed of all draws.
    pub seed: u64,
    /// Two-sided significance level (0.05).
    pub alpha: f64,
    /// Limits of counts that scatter no more than chance.
    pub limits: CountLimits,
    /// Upper limit of draws per region; `None`: as many as the reach needs.
    pub max_draws: Option<u64>,
    /// Where regions and outlines come from, by level.
    pub regions: Vec<LevelSource>,
    /// Who neighbours whom.
    pub weights: WeightsRule,
    /// Declared merges into the vintage.
    pub merges: Vec<Merge>,
    /// Which population is used for exposure.
    pub population: PopulationRule,
    /// Sources in declaration order.
    pub sources: Vec<Source>,
    /// Parties of the elections tables.
    pub parties: Vec<Party>,
    /// Breaks.
    pub breaks: Vec<MethodBreak>,
    /// Declared plausibility checks of population-like tables.
    pub plausibility: Vec<Plausibility>,
    /// Composites asked for; existence of their measures is checked against the catalogue later.
    pub composites: Vec<DeclaredComposite>,
    /// Protection of the editions.
    pub protection: ProtectionRule,
}

/// A primary surface as declared, `events.notable/count`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Primary {
    /// Indicator.
    pub indicator: IndicatorId,
    /// Measure.
    pub measure: MeasureId,
    /// Where it is written.
    pub place: Place,
}

/// What happens to duplicated rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Counted, and reported as found.
    Keep,
    /// Dropped after the first, and accounted for.
    Drop,
}

/// One level's boundary file (GeoJSON or Shapefile, by extension).
#[derive(Debug, Clone)]
pub struct LevelSource {
    /// Position in the levels.
    pub level: usize,
    /// Path relative to the data root.
    pub path: String,
    /// Property that holds the code.
    pub id: String,
    /// Property that holds the name.
    pub name: String,
    /// How the parent's code is found; `None`: the country.
    pub parent: Option<ParentRule>,
    /// EPSG code of the coordinates when the file does not say.
    pub epsg: Option<u16>,
    /// Where it is declared.
    pub place: Place,
}

/// How a region's parent is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentRule {
    /// Characters `from..to` of its own code.
    Slice(usize, usize),
    /// A property of the boundary file.
    Column(String),
}

/// Spatial weights as declared.
#[derive(Debug, Clone)]
pub struct WeightsRule {
    /// Who counts as a neighbour.
    pub kind: WeightsKind,
    /// GAL or GWT file relative to the data root, for [`WeightsKind::File`].
    pub file: Option<String>,
    /// What happens to islands.
    pub islands: IslandPolicy,
    /// Degrees within which boundary points count as one; 0: exactly equal points.
    pub snap_degrees: f64,
    /// Where it is declared.
    pub place: Place,
}

/// Kinds of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WeightsKind {
    /// Sharing a boundary point.
    Queen,
    /// Sharing a side.
    Rook,
    /// So many nearest, by centroid.
    Nearest(usize),
    /// Centroids at most so many kilometres apart.
    Distance(f64),
    /// As a file says ([`WeightsRule::file`]).
    File,
}

impl WeightsKind {
    /// The name used in the assessment file and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queen => "queen",
            Self::Rook => "rook",
            Self::Nearest(_) => "k nearest",
            Self::Distance(_) => "distance band",
            Self::File => "file",
        }
    }
}

/// What happens to regions without a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IslandPolicy {
    /// An error when more than one region in twenty is an island; else they are reported and left out of family 2.
    Unnamed,
    /// They are left out of family 2.
    Exclude,
    /// Each is linked with its nearest region.
    Nearest,
}

/// A declared merge: old codes become one new code, added up.
#[derive(Debug, Clone)]
pub struct Merge {
    /// Old codes.
    pub from: Vec<RegionId>,
    /// The code in the vintage.
    pub to: RegionId,
    /// Last year the old codes are used; `None`: always.
    pub until: Option<i32>,
    /// Share of the old codes' counts that belongs to the new one; below 1 the result is flagged estimated.
    pub weight: f64,
    /// Why.
    pub reason: String,
    /// Where it is declared.
    pub place: Place,
}

/// Which population is under observation.
#[derive(Debug, Clone)]
pub struct PopulationRule {
    /// The population source used for exposure.
    pub source: SourceId,
    /// Which of its dates.
    pub reference: PopulationReference,
    /// Indicators that use another source or date.
    pub by_indicator: BTreeMap<IndicatorId, (SourceId, PopulationReference)>,
}

impl PopulationRule {
    /// The source and date an indicator's exposure comes from.
    pub fn of(&self, indicator: &IndicatorId) -> (&SourceId, PopulationReference) {
        match self.by_indicator.get(indicator) {
            Some((source, reference)) => (source, *reference),
            None => (&self.source, self.reference),
        }
    }

    /// The rule in words, for the data page.
    pub fn words(&self) -> String {
        let one = |source: &SourceId, reference: PopulationReference| {
            let date = match reference {
                PopulationReference::Start => "last date before the period",
                PopulationReference::End => "last date in the period",
                PopulationReference::Mid => "mean of the last dates before and in the period",
                PopulationReference::Fixed => "one date for all periods",
            };
            format!("{source} ({date})")
        };
        let exceptions = self
            .by_indicator
            .iter()
            .map(|(id, (source, reference))| format!("; for {id}: {}", one(source, *reference)));
        std::iter::once(one(&self.source, self.reference)).chain(exceptions).collect()
    }
}

/// Which date's population a period uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PopulationReference {
    /// The last one before the period starts (31 December of the year before).
    Start,
    /// The last one on or before the period's end.
    End,
    /// The mean of start and end.
    Mid,
    /// The source's only date, for all periods.
    Fixed,
}

/// A plausibility check of a population-like source.
#[derive(Debug, Clone)]
pub struct Plausibility {
    /// Checked source.
    pub source: SourceId,
    /// Reference source.
    pub against: SourceId,
    /// Crosswalk source that carries the reference into the checked source's vintage.
    pub crosswalk: Option<SourceId>,
    /// Relative difference allowed.
    pub tolerance: f64,
    /// Relative change from year to year allowed; `None`: not checked.
    pub jump: Option<f64>,
    /// Years checked, both included.
    pub years: (i32, i32),
    /// Whether the run goes on when values are implausible.
    pub go_on: bool,
    /// Where it is declared.
    pub place: Place,
}

/// Protection of the editions outside the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProtectionRule {
    /// Counts from 1 up to this are hidden.
    pub hide_up_to: u64,
    /// Shown counts are rounded to a multiple of this.
    pub round_to: u64,
    /// Level position from which evidence classes may be shown in public.
    pub labels_from: usize,
}
