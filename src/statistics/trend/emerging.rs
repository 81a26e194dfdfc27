//! Emerging hot and cold spots: the history of one location in eight hot classes, eight cold ones, or none.
//!
//! # Question
//! Is this hot spot new, growing, there all along, or gone?
//!
//! # Definition
//! Each period of a location is a significant hot spot (`Hot`), a significant cold spot (`Cold`) or neither, by its
//! Gi\* under false discovery rate control. The trend is that of [`mann_kendall`] on the Gi\* scores of all periods, at
//! level α. With h the share of hot periods, the hot classes are
//!
//! | class | final period | h | and |
//! |---|---|---|---|
//! | new | hot | – | never hot before |
//! | consecutive | hot | < 90 % | one run of at least two hot periods at the end, never hot before that |
//! | intensifying | hot | ≥ 90 % | scores rise significantly |
//! | persistent | hot | ≥ 90 % | no significant trend |
//! | diminishing | hot | ≥ 90 % | scores fall significantly |
//! | sporadic | hot | < 90 % | on and off; never cold |
//! | oscillating | hot | < 90 % | cold in some period before |
//! | historical | not hot | ≥ 90 % | – |
//!
//! The cold classes exchange hot and cold, rise and fall. Where two definitions fit, the one higher in the table holds,
//! and what the final period is decides between hot and cold. Everything else has no pattern.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `history` | `&[Option<Gi>]` | one per disjoint period, in time order | – | `None` without data |
//! | `alpha` | `f64` | – | – | (0, 1), level of the trend |
//!
//! [`spots`] makes one period of every location from counts: Gi\* of the empirical-Bayes index, tested by conditional
//! permutation, or by maps drawn from the model where counts are sparse.
//!
//! # Output
//! An [`Emerging`] class.
//!
//! # Undefined
//! [`Emerging::InsufficientData`] below [`FEWEST_PERIODS`] periods, when one is without data, or a score is not finite.
//!
//! # Assumptions, and when not to use it
//! Disjoint periods, recorded in one way ([`super::breaks`]). The classes describe what tests said; an error of theirs
//! in the final period changes the class.
//!
//! # Cost and determinism
//! That of [`mann_kendall`]; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::emerging::{Emerging, Gi, Pattern, Spot, classify};
//! let history: Vec<Option<Gi>> = (0..12)
//!     .map(|at| Gi { z: 0.2, spot: if at == 11 { Spot::Hot } else { Spot::Neither } })
//!     .map(Some)
//!     .collect();
//! assert_eq!(classify(&history, 0.05), Emerging::Hot(Pattern::New));
//! assert_eq!(classify(&history[3..], 0.05), Emerging::InsufficientData);
//! ```
//!
//! # Source
//! Esri, *How Emerging Hot Spot Analysis works*, ArcGIS Pro documentation,
//! <https://pro.arcgis.com/en/pro-app/latest/tool-reference/space-time-pattern-mining/learnmoreemerging.htm>; Ord JK,
//! Getis A (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.

use super::mann_kendall;
use crate::{
    model::{Quadrant, Weights},
    statistics::{
        numerics::{float::real, random::Key},
        spatial::{
            empirical_bayes_index::standardise,
            local, model_based,
            sequential::{Outcome, Plan},
        },
    },
};

/// Fewer disjoint periods than this are not classed.
pub const FEWEST_PERIODS: usize = 10;

/// What the test said of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Significantly high surroundings.
    Hot,
    /// Significantly low surroundings.
    Cold,
    /// Not significant.
    Neither,
}

/// One period of a location.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gi {
    /// Gi\* as a standard score.
    pub z: f64,
    /// Its test.
    pub spot: Spot,
}

/// The eight ways in which a location is a hot spot, or a cold one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// For the first time in the final period.
    New,
    /// In one run up to the final period, never before.
    Consecutive,
    /// Nearly always, and more and more.
    Intensifying,
    /// Nearly always, without a trend.
    Persistent,
    /// Nearly always, and less and less.
    Diminishing,
    /// On and off, in the final period too.
    Sporadic,
    /// In the final period, and the opposite at some time.
    Oscillating,
    /// Nearly always, but not in the final period.
    Historical,
}

/// The class of a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emerging {
    /// A hot spot.
    Hot(Pattern),
    /// A cold spot.
    Cold(Pattern),
    /// None of the sixteen.
    NoPattern,
    /// Too few periods, or gaps.
    InsufficientData,
}

impl Emerging {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::InsufficientData => "insufficient data",
            Self::NoPattern => "no pattern",
            Self::Hot(pattern) => match pattern {
                Pattern::New => "new hot spot",
                Pattern::Consecutive => "consecutive hot spot",
                Pattern::Intensifying => "intensifying hot spot",
                Pattern::Persistent => "persistent hot spot",
                Pattern::Diminishing => "diminishing hot spot",
                Pattern::Sporadic => "sporadic hot spot",
                Pattern::Oscillating => "oscillating hot spot",
                Pattern::Historical => "historical hot spot",
            },
            Self::Cold(pattern) => match pattern {
                Pattern::New => "new cold spot",
                Pattern::Consecutive => "consecutive cold spot",
                Pattern::Intensifying => "intensifying cold spot",
                Pattern::Persistent => "persistent cold spot",
                Pattern::Diminishing => "diminishing cold spot",
                Pattern::Sporadic => "sporadic cold spot",
                Pattern::Oscillating => "oscillating cold spot",
                Pattern::Historical => "historical cold spot",
            },
        }
    }
}

/// Gi\* and its test for every location in one period; all `None` when nothing was recorded in it.
pub fn spots(
    observed: &[u64],
    exposure: &[f64],
    weights: &Weights,
    alpha: f64,
    key: Key,
) -> Vec<Option<Gi>> {
    let n = observed.len();
    let Some(index) = standardise(observed, exposure) else { return vec![None; n] };
    let plan = Plan::reaching(n, alpha);
    let overall = real(observed.iter().sum()) / exposure.iter().sum::<f64>();
    let expected: Vec<f64> = exposure.iter().map(|own| own * overall).collect();
    let outcomes: Vec<Option<Outcome>> = if model_based::is_sparse(&expected) {
        model_based::replicate(observed, exposure, None, weights, &plan, key)
    } else {
        local::permute(&index.values, weights, &plan, key)
    };
    local::statistics(&index.values, weights)
        .into_iter()
        .zip(outcomes)
        .map(|(found, outcome)| {
            let (found, outcome) = (found?, outcome?);
            let spot = match found.quadrant {
                _ if !outcome.significant => Spot::Neither,
                Quadrant::HighHigh | Quadrant::LowHigh => Spot::Hot,
                Quadrant::LowLow | Quadrant::HighLow => Spot::Cold,
            };
            Some(Gi { z: found.gi_star, spot })
        })
        .collect()
}

/// Classes the history of one location.
pub fn classify(history: &[Option<Gi>], alpha: f64) -> Emerging {
    let known: Vec<Gi> = history.iter().copied().flatten().collect();
    let scores: Vec<f64> = known.iter().map(|period| period.z).collect();
    let (Some(trend), Some(last)) = (mann_kendall::test(&scores), known.last()) else {
        return Emerging::InsufficientData;
    };
    if known.len() < history.len() || known.len() < FEWEST_PERIODS {
        return Emerging::InsufficientData;
    }
    let direction = if trend.p < alpha { trend.s.signum() } else { 0 };
    let spots: Vec<Spot> = known.iter().map(|period| period.spot).collect();
    let hot = || pattern(&spots, Spot::Hot, Spot::Cold, direction).map(Emerging::Hot);
    let cold = || pattern(&spots, Spot::Cold, Spot::Hot, -direction).map(Emerging::Cold);
    let found = if last.spot == Spot::Cold { cold().or_else(hot) } else { hot().or_else(cold) };
    found.unwrap_or(Emerging::NoPattern)
}

/// The pattern of one side; `direction` is +1 where its intensity rises significantly, −1 where it falls.
fn pattern(spots: &[Spot], own: Spot, opposite: Spot, direction: i64) -> Option<Pattern> {
    let n_own = spots.iter().filter(|&&spot| spot == own).count();
    let nearly_always = 10 * n_own >= 9 * spots.len();
    if spots.last() != Some(&own) {
        return nearly_always.then_some(Pattern::Historical);
    }
    let run = spots.iter().rev().take_while(|&&spot| spot == own).count();
    Some(match (nearly_always, direction) {
        _ if n_own == 1 => Pattern::New,
        (false, _) if n_own == run => Pattern::Consecutive,
        (true, 1) => Pattern::Intensifying,
        (true, -1) => Pattern::Diminishing,
        (true, _) => Pattern::Persistent,
        (false, _) if spots.contains(&opposite) => Pattern::Oscillating,
        (false, _) => Pattern::Sporadic,
    })
}

/// A history written as letters: H hot, C cold, anything else neither; scores rise, fall or stay by turns.
#[cfg(test)]
fn history(letters: &str, step: f64) -> Vec<Option<Gi>> {
    let mut at = 0.0;
    letters
        .chars()
        .map(|letter| {
            at += 1.0;
            let wobble = if at % 2.0 > 0.5 { 0.4 } else { -0.4 };
            let (level, spot) = match letter {
                'H' => (3.0, Spot::Hot),
                'C' => (-3.0, Spot::Cold),
                _ => (0.0, Spot::Neither),
            };
            Some(Gi { z: level + wobble + step * at, spot })
        })
        .collect()
}

#[test]
fn a_series_for_each_of_the_seventeen_classes() {
    use Pattern::{
        Consecutive, Diminishing, Historical, Intensifying, New, Oscillating, Persistent, Sporadic,
    };
    let hot = [
        ("...........H", 0.0, New),
        ("CC.........H", 0.0, New),
        (".........HHH", 0.0, Consecutive),
        ("C......HHHHH", 0.0, Consecutive),
        ("HHHHHHHHHHHH", 0.5, Intensifying),
        ("H.HHHHHHHHHH", 0.9, Intensifying),
        ("HHHHHHHHHHHH", 0.0, Persistent),
        ("HHHHHHHHH.HH", 0.0, Persistent),
        ("HHHHHHHHHHHH", -0.2, Diminishing),
        ("H..H....HH.H", 0.0, Sporadic),
        ("H..C....HH.H", 0.0, Oscillating),
        ("HHHHHHHHHHH.", 0.0, Historical),
        ("HHHHHHHHHHHC", 0.0, New),
    ];
    for (letters, step, pattern) in hot {
        let found = classify(&history(letters, step), 0.05);
        let mirrored: String = letters
            .chars()
            .map(|letter| match letter {
                'H' => 'C',
                'C' => 'H',
                other => other,
            })
            .collect();
        let opposite = classify(&history(&mirrored, -step), 0.05);
        if letters.ends_with('C') {
            assert_eq!((found, opposite), (Emerging::Cold(pattern), Emerging::Hot(pattern)));
        } else {
            assert_eq!(found, Emerging::Hot(pattern), "{letters}");
            assert_eq!(opposite, Emerging::Cold(pattern), "{mirrored}");
        }
    }
    for letters in ["............", "HHHHH.......", "HCHCHCHCHC..", "HHHHHHHHHH.."] {
        assert_eq!(classify(&history(letters, 0.0), 0.05), Emerging::NoPattern, "{letters}");
    }
}

#[test]
fn few_periods_and_gaps_are_not_classed() {
    assert_eq!(classify(&[], 0.05), Emerging::InsufficientData);
    assert_eq!(classify(&history("HHHHHHHHH", 0.0), 0.05), Emerging::InsufficientData);
    let mut gap = history("HHHHHHHHHHHH", 0.0);
    gap[3] = None;
    assert_eq!(classify(&gap, 0.05), Emerging::InsufficientData);
    let mut bad = history("HHHHHHHHHHHH", 0.0);
    bad[0] = Some(Gi { z: f64::NAN, spot: Spot::Hot });
    assert_eq!(classify(&bad, 0.05), Emerging::InsufficientData);
}
