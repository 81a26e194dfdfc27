//! Diffusion: the share of regions with at least so many events.
//!
//! # Question
//! Over how many places has something spread, and in how many is it more than a single case?
//!
//! # Definition
//! Regions with count ≥ k over all regions that are covered, for each threshold k.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `counts` | `&[u64]` | one per covered region | events | regions without data are left out by the caller |
//! | `k` | `u64` | – | events | ≥ 1 |
//!
//! # Output
//! [`Diffusion`]: regions reached, all regions, their share.
//!
//! # Undefined
//! `None` without regions, or for k = 0, which every region reaches.
//!
//! # Assumptions, and when not to use it
//! Robust against one region with very many. Rises with the total alone: compare two times of unlike totals through
//! [`super::proportional`] only.
//!
//! # Cost and determinism
//! O(n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::diffusion;
//! // A German study of travel to conflict zones: 784 cases in 162 cities, 13 of them with at least ten.
//! let mut cases = vec![34_u64; 13];
//! cases.extend([3; 44]);
//! cases.extend([2; 105]);
//! assert_eq!(cases.iter().sum::<u64>(), 784);
//! let ten = diffusion::reached(&cases, 10).unwrap();
//! assert_eq!((ten.n_reached, ten.n_regions), (13, 162));
//! assert!((ten.share - 0.080).abs() < 5e-4);
//! ```
//!
//! # Source
//! METHODS §2 (the measure and the example).

use crate::statistics::numerics::float::size;

/// How far something has spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diffusion {
    /// Regions with at least as many events as asked for.
    pub n_reached: usize,
    /// All regions looked at.
    pub n_regions: usize,
    /// The first over the second.
    pub share: f64,
}

/// The regions with at least `k` events.
pub fn reached(counts: &[u64], k: u64) -> Option<Diffusion> {
    if counts.is_empty() || k == 0 {
        return None;
    }
    let n_reached = counts.iter().filter(|&&count| count >= k).count();
    let n_regions = counts.len();
    Some(Diffusion { n_reached, n_regions, share: size(n_reached) / size(n_regions) })
}

#[test]
fn nothing_anywhere_is_a_share_of_nought_and_no_region_is_none() {
    assert_eq!(reached(&[0, 0], 1).map(|found| (found.n_reached, found.share)), Some((0, 0.0)));
    assert_eq!(reached(&[], 1), None);
    assert_eq!(reached(&[4, 0], 0), None);
}
