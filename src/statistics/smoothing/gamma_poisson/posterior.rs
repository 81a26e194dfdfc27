//! The posterior of each region: a mixture of gamma distributions, summarised.

use rayon::prelude::*;

use super::Prior;
use crate::statistics::numerics::{
    float::{exp, ln, normal_quantile, real},
    gamma::{kernel_and_upper_of_large, ln_gamma, tails_with_kernel},
};

/// What is known of one region's relative risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// Mean relative risk.
    pub mean: f64,
    /// 95 % limits.
    pub interval95: (f64, f64),
    /// P(relative risk > margin), one for each margin asked for.
    pub above: Vec<f64>,
}

/// The posterior of every region under a fitted prior.
pub fn smooth(
    prior: &Prior,
    observed: &[u64],
    expected: &[f64],
    margins: &[f64],
) -> Vec<Posterior> {
    let log_margins: Vec<f64> = margins.iter().map(|&margin| ln(margin)).collect();
    let upper = normal_quantile(0.025);
    observed
        .par_iter()
        .zip(expected)
        .with_min_len(16)
        .map(|(&count, &expected)| {
            let mixture = Mixture::new(prior, real(count), expected.max(0.0));
            let above = log_margins.iter().map(|&margin| mixture.at(margin).above).collect();
            let interval95 =
                (mixture.quantile(Tail::Lower, upper), mixture.quantile(Tail::Upper, upper));
            Posterior { mean: mixture.mean, interval95, above }
        })
        .collect()
}

/// P(relative risk > `margin`) of one region alone, without the rest of its posterior.
pub fn exceedance(prior: &Prior, observed: u64, expected: f64, margin: f64) -> f64 {
    Mixture::new(prior, real(observed), expected.max(0.0)).at(ln(margin)).above
}

/// A tail of 0.025.
#[derive(Clone, Copy)]
enum Tail {
    Lower,
    Upper,
}

/// From this shape on the expansion replaces the series.
const LARGE: f64 = 100.0;

struct Gamma {
    weight: f64,
    shape: f64,
    rate: f64,
    log_rate: f64,
    /// ln Γ(shape + 1).
    log_factorial: f64,
}

struct Mixture {
    parts: Vec<Gamma>,
    mean: f64,
    variance: f64,
}

/// The mixture at one point of ln θ.
struct At {
    below: f64,
    above: f64,
    /// Density of ln θ.
    density: f64,
    /// Its slope.
    slope: f64,
}

impl Mixture {
    fn new(prior: &Prior, count: f64, expected: f64) -> Self {
        let parts: Vec<Gamma> = prior
            .components
            .iter()
            .map(|component| {
                let (shape, rate) = (component.shape + count, component.rate + expected);
                Gamma {
                    weight: component.weight,
                    shape,
                    rate,
                    log_rate: ln(rate),
                    log_factorial: ln_gamma(shape + 1.0),
                }
            })
            .collect();
        let moment = |value: &dyn Fn(&Gamma) -> f64| -> f64 {
            parts.iter().map(|part| part.weight * value(part)).sum()
        };
        let mean = moment(&|part| part.shape / part.rate);
        let square = moment(&|part| part.shape * (part.shape + 1.0) / (part.rate * part.rate));
        Self { mean, variance: square - mean * mean, parts }
    }

    fn at(&self, log_risk: f64) -> At {
        let risk = exp(log_risk);
        let mut sum = At { below: 0.0, above: 0.0, density: 0.0, slope: 0.0 };
        for part in &self.parts {
            let x = part.rate * risk;
            let (kernel, below, above) = if part.shape >= LARGE {
                let (kernel, above) = kernel_and_upper_of_large(part.shape, x);
                (kernel, 1.0 - above, above)
            } else {
                let log_kernel = part.shape * (part.log_rate + log_risk) - x - part.log_factorial;
                let kernel = exp(log_kernel);
                let (below, above) = tails_with_kernel(part.shape, x, kernel, 1e-9);
                (kernel, below, above)
            };
            let density = part.weight * part.shape * kernel;
            sum.below += part.weight * below;
            sum.above += part.weight * above;
            sum.density += density;
            sum.slope += density * (part.shape - x);
        }
        sum
    }

    /// The relative risk at which the tail is 0.025; `z` is the normal quantile of that.
    ///
    /// Halley's method on ln tail over ln θ, kept inside a bracket, from the gamma distribution of the same mean and
    /// variance.
    fn quantile(&self, tail: Tail, z: f64) -> f64 {
        const TARGET: f64 = 0.025;
        let shape = self.mean * self.mean / self.variance;
        let ninth = 1.0 / (9.0 * shape);
        let z = if matches!(tail, Tail::Lower) { -z } else { z };
        let root = (1.0 - ninth + z * ninth.sqrt()).max(0.1);
        let mut u = ln(self.mean) + 3.0 * ln(root);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        // Halley's error is a cube: after a step of a twentieth of the standard deviation, about 1e-4 of it remains, a tenth
        // of what the grid leaves.
        let settled = 0.05 / shape.sqrt().max(1.0);
        for _ in 0..60 {
            let at = self.at(u);
            // f = ln(tail/target), signed so that it falls as u rises.
            let (p, sign) = match tail {
                Tail::Lower => (at.below, -1.0),
                Tail::Upper => (at.above, 1.0),
            };
            let f = sign * ln(p / TARGET);
            if f > 0.0 {
                low = u;
            } else {
                high = u;
            }
            // f′ = −d/p and f″ = −s/p − sign·(d/p)², d the density and s its slope.
            let first = -at.density / p;
            let second = -at.slope / p - sign * first * first;
            let newton = -f / first;
            let step = newton / (1.0 + 0.5 * newton * second / first).max(0.5);
            let next = u + if step.is_finite() { step.clamp(-3.0, 3.0) } else { 3.0 * f.signum() };
            let done = (next - u).abs() < settled;
            u = if next > low && next < high || done { next } else { 0.5 * (low + high) };
            if done {
                break;
            }
        }
        exp(u)
    }
}

#[cfg(test)]
use super::Component;

#[test]
fn one_gamma_distribution_gives_its_own_quantiles() {
    use crate::statistics::numerics::gamma;
    for (shape, rate, count, expected) in
        [(0.4, 0.5, 0, 0.01), (2.0, 2.0, 3, 1.5), (30.0, 30.0, 8, 20.0), (250.0, 240.0, 90, 75.0)]
    {
        let prior = Prior { components: vec![Component { shape, rate, weight: 1.0 }] };
        let found = &smooth(&prior, &[count], &[expected], &[1.25])[0];
        let (shape, rate) = (shape + real(count), rate + expected);
        assert!((found.mean - shape / rate).abs() < 1e-12);
        let lower = gamma::inverse_lower(shape, 0.025) / rate;
        let upper = gamma::inverse_upper(shape, 0.025) / rate;
        // What Halley's last step leaves, in standard deviations.
        let deviation = shape.sqrt() / rate;
        assert!((found.interval95.0 - lower).abs() < 2e-4 * deviation, "{found:?} {lower}");
        assert!((found.interval95.1 - upper).abs() < 2e-4 * deviation, "{found:?} {upper}");
        assert!((found.above[0] - gamma::upper(shape, 1.25 * rate)).abs() < 2e-9);
    }
}
