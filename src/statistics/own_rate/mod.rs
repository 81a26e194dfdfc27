//! Family 1: a region's own rate against the rest of the country.
//!
//! | module | for |
//! |---|---|
//! | [`against_rest`] | tail probabilities of each region's count, and its place in the funnel |
//! | [`funnel`] | the limits a funnel plot draws |
//! | [`power`] | what the test could have seen, and suspicious zeros |

pub mod against_rest;
pub mod funnel;
pub mod power;
