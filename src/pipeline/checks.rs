//! Declared checks, and what a run says of them and of rejected rows before it goes on.

use crate::{
    assessment::Assessment,
    count::Counting,
    diagnostics::{Problem, Problems, codes},
    locate,
    model::{Check, Records, SourceId},
};

use super::unreadable;

/// Each check's outcome by source, and what the run goes on with.
pub(super) type Checked = (Vec<(SourceId, Check)>, Problems);

/// Runs the declared plausibility checks. Implausible values stop the run unless the check says to go on.
pub(super) fn plausible(assessment: &Assessment, records: &[Records]) -> Result<Checked, Problems> {
    let find =
        |id: &SourceId| records.iter().find(|records| assessment.sources[records.source].id == *id);
    let (mut checks, mut warnings, mut stopping) =
        (Vec::new(), Problems::default(), Problems::default());
    for rule in &assessment.plausibility {
        let (Some(own), Some(reference)) = (find(&rule.source), find(&rule.against)) else {
            continue;
        };
        let shares = rule.crosswalk.as_ref().and_then(find);
        let found = locate::check_plausibility(rule, own, reference, shares)
            .map_err(|error| unreadable(assessment, own.source, &error))?;
        let lines: Vec<String> = found
            .rows
            .iter()
            .map(|row| {
                let relation = if row.rule == "jump" { "the year before" } else { "expected" };
                format!(
                    "{} {} {}: {:.0}, {relation} {:.0} ({:+.1} %)",
                    row.region,
                    row.name,
                    row.year,
                    row.value,
                    row.expected,
                    100.0 * (row.value / row.expected - 1.0)
                )
            })
            .collect();
        if !lines.is_empty() {
            let named: Vec<String> = {
                let mut names: Vec<String> =
                    found.rows.iter().map(|row| format!("{} {}", row.region, row.name)).collect();
                names.dedup();
                names
            };
            let message = format!(
                "source `{}` is implausible against `{}` in {} region-years: {}",
                rule.source,
                rule.against,
                lines.len(),
                named.join(", ")
            );
            let problem = Problem::new(&codes::PLAUSIBILITY, message).at(rule.place.clone()).help(
                "mend the source, or say `on_failure = \"continue\"` when nothing that matters is computed from it",
            );
            if rule.go_on { warnings.push(problem) } else { stopping.push(problem) }
        }
        let check = Check {
            what: format!(
                "values against `{}` (tolerance {} %) and the year before, {}–{}",
                rule.against,
                100.0 * rule.tolerance,
                rule.years.0,
                rule.years.1
            ),
            n_compared: found.n_compared,
            n_conflicts: lines.len() as u64,
            lines,
        };
        checks.push((rule.source.clone(), check));
    }
    stopping.into_result().map(|()| (checks, warnings))
}

/// Declared checks that found disagreements.
pub(super) fn conflict_warnings(counting: &Counting) -> Problems {
    let mut warnings = Problems::default();
    for report in &counting.reports {
        for check in report.checks.iter().filter(|check| check.n_conflicts > 0) {
            warnings.push(
                Problem::new(
                    &codes::CONFLICT,
                    format!(
                        "source `{}`: {}: {} of {} disagree",
                        report.id, check.what, check.n_conflicts, check.n_compared
                    ),
                )
                .help("each is listed on the data page"),
            );
        }
    }
    warnings
}

/// Sources with rejected rows, and how their rows add up.
pub(super) fn row_warnings(counting: &Counting) -> Problems {
    let mut warnings = Problems::default();
    for report in counting.reports.iter().filter(|report| !report.rejected.is_empty()) {
        let reasons: Vec<String> =
            report.rejected.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
        warnings.push(
            Problem::new(
                &codes::ROW_REJECTED,
                format!("source `{}`: rows were rejected: {}", report.id, reasons.join(", ")),
            )
            .help("`restricted/quarantine.csv` names each row"),
        );
    }
    warnings
}
