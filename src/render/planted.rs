//! What was found against what was planted, for synthetic countries only.

use crate::model::{Evidence, Planted, RegionFinding, SurfaceFindings, TestStatus};

use super::{
    maps::hotbeds,
    page::{Cell, Table},
    view::View,
    words,
};

/// A row per planted area, and one for everywhere else; `None` for real countries and where classes are withheld.
pub(super) fn table(view: &View<'_>) -> Option<Table> {
    let planted = &view.frame.planted;
    let headline = view.headline_surfaces().into_iter().next().filter(|_| !planted.is_empty())?;
    if headline.regions.iter().all(|found| found.evidence == Evidence::Withheld) {
        return None;
    }
    let caption = format!(
        "Found against planted: {}, {}",
        hotbeds::noun(view, headline),
        view.period(headline.surface.period)
    );
    let head = [
        "Planted",
        "Ideology and years",
        "Planted: times the rate elsewhere",
        "Areas",
        "Found higher (probably)",
        "Found lower",
        "Smoothed: times the country’s rate, mean",
    ];
    let mut table = Table::new(&caption, &head);
    for area in planted {
        let found = surface_of(view, area, headline);
        let inside: Vec<&RegionFinding> =
            found.regions.iter().filter(|found| area.regions.contains(&found.region)).collect();
        let names: Vec<&str> = match area.ideologies.as_slice() {
            [one] => vec![view.frame.ideology_title(*one)],
            _ => vec!["several ideologies"],
        };
        let (from, to) = area.years;
        table.push(vec![
            Cell::text(title(area)),
            Cell::text(format!("{}, {from}–{to}", names.join(", "))),
            Cell::number(Some(words::figure(area.relative_risk))),
            Cell::number(Some(words::count(inside.len() as u64))),
            Cell::number(Some(higher(&inside))),
            Cell::number(Some(words::count(lower(&inside)))),
            Cell::number(mean_risk(&inside)),
        ]);
    }
    let elsewhere: Vec<&RegionFinding> = headline
        .regions
        .iter()
        .filter(|found| found.status == TestStatus::Tested)
        .filter(|found| planted.iter().all(|area| !area.regions.contains(&found.region)))
        .collect();
    table.push(vec![
        Cell::text("Nothing: everywhere else"),
        Cell::text("All ideologies"),
        Cell::number(Some(words::figure(1.0))),
        Cell::number(Some(words::count(elsewhere.len() as u64))),
        Cell::number(Some(higher(&elsewhere))),
        Cell::number(Some(words::count(lower(&elsewhere)))),
        Cell::number(mean_risk(&elsewhere)),
    ]);
    Some(table)
}

fn title(area: &Planted) -> &'static str {
    match area.kind.as_str() {
        "group" => "A group of neighbouring areas",
        "town" => "A single town",
        "lower" => "Areas with less than elsewhere",
        "emerging" => "A group that emerged late",
        _ => "An area",
    }
}

/// The surface that shows a planted area best: its own ideology where that was tested, else the headline.
fn surface_of<'v>(
    view: &'v View<'_>,
    area: &Planted,
    headline: &'v SurfaceFindings,
) -> &'v SurfaceFindings {
    let own = |found: &&SurfaceFindings| {
        found.surface.measure == headline.surface.measure
            && found.surface.period == headline.surface.period
            && found.surface.level == headline.surface.level
            && area.ideologies.as_slice() == [found.surface.ideology]
    };
    view.released.findings().iter().find(own).unwrap_or(headline)
}

fn higher(found: &[&RegionFinding]) -> String {
    let n = found.iter().filter(|found| found.evidence.is_higher()).count();
    let n_probable = found
        .iter()
        .filter(|found| found.evidence.is_higher() && found.evidence != Evidence::Signal)
        .count();
    format!("{n} ({n_probable})")
}

fn lower(found: &[&RegionFinding]) -> u64 {
    found.iter().filter(|found| found.evidence == Evidence::Lower).count() as u64
}

fn mean_risk(found: &[&RegionFinding]) -> Option<String> {
    let risks: Vec<f64> = found.iter().filter_map(|found| Some(found.own?.relative_risk)).collect();
    #[allow(clippy::cast_precision_loss, reason = "numbers of regions are below 2^53")]
    let mean = risks.iter().sum::<f64>() / risks.len() as f64;
    (!risks.is_empty()).then(|| words::figure(mean))
}
