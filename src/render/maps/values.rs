//! The value map: areas by how their value compares with the country's.
//!
//! Values are smoothed where the edition has them, so that a small area's lucky year does not colour it; otherwise areas with
//! small numbers are hatched. Colours by area are a label, so they keep to the levels that may have one.

use super::plan::{Area, Plan};
use crate::{
    model::{Estimate, MeasureKind, Reliability, Status},
    render::{
        view::{Measured, View, file_name, is_comparable},
        words,
    },
};

/// Class limits as multiples of the country's value.
const STEPS: [f64; 4] = [0.5, 0.8, 1.25, 2.0];
const CLASSES: [&str; 5] = ["v-1", "v-2", "v-3", "v-4", "v-5"];

/// Levels below the country whose areas may be coloured, coarse first.
pub(in crate::render) fn levels(view: &View<'_>) -> impl Iterator<Item = usize> {
    let policy = *view.released.policy();
    (1..view.frame.tree.levels.len()).filter(move |&level| policy.labels(level))
}

/// The map of a measure at a level over its pooled period; `None` without a country value or areas with a number.
pub(in crate::render) fn plan(
    view: &View<'_>,
    measured: &Measured<'_>,
    level: usize,
) -> Option<Plan> {
    if !is_comparable(measured.measure.kind) {
        return None;
    }
    let period = view.pooled(measured)?;
    let country = measured.cell(0, period)?.value.filter(|value| *value > 0.0)?;
    let regions = view.frame.tree.level(level);
    let n_regions = regions.len();
    let cells: Vec<(usize, &Estimate)> =
        regions.filter_map(|at| measured.cell(at, period).map(|cell| (at, cell))).collect();
    let smoothed = cells.iter().any(|(_, cell)| cell.smoothed.is_some());
    if !cells.iter().any(|(_, cell)| cell.own_value().is_some()) {
        return None;
    }
    let areas: Vec<Area> = cells
        .iter()
        .map(|&(region, cell)| {
            let own = cell.own_value();
            let value = if smoothed { cell.smoothed.or(own) } else { own };
            let class = match (value, cell.status) {
                (Some(value), _) => class(value / country),
                (None, Status::Suppressed) => "v-hidden",
                (None, _) => "v-nodata",
            };
            let small = !smoothed && value.is_some() && cell.reliability == Reliability::Small;
            Area { region, class, small, note: note(value, cell, smoothed) }
        })
        .collect();
    let level_name = &view.frame.tree.levels[level];
    let n_above = areas.iter().filter(|area| matches!(area.class, "v-4" | "v-5")).count();
    let title = format!(
        "{} of {} ({level_name} level) lie at least a quarter above the country’s {}",
        words::number_of(n_above),
        words::plural(n_regions, "area", "areas"),
        words::figure(country),
    );
    let subtitle = format!(
        "{}, {}{}, {}, {}",
        measured.indicator.title_en(),
        measured.measure.unit_en(),
        if smoothed { ", smoothed" } else { "" },
        view.frame.ideology_title(measured.slice.ideology),
        view.period(period),
    );
    let is_survey = measured.measure.kind == MeasureKind::SurveyShare;
    let legend = Plan::count(labels(country, is_survey), &areas);
    Some(Plan {
        name: format!(
            "{}-{}-{}",
            file_name(measured.indicator.id.as_str()),
            file_name(measured.measure.id.as_str()),
            file_name(level_name)
        ),
        title,
        subtitle,
        legend,
        has_small: areas.iter().any(|area| area.small),
        areas,
        level,
    })
}

fn class(ratio: f64) -> &'static str {
    CLASSES[STEPS.iter().filter(|step| ratio >= **step).count()]
}

fn labels(country: f64, is_survey: bool) -> Vec<(&'static str, String)> {
    let at = |step: usize| words::figure(STEPS[step] * country);
    vec![
        ("v-5", format!("{} and more (at least twice the country’s)", at(3))),
        ("v-4", format!("{} to {}", at(2), at(3))),
        ("v-3", format!("{} to {} (about the country’s)", at(1), at(2))),
        ("v-2", format!("{} to {}", at(0), at(1))),
        ("v-1", format!("under {} (less than half)", at(0))),
        ("v-hidden", "Hidden to protect small numbers".to_owned()),
        ("v-nodata", if is_survey { "Too few asked, or nobody" } else { "No data" }.to_owned()),
    ]
}

fn note(value: Option<f64>, cell: &Estimate, smoothed: bool) -> String {
    match value {
        Some(value) if smoothed => format!("{} smoothed", words::figure(value)),
        Some(value) => words::figure(value),
        None => words::status(cell.status).to_owned(),
    }
}
