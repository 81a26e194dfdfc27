//! Limits recomputed from rounded counts, by kind of measure.

use super::{Policy, surveys};
use crate::{
    model::{Estimate, Measure, MeasureKind, Relation},
    statistics::{
        interval::{Confidence, byar, garwood, goodman, ratio, wilson},
        numerics::float::real,
    },
};

/// A pair of limits.
type Limits = (f64, f64);

/// Value, 95 % and 99.8 % limits and the method, all from rounded counts and in the measure's unit.
pub(super) struct Recomputed {
    pub(super) value: Option<f64>,
    pub(super) interval95: Option<Limits>,
    pub(super) interval998: Option<Limits>,
    pub(super) method: &'static str,
}

impl Recomputed {
    fn bare(value: Option<f64>) -> Self {
        Self { value, interval95: None, interval998: None, method: "withheld" }
    }

    /// A value with limits at both confidences, scaled to the measure's unit.
    fn with(
        value: f64,
        scale: f64,
        method: &'static str,
        limits: impl Fn(Confidence) -> Option<Limits>,
    ) -> Self {
        let scaled =
            |confidence| limits(confidence).map(|(lower, upper)| (lower * scale, upper * scale));
        Self {
            value: Some(value * scale),
            interval95: scaled(Confidence::P95),
            interval998: scaled(Confidence::P998),
            method,
        }
    }
}

/// Recomputes what can be had from rounded counts; `n_parts` is the number of declared parts of a composition.
///
/// Dispersed limits depend on every region's exact count and are withheld; so are bootstrap limits of attendances.
pub(super) fn recompute(
    measure: &Measure,
    cell: &Estimate,
    numerator: u64,
    denominator: Option<f64>,
    n_parts: usize,
    policy: &Policy,
) -> Recomputed {
    let count = real(numerator);
    let per = measure.per;
    let whole = denominator.filter(|whole| *whole > 0.0);
    let exposure = cell.exposure.filter(|exposure| *exposure > 0.0);
    match measure.kind {
        MeasureKind::Count => counted(cell, numerator, Some(per)),
        MeasureKind::Rate => counted(cell, numerator, exposure.map(|exposure| per / exposure)),
        MeasureKind::Share => whole.map_or(Recomputed::bare(None), |whole| {
            let relation = measure.relation.unwrap_or(Relation::Nested);
            Recomputed::with(count / whole, per, cell.method, |confidence| {
                ratio::limits(numerator, whole, relation, confidence)
            })
        }),
        MeasureKind::AttendanceMissing => whole.map_or(Recomputed::bare(None), |whole| {
            Recomputed::with(count / whole, per, cell.method, |confidence| {
                wilson::limits(count, whole, confidence)
            })
        }),
        // The parts together have no limits: they are the whole.
        MeasureKind::Composition => whole.map_or(Recomputed::bare(None), |whole| {
            Recomputed::with(count / whole, per, cell.method, |confidence| {
                cell.interval95?;
                goodman::limits_of(numerator, whole, n_parts, confidence)
            })
        }),
        MeasureKind::CompleteShare => Recomputed {
            value: whole.map(|whole| count / whole * per),
            interval95: None,
            interval998: None,
            method: cell.method,
        },
        MeasureKind::Persons => persons(cell, count * per),
        MeasureKind::PersonsRate => match whole.or(exposure) {
            Some(whole) => persons(cell, count * per / whole),
            None => Recomputed::bare(None),
        },
        // The sum is a count of its own, over enough events.
        MeasureKind::AttendanceTotal => {
            Recomputed::bare(cell.value.map(|sum| policy.round_real(sum)))
        }
        MeasureKind::AttendanceMedian | MeasureKind::AttendanceTopShare => Recomputed::bare(None),
        MeasureKind::SurveyShare => cell.value.map_or(Recomputed::bare(None), |value| {
            let (value, interval95) = surveys::coarse(value, cell.interval95, per);
            let interval998 = surveys::coarse(value, cell.interval998, per).1;
            Recomputed { value: Some(value), interval95, interval998, method: cell.method }
        }),
    }
}

fn counted(cell: &Estimate, numerator: u64, scale: Option<f64>) -> Recomputed {
    match scale {
        Some(scale) if ["garwood", "byar"].contains(&cell.method) => {
            Recomputed::with(real(numerator), scale, cell.method, |confidence| {
                Some(match cell.method {
                    "byar" => byar::limits(numerator, confidence),
                    _ => garwood::limits(numerator, confidence),
                })
            })
        }
        scale => Recomputed::bare(scale.map(|scale| real(numerator) * scale)),
    }
}

/// Limits around persons: the half-width is the source's own rounding unit, which is public; the centre was the exact
/// count.
fn persons(cell: &Estimate, value: f64) -> Recomputed {
    let moved = |limits: Option<Limits>| {
        let half = limits?.1 - cell.value?;
        Some(((value - half).max(0.0), value + half))
    };
    Recomputed {
        value: Some(value),
        interval95: moved(cell.interval95),
        interval998: moved(cell.interval998),
        method: cell.method,
    }
}
