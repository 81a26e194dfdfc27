//! Draws how many of n units fall on one side when each does so with probability p, in a time that does not grow with n.
//!
//! Up to a mean of ten the probabilities are added up until they pass a uniform number. Beyond, a ratio of uniform numbers
//! is proposed and nearly always accepted at a glance; the rest is compared with the exact probability (transformed
//! rejection with squeeze). No approximation is involved.
//!
//! # Source
//! Hörmann W (1993), J Stat Comput Simul 46:101–110, doi:10.1080/00949659308811496 (algorithm BTRS).

use super::{
    float::{exp, ln, ln_1p, real},
    gamma::ln_gamma,
    random::Stream,
};

/// Up to this mean probabilities are added up.
const SMALL_MEAN: f64 = 10.0;

/// The number of `n` units, each with probability `p` in [0, 1].
pub fn draw(n: u64, p: f64, stream: &mut Stream) -> u64 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let rarer = p.min(1.0 - p);
    let drawn = if real(n) * rarer < SMALL_MEAN {
        added_up(n, rarer, stream)
    } else {
        proposed(n, rarer, stream)
    };
    if p > 0.5 { n - drawn } else { drawn }
}

/// For small means: the first count whose cumulative probability passes a uniform number.
fn added_up(n: u64, p: f64, stream: &mut Stream) -> u64 {
    let odds = p / (1.0 - p);
    let none = exp(real(n) * ln_1p(-p));
    loop {
        let (mut left, mut probability) = (stream.unit(), none);
        for count in 0..=n {
            if left < probability {
                return count;
            }
            left -= probability;
            probability *= odds * real(n - count) / real(count + 1);
            // Where rounding leaves more than all counts hold, the number is drawn again.
            if probability < 1e-300 {
                break;
            }
        }
    }
}

/// For larger means, p ≤ ½: BTRS. `slope` and `width` are its a and b, `edge` its us, `glance` its `v_r`.
fn proposed(n: u64, p: f64, stream: &mut Stream) -> u64 {
    let whole = real(n);
    let deviation = (whole * p * (1.0 - p)).sqrt();
    let width = 1.15 + 2.53 * deviation;
    let slope = -0.0873 + 0.0248 * width + 0.01 * p;
    let centre = whole * p + 0.5;
    let glance = 0.92 - 4.2 / width;
    let mode = ((whole + 1.0) * p).floor();
    let log_odds = ln(p / (1.0 - p));
    let at_mode = ln_gamma(mode + 1.0) + ln_gamma(whole - mode + 1.0);
    loop {
        let place = stream.unit() - 0.5;
        let height = stream.unit();
        let edge = 0.5 - place.abs();
        let count = ((2.0 * slope / edge + width) * place + centre).floor();
        if !(0.0..=whole).contains(&count) {
            continue;
        }
        let is_clear = edge >= 0.07 && height <= glance;
        let is_below = || {
            let hat = slope / (edge * edge) + width;
            let proposal = ln(height * (2.83 + 5.1 / width) * deviation / hat);
            let target = at_mode - ln_gamma(count + 1.0) - ln_gamma(whole - count + 1.0)
                + (count - mode) * log_odds;
            proposal <= target
        };
        if is_clear || is_below() {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number in [0, n]"
            )]
            return count as u64;
        }
    }
}

#[test]
fn draws_follow_the_binomial_distribution() {
    use super::{beta, random::Key};
    let n_draws = 20_000;
    for (n, p) in
        [(10, 0.3), (60, 0.5), (1_000, 0.004), (900, 0.012), (100_000, 0.7), (2_000_000_000, 1e-8)]
    {
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
