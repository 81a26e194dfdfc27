//! Population: persons by region and date, and the reference date a period uses.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Group;
use crate::{
    assessment::PopulationReference,
    model::{Calendar, Date, Period, RegionTree},
};

/// Persons by date, then by region index; parents are the sums of their children unless they have their own figure.
#[derive(Debug, Clone, Default)]
pub struct Population {
    by_date: BTreeMap<Date, Vec<Option<u64>>>,
}

impl Population {
    /// Adds up a population source. `dates` are what the groups' period codes mean; the first sum is `persons`.
    pub fn new(groups: &[Group], dates: &[Date], tree: &RegionTree) -> Self {
        let mut by_date: BTreeMap<Date, Vec<Option<u64>>> = BTreeMap::new();
        for group in groups.iter().filter(|group| group.reason.is_none()) {
            if let (Some(region), Some(code)) = (group.region, group.period) {
                let persons = by_date.entry(dates[code]).or_insert_with(|| vec![None; tree.len()]);
                *persons[region].get_or_insert(0) += group.sums[0].0;
            }
        }
        for persons in by_date.values_mut() {
            for region in (0..tree.len()).rev() {
                if persons[region].is_none() && !tree.children(region).is_empty() {
                    persons[region] =
                        tree.children(region).iter().map(|&child| persons[child]).sum();
                }
            }
        }
        Self { by_date }
    }

    /// The dates it has.
    pub fn dates(&self) -> impl Iterator<Item = Date> {
        self.by_date.keys().copied()
    }

    /// Persons on one of its dates.
    pub fn on(&self, date: Date, region: usize) -> Option<u64> {
        self.by_date.get(&date).and_then(|persons| persons[region])
    }

    /// Persons under observation in a base period.
    pub fn persons(
        &self,
        region: usize,
        period: &Period,
        reference: PopulationReference,
    ) -> Option<f64> {
        let before = |day: Date| self.by_date.range(..day).next_back();
        let until = |day: Date| self.by_date.range(..=day).next_back();
        #[allow(clippy::cast_precision_loss, reason = "populations are below 2^53")]
        let of = |found: Option<(&Date, &Vec<Option<u64>>)>| {
            found.and_then(|(_, persons)| persons[region]).map(|persons| persons as f64)
        };
        match reference {
            PopulationReference::Start => of(before(period.start)),
            PopulationReference::End => of(until(period.end)),
            PopulationReference::Mid => {
                Some(f64::midpoint(of(before(period.start))?, of(until(period.end))?))
            }
            PopulationReference::Fixed => of(self.by_date.iter().next()),
        }
    }

    /// Regions of a level without population in some base period, with the labels of those periods.
    pub fn gaps(
        &self,
        level: usize,
        tree: &RegionTree,
        calendar: &Calendar,
        reference: PopulationReference,
    ) -> BTreeMap<usize, BTreeSet<String>> {
        let mut gaps: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for region in tree.level(level) {
            for period in &calendar.base {
                if self.persons(region, period, reference).is_none() {
                    gaps.entry(region).or_default().insert(period.label.clone());
                }
            }
        }
        gaps
    }
}
