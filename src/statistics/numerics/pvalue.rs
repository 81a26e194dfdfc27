//! The one p-value function for everything that is compared with draws, and how many draws are enough.
//!
//! With R draws, g of them at least and l at most as large as observed: greater (g + 1)/(R + 1), less (l + 1)/(R + 1),
//! two-sided min(1, 2·(min(g, l) + 1)/(R + 1)). The observed value counts as one draw, so p is never 0 and a test at
//! level α is not exceeded by chance more often than α. Folded one-sided p-values, as some peers print, are not offered.
//!
//! # Source
//! Phipson B, Smyth GK (2010), doi:10.2202/1544-6115.1585.

use super::{float::real, permutation::Tally};

/// Which departures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// Both.
    TwoSided,
    /// Larger than chance.
    Greater,
    /// Smaller than chance.
    Less,
}

/// The p-value of a tally of `n_draws` draws, in (0, 1].
pub fn p_value(alternative: Alternative, tally: Tally, n_draws: u64) -> f64 {
    let share = |count: u64| (real(count) + 1.0) / (real(n_draws) + 1.0);
    let tail = share(tally.tail(alternative));
    if alternative == Alternative::TwoSided { (2.0 * tail).min(1.0) } else { tail }
}

/// The fewest draws with which Benjamini–Hochberg can keep a single one of `n_tested` regions at level `alpha`:
/// the smallest R with R + 1 ≥ 2n/α two-sided, n/α one-sided.
pub fn reach(n_tested: usize, alpha: f64, alternative: Alternative) -> u64 {
    let sides = if alternative == Alternative::TwoSided { 2.0 } else { 1.0 };
    let exact = sides * super::float::size(n_tested) / alpha;
    // A quotient that is whole in decimals must not be pushed up by its last bit.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive whole number far below 2^63"
    )]
    let draws = (exact * (1.0 - 1e-12)).ceil() as u64;
    draws.saturating_sub(1)
}

#[test]
fn reach_is_what_the_methods_page_says() {
    for (n, draws) in [(290, 11_599), (400, 15_999), (3_143, 125_719), (10_800, 431_999)] {
        assert_eq!(reach(n, 0.05, Alternative::TwoSided), draws);
    }
    assert_eq!(reach(400, 0.05, Alternative::Greater), 7_999);
}

#[test]
fn the_smallest_two_sided_p_is_two_over_all() {
    let tally = Tally { n_greater: 0, n_less: 99 };
    assert!((p_value(Alternative::TwoSided, tally, 99) - 0.02).abs() < 1e-15);
    assert!((p_value(Alternative::Less, tally, 99) - 1.0).abs() < 1e-15);
}
