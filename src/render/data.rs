//! The data page: where the numbers come from, how every row was accounted for, and what is missing.

use minijinja::context;

use super::{
    Report, Sink,
    maps::blind_spots,
    page::{self, Cell, MapFigure, Table},
    view::View,
    words,
};
use crate::{diagnostics::Problem, model::CapacityState};

pub(super) static ENTRY: Report = Report { id: "data", title: "The page of data", render };

/// Lines of a check shown on the page.
const LINES: usize = 20;

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let content = context! {
        title => "Data",
        sources => sources(view),
        reconciliation => view.released.reconciliation().map(|_| reconciliation(view)),
        rejected => rejected(view),
        checks => checks(view),
        weights => weights(view),
        capacity => capacity(view),
        recommendations => recommendations(view),
        blind => blind_spots::plan(view).map(|plan| MapFigure::whole(view, &plan, "")),
        breaks => view.frame.breaks.iter().map(|found| {
            format!("{}, from {}: {}.", found.source, found.at, found.reason)
        }).collect::<Vec<_>>(),
        parties => parties(view),
        warnings => view.frame.warnings.clone(),
        vintage => view.frame.tree.vintage.as_str(),
        population => view.frame.population.as_str(),
    };
    sink("data.html", page::page(view, "data.html", 0, content)?.into())
}

fn sources(view: &View<'_>) -> Table {
    let head = ["Source", "Table", "Covers", "Finest level", "Latest", "Grade"];
    let mut table = Table::new("Sources", &head);
    for source in &view.frame.sources {
        table.push(vec![
            Cell::text(source.id.as_str()),
            Cell::text(&source.table),
            Cell::text(&source.covers),
            Cell::text(source.grain.as_deref().unwrap_or("–")),
            Cell::text(source.latest.map_or_else(|| "–".to_owned(), |day| day.to_string())),
            Cell::text(
                source.grade.map_or_else(|| "not graded".to_owned(), |grade| grade.to_string()),
            ),
        ]);
    }
    table
}

fn reconciliation(view: &View<'_>) -> Table {
    let head = [
        "Source",
        "Read",
        "Used",
        "Rejected",
        "Duplicates dropped",
        "Adds up",
        "Filtered before",
        "Duplicates found",
        "Several kinds",
        "Merged areas",
    ];
    let mut table =
        Table::new("Every row accounted for: read = used + rejected + duplicates", &head);
    for source in &view.frame.sources {
        let rejected: u64 = source.rejected.values().sum();
        let adds_up = source.read == source.used + rejected + source.duplicates;
        let number = |n: u64| Cell::number(Some(words::count(n)));
        table.push(vec![
            Cell::text(source.id.as_str()),
            number(source.read),
            number(source.used),
            number(rejected),
            number(source.duplicates),
            Cell::text(if adds_up { "yes" } else { "no" }),
            number(source.filtered),
            number(source.duplicates_found),
            number(source.n_multi_kind),
            number(source.n_merged),
        ]);
    }
    table
}

fn rejected(view: &View<'_>) -> Option<Table> {
    let mut table = Table::new("Why rows were rejected", &["Source", "Reason", "Rows"]);
    for source in &view.frame.sources {
        for (reason, n) in &source.rejected {
            table.push(vec![
                Cell::text(source.id.as_str()),
                Cell::text(reason),
                Cell::number(Some(words::count(*n))),
            ]);
        }
    }
    (!table.is_empty()).then_some(table)
}

#[derive(Debug, Clone)]
struct Checked {
    what: String,
    n_compared: String,
    n_conflicts: String,
    lines: Vec<String>,
    n_more: usize,
}

page::template_values! {
    Checked { what, n_compared, n_conflicts, lines, n_more }
}

fn checks(view: &View<'_>) -> Vec<Checked> {
    let checks = view
        .frame
        .sources
        .iter()
        .flat_map(|source| source.checks.iter().map(move |check| (source.id.as_str(), check)));
    checks
        .map(|(source, check)| Checked {
            what: format!("{source}: {}", check.what),
            n_compared: words::count(check.n_compared),
            n_conflicts: words::count(check.n_conflicts),
            lines: check.lines.iter().take(LINES).cloned().collect(),
            n_more: check.lines.len().saturating_sub(LINES),
        })
        .collect()
}

fn weights(view: &View<'_>) -> Option<Table> {
    let head = [
        "Level",
        "Kind",
        "Areas",
        "Links",
        "Neighbours (least, mean, most)",
        "Connected parts",
        "Without a neighbour",
    ];
    let mut table = Table::new("Who neighbours whom", &head);
    for (&level, found) in &view.frame.weights {
        let first = view.frame.tree.level(level).start;
        let islands: Vec<String> = found
            .islands
            .iter()
            .map(|position| view.frame.tree.get(first + position).name.clone())
            .collect();
        table.push(vec![
            Cell::text(&view.frame.tree.levels[level]),
            Cell::text(&found.kind),
            Cell::number(Some(words::number_of(found.n_regions))),
            Cell::number(Some(words::number_of(found.n_links))),
            Cell::text(format!(
                "{}, {}, {}",
                found.min_degree,
                words::figure(found.mean_degree),
                found.max_degree
            )),
            Cell::number(Some(words::number_of(found.n_components))),
            Cell::text(if islands.is_empty() { "none".to_owned() } else { words::list(&islands) }),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

/// Regions of a level that can supply an indicator themselves.
fn able(view: &View<'_>, indicator: usize, level: usize) -> (usize, usize) {
    let regions = view.frame.tree.level(level);
    let n = regions.len();
    let able = regions
        .filter(|&region| {
            view.capacity(region, indicator).is_some_and(|row| row.state == CapacityState::Present)
        })
        .count();
    (able, n)
}

fn capacity(view: &View<'_>) -> Table {
    let levels = &view.frame.tree.levels;
    let heads: Vec<String> = levels.iter().map(|level| words::capitalised(level)).collect();
    let mut head = vec!["Core indicator"];
    head.extend(heads.iter().map(String::as_str));
    let mut table =
        Table::new("How many areas of each level can supply an indicator themselves", &head);
    for (indicator, found) in core(view) {
        let mut row = vec![Cell::link(found.title_en(), &view.indicator_path(indicator))];
        for level in 0..levels.len() {
            let (able, n) = able(view, indicator, level);
            row.push(Cell::number(Some(format!(
                "{} of {}",
                words::number_of(able),
                words::number_of(n)
            ))));
        }
        table.push(row);
    }
    table
}

fn core<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, &'v crate::model::Indicator)> {
    view.frame.indicators.iter().enumerate().filter(|(_, indicator)| indicator.core)
}

/// What to mend, worst gap first: no area, then only some.
fn recommendations(view: &View<'_>) -> Vec<String> {
    let deepest = view.frame.tree.deepest();
    let mut gaps: Vec<(usize, usize, String)> = core(view)
        .filter_map(|(indicator, found)| {
            let (able, n) = able(view, indicator, deepest);
            let country = able_country(view, indicator);
            let level = &view.frame.tree.levels[deepest];
            let title = found.title_en();
            let said = match (able, country) {
                _ if able == n => return None,
                (0, false) => format!("{title}: no source at all. Name one, even for the country only."),
                (0, true) => format!("{title}: known for the country, for no area of {level} level. Ask the source for its areas."),
                _ => format!("{title}: missing for {} of {level} level.", words::plural(n - able, "area", "areas")),
            };
            Some((able + usize::from(country), indicator, said))
        })
        .collect();
    gaps.sort();
    gaps.into_iter().map(|(_, _, said)| said).collect()
}

fn able_country(view: &View<'_>, indicator: usize) -> bool {
    view.capacity(0, indicator).is_some_and(|row| row.state == CapacityState::Present)
}

fn parties(view: &View<'_>) -> Option<Table> {
    let mut table =
        Table::new("Parties, and who lists them", &["Party", "Listed under", "Authority"]);
    for party in &view.frame.parties {
        let ideology = view
            .frame
            .ideologies
            .iter()
            .find(|(id, _)| *id == party.ideology)
            .map_or(party.ideology.as_str(), |(_, title)| title);
        table.push(vec![
            Cell::text(&party.name),
            Cell::text(ideology),
            Cell::text(&party.authority),
        ]);
    }
    (!table.is_empty()).then_some(table)
}
