//! Declared composites: several indicators in one number, and how much its ranks hang on the choices made.
//!
//! There is no composite unless a file declares one with its weights. It is then published with [`sensitivity`].
//!
//! | module | for |
//! |---|---|
//! | [`normalise`] | components in different units on one scale: min–max, z, rank |
//! | [`aggregate`] | one number from several: arithmetic or geometric mean |
//! | [`index`] | the declared composite: components, weights, choices, scores |
//! | [`sensitivity`] | rank intervals and what they come from: weights, choices, components, sampling |

pub mod aggregate;
pub mod index;
pub mod normalise;
pub mod sensitivity;

/// Why there is no composite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoComposite {
    /// No component was declared.
    NoComponents,
    /// A weight is negative or not finite, or all are 0.
    BadWeights,
    /// Components have different numbers of regions, or a value, given or drawn, is not finite.
    BadValues,
    /// Fewer than two regions have all components.
    TooFewRegions,
    /// A share is outside [0, 1), there is no choice to draw from, or there are too few runs.
    BadPlan,
}
