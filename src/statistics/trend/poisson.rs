//! Poisson and quasi-Poisson log-linear trend.
//!
//! # Question
//! By how much a year does a rate change, if counts scatter as chance makes them, or by a constant factor more?
//!
//! # Definition
//! yᵢ ~ Poisson(μᵢ), μᵢ as in [`super::log_linear`]. Standard errors from the (expected = observed) information.
//! Quasi-Poisson keeps the coefficients and multiplies the variance by φ = Σ(y − μ)²/μ/(n − 2); its limits use
//! Student's t with n − 2 degrees of freedom.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `series` | [`Series`] | years, events, exposure | checked |
//!
//! # Output
//! A [`Poisson`]. φ is given as it is, also below 1; a φ below 1 must not narrow a printed interval, so
//! `quasi` uses max(φ, 1).
//!
//! # Undefined
//! `None` only when the information is numerically singular.
//!
//! # Assumptions, and when not to use it
//! Poisson scatter is rarely true of recorded events: shown beside, never as the evidence. The main one is
//! [`super::negative_binomial`].
//!
//! # Cost and determinism
//! O(n) per step; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::trend::{log_linear::Series, poisson};
//! let times: Vec<f64> = (2015..2025).map(f64::from).collect();
//! let counts = [30, 28, 41, 35, 52, 44, 61, 50, 77, 66];
//! let found = poisson::fit(&Series::new(&times, &counts, &[1.0; 10]).unwrap()).unwrap();
//! assert!((0.05..0.15).contains(&found.poisson.slope));
//! assert!(found.quasi.standard_errors.1 >= found.poisson.standard_errors.1);
//! ```
//!
//! # Source
//! McCullagh P, Nelder JA (1989), *Generalized Linear Models*, 2nd ed., chapter 6; Wedderburn RWM (1974), Biometrika
//! 61:439–447, doi:10.1093/biomet/61.3.439 (quasi-likelihood).

use super::log_linear::{Fit, Maximum, Quantile, Series};
use crate::statistics::numerics::{
    float::{ln, size},
    gamma::{deviance, ln_gamma},
};

/// A Poisson trend, and the same with more scatter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Poisson {
    /// Poisson standard errors.
    pub poisson: Fit,
    /// Quasi-Poisson standard errors: √max(φ, 1) times those.
    pub quasi: Fit,
    /// φ, Pearson's χ² over n − 2.
    pub dispersion: f64,
    /// Residual deviance.
    pub deviance: f64,
    /// Log likelihood.
    pub log_likelihood: f64,
}

/// Fits the trend.
pub fn fit(series: &Series) -> Option<Poisson> {
    let at = maximum(series);
    if at.is_singular() {
        return None;
    }
    let df = series.n_points() - 2;
    let mut found = Poisson {
        poisson: series.fit_of(&at, 1.0, Quantile::Normal),
        quasi: series.fit_of(&at, 1.0, Quantile::Student { df }),
        dispersion: 0.0,
        deviance: 0.0,
        log_likelihood: 0.0,
    };
    for (y, mean, _) in series.means(at.level, at.slope) {
        found.dispersion += (y - mean) * (y - mean) / mean / size(df);
        found.deviance += 2.0 * if y > 0.0 { deviance(y, mean) } else { mean };
        found.log_likelihood += y * ln(mean) - mean - ln_gamma(y + 1.0);
    }
    found.quasi = series.fit_of(&at, found.dispersion.max(1.0), Quantile::Student { df });
    Some(found)
}

/// The Poisson likelihood's maximum.
pub(super) fn maximum(series: &Series) -> Maximum {
    series.maximise(series.flat(), |y, mean| (mean, y - mean), |y, mean| y * ln(mean) - mean)
}

#[test]
fn counts_on_the_line_have_no_residual() {
    let times = [0.0, 1.0, 2.0, 3.0, 4.0];
    let series = Series::new(&times, &[81, 27, 9, 3, 1], &[1.0; 5]).unwrap();
    let found = fit(&series).unwrap();
    assert!((found.poisson.slope + ln(3.0)).abs() < 1e-12, "{found:?}");
    assert!((found.poisson.intercept - ln(81.0)).abs() < 1e-12);
    assert!(found.deviance.abs() < 1e-12 && found.dispersion < 1e-12);
    assert_eq!(found.quasi.standard_errors, found.poisson.standard_errors);
}

#[test]
fn a_single_inner_event_has_a_finite_slope() {
    let times: Vec<f64> = (0..9).map(f64::from).collect();
    let mut counts = [0; 9];
    counts[7] = 1;
    let found = fit(&Series::new(&times, &counts, &[1.0; 9]).unwrap()).unwrap();
    // The score is 0 where the mean time of the line is that of the event.
    let weights: Vec<f64> = times
        .iter()
        .map(|time| crate::statistics::numerics::float::exp(found.poisson.slope * time))
        .collect();
    let mean = times.iter().zip(&weights).map(|(time, w)| time * w).sum::<f64>()
        / weights.iter().sum::<f64>();
    assert!((mean - 7.0).abs() < 1e-9);
}
