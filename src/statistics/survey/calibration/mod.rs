//! Calibration: weights moved as little as possible so that the sample adds up to known totals of the population.
//!
//! | module | for |
//! |---|---|
//! | [`benchmark`] | the known totals, and what can be wrong with them |
//! | [`linear`] | linear calibration (GREG); with one set of categories, post-stratification |
//! | [`raking`] | raking: the same totals with weights that stay positive |
//!
//! The variance afterwards is that of residuals: what the benchmarks explain of a value no longer varies from sample to
//! sample. Both methods lead to the same variance, that of the regression on the benchmarks under the weights before. With
//! replicates, each replicate's weights are moved to the same totals on their own.

pub mod benchmark;
pub mod linear;
pub mod raking;
pub(super) mod variance;

use rayon::prelude::*;

use super::{design::Design, replicates::Replicates};
use crate::statistics::numerics::cholesky::Cholesky;
use benchmark::{Benchmark, Columns, Problem};

/// What a calibrated design remembers for its variance.
#[derive(Debug, Clone)]
pub(super) struct Calibration {
    columns: Columns,
    /// Weights before.
    base: Vec<f64>,
    /// Of Σ base·xxᵀ.
    cross: Cholesky,
    /// By stage, unit and column: the sum of calibrated weight times x.
    units: Vec<Vec<f64>>,
}

/// A calibrated design, and how far weights moved.
#[derive(Debug, Clone)]
pub struct Calibrated {
    /// The design with its new weights.
    pub design: Design,
    /// Smallest and largest ratio of a new weight to the old one. Below 0 or above about 5: look at the benchmarks.
    pub weight_ratios: (f64, f64),
    /// What the columns of its calibration add up to.
    totals: Vec<f64>,
    link: &'static Link,
}

impl Calibrated {
    /// Replicates made of the design before, with the weights of each moved to the same totals: for the variance of the
    /// calibrated design from replicates.
    ///
    /// # Errors
    /// [`Problem::Replicates`] when some cannot meet the totals.
    pub fn replicates(&self, before: &Replicates) -> Result<Replicates, Problem> {
        let calibration =
            self.design.calibration.as_ref().expect("invariant: a calibrated design remembers how");
        let Calibration { columns, base, .. } = calibration.as_ref();
        let found: Vec<Result<Vec<f64>, Problem>> = (0..before.count())
            .into_par_iter()
            .map(|replicate| {
                let mut weights = before.weights_of_rows(&self.design, base, replicate);
                let (factors, _) = factors(columns, &weights, &self.totals, self.link)?;
                weights.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight *= factor);
                Ok(weights)
            })
            .collect();
        let n = found.iter().filter(|found| found.is_err()).count();
        let mut weights = Vec::with_capacity(found.len());
        for (first, found) in found.into_iter().enumerate() {
            weights.push(found.map_err(|problem| {
                let benchmark = match problem {
                    Problem::Redundant { benchmark } => Some(benchmark),
                    _ => None,
                };
                Problem::Replicates { first, n, benchmark }
            })?);
        }
        Ok(before.clone().with_weights(weights))
    }
}

/// Moves weights by the factor 1 + xᵀλ or exp(xᵀλ), and its derivative, until the totals are met.
#[derive(Debug)]
struct Link {
    factor: fn(f64) -> f64,
    /// Derivative, given the factor.
    slope: fn(f64) -> f64,
}

/// Newton's steps before giving up; both methods take fewer than 20 where a solution exists.
const STEPS: u32 = 100;
/// Largest difference from a benchmark, relative to the sum of what is added up for it.
const MET: f64 = 1e-12;

fn calibrate(
    design: &Design,
    benchmarks: &[Benchmark<'_>],
    link: &'static Link,
) -> Result<Calibrated, Vec<Problem>> {
    let (columns, totals) = benchmark::columns(design, benchmarks)?;
    let base = design.weights.clone();
    let (factors, cross) =
        factors(&columns, &base, &totals, link).map_err(|problem| vec![problem])?;
    let (design, weight_ratios) = with_weights(design, columns, base, cross, &factors);
    Ok(Calibrated { design, weight_ratios, totals, link })
}

/// What each weight is multiplied by so that the totals are met, and the factor of Σ base·xxᵀ.
fn factors(
    columns: &Columns,
    base: &[f64],
    totals: &[f64],
    link: &Link,
) -> Result<(Vec<f64>, Cholesky), Problem> {
    let n = columns.n;
    let cross = Cholesky::new(&columns.cross(base), n)
        .map_err(|column| Problem::Redundant { benchmark: columns.benchmark_of(column) })?;
    let mut lambda = vec![0.0; n];
    let mut now = Progress::new(columns, base, &lambda, totals, link);
    for _ in 0..STEPS {
        if now.worst <= MET {
            break;
        }
        let slopes: Vec<f64> =
            base.iter().zip(&now.factors).map(|(&w, &g)| w * (link.slope)(g)).collect();
        let mut step = now.missing.clone();
        Cholesky::new(&columns.cross(&slopes), n)
            .map_err(|_| Problem::NoSolution)?
            .solve(&mut step);
        // Half steps until the benchmarks come nearer; rounding ends it.
        let mut scale = 1.0;
        let next = loop {
            let tried: Vec<f64> = lambda.iter().zip(&step).map(|(l, s)| l + scale * s).collect();
            let next = Progress::new(columns, base, &tried, totals, link);
            if next.worst < now.worst {
                lambda = tried;
                break Some(next);
            }
            scale *= 0.5;
            if scale < 1e-6 {
                break None;
            }
        };
        let Some(next) = next else { break };
        now = next;
    }
    if now.worst.is_nan() || now.worst > 1e3 * MET {
        return Err(Problem::NoSolution);
    }
    Ok((now.factors, cross))
}

/// How far a vector of multipliers leads.
struct Progress {
    factors: Vec<f64>,
    /// Benchmark minus what the weights add up to, by column.
    missing: Vec<f64>,
    /// The largest of them, each relative to the size of what is added up.
    worst: f64,
}

impl Progress {
    fn new(columns: &Columns, base: &[f64], lambda: &[f64], totals: &[f64], link: &Link) -> Self {
        let mut sums = vec![0.0; totals.len()];
        let mut sizes = vec![0.0; totals.len()];
        let mut factors = Vec::with_capacity(base.len());
        for (row, &weight) in base.iter().enumerate() {
            let mut along = 0.0;
            columns.each(row, |column, x| along += lambda[column] * x);
            let factor = (link.factor)(along);
            factors.push(factor);
            columns.each(row, |column, x| {
                sums[column] += weight * factor * x;
                sizes[column] += (weight * factor * x).abs();
            });
        }
        let missing: Vec<f64> = totals.iter().zip(&sums).map(|(t, s)| t - s).collect();
        let relative = |at: usize| missing[at].abs() / sizes[at].max(totals[at].abs());
        let worst = (0..totals.len()).map(relative).fold(0.0, f64::max);
        let is_finite = missing.iter().all(|missing| missing.is_finite());
        Self { factors, missing, worst: if is_finite { worst } else { f64::INFINITY } }
    }
}

/// The design with moved weights, and the smallest and largest factor.
fn with_weights(
    design: &Design,
    columns: Columns,
    base: Vec<f64>,
    cross: Cholesky,
    factors: &[f64],
) -> (Design, (f64, f64)) {
    let mut moved = design.clone();
    let mut ratios = (f64::INFINITY, f64::NEG_INFINITY);
    for (weight, &factor) in moved.weights.iter_mut().zip(factors) {
        if *weight > 0.0 {
            ratios = (ratios.0.min(factor), ratios.1.max(factor));
        }
        *weight *= factor;
    }
    let units = moved
        .stages
        .iter()
        .map(|stage| {
            let mut sums = vec![0.0; (stage.cuts.len() - 1) * columns.n];
            for (unit, cut) in stage.cuts.windows(2).enumerate() {
                for &row in &moved.order[cut[0] as usize..cut[1] as usize] {
                    let weight = moved.weights[row as usize];
                    columns.each(row as usize, |column, x| {
                        sums[unit * columns.n + column] += weight * x;
                    });
                }
            }
            sums
        })
        .collect();
    moved.calibration = Some(Box::new(Calibration { columns, base, cross, units }));
    (moved, ratios)
}
