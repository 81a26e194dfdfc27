//! `standardised.csv`: one row an area, in the order of the file. `summary.json`: what it was based on.

use serde_json::{Value, json};

use super::{
    Standard,
    page::Findings,
    rates::{PER, Row},
};

/// The columns without limits, in order; each figure's limits follow it.
const LEADING: [&str; 3] = ["area", "events", "population"];

/// The names of the four limits of a figure.
fn four(name: &str) -> [String; 4] {
    ["lower95", "upper95", "lower998", "upper998"].map(|limit| format!("{name}_{limit}"))
}

/// The whole file. Numbers are written with every digit they have; empty where nothing can be said.
pub(super) fn csv(findings: &Findings<'_>) -> Vec<u8> {
    let mut head: Vec<String> = LEADING.map(str::to_owned).to_vec();
    for (figure, limits) in [
        (Some("crude_rate"), "crude"),
        (Some("standardised_rate"), "dobson"),
        (None, "fay_feuer"),
        (Some("expected"), ""),
        (Some("smr"), "smr_exact"),
        (None, "smr_byar"),
    ] {
        head.extend(figure.map(str::to_owned));
        if !limits.is_empty() {
            head.extend(four(limits));
        }
    }
    head.extend(["status".to_owned(), "reason".to_owned()]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).expect("invariant: writing to memory");
    for (area, row) in findings.input.areas.iter().zip(&findings.analysis.rows) {
        writer.write_record(cells(area, row)).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

fn cells(area: &str, row: &Row) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let limits = |found: Option<[(f64, f64); 2]>| {
        let of = |at: usize| found.map(|found| found[at]);
        [0, 1].map(|at| [number(of(at).map(|of| of.0)), number(of(at).map(|of| of.1))]).concat()
    };
    let mut cells = vec![
        area.to_owned(),
        row.events.map_or(String::new(), |events| events.to_string()),
        number(row.population),
        number(row.crude.map(|crude| crude.value)),
    ];
    cells.extend(limits(row.crude.map(|crude| crude.limits)));
    cells.push(number(row.direct.map(|direct| direct.dobson.value)));
    cells.extend(limits(row.direct.map(|direct| direct.dobson.limits)));
    cells.extend(limits(row.direct.map(|direct| direct.fay_feuer)));
    cells.push(number(row.ratio.map(|ratio| ratio.expected)));
    cells.push(number(row.ratio.map(|ratio| ratio.exact.value)));
    cells.extend(limits(row.ratio.map(|ratio| ratio.exact.limits)));
    cells.extend(limits(row.ratio.map(|ratio| ratio.byar)));
    cells.extend([row.status.as_str().to_owned(), row.reason.clone()]);
    cells
}

/// The summary.
pub(super) fn json(findings: &Findings<'_>) -> String {
    let Findings { input, standard, analysis, options } = *findings;
    let strata = input.strata.iter().zip(standard.persons.iter().zip(&analysis.pooled));
    let strata: Vec<Value> = strata
        .map(|(stratum, (persons, rate))| {
            json!({ "band": stratum.band, "sex": stratum.sex, "standard": persons, "rate_of_all": rate * PER })
        })
        .collect();
    let summary = json!({
        "headline": findings.headline(),
        "file": input.file,
        "format": input.format,
        "sha256": input.sha256,
        "columns": {
            "area": options.area, "band": options.band, "sex": options.sex,
            "events": options.events, "population": options.population,
        },
        "standard": {
            "name": match &options.standard {
                Standard::Pooled => "pooled".to_owned(),
                Standard::Esp2013 => "esp2013".to_owned(),
                Standard::File(path) => path.display().to_string(),
            },
            "what": standard.words,
            "sha256": standard.sha256,
        },
        "limits_of_counts": options.limits.name(),
        "rates_per": PER,
        "areas": input.areas.len(),
        "strata": strata,
        "events": analysis.all.events,
        "population": analysis.all.population,
        "crude_rate": analysis.all.crude.map(|crude| crude.value),
        "standardised_rate": analysis.all.direct.map(|direct| direct.dobson.value),
        "statuses": findings.statuses().into_iter().map(|(status, n)| (status.as_str().to_owned(), Value::from(n))).collect::<Value>(),
        "above_all": findings.beyond(true),
        "below_all": findings.beyond(false),
        "not_checked": findings.not_checked(),
        "methods": findings.methods(),
        "notes": findings.notes(),
    });
    serde_json::to_string_pretty(&summary).expect("invariant: plain values") + "\n"
}
