//! Spearman's rank correlation: do two sources put the regions in the same order?
//!
//! # Question
//! Police and chronicle count the same thing in the same regions. Where one has more, has the other, too?
//!
//! # Definition
//! ρ is Pearson's correlation of the ranks, equal values sharing the mean of their places. p, two-sided, is twice the smaller
//! tail among all orders of one list: every order is looked at up to [`MOST_ENUMERATED`] regions; beyond, t = ρ√((n − 2)/(1 − ρ²))
//! is taken for Student's with n − 2 degrees of freedom. The limits are tanh(artanh ρ ± z·√((1 + ρ²/2)/(n − 3))) after Bonett
//! and Wright.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `first`, `second` | `&[f64]` | one per region, the same regions | any | finite |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! A [`RankCorrelation`].
//!
//! # Undefined
//! `None` below three regions, for lists of different lengths, values that are not finite, and when all values of a list are
//! equal. No limits below four regions, nor for ρ of 1 or −1, where they would be ρ itself.
//!
//! # Assumptions, and when not to use it
//! Regions are independent. With a handful of regions nearly every ρ is compatible with none: print n and p beside it. Two
//! sources that copy from each other agree without either being right.
//!
//! # Cost and determinism
//! n!·n up to nine regions (a hundredth of a second), n log n beyond; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{agreement::rank_correlation, interval::Confidence};
//! // Right-wing violence per 100 000 in seven Länder, police and NGOs.
//! let police = [2.42, 6.24, 4.96, 7.2, 4.42, 6.3, 3.06];
//! let chronicle = [9.99, 9.5, 8.3, 6.59, 5.99, 5.82, 5.25];
//! let found = rank_correlation::spearman(&police, &chronicle, Confidence::P95).unwrap();
//! assert!((found.rho + 1.0 / 7.0).abs() < 1e-12 && (found.p - 0.7825).abs() < 1e-4);
//! ```
//!
//! # Source
//! Spearman C (1904), Am J Psychol 15:72–101, doi:10.2307/1412159; Bonett DG, Wright TA (2000), Psychometrika 65:23–28,
//! doi:10.1007/BF02294183 (limits).

use crate::statistics::{
    interval::Confidence,
    numerics::{
        beta,
        float::{exp, ln, size},
    },
    ranks::order,
};

/// Up to so many regions every order is looked at.
pub const MOST_ENUMERATED: usize = 9;

/// Agreement of two orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankCorrelation {
    /// ρ, from −1 to 1.
    pub rho: f64,
    /// Limits of ρ.
    pub limits: Option<(f64, f64)>,
    /// Two-sided p.
    pub p: f64,
    /// Regions.
    pub n: usize,
}

/// Spearman's ρ of two lists.
pub fn spearman(first: &[f64], second: &[f64], confidence: Confidence) -> Option<RankCorrelation> {
    let n = first.len();
    if n < 3 || second.len() != n {
        return None;
    }
    // Twice the departure of a rank from the middle is a whole number, and so is every sum of products below.
    let centred = |values: &[f64]| -> Option<Vec<i64>> {
        let ranks = order::ranks(values)?;
        #[allow(clippy::cast_possible_truncation, reason = "a whole number up to n")]
        let twice = |rank: f64| (2.0 * rank - size(n + 1)).round() as i64;
        Some(ranks.into_iter().map(twice).collect())
    };
    let (a, b) = (centred(first)?, centred(second)?);
    let products = dot(&a, &b);
    let (of_a, of_b) = (dot(&a, &a), dot(&b, &b));
    if of_a == 0 || of_b == 0 {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "sums of products of ranks are far below 2^53")]
    let rho = (products as f64 / ((of_a as f64) * (of_b as f64)).sqrt()).clamp(-1.0, 1.0);
    let p = if n <= MOST_ENUMERATED { enumerated(&a, &b, products) } else { by_student(rho, n) };
    let limits = (n > 3 && rho.abs() < 1.0).then(|| {
        let half = confidence.z() * ((1.0 + 0.5 * rho * rho) / size(n - 3)).sqrt();
        let middle = 0.5 * ln((1.0 + rho) / (1.0 - rho));
        (tanh(middle - half), tanh(middle + half))
    });
    Some(RankCorrelation { rho, limits, p, n })
}

fn dot(a: &[i64], b: &[i64]) -> i64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn tanh(x: f64) -> f64 {
    let square = exp(-2.0 * x.abs());
    ((1.0 - square) / (1.0 + square)).copysign(x)
}

/// Twice the smaller tail over every order of the second list (Heap's algorithm).
fn enumerated(a: &[i64], b: &[i64], products: i64) -> f64 {
    let mut b = b.to_vec();
    let n = b.len();
    let (mut all, mut high, mut low) = (0_u64, 0_u64, 0_u64);
    let mut look = |b: &[i64]| {
        let found = dot(a, b);
        all += 1;
        high += u64::from(found >= products);
        low += u64::from(found <= products);
    };
    look(&b);
    let mut counters = vec![0; n];
    let mut at = 0;
    while at < n {
        if counters[at] < at {
            b.swap(if at % 2 == 0 { 0 } else { counters[at] }, at);
            look(&b);
            counters[at] += 1;
            at = 0;
        } else {
            counters[at] = 0;
            at += 1;
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "at most 9!")]
    let share = high.min(low) as f64 / all as f64;
    (2.0 * share).min(1.0)
}

/// P(|T| ≥ |t|) = I(1 − ρ²; (n − 2)/2, ½).
fn by_student(rho: f64, n: usize) -> f64 {
    let square = rho * rho;
    beta::tails(0.5 * size(n - 2), 0.5, 1.0 - square, square).0
}

#[test]
fn all_orders_are_looked_at_once() {
    // Four distinct ranks: 24 orders, ρ = 1 for one of them.
    let up = [1.0, 2.0, 3.0, 4.0];
    let found = spearman(&up, &up, Confidence::P95).unwrap();
    assert_eq!((found.rho, found.limits), (1.0, None));
    assert!((found.p - 2.0 / 24.0).abs() < 1e-15);
    let down = [4.0, 3.0, 2.0, 1.0];
    assert!((spearman(&up, &down, Confidence::P95).unwrap().p - 2.0 / 24.0).abs() < 1e-15);
}

#[test]
fn what_cannot_be_compared_is_none() {
    let at = Confidence::P95;
    assert_eq!(spearman(&[1.0, 2.0], &[1.0, 2.0], at), None);
    assert_eq!(spearman(&[1.0, 2.0, 3.0], &[1.0, 2.0], at), None);
    assert_eq!(spearman(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0], at), None);
    assert_eq!(spearman(&[1.0, 2.0, f64::NAN], &[1.0, 2.0, 3.0], at), None);
}
