//! Estimates: a number with its uncertainty, reliability and status, or the reason there is none.

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A number was estimated.
    Estimated,
    /// Nothing was recorded where recording covered the cell; compatible with up to the upper limit.
    ZeroRecorded,
    /// No source feeds it.
    NoData,
    /// A source exists, but does not cover this cell.
    NotCovered,
    /// The measure does not apply here (a party without a list; a denominator of 0).
    NotApplicable,
    /// Hidden by disclosure control, or a share of respondents too unsure to be shown.
    Suppressed,
    /// The nearest supported parent's value is shown instead.
    InheritedFromParent,
    /// Numerator and denominator count different things.
    NotComparable,
}

impl Status {
    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Estimated => "estimated",
            Self::ZeroRecorded => "zero_recorded",
            Self::NoData => "no_data",
            Self::NotCovered => "not_covered",
            Self::NotApplicable => "not_applicable",
            Self::Suppressed => "suppressed",
            Self::InheritedFromParent => "inherited_from_parent",
            Self::NotComparable => "not_comparable",
        }
    }

    /// Whether a number stands beside it.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Estimated | Self::ZeroRecorded)
    }
}

/// How far a number can be leaned on, the worst that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reliability {
    /// There is no number.
    None,
    /// Numerator or effective denominator below 10: look at the pooled window or the parent instead.
    Small,
    /// The interval is wider than 160 % of the value.
    Wide,
    /// Usable.
    Ok,
}

impl Reliability {
    /// The name used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Small => "small",
            Self::Wide => "wide",
            Self::Ok => "ok",
        }
    }
}

/// One cell of an estimated measure. Values and limits are in the measure's unit (scaled by [`super::Measure::per`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub value: Option<f64>,
    /// 95 % limits.
    pub interval95: Option<(f64, f64)>,
    /// 99.8 % limits.
    pub interval998: Option<(f64, f64)>,
    /// What was counted.
    pub numerator: Option<u64>,
    /// The other count of a share.
    pub denominator: Option<f64>,
    /// Records with unknown outcome.
    pub unknown: Option<u64>,
    /// Person-years.
    pub exposure: Option<f64>,
    /// Units behind the number (events, respondents).
    pub n_units: Option<u64>,
    /// Share of the period covered.
    pub coverage: Option<f64>,
    /// Posterior mean, in the measure's unit.
    pub smoothed: Option<f64>,
    /// Its 95 % limits.
    pub smoothed95: Option<(f64, f64)>,
    /// Posterior probability that the rate exceeds 1.25 times the country's.
    pub p_above: Option<f64>,
    /// How the interval was made, such as `garwood`.
    pub method: &'static str,
    /// How far to lean on it.
    pub reliability: Reliability,
    /// What the cell says.
    pub status: Status,
    /// Whether weights below 1 moved counts between vintages.
    pub estimated: bool,
    /// Whether the period is covered only in part or still open.
    pub provisional: bool,
    /// Whether a declared method break lies inside the period.
    pub method_break: bool,
}

impl Estimate {
    /// The value, unless it is that of an area around.
    pub fn own_value(&self) -> Option<f64> {
        self.value.filter(|_| self.status != Status::InheritedFromParent)
    }

    /// An estimate without a number, because.
    pub const fn empty(status: Status) -> Self {
        Self {
            value: None,
            interval95: None,
            interval998: None,
            numerator: None,
            denominator: None,
            unknown: None,
            exposure: None,
            n_units: None,
            coverage: None,
            smoothed: None,
            smoothed95: None,
            p_above: None,
            method: "none",
            reliability: Reliability::None,
            status,
            estimated: false,
            provisional: false,
            method_break: false,
        }
    }
}

/// How the limits of a Poisson count are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountLimits {
    /// Garwood's exact limits.
    #[default]
    Exact,
    /// Byar's approximation.
    Byar,
    /// Public Health England's choice: exact below ten events, Byar's from there on.
    Phe,
}

impl CountLimits {
    /// Every choice, by the name it has in files and on the command line.
    pub const NAMES: [(&str, Self); 3] =
        [("garwood", Self::Exact), ("byar", Self::Byar), ("phe", Self::Phe)];

    /// From a command line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(_, limits)| *limits).ok_or("give `garwood`, `byar` or `phe`".to_owned())
    }

    /// The name it has in files.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, limits)| *limits == self).map_or("", |(name, _)| name)
    }
}
