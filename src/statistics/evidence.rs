//! Evidence classes: what the families of tests together say of one region.
//!
//! # Question
//! A region's own rate, its surroundings and the group it may belong to were tested. How sure are they together that more is
//! recorded there than chance explains?
//!
//! # Definition
//! A test is passed when the q of the own rate's upper tail is at most half of the level (each tail has half), when the
//! surroundings test keeps the region as high among high, or when it lies in a cluster of the scan **and** its own
//! P(RR > 1) ≥ 0.8: membership alone is no evidence. Then, in this order:
//!
//! | class | when |
//! |---|---|
//! | `probable` | a test, and P(RR > 1.25) ≥ 0.95 |
//! | `signal` | a test, or P(RR > 1.25) ≥ 0.8 |
//! | `lower` | the q of the own rate's lower tail is at most half of the level |
//! | `could not have been distinguished` | power at a doubled rate below 0.5 |
//! | `not distinguishable` | otherwise |
//!
//! `established` needs other data and cannot come from one map.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `tests` | [`Tests`] | one region | – | probabilities in [0, 1] |
//! | `alpha` | `f64` | – | – | two-sided level, (0, 1) |
//!
//! # Output
//! [`Evidence`].
//!
//! # Undefined
//! Never. A region that was not tested has no [`Tests`].
//!
//! # Assumptions, and when not to use it
//! All numbers rest on the same counts and the same dispersion. It is about recorded counts: a variable that is not a count
//! over a population has no class.
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::{model::Evidence, statistics::evidence::{Tests, class}};
//! let quiet = Tests {
//!     q_upper: 1.0, q_lower: 1.0, p_above_one: 0.4, p_above_margin: 0.1, among_high: false, in_cluster: false, power: 0.9,
//! };
//! assert_eq!(class(&quiet, 0.05), Evidence::NotDistinguishable);
//! let hot = Tests { q_upper: 0.01, p_above_margin: 0.97, ..quiet };
//! assert_eq!(class(&hot, 0.05), Evidence::Probable);
//! ```
//!
//! # Source
//! Richardson S et al. (2004), Environ Health Perspect 112:1016–1025, doi:10.1289/ehp.6740 (exceedance probabilities and
//! their cut-offs); Benjamini Y, Hochberg Y (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

use crate::model::Evidence;

/// The relative risk a region has to exceed.
pub const MARGIN: f64 = 1.25;
/// P(RR > [`MARGIN`]) from which a region is a signal; P(RR > 1) from which membership in a cluster counts.
pub const SIGNAL: f64 = 0.8;
/// P(RR > [`MARGIN`]) from which, with a test, it is probable.
pub const PROBABLE: f64 = 0.95;
/// Power at a doubled rate below which silence means nothing.
pub const MIN_POWER: f64 = 0.5;

/// What the tests say of one region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tests {
    /// Benjamini–Hochberg q of the own rate's upper tail.
    pub q_upper: f64,
    /// The same of its lower tail.
    pub q_lower: f64,
    /// Posterior P(RR > 1).
    pub p_above_one: f64,
    /// Posterior P(RR > [`MARGIN`]).
    pub p_above_margin: f64,
    /// Whether the surroundings test keeps it, high among high.
    pub among_high: bool,
    /// Whether it belongs to a cluster that the scan keeps.
    pub in_cluster: bool,
    /// Power of its own test at a doubled rate.
    pub power: f64,
}

/// The class of a tested region.
pub fn class(tests: &Tests, alpha: f64) -> Evidence {
    let within = alpha / 2.0;
    let in_cluster = tests.in_cluster && tests.p_above_one >= SIGNAL;
    let is_tested = tests.q_upper <= within || tests.among_high || in_cluster;
    if is_tested && tests.p_above_margin >= PROBABLE {
        Evidence::Probable
    } else if is_tested || tests.p_above_margin >= SIGNAL {
        Evidence::Signal
    } else if tests.q_lower <= within {
        Evidence::Lower
    } else if tests.power < MIN_POWER {
        Evidence::CouldNotHaveBeenDistinguished
    } else {
        Evidence::NotDistinguishable
    }
}

#[test]
fn membership_alone_is_no_evidence() {
    let member = Tests {
        q_upper: 0.3,
        q_lower: 1.0,
        p_above_one: 0.79,
        p_above_margin: 0.5,
        among_high: false,
        in_cluster: true,
        power: 0.2,
    };
    assert_eq!(class(&member, 0.05), Evidence::CouldNotHaveBeenDistinguished);
    assert_eq!(class(&Tests { p_above_one: 0.8, ..member }, 0.05), Evidence::Signal);
    assert_eq!(
        class(&Tests { p_above_one: 0.99, p_above_margin: 0.96, ..member }, 0.05),
        Evidence::Probable
    );
}

#[test]
fn each_tail_has_half_of_the_level() {
    let tests = Tests {
        q_upper: 0.026,
        q_lower: 0.026,
        p_above_one: 0.5,
        p_above_margin: 0.5,
        among_high: false,
        in_cluster: false,
        power: 0.5,
    };
    assert_eq!(class(&tests, 0.05), Evidence::NotDistinguishable);
    assert_eq!(class(&Tests { q_upper: 0.025, ..tests }, 0.05), Evidence::Signal);
    assert_eq!(class(&Tests { q_lower: 0.025, ..tests }, 0.05), Evidence::Lower);
    assert_eq!(class(&Tests { p_above_margin: 0.97, ..tests }, 0.05), Evidence::Signal, "no test");
    assert_eq!(
        class(&Tests { power: 0.49, ..tests }, 0.05),
        Evidence::CouldNotHaveBeenDistinguished
    );
}
