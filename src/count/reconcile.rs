//! Every input row accounted for: `read = used + rejected + duplicates`, and a clear stop when too much is rejected.

use std::collections::{BTreeMap, BTreeSet};

use super::{amount::Gap, coverage::Coverage, engine::Group};
use crate::{
    assessment::{Assessment, Duplicates, Source, Table},
    diagnostics::{Place, Problem, Problems, codes},
    model::{Calendar, Check, Date, Located, Period, RegionTree, Reject, SourceReport},
};

/// The report of one source after its pass.
pub fn report(
    assessment: &Assessment,
    located: &Located,
    groups: &[Group],
    coverage: &Coverage,
    tree: &RegionTree,
) -> SourceReport {
    let source = &assessment.sources[located.source];
    let mut rejected: BTreeMap<String, u64> = BTreeMap::new();
    let (mut read, mut duplicates_found, mut used, mut duplicates) = (0, 0, 0, 0);
    for group in groups {
        read += group.n;
        match group.reason {
            Some(reason) => *rejected.entry(reason.as_str().to_owned()).or_default() += group.n,
            None if group.duplicate && assessment.duplicates == Duplicates::Drop => {
                duplicates += group.n;
            }
            None => used += group.n,
        }
        if group.duplicate {
            duplicates_found += group.n;
        }
    }
    SourceReport {
        id: source.id.clone(),
        table: source.table.as_str().to_owned(),
        files: located.files.clone(),
        format: located.format.clone(),
        filtered: located.filtered,
        read,
        used,
        rejected,
        duplicates_found,
        duplicates,
        n_multi_kind: located.n_multi_kind,
        n_merged: located.n_merged,
        grade: source.grade,
        covers: words(source, located, coverage, &assessment.calendar),
        grain: located.levels.last().map(|&level| tree.levels[level].clone()),
        latest: latest(source, located, coverage, &assessment.calendar),
        checks: located.checks.clone(),
    }
}

/// Last day a source covers.
fn latest(
    source: &Source,
    located: &Located,
    coverage: &Coverage,
    calendar: &Calendar,
) -> Option<Date> {
    match (&source.covers.dates, source.table) {
        (Some(spans), _) => spans.iter().map(|(_, to)| *to).max(),
        (None, Table::Elections | Table::Population | Table::Crosswalk) => {
            located.dates.iter().max().copied()
        }
        (None, _) => covered(coverage, calendar).last().map(|period| period.end),
    }
}

fn covered<'c>(coverage: &'c Coverage, calendar: &'c Calendar) -> impl Iterator<Item = &'c Period> {
    calendar
        .base
        .iter()
        .zip(&coverage.years)
        .filter(|(_, years)| **years > 0.0)
        .map(|(period, _)| period)
}

fn words(source: &Source, located: &Located, coverage: &Coverage, calendar: &Calendar) -> String {
    let dates = match &source.covers.dates {
        Some(spans) => {
            spans.iter().map(|(from, to)| format!("{from} to {to}")).collect::<Vec<_>>().join(", ")
        }
        None if matches!(source.table, Table::Elections | Table::Population | Table::Crosswalk) => {
            let (first, last) = (located.dates.iter().min(), located.dates.iter().max());
            match (first, last) {
                (Some(first), Some(last)) if first == last => format!("{first}"),
                (Some(first), Some(last)) => {
                    format!("{} dates from {first} to {last}", located.dates.len())
                }
                _ => "nothing".to_owned(),
            }
        }
        None => covered(coverage, calendar)
            .map(|period| period.label.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    };
    match &source.covers.ideologies {
        Some(ideologies) => {
            let names: Vec<&str> =
                ideologies.iter().map(crate::model::IdeologyId::as_str).collect();
            format!("{dates}; ideologies: {}", names.join(", "))
        }
        None => dates,
    }
}

/// A rejected row: file, line, reason.
pub type RejectedRow = (usize, u64, Reject);

/// Stops the run when a source rejects more than it allows, naming reasons, values and first rows; all reasons at once.
///
/// # Errors
/// [`codes::BAD_ROWS`], one problem a reason; [`codes::NOTHING_USED`].
pub fn check(
    assessment: &Assessment,
    located: &Located,
    report: &SourceReport,
    rejected: &[RejectedRow],
) -> Result<(), Problems> {
    let source = &assessment.sources[located.source];
    let mut problems = Problems::default();
    let n_rejected: u64 = report.rejected.values().sum();
    #[allow(clippy::cast_precision_loss, reason = "row counts are below 2^53")]
    let (share, limit) = (n_rejected as f64, source.max_rejected * report.read as f64);
    if n_rejected > 0 && (share > limit || report.used == 0) {
        for reason in Reject::ALL {
            let rows: Vec<&RejectedRow> = rejected.iter().filter(|row| row.2 == reason).collect();
            if let Some(first) = rows.first() {
                problems.push(problem(located, source, reason, rows.len(), first));
            }
        }
    }
    if report.used == 0 && problems.is_empty() {
        problems.push(
            Problem::new(
                &codes::NOTHING_USED,
                format!("source `{}`: {} rows, and none is left to count", source.id, report.read),
            )
            .at(Place::File(source.path.clone()))
            .help("check `filter` and the declared periods"),
        );
    }
    problems.into_result()
}

fn problem(
    located: &Located,
    source: &Source,
    reason: Reject,
    n: usize,
    first: &RejectedRow,
) -> Problem {
    let met: Vec<(&String, &Vec<String>)> = located
        .offending
        .iter()
        .filter(|((of, _), _)| *of == reason)
        .map(|((_, column), values)| (column, values))
        .collect();
    let values: Vec<String> = met
        .iter()
        .map(|(column, values)| {
            let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("{} in column `{column}`", quoted.join(", "))
        })
        .collect();
    let code =
        if reason == Reject::UnknownRegion { &codes::UNKNOWN_REGION } else { &codes::BAD_ROWS };
    let rows = if n == 1 { "1 row".to_owned() } else { format!("{n} rows, the first here") };
    let what = if values.is_empty() { String::new() } else { format!(": {}", values.join("; ")) };
    Problem::new(code, format!("source `{}`: {}{what} ({rows})", source.id, reason.as_str()))
        .at(Place::Row {
            file: located.files[first.0].0.clone(),
            row: first.1,
            column: met.first().map(|(column, _)| (*column).clone()),
        })
        .help(way_out(reason))
}

fn way_out(reason: Reject) -> &'static str {
    match reason {
        Reject::TooManyCells => "check the delimiter and the quotation marks of that row",
        Reject::EmptyCell => "fill the cell, or allow a share of such rows with `max_rejected`",
        Reject::BadDate => {
            "write dates as 2016-03-05 or 5.3.2016, or allow a share of such rows with `max_rejected`"
        }
        Reject::BadNumber => "declare `thousands` and `decimal`, or mend the cell",
        Reject::NegativeCount => {
            "counts start at 0: mend the cell, or declare the value in `nulls`"
        }
        Reject::UnknownValue => "list the value in `recode` (or under `ideologies`)",
        Reject::UnknownRegion => {
            "the code must exist in the declared vintage: add it to the boundaries or declare a `merge`"
        }
        Reject::OutsideRegions => {
            "correct the coordinates, or allow a share of such rows with `max_rejected`"
        }
        Reject::OutsidePeriods => "widen `periods`, or leave those rows out with `filter`",
    }
}

/// Notes, on the report of the source that has them, where a level's own figures differ from the sums of its children.
pub fn note_gaps(
    gaps: &[Gap],
    condition: &str,
    tree: &RegionTree,
    assessment: &Assessment,
    reports: &mut [SourceReport],
) {
    let keys: BTreeSet<(usize, usize)> =
        gaps.iter().map(|gap| (gap.source, tree.get(gap.region).level)).collect();
    for (source, level) in keys {
        let of_level: Vec<&Gap> = gaps
            .iter()
            .filter(|gap| gap.source == source && tree.get(gap.region).level == level)
            .collect();
        let mut differing: Vec<&Gap> =
            of_level.iter().copied().filter(|gap| gap.own != gap.sum).collect();
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let relative = |gap: &Gap| (gap.sum as f64 - gap.own as f64) / gap.own as f64;
        differing.sort_by(|a, b| relative(a).total_cmp(&relative(b)));
        let lines = differing.iter().map(|gap| {
            let region = tree.get(gap.region);
            format!(
                "{} {} in {}: own figure {}, sum {} ({:+.1} %)",
                region.id,
                region.name,
                assessment.calendar.base[gap.period].label,
                gap.own,
                gap.sum,
                100.0 * relative(gap)
            )
        });
        let check = Check {
            what: format!(
                "own figures of level {} against the sums of level {} ({condition}); the own figure is used",
                tree.levels[level],
                tree.levels[level + 1],
            ),
            n_compared: of_level.len() as u64,
            n_conflicts: differing.len() as u64,
            lines: lines.collect(),
        };
        let report = reports.iter_mut().find(|report| report.id == assessment.sources[source].id);
        if let Some(report) = report.filter(|report| !report.checks.contains(&check)) {
            report.checks.push(check);
        }
    }
}
