//! Farrington and Noufaily's alarms: is this period's count higher than the season and the trend explain?
//!
//! # Question
//! 14 attacks this month; the same months of earlier years had about 6. Is that more than chance, given how much the
//! series scatters?
//!
//! # Definition
//! The baseline are periods of earlier years: windows of ± w around the same period of each of b years, and, when the
//! year is cut into s seasons, s − 1 blocks between the windows (a factor; the window is its own level). The most recent
//! periods are left out, so that an outbreak that has begun does not raise its own threshold. A quasi-Poisson regression
//! on season and, when allowed, a linear trend is fitted; baseline periods with a standardised Anscombe residual s above
//! a limit get weights proportional to s⁻², the others equal ones, and the fit is repeated. The trend is kept when its p is
//! below a level and the prediction does not exceed every baseline count. From expected μ₀, φ̂ = max(1, φ) and the
//! variance of the fit, [`Threshold`] makes the upper limit; an alarm is a count above it.
//!
//! Guard: no alarm is computed where counts are rare, see [`Unwatched`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `series` | `&[Option<u64>]` | one per period | events | `None`: not recorded |
//! | `at` | `usize` | – | position | the period asked about |
//! | `same_periods` | `&[usize]` | one per earlier year, newest first | position | descending, below `at`; [`same_periods`] makes them |
//! | `settings` | [`Settings`] | – | – | [`Settings::noufaily`] unless another report has to be matched |
//!
//! # Output
//! [`Watched`]: expected count, upper limit, p, exceedance, whether it is an alarm.
//!
//! # Undefined
//! `Err` with the reason, an [`Unwatched`].
//!
//! # Assumptions, and when not to use it
//! One definition and one way of recording throughout: nothing may cross a declared break ([`super::breaks`]). A season
//! that changes within the window makes the limit too high or too low. One test: over many regions and months α is the
//! share of false alarms, two a month for 400 regions at 0.005. Measured on six years of months with mean 8 and
//! negative binomial scatter (size 6), false alarms at α = 0.005 were 1.7 % with `NegativeBinomial` (and `TwoThirds`),
//! which take what is expected as known, and 0.15 % with `NegativeBinomialOfUpperMean`. With `NegativeBinomial`, means of 2 to
//! 30 a month and sizes of 6 and more, they were 0.7–1.8 % for months after three to five years, but 1–3 % for quarters
//! after five and 2.6–6.2 % for quarters after three, where the baseline is ten numbers. For rare
//! events use [`super::g_chart`] and [`super::t_chart`].
//!
//! # Cost and determinism
//! A few regressions of at most a few hundred rows and a dozen columns; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::farrington::{Settings, same_periods, watch};
//! let mut series: Vec<Option<u64>> = (0..72).map(|month| Some([5, 7, 6, 8, 6, 4][month % 6])).collect();
//! let settings = Settings::noufaily(12);
//! let quiet = watch(&series, 71, &same_periods(71, 12, 5), &settings).unwrap();
//! assert!(!quiet.alarm && (quiet.expected - 5.3).abs() < 1.0);
//! series[71] = Some(17);
//! assert!(watch(&series, 71, &same_periods(71, 12, 5), &settings).unwrap().alarm);
//! ```
//!
//! # Source
//! Farrington CP et al. (1996), J R Stat Soc A 159:547–563, doi:10.2307/2983331; Noufaily A et al. (2013), Stat Med
//! 32:1206–1222, doi:10.1002/sim.5595; Salmon M et al. (2016), J Stat Softw 70(10), doi:10.18637/jss.v070.i10 (the
//! thresholds as implemented).

mod baseline;
mod threshold;

use super::quasi_poisson::{self, Fit, Stop};
use crate::statistics::numerics::float::{exp, pow, real, size};
use baseline::Baseline;
pub use threshold::Threshold;

/// The largest share of false alarms measured at α = 0.005 with [`Settings::noufaily`] for months; see the assumptions.
pub const FALSE_ALARMS_OF_MONTHS: f64 = 0.018;

/// The same for quarters.
pub const FALSE_ALARMS_OF_QUARTERS: f64 = 0.062;

/// Earlier years without which nothing is watched.
pub const FEWEST_YEARS: usize = 3;

/// What the baseline is, and when a count is an alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Periods in a year.
    pub periods_per_year: f64,
    /// Half-width w of the window around the same period of earlier years.
    pub half_window: usize,
    /// Seasons s: the window and s − 1 blocks between windows; 1: windows only.
    pub n_seasons: usize,
    /// Periods before the current one that are left out.
    pub n_left_out: usize,
    /// Residual above which a baseline period counts less; `None`: all count the same.
    pub reweight_above: Option<f64>,
    /// The trend is kept when its p is below this; `None`: never a trend; 1: unless it extrapolates.
    pub trend_below: Option<f64>,
    /// How the upper limit is made.
    pub threshold: Threshold,
    /// One-sided level.
    pub alpha: f64,
    /// How the uncertainty of the fit is measured.
    pub scatter: Scatter,
    /// When the regressions end.
    pub stop: Stop,
    /// Fewest events a month in the baseline.
    pub least_per_month: f64,
    /// Fewest events (first) in the last periods (second), the current one included.
    pub least_recent: (u64, usize),
}

/// Which scatter multiplies the variance of the fitted trend and prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scatter {
    /// Pearson's, as the model says.
    Pearson,
    /// Σω((y − μ)/μ)²/(n − p), which R's `farringtonFlexible` uses (it overwrites the working weights before it asks for
    /// the standard error). For comparison with its output only.
    Surveillance,
}

impl Settings {
    /// The improved method with its recommended options, for 52 (weeks) or 12 (months) periods a year, or fewer.
    pub fn noufaily(periods_per_year: u32) -> Self {
        let (half_window, n_seasons) = match periods_per_year {
            52.. => (3, 10),
            12.. => (1, 4),
            fewer => (0, fewer.clamp(1, 4) as usize),
        };
        Self {
            periods_per_year: f64::from(periods_per_year),
            half_window,
            n_seasons,
            n_left_out: periods_per_year as usize / 2,
            reweight_above: Some(2.58),
            trend_below: Some(1.0),
            threshold: Threshold::NegativeBinomial,
            alpha: 0.005,
            scatter: Scatter::Pearson,
            stop: Stop::Settled,
            least_per_month: 1.0,
            least_recent: (5, 4),
        }
    }

    /// The method of 1996: windows only, a trend when significant, every residual above 1 counts less, two-sided 5 %.
    pub fn classic(periods_per_year: u32) -> Self {
        let half_window = Self::noufaily(periods_per_year).half_window;
        Self {
            n_seasons: 1,
            n_left_out: half_window,
            reweight_above: Some(1.0),
            trend_below: Some(0.05),
            threshold: Threshold::TwoThirds,
            alpha: 0.025,
            ..Self::noufaily(periods_per_year)
        }
    }
}

/// One period against its baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Watched {
    /// The count.
    pub observed: u64,
    /// What season and trend make likely.
    pub expected: f64,
    /// The largest count that is no alarm (not whole for [`Threshold::TwoThirds`]).
    pub upper: f64,
    /// P(a count at least as large).
    pub p: f64,
    /// (observed − expected)/(upper − expected); `None` when the limit does not exceed what is expected.
    pub exceedance: Option<f64>,
    /// Whether the count is above the limit.
    pub alarm: bool,
    /// φ̂.
    pub dispersion: f64,
    /// Change of ln expected per period, when a trend was kept.
    pub slope: Option<f64>,
    /// Baseline periods.
    pub n_baseline: usize,
}

/// Why a period was not watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unwatched {
    /// The period itself was not recorded, or lies outside the series.
    NotRecorded,
    /// Fewer than [`FEWEST_YEARS`] earlier years with records.
    TooFewYears {
        /// Years there are.
        n_years: usize,
    },
    /// The baseline has fewer events a month than asked for.
    TooRare {
        /// What it has.
        per_month: f64,
    },
    /// The last periods have fewer events than asked for.
    TooFewRecent {
        /// What they have.
        n_recent: u64,
    },
    /// The year has fewer periods than seasons were asked for.
    TooManySeasons,
    /// The baseline does not determine what is expected: nothing ever happened at this time of the year, or too few
    /// periods were recorded.
    NotEstimable,
}

/// The same period of up to `n_years` earlier years, when all years have the same number of periods.
pub fn same_periods(at: usize, periods_per_year: usize, n_years: usize) -> Vec<usize> {
    (1..=n_years).map_while(|year| at.checked_sub(year * periods_per_year)).collect()
}

/// Compares the count at a position with what the same time of earlier years makes likely.
///
/// # Errors
/// The reason why nothing can be said.
pub fn watch(
    series: &[Option<u64>],
    at: usize,
    same_periods: &[usize],
    settings: &Settings,
) -> Result<Watched, Unwatched> {
    let observed = series.get(at).copied().flatten().ok_or(Unwatched::NotRecorded)?;
    let baseline = Baseline::collect(series, at, same_periods, settings)?;
    let per_month = baseline.mean() * settings.periods_per_year / 12.0;
    if per_month < settings.least_per_month {
        return Err(Unwatched::TooRare { per_month });
    }
    let first = (at + 1).saturating_sub(settings.least_recent.1);
    let n_recent = series[first..=at].iter().flatten().sum();
    if n_recent < settings.least_recent.0 {
        return Err(Unwatched::TooFewRecent { n_recent });
    }
    let model = choose(&baseline, settings).ok_or(Unwatched::NotEstimable)?;
    let limit = settings.threshold.limit(&model.prediction(), settings.alpha, real(observed));
    let limit = limit.ok_or(Unwatched::NotEstimable)?;
    let expected = model.expected();
    let room = limit.upper - expected;
    Ok(Watched {
        observed,
        expected,
        upper: limit.upper,
        p: limit.p,
        exceedance: (room > 0.0).then(|| (real(observed) - expected) / room),
        alarm: real(observed) > limit.upper,
        dispersion: model.dispersion,
        slope: model.trend.map(|column| model.fit.coefficients[column]),
        n_baseline: baseline.counts.len(),
    })
}

/// A fitted baseline; the intercept is the current season now.
struct Model {
    fit: Fit,
    /// φ̂, at least 1.
    dispersion: f64,
    /// What multiplies the variance of the trend.
    of_trend: f64,
    /// What multiplies the variance of the prediction.
    of_prediction: f64,
    /// Column of time.
    trend: Option<usize>,
}

/// What is expected, how much it scatters, and how surely it is known.
struct Prediction {
    expected: f64,
    dispersion: f64,
    /// Standard error of ln expected.
    error: f64,
}

impl Model {
    fn expected(&self) -> f64 {
        exp(self.fit.coefficients[0])
    }

    fn prediction(&self) -> Prediction {
        let error = (self.of_prediction * self.fit.covariance[0][0]).sqrt();
        Prediction { expected: self.expected(), dispersion: self.dispersion, error }
    }
}

/// The model with trend where it is allowed, else without.
fn choose(baseline: &Baseline, settings: &Settings) -> Option<Model> {
    if let Some(level) = settings.trend_below
        && let Some(model) = reweighted(baseline, settings, true)
        && let Some(column) = model.trend
    {
        let largest = baseline.counts.iter().copied().fold(0.0, f64::max);
        if model.fit.p_of(column, model.of_trend) < level && model.expected() <= largest {
            return Some(model);
        }
    }
    reweighted(baseline, settings, false)
}

/// Fits, gives periods that stand out less weight, and fits again.
fn reweighted(baseline: &Baseline, settings: &Settings, with_trend: bool) -> Option<Model> {
    let design = baseline.design(with_trend);
    let mut weights = vec![1.0; design.len()];
    let mut fit = quasi_poisson::fit(&baseline.counts, &design, &weights, settings.stop)?;
    if let Some(limit) = settings.reweight_above {
        let residuals = anscombe_residuals(&baseline.counts, &design, &fit);
        // A residual above the limit is above 0: the limit is.
        weights = residuals.iter().map(|s| if *s > limit { 1.0 / (s * s) } else { 1.0 }).collect();
        let scale = size(weights.len()) / weights.iter().sum::<f64>();
        for weight in &mut weights {
            *weight *= scale;
        }
        fit = quasi_poisson::fit(&baseline.counts, &design, &weights, settings.stop)?;
    }
    let dispersion = fit.dispersion.max(1.0);
    let (of_trend, of_prediction) = match settings.scatter {
        Scatter::Pearson => (fit.dispersion, dispersion),
        Scatter::Surveillance => {
            let relative = |at: usize| baseline.counts[at] / fit.fitted[at] - 1.0;
            let squares: f64 =
                (0..weights.len()).map(|at| weights[at] * relative(at) * relative(at)).sum();
            (squares / fit.freedom, squares / fit.freedom)
        }
    };
    let trend = with_trend.then(|| design[0].len() - 1);
    Some(Model { fit, dispersion, of_trend, of_prediction, trend })
}

/// Residuals on the scale of y^(2/3), standardised by φ̂ and leverage; the fit is unweighted.
fn anscombe_residuals(counts: &[f64], design: &[Vec<f64>], fit: &Fit) -> Vec<f64> {
    let dispersion = fit.dispersion.max(1.0);
    let residual = |at: usize| {
        let (y, mean) = (counts[at], fit.fitted[at]);
        let raw = 1.5 * (pow(y, 2.0 / 3.0) / pow(mean, 1.0 / 6.0) - mean.sqrt());
        let leverage = fit.working[at] * fit.variance_at(&design[at]);
        // A period that determines its own fitted value has no residual.
        if leverage > 1.0 - 1e-9 { 0.0 } else { raw / (dispersion * (1.0 - leverage)).sqrt() }
    };
    (0..counts.len()).map(residual).collect()
}

#[test]
fn what_is_not_watched_says_why() {
    let settings = Settings::noufaily(12);
    let run = |series: &[Option<u64>]| {
        watch(series, series.len() - 1, &same_periods(series.len() - 1, 12, 5), &settings)
    };
    let series = |n: usize, count: u64| vec![Some(count); n];
    assert_eq!(run(&series(30, 9)), Err(Unwatched::TooFewYears { n_years: 2 }));
    let mut missing = series(72, 9);
    missing[71] = None;
    assert_eq!(run(&missing), Err(Unwatched::NotRecorded));
    assert_eq!(watch(&missing, 90, &[78, 66, 54], &settings), Err(Unwatched::NotRecorded));
    assert_eq!(run(&series(72, 0)), Err(Unwatched::TooRare { per_month: 0.0 }));
    let mut fallen = series(72, 9);
    fallen[67..].fill(Some(1));
    assert_eq!(run(&fallen), Err(Unwatched::TooFewRecent { n_recent: 4 }));
    let many = Settings { n_seasons: 12, ..settings };
    assert_eq!(
        watch(&series(72, 9), 71, &same_periods(71, 12, 5), &many),
        Err(Unwatched::TooManySeasons)
    );
    // Years that were not recorded are no baseline.
    let mut gap = series(72, 9);
    gap[..45].fill(None);
    assert_eq!(run(&gap), Err(Unwatched::TooFewYears { n_years: 2 }));
    // Nothing ever happened at this time of the year.
    let seasonal: Vec<Option<u64>> =
        (0..72).map(|month| Some(if matches!(month % 12, 10 | 11 | 0) { 0 } else { 9 })).collect();
    let mut now = seasonal;
    now[71] = Some(9);
    assert_eq!(run(&now), Err(Unwatched::NotEstimable));
}

#[test]
fn a_constant_series_gives_no_alarm_and_its_own_mean() {
    let series = vec![Some(10); 72];
    let found = watch(&series, 71, &same_periods(71, 12, 5), &Settings::noufaily(12)).unwrap();
    assert!(!found.alarm && (found.expected - 10.0).abs() < 1e-6);
    // The Poisson quantile: P(X ≤ 18; 10) = 0.9928, P(X ≤ 19) = 0.9965.
    assert_eq!((found.dispersion, found.upper), (1.0, 19.0));
    let classic = watch(&series, 71, &same_periods(71, 12, 5), &Settings::classic(12)).unwrap();
    assert!(!classic.alarm && classic.slope.is_none());
}
