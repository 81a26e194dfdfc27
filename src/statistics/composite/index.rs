//! The declared composite: components, weights and choices, and the score they give.
//!
//! # Question
//! Given declared weights, where does each region stand when all components are taken together?
//!
//! # Definition
//! Regions with all components are kept; each component is normalised over them ([`super::normalise`]) and the
//! components are aggregated with their weights ([`super::aggregate`]). Ranks are of the unrounded scores, 1 the
//! highest.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `components` | `&[Component]` | – | any | at least 1; values finite or missing |
//! | `choices` | [`Choices`] | – | – | declared |
//!
//! # Output
//! One [`Place`] per region, in the order given; `None` where a component is missing: nothing is filled in.
//!
//! # Undefined
//! [`NoComposite`] says why.
//!
//! # Assumptions, and when not to use it
//! The weights are a judgement that a named person declared. Never print a score without its [`super::sensitivity`].
//!
//! # Cost and determinism
//! O(regions × components), with ranks O(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::composite::{
//!     aggregate::Aggregation, index::{Choices, Component, places}, normalise::Normalisation,
//! };
//! let (violence, support) = ([Some(4.0), Some(1.0), None], [Some(0.1), Some(0.2), Some(0.3)]);
//! let components = [
//!     Component { values: &violence, weight: 3.0, reversed: false },
//!     Component { values: &support, weight: 1.0, reversed: false },
//! ];
//! let choices = Choices { normalisation: Normalisation::MinMax, aggregation: Aggregation::Linear };
//! let found = places(&components, choices).unwrap();
//! assert_eq!(found[0].unwrap().rank, 1.0);
//! assert!((found[0].unwrap().score - (0.75 * 100.0 + 0.25 * 1.0)).abs() < 1e-12);
//! assert_eq!(found[2], None);
//! ```
//!
//! # Source
//! OECD, JRC (2008), *Handbook on Constructing Composite Indicators*, doi:10.1787/9789264043466-en.

use super::{
    NoComposite,
    aggregate::{Aggregation, aggregate},
    normalise::{Normalisation, scaled},
};
use crate::statistics::ranks::order;

/// One component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component<'a> {
    /// One value per region, `None` where there is none.
    pub values: &'a [Option<f64>],
    /// Declared weight, relative to the others.
    pub weight: f64,
    /// Whether less of it means more of what the composite is about.
    pub reversed: bool,
}

/// What the declaration chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// The scale.
    pub normalisation: Normalisation,
    /// The mean.
    pub aggregation: Aggregation,
}

/// Where a region stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Score, on the scale of the components.
    pub score: f64,
    /// Rank of the unrounded score, 1 the highest.
    pub rank: f64,
}

/// The regions that have all components, and their values there.
pub(super) struct Complete {
    /// Whether each region is kept.
    pub(super) keeps: Vec<bool>,
    /// Positions of the regions kept.
    pub(super) regions: Vec<usize>,
    /// Component by region kept.
    pub(super) values: Vec<Vec<f64>>,
    pub(super) weights: Vec<f64>,
    pub(super) reversed: Vec<bool>,
}

impl Complete {
    pub(super) fn new(components: &[Component]) -> Result<Self, NoComposite> {
        let Some(first) = components.first() else {
            return Err(NoComposite::NoComponents);
        };
        let weights: Vec<f64> = components.iter().map(|component| component.weight).collect();
        let total: f64 = weights.iter().sum();
        let usable = weights.iter().all(|&weight| weight >= 0.0) && total.is_finite();
        if !usable || total <= 0.0 {
            return Err(NoComposite::BadWeights);
        }
        let n = first.values.len();
        let well_formed = |component: &Component| {
            component.values.len() == n
                && component.values.iter().flatten().all(|value| value.is_finite())
        };
        if !components.iter().all(well_formed) {
            return Err(NoComposite::BadValues);
        }
        let keeps: Vec<bool> =
            (0..n).map(|at| components.iter().all(|own| own.values[at].is_some())).collect();
        let regions: Vec<usize> = (0..n).filter(|&at| keeps[at]).collect();
        if regions.len() < 2 {
            return Err(NoComposite::TooFewRegions);
        }
        let kept = |own: &Component| regions.iter().filter_map(|&at| own.values[at]).collect();
        let values = components.iter().map(kept).collect();
        let reversed = components.iter().map(|component| component.reversed).collect();
        Ok(Self { keeps, regions, values, weights, reversed })
    }

    /// Values of the same shape on the common scale.
    pub(super) fn scaled(
        &self,
        values: &[Vec<f64>],
        normalisation: Normalisation,
    ) -> Vec<Vec<f64>> {
        let each = values.iter().zip(&self.reversed);
        each.map(|(own, &reversed)| scaled(own, normalisation, reversed)).collect()
    }
}

/// Score and rank of every region.
///
/// # Errors
/// Why there is no composite.
pub fn places(
    components: &[Component],
    choices: Choices,
) -> Result<Vec<Option<Place>>, NoComposite> {
    let complete = Complete::new(components)?;
    let scales = complete.scaled(&complete.values, choices.normalisation);
    let scores = aggregate(&scales, &complete.weights, choices.aggregation);
    let ranks = order::ranks(&scores).ok_or(NoComposite::BadValues)?;
    let mut found = vec![None; complete.keeps.len()];
    for ((&region, score), rank) in complete.regions.iter().zip(scores).zip(ranks) {
        found[region] = Some(Place { score, rank });
    }
    Ok(found)
}

#[test]
fn what_cannot_be_composed_says_why() {
    let choices =
        Choices { normalisation: Normalisation::ZScore, aggregation: Aggregation::Geometric };
    let three = [Some(1.0), Some(2.0), Some(4.0)];
    let of = |values, weight| Component { values, weight, reversed: false };
    assert_eq!(places(&[], choices), Err(NoComposite::NoComponents));
    for weight in [-1.0, 0.0, f64::NAN, f64::INFINITY] {
        assert_eq!(places(&[of(&three, weight)], choices), Err(NoComposite::BadWeights));
    }
    let short = [of(&three, 1.0), of(&three[..2], 1.0)];
    assert_eq!(places(&short, choices), Err(NoComposite::BadValues));
    let wild = [Some(1.0), Some(f64::INFINITY), None];
    assert_eq!(places(&[of(&wild, 1.0)], choices), Err(NoComposite::BadValues));
    let alone = [None, Some(2.0), None];
    let both = [of(&three, 1.0), of(&alone, 1.0)];
    assert_eq!(places(&both, choices), Err(NoComposite::TooFewRegions));
}
