//! The log-likelihood ratio of a zone: how much better two rates explain the counts than one does.
//!
//! # Question
//! A zone holds c of C cases. How strongly does that speak for a higher rate inside than outside?
//!
//! # Definition
//! Only rates that are higher inside count; else the ratio is 0.
//!
//! * Poisson, E expected inside, ΣE = C: c·ln(c/E) + (C − c)·ln((C − c)/(C − E)).
//! * Bernoulli, n of N units inside, each a case or a control: the same sum over the four cells of the table
//!   (inside, outside) × (cases, controls), o·ln(o/e) with e from the table's margins.
//!
//! Both are computed as sums of o·ln(o/e) + e − o ≥ 0, whose last two terms cancel over the cells: no digit is lost
//! where observed and expected are close.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `cases` | `f64` | cases inside | 0 ≤ c ≤ C |
//! | `measure` | `f64` | expected cases (Poisson) or units (Bernoulli) inside | ≥ 0 |
//!
//! # Output
//! The natural logarithm of the likelihood ratio, ≥ 0.
//!
//! # Undefined
//! 0 for a zone in which nothing is expected, and for one in which everything is.
//!
//! # Assumptions, and when not to use it
//! Given E or n it rises with c above expectation, and given c it falls with E or n: the search relies on that.
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::scan::likelihood::Likelihood;
//! let poisson = Likelihood::Poisson { total: 552.0 };
//! assert!((poisson.ratio(117.0, 70.610_519_508_392_47) - 15.005_562).abs() < 1e-6);
//! assert_eq!(poisson.ratio(60.0, 70.6), 0.0);
//! ```
//!
//! # Source
//! Kulldorff M (1997), Commun Stat Theory Methods 26:1481–1496, doi:10.1080/03610929708831995.

use crate::statistics::numerics::gamma::deviance;

/// What is random about the counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Likelihood {
    /// Counts around an expectation; zones are measured in expected cases.
    Poisson {
        /// All cases, and all expected ones.
        total: f64,
    },
    /// Units that are cases or controls; zones are measured in units.
    Bernoulli {
        /// All cases.
        cases: f64,
        /// All units.
        units: f64,
    },
}

impl Likelihood {
    /// The log-likelihood ratio of a zone with these cases and this measure.
    pub fn ratio(&self, cases: f64, measure: f64) -> f64 {
        let whole = self.whole();
        let expected = self.expected(measure);
        let all = self.cases();
        if !(measure > 0.0 && measure < whole && cases > expected) {
            return 0.0;
        }
        let by_cases = cell(cases, expected) + cell(all - cases, all - expected);
        match *self {
            Self::Poisson { .. } => by_cases,
            Self::Bernoulli { units, .. } => {
                let controls = (measure - cases, measure - expected);
                let outside = (units - measure - (all - cases), units - measure - (all - expected));
                by_cases + cell(controls.0, controls.1) + cell(outside.0, outside.1)
            }
        }
    }

    /// A number that [`Likelihood::ratio`] does not exceed, without logarithms: Pearson's χ² of the same table.
    pub(super) fn bound(&self, cases: f64, measure: f64) -> f64 {
        let expected = self.expected(measure);
        let all = self.cases();
        if cases <= expected {
            return 0.0;
        }
        let square = (cases - expected) * (cases - expected);
        let by_cases = square * (1.0 / expected + 1.0 / (all - expected));
        // Nothing expected inside, or everything: no bound.
        match *self {
            _ if !by_cases.is_finite() => f64::MAX,
            Self::Poisson { .. } => by_cases,
            // Controls vary as cases do, in proportion to how many there are of each.
            Self::Bernoulli { units, .. } if units > all => by_cases * units / (units - all),
            Self::Bernoulli { .. } => 0.0,
        }
    }

    /// Cases expected in a zone of this measure.
    pub fn expected(&self, measure: f64) -> f64 {
        match *self {
            Self::Poisson { .. } => measure,
            Self::Bernoulli { cases, units } => measure * (cases / units),
        }
    }

    /// All cases.
    pub fn cases(&self) -> f64 {
        match *self {
            Self::Poisson { total } => total,
            Self::Bernoulli { cases, .. } => cases,
        }
    }

    /// The measure of the whole map.
    pub fn whole(&self) -> f64 {
        match *self {
            Self::Poisson { total } => total,
            Self::Bernoulli { units, .. } => units,
        }
    }
}

/// o·ln(o/e) + e − o.
fn cell(observed: f64, expected: f64) -> f64 {
    if expected <= 0.0 {
        return 0.0;
    }
    if observed <= 0.0 { expected } else { deviance(observed, expected) }
}

#[test]
fn ratios_are_those_of_the_definition() {
    use crate::statistics::numerics::float::ln;
    let poisson = Likelihood::Poisson { total: 100.0 };
    let plain = |c: f64, e: f64| {
        let outside = if c < 100.0 { (100.0 - c) * ln((100.0 - c) / (100.0 - e)) } else { 0.0 };
        c * ln(c / e) + outside
    };
    for (c, e) in [(2.0, 0.1), (20.0, 10.0), (100.0, 40.0), (51.0, 50.0)] {
        assert!((poisson.ratio(c, e) - plain(c, e)).abs() < 1e-11 * plain(c, e).max(1.0));
        assert!(poisson.ratio(c, e) <= poisson.bound(c, e));
    }
    // 8 of 10 inside are cases, 12 of 90 outside.
    let bernoulli = Likelihood::Bernoulli { cases: 20.0, units: 100.0 };
    let (inside, outside) = ((0.8_f64, 10.0), (12.0 / 90.0, 90.0));
    let log = |(p, n): (f64, f64)| n * (p * ln(p) + (1.0 - p) * ln(1.0 - p));
    let wanted = log(inside) + log(outside) - log((0.2, 100.0));
    assert!((bernoulli.ratio(8.0, 10.0) - wanted).abs() < 1e-12 * wanted);
    assert!(bernoulli.ratio(8.0, 10.0) <= bernoulli.bound(8.0, 10.0));
}

#[test]
fn zones_without_expectation_or_with_all_of_it_say_nothing() {
    let poisson = Likelihood::Poisson { total: 5.0 };
    let bernoulli = Likelihood::Bernoulli { cases: 5.0, units: 5.0 };
    for value in [
        poisson.ratio(2.0, 0.0),
        poisson.ratio(5.0, 5.0),
        poisson.ratio(0.0, 1.0),
        bernoulli.ratio(2.0, 2.0),
        bernoulli.ratio(0.0, 0.0),
    ] {
        assert!(value.abs() < 1e-15, "{value}");
    }
}
