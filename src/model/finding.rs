//! Findings: what the tests say of a region, and what could not be said.

use super::{Group, MeasureKey, Robustness, Status};

/// One measure × ideology × period at one level, tested as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Surface {
    /// The measure whose numerator and exposure are tested.
    pub measure: MeasureKey,
    /// Ideology slot (0 is the total).
    pub ideology: usize,
    /// Period index.
    pub period: usize,
    /// Level position in the tree.
    pub level: usize,
    /// Whether the assessment named it primary; all others are exploratory.
    pub primary: bool,
}

/// How the variance of counts grows with the expected count μ, where they scatter more than chance makes them.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VarianceLaw {
    /// μ + μ²/size (NB2): rates differ, in large regions as much as in small ones.
    Quadratic {
        /// Negative-binomial size, the same for all.
        size: f64,
    },
    /// φ·μ (NB1): events come several at once, and more regions or years even that out.
    Linear {
        /// φ > 1.
        phi: f64,
    },
}

impl VarianceLaw {
    /// The negative-binomial size of a count with this expectation; its variance is μ + μ²/size.
    pub fn size(self, expected: f64) -> f64 {
        match self {
            Self::Quadratic { size } => size,
            Self::Linear { phi } => expected / (phi - 1.0),
        }
    }
}

/// How much more the counts scatter than chance alone would make them.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Dispersion {
    /// The likelier law of the counts around expected; `None` when they scatter no more than Poisson.
    pub law: Option<VarianceLaw>,
    /// 10 % winsorised φ, where expected counts are at least 5.
    pub phi: Option<f64>,
    /// P-value of the score test against Poisson.
    pub p: Option<f64>,
}

/// The global answer for a surface: is there any pattern?
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct GlobalTest {
    /// Regions at the level.
    pub n_regions: usize,
    /// Regions that could be tested.
    pub n_tested: usize,
    /// Sum of the counts tested.
    pub total: u64,
    /// Sum of the exposure tested (person-years).
    pub exposure: f64,
    /// Scatter.
    pub dispersion: Dispersion,
    /// Moran's I of the empirical-Bayes-standardised rates.
    pub moran_i: Option<f64>,
    /// Its standard score under normality.
    pub moran_z: Option<f64>,
    /// Two-sided permutation p of Moran's I.
    pub p: Option<f64>,
    /// Benjamini–Hochberg q over the primary surfaces (exploratory surfaces: over themselves).
    pub q: Option<f64>,
    /// Whether single regions may be looked at.
    pub selected: bool,
    /// Level at which regions are tested within the surface, α·selected/total.
    pub alpha: f64,
    /// Draws per region at most.
    pub n_draws: u64,
    /// Draws that BH needs to keep one region, minus one: ⌈2n/α⌉ − 1.
    pub reach: u64,
    /// `permutation` or `monte carlo` (sparse maps).
    pub reference: &'static str,
    /// What was not checked, in words; printed with every evidence class.
    pub not_checked: Vec<String>,
}

/// Whether and why not a region took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStatus {
    /// Tested in both families.
    Tested,
    /// No neighbour with data: own rate only.
    NoNeighbours,
    /// No population under observation.
    ZeroPopulation,
    /// The cell holds no number, for the given reason.
    NoData(Status),
    /// Hidden by disclosure control.
    Suppressed,
}

/// Where a region lies in its funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Funnel {
    /// Above the 99.8 % limit.
    Above998,
    /// Above the 95 % limit.
    Above95,
    /// Inside.
    Inside,
    /// Below the 95 % limit.
    Below95,
    /// Below the 99.8 % limit.
    Below998,
}

/// Family 1: the region against the rest of the country.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct OwnRate {
    /// Upper-tail p (negative binomial when dispersed).
    pub p: f64,
    /// Benjamini–Hochberg q.
    pub q: f64,
    /// Upper-tail p under a pure Poisson model, for comparison only.
    pub p_poisson: f64,
    /// Lower-tail p.
    pub p_lower: f64,
    /// Benjamini–Hochberg q of the lower tail.
    pub q_lower: f64,
    /// Place in the funnel.
    pub funnel: Funnel,
    /// Posterior probability of a relative risk above 1.25.
    pub p_above: f64,
    /// Posterior probability of a relative risk above 1.
    pub p_above_one: f64,
    /// Posterior mean relative risk.
    pub relative_risk: f64,
    /// Its 95 % limits.
    pub relative_risk95: (f64, f64),
}

/// Own value high or low, neighbours' mean high or low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Quadrant {
    /// High among high.
    #[serde(rename = "HH")]
    HighHigh,
    /// Low among high.
    #[serde(rename = "LH")]
    LowHigh,
    /// Low among low.
    #[serde(rename = "LL")]
    LowLow,
    /// High among low.
    #[serde(rename = "HL")]
    HighLow,
}

/// Family 2: the region's surroundings, one draw pass for three statistics.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Surroundings {
    /// Local Moran's I of the standardised rate.
    pub local_moran: f64,
    /// Gi z (own value left out).
    pub gi: f64,
    /// Gi* z (own value included).
    pub gi_star: f64,
    /// Two-sided pseudo-p; when `dropped`, a lower bound.
    pub p: f64,
    /// Benjamini–Hochberg q; `None` when dropped.
    pub q: Option<f64>,
    /// Draws made.
    pub n_draws: u64,
    /// Whether drawing stopped because the region could no longer be rejected.
    pub dropped: bool,
    /// Whether the Monte Carlo interval of p straddles the threshold.
    pub borderline: bool,
    /// Whether BH keeps it.
    pub significant: bool,
    /// Own and neighbours' side of the mean.
    pub quadrant: Quadrant,
}

/// How sure the tests are that recorded activity here is higher than chance explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Probable, replicated on other data, and surviving every nuisance check.
    Established,
    /// P(RR > 1.25) ≥ 0.95 and one FDR test.
    Probable,
    /// P(RR > 1.25) ≥ 0.8 or one FDR test.
    Signal,
    /// Not distinguishable from the rest of the country, though a doubled rate would have shown.
    NotDistinguishable,
    /// Even a doubled rate would probably not have shown.
    CouldNotHaveBeenDistinguished,
    /// Lower than chance explains.
    Lower,
    /// Too little to test.
    InsufficientData,
    /// Nothing recorded or covered.
    NoData,
    /// Withheld by disclosure control.
    Withheld,
}

impl Evidence {
    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Established => "established",
            Self::Probable => "probable",
            Self::Signal => "signal",
            Self::NotDistinguishable => "not distinguishable",
            Self::CouldNotHaveBeenDistinguished => "could not have been distinguished",
            Self::Lower => "lower",
            Self::InsufficientData => "insufficient data",
            Self::NoData => "no data",
            Self::Withheld => "withheld",
        }
    }

    /// Whether the region stands out upwards.
    pub fn is_higher(self) -> bool {
        matches!(self, Self::Established | Self::Probable | Self::Signal)
    }
}

/// What the tests say of one region on one surface.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RegionFinding {
    /// Index in the tree.
    pub region: usize,
    /// Whether it took part.
    pub status: TestStatus,
    /// Count.
    pub observed: Option<u64>,
    /// Count expected if the region had the country's rate.
    pub expected: Option<f64>,
    /// Family 1.
    pub own: Option<OwnRate>,
    /// Family 2.
    pub surroundings: Option<Surroundings>,
    /// Power of family 1 to see a doubled rate, at the unadjusted level.
    pub power_rr2: Option<f64>,
    /// Smallest relative risk family 1 sees with 80 % power.
    pub minimum_detectable_rr: Option<f64>,
    /// P(X = 0) when nothing is recorded where something is expected: "check recording".
    pub p_zero: Option<f64>,
    /// Rank by relative risk, 1 the highest: median and 5–95 % interval of the posterior; primary surfaces only.
    pub rank: Option<(f64, f64, f64)>,
    /// Rank of the group it is a member of.
    pub group: Option<usize>,
    /// Hot or cold over time (Esri's classes), from ten disjoint periods on.
    pub persistence: Option<&'static str>,
    /// Replication and checks, where it is at least probable.
    pub robustness: Option<Robustness>,
    /// The class.
    pub evidence: Evidence,
}

impl RegionFinding {
    /// A finding that says no more than why: nothing was tested, or nothing may be shown.
    pub fn bare(region: usize, status: TestStatus, evidence: Evidence) -> Self {
        Self {
            region,
            status,
            observed: None,
            expected: None,
            own: None,
            surroundings: None,
            power_rr2: None,
            minimum_detectable_rr: None,
            p_zero: None,
            rank: None,
            group: None,
            persistence: None,
            robustness: None,
            evidence,
        }
    }
}

/// All findings of a surface; `regions` holds every region of the level once, in tree order.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SurfaceFindings {
    /// Which surface.
    pub surface: Surface,
    /// The global answer.
    pub test: GlobalTest,
    /// Groups by falling log-likelihood ratio; primary surfaces only.
    pub groups: Vec<Group>,
    /// Region by region.
    pub regions: Vec<RegionFinding>,
}

/// The change of a count between two disjoint periods.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Change {
    /// Which measure.
    pub measure: MeasureKey,
    /// Region index.
    pub region: usize,
    /// Ideology slot.
    pub ideology: usize,
    /// Earlier period index.
    pub earlier: usize,
    /// Later period index.
    pub later: usize,
    /// The two counts.
    pub counts: Option<(u64, u64)>,
    /// Rate ratio, later over earlier, and its 95 % limits (upper `None` when unbounded).
    pub ratio: Option<(f64, f64, Option<f64>)>,
    /// Difference of counts on equal exposure and its 95 % limits.
    pub difference: Option<(f64, f64, f64)>,
    /// Two-sided p of the conditional binomial test; a lower bound when counts are dispersed.
    pub p: Option<f64>,
    /// Whether a percentage may be printed: both counts at least 50.
    pub percentage: bool,
    /// Why there is no comparison.
    pub reason: Option<String>,
}
