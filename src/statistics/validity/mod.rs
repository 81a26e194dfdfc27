//! Does what is promised hold? Studies of our own methods on made-up maps whose truth is known.
//!
//! Every study takes how many maps to draw, so that a test can run a small version and the methods page a large one. They
//! return figures; whoever calls them judges.
//!
//! | module | asks |
//! |---|---|
//! | [`world`] | how the maps are made |
//! | [`false_alarms`] | how often a family of tests finds something where there is nothing |
//! | [`coverage`] | how often an interval holds the truth, added up exactly |
//! | [`posteriors`] | how often posterior intervals hold the truth, on average over regions |
//! | [`power`] | how often a raised region is found, by how much is expected in it |
//! | [`dropping`] | whether stopping draws early changes what is found |

pub mod coverage;
pub mod dropping;
pub mod false_alarms;
pub mod posteriors;
pub mod power;
pub mod world;

use super::{
    interval::{Confidence, clopper_pearson},
    numerics::float::real,
};

/// How many of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// With the property.
    pub hits: u64,
    /// All.
    pub all: u64,
}

impl Share {
    /// Counts the cases that have the property.
    pub fn of(cases: impl IntoIterator<Item = bool>) -> Self {
        cases
            .into_iter()
            .fold(Self::default(), |share, hit| share.plus(Self { hits: u64::from(hit), all: 1 }))
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, all: self.all + other.all }
    }

    /// The share; 0 of 0 is 0.
    pub fn value(self) -> f64 {
        real(self.hits) / real(self.all.max(1))
    }

    /// Clopper and Pearson's 95 % limits: what the number of maps leaves open.
    pub fn limits(self) -> (f64, f64) {
        clopper_pearson::limits(real(self.hits), real(self.all), Confidence::P95)
            .unwrap_or((0.0, 1.0))
    }
}
