//! The surroundings test for sparse maps: whole maps are drawn from a model instead of permuting scores.
//!
//! # Question
//! As [`super::local`], when most regions expect less than one event. There the empirical-Bayes index of a small region
//! takes two or three values only and depends on its population: scores are not exchangeable and permuting them
//! misleads.
//!
//! # Definition
//! Each draw spreads the total over the regions in proportion to exposure (multinomial); when counts are dispersed, each
//! region gets an independent negative binomial count with its expected mean and the size that the surface's law gives
//! it, and the total varies. The drawn counts are standardised like the observed ones
//! ([`super::empirical_bayes_index`]), and each region's neighbour sum is compared with the observed one. p, batches,
//! dropping and refinement as in [`super::sequential`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | – |
//! | `exposure` | `&[f64]` | the same | person-years | > 0 |
//! | `law` | `Option<VarianceLaw>` | – | – | of [`crate::statistics::dispersion`] |
//! | `weights`, `plan`, `key` | | | | as in [`super::local`] |
//!
//! # Output
//! One [`Outcome`] per region, in the order given.
//!
//! # Undefined
//! `None` for regions without neighbours; for all regions without events or with an exposure of 0.
//!
//! # Assumptions, and when not to use it
//! The region's own count is not held fixed. Regions differ independently: a real pattern is what is being looked for.
//! With a median expected count of 1 or more use [`super::local::permute`].
//!
//! # Cost and determinism
//! Θ(n + total) per draw; stops when every region is dropped; refinement of borderline regions
//! ends after 5·10⁸ drawn events and regions, for a map cannot be drawn in part. Maps are keyed by (seed, surface,
//! draw): the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::spatial::model_based;
//! assert!(model_based::is_sparse(&[0.2, 0.6, 9.0]));
//! assert!(!model_based::is_sparse(&[1.2, 0.6, 9.0]));
//! ```
//!
//! # Source
//! Assunção RM, Reis EA (1999), Stat Med 18:2147–2162,
//! `doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I` (the index); Besag J, Newell J (1991),
//! doi:10.2307/2982708 (fixed total).

use std::ops::Range;

use rayon::prelude::*;

use super::{
    WHOLE_MAP,
    empirical_bayes_index::{Scale, standardise},
    lag,
    sequential::{Outcome, Plan, run},
};
use crate::{
    model::{VarianceLaw, Weights},
    statistics::numerics::{
        float::{real, size},
        multinomial::Multinomial,
        negative_binomial::lower,
        permutation::{TIE, Tally},
        random::Key,
    },
};

/// Events and regions drawn at most, over all maps, before refinement stops.
const REFINEMENT_BUDGET: u64 = 500_000_000;

/// Whether the median expected count is below 1.
pub fn is_sparse(expected: &[f64]) -> bool {
    let mut sorted = expected.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => false,
        odd if odd % 2 == 1 => sorted[half] < 1.0,
        _ => 0.5 * (sorted[half - 1] + sorted[half]) < 1.0,
    }
}

/// Tests every region with neighbours against maps drawn from the model.
pub fn replicate(
    observed: &[u64],
    exposure: &[f64],
    law: Option<VarianceLaw>,
    weights: &Weights,
    plan: &Plan,
    key: Key,
) -> Vec<Option<Outcome>> {
    let Some(index) = standardise(observed, exposure) else { return vec![None; observed.len()] };
    let n = observed.len();
    let sums: Vec<f64> = (0..n).map(|at| lag(&index.values, weights, at)).collect();
    let largest = index.values.iter().fold(1.0_f64, |most, value| most.max(value.abs()));
    let total: u64 = observed.iter().sum();
    let person_years: f64 = exposure.iter().sum();
    let counts = match law {
        Some(law) => {
            let mean = |own: &f64| real(total) * own / person_years;
            Counts::Dispersed(exposure.iter().map(|own| table(mean(own), law)).collect())
        }
        None => Counts::Spread(total, Multinomial::new(exposure)),
    };
    let model = Model { exposure, person_years, counts, key };
    let tested: Vec<usize> = (0..n).filter(|&at| weights.degree(at) > 0).collect();
    // A map is drawn whole for however few regions, so refinement has a budget.
    let units = plan.n_draws * (total + n as u64);
    let plan =
        &Plan { refine: plan.refine.min((REFINEMENT_BUDGET / units.max(1)).max(1)), ..*plan };
    run(n, &tested, plan, |active, draws| {
        // Only the neighbours of regions still being drawn for need a standardised value.
        let mut needed = vec![false; n];
        for &at in active {
            for &other in weights.neighbours(at) {
                needed[other as usize] = true;
            }
        }
        let needed: Vec<usize> = (0..n).filter(|&at| needed[at]).collect();
        let tally = |tallies: &mut [Tally], values: &[f64]| {
            for (tally, &at) in tallies.iter_mut().zip(active) {
                let tie = TIE * largest * size(weights.degree(at));
                tally.add(lag(values, weights, at), sums[at], tie);
            }
        };
        // Chunks of draws in parallel; the counts are integers, so the order of adding does not matter.
        chunks(draws)
            .into_par_iter()
            .map_init(
                || Map::new(n),
                |map, draws| {
                    let mut tallies = vec![Tally::default(); active.len()];
                    for draw in draws {
                        map.draw(&model, &needed, draw);
                        tally(&mut tallies, &map.values);
                    }
                    tallies
                },
            )
            .reduce(
                || vec![Tally::default(); active.len()],
                |a, b| a.iter().zip(b).map(|(a, b)| a.plus(b)).collect(),
            )
    })
}

fn chunks(draws: Range<u64>) -> Vec<Range<u64>> {
    const CHUNK: usize = 256;
    (draws.start..draws.end)
        .step_by(CHUNK)
        .map(|start| start..draws.end.min(start + CHUNK as u64))
        .collect()
}

struct Model<'a> {
    exposure: &'a [f64],
    person_years: f64,
    counts: Counts,
    key: Key,
}

/// How counts are drawn.
enum Counts {
    /// A total falls on the regions in proportion to exposure.
    Spread(u64, Multinomial),
    /// P(X ≤ 0), P(X ≤ 1), … of each region.
    Dispersed(Vec<Vec<f64>>),
}

/// P(X ≤ c) from c = 0 on, as long as it differs from 1 by what a draw could notice.
fn table(mean: f64, law: VarianceLaw) -> Vec<f64> {
    const LARGEST_COUNT: u64 = 100_000;
    let size = Some(law.size(mean));
    (0..LARGEST_COUNT)
        .map(|count| lower(count, mean, size))
        .take_while(|&below| below < 1.0 - 1e-12)
        .collect()
}

/// One drawn map, and what is needed to draw it.
struct Map {
    counts: Vec<u64>,
    values: Vec<f64>,
}

impl Map {
    fn new(n: usize) -> Self {
        Self { counts: vec![0; n], values: vec![0.0; n] }
    }

    /// Draws a map; `needed` regions get a standardised value.
    fn draw(&mut self, model: &Model, needed: &[usize], draw: u64) {
        let mut stream = model.key.stream(WHOLE_MAP, draw);
        match &model.counts {
            Counts::Spread(total, sampler) => {
                self.counts.fill(0);
                for _ in 0..*total {
                    self.counts[sampler.draw(&mut stream)] += 1;
                }
            }
            Counts::Dispersed(tables) => {
                for (count, table) in self.counts.iter_mut().zip(tables) {
                    let unit = stream.unit();
                    *count = table.partition_point(|&below| below < unit) as u64;
                }
            }
        }
        let total: u64 = self.counts.iter().sum();
        if total == 0 {
            // An empty map has no pattern: every index is 0.
            self.values.fill(0.0);
            return;
        }
        let with_events = self
            .counts
            .iter()
            .zip(model.exposure)
            .filter(|(count, _)| **count > 0)
            .map(|(&count, &own)| (real(count), own));
        let n = size(self.counts.len());
        let scale = Scale::of(with_events, real(total), model.person_years, n);
        for &at in needed {
            self.values[at] = scale.index(real(self.counts[at]), model.exposure[at]);
        }
    }
}

#[test]
fn a_town_among_busy_neighbours_is_found_on_a_sparse_map() {
    // A ring of 60 regions; five neighbouring ones hold 10 of 30 events, though 0.5 are expected in each.
    let ring = Weights::binary((0..60_u32).map(|i| vec![(i + 59) % 60, (i + 1) % 60]).collect());
    let observed: Vec<u64> =
        (0..60).map(|i| if i < 5 { 2 } else { u64::from(i % 3 == 0) }).collect();
    let plan = Plan::reaching(60, 0.05);
    let laws = [VarianceLaw::Quadratic { size: 5.0 }, VarianceLaw::Linear { phi: 1.2 }];
    for law in [None, Some(laws[0]), Some(laws[1])] {
        let found = replicate(&observed, &[1.0; 60], law, &ring, &plan, Key::new(4, 2));
        let p = |at: usize| found[at].map_or(1.0, |outcome| outcome.p);
        assert!(p(2) < 0.1 && p(2) < p(30), "{} {}", p(2), p(30));
    }
    let nothing = replicate(&[0; 60], &[1.0; 60], None, &ring, &plan, Key::new(4, 2));
    assert!(nothing.iter().all(Option::is_none));
}
