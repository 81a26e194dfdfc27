//! Clusters one after the other, each tested on the map without those before it.
//!
//! # Question
//! A strong cluster hides weaker ones: it is in the total that their expectation comes from. What is significant
//! besides it?
//!
//! # Definition
//! Scan; when the best cluster has p ≤ α, take its regions out (population, cases and expectation), scan what is left
//! against new draws, and so on. The p of each is that of a first cluster.
//!
//! # Inputs
//! As [`super::circular`], and `alpha`, the level at which the search goes on.
//!
//! # Output
//! Clusters in the order found: all but the last have p ≤ α. The last one, when it does not, shows where the
//! search ended; otherwise it ended because nothing was left above expectation, or with `most_clusters`. Regions count as in the whole map; expected cases, relative risk and population shares are those
//! of the map a cluster was found on.
//!
//! # Undefined
//! `None` as in [`super::circular`]; later rounds then end the search.
//!
//! # Assumptions, and when not to use it
//! Taken together the level is that of every step, not of the whole list. Regions that only border a cluster may be
//! found around the hole it leaves.
//!
//! # Cost and determinism
//! A scan and a list of circles per cluster. Every round has draws of its own, keyed by its number: the same bytes at any
//! thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, scan::{circular::Model, iterative, plan::Plan, zones::Zones}, weights::Metric};
//! // A road of 24 towns with a strong and a weaker cluster.
//! let places: Vec<_> = (0..24).map(|at| Some((f64::from(at), 0.0))).collect();
//! let zones = Zones::circles(&places, Metric::Plane, &[1.0; 24], 0.5);
//! let mut cases = [4; 24];
//! cases[3..6].fill(40);
//! cases[15..18].fill(14);
//! let model = Model::Poisson { expected: &[1.0; 24] };
//! let found = iterative::scan(&zones, &cases, &model, &Plan::new(199), 0.05, Key::new(1, 1)).unwrap();
//! assert_eq!((&found[0].regions[1..], &found[1].regions[1..]), (&[3, 5][..], &[15, 17][..]));
//! assert!(found.len() == 2 && found[1].p <= 0.05);
//! ```
//!
//! # Source
//! Zhang Z, Assunção R, Kulldorff M (2010), J Probab Stat 2010:642379, doi:10.1155/2010/642379.

use super::{
    circular::{self, Model},
    clusters::Cluster,
    plan::{Plan, Report},
    zones::Zones,
};
use crate::statistics::numerics::random::Key;

/// Scans a map, takes the best cluster out while it is significant, and scans again.
pub fn scan(
    zones: &Zones,
    cases: &[u64],
    model: &Model,
    plan: &Plan,
    alpha: f64,
    key: Key,
) -> Option<Vec<Cluster>> {
    // One cluster a round; choosing a cap from a whole list makes no sense here.
    let report = Report::Share(plan.report.share());
    let single = Plan { most_clusters: 1, report, ..*plan };
    let mut found: Vec<Cluster> = Vec::new();
    let mut left = zones.clone();
    for round in 0..plan.most_clusters as u64 {
        let scan = circular::scan(&left, cases, model, &single, key.round(round));
        if round == 0 && scan.is_none() {
            return None;
        }
        let Some(cluster) = scan.and_then(|scan| scan.clusters.into_iter().next()) else { break };
        let goes_on = cluster.p <= alpha;
        left = left.without(&cluster.regions);
        found.push(cluster);
        if !goes_on {
            break;
        }
    }
    Some(found)
}
