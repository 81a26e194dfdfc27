//! Trends: whether a series rises or falls over time, how steeply, and what may be said of it at all.
//!
//! | module | for |
//! |---|---|
//! | [`breaks`] | the stretches between declared method breaks |
//! | [`mann_kendall`] | is there a monotone trend? |
//! | [`kendall_distribution`] | the exact distribution behind it, with and without ties |
//! | [`seasonal_mann_kendall`] | the same for months or quarters, each compared with itself |
//! | [`theil_sen`] | how steep, without assuming a distribution |
//! | [`poisson`] | log-linear trend of counts with exposure; quasi-Poisson standard errors |
//! | [`negative_binomial`] | the same for counts that scatter more than Poisson: the main one |
//! | [`log_linear`] | what the two have in common: the series, the fit, the yearly change in per cent |
//! | [`emerging`] | eight hot and eight cold classes of one location's history |

pub mod breaks;
pub mod emerging;
pub mod kendall_distribution;
pub mod log_linear;
pub mod mann_kendall;
pub mod negative_binomial;
pub mod poisson;
pub mod seasonal_mann_kendall;
pub mod theil_sen;

/// Fewer disjoint points than this carry no statement about a trend: it is printed as "n/a".
pub const FEWEST_POINTS: usize = 8;

/// Why there is no trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTrend {
    /// Too few points in the stretch.
    TooFewPoints {
        /// Points there are.
        n: usize,
    },
    /// A method break was declared, and the stretch after it is too short.
    RecordingChanged {
        /// Points since the last break.
        n_since: usize,
    },
    /// Too few events in the whole series for a yearly change.
    TooFewEvents {
        /// Events there are.
        n_events: u64,
    },
    /// Not one event.
    NoEvents,
    /// All events fall on the first or on the last time: the slope is unbounded.
    AllAtOneEnd,
    /// Not as many counts and exposures as times, an exposure that is not positive, or a number that is not finite.
    BadSeries,
    /// All points have the same time.
    OneTime,
}

/// The reason, as the end of a sentence.
impl std::fmt::Display for NoTrend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooFewPoints { n } => {
                write!(f, "{n} whole periods; a trend needs {FEWEST_POINTS}")
            }
            Self::RecordingChanged { n_since } => write!(
                f,
                "no trend: recording changed, {n_since} whole periods since; a trend needs {FEWEST_POINTS}"
            ),
            Self::TooFewEvents { n_events } => write!(f, "only {n_events} recorded in all"),
            Self::NoEvents => f.write_str("nothing recorded"),
            Self::AllAtOneEnd => {
                f.write_str("everything recorded in the first or in the last period")
            }
            Self::BadSeries | Self::OneTime => f.write_str("the series cannot be fitted"),
        }
    }
}
