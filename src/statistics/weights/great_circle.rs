//! Great-circle distance, in kilometres, between places in degrees.
//!
//! # Question
//! How far apart are two places given by longitude and latitude?
//!
//! # Definition
//! Haversine: 2R·asin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2)), R = 6 371.0088 km, the mean radius of the Earth. Plane
//! distances of degrees mean nothing: away from the equator a degree of longitude is shorter than one of latitude.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `a`, `b` | `[f64; 2]` | degrees | longitude, latitude; any longitude, latitude within ±90 |
//!
//! # Output
//! Kilometres in [0, 20 015.2].
//!
//! # Undefined
//! Never for numbers; [`Metric::is_usable`] tells which places are none.
//!
//! # Assumptions, and when not to use it
//! The Earth as a sphere: up to 0.5 % off the ellipsoid. libpysal uses R = 6 371 km (1.4 parts in a million less), spdep
//! the ellipsoid. Not for projected coordinates: [`Metric::Plane`].
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::great_circle;
//! // Berlin to Sofia, longitude first.
//! let km = great_circle::distance([13.4050, 52.5200], [23.3219, 42.6977]);
//! assert!((km - 1_320.0).abs() < 5.0, "{km}");
//! ```
//!
//! # Source
//! Sinnott RW (1984), *Virtues of the haversine*, Sky and Telescope 68:159; Moritz H (2000), J Geod 74:128–133,
//! doi:10.1007/s001900050278 (the radius).

use std::f64::consts::PI;

use super::point_tree::PointTree;
use crate::statistics::numerics::float::{asin, cos, sin};

/// Mean radius of the Earth, in kilometres.
const RADIUS: f64 = 6_371.008_8;

/// How distance between points is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Straight, in the unit of the coordinates: for projected coordinates.
    Plane,
    /// Kilometres between degrees of longitude and latitude.
    GreatCircle,
}

/// Distance between two places, in kilometres.
pub fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    Metric::GreatCircle.distance(a, b)
}

fn radians(degrees: f64) -> f64 {
    degrees * (PI / 180.0)
}

impl Metric {
    /// Distance between two points.
    pub fn distance(self, a: [f64; 2], b: [f64; 2]) -> f64 {
        let rank = self.rank(a, b);
        match self {
            Self::Plane => rank.sqrt(),
            Self::GreatCircle => 2.0 * RADIUS * asin(rank.sqrt().min(1.0)),
        }
    }

    /// A number that rises with the distance: cheaper, and exact where distances on a grid tie.
    pub(in crate::statistics) fn rank(self, a: [f64; 2], b: [f64; 2]) -> f64 {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        match self {
            Self::Plane => dx * dx + dy * dy,
            Self::GreatCircle => {
                let half = |degrees: f64| sin(radians(degrees) / 2.0);
                let (across, up) = (half(dx), half(dy));
                up * up + cos(radians(a[1])) * cos(radians(b[1])) * across * across
            }
        }
    }

    /// Whether all points have a place.
    pub fn is_usable(self, points: &[[f64; 2]]) -> bool {
        points.iter().all(|point| {
            point.iter().all(|at| at.is_finite())
                && (self == Self::Plane || (-90.0..=90.0).contains(&point[1]))
        })
    }

    /// The points in a space whose straight distances order as this metric's do.
    pub(super) fn tree(self, points: &[[f64; 2]]) -> PointTree {
        let n_axes = if self == Self::Plane { 2 } else { 3 };
        PointTree::new(points.iter().map(|&point| self.place(point)).collect(), n_axes)
    }

    fn place(self, point: [f64; 2]) -> [f64; 3] {
        match self {
            Self::Plane => [point[0], point[1], 0.0],
            Self::GreatCircle => {
                let (longitude, latitude) = (radians(point[0]), radians(point[1]));
                let level = cos(latitude);
                [level * cos(longitude), level * sin(longitude), sin(latitude)]
            }
        }
    }

    /// A straight distance in that space which nothing within `distance` exceeds.
    pub(super) fn reach(self, distance: f64) -> f64 {
        match self {
            Self::Plane => distance,
            // The chord of the arc, and a little more than rounding can take from it.
            Self::GreatCircle if distance < PI * RADIUS => {
                2.0 * sin(distance / (2.0 * RADIUS)) + 1e-12
            }
            Self::GreatCircle => 2.1,
        }
    }
}

#[test]
fn quarters_and_halves_of_the_globe_are_known() {
    let quarter = PI * RADIUS / 2.0;
    assert!((distance([0.0, 0.0], [90.0, 0.0]) - quarter).abs() < 1e-9);
    assert!((distance([17.0, 0.0], [123.0, 90.0]) - quarter).abs() < 1e-9);
    assert!((distance([10.0, 20.0], [-170.0, -20.0]) - 2.0 * quarter).abs() < 1e-6);
    assert!(distance([10.0, 20.0], [10.0, 20.0]).abs() < 1e-12);
    assert!(distance([0.0, 90.0], [120.0, 90.0]) < 1e-9, "the pole is one place");
    // Across the date line.
    assert!((distance([179.5, 0.0], [-179.5, 0.0]) - quarter / 90.0).abs() < 1e-9);
    assert!(
        !Metric::GreatCircle.is_usable(&[[0.0, 91.0]]) && Metric::Plane.is_usable(&[[0.0, 91.0]])
    );
    assert!(!Metric::Plane.is_usable(&[[f64::NAN, 1.0]]));
}
