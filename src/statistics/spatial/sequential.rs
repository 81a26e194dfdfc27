//! How draws are spent on many regions at once.
//!
//! # Question
//! Benjamini–Hochberg over n regions needs 2n/α draws to keep a single one. Must all regions get them?
//!
//! # Definition
//! All tested regions advance together in batches. With R draws planned, k regions still active and g the smaller tail
//! count of a region so far, its final p is at least 2(g + 1)/(R + 1), one-sided half of that with the tail's own count;
//! at most k regions can be rejected, so once that exceeds α·k/n the region cannot be among them and is dropped; k falls, and the rule is applied again until
//! nothing changes. What is left after R draws is exactly the set that Benjamini–Hochberg rejects when every region gets
//! R draws.
//!
//! Refinement: a rejected region whose Monte Carlo interval of p (Clopper–Pearson, 95 %, of the tail count) straddles
//! the threshold α·k/n gets R more draws at a time, up to ten times R, until it does not. Benjamini–Hochberg over
//! the refined p decides; a region refined out is not significant. Whoever still straddles is `borderline`, also
//! those that completed R draws and were just not rejected.
//!
//! # Inputs
//! A [`Plan`], the positions of the tested regions, and a function that tallies a range of draws for some regions.
//!
//! # Output
//! One [`Outcome`] per region, `None` for regions not tested.
//!
//! # Undefined
//! Never. With R below [`reach`] nothing can be rejected; callers refuse such a plan.
//!
//! # Assumptions, and when not to use it
//! Draw `d` of a region must give the same result whenever and with whomever it is asked for.
//!
//! # Cost and determinism
//! Regions without pattern are dropped after αR draws. Tallies are integers: the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::permutation::Tally, spatial::sequential::{Plan, run}};
//! // Region 0: never reached by a draw. All others: half of the draws on either side.
//! let plan = Plan::reaching(20, 0.05);
//! let tested: Vec<usize> = (0..20).collect();
//! let outcomes = run(20, &tested, &plan, |active, draws| {
//!     let n = draws.end - draws.start;
//!     active.iter().map(|&at| Tally { n_greater: if at == 0 { 0 } else { n / 2 }, n_less: n / 2 }).collect()
//! });
//! assert!(outcomes[0].unwrap().significant && outcomes[1].unwrap().dropped);
//! ```
//!
//! # Source
//! Gandy A, Hahn G (2014), Scand J Stat 41:1083–1101, doi:10.1111/sjos.12085; Besag J, Clifford P (1991), Biometrika
//! 78:301–304, doi:10.1093/biomet/78.2.301.

use std::{collections::BTreeMap, ops::Range};

use crate::statistics::{
    interval::{Confidence, clopper_pearson},
    multiple::benjamini_hochberg::{q_values, rejected, threshold},
    numerics::{
        float::{real, size},
        permutation::Tally,
        pvalue::{Alternative, p_value, reach},
    },
};

/// Whether hopeless regions stop early; turning it off changes the cost and nothing that is called significant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropping {
    /// They do.
    On,
    /// Every region gets all draws: for tests of the rule itself.
    Off,
}

/// How many draws, at which level, against what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Level of Benjamini–Hochberg over the regions.
    pub alpha: f64,
    /// Draws per region, R.
    pub n_draws: u64,
    /// Draws of a refined region at most, as a multiple of R.
    pub refine: u64,
    /// Whether hopeless regions stop early.
    pub dropping: Dropping,
    /// Which departures count.
    pub alternative: Alternative,
}

impl Plan {
    /// The plan with the fewest draws that can keep one of `n_tested` regions at level `alpha`.
    pub fn reaching(n_tested: usize, alpha: f64) -> Self {
        Self::reaching_against(Alternative::TwoSided, n_tested, alpha)
    }

    /// [`Plan::reaching`] for any alternative.
    pub fn reaching_against(alternative: Alternative, n_tested: usize, alpha: f64) -> Self {
        let n_draws = reach(n_tested, alpha, alternative);
        Self { alpha, n_draws, refine: 10, dropping: Dropping::On, alternative }
    }

    fn p(&self, tally: Tally, n_draws: u64) -> f64 {
        p_value(self.alternative, tally, n_draws)
    }

    /// The tail counts whose Monte Carlo interval of p contains `limit`. Both limits rise with the count.
    fn straddling(&self, limit: f64, n_draws: u64) -> Range<u64> {
        if n_draws == 0 {
            return 0..0;
        }
        let sides = if self.alternative == Alternative::TwoSided { 2.0 } else { 1.0 };
        let first_above = |is_below: &dyn Fn((f64, f64)) -> bool| {
            let (mut low, mut high) = (0, n_draws + 1);
            while low < high {
                let middle = low + (high - low) / 2;
                let interval =
                    clopper_pearson::limits(real(middle), real(n_draws), Confidence::P95)
                        .expect("invariant: a count of draws among draws");
                if is_below(interval) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        let first = first_above(&|(_, upper)| sides * upper <= limit);
        first..first_above(&|(lower, _)| sides * lower <= limit)
    }
}

/// What the draws say of one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The plan's p; when `dropped`, the bound it cannot fall below.
    pub p: f64,
    /// Benjamini–Hochberg q; `None` when dropped.
    pub q: Option<f64>,
    /// Draws made.
    pub n_draws: u64,
    /// What they gave.
    pub tally: Tally,
    /// Whether drawing stopped early.
    pub dropped: bool,
    /// Whether the Monte Carlo interval of p straddles the threshold.
    pub borderline: bool,
    /// Whether Benjamini–Hochberg rejects it.
    pub significant: bool,
}

/// Regions are looked at after every such share of R.
const N_BATCHES: u64 = 256;
/// No batch is smaller than this.
const SMALLEST_BATCH: u64 = 64;

/// Spends the draws of a plan on the tested regions.
///
/// `count(active, draws)` tallies the given draws for the given positions, in their order.
pub fn run(
    n_regions: usize,
    tested: &[usize],
    plan: &Plan,
    mut count: impl FnMut(&[usize], Range<u64>) -> Vec<Tally>,
) -> Vec<Option<Outcome>> {
    let mut states: Vec<State> = vec![State::default(); n_regions];
    let mut advance = |states: &mut [State], active: &[usize], draws: Range<u64>| {
        for (&at, tally) in active.iter().zip(count(active, draws.clone())) {
            states[at].tally = states[at].tally.plus(tally);
            states[at].n_draws = draws.end;
        }
    };

    let n = size(tested.len());
    let mut active = tested.to_vec();
    let batch = match plan.dropping {
        Dropping::On => ((plan.n_draws + 1) / N_BATCHES).max(SMALLEST_BATCH),
        Dropping::Off => plan.n_draws,
    };
    let mut done = 0;
    while done < plan.n_draws && !active.is_empty() {
        let end = plan.n_draws.min(done + batch);
        advance(&mut states, &active, done..end);
        done = end;
        if done == plan.n_draws || plan.dropping == Dropping::On {
            drop_hopeless(&mut active, &states, plan, n);
        }
    }

    // `active` is now the set that Benjamini–Hochberg rejects with R draws for all.
    let limit = threshold(plan.alpha, active.len().max(1), n);
    for round in 1..plan.refine.max(1) {
        let straddling = plan.straddling(limit, round * plan.n_draws);
        let is_open = |at: &usize| straddling.contains(&states[*at].tally.tail(plan.alternative));
        let open: Vec<usize> = active.iter().copied().filter(is_open).collect();
        if open.is_empty() {
            break;
        }
        advance(&mut states, &open, round * plan.n_draws..(round + 1) * plan.n_draws);
    }
    outcomes(n_regions, tested, &active, &states, plan)
}

/// One region's draws so far.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    tally: Tally,
    n_draws: u64,
}

fn drop_hopeless(active: &mut Vec<usize>, states: &[State], plan: &Plan, n: f64) {
    loop {
        let before = active.len();
        let limit = threshold(plan.alpha, before, n);
        active.retain(|&at| plan.p(states[at].tally, plan.n_draws) <= limit);
        if active.len() == before {
            return;
        }
    }
}

fn outcomes(
    n_regions: usize,
    tested: &[usize],
    survivors: &[usize],
    states: &[State],
    plan: &Plan,
) -> Vec<Option<Outcome>> {
    let n = size(tested.len());
    let mut survived = vec![false; n_regions];
    for &at in survivors {
        survived[at] = true;
    }
    // Only survivors compete for rejection; the others' p lies above every threshold they could be held against.
    let p_of = |at: usize| plan.p(states[at].tally, states[at].n_draws);
    let competing: Vec<f64> =
        tested.iter().map(|&at| if survived[at] { p_of(at) } else { 1.0 }).collect();
    let significant = rejected(&competing, plan.alpha);
    let n_significant = significant.iter().filter(|&&yes| yes).count();
    let limit = threshold(plan.alpha, n_significant.max(1), n);
    let complete = |at: usize| states[at].n_draws >= plan.n_draws;
    let p: Vec<f64> = tested.iter().map(|&at| if complete(at) { p_of(at) } else { 1.0 }).collect();
    let q = q_values(&p);

    let mut outcomes = vec![None; n_regions];
    let mut straddling = BTreeMap::new();
    for (rank, &at) in tested.iter().enumerate() {
        let State { tally, n_draws } = states[at];
        let dropped = !complete(at);
        outcomes[at] = Some(Outcome {
            p: plan.p(tally, n_draws.max(plan.n_draws)),
            q: (!dropped).then_some(q[rank]),
            n_draws,
            tally,
            dropped,
            borderline: !dropped
                && straddling
                    .entry(n_draws)
                    .or_insert_with(|| plan.straddling(limit, n_draws))
                    .contains(&tally.tail(plan.alternative)),
            significant: significant[rank],
        });
    }
    outcomes
}
