//! Family 3: groups of neighbouring regions, by Kulldorff's circular scan with replicates from the dispersed null.

use crate::{
    model::Group,
    statistics::{
        numerics::{float::real, random::Key},
        scan::{
            circular::{self, Model},
            plan::Plan,
            zones::Zones,
        },
        weights::Metric,
    },
};

use super::{Setting, hotbed::Global, surface::Table};

/// Drawn maps.
const N_DRAWS: u64 = 999;

/// Largest share of the population under observation that a circle may hold.
const SEARCH: f64 = 0.5;

/// So many drawn maps with a group as clear are too many: a group with p > 0.1 is not listed, for it is what chance makes
/// of any map. Drawing may then end, since no further map makes it rarer.
const TOO_MANY: u64 = (N_DRAWS + 1) / 10;

/// The groups of a primary surface, by falling log-likelihood ratio.
pub(super) fn groups(table: &Table, global: &Global, setting: &Setting<'_>) -> Vec<Group> {
    if !table.surface.primary {
        return Vec::new();
    }
    let Some(level) = setting.neighbourhoods.get(&table.surface.level) else { return Vec::new() };
    let points: Vec<Option<(f64, f64)>> = level
        .points
        .iter()
        .zip(&table.keep)
        .filter(|(_, keep)| **keep)
        .map(|(at, _)| *at)
        .collect();
    let zones = Zones::circles(&points, Metric::GreatCircle, &table.exposure, SEARCH);
    let model = Model::Dispersed {
        expected: &global.expected,
        law: global.dispersion.law,
        phi: global.dispersion.phi,
    };
    let key = Key::named(setting.seed, &format!("scan/{}", table.name));
    let plan = Plan { stop_after: Some(TOO_MANY), ..Plan::new(N_DRAWS) };
    let found = circular::scan(&zones, &table.observed, &model, &plan, key);
    let clusters = found.map(|scan| scan.clusters).unwrap_or_default();
    clusters
        .into_iter()
        .filter(|cluster| cluster.p * real(N_DRAWS + 1) <= real(TOO_MANY) && cluster.llr > 0.0)
        .zip(1..)
        .map(|(cluster, rank)| Group {
            rank,
            centre: table.regions[cluster.centre],
            regions: cluster.regions.iter().map(|&at| table.regions[at]).collect(),
            cases: cluster.cases,
            expected: cluster.expected,
            relative_risk: cluster.relative_risk,
            llr: cluster.llr,
            p: cluster.p,
            gumbel_p: cluster.gumbel_p,
            radius_km: cluster.radius,
        })
        .collect()
}

/// Rank of the group a region is a member of.
pub(super) fn rank_of(groups: &[Group], region: usize) -> Option<usize> {
    groups.iter().find(|group| group.regions.contains(&region)).map(|group| group.rank)
}

/// p of the group a region is a member of.
pub(super) fn p_of(groups: &[Group], region: usize) -> Option<f64> {
    groups.iter().find(|group| group.regions.contains(&region)).map(|group| group.p)
}
