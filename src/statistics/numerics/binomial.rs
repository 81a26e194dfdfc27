//! Draws how many of n units fall on one side when each does so with probability p, in a time that hardly grows with n.
//!
//! The k-th smallest of n uniform numbers has a beta distribution. Drawing the one near p says on which side of it p lies,
//! so that all units beyond are settled at once and about √n are left; after a few such steps the rest is drawn one by
//! one. No approximation is involved.
//!
//! # Source
//! Relles DA (1972), J Am Stat Assoc 67:612–613, doi:10.1080/01621459.1972.10481259; Devroye L (1986), *Non-Uniform Random
//! Variate Generation*, X.4.3, doi:10.1007/978-1-4613-8643-8.

use super::{float::real, random::Stream};

/// So few units are drawn one by one.
const FEW: u64 = 24;

/// The number of `n` units, each with probability `p` in [0, 1].
pub fn draw(n: u64, p: f64, stream: &mut Stream) -> u64 {
    let (mut n, mut p, mut drawn) = (n, p, 0);
    while n > FEW {
        if p <= 0.0 {
            return drawn;
        }
        if p >= 1.0 {
            return drawn + n;
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number in [0, n + 1]"
        )]
        let rank = ((real(n + 1) * p) as u64).clamp(1, n);
        let below = stream.gamma(real(rank));
        let at = below / (below + stream.gamma(real(n + 1 - rank)));
        if at <= p {
            // `rank` units are at or below p; the others are uniform above `at`.
            drawn += rank;
            n -= rank;
            p = (p - at) / (1.0 - at);
        } else {
            // The units above `at` are above p; the others are uniform below it.
            n = rank - 1;
            p /= at;
        }
    }
    drawn + (0..n).filter(|_| stream.unit() < p).count() as u64
}

#[test]
fn draws_follow_the_binomial_distribution() {
    use super::{beta, random::Key};
    let n_draws = 20_000;
    for (n, p) in [(10, 0.3), (60, 0.5), (1_000, 0.004), (100_000, 0.7), (2_000_000_000, 1e-8)] {
        let mut stream = Key::new(2, n).stream(0, 0);
        let mut drawn: Vec<u64> = (0..n_draws).map(|_| draw(n, p, &mut stream)).collect();
        drawn.sort_unstable();
        for part in [0.05, 0.25, 0.5, 0.75, 0.95] {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a position"
            )]
            let limit = drawn[(part * 20_000.0) as usize];
            // P(X ≤ k) = I(1 − p; n − k, k + 1).
            let exact = beta::tails(real(n - limit), real(limit) + 1.0, 1.0 - p, p).0;
            let found = drawn.partition_point(|&count| count <= limit) as u64;
            // Five standard deviations at most.
            assert!((real(found) / 20_000.0 - exact).abs() < 0.018, "{n} {p} {limit}");
        }
    }
}

#[test]
fn certain_outcomes_are_certain() {
    let mut stream = super::random::Key::new(1, 1).stream(0, 0);
    for n in [0, 7, 1_000_000] {
        assert_eq!((draw(n, 0.0, &mut stream), draw(n, 1.0, &mut stream)), (0, n));
    }
}
