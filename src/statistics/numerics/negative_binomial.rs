//! Tails of the negative binomial distribution by mean and size, and of the Poisson distribution as its limit.
//!
//! Variance = mean + mean²/size. `size = None` means Poisson everywhere in [`crate::statistics`].

use super::{beta, float::real, gamma};

/// P(X ≤ `count`).
pub fn lower(count: u64, mean: f64, size: Option<f64>) -> f64 {
    match size {
        _ if mean <= 0.0 => 1.0,
        None => gamma::upper(real(count) + 1.0, mean),
        Some(size) => {
            beta::tails(size, real(count) + 1.0, size / (size + mean), mean / (size + mean)).0
        }
    }
}

/// P(X ≥ `count`).
pub fn upper(count: u64, mean: f64, size: Option<f64>) -> f64 {
    match size {
        _ if count == 0 => 1.0,
        _ if mean <= 0.0 => 0.0,
        None => gamma::lower(real(count), mean),
        Some(size) => beta::tails(real(count), size, mean / (size + mean), size / (size + mean)).0,
    }
}

/// The smallest count c with P(X ≥ c) ≤ `tail`.
pub fn upper_critical(mean: f64, size: Option<f64>, tail: f64) -> u64 {
    // Invariant of the search: P(X ≥ low) > tail ≥ P(X ≥ high).
    let (mut low, mut high) = (0, 1);
    while upper(high, mean, size) > tail {
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if upper(middle, mean, size) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The largest count c with P(X ≤ c) ≤ `tail`; `None` when even 0 is likelier than that.
pub fn lower_critical(mean: f64, size: Option<f64>, tail: f64) -> Option<u64> {
    if lower(0, mean, size) > tail {
        return None;
    }
    // Invariant of the search: P(X ≤ low) ≤ tail < P(X ≤ high).
    let (mut low, mut high) = (0, 1);
    while lower(high, mean, size) <= tail {
        low = high;
        high *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if lower(middle, mean, size) <= tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

#[test]
fn tails_are_complements_and_sums_of_probabilities() {
    for size in [None, Some(0.7), Some(12.5)] {
        for mean in [0.3, 2.0, 17.0] {
            for count in 0..40 {
                let together = lower(count, mean, size) + upper(count + 1, mean, size);
                assert!((together - 1.0).abs() < 1e-13, "{count} {mean} {size:?}");
            }
        }
    }
    // Size 1 is geometric: P(X ≥ c) = (mean/(1 + mean))ᶜ.
    assert!((upper(4, 3.0, Some(1.0)) - 0.75 * 0.75 * 0.75 * 0.75).abs() < 1e-14);
}

#[test]
fn critical_counts_bound_the_tails() {
    assert_eq!(upper_critical(1.2, None, 0.025), 5);
    assert_eq!(lower_critical(1.2, None, 0.025), None);
    assert_eq!(lower_critical(8.6, None, 0.025), Some(2));
}
