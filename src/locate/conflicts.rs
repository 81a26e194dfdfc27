//! Code against coordinates: rows whose point does not lie in the region their code names.

use super::point_in_polygon::{NOWHERE, PointIndex};
use crate::model::RegionTree;

/// What a comparison found. Row numbers are positions in the compared slices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflicts {
    /// Rows with both a region and a point.
    pub n_compared: usize,
    /// Rows whose point lies in another region, with that region's index.
    pub elsewhere: Vec<(usize, usize)>,
    /// Rows whose point lies in no region at all.
    pub outside: Vec<usize>,
}

impl Conflicts {
    /// Rows that disagree, either way.
    pub fn n_conflicts(&self) -> usize {
        self.elsewhere.len() + self.outside.len()
    }
}

/// Compares regions found by code with points, row by row.
///
/// `by_code` holds region indices of any level, or [`NOWHERE`]; they are compared at the coarser of their own and the index's
/// level. A point on a border agrees with every region that has the border. Rows without a code or without a point (a
/// coordinate that is not a number) are not compared.
pub fn compare(
    tree: &RegionTree,
    index: &PointIndex,
    by_code: &[u32],
    lon: &[f64],
    lat: &[f64],
) -> Conflicts {
    let mut conflicts = Conflicts::default();
    let found = index.locate_all(lon, lat);
    for (row, (&coded, &found)) in by_code.iter().zip(&found).enumerate() {
        if coded == NOWHERE || !lon[row].is_finite() || !lat[row].is_finite() {
            continue;
        }
        conflicts.n_compared += 1;
        if found == NOWHERE {
            conflicts.outside.push(row);
            continue;
        }
        let (coded, found) = (coded as usize, found as usize);
        let level = tree.get(coded).level.min(index.level());
        let agrees = tree.ancestor(coded, level) == tree.ancestor(found, level)
            || index
                .all_at(lon[row], lat[row])
                .into_iter()
                .any(|at| tree.ancestor(at, level) == tree.ancestor(coded, level));
        if !agrees {
            conflicts.elsewhere.push((row, found));
        }
    }
    conflicts
}
