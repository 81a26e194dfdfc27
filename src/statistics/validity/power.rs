//! How often a raised region is found, by how much is expected in it.
//!
//! # Question
//! One region's risk is 1.5, 2 or 3 times that of the others. How often is it named, small town or big city?
//!
//! # Definition
//! For each of some regions, spread over the sizes of the map, maps are drawn in which that region alone has the raised
//! risk. It is found when its own-rate test (dispersion estimated from the map) is at most 0.025, and kept when
//! Benjamini–Hochberg over all regions' upper tails at 0.025 rejects it.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `world` | [`World`] | – | – |
//! | `mean` | `f64` | events per region | > 0 |
//! | `scatter` | [`Scatter`] | – | – |
//! | `relative_risk` | `f64` | – | > 0; 1 gives the size of the test |
//! | `n_sizes` | `usize` | regions tried | ≥ 1 |
//! | `n_maps` | `u64` | maps for each | ≥ 1 |
//!
//! # Output
//! One [`Row`] per region tried, by ascending expected count.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! One raised region and nothing else. More raised regions make Benjamini–Hochberg keep more and the rest's rate rise.
//!
//! # Cost and determinism
//! O(regions) per map; maps in parallel, each a function of its number.
//!
//! # Example
//! ```
//! use saet::statistics::validity::{power, world::{Scatter, World}};
//! let world = World::lattice(10, 10, 1.0, 1);
//! let rows = power::study(&world, 8.0, Scatter::Poisson, 4.0, 3, 20);
//! assert!(rows[0].expected < rows[2].expected && rows[2].kept.value() > 0.8);
//! ```
//!
//! # Source
//! By definition; the test is that of [`crate::statistics::own_rate`].

use rayon::prelude::*;

use super::{
    Share,
    false_alarms::{SIDE, own_rates},
    world::{Scatter, World},
};
use crate::statistics::{dispersion, multiple::benjamini_hochberg};

/// How one region fared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Events expected in it without the raise.
    pub expected: f64,
    /// Maps on which its own test is at most 0.025.
    pub found: Share,
    /// Maps on which Benjamini–Hochberg names it.
    pub kept: Share,
}

/// Raises one region after the other.
pub fn study(
    world: &World,
    mean: f64,
    scatter: Scatter,
    relative_risk: f64,
    n_sizes: usize,
    n_maps: u64,
) -> Vec<Row> {
    let mut by_size: Vec<usize> = (0..world.n()).collect();
    by_size.sort_by(|&a, &b| world.exposure[a].total_cmp(&world.exposure[b]));
    let tried = (0..n_sizes).map(|rank| by_size[(2 * rank + 1) * world.n() / (2 * n_sizes)]);
    tried
        .map(|at| {
            let mut risk = vec![1.0; world.n()];
            risk[at] = relative_risk;
            let maps: Vec<(bool, bool)> = (0..n_maps)
                .into_par_iter()
                .map(|map| {
                    let observed = world.counts(mean, scatter, Some(&risk), map);
                    let found = dispersion::estimate(&observed, &world.expected(&observed));
                    let tails = own_rates(world, &observed, found.law);
                    let p: Vec<f64> = tails.iter().map(|tails| tails.upper).collect();
                    (p[at] <= SIDE, benjamini_hochberg::rejected(&p, SIDE)[at])
                })
                .collect();
            Row {
                expected: mean * world.exposure[at],
                found: Share::of(maps.iter().map(|map| map.0)),
                kept: Share::of(maps.iter().map(|map| map.1)),
            }
        })
        .collect()
}
