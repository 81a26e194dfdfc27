//! The largest ratio of every draw: many draws side by side, so that a zone is looked up once for all of them.
//!
//! Sixteen draws share a row of counts per cell (a region, or a region in a period); a processor adds and compares such
//! a row in a few steps. A zone is compared with [`super::critical_counts`] first, and only where a draw could beat its
//! own maximum is the ratio computed. The maxima are exactly those of computing every ratio.

use rayon::prelude::*;

use super::{critical_counts::CriticalCounts, plan::Plan};
use crate::statistics::numerics::{
    permutation::{TIE, Tally},
    pvalue::{Alternative, p_value},
    random::{Key, Stream, WHOLE_MAP},
};

/// Draws side by side.
pub(super) const LANES: usize = 16;

/// One count per draw.
pub(super) type Row = [i32; LANES];

/// Draws between two looks at whether enough have reached the observed ratio.
const BATCH: u64 = 8 * LANES as u64;

/// Adds a row to another. Counts are below 2³¹ together, so that nothing can wrap.
#[inline]
pub(super) fn add(sums: &mut Row, row: &Row) {
    for (sum, count) in sums.iter_mut().zip(row) {
        *sum = sum.wrapping_add(*count);
    }
}

/// The largest ratio of each of the draws so far.
pub(super) struct Maxima<'a> {
    table: &'a CriticalCounts,
    largest: [f64; LANES],
    levels: [usize; LANES],
    /// Critical counts: per bin, for each draw's own level.
    critical: Vec<Row>,
}

impl<'a> Maxima<'a> {
    fn new(table: &'a CriticalCounts) -> Self {
        let critical = table.at(0).iter().map(|&count| [count; LANES]).collect();
        Self { table, largest: [0.0; LANES], levels: [0; LANES], critical }
    }

    /// Whether any of the counts reaches what its draw needs in a bin.
    #[inline]
    pub(super) fn reached(&self, counts: &Row, bin: usize) -> bool {
        let critical = &self.critical[bin];
        let mut any = false;
        for (count, critical) in counts.iter().zip(critical) {
            any |= count >= critical;
        }
        any
    }

    /// Takes a zone's counts into account.
    #[inline]
    pub(super) fn offer(&mut self, counts: &Row, measure: f64) {
        let bin = self.table.bin(measure);
        if self.reached(counts, bin) {
            self.compute(counts, measure, bin);
        }
    }

    #[cold]
    fn compute(&mut self, counts: &Row, measure: f64, bin: usize) {
        for (lane, &count) in counts.iter().enumerate() {
            if count < self.critical[bin][lane] {
                continue;
            }
            let ratio = self.table.likelihood().ratio(f64::from(count), measure);
            if ratio > self.largest[lane] {
                self.largest[lane] = ratio;
                let level = self.table.level(ratio);
                if level != self.levels[lane] {
                    self.levels[lane] = level;
                    for (row, &critical) in self.critical.iter_mut().zip(self.table.at(level)) {
                        row[lane] = critical;
                    }
                }
            }
        }
    }
}

/// What all draws of a scan have in common.
pub(super) struct Draws<'a> {
    pub(super) table: &'a CriticalCounts,
    /// Regions, or regions × periods.
    pub(super) n_cells: usize,
    pub(super) plan: &'a Plan,
    /// The largest ratio of the data, for early stopping.
    pub(super) observed: f64,
    pub(super) key: Key,
}

impl Draws<'_> {
    /// The largest ratio of every draw, in the order of the draws.
    ///
    /// `draw` puts the counts of one draw into cells, `search` offers all zones of sixteen draws, whose
    /// rows it may use up. With `stop_after` in
    /// the plan, drawing ends with the batch in which that many draws have reached the observed ratio.
    pub(super) fn maxima(
        &self,
        draw: impl Fn(&mut Stream, &mut dyn FnMut(usize, i32)) + Sync,
        search: impl Fn(&mut Maxima, &mut [Row]) + Sync,
    ) -> Vec<f64> {
        let block = |rows: &mut [Row], first: u64, n: usize| {
            rows.fill([0; LANES]);
            for (lane, number) in (first..).take(n).enumerate() {
                let mut put = |cell: usize, cases| rows[cell][lane] += cases;
                draw(&mut self.key.stream(WHOLE_MAP, number), &mut put);
            }
            let mut maxima = Maxima::new(self.table);
            search(&mut maxima, rows);
            maxima.largest[..n].to_vec()
        };
        let plan = self.plan;
        let batch = if plan.stop_after.is_some() { BATCH } else { plan.n_draws.max(1) };
        let tie = TIE * self.table.likelihood().cases();
        let mut largest = Vec::new();
        let mut done = 0;
        while done < plan.n_draws {
            let end = plan.n_draws.min(done + batch);
            let blocks: Vec<(u64, usize)> = (done..end)
                .step_by(LANES)
                .map(|first| (first, (first..end).take(LANES).count()))
                .collect();
            let found: Vec<Vec<f64>> = blocks
                .into_par_iter()
                .map_init(
                    || vec![[0; LANES]; self.n_cells],
                    |rows, (first, n)| block(rows, first, n),
                )
                .collect();
            largest.extend(found.into_iter().flatten());
            done = end;
            let reached = |&&ratio: &&f64| ratio >= self.observed - tie;
            let n_reached = largest.iter().filter(reached).count() as u64;
            if plan.stop_after.is_some_and(|enough| n_reached >= enough) {
                break;
            }
        }
        largest
    }
}

/// The rank p of a ratio among the draws' maxima. With `stop_after` = h, the draws up to the h-th that reaches the ratio
/// count: p = h over their number.
pub(super) fn rank_p(maxima: &[f64], ratio: f64, tie: f64, stop_after: Option<u64>) -> f64 {
    let mut tally = Tally::default();
    let mut n_draws = 0;
    for &largest in maxima {
        if stop_after.is_some_and(|enough| tally.n_greater + 1 >= enough && largest >= ratio - tie)
        {
            break;
        }
        tally.add(largest, ratio, tie);
        n_draws += 1;
    }
    p_value(Alternative::Greater, tally, n_draws)
}

#[test]
fn stopping_early_gives_the_share_up_to_the_last_needed_draw() {
    let maxima = [1.0, 5.0, 2.0, 6.0, 7.0, 1.0, 1.0, 1.0, 1.0];
    assert!((rank_p(&maxima, 5.0, 1e-9, None) - 0.4).abs() < 1e-15);
    // The second draw that reaches 5 is the fourth: 2/4.
    assert!((rank_p(&maxima, 5.0, 1e-9, Some(2)) - 0.5).abs() < 1e-15);
    assert!((rank_p(&maxima, 5.0, 1e-9, Some(4)) - 0.4).abs() < 1e-15);
    assert!((rank_p(&[], 5.0, 1e-9, None) - 1.0).abs() < 1e-15);
}
