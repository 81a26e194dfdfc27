//! Two sources of one indicator: whether they say the same, and how much neither has.
//!
//! Descriptive only, for sources share incidents: they are never averaged, and agreement is no proof.
//!
//! | module | for |
//! |---|---|
//! | [`rank_correlation`] | whether two sources put regions in the same order |
//! | [`capture_recapture`] | how many events neither of two linked sources has |

pub mod capture_recapture;
pub mod rank_correlation;
