//! Intervals: how far a number could be from what is recorded. Limits are always the pair (lower, upper).
//!
//! | module | for |
//! |---|---|
//! | [`garwood`] | a count: exact Poisson limits |
//! | [`byar`] | a count, for parity with published figures that use Byar's formula |
//! | [`negative_binomial`] | a count that scatters more than Poisson |
//! | [`wilson`] | a proportion |
//! | [`clopper_pearson`] | a proportion, never covering less than said; real counts allowed |
//! | [`korn_graubard`] | a proportion from a survey |
//! | [`ratio`] | one count over another, by how the two are related |
//! | [`goodman`] | the parts of a whole, simultaneously |
//! | [`conditional_binomial`] | two counts of one region: rate ratio and p |
//! | [`mover`] | two counts of one region: difference |
//! | [`bootstrap`] | total, mean, median and top share of attendance |

pub mod bootstrap;
pub mod byar;
pub mod clopper_pearson;
pub mod conditional_binomial;
pub mod garwood;
pub mod goodman;
pub mod korn_graubard;
pub mod mover;
pub mod negative_binomial;
pub mod ratio;
pub mod wilson;

pub use crate::model::CountLimits;

use super::numerics::float::normal_quantile;

/// How often the interval may miss, as reports use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// 90 %.
    P90,
    /// 95 %.
    P95,
    /// 99.8 %, the outer limit of funnel plots.
    P998,
}

impl Confidence {
    /// The probability left out on each side.
    pub fn tail(self) -> f64 {
        match self {
            Self::P90 => 0.05,
            Self::P95 => 0.025,
            Self::P998 => 0.001,
        }
    }

    /// Every level, with its per cent as they are written.
    pub const NAMES: [(&str, Self); 3] =
        [("90", Self::P90), ("95", Self::P95), ("99.8", Self::P998)];

    /// From a command line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, level)| *level).ok_or("give `90`, `95` or `99.8`".to_owned())
    }

    /// Its per cent, as they are written.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }

    /// The normal quantile: 1.645, 1.960, 3.090.
    pub fn z(self) -> f64 {
        normal_quantile(self.tail())
    }
}

/// Fewer events than this are few: exact limits in [`CountLimits::Phe`].
pub(super) const FEW: u64 = 10;

impl CountLimits {
    /// The formula for a count: `garwood` or `byar`.
    pub fn method(self, count: u64) -> &'static str {
        match self {
            Self::Byar => "byar",
            Self::Phe if count >= FEW => "byar",
            Self::Exact | Self::Phe => "garwood",
        }
    }

    /// The limits of a count.
    pub fn of(self, count: u64, confidence: Confidence) -> (f64, f64) {
        match self.method(count) {
            "byar" => byar::limits(count, confidence),
            _ => garwood::limits(count, confidence),
        }
    }
}

#[test]
fn the_choice_of_public_health_england_turns_at_ten_events() {
    let at = Confidence::P95;
    assert_eq!(CountLimits::Phe.of(9, at), garwood::limits(9, at));
    assert_eq!(CountLimits::Phe.of(10, at), byar::limits(10, at));
    assert_ne!(byar::limits(9, at), garwood::limits(9, at));
    for (name, limits) in CountLimits::NAMES {
        assert_eq!((CountLimits::parse(name), limits.name()), (Ok(limits), name));
    }
}
