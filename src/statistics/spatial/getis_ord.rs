//! Getis and Ord's G: do high values keep together, or low ones?
//!
//! # Question
//! Moran's I is high when like neighbours like. Is it the high values that are together, or the low ones?
//!
//! # Definition
//! G = Σᵢⱼwᵢⱼxᵢxⱼ/Σᵢ≠ⱼxᵢxⱼ with binary weights. E(G) = S₀/(n(n − 1)); the variance is Getis and Ord's, over all orders of
//! the values. Above its expectation high values are together, below it low ones. [`draws`] puts the values on the regions
//! in random order.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | counts, rates | ≥ 0, at least 4, not all equal |
//! | `weights` | [`Weights`] | the same | – | some link; taken as they are |
//!
//! # Output
//! [`GetisOrd`], without unit; [`draws`] a tally for [`crate::statistics::numerics::pvalue`].
//!
//! # Undefined
//! `None` below four regions, without links, with a negative value, when all values are equal, or fewer than two are above
//! 0; [`global`] also when no order of the values could give another G.
//!
//! # Assumptions, and when not to use it
//! A variable with a natural zero: not for the empirical-Bayes index, which has negative values.
//!
//! # Cost and determinism
//! O(n + links) per draw; draws keyed by their number, counted as integers: the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::getis_ord};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let found = getis_ord::global(&[4.0, 3.0, 1.0, 1.0], &path).unwrap();
//! assert!((found.g - 32.0 / 54.0).abs() < 1e-12 && found.z > 0.0);
//! ```
//!
//! # Source
//! Getis A, Ord JK (1992), Geogr Anal 24:189–206, doi:10.1111/j.1538-4632.1992.tb00261.x.

use super::{
    convention::{Coding, Convention, Islands, WeightSums, deviations, standard_score},
    lag, whole_map,
};
use crate::{
    model::Weights,
    statistics::numerics::{
        permutation::{TIE, Tally},
        random::Key,
    },
};

/// Links as they are; every region counts. Without islands, as spdep has it, on a [`Weights::subset`].
const BINARY: Convention = Convention { coding: Coding::AsGiven, islands: Islands::Counted };

/// The general G with its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GetisOrd {
    /// The statistic.
    pub g: f64,
    /// Its expectation without pattern.
    pub expectation: f64,
    /// Its variance over all orders of the values.
    pub variance: f64,
    /// Standard score.
    pub z: f64,
}

/// Computes G and its moments.
pub fn global(values: &[f64], weights: &Weights) -> Option<GetisOrd> {
    let sums = WeightSums::of(weights, BINARY)?;
    let products = products(values)?;
    let g = cross_product(values, weights) / products;
    let WeightSums { n, s0, s1, s2 } = sums;
    let expectation = s0 / (n * (n - 1.0));
    let power = |x: f64| [x, x * x, x * x * x, x * x * x * x];
    let [sum, squares, cubes, fourths] = values
        .iter()
        .map(|&x| power(x))
        .fold([0.0; 4], |all, one| std::array::from_fn(|at| all[at] + one[at]));
    let square = s0 * s0;
    let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * square;
    let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * square);
    let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * square);
    let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * square;
    let b4 = s1 - s2 + square;
    let numerator = b0 * squares * squares
        + b1 * fourths
        + b2 * sum * sum * squares
        + b3 * sum * cubes
        + b4 * sum * sum * sum * sum;
    let orders = n * (n - 1.0) * (n - 2.0) * (n - 3.0);
    let variance = numerator / (products * products * orders) - expectation * expectation;
    let z = standard_score(g - expectation, variance, expectation)?;
    Some(GetisOrd { g, expectation, variance, z })
}

/// How often G of random orders of the values reaches the observed one.
pub fn draws(values: &[f64], weights: &Weights, n_draws: u64, key: Key) -> Option<Tally> {
    WeightSums::of(weights, BINARY)?;
    let tie = TIE * products(values)?;
    Some(whole_map::tally(values, n_draws, key, tie, |x| cross_product(x, weights)))
}

/// Σᵢ≠ⱼ xᵢxⱼ; `None` where G is undefined.
fn products(values: &[f64]) -> Option<f64> {
    let is_usable = deviations(values).is_some()
        && values.iter().all(|&value| value >= 0.0)
        && values.iter().filter(|&&value| value > 0.0).count() >= 2;
    let sum: f64 = values.iter().sum();
    is_usable.then(|| values.iter().map(|x| x * (sum - x)).sum())
}

/// Σᵢⱼ wᵢⱼxᵢxⱼ.
fn cross_product(x: &[f64], weights: &Weights) -> f64 {
    (0..x.len()).map(|at| x[at] * lag(x, weights, at)).sum()
}

#[test]
fn where_g_means_nothing_it_is_not_given() {
    let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
    for values in [[1.0; 4], [0.0; 4], [0.0, 0.0, 3.0, 0.0], [-1.0, 2.0, 3.0, 4.0]] {
        assert_eq!(global(&values, &path), None, "{values:?}");
        assert_eq!(draws(&values, &path, 99, Key::new(1, 1)), None, "{values:?}");
    }
    let all = Weights::binary(vec![(0..4).collect(); 4]);
    assert_eq!(global(&[4.0, 3.0, 1.0, 1.0], &all), None, "always 1");
}

#[test]
fn the_variance_is_that_of_all_orders() {
    let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
    let values = [4.0, 3.0, 1.0, 0.0];
    let orders: Vec<[usize; 4]> = (0..256)
        .map(|code| [code % 4, code / 4 % 4, code / 16 % 4, code / 64])
        .filter(|order| (0..4).all(|at| order.contains(&at)))
        .collect();
    assert_eq!(orders.len(), 24);
    let all: Vec<f64> = orders
        .iter()
        .map(|order| cross_product(&order.map(|at| values[at]), &path) / products(&values).unwrap())
        .collect();
    let mean = all.iter().sum::<f64>() / 24.0;
    let variance = all.iter().map(|g| (g - mean) * (g - mean)).sum::<f64>() / 24.0;
    let found = global(&values, &path).unwrap();
    assert!((found.expectation - mean).abs() < 1e-14);
    assert!((found.variance - variance).abs() < 1e-14, "{} {variance}", found.variance);
}
