//! The hotbed map: areas by how sure the tests are that more was recorded than chance explains.

use super::plan::{Area, Plan};
use crate::{
    model::{Evidence, MeasureKind, RegionFinding, SurfaceFindings},
    render::{
        view::{View, file_name},
        words,
    },
};

/// Classes in legend order.
pub(in crate::render) const CLASSES: [(Evidence, &str); 9] = [
    (Evidence::Established, "e-established"),
    (Evidence::Probable, "e-probable"),
    (Evidence::Signal, "e-signal"),
    (Evidence::NotDistinguishable, "e-not"),
    (Evidence::CouldNotHaveBeenDistinguished, "e-could"),
    (Evidence::Lower, "e-lower"),
    (Evidence::InsufficientData, "e-insufficient"),
    (Evidence::NoData, "e-nodata"),
    (Evidence::Withheld, "e-withheld"),
];

/// The class of an evidence in `map.css`.
pub(crate) fn class(evidence: Evidence) -> &'static str {
    CLASSES.iter().find(|(known, _)| *known == evidence).map_or("e-nodata", |(_, class)| class)
}

/// The map of a surface; `None` when its classes are withheld as a whole.
pub(in crate::render) fn plan(view: &View<'_>, found: &SurfaceFindings) -> Option<Plan> {
    inside(view, found, 0)
}

/// The part of a surface's map inside one region.
pub(in crate::render) fn inside(
    view: &View<'_>,
    found: &SurfaceFindings,
    region: usize,
) -> Option<Plan> {
    let around = view.frame.tree.get(region).level;
    if !view.released.policy().labels(found.surface.level) {
        return None;
    }
    let (indicator, measure) = view.released.measure(found.surface.measure);
    let areas: Vec<Area> = found
        .regions
        .iter()
        .filter(|finding| view.frame.tree.ancestor(finding.region, around) == Some(region))
        .map(|finding| Area {
            region: finding.region,
            class: class(finding.evidence),
            small: false,
            note: note(finding),
        })
        .collect();
    let named = CLASSES.map(|(evidence, class)| (class, words::evidence(evidence).to_owned()));
    Some(Plan {
        name: format!(
            "hotbeds-{}-{}",
            file_name(indicator.id.as_str()),
            file_name(measure.id.as_str())
        ),
        title: headline(view, found, region),
        subtitle: subtitle(view, found),
        legend: Plan::count(named, &areas),
        has_small: false,
        areas,
        level: found.surface.level,
    })
}

/// The finding of a surface inside a region in one sentence, without a full stop.
pub(in crate::render) fn headline(
    view: &View<'_>,
    found: &SurfaceFindings,
    region: usize,
) -> String {
    let around = view.frame.tree.get(region).level;
    let what = noun(view, found);
    let inside: Vec<&RegionFinding> = found
        .regions
        .iter()
        .filter(|finding| view.frame.tree.ancestor(finding.region, around) == Some(region))
        .collect();
    let n_possible = inside.iter().filter(|finding| finding.evidence == Evidence::Signal).count();
    let n_probable =
        inside.iter().filter(|finding| finding.evidence.is_higher()).count() - n_possible;
    let n = inside.len();
    let level = &view.frame.tree.levels[found.surface.level];
    let areas = words::plural(n, "area", "areas");
    match (n_probable, n_possible) {
        (0, 0) => format!(
            "In none of {areas} ({level} level) were more {what} recorded than chance explains"
        ),
        (0, _) => format!(
            "In {} of {areas} ({level} level), possibly more {what} were recorded than chance explains",
            words::number_of(n_possible),
        ),
        (_, 0) => format!(
            "In {} of {areas} ({level} level), probably more {what} were recorded than chance explains",
            words::number_of(n_probable),
        ),
        _ => format!(
            "In {} of {areas} ({level} level) probably, and in {} possibly, more {what} were recorded than chance explains",
            words::number_of(n_probable),
            words::number_of(n_possible),
        ),
    }
}

/// What was counted, as a plural: the unit of the indicator's count.
pub(in crate::render) fn noun(view: &View<'_>, found: &SurfaceFindings) -> String {
    view.counted(found.surface.measure.indicator)
        .filter(|counted| counted.measure.kind == MeasureKind::Count)
        .map_or_else(|| "cases".to_owned(), |counted| counted.measure.unit_en().to_owned())
}

/// What a surface shows: unit, ideology, period.
pub(in crate::render) fn subtitle(view: &View<'_>, found: &SurfaceFindings) -> String {
    let (indicator, measure) = view.released.measure(found.surface.measure);
    let kind = if found.surface.primary { "primary" } else { "exploratory" };
    format!(
        "{}, {}, {}, {} ({kind} surface)",
        indicator.title_en(),
        measure.unit_en(),
        view.frame.ideology_title(found.surface.ideology),
        view.period(found.surface.period),
    )
}

fn note(finding: &RegionFinding) -> String {
    let mut note = words::evidence(finding.evidence).to_lowercase();
    if let Some(observed) = finding.observed {
        note.push_str(", ");
        note.push_str(&words::count(observed));
        if let Some(expected) = finding.expected {
            note.push_str(" (expected ");
            note.push_str(&words::figure(expected));
            note.push(')');
        }
    }
    note
}
