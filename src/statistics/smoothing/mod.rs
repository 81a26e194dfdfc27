//! Smoothing: a region's rate, drawn towards what the other regions make likely.
//!
//! | module | for |
//! |---|---|
//! | [`gamma_poisson`] | the main one: a posterior with interval and P(relative risk > margin) |
//! | [`leroux`] | the same towards neighbours as far as neighbours are alike on the map |
//! | [`marshall`] | moment estimates, global and by neighbourhood, for comparison with other software |

pub mod gamma_poisson;
pub mod leroux;
pub mod marshall;
