//! The one permutation engine: the value of a region's surroundings when values fall on neighbours by chance.
//!
//! A conditional draw keeps the region's own value where it is and puts k values, taken without replacement from the
//! other n − 1 regions, on its k neighbours. Every (region, draw) has its own random numbers ([`super::random`]), so
//! draws of different regions are independent and any number of threads gives the same counts.

use std::ops::Range;

use super::random::{Key, Stream};

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

    /// The smaller of the two counts.
    pub fn smaller(self) -> u64 {
        self.n_greater.min(self.n_less)
    }
}

/// Sums at most this far apart, relative to what went into them, count as ties.
pub(crate) const TIE: f64 = 1e-12;

/// Draws the neighbours of regions from the other regions. Keep one per thread; it holds a working copy of the values.
#[derive(Debug, Clone)]
pub struct Conditional {
    values: Vec<f64>,
    largest: f64,
    swapped: Vec<usize>,
}

impl Conditional {
    /// `values`: one per region, in position order.
    pub fn new(values: &[f64]) -> Self {
        let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        Self { values: values.to_vec(), largest, swapped: Vec::new() }
    }

    /// Compares a region's weighted neighbour sum with those of a range of draws. Θ(draws · k).
    pub fn tally(
        &mut self,
        region: u32,
        weights: &[f64],
        observed: f64,
        draws: Range<u64>,
        key: Key,
    ) -> Tally {
        let n_others = self.values.len() - 1;
        let tie = TIE * self.largest * weights.iter().map(|weight| weight.abs()).sum::<f64>();
        // The region's own value waits at the end, out of reach.
        self.values.swap(region as usize, n_others);
        let mut tally = Tally::default();
        for draw in draws {
            let mut stream = key.stream(region, draw);
            let mut sum = 0.0;
            self.swapped.clear();
            for (at, weight) in weights.iter().enumerate() {
                let from = at + pick(&mut stream, n_others - at);
                self.values.swap(at, from);
                self.swapped.push(from);
                sum += weight * self.values[at];
            }
            // Put everything back, so that a draw depends on its number alone.
            for (at, &from) in self.swapped.iter().enumerate().rev() {
                self.values.swap(at, from);
            }
            tally.add(sum, observed, tie);
        }
        self.values.swap(region as usize, n_others);
        tally
    }
}

/// Puts all values in random order (Fisher and Yates).
pub fn shuffle<T>(values: &mut [T], stream: &mut Stream) {
    for at in 0..values.len().saturating_sub(1) {
        values.swap(at, at + pick(stream, values.len() - at));
    }
}

#[inline]
fn pick(stream: &mut Stream, bound: usize) -> usize {
    #[allow(clippy::cast_possible_truncation, reason = "positions are u32 throughout")]
    let bound = bound as u32;
    stream.below(bound) as usize
}

#[test]
fn tails_of_a_neighbour_sum_are_those_of_all_choices() {
    // Two of the four others {1, 2, 3, 10}: sums 3, 4, 5, 11, 12, 13, each as likely. Observed 11.
    let mut engine = Conditional::new(&[1.0, 2.0, 7.0, 3.0, 10.0]);
    let n = 60_000;
    let key = Key::new(5, 0);
    let tally = engine.tally(2, &[1.0, 1.0], 11.0, 0..n, key);
    // Three of six choices reach 11, four of six stay at or below it; standard deviation about 122.
    assert!(tally.n_greater.abs_diff(30_000) < 500, "{tally:?}");
    assert!(tally.n_less.abs_diff(40_000) < 500, "{tally:?}");
    let first = engine.tally(2, &[1.0, 1.0], 11.0, 0..123, key);
    let rest = engine.tally(2, &[1.0, 1.0], 11.0, 123..n, key);
    assert_eq!(first.plus(rest), tally, "draws depend on their number alone");
}
