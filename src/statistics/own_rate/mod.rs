//! Family 1: a region's own rate against the rest of the country.
//!
//! | module | for |
//! |---|---|
//! | [`against_rest`] | tail probabilities of each region's count, and its place in the funnel |
//! | [`funnel`] | the limits a funnel plot draws |
//! | [`power`] | what the test could have seen, and suspicious zeros |

pub mod against_rest;
pub mod funnel;
pub mod power;

use super::{
    evidence::MARGIN,
    multiple::Correction,
    smoothing::gamma_poisson::{self, Prior},
};
use crate::model::{OwnRate, VarianceLaw};

/// The whole family on one map: both tails with their q, and the posterior relative risk. `expected`: counts if every region
/// had the same rate. `None` for a region without exposure, and everywhere without an event.
pub fn family(
    observed: &[u64],
    exposure: &[f64],
    expected: &[f64],
    law: Option<VarianceLaw>,
    correction: Correction,
) -> Vec<Option<OwnRate>> {
    let tails = against_rest::test(observed, exposure, law);
    let Some(prior) = Prior::fit(observed, expected) else { return vec![None; observed.len()] };
    let posteriors = gamma_poisson::smooth(&prior, observed, expected, &[MARGIN, 1.0]);
    let q = |tail: &dyn Fn(&against_rest::Tails) -> f64| {
        let p: Vec<f64> = tails.iter().map(|tails| tails.as_ref().map_or(1.0, tail)).collect();
        correction.adjusted(&p)
    };
    let (q_upper, q_lower) = (q(&|tails| tails.upper), q(&|tails| tails.lower));
    let one = |at: usize| {
        let (tails, posterior) = (tails[at].as_ref()?, &posteriors[at]);
        Some(OwnRate {
            p: tails.upper,
            q: q_upper[at],
            p_poisson: tails.upper_poisson,
            p_lower: tails.lower,
            q_lower: q_lower[at],
            funnel: tails.funnel,
            p_above: posterior.above[0],
            p_above_one: posterior.above[1],
            relative_risk: posterior.mean,
            relative_risk95: posterior.interval95,
        })
    };
    (0..observed.len()).map(one).collect()
}
