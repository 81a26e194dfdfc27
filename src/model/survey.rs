//! Surveys: respondents as they were drawn, what they answered, and the shares estimated from them.

use std::{collections::BTreeMap, sync::Arc};

use super::{MeasureKey, SourceId};

/// What to do about a stratum in which a single primary sampling unit was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LonelyPsu {
    /// Refuse the design.
    #[default]
    Error,
    /// Leave the stratum out of the variance.
    Remove,
    /// Take the unit as drawn with certainty: no variance either, the same number.
    Certainty,
    /// Take its distance from the mean of the population instead of from its stratum's; cautious.
    Adjust,
    /// Give it the average variance of the other strata.
    Average,
}

impl LonelyPsu {
    /// Every policy with its name in the assessment file.
    pub const ALL: [(&'static str, Self); 5] = [
        ("error", Self::Error),
        ("remove", Self::Remove),
        ("certainty", Self::Certainty),
        ("adjust", Self::Adjust),
        ("average", Self::Average),
    ];
}

/// The respondents of a survey source, one entry each in the order of its files; a respondent is a person who was asked once.
#[derive(Debug, Clone)]
pub struct Respondents {
    /// The survey.
    pub source: SourceId,
    /// File and line of each one's first row, for messages.
    pub rows: Vec<(String, u64)>,
    /// Index of the region each one's row names.
    pub region: Vec<u32>,
    /// Base period asked in.
    pub period: Vec<usize>,
    /// Persons each one stands for; 1 where the source has no weights.
    pub weight: Vec<f64>,
    /// Stratum, numbered apart in every base period; `None`: one stratum a base period.
    pub stratum: Vec<u32>,
    /// Primary sampling unit, numbered apart in every base period; without such units each respondent is one.
    pub psu: Vec<u32>,
    /// Primary sampling units in the stratum's population; `None`: drawn with replacement, or from very many.
    pub stratum_psus: Option<Vec<f64>>,
    /// What happens to strata with a single unit.
    pub lonely: LonelyPsu,
}

/// What the respondents of a source answered to one measure's question.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Which measure.
    pub key: MeasureKey,
    /// Who was asked.
    pub respondents: Arc<Respondents>,
    /// By ideology slot (0: any of those asked about), one answer per respondent: whether it counts, `None` where missing.
    pub answers: BTreeMap<usize, Vec<Option<bool>>>,
}

/// Whether a survey estimate may be shown, from best to worst (NCHS Series 2-175).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Show it.
    Show,
    /// Show it, and say that its complement is unreliable.
    Footnote,
    /// Show it as unsure: few degrees of freedom, nobody or everybody.
    Review,
    /// Do not show it.
    Suppress,
}

impl Verdict {
    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Footnote => "footnote",
            Self::Review => "review",
            Self::Suppress => "suppress",
        }
    }
}

/// A share of the population, estimated from the respondents of one region. Shares and limits are in the measure's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyShare {
    /// Which measure.
    pub measure: MeasureKey,
    /// Region index.
    pub region: usize,
    /// Period index.
    pub period: usize,
    /// Ideology slot.
    pub ideology: usize,
    /// The survey.
    pub source: SourceId,
    /// Point estimate; `None` where it is withheld.
    pub value: Option<f64>,
    /// Its standard error under the design.
    pub se: Option<f64>,
    /// Korn and Graubard's 95 % limits.
    pub interval95: Option<(f64, f64)>,
    /// Respondents with an answer.
    pub n: Option<u64>,
    /// Respondents whose answer counts.
    pub n_positive: Option<u64>,
    /// Size of a simple random sample that would be as sure.
    pub n_eff: Option<f64>,
    /// Primary sampling units met minus strata met.
    pub df: Option<u32>,
    /// Variance relative to a simple random sample.
    pub deff: Option<f64>,
    /// Whether it may be shown.
    pub verdict: Verdict,
    /// Why not, or why only with care, in words; empty where nothing is to be said.
    pub reasons: String,
}

impl Sample {
    /// The respondents asked in a span of base periods; `None` when nobody has an answer in one of them, since a window is
    /// never partial.
    pub fn asked_in(
        &self,
        ideology: usize,
        base_periods: std::ops::RangeInclusive<usize>,
    ) -> Option<Vec<usize>> {
        let answers = self.answers.get(&ideology)?;
        let mut empty: Vec<usize> = base_periods.clone().collect();
        let mut asked = Vec::new();
        for (at, period) in self.respondents.period.iter().enumerate() {
            if base_periods.contains(period) {
                asked.push(at);
                if answers[at].is_some() {
                    empty.retain(|other| other != period);
                }
            }
        }
        empty.is_empty().then_some(asked)
    }
}
