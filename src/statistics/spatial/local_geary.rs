//! Local Geary: which regions are like their neighbours, and which unlike?
//!
//! # Question
//! Local Moran asks whether a region and its surroundings are on the same side of the mean. Is a region simply close to its
//! neighbours, wherever the mean is?
//!
//! # Definition
//! With z = (x − mean)/s, s² with n − 1, and row-standardised weights: cᵢ = Σⱼwᵢⱼ(zᵢ − zⱼ)² (spdep and GeoDa; esda
//! divides by n instead, so its values are n/(n − 1) times these). The expectation and variance of cᵢ when the region
//! keeps its value and the others' fall on its neighbours are exact. [`permute`] draws them so; the lower tail is likeness.
//! Below the expectation the association is positive: both sides of the mean tell whether of high or of low values.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | the empirical-Bayes index for rates |
//! | `weights` | [`Weights`] | the same | – | – |
//! | `plan` | [`Plan`] | – | – | level, draws |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! [`LocalGeary`] and [`Outcome`] per region, in the order given.
//!
//! # Undefined
//! `None` for a region without neighbours, and everywhere when all values are equal; [`statistics`] also below three
//! regions.
//!
//! # Assumptions, and when not to use it
//! Values exchangeable. It is not a hotbed test: a low cᵢ says alike, not high.
//!
//! # Cost and determinism
//! O(n + links) for the statistics; draws as in [`super::local`], the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::local_geary::{self, Association}};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let found = local_geary::statistics(&[9.0, 8.0, 1.0, 1.0], &path);
//! assert_eq!(found[0].unwrap().association, Association::HighHigh);
//! assert_eq!(found[3].unwrap().association, Association::LowLow);
//! assert_eq!(found[3].unwrap().c, 0.0);
//! ```
//!
//! # Source
//! Anselin L (1995), doi:10.1111/j.1538-4632.1995.tb00338.x; Anselin L (2019), Geogr Anal 51:133–150,
//! doi:10.1111/gean.12164; Sokal RR, Oden NL, Thomson BA (1998), doi:10.1111/j.1538-4632.1998.tb00406.x (moments).

use super::{
    conditional::test,
    convention::deviations,
    lag,
    sequential::{Outcome, Plan},
};
use crate::{
    model::Weights,
    statistics::numerics::{float::size, permutation::NeighbourSum, random::Key},
};

/// What a region has in common with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Association {
    /// Alike, and above the mean.
    HighHigh,
    /// Alike, and not above the mean.
    LowLow,
    /// Alike, on different sides of the mean.
    OtherPositive,
    /// Unlike.
    Negative,
}

/// Local Geary of one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalGeary {
    /// The statistic.
    pub c: f64,
    /// Its expectation when the others' values fall on the neighbours by chance.
    pub expectation: f64,
    /// Its variance in the same way; 0 when every other region is a neighbour.
    pub variance: f64,
    /// What the region has in common with its neighbours.
    pub association: Association,
}

/// Computes local Geary of every region.
pub fn statistics(values: &[f64], weights: &Weights) -> Vec<Option<LocalGeary>> {
    let Some(z) = scores(values).filter(|z| z.len() > 2) else { return vec![None; values.len()] };
    let power = |p: i32| -> f64 { z.iter().map(|z| (0..p).map(|_| z).product::<f64>()).sum() };
    let [squares, cubes, fourths] = [2, 3, 4].map(power);
    let n = size(z.len());
    let others = n - 1.0;
    let one = |at: usize| {
        if weights.degree(at) == 0 {
            return None;
        }
        let own = z[at];
        let row: f64 = weights.values(at).iter().sum();
        let c = sum(&z, weights, at) / row;
        // Mean and variance of (zᵢ − zⱼ)² over the others, from power sums: Σz is 0.
        let mean = (n * own * own + squares) / others;
        let own_square = own * own;
        let square =
            n * own_square * own_square + 6.0 * own_square * squares - 4.0 * own * cubes + fourths;
        let spread = (square - others * mean * mean).max(0.0) / (others - 1.0);
        let concentration: f64 =
            weights.values(at).iter().map(|weight| weight * weight).sum::<f64>() / (row * row);
        let around = lag(&z, weights, at) > 0.0;
        Some(LocalGeary {
            c,
            expectation: mean,
            variance: spread * (concentration - 1.0 / others).max(0.0),
            association: match (c < mean, own > 0.0, around) {
                (false, _, _) => Association::Negative,
                (true, true, true) => Association::HighHigh,
                (true, false, false) => Association::LowLow,
                (true, _, _) => Association::OtherPositive,
            },
        })
    };
    (0..z.len()).map(one).collect()
}

/// Tests every region with neighbours against conditional permutations of its surroundings.
pub fn permute(values: &[f64], weights: &Weights, plan: &Plan, key: Key) -> Vec<Option<Outcome>> {
    let Some(z) = scores(values) else { return vec![None; values.len()] };
    let tested: Vec<usize> = (0..z.len()).filter(|&at| weights.degree(at) > 0).collect();
    let (least, most) =
        z.iter().fold((0.0_f64, 0.0_f64), |(least, most), &z| (least.min(z), most.max(z)));
    test(&z, &tested, plan, key, |region| {
        let own = z[region as usize];
        NeighbourSum {
            region,
            weights: weights.values(region as usize),
            term: move |other: f64| (own - other) * (own - other),
            observed: sum(&z, weights, region as usize),
            largest: (most - least) * (most - least),
        }
    })
}

/// (x − mean)/s; `None` when all values are equal.
fn scores(values: &[f64]) -> Option<Vec<f64>> {
    let z = deviations(values)?;
    let spread = (z.iter().map(|z| z * z).sum::<f64>() / (size(z.len()) - 1.0)).sqrt();
    Some(z.iter().map(|z| z / spread).collect())
}

/// Σⱼ wᵢⱼ(zᵢ − zⱼ)² with the weights as they are.
fn sum(z: &[f64], weights: &Weights, at: usize) -> f64 {
    let links = weights.neighbours(at).iter().zip(weights.values(at));
    links.map(|(&other, w)| w * (z[at] - z[other as usize]) * (z[at] - z[other as usize])).sum()
}

#[test]
fn expectation_and_variance_are_those_of_all_choices() {
    // The first region's two neighbours are any two of the four others.
    let values = [2.0, 1.0, 3.0, 7.0, 4.0];
    let weights = Weights::binary(vec![vec![1, 3], vec![0], vec![], vec![0], vec![]]);
    let z = scores(&values).unwrap();
    let difference = |at: usize| (z[0] - z[at]) * (z[0] - z[at]);
    let choices: Vec<f64> = [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]
        .map(|(a, b)| f64::midpoint(difference(a), difference(b)))
        .to_vec();
    let mean = choices.iter().sum::<f64>() / 6.0;
    let variance = choices.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 6.0;
    let found = statistics(&values, &weights)[0].unwrap();
    assert!((found.c - choices[1]).abs() < 1e-14);
    assert!((found.expectation - mean).abs() < 1e-14);
    assert!((found.variance - variance).abs() < 1e-14, "{} {variance}", found.variance);
}

#[test]
fn islands_constant_maps_and_maps_of_one_have_none() {
    let weights = Weights::binary(vec![vec![1], vec![0, 2], vec![1], vec![]]);
    let found = statistics(&[1.0, 2.0, 5.0, 3.0], &weights);
    assert!(found[0].is_some() && found[3].is_none());
    assert!(statistics(&[0.1; 4], &weights).iter().all(Option::is_none));
    let plan = Plan::reaching(3, 0.05);
    let outcomes = permute(&[1.0, 2.0, 5.0, 3.0], &weights, &plan, Key::new(1, 1));
    assert!(outcomes[2].is_some() && outcomes[3].is_none());
    assert!(permute(&[0.1; 4], &weights, &plan, Key::new(1, 1)).iter().all(Option::is_none));
    let alone = Weights::binary(vec![vec![]]);
    assert_eq!(statistics(&[1.0], &alone), [None]);
    assert_eq!(permute(&[1.0], &alone, &plan, Key::new(1, 1)), [None]);
}
