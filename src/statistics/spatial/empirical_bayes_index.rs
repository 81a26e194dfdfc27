//! The empirical-Bayes index: rates standardised by how uncertain each is.
//!
//! # Question
//! How far is a region's rate from the country's, in units that do not depend on its population?
//!
//! # Definition
//! With rates rᵢ = oᵢ/Pᵢ, b = Σo/ΣP, a = ΣPᵢ(rᵢ − b)²/ΣP − b/mean(P): zᵢ = (rᵢ − b)/√vᵢ, vᵢ = a + b/Pᵢ. Where a is so
//! negative that vᵢ ≤ 0, vᵢ = b/Pᵢ for that region alone, and the regions concerned are counted.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `events` | `&[u64]` | one per region | events | – |
//! | `population` | `&[f64]` | the same | persons or person-years | > 0 |
//!
//! # Output
//! [`Standardised`] values without unit, in the order given.
//!
//! # Undefined
//! `None` without events, without regions, or when a population is not positive.
//!
//! # Assumptions, and when not to use it
//! Needs enough events for rates to be roughly symmetric: with a median expected count below 1 the values are not
//! exchangeable, and [`super::model_based`] replaces permutation. Where a is negative, values equal esda's; spdep and
//! GeoDa set a to 0 for all regions instead, which gives smaller values.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::spatial::empirical_bayes_index;
//! let index = empirical_bayes_index::standardise(&[1, 9, 4], &[100.0, 300.0, 200.0]).unwrap();
//! assert!(index.values[0] < 0.0 && index.values[1] > 0.0);
//! ```
//!
//! # Source
//! Assunção RM, Reis EA (1999), Stat Med 18:2147–2162,
//! `doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I`.

use crate::statistics::numerics::float::{real, size};

/// Standardised rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// One per region.
    pub values: Vec<f64>,
    /// Regions whose variance had to be replaced.
    pub n_clamped: usize,
}

/// Standardises every region's rate.
pub fn standardise(events: &[u64], population: &[f64]) -> Option<Standardised> {
    let total: u64 = events.iter().sum();
    if total == 0 || population.iter().any(|&persons| persons <= 0.0) {
        return None;
    }
    let persons: f64 = population.iter().sum();
    let cells = || events.iter().zip(population).map(|(&count, &own)| (real(count), own));
    let scale = Scale::of(cells(), real(total), persons, size(events.len()));
    let n_clamped = population.iter().filter(|&&own| scale.is_clamped(own)).count();
    let values = cells().map(|(count, own)| scale.index(count, own)).collect();
    Some(Standardised { values, n_clamped })
}

/// The country's rate b and the variance a between regions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    mean: f64,
    variance: f64,
}

impl Scale {
    /// From (count, population) of regions; those with count 0 may be left out.
    pub(super) fn of(
        cells: impl Iterator<Item = (f64, f64)>,
        total: f64,
        persons: f64,
        n_regions: f64,
    ) -> Self {
        let mean = total / persons;
        // ΣP(r − b)² = Σo²/P − b²ΣP, which only regions with events enter.
        let squares: f64 = cells.map(|(count, own)| count * count / own).sum();
        let variance = squares / persons - mean * mean - mean / (persons / n_regions);
        Self { mean, variance }
    }

    fn is_clamped(self, population: f64) -> bool {
        self.variance + self.mean / population <= 0.0
    }

    /// The standardised rate of a region.
    pub(super) fn index(self, count: f64, population: f64) -> f64 {
        let noise = self.mean / population;
        let variance = self.variance + noise;
        let variance = if variance > 0.0 { variance } else { noise };
        (count / population - self.mean) / variance.sqrt()
    }
}

#[test]
fn equal_rates_have_a_clamped_variance_and_the_index_zero() {
    let index = standardise(&[1, 2, 5], &[10.0, 20.0, 50.0]).unwrap();
    assert!(index.n_clamped > 0);
    assert!(index.values.iter().all(|value| value.abs() < 1e-12));
    assert_eq!(standardise(&[0, 0], &[1.0, 1.0]), None);
    assert_eq!(standardise(&[1, 2], &[0.0, 5.0]), None, "nobody lives there");
}
