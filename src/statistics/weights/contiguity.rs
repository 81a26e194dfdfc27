//! Contiguity: regions whose outlines touch.
//!
//! # Question
//! Which regions share a border (rook), or at least a corner (queen)?
//!
//! # Definition
//! Queen: two outlines list the same corner. Rook: two outlines list the same segment, in either direction. A corner of one
//! in the middle of the other's segment does not count, as in libpysal. With a snap distance s > 0, corners at most s apart
//! are the same, and segments are when both of their ends are; segments no longer than s are none.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `outlines` | `&[Outline]` | one per region: rings of corners, holes too, closed or not | of the map | numbers |
//! | `snap` | `f64` | – | of the map | ≥ 0; 0: exactly equal |
//!
//! # Output
//! Binary [`Weights`], symmetric. Rook links are queen links.
//!
//! # Undefined
//! Never; a region without corners has no neighbours. Coordinates that are not numbers touch nothing.
//!
//! # Assumptions, and when not to use it
//! Borders digitised once for both sides. Files drawn region by region need a snap distance, and how many islands remain is
//! the thing to look at: spdep snaps to 10 mm by default, other programs not at all.
//!
//! # Cost and determinism
//! O(c log c) for c corners, and the pairs within a snap distance; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::contiguity;
//! let square = |x: f64, y: f64| vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]]];
//! let map = [square(0.0, 0.0), square(1.0, 0.0), square(1.0, 1.0)];
//! assert_eq!(contiguity::queen(&map, 0.0).neighbours(0), [1, 2]);
//! assert_eq!(contiguity::rook(&map, 0.0).neighbours(0), [1]);
//! ```
//!
//! # Source
//! Cliff AD, Ord JK (1981), *Spatial Processes*, section 1.3.

use std::cmp::Ordering;

use crate::model::Weights;

/// A region's rings, each a list of corners.
pub type Outline = Vec<Vec<[f64; 2]>>;

/// Links regions that share a corner.
pub fn queen(outlines: &[Outline], snap: f64) -> Weights {
    let corners = outlines
        .iter()
        .zip(0..)
        .flat_map(|(outline, region)| outline.iter().flatten().map(move |&at| ([at], region)));
    linked(outlines.len(), corners.collect(), snap)
}

/// Links regions that share a segment.
pub fn rook(outlines: &[Outline], snap: f64) -> Weights {
    let mut segments = Vec::new();
    for (outline, region) in outlines.iter().zip(0..) {
        for ring in outline.iter().filter(|ring| !ring.is_empty()) {
            let next = ring.iter().cycle().skip(1);
            let ends = ring.iter().zip(next).map(|(&a, &b)| [a, b]);
            segments.extend(ends.filter(|&[a, b]| !is_near(a, b, snap)).map(|ends| (ends, region)));
        }
    }
    linked(outlines.len(), segments, snap)
}

/// A corner (one end) or a segment (two), and the region it belongs to.
type Piece<const N: usize> = ([[f64; 2]; N], u32);

fn linked<const N: usize>(n_regions: usize, mut pieces: Vec<Piece<N>>, snap: f64) -> Weights {
    pieces.retain(|(ends, _)| ends.as_flattened().iter().all(|at| at.is_finite()));
    for (ends, _) in &mut pieces {
        // 0 and −0 are the same place; a segment is the same in both directions.
        *ends = ends.map(|at| at.map(|at| at + 0.0));
        if N == 2 && (ends[N - 1][0], ends[N - 1][1]) < (ends[0][0], ends[0][1]) {
            ends.reverse();
        }
    }
    let pairs = if snap > 0.0 { within(pieces, snap) } else { equal(pieces) };
    let mut lists = vec![Vec::new(); n_regions];
    for (one, other) in pairs {
        lists[one as usize].push(other);
        lists[other as usize].push(one);
    }
    Weights::binary(lists)
}

fn in_order<const N: usize>(a: &Piece<N>, b: &Piece<N>) -> Ordering {
    let places = a.0.as_flattened().iter().zip(b.0.as_flattened());
    let first = places.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
    first.unwrap_or(Ordering::Equal).then(a.1.cmp(&b.1))
}

/// Pairs of regions that list an equal piece.
fn equal<const N: usize>(mut pieces: Vec<Piece<N>>) -> Vec<(u32, u32)> {
    pieces.sort_unstable_by(in_order);
    pieces.dedup();
    let mut pairs = Vec::new();
    for at_one_place in pieces.chunk_by(|(a, _), (b, _)| a == b) {
        for (first, (_, one)) in at_one_place.iter().enumerate() {
            pairs.extend(at_one_place[first + 1..].iter().map(|(_, other)| (*one, *other)));
        }
    }
    unique(pairs)
}

/// Pairs of regions with pieces whose ends are at most `snap` apart. Their middles are, then: a grid of that size, each cell
/// compared with itself and four of its neighbours.
fn within<const N: usize>(mut pieces: Vec<Piece<N>>, snap: f64) -> Vec<(u32, u32)> {
    pieces.sort_unstable_by(in_order);
    pieces.dedup();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "places over any snap distance that means something stay far below 2^63"
    )]
    let cell = |at: f64| (at / snap).floor() as i64;
    let mut cells: Vec<((i64, i64), Piece<N>)> = pieces
        .into_iter()
        .map(|piece| {
            let (a, b) = (piece.0[0], piece.0[N - 1]);
            ((cell(f64::midpoint(a[0], b[0])), cell(f64::midpoint(a[1], b[1]))), piece)
        })
        .collect();
    cells.sort_by_key(|(cell, _)| *cell);
    let are_near = |a: &[[f64; 2]; N], b: &[[f64; 2]; N], turned: bool| {
        (0..N).all(|at| is_near(a[at], b[if turned { N - 1 - at } else { at }], snap))
    };
    let is_same =
        |a: &[[f64; 2]; N], b: &[[f64; 2]; N]| are_near(a, b, false) || are_near(a, b, true);
    let mut pairs = Vec::new();
    for (first, (at_cell, (ends, one))) in cells.iter().enumerate() {
        let mut compare = |others: &[((i64, i64), Piece<N>)]| {
            for (_, (other_ends, other)) in others.iter().filter(|(_, (_, other))| other != one) {
                if is_same(ends, other_ends) {
                    pairs.push((*one.min(other), *one.max(other)));
                }
            }
        };
        let same = cells[first..].partition_point(|other| other.0 == *at_cell);
        compare(&cells[first..first + same]);
        for (dx, dy) in [(0, 1), (1, -1), (1, 0), (1, 1)] {
            let wanted = (at_cell.0.saturating_add(dx), at_cell.1.saturating_add(dy));
            let from = cells.partition_point(|other| other.0 < wanted);
            let length = cells[from..].partition_point(|other| other.0 == wanted);
            compare(&cells[from..from + length]);
        }
    }
    unique(pairs)
}

fn unique(mut pairs: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn is_near(a: [f64; 2], b: [f64; 2], distance: f64) -> bool {
    let (x, y) = (a[0] - b[0], a[1] - b[1]);
    x * x + y * y <= distance * distance
}

#[cfg(test)]
fn square(x: f64, y: f64) -> Outline {
    vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]]
}

#[test]
fn a_corner_of_three_regions_links_all_three() {
    let map = [square(0.0, 0.0), square(1.0, 1.0), square(-1.0, 1.0), square(5.0, 5.0), vec![]];
    let found = queen(&map, 0.0);
    assert_eq!((found.neighbours(0), found.neighbours(1)), (&[1, 2][..], &[0][..]));
    assert_eq!(found.islands(), [3, 4]);
    assert_eq!(rook(&map, 0.0).n_links(), 0);
}

#[test]
fn holes_negative_zero_and_open_rings_are_no_obstacle() {
    let hole = vec![[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]];
    let around = vec![vec![[-0.0, -0.0], [3.0, 0.0], [3.0, 3.0], [0.0, 3.0]], hole.clone()];
    let left = vec![vec![[0.0, 0.0], [0.0, 3.0], [-1.0, 3.0]]];
    let found = rook(&[around, vec![hole], left, vec![vec![[f64::NAN, 0.0], [0.0, 0.0]]]], 0.0);
    assert_eq!((found.neighbours(0), found.degree(3)), (&[1, 2][..], 0));
}

#[test]
fn snapping_reaches_across_cells_and_no_further() {
    // The second square lies a little to the right of where it should.
    let map = [square(0.0, 0.0), square(1.001, 0.000_5), square(1.001, 1.0)];
    assert_eq!(queen(&map, 0.0).n_links(), 0);
    let (found, touching) = (rook(&map, 0.002), queen(&map, 0.002));
    assert_eq!((found.neighbours(0), found.neighbours(1)), (&[1][..], &[0, 2][..]));
    assert_eq!(touching.neighbours(0), [1, 2]);
    assert_eq!(rook(&map, 0.001).neighbours(0), [0_u32; 0], "0.0011 apart");
    // All corners within one cell: segments shorter than the snap distance are none.
    assert_eq!(rook(&map, 5.0).n_links(), 0);
    assert_eq!(queen(&map, 5.0).n_links(), 6);
}
