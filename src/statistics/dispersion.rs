//! How much more counts scatter around what is expected than chance alone would make them.
//!
//! # Question
//! Do regions differ more than a Poisson process with one rate for all would make them, and by how much?
//!
//! # Definition
//! With observed oᵢ and expected Eᵢ (exposure share × total), three answers stand side by side:
//!
//! * `p`: the score test of Poisson against the negative binomial, adjusted for the total being estimated,
//!   T = Σ[(oᵢ − Eᵢ)² − oᵢ + hᵢEᵢ]/√(2ΣEᵢ²), hᵢ = Eᵢ/ΣE; one-sided normal.
//! * `size`: the maximum-likelihood size r of oᵢ ~ NB(mean Eᵢ, variance Eᵢ + Eᵢ²/r). Likelihood rather than moments:
//!   for rare events the moment estimate hangs on the few largest squares. Kept whenever counts scatter more than
//!   Poisson at all, not only when `p` is small, so that an inconclusive test never makes later tests too sharp.
//! * `phi`: the mean square of Pearson's residuals zᵢ = (oᵢ − Eᵢ)/√Eᵢ over regions with Eᵢ ≥ 5, the lowest and highest
//!   10 % drawn in to their neighbours; only when above 1 + 2√(2/n), what a Poisson surface may show by chance.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | – |
//! | `expected` | `&[f64]` | the same | events | > 0; others are left out |
//!
//! # Output
//! A [`Dispersion`]. `size` lies in [[`SMALLEST_SIZE`], [`LARGEST_SIZE`]].
//!
//! # Undefined
//! `p` is `None` below two regions; `size` when counts scatter no more than Poisson or its estimate exceeds
//! [`LARGEST_SIZE`]; `phi` when not exceeding its limit or below [`FEWEST_FOR_PHI`] regions.
//!
//! # Assumptions, and when not to use it
//! Expected counts are proportional to exposure. A few true hotbeds also raise the scatter and make tests for hotbeds
//! more cautious; that is intended.
//!
//! One size for all says that regions' rates differ equally, small or large. Offences that come several to an incident
//! scatter otherwise: their variance is a multiple of the expected count, the size proportional to it. With populations of
//! very different size the one size is then too large for small regions, and tests that use it name a region on up to 40 %
//! of maps where nothing is (two or four offences an incident, 400 regions; [`super::validity::false_alarms`]). Count
//! incidents there, not offences.
//!
//! # Cost and determinism
//! O(n) per step of the search, about ten steps; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::dispersion;
//! let even = dispersion::estimate(&[10, 9, 11, 10, 10, 10], &[10.0; 6]);
//! assert_eq!(even.size, None);
//! let uneven = dispersion::estimate(&[30, 1, 2, 0, 25, 2], &[10.0; 6]);
//! assert!(uneven.size.is_some_and(|size| (0.3..3.0).contains(&size)) && uneven.p.unwrap() < 1e-6);
//! ```
//!
//! # Source
//! Dean CB (1992), J Am Stat Assoc 87:451–457, doi:10.1080/01621459.1992.10475225 (score test); Spiegelhalter DJ (2005),
//! doi:10.1002/sim.1970 (winsorised φ).

use super::numerics::{
    float::{exp, ln, ln_1p, normal_upper, real, size},
    gamma::digamma,
};
use crate::model::Dispersion;

/// No size below this is reported: single regions would be expected to hold nearly all events.
pub const SMALLEST_SIZE: f64 = 0.02;
/// From this size on the distribution is Poisson for every purpose here.
pub const LARGEST_SIZE: f64 = 1e5;
/// Fewer regions than this say nothing reliable about φ.
pub const FEWEST_FOR_PHI: usize = 10;

/// Estimates the dispersion of counts around what is expected.
pub fn estimate(observed: &[u64], expected: &[f64]) -> Dispersion {
    let cells: Vec<(f64, f64)> = observed
        .iter()
        .zip(expected)
        .filter(|(_, expected)| **expected > 0.0)
        .map(|(&count, &expected)| (real(count), expected))
        .collect();
    Dispersion { size: likeliest_size(&cells), phi: winsorised(&cells), p: score_p(&cells) }
}

fn score_p(cells: &[(f64, f64)]) -> Option<f64> {
    if cells.len() < 2 {
        return None;
    }
    let total: f64 = cells.iter().map(|(_, e)| e).sum();
    let squares: f64 = cells.iter().map(|(_, e)| e * e).sum();
    let excess: f64 = cells.iter().map(|(o, e)| (o - e) * (o - e) - o + e * e / total).sum();
    // A p of 0 would claim more than a normal approximation can.
    Some(normal_upper(excess / (2.0 * squares).sqrt()).max(f64::MIN_POSITIVE))
}

/// The root of the likelihood's slope in the size, by regula falsi (Illinois) over ln size; pairs are (count, mean).
pub(in crate::statistics) fn likeliest_size(cells: &[(f64, f64)]) -> Option<f64> {
    let excess: f64 = cells.iter().map(|(o, e)| (o - e) * (o - e) - o).sum();
    if excess <= 0.0 {
        return None;
    }
    // d ln L / d ln r, positive while r is too small; times r so that both ends are of one magnitude.
    let slope = |u: f64| {
        let r = exp(u);
        let at_r = digamma(r);
        let each = |&(o, e): &(f64, f64)| {
            let rise = if o > 0.0 { digamma(o + r) - at_r } else { 0.0 };
            rise - ln_1p(e / r) + (e - o) / (r + e)
        };
        r * cells.iter().map(each).sum::<f64>()
    };
    let (mut low, mut high) = (ln(SMALLEST_SIZE), ln(LARGEST_SIZE));
    let (mut at_low, mut at_high) = (slope(low), slope(high));
    if at_low <= 0.0 {
        return Some(SMALLEST_SIZE);
    }
    if at_high >= 0.0 {
        return None;
    }
    // The side that moved last: an end kept twice has its slope halved, so that neither end stays for ever.
    let (mut last, mut before) = (0, f64::INFINITY);
    loop {
        let middle = (low * at_high - high * at_low) / (at_high - at_low);
        let at_middle = slope(middle);
        if (middle - before).abs() < 1e-10 || high - low < 1e-10 {
            return Some(exp(middle));
        }
        before = middle;
        if at_middle > 0.0 {
            (low, at_low) = (middle, at_middle);
            at_high *= if last == 1 { 0.5 } else { 1.0 };
            last = 1;
        } else {
            (high, at_high) = (middle, at_middle);
            at_low *= if last == -1 { 0.5 } else { 1.0 };
            last = -1;
        }
    }
}

fn winsorised(cells: &[(f64, f64)]) -> Option<f64> {
    let mut residuals: Vec<f64> = cells
        .iter()
        .filter(|(_, expected)| *expected >= 5.0)
        .map(|(observed, expected)| (observed - expected) / expected.sqrt())
        .collect();
    let n = residuals.len();
    if n < FEWEST_FOR_PHI {
        return None;
    }
    residuals.sort_by(f64::total_cmp);
    let (first, last) = (n / 10, n - 1 - n / 10);
    let phi = residuals
        .iter()
        .map(|z| z.clamp(residuals[first], residuals[last]))
        .map(|z| z * z)
        .sum::<f64>()
        / size(n);
    (phi > 1.0 + 2.0 * (2.0 / size(n)).sqrt()).then_some(phi)
}

#[test]
fn the_size_of_a_mixed_population_is_found_again() {
    use super::numerics::random::Key;
    let key = Key::new(3, 3);
    let expected: Vec<f64> = (0..600).map(|i| 0.5 + f64::from(i % 7)).collect();
    let mut observed = Vec::new();
    for (region, mean) in (0..).zip(&expected) {
        let mut stream = key.stream(region, 0);
        let rate = mean * stream.gamma(2.0) / 2.0;
        // A Poisson number as arrivals before time 1.
        let (mut time, mut count) = (-ln(stream.unit()) / rate, 0);
        while time < 1.0 {
            count += 1;
            time -= ln(stream.unit()) / rate;
        }
        observed.push(count);
    }
    let found = estimate(&observed, &expected);
    // The standard error of the estimate is about 0.2 here.
    assert!(found.size.is_some_and(|size| (1.4..2.8).contains(&size)), "{found:?}");
    assert!(found.p.is_some_and(|p| p < 1e-9));
    assert!(found.phi.is_some_and(|phi| phi > 1.5));
}
