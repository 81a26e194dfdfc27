//! The circles a scan looks at: around every region, growing from neighbour to neighbour.
//!
//! # Question
//! Which groups of regions could be a cluster?
//!
//! # Definition
//! Around each region, the others enter in the order of their distance; regions at the same distance (to 1e-12,
//! relative) enter together. A circle is a candidate as long as it holds at most a given share of the population at
//! risk. A region that takes no part is neither a centre nor a member.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `places` | `&[Option<(f64, f64)>]` | one per region | [`Metric`] | `None`: not located |
//! | `metric` | [`Metric`] | – | – | – |
//! | `population` | `&[f64]` | as `places` | persons, person-years | 0: takes no part |
//! | `share` | `f64` | – | of the population | in (0, 1]; 0.5 is usual |
//!
//! # Output
//! [`Zones`]: made once, used by every scan of the same map.
//!
//! # Undefined
//! Regions without a place, or whose population is not above 0, take no part. When a single region holds more than the
//! share, no circle around it is a candidate.
//!
//! # Assumptions, and when not to use it
//! A region is where its place is. Clusters along rivers or roads are found in pieces or too round.
//!
//! # Cost and determinism
//! O(n² log n) time, 4 bytes for each region of each largest circle: 20 MB for 3 143 regions at one half. Centres in
//! parallel; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{scan::zones::Zones, weights::Metric};
//! let places: Vec<_> = [0.0, 1.0, 3.0, 7.0].map(|x| Some((x, 0.0))).into();
//! let zones = Zones::circles(&places, Metric::Plane, &[1.0; 4], 0.5);
//! // Each region alone, and with its nearest neighbour.
//! assert_eq!(zones.n_circles(), 8);
//! ```
//!
//! # Source
//! Kulldorff M, Nagarwalla N (1995), Stat Med 14:799–810, doi:10.1002/sim.4780140809.

use rayon::prelude::*;

use crate::statistics::weights::Metric;

/// Marks, in a path, that a circle ends after a region.
const ENDS: u32 = 1 << 31;

/// Ranks closer than this, relative to their size, are one distance.
const SAME_DISTANCE: f64 = 1e-12;

/// Shares of the population may exceed the cap by rounding only.
const ROUNDING: f64 = 1e-12;

/// The candidate circles of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Zones {
    places: Vec<Option<(f64, f64)>>,
    metric: Metric,
    population: Vec<f64>,
    total_population: f64,
    share: f64,
    /// Centre `i` has the path `steps[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<usize>,
    steps: Vec<Step>,
    n_circles: usize,
}

/// A region met by a growing circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(u32);

impl Step {
    /// Its position.
    #[inline]
    pub(super) fn region(self) -> usize {
        (self.0 & !ENDS) as usize
    }

    /// Whether the next region is farther away, so that a circle ends here.
    #[inline]
    pub(super) fn ends(self) -> bool {
        self.0 & ENDS != 0
    }
}

impl Zones {
    /// Lists the circles around every region.
    pub fn circles(
        places: &[Option<(f64, f64)>],
        metric: Metric,
        population: &[f64],
        share: f64,
    ) -> Self {
        let takes_part = |at: usize| {
            let located = places[at].is_some_and(|(x, y)| x.is_finite() && y.is_finite());
            located && population.get(at).is_some_and(|&own| own > 0.0 && own.is_finite())
        };
        let taking_part: Vec<bool> = (0..places.len()).map(takes_part).collect();
        let places: Vec<Option<(f64, f64)>> = places
            .iter()
            .zip(&taking_part)
            .map(|(place, takes)| place.filter(|_| *takes))
            .collect();
        let population: Vec<f64> = taking_part
            .iter()
            .enumerate()
            .map(|(at, takes)| if *takes { population[at] } else { 0.0 })
            .collect();
        let total_population: f64 = population.iter().sum();
        let cap = share * total_population * (1.0 + ROUNDING);
        let paths: Vec<Vec<Step>> = (0..places.len())
            .into_par_iter()
            .map(|centre| path(&places, metric, &population, cap, centre))
            .collect();
        let mut offsets = vec![0];
        let mut steps = Vec::with_capacity(paths.iter().map(Vec::len).sum());
        for path in paths {
            steps.extend(path);
            offsets.push(steps.len());
        }
        let n_circles = steps.iter().filter(|step| step.ends()).count();
        Self { places, metric, population, total_population, share, offsets, steps, n_circles }
    }

    /// The same circles without some regions, which then take no part.
    #[must_use]
    pub fn without(&self, regions: &[usize]) -> Self {
        let mut places = self.places.clone();
        for &region in regions {
            places[region] = None;
        }
        Self::circles(&places, self.metric, &self.population, self.share)
    }

    /// Regions of the map, also those that take no part.
    pub fn n_regions(&self) -> usize {
        self.places.len()
    }

    /// Candidate circles; the same regions around two centres count twice.
    pub fn n_circles(&self) -> usize {
        self.n_circles
    }

    /// Whether a region takes part.
    pub fn takes_part(&self, region: usize) -> bool {
        self.places[region].is_some()
    }

    /// The regions met around a centre, up to the end of its largest circle.
    pub(super) fn path(&self, centre: usize) -> &[Step] {
        &self.steps[self.offsets[centre]..self.offsets[centre + 1]]
    }

    /// The share of the population that some regions hold.
    pub(super) fn share_of(&self, population: f64) -> f64 {
        population / self.total_population
    }

    /// A region's population; 0 when it takes no part.
    pub(super) fn population(&self, region: usize) -> f64 {
        self.population[region]
    }

    /// The distance between two regions that take part.
    pub(super) fn distance(&self, from: usize, to: usize) -> f64 {
        match (self.places[from], self.places[to]) {
            (Some(from), Some(to)) => self.metric.distance(from.into(), to.into()),
            _ => 0.0,
        }
    }
}

/// The regions around a centre by distance, up to the end of the last circle within the cap.
fn path(
    places: &[Option<(f64, f64)>],
    metric: Metric,
    population: &[f64],
    cap: f64,
    centre: usize,
) -> Vec<Step> {
    let Some(from) = places[centre] else { return Vec::new() };
    let mut others: Vec<(f64, u32)> = (0..)
        .zip(places)
        .filter_map(|(at, place)| place.map(|to| (metric.rank(from.into(), to.into()), at)))
        .collect();
    others.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut steps = Vec::new();
    let mut held = 0.0;
    for ring in others.chunk_by_mut(|a, b| b.0 <= a.0 * (1.0 + SAME_DISTANCE)) {
        held += ring.iter().map(|&(_, at)| population[at as usize]).sum::<f64>();
        if held > cap {
            break;
        }
        // At one distance, in the order of the regions.
        ring.sort_unstable_by_key(|&(_, at)| at);
        steps.extend(ring.iter().map(|&(_, at)| Step(at)));
        if let Some(last) = steps.last_mut() {
            last.0 |= ENDS;
        }
    }
    steps.shrink_to_fit();
    steps
}

#[test]
fn ties_enter_together_and_the_cap_holds() {
    // A cross: four regions at distance 1 from the middle, two of them at the same place.
    let places = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, -1.0)].map(Some).to_vec();
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 5], 1.0);
    let path = zones.path(0);
    assert_eq!(path.iter().map(|step| step.region()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    let ends: Vec<bool> = path.iter().map(|step| step.ends()).collect();
    assert_eq!(ends, [true, false, false, false, true]);
    // Regions at one place are one circle: never apart.
    assert!(!zones.path(1)[0].ends() && zones.path(1)[1].ends());
    // A cap below three fifths leaves the middle alone: the next circle would hold all.
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 5], 0.5);
    assert_eq!(zones.path(0).len(), 1);
}

#[test]
fn regions_without_place_or_people_take_no_part() {
    let places =
        [Some((0.0, 0.0)), None, Some((f64::NAN, 1.0)), Some((1.0, 0.0)), Some((2.0, 0.0))];
    let zones = Zones::circles(&places, Metric::Plane, &[1.0, 1.0, 1.0, 0.0, 1.0], 0.5);
    assert_eq!((0..5).filter(|&at| zones.takes_part(at)).collect::<Vec<_>>(), [0, 4]);
    assert_eq!(zones.n_circles(), 2);
    let nothing = Zones::circles(&[], Metric::Plane, &[], 0.5);
    assert_eq!((nothing.n_regions(), nothing.n_circles()), (0, 0));
    let single = Zones::circles(&[Some((0.0, 0.0))], Metric::Plane, &[9.0], 0.5);
    assert_eq!(single.n_circles(), 0, "a map is no cluster of itself");
}
