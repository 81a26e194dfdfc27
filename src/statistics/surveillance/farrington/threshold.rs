//! Upper limits from an expected count: three ways, named as R's `surveillance` has them.

use super::Prediction;
use crate::statistics::numerics::{
    float::{exp, normal_quantile, normal_upper, pow, real},
    negative_binomial::{upper, upper_critical},
};

/// How an upper limit is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threshold {
    /// y^(2/3) is taken as normal, around μ₀^(2/3), with variance (4/9)·μ₀^(1/3)·(φ̂ + var(μ̂₀)/μ₀); R: `delta`.
    TwoThirds,
    /// The quantile of the negative binomial distribution with mean μ₀ and variance φ̂μ₀; R: `nbPlugin`.
    NegativeBinomial,
    /// The same with the upper limit of μ₀ at level α as its mean, so that the uncertainty of the fit counts; R: `muan`.
    NegativeBinomialOfUpperMean,
}

/// An upper limit and the p of what was observed.
pub(super) struct Limit {
    pub(super) upper: f64,
    pub(super) p: f64,
}

impl Threshold {
    /// `None` when the expected count is no usable number, being without any information.
    pub(super) fn limit(self, at: &Prediction, alpha: f64, observed: f64) -> Option<Limit> {
        let mean = match self {
            Self::NegativeBinomialOfUpperMean => {
                at.expected * exp(normal_quantile(alpha) * at.error)
            }
            Self::TwoThirds | Self::NegativeBinomial => at.expected,
        };
        // Below this nothing ever happened at this time of the year; above, the fit says nothing.
        if !(1e-6..1e12).contains(&mean) || !at.error.is_finite() {
            return None;
        }
        if self == Self::TwoThirds {
            let of_mean = at.expected * at.expected * at.error * at.error;
            let spread =
                (4.0 / 9.0 * pow(mean, 1.0 / 3.0) * (at.dispersion + of_mean / mean)).sqrt();
            let centre = pow(mean, 2.0 / 3.0);
            let root = centre + normal_quantile(alpha) * spread;
            let p = normal_upper((pow(observed, 2.0 / 3.0) - centre) / spread);
            return Some(Limit { upper: pow(root, 1.5), p: p.max(f64::MIN_POSITIVE) });
        }
        let size = (at.dispersion > 1.0).then(|| mean / (at.dispersion - 1.0));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let count = observed as u64;
        Some(Limit {
            upper: real(upper_critical(mean, size, alpha) - 1),
            p: upper(count, mean, size).max(f64::MIN_POSITIVE),
        })
    }
}
