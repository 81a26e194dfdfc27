//! The location quotient: a region's share of one kind over its share of everything.
//!
//! # Question
//! Does this region hold more of a kind of event than its share of all events, or of the population, makes likely?
//!
//! # Definition
//! LQ = (x/X)/(n/N): x of the region's n are of the kind, X of all N. Given the X events of the kind and the exposure
//! shares, x is binomial with probability (n/N)·LQ, so the Clopper–Pearson limits of x out of X, divided by n/N, are exact
//! limits of LQ, also for x = 0.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `x` | `u64` | events of the kind in the region | ≤ X |
//! | `kind_total` | `u64` | events of the kind in all regions, X | ≥ 1 |
//! | `share` | `f64` | n/N: the region's share of all events, persons, … | (0, 1] |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! [`LocationQuotient`]: 1 where the region holds its due; limits within [0, N/n].
//!
//! # Undefined
//! `None` when nothing of the kind happened, x > X, or the share is outside (0, 1].
//!
//! # Assumptions, and when not to use it
//! Events fall independently and the share is known. Where the share is itself made of the same events, as in a
//! cross-table, a kind that is a large part of everything varies less than binomially, and the limits are too wide.
//!
//! # Cost and determinism
//! Two inverse beta functions; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{concentration::location_quotient, interval::Confidence};
//! // 12 of 40 attacks in a region with 15 % of the population.
//! let found = location_quotient::estimate(12, 40, 0.15, Confidence::P95).unwrap();
//! assert!((found.value - 2.0).abs() < 1e-15);
//! assert!((found.lower - 1.104).abs() < 1e-3 && (found.upper - 3.102).abs() < 1e-3);
//! ```
//!
//! # Source
//! Haggett P (1965), *Locational Analysis in Human Geography* (the quotient); Clopper CJ, Pearson ES (1934),
//! doi:10.1093/biomet/26.4.404 (the limits); Moineddin R et al. (2003), doi:10.1111/j.1538-4632.2003.tb01112.x (a
//! large-sample alternative).

use crate::statistics::{
    interval::{Confidence, clopper_pearson},
    numerics::float::real,
};

/// A quotient with its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocationQuotient {
    /// Estimate.
    pub value: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// The quotient of `x` out of `kind_total` in a region with this `share` of everything.
pub fn estimate(
    x: u64,
    kind_total: u64,
    share: f64,
    confidence: Confidence,
) -> Option<LocationQuotient> {
    if !(share > 0.0 && share <= 1.0) {
        return None;
    }
    let (x, all) = (real(x), real(kind_total));
    let (lower, upper) = clopper_pearson::limits(x, all, confidence)?;
    Some(LocationQuotient { value: x / all / share, lower: lower / share, upper: upper / share })
}

#[test]
fn none_of_few_still_has_an_upper_limit() {
    let none = estimate(0, 3, 0.5, Confidence::P95).unwrap();
    assert_eq!((none.value, none.lower), (0.0, 0.0));
    // 1 − 0.025^(1/3) of the kind, twice that as a quotient.
    assert!((none.upper - 2.0 * (1.0 - 0.292_401_773_821_286_6)).abs() < 1e-12);
    let all = estimate(3, 3, 0.5, Confidence::P95).unwrap();
    assert_eq!((all.value, all.upper), (2.0, 2.0));
    assert_eq!(estimate(0, 0, 0.5, Confidence::P95), None);
    assert_eq!(estimate(4, 3, 0.5, Confidence::P95), None);
    assert_eq!(estimate(1, 3, 0.0, Confidence::P95), None);
}
