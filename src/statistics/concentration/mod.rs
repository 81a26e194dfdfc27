//! Concentration: whether activity sits in a few places, and whether chance would put it there too.
//!
//! | module | for |
//! |---|---|
//! | [`gini`] | how far values are from equal, by all pairs; optionally weighted |
//! | [`herfindahl`] | the chance that two events share a region, and how many equal regions that amounts to |
//! | [`theil`] | inequality that splits exactly into between and within groups |
//! | [`hoover`] | the share that would have to move for all to be equal |
//! | [`atkinson`] | the share of the total that inequality costs, by how much it is disliked |
//! | [`top_share`] | the share held by the few largest |
//! | [`diffusion`] | the share of regions with at least so many events |
//! | [`location_quotient`] | one region's share of a kind against its share of everything, with interval |
//! | [`proportional`] | any of these against events that fall in proportion to population |
//!
//! Every index of counts is above its minimum by chance alone: seven events in twenty regions cannot be spread equally.
//! Read it beside what [`proportional`] expects.

pub mod atkinson;
pub mod diffusion;
pub mod gini;
pub mod herfindahl;
pub mod hoover;
pub mod location_quotient;
pub mod proportional;
pub mod theil;
pub mod top_share;

/// The sum of finite, non-negative values; `None` when any is not, or all are 0.
fn positive_total(values: &[f64]) -> Option<f64> {
    let all_fine = values.iter().all(|value| value.is_finite() && *value >= 0.0);
    let total: f64 = values.iter().sum();
    (all_fine && total > 0.0 && total.is_finite()).then_some(total)
}
