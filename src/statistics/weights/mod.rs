//! Who neighbours whom, made from outlines, points or a text; the results are [`crate::model::Weights`].
//!
//! | module | neighbours are |
//! |---|---|
//! | [`contiguity`] | regions whose outlines share a point (queen) or a segment (rook) |
//! | [`k_nearest`] | the k regions whose points are nearest |
//! | [`distance_band`] | all regions whose points are within a distance |
//! | [`great_circle`] | distance in kilometres between places in degrees |
//! | [`gal`], [`gwt`] | what a neighbour file says |
//! | [`islands`] | what happens to regions without any |

pub mod contiguity;
pub mod distance_band;
pub mod gal;
pub mod great_circle;
pub mod gwt;
pub mod islands;
pub mod k_nearest;
mod point_tree;
mod record;

pub use great_circle::Metric;
pub use record::{LinkProblem, Reason};
