//! Region pages: one page an area, readable without statistics and printable on two sheets.

use minijinja::{Value, context};
use rayon::prelude::*;

use super::{
    Report, Sink,
    charts::trend,
    maps::{hotbeds, locator},
    overview,
    page::{self, Cell, MapFigure, Table},
    sentences,
    view::View,
    words,
};
use crate::{
    diagnostics::Problem,
    model::{CapacityState, Evidence, Status},
};

pub(super) static ENTRY: Report = Report { id: "regions", title: "A page per area", render };

/// Pages filled at a time: enough for every core, few enough to stay small in memory.
const BATCH: usize = 256;
/// Trend charts of a page.
const MOST_TRENDS: usize = 4;

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let regions: Vec<usize> = (1..view.frame.tree.len()).collect();
    for batch in regions.chunks(BATCH) {
        let pages: Vec<Result<Vec<u8>, Problem>> =
            batch.par_iter().map(|&region| page_of(view, region)).collect();
        for (&region, page) in batch.iter().zip(pages) {
            sink(&view.region_path(region), page?.into())?;
        }
    }
    Ok(())
}

fn page_of(view: &View<'_>, region: usize) -> Result<Vec<u8>, Problem> {
    const FRONT: &str = "../";
    let tree = &view.frame.tree;
    let own = tree.get(region);
    let mut around = Vec::new();
    let mut at = own.parent;
    while let Some(parent) = at {
        around
            .push((tree.get(parent).name.clone(), format!("{FRONT}{}", view.region_path(parent))));
        at = tree.get(parent).parent;
    }
    around.reverse();
    let inside: Vec<(String, String)> = tree
        .children(region)
        .iter()
        .map(|&child| (tree.get(child).name.clone(), format!("{FRONT}{}", view.region_path(child))))
        .collect();
    let surfaces = view.headline_surfaces();
    let map = surfaces
        .first()
        .filter(|_| !tree.children(region).is_empty())
        .and_then(|found| hotbeds::inside(view, found, region))
        .and_then(|plan| MapFigure::cropped(view, &plan, FRONT));
    let content = context! {
        title => own.name.as_str(),
        level => tree.levels[own.level].as_str(),
        code => own.id.as_str(),
        around,
        inside,
        sentences => sentences::region(view, region),
        locator => locator::svg(view, region).map(Value::from_safe_string),
        map,
        clusters => overview::clusters(view, region, FRONT),
        has_parent => own.parent.is_some_and(|parent| parent != 0),
        parent => own.parent.map(|parent| tree.get(parent).name.as_str()),
        trends => trends(view, region),
        changes => [sentences::changes(view, region), sentences::trends(view, region)].concat(),
        tests => tests(view, region),
        checks => checks(view, region),
        capacity => capacity(view, region),
        steps => steps(view, region),
    };
    page::page(view, "region.html", 1, content)
}

/// Trends of counts first, which are an area's own; rates of small areas say little by the year.
fn trends(view: &View<'_>, region: usize) -> Vec<Value> {
    let indicators = 0..view.frame.indicators.len();
    indicators
        .filter_map(|indicator| view.counted(indicator))
        .filter_map(|measured| trend::chart(view, &measured, region))
        .take(MOST_TRENDS)
        .map(|chart| page::chart(chart, None))
        .collect()
}

/// What the tests say of the region on each primary surface of its level.
fn tests(view: &View<'_>, region: usize) -> Option<Table> {
    let head = [
        "Tested",
        "Period",
        "Recorded",
        "Expected",
        "Times the country’s rate",
        "95 % interval",
        "What the tests say",
    ];
    let mut table =
        Table::new("Recorded against what the rest of the country would make likely", &head);
    for found in view.headline_surfaces() {
        let Some(finding) = sentences::finding(view, found, region) else { continue };
        if finding.evidence == Evidence::Withheld {
            continue;
        }
        let (indicator, _) = view.released.measure(found.surface.measure);
        table.push(vec![
            Cell::text(indicator.title_en()),
            Cell::text(view.period(found.surface.period)),
            Cell::number(finding.observed.map(words::count)),
            Cell::number(finding.expected.map(words::figure)),
            Cell::number(finding.own.map(|own| words::figure(own.relative_risk))),
            Cell::number(finding.own.map(|own| words::limits(own.relative_risk95))),
            Cell::text(words::capitalised(words::evidence_meaning(finding.evidence))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

/// How each check of a class ended, where the region is at least probable.
fn checks(view: &View<'_>, region: usize) -> Vec<Table> {
    let mut tables = Vec::new();
    for found in view.headline_surfaces() {
        let robustness =
            sentences::finding(view, found, region).and_then(|finding| finding.robustness.as_ref());
        let Some(robustness) = robustness else { continue };
        let (indicator, _) = view.released.measure(found.surface.measure);
        let caption = format!(
            "{}, {}: does it hold on other data and under other choices?",
            indicator.title_en(),
            view.period(found.surface.period)
        );
        let mut table = Table::new(&caption, &["Check", "Outcome"]);
        let first = ("replicated in the earlier window", robustness.replicated);
        for (name, outcome) in std::iter::once(first).chain(robustness.checks.iter().copied()) {
            table.push(vec![
                Cell::text(words::capitalised(name)),
                Cell::text(words::capitalised(&outcome.words())),
            ]);
        }
        tables.push(table);
    }
    tables
}

fn capacity(view: &View<'_>, region: usize) -> Table {
    let head = ["Indicator", "Own figure", "Latest", "Grade"];
    let mut table = Table::new("What this area can supply of the core indicators", &head);
    for (indicator, found) in
        view.frame.indicators.iter().enumerate().filter(|(_, found)| found.core)
    {
        let row = view.capacity(region, indicator);
        let state = match row.map(|row| &row.state) {
            Some(CapacityState::Present) => "yes".to_owned(),
            Some(CapacityState::OnlyAbove(level)) => format!("only at {level} level"),
            Some(CapacityState::Missing(why)) => format!("no: {why}"),
            None => "not assessed".to_owned(),
        };
        let latest = row.and_then(|row| row.latest).map(|day| day.to_string());
        let grade = row.and_then(|row| row.grade).map(|grade| grade.to_string());
        table.push(vec![
            Cell::text(found.title_en()),
            Cell::text(state),
            Cell::note(latest.unwrap_or_default()),
            Cell::note(grade.unwrap_or_default()),
        ]);
    }
    table
}

/// What may be done next, by what the page shows; neutral, and the same for equal cases.
fn steps(view: &View<'_>, region: usize) -> Vec<String> {
    let mut steps = Vec::new();
    let evidence = view
        .headline_surfaces()
        .into_iter()
        .filter_map(|found| sentences::finding(view, found, region))
        .map(|finding| (finding.evidence, finding.p_zero))
        .collect::<Vec<_>>();
    if evidence.iter().any(|(_, p)| p.is_some_and(|p| p < 0.01)) {
        steps.push("Check recording first: ask who reports, since when, and whether reports reach the source.".to_owned());
    }
    if evidence.iter().any(|(class, _)| class.is_higher()) {
        steps.push("Compare with what police, schools, youth work, civil society and those affected see locally: records show where someone looked.".to_owned());
        steps.push("Look at the single events behind the count, with the centre, before drawing a conclusion: one incident can hold several.".to_owned());
    }
    let thin = view.fed_cells(region).any(|cell| {
        matches!(cell.status, Status::ZeroRecorded | Status::Suppressed)
            || cell.numerator.is_some_and(|n| n < 10)
    });
    if thin {
        steps.push(
            "Read several years together; a single year of a small area is mostly chance."
                .to_owned(),
        );
    }
    let (present, all) = super::maps::blind_spots::score(view, region);
    if present < all {
        steps.push(format!("Close a gap: {} of the {all} core indicators have no figure here; the list below says which.", all - present));
    }
    steps.push("Tell the centre what is wrong or missing on this page.".to_owned());
    steps
}
