//! Geary's C: do neighbours differ less than regions drawn by chance?
//!
//! # Question
//! Is a map patterned, judged by the differences between neighbours rather than by their common distance from the mean?
//!
//! # Definition
//! With z = x − mean and weights w: C = (n − 1)·Σᵢⱼwᵢⱼ(xᵢ − xⱼ)²/(2·S₀·Σz²), S₀ = Σw. Without pattern E(C) = 1; below 1
//! neighbours are alike. The variances under normality and under randomisation are Cliff and Ord's. [`draws`] puts the
//! values on the regions in random order.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | at least 4, not all equal |
//! | `weights` | [`Weights`] | the same | – | some link |
//! | `convention` | [`Convention`] | – | – | coding of links, whether islands count |
//!
//! # Output
//! [`Geary`], without unit; z is negative where neighbours are alike, as in esda (spdep turns the sign). [`draws`] gives a
//! tally for [`crate::statistics::numerics::pvalue`]; its lower tail is the one of likeness.
//!
//! # Undefined
//! `None` below four regions, without links, or when all values are equal; [`global`] also when no order of the values
//! could give another C.
//!
//! # Assumptions, and when not to use it
//! Values exchangeable: use [`super::empirical_bayes_index`] for rates. More sensitive to single large differences than
//! [`super::moran`], which is the global test of a surface.
//!
//! # Cost and determinism
//! O(n + links) per draw; draws keyed by their number, counted as integers: the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::spatial::{Convention, geary}};
//! let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]);
//! let rising = geary::global(&[1.0, 2.0, 3.0, 4.0], &path, Convention::default()).unwrap();
//! assert!((rising.c - 0.3).abs() < 1e-12 && rising.z_normal < 0.0);
//! ```
//!
//! # Source
//! Geary RC (1954), The Incorporated Statistician 5:115–145, doi:10.2307/2986645; Cliff AD, Ord JK (1981), *Spatial
//! Processes*.

use super::{
    convention::{Convention, WeightSums, deviations, standard_score},
    whole_map,
};
use crate::{
    model::Weights,
    statistics::numerics::{float::size, permutation::Tally, random::Key},
};

/// Geary's C with its moments; its expectation is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geary {
    /// The statistic.
    pub c: f64,
    /// Its variance when values are normal.
    pub variance_normal: f64,
    /// Standard score with that variance.
    pub z_normal: f64,
    /// Its variance over all orders of the values.
    pub variance_randomised: f64,
    /// Standard score with that variance.
    pub z_randomised: f64,
}

/// Computes Geary's C and its moments.
pub fn global(values: &[f64], weights: &Weights, convention: Convention) -> Option<Geary> {
    let WeightSums { n, s0, s1, s2 } = WeightSums::of(weights, convention)?;
    let z = deviations(values)?;
    let m2: f64 = z.iter().map(|z| z * z).sum();
    let m4: f64 = z.iter().map(|z| z * z * z * z).sum();
    let differences = squared_differences(&z, &whole_map::pairs(weights, convention));
    let c = (n - 1.0) * differences / (2.0 * s0 * m2);
    let variance_normal =
        ((2.0 * s1 + s2) * (n - 1.0) - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0);
    let kurtosis = size(values.len()) * m4 / (m2 * m2);
    let first = (n - 1.0) * s1 * (n * n - 3.0 * n + 3.0 - kurtosis * (n - 1.0));
    let second = 0.25 * (n - 1.0) * s2 * (n * n + 3.0 * n - 6.0 - kurtosis * (n * n - n + 2.0));
    let third = s0 * s0 * (n * n - 3.0 - kurtosis * (n - 1.0) * (n - 1.0));
    let variance_randomised = (first - second + third) / (n * (n - 2.0) * (n - 3.0) * s0 * s0);
    // Beside a variance of 0 stand terms of about 1/n.
    let scale = 1.0 / n;
    Some(Geary {
        c,
        variance_normal,
        z_normal: standard_score(c - 1.0, variance_normal, scale)?,
        variance_randomised,
        z_randomised: standard_score(c - 1.0, variance_randomised, scale)?,
    })
}

/// How often Geary's C of random orders of the values reaches the observed one.
pub fn draws(
    values: &[f64],
    weights: &Weights,
    convention: Convention,
    n_draws: u64,
    key: Key,
) -> Option<Tally> {
    whole_map::tally_links(values, weights, convention, n_draws, key, squared_differences)
}

/// Σᵢⱼ wᵢⱼ(xᵢ − xⱼ)² over [`whole_map::pairs`].
fn squared_differences(x: &[f64], pairs: &Weights) -> f64 {
    let row = |at: usize| -> f64 {
        let links = pairs.neighbours(at).iter().zip(pairs.values(at));
        let term = |(&other, weight): (&u32, &f64)| {
            let difference = x[at] - x[other as usize];
            weight * difference * difference
        };
        links.map(term).sum()
    };
    (0..x.len()).map(row).sum()
}

#[test]
fn alternating_neighbours_are_as_unlike_as_can_be() {
    let ring = Weights::binary((0..6_u32).map(|i| vec![(i + 5) % 6, (i + 1) % 6]).collect());
    let found = global(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], &ring, Convention::default()).unwrap();
    // Every difference is 1: (n − 1)·n/(2·n·n/4) = 2·5/6.
    assert!((found.c - 10.0 / 6.0).abs() < 1e-12 && found.z_randomised > 0.0, "{found:?}");
    let tally =
        draws(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], &ring, Convention::default(), 999, Key::new(2, 2));
    // Two of the twenty orders reach it.
    assert!(tally.unwrap().n_greater.abs_diff(100) < 50 && tally.unwrap().n_less == 999);
}

#[test]
fn a_constant_map_an_empty_one_and_one_that_cannot_change_have_no_c() {
    let ring = Weights::binary((0..6_u32).map(|i| vec![(i + 5) % 6, (i + 1) % 6]).collect());
    let convention = Convention::default();
    assert_eq!(global(&[0.1; 6], &ring, convention), None);
    assert_eq!(global(&[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], &ring, convention), None);
    assert_eq!(
        global(&[1.0, 2.0, 3.0], &Weights::binary(vec![vec![1], vec![0], vec![]]), convention),
        None
    );
    assert_eq!(draws(&[0.1; 6], &ring, convention, 99, Key::new(1, 1)), None);
}
