//! Draws of counts as they would be without any cluster, given how many cases there are.
//!
//! * Poisson: the total falls on the regions in proportion to what is expected (multinomial).
//! * Dispersed: every region first gets a risk of its own, gamma with mean 1 and the surface's size as shape; the total
//!   falls in proportion to expected × risk. Given risks these are Poisson counts conditioned on their total, and over
//!   the risks each is close to negative binomial with that size.
//! * Bernoulli: the cases are units drawn without replacement (hypergeometric).

use crate::statistics::numerics::{float::real, multinomial::Multinomial, random::Stream};

/// How counts are drawn.
pub(super) enum Null {
    /// A total in fixed proportions.
    Spread { total: u64, sampler: Multinomial },
    /// A total in proportions that vary from draw to draw.
    Dispersed { total: u64, expected: Vec<f64>, size: f64 },
    /// Cases among units.
    Labelled { cases: u64, units: Vec<u64>, sampler: Multinomial },
}

impl Null {
    /// Cases around an expectation; a size of `None` is Poisson.
    pub(super) fn around(total: u64, expected: &[f64], size: Option<f64>) -> Self {
        match size {
            None => Self::Spread { total, sampler: Multinomial::new(expected) },
            Some(size) => Self::Dispersed { total, expected: expected.to_vec(), size },
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
            Self::Dispersed { total, expected, size } => {
                let sampler = loop {
                    let weights: Vec<f64> = expected
                        .iter()
                        .map(|&mean| if mean > 0.0 { mean * stream.gamma(*size) } else { 0.0 })
                        .collect();
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
    // Dispersed, among many regions: variance near E + E²/size.
    let expected = vec![5.0; 200];
    let dispersed = moments(&Null::around(1_000, &expected, Some(2.0)), 200, 4_000);
    let mean = dispersed.iter().map(|at| at.0).sum::<f64>() / 200.0;
    let variance = dispersed.iter().map(|at| at.1).sum::<f64>() / 200.0;
    assert!((mean - 5.0).abs() < 1e-9, "the total is kept: {mean}");
    assert!(close(variance, 5.0 + 25.0 / 2.0), "{variance}");
}
