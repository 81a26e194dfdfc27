//! Random orders of all values: how the global statistics are tested.
//!
//! Every draw puts all values on the regions in random order and computes the statistic again; draws are keyed by their
//! number and counted as integers, so any number of threads gives the same counts.

use rayon::prelude::*;

use super::WHOLE_MAP;
use crate::statistics::numerics::{
    permutation::{Tally, shuffle},
    random::Key,
};

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
