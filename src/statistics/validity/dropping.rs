//! Whether stopping draws early changes which regions are named.
//!
//! # Question
//! Regions that can no longer be named get no more draws ([`sequential`]). Is the result that of drawing on?
//!
//! # Definition
//! Maps with a raised block of regions are tested twice from the same random numbers, with and without dropping; the
//! named sets are compared region by region.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `world` | [`World`] | – | – |
//! | `mean` | `f64` | events per region | > 0 |
//! | `relative_risk` | `f64` | – | risk in the corner that holds a ninth of the map |
//! | `n_maps` | `u64` | maps | ≥ 1 |
//!
//! # Output
//! An [`Agreement`].
//!
//! # Undefined
//! Never; maps without events are left out.
//!
//! # Assumptions, and when not to use it
//! None: equality is exact, not on average.
//!
//! # Cost and determinism
//! Full draws for every region: 2n/α each. Keyed draws: the same figures at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::validity::{dropping, world::World};
//! let found = dropping::study(&World::lattice(5, 6, 0.5, 1), 6.0, 3.0, 2);
//! assert_eq!(found.equal.hits, found.equal.all);
//! ```
//!
//! # Source
//! Gandy A, Hahn G (2014), doi:10.1111/sjos.12085.
//!
//! [`sequential`]: crate::statistics::spatial::sequential

use rayon::prelude::*;

use super::{
    Share,
    world::{Scatter, World},
};
use crate::statistics::spatial::{
    empirical_bayes_index::standardise,
    local, model_based,
    sequential::{Dropping, Outcome, Plan},
};

/// How the two ways compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Maps whose named sets are equal.
    pub equal: Share,
    /// Regions named, on all maps.
    pub n_named: u64,
    /// Draws made with dropping, of those without.
    pub draws: Share,
}

/// Compares the named regions with and without dropping.
pub fn study(world: &World, mean: f64, relative_risk: f64, n_maps: u64) -> Agreement {
    let raised = |at| {
        let (row, column) = world.place(at);
        if row < 1.0 / 3.0 && column < 1.0 / 3.0 { relative_risk } else { 1.0 }
    };
    let risk: Vec<f64> = (0..).take(world.n()).map(raised).collect();
    let maps: Vec<Agreement> =
        (0..n_maps).into_par_iter().filter_map(|map| one(world, mean, &risk, map)).collect();
    maps.into_iter().fold(Agreement::none(), |all, map| Agreement {
        equal: all.equal.plus(map.equal),
        n_named: all.n_named + map.n_named,
        draws: all.draws.plus(map.draws),
    })
}

impl Agreement {
    fn none() -> Self {
        Self { equal: Share::default(), n_named: 0, draws: Share::default() }
    }
}

fn one(world: &World, mean: f64, risk: &[f64], map: u64) -> Option<Agreement> {
    let observed = world.counts(mean, Scatter::Poisson, Some(risk), map);
    let index = standardise(&observed, &world.exposure)?;
    let sparse = model_based::is_sparse(&world.expected(&observed));
    let key = world.key(map);
    let test = |dropping| {
        let plan = Plan { dropping, ..Plan::reaching(world.n(), 0.05) };
        if sparse {
            model_based::replicate(&observed, &world.exposure, None, &world.weights, &plan, key)
        } else {
            local::permute(&index.values, &world.weights, &plan, key)
        }
    };
    let (quick, full) = (test(Dropping::On), test(Dropping::Off));
    let named = |outcomes: &[Option<Outcome>]| -> Vec<bool> {
        outcomes.iter().flatten().map(|outcome| outcome.significant).collect()
    };
    let n_draws = |outcomes: &[Option<Outcome>]| -> u64 {
        outcomes.iter().flatten().map(|outcome| outcome.n_draws).sum()
    };
    Some(Agreement {
        equal: Share::of([named(&quick) == named(&full)]),
        n_named: named(&full).into_iter().filter(|&named| named).count() as u64,
        draws: Share { hits: n_draws(&quick), all: n_draws(&full) },
    })
}
