//! Local Moran's expectation and variance: its standard score without a single draw.
//!
//! # Question
//! How far is a region's local Moran from what chance gives, in standard deviations?
//!
//! # Definition
//! With z = x − mean, m₂ = Σz²/n, row-standardised weights and W₂ = Σⱼwᵢⱼ²: Iᵢ = zᵢ·Σⱼwᵢⱼzⱼ/m₂ (spdep; esda and GeoDa
//! give (n − 1)/n of it, as [`super::local`] does).
//!
//! * [`conditional`]: the region keeps its value, the others' fall on its neighbours (Sokal, Oden and Thomson):
//!   E = −zᵢ²/((n − 1)·m₂), Var = (zᵢ/m₂)²·n/(n − 2)·(W₂ − 1/(n − 1))·(m₂ − zᵢ²/(n − 1)).
//! * [`total`]: all values fall on all regions (Anselin), b₂ = m₄/m₂²: E = −1/(n − 1),
//!   Var = W₂(n − b₂)/(n − 1) + (1 − W₂)(2b₂ − n)/((n − 1)(n − 2)) − E².
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | the empirical-Bayes index for rates |
//! | `weights` | [`Weights`] | the same | – | – |
//!
//! # Output
//! [`Moments`] per region, in the order given; z as in spdep, where a positive z means alike.
//!
//! # Undefined
//! `None` for a region without neighbours, everywhere below three regions or when all values are equal. z is `None` when
//! nothing can vary: a region exactly at the mean (conditional), or one that neighbours all others.
//!
//! # Assumptions, and when not to use it
//! Shown beside, not decided by: scores of few neighbours are far from normal, so p comes from
//! [`super::local::permute`].
//!
//! # Cost and determinism
//! O(n + links); no randomness.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::local_moran};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let found = local_moran::total(&[1.0, 2.0, 3.0, 4.0], &path);
//! assert!((found[0].unwrap().i - 0.6).abs() < 1e-12 && (found[0].unwrap().expectation + 1.0 / 3.0).abs() < 1e-12);
//! ```
//!
//! # Source
//! Anselin L (1995), doi:10.1111/j.1538-4632.1995.tb00338.x; Sokal RR, Oden NL, Thomson BA (1998), Geogr Anal 30:331–354,
//! doi:10.1111/j.1538-4632.1998.tb00406.x.

use super::{
    convention::{deviations, standard_score},
    lag,
};
use crate::{model::Weights, statistics::numerics::float::size};

/// Local Moran with its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// The statistic, over Σz²/n.
    pub i: f64,
    /// Its expectation.
    pub expectation: f64,
    /// Its variance.
    pub variance: f64,
    /// Standard score.
    pub z: Option<f64>,
}

/// Moments when the region keeps its value.
pub fn conditional(values: &[f64], weights: &Weights) -> Vec<Option<Moments>> {
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    moments(values, weights, |map, own, w2| {
        let (n, m2) = (map.n, map.m2);
        // At the mean the sum is multiplied by what rounding leaves of 0.
        let own = if own.abs() > 1e-13 * largest { own } else { 0.0 };
        let relative = own * own / m2;
        let variance =
            relative * n / (n - 2.0) * (w2 - 1.0 / (n - 1.0)) * (1.0 - relative / (n - 1.0));
        (-relative / (n - 1.0), variance, (relative * w2).sqrt())
    })
}

/// Moments when all values are moved.
pub fn total(values: &[f64], weights: &Weights) -> Vec<Option<Moments>> {
    moments(values, weights, |map, _, w2| {
        let (n, b2) = (map.n, map.b2);
        let expectation = -1.0 / (n - 1.0);
        let square =
            w2 * (n - b2) / (n - 1.0) + (1.0 - w2) * (2.0 * b2 - n) / ((n - 1.0) * (n - 2.0));
        (expectation, square - expectation * expectation, expectation)
    })
}

/// What the moments need of all values.
struct Map {
    n: f64,
    m2: f64,
    b2: f64,
}

/// `of` gives expectation, variance, and what the variance is small beside.
fn moments(
    values: &[f64],
    weights: &Weights,
    of: impl Fn(&Map, f64, f64) -> (f64, f64, f64),
) -> Vec<Option<Moments>> {
    let Some(z) = deviations(values).filter(|z| z.len() > 2) else {
        return vec![None; values.len()];
    };
    let n = size(z.len());
    let m2 = z.iter().map(|z| z * z).sum::<f64>() / n;
    let m4 = z.iter().map(|z| z * z * z * z).sum::<f64>() / n;
    let map = Map { n, m2, b2: m4 / (m2 * m2) };
    let one = |at: usize| {
        let row: f64 = weights.values(at).iter().sum();
        let w2 = weights.values(at).iter().map(|w| w * w).sum::<f64>() / (row * row);
        let i = z[at] * (lag(&z, weights, at) / row) / m2;
        let (expectation, variance, scale) = of(&map, z[at], w2);
        let z = standard_score(i - expectation, variance, scale);
        Moments { i, expectation, variance: variance.max(0.0), z }
    };
    (0..z.len()).map(|at| (weights.degree(at) > 0).then(|| one(at))).collect()
}

#[test]
fn conditional_moments_are_those_of_all_choices() {
    // The first region's two neighbours are any two of the four others.
    let values = [2.0, 1.0, 3.0, 7.0, 4.5];
    let weights = Weights::binary(vec![vec![1, 3], vec![0], vec![], vec![0], vec![]]);
    let z = deviations(&values).unwrap();
    let m2 = z.iter().map(|z| z * z).sum::<f64>() / 5.0;
    let choices = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]
        .map(|(a, b): (usize, usize)| z[0] * f64::midpoint(z[a], z[b]) / m2);
    let mean = choices.iter().sum::<f64>() / 6.0;
    let variance = choices.iter().map(|i| (i - mean) * (i - mean)).sum::<f64>() / 6.0;
    let found = conditional(&values, &weights)[0].unwrap();
    assert!((found.i - choices[1]).abs() < 1e-14);
    assert!((found.expectation - mean).abs() < 1e-14);
    assert!((found.variance - variance).abs() < 1e-14, "{} {variance}", found.variance);
}

#[test]
fn where_nothing_varies_there_is_no_score() {
    // The middle value is the mean; the second region neighbours all others.
    let weights = Weights::binary(vec![vec![1], vec![0, 2, 3, 4], vec![1], vec![1], vec![]]);
    let found = conditional(&[2.0, 1.0, 3.0, 5.0, 4.0], &weights);
    assert_eq!((found[2].unwrap().z, found[1].unwrap().z), (None, None));
    assert!(found[0].unwrap().z.is_some() && found[4].is_none());
    assert!(total(&[0.1; 5], &weights).iter().all(Option::is_none));
    assert!(
        total(&[1.0, 2.0], &Weights::binary(vec![vec![1], vec![0]])).iter().all(Option::is_none)
    );
}
