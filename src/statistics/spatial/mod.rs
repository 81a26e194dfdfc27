//! Family 2: is activity patterned in space, and which regions lie in high or low surroundings?
//!
//! | module | for |
//! |---|---|
//! | [`empirical_bayes_index`] | makes rates of unequal populations comparable before any of the others |
//! | [`moran`] | is there any pattern at all? |
//! | [`local`] | local Moran, Gi and Gi\* of every region, with one draw pass for all three |
//! | [`model_based`] | the same question for sparse maps, by drawing whole maps |
//! | [`sequential`] | how draws are spent: batches, dropping, refinement |

mod conditional;
pub mod empirical_bayes_index;
pub mod local;
pub mod model_based;
pub mod moran;
pub mod sequential;

use crate::model::Weights;

/// Σⱼ wᵢⱼ xⱼ over the neighbours of one region.
fn lag(values: &[f64], weights: &Weights, at: usize) -> f64 {
    weights
        .neighbours(at)
        .iter()
        .zip(weights.values(at))
        .map(|(&other, weight)| weight * values[other as usize])
        .sum()
}

/// Stream numbers that no region has: for draws of whole maps.
const WHOLE_MAP: u32 = u32::MAX;
