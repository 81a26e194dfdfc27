//! Family 2: is activity patterned in space, and which regions lie in high or low surroundings?
//!
//! | module | for |
//! |---|---|
//! | [`empirical_bayes_index`] | makes rates of unequal populations comparable before any of the others |
//! | [`moran`] | is there any pattern at all? |
//! | [`geary`] | the same, told by differences between neighbours |
//! | [`getis_ord`] | do high values, or low ones, keep together? |
//! | [`join_count`] | do regions with a property neighbour each other? |
//! | [`local`] | local Moran, Gi and Gi\* of every region, with one draw pass for all three |
//! | [`local_moran`] | local Moran's expectation and variance, conditional and total |
//! | [`local_geary`] | which regions are like, or unlike, their neighbours? |
//! | [`local_join_count`] | which regions with a property have neighbours with it? |
//! | [`model_based`] | the same question for sparse maps, by drawing whole maps |
//! | [`sequential`] | how draws are spent: batches, dropping, refinement |

mod conditional;
mod convention;
pub mod empirical_bayes_index;
pub mod geary;
pub mod getis_ord;
pub mod join_count;
pub mod local;
pub mod local_geary;
pub mod local_join_count;
pub mod local_moran;
pub mod model_based;
pub mod moran;
pub mod sequential;
mod whole_map;

pub use convention::{Coding, Convention, Islands};

use crate::{model::Weights, statistics::numerics::random::WHOLE_MAP};

/// Σⱼ wᵢⱼ xⱼ over the neighbours of one region.
fn lag(values: &[f64], weights: &Weights, at: usize) -> f64 {
    weights
        .neighbours(at)
        .iter()
        .zip(weights.values(at))
        .map(|(&other, weight)| weight * values[other as usize])
        .sum()
}
