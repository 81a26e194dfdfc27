//! Protection of composites: scores and ranks are made of exact counts, so that they go where one of these is protected.

use super::released;
use crate::model::{Composite, Frame};

/// Withholds every composite with a protected component.
pub(super) fn protect(frame: &Frame, composites: Vec<Composite>) -> Vec<Composite> {
    let one = |composite: Composite| {
        let mut components = composite.rule.components.iter();
        if !components.any(|(key, _)| released::is_protected(frame, *key)) {
            return composite;
        }
        Composite {
            places: Vec::new(),
            average_shift: None,
            without: vec![None; composite.rule.components.len()],
            shares: Vec::new(),
            reason: Some("withheld by disclosure control".to_owned()),
            ..composite
        }
    };
    composites.into_iter().map(one).collect()
}
