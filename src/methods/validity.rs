//! What was measured of the methods on made-up maps whose truth is known: the figures the methods page quotes.
//!
//! They are measured by `saet methods validate`, kept in `reports/validity.json`, and embedded from there. A small version
//! of every study stands beside the large one, so that a test can measure it again and see whether the file is still true.

mod design;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::statistics::validity::Share;

/// Changes when studies, settings or the meaning of a figure change; the file must then be measured anew.
pub const VERSION: u32 = 2;
/// Maps per setting unless another number is asked for.
pub const N_MAPS: u64 = 1000;
/// Maps per setting of the small version.
pub const N_CHECKED: u64 = 20;

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validity {
    /// [`VERSION`] of the program that measured.
    pub version: u32,
    /// The large version.
    pub measured: Measured,
    /// The small version, for the test.
    pub checked: Measured,
}

/// Every study at one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Maps per setting; costly studies say that they took fewer.
    pub n_maps: u64,
    /// Regions of a map.
    pub n_regions: usize,
    /// Which maps.
    pub seed: u64,
    /// One table each.
    pub studies: Vec<Study>,
}

/// One study, as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// What it asks.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// Id of the method that holds it.
    pub method: String,
    /// What tells rows apart.
    pub settings: Vec<String>,
    /// What was measured.
    pub measures: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// One text per setting.
    pub settings: Vec<String>,
    /// One per measure.
    pub figures: Vec<Figure>,
}

/// A share, what is known of its error, and what was promised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// In [0, 1].
    pub share: f64,
    /// 95 % limits: what the number of maps leaves open; none when nothing was drawn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub limits: Option<(f64, f64)>,
    /// What the method promises.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub promise: Option<Promise>,
}

/// What a method promises of a share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// Measures every study.
pub fn measure(n_maps: u64) -> Validity {
    Validity {
        version: VERSION,
        measured: design::measure(n_maps),
        checked: design::measure(N_CHECKED),
    }
}

/// The small version, measured now.
pub fn check() -> Measured {
    design::measure(N_CHECKED)
}

/// The figures this program was built with.
pub fn embedded() -> &'static Validity {
    static EMBEDDED: LazyLock<Validity> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../reports/validity.json"))
            .expect("invariant: `saet methods validate` writes what it reads")
    });
    &EMBEDDED
}

impl Validity {
    /// The text of the file.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self).expect("invariant: figures are finite");
        json + "\n"
    }
}

impl Study {
    /// Names of all columns; a promise all rows share stands in the name.
    pub fn heads(&self) -> Vec<String> {
        let measures = self.measures.iter().enumerate().map(|(at, measure)| {
            let mut promises = self.rows.iter().map(|row| row.figures[at].promise);
            let first = promises.next().flatten();
            match first.filter(|_| promises.all(|promise| promise == first)) {
                Some(promise) => format!("{measure} (promised: {})", promise.words()),
                None => measure.clone(),
            }
        });
        self.settings.iter().cloned().chain(measures).collect()
    }
}

impl Figure {
    /// Cases among maps.
    fn counted(share: Share, promise: Option<Promise>) -> Self {
        let (lower, upper) = share.limits();
        let limits = Some((rounded(lower), rounded(upper)));
        Self { share: rounded(share.value()), limits, promise }
    }

    /// A share with its standard error.
    fn estimated(share: f64, error: Option<f64>, promise: Option<Promise>) -> Self {
        let limits = error.map(|error| {
            let half = 1.96 * error;
            (rounded((share - half).max(0.0)), rounded((share + half).min(1.0)))
        });
        Self { share: rounded(share), limits, promise }
    }

    /// A probability that was added up, not drawn.
    fn exact(share: f64, promise: Option<Promise>) -> Self {
        Self { share: rounded(share), limits: None, promise }
    }

    /// Whether the promise is broken by more than the number of maps explains.
    pub fn breaks_its_promise(&self) -> bool {
        let (lower, upper) = self.limits.unwrap_or((self.share, self.share));
        match self.promise {
            Some(Promise::AtMost(most)) => lower > most,
            Some(Promise::AtLeast(least)) => upper < least,
            None => false,
        }
    }

    /// In words: the share in per cent, its limits, and whether the promise is broken.
    pub fn words(&self) -> String {
        let per_cent = |share: f64| format!("{:.1}", 100.0 * share);
        let limits = self.limits.map_or_else(String::new, |(lower, upper)| {
            format!(" ({}–{})", per_cent(lower), per_cent(upper))
        });
        let broken = match self.promise.filter(|_| self.breaks_its_promise()) {
            Some(Promise::AtMost(_)) => ", too many",
            Some(Promise::AtLeast(_)) => ", too few",
            None => "",
        };
        format!("{} %{limits}{broken}", per_cent(self.share))
    }
}

impl Promise {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::AtMost(share) => format!("at most {} %", percentage(*share)),
            Self::AtLeast(share) if *share >= 1.0 => "all".to_owned(),
            Self::AtLeast(share) => format!("at least {} %", percentage(*share)),
        }
    }
}

/// A share in per cent with as few digits as it has.
fn percentage(share: f64) -> f64 {
    (share * 1e6).round() / 1e4
}

/// Digits that maps can tell apart; the file stays readable.
fn rounded(share: f64) -> f64 {
    (share * 1e5).round() / 1e5
}

#[test]
fn a_promise_is_broken_only_beyond_the_error_of_the_maps() {
    let most = Some(Promise::AtMost(0.05));
    let found = Figure::counted(Share { hits: 7, all: 100 }, most);
    assert!(!found.breaks_its_promise() && found.words() == "7.0 % (2.9–13.9)", "{found:?}");
    let found = Figure::counted(Share { hits: 70, all: 1000 }, most);
    assert!(found.breaks_its_promise() && found.words().ends_with("too many"), "{found:?}");
    let least = Some(Promise::AtLeast(0.95));
    assert_eq!(Figure::exact(0.9493, least).words(), "94.9 %, too few");
    assert_eq!(Figure::estimated(0.94, Some(0.01), least).words(), "94.0 % (92.0–96.0)");
    assert_eq!(Promise::AtMost(0.025).words(), "at most 2.5 %");
}
