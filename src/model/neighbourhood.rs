//! How the regions of one level lie to each other: what tests of surroundings and groups need.

use super::Weights;

/// The geometry of one level; vectors run over its regions in tree order.
#[derive(Debug, Clone)]
pub struct Neighbourhood {
    /// The weights the assessment declares.
    pub weights: Weights,
    /// Other weights under which findings are repeated, with their names.
    pub others: Vec<(&'static str, Weights)>,
    /// A point of each region (longitude, latitude): its outline's centroid; `None` without an outline.
    pub points: Vec<Option<(f64, f64)>>,
    /// Whether a part of its outline is shared with no other region: beyond it lies what is not on the map. Empty when outlines
    /// were drawn separately, so that this cannot be told.
    pub border: Vec<bool>,
}
