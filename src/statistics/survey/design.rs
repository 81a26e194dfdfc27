//! The design of a sample: strata, clusters, weights and population sizes, checked once and put in order.
//!
//! # Question
//! Who was drawn with whom? That, and not the number of rows, says how sure an estimate is.
//!
//! # Definition
//! A design has stages. At each stage the units of a stratum are drawn independently of other strata: primary sampling
//! units (PSU) first, units within each drawn PSU next, and so on. Labels need to be unique only within their stratum and
//! parent unit. A stage with population sizes N is drawn without replacement and carries the finite population correction
//! 1 − n/N; a stage without them is taken as drawn with replacement, and stages below it add nothing.
//!
//! A stratum with a single PSU has no variance of its own ([`LonelyPsu`]). A unit drawn with certainty (n = N) needs none.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `weights` | `&[f64]` | one per row | units of the population a row stands for | ≥ 0; 0 leaves the row out |
//! | `stages` | `&[Stage]` | first stage first | – | none: rows drawn with replacement |
//! | `policy` | [`Policy`] | – | – | default: a lonely PSU is an error |
//!
//! # Output
//! A [`Design`], whose rows keep the order given.
//!
//! # Undefined
//! Every [`Problem`] of the input at once; no design is made.
//!
//! # Assumptions, and when not to use it
//! Rows are never dropped to look at a part of the population: [`super::estimate::Domains`] masks them, because the
//! number of units that *might* have been drawn into a part belongs to its uncertainty. Units drawn with unequal
//! probabilities without replacement are treated as drawn with replacement, which is cautious.
//!
//! # Cost and determinism
//! O(n log n) once, O(n) for rows already in order; 12 bytes per row. The order is a function of labels and row numbers.
//!
//! # Example
//! ```
//! use saet::statistics::survey::design::{Design, Policy, Problem, Stage};
//! let (strata, psu) = ([1, 1, 1, 2, 2], [1, 1, 2, 1, 2]);
//! let stage = Stage { strata: Some(&strata), clusters: Some(&psu), population: None };
//! let design = Design::new(&[10.0; 5], &[stage], Policy::default()).unwrap();
//! assert_eq!((design.n_psu(), design.n_strata()), (4, 2));
//! let psu = [1, 1, 1, 1, 2];
//! let stage = Stage { clusters: Some(&psu), ..stage };
//! let problems = Design::new(&[10.0; 5], &[stage], Policy::default()).unwrap_err();
//! assert_eq!(problems, [Problem::LonelyPsu { stage: 0, stratum: 1, first_row: 0 }]);
//! ```
//!
//! # Source
//! Lumley T (2010), *Complex Surveys*, doi:10.1002/9780470580066; Särndal CE, Swensson B, Wretman J (1992), *Model
//! Assisted Survey Sampling*, ch. 4, doi:10.1007/978-1-4612-4378-6.

mod index;

use super::calibration::Calibration;
pub(super) use index::{Group, StageIndex};

pub use crate::model::LonelyPsu;

/// One stage of drawing; each list has one entry per row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stage<'a> {
    /// Stratum labels; `None`: one stratum.
    pub strata: Option<&'a [u32]>,
    /// Labels of the drawn units; `None`, on the last stage only: each row is a unit.
    pub clusters: Option<&'a [u32]>,
    /// Number of units in the stratum's population; `None`: drawn with replacement.
    pub population: Option<&'a [f64]>,
}

/// How strata with a single unit are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// In the sample.
    pub lonely: LonelyPsu,
    /// Whether `Adjust` and `Average` also apply to a stratum of which a domain meets only one unit.
    pub in_domains: bool,
}

/// Why a design cannot be used. Stages count from 0; a row is the first concerned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Problem {
    /// There are no rows.
    NoRows,
    /// More rows than positions.
    TooManyRows,
    /// A list is not as long as the weights.
    Length {
        /// Stage of the list.
        stage: usize,
        /// Which list.
        list: &'static str,
        /// Its length.
        found: usize,
        /// The number of weights.
        expected: usize,
    },
    /// Weights below 0 or not finite.
    Weight {
        /// First such row.
        first_row: usize,
        /// How many.
        n_rows: usize,
    },
    /// Every weight is 0.
    NoWeight,
    /// Rows are units on a stage that is not the last.
    NoClusters {
        /// The stage.
        stage: usize,
    },
    /// A stage has population sizes, but the stage above has none.
    NoPopulationAbove {
        /// The stage.
        stage: usize,
    },
    /// Population sizes that are not positive and finite.
    Population {
        /// The stage.
        stage: usize,
        /// First such row.
        first_row: usize,
        /// How many.
        n_rows: usize,
    },
    /// Two population sizes within one stratum.
    PopulationVaries {
        /// The stage.
        stage: usize,
        /// The stratum's label.
        stratum: u32,
        /// First row that differs.
        first_row: usize,
    },
    /// More units were drawn than the population has.
    PopulationTooSmall {
        /// The stage.
        stage: usize,
        /// The stratum's label.
        stratum: u32,
        /// Its first row.
        first_row: usize,
        /// Units drawn.
        n_drawn: usize,
    },
    /// A stratum with a single unit, under [`LonelyPsu::Error`].
    LonelyPsu {
        /// The stage.
        stage: usize,
        /// The stratum's label.
        stratum: u32,
        /// Its first row.
        first_row: usize,
    },
}

/// A checked design.
#[derive(Debug, Clone)]
pub struct Design {
    pub(super) weights: Vec<f64>,
    /// Rows such that the units of every stage lie together.
    pub(super) order: Vec<u32>,
    pub(super) stages: Vec<StageIndex>,
    pub(super) policy: Policy,
    pub(super) calibration: Option<Box<Calibration>>,
}

impl Design {
    /// Checks the input and puts it in order.
    ///
    /// # Errors
    /// All problems, by stage.
    pub fn new(
        weights: &[f64],
        stages: &[Stage<'_>],
        policy: Policy,
    ) -> Result<Self, Vec<Problem>> {
        let rows_alone = [Stage::default()];
        let stages = if stages.is_empty() { &rows_alone } else { stages };
        let mut problems = problems_of(weights, stages);
        if !problems.is_empty() {
            return Err(problems);
        }
        let (order, stages) = index::build(weights.len(), stages, policy.lonely, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { weights: weights.to_vec(), order, stages, policy, calibration: None })
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.weights.len()
    }

    /// Number of primary sampling units.
    pub fn n_psu(&self) -> usize {
        self.stages[0].cuts.len() - 1
    }

    /// Number of strata of the first stage.
    pub fn n_strata(&self) -> usize {
        self.stages[0].groups.len()
    }

    /// One weight per row; after calibration the calibrated ones.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
}

fn problems_of(weights: &[f64], stages: &[Stage<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let n = weights.len();
    if n == 0 {
        problems.push(Problem::NoRows);
    } else if u32::try_from(n).is_err() {
        problems.push(Problem::TooManyRows);
    } else if weights.iter().all(|&weight| weight.to_bits() << 1 == 0) {
        problems.push(Problem::NoWeight);
    }
    let invalid = |weight: &f64| !(weight.is_finite() && *weight >= 0.0);
    if let Some((first_row, n_rows)) = those(weights, invalid) {
        problems.push(Problem::Weight { first_row, n_rows });
    }
    for (stage, at) in stages.iter().enumerate() {
        let lists = [
            ("strata", at.strata.map(<[u32]>::len)),
            ("clusters", at.clusters.map(<[u32]>::len)),
            ("population", at.population.map(<[f64]>::len)),
        ];
        for (list, length) in lists {
            if let Some(found) = length.filter(|&found| found != n) {
                problems.push(Problem::Length { stage, list, found, expected: n });
            }
        }
        if at.clusters.is_none() && stage + 1 < stages.len() {
            problems.push(Problem::NoClusters { stage });
        }
        let Some(population) = at.population else { continue };
        if stage > 0 && stages[stage - 1].population.is_none() {
            problems.push(Problem::NoPopulationAbove { stage });
        }
        let invalid = |size: &f64| !(size.is_finite() && *size > 0.0);
        if let Some((first_row, n_rows)) = those(population, invalid) {
            problems.push(Problem::Population { stage, first_row, n_rows });
        }
    }
    problems
}

/// The first row a condition holds for, and how many there are.
fn those(list: &[f64], condition: impl Fn(&f64) -> bool) -> Option<(usize, usize)> {
    let first = list.iter().position(&condition)?;
    Some((first, list.iter().filter(|at| condition(at)).count()))
}

#[test]
fn every_problem_is_told_at_once() {
    let strata = [1, 1, 2];
    let bad = Stage { strata: Some(&strata), clusters: None, population: Some(&[0.0, 5.0]) };
    let problems = Design::new(&[1.0, -1.0, f64::NAN], &[bad, bad], Policy::default()).unwrap_err();
    assert_eq!(problems.len(), 6, "{problems:?}");
    assert_eq!(problems[0], Problem::Weight { first_row: 1, n_rows: 2 });
    assert!(problems.contains(&Problem::NoClusters { stage: 0 }));
    let expected = Problem::Length { stage: 1, list: "population", found: 2, expected: 3 };
    assert!(problems.contains(&expected));
    assert_eq!(Design::new(&[], &[], Policy::default()).unwrap_err(), [Problem::NoRows]);
    assert_eq!(Design::new(&[0.0, -0.0], &[], Policy::default()).unwrap_err(), [Problem::NoWeight]);
    let below = Stage { population: Some(&[9.0; 3]), ..Stage::default() };
    let above = Stage { clusters: Some(&strata), ..Stage::default() };
    let problems = Design::new(&[1.0; 3], &[above, below], Policy::default()).unwrap_err();
    assert_eq!(problems, [Problem::NoPopulationAbove { stage: 1 }]);
}

#[test]
fn population_sizes_must_fit_the_sample() {
    let strata = [7, 7, 8, 8, 8];
    let population = [2.0, 3.0, 2.0, 2.0, 2.0];
    let stage = Stage { strata: Some(&strata), population: Some(&population), clusters: None };
    let problems = Design::new(&[1.0; 5], &[stage], Policy::default()).unwrap_err();
    let varies = Problem::PopulationVaries { stage: 0, stratum: 7, first_row: 1 };
    let small = Problem::PopulationTooSmall { stage: 0, stratum: 8, first_row: 2, n_drawn: 3 };
    assert_eq!(problems, [varies, small]);
    // A stratum with one unit that was drawn with certainty is not lonely.
    let stage = Stage {
        population: Some(&[1.0, 4.0, 4.0, 4.0, 4.0]),
        strata: Some(&[1, 2, 2, 2, 2]),
        ..stage
    };
    assert!(Design::new(&[1.0; 5], &[stage], Policy::default()).is_ok());
}
