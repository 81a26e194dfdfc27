//! Protection of concentrations: a share or an index is computed from every count of its map, so that it goes where counts are
//! protected.

use super::released;
use crate::model::{Concentration, Frame};

/// Withholds the concentration of every protected measure: it is made of exact counts.
pub(super) fn protect(frame: &Frame, concentrations: Vec<Concentration>) -> Vec<Concentration> {
    let one = |found: Concentration| {
        if released::is_protected(frame, found.measure) {
            found.withheld("withheld by disclosure control")
        } else {
            found
        }
    };
    concentrations.into_iter().map(one).collect()
}
