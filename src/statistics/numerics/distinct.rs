//! Drawing k different positions out of m, for a block of draws at a time.
//!
//! Each draw takes a fixed number of random words, so that a block of draws is a few short loops a processor runs at full
//! width. A word u gives several positions: the whole part of u·m/2⁶⁴ is one, what is left over is multiplied by m again
//! for the next. Positions of a word are independent and uniform when the last remainder is not below 2⁶⁴ mod mʲ. A draw
//! where it is, or in which a position repeats, is left to the caller, who draws it again from other random numbers: what
//! is kept is uniform over ordered choices, what is redrawn is too, so every draw is.
//!
//! # Source
//! Brackett-Rozinsky N, Lemire D (2024), *Batched ranged random integer generation*, doi:10.1002/spe.3369.

use super::random::Words;

/// Draws in a block.
pub(super) const LANES: usize = 32;

/// Draws compared at once.
const WIDTH: usize = 16;

/// Positions of a word are rarer than one in 2¹⁰ times not uniform.
const WORD_BITS: u32 = 54;

/// A draw of more positions than this compares too many pairs.
const MOST_POSITIONS: usize = 32;

/// One of the k positions of every draw in a block. Lower halves are compared first, twice as many at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) positions: [u32; LANES],
    low: [u16; LANES],
}

/// A block of draws of `k` different positions below `m`.
#[derive(Debug, Clone)]
pub(super) struct Distinct {
    m: u32,
    k: usize,
    per_word: usize,
    n_words: u64,
    rows: Vec<Row>,
    redraw: Vec<usize>,
}

impl Distinct {
    /// `None` when repeats would be common, so that another way is faster.
    pub(super) fn new(k: usize, m: u32) -> Option<Self> {
        let is_rare = (k as u64) * (k as u64) <= u64::from(m) / 2;
        if k == 0 || k > MOST_POSITIONS || !is_rare {
            return None;
        }
        let mut per_word = 1;
        while per_word < k.min(4) && fits(m, per_word + 1) {
            per_word += 1;
        }
        let n_words = k.div_ceil(per_word) as u64;
        Some(Self {
            m,
            k,
            per_word,
            n_words,
            rows: vec![Row { positions: [0; LANES], low: [0; LANES] }; k],
            redraw: Vec::new(),
        })
    }

    /// Whether this block serves draws of `k` positions below `m`.
    pub(super) fn serves(&self, k: usize, m: u32) -> bool {
        self.k == k && self.m == m
    }

    /// Fills the block with draws `first`, `first` + 1, ….
    pub(super) fn fill(&mut self, words: Words, first: u64) {
        self.redraw.clear();
        let Self { m, n_words, redraw, .. } = self;
        for (word, rows) in (0..).zip(self.rows.chunks_mut(self.per_word)) {
            let numbers = (first.wrapping_mul(*n_words).wrapping_add(word), *n_words);
            match rows {
                [a, b, c, d] => deal([a, b, c, d], redraw, *m, words, numbers),
                [a, b, c] => deal([a, b, c], redraw, *m, words, numbers),
                [a, b] => deal([a, b], redraw, *m, words, numbers),
                [a] => deal([a], redraw, *m, words, numbers),
                _ => unreachable!("invariant: a word gives one to four positions"),
            }
        }
        self.mark_repeats();
    }

    fn mark_repeats(&mut self) {
        for chunk in 0..LANES / WIDTH {
            let mut alike = [0_u16; WIDTH];
            for (at, row) in self.rows.iter().enumerate() {
                let row = row.low.as_chunks::<WIDTH>().0[chunk];
                for other in &self.rows[..at] {
                    let other = other.low.as_chunks::<WIDTH>().0[chunk];
                    for lane in 0..WIDTH {
                        alike[lane] |= if row[lane] == other[lane] { u16::MAX } else { 0 };
                    }
                }
            }
            if alike.iter().fold(0, |any, lane| any | lane) != 0 {
                let lanes = (0..WIDTH).filter(|&lane| alike[lane] != 0);
                let repeats = lanes.map(|lane| chunk * WIDTH + lane).filter(|&lane| {
                    let position = |row: &Row| row.positions[lane];
                    let (rows, mut after) = (&self.rows, 0);
                    rows.iter().any(|row| {
                        after += 1;
                        rows[after..].iter().any(|other| position(other) == position(row))
                    })
                });
                self.redraw.extend(repeats);
            }
        }
    }

    /// The positions of each draw of the block: a row for each of the k, a column for each draw.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The draws of the block that have to be drawn again.
    pub(super) fn redraw(&self) -> &[usize] {
        &self.redraw
    }
}

/// Takes N positions below `m` from one word for each lane; marks the lanes where they are not uniform.
fn deal<const N: usize>(
    mut rows: [&mut Row; N],
    redraw: &mut Vec<usize>,
    m: u32,
    words: Words,
    (first, step): (u64, u64),
) {
    let choices = (0..N).fold(1_u64, |product, _| product.wrapping_mul(u64::from(m)));
    let reject = choices.wrapping_neg() % choices;
    let mut number = first;
    for lane in 0..LANES {
        let mut left = words.at(number);
        number = number.wrapping_add(step);
        #[allow(clippy::cast_possible_truncation, reason = "whole part and remainder")]
        for row in &mut rows {
            let wide = u128::from(left) * u128::from(m);
            row.positions[lane] = (wide >> 64) as u32;
            row.low[lane] = (wide >> 64) as u16;
            left = wide as u64;
        }
        if left < reject {
            redraw.push(lane);
        }
    }
}

/// Whether a word has room for `count` positions below `m`.
fn fits(m: u32, count: usize) -> bool {
    let mut choices = 1_u64;
    (0..count).all(|_| {
        choices = choices.saturating_mul(u64::from(m));
        choices < 1 << WORD_BITS
    })
}

#[test]
fn every_ordered_choice_is_equally_likely() {
    // Two of eight: 56 ordered pairs; standard deviation of each count about 31.
    let mut block = Distinct::new(2, 8).unwrap();
    let words = super::random::Key::new(3, 1).words(5);
    let mut seen = [[0_u32; 8]; 8];
    let mut n_kept = 0;
    for first in (0..).step_by(LANES).take(2_000) {
        block.fill(words, first);
        for lane in (0..LANES).filter(|lane| !block.redraw().contains(lane)) {
            let [a, b] = [0, 1].map(|at| block.rows()[at].positions[lane] as usize);
            seen[a][b] += 1;
            n_kept += 1;
        }
    }
    assert!((55_000..57_000).contains(&n_kept), "one in eight repeats: {n_kept} of 64 000 kept");
    for (a, b) in (0..64).map(|pair| (pair / 8, pair % 8)) {
        let expected = if a == b { 0 } else { 1_000 };
        assert!(seen[a][b].abs_diff(expected) < 160, "{a} {b}: {}", seen[a][b]);
    }
}

#[test]
fn a_draw_is_a_function_of_its_number() {
    let words = super::random::Key::new(3, 1).words(5);
    let mut block = Distinct::new(7, 70_000).unwrap();
    let mut column = |first: u64, lane: usize| -> Vec<u32> {
        block.fill(words, first);
        block.rows().iter().map(|row| row.positions[lane]).collect()
    };
    assert_eq!(column(100, 9), column(109, 0));
    assert_ne!(column(100, 9), column(110, 0));
    assert!(column(100, 9).iter().all(|&position| position < 70_000));
}

#[test]
fn crowded_draws_are_left_to_another_way() {
    assert!(Distinct::new(8, 127).is_none() && Distinct::new(8, 128).is_some());
    assert!(Distinct::new(33, 1_000_000).is_none() && Distinct::new(0, 10).is_none());
}
