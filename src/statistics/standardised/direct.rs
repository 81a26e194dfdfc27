//! Directly standardised rate with Dobson's interval.
//!
//! # Question
//! What would a region's rate be if its strata (age bands) were as large as in a standard population?
//!
//! # Definition
//! With events oₖ and exposure tₖ of stratum k and standard weights wₖ = sₖ/Σs: rate D = Σwₖoₖ/tₖ, variance
//! V = Σwₖ²oₖ/tₖ². With the limits (l, u) of the total count O = Σoₖ, the interval is D + √(V/O)·(l − O) to
//! D + √(V/O)·(u − O). [`Interval::FayFeuer`] takes the gamma interval of [`super::fay_feuer`] instead. Strata that the
//! standard lacks are left out, their events too.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `strata` | `&[`[`Stratum`]`]` | one per stratum, any order | events; person-years; standard persons | exposure > 0 where standard > 0 |
//! | `interval` | [`Interval`] | – | – | – |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! A [`Direct`]: rate and limits per unit of exposure.
//!
//! # Undefined
//! `Err` with the [`Undefined`] reason: below [`FEW`] events (Public Health England's rule, whatever the interval),
//! no standard population, a stratum of the standard without exposure here.
//!
//! # Assumptions, and when not to use it
//! Events independent; each stratum's exposure known. Rates of small strata with large weights dominate the variance:
//! look at the interval, or use [`super::indirect`]. Not for counts of offences, which have no age.
//!
//! # Cost and determinism
//! O(strata); no randomness. The last bits depend on the order of the strata.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, standardised::{CountLimits, direct}};
//! let stratum = |events, exposure, standard| direct::Stratum { events, exposure, standard };
//! let strata = [stratum(4, 2000.0, 30.0), stratum(20, 1000.0, 10.0)];
//! let dobson = direct::Interval::Dobson(CountLimits::Byar);
//! let found = direct::standardise(&strata, dobson, Confidence::P95).unwrap();
//! assert!((found.rate.value - (0.75 * 0.002 + 0.25 * 0.02)).abs() < 1e-15);
//! let few = direct::standardise(&strata[..1], dobson, Confidence::P95);
//! assert_eq!(few, Err(direct::Undefined::TooFewEvents(4)));
//! ```
//!
//! # Source
//! Dobson AJ et al. (1991), Stat Med 10:457–462, doi:10.1002/sim.4780100317; Public Health England, *Technical Guide:
//! Confidence Intervals* (2018), for Byar's limits and the rule of ten.

use super::{CountLimits, FEW, fay_feuer};
use crate::statistics::{
    interval::{Confidence, mover::Limited},
    numerics::float::real,
};

/// One stratum of a region, and its size in the standard population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Events of the region.
    pub events: u64,
    /// Person-years of the region.
    pub exposure: f64,
    /// Persons of the standard population, in any unit.
    pub standard: f64,
}

/// Which interval a directly standardised rate gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Dobson's, from limits of the total count.
    Dobson(CountLimits),
    /// Fay and Feuer's gamma interval.
    FayFeuer,
}

/// A directly standardised rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direct {
    /// Rate and limits per unit of exposure.
    pub rate: Limited,
    /// Variance of the rate.
    pub variance: f64,
    /// Events behind it.
    pub n_events: u64,
}

/// Why there is no directly standardised rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// So many events, fewer than [`FEW`].
    TooFewEvents(u64),
    /// No stratum has standard persons.
    NoStandard,
    /// The stratum at this position counts in the standard, but has no exposure.
    NoExposure(usize),
}

/// Standardises a region's rate.
///
/// # Errors
/// The reason why the rate is undefined.
pub fn standardise(
    strata: &[Stratum],
    interval: Interval,
    confidence: Confidence,
) -> Result<Direct, Undefined> {
    let terms = terms(strata)?;
    let n_events = terms.iter().map(|term| term.events).sum();
    if n_events < FEW {
        return Err(Undefined::TooFewEvents(n_events));
    }
    let value = terms.iter().map(|term| term.weight * real(term.events)).sum();
    let variance: f64 =
        terms.iter().map(|term| term.weight * term.weight * real(term.events)).sum();
    let total = real(n_events);
    let (lower, upper) = match interval {
        Interval::Dobson(limits) => {
            let (low, high) = limits.of(n_events, confidence);
            let scale = (variance / total).sqrt();
            (value + scale * (low - total), value + scale * (high - total))
        }
        Interval::FayFeuer => {
            let largest = terms.iter().map(|term| term.weight).fold(0.0, f64::max);
            fay_feuer::limits(value, variance, largest, confidence)
        }
    };
    Ok(Direct { rate: Limited { value, lower, upper }, variance, n_events })
}

/// A stratum's events, and what one of them adds to the rate.
struct Term {
    events: u64,
    weight: f64,
}

fn terms(strata: &[Stratum]) -> Result<Vec<Term>, Undefined> {
    let standard: f64 = strata.iter().map(|stratum| stratum.standard).sum();
    if standard <= 0.0 {
        return Err(Undefined::NoStandard);
    }
    let counted = strata.iter().enumerate().filter(|(_, stratum)| stratum.standard > 0.0);
    let term = |(at, stratum): (usize, &Stratum)| {
        if stratum.exposure > 0.0 {
            let weight = stratum.standard / standard / stratum.exposure;
            Ok(Term { events: stratum.events, weight })
        } else {
            Err(Undefined::NoExposure(at))
        }
    };
    counted.map(term).collect()
}

#[cfg(test)]
const ALL: [Interval; 4] = [
    Interval::Dobson(CountLimits::Exact),
    Interval::Dobson(CountLimits::Byar),
    Interval::Dobson(CountLimits::Phe),
    Interval::FayFeuer,
];

#[test]
fn what_has_no_rate_says_why() {
    let stratum = |events, exposure, standard| Stratum { events, exposure, standard };
    for interval in ALL {
        let why = |strata: &[Stratum]| standardise(strata, interval, Confidence::P95).unwrap_err();
        assert_eq!(why(&[]), Undefined::NoStandard);
        assert_eq!(why(&[stratum(20, 5.0, 0.0)]), Undefined::NoStandard);
        assert_eq!(why(&[stratum(9, 5.0, 1.0), stratum(0, 5.0, 1.0)]), Undefined::TooFewEvents(9));
        assert_eq!(why(&[stratum(20, 5.0, 1.0), stratum(0, 0.0, 1.0)]), Undefined::NoExposure(1));
        let unused = [stratum(3, 0.0, 0.0), stratum(20, 5.0, 1.0)];
        assert_eq!(standardise(&unused, interval, Confidence::P95).unwrap().n_events, 20);
        // Ten events, all where nobody of the standard lives: nothing is known of the rate.
        let elsewhere = [stratum(10, 5.0, 0.0), stratum(0, 5.0, 1.0)];
        assert_eq!(why(&elsewhere), Undefined::TooFewEvents(0));
    }
}

#[test]
fn one_stratum_gives_the_plain_rate_and_its_count_limits() {
    use crate::statistics::interval::{byar, garwood};
    let strata = [Stratum { events: 25, exposure: 500.0, standard: 3.0 }];
    for confidence in [Confidence::P90, Confidence::P95, Confidence::P998] {
        let close = |interval, (lower, upper): (f64, f64)| {
            let found = standardise(&strata, interval, confidence).unwrap().rate;
            assert!((found.value - 0.05).abs() < 1e-15);
            assert!((found.lower * 500.0 / lower - 1.0).abs() < 1e-12);
            assert!((found.upper * 500.0 / upper - 1.0).abs() < 1e-12);
        };
        close(Interval::Dobson(CountLimits::Byar), byar::limits(25, confidence));
        close(Interval::Dobson(CountLimits::Exact), garwood::limits(25, confidence));
        // With equal weights Fay and Feuer's interval is Garwood's.
        close(Interval::FayFeuer, garwood::limits(25, confidence));
    }
}
