//! The k nearest regions, by the distance of their points.
//!
//! # Question
//! Which k regions are nearest to each, so that every region has the same number of neighbours, islands too?
//!
//! # Definition
//! A region's neighbours are the k other regions with the smallest distance between points. Equal distances, as between
//! regions with the same point, are told apart by order: the region that comes first is the neighbour. Links are one-way:
//! a remote region names a near one that does not name it back.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `points` | `&[[f64; 2]]` | one per region | of the metric | numbers; longitude first |
//! | `metric` | [`Metric`] | – | – | – |
//! | `k` | `usize` | – | regions | 1 ≤ k < number of regions |
//!
//! # Output
//! [`Nearest`]: binary weights, and how many regions have an equally near region that is not among their k.
//!
//! # Undefined
//! `None` for k outside its domain, and when a point has no place.
//!
//! # Assumptions, and when not to use it
//! A point stands for its region: with regions of very different size neighbours by outline say more. Peers break ties by
//! whatever their tree meets first; where `n_tied` is 0, all agree.
//!
//! # Cost and determinism
//! O(n·(log n + k)) for points that do not coincide in large numbers; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::{Metric, k_nearest};
//! let points = [[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [9.0, 0.0]];
//! let found = k_nearest::links(&points, Metric::Plane, 1).unwrap();
//! assert_eq!((found.weights.neighbours(1), found.weights.neighbours(3)), (&[0][..], &[2][..]));
//! ```
//!
//! # Source
//! Bentley JL (1975), Commun ACM 18:509–517, doi:10.1145/361002.361007 (the tree).

use rayon::prelude::*;

use super::great_circle::Metric;
use crate::model::Weights;

/// Nearest neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Each region's k neighbours, weighing 1.
    pub weights: Weights,
    /// Regions whose choice was made by order, between equally near ones.
    pub n_tied: usize,
}

/// Links every region to its `k` nearest.
pub fn links(points: &[[f64; 2]], metric: Metric, k: usize) -> Option<Nearest> {
    if k == 0 || k >= points.len() || !metric.is_usable(points) {
        return None;
    }
    let tree = metric.tree(points);
    let rows: Vec<(Vec<u32>, bool)> = (0..points.len())
        .into_par_iter()
        .map(|at| {
            let found = tree.nearest(at, k + 1);
            let is_tied = found.len() > k && found[k].0 <= found[k - 1].0;
            (found[..k].iter().map(|(_, other)| *other).collect(), is_tied)
        })
        .collect();
    let n_tied = rows.iter().filter(|(_, is_tied)| *is_tied).count();
    let lists = rows.into_iter().map(|(list, _)| list).collect();
    Some(Nearest { weights: Weights::binary(lists), n_tied })
}

#[test]
fn ties_and_points_that_coincide_go_by_order() {
    // Four corners of a square around the last point, which is there twice.
    let points = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [1.0, 1.0], [1.0, 1.0]];
    let found = links(&points, Metric::Plane, 2).unwrap();
    assert_eq!(found.weights.neighbours(0), [4, 5]);
    assert_eq!(found.weights.neighbours(4), [0, 5], "itself again, then the first corner");
    assert_eq!(found.weights.neighbours(5), [0, 4]);
    assert_eq!(found.n_tied, 2);
}

#[test]
fn what_cannot_be_chosen_is_not() {
    let two = [[0.0, 0.0], [1.0, 0.0]];
    assert!(links(&two, Metric::Plane, 1).is_some());
    assert_eq!(links(&two, Metric::Plane, 2), None);
    assert_eq!(links(&two, Metric::Plane, 0), None);
    assert_eq!(links(&[[0.0, 0.0], [f64::NAN, 0.0]], Metric::Plane, 1), None);
    assert_eq!(links(&[], Metric::Plane, 1), None);
}

#[test]
fn degrees_are_no_plane() {
    // At 60° north a degree of longitude is half as long as one of latitude; the date line is no border.
    let points = [[179.2, 60.0], [-179.3, 60.0], [179.2, 61.0]];
    let found = links(&points, Metric::GreatCircle, 1).unwrap();
    assert_eq!(found.weights.neighbours(0), [1]);
    let flat = links(&points, Metric::Plane, 1).unwrap();
    assert_eq!(flat.weights.neighbours(0), [2]);
}
