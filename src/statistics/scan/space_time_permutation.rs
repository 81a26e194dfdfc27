//! The space-time permutation scan: were cases somewhere unusually close in time, whatever the population?
//!
//! # Question
//! Where and when were there more cases than the region's usual share of the period's cases? No population is needed.
//!
//! # Definition
//! Expected in a region and period: the region's cases in all periods × the period's cases in all regions / all cases.
//! Ratios as for Poisson counts. Draws permute the periods among the cases, so that every region and every period keeps
//! its total. Cylinders and recurrence interval as in [`super::space_time`].
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `zones` | [`Zones`] | one map | – | of population, or of cases where none is known |
//! | `cases` | `&[u64]` | regions × periods | cases | region by region |
//! | `n_periods` | `usize` | – | – | ≥ 2 |
//! | `time` | [`Time`] | – | – | share of time, usually 0.5 |
//! | `plan`, `key` | | | | as in [`super::circular`] |
//!
//! # Output
//! A [`SpaceTime`].
//!
//! # Undefined
//! `None` as in [`super::space_time`].
//!
//! # Assumptions, and when not to use it
//! Populations do not shift between regions over time: a place that grows faster than the others looks like a late
//! cluster. A region that always has many cases is none: for that, [`super::circular`].
//!
//! # Cost and determinism
//! As [`super::space_time`]; Θ(total) random numbers per draw.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, scan::{plan::Plan, space_time::{Span, Time}, space_time_permutation, zones::Zones}, weights::Metric};
//! // Twelve towns over eight years; one always has ten times as many, three others have a bad year.
//! let places: Vec<_> = (0..12).map(|at| Some((f64::from(at), 0.0))).collect();
//! let zones = Zones::circles(&places, Metric::Plane, &[1.0; 12], 0.5);
//! let mut cases = vec![4; 96];
//! cases[8..16].fill(40);
//! for town in 5..8 {
//!     cases[town * 8 + 3] = 16;
//! }
//! let time = Time { span: Span::Retrospective, share: 0.5 };
//! let scan = space_time_permutation::scan(&zones, &cases, 8, time, &Plan::new(199), Key::new(1, 1)).unwrap();
//! let found = &scan.clusters[0];
//! assert_eq!((found.cluster.centre, found.cluster.regions.len(), found.periods.clone()), (6, 3, 3..4));
//! ```
//!
//! # Source
//! Kulldorff M, Heffernan R, Hartman J, Assunção R, Mostashari F (2005), PLoS Med 2:e59,
//! doi:10.1371/journal.pmed.0020059.

use super::{
    cylinders::Cylinders,
    plan::Plan,
    space_time::{SpaceTime, Time},
    zones::Zones,
};
use crate::statistics::numerics::{float::real, permutation::shuffle, random::Key};

/// Scans a map over time, given the totals of regions and of periods.
pub fn scan(
    zones: &Zones,
    cases: &[u64],
    n_periods: usize,
    time: Time,
    plan: &Plan,
    key: Key,
) -> Option<SpaceTime> {
    if n_periods < 2 {
        return None;
    }
    let cases: Vec<u64> = (0..zones.n_regions() * n_periods)
        .map(|at| if zones.takes_part(at / n_periods) { cases[at] } else { 0 })
        .collect();
    let all = cases.iter().try_fold(0_u64, |sum, &own| sum.checked_add(own))?;
    if all == 0 || i32::try_from(all).is_err() {
        return None;
    }
    let mut of_period = vec![0_u64; n_periods];
    // The period of every case, region by region.
    let mut periods: Vec<usize> = Vec::new();
    let mut of_region = Vec::with_capacity(zones.n_regions());
    for own in cases.chunks(n_periods) {
        of_region.push(own.iter().sum::<u64>());
        for (period, &count) in own.iter().enumerate() {
            of_period[period] += count;
            periods.extend((0..count).map(|_| period));
        }
    }
    let measure: Vec<f64> = of_region
        .iter()
        .flat_map(|&region| of_period.iter().map(move |&period| (region, period)))
        .map(|(region, period)| real(region) * real(period) / real(all))
        .collect();
    let cylinders = Cylinders::new(zones, &cases, &measure, n_periods, time, 1.0);
    Some(cylinders.scan(plan, key, |stream, put| {
        let mut drawn = periods.clone();
        shuffle(&mut drawn, stream);
        let mut drawn = drawn.into_iter();
        for (region, &count) in of_region.iter().enumerate() {
            for period in drawn.by_ref().take(usize::try_from(count).unwrap_or(usize::MAX)) {
                put(region, period, 1);
            }
        }
    }))
}
