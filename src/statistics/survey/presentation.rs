//! Whether a proportion may be shown: the presentation standard of the National Center for Health Statistics (NCHS).
//!
//! # Question
//! A region's share rests on 40 interviews in three clusters. May it stand in a table?
//!
//! # Definition
//! With n rows, effective sample size p(1 − p)/se² (n where nothing varies), and the width of Korn and Graubard's 95 %
//! interval, in this order:
//!
//! 1. fewer than 30 rows or an effective size below 30: suppress;
//! 2. fewer than [`FEWEST_POSITIVE`] respondents with the property: suppress (our addition, for their protection);
//! 3. width at least 0.30: suppress; at most 0.05: go on to 5;
//! 4. width more than 130 % of p: suppress; more than 130 % of 1 − p: show with a footnote;
//! 5. fewer than 8 degrees of freedom, or p = 0 or 1: a statistician reviews it.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `estimate` | [`Estimate`] | proportion | of [`super::estimate::Statistic::Proportion`] |
//!
//! # Output
//! A [`Presentation`]: the verdict and every reason for it, not only the first.
//!
//! # Undefined
//! Never: where the interval cannot be computed the estimate is suppressed, and that is the reason given.
//!
//! # Assumptions, and when not to use it
//! For proportions only. A statement about reliability; disclosure control comes besides. NCHS rounds widths to a tenth
//! of a percent before comparing, this does not.
//!
//! # Cost and determinism
//! O(√n) at worst; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{design::{Design, Policy}, estimate::{Domains, Statistic}, presentation, taylor};
//! let answers: Vec<Option<bool>> = (0..400).map(|i| Some(i % 4 == 0)).collect();
//! let design = Design::new(&[12.5; 400], &[], Policy::default()).unwrap();
//! let share = taylor::estimate(&design, Statistic::Proportion(&answers), &Domains::Whole)[0].unwrap();
//! assert_eq!(presentation::judge(&share).verdict, presentation::Verdict::Show);
//! ```
//!
//! # Source
//! Parker JD et al. (2017), *National Center for Health Statistics Data Presentation Standards for Proportions*, Vital
//! Health Stat 2(175), <https://www.cdc.gov/nchs/data/series/sr_02/sr02_175.pdf>.

use super::estimate::Estimate;
pub use crate::model::Verdict;
use crate::statistics::interval::{
    Confidence,
    korn_graubard::{self, EffectiveSize},
};

/// Fewest rows, and smallest effective sample size.
pub const SMALLEST_SAMPLE: u32 = 30;
/// Fewest respondents with the property.
pub const FEWEST_POSITIVE: u32 = 10;
/// From this width of the interval on nothing is shown.
pub const WIDE: f64 = 0.30;
/// Up to this width relative widths do not matter.
pub const NARROW: f64 = 0.05;
/// Largest width relative to the proportion, or to its complement.
pub const RELATIVELY_WIDE: f64 = 1.30;
/// Fewest degrees of freedom without review.
pub const FEWEST_DEGREES: u32 = 8;

/// Why an estimate is not simply shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Fewer than [`SMALLEST_SAMPLE`] rows.
    FewRows,
    /// An effective sample size below [`SMALLEST_SAMPLE`].
    SmallEffectiveSample,
    /// Fewer than [`FEWEST_POSITIVE`] respondents with the property.
    FewPositive,
    /// The interval cannot be computed.
    NoInterval,
    /// An interval at least [`WIDE`] wide.
    Wide,
    /// An interval wider than [`RELATIVELY_WIDE`] times the proportion.
    RelativelyWide,
    /// Fewer than [`FEWEST_DEGREES`] degrees of freedom.
    FewDegrees,
    /// Nobody, or everybody.
    ZeroOrOne,
    /// An interval wider than [`RELATIVELY_WIDE`] times the complement.
    ComplementRelativelyWide,
}

impl Reason {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::FewRows => "fewer than 30 respondents",
            Self::SmallEffectiveSample => "as unsure as fewer than 30 respondents",
            Self::FewPositive => "fewer than 10 respondents said so",
            Self::NoInterval => "no interval can be computed",
            Self::Wide => "the interval is 30 percentage points wide or more",
            Self::RelativelyWide => "the interval is wider than 130 % of the share",
            Self::FewDegrees => "fewer than 8 degrees of freedom",
            Self::ZeroOrOne => "nobody, or everybody",
            Self::ComplementRelativelyWide => "the interval is wider than 130 % of the complement",
        }
    }

    /// What follows from it alone.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::ComplementRelativelyWide => Verdict::Footnote,
            Self::FewDegrees | Self::ZeroOrOne => Verdict::Review,
            _ => Verdict::Suppress,
        }
    }
}

/// The judgement of one proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    /// The worst that follows from any reason.
    pub verdict: Verdict,
    /// All reasons, in the standard's order.
    pub reasons: Vec<Reason>,
    /// Korn and Graubard's 95 % limits.
    pub interval: Option<(f64, f64)>,
}

/// Judges an estimated proportion.
pub fn judge(estimate: &Estimate) -> Presentation {
    let p = estimate.value;
    let (n, df) = (estimate.n, estimate.df);
    // Nobody and everybody need no standard error.
    let se = estimate.se.or((p <= 0.0 || p >= 1.0).then_some(0.0));
    let size = EffectiveSize::AtMostSample;
    let limits = |se| korn_graubard::limits(p, se, n, df, Confidence::P95, size);
    let interval = se.and_then(limits);
    let mut reasons = Vec::new();
    let mut note = |applies: bool, reason: Reason| {
        if applies {
            reasons.push(reason);
        }
    };
    let smallest = f64::from(SMALLEST_SAMPLE);
    note(n < SMALLEST_SAMPLE, Reason::FewRows);
    note(estimate.n_eff.is_some_and(|size| size < smallest), Reason::SmallEffectiveSample);
    note(estimate.n_positive < FEWEST_POSITIVE, Reason::FewPositive);
    note(interval.is_none(), Reason::NoInterval);
    let width = interval.map(|(lower, upper)| upper - lower);
    let between = width.filter(|&width| width > NARROW);
    note(width.is_some_and(|width| width >= WIDE), Reason::Wide);
    note(between.is_some_and(|width| width > RELATIVELY_WIDE * p), Reason::RelativelyWide);
    note(df < FEWEST_DEGREES, Reason::FewDegrees);
    note(p <= 0.0 || p >= 1.0, Reason::ZeroOrOne);
    let complement = between.is_some_and(|width| width > RELATIVELY_WIDE * (1.0 - p));
    note(complement, Reason::ComplementRelativelyWide);
    let verdict = reasons.iter().map(|reason| reason.verdict()).max().unwrap_or(Verdict::Show);
    Presentation { verdict, reasons, interval }
}

#[cfg(test)]
fn share(p: f64, se: f64, n: u32, df: u32, n_positive: u32) -> Estimate {
    let varies = se > 0.0;
    Estimate {
        value: p,
        se: Some(se),
        df,
        n,
        n_positive,
        weight: 1e6,
        n_eff: varies.then(|| p * (1.0 - p) / (se * se)),
        deff: varies.then_some(1.0),
        deff_without_replacement: None,
    }
}

#[test]
fn each_rule_of_the_standard_decides_alone() {
    for (share, verdict, reasons) in [
        (share(0.3, 0.02, 600, 40, 180), Verdict::Show, vec![]),
        // Width just below 0.05: no relative rule.
        (share(0.02, 0.01, 400, 60, 10), Verdict::Show, vec![]),
        (share(0.5, 0.04, 29, 20, 15), Verdict::Suppress, vec![Reason::FewRows, Reason::Wide]),
        (
            share(0.5, 0.1, 90, 20, 45),
            Verdict::Suppress,
            vec![Reason::SmallEffectiveSample, Reason::Wide],
        ),
        (share(0.2, 0.02, 45, 30, 9), Verdict::Suppress, vec![Reason::FewPositive]),
        (share(0.5, 0.075, 60, 30, 30), Verdict::Suppress, vec![Reason::Wide]),
        (share(0.06, 0.025, 200, 30, 12), Verdict::Suppress, vec![Reason::RelativelyWide]),
        (
            share(0.94, 0.025, 200, 30, 188),
            Verdict::Footnote,
            vec![Reason::ComplementRelativelyWide],
        ),
        (share(0.4, 0.03, 800, 7, 320), Verdict::Review, vec![Reason::FewDegrees]),
        (share(1.0, 0.0, 400, 60, 400), Verdict::Review, vec![Reason::ZeroOrOne]),
    ] {
        let found = judge(&share);
        assert_eq!((found.verdict, &found.reasons), (verdict, &reasons), "{share:?} {found:?}");
    }
}

#[test]
fn nobody_is_suppressed_with_every_reason() {
    let found = judge(&share(0.0, 0.0, 20, 0, 0));
    assert_eq!(found.verdict, Verdict::Suppress);
    let expected = [
        Reason::FewRows,
        Reason::FewPositive,
        Reason::RelativelyWide,
        Reason::FewDegrees,
        Reason::ZeroOrOne,
    ];
    assert_eq!(found.reasons, expected);
    assert_eq!(judge(&share(0.4, 0.1, 50, 0, 20)).reasons[1], Reason::NoInterval);
    let unknown = Estimate { se: None, ..share(0.4, 0.02, 600, 40, 240) };
    assert_eq!(judge(&unknown).reasons, [Reason::NoInterval]);
}
