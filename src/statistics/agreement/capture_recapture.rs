//! Capture and recapture: how many events does neither of two linked sources have?
//!
//! # Question
//! Police know of 120 attacks, a chronicle of 80; 30 are in both. How many more are there?
//!
//! # Definition
//! With a in the first source, b in the second, m in both: Chapman's estimate of all events N = (a + 1)(b + 1)/(m + 1) − 1, with
//! variance (a + 1)(b + 1)(a − m)(b − m)/((m + 1)²(m + 2)). Of the s = a + b − m that are known, u = N − s are missing; the limits
//! are s + u/C and s + u·C, C = exp(z√ln(1 + variance/u²)), so that they never fall below what is known (Chao). Beside it
//! Chao's lower bound, which holds when some events are easier to learn of than others: s + f₁²/(4f₂) for two sources, f₁ in
//! exactly one, f₂ = m in both; without any in both, s + f₁(f₁ − 1)/4.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `first`, `second` | `u64` | events | – |
//! | `both` | `u64` | events | ≤ either |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! An [`Unseen`].
//!
//! # Undefined
//! `None` when more are in both than in one, and when nothing is known.
//!
//! # Assumptions, and when not to use it
//! Records are linked without error; the same region, time and definition; knowing of an event in one source makes it neither
//! likelier nor less likely in the other. Chronicles read police reports, so that m is too large and the estimate too small:
//! read it as a lower bound of all that could have been recorded.
//!
//! # Cost and determinism
//! A few operations; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{agreement::capture_recapture, interval::Confidence};
//! let found = capture_recapture::unseen(120, 80, 30, Confidence::P95).unwrap();
//! assert_eq!(found.known, 170);
//! assert!((found.all - 315.161_290).abs() < 1e-6 && found.limits.0 > 170.0);
//! ```
//!
//! # Source
//! Chapman DG (1951), Univ Calif Publ Stat 1:131–160; Seber GAF (1970), doi:10.2307/2528736 (variance); Chao A (1987),
//! Biometrics 43:783–791, doi:10.2307/2531532 (limits, lower bound).

use crate::statistics::{
    interval::Confidence,
    numerics::float::{exp, ln, real},
};

/// How many events there may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unseen {
    /// In at least one source.
    pub known: u64,
    /// Chapman's estimate of all.
    pub all: f64,
    /// Its limits.
    pub limits: (f64, f64),
    /// Chao's lower bound of all.
    pub at_least: f64,
}

/// All events, from those of two linked sources.
pub fn unseen(first: u64, second: u64, both: u64, confidence: Confidence) -> Option<Unseen> {
    if both > first.min(second) || first + second == 0 {
        return None;
    }
    let known = first + second - both;
    let (a, b, m) = (real(first), real(second), real(both));
    let all = (a + 1.0) * (b + 1.0) / (m + 1.0) - 1.0;
    let variance = (a + 1.0) * (b + 1.0) * (a - m) * (b - m) / ((m + 1.0) * (m + 1.0) * (m + 2.0));
    let missing = all - real(known);
    let limits = if missing > 0.0 && variance > 0.0 {
        let factor = exp(confidence.z() * ln(1.0 + variance / (missing * missing)).sqrt());
        (real(known) + missing / factor, real(known) + missing * factor)
    } else {
        (real(known), real(known))
    };
    let single = real(known - both);
    let more = if both > 0 { single * single / (4.0 * m) } else { single * (single - 1.0) / 4.0 };
    Some(Unseen { known, all: all.max(real(known)), limits, at_least: real(known) + more })
}

#[test]
fn one_source_inside_the_other_misses_nothing() {
    let found = unseen(50, 20, 20, Confidence::P95).unwrap();
    assert_eq!((found.known, found.all, found.limits), (50, 50.0, (50.0, 50.0)));
    assert_eq!(unseen(10, 5, 6, Confidence::P95), None);
    assert_eq!(unseen(0, 0, 0, Confidence::P95), None);
}
