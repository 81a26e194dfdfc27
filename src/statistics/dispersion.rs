//! How much more counts scatter around what is expected than chance alone would make them, and by which law.
//!
//! # Question
//! Do regions differ more than a Poisson process with one rate for all would make them, by how much, and small regions
//! as much as large ones?
//!
//! # Definition
//! With observed oᵢ and expected Eᵢ (exposure share × total), three answers stand side by side:
//!
//! * `p`: the score test of Poisson against the negative binomial, adjusted for the total being estimated,
//!   T = Σ[(oᵢ − Eᵢ)² − oᵢ + hᵢEᵢ]/√(2ΣEᵢ²), hᵢ = Eᵢ/ΣE; one-sided normal.
//! * `law`: counts are negative binomial with mean Eᵢ and a size sᵢ that is one of
//!   * quadratic (NB2): sᵢ = r, variance Eᵢ + Eᵢ²/r: regions' rates differ, whatever their population;
//!   * linear (NB1): sᵢ = Eᵢ/(φ − 1), variance φ·Eᵢ: events come several to an incident, so that a large region's many
//!     incidents even out and a small region's few do not.
//!
//!   The log likelihood, but for what depends on counts alone, is
//!   ℓ = Σ[ln(Γ(oᵢ + sᵢ)/Γ(sᵢ)) − sᵢ ln(1 + Eᵢ/sᵢ) − oᵢ ln(1 + sᵢ/Eᵢ)]. r and φ maximise it, each under its own law, and the
//!   law with the larger maximum is kept; of maxima that do not differ by more than 10⁻⁶ the quadratic one, for when
//!   all Eᵢ are alike the two laws are one. Likelihood rather than moments: for rare events the moment estimate hangs on
//!   the few largest squares. A law is kept whenever counts scatter more than Poisson at all, not only when `p` is
//!   small, so that an inconclusive test never makes later tests too sharp.
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
//! A [`Dispersion`]. r lies in [[`SMALLEST_SIZE`], [`LARGEST_SIZE`]]; φ is above 1 + 1/[`LARGEST_SIZE`] and such that the
//! sizes of all regions together are at least [`SMALLEST_SIZE`].
//!
//! # Undefined
//! `p` is `None` below two regions. A law does not take part when its score at Poisson, Σ[(oᵢ − Eᵢ)² − oᵢ] or (linear)
//! Σ[(oᵢ − Eᵢ)² − oᵢ]/Eᵢ, is not positive, or its estimate lies beyond the bound next to Poisson; `law` is `None` when
//! neither does. `phi` is `None` when not exceeding its limit or below [`FEWEST_FOR_PHI`] regions.
//!
//! # Assumptions, and when not to use it
//! Expected counts are proportional to exposure. A few true hotbeds also raise the scatter and make tests for hotbeds
//! more cautious; that is intended. Where both things happen, incidents of several offences and rates that differ, one
//! law must stand for both, and own rates can name a region somewhat too often: on a tenth of maps of 400 regions of very
//! different size, ten events expected on average, two offences an incident and rates that differ with size 5.
//!
//! A single size for all, whatever the law, is not cautious: on populations of very different size it is too large for
//! small regions when events come several at once ([`super::validity::false_alarms`]).
//!
//! # Cost and determinism
//! O(n) per step of two searches, each six to ten steps; no randomness.
//!
//! # Example
//! ```
//! use saet::{model::VarianceLaw, statistics::dispersion};
//! let even = dispersion::estimate(&[10, 9, 11, 10, 10, 10], &[10.0; 6]);
//! assert_eq!(even.law, None);
//! let uneven = dispersion::estimate(&[30, 1, 2, 0, 25, 2], &[10.0; 6]);
//! let Some(VarianceLaw::Quadratic { size }) = uneven.law else { panic!("regions of one size") };
//! assert!((0.3..3.0).contains(&size) && uneven.p.unwrap() < 1e-6);
//! // Small regions far off their expectation, large ones close to theirs.
//! let several = dispersion::estimate(&[3, 0, 0, 0, 0, 4, 0, 0, 30, 23], &[0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 27.0, 27.0]);
//! assert!(matches!(several.law, Some(VarianceLaw::Linear { phi }) if phi > 1.5));
//! ```
//!
//! # Source
//! Cameron AC, Trivedi PK (1986), J Appl Econom 1:29–53, doi:10.1002/jae.3950010104 (the two laws, there NEGBIN II and
//! I); Dean CB (1992), J Am Stat Assoc 87:451–457, doi:10.1080/01621459.1992.10475225 (score test); Spiegelhalter DJ
//! (2005), doi:10.1002/sim.1970 (winsorised φ).

use super::numerics::{
    float::{exp, ln, ln_1p, normal_upper, real, size},
    gamma::{digamma_rise, ln_rising},
    root,
};
use crate::model::{Dispersion, VarianceLaw};

/// No size below this is reported: single regions would be expected to hold nearly all events.
pub const SMALLEST_SIZE: f64 = 0.02;
/// From this size on the distribution is Poisson for every purpose here.
pub const LARGEST_SIZE: f64 = 1e5;
/// Fewer regions than this say nothing reliable about φ.
pub const FEWEST_FOR_PHI: usize = 10;
/// Log likelihoods closer than this are equal.
const EQUAL: f64 = 1e-6;

/// Estimates the dispersion of counts around what is expected.
pub fn estimate(observed: &[u64], expected: &[f64]) -> Dispersion {
    let cells: Vec<(u64, f64)> = observed
        .iter()
        .zip(expected)
        .filter(|(_, expected)| **expected > 0.0)
        .map(|(&count, &expected)| (count, expected))
        .collect();
    Dispersion { law: likeliest_law(&cells), phi: winsorised(&cells), p: score_p(&cells) }
}

fn score_p(cells: &[(u64, f64)]) -> Option<f64> {
    if cells.len() < 2 {
        return None;
    }
    let total: f64 = cells.iter().map(|(_, e)| e).sum();
    let squares: f64 = cells.iter().map(|(_, e)| e * e).sum();
    let each = |&(o, e): &(u64, f64)| (real(o) - e) * (real(o) - e) - real(o) + e * e / total;
    let excess: f64 = cells.iter().map(each).sum();
    // A p of 0 would claim more than a normal approximation can.
    Some(normal_upper(excess / (2.0 * squares).sqrt()).max(f64::MIN_POSITIVE))
}

/// The likelier law.
fn likeliest_law(cells: &[(u64, f64)]) -> Option<VarianceLaw> {
    let quadratic = likeliest_size(cells).map(|size| VarianceLaw::Quadratic { size });
    let linear = likeliest_phi(cells).map(|phi| VarianceLaw::Linear { phi });
    match (quadratic, linear) {
        (Some(one), Some(other)) => {
            let more = log_likelihood(cells, other) - log_likelihood(cells, one);
            Some(if more > EQUAL { other } else { one })
        }
        _ => quadratic.or(linear),
    }
}

/// The log likelihood without Σ ln o!; pairs are (count, mean).
fn log_likelihood(cells: &[(u64, f64)], law: VarianceLaw) -> f64 {
    let each = |&(count, mean): &(u64, f64)| {
        let size = law.size(mean);
        let counted =
            if count > 0 { ln_rising(size, count) - real(count) * ln_1p(size / mean) } else { 0.0 };
        counted - size * ln_1p(mean / size)
    };
    cells.iter().map(each).sum()
}

/// The root of the likelihood's slope in the size; pairs are (count, mean).
pub(in crate::statistics) fn likeliest_size(cells: &[(u64, f64)]) -> Option<f64> {
    let (mut excess, mut squares) = (0.0, 0.0);
    for &(count, mean) in cells {
        let count = real(count);
        excess += (count - mean) * (count - mean) - count;
        squares += mean * mean;
    }
    if excess <= 0.0 {
        return None;
    }
    // d ℓ / d ln r, positive while r is too small.
    let slope = |u: f64| {
        let r = exp(u);
        let each =
            |&(o, e): &(u64, f64)| digamma_rise(r, o) - ln_1p(e / r) + (e - real(o)) / (r + e);
        r * cells.iter().map(each).sum::<f64>()
    };
    likeliest(slope, squares / excess, SMALLEST_SIZE)
}

/// The φ of the linear law, found by its inverse excess θ = 1/(φ − 1): the size per expected event.
fn likeliest_phi(cells: &[(u64, f64)]) -> Option<f64> {
    let (mut score, mut all, mut expected) = (0.0, 0.0, 0.0);
    for &(count, mean) in cells {
        let count = real(count);
        score += ((count - mean) * (count - mean) - count) / mean;
        all += count;
        expected += mean;
    }
    if score <= 0.0 {
        return None;
    }
    let counted: Vec<(u64, f64)> = cells.iter().filter(|(count, _)| *count > 0).copied().collect();
    // d ℓ / d ln θ; what regions without events add depends on their sum only.
    let slope = |u: f64| {
        let theta = exp(u);
        let rise: f64 = counted.iter().map(|&(o, e)| e * digamma_rise(theta * e, o)).sum();
        theta * (rise - expected * ln_1p(1.0 / theta) + (expected - all) / (1.0 + theta))
    };
    let theta = likeliest(slope, size(cells.len()) / score, SMALLEST_SIZE / expected)?;
    Some(1.0 + 1.0 / theta)
}

/// Where the slope over the logarithm falls through 0, looked for from the moment estimate on; `None` when it does not
/// before [`LARGEST_SIZE`].
fn likeliest(slope: impl Fn(f64) -> f64, moments: f64, smallest: f64) -> Option<f64> {
    let ends = (ln(smallest), ln(LARGEST_SIZE));
    let at = |u: f64| (u, slope(u));
    let mut near = at(ln(moments).clamp(ends.0, ends.1));
    let step = if near.1 > 0.0 { ln(2.0) } else { -ln(2.0) };
    loop {
        let far = at((near.0 + step).clamp(ends.0, ends.1));
        if (far.1 > 0.0) != (near.1 > 0.0) {
            return Some(exp(root::between(slope, near, far)));
        }
        if far.0 >= ends.1 {
            return None;
        }
        if far.0 <= ends.0 {
            return Some(smallest);
        }
        near = far;
    }
}

fn winsorised(cells: &[(u64, f64)]) -> Option<f64> {
    let mut residuals: Vec<f64> = cells
        .iter()
        .filter(|(_, expected)| *expected >= 5.0)
        .map(|&(observed, expected)| (real(observed) - expected) / expected.sqrt())
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

/// 600 regions of very different size, their counts negative binomial by a law.
#[cfg(test)]
fn drawn(law: VarianceLaw, map: u64) -> (Vec<u64>, Vec<f64>) {
    use super::numerics::{poisson, random::Key};
    let key = Key::new(3, 3);
    let expected: Vec<f64> = (0..600).map(|i| 0.2 * exp(0.7 * f64::from(i % 7))).collect();
    let draw = |(region, &mean): (u32, &f64)| {
        let mut stream = key.stream(region, map);
        let size = law.size(mean);
        poisson::draw(mean * stream.gamma(size) / size, &mut stream)
    };
    ((0..).zip(&expected).map(draw).collect(), expected)
}

#[test]
fn the_law_of_a_mixed_population_and_its_number_are_found_again() {
    for map in 0..10 {
        let (observed, expected) = drawn(VarianceLaw::Quadratic { size: 2.0 }, map);
        let found = estimate(&observed, &expected);
        let Some(VarianceLaw::Quadratic { size }) = found.law else { panic!("{map}: {found:?}") };
        // The standard error of the estimate is about 0.3 here, that of φ below about 0.25.
        assert!((1.3..3.2).contains(&size), "{size}");
        assert!(found.p.is_some_and(|p| p < 1e-9));
        assert!(found.phi.is_some_and(|phi| phi > 1.5));
        let (observed, expected) = drawn(VarianceLaw::Linear { phi: 3.0 }, map);
        let found = estimate(&observed, &expected);
        let Some(VarianceLaw::Linear { phi }) = found.law else { panic!("{map}: {found:?}") };
        assert!((2.3..4.0).contains(&phi), "{phi}");
    }
}

#[test]
fn each_number_is_where_its_likelihood_is_largest() {
    let (counts, expected) = drawn(VarianceLaw::Linear { phi: 2.0 }, 77);
    let cells: Vec<(u64, f64)> = counts.into_iter().zip(expected).collect();
    let (size, phi) = (likeliest_size(&cells).unwrap(), likeliest_phi(&cells).unwrap());
    for (found, below, above) in [
        (
            VarianceLaw::Quadratic { size },
            VarianceLaw::Quadratic { size: 0.999 * size },
            VarianceLaw::Quadratic { size: 1.001 * size },
        ),
        (
            VarianceLaw::Linear { phi },
            VarianceLaw::Linear { phi: 0.999 * phi },
            VarianceLaw::Linear { phi: 1.001 * phi },
        ),
    ] {
        let at = log_likelihood(&cells, found);
        assert!(at > log_likelihood(&cells, below) && at > log_likelihood(&cells, above));
    }
    // Of a single count 2 around 1, by hand: size 2 gives Γ(4)/Γ(2)·(2/3)²·3⁻² = 24/81.
    let by_hand = log_likelihood(&[(2, 1.0)], VarianceLaw::Linear { phi: 1.5 });
    assert!((by_hand - ln(24.0 / 81.0)).abs() < 1e-14, "{by_hand}");
}

#[test]
fn edge_cases_have_no_law_or_the_one_at_its_bound() {
    assert_eq!(estimate(&[], &[]), Dispersion { law: None, phi: None, p: None });
    assert_eq!(estimate(&[0; 9], &[0.0; 9]).law, None);
    assert_eq!(estimate(&[1; 9], &[1.0; 9]).law, None, "no scatter at all");
    // One region of twenty has everything: a size below the smallest, which only the linear law can give.
    let mut counts = [0; 20];
    counts[4] = 1_000_000;
    let found = estimate(&counts, &[50_000.0; 20]).law;
    assert_eq!(likeliest_size(&counts.map(|count| (count, 50_000.0))), Some(SMALLEST_SIZE));
    let size = found.map(|law| law.size(50_000.0));
    assert!(size.is_some_and(|size| size > 0.001 && size < SMALLEST_SIZE), "{found:?}");
    // Regions without exposure are left out; of one size both laws are one, and it is called quadratic.
    let (some, all) = ([9, 1, 0, 2, 8], [4.0; 5]);
    assert_eq!(
        estimate(&some, &all),
        estimate(&[9, 1, 0, 7, 2, 8], &[4.0, 4.0, 4.0, 0.0, 4.0, 4.0])
    );
    let (size, phi) = (
        likeliest_size(&some.map(|count| (count, 4.0))).unwrap(),
        likeliest_phi(&some.map(|count| (count, 4.0))).unwrap(),
    );
    assert!((VarianceLaw::Linear { phi }.size(4.0) / size - 1.0).abs() < 1e-9);
    assert_eq!(estimate(&some, &all).law, Some(VarianceLaw::Quadratic { size }));
    // Large regions as expected, small ones not: no quadratic law, but a linear one.
    let found = estimate(&[1_000, 1_001, 3, 0, 0, 0], &[1_000.0, 1_001.0, 0.75, 0.75, 0.75, 0.75]);
    assert!(matches!(found.law, Some(VarianceLaw::Linear { .. })), "{found:?}");
}
