//! Surveys: means, shares and totals of a population from a sample of it, as it was drawn.
//!
//! | module | for |
//! |---|---|
//! | [`design`] | strata, clusters, weights and population sizes, checked once |
//! | [`estimate`] | what is estimated, for which domains, and what comes back |
//! | [`calibration`] | known totals of the population: linear, raking, post-stratification |
//! | [`taylor`] | means, proportions, totals and ratios with linearised standard errors |

pub mod calibration;
pub mod design;
pub mod estimate;
pub mod taylor;
mod variance;
