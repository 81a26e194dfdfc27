//! What a region's own test could have seen.
//!
//! # Question
//! A town with 1.2 expected events shows nothing: is it quiet, or could nothing have shown?
//!
//! # Definition
//! The test rejects from c events on, the smallest c with P(X ≥ c; E) ≤ 0.025. Its power at relative risk ρ is
//! P(X ≥ c; ρE), with the size that the surface's law gives ρE. The minimum detectable relative risk is the smallest ρ
//! with power 0.8. A suspicious zero: P(X = 0; E).
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `expected` | `f64` | events | > 0 |
//! | `law` | `Option<VarianceLaw>` | – | of [`crate::statistics::dispersion`]; `None` is Poisson |
//! | `relative_risk` | `f64` | – | > 0 |
//!
//! # Output
//! Probabilities, or a relative risk.
//!
//! # Undefined
//! [`minimum_detectable`] is `None` where even a thousandfold rate would not show with power 0.8.
//!
//! # Assumptions, and when not to use it
//! One test at the unadjusted level; after adjusting for many regions power is lower still.
//!
//! # Cost and determinism
//! About fifty tail probabilities; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::own_rate::power;
//! assert!((power::power(1.2, None, 2.0) - 0.096).abs() < 5e-4);
//! assert!((power::zero(8.6, None) - 0.0002).abs() < 5e-5);
//! ```
//!
//! # Source
//! Spiegelhalter DJ (2005), doi:10.1002/sim.1970 (the test); power by its definition.

use crate::{
    model::VarianceLaw,
    statistics::{
        interval::Confidence,
        numerics::negative_binomial::{lower, upper, upper_critical},
    },
};

/// The power at which a relative risk counts as detectable.
pub const DETECTABLE: f64 = 0.8;
/// No relative risk above this is looked for.
pub const LARGEST_RISK: f64 = 1000.0;

/// The fewest events that the one-sided test at 0.025 calls high.
pub fn critical(expected: f64, law: Option<VarianceLaw>) -> u64 {
    upper_critical(expected, size(law, expected), Confidence::P95.tail())
}

/// The probability that the test sees a region whose rate is `relative_risk` times the rest's.
pub fn power(expected: f64, law: Option<VarianceLaw>, relative_risk: f64) -> f64 {
    let raised = expected * relative_risk;
    upper(critical(expected, law), raised, size(law, raised))
}

/// The smallest relative risk that the test sees with 80 % power, to four digits.
pub fn minimum_detectable(expected: f64, law: Option<VarianceLaw>) -> Option<f64> {
    let critical = critical(expected, law);
    let seen = |risk: f64| {
        let raised = expected * risk;
        upper(critical, raised, size(law, raised)) >= DETECTABLE
    };
    if !seen(LARGEST_RISK) {
        return None;
    }
    let (mut low, mut high) = (1.0, LARGEST_RISK);
    while high - low > 1e-4 * low {
        let middle = (low * high).sqrt();
        if seen(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The probability of recording nothing where `expected` events are expected.
pub fn zero(expected: f64, law: Option<VarianceLaw>) -> f64 {
    lower(0, expected, size(law, expected))
}

fn size(law: Option<VarianceLaw>, mean: f64) -> Option<f64> {
    law.map(|law| law.size(mean))
}

#[test]
fn a_town_with_little_expected_needs_five_events_and_has_ten_per_cent_power() {
    assert_eq!(critical(1.2, None), 5);
    assert!((power(1.2, None, 2.0) - 0.10).abs() < 0.005);
    let detectable = minimum_detectable(1.2, None).unwrap();
    assert!((power(1.2, None, detectable) - 0.8).abs() < 1e-3);
    assert!(detectable > 5.0 && detectable < 6.0);
    let law = Some(VarianceLaw::Quadratic { size: 0.05 });
    assert_eq!(minimum_detectable(1.2, law), None);
}
