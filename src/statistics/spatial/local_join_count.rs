//! Local join count: which regions with a property have more neighbours with it than chance gives them?
//!
//! # Question
//! A region has recorded attacks. Do more of its neighbours have them, too, than of regions picked at random?
//!
//! # Definition
//! For a region with the property, Jᵢ = Σⱼwᵢⱼxⱼ over its neighbours, x = 1 with the property and 0 without. [`permute`]
//! keeps the region and puts the others' x on its neighbours without replacement; the upper tail counts. With weights of
//! 1 that tail is hypergeometric and [`statistics`] gives it exactly: k neighbours out of n − 1 others, of which the
//! property's other holders are special.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `has` | `&[bool]` | one per region | – | – |
//! | `weights` | [`Weights`] | the same | – | taken as they are |
//! | `plan` | [`Plan`] | – | – | [`Plan::reaching_against`] the upper tail |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! [`LocalJoinCount`] and [`Outcome`] per region, in the order given.
//!
//! # Undefined
//! `None` for a region without the property, and for one without neighbours. The exact tail is `None` when a weight
//! differs from 1.
//!
//! # Assumptions, and when not to use it
//! As [`super::join_count`]: every region equally likely to have the property.
//!
//! # Cost and determinism
//! O(links) for statistic and exact tail; draws as in [`super::local`], the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::local_join_count};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let found = local_join_count::statistics(&[true, true, false, false], &path);
//! // The only neighbour of the first is the only other with the property: one chance in three.
//! assert!((found[0].unwrap().exact_greater.unwrap() - 1.0 / 3.0).abs() < 1e-15);
//! assert!(found[3].is_none());
//! ```
//!
//! # Source
//! Anselin L, Li X (2019), J Geogr Syst 21:189–210, doi:10.1007/s10109-019-00299-x.

use super::{
    conditional::test,
    lag,
    sequential::{Outcome, Plan},
};
use crate::{
    model::Weights,
    statistics::numerics::{float::size, permutation::NeighbourSum, random::Key},
};

/// The joins of one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalJoinCount {
    /// Links to neighbours with the property.
    pub joins: f64,
    /// Probability of at least as many, in (0, 1].
    pub exact_greater: Option<f64>,
}

/// Counts the joins of every region with the property.
pub fn statistics(has: &[bool], weights: &Weights) -> Vec<Option<LocalJoinCount>> {
    let x = indicators(has);
    let n_with = has.iter().filter(|&&has| has).count();
    let one = |at: usize| {
        let joins = lag(&x, weights, at);
        #[allow(clippy::float_cmp, reason = "binary weights are exactly 1")]
        let is_binary = weights.values(at).iter().all(|&weight| weight == 1.0);
        let degree = weights.degree(at);
        let n_joined = weights.neighbours(at).iter().filter(|&&other| has[other as usize]).count();
        let exact = || hypergeometric_upper(n_joined, degree, n_with - 1, has.len() - 1);
        (has[at] && degree > 0)
            .then(|| LocalJoinCount { joins, exact_greater: is_binary.then(exact) })
    };
    (0..has.len()).map(one).collect()
}

/// Tests every region with the property and neighbours against conditional permutations.
pub fn permute(has: &[bool], weights: &Weights, plan: &Plan, key: Key) -> Vec<Option<Outcome>> {
    let x = indicators(has);
    let tested: Vec<usize> =
        (0..has.len()).filter(|&at| has[at] && weights.degree(at) > 0).collect();
    test(&x, &tested, plan, key, |region| NeighbourSum {
        region,
        weights: weights.values(region as usize),
        term: |value| value,
        observed: lag(&x, weights, region as usize),
        largest: 1.0,
    })
}

fn indicators(has: &[bool]) -> Vec<f64> {
    has.iter().map(|&has| if has { 1.0 } else { 0.0 }).collect()
}

/// P(X ≥ x) when `n_drawn` of `n_all` are drawn without replacement and `n_special` of all are special.
fn hypergeometric_upper(x: usize, n_drawn: usize, n_special: usize, n_all: usize) -> f64 {
    let n_plain = n_all - n_special;
    let least = n_drawn.saturating_sub(n_plain);
    if x <= least {
        return 1.0;
    }
    // P(X = x) as a product over the draws, special ones first, times the ways to order them.
    let special = (0..x)
        .map(|at| size(n_special - at) / size(n_all - at) * (size(n_drawn - at) / size(x - at)));
    let plain = (x..n_drawn).map(|at| size(n_plain - (at - x)) / size(n_all - at));
    let mut term: f64 = special.chain(plain).product();
    let mut sum = 0.0;
    for count in x..=n_drawn.min(n_special) {
        sum += term;
        // What is left plain after `count + 1` special draws; 0 only where no further count is possible.
        let left = size(n_plain + count + 1) - size(n_drawn);
        term *= size(n_special - count) * size(n_drawn - count) / (size(count + 1) * left);
    }
    sum.min(1.0)
}

#[test]
fn the_exact_tail_agrees_with_counting() {
    // Three of seven, two of them special: 35 choices, 5 with both, 20 with one, 10 with none.
    for (x, choices) in [(0, 35.0), (1, 25.0), (2, 5.0)] {
        assert!((hypergeometric_upper(x, 3, 2, 7) - choices / 35.0).abs() < 1e-15, "{x}");
    }
    // More drawn than there are plain ones: at least one is special.
    assert!((hypergeometric_upper(1, 3, 5, 7) - 1.0).abs() < 1e-15);
    assert!((hypergeometric_upper(3, 3, 5, 7) - 10.0 / 35.0).abs() < 1e-15);
    assert!((hypergeometric_upper(7, 7, 7, 7) - 1.0).abs() < 1e-15);
    assert!(hypergeometric_upper(8, 8, 20, 50_000) > 0.0);
}

#[test]
fn islands_and_regions_without_the_property_are_not_tested() {
    let weights = Weights::binary(vec![vec![1], vec![0, 2], vec![1], vec![]]);
    let has = [true, true, false, true];
    let found = statistics(&has, &weights);
    assert!(found[0].is_some() && found[2].is_none() && found[3].is_none());
    let plan = Plan::reaching(2, 0.05);
    let outcomes = permute(&has, &weights, &plan, Key::new(1, 1));
    assert_eq!(
        outcomes.iter().map(Option::is_some).collect::<Vec<_>>(),
        [true, true, false, false]
    );
    assert!(permute(&[false; 4], &weights, &plan, Key::new(1, 1)).iter().all(Option::is_none));
}
