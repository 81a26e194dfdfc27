//! How large listed clusters should be: the cap whose clusters tell cases from expectation best.
//!
//! # Question
//! One large cluster, or several small ones inside it?
//!
//! # Definition
//! For every cap of [`CAPS`] up to the search's, the clusters with p ≤ α are listed. They and the rest of the map, in
//! the order of cases/expected, make a Lorenz curve of cases over expected cases; Gini = 1 − 2·area under it. The cap
//! with the largest coefficient is chosen, of equal ones the largest: neighbours with the same rate stay one cluster.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `groups` | `&[(f64, f64)]` | one per cluster | cases, expected cases | disjoint |
//! | `total` | `f64` | – | cases | all cases, and all expected ones |
//!
//! # Output
//! The coefficient, in [0, 1); a scan chooses with it when its plan says [`super::plan::Report::Gini`].
//!
//! # Undefined
//! 0 without groups. When no cap has a significant cluster, a quarter of the population is the cap, as usual.
//!
//! # Assumptions, and when not to use it
//! Every cap's clusters are compared with the draws' maxima over all circles, so choosing a cap costs no level. For
//! dispersed counts it uses the p of the dispersed null.
//!
//! # Cost and determinism
//! A pass over the circles for each cap and cluster; no randomness beyond the scan's.
//!
//! # Example
//! ```
//! use saet::statistics::scan::gini;
//! // One group with 40 of 100 cases where 25 are expected: 0.40 − 0.25.
//! assert!((gini::coefficient(&[(40.0, 25.0)], 100.0) - 0.15).abs() < 1e-12);
//! ```
//!
//! # Source
//! Han J, Zhu L, Kulldorff M et al. (2016), Int J Health Geogr 15:27, doi:10.1186/s12942-016-0056-6.

use super::{
    clusters::{Cluster, Drawn, list},
    model::Setup,
    plan::Plan,
    zones::Zones,
};
use crate::statistics::numerics::float::real;

/// The caps that are compared, as shares of the population.
pub const CAPS: [f64; 15] =
    [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

/// Gini's coefficient of cases over expected cases, between disjoint groups and the rest.
pub fn coefficient(groups: &[(f64, f64)], total: f64) -> f64 {
    let inside = groups.iter().fold((0.0, 0.0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
    let mut all = groups.to_vec();
    all.push(((total - inside.0).max(0.0), (total - inside.1).max(0.0)));
    // By cases/expected, without dividing by 0.
    all.sort_by(|a, b| (a.0 * b.1).total_cmp(&(b.0 * a.1)));
    let mut area = 0.0;
    let mut below = 0.0;
    for (cases, expected) in all {
        area += expected * (below + 0.5 * cases);
        below += cases;
    }
    (1.0 - 2.0 * area / (total * total)).max(0.0)
}

/// The best cap and its clusters, all with p ≤ `alpha`; without any, the usual cap's clusters.
pub(super) fn choose(
    zones: &Zones,
    setup: &Setup,
    drawn: &Drawn,
    plan: &Plan,
    alpha: f64,
) -> (f64, Vec<Cluster>) {
    let total = setup.likelihood.cases();
    let mut chosen: Option<(f64, f64, Vec<Cluster>)> = None;
    for cap in CAPS {
        let mut clusters = list(zones, setup, drawn, plan, cap);
        clusters.retain(|cluster| cluster.p <= alpha);
        let groups: Vec<(f64, f64)> =
            clusters.iter().map(|cluster| (real(cluster.cases), cluster.expected)).collect();
        let found = coefficient(&groups, total);
        if !clusters.is_empty() && chosen.as_ref().is_none_or(|best| found >= best.0 - 1e-12) {
            chosen = Some((found, cap, clusters));
        }
    }
    if let Some((_, cap, clusters)) = chosen {
        return (cap, clusters);
    }
    let usual = plan.report.share();
    (usual, list(zones, setup, drawn, plan, usual))
}

#[test]
fn two_sharp_groups_beat_the_blunt_one_around_them() {
    let blunt = coefficient(&[(50.0, 40.0)], 100.0);
    let sharp = coefficient(&[(22.0, 10.0), (24.0, 10.0)], 100.0);
    assert!((blunt - 0.1).abs() < 1e-12);
    // By hand: rates 54/80, 22/10, 24/10; area = .8·.27 + .1·(.54 + .11) + .1·(.76 + .12).
    assert!((sharp - (1.0 - 2.0 * (0.8 * 0.27 + 0.1 * 0.65 + 0.1 * 0.88))).abs() < 1e-12);
    assert!(sharp > blunt);
    assert!(coefficient(&[], 100.0).abs() < 1e-15);
}
