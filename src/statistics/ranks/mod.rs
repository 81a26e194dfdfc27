//! Ranks that say how sure they are: from draws of what each region's value could be.
//!
//! | module | for |
//! |---|---|
//! | [`order`] | the ranks of one list of values |
//! | [`drawn`] | rank intervals, P(one above another) and which regions differ, from any draws |
//! | [`posterior`] | the same for relative risks under gamma–Poisson smoothing; two regions exactly |

pub mod drawn;
pub mod order;
pub mod posterior;

/// Two regions differ when the probability that one lies above the other is outside this and 1 minus this.
pub const UNCERTAIN: f64 = 0.05;
