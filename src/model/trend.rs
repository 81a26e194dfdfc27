//! Trends: whether a whole series rises or falls, or why nothing may be said of it.

use super::MeasureKey;

/// The trend of a measure in a region over all disjoint base periods.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Trend {
    /// Which measure.
    pub measure: MeasureKey,
    /// Region index.
    pub region: usize,
    /// Ideology slot.
    pub ideology: usize,
    /// First and last base period looked at; after the last declared break.
    pub span: Option<(usize, usize)>,
    /// Yearly change of the rate in per cent and its 95 % limits (log-linear negative-binomial trend).
    pub yearly_change: Option<(f64, f64, f64)>,
    /// Two-sided p of that slope.
    pub p: Option<f64>,
    /// Mann–Kendall's τ (b) and its two-sided p.
    pub mann_kendall: Option<(f64, f64)>,
    /// Theil–Sen's median slope of the rate per 100 000 person-years, a year, and its 95 % limits.
    pub theil_sen: Option<(f64, f64, f64)>,
    /// The level changed between these two base periods as no trend does: "check recording".
    pub jump: Option<(usize, usize)>,
    /// Why no trend is given.
    pub reason: Option<String>,
}

impl Trend {
    /// The trend without any figure, because.
    #[must_use]
    pub fn withheld(&self, reason: &str) -> Self {
        Self {
            yearly_change: None,
            p: None,
            mann_kendall: None,
            theil_sen: None,
            jump: None,
            reason: Some(reason.to_owned()),
            ..self.clone()
        }
    }
}
