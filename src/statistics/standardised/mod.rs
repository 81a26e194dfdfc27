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

pub use super::interval::CountLimits;

/// Fewer events than this give no directly standardised rate.
pub const FEW: u64 = super::interval::FEW;
