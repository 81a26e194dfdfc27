//! False discovery rate control after Benjamini and Hochberg.
//!
//! # Question
//! 400 regions were tested; which may be called significant so that on average at most α of those called are not?
//!
//! # Definition
//! With p₍₁₎ ≤ … ≤ p₍ₙ₎, reject the k smallest for the largest k with p₍ₖ₎ ≤ αk/n. The q-value of a test is the smallest
//! α at which it is rejected: min over j ≥ its rank of n·p₍ⱼ₎/j, at most 1.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `p` | `&[f64]` | one per test | (0, 1] |
//! | `alpha` | `f64` | – | (0, 1) |
//!
//! # Output
//! q-values or rejections, in the order given. q ≥ p, and q is monotone in p.
//!
//! # Undefined
//! Never; no tests give no results.
//!
//! # Assumptions, and when not to use it
//! Tests independent or positively dependent, which neighbouring regions are. Not a statement about any single test.
//!
//! # Cost and determinism
//! O(n log n); no randomness; ties keep their order.
//!
//! # Example
//! ```
//! use saet::statistics::multiple::benjamini_hochberg;
//! let p = [0.01, 0.04, 0.03, 0.5];
//! assert_eq!(benjamini_hochberg::rejected(&p, 0.05), [true, false, false, false]);
//! let q = benjamini_hochberg::q_values(&p);
//! assert!((q[0] - 0.04).abs() < 1e-15 && (q[1] - 0.16 / 3.0).abs() < 1e-15);
//! ```
//!
//! # Source
//! Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289–300, doi:10.1111/j.2517-6161.1995.tb02031.x.

use super::ascending;
use crate::statistics::numerics::float::size;

/// The smallest level at which each test is rejected.
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let n = size(p.len());
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (rank, at) in ascending(p).into_iter().enumerate().rev() {
        // n/rank is at least 1, so that q ≥ p holds to the last bit.
        least = least.min(p[at] * (n / size(rank + 1)));
        q[at] = least;
    }
    q
}

/// Which tests are rejected at level `alpha`.
pub fn rejected(p: &[f64], alpha: f64) -> Vec<bool> {
    let n = size(p.len());
    let order = ascending(p);
    let kept = order
        .iter()
        .enumerate()
        .rposition(|(rank, &at)| p[at] <= threshold(alpha, rank + 1, n))
        .map_or(0, |rank| rank + 1);
    let mut rejected = vec![false; p.len()];
    for &at in &order[..kept] {
        rejected[at] = true;
    }
    rejected
}

/// αk/n, written once so that every comparison with it agrees to the last bit.
pub(crate) fn threshold(alpha: f64, k: usize, n: f64) -> f64 {
    alpha * size(k) / n
}
