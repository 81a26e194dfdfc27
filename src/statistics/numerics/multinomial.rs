//! Draws how many of a total fall on each region when every unit falls independently with given probabilities.

use super::random::Stream;

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
        let n = self.cumulative.len();
        let unit = stream.unit();
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
