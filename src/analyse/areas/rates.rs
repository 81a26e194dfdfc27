//! Counts over populations: rates with limits, dispersion, and each region's own rate against the rest.

use super::{Options, input::Input};
use crate::{
    model::{Dispersion, OwnRate},
    statistics::{
        dispersion,
        interval::{Confidence, negative_binomial},
        multiple::Correction,
        numerics::float::real,
        own_rate::{self, power},
        smoothing::marshall,
    },
};

/// Rates are per so many.
pub(super) const PER: f64 = 100_000.0;

/// Levels whose limits are given when asked for.
pub(super) const MORE: [Confidence; 2] = [Confidence::P90, Confidence::P998];

/// One region's rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// Per [`PER`].
    pub(super) value: f64,
    pub(super) limits95: (f64, f64),
    /// At 90 and at 99.8 %, where asked for.
    pub(super) more_limits: [Option<(f64, f64)>; MORE.len()],
    /// Marshall's, towards the whole map.
    pub(super) smoothed: Option<f64>,
    /// Count expected at the map's rate.
    pub(super) expected: f64,
}

/// One region's own test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub(super) test: OwnRate,
    /// Power at a doubled rate.
    pub(super) power: f64,
    pub(super) minimum_detectable: Option<f64>,
}

/// The counts of the regions that have one, and a population.
pub(super) struct Counts {
    /// Their positions in the file.
    pub(super) positions: Vec<usize>,
    pub(super) observed: Vec<u64>,
    pub(super) population: Vec<f64>,
    pub(super) total: u64,
    pub(super) persons: f64,
    pub(super) dispersion: Dispersion,
    /// In the order of `positions`.
    pub(super) rates: Vec<Rate>,
}

impl Counts {
    /// `None` when no region has a count and a population.
    pub(super) fn of(input: &Input, options: &Options) -> Option<Self> {
        let (mut positions, mut observed, mut population) = (Vec::new(), Vec::new(), Vec::new());
        for (at, region) in input.regions.iter().enumerate() {
            if let (Some(events), Some(persons)) = (region.events, region.population)
                && persons > 0.0
            {
                positions.push(at);
                observed.push(events);
                population.push(persons);
            }
        }
        if positions.is_empty() {
            return None;
        }
        let total: u64 = observed.iter().sum();
        let persons: f64 = population.iter().sum();
        let expected: Vec<f64> = population.iter().map(|own| own / persons * real(total)).collect();
        let dispersion = dispersion::estimate(&observed, &expected);
        let smoothed = marshall::global(&observed, &population);
        let rates = (0..positions.len())
            .map(|at| {
                let per = PER / population[at];
                let limits = |confidence| {
                    let (lower, upper) = match dispersion.law {
                        None => options.limits.of(observed[at], confidence),
                        law => negative_binomial::limits(observed[at], law, confidence),
                    };
                    (lower * per, upper * per)
                };
                let asked = |level: &Confidence| options.more_limits.contains(level);
                Rate {
                    value: real(observed[at]) * per,
                    limits95: limits(Confidence::P95),
                    more_limits: MORE.map(|level| asked(&level).then(|| limits(level))),
                    smoothed: smoothed.as_ref().map(|found| found.rates[at] * PER),
                    expected: expected[at],
                }
            })
            .collect();
        Some(Self { positions, observed, population, total, persons, dispersion, rates })
    }

    /// Counts expected at the map's rate.
    pub(super) fn expected(&self) -> Vec<f64> {
        self.rates.iter().map(|rate| rate.expected).collect()
    }

    /// Rates in the order of a file of `n` regions.
    pub(super) fn by_region(&self, n: usize) -> Vec<Option<Rate>> {
        let mut rates = vec![None; n];
        for (&at, &rate) in self.positions.iter().zip(&self.rates) {
            rates[at] = Some(rate);
        }
        rates
    }

    /// Every region against the rest; `None` without events.
    pub(super) fn own(&self, correction: Correction) -> Option<Vec<Own>> {
        let law = self.dispersion.law;
        let expected = self.expected();
        let tests = own_rate::family(&self.observed, &self.population, &expected, law, correction);
        let one = |(test, expected): (Option<OwnRate>, f64)| {
            Some(Own {
                test: test?,
                power: power::power(expected, law, 2.0),
                minimum_detectable: power::minimum_detectable(expected, law),
            })
        };
        tests.into_iter().zip(expected).map(one).collect()
    }
}
