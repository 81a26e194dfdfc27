//! The rings of a map cut into arcs: pieces of border that have the same regions on their sides from end to end.

use std::collections::BTreeMap;

use geo::{Coord, MultiPolygon, Polygon};

/// A piece of border between two junctions, or a whole ring that meets no other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arc {
    /// Point numbers from junction to junction; a closed arc does not repeat its first.
    pub(super) points: Vec<u32>,
    /// Whether the last point is joined to the first.
    pub(super) is_closed: bool,
    /// Rings it is part of.
    pub(super) rings: Vec<usize>,
}

/// A ring as arcs.
#[derive(Debug)]
pub(super) struct Ring {
    /// Arc numbers, and whether the arc is walked backwards.
    pub(super) arcs: Vec<(usize, bool)>,
    /// Whether it may be left out when it gets too small: no largest part of a region, no ring around a hole.
    pub(super) may_go: bool,
}

/// The map.
#[derive(Debug)]
pub(super) struct Topology {
    /// Every different point, sorted.
    pub(super) points: Vec<Coord<f64>>,
    /// Arcs.
    pub(super) arcs: Vec<Arc>,
    /// Rings in the order of the outlines: of each part the outer one, then its holes.
    pub(super) rings: Vec<Ring>,
}

impl Topology {
    /// Cuts the rings of all outlines.
    pub(super) fn new(outlines: &[Option<MultiPolygon<f64>>]) -> Self {
        let mut points: Vec<Coord<f64>> = Vec::new();
        for_each_ring(outlines, |ring, _| points.extend(ring));
        points.sort_unstable_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        points.dedup();
        let number = |at: &Coord<f64>| {
            let found = points
                .binary_search_by(|point| point.x.total_cmp(&at.x).then(point.y.total_cmp(&at.y)));
            u32::try_from(found.unwrap_or_else(|at| at)).expect("invariant: fewer than 2^32 points")
        };
        let mut numbered: Vec<(Vec<u32>, bool)> = Vec::new();
        for_each_ring(outlines, |ring, may_go| {
            let mut ring: Vec<u32> = ring.iter().map(number).collect();
            ring.dedup();
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            numbered.push((ring, may_go));
        });
        let is_junction = junctions(points.len(), &numbered);
        let mut arcs: Vec<Arc> = Vec::new();
        let mut known: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut rings = Vec::with_capacity(numbered.len());
        for (at, (ring, may_go)) in numbered.iter().enumerate() {
            let pieces = cut(ring, &is_junction);
            let ring_arcs = pieces.into_iter().map(|(points, is_closed, is_backwards)| {
                let arc = *known.entry(points).or_insert_with_key(|points| {
                    arcs.push(Arc { points: points.clone(), is_closed, rings: Vec::new() });
                    arcs.len() - 1
                });
                arcs[arc].rings.push(at);
                (arc, is_backwards)
            });
            rings.push(Ring { arcs: ring_arcs.collect(), may_go: *may_go });
        }
        Self { points, arcs, rings }
    }
}

/// Every ring in order, with whether it may be left out.
fn for_each_ring(
    outlines: &[Option<MultiPolygon<f64>>],
    mut visit: impl FnMut(&[Coord<f64>], bool),
) {
    for outline in outlines.iter().flatten() {
        let area = |polygon: &Polygon<f64>| geo::Area::unsigned_area(polygon);
        let largest = (0..outline.0.len())
            .max_by(|a, b| area(&outline.0[*a]).total_cmp(&area(&outline.0[*b])));
        for (part, polygon) in outline.iter().enumerate() {
            let may_go = Some(part) != largest && polygon.interiors().is_empty();
            visit(&polygon.exterior().0, may_go);
            polygon.interiors().iter().for_each(|hole| visit(&hole.0, true));
        }
    }
}

/// Points whose neighbours along the border differ from ring to ring, or within one.
fn junctions(n_points: usize, rings: &[(Vec<u32>, bool)]) -> Vec<bool> {
    const UNSEEN: (u32, u32) = (u32::MAX, u32::MAX);
    let mut beside = vec![UNSEEN; n_points];
    let mut is_junction = vec![false; n_points];
    for (ring, _) in rings {
        for (at, point) in ring.iter().enumerate() {
            let before = ring[(at + ring.len() - 1) % ring.len()];
            let after = ring[(at + 1) % ring.len()];
            let pair = (before.min(after), before.max(after));
            let seen = &mut beside[*point as usize];
            if *seen == UNSEEN {
                *seen = pair;
            } else if *seen != pair {
                is_junction[*point as usize] = true;
            }
        }
    }
    is_junction
}

/// The pieces of a ring in one direction whichever ring they come from, whether they are closed, and whether the ring walks
/// them backwards.
fn cut(ring: &[u32], is_junction: &[bool]) -> Vec<(Vec<u32>, bool, bool)> {
    let is_junction = |point: &u32| is_junction[*point as usize];
    let Some(start) = ring.iter().position(is_junction) else {
        let Some((lowest, _)) = ring.iter().enumerate().min_by_key(|(_, point)| **point) else {
            return Vec::new();
        };
        let mut points = [&ring[lowest..], &ring[..lowest]].concat();
        let is_backwards = points.len() > 2 && points[1] > points[points.len() - 1];
        if is_backwards {
            points[1..].reverse();
        }
        return vec![(points, true, is_backwards)];
    };
    let mut pieces = Vec::new();
    let mut piece = vec![ring[start]];
    for point in ring[start + 1..].iter().chain(&ring[..=start]) {
        piece.push(*point);
        if is_junction(point) {
            let mut points = std::mem::replace(&mut piece, vec![*point]);
            let is_backwards = points.iter().gt(points.iter().rev());
            if is_backwards {
                points.reverse();
            }
            pieces.push((points, false, is_backwards));
        }
    }
    pieces
}

#[test]
fn a_common_border_is_one_arc() {
    let topology = Topology::new(&super::two());
    assert_eq!(topology.arcs.len(), 3);
    let common: Vec<&Arc> = topology.arcs.iter().filter(|arc| arc.rings.len() == 2).collect();
    assert_eq!(common.len(), 1);
    assert_eq!(common[0].points.len(), 5);
    assert_eq!(topology.rings[1].arcs.len(), 2);
}

#[test]
fn a_ring_alone_is_one_closed_arc_whatever_its_start_and_direction() {
    let whole = |ring: &[u32]| cut(ring, &[false; 9]).remove(0);
    assert_eq!(whole(&[5, 2, 3, 4]), (vec![2, 3, 4, 5], true, false));
    assert_eq!(whole(&[3, 2, 5, 4]), (vec![2, 3, 4, 5], true, true));
}
