//! Local Moran, Gi and Gi\*: high and low surroundings, with one draw pass for all three.
//!
//! # Question
//! Which regions have neighbours whose activity is higher, or lower, than chance explains?
//!
//! # Definition
//! With z = x − mean, Σ over the neighbours j of i, k their number:
//!
//! * local Moran Iᵢ = (n − 1)·zᵢ·(Σwᵢⱼzⱼ)/Σz², w row-standardised (esda and GeoDa; spdep divides by Σz²/n instead);
//! * Giᵢ, own value left out, binary weights, standardised: (Σxⱼ − k·x̄₍ᵢ₎)/(s₍ᵢ₎·√(k(n − 1 − k)/(n − 2))), mean and
//!   standard deviation over the others;
//! * Gi\*ᵢ, own value included: (xᵢ + Σxⱼ − (k + 1)·x̄)/(s·√((k + 1)(n − k − 1)/(n − 1)));
//! * quadrant: the signs of zᵢ and of its neighbours' mean; a value exactly at the mean counts as low.
//!
//! [`permute`] keeps the region's own value and puts values drawn without replacement from the other regions on its
//! neighbours. All three statistics then rise, or fall, with the neighbours' sum alone: one test, one draw pass, one p.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | the empirical-Bayes index for rates |
//! | `weights` | [`Weights`] | the same | – | Gi and Gi\* use who is a neighbour, not how strongly |
//! | `plan` | [`Plan`] | – | – | level, draws |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! [`Local`] and [`Outcome`] per region, in the order given.
//!
//! # Undefined
//! `None` for a region without neighbours. [`statistics`] is `None` also when all values are equal, or all others are, or
//! every other region is a neighbour, so that nothing can vary.
//!
//! # Assumptions, and when not to use it
//! Values exchangeable. It cannot find an isolated hot region, whose surroundings are ordinary:
//! [`crate::statistics::own_rate`] can.
//!
//! # Cost and determinism
//! O(links) for the statistics; Θ(draws·k) for each region, most of them dropped early ([`super::sequential`]). Draws
//! are keyed by (seed, surface, region, draw): the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::{model::{Quadrant, Weights}, statistics::spatial::local};
//! let path = Weights::binary((0..6_u32).map(|i| [i.wrapping_sub(1), i + 1].into_iter().filter(|&j| j < 6).collect()).collect());
//! let found = local::statistics(&[9.0, 8.0, 7.0, 1.0, 2.0, 1.0], &path);
//! assert_eq!(found[1].unwrap().quadrant, Quadrant::HighHigh);
//! assert!(found[1].unwrap().gi_star > 1.5 && found[4].unwrap().gi_star < -1.5);
//! ```
//!
//! # Source
//! Anselin L (1995), Geogr Anal 27:93–115, doi:10.1111/j.1538-4632.1995.tb00338.x; Ord JK, Getis A (1995), Geogr Anal
//! 27:286–306, doi:10.1111/j.1538-4632.1995.tb00912.x.

use super::{
    conditional::test,
    lag,
    sequential::{Outcome, Plan},
};
use crate::{
    model::{Quadrant, Weights},
    statistics::numerics::{float::size, permutation::NeighbourSum, random::Key},
};

/// The three statistics of one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Local Moran's I.
    pub local_moran: f64,
    /// Gi as a standard score, own value left out.
    pub gi: f64,
    /// Gi\* as a standard score, own value included.
    pub gi_star: f64,
    /// Own and neighbours' side of the mean.
    pub quadrant: Quadrant,
}

/// Computes the three statistics of every region.
pub fn statistics(values: &[f64], weights: &Weights) -> Vec<Option<Local>> {
    let n = size(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: f64 = z.iter().map(|z| z * z).sum();
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    // Squares smaller than this are what rounding leaves of equal values.
    let nothing = n * (1e-13 * largest) * (1e-13 * largest);
    let one = |at: usize| {
        let k = size(weights.degree(at));
        // Σz² over the others around their own mean.
        let squares_of_others = squares - z[at] * z[at] * n / (n - 1.0);
        if k < 1.0 || n - 1.0 - k < 1.0 || squares <= nothing || squares_of_others <= nothing {
            return None;
        }
        let neighbours: f64 = weights.neighbours(at).iter().map(|&other| z[other as usize]).sum();
        let row: f64 = weights.values(at).iter().sum();
        let around = lag(&z, weights, at) / row;
        let others = n - 1.0;
        let mean_of_others = -z[at] / others;
        let spread_of_others = (squares_of_others / others).sqrt();
        let gi = (neighbours - k * mean_of_others)
            / (spread_of_others * (k * (others - k) / (others - 1.0)).sqrt());
        let gi_star = (z[at] + neighbours)
            / ((squares / n).sqrt() * ((k + 1.0) * (n - k - 1.0) / (n - 1.0)).sqrt());
        Some(Local {
            local_moran: (n - 1.0) * z[at] * around / squares,
            gi,
            gi_star,
            quadrant: match (z[at] > 0.0, around > 0.0) {
                (true, true) => Quadrant::HighHigh,
                (false, true) => Quadrant::LowHigh,
                (false, false) => Quadrant::LowLow,
                (true, false) => Quadrant::HighLow,
            },
        })
    };
    (0..values.len()).map(one).collect()
}

/// Tests every region with neighbours against conditional permutations of its surroundings.
pub fn permute(values: &[f64], weights: &Weights, plan: &Plan, key: Key) -> Vec<Option<Outcome>> {
    let tested: Vec<usize> = (0..values.len()).filter(|&at| weights.degree(at) > 0).collect();
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    test(values, &tested, plan, key, |region| NeighbourSum {
        region,
        weights: weights.values(region as usize),
        term: |value| value,
        observed: lag(values, weights, region as usize),
        largest,
    })
}

#[test]
fn an_island_and_a_constant_map_have_no_statistic() {
    let weights = Weights::binary(vec![vec![1], vec![0, 2], vec![1], vec![]]);
    let found = statistics(&[1.0, 2.0, 5.0, 3.0], &weights);
    assert!(found[0].is_some() && found[3].is_none());
    assert!(statistics(&[0.1; 4], &weights).iter().all(Option::is_none));
    let outcomes =
        permute(&[1.0, 2.0, 5.0, 3.0], &weights, &Plan::reaching(3, 0.05), Key::new(1, 1));
    assert!(outcomes[2].is_some() && outcomes[3].is_none());
}
