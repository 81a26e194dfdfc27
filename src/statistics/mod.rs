//! Numbers in, numbers out: the library below the stages.
//!
//! Nothing here reads, writes, knows a file or an indicator. "Cannot be computed" is `None` or a variant, never NaN.
//! Everything gives the same bits at any thread count: sums run in index order, draws are a function of their number, and
//! `std`'s transcendental functions are not used ([`numerics::float`]). Confidence limits are pairs (lower, upper); a
//! size of `None` means Poisson; arrays are in region order.
//!
//! | module | answers |
//! |---|---|
//! | [`agreement`] | whether two sources say the same, and how much neither has |
//! | [`attendance`] | how large events were, and whether one carries the total |
//! | [`composite`] | a declared composite of several indicators, and how much it hangs on how it was made |
//! | [`concentration`] | whether activity sits in a few places |
//! | [`dispersion`] | how much more counts scatter than chance makes them |
//! | [`evidence`] | what the families of tests together say of a region |
//! | [`interval`] | how far a number could be from what is recorded |
//! | [`multiple`] | which of many tests to believe |
//! | [`own_rate`] | a region against the rest of the country, its funnel, its power |
//! | [`ranks`] | which place a region has, and which regions differ at all |
//! | [`scan`] | groups of neighbouring regions, over time too |
//! | [`smoothing`] | a region's rate drawn towards what the others make likely |
//! | [`spatial`] | patterns between neighbours |
//! | [`standardised`] | rates as if every region had the same age structure |
//! | [`surveillance`] | alarms, control charts, broken recording and delay in one series |
//! | [`survey`] | means, shares and totals of a population from a sample of it |
//! | [`trend`] | whether a series rises or falls |
//! | [`validity`] | whether all this holds what it promises, on made-up maps |
//! | [`weights`] | who neighbours whom: by outline, by distance, from a file |
//! | [`numerics`] | distributions, random numbers, permutation, the one p-value |

pub mod agreement;
pub mod attendance;
pub mod composite;
pub mod concentration;
pub mod dispersion;
pub mod evidence;
pub mod interval;
pub mod multiple;
pub mod numerics;
pub mod own_rate;
pub mod ranks;
pub mod scan;
pub mod smoothing;
pub mod spatial;
pub mod standardised;
pub mod surveillance;
pub mod survey;
pub mod trend;
pub mod validity;
pub mod weights;
