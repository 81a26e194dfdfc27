//! Spends a plan's draws on neighbour sums: the one engine behind every local statistic.
//!
//! A local statistic is tested by a sum over the neighbours, Σ wⱼ·term(xⱼ): the values themselves for local Moran, Gi, Gi\*
//! and join counts, squared differences to the region's own value for local Geary. The region keeps its value; values
//! drawn without replacement from the other regions fall on its neighbours. Regions, and stretches of draws where
//! few regions are left, run in parallel; tallies are integers, so the order of adding cannot matter.

use rayon::prelude::*;

use super::sequential::{Outcome, Plan, run};
use crate::statistics::numerics::{
    permutation::{Conditional, NeighbourSum, Tally},
    random::Key,
};

/// Draws of one region that one thread makes at a stretch.
const STRETCH: u64 = 8192;

/// Tests the regions at the given positions; `sum` says what is compared there.
pub(super) fn test<'a, T: Fn(f64) -> f64>(
    values: &[f64],
    tested: &[usize],
    plan: &Plan,
    key: Key,
    sum: impl Fn(u32) -> NeighbourSum<'a, T> + Sync,
) -> Vec<Option<Outcome>> {
    run(values.len(), tested, plan, |active, draws| {
        let n_stretches = usize::try_from((draws.end - draws.start).div_ceil(STRETCH))
            .expect("invariant: draws in memory's reach");
        let one = |engine: &mut Conditional, at: usize| {
            #[allow(clippy::cast_possible_truncation, reason = "positions are u32")]
            let region = active[at / n_stretches] as u32;
            let start = draws.start + (at % n_stretches) as u64 * STRETCH;
            engine.tally(&sum(region), start..draws.end.min(start + STRETCH), key)
        };
        let tallies: Vec<Tally> = (0..active.len() * n_stretches)
            .into_par_iter()
            .map_init(|| Conditional::new(values), one)
            .collect();
        let together =
            |some: &[Tally]| some.iter().fold(Tally::default(), |all, &one| all.plus(one));
        tallies.chunks(n_stretches.max(1)).map(together).collect()
    })
}
