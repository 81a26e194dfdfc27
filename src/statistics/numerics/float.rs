//! Elementary functions with the same bits on every platform, and the normal distribution.
//!
//! The functions of `std` call the machine's mathematical library; these call `libm`, which is compiled from one source.
//! `+ − × ÷ √` need no wrapper: IEEE 754 fixes them. Sums elsewhere in [`crate::statistics`] run in index order, so
//! their bits do not depend on the number of threads.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// ln 2π.
pub(crate) const LN_TWO_PI: f64 = 1.837_877_066_409_345_3;

/// The number as a float; exact below 2⁵³, which no count of records reaches.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}

/// The size of a collection as a float; exact below 2⁵³.
#[allow(clippy::cast_precision_loss, reason = "collections are far smaller than 2^53")]
pub(crate) fn size(n: usize) -> f64 {
    n as f64
}

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), accurate for small x.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// eˣ.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// eˣ − 1, accurate for small x.
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// x raised to y.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Cosine.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Sine.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Inverse sine.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The error function.
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// 1 − erf(x), accurate in the upper tail.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Density of the standard normal distribution.
pub fn normal_density(z: f64) -> f64 {
    exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// P(Z ≤ z), accurate in the lower tail.
pub fn normal_lower(z: f64) -> f64 {
    0.5 * erfc(-z * FRAC_1_SQRT_2)
}

/// P(Z ≥ z), accurate in the upper tail.
pub fn normal_upper(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// The z that a standard normal exceeds with the probability `upper`, in (0, 1).
///
/// Takes the upper tail, not the level, so that no digit is lost: the 95 % limit is `normal_quantile(0.025)`. Newton
/// steps on ln P from the start of Abramowitz and Stegun 26.2.23, to about 1e-15 relative.
pub fn normal_quantile(upper: f64) -> f64 {
    if upper > 0.5 {
        return -normal_quantile(1.0 - upper);
    }
    let t = (-2.0 * ln(upper)).sqrt();
    let start = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    // ln P(Z ≥ z) is concave, so Newton's steps cannot run away.
    let mut z = start;
    for _ in 0..8 {
        let tail = normal_upper(z);
        let step = ln(tail / upper) * tail / normal_density(z);
        z += step;
        if step.abs() <= 1e-9 * z.abs().max(1.0) {
            break;
        }
    }
    z
}

#[test]
fn normal_quantiles_agree_with_tables() {
    for (upper, z) in [
        (0.025, 1.959_963_984_540_054),
        (0.05, 1.644_853_626_951_472_2),
        (0.001, 3.090_232_306_167_813),
        (1e-12, 7.034_483_825_301_132),
        (0.975, -1.959_963_984_540_054),
    ] {
        assert!((normal_quantile(upper) - z).abs() < 4e-15 * z.abs(), "{upper}");
    }
    assert!(normal_quantile(0.5).abs() < 1e-15);
}
