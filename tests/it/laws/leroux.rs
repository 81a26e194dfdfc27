//! Spatial smoothing against the same model worked out slowly, and the laws it must obey.

use proptest::prelude::*;
use saet::{
    model::Weights,
    statistics::{
        numerics::{
            float::{exp, ln},
            random::{Key, Stream},
        },
        smoothing::{
            gamma_poisson,
            leroux::{Mixing, smooth},
        },
    },
};

use super::{lattice, poisson, renumbered};

/// A lattice of 6 × 7, a path of three, and an island.
fn archipelago() -> Weights {
    let main = lattice(6, 7);
    let mut lists: Vec<Vec<u32>> = (0..42).map(|at| main.neighbours(at).to_vec()).collect();
    lists.extend([vec![43], vec![42, 44], vec![43], vec![]]);
    Weights::binary(lists)
}

/// Counts on the archipelago whose risk falls from north to south.
fn counts(name: &str, mean: f64) -> (Vec<u64>, Vec<f64>) {
    let key = Key::named(11, name);
    let expected: Vec<f64> = (0..46).map(|at| mean * (0.4 + f64::from(at % 5) * 0.3)).collect();
    let count = |(at, expected): (u32, &f64)| {
        let risk = exp(0.8 - 0.3 * f64::from(at / 7)) * exp(0.3 * key.stream(at, 1).normal());
        poisson(key, at, 0, expected * risk)
    };
    let observed: Vec<u64> = (0..46_u32).zip(&expected).map(count).collect();
    let scale = observed.iter().sum::<u64>() as f64 / expected.iter().sum::<f64>();
    (observed, expected.into_iter().map(|value| value * scale).collect())
}

/// Inverse and ln determinant of a symmetric matrix, by elimination.
fn invert(mut matrix: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, f64) {
    let n = matrix.len();
    let mut inverse: Vec<Vec<f64>> = (0..n)
        .map(|row| (0..n).map(|column| f64::from(u8::from(row == column))).collect())
        .collect();
    let mut ln_determinant = 0.0;
    for at in 0..n {
        let pivot = matrix[at][at];
        ln_determinant += ln(pivot);
        for column in 0..n {
            matrix[at][column] /= pivot;
            inverse[at][column] /= pivot;
        }
        for row in (0..n).filter(|&row| row != at) {
            let share = matrix[row][at];
            for column in 0..n {
                matrix[row][column] -= share * matrix[at][column];
                inverse[row][column] -= share * inverse[at][column];
            }
        }
    }
    (inverse, ln_determinant)
}

/// cQ at one mixing: diagonal, scale per region, ln determinant.
struct Field {
    mixing: f64,
    diagonal: Vec<f64>,
    scale: Vec<f64>,
    ln_determinant: f64,
}

impl Field {
    fn new(weights: &Weights, mixing: f64, components: &[std::ops::Range<usize>]) -> Self {
        let n = weights.n();
        let diagonal: Vec<f64> =
            (0..n).map(|at| mixing * weights.degree(at) as f64 + 1.0 - mixing).collect();
        let mut matrix = vec![vec![0.0; n]; n];
        for at in 0..n {
            matrix[at][at] = diagonal[at];
            for &other in weights.neighbours(at) {
                matrix[at][other as usize] = -mixing;
            }
        }
        let (inverse, mut ln_determinant) = invert(matrix);
        let mut scale = vec![1.0; n];
        for component in components {
            let ln_mean = component.clone().map(|at| ln(inverse[at][at])).sum::<f64>()
                / component.len() as f64;
            ln_determinant += ln_mean * component.len() as f64;
            scale[component.clone()].fill(exp(ln_mean));
        }
        Self { mixing, diagonal, scale, ln_determinant }
    }
}

/// Metropolis steps within Gibbs' sampler, one region after the other.
struct Chain<'a> {
    weights: &'a Weights,
    observed: &'a [u64],
    expected: &'a [f64],
    fields: Vec<Field>,
    at: usize,
    ln_spread: f64,
    ln_mean: f64,
    effects: Vec<f64>,
    stream: Stream,
}

const N_FIELDS: usize = 40;
const SWEEPS: usize = 60_000;
const BATCHES: usize = 40;

impl Chain<'_> {
    fn ln_likelihood(&self, ln_mean: f64, scale: f64) -> f64 {
        let one = |at: usize| {
            let eta = ln_mean + scale * self.effects[at];
            self.observed[at] as f64 * eta - self.expected[at] * exp(eta)
        };
        (0..self.effects.len()).map(one).sum()
    }

    /// uᵀcQu.
    fn square(&self, field: &Field) -> f64 {
        let one = |at: usize| {
            let around: f64 =
                self.weights.neighbours(at).iter().map(|&other| self.effects[other as usize]).sum();
            let own = self.effects[at];
            field.scale[at] * own * (field.diagonal[at] * own - field.mixing * around)
        };
        (0..self.effects.len()).map(one).sum()
    }

    fn accept(&mut self, ln_ratio: f64) -> bool {
        ln(self.stream.unit()) < ln_ratio
    }

    fn sweep(&mut self) {
        let n = self.effects.len();
        for at in 0..n {
            let field = &self.fields[self.at];
            let precision = exp(-2.0 * self.ln_spread) * field.scale[at] * field.diagonal[at];
            let around: f64 =
                self.weights.neighbours(at).iter().map(|&other| self.effects[other as usize]).sum();
            let mean = field.mixing * around / field.diagonal[at];
            let (count, expected) = (self.observed[at] as f64, self.expected[at]);
            let ln_density = |u: f64| {
                count * u
                    - expected * exp(self.ln_mean + u)
                    - 0.5 * precision * (u - mean) * (u - mean)
            };
            let own = self.effects[at];
            let next = own + 2.4 / (precision + count + 0.5).sqrt() * self.stream.normal();
            let ratio = ln_density(next) - ln_density(own);
            if self.accept(ratio) {
                self.effects[at] = next;
            }
        }
        // The mean alone, then the mean against all effects.
        let next = self.ln_mean + 0.15 * self.stream.normal();
        let prior = |mean: f64| -0.5 * mean * mean;
        let ratio = self.ln_likelihood(next, 1.0) - self.ln_likelihood(self.ln_mean, 1.0)
            + prior(next)
            - prior(self.ln_mean);
        if self.accept(ratio) {
            self.ln_mean = next;
        }
        let shift = 0.3 * self.stream.normal();
        let tau = exp(-2.0 * self.ln_spread);
        let before = self.square(&self.fields[self.at]);
        self.effects.iter_mut().for_each(|u| *u -= shift);
        let after = self.square(&self.fields[self.at]);
        let ratio =
            0.5 * tau * (before - after) + prior(self.ln_mean + shift) - prior(self.ln_mean);
        if self.accept(ratio) {
            self.ln_mean += shift;
        } else {
            self.effects.iter_mut().for_each(|u| *u += shift);
        }
        // The spread given the effects, then together with them. σ² is exponential with mean 1: σ dσ exp(−σ²), times σ.
        let ln_prior = |ln_spread: f64| 2.0 * ln_spread - exp(2.0 * ln_spread);
        let square = self.square(&self.fields[self.at]);
        let ln_density = |s: f64| ln_prior(s) - n as f64 * s - 0.5 * exp(-2.0 * s) * square;
        let next = self.ln_spread + 0.25 * self.stream.normal();
        let ratio = ln_density(next) - ln_density(self.ln_spread);
        if self.accept(ratio) {
            self.ln_spread = next;
        }
        let next = self.ln_spread + 0.5 * self.stream.normal();
        let scale = exp(next - self.ln_spread);
        let ratio = ln_prior(next) - ln_prior(self.ln_spread)
            + self.ln_likelihood(self.ln_mean, scale)
            - self.ln_likelihood(self.ln_mean, 1.0);
        if self.accept(ratio) {
            self.ln_spread = next;
            self.effects.iter_mut().for_each(|u| *u *= scale);
        }
        // The mixing, uniform: cells of t weigh 1 − t.
        let step = 1 + self.stream.below(8) as usize;
        let next = if self.stream.below(2) == 0 {
            self.at.checked_sub(step)
        } else {
            Some(self.at + step)
        };
        let Some(next) = next.filter(|&next| next < N_FIELDS) else { return };
        let ln_density = |at: usize| {
            let cell = 1.0 - (at as f64 + 0.5) / N_FIELDS as f64;
            let field = &self.fields[at];
            ln(cell) + 0.5 * field.ln_determinant
                - 0.5 * exp(-2.0 * self.ln_spread) * self.square(field)
        };
        let ratio = ln_density(next) - ln_density(self.at);
        if self.accept(ratio) {
            self.at = next;
        }
    }
}

/// Means and their Monte Carlo standard errors of: λ, σ, then per region e^η and whether it exceeds 1.25.
fn sampled(weights: &Weights, observed: &[u64], expected: &[f64], seed: u64) -> Vec<(f64, f64)> {
    let components = [0..42, 42..45, 45..46];
    let mixing = |at: usize| {
        let rest = 1.0 - (at as f64 + 0.5) / N_FIELDS as f64;
        1.0 - rest * rest
    };
    let fields = (0..N_FIELDS).map(|at| Field::new(weights, mixing(at), &components)).collect();
    let n = observed.len();
    let mut chain = Chain {
        weights,
        observed,
        expected,
        fields,
        at: N_FIELDS / 2,
        ln_spread: -1.0,
        ln_mean: 0.0,
        effects: vec![0.0; n],
        stream: Key::new(seed, 5).stream(0, 0),
    };
    for _ in 0..2_000 {
        chain.sweep();
    }
    let mut batches = vec![vec![0.0; 2 + 2 * n]; BATCHES];
    for batch in &mut batches {
        for _ in 0..SWEEPS / BATCHES {
            chain.sweep();
            batch[0] += chain.fields[chain.at].mixing;
            batch[1] += exp(chain.ln_spread);
            for at in 0..n {
                let risk = exp(chain.ln_mean + chain.effects[at]);
                batch[2 + at] += risk;
                batch[2 + n + at] += f64::from(u8::from(risk > 1.25));
            }
        }
        for sum in batch.iter_mut() {
            *sum /= (SWEEPS / BATCHES) as f64;
        }
    }
    let all = BATCHES as f64;
    (0..2 + 2 * n)
        .map(|value| {
            let mean = batches.iter().map(|batch| batch[value]).sum::<f64>() / all;
            let squares: f64 =
                batches.iter().map(|batch| (batch[value] - mean) * (batch[value] - mean)).sum();
            (mean, (squares / (all - 1.0) / all).sqrt())
        })
        .collect()
}

#[test]
fn the_posterior_is_that_of_a_long_markov_chain() {
    let weights = archipelago();
    for (name, mean) in [("busy", 6.0), ("sparse", 0.6)] {
        let (observed, expected) = counts(name, mean);
        let found = smooth(&observed, &expected, &weights, Mixing::Integrated, &[1.25]).unwrap();
        let theirs = sampled(&weights, &observed, &expected, 3);
        // Five standard errors of the chain, and what normal factors and seven cells of λ cost: some thousandths of a
        // probability, one per cent of a mean.
        let near = |ours: f64, (theirs, error): (f64, f64), allowed: f64, what: &str| {
            assert!(
                (ours - theirs).abs() < 5.0 * error + allowed,
                "{name} {what}: {ours} {theirs}"
            );
        };
        near(found.mixing, theirs[0], 0.01, "mixing");
        near(found.spread, theirs[1], 0.01, "spread");
        for (at, region) in found.regions.iter().enumerate() {
            let risk = theirs[2 + at];
            near(region.mean, risk, 0.01 * risk.0, &format!("mean of {at}"));
            near(region.above[0], theirs[2 + 46 + at], 0.004, &format!("excess of {at}"));
        }
    }
}

/// Posterior means and P(risk > 1.25) of the unstructured model, by adding up over μ, σ and each region's η.
fn unstructured(observed: &[u64], expected: &[f64]) -> Vec<(f64, f64)> {
    let n = observed.len();
    let mut sums = vec![[0.0; 3]; n];
    let steps = |low: f64, high: f64, n: u32| {
        (0..=n).map(move |at| low + (high - low) * f64::from(at) / f64::from(n))
    };
    for ln_spread in steps(-4.0, 1.2, 80) {
        let spread = exp(ln_spread);
        for mean in steps(-1.5, 1.5, 60) {
            let prior = exp(2.0 * ln_spread - spread * spread - 0.5 * mean * mean);
            let each: Vec<[f64; 3]> = (0..n)
                .map(|at| {
                    let mut integral = [0.0; 3];
                    for z in steps(-6.0, 6.0, 60) {
                        let eta = mean + spread * z;
                        let (o, e) = (observed[at] as f64, expected[at]);
                        let height = exp(o * eta - e * exp(eta) - 0.5 * z * z);
                        integral[0] += height;
                        integral[1] += height * exp(eta);
                        integral[2] += if eta > ln(1.25) { height } else { 0.0 };
                    }
                    integral
                })
                .collect();
            let all: f64 = prior * each.iter().map(|integral| integral[0]).product::<f64>();
            for (sum, integral) in sums.iter_mut().zip(&each) {
                sum[0] += all;
                sum[1] += all * integral[1] / integral[0];
                sum[2] += all * integral[2] / integral[0];
            }
        }
    }
    sums.into_iter().map(|[all, mean, above]| (mean / all, above / all)).collect()
}

#[test]
fn without_mixing_the_map_does_not_matter_and_the_model_is_the_unstructured_one() {
    let observed = [0, 3, 1, 0, 9, 2, 0, 5, 1, 0, 2, 8];
    let expected: Vec<f64> = (0..12).map(|at| 1.0 + 0.5 * f64::from(at % 4)).collect();
    let fit = |weights: &Weights| {
        smooth(&observed, &expected, weights, Mixing::Fixed(0.0), &[1.25]).unwrap()
    };
    let found = fit(&lattice(3, 4));
    // Zeros between neighbours change the order of elimination, and with it the last bits.
    for (one, other) in
        found.regions.iter().zip(fit(&Weights::binary(vec![Vec::new(); 12])).regions)
    {
        assert!((one.mean / other.mean - 1.0).abs() < 1e-12);
    }
    assert!(found.mixing.abs() < 1e-15);
    for (ours, (mean, above)) in found.regions.iter().zip(unstructured(&observed, &expected)) {
        // Ours: a grid of σ in steps of its standard deviation. Theirs: the step of the sum over η at the margin.
        assert!((ours.mean / mean - 1.0).abs() < 3e-3, "{} {mean}", ours.mean);
        assert!((ours.above[0] - above).abs() < 5e-3, "{} {above}", ours.above[0]);
    }
    // Islands alone: whatever the mixing, the same.
    let alone = Weights::binary(vec![Vec::new(); 12]);
    let mixed = smooth(&observed, &expected, &alone, Mixing::Fixed(0.9), &[1.25]).unwrap();
    for (one, other) in found.regions.iter().zip(&mixed.regions) {
        assert!((one.mean / other.mean - 1.0).abs() < 1e-6);
    }
}

#[test]
fn what_cannot_be_smoothed_is_refused_and_edges_are_answered() {
    let weights = lattice(3, 4);
    let fit = |observed: &[u64], expected: &[f64], mixing| {
        smooth(observed, expected, &weights, mixing, &[1.0])
    };
    assert_eq!(fit(&[0; 12], &[1.0; 12], Mixing::Integrated), None);
    assert_eq!(fit(&[5; 12], &[0.0; 12], Mixing::Integrated), None);
    for mixing in [-0.1, 1.0, f64::NAN] {
        assert_eq!(fit(&[1; 12], &[1.0; 12], Mixing::Fixed(mixing)), None);
    }
    // A region without exposure is what its neighbours make likely, whatever its count says.
    let mut observed = [20, 20, 20, 20, 20, 20, 5, 5, 5, 5, 5, 5];
    let mut expected = [12.5; 12];
    (observed[0], expected[0]) = (7, 0.0);
    let found = fit(&observed, &expected, Mixing::Fixed(0.9)).unwrap();
    assert!(found.regions[0].mean > 1.1 && found.regions[0].mean < 2.2, "{:?}", found.regions[0]);
    let width = |at: usize| found.regions[at].interval95.1 / found.regions[at].interval95.0;
    assert!(width(0) > 1.3 * width(1));
    // Counts in the millions on one side, nothing on the other.
    let (mut observed, mut expected) = ([3_000_000_u64; 12], [3e6; 12]);
    (observed[5], observed[6]) = (9_000_000, 0);
    expected[11] = 1e-6;
    let found = fit(&observed, &expected, Mixing::Integrated).unwrap();
    for region in &found.regions {
        let (lower, upper) = region.interval95;
        assert!(region.mean.is_finite() && 0.0 < lower && lower <= upper && upper.is_finite());
        assert!((0.0..=1.0).contains(&region.above[0]));
    }
    assert!((found.regions[5].mean - 3.0).abs() < 0.01 && found.regions[6].mean < 0.01);
    // Equal rates everywhere: everyone at 1, and the spread small.
    let found = fit(&[100; 12], &[100.0; 12], Mixing::Integrated).unwrap();
    assert!(found.spread < 0.15);
    assert!(found.regions.iter().all(|region| (region.mean - 1.0).abs() < 0.02));
}

#[test]
fn smooth_maps_are_estimated_better_than_without_neighbours_and_others_no_worse() {
    let weights = lattice(15, 15);
    let mut ratios = Vec::new();
    for (name, slope, noise) in [("smooth", 0.6, 0.0), ("patternless", 0.0, 0.5)] {
        let (mut ours, mut theirs, mut covered) = (0.0, 0.0, 0.0);
        for map in 0..3 {
            let key = Key::named(map, name);
            let risks: Vec<f64> = (0..225_u32)
                .map(|at| {
                    let (row, column) = (f64::from(at / 15), f64::from(at % 15));
                    let wave =
                        slope * ((0.4 * row + 0.2 * map as f64).sin() + (0.3 * column).cos());
                    exp(wave + noise * key.stream(at, 1).normal())
                })
                .collect();
            let mean = risks.iter().sum::<f64>() / 225.0;
            let observed: Vec<u64> = (0..225_u32)
                .zip(&risks)
                .map(|(at, risk)| poisson(key, at, 0, 4.0 * risk / mean))
                .collect();
            let expected = vec![observed.iter().sum::<u64>() as f64 / 225.0; 225];
            let found = smooth(&observed, &expected, &weights, Mixing::Integrated, &[]).unwrap();
            let prior = gamma_poisson::Prior::fit(&observed, &expected).unwrap();
            let other = gamma_poisson::smooth(&prior, &observed, &expected, &[]);
            for at in 0..225 {
                let risk = risks[at] / mean;
                let square = |value: f64| (value - risk) * (value - risk);
                ours += square(found.regions[at].mean);
                theirs += square(other[at].mean);
                let (lower, upper) = found.regions[at].interval95;
                covered += f64::from(u8::from(lower <= risk && risk <= upper));
            }
        }
        ratios.push(ours / theirs);
        // Standard error of a share of 675 independent regions: 0.008.
        assert!(covered / 675.0 > 0.92, "{name}: {}", covered / 675.0);
    }
    assert!(ratios[0] < 0.4, "squared error on smooth maps, relative to gamma-Poisson: {ratios:?}");
    assert!(ratios[1] < 1.1, "and where there is no pattern: {ratios:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn risks_lie_between_all_rates_rise_with_their_count_and_follow_renumbering(
        observed in prop::collection::vec(0_u64..25, 30),
        order in Just((0..30).collect::<Vec<usize>>()).prop_shuffle(),
        raised in 0_usize..30,
    ) {
        prop_assume!(observed.iter().sum::<u64>() > 0);
        let weights = lattice(5, 6);
        let expected: Vec<f64> = (0..30).map(|at| 2.0 + f64::from(at % 7)).collect();
        let fit = |observed: &[u64], expected: &[f64], weights: &Weights, mixing| {
            smooth(observed, expected, weights, mixing, &[1.0, 1.25, 2.0]).unwrap().regions
        };
        let found = fit(&observed, &expected, &weights, Mixing::Integrated);
        let rates: Vec<f64> = observed.iter().zip(&expected).map(|(&o, e)| o as f64 / e).collect();
        let most = rates.iter().fold(1.0_f64, |most, rate| most.max(*rate));
        for region in &found {
            prop_assert!(region.interval95.0 < region.mean && region.mean < region.interval95.1);
            prop_assert!(region.above.is_sorted_by(|more, less| more >= less));
            prop_assert!(region.above.iter().all(|p| (0.0..=1.0).contains(p)));
            prop_assert!(region.mean > 0.0 && region.mean < 1.1 * most);
        }
        // For a fixed mixing, one event more moves its region's risk up.
        let mut more = observed.clone();
        more[raised] += 1;
        let fixed = fit(&observed, &expected, &weights, Mixing::Fixed(0.8));
        let after = fit(&more, &expected, &weights, Mixing::Fixed(0.8));
        prop_assert!(after[raised].mean > fixed[raised].mean);

        let (other_observed, other_expected): (Vec<u64>, Vec<f64>) =
            order.iter().map(|&old| (observed[old], expected[old])).unzip();
        let other = fit(&other_observed, &other_expected, &renumbered(&weights, &order), Mixing::Integrated);
        for (new, &old) in order.iter().enumerate() {
            // The order of elimination changes the last digits, and sweeps end at a ten-thousandth.
            prop_assert!((other[new].mean / found[old].mean - 1.0).abs() < 1e-4);
            prop_assert!((other[new].above[0] - found[old].above[0]).abs() < 1e-4);
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_risks() {
    let (observed, expected) = counts("threads", 3.0);
    let weights = archipelago();
    let fit = || smooth(&observed, &expected, &weights, Mixing::Integrated, &[1.25]).unwrap();
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    assert_eq!(pool(1).install(fit), pool(3).install(fit));
}
