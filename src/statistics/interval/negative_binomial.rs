//! Exact limits for a count that scatters more than Poisson.
//!
//! # Question
//! As [`super::garwood`], when offences come several to an incident or regions differ more than chance makes them.
//!
//! # Definition
//! With X negative binomial with mean μ: the lower limit solves P(X ≥ x; μ) = a, the upper P(X ≤ x; μ) = a.
//! P(X ≤ x) = I(s/(s + μ); s, x + 1), s the size. Under the quadratic law s is the same for all μ, and both limits are
//! quantiles of beta distributions. Under the linear one s = μ/(φ − 1), so that s/(s + μ) = 1/φ stays and μ is searched
//! from Garwood's limit on.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `count` | `u64` | events | ≥ 0 |
//! | `law` | `Option<VarianceLaw>` | – | of [`crate::statistics::dispersion`]; `None` is Poisson: Garwood's limits |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper) in events; wider than Garwood's, but for the lower limit of counts of one or two: more scatter also
//! makes none at all more likely.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! The law is known; it is estimated from all regions together ([`crate::statistics::dispersion`]), so its own uncertainty
//! is not in the interval.
//!
//! # Cost and determinism
//! O(√count) per tail probability, of which a limit takes about ten; no randomness.
//!
//! # Example
//! ```
//! use saet::{model::VarianceLaw, statistics::interval::{Confidence, garwood, negative_binomial}};
//! let law = Some(VarianceLaw::Quadratic { size: 5.0 });
//! let (lower, upper) = negative_binomial::limits(10, law, Confidence::P95);
//! let exact = garwood::limits(10, Confidence::P95);
//! assert!(lower < exact.0 && upper > exact.1);
//! assert_eq!(negative_binomial::limits(10, None, Confidence::P95), exact);
//! ```
//!
//! # Source
//! Clopper CJ, Pearson ES (1934), doi:10.1093/biomet/26.4.404 (the principle); DLMF 8.17.24, <https://dlmf.nist.gov/8.17>.

use super::{Confidence, garwood};
use crate::{
    model::VarianceLaw,
    statistics::numerics::{
        beta,
        float::{exp, ln, real},
        negative_binomial as nb, root,
    },
};

/// Exact limits of a count under a negative binomial distribution.
pub fn limits(count: u64, law: Option<VarianceLaw>, confidence: Confidence) -> (f64, f64) {
    match law {
        None => garwood::limits(count, confidence),
        Some(VarianceLaw::Quadratic { size }) => of_size(count, size, confidence.tail()),
        Some(law) => from_garwood(count, law, confidence),
    }
}

fn of_size(count: u64, size: f64, tail: f64) -> (f64, f64) {
    let mean = |(success, failure): (f64, f64)| size * failure / success;
    let lower = if count == 0 { 0.0 } else { mean(beta::inverse_upper(size, real(count), tail)) };
    (lower, mean(beta::inverse(size, real(count) + 1.0, tail)))
}

/// Limits looked for from Garwood's on, by factors of 2 and then as the root of ln(P/a) over ln μ.
fn from_garwood(count: u64, law: VarianceLaw, confidence: Confidence) -> (f64, f64) {
    let tail = confidence.tail();
    // P rises with the mean for the lower limit and falls for the upper one.
    let solve = |start: f64, rises: bool| {
        let excess = |u: f64| {
            let mean = exp(u);
            let p = if rises { nb::upper } else { nb::lower }(count, mean, Some(law.size(mean)));
            ln(p.max(f64::MIN_POSITIVE) / tail)
        };
        let mut near = (ln(start), excess(ln(start)));
        let step = if (near.1 > 0.0) == rises { -ln(2.0) } else { ln(2.0) };
        loop {
            let far = (near.0 + step, excess(near.0 + step));
            if (far.1 > 0.0) != (near.1 > 0.0) {
                return exp(root::between(excess, near, far));
            }
            near = far;
        }
    };
    let (lower, upper) = garwood::limits(count, confidence);
    (if count == 0 { 0.0 } else { solve(lower, true) }, solve(upper, false))
}

#[test]
fn limits_put_the_tail_exactly_at_the_count() {
    use crate::statistics::numerics::negative_binomial::{lower, upper};
    let quadratic = [0.02, 0.6, 40.0].map(|size| VarianceLaw::Quadratic { size });
    let linear = [1.000_1, 1.7, 5.0, 400.0].map(|phi| VarianceLaw::Linear { phi });
    for law in quadratic.into_iter().chain(linear) {
        for count in [1, 4, 90] {
            for confidence in [Confidence::P90, Confidence::P95, Confidence::P998] {
                let (low, high) = limits(count, Some(law), confidence);
                let [below, above] = [
                    upper(count, low, Some(law.size(low))),
                    lower(count, high, Some(law.size(high))),
                ];
                assert!(
                    (below / confidence.tail() - 1.0).abs() < 1e-8,
                    "{law:?}, {count}: {below}"
                );
                assert!(
                    (above / confidence.tail() - 1.0).abs() < 1e-8,
                    "{law:?}, {count}: {above}"
                );
            }
        }
    }
    // One incident in a geometric cluster: P(X = 0; μ) = φ^(−μ/(φ − 1)) = 0.025.
    let (_, upper) = limits(0, Some(VarianceLaw::Linear { phi: 3.0 }), Confidence::P95);
    assert!((upper - 2.0 * ln(40.0) / ln(3.0)).abs() < 1e-8, "{upper}");
}
