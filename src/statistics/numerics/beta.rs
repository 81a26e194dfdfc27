//! The regularised incomplete beta function Iₓ(a, b) and its inverse, for real a, b > 0.
//!
//! Arguments come as the pair (x, 1 − x), so that neither end loses digits; both tails come back, each accurate (about
//! 1e-13 relative). The common factor is written as deviances, which keeps its digits for counts in the millions.
//!
//! # Source
//! Loader C (2000), *Fast and accurate computation of binomial probabilities*; continued fraction DLMF 8.17.22,
//! <https://dlmf.nist.gov/8.17>.

#![allow(
    clippy::many_single_char_names,
    reason = "the letters of the handbook (DLMF), where a and b are parameters and x the argument"
)]

use super::{
    float::{exp, ln, normal_quantile},
    gamma::{deviance, ln_gamma, ln_ratio, stirling_error},
};

/// Below this the continued fraction's denominators count as zero.
const TINY: f64 = 1e-300;

/// What the density of (a, b) needs that does not depend on x.
struct Scale {
    a: f64,
    b: f64,
    errors: f64,
    root: f64,
}

impl Scale {
    fn new(a: f64, b: f64) -> Self {
        let n = a + b;
        let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
        Self { a, b, errors, root: (a * b / (2.0 * std::f64::consts::PI * n)).sqrt() }
    }

    /// [`kernel`] at x + y = 1.
    fn kernel(&self, x: f64, y: f64) -> f64 {
        if x <= 0.0 || y <= 0.0 {
            return 0.0;
        }
        let n = self.a + self.b;
        exp(self.errors - deviance(self.a, n * x) - deviance(self.b, n * y)) * self.root
    }
}

/// xᵃ(1 − x)ᵇ / B(a, b): the density times x(1 − x), for x + y = 1.
pub fn kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    Scale::new(a, b).kernel(x, y)
}

/// Iₓ(a, b) and 1 − Iₓ(a, b), for x + y = 1.
pub fn tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    tails_with_kernel(a, b, x, y, kernel(a, b, x, y))
}

/// [`tails`], when the caller has [`kernel`]`(a, b, x, y)` at hand.
fn tails_with_kernel(a: f64, b: f64, x: f64, y: f64, kernel: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    if x * (a + b + 2.0) < a + 1.0 {
        let lower = (kernel * fraction(a, b, x) / a).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel * fraction(b, a, y) / b).min(1.0);
        (1.0 - upper, upper)
    }
}

/// The continued fraction of DLMF 8.17.22, modified Lentz.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    let mut m = 0.0;
    loop {
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        value *= factor;
        if (factor - 1.0).abs() < 3e-16 || m > 1e6 {
            return value;
        }
    }
}

/// The pair (x, 1 − x) with Iₓ(a, b) = `p`, for p in (0, 1); both members keep their digits.
///
/// Newton's method on ln Iₓ over the log-odds of x, where both tails are log-concave: from any start the second iterate
/// lies on the safe side of the root and the rest approach it from there.
pub fn inverse(a: f64, b: f64, p: f64) -> (f64, f64) {
    if p > 0.5 { swapped(inverse_from(b, a, 1.0 - p)) } else { inverse_from(a, b, p) }
}

/// The pair (x, 1 − x) with 1 − Iₓ(a, b) = `q`, for q in (0, 1).
pub fn inverse_upper(a: f64, b: f64, q: f64) -> (f64, f64) {
    swapped(inverse(b, a, q))
}

fn swapped((x, y): (f64, f64)) -> (f64, f64) {
    (y, x)
}

/// [`inverse`] for p ≤ ½.
fn inverse_from(a: f64, b: f64, p: f64) -> (f64, f64) {
    // The standard deviation of the log-odds, about, where it is below 1.
    let spread = (1.0 / a + 1.0 / b).sqrt().min(1.0);
    // The log-odds are nearly normal for a ≥ 1; below that Iₓ ≈ xᵃ/(a·B(a, b)) where x is small.
    let mut t = if a < 1.0 {
        let far = (ln(p) + ln(a) + ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)) / a;
        far.min(ln(a / b))
    } else {
        ln(a / b) - normal_quantile(p) * (1.0 / a + 1.0 / b).sqrt()
    };
    let scale = Scale::new(a, b);
    for _ in 0..400 {
        let (x, y) = from_log_odds(t);
        let kernel = scale.kernel(x, y);
        let (below, _) = tails_with_kernel(a, b, x, y, kernel);
        // Over the log-odds Iₓ has the slope of the kernel, and that one's own is (a·y − b·x) times itself.
        let slope = kernel / below;
        let newton = ln_ratio(p, below) / slope;
        let bend = a * y - b * x - slope;
        let step = newton / (1.0 + 0.5 * newton * bend).max(0.5);
        // Where the tail or its slope underflows, walk towards the root until they do not.
        let step = if step.is_finite() { step.clamp(-20.0, 20.0) } else { (p - below).signum() };
        t += step;
        // Halley's error is a cube: after a step of a ten-thousandth of the standard deviation, or of 1, what remains is
        // below the last digit.
        if step.abs() < 1e-4 * spread {
            break;
        }
    }
    from_log_odds(t)
}

fn from_log_odds(t: f64) -> (f64, f64) {
    if t < 0.0 {
        let e = exp(t);
        (e / (1.0 + e), 1.0 / (1.0 + e))
    } else {
        let e = exp(-t);
        (1.0 / (1.0 + e), e / (1.0 + e))
    }
}

#[test]
fn tails_and_inverse_agree_with_high_precision_values() {
    // mpmath 1.3, 60 digits: betainc(a, b, 0, x, regularized=True) and its complement.
    for (a, b, x, p, q) in REFERENCE {
        let (below, above) = tails(a, b, x, 1.0 - x);
        assert!((below / p - 1.0).abs() < 1e-12, "I({a}, {b}, {x}) = {below}, not {p}");
        assert!((above / q - 1.0).abs() < 1e-12, "1 − I({a}, {b}, {x}) = {above}, not {q}");
        let back = if p < q { inverse(a, b, p) } else { inverse_upper(a, b, q) };
        assert!((back.0 / x - 1.0).abs() < 1e-11, "inverse at ({a}, {b}, {x}) gives {back:?}");
    }
}

#[test]
fn the_inverse_holds_from_tiny_to_huge_parameters() {
    for a in [0.02, 0.6, 1.0, 7.0, 5e3, 3e5] {
        for b in [0.02, 0.5, 3.0, 800.0, 1e7] {
            for p in [0.001, 0.025, 0.4, 0.975] {
                let (x, y) = inverse(a, b, p);
                let (below, above) = tails(a, b, x, y);
                let off = if p < 0.5 { below / p } else { above / (1.0 - p) } - 1.0;
                assert!(off.abs() < 1e-8, "{a} {b} {p}: ({x:e}, {y:e}) gives {below}");
            }
        }
    }
}

#[cfg(test)]
const REFERENCE: [(f64, f64, f64, f64, f64); 11] = [
    (0.5, 0.5, 0.25, 0.333_333_333_333_333_3, 0.666_666_666_666_666_6),
    (1.0, 10_000_000.0, 2.5e-9, 0.024_690_088_002_145_77, 0.975_309_911_997_854_2),
    (5.0, 30.0, 0.062_5, 0.058_469_994_275_128_04, 0.941_530_005_724_872),
    (5.0, 30.0, 0.5, 0.999_996_917_555_108_7, 3.082_444_891_333_58e-6),
    (30.0, 61.0, 0.25, 0.047_283_885_540_444_937, 0.952_716_114_459_555_1),
    (30.5, 60.25, 0.437_5, 0.976_725_286_674_115_8, 0.023_274_713_325_884_107),
    (0.125, 12.0, 0.000_976_562_5, 0.605_565_340_273_954_7, 0.394_434_659_726_045_24),
    (200.0, 300.0, 0.5, 0.999_996_456_519_735_6, 3.543_480_264_392_538e-6),
    (2_000.0, 3_000.0, 0.382_812_5, 0.006_360_739_362_082_497, 0.993_639_260_637_917_5),
    (2.5, 400.0, 0.031_25, 0.999_885_772_037_888_8, 0.000_114_227_962_111_257_49),
    (3.0, 0.5, 0.968_75, 0.675_384_298_419_518, 0.324_615_701_580_482_03),
];
