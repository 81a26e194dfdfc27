//! One region's likelihood as a normal factor, and its exact density next to the rest of the map.

use std::f64::consts::PI;

use crate::statistics::numerics::float::{exp, exp_m1, ln};

/// The normal factor exp(−½·precision·η² + shift·η) that stands for a region's Poisson likelihood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub(super) precision: f64,
    pub(super) shift: f64,
}

/// What the rest of the map says of a region's η: a normal distribution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cavity {
    precision: f64,
    mean: f64,
}

/// Moments of cavity times likelihood.
pub(super) struct Tilted {
    mean: f64,
    variance: f64,
    /// ln of the integral.
    pub(super) log_total: f64,
}

impl Site {
    /// The likelihood's curvature at relative risk 1, to start from.
    pub(super) fn at_one(count: f64, expected: f64) -> Self {
        Self { precision: expected, shift: count - expected }
    }

    /// The marginal of η without this factor.
    pub(super) fn cavity(self, mean: f64, variance: f64) -> Cavity {
        // Never below what rounding leaves of a difference of nearly equal numbers.
        let precision = (1.0 / variance - self.precision).max(1e-12 / variance);
        Cavity { precision, mean: mean + (self.precision * mean - self.shift) / precision }
    }

    /// ln of the integral of the cavity times this factor.
    pub(super) fn log_total(self, Cavity { precision, mean }: Cavity) -> f64 {
        let total = precision + self.precision;
        let pull = self.shift - self.precision * mean;
        0.5 * ln(precision / total)
            + 0.5 * pull * pull / total
            + mean * (self.shift - 0.5 * self.precision * mean)
    }

    /// Moves towards the factor that gives the cavity the tilted mean and variance.
    pub(super) fn move_towards(&mut self, cavity: Cavity, tilted: &Tilted, share: f64) {
        let precision = (1.0 / tilted.variance - cavity.precision).max(0.0);
        let shift = (precision + cavity.precision) * tilted.mean - cavity.precision * cavity.mean;
        self.precision += share * (precision - self.precision);
        self.shift += share * (shift - self.shift);
    }
}

/// The density of a region's η: exp(−½·precision·(η − centre)² + count·η − expected·e^η), up to `log_scale`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Mode of η.
    pub(super) mode: f64,
    /// Standard deviation at the mode.
    pub(super) deviation: f64,
    /// Mean of η by all but its own count.
    pub(super) centre: f64,
    /// Precision of that.
    pub(super) precision: f64,
    /// ln of the density at the mode.
    pub(super) log_scale: f64,
    /// Between these lies all that matters for η and e^η.
    pub(super) range: (f64, f64),
}

/// Below e to this the density counts as nothing.
const NOTHING: f64 = -20.0;
/// Steps of the integral over one region's η, in standard deviations at the mode: the sum of a smooth density at equal
/// steps is exact to many digits.
const STEP: f64 = 0.8;

impl Part {
    /// The density of cavity times likelihood and its moments; the mode is looked for from `start`.
    pub(super) fn new(count: f64, expected: f64, cavity: Cavity, start: f64) -> (Self, Tilted) {
        let Cavity { precision, mean: centre } = cavity;
        // Newton's method on a concave slope: after the first step it comes from the right and cannot overshoot.
        let mut mode = start;
        for _ in 0..100 {
            let events = expected * exp(mode);
            let slope = count - events - precision * (mode - centre);
            let step = (slope / (events + precision)).clamp(-4.0, 4.0);
            mode += step;
            if step.abs() < 1e-10 * mode.abs().max(1.0) {
                break;
            }
        }
        let events = expected * exp(mode);
        let deviation = 1.0 / (events + precision).sqrt();
        let step = STEP * deviation;
        let (mut sum, mut first, mut second) = (1.0, 0.0, 0.0);
        let mut reach = |direction: f64, tilt: f64| {
            let mut off = 0.0;
            loop {
                off += direction * step;
                let log = -0.5 * precision * off * off - events * (exp_m1(off) - off);
                let height = exp(log);
                sum += height;
                first += height * off;
                second += height * off * off;
                if log + tilt * off < NOTHING {
                    return mode + off;
                }
            }
        };
        let range = (reach(-1.0, 0.0), reach(1.0, 1.0));
        let shift = first / sum;
        let from_centre = mode - centre;
        let tilted = Tilted {
            mean: mode + shift,
            variance: second / sum - shift * shift,
            log_total: 0.5 * ln(precision / (2.0 * PI))
                - 0.5 * precision * from_centre * from_centre
                + count * mode
                - events
                + ln(sum * step),
        };
        let log_scale = -ln(sum * step);
        (Self { mode, deviation, centre, precision, log_scale, range }, tilted)
    }
}

#[test]
fn a_region_nobody_else_knows_of_has_a_log_gamma_density() {
    // With a nearly flat cavity η is the logarithm of a gamma variable of shape o and rate E: mean ψ(o) − ln E.
    use crate::statistics::numerics::gamma::digamma;
    let site = Site { precision: 0.0, shift: 0.0 };
    let (part, tilted) = Part::new(7.0, 3.0, site.cavity(0.0, 1e8), 0.0);
    assert!((tilted.mean - (digamma(7.0) - ln(3.0))).abs() < 1e-6, "{}", tilted.mean);
    // ψ′(7).
    assert!((tilted.variance - 0.153_545_177_959_337_3).abs() < 1e-6, "{}", tilted.variance);
    assert!((part.mode - ln(7.0 / 3.0)).abs() < 1e-6);
}

#[test]
fn without_exposure_the_density_is_the_cavitys() {
    let site = Site { precision: 0.0, shift: 0.0 };
    let cavity = site.cavity(0.4, 0.25);
    let (_, tilted) = Part::new(0.0, 0.0, cavity, 0.0);
    assert!((tilted.mean - 0.4).abs() < 1e-8 && (tilted.variance - 0.25).abs() < 1e-7);
    assert!((tilted.log_total - site.log_total(cavity)).abs() < 1e-8);
    // A factor adds its precision, and moves the mean by its shift.
    let mut moved = site;
    moved.move_towards(cavity, &Tilted { mean: 0.3, variance: 0.125, log_total: 0.0 }, 1.0);
    assert!((moved.precision - 4.0).abs() < 1e-12 && (moved.shift - 0.8).abs() < 1e-12);
}
