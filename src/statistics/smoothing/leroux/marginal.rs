//! The posterior of one region's relative risk: densities of its logarithm averaged over the grid, and summarised.

use super::{super::gamma_poisson::Posterior, site::Part};
use crate::statistics::numerics::float::{exp, size};

/// The density of η = ln relative risk at equal steps.
pub(super) struct Marginal {
    start: f64,
    step: f64,
    density: Vec<f64>,
    slope: Vec<f64>,
    /// P(η below each place).
    below: Vec<f64>,
}

/// Steps per standard deviation of the narrowest density.
const PER_DEVIATION: f64 = 4.0;
/// Fewest and most steps.
const N_STEPS: (f64, f64) = (48.0, 600.0);

impl Marginal {
    /// Averages the weighted densities of a region with the given count.
    pub(super) fn new(count: f64, expected: f64, parts: &[(f64, Part)]) -> Self {
        let each = || parts.iter().map(|(_, part)| part);
        let low = each().map(|part| part.range.0).fold(f64::INFINITY, f64::min);
        let high = each().map(|part| part.range.1).fold(f64::NEG_INFINITY, f64::max);
        let narrowest = each().map(|part| part.deviation).fold(f64::INFINITY, f64::min);
        let n_steps = ((high - low) / narrowest * PER_DEVIATION).ceil().clamp(N_STEPS.0, N_STEPS.1);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number between the limits"
        )]
        let n = n_steps as usize;
        let step = (high - low) / size(n);
        let at_modes: Vec<f64> = each().map(|part| expected * exp(part.mode)).collect();
        let (mut density, mut slope) = (Vec::with_capacity(n + 1), Vec::with_capacity(n + 1));
        for place in 0..=n {
            let eta = low + step * size(place);
            let events = expected * exp(eta);
            let (mut height, mut pull) = (0.0, 0.0);
            for ((weight, part), at_mode) in parts.iter().zip(&at_modes) {
                let (off, off_at_mode) = (eta - part.centre, part.mode - part.centre);
                let log = 0.5 * part.precision * (off_at_mode - off) * (off_at_mode + off)
                    + count * (eta - part.mode)
                    - (events - at_mode)
                    + part.log_scale;
                let own = weight * exp(log);
                height += own;
                pull += own * part.precision * off;
            }
            density.push(height);
            slope.push(height * (count - events) - pull);
        }
        let mut found = Self { start: low, step, density, slope, below: vec![0.0] };
        for interval in 0..n {
            let more = found.inside(interval, 1.0).max(0.0);
            found.below.push(found.below[interval] + more);
        }
        found
    }

    /// The integral over the first share of an interval, of the cubic with the ends' heights and slopes.
    fn inside(&self, interval: usize, t: f64) -> f64 {
        let (square, cube) = (t * t, t * t * t);
        let fourth = square * square;
        let heights = self.density[interval] * (t - cube + 0.5 * fourth)
            + self.density[interval + 1] * (cube - 0.5 * fourth);
        let slopes = self.slope[interval] * (0.5 * square - 2.0 * cube / 3.0 + 0.25 * fourth)
            + self.slope[interval + 1] * (0.25 * fourth - cube / 3.0);
        self.step * (heights + self.step * slopes)
    }

    fn total(&self) -> f64 {
        self.below[self.below.len() - 1]
    }

    /// P(η > place).
    fn above(&self, place: f64) -> f64 {
        let n = self.below.len() - 1;
        let at = ((place - self.start) / self.step).clamp(0.0, size(n));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number between 0 and the number of intervals"
        )]
        let interval = (at.floor() as usize).min(n - 1);
        let below = self.below[interval] + self.inside(interval, at - size(interval));
        (1.0 - below / self.total()).clamp(0.0, 1.0)
    }

    /// The place that has the given probability below.
    fn quantile(&self, probability: f64) -> f64 {
        let target = probability * self.total();
        let interval =
            self.below.partition_point(|&below| below < target).clamp(1, self.below.len() - 1) - 1;
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let middle = 0.5 * (low + high);
            if self.below[interval] + self.inside(interval, middle) < target {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.start + self.step * (size(interval) + low)
    }

    pub(super) fn summarise(&self, log_margins: &[f64]) -> Posterior {
        let places = (0..self.density.len()).map(|place| self.start + self.step * size(place));
        // Both ends are practically 0, where the plain sum of a smooth density is exact to many digits.
        let sum: f64 = self.density.iter().sum();
        let weighted: f64 = places.zip(&self.density).map(|(eta, height)| exp(eta) * height).sum();
        Posterior {
            mean: weighted / sum,
            interval95: (exp(self.quantile(0.025)), exp(self.quantile(0.975))),
            above: log_margins.iter().map(|&margin| self.above(margin)).collect(),
        }
    }
}
