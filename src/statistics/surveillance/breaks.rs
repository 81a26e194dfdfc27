//! Breaks: a change of level that no trend explains, as when recording changes.
//!
//! # Question
//! 20, 20, 29, –, 651, 617, 704, 28, 22, 46, 22, 727: is this a development, or was something else counted?
//!
//! # Definition
//! Declared breaks split the series; each part is looked at alone. Within a part two explanations compete. *Steps*:
//! constant levels from one position to the next. *Trend*: ln of the level constant, linear or quadratic in time. Counts are
//! negative binomial around either, with one size for the part, at its likeliest value. Score: −2·ln likelihood +
//! [`PENALTY`]·ln n for every step, or + ln n for every coefficient of the trend beyond the first. What a period adds is
//! capped at twice the price of a step: a single outbreak is set aside and explains nothing. A level needs
//! [`LASTING`] periods that are not set aside, and those must be most of it. The best steps are found by dynamic
//! programming over all positions, for every size.
//!
//! By how much the steps explain better is compared with [`N_DRAWS`] series drawn from the trend, by [`p_value`]; the size
//! of each is drawn too, so that Pearson's statistic at it is chi-squared, for few periods hardly tell the size. With p ≤
//! [`LEVEL`], steps to a level at least [`LEAST_RATIO`] times as high or as low are breaks.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `series` | `&[Option<u64>]` | one per period | events | `None`: not recorded |
//! | `declared` | `&[usize]` | – | positions | first periods recorded in a new way |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! A [`Recording`]: verdict, parts that may be compared, undeclared breaks with the levels around them, periods set aside.
//! Periods set aside at the end may be the beginning of a new level; only the next ones will tell.
//!
//! # Undefined
//! A part with fewer than [`FEWEST`] recorded periods is not looked at; when no part is, the verdict says so.
//!
//! # Assumptions, and when not to use it
//! No season: give it years, or sums over whole years. Periods are independent around their level. A warning, no proof: a
//! lasting surge looks the same, and only those who record know. Measured on 8 to 20 periods with means from 3 to 300
//! and sizes of 2, 10 and 50, 200 series each: of steady series and single tenfold outbreaks 1 % warn (3.5 % at worst), of
//! tenfold and of linear rises 1.5 % (5 % at worst, at size 2); of tenfold steps in 8 periods a quarter is seen at size 2,
//! 60–90 % at 10, 84–100 % at 50.
//!
//! # Cost and determinism
//! O(n³) per size, seventeen sizes: 3 ms for twelve years; where steps are better, again for every draw until it is clear
//! that they are no rarity, 0.1 s. Draws are keyed by (seed, surface, part, draw): the same result at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, surveillance::breaks::{Verdict, assess}};
//! let key = Key::named(1, "police");
//! let police = [20, 20, 29, -1, 651, 617, 704, 28, 22, 46, 22, 727].map(|count| u64::try_from(count).ok());
//! let found = assess(&police, &[], key);
//! assert_eq!(found.verdict, Verdict::Warning);
//! assert_eq!(found.undeclared.iter().map(|found| found.at).collect::<Vec<_>>(), [4, 7]);
//! assert_eq!(found.set_aside, [11]);
//! assert_eq!(assess(&police, &[4, 7, 11], key).verdict, Verdict::Declared);
//! let rise = [20, 25, 29, 34, 45, 51, 60, 77, 90, 101, 130, 150].map(Some);
//! assert_eq!(assess(&rise, &[], key).verdict, Verdict::Continuous);
//! ```
//!
//! # Source
//! Cleynen A, Lebarbier E (2014), ESAIM: PS 18:750–769, doi:10.1051/ps/2014005 (negative binomial segmentation); Jackson B
//! et al. (2005), doi:10.1109/LSP.2001.838216 (exact dynamic programming); Fearnhead P, Rigaill G (2019), J Am Stat Assoc
//! 114:169–183, doi:10.1080/01621459.2017.1385466 (the cap); Zhang NR, Siegmund DO (2007), Biometrics
//! 63:22–32, doi:10.1111/j.1541-0420.2006.00662.x (why a step costs more than a coefficient).

mod models;

use std::ops::Range;

use rayon::prelude::*;

use crate::statistics::numerics::{
    permutation::{TIE, Tally},
    poisson,
    pvalue::{Alternative, p_value},
    random::Key,
};
use models::{Explanation, Point, best_steps, best_trend};

/// What a step costs, in units of ln n.
pub const PENALTY: f64 = 3.0;
/// Smaller changes of level are no warning.
pub const LEAST_RATIO: f64 = 1.5;
/// Fewest periods of a level.
pub const LASTING: usize = 3;
/// Series drawn without breaks, to see how often some seem to be there.
pub const N_DRAWS: u64 = 200;
/// Drawn at a time.
const BATCH: u64 = 20;
/// How often that may be.
pub const LEVEL: f64 = 0.02;
/// Fewest recorded periods of a part that is looked at.
pub const FEWEST: usize = 8;

/// What can be said of how a series was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing speaks against one way of recording throughout.
    Continuous,
    /// Breaks are declared: no trend across them.
    Declared,
    /// The level changed as no trend does, and nothing is declared: recording may have changed.
    Warning,
    /// Too few recorded periods to say.
    TooShort,
}

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// First recorded period at the new level.
    pub at: usize,
    /// Mean count before.
    pub before: f64,
    /// Mean count after.
    pub after: f64,
}

/// How a series was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// In one word.
    pub verdict: Verdict,
    /// Parts between declared breaks; nothing is compared across them.
    pub parts: Vec<Range<usize>>,
    /// Breaks inside parts that nobody declared.
    pub undeclared: Vec<Break>,
    /// Single periods far from their surroundings.
    pub set_aside: Vec<usize>,
}

/// Looks for breaks in what declared ones leave.
pub fn assess(series: &[Option<u64>], declared: &[usize], key: Key) -> Recording {
    let mut edges: Vec<usize> =
        declared.iter().copied().filter(|&at| at > 0 && at < series.len()).collect();
    edges.sort_unstable();
    edges.dedup();
    let is_declared = !edges.is_empty();
    edges.insert(0, 0);
    edges.push(series.len());
    let parts: Vec<Range<usize>> = edges.windows(2).map(|pair| pair[0]..pair[1]).collect();
    let (mut undeclared, mut set_aside, mut n_seen) = (Vec::new(), Vec::new(), 0);
    for (number, part) in (0..).zip(&parts) {
        let points: Vec<Point> =
            part.clone().filter_map(|at| Some(Point { at, count: series[at]? })).collect();
        if points.len() >= FEWEST {
            n_seen += 1;
            let (breaks, aside) = explain(&points, number, key);
            undeclared.extend(breaks);
            set_aside.extend(aside);
        }
    }
    let verdict = match (is_declared, undeclared.is_empty(), n_seen) {
        (true, _, _) => Verdict::Declared,
        (false, _, 0) => Verdict::TooShort,
        (false, true, _) => Verdict::Continuous,
        (false, false, _) => Verdict::Warning,
    };
    Recording { verdict, parts, undeclared, set_aside }
}

/// Steps of a part that explain it better than a trend, and the trend.
struct Stepped {
    steps: Explanation,
    trend: Explanation,
}

/// `None` where steps are not better, or better by less than `least_gain`.
fn stepped(points: &[Point], least_gain: f64) -> Option<Stepped> {
    let (steps, constant) = best_steps(points)?;
    // The trend is at least as good as a single level.
    if steps.starts.len() == 1 || constant - steps.score < least_gain {
        return None;
    }
    let trend = best_trend(points)?;
    (trend.score > steps.score).then_some(Stepped { steps, trend })
}

impl Stepped {
    /// By how much steps explain better.
    fn gain(&self) -> f64 {
        self.trend.score - self.steps.score
    }

    /// Whether series drawn from the trend hardly ever seem to have steps as clear as these.
    fn is_rare(&self, points: &[Point], part: u32, key: Key) -> bool {
        let (gain, freedom) = (self.gain(), self.trend.freedom());
        let tie = TIE * gain.max(1.0);
        let drawn = |draw: u64| {
            let mut stream = key.stream(part, draw);
            // Pearson's statistic at the true size is chi-squared: with few points the size is hardly known.
            let size = self.trend.size(points, 2.0 * stream.gamma(0.5 * freedom));
            let point = |(point, &mean): (&Point, &f64)| {
                let dispersion = size.map_or(1.0, |size| 1.0 + mean / size);
                Point { count: poisson::dispersed(mean, dispersion, &mut stream), ..*point }
            };
            let points: Vec<Point> = points.iter().zip(&self.trend.means).map(point).collect();
            stepped(&points, gain - 2.0 * tie).map_or(0.0, |found| found.gain())
        };
        let mut tally = Tally::default();
        for batch in 0..N_DRAWS / BATCH {
            let numbers = batch * BATCH..(batch + 1) * BATCH;
            let gains: Vec<f64> = numbers.into_par_iter().map(drawn).collect();
            for drawn in gains {
                tally.add(drawn, gain, tie);
            }
            // More draws only add: what is not rare now will not be.
            if p_value(Alternative::Greater, tally, N_DRAWS) > LEVEL {
                return false;
            }
        }
        true
    }
}

/// Breaks of one part, and the periods set aside.
fn explain(points: &[Point], part: u32, key: Key) -> (Vec<Break>, Vec<usize>) {
    let positions = |kept: &[bool]| {
        points.iter().zip(kept).filter(|(_, kept)| !**kept).map(|(point, _)| point.at).collect()
    };
    if let Some(found) = stepped(points, 0.0) {
        let breaks = breaks(points, &found.steps);
        if !breaks.is_empty() && found.is_rare(points, part, key) {
            return (breaks, positions(&found.steps.kept));
        }
    }
    let aside = best_trend(points).map_or_else(Vec::new, |trend| positions(&trend.kept));
    (Vec::new(), aside)
}

/// Steps large enough to be breaks.
fn breaks(points: &[Point], steps: &Explanation) -> Vec<Break> {
    let is_break = |&&start: &&usize| {
        let (before, after) = (steps.means[start - 1], steps.means[start]);
        // Half an event keeps a level of 0 comparable.
        let ratio = (after + 0.5) / (before + 0.5);
        ratio.max(1.0 / ratio) >= LEAST_RATIO
    };
    let step = |&start: &usize| {
        let first_kept = (start..points.len()).find(|&at| steps.kept[at]).unwrap_or(start);
        Break {
            at: points[first_kept].at,
            before: steps.means[start - 1],
            after: steps.means[start],
        }
    };
    steps.starts[1..].iter().filter(is_break).map(step).collect()
}

#[test]
fn short_empty_and_constant_series_say_so() {
    let verdict = |series: &[Option<u64>]| assess(series, &[], Key::new(1, 1)).verdict;
    assert_eq!(verdict(&[]), Verdict::TooShort);
    assert_eq!(verdict(&[Some(5); 7]), Verdict::TooShort);
    assert_eq!(verdict(&[None; 20]), Verdict::TooShort);
    assert_eq!(verdict(&[Some(5); 12]), Verdict::Continuous);
    assert_eq!(verdict(&[Some(0); 12]), Verdict::Continuous);
    assert_eq!(verdict(&[Some(1_000_000); 12]), Verdict::Continuous);
}

#[test]
fn declared_breaks_split_and_only_the_rest_is_looked_at() {
    let mut series = vec![Some(20); 10];
    series.extend([Some(300); 10]);
    let undeclared = assess(&series, &[], Key::new(1, 1));
    assert_eq!(undeclared.undeclared, [Break { at: 10, before: 20.0, after: 300.0 }]);
    let declared = assess(&series, &[10, 10, 99, 0], Key::new(1, 1));
    assert_eq!((declared.parts, declared.verdict), (vec![0..10, 10..20], Verdict::Declared));
    assert!(declared.undeclared.is_empty());
    // One of two is declared.
    series.extend([Some(20); 10]);
    let half = assess(&series, &[10], Key::new(1, 1));
    assert_eq!(
        (half.verdict, half.undeclared.len(), half.undeclared[0].at),
        (Verdict::Declared, 1, 20)
    );
}

#[test]
fn a_single_outbreak_is_set_aside() {
    let outbreak = [20, 22, 19, 25, 240, 21, 18, 23, 20, 24].map(Some);
    let found = assess(&outbreak, &[], Key::new(1, 1));
    assert_eq!((found.verdict, found.set_aside), (Verdict::Continuous, vec![4]));
}
