//! `estimates.csv`: one row a quantity and part of the population. `summary.json`: the same, and what it was based on.

use serde_json::{Value, json};

use super::{Calibrate, Replication, numbers::Row, sentences::Findings};
use crate::model::Verdict;

/// The columns, in order.
const COLUMNS: [&str; 16] = [
    "quantity",
    "domain",
    "n",
    "n_used",
    "missing",
    "estimate",
    "se",
    "lower95",
    "upper95",
    "df",
    "deff",
    "n_eff",
    "presentation",
    "method",
    "status",
    "reason",
];

/// The table. Numbers are written with every digit they have; what is not shown is empty.
pub(super) fn csv(findings: &Findings<'_>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("invariant: writing to memory");
    for row in findings.rows {
        let found = row.figure;
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let cells = [
            findings.options.quantities[row.quantity].name(),
            findings.domain(row).to_owned(),
            row.n.to_string(),
            row.n_used.to_string(),
            (row.n - row.n_used).to_string(),
            number(found.map(|found| found.value)),
            number(found.and_then(|found| found.se)),
            number(found.and_then(|found| found.lower)),
            number(found.and_then(|found| found.upper)),
            row.df.map_or(String::new(), |df| df.to_string()),
            number(found.and_then(|found| found.deff)),
            number(found.and_then(|found| found.n_eff)),
            row.presentation.map_or("", Verdict::as_str).to_owned(),
            row.method.clone(),
            row.status.as_str().to_owned(),
            row.reason.clone(),
        ];
        writer.write_record(cells).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

/// The summary.
pub(super) fn json(findings: &Findings<'_>) -> String {
    let Findings { input, drawn, rows, options } = *findings;
    let drawing = &options.drawing;
    let weights = drawn.design.weights();
    let smallest = weights.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let stages: Vec<Value> = (0..drawing.n_stages())
        .map(|at| {
            let [stratum, psu, fpc] = drawing.stage(at);
            json!({ "stratum": stratum, "psu": psu, "fpc": fpc })
        })
        .collect();
    let lonely = crate::model::LonelyPsu::ALL.iter().find(|(_, one)| *one == drawing.lonely);
    let calibration = options.margins.as_ref().zip(input.margins.as_ref()).map(|(margins, (known, _))| {
        json!({
            "file": known.file,
            "sha256": known.sha256,
            "method": match margins.how { Calibrate::Linear => "linear", Calibrate::Raking => "raking" },
            "variables": known.variables().collect::<Vec<_>>(),
            "weights_multiplied_by": drawn.moved.map(|(lowest, highest)| [lowest, highest]),
        })
    });
    let summary = json!({
        "headline": findings.headline(),
        "file": input.file,
        "format": input.format,
        "sha256": input.sha256,
        "respondents": input.n(),
        "by": options.by,
        "missing": options.missing,
        "design": {
            "weight": drawing.weight,
            "stages": stages,
            "lonely_psu": lonely.map(|(name, _)| *name),
            "sampling_units": drawn.design.n_psu(),
            "strata": drawn.design.n_strata(),
            "weights": { "sum": weights.iter().sum::<f64>(), "smallest": smallest, "largest": largest },
        },
        "replicates": options.replication.as_ref().map(|replication| {
            let (kind, is_published) = match replication {
                Replication::Made(kind) => (kind, false),
                Replication::Published(published) => (&published.kind, true),
            };
            let n = drawn.replicates.as_ref().map(crate::statistics::survey::replicates::Replicates::count);
            json!({ "kind": kind.name(), "published": is_published, "n": n, "columns": input.replicates.0 })
        }),
        "calibration": calibration,
        "seed": options.seed,
        "estimates": rows.iter().map(|row| estimate(findings, row)).collect::<Vec<_>>(),
        "not_checked": findings.not_checked(),
        "methods": findings.methods(),
        "notes": findings.notes(),
    });
    serde_json::to_string_pretty(&summary).expect("invariant: plain values") + "\n"
}

fn estimate(findings: &Findings<'_>, row: &Row) -> Value {
    let found = row.figure;
    json!({
        "quantity": findings.options.quantities[row.quantity].name(),
        "domain": findings.domain(row),
        "n": row.n,
        "n_used": row.n_used,
        "estimate": found.map(|found| found.value),
        "se": found.and_then(|found| found.se),
        "lower95": found.and_then(|found| found.lower),
        "upper95": found.and_then(|found| found.upper),
        "df": row.df,
        "deff": found.and_then(|found| found.deff),
        "n_eff": found.and_then(|found| found.n_eff),
        "presentation": row.presentation.map(Verdict::as_str),
        "status": row.status.as_str(),
        "reason": row.reason,
    })
}
