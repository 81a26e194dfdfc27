//! `index.html`: the finding, the map with a table beside it, what is small, what could not be told, and every region.

use minijinja::{Value, context};

use super::{
    Method, ScanModel, ScanReport,
    groups::Groups,
    numbers::Row,
    sentences::{Findings, SMALL},
    surroundings::Local,
};
use crate::{
    analyse::{
        scene::{GROUPS, Scene},
        sheet::{self, number, probability, soft, table, text},
    },
    diagnostics::Problem,
    model::Evidence,
    render::{
        charts::canvas::tick,
        words::{self, count, figure, limits},
    },
    statistics::{interval::CountLimits, spatial::Coding},
};

/// Groups that are listed though chance explains them, to show how far from it they are.
const MOST_LIKELY: usize = 3;

/// Regions the table beside the map holds at most.
const BESIDE: usize = 12;

/// The whole page.
pub(super) fn html(findings: &Findings<'_>) -> Result<Vec<u8>, Problem> {
    let scene = scene(findings);
    let surest = surest(findings);
    let content = context! {
        title => findings.headline(),
        subtitle => findings.subtitle(),
        in_short => findings.in_short(),
        svg => scene.inline().map(Value::from_safe_string),
        map => context! { legend => scene.classes(), has_small => false },
        groups_label => (!scene.groups.is_empty()).then_some(GROUPS),
        beside => beside(findings, &surest),
        n_more => surest.len().saturating_sub(BESIDE),
        limits => findings.limits(),
        not_checked => findings.not_checked(),
        groups => findings.analysis.groups.as_ref().map(|found| groups(findings, found)),
        also => also(findings),
        all => all(findings),
        methods => methods(findings),
        notes => findings.input.notes.iter().chain(&findings.analysis.notes).cloned().collect::<Vec<_>>(),
        foot => scene.foot,
        has_counts => findings.has_counts(),
    };
    sheet::fill("analyse.html", content)
}

/// What was asked for beside the tests, a sentence each.
fn also(findings: &Findings<'_>) -> Vec<String> {
    let mut lines = findings.analysis.beside.lines();
    let sources = findings.analysis.sources.as_ref();
    lines.extend(sources.into_iter().flat_map(|sources| sources.sentences(findings.input)));
    lines
}

/// The map: regions by class, kept groups outlined.
pub(super) fn scene<'a>(findings: &Findings<'a>) -> Scene<'a> {
    let Findings { input, analysis, options } = *findings;
    let clusters = analysis.groups.iter().flat_map(|groups| {
        let kept = groups.clusters.iter().zip(1..);
        kept.filter(|(cluster, _)| groups.is_kept(cluster))
    });
    Scene {
        input,
        areas: (0..input.regions.len())
            .map(|at| (findings.class_of(at).0, findings.note(at)))
            .collect(),
        groups: clusters.map(|(cluster, rank)| (rank, cluster.regions.as_slice())).collect(),
        title: findings.headline(),
        subtitle: findings.subtitle(),
        legend: findings.legend(),
        foot: format!(
            "From {}. Level {} in each tail, corrected after {}; seed {}.",
            options.map.name(),
            options.alpha / 2.0,
            options.correction.name(),
            options.seed
        ),
    }
}

/// Regions that stand out, surest first.
fn surest(findings: &Findings<'_>) -> Vec<usize> {
    let rows = &findings.analysis.rows;
    let higher = |row: &Row| row.evidence.is_some_and(Evidence::is_higher);
    let kept = |row: &Row| row.local.is_some_and(|local| local.is_kept());
    let mut found: Vec<usize> = (0..rows.len())
        .filter(|&at| if findings.has_classes() { higher(&rows[at]) } else { kept(&rows[at]) })
        .collect();
    let strength = |at: usize| match (&rows[at].own, &rows[at].local) {
        (Some(own), _) => 1.0 - own.test.p_above,
        (None, Some(local)) => local.p,
        _ => 1.0,
    };
    found.sort_by(|&a, &b| {
        rows[a].evidence.cmp(&rows[b].evidence).then(strength(a).total_cmp(&strength(b)))
    });
    found
}

fn beside(findings: &Findings<'_>, surest: &[usize]) -> Option<Value> {
    if surest.is_empty() {
        return None;
    }
    let shown = surest.iter().take(BESIDE);
    let name = |at: usize| findings.input.regions[at].name.clone();
    if findings.has_classes() {
        let rows = shown.map(|&at| {
            let (region, row) = (&findings.input.regions[at], &findings.analysis.rows[at]);
            let own = row.own.as_ref();
            vec![
                text(name(at)),
                number(region.events.map(count)),
                number(row.rate.map(|rate| figure(rate.expected))),
                number(own.map(|own| figure(own.test.relative_risk))),
                soft(format!("{}: {}", findings.class_of(at).1, findings.reasons(at))),
            ]
        });
        let heads = ["Region", "#Events", "#Expected", "#Relative risk", "Class, and why"];
        return Some(table("Regions that stand out, surest first", &heads, rows.collect()));
    }
    let rows = shown.map(|&at| {
        let row = &findings.analysis.rows[at];
        vec![
            text(name(at)),
            number(findings.value_of(at).map(figure)),
            soft(findings.class_of(at).1),
            number(row.local.map(|local| probability(local.q))),
        ]
    });
    let heads = ["Region", &format!("#{}", findings.variable()), "Class", "#q"];
    Some(table("Regions that stand out, surest first", &heads, rows.collect()))
}

fn groups(findings: &Findings<'_>, found: &Groups) -> Value {
    let n_kept = found.clusters.iter().filter(|cluster| found.is_kept(cluster)).count();
    let listed = found.clusters.iter().zip(1..).take(n_kept.max(MOST_LIKELY));
    let rows = listed.map(|(cluster, rank): (_, u32)| {
        let names: Vec<&str> = cluster
            .regions
            .iter()
            .take(BESIDE)
            .map(|&at| findings.input.regions[at].name.as_str())
            .collect();
        let more = cluster.regions.len().saturating_sub(names.len());
        let more =
            if more > 0 { format!(" and {} more", words::number_of(more)) } else { String::new() };
        vec![
            text(rank.to_string()),
            number(Some(count(cluster.cases))),
            number(Some(figure(cluster.expected))),
            number(cluster.relative_risk.map(figure)),
            number((cluster.radius > 0.0).then(|| figure(cluster.radius))),
            number(Some(probability(cluster.p))),
            text(if found.is_kept(cluster) { "kept" } else { "chance explains it" }),
            soft(format!("{}{more}", names.join(", "))),
        ]
    });
    let radius = match findings.input.unit() {
        "km" => "#Radius, km",
        _ => "#Radius, units of the coordinates",
    };
    let heads = [
        "Group",
        "#Events",
        "#Expected",
        "#Relative risk",
        radius,
        "#p",
        "Verdict",
        "Regions, from the middle",
    ];
    table("The most likely groups of neighbouring regions", &heads, rows.collect())
}

fn all(findings: &Findings<'_>) -> Value {
    let rows = (0..findings.input.regions.len()).map(|at| {
        let (region, row) = (&findings.input.regions[at], &findings.analysis.rows[at]);
        let mut cells = vec![text(region.name.clone())];
        if findings.has_counts() {
            let small = region.events.is_some_and(|events| events < SMALL);
            let interval = row.rate.map(|rate| limits(rate.limits95));
            cells.extend([
                number(region.events.map(count)),
                number(row.rate.map(|rate| figure(rate.value))),
                number(interval),
                number(row.rate.and_then(|rate| rate.smoothed).map(figure)),
                soft(if small { "small" } else { "" }),
            ]);
        }
        if findings.options.map.columns.value.is_some() {
            cells.push(number(region.value.map(figure)));
        }
        cells.push(text(row.local.as_ref().map_or("–", Local::moran_class)));
        cells.push(number(row.local.map(|local| probability(local.q))));
        let reason =
            if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
        cells.push(soft(format!("{}{reason}", findings.class_of(at).1)));
        cells
    });
    let value = format!("#{}", findings.variable());
    let mut heads = vec!["Region"];
    if findings.has_counts() {
        heads.extend(["#Events", "#Per 100,000", "#95 % limits", "#Smoothed", "Note"]);
    }
    if findings.options.map.columns.value.is_some() {
        heads.push(&value);
    }
    heads.extend(["Surroundings", "#Corrected p", "Class"]);
    table("Every region, in the order of the file", &heads, rows.collect())
}

/// How it was done, in the words of a methods section.
fn methods(findings: &Findings<'_>) -> Vec<String> {
    let analysis = findings.analysis;
    let report = &analysis.neighbours.report;
    let mut lines = vec![format!(
        "Neighbours: {}; {} links, {} to {} neighbours a region, {} connected, {} without any.{}",
        report.kind,
        words::number_of(report.n_links),
        report.min_degree,
        report.max_degree,
        words::plural(report.n_components, "part", "parts"),
        words::plural(report.islands.len(), "region", "regions"),
        match findings.options.coding {
            Coding::RowStandardised => "",
            Coding::AsGiven =>
                " In Moran’s I, Geary’s C and their local forms every link weighs 1.",
        }
    )];
    if let Some(counts) = &analysis.counts {
        lines.push(match counts.dispersion.law {
            Some(law) => format!(
                "Limits of rates: exact, negative binomial with variance {}, because counts scatter more than chance makes them.",
                words::variance_law(law)
            ),
            None => format!(
                "Limits of rates: Poisson, {}.",
                match findings.options.limits {
                    CountLimits::Exact => "exact (Garwood)",
                    CountLimits::Byar => "Byar’s approximation",
                    CountLimits::Phe => "exact (Garwood) below ten events, Byar’s approximation from there on",
                }
            ),
        });
        lines.push(
            "Smoothed rates: Marshall’s global empirical Bayes, towards the whole map.".to_owned(),
        );
    }
    if let Some(spent) = analysis.spent.filter(|_| findings.options.asks_for(Method::Local)) {
        let how = if analysis.is_sparse {
            "whole maps drawn from the model, because most regions expect less than one event"
        } else {
            "values of the other regions in random order"
        };
        lines.push(format!(
            "Surroundings: local Moran and Gi* of {}, one two-sided p for both from {} draws ({how}), corrected for {} \
             regions after {} at {}.",
            if findings.options.map.columns.value.is_some() { findings.variable() } else { "the empirical-Bayes index" },
            count(spent.n_draws),
            words::number_of(spent.n_tested),
            findings.options.correction.name(),
            findings.options.alpha
        ));
    }
    if let Some(groups) = &analysis.groups {
        lines.push(format!(
            "Groups: Kulldorff’s circular scan over {} circles of up to {} of the population, {} random maps {}; groups of up \
             to {} of the population are listed{}{}; a group is kept when p is at most {}.",
            words::number_of(groups.n_circles),
            format_args!("{} %", tick(100.0 * findings.options.scan.search)),
            words::number_of(groups.n_draws),
            match findings.options.scan.model {
                ScanModel::Dispersed => "that scatter as the counts do",
                ScanModel::Poisson => "of Poisson counts",
                ScanModel::Bernoulli => "of the same events among the same units (Bernoulli)",
            },
            format_args!("{} %", tick(100.0 * groups.report_share)),
            match findings.options.scan.report {
                ScanReport::Gini => ", the share that tells events from expectation best (Gini)",
                ScanReport::Share(_) => "",
            },
            if findings.options.scan.repeat {
                ", each tested on the map without those before it"
            } else {
                ""
            },
            groups.level
        ));
    }
    if findings.has_classes() {
        lines.push(
            "Probable: P(relative risk > 1.25) ≥ 0.95 and one test passed (own rate, surroundings, or group with \
             P(relative risk > 1) ≥ 0.8). Signal: P(relative risk > 1.25) ≥ 0.8, or one test."
                .to_owned(),
        );
    }
    lines
}
