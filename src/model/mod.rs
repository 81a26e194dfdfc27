//! The vocabulary every stage shares: what a region, a period, a count, an estimate, a finding *is*.
//!
//! No input or output and no algorithm lives here. A word means one thing in the whole program:
//!
//! | word | meaning |
//! |---|---|
//! | region | one area of the tree at one level, in one vintage ([`RegionTree`]) |
//! | period | a closed span of days; base periods tile the assessment, windows pool several ([`Calendar`]) |
//! | slice | one ideology × breakdown of a panel; slot 0 of both is the total ([`Panel`]) |
//! | cell | one region × period of a slice: a value, or the reason there is none ([`Cell`]) |
//! | measure | one number an indicator defines, with its unit ([`Measure`]) |
//! | estimate | a measure's value with its uncertainty, reliability and status ([`Estimate`]) |
//! | surface | one measure × ideology × period at one level, as tested for hotbeds ([`Surface`]) |
//! | finding | what the tests say of one region on one surface ([`RegionFinding`]) |
//! | sample | what the respondents of a survey answered, as they were drawn ([`Sample`]) |
//! | concentration | on how few regions the events of a surface lie ([`Concentration`]) |
//! | watch | the last period of a series against what came before: an alarm, none, or why it was not watched ([`Watch`]) |
//! | capacity | whether a region can supply an indicator, and why not ([`Capacity`]) |
//! | draft | everything an assessment computed, before protection ([`Draft`]) |

mod alarm;
mod capacity;
mod composite;
mod concentration;
mod counts;
mod draft;
mod estimate;
mod finding;
mod grade;
mod ids;
mod indicator;
mod neighbourhood;
mod panel;
mod period;
mod planted;
mod records;
mod region;
mod reject;
mod robustness;
mod source;
mod survey;
mod trend;
mod weights;

pub use alarm::{AlarmMethod, Watch, Watched};
pub use capacity::{Capacity, CapacityState};
pub use composite::{Aggregation, Composite, CompositePlace, CompositeRule, Normalisation};
pub use concentration::{Concentrated, Concentration, ConcentrationIndex, Proportional};
pub use counts::{Cell, Counts, Sizes};
pub use draft::{Draft, Frame, MethodBreak, Party};
pub use estimate::{CountLimits, Estimate, Reliability, Status};
pub use finding::{
    Change, Dispersion, Evidence, Funnel, GlobalTest, OwnRate, Quadrant, RegionFinding, Surface,
    SurfaceFindings, Surroundings, TestStatus, VarianceLaw,
};
pub use grade::Grade;
pub use ids::{IdeologyId, IndicatorId, MeasureId, RegionId, SourceId};
pub use indicator::{
    Aggregate, Cluster, Direction, Indicator, Measure, MeasureKind, Protection, Relation, Term,
};
pub use neighbourhood::Neighbourhood;
pub use panel::{MeasureKey, MeasurePanel, Panel, SliceKey};
pub use period::{Calendar, Date, Every, Period, Window};
pub use planted::Planted;
pub use records::{Dictionary, Located, Records};
pub use region::{Boundaries, Region, RegionTree};
pub use reject::Reject;
pub use robustness::{Group, Outcome, Robustness};
pub use source::{Check, Covers, PlausibilityRow, SourceReport};
pub use survey::{LonelyPsu, Respondents, Sample, SurveyShare, Verdict};
pub use trend::Trend;
pub use weights::{Weights, WeightsReport};
