//! What a scan is asked for: how many draws, which clusters to report.
//!
//! The search always covers all zones it is given (usually up to half of the population), in the data and in the draws
//! alike; a report narrower than the search changes which clusters are listed and no p.

/// The options of a scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Draws from the null, R.
    pub n_draws: u64,
    /// Stop after so many draws have reached the observed ratio (Besag and Clifford); `None` makes all R.
    pub stop_after: Option<u64>,
    /// Zones with fewer cases are no candidates, in the data and in the draws.
    pub fewest_cases: u64,
    /// Which clusters are listed.
    pub report: Report,
    /// Clusters listed at most.
    pub most_clusters: usize,
}

/// How large a listed cluster may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Report {
    /// At most this share of the population.
    Share(f64),
    /// For maps: the share whose clusters with p ≤ `alpha` tell cases from expectation best: [`super::gini`]. Scans that offer no choice
    /// take a quarter.
    Gini {
        /// Only clusters at most this large in p count.
        alpha: f64,
    },
}

/// The cap where none is chosen.
const USUAL_SHARE: f64 = 0.25;

impl Report {
    /// The cap, a quarter where it would have to be chosen.
    pub(super) fn share(self) -> f64 {
        match self {
            Self::Share(share) => share,
            Self::Gini { .. } => USUAL_SHARE,
        }
    }
}

impl Plan {
    /// The usual options: at least two cases, clusters up to a quarter of the population, ten of them at most.
    pub fn new(n_draws: u64) -> Self {
        Self {
            n_draws,
            stop_after: None,
            fewest_cases: 2,
            report: Report::Share(USUAL_SHARE),
            most_clusters: 10,
        }
    }
}
