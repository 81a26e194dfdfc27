//! Log-linear trends: a straight line for the logarithm of a rate, and the yearly change it stands for.
//!
//! # Question
//! By how many per cent a year does a rate rise or fall, and how sure is that?
//!
//! # Definition
//! Counts yᵢ have mean μᵢ = tᵢ·exp(β₀ + β₁xᵢ), t the exposure and x the time. [`super::poisson`] and
//! [`super::negative_binomial`] say how they scatter around it. The coefficients maximise the likelihood; it is
//! concave, so Fisher's scoring (iteratively reweighted least squares) with halved steps where needed cannot miss.
//! Times are centred inside, so that calendar years lose no digits. The yearly change is 100·(e^β₁ − 1) %, its limits
//! those of β₁ ± quantile·standard error.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `times` | `&[f64]` | one per point | years | finite, not all equal |
//! | `counts` | `&[u64]` | the same | events | – |
//! | `exposure` | `&[f64]` | the same | person-years, or years | > 0 |
//!
//! # Output
//! [`Series`], the checked input; [`Fit`], coefficients with their covariance; [`YearlyChange`].
//!
//! # Undefined
//! [`NoTrend`] says why: no events, all events on the first or the last time (then the likelihood rises for ever), bad
//! numbers, one time. A fit exists from 3 points on, so that it can be examined; [`Series::change`] quotes a yearly
//! change only from [`FEWEST_POINTS`] points and [`FEWEST_EVENTS`] events on.
//!
//! # Assumptions, and when not to use it
//! Disjoint periods and one constant relative change. Never across a method break ([`super::breaks`]).
//!
//! # Cost and determinism
//! O(n) per step, about 6 steps; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, trend::{log_linear::Series, poisson}};
//! let times: Vec<f64> = (0..9).map(f64::from).collect();
//! // Exactly doubling every year.
//! let counts = [1, 2, 4, 8, 16, 32, 64, 128, 256];
//! let series = Series::new(&times, &counts, &[1.0; 9]).unwrap();
//! let fit = poisson::fit(&series).unwrap();
//! let change = series.change(&fit.poisson, Confidence::P95).unwrap();
//! assert!((change.percent - 100.0).abs() < 1e-9 && change.lower > 80.0);
//! ```
//!
//! # Source
//! McCullagh P, Nelder JA (1989), *Generalized Linear Models*, 2nd ed., chapters 2 and 6.

use super::{FEWEST_POINTS, NoTrend};
use crate::statistics::{
    interval::Confidence,
    numerics::{
        float::{exp, exp_m1, ln, normal_upper, real, size},
        student,
    },
};

/// Fewer events than this in the whole series carry no yearly change.
pub const FEWEST_EVENTS: u64 = 10;

/// A series that a log-linear trend can be fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Times minus `centre`.
    pub(super) times: Vec<f64>,
    pub(super) counts: Vec<u64>,
    pub(super) exposure: Vec<f64>,
    centre: f64,
}

/// The spread a standard error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantile {
    /// Normal: the scatter is given by the model (Poisson).
    Normal,
    /// Student's t: the scatter was estimated, from n − 2 degrees of freedom.
    Student {
        /// Degrees of freedom.
        df: usize,
    },
}

/// Coefficients with their covariance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// β₀, the log rate at time 0.
    pub intercept: f64,
    /// β₁, the change of the log rate a year.
    pub slope: f64,
    /// Standard errors of both.
    pub standard_errors: (f64, f64),
    /// What limits are computed with.
    pub quantile: Quantile,
}

impl Fit {
    /// Two-sided p of a slope of 0; never 0.
    pub fn p(&self) -> f64 {
        let z = (self.slope / self.standard_errors.1).abs();
        let p = match self.quantile {
            Quantile::Normal => 2.0 * normal_upper(z),
            Quantile::Student { df } => student::two_sided(z, size(df)),
        };
        p.clamp(f64::MIN_POSITIVE, 1.0)
    }

    /// Limits of the slope.
    pub fn limits(&self, confidence: Confidence) -> (f64, f64) {
        let times = match self.quantile {
            Quantile::Normal => confidence.z(),
            Quantile::Student { df } => student::quantile(confidence.tail(), size(df)),
        };
        let half = times * self.standard_errors.1;
        (self.slope - half, self.slope + half)
    }
}

/// The change a year, in per cent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearlyChange {
    /// Estimate.
    pub percent: f64,
    /// Lower limit, above −100.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// A maximum: log-linear coefficients on centred times and the matrix of expected information there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Maximum {
    pub(super) level: f64,
    pub(super) slope: f64,
    /// Σw, Σwx, Σwx².
    pub(super) information: [f64; 3],
}

impl Maximum {
    /// Whether the information does not determine both coefficients.
    pub(super) fn is_singular(&self) -> bool {
        let [a, b, c] = self.information;
        let determinant = a * c - b * b;
        !determinant.is_finite() || determinant <= 0.0
    }
}

impl Series {
    /// Checks a series.
    ///
    /// # Errors
    /// Why it has no finite slope.
    pub fn new(times: &[f64], counts: &[u64], exposure: &[f64]) -> Result<Self, NoTrend> {
        let n = times.len();
        let usable = times.iter().all(|time| time.is_finite())
            && exposure.iter().all(|&exposure| exposure > 0.0 && exposure.is_finite());
        if counts.len() != n || exposure.len() != n || !usable {
            return Err(NoTrend::BadSeries);
        }
        if n < 3 {
            return Err(NoTrend::TooFewPoints { n });
        }
        let first = times.iter().copied().fold(f64::INFINITY, f64::min);
        let last = times.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if last <= first {
            return Err(NoTrend::OneTime);
        }
        if counts.iter().all(|&count| count == 0) {
            return Err(NoTrend::NoEvents);
        }
        let only_at = |end: f64| {
            times.iter().zip(counts).all(|(&time, &count)| (time - end).abs() <= 0.0 || count == 0)
        };
        if only_at(first) || only_at(last) {
            return Err(NoTrend::AllAtOneEnd);
        }
        let centre = times.iter().sum::<f64>() / size(n);
        Ok(Self {
            times: times.iter().map(|time| time - centre).collect(),
            counts: counts.to_vec(),
            exposure: exposure.to_vec(),
            centre,
        })
    }

    /// Points.
    pub fn n_points(&self) -> usize {
        self.times.len()
    }

    /// The yearly change of a fit to this series.
    ///
    /// # Errors
    /// [`NoTrend::TooFewPoints`] and [`NoTrend::TooFewEvents`], where none is quoted.
    pub fn change(&self, fit: &Fit, confidence: Confidence) -> Result<YearlyChange, NoTrend> {
        let n = self.n_points();
        if n < FEWEST_POINTS {
            return Err(NoTrend::TooFewPoints { n });
        }
        let n_events: u64 = self.counts.iter().sum();
        if n_events < FEWEST_EVENTS {
            return Err(NoTrend::TooFewEvents { n_events });
        }
        let percent = |slope: f64| 100.0 * exp_m1(slope).min(f64::MAX / 100.0);
        let (lower, upper) = fit.limits(confidence);
        Ok(YearlyChange {
            percent: percent(fit.slope),
            lower: percent(lower),
            upper: percent(upper),
        })
    }

    /// Maximises a log-linear likelihood of which, at mean μ, `weight` gives (w, w·(y − μ)/μ): expected information
    /// about ln μ and its score; `likelihood` is the sum to be maximised.
    pub(super) fn maximise(
        &self,
        start: (f64, f64),
        weight: impl Fn(f64, f64) -> (f64, f64),
        likelihood: impl Fn(f64, f64) -> f64,
    ) -> Maximum {
        let total = |level: f64, slope: f64| -> f64 {
            self.means(level, slope).map(|(y, mean, _)| likelihood(y, mean)).sum()
        };
        let reach = self.times.iter().fold(0.0_f64, |most, time| most.max(time.abs()));
        let (mut level, mut slope) = start;
        let mut best = total(level, slope);
        let mut information = [0.0; 3];
        for _ in 0..200 {
            let mut score = [0.0; 2];
            information = [0.0; 3];
            for (y, mean, time) in self.means(level, slope) {
                let (w, gradient) = weight(y, mean);
                score = [score[0] + gradient, score[1] + gradient * time];
                for (sum, part) in information.iter_mut().zip([w, w * time, w * time * time]) {
                    *sum += part;
                }
            }
            let [a, b, c] = information;
            let determinant = a * c - b * b;
            let step = (
                (c * score[0] - b * score[1]) / determinant,
                (a * score[1] - b * score[0]) / determinant,
            );
            let change = step.0.abs() + step.1.abs() * reach;
            // No step may multiply a mean by more than e³.
            let mut share = (3.0 / change).min(1.0);
            let mut next = total(level + share * step.0, slope + share * step.1);
            // Near the top the sums cannot tell steps apart; there Fisher's own steps are safe.
            let enough = best - 1e-10 * (1.0 + best.abs());
            while (next.is_nan() || next < enough) && share > 1e-6 {
                share *= 0.5;
                next = total(level + share * step.0, slope + share * step.1);
            }
            if !change.is_finite() || share <= 1e-6 {
                break;
            }
            (level, slope, best) = (level + share * step.0, slope + share * step.1, next);
            if change < 1e-13 * level.abs().max(1.0) {
                break;
            }
        }
        Maximum { level, slope, information }
    }

    /// The overall rate and no slope.
    pub(super) fn flat(&self) -> (f64, f64) {
        let events: f64 = self.counts.iter().map(|&count| real(count)).sum();
        (ln(events / self.exposure.iter().sum::<f64>()), 0.0)
    }

    /// Count, mean and centred time of every point.
    pub(super) fn means(
        &self,
        level: f64,
        slope: f64,
    ) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        self.times.iter().zip(&self.counts).zip(&self.exposure).map(
            move |((&time, &count), &exposure)| {
                (real(count), exposure * exp(level + slope * time), time)
            },
        )
    }

    /// The coefficients on the times given, with the covariance that is the inverse of an information matrix, times
    /// `scale`.
    pub(super) fn fit_of(&self, at: &Maximum, scale: f64, quantile: Quantile) -> Fit {
        let [a, b, c] = at.information;
        let determinant = a * c - b * b;
        let (level, both, slope) = (c / determinant, -b / determinant, a / determinant);
        let x = self.centre;
        Fit {
            intercept: at.level - at.slope * x,
            slope: at.slope,
            standard_errors: (
                (scale * (level - 2.0 * x * both + x * x * slope)).sqrt(),
                (scale * slope).sqrt(),
            ),
            quantile,
        }
    }
}

#[test]
fn a_series_without_a_finite_slope_says_why() {
    let years = [1.0, 2.0, 3.0, 4.0];
    let reason = |times: &[f64], counts: &[u64], exposure: &[f64]| {
        Series::new(times, counts, exposure).err()
    };
    assert_eq!(reason(&years, &[0; 4], &[1.0; 4]), Some(NoTrend::NoEvents));
    assert_eq!(reason(&years, &[0, 0, 0, 9], &[1.0; 4]), Some(NoTrend::AllAtOneEnd));
    assert_eq!(reason(&years, &[9, 0, 0, 0], &[1.0; 4]), Some(NoTrend::AllAtOneEnd));
    assert_eq!(reason(&[2.0; 4], &[1; 4], &[1.0; 4]), Some(NoTrend::OneTime));
    assert_eq!(reason(&years, &[1; 4], &[1.0, 0.0, 1.0, 1.0]), Some(NoTrend::BadSeries));
    assert_eq!(reason(&years, &[1; 3], &[1.0; 4]), Some(NoTrend::BadSeries));
    assert_eq!(reason(&years[..2], &[1; 2], &[1.0; 2]), Some(NoTrend::TooFewPoints { n: 2 }));
    assert_eq!(reason(&years, &[0, 1, 0, 0], &[1.0; 4]), None);
}
