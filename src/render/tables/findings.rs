//! The findings table: one row per surface and region of its level.

use super::{OfSurface, format::Table, of_surfaces};
use crate::{
    model::{Funnel, Quadrant, RegionFinding, Robustness, TestStatus},
    render::view::View,
};

/// One region of one surface.
pub(super) type Row<'v> = OfSurface<'v, RegionFinding>;

/// Every row, surface by surface.
pub(super) fn rows<'v>(view: &'v View<'_>) -> impl Iterator<Item = Row<'v>> {
    let surfaces = view.released.findings().iter();
    surfaces.flat_map(|found| found.regions.iter().map(move |part| Row { found, part }))
}

/// The columns.
pub(super) fn table<'v>(view: &'v View<'_>) -> Table<'v, Row<'v>> {
    let frame = view.frame;
    of_surfaces::<RegionFinding>(view)
        .text("surface", |row| {
            Some(if row.found.surface.primary { "primary" } else { "exploratory" })
        })
        .text("region", move |row| Some(frame.tree.get(row.part.region).id.as_str()))
        .text("region_name", move |row| Some(frame.tree.get(row.part.region).name.as_str()))
        .text("test_status", |row| Some(test_status(row.part.status)))
        .whole("observed", |row| row.part.observed)
        .real("expected", |row| row.part.expected)
        .text("evidence", |row| Some(row.part.evidence.as_str()))
        .real("relative_risk", |row| Some(row.part.own?.relative_risk))
        .real("relative_risk_lower95", |row| Some(row.part.own?.relative_risk95.0))
        .real("relative_risk_upper95", |row| Some(row.part.own?.relative_risk95.1))
        .real("p_above", |row| Some(row.part.own?.p_above))
        .real("p_above_one", |row| Some(row.part.own?.p_above_one))
        .real("own_p", |row| Some(row.part.own?.p))
        .real("own_q", |row| Some(row.part.own?.q))
        .real("own_p_poisson", |row| Some(row.part.own?.p_poisson))
        .real("own_p_lower", |row| Some(row.part.own?.p_lower))
        .real("own_q_lower", |row| Some(row.part.own?.q_lower))
        .text("funnel", |row| Some(funnel(row.part.own?.funnel)))
        .real("local_moran", |row| Some(row.part.surroundings?.local_moran))
        .real("gi", |row| Some(row.part.surroundings?.gi))
        .real("gi_star", |row| Some(row.part.surroundings?.gi_star))
        .text("quadrant", |row| Some(quadrant(row.part.surroundings?.quadrant)))
        .real("surroundings_p", |row| Some(row.part.surroundings?.p))
        .real("surroundings_q", |row| row.part.surroundings?.q)
        .flag("surroundings_significant", |row| Some(row.part.surroundings?.significant))
        .flag("borderline", |row| Some(row.part.surroundings?.borderline))
        .flag("dropped", |row| Some(row.part.surroundings?.dropped))
        .whole("n_draws", |row| Some(row.part.surroundings?.n_draws))
        .real("rank", |row| Some(row.part.rank?.0))
        .real("rank_lower90", |row| Some(row.part.rank?.1))
        .real("rank_upper90", |row| Some(row.part.rank?.2))
        .whole("group", |row| row.part.group.map(|rank| rank as u64))
        .text("persistence", |row| row.part.persistence)
        .made_text("checks", |row| row.part.robustness.as_ref().map(Robustness::words))
        .real("power_rr2", |row| row.part.power_rr2)
        .real("minimum_detectable_rr", |row| row.part.minimum_detectable_rr)
        .real("p_zero", |row| row.part.p_zero)
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
