//! How often an interval holds the truth, added up exactly over all counts.
//!
//! # Question
//! A 95 % interval: how often does it hold the true number, at the worst, and on average?
//!
//! # Definition
//! At a true mean μ the coverage is the sum of P(X = x; μ) over the counts x whose interval holds μ. Between two
//! neighbouring limits of any counts the set of such x stays the same, and P(a ≤ X ≤ b; μ) has a single peak in μ:
//! its least value lies at an end. So the least coverage over all μ is the least over both sides of all limits,
//! and nothing is simulated.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `limits` | function of a count | the mean's | rising with the count |
//! | `law` | `Option<VarianceLaw>` | – | `None` is Poisson |
//! | `largest` | `u64` | events | means up to the lower limit of this count are looked at |
//!
//! # Output
//! Probabilities.
//!
//! # Undefined
//! Never.
//!
//! # Assumptions, and when not to use it
//! The count has exactly the stated distribution.
//!
//! # Cost and determinism
//! O(largest²) tail probabilities at worst; no randomness.
//!
//! # Example
//! ```
//! use saet::{model::VarianceLaw, statistics::{interval::{Confidence, garwood}, validity::coverage}};
//! let exact = |x| garwood::limits(x, Confidence::P95);
//! assert!(coverage::least(&exact, None, 40) >= 0.95);
//! // Where counts scatter more than Poisson, the same interval promises too much.
//! assert!(coverage::least(&exact, Some(VarianceLaw::Quadratic { size: 2.0 }), 40) < 0.5);
//! ```
//!
//! # Source
//! Brown LD, Cai TT, DasGupta A (2001), Stat Sci 16:101–133, doi:10.1214/ss/1009213286 (coverage that oscillates).

use crate::{
    model::VarianceLaw,
    statistics::numerics::{
        beta,
        float::{real, size},
        negative_binomial as nb,
    },
};

/// P(the interval holds `mean`) when counts have that mean.
pub fn at(limits: &[(f64, f64)], mean: f64, law: Option<VarianceLaw>) -> f64 {
    let size = law.map(|law| law.size(mean));
    held(limits, mean).map_or(0.0, |(first, last)| {
        let below = if first == 0 { 0.0 } else { nb::lower(first - 1, mean, size) };
        nb::lower(last, mean, size) - below
    })
}

/// The least coverage over all means up to the lower limit of the count `largest`.
pub fn least(limits: &dyn Fn(u64) -> (f64, f64), law: Option<VarianceLaw>, largest: u64) -> f64 {
    let limits: Vec<(f64, f64)> = (0..=largest).map(limits).collect();
    let end = limits.last().map_or(0.0, |last| last.0);
    let breaks = limits.iter().flat_map(|&(lower, upper)| [lower, upper]);
    breaks
        .filter(|&limit| limit > 0.0)
        // Both sides of a limit, where a count has just entered or left.
        .flat_map(|limit| [limit * (1.0 - 1e-9), limit * (1.0 + 1e-9)])
        .filter(|&mean| mean < end)
        .map(|mean| at(&limits, mean, law))
        .fold(1.0, f64::min)
}

/// The coverage of a proportion's interval averaged over `n_places` true proportions at equal steps in (0, 1), and the
/// least of them; `limits` of x = 0, 1, … n.
pub fn of_proportion(limits: &[(f64, f64)], n_places: u32) -> (f64, f64) {
    let n = limits.len() as u64 - 1;
    let places = (0..n_places).map(|place| (f64::from(place) + 0.5) / f64::from(n_places));
    let each: Vec<f64> = places
        .map(|p| {
            held(limits, p).map_or(0.0, |(first, last)| up_to(last, n, p) - before(first, n, p))
        })
        .collect();
    (each.iter().sum::<f64>() / size(each.len()), each.iter().copied().fold(1.0, f64::min))
}

/// First and last count whose interval holds a number; both limits rise with the count.
fn held(limits: &[(f64, f64)], number: f64) -> Option<(u64, u64)> {
    let first = limits.partition_point(|&(_, upper)| upper < number);
    let end = limits.partition_point(|&(lower, _)| lower <= number);
    (first < end).then(|| (first as u64, end as u64 - 1))
}

/// P(X ≤ x) of the binomial distribution.
fn up_to(x: u64, n: u64, p: f64) -> f64 {
    if x >= n { 1.0 } else { beta::tails(real(x) + 1.0, real(n - x), p, 1.0 - p).1 }
}

/// P(X < x).
fn before(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 { 0.0 } else { up_to(x - 1, n, p) }
}

#[test]
fn coverage_of_one_count_is_its_probability() {
    // Only the count 1 has an interval, which holds 2: P(X = 1; 2) = 2e⁻².
    let limits = [(9.0, 9.0), (1.0, 10.0), (10.0, 11.0)];
    let probability = 2.0 * crate::statistics::numerics::float::exp(-2.0);
    assert_eq!(held(&[(0.0, 1.0), (1.0, 3.0), (2.5, 4.0)], 2.0), Some((1, 1)));
    assert!((at(&[(0.0, 1.0), (1.0, 3.0), (2.5, 4.0)], 2.0, None) - probability).abs() < 1e-15);
    assert!(at(&limits[..1], 2.0, None).abs() < 1e-300);
    // A coin thrown once, intervals that never hold anything but the whole range.
    assert_eq!(of_proportion(&[(0.0, 1.0), (0.0, 1.0)], 10), (1.0, 1.0));
}
