//! Concentration against chance: what events that fall in proportion to population would look like.
//!
//! # Question
//! Four counties hold 80 % of all cases; how much would they hold if only population mattered, and how often as much?
//!
//! # Definition
//! R maps are drawn: each of the total's events falls on a region with a probability in proportion to its exposure
//! (multinomial). Any number of statistics is computed from the observed map and from each drawn one; the expected value
//! is the mean over the draws, its 95 % limits are the draws of rank (R + 1)/40 from either end, and p counts the draws at
//! least (or at most) as large, by [`p_value`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | not all 0 |
//! | `exposure` | `&[f64]` | the same | persons, … | ≥ 0, not all 0 |
//! | `statistics` | function of a map | `N` values | any | called for every draw, from many threads |
//! | `alternative` | [`Alternative`] | – | – | `Greater`: more concentrated than chance |
//! | `n_draws` | `u64` | – | – | 199 or more; 999 where p is corrected for many maps |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! `N` [`Comparison`]s, in the order of the function's values.
//!
//! # Undefined
//! `None` without events, draws or exposure, when lengths differ, when events lie where there is no exposure (impossible
//! under the null), or when a statistic is undefined.
//!
//! # Assumptions, and when not to use it
//! Events fall independently: offences that come in one incident must be counted as incidents, or everything looks
//! concentrated. That a p is small says only that more than population matters, not what.
//!
//! # Cost and determinism
//! Θ(R·(min(total, 64·regions) + cost of the statistics)), R numbers kept per statistic; draws in parallel and keyed by (seed, surface, draw): the same bits at any
//! thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{
//!     concentration::{gini, proportional, top_share},
//!     numerics::{pvalue::Alternative, random::Key},
//! };
//! let population = [500.0, 300.0, 100.0, 50.0, 50.0];
//! let indices = |counts: &[f64]| Some([gini::plain(counts)?, top_share::of(counts, 1)?]);
//! let key = Key::new(1, 1);
//! let [gini, top] =
//!     proportional::compare(&[50, 30, 10, 5, 5], &population, indices, Alternative::Greater, 999, key).unwrap();
//! assert!((top.expected - 0.5).abs() < 0.01, "the largest place is due half of all");
//! assert!(top.lower < 0.45 && top.upper > 0.55, "give or take chance");
//! assert!(gini.observed > 0.4 && gini.p > 0.3 && top.p > 0.3);
//! ```
//!
//! # Source
//! Besag J, Newell J (1991), doi:10.2307/2982708 (fixed total); Bickenbach F, Bode E (2008), Int Reg Sci Rev 31:359–388,
//! doi:10.1177/0160017608319589 (the reference for concentration indices).

use rayon::prelude::*;

use super::positive_total;
use crate::statistics::numerics::{
    float::real,
    multinomial::Multinomial,
    permutation::{TIE, Tally},
    pvalue::{Alternative, p_value},
    random::Key,
};

/// A statistic beside what chance makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Of the map as recorded.
    pub observed: f64,
    /// Mean over the draws.
    pub expected: f64,
    /// Lower 95 % limit of the draws.
    pub lower: f64,
    /// Upper 95 % limit of the draws.
    pub upper: f64,
    /// Monte Carlo p.
    pub p: f64,
}

/// Compares statistics of a map of counts with those of maps drawn in proportion to exposure.
pub fn compare<const N: usize>(
    observed: &[u64],
    exposure: &[f64],
    statistics: impl Fn(&[f64]) -> Option<[f64; N]> + Sync,
    alternative: Alternative,
    n_draws: u64,
    key: Key,
) -> Option<[Comparison; N]> {
    let total: u64 = observed.iter().sum();
    positive_total(exposure)?;
    let impossible = observed.iter().zip(exposure).any(|(&count, &own)| count > 0 && own <= 0.0);
    if observed.len() != exposure.len() || impossible || total == 0 || n_draws == 0 {
        return None;
    }
    let recorded: Vec<f64> = observed.iter().map(|&count| real(count)).collect();
    let of_recorded = statistics(&recorded)?;
    let sampler = Multinomial::new(exposure);
    let drawn: Vec<Option<[f64; N]>> = (0..n_draws)
        .into_par_iter()
        .map_init(
            || vec![0.0; observed.len()],
            |map, draw| {
                let mut stream = key.stream(0, draw);
                map.fill(0.0);
                sampler.spread(total, &mut stream, |at, units| map[at] += real(units));
                statistics(map)
            },
        )
        .collect();
    let drawn: Vec<[f64; N]> = drawn.into_iter().collect::<Option<_>>()?;
    Some(std::array::from_fn(|at| {
        let values = drawn.iter().map(|of_draw| of_draw[at]).collect();
        one(of_recorded[at], values, alternative)
    }))
}

/// One statistic against its values in the draws, of which there are some.
fn one(observed: f64, mut drawn: Vec<f64>, alternative: Alternative) -> Comparison {
    let mut tally = Tally::default();
    for &value in &drawn {
        tally.add(value, observed, TIE * observed.abs().max(1.0));
    }
    let n_draws = drawn.len() as u64;
    let expected = drawn.iter().sum::<f64>() / real(n_draws);
    drawn.sort_by(f64::total_cmp);
    let from_end = ((drawn.len() + 1) / 40).saturating_sub(1);
    Comparison {
        observed,
        expected,
        lower: drawn[from_end],
        upper: drawn[drawn.len() - 1 - from_end],
        p: p_value(alternative, tally, n_draws),
    }
}

#[test]
fn what_cannot_be_compared_is_none() {
    let first = |map: &[f64]| Some([map[0]]);
    let key = Key::new(1, 1);
    let run = |observed: &[u64], exposure: &[f64], n_draws| {
        compare(observed, exposure, first, Alternative::Greater, n_draws, key)
    };
    assert_eq!(run(&[0, 0], &[1.0, 1.0], 99), None);
    assert_eq!(run(&[1, 0], &[0.0, 1.0], 99), None, "an event where nobody lives");
    assert_eq!(run(&[1, 0], &[0.0, 0.0], 99), None);
    assert_eq!(run(&[1], &[1.0, 1.0], 99), None);
    assert_eq!(run(&[1, 0], &[1.0, 1.0], 0), None);
    assert_eq!(run(&[1, 0], &[1.0, f64::NAN], 99), None);
    let undefined = |_: &[f64]| None::<[f64; 1]>;
    assert_eq!(compare(&[1], &[1.0], undefined, Alternative::Greater, 9, key), None);
    // Everything must fall on the only region.
    let only = run(&[7], &[3.0], 99).unwrap()[0];
    assert_eq!((only.observed, only.expected, only.p), (7.0, 7.0, 1.0));
    assert_eq!((only.lower, only.upper), (7.0, 7.0));
}

#[test]
fn limits_hold_all_but_a_fortieth_of_the_draws_at_either_end() {
    let drawn: Vec<f64> = (1..=999).rev().map(f64::from).collect();
    let found = one(500.0, drawn, Alternative::TwoSided);
    assert_eq!((found.lower, found.upper, found.expected, found.p), (25.0, 975.0, 500.0, 1.0));
    let few = one(0.0, vec![3.0, 1.0, 2.0], Alternative::TwoSided);
    assert_eq!((few.lower, few.upper), (1.0, 3.0));
}
