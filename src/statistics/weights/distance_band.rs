//! All regions within a distance.
//!
//! # Question
//! Which regions lie within a given distance of each, as where people travel or a group meets?
//!
//! # Definition
//! Two regions are neighbours when the distance of their points is at most the threshold: d ≤ t, as in libpysal, spdep and
//! GeoDa. [`least_without_islands`] is the largest distance of any region to its nearest: the smallest threshold that
//! leaves nobody alone.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `points` | `&[[f64; 2]]` | one per region | of the metric | numbers; longitude first |
//! | `metric` | [`Metric`] | – | – | – |
//! | `threshold` | `f64` | – | of the metric | ≥ 0 |
//!
//! # Output
//! Binary weights, symmetric; regions with the same point are neighbours at any threshold.
//!
//! # Undefined
//! `None` for a negative threshold, and when a point has no place; [`least_without_islands`] below two regions.
//!
//! # Assumptions, and when not to use it
//! A point stands for its region. Where regions differ much in size, a band leaves large ones alone or gives small ones
//! dozens of neighbours: [`super::k_nearest`].
//!
//! # Cost and determinism
//! O(n log n + links); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::{Metric, distance_band};
//! let points = [[0.0, 0.0], [3.0, 4.0], [9.0, 0.0]];
//! let found = distance_band::links(&points, Metric::Plane, 5.0).unwrap();
//! assert_eq!((found.neighbours(0), found.degree(2)), (&[1][..], 0));
//! assert!((distance_band::least_without_islands(&points, Metric::Plane).unwrap() - 52.0_f64.sqrt()).abs() < 1e-12);
//! ```
//!
//! # Source
//! Getis A, Ord JK (1992), Geogr Anal 24:189–206, doi:10.1111/j.1538-4632.1992.tb00261.x.

use rayon::prelude::*;

use super::great_circle::Metric;
use crate::model::Weights;

/// Links all regions at most `threshold` apart.
pub fn links(points: &[[f64; 2]], metric: Metric, threshold: f64) -> Option<Weights> {
    if !(threshold >= 0.0 && metric.is_usable(points)) {
        return None;
    }
    let tree = metric.tree(points);
    let reach = metric.reach(threshold);
    let near = |at: usize| {
        let mut found = tree.within(at, reach);
        found.retain(|&other| metric.distance(points[at], points[other as usize]) <= threshold);
        found
    };
    Some(Weights::binary((0..points.len()).into_par_iter().map(near).collect()))
}

/// The smallest threshold at which every region has a neighbour.
pub fn least_without_islands(points: &[[f64; 2]], metric: Metric) -> Option<f64> {
    if points.len() < 2 || !metric.is_usable(points) {
        return None;
    }
    let tree = metric.tree(points);
    let nearest = |at: usize| {
        let found = tree.nearest(at, 1);
        metric.distance(points[at], points[found[0].1 as usize])
    };
    Some((0..points.len()).map(nearest).fold(0.0, f64::max))
}

#[test]
fn the_threshold_itself_is_within() {
    let points = [[0.0, 0.0], [24.0, 32.0], [0.0, 40.000_000_1], [24.0, 32.0]];
    let found = links(&points, Metric::Plane, 40.0).unwrap();
    assert_eq!((found.neighbours(0), found.neighbours(2)), (&[1, 3][..], &[1, 3][..]));
    let none = links(&points, Metric::Plane, 0.0).unwrap();
    assert_eq!(none.islands(), [0, 2], "only the points that coincide are linked");
    assert_eq!(links(&points, Metric::Plane, -1.0), None);
    assert_eq!(links(&points, Metric::Plane, f64::NAN), None);
    assert_eq!(least_without_islands(&points[..1], Metric::Plane), None);
}

#[test]
fn kilometres_reach_around_the_globe_and_no_further() {
    let points = [[179.9, 0.0], [-179.9, 0.0], [0.0, 0.0], [0.1, 0.0]];
    // Two tenths of a degree at the equator are 22.24 km.
    assert_eq!(links(&points, Metric::GreatCircle, 22.3).unwrap().neighbours(0), [1]);
    assert_eq!(links(&points, Metric::GreatCircle, 22.2).unwrap().degree(0), 0);
    assert_eq!(links(&points, Metric::GreatCircle, 20_016.0).unwrap().degree(0), 3);
    let least = least_without_islands(&points, Metric::GreatCircle).unwrap();
    assert!(links(&points, Metric::GreatCircle, least).unwrap().islands().is_empty());
}
