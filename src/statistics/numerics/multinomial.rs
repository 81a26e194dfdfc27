//! Draws how many of a total fall on each region when every unit falls independently with given probabilities.

use super::{binomial, random::Stream};

/// From so many units per region on, regions are drawn one after the other instead of units.
const MANY: u64 = 12;

/// A sampler for fixed weights: a cumulative table with an index of equal steps, so that a unit costs O(1).
#[derive(Debug, Clone)]
pub struct Multinomial {
    cumulative: Vec<f64>,
    start: Vec<u32>,
}

impl Multinomial {
    /// Prepares to draw with probabilities proportional to `weights` (non-negative, not all 0).
    pub fn new(weights: &[f64]) -> Self {
        let mut total = 0.0;
        let mut cumulative = Vec::with_capacity(weights.len());
        for weight in weights {
            total += weight;
            cumulative.push(total);
        }
        let n = cumulative.len();
        let mut start = Vec::with_capacity(n);
        let step = total / super::float::size(n);
        let mut at = 0_u32;
        for cell in 0..n {
            let bound = step * super::float::size(cell);
            while (at as usize) + 1 < n && cumulative[at as usize] <= bound {
                at += 1;
            }
            start.push(at);
        }
        Self { cumulative, start }
    }

    /// The region on which one unit falls.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> usize {
        self.at(stream.unit())
    }

    /// The region at a share of the whole weight.
    #[inline]
    fn at(&self, unit: f64) -> usize {
        let n = self.cumulative.len();
        let target = unit * self.cumulative[n - 1];
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number in [0, n)"
        )]
        let cell = ((unit * super::float::size(n)) as usize).min(n - 1);
        // The index cell may start one too far where rounding disagrees; step back first.
        let mut at = self.start[cell] as usize;
        while at > 0 && self.cumulative[at - 1] > target {
            at -= 1;
        }
        while at + 1 < n && self.cumulative[at] <= target {
            at += 1;
        }
        at
    }

    /// Spreads a total; `put` is told of regions and units, one region several times if need be.
    ///
    /// The k-th unit falls by word k of the draw ([`Stream::words`]): O(total). Where O(regions) is less, each region gets a
    /// binomial share of what is left instead.
    pub fn spread(&self, total: u64, stream: &mut Stream, mut put: impl FnMut(usize, u64)) {
        if total < MANY * self.cumulative.len() as u64 {
            let words = stream.words();
            for number in 0..total {
                put(self.at(words.unit(number)), 1);
            }
            return;
        }
        let whole = self.cumulative[self.cumulative.len() - 1];
        let (mut left, mut before) = (total, 0.0);
        for (at, &upto) in self.cumulative.iter().enumerate() {
            if left == 0 {
                return;
            }
            // The last region with a weight has the probability 1.
            // Beyond 2⁵³ floats are too coarse for counts, and a draw could exceed what is left.
            let count = binomial::draw(left, (upto - before) / (whole - before), stream).min(left);
            put(at, count);
            left -= count;
            before = upto;
        }
    }
}

#[test]
fn units_fall_in_proportion_to_the_weights() {
    let sampler = Multinomial::new(&[0.0, 1.0, 3.0, 0.0, 6.0]);
    let mut stream = super::random::Key::new(1, 1).stream(0, 0);
    let mut seen = [0_u32; 5];
    for _ in 0..50_000 {
        seen[sampler.draw(&mut stream)] += 1;
    }
    assert_eq!((seen[0], seen[3]), (0, 0));
    // Standard deviations: about 67, 102, 110.
    for (count, expected) in [(seen[1], 5_000), (seen[2], 15_000), (seen[4], 30_000)] {
        assert!(count.abs_diff(expected) < 450, "{seen:?}");
    }
}

#[test]
fn large_totals_spread_like_small_ones() {
    let sampler = Multinomial::new(&[0.0, 1.0, 3.0, 0.0, 6.0, 0.0]);
    // Some totals go unit by unit, some region by region.
    for total in [300_u64, 1_000_000] {
        let n_draws = 4_000;
        let mut sums = [(0.0, 0.0); 6];
        for draw in 0..n_draws {
            let mut counts = [0_u64; 6];
            let mut stream = super::random::Key::new(3, total).stream(0, draw);
            sampler.spread(total, &mut stream, |at, units| counts[at] += units);
            assert_eq!(counts.iter().sum::<u64>(), total);
            assert_eq!((counts[0], counts[3], counts[5]), (0, 0, 0));
            for (sum, count) in sums.iter_mut().zip(counts) {
                sum.0 += super::float::real(count);
                sum.1 += super::float::real(count) * super::float::real(count);
            }
        }
        let r = super::float::real(n_draws);
        for (at, p) in [(1, 0.1), (2, 0.3), (4, 0.6)] {
            let (mean, square) = (sums[at].0 / r, sums[at].1 / r);
            let wanted = super::float::real(total) * p;
            let spread = (wanted * (1.0 - p)).sqrt();
            // Five standard errors of a mean; of a variance about √(2/4000) each.
            assert!((mean - wanted).abs() < 5.0 * spread / r.sqrt(), "{total} {at} {mean}");
            let variance = square - mean * mean;
            assert!((variance / (spread * spread) - 1.0).abs() < 0.12, "{total} {at} {variance}");
        }
    }
}

#[test]
fn totals_beyond_what_floats_hold_are_spread_without_a_rest() {
    let sampler = Multinomial::new(&[1.0, 1.0, 2.0]);
    let mut stream = super::random::Key::new(1, 1).stream(0, 0);
    for total in [1 << 54, (1 << 60) + 1, u64::MAX / 2] {
        for _ in 0..200 {
            let mut sum = 0_u64;
            sampler.spread(total, &mut stream, |_, units| sum += units);
            assert_eq!(sum, total);
        }
    }
}
