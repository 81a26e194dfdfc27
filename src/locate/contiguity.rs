//! Queen contiguity: regions are neighbours when their outlines share a point.
//!
//! How outlines touch is told by [`crate::statistics::weights::contiguity`]. In files whose borders were drawn separately,
//! `snap_degrees` lets corners within that distance count as one.

use geo::MultiPolygon;

use crate::{
    assessment::{IslandPolicy, WeightsRule},
    diagnostics::{Problem, codes},
    model::{Boundaries, RegionTree, Weights, WeightsReport},
    statistics::weights::contiguity::{self, Outline},
};

/// One region in this many may be an island before a policy has to be named.
const ISLANDS_ONE_IN: usize = 20;

/// Queen contiguity among the regions of a level, over positions within the level.
///
/// # Errors
/// [`codes::ISLANDS`] when more than one region in twenty has no neighbour and no policy for islands is named.
pub fn queen(
    tree: &RegionTree,
    boundaries: &Boundaries,
    level: usize,
    rule: &WeightsRule,
) -> Result<(Weights, WeightsReport), Problem> {
    let range = tree.level(level);
    let n_regions = range.len();
    let full = boundaries.full[range.clone()].iter();
    let outlines: Vec<Outline> =
        full.map(|outline| outline.as_ref().map(rings).unwrap_or_default()).collect();
    let weights = contiguity::queen(&outlines, rule.snap_degrees);
    let report = weights.report("queen", rule.snap_degrees);
    let n_islands = report.islands.len();
    if rule.islands == IslandPolicy::Unnamed
        && n_regions > 1
        && n_islands * ISLANDS_ONE_IN > n_regions
    {
        let names: Vec<String> = report
            .islands
            .iter()
            .take(5)
            .map(|position| format!("`{}`", tree.get(range.start + position).id))
            .collect();
        let more = if n_islands > names.len() { ", …" } else { "" };
        let message = format!(
            "{n_islands} of {n_regions} regions of level `{}` have no neighbour: {}{more}",
            tree.levels[level],
            names.join(", ")
        );
        return Err(Problem::new(&codes::ISLANDS, message).at(rule.place.clone()).help(
            "if their borders were drawn separately, say how far corners may lie apart: \
             `snap_degrees = 0.0001`; if they are islands, say `islands = \"exclude\"`",
        ));
    }
    Ok((weights, report))
}

/// An outline's rings, holes too.
pub fn rings(outline: &MultiPolygon<f64>) -> Outline {
    outline
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(|ring| ring.coords().map(|at| [at.x, at.y]).collect())
        .collect()
}
