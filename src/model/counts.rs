//! Counts: whole numbers with the exposure and coverage that belong to them.

use super::Status;

/// A value, or the reason there is none. Never NaN, never a stand-in zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<T> {
    /// There is a value.
    Value(T),
    /// There is none, because.
    Empty(Status),
}

impl<T> Cell<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Empty(_) => None,
        }
    }
}

/// What was counted in one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// Events, offences, votes, persons.
    pub numerator: u64,
    /// The other count of a share, already scaled to the covered part of the period; a real number therefore.
    pub denominator: Option<f64>,
    /// Records whose outcome is unknown, kept out of numerator and denominator.
    pub unknown: Option<u64>,
    /// Person-years under observation (population × covered years).
    pub exposure: Option<f64>,
    /// Share of the period's days that the sources cover, in (0, 1].
    pub coverage: f64,
    /// Whether weights below 1 moved any of it between vintages.
    pub estimated: bool,
    /// Attendance sizes, for measures of participation.
    pub sizes: Option<Box<Sizes>>,
    /// Half the rounding unit of the source, summed over what was added (persons).
    pub rounding: f64,
}

/// Sizes of the events in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sizes {
    /// Events, with or without a size.
    pub n_events: u64,
    /// Sum of the low estimates.
    pub low: u64,
    /// Sum of the high estimates.
    pub high: u64,
    /// The middle estimate of each event that has one, ascending.
    pub mid: Vec<u64>,
}
