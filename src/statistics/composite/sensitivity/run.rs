//! One run: two independent sets of choices, every mixture of them that differs in one source, and how far apart the
//! ranks are.

use super::{Plan, Source};
use crate::statistics::{
    composite::{
        aggregate::{Aggregation, aggregate},
        index::Complete,
        normalise::Normalisation,
    },
    numerics::random::{Key, Stream},
    ranks::order::twice_ranks,
};

/// Squared distances between the ranks of a run's sets, summed over regions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Distances {
    /// Of the two sets.
    pub(super) between: f64,
    /// Of the first set and itself with one source from the second.
    pub(super) from_first: [f64; Source::ALL.len()],
    /// Of the second set and that mixture.
    pub(super) from_second: [f64; Source::ALL.len()],
}

impl Distances {
    pub(super) fn sum<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        all.fold(Self::default(), |mut sum, own| {
            sum.between += own.between;
            for at in 0..Source::ALL.len() {
                sum.from_first[at] += own.from_first[at];
                sum.from_second[at] += own.from_second[at];
            }
            sum
        })
    }
}

/// Everything a run needs.
pub(super) struct Runs<'a> {
    pub(super) complete: &'a Complete,
    pub(super) plan: &'a Plan<'a>,
    pub(super) key: Key,
}

/// One set of choices, but for the values.
struct Set {
    factors: Vec<f64>,
    normalisation: Normalisation,
    aggregation: Aggregation,
    left_out: Option<usize>,
}

impl Runs<'_> {
    /// Scores of both sets and the distances; `None` when a value drawn is not finite.
    pub(super) fn one(&self, run: u64) -> Option<(Vec<f64>, Vec<f64>, Distances)> {
        let (first, second) = (self.set(run, 0), self.set(run, 1));
        let (values, other_values) = (self.values(run, 0)?, self.values(run, 1)?);
        let on_scale =
            |values: &[Vec<f64>], set: &Set| self.complete.scaled(values, set.normalisation);
        let scales = on_scale(&values, &first);
        let a = self.scores(&scales, &first, &first, &first);
        let b = self.scores(&on_scale(&other_values, &second), &second, &second, &second);
        let mixtures = [
            self.scores(&scales, &second, &first, &first),
            self.scores(&on_scale(&values, &second), &first, &first, &first),
            self.scores(&scales, &first, &second, &first),
            self.scores(&scales, &first, &first, &second),
            self.scores(&on_scale(&other_values, &first), &first, &first, &first),
        ];
        let mut order = Vec::with_capacity(a.len());
        let mut ranked = |scores: &[f64]| {
            let mut twice = vec![0; scores.len()];
            twice_ranks(scores, &mut order, &mut twice);
            twice
        };
        let (ranks_a, ranks_b) = (ranked(&a), ranked(&b));
        let mut found = Distances { between: distance(&ranks_a, &ranks_b), ..Default::default() };
        for (at, scores) in mixtures.iter().enumerate() {
            let ranks = ranked(scores);
            found.from_first[at] = distance(&ranks_a, &ranks);
            found.from_second[at] = distance(&ranks_b, &ranks);
        }
        Some((a, b, found))
    }

    /// The numbers of one source in one of the two sets.
    fn stream(&self, source: Source, run: u64, set: u32) -> Stream {
        self.key.stream(2 * (source as u32) + set, run)
    }

    fn set(&self, run: u64, set: u32) -> Set {
        let stream = |source| self.stream(source, run, set);
        let n = self.complete.weights.len();
        let mut weights = stream(Source::Weights);
        let factor = |_| 1.0 + self.plan.weights * (2.0 * weights.unit() - 1.0);
        // The last choice leaves nothing out.
        let left_out = pick(&mut stream(Source::RemoveOne), n + 1);
        Set {
            factors: (0..n).map(factor).collect(),
            normalisation: self.plan.normalisations
                [pick(&mut stream(Source::Normalisation), self.plan.normalisations.len())],
            aggregation: self.plan.aggregations
                [pick(&mut stream(Source::Aggregation), self.plan.aggregations.len())],
            left_out: (self.plan.remove_one && left_out < n).then_some(left_out),
        }
    }

    fn values(&self, run: u64, set: u32) -> Option<Vec<Vec<f64>>> {
        let Some(sampler) = self.plan.sampler else {
            return Some(self.complete.values.clone());
        };
        let mut stream = self.stream(Source::Sampling, run, set);
        (0..self.complete.values.len())
            .map(|component| {
                let regions = self.complete.regions.iter();
                regions
                    .map(|&region| sampler(component, region, &mut stream))
                    .map(|value| value.is_finite().then_some(value))
                    .collect()
            })
            .collect()
    }

    fn scores(
        &self,
        scales: &[Vec<f64>],
        weighting: &Set,
        aggregating: &Set,
        leaving_out: &Set,
    ) -> Vec<f64> {
        let declared = &self.complete.weights;
        let mut weights: Vec<f64> =
            declared.iter().zip(&weighting.factors).map(|(own, factor)| own * factor).collect();
        if let Some(left_out) = leaving_out.left_out {
            let own = std::mem::take(&mut weights[left_out]);
            // A composite of one component, or of one with a weight, cannot do without it.
            if weights.iter().all(|&weight| weight <= 0.0) {
                weights[left_out] = own;
            }
        }
        aggregate(scales, &weights, aggregating.aggregation)
    }
}

fn pick(stream: &mut Stream, bound: usize) -> usize {
    stream.below(u32::try_from(bound).expect("invariant: a declared list is short")) as usize
}

/// The squared distance of two lists of ranks, given doubled.
fn distance(a: &[i32], b: &[i32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b) * f64::from(a - b));
    0.25 * squares.sum::<f64>()
}
