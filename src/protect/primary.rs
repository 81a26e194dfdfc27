//! Primary protection of estimates: small counts hidden, the others rounded, everything derived from them redone.

use rayon::prelude::*;

use super::{Policy, limits, released};
use crate::model::{
    Estimate, Frame, Measure, MeasureKind, MeasurePanel, Relation, Reliability, Status,
};

/// Protects every panel; open measures pass unchanged.
pub(super) fn estimates(
    frame: &Frame,
    panels: &[MeasurePanel<Estimate>],
    policy: &Policy,
) -> Vec<MeasurePanel<Estimate>> {
    panels
        .par_iter()
        .map(|measured| {
            if !released::is_protected(frame, measured.key) {
                return measured.clone();
            }
            let (_, measure) = released::measure_of(frame, measured.key);
            let n_parts = measured.parts.len();
            MeasurePanel {
                key: measured.key,
                panel: measured.panel.map(|_, _, _, cell| protect(measure, cell, n_parts, policy)),
                parts: measured.parts.clone(),
                sources: measured.sources.clone(),
            }
        })
        .collect()
}

/// Whether the denominator counts records of the same table, which then need the same protection.
pub(super) fn shares_table(measure: &Measure) -> bool {
    measure.denominator.as_ref().is_some_and(|term| term.table == measure.numerator.table)
}

fn protect(measure: &Measure, cell: &Estimate, n_parts: usize, policy: &Policy) -> Estimate {
    if cell.value.is_none() && cell.numerator.is_none() && cell.smoothed.is_none() {
        return Estimate { n_units: None, unknown: None, ..cell.clone() };
    }
    let Some(numerator) = cell.numerator.filter(|&count| !hidden(measure, cell, count, policy))
    else {
        return suppressed(cell);
    };
    let numerator = policy.round(numerator);
    let denominator = match cell.denominator {
        Some(whole) if shares_table(measure) => Some(policy.round_real(whole)),
        other => other,
    };
    let redone = limits::recompute(measure, cell, numerator, denominator, n_parts, policy);
    if redone.value.is_none() {
        return suppressed(cell);
    }
    Estimate {
        value: redone.value,
        interval95: redone.interval95,
        interval998: redone.interval998,
        numerator: Some(numerator),
        denominator,
        unknown: cell
            .unknown
            .filter(|&count| !policy.hides(count))
            .map(|count| policy.round(count)),
        n_units: cell.n_units.map(|count| policy.round(count)),
        smoothed: None,
        smoothed95: None,
        p_above: None,
        method: redone.method,
        reliability: match measure.kind {
            // A verdict on precision, made of nothing that is hidden.
            MeasureKind::SurveyShare => cell.reliability,
            _ => reliability(measure, numerator, denominator, redone.value, redone.interval95),
        },
        status: if numerator == 0 { Status::ZeroRecorded } else { cell.status },
        estimated: false,
        exposure: cell.exposure,
        coverage: cell.coverage,
        provisional: cell.provisional,
        method_break: cell.method_break,
    }
}

/// Whether any of the counts a cell shows is small: its own, its units', its protected denominator's or the rest's.
fn hidden(measure: &Measure, cell: &Estimate, numerator: u64, policy: &Policy) -> bool {
    let attendance = matches!(
        measure.kind,
        MeasureKind::AttendanceTotal
            | MeasureKind::AttendanceMedian
            | MeasureKind::AttendanceTopShare
    );
    // One large event can hold most of a sum: the number of events decides.
    let units = match cell.n_units {
        Some(units) => policy.hides(units),
        None => attendance,
    };
    let whole = cell.denominator.filter(|_| shares_table(measure));
    let denominator = whole.is_some_and(|whole| policy.hides_real(whole));
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let complement = (measure.relation == Some(Relation::Nested)
        || measure.kind == MeasureKind::SurveyShare)
        && whole.is_some_and(|whole| policy.hides_real(whole - numerator as f64));
    policy.hides(numerator) || units || denominator || complement
}

/// A hidden cell: no number at all, and nothing that only a number would bring.
fn suppressed(cell: &Estimate) -> Estimate {
    Estimate {
        provisional: cell.provisional,
        method_break: cell.method_break,
        ..Estimate::empty(Status::Suppressed)
    }
}

/// Reliability from what is shown only: a class made of exact counts would reveal them.
fn reliability(
    measure: &Measure,
    numerator: u64,
    denominator: Option<f64>,
    value: Option<f64>,
    limits: Option<(f64, f64)>,
) -> Reliability {
    let thin = denominator.is_some_and(|whole| whole < 10.0);
    let complete = measure.kind == MeasureKind::CompleteShare;
    match (value, limits) {
        _ if (numerator < 10 && !complete) || thin => Reliability::Small,
        (Some(value), Some((lower, upper))) if upper - lower > 1.6 * value => Reliability::Wide,
        _ => Reliability::Ok,
    }
}
