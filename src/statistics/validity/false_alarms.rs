//! How often a map without any hotbed is said to have one.
//!
//! # Question
//! Nothing but chance happens on a map. How often does a family of tests still name a region?
//!
//! # Definition
//! Maps are drawn with the same risk everywhere and analysed as a run does: dispersion estimated from the map itself; own
//! rates against the rest, Benjamini–Hochberg over the upper tails at 0.025; surroundings at 0.05 two-sided, on
//! permuted empirical-Bayes indices or, on sparse maps, by drawing whole maps; the circular scan's best cluster at 0.05. A map
//! counts when any region is named.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `world` | [`World`] | – | – |
//! | `mean` | `f64` | events per region | > 0 |
//! | `scatter` | [`Scatter`] | – | – |
//! | `n_maps` | `u64` | maps | ≥ 1 |
//!
//! # Output
//! [`FalseAlarms`]: shares of maps.
//!
//! # Undefined
//! Never; a map without events is a map without an alarm.
//!
//! # Assumptions, and when not to use it
//! With nothing true on the map, the share of maps with an alarm is the false discovery rate, so 0.025 and 0.05 are what
//! is promised. Exchangeability, and a variance law that is estimated and the same for the whole map, are what may
//! break that.
//!
//! # Cost and determinism
//! Maps in parallel, each a function of its number: the same figures at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::validity::{false_alarms, world::{Scatter, World}};
//! let world = World::lattice(5, 5, 1.0, 1);
//! let found = false_alarms::study(&world, 2.0, Scatter::Poisson, 8);
//! assert!(found.own_rate.all == 8 && found.own_rate.hits <= 4 && found.cluster.hits <= 4);
//! ```
//!
//! # Source
//! Benjamini Y, Hochberg Y (1995), doi:10.1111/j.2517-6161.1995.tb02031.x (what is promised).

use rayon::prelude::*;

use super::{
    Share,
    world::{Scatter, World},
};
use crate::{
    model::VarianceLaw,
    statistics::{
        dispersion,
        multiple::benjamini_hochberg,
        own_rate::against_rest,
        scan::{
            circular::{self, Model},
            plan::Plan as ScanPlan,
            zones::Zones,
        },
        spatial::{
            empirical_bayes_index::standardise,
            local, model_based,
            sequential::{Outcome, Plan},
        },
        weights::Metric,
    },
};

/// Level of each side of every family.
pub const SIDE: f64 = 0.025;
/// Draws of a scan: its p is a multiple of 0.01.
const N_SCAN_DRAWS: u64 = 99;

/// Maps with an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FalseAlarms {
    /// By own rates, dispersion estimated.
    pub own_rate: Share,
    /// By own rates if counts were taken for Poisson: for comparison, never used.
    pub own_rate_poisson: Share,
    /// By surroundings, either side, the way the map's density asks for.
    pub surroundings: Share,
    /// By surroundings that are high, among the same.
    pub high_surroundings: Share,
    /// Maps called sparse.
    pub sparse: Share,
    /// By the best cluster of the circular scan.
    pub cluster: Share,
}

/// Draws maps of equal risk and counts alarms.
pub fn study(world: &World, mean: f64, scatter: Scatter, n_maps: u64) -> FalseAlarms {
    let places: Vec<_> = (0..).take(world.n()).map(|at| Some(world.place(at))).collect();
    let zones = Zones::circles(&places, Metric::Plane, &world.exposure, 0.5);
    let maps: Vec<FalseAlarms> = (0..n_maps)
        .into_par_iter()
        .map(|map| one(world, &zones, &world.counts(mean, scatter, None, map), map))
        .collect();
    maps.into_iter().fold(FalseAlarms::default(), |all, map| FalseAlarms {
        own_rate: all.own_rate.plus(map.own_rate),
        own_rate_poisson: all.own_rate_poisson.plus(map.own_rate_poisson),
        surroundings: all.surroundings.plus(map.surroundings),
        high_surroundings: all.high_surroundings.plus(map.high_surroundings),
        sparse: all.sparse.plus(map.sparse),
        cluster: all.cluster.plus(map.cluster),
    })
}

fn one(world: &World, zones: &Zones, observed: &[u64], map: u64) -> FalseAlarms {
    let expected = world.expected(observed);
    let law = dispersion::estimate(observed, &expected).law;
    let sparse = model_based::is_sparse(&expected);
    let plan = Plan::reaching(world.n(), 2.0 * SIDE);
    let key = world.key(map);
    let outcomes: Vec<Option<Outcome>> = if sparse {
        model_based::replicate(observed, &world.exposure, law, &world.weights, &plan, key)
    } else {
        standardise(observed, &world.exposure).map_or_else(Vec::new, |index| {
            local::permute(&index.values, &world.weights, &plan, key)
        })
    };
    let named: Vec<Outcome> =
        outcomes.into_iter().flatten().filter(|outcome| outcome.significant).collect();
    let is_high = |outcome: &Outcome| outcome.tally.n_greater < outcome.tally.n_less;
    let tails = own_rates(world, observed, law);
    let model = Model::Dispersed { expected: &world.exposure, law, phi: None };
    let scan = circular::scan(zones, observed, &model, &ScanPlan::new(N_SCAN_DRAWS), key);
    let any = |p: Vec<f64>| Share::of([benjamini_hochberg::rejected(&p, SIDE).contains(&true)]);
    FalseAlarms {
        own_rate: any(tails.iter().map(|tails| tails.upper).collect()),
        own_rate_poisson: any(tails.iter().map(|tails| tails.upper_poisson).collect()),
        surroundings: Share::of([!named.is_empty()]),
        high_surroundings: Share::of([named.iter().any(is_high)]),
        sparse: Share::of([sparse]),
        cluster: Share::of([scan.is_some_and(|scan| scan.p <= 2.0 * SIDE)]),
    }
}

/// The own-rate tests of all regions; a made-up region always has exposure.
pub(super) fn own_rates(
    world: &World,
    observed: &[u64],
    law: Option<VarianceLaw>,
) -> Vec<against_rest::Tails> {
    against_rest::test(observed, &world.exposure, law).into_iter().flatten().collect()
}
