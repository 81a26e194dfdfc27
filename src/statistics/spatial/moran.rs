//! Moran's I: is a map patterned at all?
//!
//! # Question
//! Do neighbouring regions have more similar values than regions drawn by chance?
//!
//! # Definition
//! With z = x − mean and row-standardised weights w (each region's links add up to 1): I = (n/S₀)·Σᵢzᵢ·Σⱼwᵢⱼzⱼ/Σz²,
//! S₀ = Σw. E(I) = −1/(n − 1). The variances under normality and under randomisation are Cliff and Ord's. The p of
//! [`permute`] comes from random orders of all values, two-sided.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | at least 4, not all equal |
//! | `weights` | [`Weights`] | the same | – | some link |
//!
//! # Output
//! [`Moran`], without unit. Regions without neighbours count in n and add nothing to the sum, as in esda; callers
//! leave them out beforehand.
//!
//! # Undefined
//! `None` below four regions, without links, or when all values are equal.
//!
//! # Assumptions, and when not to use it
//! Values exchangeable: use [`super::empirical_bayes_index`] for rates. z-scores are approximations shown beside; p is
//! the permutation's.
//!
//! # Cost and determinism
//! O(n + links) per draw; draws keyed by their number, counted as integers: the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::moran};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let rising = moran::global(&[1.0, 2.0, 3.0, 4.0], &path).unwrap();
//! assert!((rising.i - 0.4).abs() < 1e-12 && (rising.expectation + 1.0 / 3.0).abs() < 1e-12);
//! ```
//!
//! # Source
//! Moran PAP (1950), Biometrika 37:17–23, doi:10.1093/biomet/37.1-2.17; Cliff AD, Ord JK (1981), *Spatial Processes*.

use rayon::prelude::*;

use super::{WHOLE_MAP, lag};
use crate::{
    model::Weights,
    statistics::numerics::{
        float::size,
        permutation::{TIE, Tally, shuffle},
        pvalue::{Alternative, p_value},
        random::Key,
    },
};

/// Moran's I with its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moran {
    /// The statistic.
    pub i: f64,
    /// Its expectation without pattern.
    pub expectation: f64,
    /// Its variance when values are normal.
    pub variance_normal: f64,
    /// Standard score with that variance.
    pub z_normal: f64,
    /// Its variance over all orders of the values.
    pub variance_randomised: f64,
    /// Standard score with that variance.
    pub z_randomised: f64,
}

/// Computes Moran's I and its moments.
pub fn global(values: &[f64], weights: &Weights) -> Option<Moran> {
    let z = deviations(values, weights)?;
    let n = size(values.len());
    let m2: f64 = z.iter().map(|z| z * z).sum();
    let m4: f64 = z.iter().map(|z| z * z * z * z).sum();
    let sums = WeightSums::of(weights);
    let WeightSums { s0, s1, s2 } = sums;
    let i = n / s0 * cross_product(&z, weights, &row_sums(weights)) / m2;
    let expectation = -1.0 / (n - 1.0);
    let square = expectation * expectation;
    let variance_normal =
        (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n * n - 1.0) * s0 * s0) - square;
    let kurtosis = n * m4 / (m2 * m2);
    let first = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    let second = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    let variance_randomised =
        (first - second) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - square;
    Some(Moran {
        i,
        expectation,
        variance_normal,
        z_normal: (i - expectation) / variance_normal.sqrt(),
        variance_randomised,
        z_randomised: (i - expectation) / variance_randomised.sqrt(),
    })
}

/// The two-sided p of Moran's I from `n_draws` random orders of the values.
pub fn permute(values: &[f64], weights: &Weights, n_draws: u64, key: Key) -> Option<f64> {
    let z = deviations(values, weights)?;
    let rows = row_sums(weights);
    let observed = cross_product(&z, weights, &rows);
    let tie = TIE * z.iter().map(|z| z * z).sum::<f64>();
    let tally = (0..n_draws)
        .into_par_iter()
        .map_init(
            || z.clone(),
            |drawn, draw| {
                drawn.copy_from_slice(&z);
                shuffle(drawn, &mut key.stream(WHOLE_MAP, draw));
                let mut tally = Tally::default();
                tally.add(cross_product(drawn, weights, &rows), observed, tie);
                tally
            },
        )
        .reduce(Tally::default, Tally::plus);
    Some(p_value(Alternative::TwoSided, tally, n_draws))
}

/// Values less their mean; `None` where Moran's I is undefined.
fn deviations(values: &[f64], weights: &Weights) -> Option<Vec<f64>> {
    if values.len() < 4 || weights.n_links() == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / size(values.len());
    let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    z.iter().any(|z| z.abs() > 1e-13 * largest).then_some(z)
}

fn row_sums(weights: &Weights) -> Vec<f64> {
    (0..weights.n()).map(|at| weights.values(at).iter().sum()).collect()
}

/// Σᵢ zᵢ·Σⱼ wᵢⱼ zⱼ with row-standardised weights.
fn cross_product(z: &[f64], weights: &Weights, rows: &[f64]) -> f64 {
    (0..z.len()).filter(|&at| rows[at] > 0.0).map(|at| z[at] * lag(z, weights, at) / rows[at]).sum()
}

/// S₀ = Σw, S₁ = ½Σ(wᵢⱼ + wⱼᵢ)², S₂ = Σ(row sum + column sum)², of row-standardised weights.
struct WeightSums {
    s0: f64,
    s1: f64,
    s2: f64,
}

impl WeightSums {
    fn of(weights: &Weights) -> Self {
        let rows = row_sums(weights);
        let weight = |from: usize, to: usize| {
            let at = weights.neighbours(from).iter().position(|&other| other as usize == to);
            at.map_or(0.0, |at| weights.values(from)[at] / rows[from])
        };
        let mut columns = vec![0.0; weights.n()];
        let (mut s0, mut s1) = (0.0, 0.0);
        for (from, row) in rows.iter().enumerate() {
            for (&to, &value) in weights.neighbours(from).iter().zip(weights.values(from)) {
                let forth = value / row;
                let back = weight(to as usize, from);
                s0 += forth;
                columns[to as usize] += forth;
                // A pair linked both ways is met twice; one linked one way only once, and counts double.
                s1 += if back > 0.0 { 0.5 } else { 1.0 } * (forth + back) * (forth + back);
            }
        }
        let s2 = rows
            .iter()
            .zip(&columns)
            .map(|(&row, column)| {
                let both = if row > 0.0 { 1.0 } else { 0.0 } + column;
                both * both
            })
            .sum();
        Self { s0, s1, s2 }
    }
}

#[test]
fn a_constant_map_has_no_moran() {
    let ring = Weights::binary((0..6_u32).map(|i| vec![(i + 5) % 6, (i + 1) % 6]).collect());
    assert_eq!(global(&[2.0; 6], &ring), None);
    assert_eq!(permute(&[2.0; 6], &ring, 99, Key::new(1, 1)), None);
    let p = permute(&[1.0, 2.0, 3.0, 3.5, 2.0, 1.0], &ring, 999, Key::new(1, 1)).unwrap();
    assert!(p > 0.0 && p < 0.3, "{p}");
}
