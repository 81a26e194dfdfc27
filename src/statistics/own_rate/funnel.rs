//! Limits of a funnel plot: the counts that lie outside, for a given expected count.
//!
//! # Question
//! From which count on would a region with this expected count stand out?
//!
//! # Definition
//! Upper limits: the smallest c with P(X ≥ c) ≤ 0.025 and ≤ 0.001; lower limits: the largest c with P(X ≤ c) ≤ the
//! same. X is negative binomial with the
//! size that the surface's law gives the expected count, Poisson without one. Limits are whole counts: nothing is
//! interpolated, so a point on a limit is outside.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `expected` | `f64` | events | > 0 |
//! | `law` | `Option<VarianceLaw>` | – | of [`crate::statistics::dispersion`] |
//!
//! # Output
//! [`Limits`] in events; divide by the expected count for a ratio.
//!
//! # Undefined
//! A lower limit is `None` where even 0 would not stand out.
//!
//! # Assumptions, and when not to use it
//! The expected count is taken as known. [`super::against_rest`] also knows how uncertain the rest's rate is, so a region
//! just outside the drawn funnel can be inside by its own test; the test decides.
//!
//! # Cost and determinism
//! O(log count) tail probabilities; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::own_rate::funnel;
//! let limits = funnel::limits(1.2, None);
//! assert_eq!((limits.lower95, limits.upper95, limits.upper998), (None, 5, 7));
//! ```
//!
//! # Source
//! Spiegelhalter DJ (2005), Stat Med 24:1185–1202, doi:10.1002/sim.1970.

use crate::{
    model::VarianceLaw,
    statistics::{
        interval::Confidence,
        numerics::negative_binomial::{lower_critical, upper_critical},
    },
};

/// The counts on the limits; they and all beyond stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Outer lower limit.
    pub lower998: Option<u64>,
    /// Inner lower limit.
    pub lower95: Option<u64>,
    /// Inner upper limit.
    pub upper95: u64,
    /// Outer upper limit.
    pub upper998: u64,
}

/// The funnel's limits at an expected count.
pub fn limits(expected: f64, law: Option<VarianceLaw>) -> Limits {
    let size = law.map(|law| law.size(expected));
    let (outer, inner) = (Confidence::P998.tail(), Confidence::P95.tail());
    Limits {
        lower998: lower_critical(expected, size, outer),
        lower95: lower_critical(expected, size, inner),
        upper95: upper_critical(expected, size, inner),
        upper998: upper_critical(expected, size, outer),
    }
}
