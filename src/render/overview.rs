//! The overview: the core indicators of one region as rows, in their three clusters, with what is known about each.

use super::{
    page,
    view::{Measured, View},
    words,
};
use crate::model::{CapacityState, Cluster, Estimate, MeasureKind, Reliability, Status};

/// One cluster and its indicators.
#[derive(Debug, Clone)]
pub(super) struct ClusterRows {
    title: &'static str,
    about: &'static str,
    rows: Vec<Row>,
}

/// One indicator of a region.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    title: String,
    href: String,
    /// What was counted, with its period.
    recorded: String,
    /// The number that stands for the region, its interval and unit.
    value: String,
    interval: String,
    unit: String,
    /// Period of the number.
    period: String,
    /// What to know before leaning on it: whose number it is, small numbers, what is missing.
    note: String,
    /// The country's and the parent's number.
    country: String,
    parent: String,
    /// The same per ideology, where several are covered.
    ideologies: Vec<Part>,
    fed: bool,
}

/// One ideology of a row.
#[derive(Debug, Clone)]
struct Part {
    title: String,
    value: String,
}

page::template_values! {
    ClusterRows { title, about, rows }
    Row { title, href, recorded, value, interval, unit, period, note, country, parent, ideologies, fed }
    Part { title, value }
}

/// The clusters in their order.
pub(super) const CLUSTERS: [(Cluster, &str, &str); 3] = [
    (Cluster::Crime, "Extremist crime", "What police and justice record."),
    (
        Cluster::Events,
        "Events and activity",
        "What happens in public, as chronicles and monitors record it.",
    ),
    (
        Cluster::Support,
        "Support and attitudes",
        "Lawful in most of its forms; never added to crime or violence.",
    ),
];

/// Every core indicator of a region.
pub(super) fn clusters(view: &View<'_>, region: usize, front: &str) -> Vec<ClusterRows> {
    CLUSTERS
        .into_iter()
        .map(|(cluster, title, about)| ClusterRows {
            title,
            about,
            rows: view.core(cluster).into_iter().map(|at| row(view, region, at, front)).collect(),
        })
        .collect()
}

fn row(view: &View<'_>, region: usize, indicator: usize, front: &str) -> Row {
    let empty = Row {
        title: view.frame.indicators[indicator].title_en().to_owned(),
        href: format!("{front}{}", view.indicator_path(indicator)),
        ..Row::default()
    };
    let main = view.main(indicator);
    let shown = main.as_ref().and_then(|measured| view.shown(measured, region));
    let Some((measured, shown)) = main.zip(shown) else {
        return Row { note: missing(view, region, indicator), ..empty };
    };
    if measured.is_composition() {
        return parts_row(view, &measured, region, shown.period, empty);
    }
    let of = |region: usize| measured.cell(region, shown.period);
    let parent = view.frame.tree.get(region).parent.filter(|parent| *parent != 0);
    Row {
        recorded: recorded(view, &measured, region, shown.period),
        value: value(shown.cell),
        interval: shown.cell.interval95.map(words::limits).unwrap_or_default(),
        unit: measured.measure.unit_en().to_owned(),
        period: view.period(shown.period).to_owned(),
        note: note(view, region, &measured, &shown),
        country: of(0).map(value).unwrap_or_default(),
        parent: parent.and_then(of).map(value).unwrap_or_default(),
        ideologies: parts(view, &measured, region, shown.period),
        fed: of(region)
            .is_some_and(|cell| cell.status.has_value() || cell.status == Status::Suppressed),
        ..empty
    }
}

/// A composition: its largest part, since its total says nothing.
fn parts_row(
    view: &View<'_>,
    measured: &Measured<'_>,
    region: usize,
    period: usize,
    empty: Row,
) -> Row {
    let Some((part, cell)) = measured.largest_part(region, period) else {
        let status = measured.cell(region, period).map_or(Status::NoData, |cell| cell.status);
        let note = match status {
            Status::Suppressed => words::status(status),
            _ => "no part recorded",
        };
        return Row { note: words::capitalised(note), ..empty };
    };
    Row {
        recorded: cell.numerator.map(words::count).unwrap_or_default(),
        value: value(cell),
        interval: cell.interval95.map(words::limits).unwrap_or_default(),
        unit: measured.measure.unit_en().to_owned(),
        period: view.period(period).to_owned(),
        note: format!("Largest part: {part}"),
        fed: true,
        ..empty
    }
}

/// A value, or why there is none.
pub(super) fn value(cell: &Estimate) -> String {
    cell.value.map_or_else(|| words::status(cell.status).to_owned(), words::figure)
}

/// What was counted, in a few words: `1,234`, `12 of 345`, `0`.
fn recorded(view: &View<'_>, measured: &Measured<'_>, region: usize, period: usize) -> String {
    // A share's own counts say more than those of a count beside it.
    let counted = view
        .counted(
            view.frame.indicators.iter().position(|at| at.id == measured.indicator.id).unwrap_or(0),
        )
        .filter(|_| measured.measure.kind == MeasureKind::Rate);
    let cell = match counted.as_ref().unwrap_or(measured).cell(region, period) {
        Some(cell) if cell.numerator.is_some() && cell.status != Status::InheritedFromParent => {
            cell
        }
        _ => return String::new(),
    };
    let of = cell
        .denominator
        .filter(|_| measured.measure.kind != MeasureKind::Rate)
        .map(|whole| format!(" of {}", words::with_decimals(whole, 0)));
    cell.numerator.map(words::count).unwrap_or_default() + &of.unwrap_or_default()
}

fn note(
    view: &View<'_>,
    region: usize,
    measured: &Measured<'_>,
    shown: &super::view::Shown<'_>,
) -> String {
    let mut notes: Vec<String> = Vec::new();
    if shown.region != region {
        let name = &view.frame.tree.get(shown.region).name;
        notes.push(format!("too few here; the figure is {name}’s"));
    } else if view.latest(measured).is_some_and(|latest| latest != shown.period)
        && view.frame.calendar.is_window(shown.period)
    {
        notes.push("years pooled".to_owned());
    }
    if shown.cell.value.is_some() && shown.region == region {
        let reliability = words::reliability(shown.cell.reliability);
        if !reliability.is_empty() && shown.cell.reliability != Reliability::None {
            notes.push(reliability.to_owned());
        }
    }
    if shown.cell.provisional {
        notes.push("not complete".to_owned());
    }
    if shown.cell.method_break {
        notes.push("recording changed within".to_owned());
    }
    if shown.cell.estimated {
        notes.push("moved between boundaries by weights".to_owned());
    }
    if shown.cell.unknown.is_some_and(|unknown| unknown > 0) {
        let unknown = shown.cell.unknown.map(words::count).unwrap_or_default();
        notes.push(format!("{unknown} with unknown outcome left out"));
    }
    words::capitalised(&notes.join("; "))
}

/// Each covered ideology, where there is more than one slice to tell apart; those without a figure of their own for the
/// same reason stand together.
fn parts(view: &View<'_>, measured: &Measured<'_>, region: usize, period: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for slot in 1..=view.frame.ideologies.len() {
        let Some(cell) = measured.cell_of(slot, region, period) else { continue };
        if cell.status == Status::InheritedFromParent {
            continue;
        }
        let small = cell.reliability == Reliability::Small && region != 0;
        let has_figure = cell.status.has_value() && !(small && cell.status == Status::Estimated);
        let title = view.frame.ideology_title(slot);
        let value = if small && !has_figure { "small numbers".to_owned() } else { value(cell) };
        match parts.iter_mut().find(|part| !has_figure && part.value == value) {
            Some(alike) => alike.title = format!("{}, {title}", alike.title),
            None => parts.push(Part { title: title.to_owned(), value }),
        }
    }
    parts
}

fn missing(view: &View<'_>, region: usize, indicator: usize) -> String {
    match view.capacity(region, indicator).map(|row| &row.state) {
        Some(CapacityState::Missing(why)) if !why.is_empty() => words::capitalised(why),
        Some(CapacityState::OnlyAbove(level)) => format!("Only known at {level} level"),
        _ => "No source".to_owned(),
    }
}
