//! Circles over intervals of time: the search that all space-time scans share.
//!
//! Counts of a growing circle are kept as sums up to each boundary between periods, so that an interval is one
//! difference. As on maps, sixteen draws are compared at once with critical counts, and a stretch of circles at once.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    clusters::{Cluster, Drawn, Zone, most_likely, tie},
    critical_counts::CriticalCounts,
    likelihood::Likelihood,
    plan::Plan,
    replicates::{Draws, Maxima, Row, add},
    zones::Zones,
};
use crate::statistics::numerics::{
    float::{real, size},
    permutation::TIE,
    random::{Key, Stream},
};

/// Which intervals are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Time {
    /// Whether an interval may be over.
    pub span: Span,
    /// Periods of an interval at most, as a share of all; 0.5 is usual.
    pub share: f64,
}

/// Whether a cluster may be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// It may: any interval.
    Retrospective,
    /// It lasts to the end: what is emerging now.
    Prospective,
}

/// A cluster in space and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Cylinder {
    /// Where, and how strong; cases and expectation are those of the interval.
    pub cluster: Cluster,
    /// When.
    pub periods: Range<usize>,
    /// Prospective: periods until chance alone gives one as strong, 1/p.
    pub recurrence_interval: Option<f64>,
}

/// What a space-time scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTime {
    /// Clusters by falling ratio; none shares a region with one before it, whatever its time.
    pub clusters: Vec<Cylinder>,
    /// The largest ratio of all cylinders searched, listed or not.
    pub llr: f64,
    /// The p of that ratio.
    pub p: f64,
    /// Cylinders searched.
    pub n_zones: usize,
    /// Draws made.
    pub n_draws: usize,
    /// The largest ratio of every draw.
    pub maxima: Vec<f64>,
    /// Cases of the regions and periods that take part.
    pub total_cases: u64,
}

/// Circles scanned together; see [`super::circular`].
const STRETCH: usize = 8;

/// Counts and expectations by region and period, and the cylinders over them.
pub(super) struct Cylinders<'a> {
    zones: &'a Zones,
    likelihood: Likelihood,
    phi: f64,
    time: Time,
    n_periods: usize,
    /// The first boundary of any interval; boundary b is before period b.
    first: usize,
    /// Pairs of boundaries, counted from the first.
    intervals: Vec<(usize, usize)>,
    /// Region by region, sums from the first boundary up to each; so is the measure.
    cases: Vec<u64>,
    measure: Vec<f64>,
    total: u64,
}

impl<'a> Cylinders<'a> {
    /// `cases` and `measure` are region by region, one per period, 0 where nothing takes part.
    pub(super) fn new(
        zones: &'a Zones,
        cases: &[u64],
        measure: &[f64],
        n_periods: usize,
        time: Time,
        phi: f64,
    ) -> Self {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number of periods"
        )]
        let longest = (time.share.clamp(0.0, 1.0) * size(n_periods) * (1.0 + TIE)) as usize;
        let first = match time.span {
            Span::Retrospective => 0,
            Span::Prospective => n_periods - longest,
        };
        let n_boundaries = n_periods - first + 1;
        let mut intervals = Vec::new();
        for end in 1..n_boundaries {
            if time.span == Span::Prospective && end + 1 < n_boundaries {
                continue;
            }
            intervals.extend((end.saturating_sub(longest)..end).map(|start| (start, end)));
        }
        let total = cases.iter().sum();
        let mut sums = Self {
            zones,
            likelihood: Likelihood::Poisson { total: real(total) },
            phi,
            time,
            n_periods,
            first,
            intervals,
            cases: vec![0; zones.n_regions() * n_boundaries],
            measure: vec![0.0; zones.n_regions() * n_boundaries],
            total,
        };
        for region in 0..zones.n_regions() {
            for boundary in 1..n_boundaries {
                let period = region * n_periods + first + boundary - 1;
                let at = region * n_boundaries + boundary;
                sums.cases[at] = sums.cases[at - 1] + cases[period];
                sums.measure[at] = sums.measure[at - 1] + measure[period];
            }
        }
        sums
    }

    fn n_boundaries(&self) -> usize {
        self.n_periods - self.first + 1
    }

    /// Scans, with draws from a null that puts cases into (region, period).
    pub(super) fn scan(
        &self,
        plan: &Plan,
        key: Key,
        draw: impl Fn(&mut Stream, &mut dyn FnMut(usize, usize, i32)) + Sync,
    ) -> SpaceTime {
        let table = CriticalCounts::new(self.likelihood, plan.fewest_cases);
        let unused = vec![false; self.zones.n_regions()];
        let observed =
            self.best(plan.fewest_cases, 1.0, &unused).map_or(0.0, |(zone, _)| zone.ratio);
        let n_boundaries = self.n_boundaries();
        let n_cells = self.zones.n_regions() * n_boundaries;
        let search = Draws { table: &table, n_cells, plan, observed, key };
        let maxima = search.maxima(
            |stream, put| {
                draw(stream, &mut |region, period, cases| {
                    // Periods before the first boundary are in no interval.
                    if period >= self.first {
                        put(region * n_boundaries + period - self.first + 1, cases);
                    }
                });
            },
            |largest, rows| self.search(&table, largest, rows),
        );
        let (likelihood, phi) = (self.likelihood, self.phi);
        let drawn = Drawn { likelihood, phi, maxima: &maxima, stop_after: plan.stop_after };
        SpaceTime {
            clusters: self.list(&drawn, plan),
            llr: observed / phi,
            p: drawn.p(observed),
            n_zones: self.zones.n_circles() * self.intervals.len(),
            n_draws: maxima.len(),
            total_cases: self.total,
            maxima: maxima.into_iter().map(|ratio| ratio / phi).collect(),
        }
    }

    /// Offers every cylinder to the maxima of sixteen draws.
    fn search(&self, table: &CriticalCounts, largest: &mut Maxima, rows: &mut [Row]) {
        let n = self.n_boundaries();
        for region in rows.chunks_mut(n) {
            for boundary in 1..n {
                let before = region[boundary - 1];
                add(&mut region[boundary], &before);
            }
        }
        let rows = &*rows;
        let own = |region: usize| &rows[region * n..][..n];
        let own_measure = |region: usize| &self.measure[region * n..][..n];
        let mut counts = vec![Row::default(); n];
        let (mut before, mut within) = (counts.clone(), vec![0.0; n]);
        let mut smallest = within.clone();
        for centre in 0..self.zones.n_regions() {
            counts.fill(Row::default());
            within.fill(0.0);
            for steps in self.zones.path(centre).chunks(STRETCH) {
                before.copy_from_slice(&counts);
                sum(&mut smallest, &within, own_measure(steps[0].region()));
                for step in steps {
                    for (sums, row) in counts.iter_mut().zip(own(step.region())) {
                        add(sums, row);
                    }
                }
                for &(start, end) in &self.intervals {
                    let bin = table.bin((smallest[end] - smallest[start]).max(0.0));
                    if !largest.reached(&difference(&counts[end], &counts[start]), bin) {
                        continue;
                    }
                    let mut inside = difference(&before[end], &before[start]);
                    let mut measure = within[end] - within[start];
                    for step in steps {
                        let (row, more) = (own(step.region()), own_measure(step.region()));
                        add(&mut inside, &difference(&row[end], &row[start]));
                        measure += more[end] - more[start];
                        if step.ends() {
                            largest.offer(&inside, measure.max(0.0));
                        }
                    }
                }
                for step in steps {
                    for (sum, more) in within.iter_mut().zip(own_measure(step.region())) {
                        *sum += more;
                    }
                }
            }
        }
    }

    /// The cylinder with the largest ratio among those of circles with at most a share of the population and without
    /// used regions; of equal ones the smallest in radius, then the one whose centre comes first, then the earliest end.
    fn best(&self, fewest: u64, share: f64, used: &[bool]) -> Option<(Zone, (usize, usize))> {
        let tie = tie(&self.likelihood);
        let n = self.n_boundaries();
        let around = |centre: usize| {
            let mut best: Option<(Zone, (usize, usize))> = None;
            let (mut cases, mut measure) = (vec![0_u64; n], vec![0.0; n]);
            let mut population = 0.0;
            for (n_before, step) in self.zones.path(centre).iter().enumerate() {
                let region = step.region();
                population += self.zones.population(region);
                if used[region] || self.zones.share_of(population) > share * (1.0 + TIE) {
                    break;
                }
                for boundary in 1..n {
                    cases[boundary] += self.cases[region * n + boundary];
                    measure[boundary] += self.measure[region * n + boundary];
                }
                if !step.ends() {
                    continue;
                }
                for &(start, end) in &self.intervals {
                    let inside = cases[end] - cases[start];
                    let within = (measure[end] - measure[start]).max(0.0);
                    let limit = best.map_or(0.0, |(zone, _)| zone.ratio) + tie;
                    if inside < fewest || self.likelihood.bound(real(inside), within) < limit {
                        continue;
                    }
                    let ratio = self.likelihood.ratio(real(inside), within);
                    if ratio > limit {
                        best =
                            Some((Zone { ratio, centre, n_regions: n_before + 1 }, (start, end)));
                    }
                }
            }
            best
        };
        let found: Vec<_> = (0..self.zones.n_regions()).into_par_iter().map(around).collect();
        most_likely(self.zones, tie, found.into_iter().flatten(), |(zone, _)| zone)
    }

    /// Clusters by falling ratio, none sharing a region with one before it.
    fn list(&self, drawn: &Drawn, plan: &Plan) -> Vec<Cylinder> {
        let n = self.n_boundaries();
        let mut used = vec![false; self.zones.n_regions()];
        let mut clusters = Vec::new();
        while clusters.len() < plan.most_clusters {
            let best = self.best(plan.fewest_cases, plan.report.share(), &used);
            let Some((zone, (start, end))) = best else { break };
            let (mut cases, mut measure) = (0, 0.0);
            for step in &self.zones.path(zone.centre)[..zone.n_regions] {
                let at = step.region() * n;
                cases += self.cases[at + end] - self.cases[at + start];
                measure += self.measure[at + end] - self.measure[at + start];
                used[step.region()] = true;
            }
            let cluster = drawn.describe(self.zones, &zone, cases, measure);
            let recurs = self.time.span == Span::Prospective;
            clusters.push(Cylinder {
                recurrence_interval: recurs.then(|| 1.0 / cluster.p),
                cluster,
                periods: self.first + start..self.first + end,
            });
        }
        clusters
    }
}

/// One row less another.
#[inline]
fn difference(more: &Row, less: &Row) -> Row {
    let mut row = *more;
    for (count, less) in row.iter_mut().zip(less) {
        *count = count.wrapping_sub(*less);
    }
    row
}

/// Sums of two slices, place by place.
fn sum(into: &mut [f64], first: &[f64], second: &[f64]) {
    for (sum, (a, b)) in into.iter_mut().zip(first.iter().zip(second)) {
        *sum = a + b;
    }
}

#[test]
fn every_draw_is_searched_like_the_data() {
    use super::null::Null;
    use crate::{
        model::VarianceLaw,
        statistics::{numerics::random::WHOLE_MAP, weights::Metric},
    };
    let key = Key::new(6, 7);
    let (n, n_periods) = (30, 9);
    let mut stream = key.stream(0, 0);
    let places: Vec<_> =
        (0..n).map(|_| Some((f64::from(stream.below(7)), f64::from(stream.below(7))))).collect();
    let population = vec![1.0; places.len()];
    let measure: Vec<f64> =
        (0..n * 9).map(|_| f64::from(stream.below(20)) / 10.0).map(|x| x * x).collect();
    let total: f64 = measure.iter().sum();
    let measure: Vec<f64> = measure.iter().map(|own| own / total * 150.0).collect();
    let null = Null::around(150, &measure, Some(VarianceLaw::Linear { phi: 1.5 }));
    let mut cases = vec![0; measure.len()];
    cases[40] = 150;
    let zones = Zones::circles(&places, Metric::Plane, &population, 0.5);
    for span in [Span::Retrospective, Span::Prospective] {
        let time = Time { span, share: 0.5 };
        let cylinders = Cylinders::new(&zones, &cases, &measure, n_periods, time, 1.0);
        let found = cylinders.scan(&Plan::new(20), key, |stream, put| {
            null.draw(stream, |cell, cases| put(cell / n_periods, cell % n_periods, cases));
        });
        for (draw, &largest) in (0..).zip(&found.maxima) {
            let mut drawn = vec![0_u64; measure.len()];
            null.draw(&mut key.stream(WHOLE_MAP, draw), |cell, cases| {
                drawn[cell] += u64::try_from(cases).unwrap();
            });
            let drawn = Cylinders::new(&zones, &drawn, &measure, n_periods, time, 1.0);
            let wanted =
                drawn.best(2, 1.0, &vec![false; places.len()]).map_or(0.0, |(zone, _)| zone.ratio);
            assert!((largest - wanted).abs() < 1e-9, "{span:?} {draw}: {largest} {wanted}");
        }
    }
}
