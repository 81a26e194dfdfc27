//! How often posterior intervals hold the true relative risk, on average over regions.
//!
//! # Question
//! Of all regions' 95 % posterior intervals, how many hold the truth, also when risks do not follow the model?
//!
//! # Definition
//! Risks are drawn per map, counts given the risks are Poisson, expected counts come from the recorded total, as in a run.
//! Where risks are drawn from a smoother's own prior, expected counts are the true ones: then its intervals hold the truth
//! exactly as often as they say, if they are computed rightly.
//! Regions are averaged over; so it is the coverage a reader of the whole map meets, not that of a chosen region.
//! The squared error is that of the posterior mean.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `world` | [`World`] | – | – |
//! | `mean` | `f64` | events per region | > 0 |
//! | `risks` | [`Risks`] | – | – |
//! | `n_maps` | `u64` | maps | ≥ 1 |
//!
//! # Output
//! [`Held`] for both smoothers.
//!
//! # Undefined
//! Never; maps without an event are left out.
//!
//! # Assumptions, and when not to use it
//! Relative risks are relative to the exposure-weighted mean of the map's true risks, as expected counts are; those a
//! smoother assumes are relative to 1.
//!
//! # Cost and determinism
//! Maps in parallel, each a function of its number: the same figures at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::validity::{posteriors::{self, Risks}, world::World};
//! let world = World::lattice(6, 6, 0.5, 1);
//! let [gamma_poisson, leroux] = posteriors::study(&world, 5.0, Risks::Gamma { shape: 4.0 }, 4);
//! assert!(gamma_poisson.coverage.value() > 0.85 && leroux.coverage.value() > 0.85);
//! ```
//!
//! # Source
//! Carlin BP, Louis TA (2009), *Bayesian Methods for Data Analysis*, ch. 5 (coverage on average over regions); Cook SR,
//! Gelman A, Rubin DB (2006), J Comput Graph Stat 15:675–692, doi:10.1198/106186006X136976 (risks drawn from the prior: the
//! coverage a correct posterior has exactly).

use rayon::prelude::*;

use super::{
    Share,
    world::{Scatter, World},
};
use crate::statistics::{
    numerics::{
        float::{cos, exp, real, sin, size as float},
        random::Stream,
    },
    smoothing::{
        gamma_poisson::{self, Posterior},
        leroux,
    },
};

/// How true risks vary over the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Risks {
    /// As gamma-Poisson smoothing has them before it sees a map: independent, and differing by chance much or little.
    AssumedByGammaPoisson,
    /// As Leroux smoothing has them before it sees a map.
    AssumedByLeroux,
    /// Independent, gamma with mean 1.
    Gamma {
        /// Its shape.
        shape: f64,
    },
    /// Independent, log-normal.
    LogNormal {
        /// Standard deviation of the logarithm.
        spread: f64,
    },
    /// A wave over the map, neighbours alike.
    Wave {
        /// Height of the wave in the logarithm.
        height: f64,
    },
}

/// What became of the intervals of one smoother.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// Regions whose 95 % interval holds the truth.
    pub coverage: Share,
    /// Standard error of that share, from how much maps differ, for regions of one map share its estimated spread; `None`
    /// below two maps.
    pub error: Option<f64>,
    /// Mean squared error of the posterior mean.
    pub squared_error: f64,
}

/// Coverage and error of gamma-Poisson and of Leroux smoothing, in this order.
pub fn study(world: &World, mean: f64, risks: Risks, n_maps: u64) -> [Held; 2] {
    let maps: Vec<[Sum; 2]> =
        (0..n_maps).into_par_iter().filter_map(|map| one(world, mean, risks, map)).collect();
    [0, 1].map(|smoother| {
        let sums = || maps.iter().map(|map| map[smoother]);
        let coverage = sums().fold(Share::default(), |all, sum| all.plus(sum.coverage));
        let squares: f64 = sums().map(|sum| sum.squares).sum();
        let covered: Vec<f64> = sums().map(|sum| sum.coverage.value()).collect();
        let error = standard_error(&covered);
        Held { coverage, error, squared_error: squares / real(coverage.all.max(1)) }
    })
}

/// The standard error of the mean of independent values.
fn standard_error(values: &[f64]) -> Option<f64> {
    let n = float(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (n > 1.0).then(|| (squares / (n * (n - 1.0))).sqrt())
}

#[derive(Clone, Copy)]
struct Sum {
    coverage: Share,
    squares: f64,
}

fn one(world: &World, mean: f64, risks: Risks, map: u64) -> Option<[Sum; 2]> {
    let assumed = risks.is_assumed();
    let risks = risks.draw(world, map)?;
    let observed = world.counts(mean, Scatter::Poisson, Some(&risks), map);
    let expected = if assumed {
        world.exposure.iter().map(|own| own * mean).collect()
    } else {
        world.expected(&observed)
    };
    let prior = gamma_poisson::Prior::fit(&observed, &expected)?;
    let plain = gamma_poisson::smooth(&prior, &observed, &expected, &[]);
    let mixing = leroux::Mixing::Integrated;
    let spatial = leroux::smooth(&observed, &expected, &world.weights, mixing, &[])?.regions;
    let sum = |found: &[Posterior]| {
        let each = || found.iter().zip(&risks);
        let holds = |(found, risk): (&Posterior, &f64)| {
            found.interval95.0 <= *risk && *risk <= found.interval95.1
        };
        let square = |(found, risk): (&Posterior, &f64)| (found.mean - risk) * (found.mean - risk);
        Sum { coverage: Share::of(each().map(holds)), squares: each().map(square).sum() }
    };
    Some([sum(&plain), sum(&spatial)])
}

impl Risks {
    /// Whether the risks, overall level included, are drawn from the prior of one of the smoothers.
    fn is_assumed(self) -> bool {
        matches!(self, Self::AssumedByGammaPoisson | Self::AssumedByLeroux)
    }

    /// Risks whose exposure-weighted mean is 1, unless they are those a smoother assumes.
    fn draw(self, world: &World, map: u64) -> Option<Vec<f64>> {
        let key = world.key(map);
        let mut common = key.stream(u32::MAX, 0);
        let own = |one: &dyn Fn(u32, &mut Stream) -> f64| -> Vec<f64> {
            (0..).take(world.n()).map(|at| one(at, &mut key.stream(at, 0))).collect()
        };
        let risks = match self {
            Self::AssumedByGammaPoisson => gamma_poisson::draw(world.n(), &mut common),
            Self::AssumedByLeroux => leroux::draw(&world.weights, &mut common)?,
            Self::Gamma { shape } => own(&|_, stream| stream.gamma(shape) / shape),
            Self::LogNormal { spread } => own(&|_, stream| exp(spread * stream.normal())),
            Self::Wave { height } => {
                let (first, second) = (7.0 * common.unit(), 7.0 * common.unit());
                own(&|at, _| {
                    let (row, column) = world.place(at);
                    exp(height * (sin(5.0 * row + first) + cos(4.0 * column + second)))
                })
            }
        };
        if self.is_assumed() {
            return Some(risks);
        }
        let weighted: f64 = risks.iter().zip(&world.exposure).map(|(risk, own)| risk * own).sum();
        let mean = weighted / world.exposure.iter().sum::<f64>();
        Some(risks.into_iter().map(|risk| risk / mean).collect())
    }
}

#[test]
fn the_error_of_a_mean_needs_two_maps() {
    assert_eq!(standard_error(&[0.5]), None);
    // Mean 2, squares 1 + 0 + 1 = 2, over 3 · 2.
    assert!((standard_error(&[1.0, 2.0, 3.0]).unwrap() - (1.0_f64 / 3.0).sqrt()).abs() < 1e-15);
}
