//! Estimates of many domains with standard errors from replicate weights.
//!
//! # Question
//! As [`crate::statistics::survey::taylor`], from replicates.
//!
//! # Definition
//! θ is estimated with the full weights, and again with each replicate's; variance = scale · Σ scaleᵣ·(θᵣ − centre)². The mean
//! over replicates is taken over those with a scale above 0.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | the one the replicates were made of |
//! | `replicates` | [`Replicates`] | – | – | – |
//! | `statistic` | [`Statistic`] | one value per row | any | finite; `None` is masked |
//! | `domains` | [`Domains`] | one code per row | – | – |
//!
//! # Output
//! One [`Estimate`] per domain, in the order of their numbers.
//!
//! # Undefined
//! As [`crate::statistics::survey::taylor`]; also where a replicate leaves a domain without rows. R leaves such replicates
//! out, which makes the standard error too small, 0 for a domain in a single unit; here it is
//! [`Undefined::UndefinedReplicates`]. A total without rows is 0 and counts. There is no standard error where values differ
//! and replicates do not, as in a single cluster.
//!
//! # Assumptions, and when not to use it
//! Those of the method the replicates are made with.
//!
//! # Cost and determinism
//! Factors by unit: one pass over the rows, then the pairs of domain and changed unit that occur. Weights by row: replicates
//! × rows. Replicates run in parallel and are added up in their order: the same bits at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{
//!     design::{Design, Policy}, estimate::{Domains, Statistic}, replicates::{Centre, jackknife, variance},
//! };
//! let design = Design::new(&[1.0, 2.0, 1.0, 3.0], &[], Policy::default()).unwrap();
//! let mut replicates = jackknife::jk1(&design).unwrap();
//! let values = [Some(1.0), Some(3.0), Some(5.0), Some(7.0)];
//! let se = |replicates: &_| {
//!     let mean = variance::estimate(&design, replicates, Statistic::Mean(&values), &Domains::Whole);
//!     mean[0].unwrap().se.unwrap()
//! };
//! let around_their_mean = se(&replicates);
//! replicates.centre = Centre::Estimate;
//! assert!(se(&replicates) > around_their_mean);
//! ```
//!
//! # Source
//! Wolter KM (2007), *Introduction to Variance Estimation*, 2nd ed., doi:10.1007/978-0-387-35099-8.

use rayon::prelude::*;

use super::{Centre, Replicates, Weights};
use crate::statistics::survey::{
    design::Design,
    estimate::{self, Domains, Estimate, Point, Run, Statistic, Sums, Undefined, Values},
};

/// Estimates a statistic for every domain.
pub fn estimate(
    design: &Design,
    replicates: &Replicates,
    statistic: Statistic<'_>,
    domains: &Domains<'_>,
) -> Vec<Result<Estimate, Undefined>> {
    statistic.with(design.n_rows(), Replicated { design, replicates, domains })
}

struct Replicated<'a> {
    design: &'a Design,
    replicates: &'a Replicates,
    domains: &'a Domains<'a>,
}

/// Replicates looked at together, so that memory does not grow with their number.
const AT_ONCE: usize = 64;

/// A variance this small relative to that of the values is what rounding leaves of none.
const NOTHING: f64 = 1e-24;

impl Run for Replicated<'_> {
    type Output = Vec<Result<Estimate, Undefined>>;

    fn run(self, values: impl Values, is_total: bool) -> Self::Output {
        let Self { design, replicates, domains } = self;
        let sums = estimate::sums(design, domains, &values);
        let points: Vec<Result<Point, Undefined>> =
            sums.iter().map(|sums| Point::new(sums, is_total)).collect();
        let squares = estimate::squares(design, domains, &values, &points);
        let cells = Cells::new(design, domains, &values, &sums);
        let mut moments = vec![Moments::default(); domains.count()];
        let numbers: Vec<usize> = (0..replicates.count()).collect();
        for chunk in numbers.chunks(AT_ONCE) {
            let moved: Vec<Vec<(u32, Moved)>> = chunk
                .par_iter()
                .map(|&replicate| match &replicates.weights {
                    Weights::Factors(factors) => cells.moved(&factors[replicate], domains.count()),
                    Weights::Rows(weights) => {
                        by_rows(design, &weights[replicate], domains, &values, &sums)
                    }
                })
                .collect();
            for (&replicate, moved) in chunk.iter().zip(&moved) {
                for (domain, moved) in moved {
                    let at = *domain as usize;
                    if let Ok(point) = &points[at] {
                        let difference = moved.difference(&sums[at], point, is_total);
                        moments[at].add(difference, replicates.scales[replicate]);
                    }
                }
            }
        }
        let one = |at: usize| {
            points[at].and_then(|point| {
                let variance = moments[at].variance(replicates)?;
                let mean_square = squares[at] / sums[at].weight;
                let tells = is_total || !moments[at].is_moved || variance >= NOTHING * mean_square;
                let variance = tells.then_some(variance);
                let df = replicates.df.unwrap_or(cells.df[at]);
                estimate::estimate(&point, &sums[at], squares[at], variance, df)
            })
        };
        (0..domains.count()).map(one).collect()
    }
}

/// How a replicate's sums differ from the full ones.
#[derive(Debug, Clone, Copy, Default)]
struct Moved {
    above: f64,
    below: f64,
    total: f64,
    /// Rows that the replicate leaves out.
    n_out: u32,
}

impl Moved {
    #[inline]
    fn add(&mut self, part: &Part, factor: f64) {
        let change = factor - 1.0;
        self.above += change * part.above;
        self.below += change * part.below;
        self.total += change * part.total;
        self.n_out += if factor == 0.0 { part.n } else { 0 };
    }

    /// The replicate's estimate minus the full one.
    fn difference(&self, sums: &Sums, point: &Point, is_total: bool) -> Option<f64> {
        if is_total {
            return Some(self.total);
        }
        if self.n_out == sums.n {
            return None;
        }
        let below = sums.below + self.below;
        let shift = (sums.above + self.above) / below;
        (below != 0.0).then_some(shift - point.shift())
    }
}

/// Sums of differences from the full estimate, for either centre.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    /// Σ difference, over replicates with a scale.
    plain: f64,
    /// Σ scale·difference and Σ scale·difference².
    first: f64,
    second: f64,
    n_undefined: u32,
    /// Whether any replicate with a scale changed the domain's weights.
    is_moved: bool,
}

impl Moments {
    fn add(&mut self, difference: Option<f64>, scale: f64) {
        match difference {
            _ if scale <= 0.0 => {}
            Some(difference) => {
                self.is_moved = true;
                self.plain += difference;
                self.first += scale * difference;
                self.second += scale * difference * difference;
            }
            None => self.n_undefined += 1,
        }
    }

    fn variance(&self, replicates: &Replicates) -> Result<f64, Undefined> {
        if self.n_undefined > 0 {
            return Err(Undefined::UndefinedReplicates { n: self.n_undefined });
        }
        let (mut count, mut scales) = (0.0, 0.0);
        for &scale in replicates.scales.iter().filter(|scale| **scale > 0.0) {
            count += 1.0;
            scales += scale;
        }
        let sum = match replicates.centre {
            Centre::Mean if count > 0.0 => {
                let mean = self.plain / count;
                self.second - mean * (2.0 * self.first - mean * scales)
            }
            _ => self.second,
        };
        Ok(replicates.scale * sum)
    }
}

/// The part of a domain's sums that lies in one unit.
#[derive(Debug, Clone, Copy)]
struct Part {
    domain: u32,
    n: u32,
    above: f64,
    below: f64,
    total: f64,
}

/// Parts of every primary sampling unit, by the domains it meets.
struct Cells {
    /// Where each unit's begin, and the end.
    starts: Vec<usize>,
    parts: Vec<Part>,
    /// Degrees of freedom by domain.
    df: Vec<u32>,
}

impl Cells {
    fn new(design: &Design, domains: &Domains<'_>, values: &impl Values, sums: &[Sums]) -> Self {
        let stage = &design.stages[0];
        let mut made = Self { starts: vec![0], parts: Vec::new(), df: vec![0; sums.len()] };
        // The place of a domain's cell plus 1, and the last stratum that met the domain, plus 1.
        let (mut places, mut last) = (vec![0; sums.len()], vec![0; sums.len()]);
        for (stratum, group) in (1..).zip(&stage.groups) {
            for unit in group.first..group.first + group.n {
                let old = made.parts.len();
                for &row in &design.order[stage.cuts[unit] as usize..stage.cuts[unit + 1] as usize]
                {
                    let row = row as usize;
                    let weight = design.weights[row];
                    let Some(domain) = domains.of(row).filter(|_| weight != 0.0) else { continue };
                    let Some((y, x)) = values(row) else { continue };
                    if places[domain] <= old {
                        let number = super::number(domain);
                        let (above, below, total) = (0.0, 0.0, 0.0);
                        made.parts.push(Part { domain: number, n: 0, above, below, total });
                        places[domain] = made.parts.len();
                        made.df[domain] += u32::from(last[domain] == stratum);
                        last[domain] = stratum;
                    }
                    let part = &mut made.parts[places[domain] - 1];
                    part.n += 1;
                    part.above += weight * (y - sums[domain].origin * x);
                    part.below += weight * x;
                    part.total += weight * y;
                }
                made.starts.push(made.parts.len());
            }
        }
        made
    }

    /// What a replicate changes, by domain.
    fn moved(&self, factors: &[(u32, f64)], n_domains: usize) -> Vec<(u32, Moved)> {
        let mut places = vec![0; n_domains];
        let mut moved: Vec<(u32, Moved)> = Vec::new();
        for &(unit, factor) in factors {
            let unit = unit as usize;
            for part in &self.parts[self.starts[unit]..self.starts[unit + 1]] {
                let place = &mut places[part.domain as usize];
                if *place == 0 {
                    moved.push((part.domain, Moved::default()));
                    *place = moved.len();
                }
                moved[*place - 1].1.add(part, factor);
            }
        }
        moved
    }
}

/// What replicate weights by row change, by domain.
fn by_rows(
    design: &Design,
    weights: &[f64],
    domains: &Domains<'_>,
    values: &impl Values,
    full: &[Sums],
) -> Vec<(u32, Moved)> {
    let mut moved = vec![Moved::default(); full.len()];
    for (row, (&base, &weight)) in design.weights.iter().zip(weights).enumerate() {
        let (Some(domain), Some((y, x))) = (domains.of(row), values(row)) else { continue };
        let change = weight - base;
        let moved = &mut moved[domain];
        moved.above += change * (y - full[domain].origin * x);
        moved.below += change * x;
        moved.total += change * y;
        moved.n_out += u32::from(base != 0.0 && weight == 0.0);
    }
    (0..).zip(moved).collect()
}

#[test]
fn a_domain_that_a_replicate_loses_has_no_standard_error() {
    use crate::statistics::survey::{
        design::Policy,
        replicates::{jackknife, supplied},
    };
    let design = Design::new(&[2.0; 4], &[], Policy::default()).unwrap();
    let replicates = jackknife::jk1(&design).unwrap();
    let values = [Some(1.0), Some(2.0), Some(4.0), Some(7.0)];
    let domains = Domains::By { codes: &[0, 1, 1, 1], n: 3 };
    let means = estimate(&design, &replicates, Statistic::Mean(&values), &domains);
    assert_eq!(means[0], Err(Undefined::UndefinedReplicates { n: 1 }));
    assert_eq!((means[1].unwrap().df, means[2]), (2, Err(Undefined::EmptyDomain)));
    // A total of one unit in four: 4·3·Σ(y − ȳ)²/3 with y = (1, 0, 0, 0), times 2².
    let totals = estimate(&design, &replicates, Statistic::Total(&values), &domains);
    assert!((totals[0].unwrap().se.unwrap() - 2.0).abs() < 1e-14);
    // Rows that every replicate weighs alike cannot be told apart.
    let weights = vec![vec![3.0, 3.0, 3.0, 1.0], vec![1.0, 1.0, 1.0, 3.0]];
    let supplied = supplied::new(&design, weights, 0.5, vec![1.0; 2], Centre::Mean, 1).unwrap();
    let domains = Domains::By { codes: &[0, 0, 0, 9], n: 1 };
    let alike = estimate(&design, &supplied, Statistic::Mean(&values), &domains);
    assert_eq!(alike[0].unwrap().se, None);
}
