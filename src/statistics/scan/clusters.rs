//! Clusters: the best circle, then the best of those that share no region with it, and so on.

use rayon::prelude::*;

use super::{
    gumbel, likelihood::Likelihood, model::Setup, plan::Plan, replicates::rank_p, zones::Zones,
};
use crate::statistics::numerics::{float::real, permutation::TIE};

/// A group of regions with more cases than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The region in the middle.
    pub centre: usize,
    /// Its regions, by distance from the centre.
    pub regions: Vec<usize>,
    /// From the centre to the farthest region, in the unit of the [`Metric`](crate::statistics::weights::Metric).
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

/// The draws of a search, for comparison.
pub(super) struct Drawn<'a> {
    pub(super) likelihood: Likelihood,
    pub(super) phi: f64,
    /// Before division by φ.
    pub(super) maxima: &'a [f64],
    pub(super) stop_after: Option<u64>,
}

impl Drawn<'_> {
    /// Rank p of a ratio that is not yet divided by φ.
    pub(super) fn p(&self, ratio: f64) -> f64 {
        rank_p(self.maxima, ratio, tie(&self.likelihood), self.stop_after)
    }

    /// Everything that is said about a circle with these cases and this measure.
    pub(super) fn describe(&self, zones: &Zones, zone: &Zone, cases: u64, measure: f64) -> Cluster {
        let regions: Vec<usize> =
            zones.path(zone.centre)[..zone.n_regions].iter().map(|step| step.region()).collect();
        let population: f64 = regions.iter().map(|&at| zones.population(at)).sum();
        let expected = self.likelihood.expected(measure);
        Cluster {
            centre: zone.centre,
            radius: radius(zones, zone),
            population_share: zones.share_of(population),
            cases,
            expected,
            relative_risk: relative_risk(real(cases), expected, self.likelihood.cases()),
            llr: zone.ratio / self.phi,
            p: self.p(zone.ratio),
            gumbel_p: gumbel::upper(self.maxima, zone.ratio),
            regions,
        }
    }
}

/// Ratios closer than this are equal: the same regions were summed in different orders.
pub(super) fn tie(likelihood: &Likelihood) -> f64 {
    TIE * likelihood.cases()
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
    let tie = tie(&setup.likelihood);
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
    most_likely(zones, tie, found.into_iter().flatten(), |zone| zone)
}

/// The candidate with the largest ratio; of equal ones the smallest in radius, then the first.
pub(super) fn most_likely<T>(
    zones: &Zones,
    tie: f64,
    candidates: impl Iterator<Item = T>,
    zone: impl Fn(&T) -> &Zone,
) -> Option<T> {
    let candidates: Vec<T> = candidates.collect();
    let largest = candidates.iter().fold(0.0_f64, |most, one| most.max(zone(one).ratio));
    candidates
        .into_iter()
        .filter(|one| zone(one).ratio >= largest - tie)
        .min_by(|a, b| radius(zones, zone(a)).total_cmp(&radius(zones, zone(b))))
}

/// From the centre to the farthest region.
fn radius(zones: &Zones, zone: &Zone) -> f64 {
    let last = zones.path(zone.centre)[zone.n_regions - 1].region();
    zones.distance(zone.centre, last)
}

/// Clusters by falling ratio, none sharing a region with one before it.
pub(super) fn list(
    zones: &Zones,
    setup: &Setup,
    drawn: &Drawn,
    plan: &Plan,
    share: f64,
) -> Vec<Cluster> {
    let mut used = vec![false; zones.n_regions()];
    let mut clusters = Vec::new();
    while clusters.len() < plan.most_clusters {
        let Some(zone) = best(zones, setup, plan.fewest_cases, share, &used) else { break };
        let (mut cases, mut measure) = (0, 0.0);
        for step in &zones.path(zone.centre)[..zone.n_regions] {
            cases += setup.cases[step.region()];
            measure += setup.measure[step.region()];
            used[step.region()] = true;
        }
        clusters.push(drawn.describe(zones, &zone, cases, measure));
    }
    clusters
}

/// (c/E)/((C − c)/(C − E)).
fn relative_risk(cases: f64, expected: f64, all: f64) -> Option<f64> {
    let outside = (all - cases) / (all - expected);
    (expected > 0.0 && outside > 0.0 && outside.is_finite()).then(|| cases / expected / outside)
}
