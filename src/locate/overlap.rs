//! Neighbours that overlap: outlines that cover the same ground would count one point twice.
//!
//! Each region is cut by level lines; along each line, the length that another region covers too is added up. This measures
//! the shared area without computing intersections, and does not mind that neighbouring borders may be drawn with
//! different points: slivers along a border stay below the share that counts.

use geo::MultiPolygon;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::edges::Edges;
use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    model::RegionTree,
};

/// Level lines a region is cut by.
const N_LINES: u32 = 32;

/// Share of a region that another may cover before it counts as an overlap: far above what rounded or separately simplified
/// borders give, far below any county drawn twice.
const SHARE: f64 = 0.01;

/// Overlaps named before the rest is only counted.
const NAMED: usize = 10;

/// Problems of one level: regions without area, pairs that overlap.
pub(super) fn check(
    tree: &RegionTree,
    outlines: &[Option<MultiPolygon<f64>>],
    level: usize,
    file: &str,
) -> Problems {
    let mut problems = Problems::default();
    let geometry = |message: String, help: &str| {
        Problem::new(&codes::GEOMETRY, message).at(Place::File(file.to_owned())).help(help)
    };
    let edges: Vec<(usize, Edges)> = tree
        .level(level)
        .filter_map(|idx| outlines[idx].as_ref().map(|outline| (idx, Edges::new(outline))))
        .collect();
    let boxes = edges.iter().enumerate().map(|(at, (_, edges))| {
        GeomWithData::new(Rectangle::from_corners(edges.min.into(), edges.max.into()), at)
    });
    let boxes: RTree<GeomWithData<Rectangle<(f64, f64)>, usize>> =
        RTree::bulk_load(boxes.collect());
    let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
    for (at, (idx, own)) in edges.iter().enumerate() {
        let region = AABB::from_corners(own.min.into(), own.max.into());
        let mut near: Vec<usize> = boxes
            .locate_in_envelope_intersecting(region)
            .map(|found| found.data)
            .filter(|other| *other != at)
            .collect();
        near.sort_unstable();
        let others: Vec<&Edges> = near.iter().map(|other| &edges[*other].1).collect();
        let Some(shares) = shares(own, &others) else {
            let id = &tree.get(*idx).id;
            problems.push(geometry(
                format!("region `{id}` has an outline without area"),
                "give it an outline, or remove it from the level",
            ));
            continue;
        };
        for (other, share) in near.iter().zip(shares).filter(|(_, share)| *share > SHARE) {
            let other = edges[*other].0;
            pairs.push(((*idx).min(other), (*idx).max(other), share));
        }
    }
    // A pair is found from both sides; the larger share, that of the smaller region, is the one to report.
    pairs.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    pairs.dedup_by_key(|(one, other, _)| (*one, *other));
    for (one, other, share) in pairs.iter().take(NAMED) {
        let (one, other) = (tree.get(*one), tree.get(*other));
        let message = format!(
            "regions `{}` ({}) and `{}` ({}) overlap by {:.0} % of the smaller one",
            one.id,
            one.name,
            other.id,
            other.name,
            share * 100.0
        );
        problems.push(geometry(
            message,
            "every point may belong to one region only; use outlines of one vintage and one source",
        ));
    }
    if pairs.len() > NAMED {
        let message = format!("{} more pairs of regions overlap", pairs.len() - NAMED);
        problems.push(geometry(message, "mend the first ones and check again"));
    }
    problems
}

/// The share of a region that each of the others covers; `None` when the region has no area.
fn shares(own: &Edges, others: &[&Edges]) -> Option<Vec<f64>> {
    let mut covered = vec![0.0; others.len()];
    let mut total = 0.0;
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for line in 0..N_LINES {
        let y = own.min.y + (own.max.y - own.min.y) * (f64::from(line) + 0.5) / f64::from(N_LINES);
        own.spans(y, &mut mine);
        total += mine.chunks_exact(2).map(|span| span[1] - span[0]).sum::<f64>();
        for (other, covered) in others.iter().zip(&mut covered) {
            other.spans(y, &mut theirs);
            *covered += common(&mine, &theirs);
        }
    }
    (total > 0.0).then(|| covered.into_iter().map(|length| length / total).collect())
}

/// Length that two sorted lists of spans have in common.
fn common(mine: &[f64], theirs: &[f64]) -> f64 {
    let mut length = 0.0;
    for a in mine.chunks_exact(2) {
        for b in theirs.chunks_exact(2) {
            length += (a[1].min(b[1]) - a[0].max(b[0])).max(0.0);
        }
    }
    length
}

#[test]
fn spans_share_what_both_cover() {
    assert!((common(&[0.0, 4.0, 6.0, 8.0], &[3.0, 7.0]) - 2.0).abs() < 1e-12);
    assert!(common(&[0.0, 1.0], &[1.0, 2.0]).abs() < 1e-12);
}
