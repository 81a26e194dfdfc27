//! Alarms: whether the last period of a series holds more than its past explains, or why it was not watched.

use super::MeasureKey;

/// How a period was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmMethod {
    /// Farrington and Noufaily's regression on season and trend.
    Farrington,
    /// Chart of individual values and moving ranges.
    Xmr,
}

impl AlarmMethod {
    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Farrington => "farrington",
            Self::Xmr => "xmr",
        }
    }
}

/// A period against its past.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Watched {
    /// How it was judged.
    pub method: AlarmMethod,
    /// The count.
    pub observed: u64,
    /// What the past makes likely.
    pub expected: f64,
    /// The largest count that is no alarm.
    pub upper: f64,
    /// P(a count at least as large); a chart has none.
    pub p: Option<f64>,
    /// (observed − expected)/(upper − expected); `None` when the limit does not exceed what is expected.
    pub exceedance: Option<f64>,
    /// Periods of the past looked at.
    pub n_baseline: usize,
    /// Whether it is more than the past explains.
    pub alarm: bool,
}

/// The last whole period of a measure in a region.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Watch {
    /// Which measure.
    pub measure: MeasureKey,
    /// Region index.
    pub region: usize,
    /// Base period asked about; `None` when none is covered as a whole.
    pub period: Option<usize>,
    /// The answer.
    pub watched: Option<Watched>,
    /// Why there is none. Never a number, so that series not watched for one reason can be counted.
    pub reason: Option<String>,
}

impl Watch {
    /// Whether it is an alarm.
    pub fn is_alarm(&self) -> bool {
        self.watched.is_some_and(|found| found.alarm)
    }

    /// The same without an answer, because.
    #[must_use]
    pub fn withheld(&self, reason: &str) -> Self {
        Self { watched: None, reason: Some(reason.to_owned()), ..self.clone() }
    }
}
