//! Selective inference on families: surfaces first, then regions within the selected surfaces.
//!
//! # Question
//! Three surfaces with 400 regions each: how to look into single regions without being fooled by having looked at many?
//!
//! # Definition
//! Level 1: Benjamini–Hochberg at α over one global p per surface. Level 2: within each of the S selected surfaces,
//! Benjamini–Hochberg at α·S/m, m surfaces in all. The average over selected surfaces of the false discovery rate is
//! then at most α.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `p` | `&[f64]` | one global p per surface | (0, 1] |
//! | `alpha` | `f64` | – | (0, 1) |
//!
//! # Output
//! A [`Selection`]. With one surface, selected: the plain level α.
//!
//! # Undefined
//! Never. With nothing selected the level within is 0.
//!
//! # Assumptions, and when not to use it
//! Surfaces independent or positively dependent. Exploratory surfaces are selected among themselves, apart.
//!
//! # Cost and determinism
//! O(m log m); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::multiple::benjamini_bogomolov;
//! let selection = benjamini_bogomolov::select(&[0.001, 0.02, 0.6], 0.05);
//! assert_eq!(selection.selected, [true, true, false]);
//! assert!((selection.alpha_within - 0.05 * 2.0 / 3.0).abs() < 1e-15);
//! ```
//!
//! # Source
//! Benjamini Y, Bogomolov M (2014), J R Stat Soc B 76:297–318, doi:10.1111/rssb.12028.

use super::benjamini_hochberg;
use crate::statistics::numerics::float::size;

/// Which surfaces may be looked into, and at which level.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// q of each surface among all.
    pub q: Vec<f64>,
    /// Whether its regions may be tested.
    pub selected: Vec<bool>,
    /// Level for the regions of every selected surface.
    pub alpha_within: f64,
}

/// Selects surfaces by their global p.
pub fn select(p: &[f64], alpha: f64) -> Selection {
    let selected = benjamini_hochberg::rejected(p, alpha);
    let n_selected = selected.iter().filter(|&&chosen| chosen).count();
    Selection {
        q: benjamini_hochberg::q_values(p),
        alpha_within: alpha * size(n_selected) / size(p.len().max(1)),
        selected,
    }
}
