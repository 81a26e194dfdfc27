//! Composites on the national page: the first areas with how far their ranks can be leaned on, and what they hang on.

use super::{
    page::{self, Cell, Table},
    view::View,
    words,
};
use crate::model::Composite;

/// Areas listed on the page.
const ROWS: usize = 15;

/// One composite as a section of the page.
#[derive(Debug, Clone)]
pub(super) struct Section {
    title: String,
    made_of: String,
    sentences: Vec<String>,
    areas: Option<Table>,
    sensitivity: Option<Table>,
}

page::template_values! {
    Section { title, made_of, sentences, areas, sensitivity }
}

/// Every composite asked for.
pub(super) fn sections(view: &View<'_>) -> Vec<Section> {
    view.released.composites().iter().map(|composite| section(view, composite)).collect()
}

fn section(view: &View<'_>, composite: &Composite) -> Section {
    let rule = &composite.rule;
    let all: f64 = rule.components.iter().map(|(_, weight)| weight).sum();
    let parts: Vec<String> = rule
        .components
        .iter()
        .map(|(key, weight)| {
            let (indicator, measure) = view.released.measure(*key);
            let name = format!("{} ({})", indicator.title_en(), measure.id);
            format!("{name} {:.0} %", 100.0 * weight / all)
        })
        .collect();
    let level = &view.frame.tree.levels[rule.level];
    Section {
        title: rule.title.clone(),
        made_of: format!(
            "{level} level, {}. Weights were declared for this assessment: {}.",
            view.period(composite.period),
            words::list(&parts)
        ),
        sentences: sentences(composite),
        areas: areas(view, composite),
        sensitivity: sensitivity(view, composite),
    }
}

fn sentences(composite: &Composite) -> Vec<String> {
    if let Some(reason) = &composite.reason {
        return vec![format!("{}.", words::capitalised(reason))];
    }
    let mut lines = Vec::new();
    if let Some((mean, lower, upper)) = composite.average_shift {
        lines.push(format!(
            "With other weights, another scale, another mean, a component left out and chance in the counts, an area moves \
             by {} ranks on average (95 % of runs: {} to {}).",
            words::figure(mean),
            words::figure(lower),
            words::figure(upper)
        ));
    }
    let n_wide = composite
        .places
        .iter()
        .filter(|place| place.limits.1 - place.limits.0 > real_half(composite.places.len()))
        .count();
    lines.push(format!(
        "{} of {} areas could stand anywhere in half of the list or more.",
        words::number_of(n_wide),
        words::number_of(composite.places.len())
    ));
    lines
}

#[allow(clippy::cast_precision_loss, reason = "a number of areas")]
fn real_half(n: usize) -> f64 {
    n as f64 / 2.0
}

fn areas(view: &View<'_>, composite: &Composite) -> Option<Table> {
    let mut places = composite.places.clone();
    places.sort_by(|a, b| a.rank.total_cmp(&b.rank).then(a.region.cmp(&b.region)));
    let more = match places.len().saturating_sub(ROWS) {
        0 => String::new(),
        n => format!(" (the first {ROWS}; {n} more are in tables/composites.csv)"),
    };
    let caption = format!("Areas by declared composite{more}");
    let mut table = Table::new(&caption, &["Area", "Rank", "5 to 95 % of its ranks", "Score"]);
    for place in places.iter().take(ROWS) {
        let region = view.frame.tree.get(place.region);
        table.push(vec![
            Cell::link(&region.name, &view.region_path(place.region)),
            Cell::number(Some(words::figure(place.rank))),
            Cell::number(Some(words::limits(place.limits))),
            Cell::number(Some(words::figure(place.score))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

fn sensitivity(view: &View<'_>, composite: &Composite) -> Option<Table> {
    let head = ["What varies", "Alone", "With all it interacts with"];
    let mut table = Table::new("What ranks hang on: share of the variance of ranks", &head);
    for (source, alone, total) in &composite.shares {
        table.push(vec![
            Cell::text(*source),
            Cell::number(Some(format!("{:.0} %", 100.0 * alone))),
            Cell::number(Some(format!("{:.0} %", 100.0 * total))),
        ]);
    }
    for ((key, _), shift) in composite.rule.components.iter().zip(&composite.without) {
        let Some(shift) = shift else { continue };
        let title = view.released.measure(*key).0.title_en();
        table.push(vec![
            Cell::text(format!("Without “{title}”, all else as declared")),
            Cell::note("areas move by"),
            Cell::number(Some(format!("{} ranks", words::figure(*shift)))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}
