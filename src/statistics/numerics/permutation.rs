//! The one permutation engine: the value of a region's surroundings when values fall on neighbours by chance.
//!
//! A conditional draw keeps the region's own value where it is and puts k values, taken without replacement from the
//! other n − 1 regions, on its k neighbours. Every (region, draw) has its own random numbers ([`super::random`]), so
//! draws of different regions are independent and any number of threads gives the same counts. Draws are made a block at a
//! time ([`super::distinct`]); one in which a neighbour would repeat, and all of a region whose neighbours are a good part
//! of the map, are made one by one.

use std::ops::Range;

use super::{
    distinct::{Distinct, LANES, Row},
    pvalue::Alternative,
    random::{Key, Stream},
};

/// How often drawn sums reached the observed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Draws at least as large as observed.
    pub n_greater: u64,
    /// Draws at most as large as observed.
    pub n_less: u64,
}

impl Tally {
    /// Counts one draw; values closer than `tie` are equal, for their sums were taken in different orders.
    #[inline]
    pub fn add(&mut self, drawn: f64, observed: f64, tie: f64) {
        self.n_greater += u64::from(drawn >= observed - tie);
        self.n_less += u64::from(drawn <= observed + tie);
    }

    /// Both counts together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { n_greater: self.n_greater + other.n_greater, n_less: self.n_less + other.n_less }
    }

    /// The count that makes an alternative's p.
    pub fn tail(self, alternative: Alternative) -> u64 {
        match alternative {
            Alternative::TwoSided => self.smaller(),
            Alternative::Greater => self.n_greater,
            Alternative::Less => self.n_less,
        }
    }

    /// The smaller of the two counts.
    pub fn smaller(self) -> u64 {
        self.n_greater.min(self.n_less)
    }
}

/// Sums at most this far apart, relative to what went into them, count as ties.
pub(crate) const TIE: f64 = 1e-12;

/// A sum over a region's neighbours, Σ wⱼ·term(xⱼ), to be compared with the same sum over drawn values.
#[derive(Debug, Clone, Copy)]
pub struct NeighbourSum<'a, T> {
    /// The region's position.
    pub region: u32,
    /// One weight per neighbour.
    pub weights: &'a [f64],
    /// What a neighbour's value adds.
    pub term: T,
    /// The sum with the values where they are.
    pub observed: f64,
    /// No term is larger than this, in absolute value.
    pub largest: f64,
}

/// Draws the neighbours of regions from the other regions. Keep one per thread; it holds a working copy of the values.
#[derive(Debug, Clone)]
pub struct Conditional {
    values: Vec<f64>,
    swapped: Vec<usize>,
    block: Option<Distinct>,
}

impl Conditional {
    /// `values`: one per region, in position order.
    pub fn new(values: &[f64]) -> Self {
        Self { values: values.to_vec(), swapped: Vec::new(), block: None }
    }

    /// Compares a region's neighbour sum with those of a range of draws. Θ(draws · k).
    pub fn tally<T: Fn(f64) -> f64>(
        &mut self,
        sum: &NeighbourSum<'_, T>,
        draws: Range<u64>,
        key: Key,
    ) -> Tally {
        let (k, n_others) = (sum.weights.len(), self.values.len() - 1);
        // The region's own value waits at the end, out of reach.
        self.values.swap(sum.region as usize, n_others);
        let m = narrow(n_others);
        if !self.block.as_ref().is_some_and(|block| block.serves(k, m)) {
            self.block = Distinct::new(k, m);
        }
        let tally = match self.block.take() {
            Some(mut block) => {
                let tally = self.in_blocks(&mut block, sum, draws, key);
                self.block = Some(block);
                tally
            }
            None => self.one_by_one(sum, draws, key),
        };
        self.values.swap(sum.region as usize, n_others);
        tally
    }

    fn in_blocks<T: Fn(f64) -> f64>(
        &mut self,
        block: &mut Distinct,
        sum: &NeighbourSum<'_, T>,
        draws: Range<u64>,
        key: Key,
    ) -> Tally {
        let words = key.words(sum.region);
        let tie = sum.tie();
        let mut tally = Tally::default();
        let mut first = draws.start;
        while first < draws.end {
            block.fill(words, first);
            let mut sums = [0.0; LANES];
            let term =
                |row: &Row, lane: usize| (sum.term)(self.values[row.positions[lane] as usize]);
            // Four rows at a time: fewer passes over the sums.
            let (fours, rest) = block.rows().as_chunks::<4>();
            let (weights, last) = sum.weights.as_chunks::<4>();
            for ([a, b, c, d], w) in fours.iter().zip(weights) {
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum += (w[0] * term(a, lane) + w[1] * term(b, lane))
                        + (w[2] * term(c, lane) + w[3] * term(d, lane));
                }
            }
            for (row, weight) in rest.iter().zip(last) {
                for (lane, sum) in sums.iter_mut().enumerate() {
                    *sum += weight * term(row, lane);
                }
            }
            let left = usize::try_from(draws.end - first).map_or(LANES, |left| left.min(LANES));
            for &lane in block.redraw() {
                sums[lane] = self.draw(sum, first + lane as u64, key);
            }
            for &drawn in &sums[..left] {
                tally.add(drawn, sum.observed, tie);
            }
            first += left as u64;
        }
        tally
    }

    fn one_by_one<T: Fn(f64) -> f64>(
        &mut self,
        sum: &NeighbourSum<'_, T>,
        draws: Range<u64>,
        key: Key,
    ) -> Tally {
        let tie = sum.tie();
        let mut tally = Tally::default();
        for draw in draws {
            tally.add(self.draw(sum, draw, key), sum.observed, tie);
        }
        tally
    }

    /// One draw: the first k steps of a shuffle, undone afterwards so that a draw depends on its number alone.
    fn draw<T: Fn(f64) -> f64>(&mut self, sum: &NeighbourSum<'_, T>, draw: u64, key: Key) -> f64 {
        let n_others = self.values.len() - 1;
        let mut stream = key.stream(sum.region, draw);
        let mut total = 0.0;
        self.swapped.clear();
        for (at, weight) in sum.weights.iter().enumerate() {
            let from = at + pick(&mut stream, n_others - at);
            self.values.swap(at, from);
            self.swapped.push(from);
            total += weight * (sum.term)(self.values[at]);
        }
        for (at, &from) in self.swapped.iter().enumerate().rev() {
            self.values.swap(at, from);
        }
        total
    }
}

impl<T> NeighbourSum<'_, T> {
    fn tie(&self) -> f64 {
        TIE * self.largest * self.weights.iter().map(|weight| weight.abs()).sum::<f64>()
    }
}

/// Puts all values in random order (Fisher and Yates, from the last place down), by words of the stream.
pub fn shuffle<T>(values: &mut [T], stream: &mut Stream) {
    let words = stream.words();
    for left in (2..=values.len()).rev() {
        values.swap(left - 1, words.below(narrow(left), left as u64) as usize);
    }
}

#[inline]
fn pick(stream: &mut Stream, bound: usize) -> usize {
    stream.below(narrow(bound)) as usize
}

#[allow(clippy::cast_possible_truncation, reason = "positions are u32 throughout")]
fn narrow(position: usize) -> u32 {
    position as u32
}

#[test]
fn tails_of_a_neighbour_sum_are_those_of_all_choices() {
    // Two of the four others {1, 2, 3, 10}: sums 3, 4, 5, 11, 12, 13, each as likely. Observed 11.
    let mut engine = Conditional::new(&[1.0, 2.0, 7.0, 3.0, 10.0]);
    let n = 60_000;
    let key = Key::new(5, 0);
    let sum = NeighbourSum {
        region: 2,
        weights: &[1.0, 1.0],
        term: |value| value,
        observed: 11.0,
        largest: 10.0,
    };
    let tally = engine.tally(&sum, 0..n, key);
    // Three of six choices reach 11, four of six stay at or below it; standard deviation about 122.
    assert!(tally.n_greater.abs_diff(30_000) < 500, "{tally:?}");
    assert!(tally.n_less.abs_diff(40_000) < 500, "{tally:?}");
    let first = engine.tally(&sum, 0..123, key);
    let rest = engine.tally(&sum, 123..n, key);
    assert_eq!(first.plus(rest), tally, "draws depend on their number alone");
}
