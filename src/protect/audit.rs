//! The audit: what is about to be shown holds no protected figure, whatever the rules before it did.
//!
//! It looks at the released values only and knows nothing of how they were made. It does not solve for hidden cells;
//! see the module documentation of [`super`] for what that leaves open.

use super::{Edition, Released, released};
use crate::{
    diagnostics::{Problem, Problems, codes},
    model::{Change, Estimate, Evidence, RegionFinding, Status, TestStatus},
};

/// Checks every count, hidden cell and label of an edition.
pub(super) fn check(released: &Released) -> Result<(), Problems> {
    let mut problems = Problems::default();
    if released.edition() == Edition::Restricted {
        return Ok(());
    }
    let frame = released.frame();
    for measured in released.estimates() {
        let (indicator, measure) = released.measure(measured.key);
        let protected = released::is_protected(frame, measured.key);
        let n_bad = measured
            .panel
            .keys()
            .filter_map(|key| measured.panel.slice(key))
            .flatten()
            .filter(|cell| leaks(released, cell, protected))
            .count();
        report(&mut problems, n_bad, &format!("cells of `{}/{}`", indicator.id, measure.id));
    }
    for found in released.findings() {
        let (indicator, measure) = released.measure(found.surface.measure);
        let protected = released::is_protected(frame, found.surface.measure);
        let labels = released.policy().labels(found.surface.level);
        let n_bad = found
            .regions
            .iter()
            .filter(|finding| labels_leak(released, finding, protected, labels))
            .count();
        let total = protected && !shown(released, found.test.total);
        let what = format!("findings on `{}/{}`", indicator.id, measure.id);
        report(&mut problems, n_bad + usize::from(total), &what);
    }
    let n_bad = released
        .changes()
        .iter()
        .filter(|change| released::is_protected(frame, change.measure))
        .filter(|change| change_leaks(released, change))
        .count();
    report(&mut problems, n_bad, "changes");
    problems.into_result()
}

fn report(problems: &mut Problems, n_bad: usize, what: &str) {
    if n_bad > 0 {
        problems.push(
            Problem::new(
                &codes::DISCLOSURE,
                format!("{n_bad} {what} would reveal a protected count"),
            )
            .help("this edition was not written; please report it with the protection policy"),
        );
    }
}

/// Whether a protected count may be shown as it is.
fn shown(released: &Released, count: u64) -> bool {
    let policy = released.policy();
    !policy.hides(count) && policy.round(count) == count
}

fn leaks(released: &Released, cell: &Estimate, protected: bool) -> bool {
    let has_number = cell.value.is_some()
        || cell.interval95.is_some()
        || cell.interval998.is_some()
        || cell.numerator.is_some()
        || cell.denominator.is_some()
        || cell.unknown.is_some()
        || cell.n_units.is_some()
        || cell.smoothed.is_some()
        || cell.smoothed95.is_some()
        || cell.p_above.is_some();
    match cell.status {
        Status::Suppressed => has_number,
        _ if !protected => false,
        _ => {
            let counts = [cell.numerator, cell.unknown, cell.n_units];
            counts.into_iter().flatten().any(|count| !shown(released, count))
                || cell.smoothed.is_some()
                || cell.smoothed95.is_some()
                || cell.p_above.is_some()
                || (cell.value.is_some() && cell.numerator.is_none())
        }
    }
}

fn labels_leak(
    released: &Released,
    finding: &RegionFinding,
    protected: bool,
    labels: bool,
) -> bool {
    let labelled = !matches!(finding.evidence, Evidence::Withheld | Evidence::NoData);
    let scored = finding.own.is_some()
        || finding.surroundings.is_some()
        || finding.power_rr2.is_some()
        || finding.minimum_detectable_rr.is_some()
        || finding.p_zero.is_some();
    let hidden = finding.status == TestStatus::Suppressed;
    (labelled && (hidden || !labels))
        || (scored && (protected || hidden || !labels))
        || (hidden && (finding.observed.is_some() || finding.expected.is_some()))
        || (protected && finding.expected.is_some())
        || (protected && finding.observed.is_some_and(|count| !shown(released, count)))
}

/// A ratio or difference stands only beside the rounded counts it was recomputed from.
fn change_leaks(released: &Released, change: &Change) -> bool {
    match change.counts {
        None => change.ratio.is_some() || change.difference.is_some() || change.p.is_some(),
        Some((earlier, later)) => !shown(released, earlier) || !shown(released, later),
    }
}
