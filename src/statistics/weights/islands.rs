//! What happens to regions without a neighbour.
//!
//! # Question
//! Some regions have no neighbour: are they left out, tied to the nearest one, or joined by ferries and bridges named in a
//! file?
//!
//! # Definition
//! | policy | effect |
//! |---|---|
//! | [`Policy::Refuse`] | an error that names them |
//! | [`Policy::Exclude`] | links stay as they are; the islands are listed |
//! | [`Policy::Nearest`] | each island is linked both ways with its nearest region, as named by the given weights |
//! | [`Policy::Links`] | the given links are added both ways, to any region; who is still alone is an error |
//!
//! # Inputs
//! | name | type | shape |
//! |---|---|---|
//! | `weights` | [`Weights`] | one row per region |
//! | `policy` | [`Policy`] | its weights with the same regions |
//!
//! # Output
//! [`Resolved`]. An added link weighs what the policy's weights say; one that is there already keeps its weight.
//!
//! # Undefined
//! The positions of regions that stay alone, when the policy does not allow for any.
//!
//! # Assumptions, and when not to use it
//! A link that is added by distance is a convention, not a fact: the weights report must say so.
//!
//! # Cost and determinism
//! O(links); no randomness.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::weights::islands::{self, Policy}};
//! let weights = Weights::binary(vec![vec![1], vec![0], vec![]]);
//! let ferry = Weights::binary(vec![vec![], vec![], vec![0]]);
//! assert_eq!(islands::resolve(&weights, Policy::Refuse), Err(vec![2]));
//! let joined = islands::resolve(&weights, Policy::Links(&ferry)).unwrap();
//! assert_eq!((joined.weights.neighbours(0), joined.added), (&[1, 2][..], vec![(0, 2)]));
//! ```
//!
//! # Source
//! Bivand RS, Portnov BA (2004), *Exploring spatial data analysis techniques using R: the case of observations with no
//! neighbours*, doi:10.1007/978-3-662-05617-2_6.

use crate::model::Weights;

/// What to do with islands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Policy<'a> {
    /// They are an error.
    Refuse,
    /// They stay without neighbours.
    Exclude,
    /// Each is linked with its nearest region: the first neighbour it has in these weights.
    Nearest(&'a Weights),
    /// These links are added.
    Links(&'a Weights),
}

/// Weights after a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// With the added links.
    pub weights: Weights,
    /// Pairs that were not linked before, lower position first, ascending.
    pub added: Vec<(u32, u32)>,
    /// Regions without a neighbour that are to be left out.
    pub excluded: Vec<usize>,
}

/// Applies a policy.
///
/// # Errors
/// The positions of regions that stay without a neighbour though the policy does not exclude them.
pub fn resolve(weights: &Weights, policy: Policy<'_>) -> Result<Resolved, Vec<usize>> {
    let islands = weights.islands();
    let (weights, added) = match policy {
        Policy::Refuse | Policy::Exclude => (weights.clone(), Vec::new()),
        Policy::Links(links) => with_links(weights, links, &|_| true),
        Policy::Nearest(nearest) => {
            with_links(weights, nearest, &|from| islands.binary_search(&from).is_ok())
        }
    };
    let alone = weights.islands();
    match policy {
        Policy::Exclude => Ok(Resolved { weights, added, excluded: alone }),
        _ if alone.is_empty() => Ok(Resolved { weights, added, excluded: Vec::new() }),
        _ => Err(alone),
    }
}

/// Adds the links of the chosen rows, both ways, where there are none.
fn with_links(
    weights: &Weights,
    links: &Weights,
    is_chosen: &dyn Fn(usize) -> bool,
) -> (Weights, Vec<(u32, u32)>) {
    let row = |at: usize| -> Vec<(u32, f64)> {
        weights.neighbours(at).iter().copied().zip(weights.values(at).iter().copied()).collect()
    };
    let mut lists: Vec<Vec<(u32, f64)>> = (0..weights.n()).map(row).collect();
    let mut added = Vec::new();
    for (from, at) in (0..).zip(0..weights.n()).filter(|(_, at)| is_chosen(*at)) {
        for (&to, &value) in links.neighbours(at).iter().zip(links.values(at)) {
            if weights.link(at, to as usize).is_none() {
                added.push((from.min(to), from.max(to)));
            }
            // Of a link that is there already the first counts, which is the old one.
            lists[at].push((to, value));
            lists[to as usize].push((from, value));
        }
    }
    added.sort_unstable();
    added.dedup();
    (Weights::weighted(lists), added)
}

#[cfg(test)]
fn mainland() -> Weights {
    Weights::weighted(vec![vec![(1, 2.0)], vec![(0, 2.0)], vec![], vec![]])
}

#[test]
fn each_policy_does_what_it_says() {
    let weights = mainland();
    assert_eq!(resolve(&weights, Policy::Refuse), Err(vec![2, 3]));
    let excluded = resolve(&weights, Policy::Exclude).unwrap();
    assert_eq!((&excluded.weights, excluded.excluded), (&weights, vec![2, 3]));
    let nearest = Weights::binary(vec![vec![2], vec![0], vec![3], vec![2]]);
    let tied = resolve(&weights, Policy::Nearest(&nearest)).unwrap();
    // Only islands are linked: the first region's nearest is of no interest.
    assert_eq!((tied.weights.neighbours(0), tied.added), (&[1][..], vec![(2, 3)]));
    assert!(tied.weights.is_symmetric() && tied.excluded.is_empty());
}

#[test]
fn links_that_leave_somebody_alone_are_an_error_and_old_weights_stay() {
    let weights = mainland();
    let ferry = Weights::weighted(vec![vec![(1, 9.0), (2, 5.0)], vec![], vec![], vec![]]);
    assert_eq!(resolve(&weights, Policy::Links(&ferry)), Err(vec![3]));
    let ferry = Weights::weighted(vec![vec![(1, 9.0)], vec![], vec![(0, 5.0)], vec![(0, 4.0)]]);
    let joined = resolve(&weights, Policy::Links(&ferry)).unwrap();
    assert_eq!(joined.weights.values(0), [2.0, 5.0, 4.0]);
    assert_eq!(joined.added, [(0, 2), (0, 3)]);
}

#[test]
fn a_map_of_one_region_is_an_island() {
    let one = Weights::binary(vec![vec![]]);
    assert_eq!(resolve(&one, Policy::Refuse), Err(vec![0]));
    assert_eq!(resolve(&one, Policy::Exclude).unwrap().excluded, [0]);
}
