//! Standardised rates: what a region's figure would be with another region's age structure.
//!
//! Only where the units are persons with an age (or another stratum known for events and population alike).
//!
//! | module | for |
//! |---|---|
//! | [`direct`] | the region's rates on a standard population: comparable between regions |
//! | [`fay_feuer`] | another interval for the same, which does not rest on the total count alone |
//! | [`indirect`] | events over those expected from reference rates: for few events |

pub mod direct;
pub mod fay_feuer;
pub mod indirect;

use super::interval::{Confidence, byar, garwood};

/// How the limits of the count behind a standardised figure are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountLimits {
    /// Garwood's exact limits.
    Exact,
    /// Byar's approximation.
    Byar,
    /// Public Health England's choice: exact below [`FEW`] events, Byar's from there on.
    Phe,
}

/// Fewer events than this are few: no directly standardised rate, exact limits in [`CountLimits::Phe`].
pub const FEW: u64 = 10;

impl CountLimits {
    /// The limits of a count.
    pub fn of(self, count: u64, confidence: Confidence) -> (f64, f64) {
        match self {
            Self::Byar => byar::limits(count, confidence),
            Self::Phe if count >= FEW => byar::limits(count, confidence),
            Self::Exact | Self::Phe => garwood::limits(count, confidence),
        }
    }
}

#[test]
fn the_choice_of_public_health_england_turns_at_ten_events() {
    let at = Confidence::P95;
    assert_eq!(CountLimits::Phe.of(9, at), garwood::limits(9, at));
    assert_eq!(CountLimits::Phe.of(10, at), byar::limits(10, at));
    assert_ne!(byar::limits(9, at), garwood::limits(9, at));
}
