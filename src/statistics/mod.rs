//! Numbers in, numbers out: the library below the stages.
//!
//! Nothing here reads, writes, knows a file or an indicator. "Cannot be computed" is `None` or a variant, never NaN.
//! Everything gives the same bits at any thread count: sums run in index order, draws are a function of their number, and
//! `std`'s transcendental functions are not used ([`numerics::float`]). Confidence limits are pairs (lower, upper); a
//! size of `None` means Poisson; arrays are in region order.
//!
//! | module | answers |
//! |---|---|
//! | [`attendance`] | how large events were, and whether one carries the total |
//! | [`dispersion`] | how much more counts scatter than chance makes them |
//! | [`interval`] | how far a number could be from what is recorded |
//! | [`multiple`] | which of many tests to believe |
//! | [`own_rate`] | a region against the rest of the country, its funnel, its power |
//! | [`smoothing`] | a region's rate drawn towards what the others make likely |
//! | [`spatial`] | patterns between neighbours |
//! | [`standardised`] | rates as if every region had the same age structure |
//! | [`validity`] | whether all this holds what it promises, on made-up maps |
//! | [`numerics`] | distributions, random numbers, permutation, the one p-value |

pub mod attendance;
pub mod dispersion;
pub mod interval;
pub mod multiple;
pub mod numerics;
pub mod own_rate;
pub mod smoothing;
pub mod spatial;
pub mod standardised;
pub mod validity;
