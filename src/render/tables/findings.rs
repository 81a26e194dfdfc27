//! The findings table: one row per surface and region of its level.

use arrow::array::RecordBatch;
use rayon::prelude::*;

use super::format::Columns;
use crate::{
    model::{Funnel, Quadrant, RegionFinding, SurfaceFindings, TestStatus},
    render::view::View,
};

/// One batch per surface; an empty one when nothing was tested.
pub(super) fn batches(view: &View<'_>) -> Vec<RecordBatch> {
    let findings = view.released.findings();
    if findings.is_empty() {
        return vec![batch(view, None)];
    }
    findings.par_iter().map(|found| batch(view, Some(found))).collect()
}

fn batch(view: &View<'_>, found: Option<&SurfaceFindings>) -> RecordBatch {
    let frame = view.frame;
    let rows: &[RegionFinding] = found.map_or(&[], |found| &found.regions);
    let n = rows.len();
    let same = |text: Option<&str>| std::iter::repeat_n(text.map(str::to_owned), n);
    let surface = found.map(|found| found.surface);
    let names = surface.map(|surface| view.released.measure(surface.measure));
    let period = surface.map(|surface| frame.calendar.period(surface.period));
    let kind = surface.map(|surface| if surface.primary { "primary" } else { "exploratory" });
    let own = || rows.iter().map(|row| row.own);
    let around = || rows.iter().map(|row| row.surroundings);
    Columns::default()
        .text("indicator", same(names.map(|(indicator, _)| indicator.id.as_str())))
        .text("measure", same(names.map(|(_, measure)| measure.id.as_str())))
        .text("ideology", same(surface.map(|surface| frame.ideology_id(surface.ideology))))
        .text("period", same(period.map(|period| period.label.as_str())))
        .text("level", same(surface.map(|surface| frame.tree.levels[surface.level].as_str())))
        .text("surface", same(kind))
        .text("region", rows.iter().map(|row| Some(frame.tree.get(row.region).id.as_str())))
        .text("region_name", rows.iter().map(|row| Some(frame.tree.get(row.region).name.as_str())))
        .text("test_status", rows.iter().map(|row| Some(test_status(row.status))))
        .whole("observed", rows.iter().map(|row| row.observed))
        .real("expected", rows.iter().map(|row| row.expected))
        .text("evidence", rows.iter().map(|row| Some(row.evidence.as_str())))
        .real("relative_risk", own().map(|own| Some(own?.relative_risk)))
        .real("relative_risk_lower95", own().map(|own| Some(own?.relative_risk95.0)))
        .real("relative_risk_upper95", own().map(|own| Some(own?.relative_risk95.1)))
        .real("p_above", own().map(|own| Some(own?.p_above)))
        .real("own_p", own().map(|own| Some(own?.p)))
        .real("own_q", own().map(|own| Some(own?.q)))
        .real("own_p_poisson", own().map(|own| Some(own?.p_poisson)))
        .real("own_p_lower", own().map(|own| Some(own?.p_lower)))
        .real("own_q_lower", own().map(|own| Some(own?.q_lower)))
        .text("funnel", own().map(|own| Some(funnel(own?.funnel))))
        .real("local_moran", around().map(|around| Some(around?.local_moran)))
        .real("gi", around().map(|around| Some(around?.gi)))
        .real("gi_star", around().map(|around| Some(around?.gi_star)))
        .text("quadrant", around().map(|around| Some(quadrant(around?.quadrant))))
        .real("surroundings_p", around().map(|around| Some(around?.p)))
        .real("surroundings_q", around().map(|around| around?.q))
        .flag("surroundings_significant", around().map(|around| Some(around?.significant)))
        .flag("borderline", around().map(|around| Some(around?.borderline)))
        .flag("dropped", around().map(|around| Some(around?.dropped)))
        .whole("n_draws", around().map(|around| Some(around?.n_draws)))
        .real("power_rr2", rows.iter().map(|row| row.power_rr2))
        .real("minimum_detectable_rr", rows.iter().map(|row| row.minimum_detectable_rr))
        .real("p_zero", rows.iter().map(|row| row.p_zero))
        .batch()
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
