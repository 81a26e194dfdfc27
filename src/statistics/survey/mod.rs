//! Surveys: means, shares and totals of a population from a sample of it, as it was drawn.
//!
//! | module | for |
//! |---|---|
//! | [`design`] | strata, clusters, weights and population sizes, checked once |
//! | [`estimate`] | what is estimated, for which domains, and what comes back |
//! | [`calibration`] | known totals of the population: linear, raking, post-stratification |
//! | [`taylor`] | means, proportions, totals and ratios with linearised standard errors |
//! | [`replicates`] | the same from replicate weights: jackknife, half-samples, bootstrap, published ones |
//! | [`quantile`] | medians and other quantiles |
//! | [`proportion_interval`] | limits of a proportion besides [`super::interval::korn_graubard`] |
//! | [`presentation`] | whether a proportion may be shown |

pub mod calibration;
pub mod design;
pub mod estimate;
pub mod presentation;
pub mod proportion_interval;
pub mod quantile;
pub mod replicates;
pub mod taylor;
mod variance;
