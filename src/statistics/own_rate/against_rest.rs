//! A region's count against the rate of the rest of the country.
//!
//! # Question
//! Is the recorded activity of a region higher, or lower, than its exposure and the rest's rate explain?
//!
//! # Definition
//! With count o and exposure t of a region, S and T the sums of the others, the expected count is E = S·t/T. The rest's
//! rate is itself known only up to chance, so the count is compared with its predictive distribution given the others.
//!
//! * Poisson (no law): given o + S the count is binomial with probability t/(t + T). That is the negative
//!   binomial with size S + 1 and mean (S + 1)·t/T in the upper tail, size S and mean E in the lower: the exact
//!   conditional test.
//! * Dispersed: regions scatter with relative variance 1/r around their rate, r the size that the surface's law gives the
//!   mean m above, and the rest's rate with h/r. Under the quadratic law r is the same for all and h = Σⱼtⱼ²/T² over the
//!   others; under the linear one r = m/(φ − 1) and h = t/T, since the others' sizes add up. The size s becomes
//!   1/(1/s + (1 + h)/r + 1/(s·r)), the mean stays: a negative binomial with the predictive mean and variance.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | – |
//! | `exposure` | `&[f64]` | the same | person-years | ≥ 0 |
//! | `law` | `Option<VarianceLaw>` | – | – | of [`crate::statistics::dispersion`] |
//!
//! # Output
//! [`Tails`] per region, in the order given. Both tails include the observed count, so their sum exceeds 1.
//!
//! # Undefined
//! `None` for a region without exposure, and when no other region has any.
//!
//! # Assumptions, and when not to use it
//! Events of different regions are independent given the law. A small region with few expected events can hardly be
//! told apart: see [`super::power`].
//!
//! # Cost and determinism
//! O(n) plus O(√count) per region; no randomness.
//!
//! # Example
//! ```
//! use saet::{model::VarianceLaw, statistics::own_rate::against_rest};
//! let tails = against_rest::test(&[12, 20, 18, 22], &[1.0, 5.0, 5.0, 5.0], None);
//! let hot = tails[0].unwrap();
//! assert!((hot.expected - 4.0).abs() < 1e-12 && hot.upper < 0.005);
//! // Scatter between regions makes the same count less surprising.
//! let law = Some(VarianceLaw::Quadratic { size: 4.0 });
//! let dispersed = against_rest::test(&[12, 20, 18, 22], &[1.0, 5.0, 5.0, 5.0], law);
//! assert!(dispersed[0].unwrap().upper > hot.upper);
//! ```
//!
//! # Source
//! Przyborowski J, Wilenski H (1940), doi:10.1093/biomet/31.3-4.313 (conditioning); Spiegelhalter DJ (2005), Stat Med
//! 24:1185–1202, doi:10.1002/sim.1970 (funnel).

use crate::{
    model::{Funnel, VarianceLaw},
    statistics::{
        interval::Confidence,
        numerics::{float::real, negative_binomial as nb},
    },
};

/// How surprising a region's count is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// Count expected from the rest's rate.
    pub expected: f64,
    /// P(at least as many).
    pub upper: f64,
    /// P(at most as many).
    pub lower: f64,
    /// P(at least as many) if counts were Poisson; for comparison, never the evidence.
    pub upper_poisson: f64,
    /// Place in the funnel, by the tails above.
    pub funnel: Funnel,
}

/// Compares every region with the others.
pub fn test(observed: &[u64], exposure: &[f64], law: Option<VarianceLaw>) -> Vec<Option<Tails>> {
    let cells = || observed.iter().zip(exposure).filter(|(_, exposure)| **exposure > 0.0);
    let total: u64 = cells().map(|(count, _)| count).sum();
    let person_years: f64 = cells().map(|(_, exposure)| exposure).sum();
    let squares: f64 = cells().map(|(_, exposure)| exposure * exposure).sum();
    let n_exposed = cells().count();
    let one = |(&count, &own): (&u64, &f64)| {
        if own <= 0.0 || n_exposed < 2 {
            return None;
        }
        let rest = Rest {
            count: total - count,
            share: own / (person_years - own),
            concentration: (squares - own * own).max(0.0)
                / ((person_years - own) * (person_years - own)),
        };
        Some(rest.compare(count, law))
    };
    observed.iter().zip(exposure).map(one).collect()
}

/// The country without the region.
struct Rest {
    /// Its events.
    count: u64,
    /// The region's exposure over the rest's.
    share: f64,
    /// Σt²/(Σt)²: 1/number of regions when all are alike.
    concentration: f64,
}

impl Rest {
    fn compare(&self, count: u64, law: Option<VarianceLaw>) -> Tails {
        let above = real(self.count) + 1.0;
        let upper = nb::upper(count, above * self.share, Some(self.predictive(above, law)));
        let upper_poisson = nb::upper(count, above * self.share, Some(above));
        let expected = real(self.count) * self.share;
        let lower = if self.count == 0 {
            1.0
        } else {
            nb::lower(count, expected, Some(self.predictive(real(self.count), law)))
        };
        // A tail too small for a float is still not 0.
        let [upper, lower, upper_poisson] =
            [upper, lower, upper_poisson].map(|tail| tail.max(f64::MIN_POSITIVE));
        Tails { expected, upper, lower, upper_poisson, funnel: place(upper, lower) }
    }

    /// The size of the predictive distribution when the rest alone would give `rest`.
    fn predictive(&self, rest: f64, law: Option<VarianceLaw>) -> f64 {
        let Some(law) = law else { return rest };
        let scatter = 1.0 / law.size(rest * self.share);
        let of_rest = match law {
            VarianceLaw::Quadratic { .. } => self.concentration,
            VarianceLaw::Linear { .. } => self.share,
        };
        1.0 / (1.0 / rest + scatter * (1.0 + of_rest + 1.0 / rest))
    }
}

fn place(upper: f64, lower: f64) -> Funnel {
    let (outer, inner) = (Confidence::P998.tail(), Confidence::P95.tail());
    if upper <= outer {
        Funnel::Above998
    } else if lower <= outer {
        Funnel::Below998
    } else if upper <= inner {
        Funnel::Above95
    } else if lower <= inner {
        Funnel::Below95
    } else {
        Funnel::Inside
    }
}

#[test]
fn without_dispersion_the_tails_are_those_of_the_conditional_binomial_test() {
    use crate::statistics::interval::conditional_binomial;
    let (observed, exposure) = ([14, 9, 31], [2.0, 3.0, 7.5]);
    for (at, tails) in test(&observed, &exposure, None).into_iter().enumerate() {
        let tails = tails.unwrap();
        let rest = observed.iter().sum::<u64>() - observed[at];
        let others = exposure.iter().sum::<f64>() - exposure[at];
        let exact = conditional_binomial::compare(
            rest,
            observed[at],
            others,
            exposure[at],
            Confidence::P95,
        )
        .unwrap();
        let p = (2.0 * tails.upper.min(tails.lower)).min(1.0);
        assert!((p / exact.p - 1.0).abs() < 1e-11, "{at}: {p} and {}", exact.p);
    }
}

#[test]
fn a_region_that_holds_everything_and_one_without_exposure_are_answered() {
    let tails = test(&[7, 0, 0], &[1.0, 3.0, 0.0], None);
    let alone = tails[0].unwrap();
    assert!((alone.upper - 0.25_f64 * 0.25 * 0.25 * 0.25 * 0.25 * 0.25 * 0.25).abs() < 1e-15);
    assert!((alone.lower - 1.0).abs() < 1e-15);
    assert_eq!(tails[2], None);
    assert_eq!(test(&[7], &[1.0], None), [None]);
}
