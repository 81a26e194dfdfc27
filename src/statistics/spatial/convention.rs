//! How a global statistic reads the weights, and the sums of weights its moments need.
//!
//! Peers differ in two points, and every published number rests on a choice: whether links are row-standardised, and
//! whether regions without neighbours count in n. esda and GeoDa count them; spdep does not (`adjust.n = TRUE`), though
//! their values still enter the mean and the squares. Whoever wants them out of everything takes a
//! [`Weights::subset`] first.
//!
//! # Source
//! Cliff AD, Ord JK (1981), *Spatial Processes: Models and Applications*, chapter 1 (S₀, S₁, S₂).

use crate::{model::Weights, statistics::numerics::float::size};

/// What a link weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coding {
    /// Each region's links are divided by their sum.
    #[default]
    RowStandardised,
    /// As they are: 1 for contiguity.
    AsGiven,
}

impl Coding {
    /// Every coding, by its name in files and on the command line.
    pub const NAMES: [(&str, Self); 2] =
        [("row", Self::RowStandardised), ("binary", Self::AsGiven)];

    /// From a command line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(_, coding)| *coding).ok_or("give `row` or `binary`".to_owned())
    }

    /// The name it has in files.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, coding)| *coding == self).map_or("", |(name, _)| name)
    }

    /// What a region's row-standardised sum over its links is multiplied by to have it in this coding. Its p stays.
    pub fn factor(self, weights: &Weights, at: usize) -> f64 {
        match self {
            Self::RowStandardised => 1.0,
            Self::AsGiven => weights.values(at).iter().sum(),
        }
    }
}

/// Whether regions without neighbours count in n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Islands {
    /// As in esda and GeoDa.
    #[default]
    Counted,
    /// As in spdep.
    NotCounted,
}

/// The choices of a global statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Convention {
    /// What a link weighs.
    pub coding: Coding,
    /// Whether regions without neighbours count in n.
    pub islands: Islands,
}

/// What row sums are divided by: one number per region, 0 where there is no link.
pub(super) fn divisors(weights: &Weights, coding: Coding) -> Vec<f64> {
    let row = |at: usize| -> f64 { weights.values(at).iter().sum() };
    (0..weights.n())
        .map(|at| match coding {
            _ if weights.degree(at) == 0 => 0.0,
            Coding::RowStandardised => row(at),
            Coding::AsGiven => 1.0,
        })
        .collect()
}

/// The largest sum of one region's weights: with Σz² it bounds what rounding can do to a sum over all links.
pub(super) fn largest_row(weights: &Weights, divisors: &[f64]) -> f64 {
    let rows = (0..weights.n()).filter(|&at| divisors[at] > 0.0);
    rows.map(|at| weights.values(at).iter().sum::<f64>() / divisors[at]).fold(0.0, f64::max)
}

/// n, S₀ = Σw, S₁ = ½Σ(wᵢⱼ + wⱼᵢ)², S₂ = Σ(row sum + column sum)².
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WeightSums {
    pub(super) n: f64,
    pub(super) s0: f64,
    pub(super) s1: f64,
    pub(super) s2: f64,
}

impl WeightSums {
    /// `None` below four regions or without links.
    pub(super) fn of(weights: &Weights, convention: Convention) -> Option<Self> {
        let divisors = divisors(weights, convention.coding);
        let n = size(match convention.islands {
            Islands::Counted => weights.n(),
            Islands::NotCounted => (0..weights.n()).filter(|&at| weights.degree(at) > 0).count(),
        });
        let weight = |from: usize, to: usize| {
            let at = weights.neighbours(from).binary_search_by(|other| (*other as usize).cmp(&to));
            at.map_or(0.0, |at| weights.values(from)[at] / divisors[from])
        };
        let mut both = vec![0.0; weights.n()];
        let (mut s0, mut s1) = (0.0, 0.0);
        for from in 0..weights.n() {
            for (&to, &value) in weights.neighbours(from).iter().zip(weights.values(from)) {
                let forth = value / divisors[from];
                let back = weight(to as usize, from);
                s0 += forth;
                both[from] += forth;
                both[to as usize] += forth;
                // A pair linked both ways is met twice; one linked one way only once, and counts double.
                s1 += if back > 0.0 { 0.5 } else { 1.0 } * (forth + back) * (forth + back);
            }
        }
        let s2 = both.iter().map(|sum| sum * sum).sum();
        (n >= 4.0 && s0 > 0.0).then_some(Self { n, s0, s1, s2 })
    }
}

/// Values less their mean; `None` when they are equal but for rounding.
pub(super) fn deviations(values: &[f64]) -> Option<Vec<f64>> {
    let mean = values.iter().sum::<f64>() / size(values.len());
    let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    z.iter().any(|z| z.abs() > 1e-13 * largest).then_some(z)
}

/// A standard score; `None` when the variance is what rounding leaves of 0 beside `scale`: no order of the values could
/// then give another statistic.
pub(super) fn standard_score(distance: f64, variance: f64, scale: f64) -> Option<f64> {
    (variance > 1e-10 * scale * scale).then(|| distance / variance.sqrt())
}

#[test]
fn sums_of_a_path_are_those_written_down_by_hand() {
    let path = Weights::binary(vec![vec![1], vec![0, 2], vec![1, 3], vec![2], vec![]]);
    let binary = Convention { coding: Coding::AsGiven, islands: Islands::NotCounted };
    let sums = WeightSums::of(&path, binary).unwrap();
    assert_eq!(sums, WeightSums { n: 4.0, s0: 6.0, s1: 12.0, s2: 40.0 });
    let rows = WeightSums::of(&path, Convention::default()).unwrap();
    // ½Σ(wᵢⱼ + wⱼᵢ)²: 1.5² + 1² + 1.5²; row + column sums 1.5, 2.5, 2.5, 1.5.
    assert_eq!(rows, WeightSums { n: 5.0, s0: 4.0, s1: 5.5, s2: 17.0 });
    assert_eq!(WeightSums::of(&Weights::binary(vec![vec![]; 5]), binary), None);
}
