//! What a source covers: the difference between zero and nothing.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::engine::Group;
use crate::{
    assessment::{Source, Table},
    model::{Calendar, Date, Dictionary, Period, RegionTree},
};

/// Coverage of one source, resolved against the calendar and the tree.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Years covered of each base period.
    pub years: Vec<f64>,
    /// Ideology classes covered: 0 for rows without an ideology, else 1 + position of the ideology.
    pub classes: BTreeSet<usize>,
    /// Whether each region is covered.
    pub regions: Vec<bool>,
    /// Whether a covered cell without a row is a recorded zero.
    pub zeros: bool,
}

/// Length of a period's covered part in years: days over the days of the calendar year they lie in.
pub fn years_of(period: &Period, from: Date, to: Date) -> f64 {
    let (start, end) = (period.start.max(from), period.end.min(to));
    if end < start {
        return 0.0;
    }
    (start.year()..=end.year())
        .map(|year| {
            let first = Date::from_ymd_opt(year, 1, 1).expect("invariant: a declared year");
            let last = Date::from_ymd_opt(year, 12, 31).expect("invariant: a declared year");
            let days = (end.min(last) - start.max(first)).num_days() + 1;
            let of = (last - first).num_days() + 1;
            #[allow(clippy::cast_precision_loss, reason = "days of a year")]
            let share = days as f64 / of as f64;
            share
        })
        .sum()
}

/// Resolves what a source covers, from its declaration or, where silent, from exactly what its rows and constants name.
pub fn resolve(
    source: &Source,
    groups: &[Group],
    calendar: &Calendar,
    tree: &RegionTree,
    ideology_codes: Option<(usize, &Dictionary)>,
    ideologies: &[String],
) -> Coverage {
    let named: BTreeSet<usize> = groups
        .iter()
        .filter(|group| group.reason.is_none())
        .filter_map(|group| group.period)
        .collect();
    let years = calendar
        .base
        .iter()
        .enumerate()
        .map(|(at, period)| match &source.covers.dates {
            Some(spans) => spans.iter().map(|&(from, to)| years_of(period, from, to)).sum(),
            None if named.contains(&at) => years_of(period, period.start, period.end),
            None => 0.0,
        })
        .collect();
    let slot = |id: &str| ideologies.iter().position(|known| known == id).map(|at| at + 1);
    let classes = match (&source.covers.ideologies, ideology_codes) {
        (Some(declared), _) => declared.iter().filter_map(|id| slot(id.as_str())).collect(),
        (None, Some((key, dictionary))) => groups
            .iter()
            .filter(|group| group.reason.is_none())
            .map(|group| {
                group.keys[key]
                    .and_then(|code| u32::try_from(code).ok())
                    .and_then(|code| slot(dictionary.text(code)))
                    .unwrap_or(0)
            })
            .collect(),
        (None, None) => BTreeSet::from([0]),
    };
    let mut classes: BTreeSet<usize> = classes;
    // Rows without an ideology stand beside the declared ones: denominators, and records nobody could assign.
    let has_unassigned = ideology_codes.is_none_or(|(key, _)| {
        groups.iter().any(|group| group.reason.is_none() && group.keys[key].is_none())
    });
    if has_unassigned {
        classes.insert(0);
    }
    let regions = (0..tree.len())
        .map(|region| match &source.covers.regions {
            None => true,
            Some(codes) => (0..=tree.get(region).level).any(|level| {
                tree.ancestor(region, level).is_some_and(|ancestor| {
                    codes.iter().any(|code| code == tree.get(ancestor).id.as_str())
                })
            }),
        })
        .collect();
    let zeros = source.table == Table::Events || source.covers.ideologies.is_some();
    Coverage { years, classes, regions, zeros }
}

#[test]
fn a_year_covered_to_11_november_is_315_of_365_days() {
    let day = |year, month, day| Date::from_ymd_opt(year, month, day).unwrap();
    let year = Period { start: day(2017, 1, 1), end: day(2017, 12, 31), label: "2017".to_owned() };
    let years = years_of(&year, day(2014, 1, 1), day(2017, 11, 11));
    assert!((years - 315.0 / 365.0).abs() < 1e-15);
    assert!((years_of(&year, year.start, year.end) - 1.0).abs() < 1e-15);
    assert!(years_of(&year, day(2018, 1, 1), day(2018, 2, 1)) <= 0.0);
}
