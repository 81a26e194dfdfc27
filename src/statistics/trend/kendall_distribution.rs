//! Exact distribution of Kendall's score S when order carries no information, with and without ties.
//!
//! # Question
//! Of all orders in which these values could have come, how many show a trend at least as strong?
//!
//! # Definition
//! S = Σ sign(yⱼ − yᵢ) over i < j. All distinct orders of the values are equally likely. With m pairs of unequal values
//! S = m − 2·inversions, and the number of orders with k inversions is the coefficient of qᵏ in the q-multinomial
//! coefficient [n; t₁, t₂, …], tᵢ the sizes of the groups of equal values. It is built group by group: adding t
//! equal values to m smaller ones multiplies by the q-binomial [m + t; t], which follows
//! P(m, t) = t/(m + t)·P(m, t − 1) + m/(m + t)·q^t·P(m − 1, t). Only positive numbers are added, so that
//! small probabilities keep their digits.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `ties` | `&[usize]` | one per distinct value, ascending: how many points have it | ≥ 1 |
//!
//! # Output
//! A [`Distribution`] over S, symmetric around 0, adding up to 1.
//!
//! # Undefined
//! Never; no values give S = 0 with certainty.
//!
//! # Assumptions, and when not to use it
//! Points exchangeable: no autocorrelation. Times are distinct.
//!
//! # Cost and determinism
//! Θ(n⁴) additions in the worst case, 0.1 ms at n = 30; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::kendall_distribution::Distribution;
//! // Three distinct values: S = −3, −1, 1, 3 in 1, 2, 2, 1 of the six orders.
//! let distribution = Distribution::new(&[1, 1, 1]);
//! assert!((distribution.probability(1) - 2.0 / 6.0).abs() < 1e-15);
//! assert!((distribution.two_sided(3) - 2.0 / 6.0).abs() < 1e-15);
//! ```
//!
//! # Source
//! Kendall MG (1970), *Rank Correlation Methods*, 4th ed., chapter 5; Andrews GE (1976), *The Theory of Partitions*,
//! theorem 3.6 (inversions of multisets), doi:10.1017/CBO9780511608650.

use crate::statistics::numerics::float::size;

/// P(S = s) for every s.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// By number of inversions; S = `n_pairs` − 2·inversions.
    by_inversions: Vec<f64>,
    /// Pairs of unequal values.
    n_pairs: i64,
}

impl Distribution {
    /// The distribution for values of which `ties[g]` equal the g-th distinct one.
    pub fn new(ties: &[usize]) -> Self {
        let mut all = vec![1.0];
        let mut before = 0;
        for &equal in ties {
            all = product(&all, &q_binomial(before, equal));
            before += equal;
        }
        let n_pairs = i64::try_from(all.len() - 1).expect("invariant: fewer pairs than 2^63");
        Self { by_inversions: all, n_pairs }
    }

    /// P(S = `s`).
    pub fn probability(&self, s: i64) -> f64 {
        let twice = self.n_pairs - s;
        if twice % 2 != 0 {
            return 0.0;
        }
        usize::try_from(twice / 2)
            .ok()
            .and_then(|at| self.by_inversions.get(at))
            .copied()
            .unwrap_or(0.0)
    }

    /// P(S ≥ `s`).
    pub fn upper(&self, s: i64) -> f64 {
        // S ≥ s means at most (n_pairs − s)/2 inversions.
        let Ok(most) = usize::try_from((self.n_pairs - s).div_euclid(2)) else {
            return 0.0;
        };
        self.by_inversions.iter().take(most + 1).sum::<f64>().min(1.0)
    }

    /// Two-sided p, min(1, 2·P(S ≥ |s|)).
    pub fn two_sided(&self, s: i64) -> f64 {
        (2.0 * self.upper(s.abs())).min(1.0)
    }
}

fn product(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut all = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            all[i + j] += x * y;
        }
    }
    all
}

/// Inversions when `t` equal values are mixed among `m` smaller ones, every way equally likely.
fn q_binomial(m: usize, t: usize) -> Vec<f64> {
    if t == 1 {
        return vec![1.0 / size(m + 1); m + 1];
    }
    // Row by row over the number of smaller values; `row[j]` holds the distribution for j equal ones.
    let mut row: Vec<Vec<f64>> = vec![vec![1.0]; t + 1];
    for i in 1..=m {
        let mut next = vec![vec![1.0]];
        for j in 1..=t {
            let n = size(i + j);
            let mut mixed = vec![0.0; i * j + 1];
            // The last of all is one of the equal ones: no inversion with it.
            for (at, p) in next[j - 1].iter().enumerate() {
                mixed[at] += size(j) / n * p;
            }
            // Or a smaller one, which all equal ones then precede.
            for (at, p) in row[j].iter().enumerate() {
                mixed[at + j] += size(i) / n * p;
            }
            next.push(mixed);
        }
        row = next;
    }
    row.swap_remove(t)
}

#[test]
fn two_pairs_of_equal_values_have_six_orders() {
    // aabb 0 inversions, abab 1, abba and baab 2, baba 3, bbaa 4.
    let distribution = Distribution::new(&[2, 2]);
    for (s, n) in [(4, 1.0), (2, 1.0), (0, 2.0), (-2, 1.0), (-4, 1.0), (1, 0.0), (6, 0.0)] {
        assert!((distribution.probability(s) - n / 6.0).abs() < 1e-15, "{s}");
    }
    assert!((distribution.upper(3) - 1.0 / 6.0).abs() < 1e-15);
    assert!(distribution.upper(5).abs() < 1e-300);
}

#[test]
fn nothing_and_constant_values_have_no_score() {
    for ties in [&[][..], &[1], &[5]] {
        let distribution = Distribution::new(ties);
        assert!((distribution.two_sided(0) - 1.0).abs() < 1e-15);
    }
}
