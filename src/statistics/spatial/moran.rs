//! Moran's I: is a map patterned at all?
//!
//! # Question
//! Do neighbouring regions have more similar values than regions drawn by chance?
//!
//! # Definition
//! With z = x − mean and weights w: I = (n/S₀)·Σᵢzᵢ·Σⱼwᵢⱼzⱼ/Σz², S₀ = Σw. E(I) = −1/(n − 1). The variances under
//! normality and under randomisation are Cliff and Ord's. The p of [`permute`] comes from random orders of all values,
//! two-sided. [`global`] and [`permute`] row-standardise (each region's links add up to 1) and count every region;
//! [`global_by`] and [`draws`] take another [`Convention`].
//!
//! For rates, I of the empirical-Bayes index is Assunção and Reis's statistic, and its random orders are their test.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | at least 4, not all equal |
//! | `weights` | [`Weights`] | the same | – | some link |
//! | `convention` | [`Convention`] | – | – | coding of links, whether islands count |
//!
//! # Output
//! [`Moran`], without unit; [`draws`] a tally for [`crate::statistics::numerics::pvalue`]. Regions without neighbours
//! add nothing to the sum; callers leave them out beforehand.
//!
//! # Undefined
//! `None` below four regions, without links, or when all values are equal; [`global_by`] also when no order of the values
//! could give another I, as when every region neighbours every other.
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
//! Moran PAP (1950), Biometrika 37:17–23, doi:10.1093/biomet/37.1-2.17; Cliff AD, Ord JK (1981), *Spatial Processes*;
//! Assunção RM, Reis EA (1999), `doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I` (rates).

use super::{
    convention::{Convention, WeightSums, deviations, standard_score},
    lag, whole_map,
};
use crate::{
    model::Weights,
    statistics::numerics::{
        float::size,
        permutation::Tally,
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

/// Computes Moran's I and its moments with row-standardised links, counting every region.
pub fn global(values: &[f64], weights: &Weights) -> Option<Moran> {
    global_by(values, weights, Convention::default())
}

/// [`global`] under another convention.
pub fn global_by(values: &[f64], weights: &Weights, convention: Convention) -> Option<Moran> {
    let WeightSums { n, s0, s1, s2 } = WeightSums::of(weights, convention)?;
    let z = deviations(values)?;
    let m2: f64 = z.iter().map(|z| z * z).sum();
    let m4: f64 = z.iter().map(|z| z * z * z * z).sum();
    let i = n / s0 * cross_product(&z, &whole_map::pairs(weights, convention)) / m2;
    let expectation = -1.0 / (n - 1.0);
    let square = expectation * expectation;
    let variance_normal =
        (n * n * s1 - n * s2 + 3.0 * s0 * s0) / ((n * n - 1.0) * s0 * s0) - square;
    let kurtosis = size(values.len()) * m4 / (m2 * m2);
    let first = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0 * s0);
    let second = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0 * s0);
    let variance_randomised =
        (first - second) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0 * s0) - square;
    Some(Moran {
        i,
        expectation,
        variance_normal,
        z_normal: standard_score(i - expectation, variance_normal, expectation)?,
        variance_randomised,
        z_randomised: standard_score(i - expectation, variance_randomised, expectation)?,
    })
}

/// The two-sided p of Moran's I from `n_draws` random orders of the values.
pub fn permute(values: &[f64], weights: &Weights, n_draws: u64, key: Key) -> Option<f64> {
    let tally = draws(values, weights, Convention::default(), n_draws, key)?;
    Some(p_value(Alternative::TwoSided, tally, n_draws))
}

/// How often Moran's I of random orders of the values reaches the observed one.
pub fn draws(
    values: &[f64],
    weights: &Weights,
    convention: Convention,
    n_draws: u64,
    key: Key,
) -> Option<Tally> {
    whole_map::tally_links(values, weights, convention, n_draws, key, cross_product)
}

/// Σᵢ zᵢ·Σⱼ wᵢⱼ zⱼ over [`whole_map::pairs`].
fn cross_product(z: &[f64], pairs: &Weights) -> f64 {
    (0..z.len()).map(|at| z[at] * lag(z, pairs, at)).sum()
}

#[test]
fn a_constant_map_has_no_moran() {
    let ring = Weights::binary((0..6_u32).map(|i| vec![(i + 5) % 6, (i + 1) % 6]).collect());
    assert_eq!(global(&[2.0; 6], &ring), None);
    assert_eq!(permute(&[2.0; 6], &ring, 99, Key::new(1, 1)), None);
    let p = permute(&[1.0, 2.0, 3.0, 3.5, 2.0, 1.0], &ring, 999, Key::new(1, 1)).unwrap();
    assert!(p > 0.0 && p < 0.3, "{p}");
}

#[test]
fn a_map_that_no_order_can_change_has_no_moments() {
    // One event on a ring is the same map wherever it falls; where all are neighbours, I is always −1/(n − 1).
    let ring = Weights::binary((0..6_u32).map(|i| vec![(i + 5) % 6, (i + 1) % 6]).collect());
    let one = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
    assert_eq!(global(&one, &ring), None);
    assert_eq!(permute(&one, &ring, 99, Key::new(1, 1)), Some(1.0));
    let all = Weights::binary(vec![(0..6).collect(); 6]);
    assert_eq!(global(&[1.0, 2.0, 3.0, 3.5, 2.0, 1.0], &all), None);
}
