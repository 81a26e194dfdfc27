//! Elementary functions with the same bits on every platform, and the normal distribution.
//!
//! The functions of `std` call the machine's mathematical library; these call `libm`, which is compiled from one source,
//! or, for the two that are called most, [`super::exponential`].
//! `+ − × ÷ √` need no wrapper: IEEE 754 fixes them. Sums elsewhere in [`crate::statistics`] run in index order, so
//! their bits do not depend on the number of threads.

use super::exponential;
pub use super::normal::{normal_density, normal_lower, normal_quantile, normal_upper};

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
#[inline]
pub fn ln(x: f64) -> f64 {
    exponential::ln(x)
}

/// ln(1 + x), accurate for small x.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// eˣ.
#[inline]
pub fn exp(x: f64) -> f64 {
    exponential::exp(x)
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

/// Arc sine, for x in [−1, 1].
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
