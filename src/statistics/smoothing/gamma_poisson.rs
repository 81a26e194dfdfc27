//! Gamma–Poisson smoothing with the prior integrated out: a posterior for every region's relative risk.
//!
//! # Question
//! Given its count and how much regions differ at all, what is a region's underlying relative risk, and how probable is
//! it that it exceeds a margin, such as 1.25?
//!
//! # Definition
//! oᵢ ~ Poisson(Eᵢθᵢ), θᵢ ~ Gamma(shape a, mean m). Standard normal prior on ln m, for the overall relative risk is 1
//! by construction. How far a region in which half an event is expected is drawn to the mean, B = a/(a + ½), is uniform
//! (uniform shrinkage): regions hardly differing (a moment estimate of 0 or below) is then an ordinary case and not a
//! breakdown. In the coefficient of variation τ = 1/√a that prior falls like τ towards 0, so that sparse maps are not
//! taken for even ones; with a prior that does not fall, such as the half-Cauchy, intervals of risks that differ
//! moderately are too short where one event is expected. The posterior of (m, τ) is put on a grid: τ in equal cells of
//! ln τ over what the data leave possible (found by zooming in), m by nodes around its mode for each τ. Points below
//! 1/2000 of the largest weight are dropped. Then θᵢ given the data is the weighted mixture of Gamma(a + oᵢ, rate
//! a/m + Eᵢ) over the grid.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | – |
//! | `expected` | `&[f64]` | the same | events | exposure share × total, so that 1 is the overall rate; ≤ 0: no exposure |
//! | `margins` | `&[f64]` | – | relative risks | > 0 |
//!
//! # Output
//! [`Prior::fit`]: the grid. [`smooth`]: one [`Posterior`] per region, in the order given; multiply by the overall rate
//! for rates. [`exceedance`]: P(RR > margin) of one region, where nothing else is asked.
//!
//! # Undefined
//! No [`Prior`] without a single event or below two regions with exposure. A region without exposure gets the
//! prior as its posterior; the caller gives it a status instead.
//!
//! # Assumptions, and when not to use it
//! Regions differ independently, without regard to who neighbours whom. Events within a region are Poisson given its
//! risk: what clusters in time inside a region is read as risk.
//!
//! # Cost and determinism
//! Θ(n) per grid point and about 200 incomplete gamma functions per region; regions in parallel, each computed alone,
//! so the same bits at any thread count. Accurate to about 1e-3 of a posterior standard deviation (the grid).
//!
//! # Example
//! ```
//! use saet::statistics::smoothing::gamma_poisson::{Prior, smooth};
//! let observed = [2, 0, 1, 3, 19, 2, 1, 4];
//! let expected = [4.0; 8];
//! let prior = Prior::fit(&observed, &expected).unwrap();
//! let posterior = smooth(&prior, &observed, &expected, &[1.25]);
//! assert!(posterior[4].above[0] > 0.99 && posterior[1].above[0] < 0.05);
//! assert!(posterior[4].mean < 19.0 / 4.0 && posterior[1].mean > 0.0);
//! ```
//!
//! # Source
//! Clayton D, Kaldor J (1987), Biometrics 43:671–681, doi:10.2307/2532003; Christiansen CL, Morris CN (1997), J Am Stat
//! Assoc 92:618–632 (uniform shrinkage); Tak H, Kelly J, Morris C (2017), J Stat Softw 78(5), doi:10.18637/jss.v078.i05
//! (coverage with such priors); Richardson S et al. (2004), doi:10.1289/ehp.6740 (P(RR > margin)).

mod posterior;

use std::{collections::BTreeMap, f64::consts::PI};

use crate::statistics::numerics::{
    float::{exp, ln, real, size},
    gamma::ln_rising,
    random::Stream,
};
pub use posterior::{Posterior, exceedance, smooth};

/// One point of the grid: a gamma prior and how much the data speak for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    /// Shape a.
    pub shape: f64,
    /// Rate a/m.
    pub rate: f64,
    /// Posterior weight; all add up to 1.
    pub weight: f64,
}

/// What the regions together say about how relative risks are distributed.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// The grid, by ascending τ, then m.
    pub components: Vec<Component>,
}

/// Expected events of a region whose shrinkage is uniform a priori.
const EVEN: f64 = 0.5;
/// Least and largest coefficient of variation looked at.
const TAU: (f64, f64) = (0.02, 8.0);
/// Cells of ln τ per pass, each represented by its middle.
const N_TAU: usize = 12;
/// Weight below which a grid point is dropped, relative to the largest.
const NEGLIGIBLE: f64 = 5e-4;
/// Gauss–Hermite nodes for the standard normal distribution, and their weights: exact up to cubes.
const FEW_NODES: [(f64, f64); 2] = [(-1.0, 0.5), (1.0, 0.5)];

impl Prior {
    /// Integrates the data over the grid.
    pub fn fit(observed: &[u64], expected: &[f64]) -> Option<Self> {
        let data = Data::new(observed, expected)?;
        let (mut low, mut high) = (ln(TAU.0), ln(TAU.1));
        let mut profiles = data.profiles(low, high, 2 * N_TAU);
        // Zoom in until the posterior of ln τ spans enough of the grid.
        for _ in 0..4 {
            let most = profiles.iter().map(|at| at.evidence).fold(f64::NEG_INFINITY, f64::max);
            let counts = |at: &Profile| exp(at.evidence - most) > NEGLIGIBLE;
            let first = profiles.iter().position(counts)?;
            let last = profiles.iter().rposition(counts)?;
            if last - first + 1 >= N_TAU / 2 && profiles.len() == N_TAU {
                break;
            }
            let step = (high - low) / size(profiles.len());
            (low, high) = (low + step * size(first), low + step * size(last + 1));
            profiles = data.profiles(low, high, N_TAU);
        }
        Some(Self { components: data.components(&profiles) })
    }
}

/// Log prior density of ln τ, up to a constant, from a uniform B = 1/(1 + ½τ²).
fn ln_prior(tau: f64) -> f64 {
    let shrinkage = 1.0 / (1.0 + EVEN * tau * tau);
    ln(shrinkage * (1.0 - shrinkage))
}

/// Relative risks of `n` regions as the prior has them, overall level included: what posteriors can be checked on.
pub fn draw(n: usize, stream: &mut Stream) -> Vec<f64> {
    let [most, least] = [TAU.0, TAU.1].map(|tau| 1.0 / (1.0 + EVEN * tau * tau));
    let shrinkage = least + (most - least) * stream.unit();
    let shape = EVEN * shrinkage / (1.0 - shrinkage);
    let scale = exp(stream.normal()) / shape;
    (0..n).map(|_| stream.gamma(shape) * scale).collect()
}

/// Where to put ln m, in standard deviations from its mode, and how much each place weighs before the data. `width`: that
/// standard deviation over the prior's τ. Where m is known far better than single risks, two nodes do (what they miss is of the order of `width`⁴); otherwise the
/// risks of all regions move with m, and the steps must not exceed τ.
fn nodes(width: f64) -> Vec<(f64, f64)> {
    if width < 0.2 {
        return FEW_NODES.to_vec();
    }
    let step = (1.0 / width).clamp(0.2, 0.8);
    let n = (4.0 / step).ceil();
    #[allow(clippy::cast_possible_truncation, reason = "at most 20")]
    let last = n as i32;
    let density = |node: f64| (node, step * exp(-0.5 * node * node) / (2.0 * PI).sqrt());
    (-last..=last).map(|at| density(f64::from(at) * step)).collect()
}

/// Counts and expected counts of the regions with exposure.
struct Data {
    cells: Vec<(f64, f64)>,
    /// Each count with the number of regions that have it.
    counts: BTreeMap<u64, u64>,
    total: f64,
}

/// The best mean for one shape.
struct Profile {
    shape: f64,
    /// ln m at its mode.
    centre: f64,
    /// Standard deviation of ln m there.
    spread: f64,
    /// Log posterior of ln τ, m integrated out by Laplace's method.
    evidence: f64,
}

impl Data {
    fn new(observed: &[u64], expected: &[f64]) -> Option<Self> {
        let kept = || observed.iter().zip(expected).filter(|(_, expected)| **expected > 0.0);
        let cells: Vec<(f64, f64)> = kept().map(|(&o, &e)| (real(o), e)).collect();
        let total = cells.iter().map(|(o, _)| o).sum();
        if cells.len() < 2 || total <= 0.0 {
            return None;
        }
        let mut counts = BTreeMap::new();
        for (&count, _) in kept() {
            *counts.entry(count).or_insert(0) += 1;
        }
        Some(Self { cells, counts, total })
    }

    /// Log likelihood of (ln m, a) plus the log prior of ln m, up to constants; `rising` = Σ ln Γ(o + a) − ln Γ(a).
    fn likelihood(&self, log_mean: f64, shape: f64, rising: f64) -> f64 {
        let mean = exp(log_mean);
        let sum: f64 =
            self.cells.iter().map(|(o, e)| (o + shape) * ln(mean * e / shape + 1.0)).sum();
        rising + self.total * (log_mean - ln(shape)) - sum - 0.5 * log_mean * log_mean
    }

    fn profiles(&self, low: f64, high: f64, n: usize) -> Vec<Profile> {
        let expected: f64 = self.cells.iter().map(|(_, e)| e).sum();
        let mut centre = ln(self.total / expected);
        (0..n)
            .map(|at| {
                let tau = exp(low + (high - low) * (size(at) + 0.5) / size(n));
                let shape = 1.0 / (tau * tau);
                let spread = self.mode(&mut centre, shape);
                let rising = self
                    .counts
                    .iter()
                    .map(|(&count, &times)| real(times) * ln_rising(shape, count))
                    .sum();
                let likelihood = self.likelihood(centre, shape, rising);
                let evidence = likelihood + ln(spread) + ln_prior(tau);
                Profile { shape, centre, spread, evidence }
            })
            .collect()
    }

    /// Moves `log_mean` to the mode of the concave log posterior (Newton); returns the standard deviation there.
    fn mode(&self, log_mean: &mut f64, shape: f64) -> f64 {
        let mut curvature = 1.0;
        for _ in 0..50 {
            let mean = exp(*log_mean);
            let (mut slope, mut bend) = (self.total - *log_mean, 1.0);
            for (o, e) in &self.cells {
                let known = mean * e / (mean * e + shape);
                slope -= (o + shape) * known;
                bend += (o + shape) * known * (1.0 - known);
            }
            curvature = bend;
            let step = (slope / bend).clamp(-2.0, 2.0);
            *log_mean += step;
            if step.abs() < 1e-4 / bend.sqrt() {
                break;
            }
        }
        1.0 / curvature.sqrt()
    }

    fn components(&self, profiles: &[Profile]) -> Vec<Component> {
        let mut points = Vec::new();
        let most = profiles.iter().map(|at| at.evidence).fold(f64::NEG_INFINITY, f64::max);
        for at in profiles.iter().filter(|at| exp(at.evidence - most) > NEGLIGIBLE) {
            for (node, mass) in nodes(at.spread * at.shape.sqrt()) {
                let log_mean = at.centre + node * at.spread;
                // `rising` cancels: only the drop from the mode is needed.
                let drop = self.likelihood(log_mean, at.shape, 0.0)
                    - self.likelihood(at.centre, at.shape, 0.0);
                let weight = mass * exp(drop + 0.5 * node * node + at.evidence - most);
                points.push(Component { shape: at.shape, rate: at.shape / exp(log_mean), weight });
            }
        }
        let largest = points.iter().map(|point| point.weight).fold(0.0, f64::max);
        points.retain(|point| point.weight > NEGLIGIBLE * largest);
        let sum: f64 = points.iter().map(|point| point.weight).sum();
        for point in &mut points {
            point.weight /= sum;
        }
        points
    }
}

#[test]
fn the_grid_agrees_with_a_much_finer_one() {
    use crate::statistics::numerics::gamma::{ln_gamma, upper};
    let even = (vec![4, 5, 6, 5, 4, 6, 5, 5, 4, 6, 5, 5], vec![5.0; 12]);
    let uneven = (
        vec![0, 3, 1, 0, 14, 2, 0, 5, 1, 0, 2, 8, 0, 0, 1],
        (0..15).map(|i| 0.5 + 0.35 * f64::from(i % 5)).collect(),
    );
    let sparse = (vec![0, 0, 1, 0, 0, 2, 0, 0], vec![0.375; 8]);
    for (observed, expected) in [even, uneven, sparse] {
        let prior = Prior::fit(&observed, &expected).unwrap();
        let found = smooth(&prior, &observed, &expected, &[1.25]);
        // The same integral by brute force, over 160 × 161 points.
        let mut points = Vec::new();
        for i in 0..160 {
            let tau = exp(ln(TAU.0) + (ln(TAU.1) - ln(TAU.0)) * (f64::from(i) + 0.5) / 160.0);
            let a = 1.0 / (tau * tau);
            for j in -80..=80 {
                let m = exp(f64::from(j) * 0.05);
                let each = |(&o, &e): (&u64, &f64)| {
                    ln_gamma(real(o) + a) - ln_gamma(a) + real(o) * ln(m * e / (m * e + a))
                        - a * ln(1.0 + m * e / a)
                };
                let likelihood: f64 = observed.iter().zip(&expected).map(each).sum();
                // τ dτ/(1 + ½τ²)², times τ for the step to ln τ.
                let prior = 2.0 * ln(tau) - 2.0 * ln(1.0 + 0.5 * tau * tau) - 0.5 * ln(m) * ln(m);
                points.push((a, a / m, likelihood + prior));
            }
        }
        let most = points.iter().map(|point| point.2).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = points.iter().map(|point| exp(point.2 - most)).sum();
        for (at, posterior) in found.iter().enumerate() {
            let average = |value: &dyn Fn(f64, f64) -> f64| -> f64 {
                let each = |&(a, rate, log): &(f64, f64, f64)| {
                    let weight = exp(log - most) / sum;
                    if weight < 1e-9 {
                        return 0.0;
                    }
                    weight * value(a + real(observed[at]), rate + expected[at])
                };
                points.iter().map(each).sum()
            };
            let mean = average(&|shape, rate| shape / rate);
            let above = average(&|shape, rate| upper(shape, 1.25 * rate));
            let below_lower =
                average(&|shape, rate| 1.0 - upper(shape, posterior.interval95.0 * rate));
            let above_upper = average(&|shape, rate| upper(shape, posterior.interval95.1 * rate));
            // What the small grid costs: thousandths of the mean and of probabilities.
            assert!((posterior.mean / mean - 1.0).abs() < 3e-3, "{at}: {} {mean}", posterior.mean);
            assert!(
                (posterior.above[0] - above).abs() < 3e-3,
                "{at}: {:?} {above}",
                posterior.above
            );
            assert!((below_lower - 0.025).abs() < 1e-3, "{at}: {below_lower}");
            assert!((above_upper - 0.025).abs() < 1e-3, "{at}: {above_upper}");
        }
    }
}
