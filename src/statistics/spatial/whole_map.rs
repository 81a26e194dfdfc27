//! Random orders of all values: how the global statistics are tested.
//!
//! Every draw puts all values on the regions in random order and computes the statistic again; draws are keyed by their
//! number and counted as integers, so any number of threads gives the same counts.

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

/// [`tally`] of a sum over all links of the values less their mean, given the weights and what each row of them is divided
/// by; `None` where the values are equal or the links too few.
pub(super) fn tally_links(
    values: &[f64],
    weights: &Weights,
    convention: Convention,
    n_draws: u64,
    key: Key,
    sum: impl Fn(&[f64], &Weights, &[f64]) -> f64 + Sync,
) -> Option<Tally> {
    WeightSums::of(weights, convention)?;
    let z = deviations(values)?;
    let divisors = divisors(weights, convention.coding);
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let tie = TIE * squares * largest_row(weights, &divisors);
    Some(tally(&z, n_draws, key, tie, |z| sum(z, weights, &divisors)))
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
