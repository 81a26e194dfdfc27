//! The findings table: one row per surface and region of its level.

use super::format::Table;
use crate::{
    model::{Funnel, Quadrant, RegionFinding, Robustness, SurfaceFindings, TestStatus},
    render::view::View,
};

/// One region of one surface.
pub(super) struct Row<'v> {
    found: &'v SurfaceFindings,
    region: &'v RegionFinding,
}

/// Every row, surface by surface.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    let surfaces = view.released.findings().iter();
    surfaces.flat_map(|found| found.regions.iter().map(move |region| Row { found, region }))
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    let names = move |row: &Row<'_>| view.released.measure(row.found.surface.measure);
    Table::default()
        .text("indicator", move |row: &Row<'_>| Some(names(row).0.id.as_str()))
        .text("measure", move |row| Some(names(row).1.id.as_str()))
        .text("ideology", move |row| Some(frame.ideology_id(row.found.surface.ideology)))
        .text("period", move |row| {
            Some(frame.calendar.period(row.found.surface.period).label.as_str())
        })
        .text("level", move |row| Some(frame.tree.levels[row.found.surface.level].as_str()))
        .text("surface", |row| {
            Some(if row.found.surface.primary { "primary" } else { "exploratory" })
        })
        .text("region", move |row| Some(frame.tree.get(row.region.region).id.as_str()))
        .text("region_name", move |row| Some(frame.tree.get(row.region.region).name.as_str()))
        .text("test_status", |row| Some(test_status(row.region.status)))
        .whole("observed", |row| row.region.observed)
        .real("expected", |row| row.region.expected)
        .text("evidence", |row| Some(row.region.evidence.as_str()))
        .real("relative_risk", |row| Some(row.region.own?.relative_risk))
        .real("relative_risk_lower95", |row| Some(row.region.own?.relative_risk95.0))
        .real("relative_risk_upper95", |row| Some(row.region.own?.relative_risk95.1))
        .real("p_above", |row| Some(row.region.own?.p_above))
        .real("p_above_one", |row| Some(row.region.own?.p_above_one))
        .real("own_p", |row| Some(row.region.own?.p))
        .real("own_q", |row| Some(row.region.own?.q))
        .real("own_p_poisson", |row| Some(row.region.own?.p_poisson))
        .real("own_p_lower", |row| Some(row.region.own?.p_lower))
        .real("own_q_lower", |row| Some(row.region.own?.q_lower))
        .text("funnel", |row| Some(funnel(row.region.own?.funnel)))
        .real("local_moran", |row| Some(row.region.surroundings?.local_moran))
        .real("gi", |row| Some(row.region.surroundings?.gi))
        .real("gi_star", |row| Some(row.region.surroundings?.gi_star))
        .text("quadrant", |row| Some(quadrant(row.region.surroundings?.quadrant)))
        .real("surroundings_p", |row| Some(row.region.surroundings?.p))
        .real("surroundings_q", |row| row.region.surroundings?.q)
        .flag("surroundings_significant", |row| Some(row.region.surroundings?.significant))
        .flag("borderline", |row| Some(row.region.surroundings?.borderline))
        .flag("dropped", |row| Some(row.region.surroundings?.dropped))
        .whole("n_draws", |row| Some(row.region.surroundings?.n_draws))
        .real("rank", |row| Some(row.region.rank?.0))
        .real("rank_lower90", |row| Some(row.region.rank?.1))
        .real("rank_upper90", |row| Some(row.region.rank?.2))
        .whole("group", |row| row.region.group.map(|rank| rank as u64))
        .text("persistence", |row| row.region.persistence)
        .made_text("checks", |row| row.region.robustness.as_ref().map(Robustness::words))
        .real("power_rr2", |row| row.region.power_rr2)
        .real("minimum_detectable_rr", |row| row.region.minimum_detectable_rr)
        .real("p_zero", |row| row.region.p_zero)
}

fn test_status(status: TestStatus) -> &'static str {
    match status {
        TestStatus::Tested => "tested",
        TestStatus::NoNeighbours => "no_neighbours",
        TestStatus::ZeroPopulation => "zero_population",
        TestStatus::NoData(status) => status.as_str(),
        TestStatus::Suppressed => "suppressed",
    }
}

fn funnel(funnel: Funnel) -> &'static str {
    match funnel {
        Funnel::Above998 => "above_998",
        Funnel::Above95 => "above_95",
        Funnel::Inside => "inside",
        Funnel::Below95 => "below_95",
        Funnel::Below998 => "below_998",
    }
}

fn quadrant(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::HighHigh => "HH",
        Quadrant::LowHigh => "LH",
        Quadrant::LowLow => "LL",
        Quadrant::HighLow => "HL",
    }
}
