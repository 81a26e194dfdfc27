//! Surveillance: watching one series of counts for alarms, broken recording, and what has not been reported yet.
//!
//! | module | for |
//! |---|---|
//! | [`farrington`] | is this period's count higher than the season and the trend explain; frequent events, several years |
//! | [`quasi_poisson`] | the regression behind it |
//! | [`xmr_chart`] | which of a number's ups and downs are usual; from 12 periods of frequent events |
//! | [`g_chart`] | the same for the number of others between rare events |
//! | [`t_chart`] | the same for the time between rare events |
//! | [`rules`] | what counts as a signal on these charts |
//! | [`breaks`] | does the level change as no trend does: was recording changed |
//! | [`reporting_triangle`] | how complete each period is, from how late earlier ones were reported |
//! | [`nowcast`] | the final count of periods not fully reported yet, with interval |
//! | [`mack`] | its standard error without a distribution, for large counts |

pub mod breaks;
pub mod farrington;
pub mod g_chart;
pub mod mack;
pub mod nowcast;
pub mod quasi_poisson;
pub mod reporting_triangle;
pub mod rules;
pub mod t_chart;
pub mod xmr_chart;
