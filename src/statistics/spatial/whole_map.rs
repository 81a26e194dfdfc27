//! Random orders of all values: how the global statistics are tested.
//!
//! Every draw puts all values on the regions in random order and computes the statistic again; draws are keyed by their
//! number and counted as integers, so any number of threads gives the same counts.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    WHOLE_MAP,
    convention::{Convention, WeightSums, deviations, divisors, largest_row},
};
use crate::{
    model::Weights,
    statistics::numerics::{
        permutation::{TIE, Tally, shuffle},
        random::Key,
    },
};

/// [`tally`] of a sum over all [`pairs`] of the values less their mean; `None` where the values are equal or the links too few.
pub(super) fn tally_links(
    values: &[f64],
    weights: &Weights,
    convention: Convention,
    n_draws: u64,
    key: Key,
    sum: impl Fn(&[f64], &Weights) -> f64 + Sync,
) -> Option<Tally> {
    WeightSums::of(weights, convention)?;
    let z = deviations(values)?;
    let divisors = divisors(weights, convention.coding);
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let tie = TIE * squares * largest_row(weights, &divisors);
    let pairs = pairs(weights, convention);
    Some(tally(&z, n_draws, key, tie, |z| sum(z, &pairs)))
}

/// Every pair of regions that some link connects, as one link from the first to the second that weighs what both ways do.
pub(super) fn pairs(weights: &Weights, convention: Convention) -> Weights {
    let divisors = divisors(weights, convention.coding);
    let mut links: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); weights.n()];
    for (from, at) in (0..).zip(0..weights.n()) {
        for (&to, value) in weights.neighbours(at).iter().zip(weights.values(at)) {
            *links[from.min(to) as usize].entry(from.max(to)).or_default() += value / divisors[at];
        }
    }
    Weights::weighted(links.into_iter().map(|links| links.into_iter().collect()).collect())
}

/// Compares a statistic of the values with that of `n_draws` random orders; differences up to `tie` are equal.
pub(super) fn tally(
    values: &[f64],
    n_draws: u64,
    key: Key,
    tie: f64,
    statistic: impl Fn(&[f64]) -> f64 + Sync,
) -> Tally {
    let observed = statistic(values);
    (0..n_draws)
        .into_par_iter()
        .map_init(
            || values.to_vec(),
            |drawn, draw| {
                drawn.copy_from_slice(values);
                shuffle(drawn, &mut key.stream(WHOLE_MAP, draw));
                let mut tally = Tally::default();
                tally.add(statistic(drawn), observed, tie);
                tally
            },
        )
        .reduce(Tally::default, Tally::plus)
}
