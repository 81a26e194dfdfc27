//! Poisson and negative binomial random numbers, in logarithmic time.
//!
//! A Poisson number is the count of arrivals before time 1; far arrivals are reached in one gamma step, and when that
//! oversteps, those before are binomial, which halves by the median order statistic (a beta number).
//!
//! # Source
//! Ahrens JH, Dieter U (1974), Computing 12:223–246, doi:10.1007/BF02293108.

use super::{
    float::{exp, real},
    random::Stream,
};

/// Below this mean arrivals are counted one by one.
const FEW: f64 = 16.0;

/// A Poisson number with the given mean, at least 0.
pub fn draw(mean: f64, stream: &mut Stream) -> u64 {
    let (mut rest, mut count) = (mean, 0);
    while rest > FEW {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive mean"
        )]
        let arrivals = (0.875 * rest) as u64;
        let time = stream.gamma(real(arrivals));
        if time > rest {
            return count + binomial(arrivals - 1, rest / time, stream);
        }
        count += arrivals;
        rest -= time;
    }
    let limit = exp(-rest);
    let mut product = stream.unit();
    while product > limit {
        count += 1;
        product *= stream.unit();
    }
    count
}

/// A negative binomial number with the given mean and variance `dispersion` times the mean; Poisson up to 1.
pub fn dispersed(mean: f64, dispersion: f64, stream: &mut Stream) -> u64 {
    let excess = dispersion - 1.0;
    if excess <= 0.0 || mean <= 0.0 {
        return draw(mean, stream);
    }
    let own = excess * stream.gamma(mean / excess);
    draw(own, stream)
}

/// How many of `n` uniform numbers lie below `p`.
fn binomial(mut n: u64, mut p: f64, stream: &mut Stream) -> u64 {
    let mut count = 0;
    while n > 16 {
        let middle = n.div_ceil(2);
        let (below, above) = (stream.gamma(real(middle)), stream.gamma(real(n + 1 - middle)));
        let value = below / (below + above);
        if value <= p {
            count += middle;
            n -= middle;
            p = (p - value) / (1.0 - value);
        } else {
            n = middle - 1;
            p /= value;
        }
    }
    count + (0..n).map(|_| u64::from(stream.unit() < p)).sum::<u64>()
}

#[test]
fn draws_have_their_mean_variance_and_probabilities() {
    use super::{float::size, negative_binomial::lower, random::Key};
    let n = 20_000_u32;
    for (mean, dispersion) in
        [(0.3, 1.0), (4.0, 1.0), (70.0, 1.0), (3e6, 1.0), (5.0, 2.5), (90.0, 9.0)]
    {
        let mut stream = Key::named(4, "counts").stream(0, 0);
        let draws: Vec<f64> =
            (0..n).map(|_| real(dispersed(mean, dispersion, &mut stream))).collect();
        let average = draws.iter().sum::<f64>() / f64::from(n);
        let variance =
            draws.iter().map(|x| (x - average) * (x - average)).sum::<f64>() / f64::from(n);
        let error = (mean * dispersion / f64::from(n)).sqrt();
        assert!((average - mean).abs() < 4.0 * error, "{mean}: {average}");
        assert!((variance / (mean * dispersion) - 1.0).abs() < 0.08, "{mean}: {variance}");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let at = (mean - 0.7 * (mean * dispersion).sqrt()).max(0.0) as u64;
        let below = draws.iter().filter(|&&draw| draw <= real(at)).count();
        let share = size(below) / f64::from(n);
        let size = (dispersion > 1.0).then(|| mean / (dispersion - 1.0));
        assert!((share - lower(at, mean, size)).abs() < 0.015, "{mean}: {share}");
    }
    let mut stream = Key::new(1, 1).stream(0, 0);
    assert_eq!(dispersed(0.0, 3.0, &mut stream), 0);
}
