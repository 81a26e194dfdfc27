//! How far apart two places are, on a plane or on the Earth.
//!
//! # Question
//! In which order does a growing circle around one place meet the others, and what is its radius?
//!
//! # Definition
//! Cartesian: √(Δx² + Δy²), in the unit of the coordinates. Great circle: 2R·asin √h with the haversine
//! h = sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2) and R = 6371.0088 km, the Earth's mean radius. Places are ordered by
//! Δx² + Δy² or by h, which rise with the distance and are exact where distances on a grid tie.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `from`, `to` | `(f64, f64)` | any, or degrees | (x, y); (longitude, latitude) for great circles |
//!
//! # Output
//! The distance, ≥ 0: in the unit of the coordinates, or in kilometres.
//!
//! # Undefined
//! Never, for finite coordinates.
//!
//! # Assumptions, and when not to use it
//! Degrees are not Cartesian coordinates: away from the equator circles would be ellipses. The Earth is taken for a
//! sphere; the error is below 0.6 %.
//!
//! # Cost and determinism
//! O(1); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::scan::distance::Metric;
//! let (berlin, prague) = ((13.4050, 52.5200), (14.4378, 50.0755));
//! assert!((Metric::GreatCircle.between(berlin, prague) - 281.1).abs() < 0.5);
//! assert_eq!(Metric::Cartesian.between((0.0, 0.0), (3.0, 4.0)), 5.0);
//! ```
//!
//! # Source
//! Sinnott RW (1984), *Virtues of the haversine*, Sky and Telescope 68:159; Moritz H (2000), J Geod 74:128–133,
//! doi:10.1007/s001900050278 (the radius).

use crate::statistics::numerics::float::{asin, cos, sin};

/// The Earth's mean radius in kilometres.
pub const EARTH_RADIUS: f64 = 6_371.008_8;

/// How distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// On a plane; coordinates are (x, y).
    Cartesian,
    /// On the Earth; coordinates are (longitude, latitude) in degrees, distances in kilometres.
    GreatCircle,
}

impl Metric {
    /// The distance between two places.
    pub fn between(self, from: (f64, f64), to: (f64, f64)) -> f64 {
        self.length(self.rank(from, to))
    }

    /// A number that rises with the distance: cheaper, and what circles are ordered by.
    pub(super) fn rank(self, from: (f64, f64), to: (f64, f64)) -> f64 {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        match self {
            Self::Cartesian => dx * dx + dy * dy,
            Self::GreatCircle => {
                let half = |degrees: f64| sin(0.5 * degrees.to_radians());
                let (across, along) = (half(dx), half(dy));
                let parallels = cos(from.1.to_radians()) * cos(to.1.to_radians());
                along * along + parallels * across * across
            }
        }
    }

    /// The distance that has a rank.
    pub(super) fn length(self, rank: f64) -> f64 {
        match self {
            Self::Cartesian => rank.sqrt(),
            Self::GreatCircle => 2.0 * EARTH_RADIUS * asin(rank.sqrt().min(1.0)),
        }
    }
}

#[test]
fn the_date_line_is_no_wall_and_poles_are_points() {
    let km = |from, to| Metric::GreatCircle.between(from, to);
    // One degree along the equator: 2πR/360.
    assert!((km((0.0, 0.0), (1.0, 0.0)) - 111.195).abs() < 1e-3);
    assert!((km((179.5, 0.0), (-179.5, 0.0)) - 111.195).abs() < 1e-3);
    assert!(km((0.0, 90.0), (120.0, 90.0)) < 1e-9);
    // Half the way round.
    let half = std::f64::consts::PI * EARTH_RADIUS;
    assert!((km((20.0, 30.0), (-160.0, -30.0)) - half).abs() < 1e-3);
}
