//! Join counts: do regions with a property neighbour each other more often than chance makes them?
//!
//! # Question
//! Some regions have a property, as any recorded attack at all. Are they together, or scattered?
//!
//! # Definition
//! With x = 1 for a region with the property and 0 for one without: ½Σᵢⱼwᵢⱼxᵢxⱼ joins between regions with it,
//! ½Σᵢⱼwᵢⱼ(1 − xᵢ)(1 − xⱼ) between regions without, ½Σᵢⱼwᵢⱼ(xᵢ − xⱼ)² mixed. Expectation and variance are over all orders
//! of the map (non-free sampling: the number of regions with the property is given). [`draws`] counts joins with the
//! property in random orders.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `has` | `&[bool]` | one per region | – | at least 4; some with the property, some without |
//! | `weights` | [`Weights`] | the same | – | some link; taken as they are |
//! | `islands` | [`Islands`] | – | – | whether they count in n |
//!
//! # Output
//! [`JoinCounts`], in joins: a pair linked both ways is one, a pair linked one way a half. [`draws`] gives a tally for
//! [`crate::statistics::numerics::pvalue`].
//!
//! # Undefined
//! `None` below four regions, without links, or when all regions have the property, or none. A score is `None` when no
//! order could give another count, as with a single region of the kind.
//!
//! # Assumptions, and when not to use it
//! Every region equally likely to have the property: not with unequal populations, where a large region has an event sooner
//! than a small one. Free sampling, with a probability known beforehand, is not offered.
//!
//! # Cost and determinism
//! O(n + links) per draw; draws keyed by their number, counted as integers: the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::{Islands, join_count}};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let found = join_count::global(&[true, true, false, false], &path, Islands::Counted).unwrap();
//! assert_eq!((found.with.joins, found.without.joins, found.mixed.joins), (1.0, 1.0, 1.0));
//! assert!((found.with.expectation - 0.5).abs() < 1e-12);
//! ```
//!
//! # Source
//! Cliff AD, Ord JK (1981), *Spatial Processes*, section 1.4; Moran PAP (1948), J R Stat Soc B 10:243–251.

use super::{
    convention::{Coding, Convention, Islands, WeightSums, standard_score},
    lag, whole_map,
};
use crate::{
    model::Weights,
    statistics::numerics::{
        float::size,
        permutation::{TIE, Tally},
        random::Key,
    },
};

/// Joins of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joins {
    /// How many there are.
    pub joins: f64,
    /// How many chance makes on average.
    pub expectation: f64,
    /// Variance over all orders.
    pub variance: f64,
    /// Standard score.
    pub z: Option<f64>,
}

/// Joins of the three kinds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JoinCounts {
    /// Between regions with the property.
    pub with: Joins,
    /// Between regions without.
    pub without: Joins,
    /// Between one with and one without.
    pub mixed: Joins,
}

/// Counts joins and gives their moments.
pub fn global(has: &[bool], weights: &Weights, islands: Islands) -> Option<JoinCounts> {
    let x = indicators(has)?;
    let sums = WeightSums::of(weights, Convention { coding: Coding::AsGiven, islands })?;
    let WeightSums { n, s0, s1, s2 } = sums;
    let n_with = x.iter().sum::<f64>();
    let n_without = size(x.len()) - n_with;
    let (pairs, triples) = (n * (n - 1.0), n * (n - 1.0) * (n - 2.0));
    let fours = triples * (n - 3.0);
    let rest = s0 * s0 + s1 - s2;

    let like = |joins: f64, k: f64| {
        let expectation = 0.5 * s0 * k * (k - 1.0) / pairs;
        let falling = [k * (k - 1.0), k * (k - 1.0) * (k - 2.0)];
        let square = 0.25
            * (s1 * falling[0] / pairs
                + (s2 - 2.0 * s1) * falling[1] / triples
                + rest * falling[1] * (k - 3.0) / fours);
        moments(joins, expectation, square)
    };
    let (a, b) = (n_with, n_without);
    let square = 0.25
        * (2.0 * s1 * a * b / pairs
            + (s2 - 2.0 * s1) * a * b * (a + b - 2.0) / triples
            + 4.0 * rest * a * (a - 1.0) * b * (b - 1.0) / fours);
    let with = joins_with(&x, weights);
    let opposite: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
    let without = joins_with(&opposite, weights);
    let mixed = 0.5 * s0 - with - without;
    Some(JoinCounts {
        with: like(with, n_with),
        without: like(without, n_without),
        mixed: moments(mixed, s0 * a * b / pairs, square),
    })
}

/// How often random orders have at least, and at most, as many joins between regions with the property.
pub fn draws(has: &[bool], weights: &Weights, n_draws: u64, key: Key) -> Option<Tally> {
    let x = indicators(has)?;
    let sums =
        WeightSums::of(weights, Convention { coding: Coding::AsGiven, islands: Islands::Counted })?;
    Some(whole_map::tally(&x, n_draws, key, TIE * sums.s0, |x| joins_with(x, weights)))
}

fn moments(joins: f64, expectation: f64, square: f64) -> Joins {
    let variance = square - expectation * expectation;
    // Without any variance, rounding leaves something beside E².
    let z = standard_score(joins - expectation, variance, expectation);
    Joins { joins, expectation, variance: variance.max(0.0), z }
}

/// 1 with the property, 0 without; `None` when all are the same.
fn indicators(has: &[bool]) -> Option<Vec<f64>> {
    let x = has.iter().map(|&has| if has { 1.0 } else { 0.0 }).collect();
    (has.contains(&true) && has.contains(&false)).then_some(x)
}

fn joins_with(x: &[f64], weights: &Weights) -> f64 {
    0.5 * (0..x.len()).map(|at| x[at] * lag(x, weights, at)).sum::<f64>()
}

#[test]
fn a_single_region_and_all_regions_have_no_score() {
    let ring = Weights::binary((0..5_u32).map(|i| vec![(i + 4) % 5, (i + 1) % 5]).collect());
    let one = global(&[false, true, false, false, false], &ring, Islands::Counted).unwrap();
    assert_eq!((one.with.joins, one.with.z, one.mixed.z), (0.0, None, None));
    assert!(one.with.variance < 1e-12 && one.mixed.variance < 1e-12);
    assert_eq!(global(&[true; 5], &ring, Islands::Counted), None);
    assert_eq!(draws(&[false; 5], &ring, 99, Key::new(1, 1)), None);
}

#[test]
fn moments_are_those_of_all_orders() {
    // Two of five on a path of four links and an island: ten orders, four of them adjacent.
    let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2, 4], vec![3]]);
    let found = global(&[true, true, false, false, false], &path, Islands::Counted).unwrap();
    assert!((found.with.expectation - 0.4).abs() < 1e-12);
    assert!((found.with.variance - 0.24).abs() < 1e-12, "{}", found.with.variance);
    let tally = draws(&[true, true, false, false, false], &path, 9_999, Key::new(1, 1)).unwrap();
    assert!(tally.n_greater.abs_diff(4_000) < 250 && tally.n_less == 9_999, "{tally:?}");
}
