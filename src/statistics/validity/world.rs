//! Made-up maps: a lattice with populations of very different size, and counts whose truth is known.
//!
//! # Question
//! On what are methods tried, before anyone believes them on real maps?
//!
//! # Definition
//! Regions are the cells of a lattice, neighbours share an edge. Populations are log-normal with standard deviation
//! `skew` of the logarithm, drawn once; exposure adds up to the number of regions, so that `mean` is the mean expected
//! count. A map's counts have expectation mean × exposure × risk and the stated [`Scatter`].
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `rows`, `columns` | `u32` | regions | ≥ 1 |
//! | `skew` | `f64` | – | ≥ 0; at 1.2 one region in twenty has seven times the median's population |
//! | `mean` | `f64` | events per region | > 0 |
//! | `risk` | `&[f64]`, one per region, or none | relative risk | ≥ 0 |
//! | `map` | `u64` | – | number of the map |
//!
//! # Output
//! [`World`], and counts in region order.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! Made-up maps are kinder than real ones: no reporting habits, no missing months, no border effects.
//!
//! # Cost and determinism
//! O(regions) per map; keyed by (seed, map, region): the same counts at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::validity::world::{Scatter, World};
//! let world = World::lattice(4, 5, 1.0, 1);
//! assert!((world.exposure.iter().sum::<f64>() - 20.0).abs() < 1e-9);
//! assert_eq!(world.counts(3.0, Scatter::Poisson, None, 7), world.counts(3.0, Scatter::Poisson, None, 7));
//! ```
//!
//! # Source
//! Burton A et al. (2006), Stat Med 25:4279–4292, doi:10.1002/sim.2673 (design of simulation studies).

use crate::{
    model::Weights,
    statistics::numerics::{
        float::{exp, ln_1p, real, size},
        poisson,
        random::{Key, Stream},
    },
};

/// How counts vary around what is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scatter {
    /// Poisson.
    Poisson,
    /// Negative binomial: variance mean + mean²/size.
    NegativeBinomial {
        /// Its size.
        size: f64,
    },
    /// Poisson incidents with one or more offences each, geometric with the given mean: variance (2·mean − 1) × expected.
    Compound {
        /// Offences per incident, > 1.
        offences: f64,
    },
}

/// A map without counts.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Who neighbours whom.
    pub weights: Weights,
    /// Exposure; adds up to the number of regions.
    pub exposure: Vec<f64>,
    rows: u32,
    columns: u32,
    key: Key,
}

impl World {
    /// A lattice with log-normal populations.
    pub fn lattice(rows: u32, columns: u32, skew: f64, seed: u64) -> Self {
        let neighbours = |at: u32| {
            let (row, column) = (at / columns, at % columns);
            let beside = [
                (row > 0).then(|| at - columns),
                (row + 1 < rows).then_some(at + columns),
                (column > 0).then(|| at - 1),
                (column + 1 < columns).then_some(at + 1),
            ];
            beside.into_iter().flatten().collect()
        };
        let key = Key::named(seed, "validity");
        let persons: Vec<f64> =
            (0..rows * columns).map(|at| exp(skew * key.stream(at, u64::MAX).normal())).collect();
        let mean = persons.iter().sum::<f64>() / size(persons.len());
        Self {
            weights: Weights::binary((0..rows * columns).map(neighbours).collect()),
            exposure: persons.into_iter().map(|own| own / mean).collect(),
            rows,
            columns,
            key,
        }
    }

    /// Number of regions.
    pub fn n(&self) -> usize {
        self.exposure.len()
    }

    /// Where a region lies: its share of the way down and across, in [0, 1).
    pub fn place(&self, at: u32) -> (f64, f64) {
        let share = |part, all| f64::from(part) / f64::from(all);
        (share(at / self.columns, self.rows), share(at % self.columns, self.columns))
    }

    /// The counts of one map.
    pub fn counts(&self, mean: f64, scatter: Scatter, risk: Option<&[f64]>, map: u64) -> Vec<u64> {
        let one = |(at, own): (u32, &f64)| {
            let risk = risk.map_or(1.0, |risk| risk[at as usize]);
            scatter.count(mean * own * risk, &mut self.key.stream(at, map))
        };
        (0..).zip(&self.exposure).map(one).collect()
    }

    /// A key for draws that belong to one map of a study.
    pub fn key(&self, map: u64) -> Key {
        let mut stream = self.key.stream(u32::MAX, map);
        Key::new(u64::from(stream.bits()), u64::from(stream.bits()))
    }

    /// What is expected in each region when the total is the one recorded.
    pub fn expected(&self, observed: &[u64]) -> Vec<f64> {
        let per_region = real(observed.iter().sum()) / size(self.n());
        self.exposure.iter().map(|own| own * per_region).collect()
    }
}

impl Scatter {
    fn count(self, mean: f64, stream: &mut Stream) -> u64 {
        match self {
            Self::Poisson => poisson::draw(mean, stream),
            Self::NegativeBinomial { size } => {
                poisson::draw(mean * stream.gamma(size) / size, stream)
            }
            Self::Compound { offences } => {
                let incidents = poisson::draw(mean / offences, stream);
                (0..incidents).map(|_| geometric(offences, stream)).sum()
            }
        }
    }
}

/// A number ≥ 1 with the given mean, each next one as much less likely.
fn geometric(mean: f64, stream: &mut Stream) -> u64 {
    let ln_rest = ln_1p(-1.0 / mean);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
    let more = (ln_1p(-stream.unit()) / ln_rest) as u64;
    1 + more
}

#[test]
fn counts_have_the_mean_and_variance_they_should() {
    let world = World::lattice(10, 10, 0.0, 4);
    for (scatter, variance) in [
        (Scatter::Poisson, 6.0),
        (Scatter::NegativeBinomial { size: 3.0 }, 18.0),
        (Scatter::Compound { offences: 2.5 }, 24.0),
    ] {
        let counts: Vec<f64> =
            (0..200).flat_map(|map| world.counts(6.0, scatter, None, map)).map(real).collect();
        let mean = counts.iter().sum::<f64>() / size(counts.len());
        let squares: f64 = counts.iter().map(|count| (count - mean) * (count - mean)).sum();
        // 20 000 counts: standard errors of at most 0.035 and 2 %.
        assert!((mean - 6.0).abs() < 0.15, "{scatter:?}: {mean}");
        let found = squares / size(counts.len());
        assert!((found / variance - 1.0).abs() < 0.08, "{scatter:?}: {found}");
    }
}
