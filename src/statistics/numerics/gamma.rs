//! The gamma function and the incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), with inverses.
//!
//! P and Q are computed each on its own side, so that small tails keep their digits (about 1e-13 relative). The common
//! factor xᵃe⁻ˣ/Γ(a + 1) is written as a deviance from its maximum, which keeps its digits for large a.
//!
//! # Source
//! Loader C (2000), *Fast and accurate computation of binomial probabilities* (deviance form); Lentz (1976),
//! doi:10.1364/AO.15.000668 (continued fraction).

#![allow(
    clippy::many_single_char_names,
    reason = "the letters of the handbook (DLMF), where a and b are parameters and x the argument"
)]

use super::{
    float::{LN_TWO_PI, exp, ln, ln_1p},
    normal::{normal_quantile, normal_upper_with},
};

/// Above this the continued fraction's parts are scaled down.
const LARGE: f64 = 1e100;

/// ln Γ(a), a > 0.
pub fn ln_gamma(a: f64) -> f64 {
    libm::lgamma(a)
}

/// ψ(a) = d ln Γ(a) / da, a > 0.
pub fn digamma(a: f64) -> f64 {
    let (a, shift) = beyond_ten(a);
    ln(a) - shift - digamma_tail(a)
}

/// The first of a, a + 1, … that is at least 10, and by how much ψ has risen there.
fn beyond_ten(mut a: f64) -> (f64, f64) {
    let mut shift = 0.0;
    while a < 10.0 {
        shift += 1.0 / a;
        a += 1.0;
    }
    (a, shift)
}

/// ln a − ψ(a) for a ≥ 10.
fn digamma_tail(a: f64) -> f64 {
    let r = 1.0 / (a * a);
    let tail = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0
                - r * (1.0 / 252.0
                    - r * (1.0 / 240.0 - r * (1.0 / 132.0 - r * 691.0 / 32_760.0)))));
    0.5 / a + tail
}

/// ψ′(a), a > 0.
pub fn trigamma(a: f64) -> f64 {
    let (mut shift, mut a) = (0.0, a);
    while a < 10.0 {
        shift += 1.0 / (a * a);
        a += 1.0;
    }
    let r = 1.0 / (a * a);
    let tail = r
        * (1.0 / 6.0
            - r * (1.0 / 30.0
                - r * (1.0 / 42.0 - r * (1.0 / 30.0 - r * (5.0 / 66.0 - r * 691.0 / 2730.0)))));
    shift + 1.0 / a + 0.5 * r + tail / a
}

/// ln Γ(a + 1) − (a + ½) ln a + a − ½ ln 2π: what Stirling's formula leaves out.
pub(crate) fn stirling_error(a: f64) -> f64 {
    if a < 16.0 {
        return ln_gamma(a + 1.0) - (a + 0.5) * ln(a) + a - 0.5 * LN_TWO_PI;
    }
    let r = 1.0 / (a * a);
    (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / a
}

/// a ln(a / x) + x − a ≥ 0, without cancellation where a ≈ x.
pub(crate) fn deviance(a: f64, x: f64) -> f64 {
    let difference = a - x;
    if difference.abs() < 0.1 * (a + x) {
        // With v = (a − x)/(a + x): a ln(a/x) = 2a·(v + v³/3 + v⁵/5 + …).
        let v = difference / (a + x);
        let square = v * v;
        let mut sum = difference * v;
        let mut term = 2.0 * a * v;
        let mut odd = 3.0;
        loop {
            term *= square;
            let next = sum + term / odd;
            if next.to_bits() == sum.to_bits() {
                return sum;
            }
            sum = next;
            odd += 2.0;
        }
    }
    a * ln(a / x) + x - a
}

/// xᵃ e⁻ˣ / Γ(a + 1): for whole a the Poisson probability of a when x is expected.
pub fn kernel(a: f64, x: f64) -> f64 {
    if a <= 0.0 {
        return exp(-x);
    }
    if x <= 0.0 {
        return 0.0;
    }
    exp(-stirling_error(a) - deviance(a, x)) / (2.0 * std::f64::consts::PI * a).sqrt()
}

/// P(a, x) = ∫₀ˣ tᵃ⁻¹e⁻ᵗ dt / Γ(a) and Q(a, x) = 1 − P(a, x), for a > 0.
pub fn tails(a: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    tails_with_kernel(a, x, kernel(a, x), 1e-16)
}

/// [`tails`] to a relative tolerance, when the caller has [`kernel`]`(a, x)` at hand.
pub(crate) fn tails_with_kernel(a: f64, x: f64, kernel: f64, tolerance: f64) -> (f64, f64) {
    if x < a + 1.0 {
        let lower = (kernel * series(a, x, tolerance)).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (kernel * a * fraction(a, x, tolerance)).min(1.0);
        (1.0 - upper, upper)
    }
}

/// [`kernel`]`(a, x)` and Q(a, x) for a ≥ 100 from Temme's uniform expansion (DLMF 8.12), to about 1e-9 absolute and in
/// constant time; for posteriors, where [`tails`] would need hundreds of steps.
pub(crate) fn kernel_and_upper_of_large(a: f64, x: f64) -> (f64, f64) {
    let mu = x / a - 1.0;
    let deviance = deviance(a, x);
    let bell = exp(-deviance);
    let density = bell / (2.0 * std::f64::consts::PI * a).sqrt();
    let eta = (2.0 * deviance / a).sqrt().copysign(mu);
    let (first, second) = if eta.abs() < 0.2 {
        let first = -1.0 / 3.0
            + eta
                * (1.0 / 12.0
                    - eta
                        * (2.0 / 135.0
                            - eta
                                * (1.0 / 864.0 + eta * (1.0 / 2835.0 - eta * 139.0 / 777_600.0))));
        let second = -1.0 / 540.0
            - eta * (1.0 / 288.0 - eta * (1.0 / 378.0 - eta * (77.0 / 77_760.0 - eta / 4860.0)));
        (first, second)
    } else {
        let (e, m) = (1.0 / eta, 1.0 / mu);
        (m - e, e * e * e - m * m * m - m * m - m / 12.0)
    };
    let rest = density * (first + (second + 25.0 / (6048.0 * a)) / a);
    (density, normal_upper_with(eta * a.sqrt(), bell) + rest)
}

/// 1 + x/(a+1) + x²/((a+1)(a+2)) + …
fn series(a: f64, x: f64, tolerance: f64) -> f64 {
    let (mut term, mut sum, mut denominator) = (1.0, 1.0, a);
    loop {
        // Two terms before each look at the rest.
        for _ in 0..2 {
            denominator += 1.0;
            term *= x / denominator;
            sum += term;
        }
        // The ratio of terms falls below ½ only for denominators above 2x; until then the rest may exceed the term.
        let next = denominator + 1.0;
        if term * next < sum * tolerance * (next - x) {
            return sum;
        }
    }
}

/// 1/(x+1−a− 1(1−a)/(x+3−a− 2(2−a)/(x+5−a− …))), by the recurrence of its numerators and denominators: a step costs
/// no division.
fn fraction(a: f64, x: f64, tolerance: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut above, mut below) = ((0.0, 1.0), (1.0, b));
    let mut i = 0.0;
    loop {
        i += 1.0;
        let step = -i * (i - a);
        b += 2.0;
        above = (above.1, b * above.1 + step * above.0);
        below = (below.1, b * below.1 + step * below.0);
        let (old, new) = (above.0 * below.1, above.1 * below.0);
        if (new - old).abs() <= tolerance.max(4e-16) * old.abs() || i > 1e6 {
            return above.1 / below.1;
        }
        if below.1.abs() > LARGE {
            let (numerators, denominators) = (&mut above, &mut below);
            *numerators = (numerators.0 / LARGE, numerators.1 / LARGE);
            *denominators = (denominators.0 / LARGE, denominators.1 / LARGE);
        }
    }
}

/// P(a, x).
pub fn lower(a: f64, x: f64) -> f64 {
    tails(a, x).0
}

/// Q(a, x).
pub fn upper(a: f64, x: f64) -> f64 {
    tails(a, x).1
}

/// The x with P(a, x) = `p`, for p in (0, 1).
pub fn inverse_lower(a: f64, p: f64) -> f64 {
    if p > 0.5 { solve(a, 1.0 - p, Side::Upper) } else { solve(a, p, Side::Lower) }
}

/// The x with Q(a, x) = `q`, for q in (0, 1).
pub fn inverse_upper(a: f64, q: f64) -> f64 {
    if q > 0.5 { solve(a, 1.0 - q, Side::Lower) } else { solve(a, q, Side::Upper) }
}

#[derive(Clone, Copy)]
enum Side {
    Lower,
    Upper,
}

/// Newton's method on ln tail over u = ln x. Both tails of a log-gamma variable are log-concave, so from any start the
/// second iterate lies on the safe side of the root and the rest approach it from there.
fn solve(a: f64, probability: f64, side: Side) -> f64 {
    let z = match side {
        Side::Lower => -normal_quantile(probability),
        Side::Upper => normal_quantile(probability),
    };
    // Wilson and Hilferty's cube; in the far lower tail P(a, x) ≈ xᵃ/Γ(a + 1) instead.
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + z * ninth.sqrt();
    let mut u = if root > 0.3 {
        ln(a) + 3.0 * ln(root)
    } else {
        match side {
            Side::Lower => (ln(probability) + ln_gamma(a + 1.0)) / a,
            Side::Upper => ln(a),
        }
    };
    for _ in 0..100 {
        let x = exp(u);
        let kernel = kernel(a, x);
        let (below, above) = tails_with_kernel(a, x, kernel, 1e-16);
        let slope = a * kernel;
        let step = match side {
            Side::Lower => (ln_ratio(probability, below)) * below / slope,
            Side::Upper => -(ln_ratio(probability, above)) * above / slope,
        };
        // Where the tail or its slope underflows, walk towards the root until they do not.
        let step = if step.is_finite() {
            step.clamp(-20.0, 20.0)
        } else {
            match side {
                Side::Lower => (probability - below).signum(),
                Side::Upper => (above - probability).signum(),
            }
        };
        u += step;
        // Newton's error squares from step to step: after one this small, what remains is below the last digit.
        if step.abs() < 1e-9 * u.abs().max(1.0) {
            break;
        }
    }
    exp(u)
}

/// ln(p / q), accurate where p ≈ q.
pub(crate) fn ln_ratio(p: f64, q: f64) -> f64 {
    let relative = (p - q) / q;
    if relative.abs() < 0.1 { ln_1p(relative) } else { ln(p) - ln(q) }
}

/// ln Γ(a + k) − ln Γ(a) for whole k, as a sum of logarithms of products.
pub(crate) fn ln_rising(a: f64, k: u64) -> f64 {
    if k > 40 {
        return ln_gamma(a + super::float::real(k)) - ln_gamma(a);
    }
    let (mut total, mut product) = (0.0, 1.0);
    for j in 0..k {
        product *= a + super::float::real(j);
        if product > 1e200 {
            total += ln(product);
            product = 1.0;
        }
    }
    total + ln(product)
}

/// ψ(a + k) − ψ(a), the slope of [`ln_rising`] in a.
pub(crate) fn digamma_rise(a: f64, k: u64) -> f64 {
    if k > 16 {
        let (near, shift) = beyond_ten(a);
        let far = a + super::float::real(k);
        return ln(far / near) + shift + digamma_tail(near) - digamma_tail(far);
    }
    (0..k).map(|j| 1.0 / (a + super::float::real(j))).sum()
}

#[test]
fn trigamma_agrees_with_known_values_and_its_recurrence() {
    let square = std::f64::consts::PI * std::f64::consts::PI;
    assert!((trigamma(1.0) - square / 6.0).abs() < 1e-14);
    assert!((trigamma(0.5) - square / 2.0).abs() < 1e-13);
    for a in [0.02, 0.7, 3.0, 9.5, 40.0, 1e4] {
        assert!((trigamma(a) - trigamma(a + 1.0) - 1.0 / (a * a)).abs() < 1e-13 * trigamma(a));
    }
}

#[test]
fn tails_and_inverses_agree_with_high_precision_values() {
    // mpmath 1.3, 40 digits: gammainc(a, 0, x, regularized=True) and gammainc(a, x, inf, regularized=True).
    for (a, x, p, q) in REFERENCE {
        let (below, above) = tails(a, x);
        assert!((below / p - 1.0).abs() < 2e-13, "P({a}, {x}) = {below}, not {p}");
        assert!((above / q - 1.0).abs() < 2e-13, "Q({a}, {x}) = {above}, not {q}");
        let back = if p < q { inverse_lower(a, p) } else { inverse_upper(a, q) };
        assert!((back / x - 1.0).abs() < 1e-12, "inverse at ({a}, {x}) gives {back}");
    }
}

#[test]
fn the_inverse_holds_from_tiny_to_huge_shapes() {
    for a in [0.05, 0.3, 1.0, 12.0, 3e3, 4e6] {
        for p in [1e-9, 0.001, 0.4, 0.6, 0.999] {
            let off = lower(a, inverse_lower(a, p)) / p - 1.0;
            assert!(off.abs() < 1e-9, "{a} {p}: {off:e}");
            let off = upper(a, inverse_upper(a, p)) / p - 1.0;
            assert!(off.abs() < 1e-9, "{a} {p}: {off:e}");
        }
    }
}

#[test]
fn the_expansion_for_large_shapes_agrees_with_the_exact_tail() {
    for a in [100.0, 437.5, 9_000.0] {
        for step in -60..=60 {
            let x = a + f64::from(step) / 10.0 * f64::sqrt(a);
            assert!((kernel_and_upper_of_large(a, x).1 - upper(a, x)).abs() < 1e-9, "{a} {x}");
        }
    }
}

#[test]
fn digamma_is_the_slope_of_ln_gamma() {
    // −γ, and ψ(½) = −γ − 2 ln 2.
    assert!((digamma(1.0) + 0.577_215_664_901_532_9).abs() < 1e-14);
    assert!((digamma(0.5) + 1.963_510_026_021_423_5).abs() < 1e-14);
    assert!((ln_rising(0.3, 57) - (ln_gamma(57.3) - ln_gamma(0.3))).abs() < 1e-12);
    assert!((ln_rising(0.3, 7) - (ln_gamma(7.3) - ln_gamma(0.3))).abs() < 1e-13);
    for k in [0, 1, 16, 17, 300] {
        let slope = (ln_rising(2.5 + 1e-5, k) - ln_rising(2.5 - 1e-5, k)) / 2e-5;
        assert!((digamma_rise(2.5, k) - slope).abs() < 1e-7, "{k}: {slope}");
    }
}

#[cfg(test)]
const REFERENCE: [(f64, f64, f64, f64); 12] = [
    (0.05, 0.5, 0.971_317_371_244_164, 0.028_682_628_755_836_02),
    (0.5, 0.000_1, 0.011_283_415_555_849_618, 0.988_716_584_444_150_3),
    (1.0, 0.025_317_8, 0.024_999_992_215_317_342, 0.975_000_007_784_682_7),
    (1.0, 40.0, 1.0, 4.248_354_255_291_589e-18),
    (6.0, 1.623_4, 0.006_463_473_848_970_571, 0.993_536_526_151_029_4),
    (10.0, 30.5, 0.999_995_018_736_925_5, 4.981_263_074_426_56e-6),
    (10.0, 2.0, 4.649_807_501_726_380_5e-5, 0.999_953_501_924_982_8),
    (100.0, 60.0, 1.481_527_632_646_046_8e-6, 0.999_998_518_472_367_3),
    (100.0, 150.0, 0.999_994_075_459_664_6, 5.924_540_335_483_916e-6),
    (2_500.0, 2_600.0, 0.976_181_001_979_259_4, 0.023_818_998_020_740_657),
    (2_500.0, 2_200.0, 2.031_253_010_529_332_2e-10, 0.999_999_999_796_874_7),
    (40_000.0, 41_000.0, 0.999_999_648_609_979_7, 3.513_900_203_493_034_6e-7),
];
