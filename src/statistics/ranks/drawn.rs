//! Ranks from draws: intervals, P(one above another), and which regions differ.
//!
//! # Question
//! A region is third of 400: could it as well be thirtieth, and which regions is it surely above?
//!
//! # Definition
//! Each draw gives every region a value it could have; the draw is ranked ([`super::order`], 1 the highest). Over the
//! draws: a region's rank has a median, a mean, and a 5–95 % interval (the places ⌊0.05(R + 1)⌋ from either end of R
//! sorted ranks); P(i above j) is the share of draws in which i ranks above j, a tie counting half. Two regions differ
//! when that share is below 5 % or above 95 %.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `takes_part` | `&[bool]` | one per region | – | whether it is ranked |
//! | `n_draws` | `u64` | – | – | ≥ 1; 1 000 or more to print |
//! | `fill` | function | (draw, ranked regions) → one value each | any | finite; a function of the draw alone |
//!
//! # Output
//! [`Drawn`]. Its results are in region order.
//!
//! # Undefined
//! `None` below two ranked regions, without draws, or when a value is not finite. Everything about a region that is not
//! ranked is `None`.
//!
//! # Assumptions, and when not to use it
//! Draws are joint: one draw is one state of the whole country. Regions below 75 % coverage are not ranked; that is the
//! caller's part. "Differ" is said of one pair; over all pairs of a map some will differ by chance.
//!
//! # Cost and determinism
//! Θ(R·n log n) time and 4·R·n bytes. [`Drawn::standings`] looks at all pairs and keeps none: two ranks are compared
//! draw by draw until the answer is certain, pairs far apart not at all; the result is that of the full comparison. The
//! same at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, ranks::drawn::Drawn};
//! let (centre, spread) = ([1.0, 1.1, 9.0], 0.5);
//! let key = Key::named(1, "ranks");
//! let drawn = Drawn::new(&[true; 3], 999, |draw, regions, values| {
//!     for (value, &region) in values.iter_mut().zip(regions) {
//!         *value = centre[region] + spread * key.stream(region as u32, draw).normal();
//!     }
//! })
//! .unwrap();
//! assert_eq!(drawn.differ(2, 0), Some(true));
//! assert_eq!(drawn.differ(1, 0), Some(false));
//! let rank = drawn.intervals()[1].unwrap();
//! assert_eq!((rank.lower, rank.upper), (2.0, 3.0));
//! ```
//!
//! # Source
//! Goldstein H, Spiegelhalter DJ (1996), J R Stat Soc A 159:385–443, doi:10.2307/2983325.

use rayon::prelude::*;

use super::{
    UNCERTAIN,
    order::{median, twice_ranks},
};
use crate::statistics::{
    interval::{Confidence, bootstrap::percentiles},
    numerics::float::{real, size},
};

/// Draws ranked by one thread at a time.
const BLOCK: usize = 32;
/// Regions that are compared with all others by one thread at a time.
const TILE: usize = 32;
/// Draws of a pair compared between looks at whether the answer is certain.
const STEP: usize = 128;

/// Where a region stands, 1 the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankInterval {
    /// Median rank.
    pub median: f64,
    /// Mean rank.
    pub mean: f64,
    /// 5 % limit.
    pub lower: f64,
    /// 95 % limit.
    pub upper: f64,
}

/// Of how many regions a region surely differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Regions that surely lie above it.
    pub n_above: u32,
    /// Regions that surely lie below it.
    pub n_below: u32,
}

/// Ranks of every region in every draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Place among the ranked regions, by region.
    place: Vec<Option<usize>>,
    /// Twice the rank: by place, then draw. Signed, which processors compare faster.
    twice: Vec<i32>,
    n_draws: usize,
}

impl Drawn {
    /// Ranks `n_draws` draws.
    pub fn new(
        takes_part: &[bool],
        n_draws: u64,
        fill: impl Fn(u64, &[usize], &mut [f64]) + Sync,
    ) -> Option<Self> {
        let regions: Vec<usize> = (0..takes_part.len()).filter(|&at| takes_part[at]).collect();
        let n = regions.len();
        let n_draws = usize::try_from(n_draws).ok().filter(|&draws| draws > 0 && n > 1)?;
        let starts: Vec<usize> = (0..n_draws).step_by(BLOCK).collect();
        // By block: draw after draw, each in order of place.
        let blocks: Vec<Option<Vec<i32>>> = starts
            .par_iter()
            .map(|&start| {
                let draws = start..(start + BLOCK).min(n_draws);
                let mut ranks = vec![0; draws.len() * n];
                let (mut values, mut order) = (vec![0.0; n], Vec::with_capacity(n));
                for (draw, row) in draws.zip(ranks.chunks_mut(n)) {
                    fill(draw as u64, &regions, &mut values);
                    if values.iter().any(|value| !value.is_finite()) {
                        return None;
                    }
                    twice_ranks(&values, &mut order, row);
                }
                Some(ranks)
            })
            .collect();
        let blocks: Vec<Vec<i32>> = blocks.into_iter().collect::<Option<_>>()?;
        let mut twice = vec![0; n_draws * n];
        twice.par_chunks_mut(n_draws).enumerate().for_each(|(place, own)| {
            for (start, block) in starts.iter().zip(&blocks) {
                let column = block.iter().skip(place).step_by(n);
                for (rank, &drawn) in own[*start..].iter_mut().zip(column) {
                    *rank = drawn;
                }
            }
        });
        let mut place = vec![None; takes_part.len()];
        for (at, &region) in regions.iter().enumerate() {
            place[region] = Some(at);
        }
        Some(Self { place, twice, n_draws })
    }

    fn of(&self, region: usize) -> Option<&[i32]> {
        let place = (*self.place.get(region)?)?;
        Some(&self.twice[place * self.n_draws..][..self.n_draws])
    }

    /// Median, mean and 5–95 % interval of every region's rank.
    pub fn intervals(&self) -> Vec<Option<RankInterval>> {
        (0..self.place.len())
            .into_par_iter()
            .map(|region| {
                let mut ranks: Vec<f64> =
                    self.of(region)?.iter().map(|&twice| 0.5 * f64::from(twice)).collect();
                let mean = ranks.iter().sum::<f64>() / size(self.n_draws);
                ranks.sort_by(f64::total_cmp);
                let median = median(&ranks);
                let (lower, upper) = percentiles(ranks, Confidence::P90)?;
                Some(RankInterval { median, mean, lower, upper })
            })
            .collect()
    }

    /// P(`first` lies above `second`), a tie counting half.
    pub fn probability_above(&self, first: usize, second: usize) -> Option<f64> {
        let (ahead, _) = compare(self.of(first)?, self.of(second)?);
        Some(0.5 * real(ahead) / size(self.n_draws))
    }

    /// Whether the two regions differ: P outside 5–95 %.
    pub fn differ(&self, first: usize, second: usize) -> Option<bool> {
        let certainty = Certainty::new(self.n_draws);
        let (ahead, behind) = compare(self.of(first)?, self.of(second)?);
        Some(certainty.is_small(ahead) || certainty.is_small(behind))
    }

    /// How many regions surely lie above and below each region.
    pub fn standings(&self) -> Vec<Option<Standing>> {
        let columns: Vec<&[i32]> = self.twice.chunks(self.n_draws).collect();
        let certainty = Certainty::new(self.n_draws);
        let core: Vec<(i32, i32)> = columns.par_iter().map(|own| certainty.core(own)).collect();
        let nothing = || vec![Standing::default(); columns.len()];
        let starts: Vec<usize> = (0..columns.len()).step_by(TILE).collect();
        let standings = starts
            .into_par_iter()
            .fold(nothing, |mut found, start| {
                let end = (start + TILE).min(columns.len());
                // A column is fetched once for the whole tile.
                for second in start + 1..columns.len() {
                    for first in start..end.min(second) {
                        let above = if core[first].1 < core[second].0 {
                            Some(true)
                        } else if core[second].1 < core[first].0 {
                            Some(false)
                        } else {
                            certainty.surely_above(columns[first], columns[second])
                        };
                        if let Some(above) = above {
                            let (high, low) = if above { (first, second) } else { (second, first) };
                            found[high].n_below += 1;
                            found[low].n_above += 1;
                        }
                    }
                }
                found
            })
            // Whole numbers: the order of adding them is of no account.
            .reduce(nothing, |mut all, part| {
                for (sum, own) in all.iter_mut().zip(part) {
                    sum.n_above += own.n_above;
                    sum.n_below += own.n_below;
                }
                all
            });
        self.place.iter().map(|place| place.map(|at| standings[at])).collect()
    }
}

/// Twice the number of draws in which the first ranks above the second, and below; a tie adds one to both.
fn compare(first: &[i32], second: &[i32]) -> (u64, u64) {
    let (mut less, mut equal) = (0_i32, 0_i32);
    for (a, b) in first.iter().zip(second) {
        less += i32::from(a < b);
        equal += i32::from(a == b);
    }
    let ahead = u64::from((2 * less + equal).unsigned_abs());
    (ahead, 2 * first.len() as u64 - ahead)
}

/// What counts as sure among a number of draws.
#[derive(Clone, Copy)]
struct Certainty {
    /// 5 % of twice the draws.
    limit: f64,
    /// Draws that may be left out at one end so that two ends together stay below 5 %.
    spare: usize,
}

impl Certainty {
    fn new(n_draws: usize) -> Self {
        let limit = UNCERTAIN * 2.0 * size(n_draws);
        let mut spare = 0;
        while 4.0 * size(spare + 1) < limit {
            spare += 1;
        }
        Self { limit, spare }
    }

    fn is_small(self, twice: u64) -> bool {
        real(twice) < self.limit
    }

    /// Limits outside which at most `spare` draws lie on each side.
    fn core(self, ranks: &[i32]) -> (i32, i32) {
        let mut ascending = ranks.to_vec();
        ascending.sort_unstable();
        (ascending[self.spare], ascending[ascending.len() - 1 - self.spare])
    }

    /// Whether the first surely lies above (`true`) or below (`false`) the second, stopping where neither can be.
    fn surely_above(self, first: &[i32], second: &[i32]) -> Option<bool> {
        let (mut ahead, mut behind) = (0, 0);
        for (a, b) in first.chunks(STEP).zip(second.chunks(STEP)) {
            let (more, less) = compare(a, b);
            (ahead, behind) = (ahead + more, behind + less);
            if !self.is_small(ahead) && !self.is_small(behind) {
                return None;
            }
        }
        Some(self.is_small(behind))
    }
}

#[test]
fn three_regions_in_four_draws_by_hand() {
    // Region 1 is not ranked. Values of 0, 2, 3 in four draws; 0 and 2 tie in the last.
    let table = [[5.0, 3.0, 1.0], [5.0, 6.0, 1.0], [5.0, 4.0, 2.0], [3.0, 3.0, 9.0]];
    let fill = |at: u64, regions: &[usize], values: &mut [f64]| {
        assert_eq!(regions, [0, 2, 3]);
        #[allow(clippy::cast_possible_truncation, reason = "one of four")]
        values.copy_from_slice(&table[at as usize]);
    };
    let found = Drawn::new(&[true, false, true, true], 4, fill).unwrap();
    assert_eq!(found.probability_above(0, 2), Some(2.5 / 4.0));
    assert_eq!(found.probability_above(2, 0), Some(1.5 / 4.0));
    assert_eq!(found.probability_above(3, 0), Some(0.25));
    assert_eq!((found.probability_above(1, 0), found.differ(0, 9)), (None, None));
    let ranks = found.intervals();
    assert_eq!(ranks[1], None);
    // Ranks 1, 2, 1, 2.5.
    let expected = RankInterval { median: 1.5, mean: 6.5 / 4.0, lower: 1.0, upper: 2.5 };
    assert_eq!(ranks[0], Some(expected));
    assert_eq!(found.standings()[0], Some(Standing::default()));
}

#[test]
fn what_cannot_be_ranked_is_none() {
    let fill = |_: u64, _: &[usize], values: &mut [f64]| values.fill(1.0);
    assert_eq!(Drawn::new(&[true, false], 9, fill), None);
    assert_eq!(Drawn::new(&[], 9, fill), None);
    assert_eq!(Drawn::new(&[true; 2], 0, fill), None);
    assert_eq!(Drawn::new(&[true; 2], 9, |_, _, values| values.fill(f64::NAN)), None);
    let equal = Drawn::new(&[true; 3], 9, fill).unwrap();
    assert_eq!((equal.probability_above(0, 1), equal.differ(0, 1)), (Some(0.5), Some(false)));
    assert_eq!(equal.intervals()[2].map(|rank| (rank.lower, rank.upper)), Some((2.0, 2.0)));
}
