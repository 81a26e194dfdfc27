//! Intervals for a proportion from its standard error, besides Korn and Graubard's.
//!
//! # Question
//! How far could a share of the population be from the one estimated?
//!
//! # Definition
//! With proportion p, standard error se, and t the quantile of Student's t with the design's degrees of freedom:
//!
//! * [`Method::Logit`]: log-odds of p ± t·se/(p(1 − p)), turned back;
//! * [`Method::Arcsine`]: sin²(arcsin √p ± t·se/(2√(p(1 − p))));
//! * [`Method::Likelihood`]: all q whose binomial deviance from p, at the effective sample size p(1 − p)/se², is at most t²;
//! * [`Method::Mean`]: p ± t·se.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `p`, `se` | `f64` | proportion | 0 < p < 1, se ≥ 0 |
//! | `df` | `u32` | – | degrees of freedom of the design, or of the domain |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! (lower, upper), within [0, 1]; R does not cut the last and folds back the second where they leave it.
//!
//! # Undefined
//! `None` at p = 0 and p = 1 and without degrees of freedom. There use
//! [`crate::statistics::interval::korn_graubard`].
//!
//! # Assumptions, and when not to use it
//! The estimate is about normal on the scale used: logit is good from about 5 positive rows on, the plain one only for
//! shares between 20 and 80 %. For publication Korn and Graubard's interval is the standard.
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, survey::proportion_interval::{Method, limits}};
//! let (lower, upper) = limits(Method::Logit, 0.1, 0.02, 20, Confidence::P95).unwrap();
//! assert!((lower - 0.0653).abs() < 5e-5 && (upper - 0.1501).abs() < 5e-5);
//! ```
//!
//! # Source
//! Lumley T (2010), *Complex Surveys*, doi:10.1002/9780470580066; Rao JNK, Scott AJ (1984), Ann Stat 12:46–60,
//! doi:10.1214/aos/1176346391 (likelihood).

use crate::statistics::{
    interval::Confidence,
    numerics::{
        float::{asin, exp, ln, sin},
        student,
    },
};

/// On which scale the limits are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Log-odds.
    Logit,
    /// The arcsine of the root, where variance hardly depends on p.
    Arcsine,
    /// The binomial likelihood at the effective sample size.
    Likelihood,
    /// The proportion itself.
    Mean,
}

/// Limits of a proportion.
pub fn limits(
    method: Method,
    p: f64,
    se: f64,
    df: u32,
    confidence: Confidence,
) -> Option<(f64, f64)> {
    if !(p > 0.0 && p < 1.0) || df == 0 {
        return None;
    }
    let reach = student::quantile(confidence.tail(), f64::from(df)) * se;
    let product = p * (1.0 - p);
    let (lower, upper) = match method {
        Method::Logit => {
            let (middle, half) = (ln(p / (1.0 - p)), reach / product);
            (from_log_odds(middle - half), from_log_odds(middle + half))
        }
        Method::Arcsine => {
            let (middle, half) = (asin(p.sqrt()), reach / (2.0 * product.sqrt()));
            let squared = |angle: f64| {
                let sine = sin(angle.clamp(0.0, std::f64::consts::FRAC_PI_2));
                sine * sine
            };
            (squared(middle - half), squared(middle + half))
        }
        Method::Likelihood => {
            let deviance = reach * reach / product;
            (likelihood_limit(p, deviance, -1.0), likelihood_limit(p, deviance, 1.0))
        }
        Method::Mean => (p - reach, p + reach),
    };
    Some((lower.clamp(0.0, p), upper.clamp(p, 1.0)))
}

fn from_log_odds(t: f64) -> f64 {
    1.0 / (1.0 + exp(-t))
}

/// The q on one side of p with 2·(p ln(p/q) + (1 − p) ln((1 − p)/(1 − q))) = `deviance`, by bisection over log-odds.
fn likelihood_limit(p: f64, deviance: f64, side: f64) -> f64 {
    let middle = ln(p / (1.0 - p));
    let beyond = |distance: f64| {
        let q = from_log_odds(middle + side * distance);
        2.0 * (p * ln(p / q) + (1.0 - p) * ln((1.0 - p) / (1.0 - q))) >= deviance
    };
    let (mut near, mut far) = (0.0, 1.0);
    // Beyond these odds a float no longer tells q from 0 or 1.
    while far < 600.0 && !beyond(far) {
        (near, far) = (far, 2.0 * far);
    }
    for _ in 0..60 {
        let between = 0.5 * (near + far);
        if beyond(between) {
            far = between;
        } else {
            near = between;
        }
    }
    from_log_odds(middle + side * 0.5 * (near + far))
}

#[test]
fn limits_stay_within_bounds_and_need_degrees_of_freedom() {
    for method in [Method::Logit, Method::Arcsine, Method::Likelihood, Method::Mean] {
        for (p, se) in [(0.01, 0.05), (0.5, 0.4), (0.999, 0.01), (0.3, 0.0), (1e-9, 1e-3)] {
            let (lower, upper) = limits(method, p, se, 3, Confidence::P998).unwrap();
            assert!(
                0.0 <= lower && lower <= p && p <= upper && upper <= 1.0,
                "{method:?} {p} {se}"
            );
        }
        assert_eq!(limits(method, 0.0, 0.0, 9, Confidence::P95), None);
        assert_eq!(limits(method, 1.0, 0.0, 9, Confidence::P95), None);
        assert_eq!(limits(method, 0.5, 0.1, 0, Confidence::P95), None);
    }
}
