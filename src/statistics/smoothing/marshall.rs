//! Marshall's empirical Bayes smoothing of rates, global and by neighbourhood.
//!
//! # Question
//! What would a region's rate be if its small numbers were steadied by the other regions?
//!
//! # Definition
//! With rates rᵢ = oᵢ/Pᵢ, over the regions j of the reference set: b = Σo/ΣP, a = ΣPⱼ(rⱼ − b)²/ΣP − b/mean(P),
//! a⁺ = max(0, a), smoothed rate = b + (rᵢ − b)·a⁺/(a⁺ + b/Pᵢ). Global: the set is all regions. Spatial: the
//! neighbours of i, with i itself or without ([`SelfIn`]). a is cut at 0 once, and no dispersion φ is applied.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `events` | `&[u64]` | one per region | events | – |
//! | `population` | `&[f64]` | the same | persons or person-years | > 0 |
//! | `weights` | [`Weights`] | the same | – | who neighbours whom; weights themselves are not used |
//!
//! # Output
//! Rates per unit of `population`.
//!
//! # Undefined
//! [`global`]: `None` when a population is not positive or there is no region. [`spatial`]: `None` for a region without
//! neighbours when it is itself left out. A set without events gives its members' smoothed rate as 0.
//!
//! # Assumptions, and when not to use it
//! No interval comes with it; use [`super::gamma_poisson`] for anything that is decided on.
//!
//! # Cost and determinism
//! O(n) and O(links); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::smoothing::marshall;
//! let smoothed = marshall::global(&[0, 5, 40], &[100.0, 1000.0, 4000.0]).unwrap();
//! assert!((smoothed.mean - 45.0 / 5100.0).abs() < 1e-15);
//! assert!(smoothed.rates[0] > 0.0 && smoothed.rates[0] < smoothed.mean);
//! ```
//!
//! # Source
//! Marshall RJ (1991), J R Stat Soc C 40:283–294, doi:10.2307/2347593.

use crate::{
    model::Weights,
    statistics::numerics::float::{real, size},
};

/// Rates smoothed towards the country's.
#[derive(Debug, Clone, PartialEq)]
pub struct Global {
    /// Prior mean b: the country's rate.
    pub mean: f64,
    /// Prior variance a⁺.
    pub variance: f64,
    /// Whether the moment estimate a was negative and cut at 0: all rates are then the mean.
    pub clamped: bool,
    /// Smoothed rates.
    pub rates: Vec<f64>,
}

/// Whether a region belongs to its own neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfIn {
    /// It does, as in esda, GeoDa and spdep.
    Included,
    /// Only its neighbours say what is likely.
    LeftOut,
}

/// Smooths towards the country's rate.
pub fn global(events: &[u64], population: &[f64]) -> Option<Global> {
    if population.iter().any(|&persons| persons <= 0.0) {
        return None;
    }
    let prior = prior(events, population, 0..events.len())?;
    let rates = (0..events.len()).map(|at| prior.shrink(events[at], population[at])).collect();
    let Prior { mean, variance } = prior;
    Some(Global { mean, variance: variance.max(0.0), clamped: variance < 0.0, rates })
}

/// Smooths every region towards the rate of its neighbourhood.
pub fn spatial(
    events: &[u64],
    population: &[f64],
    weights: &Weights,
    self_in: SelfIn,
) -> Vec<Option<f64>> {
    let one = |at: usize| {
        let own = (self_in == SelfIn::Included).then_some(at);
        let members = weights.neighbours(at).iter().map(|&other| other as usize).chain(own);
        Some(prior(events, population, members)?.shrink(events[at], population[at]))
    };
    (0..events.len()).map(one).collect()
}

struct Prior {
    mean: f64,
    /// The moment estimate, not yet cut at 0.
    variance: f64,
}

fn prior(
    events: &[u64],
    population: &[f64],
    members: impl Iterator<Item = usize> + Clone,
) -> Option<Prior> {
    let n = members.clone().count();
    let total: u64 = members.clone().map(|at| events[at]).sum();
    let persons: f64 = members.clone().map(|at| population[at]).sum();
    if n == 0 || persons <= 0.0 {
        return None;
    }
    let mean = real(total) / persons;
    let squares: f64 = members
        .map(|at| {
            let difference = real(events[at]) / population[at] - mean;
            population[at] * difference * difference
        })
        .sum();
    Some(Prior { mean, variance: squares / persons - mean / (persons / size(n)) })
}

impl Prior {
    fn shrink(&self, events: u64, population: f64) -> f64 {
        let variance = self.variance.max(0.0);
        let noise = self.mean / population;
        if variance + noise <= 0.0 {
            return self.mean;
        }
        self.mean + (real(events) / population - self.mean) * variance / (variance + noise)
    }
}
