//! The two explanations of a series: levels that change in steps, and a smooth trend.
//!
//! Both are scored by capped deviances: 2·(x ln(x/μ) − (x + r) ln((x + r)/(μ + r))), at most a cap per period, plus what
//! depends on the size r alone. A period at the cap is set aside: where it lies no longer matters.

use super::{LASTING, PENALTY};
use crate::statistics::{
    numerics::{
        float::{ln, real, size},
        gamma::ln_rising,
    },
    surveillance::quasi_poisson,
};

/// A recorded period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) at: usize,
    pub(super) count: u64,
}

/// Steps after which a trend that has not settled never will.
const MOST_STEPS: usize = 60;

/// Steps in which no point is set aside: nothing is known of the trend yet.
const FIRST_STEPS: usize = 4;

/// An explanation of all points.
#[derive(Debug, Clone)]
pub(super) struct Explanation {
    pub(super) score: f64,
    /// Expected counts, by point.
    pub(super) means: Vec<f64>,
    /// Points that are not set aside.
    pub(super) kept: Vec<bool>,
    /// Where levels start, or none but the first for a trend.
    pub(super) starts: Vec<usize>,
    /// Levels, or coefficients of the trend.
    n_free: usize,
}

/// Points at one size.
struct Sized {
    counts: Vec<f64>,
    /// ln x, 0 for x = 0.
    logs: Vec<f64>,
    /// ln(x + r).
    logs_with_size: Vec<f64>,
    r: f64,
    cap: f64,
    /// −2·ln likelihood when every point has its own mean, less what no mean and no size changes.
    own: f64,
}

/// What one cap, step or coefficient costs.
struct Prices {
    step: f64,
    coefficient: f64,
    cap: f64,
}

impl Prices {
    fn of(points: &[Point]) -> Self {
        let unit = ln(size(points.len()));
        // An outbreak costs as much as a step there and one back.
        Self { step: PENALTY * unit, coefficient: unit, cap: 2.0 * PENALTY * unit }
    }
}

impl Sized {
    /// At ½, 1, 2, …, 2¹⁵; the last is Poisson for every purpose here.
    fn all(points: &[Point], cap: f64) -> impl Iterator<Item = Self> {
        (0..17).map(move |power| Self::at(points, 0.5 * f64::from(1 << power), cap))
    }

    fn at(points: &[Point], r: f64, cap: f64) -> Self {
        let counts: Vec<f64> = points.iter().map(|point| real(point.count)).collect();
        let logs: Vec<f64> = counts.iter().map(|&x| if x > 0.0 { ln(x) } else { 0.0 }).collect();
        let logs_with_size: Vec<f64> = counts.iter().map(|x| ln(x + r)).collect();
        let each = |at: usize| {
            let x = counts[at];
            ln_rising(r, points[at].count) + r * ln(r) + x * logs[at] - (x + r) * logs_with_size[at]
        };
        let own = -2.0 * (0..counts.len()).map(each).sum::<f64>();
        Self { counts, logs, logs_with_size, r, cap, own }
    }

    /// The deviance of a point from a mean given by its logarithm and that of mean + r; not capped.
    fn deviance(&self, at: usize, log_mean: f64, log_with_size: f64) -> f64 {
        let x = self.counts[at];
        let to_mean = if x > 0.0 { x * (self.logs[at] - log_mean) } else { 0.0 };
        (2.0 * (to_mean - (x + self.r) * (self.logs_with_size[at] - log_with_size))).max(0.0)
    }

    /// The mean and capped deviance of the points from `start` to `end` as one level: from their median, the mean of
    /// what lies within the cap, until that does not change. `None` when too few do.
    fn level(&self, start: usize, end: usize, ascending: &[f64]) -> Option<(f64, f64)> {
        let n = end - start;
        let mut mean = ascending[n / 2];
        let mut cost = f64::INFINITY;
        for _ in 0..6 {
            let positive = mean.max(1e-9);
            let (log_mean, log_with_size) = (ln(positive), ln(positive + self.r));
            let (mut sum, mut n_kept, mut next) = (0.0, 0, 0.0);
            for at in start..end {
                let deviance = self.deviance(at, log_mean, log_with_size);
                next += deviance.min(self.cap);
                if deviance < self.cap {
                    sum += self.counts[at];
                    n_kept += 1;
                }
            }
            if n_kept < LASTING || 2 * n_kept <= n {
                return None;
            }
            if next >= cost - 1e-9 {
                break;
            }
            (cost, mean) = (next, sum / size(n_kept));
        }
        Some((mean, cost))
    }

    fn kept(&self, means: &[f64]) -> Vec<bool> {
        let within = |(at, mean): (usize, &f64)| {
            let positive = mean.max(1e-9);
            self.deviance(at, ln(positive), ln(positive + self.r)) < self.cap
        };
        means.iter().enumerate().map(within).collect()
    }
}

/// Whether so much is set aside that nothing is explained.
fn too_much(kept: &[bool]) -> bool {
    4 * kept.iter().filter(|&&kept| !kept).count() > kept.len()
}

/// The best levels, one or more. `None` when no level holds enough of the points.
pub(super) fn best_steps(points: &[Point]) -> Option<(Explanation, f64)> {
    let prices = Prices::of(points);
    let n = points.len();
    let mut best: Option<Explanation> = None;
    let mut constant = f64::INFINITY;
    for sized in Sized::all(points, prices.cap) {
        // costs[start][end − start − 1]: mean and cost of the level.
        let costs: Vec<Vec<Option<(f64, f64)>>> = (0..n)
            .map(|start| {
                let mut ascending: Vec<f64> = Vec::with_capacity(n - start);
                let mut to = |end: usize| {
                    let count = sized.counts[end - 1];
                    let place = ascending.partition_point(|&other| other < count);
                    ascending.insert(place, count);
                    sized.level(start, end, &ascending)
                };
                (start + 1..=n).map(&mut to).collect()
            })
            .collect();
        // best_to[end]: score of the points before `end`, and where their last level starts.
        let mut best_to = vec![(-prices.step, 0)];
        for end in 1..=n {
            let through = |start: usize| {
                costs[start][end - start - 1]
                    .map_or(f64::INFINITY, |(_, cost)| best_to[start].0 + prices.step + cost)
            };
            let last = (0..end)
                .map(|start| (through(start), start))
                .fold((f64::INFINITY, 0), |best, next| if next.0 < best.0 { next } else { best });
            best_to.push(last);
        }
        let score = best_to[n].0 + sized.own;
        if let Some((_, cost)) = costs[0][n - 1] {
            constant = constant.min(cost + sized.own);
        }
        if score.is_finite() && best.as_ref().is_none_or(|best| score < best.score) {
            let (mut starts, mut means, mut end) = (Vec::new(), vec![0.0; n], n);
            while end > 0 {
                let start = best_to[end].1;
                let (mean, _) = costs[start][end - start - 1]?;
                means[start..end].fill(mean);
                starts.push(start);
                end = start;
            }
            starts.reverse();
            let kept = sized.kept(&means);
            if !too_much(&kept) {
                best = Some(Explanation { score, means, kept, n_free: starts.len(), starts });
            }
        }
    }
    best.map(|best| (best, constant))
}

/// The best of a constant, linear and quadratic ln level.
pub(super) fn best_trend(points: &[Point]) -> Option<Explanation> {
    let prices = Prices::of(points);
    let middle = 0.5 * size(points[0].at + points[points.len() - 1].at);
    let span = size(points[points.len() - 1].at - points[0].at).max(1.0);
    let mut best: Option<Explanation> = None;
    for n_columns in 1..=3 {
        let row = |point: &Point| {
            let time = 2.0 * (size(point.at) - middle) / span;
            [1.0, time, time * time][..n_columns].to_vec()
        };
        let design: Vec<Vec<f64>> = points.iter().map(row).collect();
        for sized in Sized::all(points, prices.cap) {
            let Some((means, kept)) = sized.trend(&design) else { continue };
            let deviance = |(at, mean): (usize, &f64)| {
                sized.deviance(at, ln(*mean), ln(mean + sized.r)).min(sized.cap)
            };
            let score = means.iter().enumerate().map(deviance).sum::<f64>()
                + sized.own
                + size(n_columns - 1) * prices.coefficient;
            if best.as_ref().is_none_or(|best| score < best.score) && !too_much(&kept) {
                best = Some(Explanation { score, means, kept, starts: vec![0], n_free: n_columns });
            }
        }
    }
    best
}

impl Sized {
    /// Negative binomial regression: the steps of a quasi-Poisson one with weights 1/(1 + μ/r), made anew before every
    /// step; points beyond the cap weigh next to nothing.
    fn trend(&self, design: &[Vec<f64>]) -> Option<(Vec<f64>, Vec<bool>)> {
        let n = self.counts.len();
        let mut kept = vec![true; n];
        let mut before = f64::INFINITY;
        let mut means: Vec<f64> = self.counts.iter().map(|count| count + 0.1).collect();
        for number in 0..MOST_STEPS {
            let weight = |at: usize| {
                let own = 1.0 / (1.0 + means[at] / self.r);
                if kept[at] { own } else { 1e-9 * own }
            };
            let weights: Vec<f64> = (0..n).map(weight).collect();
            quasi_poisson::step(&mut means, &self.counts, design, &weights)?;
            let now = if number < FIRST_STEPS { kept.clone() } else { self.kept(&means) };
            let deviance = |at: usize| self.deviance(at, ln(means[at]), ln(means[at] + self.r));
            let score: f64 = (0..n).map(|at| deviance(at).min(self.cap)).sum();
            if number >= FIRST_STEPS && (score - before).abs() < 1e-6 * (1.0 + score) && now == kept
            {
                return Some((means, kept));
            }
            (before, kept) = (score, now);
        }
        None
    }
}

impl Explanation {
    /// Points kept less what was fitted.
    pub(super) fn freedom(&self) -> f64 {
        let n_kept = self.kept.iter().filter(|&&kept| kept).count();
        size(n_kept.saturating_sub(self.n_free)).max(1.0)
    }

    /// The size with which Pearson's statistic of the points kept has a value; `None`: Poisson.
    pub(super) fn size(&self, points: &[Point], value: f64) -> Option<f64> {
        let excess = |r: f64| {
            let square = |at: usize| {
                let (mean, departure) = (self.means[at], real(points[at].count) - self.means[at]);
                departure * departure / (mean + mean * mean / r)
            };
            (0..points.len()).filter(|&at| self.kept[at]).map(square).sum::<f64>() - value
        };
        let (mut low, mut high) = (0.1, 1e6);
        if excess(high) <= 0.0 {
            return None;
        }
        while high > 1.01 * low {
            let middle = (low * high).sqrt();
            if excess(middle) > 0.0 { high = middle } else { low = middle }
        }
        Some(low)
    }
}
