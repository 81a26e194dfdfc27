//! Data capacity: which of the core indicators each region can supply, and why not.

use std::collections::BTreeSet;

use crate::model::{
    Capacity, CapacityState, Cell, Counts, Indicator, MeasurePanel, SourceReport, Status,
};

use super::Setting;

/// One row per region and core indicator, region-major.
pub fn capacity(counts: &[MeasurePanel<Cell<Counts>>], setting: &Setting<'_>) -> Vec<Capacity> {
    let core: Vec<(usize, &Indicator)> =
        setting.indicators.iter().enumerate().filter(|(_, indicator)| indicator.core).collect();
    let mut rows = Vec::with_capacity(core.len() * setting.tree.len());
    for region in 0..setting.tree.len() {
        for &(indicator, definition) in &core {
            let panels: Vec<&MeasurePanel<Cell<Counts>>> =
                counts.iter().filter(|panel| panel.key.indicator == indicator).collect();
            rows.push(row(region, indicator, definition, &panels, setting));
        }
    }
    rows
}

fn row(
    region: usize,
    indicator: usize,
    definition: &Indicator,
    panels: &[&MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> Capacity {
    let ids: BTreeSet<_> = panels.iter().flat_map(|panel| panel.sources.iter().cloned()).collect();
    let reports: Vec<&SourceReport> =
        setting.sources.iter().filter(|report| ids.contains(&report.id)).collect();
    let months_each = setting.calendar.every.months();
    let covered = covered_periods(region, panels, setting);
    let above = (0..setting.tree.get(region).level).rev().find(|&level| {
        setting
            .tree
            .ancestor(region, level)
            .is_some_and(|ancestor| covered_periods(ancestor, panels, setting) > 0)
    });
    let state = match (covered > 0, above) {
        (true, _) => CapacityState::Present,
        (false, Some(level)) => CapacityState::OnlyAbove(setting.tree.levels[level].clone()),
        (false, None) => CapacityState::Missing(missing(definition, panels, region, setting)),
    };
    Capacity {
        region,
        indicator,
        state,
        sources: ids.iter().cloned().collect(),
        grain: reports
            .iter()
            .filter_map(|report| report.grain.clone())
            .max_by_key(|grain| setting.tree.level_named(grain)),
        latest: reports.iter().filter_map(|report| report.latest).max(),
        months_covered: covered * months_each,
        grade: reports.iter().filter_map(|report| report.grade).min(),
        n_breaks: setting.breaks.iter().filter(|broken| ids.contains(&broken.source)).count(),
    }
}

/// Base periods in which any measure has a number for the region.
fn covered_periods(
    region: usize,
    panels: &[&MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> u32 {
    let has_value = |period: usize| {
        panels.iter().any(|panel| {
            panel.panel.keys().any(|key| {
                panel.panel.get(key, region, period).is_some_and(|cell| cell.value().is_some())
            })
        })
    };
    let n = (0..setting.calendar.base.len()).filter(|&period| has_value(period)).count();
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn missing(
    definition: &Indicator,
    panels: &[&MeasurePanel<Cell<Counts>>],
    region: usize,
    setting: &Setting<'_>,
) -> String {
    let tables: BTreeSet<&str> = definition
        .measures
        .iter()
        .flat_map(|measure| {
            std::iter::once(measure.numerator.table.as_str())
                .chain(measure.denominator.as_ref().map(|term| term.table.as_str()))
        })
        .collect();
    if panels.iter().all(|panel| panel.panel.is_empty()) {
        let tables: Vec<&str> = tables.into_iter().collect();
        return format!("no source feeds it (needs {})", tables.join(" and "));
    }
    let reasons: BTreeSet<Status> = panels
        .iter()
        .flat_map(|panel| {
            panel.panel.keys().flat_map(move |key| {
                (0..setting.calendar.base.len()).filter_map(move |period| {
                    match panel.panel.get(key, region, period) {
                        Some(Cell::Empty(status)) => Some(*status),
                        _ => None,
                    }
                })
            })
        })
        .collect();
    match reasons.first() {
        Some(Status::NotApplicable) => "not applicable here".to_owned(),
        _ => "its sources do not cover this region".to_owned(),
    }
}
