//! Many tests at once: which to believe when some would look significant by chance.
//!
//! | module | for |
//! |---|---|
//! | [`benjamini_hochberg`] | regions of one surface, or surfaces among themselves |
//! | [`benjamini_bogomolov`] | surfaces first, then regions inside the selected ones |

pub mod benjamini_bogomolov;
pub mod benjamini_hochberg;
