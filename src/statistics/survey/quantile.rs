//! Quantiles of a value over the population, with Woodruff's interval.
//!
//! # Question
//! What does the person in the middle answer, and how sure is that?
//!
//! # Definition
//! The quantile is the smallest value q below or at which at least the share `probability` of the weights lies. The share
//! F at q is a proportion with standard error s under the design; the limits are the quantiles at F ± t·s, t with the
//! domain's degrees of freedom, and the standard error is their distance over 2t.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | – |
//! | `values` | `&[Option<f64>]` | one per row | any | finite; `None` is masked |
//! | `probability` | `f64` | – | – | (0, 1) |
//! | `domains` | [`Domains`] | one code per row | – | – |
//! | `confidence` | [`Confidence`] | – | – | 90, 95, 99.8 % |
//!
//! # Output
//! One [`Quantile`] per domain: always a value that occurs, as are its limits.
//!
//! # Undefined
//! An [`Undefined`] for a domain without rows or with a weight below 0 from calibration. A limit is `None` when F − t·s is
//! below 0 or F + t·s above 1: the sample does not bound the quantile on that side. Without degrees of freedom both are.
//!
//! # Assumptions, and when not to use it
//! Answers on a scale with few steps give limits with the same steps; a mean or a share above a threshold says more.
//!
//! # Cost and determinism
//! O(n log n) once for all domains, then as [`super::taylor`].
//!
//! # Example
//! ```
//! use saet::statistics::{interval::Confidence, survey::{design::{Design, Policy}, estimate::Domains, quantile}};
//! let design = Design::new(&[2.0; 101], &[], Policy::default()).unwrap();
//! let values: Vec<Option<f64>> = (0..101).map(|i| Some(f64::from(i))).collect();
//! let median = quantile::estimate(&design, &values, 0.5, &Domains::Whole, Confidence::P95)[0].unwrap();
//! assert_eq!((median.value, median.lower, median.upper), (50.0, Some(40.0), Some(61.0)));
//! ```
//!
//! # Source
//! Woodruff RS (1952), J Am Stat Assoc 47:635–646, doi:10.1080/01621459.1952.10483443; Francisco CA, Fuller WA (1991),
//! doi:10.1214/aos/1176347993.

use super::{
    design::Design,
    estimate::{Domains, Undefined},
    variance,
};
use crate::statistics::{interval::Confidence, numerics::student};

/// A quantile of one domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// The value.
    pub value: f64,
    /// Lower limit; `None`: not bounded by the sample.
    pub lower: Option<f64>,
    /// Upper limit; `None`: not bounded by the sample.
    pub upper: Option<f64>,
    /// Distance of the limits over twice the quantile of t; `None` unless both are bounded.
    pub se: Option<f64>,
    /// Degrees of freedom.
    pub df: u32,
    /// Rows behind it.
    pub n: u32,
}

/// Sums of weights this close are equal: ten rows of weight 0.1 are half of twenty.
const TIE: f64 = 1e-12;

/// Estimates the quantile of every domain.
pub fn estimate(
    design: &Design,
    values: &[Option<f64>],
    probability: f64,
    domains: &Domains<'_>,
    confidence: Confidence,
) -> Vec<Result<Quantile, Undefined>> {
    assert!(probability > 0.0 && probability < 1.0, "a probability between 0 and 1");
    assert_eq!(values.len(), design.n_rows(), "one value per row of the design");
    let distributions = distributions(design, values, domains);
    let middles: Vec<Option<(f64, f64)>> =
        distributions.iter().map(|list| middle(list, probability)).collect();
    let spread = variance::by_domain(design, domains, |row, domain| {
        let (value, share) = middles[domain]?;
        let below = if values[row]? <= value { 1.0 } else { 0.0 };
        Some((below - share) / total(&distributions[domain]))
    });
    let one = |at: usize| {
        let list = &distributions[at];
        if list.iter().any(|(value, _)| !value.is_finite()) {
            return Err(Undefined::NotFinite);
        }
        let falls = list.windows(2).any(|pair| pair[1].1 < pair[0].1);
        if falls || list.first().is_some_and(|(_, weight)| *weight < 0.0) {
            return Err(Undefined::NegativeWeight);
        }
        let (value, share) = middles[at].ok_or(Undefined::EmptyDomain)?;
        let variance = spread[at].variance.ok_or(Undefined::NoVariance)?;
        let df = spread[at].df;
        let t = student::quantile(confidence.tail(), f64::from(df.max(1)));
        let reach = t * variance.max(0.0).sqrt();
        let limit = |share: f64| {
            ((0.0..=1.0).contains(&share) && df > 0).then(|| list[place(list, share)].0)
        };
        let (lower, upper) = (limit(share - reach), limit(share + reach));
        let se = lower.zip(upper).map(|(lower, upper)| (upper - lower) / (2.0 * t));
        #[allow(clippy::cast_possible_truncation, reason = "rows are u32")]
        let n = list.len() as u32;
        Ok(Quantile { value, lower, upper, se, df, n })
    };
    (0..domains.count()).map(one).collect()
}

/// Values of each domain in ascending order, each with the weight up to and including it.
fn distributions(
    design: &Design,
    values: &[Option<f64>],
    domains: &Domains<'_>,
) -> Vec<Vec<(f64, f64)>> {
    let mut lists = vec![Vec::new(); domains.count()];
    for (row, (&value, &weight)) in values.iter().zip(design.weights()).enumerate() {
        if let (Some(domain), Some(value)) = (domains.of(row), value)
            && weight != 0.0
        {
            lists[domain].push((value, weight));
        }
    }
    for list in &mut lists {
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        for (_, weight) in list {
            sum += *weight;
            *weight = sum;
        }
    }
    lists
}

fn total(list: &[(f64, f64)]) -> f64 {
    list.last().map_or(0.0, |last| last.1)
}

/// The place of the smallest value that reaches a share of the weights.
fn place(list: &[(f64, f64)], share: f64) -> usize {
    let wanted = share * total(list) * (1.0 - TIE);
    list.partition_point(|(_, sum)| *sum < wanted).min(list.len() - 1)
}

/// The quantile, and the share of weights at or below it.
fn middle(list: &[(f64, f64)], probability: f64) -> Option<(f64, f64)> {
    if total(list) <= 0.0 {
        return None;
    }
    let value = list[place(list, probability)].0;
    let n_below = list.partition_point(|(other, _)| *other <= value);
    Some((value, list[n_below - 1].1 / total(list)))
}

#[test]
fn weights_below_0_have_no_quantile() {
    use super::{
        calibration::{benchmark::Benchmark, linear},
        design::Policy,
    };
    let design = Design::new(&[1.0; 4], &[], Policy::default()).unwrap();
    let (ones, values) = ([1.0; 4], [1.0, 2.0, 3.0, 9.0]);
    let size = Benchmark::Sum { values: &ones, total: 4.0 };
    let sum = Benchmark::Sum { values: &values, total: 40.0 };
    let calibrated = linear::calibrate(&design, &[size, sum]).unwrap();
    assert!(calibrated.weight_ratios.0 < 0.0);
    let values = values.map(Some);
    let found = estimate(&calibrated.design, &values, 0.5, &Domains::Whole, Confidence::P95);
    assert_eq!(found[0], Err(Undefined::NegativeWeight));
}

#[test]
fn few_rows_bound_nothing_and_none_have_no_quantile() {
    use super::design::Policy;
    let design = Design::new(&[1.0; 4], &[], Policy::default()).unwrap();
    let values = [Some(3.0), None, Some(3.0), Some(9.0)];
    let domains = Domains::By { codes: &[0, 1, 2, 2], n: 3 };
    let found = estimate(&design, &values, 0.5, &domains, Confidence::P95);
    let single = found[0].unwrap();
    assert_eq!((single.value.to_bits(), single.n, single.lower), (3.0_f64.to_bits(), 1, None));
    assert_eq!(found[1], Err(Undefined::EmptyDomain));
    let pair = found[2].unwrap();
    assert_eq!((pair.value.to_bits(), pair.df, pair.upper), (3.0_f64.to_bits(), 1, None));
}
