//! Draws of counts as they would be without any cluster, given how many cases there are.
//!
//! * Poisson: the total falls on the regions in proportion to what is expected (multinomial).
//! * Dispersed: every region first gets a risk of its own, gamma with mean 1 and the size that the surface's law gives its
//!   expected count as shape; the total falls in proportion to expected × risk. Given risks these are Poisson counts
//!   conditioned on their total, and over the risks each is close to negative binomial with that size. Under the linear
//!   law, where shapes are proportional to what is expected, they are exactly such counts conditioned on their total.
//! * Bernoulli: the cases are units drawn without replacement (hypergeometric).

use crate::{
    model::VarianceLaw,
    statistics::numerics::{float::real, multinomial::Multinomial, random::Stream},
};

/// How counts are drawn.
pub(super) enum Null {
    /// A total in fixed proportions.
    Spread { total: u64, sampler: Multinomial },
    /// A total in proportions that vary from draw to draw.
    Dispersed { total: u64, expected: Vec<f64>, law: VarianceLaw },
    /// Cases among units.
    Labelled { cases: u64, units: Vec<u64>, sampler: Multinomial },
}

impl Null {
    /// Cases around what is expected, which adds up to the total; no law is Poisson.
    pub(super) fn around(total: u64, expected: &[f64], law: Option<VarianceLaw>) -> Self {
        match law {
            None => Self::Spread { total, sampler: Multinomial::new(expected) },
            Some(law) => Self::Dispersed { total, expected: expected.to_vec(), law },
        }
    }

    /// Cases among units.
    pub(super) fn among(cases: u64, units: &[u64]) -> Self {
        let weights: Vec<f64> = units.iter().map(|&units| real(units)).collect();
        Self::Labelled { cases, units: units.to_vec(), sampler: Multinomial::new(&weights) }
    }

    /// Draws a map; `put` is told of cases and their region, one region several times if need be.
    pub(super) fn draw(&self, stream: &mut Stream, mut put: impl FnMut(usize, i32)) {
        match self {
            Self::Spread { total, sampler } => {
                sampler.spread(*total, stream, |region, cases| put(region, narrow(cases)));
            }
            Self::Dispersed { total, expected, law } => {
                // Gamma numbers have their shape as mean: under the linear law that is the expected count already, but for
                // a factor common to all.
                let mut weight = |mean: f64| match law {
                    _ if mean <= 0.0 => 0.0,
                    VarianceLaw::Quadratic { size } => mean * stream.gamma(*size),
                    VarianceLaw::Linear { .. } => stream.gamma(law.size(mean)),
                };
                let sampler = loop {
                    let weights: Vec<f64> = expected.iter().map(|&mean| weight(mean)).collect();
                    // With tiny sizes all risks may round to 0.
                    if weights.iter().any(|&weight| weight > 0.0) {
                        break Multinomial::new(&weights);
                    }
                };
                sampler.spread(*total, stream, |region, cases| put(region, narrow(cases)));
            }
            Self::Labelled { cases, units, sampler } => {
                // The rarer label is drawn: a unit twice in one draw is drawn again.
                let all: u64 = units.iter().sum();
                let n_drawn = (*cases).min(all - cases);
                let mut drawn = vec![0_u64; units.len()];
                let mut left = n_drawn;
                while left > 0 {
                    let region = sampler.draw(stream);
                    let free = real(units[region] - drawn[region]);
                    if stream.unit() * real(units[region]) < free {
                        drawn[region] += 1;
                        left -= 1;
                    }
                }
                for (region, (&drawn, &units)) in drawn.iter().zip(units).enumerate() {
                    let cases = if n_drawn == *cases { drawn } else { units - drawn };
                    put(region, narrow(cases));
                }
            }
        }
    }
}

/// A count as draws hold it.
fn narrow(cases: u64) -> i32 {
    i32::try_from(cases).expect("invariant: totals fit into i32")
}

/// Mean and variance of each region's count over many draws.
#[cfg(test)]
fn moments(null: &Null, n: usize, n_draws: u64) -> Vec<(f64, f64)> {
    let key = crate::statistics::numerics::random::Key::new(8, 8);
    let mut sums = vec![(0.0, 0.0); n];
    for draw in 0..n_draws {
        let mut counts = vec![0; n];
        null.draw(&mut key.stream(0, draw), |region, cases| counts[region] += cases);
        for (sum, count) in sums.iter_mut().zip(counts) {
            sum.0 += f64::from(count);
            sum.1 += f64::from(count * count);
        }
    }
    let r = real(n_draws);
    sums.iter().map(|(a, b)| (a / r, b / r - (a / r) * (a / r))).collect()
}

#[test]
fn draws_have_the_moments_of_their_distribution() {
    let n_draws = 20_000;
    let close = |found: f64, wanted: f64| (found / wanted - 1.0).abs() < 0.05;
    // Multinomial: variance E(1 − E/C).
    let spread = moments(&Null::around(40, &[4.0, 6.0, 10.0, 20.0], None), 4, n_draws);
    assert!(close(spread[1].0, 6.0) && close(spread[1].1, 6.0 * (1.0 - 6.0 / 40.0)), "{spread:?}");
    // Hypergeometric, the rarer label on either side: variance n·p(1 − p)(N − n)/(N − 1).
    for cases in [12, 28] {
        let labelled = moments(&Null::among(cases, &[4, 6, 10, 20]), 4, n_draws);
        let p = real(cases) / 40.0;
        let variance = 10.0 * p * (1.0 - p) * 30.0 / 39.0;
        assert!(close(labelled[2].0, 10.0 * p) && close(labelled[2].1, variance), "{labelled:?}");
    }
    // Dispersed, among many regions: variance near that of the law, small region or large.
    let expected: Vec<f64> = (0..200).map(|at| if at < 100 { 2.0 } else { 8.0 }).collect();
    for (law, variances) in [
        (VarianceLaw::Quadratic { size: 2.0 }, [2.0 + 4.0 / 2.0, 8.0 + 64.0 / 2.0]),
        (VarianceLaw::Linear { phi: 3.0 }, [3.0 * 2.0, 3.0 * 8.0]),
    ] {
        let dispersed = moments(&Null::around(1_000, &expected, Some(law)), 200, 4_000);
        let all: f64 = dispersed.iter().map(|at| at.0).sum();
        assert!((all - 1_000.0).abs() < 1e-6, "the total is kept: {all}");
        for (half, variance) in dispersed.chunks(100).zip(variances) {
            let found = half.iter().map(|at| at.1).sum::<f64>() / 100.0;
            assert!(close(found, variance), "{law:?}: {found}, not {variance}");
        }
    }
}
