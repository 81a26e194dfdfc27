//! Queen contiguity: regions are neighbours when their outlines share a point.
//!
//! A shared point is a corner that both outlines list, as in `libpysal.weights.Queen`: a corner of one in the middle of the
//! other's edge does not count. In files whose borders were drawn separately, `snap_degrees` lets corners within that
//! distance count as one.

use geo::{Coord, CoordsIter};

use crate::{
    assessment::{IslandPolicy, WeightsRule},
    diagnostics::{Problem, codes},
    model::{Boundaries, RegionTree, Weights, WeightsReport},
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
    let mut corners: Vec<(Coord<f64>, u32)> = Vec::new();
    for (position, outline) in (0..).zip(&boundaries.full[range.clone()]) {
        corners.extend(outline.iter().flat_map(CoordsIter::coords_iter).map(|at| (at, position)));
    }
    let pairs =
        if rule.snap_degrees > 0.0 { within(corners, rule.snap_degrees) } else { equal(corners) };
    let mut lists = vec![Vec::new(); n_regions];
    for (one, other) in pairs {
        lists[one as usize].push(other);
        lists[other as usize].push(one);
    }
    let weights = Weights::binary(lists);
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

/// Pairs of regions that list an equal corner.
fn equal(mut corners: Vec<(Coord<f64>, u32)>) -> Vec<(u32, u32)> {
    corners.sort_unstable_by(|(a, one), (b, other)| {
        a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)).then(one.cmp(other))
    });
    corners.dedup();
    let mut pairs = Vec::new();
    for at_one_point in corners.chunk_by(|(a, _), (b, _)| a == b) {
        for (first, (_, one)) in at_one_point.iter().enumerate() {
            pairs.extend(at_one_point[first + 1..].iter().map(|(_, other)| (*one, *other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Pairs of regions with corners at most `snap` apart: a grid of that size, each cell compared with itself and four of its
/// neighbours.
fn within(corners: Vec<(Coord<f64>, u32)>, snap: f64) -> Vec<(u32, u32)> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "degrees over any snap distance that means something stay far below 2^63"
    )]
    let cell = |at: f64| (at / snap).floor() as i64;
    let mut cells: Vec<((i64, i64), Coord<f64>, u32)> = corners
        .into_iter()
        .map(|(at, position)| ((cell(at.x), cell(at.y)), at, position))
        .collect();
    cells.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then(a.2.cmp(&b.2))
            .then(a.1.x.total_cmp(&b.1.x))
            .then(a.1.y.total_cmp(&b.1.y))
    });
    cells.dedup();
    let near = |a: Coord<f64>, b: Coord<f64>| {
        let (dx, dy) = (a.x - b.x, a.y - b.y);
        dx * dx + dy * dy <= snap * snap
    };
    let mut pairs = Vec::new();
    for (first, (at_cell, at, one)) in cells.iter().enumerate() {
        let mut compare = |others: &[((i64, i64), Coord<f64>, u32)]| {
            for (_, other_at, other) in others.iter().filter(|(_, _, other)| other != one) {
                if near(*at, *other_at) {
                    pairs.push((*one.min(other), *one.max(other)));
                }
            }
        };
        let same = cells[first..].partition_point(|other| other.0 == *at_cell);
        compare(&cells[first..first + same]);
        for (dx, dy) in [(0, 1), (1, -1), (1, 0), (1, 1)] {
            let wanted = (at_cell.0 + dx, at_cell.1 + dy);
            let from = cells.partition_point(|other| other.0 < wanted);
            let length = cells[from..].partition_point(|other| other.0 == wanted);
            compare(&cells[from..from + length]);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
fn at(x: f64, y: f64, position: u32) -> (Coord<f64>, u32) {
    (Coord { x, y }, position)
}

#[test]
fn a_corner_of_three_regions_links_all_three() {
    let corners =
        vec![at(1.0, 1.0, 2), at(1.0, 1.0, 0), at(1.0, 1.0, 1), at(1.0, 1.0, 0), at(2.0, 1.0, 3)];
    assert_eq!(equal(corners), [(0, 1), (0, 2), (1, 2)]);
}

#[test]
fn snapping_reaches_across_cells_and_no_further() {
    let snap = 0.1;
    let corners = vec![
        at(0.199, 0.5, 0),
        at(0.201, 0.5, 1),
        at(0.31, 0.5, 2),
        at(-0.001, 0.0, 3),
        at(0.001, -0.001, 4),
    ];
    assert_eq!(within(corners.clone(), snap), [(0, 1), (3, 4)]);
    assert_eq!(within(corners, 0.11), [(0, 1), (1, 2), (3, 4)]);
}
