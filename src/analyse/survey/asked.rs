//! What is asked for: quantities, the design, replicates, known totals, as they are said on a command line.

use std::path::PathBuf;

use crate::{model::LonelyPsu, render::words};

/// A number to estimate for the population; names are those of columns.
#[derive(Debug, Clone, PartialEq)]
pub enum Quantity {
    /// Share of the respondents with an answer who gave one of these.
    Share {
        /// The column.
        column: String,
        /// The answers that count.
        answers: Vec<String>,
    },
    /// Mean of a number.
    Mean(String),
    /// Sum of a number over the population.
    Total(String),
    /// Sum of one number over the sum of another.
    Ratio {
        /// The number above.
        above: String,
        /// The number below.
        below: String,
    },
    /// The smallest value at or below which this part of the population lies.
    Quantile {
        /// The column.
        column: String,
        /// The part, between 0 and 1.
        probability: f64,
    },
}

impl Quantity {
    /// A share: `COL=VALUE` or `COL=VALUE,VALUE`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn share(text: &str) -> Result<Self, String> {
        let (column, answers) = text.split_once('=').ok_or("give `COLUMN=ANSWER`")?;
        let answers: Vec<String> =
            answers.split(',').map(|answer| answer.trim().to_owned()).collect();
        if column.trim().is_empty() || answers.iter().any(String::is_empty) {
            return Err("give `COLUMN=ANSWER` or `COLUMN=ANSWER,ANSWER`".to_owned());
        }
        Ok(Self::Share { column: column.trim().to_owned(), answers })
    }

    /// A ratio: `COL/COL`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn ratio(text: &str) -> Result<Self, String> {
        match text.split_once('/').map(|(above, below)| (above.trim(), below.trim())) {
            Some((above, below)) if !above.is_empty() && !below.is_empty() => {
                Ok(Self::Ratio { above: above.to_owned(), below: below.to_owned() })
            }
            _ => Err("give two columns: `ABOVE/BELOW`".to_owned()),
        }
    }

    /// Quantiles: `COL:P` or `COL:P,P`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn quantiles(text: &str) -> Result<Vec<Self>, String> {
        let (column, list) = text.rsplit_once(':').ok_or("give `COLUMN:0.5`")?;
        let one = |part: &str| {
            let probability = part.trim().parse::<f64>().ok();
            let probability = probability.filter(|p| *p > 0.0 && *p < 1.0);
            let probability = probability
                .ok_or_else(|| format!("`{part}` is not between 0 and 1; the median is 0.5"))?;
            Ok(Self::Quantile { column: column.trim().to_owned(), probability })
        };
        list.split(',').map(one).collect()
    }

    /// Its name in tables, unique.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Share { column, answers } => format!("share({column}={})", answers.join("|")),
            Self::Mean(column) => format!("mean({column})"),
            Self::Total(column) => format!("total({column})"),
            Self::Ratio { above, below } => format!("ratio({above}/{below})"),
            Self::Quantile { column, probability } => format!("quantile({column}:{probability})"),
        }
    }

    /// Its name in a sentence.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Share { column, answers } => {
                let answers: Vec<String> =
                    answers.iter().map(|answer| format!("“{answer}”")).collect();
                let all = match answers.as_slice() {
                    [first @ .., last] if !first.is_empty() => {
                        format!("{} or {last}", first.join(", "))
                    }
                    _ => answers.concat(),
                };
                format!("share with {column} = {all}")
            }
            Self::Mean(column) => format!("mean of {column}"),
            Self::Total(column) => format!("total of {column}"),
            Self::Ratio { above, below } => format!("{above} per {below}"),
            Self::Quantile { column, probability } if is_half(*probability) => {
                format!("median of {column}")
            }
            Self::Quantile { column, probability } => {
                format!("{} % quantile of {column}", trimmed(100.0 * probability))
            }
        }
    }

    /// Its value as a reader is told it.
    pub(super) fn figure(&self, value: f64) -> String {
        match self {
            Self::Share { .. } => format!("{} %", words::with_decimals(100.0 * value, 1)),
            _ => words::figure(value),
        }
    }

    /// Two limits as a reader is told them.
    pub(super) fn limits(&self, (lower, upper): (f64, f64)) -> String {
        match self {
            Self::Share { .. } => format!(
                "{} to {} %",
                words::with_decimals(100.0 * lower, 1),
                words::with_decimals(100.0 * upper, 1)
            ),
            _ => words::limits((lower, upper)),
        }
    }

    pub(super) fn is_share(&self) -> bool {
        matches!(self, Self::Share { .. })
    }
}

fn is_half(probability: f64) -> bool {
    (probability - 0.5).abs() < 1e-12
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How respondents were drawn; lists go by stage, the first stage first.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// Persons each respondent stands for; everybody the same where none is named.
    pub weight: Option<String>,
    /// Strata; `None` for a stage without.
    pub strata: Vec<Option<String>>,
    /// Sampling units; on the last stage without one each respondent is a unit.
    pub psus: Vec<String>,
    /// Numbers of units in the population of the stratum.
    pub fpc: Vec<String>,
    /// What happens to strata with a single unit.
    pub lonely: LonelyPsu,
}

impl Drawing {
    /// Number of stages.
    pub(super) fn n_stages(&self) -> usize {
        self.strata.len().max(self.psus.len()).max(self.fpc.len())
    }

    /// A stage's columns: strata, units, population.
    pub(super) fn stage(&self, at: usize) -> [Option<&str>; 3] {
        [
            self.strata.get(at).and_then(|column| column.as_deref()),
            self.psus.get(at).map(String::as_str),
            self.fpc.get(at).map(String::as_str),
        ]
    }
}

/// A kind of replicate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Jackknife without strata.
    Jk1,
    /// Jackknife with strata.
    Jkn,
    /// Half-samples.
    Brr,
    /// Half-samples that keep a part ρ of the other half.
    Fay(f64),
    /// Bootstrap; with the number of replicates where they are made.
    Bootstrap(Option<u32>),
}

impl Kind {
    /// From a command line: `jk1`, `jkn`, `brr`, `fay:0.3`, `bootstrap` or `bootstrap:500`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        match lower.split_once(':').map_or((lower.as_str(), None), |(kind, of)| (kind, Some(of))) {
            ("jk1", None) => Ok(Self::Jk1),
            ("jkn", None) => Ok(Self::Jkn),
            ("brr", None) => Ok(Self::Brr),
            ("bootstrap", None) => Ok(Self::Bootstrap(None)),
            ("bootstrap", Some(n)) => n
                .parse()
                .ok()
                .filter(|n| (2..=100_000).contains(n))
                .map(|n| Self::Bootstrap(Some(n)))
                .ok_or_else(|| "say how many replicates: `bootstrap:500`".to_owned()),
            ("fay", Some(rho)) => {
                rho.parse().ok().filter(|rho| (0.0..1.0).contains(rho)).map(Self::Fay).ok_or_else(
                    || "say which part is kept, from 0 to below 1: `fay:0.3`".to_owned(),
                )
            }
            ("fay", None) => Err("say which part is kept: `fay:0.3`".to_owned()),
            _ => Err("give `jk1`, `jkn`, `brr`, `fay:0.3` or `bootstrap:500`".to_owned()),
        }
    }

    /// Its name.
    pub(super) fn name(self) -> String {
        match self {
            Self::Jk1 => "JK1 jackknife".to_owned(),
            Self::Jkn => "JKn jackknife".to_owned(),
            Self::Brr => "balanced half-samples (BRR)".to_owned(),
            Self::Fay(rho) => format!("balanced half-samples after Fay ({rho})"),
            Self::Bootstrap(_) => "bootstrap".to_owned(),
        }
    }
}

/// Replicate weights that came with the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// What the names of their columns begin with; a number follows.
    pub prefix: String,
    /// How they were made.
    pub kind: Kind,
    /// Factor before the sum of squares; from the kind where none is given.
    pub scale: Option<f64>,
    /// Factor of each replicate; 1 where none are given.
    pub scales: Vec<f64>,
    /// Degrees of freedom; replicates minus 1 where none are given.
    pub df: Option<u32>,
}

/// Where standard errors come from, other than linearisation.
#[derive(Debug, Clone, PartialEq)]
pub enum Replication {
    /// Replicates made from the design.
    Made(Kind),
    /// Replicate weights in the file.
    Published(Published),
}

/// How weights are moved to meet known totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calibrate {
    /// As little as possible (GREG); weights may become negative.
    Linear,
    /// By factors that stay positive.
    Raking,
}

/// Known totals of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct Margins {
    /// A table of variables, values and totals.
    pub file: PathBuf,
    /// How weights are moved.
    pub how: Calibrate,
}

/// Which limits a share has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareInterval {
    /// Korn and Graubard's.
    KornGraubard,
    /// On the scale of log-odds.
    Logit,
}

#[test]
fn quantities_and_kinds_are_read_from_a_command_line() {
    let share = Quantity::share("vote=A, B").unwrap();
    assert_eq!((share.name().as_str(), share.is_share()), ("share(vote=A|B)", true));
    assert_eq!(share.words(), "share with vote = “A” or “B”");
    let found = Quantity::quantiles("age:0.25,0.5").unwrap();
    assert_eq!(found[1].words(), "median of age");
    assert_eq!(found[0].words(), "25 % quantile of age");
    for wrong in ["vote", "=a", "vote=", "vote=a,,b"] {
        assert!(Quantity::share(wrong).is_err(), "{wrong}");
    }
    for wrong in ["age", "age:", "age:1", "age:0.5,x"] {
        assert!(Quantity::quantiles(wrong).is_err(), "{wrong}");
    }
    assert!(Quantity::ratio("a/").is_err() && Quantity::ratio("a").is_err());
    assert_eq!(Kind::parse("Fay:0.3"), Ok(Kind::Fay(0.3)));
    assert_eq!(Kind::parse("bootstrap:500"), Ok(Kind::Bootstrap(Some(500))));
    for wrong in ["fay", "fay:1", "bootstrap:1", "jk2", "jkn:3"] {
        assert!(Kind::parse(wrong).is_err(), "{wrong}");
    }
}
