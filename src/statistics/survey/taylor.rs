//! Means, proportions, totals and ratios of many domains, with linearised standard errors.
//!
//! # Question
//! What share of the people in each region would vote for, approve of, or fear something, and how sure is that from the
//! sample as it was drawn?
//!
//! # Definition
//! With weights w, total Ŷ = Σwy, ratio R̂ = Σwy/Σwx, mean the ratio with x = 1, proportion the mean of 0 and 1. Their
//! variance is that of the weighted sum of u = y for a total and u = (y − R̂x)/Σwx for a ratio ([`super::design`] says
//! how units vary). A domain is y = x = 0 outside of it. Degrees of freedom: primary sampling units the domain meets minus
//! strata it meets.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | – |
//! | `statistic` | [`Statistic`] | one value per row | any | finite; `None` is masked |
//! | `domains` | [`Domains`] | one code per row | – | – |
//!
//! # Output
//! One [`Estimate`] per domain, in the order of their numbers.
//!
//! # Undefined
//! An [`Undefined`] for a domain without rows, with a denominator of 0, or whose strata all have a single unit under
//! [`super::design::LonelyPsu::Average`]. No rows is not a total of 0.
//!
//! # Assumptions, and when not to use it
//! Linearisation is for smooth functions of totals and a few dozen units; medians have their own method
//! ([`super::quantile`]). A domain met by one or two units has a standard error that itself is hardly known: look at `df`,
//! and at [`super::presentation`] before showing anything.
//!
//! # Cost and determinism
//! Three passes over the rows whatever the number of domains, one of them over strata in parallel; memory grows with the
//! pairs of unit and domain that occur within single strata. Sums run in row order within units and in stratum order: the
//! same bits at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{design::{Design, Policy}, estimate::{Domains, Statistic}, taylor};
//! let design = Design::new(&[25.0; 4], &[], Policy::default()).unwrap();
//! let values = [Some(1.0), Some(3.0), Some(5.0), Some(7.0)];
//! let all = taylor::estimate(&design, Statistic::Mean(&values), &Domains::Whole)[0].unwrap();
//! // s² = 20/3 with 3 degrees of freedom.
//! assert!((all.value - 4.0).abs() < 1e-15 && (all.se.unwrap() - (20.0_f64 / 12.0).sqrt()).abs() < 1e-15);
//! let codes = [0, 0, 1, 9];
//! let parts = taylor::estimate(&design, Statistic::Total(&values), &Domains::By { codes: &codes, n: 3 });
//! assert!((parts[0].unwrap().value - 100.0).abs() < 1e-12 && parts[2].is_err());
//! ```
//!
//! # Source
//! Binder DA (1983), doi:10.2307/1402588; Lumley T (2004), J Stat Softw 9(8), doi:10.18637/jss.v009.i08; Korn EL,
//! Graubard BI (1999), *Analysis of Health Surveys*, ch. 5 (degrees of freedom), doi:10.1002/9781118032619.

use super::{
    design::Design,
    estimate::{self, Domains, Estimate, Point, Run, Statistic, Undefined, Values},
    variance,
};

/// Estimates a statistic for every domain.
pub fn estimate(
    design: &Design,
    statistic: Statistic<'_>,
    domains: &Domains<'_>,
) -> Vec<Result<Estimate, Undefined>> {
    statistic.with(design.n_rows(), Linearised { design, domains })
}

struct Linearised<'a> {
    design: &'a Design,
    domains: &'a Domains<'a>,
}

impl Run for Linearised<'_> {
    type Output = Vec<Result<Estimate, Undefined>>;

    fn run(self, values: impl Values, is_total: bool) -> Self::Output {
        let Self { design, domains } = self;
        let sums = estimate::sums(design, domains, &values);
        let points: Vec<Result<Point, Undefined>> =
            sums.iter().map(|sums| Point::new(sums, is_total)).collect();
        let squares = estimate::squares(design, domains, &values, &points);
        let spread = variance::by_domain(design, domains, |row, domain| {
            let value = values(row)?;
            Some(points[domain].ok()?.influence(value, sums[domain].weight))
        });
        let one = |at: usize| {
            let (point, spread) = (points[at]?, &spread[at]);
            let all = spread.variance.ok_or(Undefined::NoVariance)?;
            let variance = if is_total { Some(all) } else { spread.of_ratio() };
            estimate::estimate(&point, &sums[at], squares[at], variance, spread.df)
        };
        (0..domains.count()).map(one).collect()
    }
}

#[test]
fn a_share_of_nothing_or_of_everything_is_exact() {
    use super::design::Policy;
    let design = Design::new(&[0.1, 0.7, 1.3, 0.0], &[], Policy::default()).unwrap();
    for (answer, value) in [(true, 1.0), (false, 0.0)] {
        let answers = [Some(answer), Some(answer), None, Some(!answer)];
        let found = estimate(&design, Statistic::Proportion(&answers), &Domains::Whole);
        let found = found[0].unwrap();
        assert_eq!(
            (found.value.to_bits(), found.se.map(f64::to_bits)),
            (f64::to_bits(value), Some(0))
        );
        assert_eq!((found.n, found.n_eff, found.deff), (2, None, None));
        assert_eq!(found.n_positive, if answer { 2 } else { 0 });
    }
}

#[test]
fn a_mean_within_one_unit_has_no_standard_error_and_a_total_has() {
    use super::design::{Policy, Stage};
    let clusters = [1, 1, 2, 3];
    let stage = Stage { clusters: Some(&clusters), ..Stage::default() };
    let design = Design::new(&[2.0; 4], &[stage], Policy::default()).unwrap();
    let values = [Some(1.0), Some(4.0), Some(5.0), Some(7.0)];
    let domains = Domains::By { codes: &[0, 0, 1, 1], n: 2 };
    let means = estimate(&design, Statistic::Mean(&values), &domains);
    let means: Vec<Estimate> = means.into_iter().map(Result::unwrap).collect();
    assert_eq!((means[0].se, means[0].df, means[0].n_eff), (None, 0, None));
    assert!(means[1].se.is_some_and(|se| se > 0.5) && means[1].df == 1);
    // Sums by unit 10, 0, 0: 3/2·(2/3)·100.
    let total = estimate(&design, Statistic::Total(&values), &domains)[0].unwrap();
    assert!((total.se.unwrap() - 10.0).abs() < 1e-12);
}

#[test]
fn what_cannot_be_estimated_says_why() {
    use super::design::Policy;
    let design = Design::new(&[1.0; 5], &[], Policy::default()).unwrap();
    let y = [Some(1.0), None, Some(2.0), Some(f64::INFINITY), Some(1.0)];
    let x = [Some(1.0), Some(1.0), Some(0.0), Some(1.0), Some(-1.0)];
    let domains = Domains::By { codes: &[0, 1, 2, 3, 0], n: 5 };
    let found = estimate(&design, Statistic::Ratio { numerator: &y, denominator: &x }, &domains);
    let why: Vec<Undefined> = found.into_iter().map(Result::unwrap_err).collect();
    let (zero, empty) = (Undefined::ZeroDenominator, Undefined::EmptyDomain);
    assert_eq!(why, [zero, empty, zero, Undefined::NotFinite, empty]);
}
