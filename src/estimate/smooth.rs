//! Smoothing: each tested level's rates shrunk by the gamma-Poisson posterior, with interval and exceedance.

use crate::{
    model::{Estimate, Measure},
    statistics::{
        evidence::MARGIN,
        smoothing::gamma_poisson::{self, Prior},
    },
};

use super::Setting;

/// Adds posterior mean, interval and P(RR > 1.25) to a slice of rates, level by level and period by period.
pub(super) fn add(estimates: &mut [Estimate], measure: &Measure, setting: &Setting<'_>) {
    let n_periods = setting.calendar.n_periods();
    for &level in setting.test_levels {
        for period in 0..n_periods {
            let positions: Vec<usize> = setting
                .tree
                .level(level)
                .map(|region| region * n_periods + period)
                .filter(|&at| {
                    estimates[at].value.is_some()
                        && estimates[at].exposure.is_some_and(|exposure| exposure > 0.0)
                })
                .collect();
            let observed: Vec<u64> =
                positions.iter().map(|&at| estimates[at].numerator.unwrap_or(0)).collect();
            let exposures: Vec<f64> =
                positions.iter().map(|&at| estimates[at].exposure.unwrap_or(0.0)).collect();
            #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
            let total = observed.iter().sum::<u64>() as f64;
            let exposure: f64 = exposures.iter().sum();
            if total <= 0.0 || positions.len() < 2 {
                continue;
            }
            let overall = total / exposure;
            let expected: Vec<f64> = exposures.iter().map(|own| own * overall).collect();
            let Some(prior) = Prior::fit(&observed, &expected) else { continue };
            let posteriors = gamma_poisson::smooth(&prior, &observed, &expected, &[MARGIN]);
            let unit = overall * measure.per;
            for (&at, posterior) in positions.iter().zip(&posteriors) {
                let (lower, upper) = posterior.interval95;
                estimates[at].smoothed = Some(posterior.mean * unit);
                estimates[at].smoothed95 = Some((lower * unit, upper * unit));
                estimates[at].p_above = posterior.above.first().copied();
            }
        }
    }
}
