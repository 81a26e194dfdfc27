//! Protection of changes: counts hidden or rounded, everything else recomputed from the rounded ones.

use super::{Policy, released};
use crate::{
    model::{Change, Frame},
    statistics::{
        interval::{
            Confidence, conditional_binomial, garwood,
            mover::{self, Limited},
        },
        numerics::float::real,
    },
};

/// Smallest count from which a percentage may be printed.
const PERCENTAGE_FROM: u64 = 50;

/// Protects every change of a protected measure.
pub(super) fn protect(frame: &Frame, changes: Vec<Change>, policy: &Policy) -> Vec<Change> {
    changes
        .into_iter()
        .map(|change| {
            if released::is_protected(frame, change.measure) { one(change, policy) } else { change }
        })
        .collect()
}

fn one(change: Change, policy: &Policy) -> Change {
    let exposures = exposure_ratio(&change);
    let shown = change
        .counts
        .filter(|(earlier, later)| !policy.hides(*earlier) && !policy.hides(*later))
        .map(|(earlier, later)| (policy.round(earlier), policy.round(later)));
    let reason = match (shown, change.counts) {
        (None, Some(_)) => Some("hidden by disclosure control".to_owned()),
        _ => change.reason,
    };
    let (ratio, difference, p) =
        shown.zip(exposures).map_or((None, None, None), |((earlier, later), exposures)| {
            recompute(earlier, later, exposures)
        });
    Change {
        counts: shown,
        ratio,
        difference,
        p,
        percentage: shown.is_some_and(|(earlier, later)| earlier.min(later) >= PERCENTAGE_FROM),
        reason,
        ..change
    }
}

/// Earlier over later exposure, which is public, from the exact figures; `None` when either count is 0.
fn exposure_ratio(change: &Change) -> Option<f64> {
    let (earlier, later) = change.counts.filter(|(earlier, later)| *earlier > 0 && *later > 0)?;
    Some(change.ratio?.0 * real(earlier) / real(later))
}

type Recomputed = (Option<(f64, f64, Option<f64>)>, Option<(f64, f64, f64)>, Option<f64>);

fn recompute(earlier: u64, later: u64, exposures: f64) -> Recomputed {
    let compared = conditional_binomial::compare(earlier, later, exposures, 1.0, Confidence::P95);
    // The earlier count as it would be on the later person-years, so that the difference is one of rates.
    let limited = |count: u64, factor: f64| {
        let (lower, upper) = garwood::limits(count, Confidence::P95);
        Limited { value: real(count) * factor, lower: lower * factor, upper: upper * factor }
    };
    let found = mover::difference_of(limited(earlier, 1.0 / exposures), limited(later, 1.0));
    (
        compared.as_ref().and_then(|found| Some((found.ratio?, found.lower, found.upper))),
        Some((found.value, found.lower, found.upper)),
        compared.map(|found| found.p),
    )
}
