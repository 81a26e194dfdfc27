//! Nowcast: the final count of periods that are not fully reported yet, with interval.
//!
//! # Question
//! 3 attacks of last month are known; how many will there have been once all are reported, and may the figure be used?
//!
//! # Definition
//! The Poisson model of [`super::reporting_triangle`] factorises: given φ, the reporting probability gₖ is informed by
//! Aₖ and Bₖ alone, a period's level by its own known count x alone. With Jeffreys priors and evidence counted in units of φ̂ =
//! max(1, φ), each of R draws takes gₖ ~ Beta(Aₖ/φ̂ + ½, Bₖ/φ̂ + ½), completeness c = Πgₖ over the delays not yet known, the
//! mean of what is known m ~ φ̂·Gamma(x/φ̂ + ½), and adds to x a negative binomial number with mean m(1 − c)/c and variance
//! φ̂ times that. Limits are percentiles of the draws; the estimate is x over its completeness.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `triangle` | [`Triangle`] | events | – |
//! | `n_draws` | `u64` | – | 999 or more for 95 % |
//! | `key` | [`Key`] | – | seed and surface |
//! | `confidence` | [`Confidence`] | – | 90, 95, 99.8 % |
//!
//! # Output
//! [`Nowcast`] per period, oldest first. `provisional`: the last period always, others while less than
//! [`SETTLED`] of them is known, by the lower limit of completeness.
//!
//! # Undefined
//! `None` for a period whose completeness earlier periods do not tell, or where nothing was ever known that early.
//!
//! # Assumptions, and when not to use it
//! As the triangle's. With few earlier periods the interval is wide, and rightly so. Nothing reported yet does not mean
//! nothing happened: x = 0 has an upper limit above 0.
//!
//! # Cost and determinism
//! Θ(R·(rows + delays)) random numbers, keyed by (seed, surface, row, draw): the same bits at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{
//!     interval::Confidence,
//!     numerics::random::Key,
//!     surveillance::{nowcast, reporting_triangle::Triangle},
//! };
//! let rows = vec![vec![40, 8, 2], vec![36, 12, 1], vec![44, 9], vec![30]];
//! let triangle = Triangle::new(rows).unwrap();
//! let found = nowcast::nowcast(&triangle, 999, Key::new(1, 1), Confidence::P95);
//! let last = found[3].unwrap();
//! assert!((last.expected - 38.4).abs() < 0.1 && last.provisional);
//! assert!(last.lower >= 31.0 && last.upper.unwrap() < 58.0);
//! assert_eq!((found[0].unwrap().lower, found[0].unwrap().upper), (50.0, Some(50.0)));
//! ```
//!
//! # Source
//! England PD, Verrall RJ (2002), Br Actuar J 8:443–518, doi:10.1017/S1357321700003809 (over-dispersed Poisson,
//! prediction error by simulation); Höhle M, an der Heiden M (2014), Biometrics 70:993–1002, doi:10.1111/biom.12194
//! (nowcasting counts).

use rayon::prelude::*;

use super::reporting_triangle::Triangle;
use crate::statistics::{
    interval::{Confidence, bootstrap::percentiles},
    numerics::{
        float::real,
        poisson,
        random::{Key, Stream},
    },
};

/// Completeness from which a period is no longer provisional.
pub const SETTLED: f64 = 0.95;
/// The stream of the reporting probabilities, which all periods share; no region has this number.
const SHARED: u32 = u32::MAX;
/// Where a drawn mean is cut off.
const WITHOUT_BOUND: f64 = 1e15;

/// A period as known and as it will be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nowcast {
    /// Known events.
    pub reported: u64,
    /// Share of the final count that is known.
    pub completeness: f64,
    /// Its limits.
    pub completeness_limits: (f64, f64),
    /// Expected final count.
    pub expected: f64,
    /// Lower limit of the final count.
    pub lower: f64,
    /// Upper limit of the final count; `None` when earlier periods leave it without bound.
    pub upper: Option<f64>,
    /// Whether the figure is still to change by more than a little.
    pub provisional: bool,
}

/// The final count of every period.
pub fn nowcast(
    triangle: &Triangle,
    n_draws: u64,
    key: Key,
    confidence: Confidence,
) -> Vec<Option<Nowcast>> {
    let draws = Draws::make(triangle, n_draws, key);
    let (shares, finals) = (triangle.completeness(), triangle.expected_final());
    let reported = triangle.reported();
    let one = |at: usize| {
        let delay = triangle.rows()[at].len() - 1;
        let (completeness, expected) = (shares[delay]?, finals[at]?);
        let completeness_limits =
            percentiles(draws.0.iter().map(|draw| draw.completeness[delay]).collect(), confidence)?;
        let finals = draws.0.iter().map(|draw| real(draw.finals[at])).collect();
        let (lower, upper) = percentiles(finals, confidence)?;
        let is_last = at + 1 == reported.len();
        Some(Nowcast {
            reported: reported[at],
            completeness,
            completeness_limits,
            expected,
            lower,
            upper: bounded(upper),
            provisional: is_last || completeness_limits.0 < SETTLED,
        })
    };
    (0..reported.len()).map(one).collect()
}

/// The final count of all periods together: expected, lower, upper; `None` when any period's is, or without bound.
pub fn total(
    triangle: &Triangle,
    n_draws: u64,
    key: Key,
    confidence: Confidence,
) -> Option<(f64, f64, f64)> {
    let expected = triangle.expected_final().into_iter().sum::<Option<f64>>()?;
    let draws = Draws::make(triangle, n_draws, key);
    let sums = draws.0.iter().map(|draw| real(draw.finals.iter().sum())).collect();
    let (lower, upper) = percentiles(sums, confidence)?;
    Some((expected, lower, bounded(upper)?))
}

/// A count that no series of events reaches stands for no bound at all.
fn bounded(limit: f64) -> Option<f64> {
    (limit < 0.1 * WITHOUT_BOUND).then_some(limit)
}

/// One way it could be.
struct Draw {
    /// By delay.
    completeness: Vec<f64>,
    /// By period.
    finals: Vec<u64>,
}

struct Draws(Vec<Draw>);

impl Draws {
    fn make(triangle: &Triangle, n_draws: u64, key: Key) -> Self {
        let dispersion = triangle.dispersion().map_or(1.0, |phi| phi.max(1.0));
        let (evidence, reported) = (triangle.evidence(), triangle.reported());
        let draw = |number: u64| {
            let mut stream = key.stream(SHARED, number);
            let mut completeness = vec![1.0; evidence.len() + 1];
            for (delay, at) in evidence.iter().enumerate().rev() {
                let mut gamma = |count: f64| stream.gamma(count / dispersion + 0.5);
                let (known, came) = (gamma(at.known), gamma(at.came));
                completeness[delay] = completeness[delay + 1] * known / (known + came);
            }
            let finals = (0..).zip(&reported).zip(triangle.rows()).map(|((row, &count), known)| {
                let share = completeness[known.len() - 1];
                count + still_to_come(count, share, dispersion, &mut key.stream(row, number))
            });
            Draw { finals: finals.collect(), completeness }
        };
        Self((0..n_draws).into_par_iter().map(draw).collect())
    }
}

/// Events not known yet, when `known` are and a drawn `share` of all should be.
fn still_to_come(known: u64, share: f64, dispersion: f64, stream: &mut Stream) -> u64 {
    if share >= 1.0 {
        return 0;
    }
    let mean = dispersion * stream.gamma(real(known) / dispersion + 0.5);
    poisson::dispersed((mean * (1.0 - share) / share).min(WITHOUT_BOUND), dispersion, stream)
}

#[test]
fn what_is_complete_is_known_and_nothing_so_far_is_not_nothing() {
    let rows = vec![vec![4, 2], vec![5, 1], vec![3, 3], vec![6, 2], vec![0]];
    let triangle = Triangle::new(rows).unwrap();
    let found = nowcast(&triangle, 999, Key::new(2, 2), Confidence::P95);
    let first = found[0].unwrap();
    assert_eq!(
        (first.lower, first.upper, first.completeness, first.provisional),
        (6.0, Some(6.0), 1.0, false)
    );
    let last = found[4].unwrap();
    assert_eq!((last.reported, last.expected, last.lower), (0, 0.0, 0.0));
    assert!((1.0..=4.0).contains(&last.upper.unwrap()) && last.provisional, "{last:?}");
    assert!(last.completeness_limits.0 < 18.0 / 26.0 && 18.0 / 26.0 < last.completeness_limits.1);
    let late = Triangle::new(vec![vec![0, 5], vec![7]]).unwrap();
    assert_eq!(nowcast(&late, 99, Key::new(2, 2), Confidence::P90)[1], None);
    assert_eq!(total(&late, 99, Key::new(2, 2), Confidence::P90), None);
}
