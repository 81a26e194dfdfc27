//! Quasi-Poisson regression: the logarithm of expected counts as a sum of effects, the scatter measured.
//!
//! # Question
//! How do counts depend on season and time, when they scatter more than Poisson?
//!
//! # Definition
//! ln μᵢ = Σⱼ xᵢⱼbⱼ, variance φμᵢ/ωᵢ. b solves Σωᵢ(yᵢ − μᵢ)xᵢⱼ = 0 for every j, by iteratively reweighted least squares from
//! μ = y + 0.1. φ = Σωᵢ(yᵢ − μᵢ)²/μᵢ / (n − p) (Pearson). The covariance of b is φ·V, V = (XᵀWX)⁻¹, W = ωμ. R's `glm` stops
//! earlier, and takes W in φ and V from the step before its last: [`Stop::AsR`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `response` | `&[f64]` | n | events | ≥ 0 |
//! | `design` | `&[Vec<f64>]` | n rows of p | any | p < n; columns independent |
//! | `weights` | `&[f64]` | n | – | > 0 |
//! | `stop` | [`Stop`] | – | – | – |
//!
//! # Output
//! A [`Fit`].
//!
//! # Undefined
//! `None` for fewer rows than columns plus one, when columns depend on each other, when all counts are 0, or when the
//! iteration does not settle. A column that is 1 only where counts are 0 has no finite effect: it is driven towards −∞
//! until its rows no longer matter.
//!
//! # Assumptions, and when not to use it
//! The scatter is proportional to the mean. Counts are independent in time: what a busy month adds to the next one is
//! read as scatter.
//!
//! # Cost and determinism
//! O(n·p²) per step, about six steps; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::quasi_poisson::{self, Stop};
//! // Two groups: the fitted values are the groups' means.
//! let design = [vec![1.0, 0.0], vec![1.0, 0.0], vec![1.0, 1.0], vec![1.0, 1.0]];
//! let fit = quasi_poisson::fit(&[1.0, 3.0, 8.0, 8.0], &design, &[1.0; 4], Stop::Settled).unwrap();
//! assert!((fit.fitted[0] - 2.0).abs() < 1e-12 && (fit.fitted[2] - 8.0).abs() < 1e-12);
//! assert!((fit.dispersion - 0.5).abs() < 1e-12);
//! ```
//!
//! # Source
//! Wedderburn RWM (1974), Biometrika 61:439–447, doi:10.1093/biomet/61.3.439; `McCullagh` P, Nelder JA (1989),
//! *Generalized Linear Models*, 2nd ed., chapters 2 and 9.

use crate::statistics::numerics::{
    beta,
    float::{exp, ln, size},
    gamma::deviance,
};

/// Steps after which a fit that has not settled never will.
const MOST_STEPS: usize = 60;

/// Relative change of the deviance at which R's `glm` stops.
const SETTLED: f64 = 1e-8;

/// When the iteration ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Two steps after R: each squares the error, so that only rounding is left.
    Settled,
    /// When a step moves the deviance by less than 1e-8 of it, as R's `glm` does: about six digits of φ and V. For
    /// comparison with its output only.
    AsR,
}

impl Stop {
    /// Steps after the deviance has settled.
    fn n_more(self) -> usize {
        match self {
            Self::Settled => 2,
            Self::AsR => 0,
        }
    }
}

/// A fitted regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Effects on the logarithmic scale, by column.
    pub coefficients: Vec<f64>,
    /// Expected counts, by row.
    pub fitted: Vec<f64>,
    /// W, by row.
    pub working: Vec<f64>,
    /// φ, not bounded from below.
    pub dispersion: f64,
    /// Rows minus columns.
    pub freedom: f64,
    /// V; multiply by the dispersion for the covariance.
    pub covariance: Vec<Vec<f64>>,
}

impl Fit {
    /// xᵀVx: the variance of the linear predictor at `x`, before the dispersion.
    pub fn variance_at(&self, x: &[f64]) -> f64 {
        self.covariance
            .iter()
            .zip(x)
            .map(|(row, a)| a * row.iter().zip(x).map(|(v, b)| v * b).sum::<f64>())
            .sum()
    }

    /// Two-sided p of the effect of a column, by Student's t, for a given dispersion.
    pub fn p_of(&self, column: usize, dispersion: f64) -> f64 {
        let variance = dispersion * self.covariance[column][column];
        let square = self.coefficients[column] * self.coefficients[column];
        let all = variance * self.freedom + square;
        if all <= 0.0 {
            return 1.0;
        }
        // P(|T| ≥ t) = I(ν/(ν + t²); ν/2, ½).
        let (x, y) = (variance * self.freedom / all, square / all);
        beta::tails(0.5 * self.freedom, 0.5, x, y).0.max(f64::MIN_POSITIVE)
    }
}

/// Fits counts to a design.
pub fn fit(response: &[f64], design: &[Vec<f64>], weights: &[f64], stop: Stop) -> Option<Fit> {
    let start = response.iter().map(|y| y + 0.1).collect();
    fit_from(start, response, design, weights, stop)
}

/// [`fit`], beginning at expected counts that are known to be near.
pub fn fit_from(
    start: Vec<f64>,
    response: &[f64],
    design: &[Vec<f64>],
    weights: &[f64],
    stop: Stop,
) -> Option<Fit> {
    let n_columns = design.first()?.len();
    let n = response.len();
    let all_zero = response.iter().all(|&y| y <= 0.0);
    if n <= n_columns
        || n_columns == 0
        || design.len() != n
        || weights.len() != n
        || start.len() != n
        || all_zero
    {
        return None;
    }
    let mut fitted = start;
    let (mut before, mut n_more) = (f64::INFINITY, None);
    for _ in 0..MOST_STEPS {
        let working: Vec<f64> = weights.iter().zip(&fitted).map(|(w, mean)| w * mean).collect();
        let Step { coefficients, covariance } = step(&mut fitted, response, design, weights)?;
        let distance: f64 =
            (0..n).map(|at| weights[at] * unit_deviance(response[at], fitted[at])).sum();
        if n_more.is_none() && (distance - before).abs() <= SETTLED * (distance.abs() + 0.1) {
            n_more = Some(stop.n_more());
        }
        if n_more == Some(0) {
            let freedom = size(n - n_columns);
            let relative = |at: usize| response[at] / fitted[at] - 1.0;
            let squares: f64 = (0..n).map(|at| working[at] * relative(at) * relative(at)).sum();
            let dispersion = squares / freedom;
            return Some(Fit { coefficients, fitted, working, dispersion, freedom, covariance });
        }
        n_more = n_more.map(|left| left - 1);
        before = distance;
    }
    None
}

/// What one step of the iteration gives beside the new means.
pub(super) struct Step {
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

/// One step of iteratively reweighted least squares: moves the means. `None` when columns depend on each other or a mean
/// is beyond all numbers.
pub(super) fn step(
    fitted: &mut [f64],
    response: &[f64],
    design: &[Vec<f64>],
    weights: &[f64],
) -> Option<Step> {
    let (matrix, side) = normal_equations(response, design, weights, fitted);
    let covariance = inverse(&matrix)?;
    let coefficients: Vec<f64> = covariance.iter().map(|row| dot(row, &side)).collect();
    for (mean, row) in fitted.iter_mut().zip(design) {
        *mean = exp(dot(row, &coefficients)).max(f64::MIN_POSITIVE);
    }
    let is_finite = fitted.iter().all(|mean| mean.is_finite());
    is_finite.then_some(Step { coefficients, covariance })
}

/// The weighted least squares problem for the working response, as its normal equations (lower triangle).
fn normal_equations(
    response: &[f64],
    design: &[Vec<f64>],
    weights: &[f64],
    fitted: &[f64],
) -> (Vec<Vec<f64>>, Vec<f64>) {
    let n_columns = design[0].len();
    let mut matrix = vec![vec![0.0; n_columns]; n_columns];
    let mut side = vec![0.0; n_columns];
    for (at, row) in design.iter().enumerate() {
        let weight = weights[at] * fitted[at];
        let working = ln(fitted[at]) + (response[at] - fitted[at]) / fitted[at];
        for (i, &x) in row.iter().enumerate() {
            side[i] += weight * x * working;
            for (j, &other) in row.iter().enumerate().take(i + 1) {
                matrix[i][j] += weight * x * other;
            }
        }
    }
    (matrix, side)
}

fn unit_deviance(count: f64, mean: f64) -> f64 {
    if count > 0.0 { 2.0 * deviance(count, mean) } else { 2.0 * mean }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The inverse of a symmetric positive definite matrix given by its lower triangle (Cholesky, after scaling the diagonal
/// to 1); `None` when it is not.
fn inverse(lower: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = lower.len();
    let scale: Vec<f64> = (0..n).map(|i| 1.0 / lower[i][i].sqrt()).collect();
    if !scale.iter().all(|s| s.is_finite() && *s > 0.0) {
        return None;
    }
    let mut root = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = lower[i][j] * scale[i] * scale[j] - dot(&root[i][..j], &root[j][..j]);
            if i != j {
                root[i][j] = rest / root[j][j];
            } else if rest > 1e-12 {
                root[i][i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    // Rows of root⁻ᵀ by forward substitution, then (root·rootᵀ)⁻¹ = root⁻ᵀ·root⁻¹.
    let row = |start: usize| {
        let mut solved = vec![0.0; n];
        solved[start] = 1.0 / root[start][start];
        for i in start + 1..n {
            solved[i] = -dot(&root[i][start..i], &solved[start..i]) / root[i][i];
        }
        solved
    };
    let rows: Vec<Vec<f64>> = (0..n).map(row).collect();
    let entry = |i: usize, j: usize| dot(&rows[i], &rows[j]) * scale[i] * scale[j];
    Some((0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect())
}

#[test]
fn what_cannot_be_fitted_is_none() {
    let rows = |n: usize| vec![vec![1.0]; n];
    assert_eq!(fit(&[0.0; 3], &rows(3), &[1.0; 3], Stop::Settled), None);
    assert_eq!(fit(&[2.0], &rows(1), &[1.0], Stop::Settled), None, "no freedom");
    assert_eq!(fit(&[], &[], &[], Stop::Settled), None);
    let twice = vec![vec![1.0, 1.0]; 4];
    assert_eq!(
        fit(&[1.0, 2.0, 3.0, 4.0], &twice, &[1.0; 4], Stop::Settled),
        None,
        "the same column twice"
    );
}

#[test]
fn a_group_without_events_is_fitted_as_none_and_harms_nobody() {
    let design: Vec<Vec<f64>> =
        (0..6).map(|at| vec![1.0, if at < 3 { 0.0 } else { 1.0 }]).collect();
    let found = fit(&[4.0, 6.0, 5.0, 0.0, 0.0, 0.0], &design, &[1.0; 6], Stop::Settled).unwrap();
    assert!((found.fitted[0] - 5.0).abs() < 1e-9 && found.fitted[4] < 1e-8);
    assert!((found.dispersion - 0.1).abs() < 1e-8);
    assert!((found.variance_at(&[1.0, 0.0]) - 1.0 / 15.0).abs() < 1e-9);
}

#[test]
fn effects_are_judged_by_students_t() {
    // Tables: P(|T| ≥ 2.228138851986274) = 0.05 with 10 degrees of freedom, P(|T| ≥ 12.706…) = 0.05 with one.
    for (freedom, t) in [(10.0, 2.228_138_851_986_274), (1.0, 12.706_204_736_174_7)] {
        let covariance = vec![vec![0.25]];
        let (fitted, working) = (Vec::new(), Vec::new());
        let fit = Fit {
            coefficients: vec![-0.5 * t],
            fitted,
            working,
            dispersion: 1.0,
            freedom,
            covariance,
        };
        assert!((fit.p_of(0, 1.0) - 0.05).abs() < 1e-12, "{}", fit.p_of(0, 1.0));
        assert!(fit.p_of(0, 4.0) > 0.09);
    }
}
