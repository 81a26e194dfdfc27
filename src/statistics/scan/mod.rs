//! Family 3: groups of neighbouring regions with more cases than chance explains (Kulldorff's scan statistics).
//!
//! | module | for |
//! |---|---|
//! | [`circular`] | clusters on a map: Poisson, dispersed and Bernoulli |
//! | [`iterative`] | weaker clusters beside a strong one |
//! | [`space_time`] | clusters on a map over time, also those emerging now |
//! | [`space_time_permutation`] | the same where no population is known |
//! | [`plan`] | draws, fewest cases, report cap |
//! | [`zones`] | the circles, made once for all scans of a map |
//! | [`likelihood`] | the log-likelihood ratio of a zone |
//! | [`gini`] | how large listed clusters should be |
//! | [`gumbel`] | p below what the draws can show |

pub mod circular;
mod clusters;
mod critical_counts;
mod cylinders;
pub mod gini;
pub mod gumbel;
pub mod iterative;
pub mod likelihood;
mod model;
mod null;
pub mod plan;
mod replicates;
pub mod space_time;
pub mod space_time_permutation;
pub mod zones;

pub use clusters::Cluster;
