//! What is estimated, for which parts of the population, and what comes back.
//!
//! Every method here answers for many domains at once and takes a [`Statistic`], a [`Domains`] and a design. A row whose
//! value is missing is masked like a row outside the domain.

use crate::statistics::{interval::Confidence, numerics::student};

use super::design::Design;

/// A number to estimate; each list has one entry per row, `None` where it is missing.
#[derive(Debug, Clone, Copy)]
pub enum Statistic<'a> {
    /// Mean of a value over the population.
    Mean(&'a [Option<f64>]),
    /// Share of the population with a property.
    Proportion(&'a [Option<bool>]),
    /// Sum of a value over the population.
    Total(&'a [Option<f64>]),
    /// Sum of one value over the sum of another.
    Ratio {
        /// The value above.
        numerator: &'a [Option<f64>],
        /// The value below.
        denominator: &'a [Option<f64>],
    },
}

/// Parts of the population, by row.
#[derive(Debug, Clone, Copy)]
pub enum Domains<'a> {
    /// One domain: everybody.
    Whole,
    /// `n` domains, numbered from 0.
    By {
        /// One per row; a row with a number of `n` or more lies in none.
        codes: &'a [u32],
        /// How many.
        n: u32,
    },
}

impl Domains<'_> {
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Whole => 1,
            Self::By { n, .. } => *n as usize,
        }
    }

    /// The domain a row lies in.
    #[inline]
    pub(super) fn of(&self, row: usize) -> Option<usize> {
        match self {
            Self::Whole => Some(0),
            Self::By { codes, n } => (codes[row] < *n).then_some(codes[row] as usize),
        }
    }
}

/// An estimate of one domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub value: f64,
    /// Its standard error under the design; 0 where nothing varies. `None` where units cannot be compared: a mean, share or
    /// ratio of a domain within a single unit always comes out as 0 (R prints that).
    pub se: Option<f64>,
    /// Degrees of freedom: primary sampling units met by the domain minus strata met.
    pub df: u32,
    /// Rows behind it.
    pub n: u32,
    /// Rows among them with a value (numerator) above 0.
    pub n_positive: u32,
    /// Sum of their weights: the estimated number of units in the domain.
    pub weight: f64,
    /// Size of a simple random sample with the same variance; for a proportion p(1 − p)/se². `None` where nothing varies
    /// and without degrees of freedom, as the design effects.
    pub n_eff: Option<f64>,
    /// Variance relative to a simple random sample of n rows drawn with replacement.
    pub deff: Option<f64>,
    /// The same, drawn without replacement from as many units as the weights add up to; `None` when they add up to less.
    pub deff_without_replacement: Option<f64>,
}

impl Estimate {
    /// Limits from Student's t with the domain's degrees of freedom; `None` without any.
    pub fn interval(&self, confidence: Confidence) -> Option<(f64, f64)> {
        if self.df == 0 {
            return None;
        }
        self.within(student::quantile(confidence.tail(), f64::from(self.df)))
    }

    /// Limits from the normal distribution, as R prints them; for parity, too narrow below about 30 degrees of freedom.
    pub fn normal_interval(&self, confidence: Confidence) -> Option<(f64, f64)> {
        self.within(confidence.z())
    }

    fn within(&self, n_errors: f64) -> Option<(f64, f64)> {
        let reach = n_errors * self.se?;
        Some((self.value - reach, self.value + reach))
    }

    /// Standard error relative to the value; `None` for a value of 0.
    pub fn relative_se(&self) -> Option<f64> {
        self.se.filter(|_| self.value.abs() > 0.0).map(|se| se / self.value.abs())
    }
}

/// Why a domain has no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// No row with a value and a weight lies in it.
    EmptyDomain,
    /// The denominator, or the sum of weights, is 0.
    ZeroDenominator,
    /// Values, or their sums, are not finite numbers.
    NotFinite,
    /// A calibrated weight is below 0 where shares of the weights are asked for.
    NegativeWeight,
    /// Every stratum it meets has a single unit, so there is no average variance.
    NoVariance,
    /// Some replicates have no estimate, so that a variance over the others would be too small.
    UndefinedReplicates {
        /// How many.
        n: u32,
    },
}

/// Sums over the rows of a domain, taken from an origin so that equal values leave exact zeros.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) n: u32,
    pub(super) n_positive: u32,
    pub(super) weight: f64,
    /// The first row's value, or ratio.
    pub(super) origin: f64,
    /// Σw(y − origin·x).
    pub(super) above: f64,
    /// Σwx.
    pub(super) below: f64,
    /// Σwy.
    pub(super) total: f64,
}

/// How a value is read from rows: (y, x), x = 1 for means and totals.
pub(super) trait Values: Fn(usize) -> Option<(f64, f64)> + Sync {}
impl<F: Fn(usize) -> Option<(f64, f64)> + Sync> Values for F {}

/// Calls a function with the statistic's way to read a row, and whether it is a total.
pub(super) trait Run {
    /// What it gives back.
    type Output;
    /// The call.
    fn run(self, values: impl Values, is_total: bool) -> Self::Output;
}

impl Statistic<'_> {
    /// Reads rows by the kind of statistic; the kind is settled outside the loop over rows.
    pub(super) fn with<R: Run>(self, n_rows: usize, run: R) -> R::Output {
        let lengths = match self {
            Self::Mean(y) | Self::Total(y) => (y.len(), n_rows),
            Self::Proportion(y) => (y.len(), n_rows),
            Self::Ratio { numerator, denominator } => (numerator.len(), denominator.len()),
        };
        assert_eq!(lengths, (n_rows, n_rows), "one value per row of the design");
        match self {
            Self::Mean(y) => run.run(|row: usize| y[row].map(|y| (y, 1.0)), false),
            Self::Total(y) => run.run(|row: usize| y[row].map(|y| (y, 1.0)), true),
            Self::Proportion(y) => {
                run.run(|row: usize| y[row].map(|y| (f64::from(u8::from(y)), 1.0)), false)
            }
            Self::Ratio { numerator: y, denominator: x } => {
                run.run(|row: usize| Some((y[row]?, x[row]?)), false)
            }
        }
    }
}

/// The first pass: sums by domain, in row order.
pub(super) fn sums(design: &Design, domains: &Domains<'_>, values: &impl Values) -> Vec<Sums> {
    if let Domains::By { codes, .. } = domains {
        assert_eq!(codes.len(), design.n_rows(), "one domain per row of the design");
    }
    let mut sums = vec![Sums::default(); domains.count()];
    for (row, &weight) in design.weights.iter().enumerate() {
        let (Some(domain), Some((y, x))) = (domains.of(row), values(row)) else { continue };
        // A linear calibration may leave weights below 0; they count.
        if weight == 0.0 {
            continue;
        }
        let sum = &mut sums[domain];
        if sum.n == 0 && x.abs() > 0.0 {
            sum.origin = y / x;
        }
        sum.n += 1;
        sum.n_positive += u32::from(y > 0.0);
        sum.weight += weight;
        sum.above += weight * (y - sum.origin * x);
        sum.below += weight * x;
        sum.total += weight * y;
    }
    sums
}

/// Point estimate, and what each row adds to it: the residual y − value·x (for a total y itself) times a scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) value: f64,
    origin: f64,
    /// Value minus origin, kept apart so that differences from the origin keep their digits.
    shift: f64,
    scale: f64,
    is_total: bool,
}

impl Point {
    pub(super) fn new(sums: &Sums, is_total: bool) -> Result<Self, Undefined> {
        if sums.n == 0 {
            return Err(Undefined::EmptyDomain);
        }
        if sums.below.abs() <= 0.0 || sums.weight <= 0.0 {
            return Err(Undefined::ZeroDenominator);
        }
        let shift = sums.above / sums.below;
        let (value, scale) = if is_total {
            (sums.total, sums.weight)
        } else {
            (sums.origin + shift, sums.weight / sums.below)
        };
        if !(value.is_finite() && scale.is_finite() && shift.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        Ok(Self { value, origin: sums.origin, shift, scale, is_total })
    }

    /// The estimate's distance from the origin.
    pub(super) fn shift(&self) -> f64 {
        self.shift
    }

    /// Distance of a row from what the estimate makes of it, in units of the estimate.
    #[inline]
    pub(super) fn residual(&self, (y, x): (f64, f64)) -> f64 {
        ((y - self.origin * x) - self.shift * x) * self.scale
    }

    /// What the row adds to the estimate, per unit of weight and up to a constant.
    #[inline]
    pub(super) fn influence(&self, (y, x): (f64, f64), weight: f64) -> f64 {
        if self.is_total { y } else { self.residual((y, x)) / weight }
    }
}

/// Σw·residual² by domain.
pub(super) fn squares(
    design: &Design,
    domains: &Domains<'_>,
    values: &impl Values,
    points: &[Result<Point, Undefined>],
) -> Vec<f64> {
    let mut squares = vec![0.0; domains.count()];
    for (row, &weight) in design.weights.iter().enumerate() {
        let (Some(domain), Some(value)) = (domains.of(row), values(row)) else { continue };
        if let Ok(point) = &points[domain] {
            let residual = point.residual(value);
            squares[domain] += weight * residual * residual;
        }
    }
    squares
}

/// Puts an estimate together.
pub(super) fn estimate(
    point: &Point,
    sums: &Sums,
    squares: f64,
    variance: Option<f64>,
    df: u32,
) -> Result<Estimate, Undefined> {
    // Rounding can leave a variance of nothing a little below 0.
    let variance = variance.map(|variance| variance.max(0.0));
    let mean_square = squares / sums.weight;
    if !(variance.unwrap_or(0.0).is_finite() && mean_square.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    let n = f64::from(sums.n);
    let compared = variance.filter(|_| sums.n > 1 && mean_square > 0.0 && df > 0);
    let deff = compared.map(|variance| variance * (n - 1.0) / mean_square);
    let remaining = sums.weight - n;
    Ok(Estimate {
        value: point.value,
        se: variance.map(f64::sqrt),
        df,
        n: sums.n,
        n_positive: sums.n_positive,
        weight: sums.weight,
        n_eff: compared.filter(|variance| *variance > 0.0).map(|variance| mean_square / variance),
        deff,
        deff_without_replacement: deff
            .filter(|_| remaining > 0.0)
            .map(|deff| deff * sums.weight / remaining),
    })
}

#[test]
fn relative_errors_and_intervals_need_something_to_stand_on() {
    let estimate = Estimate {
        value: 0.0,
        se: Some(2.0),
        df: 0,
        n: 4,
        n_positive: 0,
        weight: 12.0,
        n_eff: None,
        deff: None,
        deff_without_replacement: None,
    };
    assert_eq!(estimate.relative_se(), None);
    assert_eq!(estimate.interval(Confidence::P95), None);
    assert!((estimate.normal_interval(Confidence::P95).unwrap().1 - 3.92).abs() < 1e-3);
    let unknown = Estimate { value: 5.0, se: None, df: 9, ..estimate };
    assert_eq!((unknown.relative_se(), unknown.interval(Confidence::P95)), (None, None));
}
