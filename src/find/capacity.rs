//! Data capacity: which of the core indicators each region can supply, and why not.

use std::collections::BTreeSet;

use crate::model::{
    Capacity, CapacityState, Cell, Counts, Indicator, MeasureKind, MeasurePanel, Reject, SliceKey,
    SourceReport, Status,
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
        days_behind: reports.iter().filter_map(|report| report.latest).max().and_then(|latest| {
            let end = setting.calendar.base.last()?.end;
            u32::try_from((end - latest).num_days().max(0)).ok()
        }),
        share_not_located: share_not_located(&reports),
        share_unassigned: share_unassigned(region, indicator, panels, setting),
        n_breaks: setting.breaks.iter().filter(|broken| ids.contains(&broken.source)).count(),
    }
}

/// Rejected rows without a place, over all rows read.
#[allow(clippy::cast_precision_loss, reason = "row counts are below 2^53")]
fn share_not_located(reports: &[&SourceReport]) -> Option<f64> {
    let places = [Reject::UnknownRegion, Reject::OutsideRegions].map(Reject::as_str);
    let lost: u64 = reports
        .iter()
        .flat_map(|report| places.iter().filter_map(|reason| report.rejected.get(*reason)))
        .sum();
    let read: u64 = reports.iter().map(|report| report.read).sum();
    (read > 0).then(|| lost as f64 / read as f64)
}

/// What the total counts and no ideology does, over the total, of the indicator's first additive count in all base periods.
#[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn share_unassigned(
    region: usize,
    indicator: usize,
    panels: &[&MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> Option<f64> {
    let panel = panels.iter().find(|panel| {
        let measure = &setting.indicators[indicator].measures[panel.key.measure];
        measure.kind == MeasureKind::Count && measure.additive
    })?;
    let counted = |slot: usize| -> u64 {
        (0..setting.calendar.base.len())
            .filter_map(|period| panel.panel.get(SliceKey::ideology(slot), region, period)?.value())
            .map(|counts| counts.numerator)
            .sum()
    };
    let total = counted(0);
    let claimed: u64 = panel
        .panel
        .keys()
        .filter(|key| key.breakdown == 0 && key.ideology > 0)
        .map(|key| counted(key.ideology))
        .sum();
    (total > 0).then(|| total.saturating_sub(claimed) as f64 / total as f64)
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
