//! The audit: what is about to be shown holds no protected figure, whatever the rules before it did.
//!
//! It looks at the released values only and knows nothing of how they were made. It does not solve for hidden cells;
//! see the module documentation of [`super`] for what that leaves open.

use super::{Edition, Released, released};
use crate::{
    diagnostics::{Problem, Problems, codes},
    model::{
        Change, Concentration, Estimate, Evidence, RegionFinding, Status, TestStatus, Trend, Watch,
    },
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
    let protected = |measure| released::is_protected(frame, measure);
    let n_bad =
        released.trends().iter().filter(|trend| trend_leaks(trend, protected(trend.measure)));
    report(&mut problems, n_bad.count(), "trends");
    let n_bad = released
        .concentrations()
        .iter()
        .filter(|found| concentration_leaks(found, protected(found.measure)));
    report(&mut problems, n_bad.count(), "concentrations");
    let n_bad = released.watches().iter().filter(|watch| {
        let labels = released.policy().labels(frame.tree.get(watch.region).level);
        watch_leaks(watch, protected(watch.measure), labels)
    });
    report(&mut problems, n_bad.count(), "alarms");
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

/// A slope, a rank correlation and a jump are made of the exact counts of their series.
fn trend_leaks(trend: &Trend, protected: bool) -> bool {
    protected
        && (trend.yearly_change.is_some()
            || trend.p.is_some()
            || trend.mann_kendall.is_some()
            || trend.theil_sen.is_some()
            || trend.jump.is_some())
}

/// An index is made of the exact counts of its map.
fn concentration_leaks(found: &Concentration, protected: bool) -> bool {
    protected && found.has_figures()
}

/// An answer is made of the exact counts of its series, and labels a region.
fn watch_leaks(watch: &Watch, protected: bool, labels: bool) -> bool {
    (protected || !labels) && watch.watched.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AlarmMethod, Concentrated, ConcentrationIndex, MeasureKey, Watched};

    const MEASURE: MeasureKey = MeasureKey { indicator: 0, measure: 0 };

    #[test]
    fn any_figure_of_a_protected_trend_or_concentration_is_a_leak() {
        let bare = Trend {
            measure: MEASURE,
            region: 0,
            ideology: 0,
            span: Some((0, 9)),
            yearly_change: None,
            p: None,
            mann_kendall: None,
            theil_sen: None,
            jump: None,
            reason: Some("withheld".to_owned()),
        };
        assert!(!trend_leaks(&bare, true));
        for leaking in [
            Trend { yearly_change: Some((1.0, 0.0, 2.0)), ..bare.clone() },
            Trend { p: Some(0.1), ..bare.clone() },
            Trend { mann_kendall: Some((0.1, 0.1)), ..bare.clone() },
            Trend { theil_sen: Some((1.0, 0.0, 2.0)), ..bare.clone() },
            Trend { jump: Some((1, 2)), ..bare },
        ] {
            assert!(trend_leaks(&leaking, true) && !trend_leaks(&leaking, false));
        }
        let bare = Concentration {
            measure: MEASURE,
            ideology: 0,
            period: 0,
            level: 1,
            n_regions: None,
            total: None,
            indices: Vec::new(),
            reason: None,
        };
        assert!(!concentration_leaks(&bare, true));
        let index =
            Concentrated { index: ConcentrationIndex::Gini, recorded: 0.5, proportional: None };
        for leaking in [
            Concentration { total: Some(12), ..bare.clone() },
            Concentration { n_regions: Some(12), ..bare.clone() },
            Concentration { indices: vec![index], ..bare },
        ] {
            assert!(concentration_leaks(&leaking, true) && !concentration_leaks(&leaking, false));
        }
    }

    #[test]
    fn an_answer_on_a_protected_or_unlabelled_series_is_a_leak() {
        let watched = Watched {
            method: AlarmMethod::Farrington,
            observed: 12,
            expected: 11.5,
            upper: 20.0,
            p: Some(0.4),
            exceedance: Some(0.06),
            n_baseline: 55,
            alarm: false,
        };
        let watch = Watch {
            measure: MEASURE,
            region: 3,
            period: Some(71),
            watched: Some(watched),
            reason: None,
        };
        assert!(!watch_leaks(&watch, false, true));
        assert!(watch_leaks(&watch, true, true) && watch_leaks(&watch, false, false));
        assert!(!watch_leaks(&watch.withheld("protected"), true, false));
    }
}
