//! The point estimate and interval of one cell, by the kind of measure.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use crate::{
    model::{Counts, Estimate, Measure, MeasureKind, Relation, SliceKey, Status, VarianceLaw},
    statistics::{
        attendance,
        interval::{
            Confidence, CountLimits,
            bootstrap::{self, AttendanceIntervals},
            goodman, negative_binomial, ratio, wilson,
        },
        numerics::random::Key,
    },
};

/// Bootstrap draws behind an interval of attendances: the 95 % limits are the fifth value from either end.
const N_DRAWS: u64 = 199;

/// The draws of one slice, keyed by the run's seed and the slice's name, and the intervals already made from them: the
/// total, the median and the top share of a cell come from the same draws.
pub(super) struct Draws {
    key: Key,
    made: Arc<[OnceLock<Option<AttendanceIntervals>>]>,
}

/// Intervals of attendance, one place per cell of each slice, shared by the measures of an indicator.
#[derive(Default)]
pub(super) struct Made(BTreeMap<String, Arc<[OnceLock<Option<AttendanceIntervals>>]>>);

impl Made {
    /// The draws of a slice of `n_cells`.
    pub(super) fn draws(
        &mut self,
        seed: u64,
        name: &str,
        slice: SliceKey,
        n_cells: usize,
    ) -> Draws {
        let name = format!("bootstrap/{name}/{}/{}", slice.ideology, slice.breakdown);
        let key = Key::named(seed, &name);
        let made = self.0.entry(name);
        Draws { key, made: made.or_insert_with(|| vec![OnceLock::new(); n_cells].into()).clone() }
    }
}

impl Draws {
    fn intervals(&self, sizes: &[u64], at: usize) -> Option<AttendanceIntervals> {
        let region = u32::try_from(at).unwrap_or(u32::MAX);
        *self.made[at].get_or_init(|| {
            bootstrap::attendance(sizes, N_DRAWS, self.key, region, Confidence::P95)
        })
    }
}

/// Limits of counts already computed, by count and law: a slice repeats the same small counts over and over.
pub(super) type Memo = BTreeMap<(u64, Option<(bool, u64)>), (Limits, Limits)>;

type Limits = Option<(f64, f64)>;

fn build(
    value: Option<f64>,
    interval95: Limits,
    interval998: Limits,
    method: &'static str,
) -> Estimate {
    Estimate { value, interval95, interval998, method, ..Estimate::empty(Status::Estimated) }
}

fn scale(limits: Limits, factor: f64) -> Limits {
    limits.map(|(lower, upper)| (lower * factor, upper * factor))
}

/// Estimates one cell; `law` is how its count scatters, `limits` what it gets when it does not, `n_parts` the parts of its breakdown, `drawn` the
/// slice's draws and the cell's place in the slice.
pub(super) fn estimate(
    measure: &Measure,
    key: SliceKey,
    counts: &Counts,
    (law, limits): (Option<VarianceLaw>, CountLimits),
    n_parts: usize,
    drawn: (&Draws, usize),
    memo: &mut Memo,
) -> Estimate {
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let x = counts.numerator as f64;
    let per = measure.per;
    match measure.kind {
        MeasureKind::Count => count(counts.numerator, (law, limits), 1.0, memo),
        MeasureKind::Rate => match counts.exposure.filter(|exposure| *exposure > 0.0) {
            Some(exposure) => count(counts.numerator, (law, limits), per / exposure, memo),
            None => build(None, None, None, "none"),
        },
        MeasureKind::Share => share(measure, counts),
        MeasureKind::Composition => composition(key, counts, n_parts, per),
        MeasureKind::CompleteShare => {
            build(counts.denominator.map(|n| x / n * per), None, None, "complete count")
        }
        MeasureKind::Persons => rounded(x, counts.rounding, 1.0),
        MeasureKind::PersonsRate => match counts.exposure.filter(|exposure| *exposure > 0.0) {
            Some(exposure) => rounded(x, counts.rounding, per / exposure),
            None => build(None, None, None, "none"),
        },
        MeasureKind::AttendanceTotal
        | MeasureKind::AttendanceMedian
        | MeasureKind::AttendanceTopShare
        | MeasureKind::AttendanceMissing => sizes(measure, counts, drawn.0, drawn.1),
        MeasureKind::SurveyShare => build(None, None, None, "none"),
    }
}

fn count(
    n: u64,
    (law, poisson): (Option<VarianceLaw>, CountLimits),
    factor: f64,
    memo: &mut Memo,
) -> Estimate {
    let bits = law.map(|law| match law {
        VarianceLaw::Quadratic { size } => (false, size.to_bits()),
        VarianceLaw::Linear { phi } => (true, phi.to_bits()),
    });
    let (at95, at998) = *memo.entry((n, bits)).or_insert_with(|| {
        let limits = |confidence| match law {
            None => poisson.of(n, confidence),
            law => negative_binomial::limits(n, law, confidence),
        };
        (Some(limits(Confidence::P95)), Some(limits(Confidence::P998)))
    });
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let value = n as f64 * factor;
    let method = if law.is_some() { "negative binomial" } else { poisson.method(n) };
    build(Some(value), scale(at95, factor), scale(at998, factor), method)
}

fn share(measure: &Measure, counts: &Counts) -> Estimate {
    let relation = measure.relation.unwrap_or(Relation::Overlapping);
    let Some(n) = counts.denominator.filter(|n| *n > 0.0) else {
        return build(None, None, None, "none");
    };
    let method = match relation {
        Relation::Nested => "wilson",
        Relation::Disjoint | Relation::Overlapping => "clopper-pearson ratio",
    };
    let limits = |confidence| {
        let limits = ratio::limits(counts.numerator, n, relation, confidence);
        scale(limits, measure.per)
    };
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let value = counts.numerator as f64 / n * measure.per;
    build(Some(value), limits(Confidence::P95), limits(Confidence::P998), method)
}

fn composition(key: SliceKey, counts: &Counts, n_parts: usize, per: f64) -> Estimate {
    let Some(n) = counts.denominator.filter(|n| *n > 0.0) else {
        return build(None, None, None, "none");
    };
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let value = counts.numerator as f64 / n * per;
    if key.breakdown == 0 {
        return build(Some(value), None, None, "total");
    }
    let limits =
        |confidence| scale(goodman::limits_of(counts.numerator, n, n_parts, confidence), per);
    build(Some(value), limits(Confidence::P95), limits(Confidence::P998), "goodman, simultaneous")
}

/// Persons, estimated and rounded by their source: half the rounding unit either way, no sampling interval.
fn rounded(x: f64, rounding: f64, factor: f64) -> Estimate {
    let limits = Some(((x - rounding).max(0.0) * factor, (x + rounding) * factor));
    build(Some(x * factor), limits, None, "source rounding")
}

fn sizes(measure: &Measure, counts: &Counts, draws: &Draws, at: usize) -> Estimate {
    let Some(sizes) = &counts.sizes else { return build(None, None, None, "none") };
    let Some(summary) = attendance::summarise(&sizes.mid, sizes.n_events) else {
        return build(None, None, None, "none");
    };
    #[allow(clippy::cast_precision_loss, reason = "event counts are below 2^53")]
    let (n_sized, n_events) = (summary.n_sized as f64, summary.n_events as f64);
    if measure.kind == MeasureKind::AttendanceMissing {
        let missing = n_events - n_sized;
        let limits = |confidence| scale(wilson::limits(missing, n_events, confidence), measure.per);
        let value = summary.missing_share * measure.per;
        let mut estimate =
            build(Some(value), limits(Confidence::P95), limits(Confidence::P998), "wilson");
        estimate.n_units = Some(summary.n_events);
        return estimate;
    }
    let intervals = draws.intervals(&sizes.mid, at);
    #[allow(clippy::cast_precision_loss, reason = "attendances are below 2^53")]
    let (value, limits) = match measure.kind {
        MeasureKind::AttendanceMedian => (summary.median, intervals.map(|found| found.median)),
        MeasureKind::AttendanceTopShare => {
            (summary.top_share, intervals.map(|found| found.top_share))
        }
        _ => (
            (summary.n_sized > 0).then_some(summary.total as f64),
            intervals.map(|found| found.total),
        ),
    };
    let mut estimate = build(
        value.map(|value| value * measure.per),
        scale(limits, measure.per),
        None,
        "bootstrap over events",
    );
    estimate.n_units = Some(summary.n_sized);
    estimate
}
