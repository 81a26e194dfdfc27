//! Clusters: the best circle, then the best of those that share no region with it, and so on.

use rayon::prelude::*;

use super::{gumbel, model::Setup, replicates::rank_p, zones::Zones};
use crate::statistics::numerics::{float::real, permutation::TIE};

/// A group of regions with more cases than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The region in the middle.
    pub centre: usize,
    /// Its regions, by distance from the centre.
    pub regions: Vec<usize>,
    /// From the centre to the farthest region, in the unit of [`super::distance::Metric`].
    pub radius: f64,
    /// Share of the population of all regions that take part.
    pub population_share: f64,
    /// Cases inside.
    pub cases: u64,
    /// Expected inside, given all cases.
    pub expected: f64,
    /// Rate inside over rate outside; `None` when all cases are inside.
    pub relative_risk: Option<f64>,
    /// Log-likelihood ratio, divided by φ where the model has one.
    pub llr: f64,
    /// Rank p among the draws' maxima: this decides.
    pub p: f64,
    /// p from [`super::gumbel`], shown beside.
    pub gumbel_p: Option<f64>,
}

/// A candidate: the first regions of a centre's path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zone {
    pub(super) ratio: f64,
    pub(super) centre: usize,
    pub(super) n_regions: usize,
}

/// A search with its draws.
pub(super) struct Finished<'a> {
    pub(super) setup: &'a Setup,
    /// Before division by φ.
    pub(super) maxima: &'a [f64],
    pub(super) stop_after: Option<u64>,
}

impl Finished<'_> {
    /// Rank p of a ratio that is not yet divided by φ.
    pub(super) fn p(&self, ratio: f64) -> f64 {
        rank_p(self.maxima, ratio, tie(self.setup), self.stop_after)
    }
}

/// Ratios closer than this are equal: the same regions were summed in different orders.
fn tie(setup: &Setup) -> f64 {
    TIE * setup.likelihood.cases()
}

/// The circle with the largest ratio among those with at most a share of the population and without used regions; of
/// equal ones the smallest in radius, then the one whose centre comes first.
pub(super) fn best(
    zones: &Zones,
    setup: &Setup,
    fewest: u64,
    share: f64,
    used: &[bool],
) -> Option<Zone> {
    let tie = tie(setup);
    let around = |centre: usize| {
        let mut best: Option<Zone> = None;
        let (mut cases, mut measure, mut population) = (0, 0.0, 0.0);
        for (n_before, step) in zones.path(centre).iter().enumerate() {
            let region = step.region();
            cases += setup.cases[region];
            measure += setup.measure[region];
            population += zones.population(region);
            if used[region] || zones.share_of(population) > share * (1.0 + TIE) {
                break;
            }
            let limit = best.map_or(0.0, |zone| zone.ratio) + tie;
            if !step.ends()
                || cases < fewest
                || setup.likelihood.bound(real(cases), measure) < limit
            {
                continue;
            }
            let ratio = setup.likelihood.ratio(real(cases), measure);
            if ratio > limit {
                best = Some(Zone { ratio, centre, n_regions: n_before + 1 });
            }
        }
        best
    };
    let found: Vec<Option<Zone>> = (0..zones.n_regions()).into_par_iter().map(around).collect();
    let largest = found.iter().flatten().fold(0.0_f64, |most, zone| most.max(zone.ratio));
    found
        .into_iter()
        .flatten()
        .filter(|zone| zone.ratio >= largest - tie)
        .min_by(|a, b| radius(zones, a).total_cmp(&radius(zones, b)))
}

/// From the centre to the farthest region.
fn radius(zones: &Zones, zone: &Zone) -> f64 {
    let last = zones.path(zone.centre)[zone.n_regions - 1].region();
    zones.distance(zone.centre, last)
}

/// Clusters by falling ratio, none sharing a region with one before it.
pub(super) fn list(
    zones: &Zones,
    finished: &Finished,
    fewest: u64,
    share: f64,
    most: usize,
) -> Vec<Cluster> {
    let mut used = vec![false; zones.n_regions()];
    let mut clusters = Vec::new();
    while clusters.len() < most {
        let Some(zone) = best(zones, finished.setup, fewest, share, &used) else { break };
        let cluster = describe(zones, finished, zone);
        for &region in &cluster.regions {
            used[region] = true;
        }
        clusters.push(cluster);
    }
    clusters
}

/// Everything that is said about a circle.
fn describe(zones: &Zones, finished: &Finished, zone: Zone) -> Cluster {
    let setup = finished.setup;
    let regions: Vec<usize> =
        zones.path(zone.centre)[..zone.n_regions].iter().map(|step| step.region()).collect();
    let cases: u64 = regions.iter().map(|&at| setup.cases[at]).sum();
    let measure: f64 = regions.iter().map(|&at| setup.measure[at]).sum();
    let population: f64 = regions.iter().map(|&at| zones.population(at)).sum();
    let expected = setup.likelihood.expected(measure);
    Cluster {
        centre: zone.centre,
        radius: radius(zones, &zone),
        population_share: zones.share_of(population),
        cases,
        expected,
        relative_risk: relative_risk(real(cases), expected, setup.likelihood.cases()),
        llr: zone.ratio / setup.phi,
        p: finished.p(zone.ratio),
        gumbel_p: gumbel::upper(finished.maxima, zone.ratio),
        regions,
    }
}

/// (c/E)/((C − c)/(C − E)).
pub(super) fn relative_risk(cases: f64, expected: f64, all: f64) -> Option<f64> {
    let outside = (all - cases) / (all - expected);
    (expected > 0.0 && outside > 0.0 && outside.is_finite()).then(|| cases / expected / outside)
}
