//! `summary.json`: what holds for the map as a whole, with everything a test was based on.

use serde_json::{Value, json};

use super::{
    Options, ScanModel, ScanReport,
    beside::{Concentration, TOP},
    input::Input,
    joins::Joins,
    numbers::{Analysis, Status, overall},
    sentences::Findings,
    sources::Sources,
    surroundings::Global,
};
use crate::{
    analyse::IslandPolicy,
    statistics::{concentration::proportional::Comparison, multiple::Correction},
};

/// The whole file.
pub(super) fn json(findings: &Findings<'_>) -> String {
    let Findings { input, analysis, options } = *findings;
    let counts = analysis.counts.as_ref();
    let columns = &options.map.columns;
    let raw = columns.value.clone().unwrap_or_else(|| "raw rate".to_owned());
    let index = || "empirical-Bayes index".to_owned();
    let draws = analysis.global_draws();
    let of_index = analysis.index.as_ref();
    let summary = json!({
        "headline": findings.headline(),
        "file": input.file,
        "format": input.format,
        "sha256": input.sha256,
        "columns": {
            "events": columns.events, "population": columns.population, "value": columns.value,
            "id": columns.id, "name": columns.name, "lon": columns.lon, "lat": columns.lat,
        },
        "coordinates": { "outlines": input.surface, "places": input.places, "distances_in": input.unit() },
        "alpha": options.alpha,
        "level_of_each_tail": options.alpha / 2.0,
        "seed": options.seed,
        "draws": analysis.spent.map(|spent| spent.n_draws),
        "draws_needed": analysis.spent.map(|spent| spent.reach),
        "n_regions": input.regions.len(),
        "n_tested": analysis.spent.map_or(0, |spent| spent.n_tested),
        "statuses": statuses(analysis),
        "not_tested": not_tested(input, analysis),
        "events": counts.map(|counts| counts.total),
        "population": counts.map(|counts| counts.persons),
        "rate": counts.map(overall),
        "dispersion": counts.map(|counts| json!({
            "law": counts.dispersion.law, "phi": counts.dispersion.phi, "p": counts.dispersion.p,
            "limits": if counts.dispersion.law.is_some() { "negative binomial" } else { options.limits.name() },
        })),
        "moran": global(analysis.raw.moran, "i", &raw, draws),
        "geary": global(analysis.raw.geary, "c", &raw, draws),
        "eb_moran": global(of_index.and_then(|found| found.moran), "i", &index(), draws),
        "eb_geary": global(of_index.and_then(|found| found.geary), "c", &index(), draws),
        "getis_ord": global(analysis.beside.getis_ord, "g", &raw, draws),
        "join_counts": analysis.beside.joins.as_ref().map(|joins| join_counts(joins, draws)),
        "local": local(analysis, &of_index.map_or(raw, |_| index()), options.correction),
        "weights": weights(findings),
        "scan": scan(input, analysis),
        "scan_test": scan_test(input, analysis, options),
        "smoothing": analysis.beside.leroux.map(|(mixing, spread)| json!({
            "leroux_mixing": mixing, "leroux_spread": spread,
        })),
        "concentration": analysis.beside.concentration.as_ref().map(concentration),
        "second_source": analysis.sources.as_ref().map(second_source),
        "evidence": evidence(analysis),
        "standing_out": standing_out(input, analysis),
        "not_checked": findings.not_checked(),
        "notes": input.notes.iter().chain(&analysis.notes).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&summary).expect("invariant: plain values");
    text + "\n"
}

fn statuses(analysis: &Analysis) -> Value {
    let n = analysis.statuses();
    n.iter().map(|(status, n)| (status.as_str().to_owned(), Value::from(*n))).collect()
}

fn not_tested(input: &Input, analysis: &Analysis) -> Value {
    let rows = input.regions.iter().zip(&analysis.rows);
    rows.filter(|(_, row)| row.status != Status::Tested)
        .map(|(region, row)| {
            json!({
                "region": region.id, "row": region.row, "status": row.status.as_str(), "reason": row.reason,
            })
        })
        .collect()
}

fn global(found: Option<Global>, letter: &str, variable: &str, draws: u64) -> Value {
    let Some(found) = found else { return Value::Null };
    json!({
        letter: found.value, "variable": variable, "expectation": found.expectation, "variance": found.variance,
        "z": found.z, "p": found.p, "draws": found.p.map(|_| draws),
    })
}

fn local(analysis: &Analysis, variable: &str, correction: Correction) -> Value {
    let all = || analysis.rows.iter().filter_map(|row| row.local.as_ref());
    let n =
        |keep: &dyn Fn(&super::surroundings::Local) -> bool| all().filter(|at| keep(at)).count();
    json!({
        "variable": variable,
        "reference": if analysis.is_sparse { "monte carlo" } else { "permutation" },
        "alternative": "two-sided",
        "correction": correction.name(),
        "tested": all().count(),
        "kept": n(&|at| at.is_kept()),
        "borderline": n(&|at| at.borderline),
        "stopped_early": n(&|at| at.dropped),
        "most_draws": all().map(|at| at.n_draws).max(),
    })
}

fn join_counts(joins: &Joins, draws: u64) -> Value {
    let variable = &joins.property;
    json!({
        "property": variable, "regions": joins.n, "regions_with": joins.n_with, "alternative": "greater",
        "with": global(joins.with, "joins", variable, draws),
        "mixed": global(joins.mixed, "joins", variable, draws),
    })
}

fn weights(findings: &Findings<'_>) -> Value {
    let Findings { input, analysis, options } = *findings;
    let report = &analysis.neighbours.report;
    let id = |at: usize| input.regions[at].id.as_str();
    let added = analysis.neighbours.added.iter();
    json!({
        "kind": report.kind,
        "n": report.n_regions,
        "links": report.n_links,
        "min_degree": report.min_degree,
        "mean_degree": report.mean_degree,
        "max_degree": report.max_degree,
        "components": report.n_components,
        "islands": report.islands.iter().map(|&at| id(at)).collect::<Vec<_>>(),
        "policy": options.linking.islands.map(|policy| match policy {
            IslandPolicy::Exclude => "exclude",
            IslandPolicy::Nearest => "nearest",
        }),
        "added": added.map(|&(a, b)| [id(a as usize), id(b as usize)]).collect::<Vec<_>>(),
        "snap": options.linking.snap,
        "coding": options.coding.name(),
        "links_to_regions_without_data": analysis.n_dropped_links,
    })
}

fn concentration(found: &Concentration) -> Value {
    let index = |index: Comparison| json!({ "value": index.observed, "in_proportion_to_population": index.expected, "p": index.p });
    json!({
        "regions": found.n_regions,
        "regions_with_events": found.n_reached,
        "regions_with_half_of_all": found.half,
        "gini": index(found.gini),
        "herfindahl": index(found.herfindahl),
        "theil": index(found.theil),
        "share_of_top": index(found.top),
        "top": TOP,
        "maps": found.n_maps,
    })
}

fn second_source(found: &Sources) -> Value {
    let covered = found.regions.iter().flatten();
    json!({
        "regions": covered.clone().count(),
        "events_of_first": found.totals.0, "events_of_second": found.totals.1,
        "rank_correlation": found.agreement.map(|found| json!({
            "rho": found.rho, "limits95": found.limits, "p": found.p, "n": found.n,
        })),
        "limits_apart": covered.filter(|found| found.is_apart).count(),
        "linked": found.unseen.map(|found| json!({
            "known": found.known, "all": found.all, "limits95": found.limits, "at_least": found.at_least,
        })),
    })
}

fn scan(input: &Input, analysis: &Analysis) -> Value {
    let Some(groups) = &analysis.groups else { return json!([]) };
    let clusters = groups.clusters.iter().zip(1..);
    clusters
        .map(|(cluster, rank): (_, u32)| {
            let regions: Vec<&str> =
                cluster.regions.iter().map(|&at| input.regions[at].id.as_str()).collect();
            json!({
                "rank": rank, "llr": cluster.llr, "p": cluster.p, "gumbel_p": cluster.gumbel_p,
                "kept": groups.is_kept(cluster), "regions": regions,
                "centre": input.regions[cluster.centre].id, "cases": cluster.cases,
                "expected": cluster.expected, "relative_risk": cluster.relative_risk,
                "radius_km": cluster.radius, "radius_unit": input.unit(),
                "population_share": cluster.population_share,
            })
        })
        .collect()
}

fn scan_test(input: &Input, analysis: &Analysis, options: &Options) -> Value {
    let Some(groups) = &analysis.groups else { return Value::Null };
    let law = analysis.counts.as_ref().and_then(|counts| counts.dispersion.law);
    json!({
        "p": groups.p, "llr": groups.llr, "level": groups.level, "circles": groups.n_circles,
        "draws": groups.n_draws, "searched_share": options.scan.search, "report_share": groups.report_share,
        "fewest_cases": 2, "null": match options.scan.model {
            ScanModel::Bernoulli => "bernoulli",
            ScanModel::Dispersed if law.is_some() => "negative binomial",
            ScanModel::Dispersed | ScanModel::Poisson => "poisson",
        },
        "report": match options.scan.report { ScanReport::Gini => "gini", ScanReport::Share(_) => "share" },
        "one_after_the_other": options.scan.repeat,
        "distances_in": input.unit(),
    })
}

fn evidence(analysis: &Analysis) -> Value {
    let classes = super::sentences::CLASSES.iter();
    classes
        .map(|&evidence| (evidence.as_str().to_owned(), Value::from(analysis.n_of(evidence))))
        .collect()
}

fn standing_out(input: &Input, analysis: &Analysis) -> Value {
    let rows = input.regions.iter().zip(&analysis.rows);
    rows.filter(|(_, row)| row.evidence.is_some_and(crate::model::Evidence::is_higher))
        .map(|(region, row)| {
            let own = row.own.as_ref();
            json!({
                "region": region.id, "name": region.name, "evidence": row.evidence.map(crate::model::Evidence::as_str),
                "events": region.events, "expected": row.rate.map(|rate| rate.expected),
                "relative_risk": own.map(|own| own.test.relative_risk),
                "relative_risk95": own.map(|own| own.test.relative_risk95),
                "p_relative_risk_above_1_25": own.map(|own| own.test.p_above),
                "own_rate_p": own.map(|own| own.test.p), "own_rate_q": own.map(|own| own.test.q),
                "surroundings_q": row.local.map(|local| local.q), "scan_cluster": row.cluster,
            })
        })
        .collect()
}
