//! Locate: the region tree and its outlines, who neighbours whom, and which region a code, a name or a point belongs to.
//!
//! | question | answer |
//! |---|---|
//! | which regions are there? | [`build`]: tree, outlines, outlines for maps |
//! | which region does a cell mean? | [`Locator`]: codes, names, declared merges |
//! | which region is a point in? | [`PointIndex`] |
//! | do code and point agree? | [`compare`] |
//! | who neighbours whom? | [`neighbourhood`] |
//! | where do a source's records belong? | [`place`] |

mod codes;
mod conflicts;
mod contiguity;
mod edges;
mod overlap;
mod plausibility;
mod point_in_polygon;
mod records;
mod simplify;
mod tree;

use crate::{
    diagnostics::Problems,
    model::{Boundaries, RegionId, RegionTree},
};

pub use codes::{CodeMatch, Locator, NotLocated};
pub use conflicts::{Conflicts, compare};
pub use contiguity::{neighbourhood, rings};
pub use plausibility::{Implausible, check as check_plausibility};
pub use point_in_polygon::{NOWHERE, PointIndex};
pub use records::{Map, place};
pub use simplify::{Simplified, points_for, simplify};
pub use tree::{Area, Layer};

/// Builds the region tree from the levels' boundary files, and the outlines as read and as drawn.
///
/// `levels` are the level names from the country down; `layers` hold one entry a level below the country, in any order.
///
/// # Errors
/// All problems of all levels: duplicate or missing codes and overlapping outlines ([`codes::GEOMETRY`]), parents that do not
/// exist ([`codes::UNKNOWN_PARENT`]), a level without regions ([`codes::EMPTY_FILE`]).
///
/// [`codes::GEOMETRY`]: crate::diagnostics::codes::GEOMETRY
/// [`codes::UNKNOWN_PARENT`]: crate::diagnostics::codes::UNKNOWN_PARENT
/// [`codes::EMPTY_FILE`]: crate::diagnostics::codes::EMPTY_FILE
pub fn build(
    vintage: &str,
    levels: &[String],
    country: &(RegionId, String),
    layers: Vec<Layer>,
) -> Result<(RegionTree, Boundaries), Problems> {
    let files: Vec<(usize, String)> =
        layers.iter().map(|layer| (layer.level, layer.file.clone())).collect();
    let (tree, full) = tree::build(vintage, levels, country, layers)?;
    let mut problems = Problems::default();
    let mut drawn = vec![None; tree.len()];
    for (level, file) in files {
        let range = tree.level(level);
        problems.extend(overlap::check(&tree, &full, level, &file));
        let n_points = points_for(range.len());
        for (idx, outline) in range.clone().zip(simplify(&full[range], n_points).outlines) {
            drawn[idx] = outline;
        }
    }
    problems.into_result()?;
    Ok((tree, Boundaries { full, drawn }))
}
