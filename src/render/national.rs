//! The national page: what the assessment found, how sure that is, and what it cannot see.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use super::{
    Report, Sink,
    charts::{funnel, intervals, trend},
    composites,
    maps::{
        blind_spots, hotbeds,
        plan::{Links, Paths},
        values,
    },
    overview,
    page::{self, Cell, MapFigure, Table},
    planted, sentences,
    view::View,
    words,
};
use crate::{diagnostics::Problem, model::SurfaceFindings};

pub(super) static ENTRY: Report =
    Report { id: "national", title: "The page of the country", render };

/// Areas of a finding listed on the page.
const ROWS: usize = 15;
/// Charts of a kind on the page.
const CHARTS: usize = 3;

/// One finding: its map, its funnel and the areas that stand out.
#[derive(Debug, Clone)]
struct Finding {
    href: String,
    title: String,
    subtitle: String,
    sentences: Vec<String>,
    map: Option<MapFigure>,
    funnel: Option<Value>,
    higher: Option<Table>,
    groups: Option<Table>,
    not_checked: Vec<String>,
}

/// The areas directly below the country, each with those inside.
#[derive(Debug, Clone)]
struct Group {
    name: String,
    href: String,
    inside: Vec<(String, String)>,
}

page::template_values! {
    Finding { href, title, subtitle, sentences, map, funnel, higher, groups, not_checked }
    Group { name, href, inside }
}

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    // Links and tooltips on the first map; the others have theirs on their indicator's page, so that this one stays small.
    let findings: Vec<Finding> = view
        .headline_surfaces()
        .into_iter()
        .enumerate()
        .map(|(at, found)| {
            finding(view, found, if at == 0 { Links::From("") } else { Links::Bare })
        })
        .collect();
    let definitions = definitions(view);
    let fed: Vec<_> =
        (0..view.frame.indicators.len()).filter_map(|indicator| view.main(indicator)).collect();
    let trends: Vec<Value> = fed
        .iter()
        .filter_map(|measured| trend::chart(view, measured, 0))
        .take(CHARTS)
        .map(with_file)
        .collect();
    let comparisons: Vec<Value> = fed
        .iter()
        .filter_map(|measured| intervals::chart(view, measured, 1, ""))
        .take(CHARTS)
        .map(with_file)
        .collect();
    // Without a hotbed map that may be shown, the first map of values leads.
    let values = findings.iter().all(|finding| finding.map.is_none()).then(|| {
        fed.iter().find_map(|measured| {
            values::levels(view).filter_map(|level| values::plan(view, measured, level)).last()
        })
    });
    let content = context! {
        title => view.frame.title.as_str(),
        headlines => sentences::national(view),
        findings,
        definitions,
        values => values.flatten().map(|plan| MapFigure::whole(view, &plan, "")),
        clusters => overview::clusters(view, 0, ""),
        trends,
        comparisons,
        planted => planted::table(view),
        unseen => sentences::unseen(view, 0),
        blind => blind_spots::plan(view).map(|plan| plan.title),
        composites => composites::sections(view),
        groups => groups(view),
        indicators => indicators(view),
    };
    sink("index.html", page::page(view, "index.html", 0, content)?.into())
}

/// The outlines of every level that has a hotbed map, once for all of its maps.
fn definitions(view: &View<'_>) -> Value {
    let mut levels = BTreeSet::new();
    let definitions: String = view
        .headline_surfaces()
        .into_iter()
        .filter(|found| levels.insert(found.surface.level))
        .filter_map(|found| Some(hotbeds::plan(view, found)?.definitions(view)))
        .collect();
    Value::from_safe_string(definitions)
}

fn with_file(chart: super::charts::Chart) -> Value {
    let file = format!("charts/{}.svg", chart.name);
    page::chart(chart, Some(file))
}

fn finding(view: &View<'_>, found: &SurfaceFindings, links: Links<'_>) -> Finding {
    let map = hotbeds::plan(view, found);
    Finding {
        title: match map {
            Some(_) => hotbeds::headline(view, found, 0),
            None => view.released.measure(found.surface.measure).0.title_en().to_owned(),
        },
        subtitle: hotbeds::subtitle(view, found),
        sentences: sentences::surface(view, found),
        map: map.map(|plan| MapFigure::with(view, &plan, "", links, Paths::Defined)),
        href: view.indicator_path(found.surface.measure.indicator),
        funnel: funnel::chart(view, found, "").map(with_file),
        higher: higher(view, found),
        groups: grouped(view, found),
        not_checked: found.test.not_checked.clone(),
    }
}

/// Areas that stand out, surest first, then by relative risk.
fn higher(view: &View<'_>, found: &SurfaceFindings) -> Option<Table> {
    let mut rows: Vec<_> =
        found.regions.iter().filter(|finding| finding.evidence.is_higher()).collect();
    rows.sort_by(|a, b| {
        let risk = |row: &crate::model::RegionFinding| row.own.map_or(0.0, |own| own.relative_risk);
        a.evidence.cmp(&b.evidence).then(risk(b).total_cmp(&risk(a))).then(a.region.cmp(&b.region))
    });
    let unit = words::capitalised(&hotbeds::noun(view, found));
    let more = match rows.len().saturating_sub(ROWS) {
        0 => String::new(),
        n_more => format!(" (the first {ROWS}; {n_more} more are in tables/findings.csv)"),
    };
    let period = view.period(found.surface.period);
    let caption = format!("Areas with more recorded than chance explains, {period}{more}");
    let head = [
        "Area",
        "Evidence",
        &unit,
        "Expected",
        "Times the country’s rate (smoothed)",
        "95 % interval",
    ];
    let mut table = Table::new(&caption, &head);
    for row in rows.into_iter().take(ROWS) {
        let region = view.frame.tree.get(row.region);
        table.push(vec![
            Cell::link(&region.name, &view.region_path(row.region)),
            Cell::text(words::evidence(row.evidence)),
            Cell::number(row.observed.map(words::count)),
            Cell::number(row.expected.map(words::figure)),
            Cell::number(row.own.map(|own| words::figure(own.relative_risk))),
            Cell::number(row.own.map(|own| words::limits(own.relative_risk95))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

/// Groups of neighbouring areas, by falling likelihood ratio.
fn grouped(view: &View<'_>, found: &SurfaceFindings) -> Option<Table> {
    let unit = words::capitalised(&hotbeds::noun(view, found));
    let period = view.period(found.surface.period);
    let caption = format!("Groups of neighbouring areas with more than chance explains, {period}");
    let head =
        ["Around", "Areas", &unit, "Expected", "Rate inside over outside", "Radius, km", "p"];
    let mut table = Table::new(&caption, &head);
    for group in &found.groups {
        let centre = view.frame.tree.get(group.centre);
        table.push(vec![
            Cell::link(&centre.name, &view.region_path(group.centre)),
            Cell::number(Some(words::count(group.regions.len() as u64))),
            Cell::number(Some(words::count(group.cases))),
            Cell::number(Some(words::figure(group.expected))),
            Cell::number(group.relative_risk.map(words::figure)),
            Cell::number(Some(words::figure(group.radius_km))),
            Cell::number(Some(words::p_value(group.p))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

fn groups(view: &View<'_>) -> Vec<Group> {
    let tree = &view.frame.tree;
    let mut groups: Vec<Group> = tree
        .children(0)
        .iter()
        .map(|&region| {
            let mut inside = Vec::new();
            collect(view, region, &mut inside);
            Group { name: tree.get(region).name.clone(), href: view.region_path(region), inside }
        })
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn collect(view: &View<'_>, region: usize, into: &mut Vec<(String, String)>) {
    for &child in view.frame.tree.children(region) {
        into.push((view.frame.tree.get(child).name.clone(), view.region_path(child)));
        collect(view, child, into);
    }
}

/// Supplementary indicators with a source, which the overview of the twelve leaves out.
fn indicators(view: &View<'_>) -> Vec<(String, String)> {
    view.frame
        .indicators
        .iter()
        .enumerate()
        .filter(|(at, indicator)| !indicator.core && view.main(*at).is_some())
        .map(|(at, indicator)| (indicator.title_en().to_owned(), view.indicator_path(at)))
        .collect()
}
