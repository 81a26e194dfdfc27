//! Replicate weights: the variance of an estimate from how it differs between parts of the sample.
//!
//! | module | for |
//! |---|---|
//! | [`jackknife`] | one primary sampling unit left out at a time: JK1, `JKn` |
//! | [`balanced`] | half-samples of two units per stratum: BRR, Fay |
//! | [`bootstrap`] | units drawn again with replacement |
//! | [`supplied`] | the replicate weights an institute publishes with its data |
//! | [`variance`] | estimates and standard errors from any of them |

pub mod balanced;
pub mod bootstrap;
pub mod jackknife;
pub mod supplied;
pub mod variance;

use super::design::{Design, LonelyPsu};

/// What a replicate's estimate is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centre {
    /// The mean over replicates.
    #[default]
    Mean,
    /// The estimate from the full sample (R's `mse = TRUE`): never smaller.
    Estimate,
}

/// A set of replicates: variance = scale · Σ scaleᵣ·(θᵣ − centre)².
#[derive(Debug, Clone)]
pub struct Replicates {
    weights: Weights,
    scale: f64,
    /// One per replicate.
    scales: Vec<f64>,
    /// What replicates are compared with.
    pub centre: Centre,
    /// Degrees of freedom of every domain; `None`: those of the design, by domain.
    df: Option<u32>,
}

/// How replicates weigh the rows.
#[derive(Debug, Clone)]
enum Weights {
    /// By replicate: primary sampling units whose rows' weights change, and the factor.
    Factors(Vec<Vec<(u32, f64)>>),
    /// By replicate: one weight per row.
    Rows(Vec<Vec<f64>>),
}

/// Why a design has no replicates of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Replicates of a calibrated design: make them of the design before, and calibrate them as well.
    Calibrated,
    /// A stratum with a single unit under a policy that replicates cannot follow: only `Remove` and `Certainty` can.
    LonelyPsu {
        /// Its label.
        stratum: u32,
    },
    /// JK1 of a design with strata: use `JKn`.
    Stratified,
    /// Half-samples need two units in every stratum.
    NotPaired {
        /// Label of the stratum.
        stratum: u32,
        /// Its units.
        n: usize,
    },
    /// Fewer than two replicates.
    TooFew,
    /// A list of the wrong length, or numbers that are not finite or below 0.
    Invalid {
        /// The replicate.
        replicate: usize,
    },
    /// Fay's ρ outside [0, 1).
    Rho,
}

impl Replicates {
    /// How many.
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    /// A replicate's weight of every row; `base`: the weights of the design it was made of.
    pub(super) fn weights_of_rows(
        &self,
        design: &Design,
        base: &[f64],
        replicate: usize,
    ) -> Vec<f64> {
        match &self.weights {
            Weights::Rows(weights) => weights[replicate].clone(),
            Weights::Factors(factors) => {
                let mut weights = base.to_vec();
                let cuts = &design.stages[0].cuts;
                for &(unit, factor) in &factors[replicate] {
                    let unit = unit as usize;
                    for &row in &design.order[cuts[unit] as usize..cuts[unit + 1] as usize] {
                        weights[row as usize] *= factor;
                    }
                }
                weights
            }
        }
    }

    /// The same replicates with these weights, one per row each.
    pub(super) fn with_weights(self, weights: Vec<Vec<f64>>) -> Self {
        Self { weights: Weights::Rows(weights), ..self }
    }
}

/// Refuses what no replicates of units can follow.
fn check(design: &Design) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    if design.calibration.is_some() {
        problems.push(Problem::Calibrated);
    }
    if !matches!(design.policy.lonely, LonelyPsu::Remove | LonelyPsu::Certainty) {
        let lonely = design.stages[0].groups.iter().filter(|group| group.is_lonely());
        problems.extend(lonely.map(|group| Problem::LonelyPsu { stratum: group.stratum }));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "units are at most as many as rows, which are u32"
)]
fn number(unit: usize) -> u32 {
    unit as u32
}
