//! `summary.json`: factors, completeness, final counts, and everything they were based on.

use serde_json::{Value, json};

use super::{numbers::N_DRAWS, sentences::Findings, table::NOT_TOLD};
use crate::statistics::surveillance::nowcast::SETTLED;

/// The whole file.
pub(super) fn json(findings: &Findings<'_>) -> String {
    let (input, analysis, options) = (findings.input, findings.analysis, findings.options);
    let delays: Vec<Value> = analysis
        .known
        .iter()
        .enumerate()
        .map(|(delay, known)| {
            json!({
                "delay": delay, "completeness": known.share,
                "lower": known.limits.map(|limits| limits.0), "upper": known.limits.map(|limits| limits.1),
                "factor_to_next": known.factor,
            })
        })
        .collect();
    let reported = input.triangle.reported();
    let last = input.periods.len() - 1;
    let last_period = match analysis.periods[last] {
        None => {
            json!({ "period": input.periods.label(last), "reported": reported[last], "reason": NOT_TOLD })
        }
        Some(found) => json!({
            "period": input.periods.label(last), "reported": found.reported, "completeness": found.completeness,
            "expected": found.expected, "lower": found.lower, "upper": found.upper, "provisional": found.provisional,
        }),
    };
    let summary = json!({
        "headline": findings.headline(),
        "file": input.file,
        "format": input.format,
        "sha256": input.sha256,
        "columns": { "occurred": options.occurred, "reported": options.reported },
        "rows": input.n_rows,
        "rows_used": input.n_used,
        "every": options.every.one(),
        "from": options.from,
        "until": options.until,
        "reports_until": input.periods.end(last),
        "missing": options.missing,
        "alpha": options.alpha,
        "seed": options.seed,
        "draws": N_DRAWS,
        "periods": input.periods.len(),
        "longest_delay": input.longest(),
        "dispersion": analysis.dispersion,
        "delays": delays,
        "last": last_period,
        "provisional_below": SETTLED,
        "provisional": findings.provisional().map(|at| input.periods.label(at)).collect::<Vec<_>>(),
        "reported": reported.iter().sum::<u64>(),
        "total": match analysis.total {
            Some((expected, lower, upper)) => json!({ "expected": expected, "lower": lower, "upper": upper }),
            None => json!({ "reason": "a period has no final count, or none with an upper limit" }),
        },
        "mack": match &analysis.mack {
            Some(mack) => json!({
                "still_to_come": mack.total, "standard_error": mack.total_error,
                "by_period": mack.still_to_come.iter().zip(&mack.error).zip(0..).map(|((come, error), at)| json!({
                    "period": input.periods.label(at), "still_to_come": come, "standard_error": error,
                })).collect::<Vec<_>>(),
            }),
            None => json!({ "reason": "a period has no event within its first delay, or too few periods know the longest delays" }),
        },
        "not_checked": findings.not_checked(),
        "notes": input.notes,
    });
    let text = serde_json::to_string_pretty(&summary).expect("invariant: plain values");
    text + "\n"
}
