//! Protection of survey shares: what the presentation standard does not let stand goes, the rest is rounded.
//!
//! A share that may stand rests on at least ten respondents who said so. Weighted to many digits it would still tell how many;
//! so values are rounded to a tenth of a percentage point, limits outwards.

use super::{Policy, released};
use crate::model::{Frame, SurveyShare, Verdict};

/// Coarse value and limits, in a measure's unit: `per` is what a share of everybody is.
pub(super) fn coarse(
    value: f64,
    limits: Option<(f64, f64)>,
    per: f64,
) -> (f64, Option<(f64, f64)>) {
    let step = per / 1000.0;
    let limits = limits.map(|(lower, upper)| {
        ((lower / step).floor() * step, ((upper / step).ceil() * step).min(per))
    });
    ((value / step).round() * step, limits)
}

/// Protects what every region's own respondents say.
pub(super) fn protect(
    frame: &Frame,
    shares: Vec<SurveyShare>,
    policy: &Policy,
) -> Vec<SurveyShare> {
    let one = |share: SurveyShare| {
        if !released::is_protected(frame, share.measure) {
            return share;
        }
        let (n, n_positive) = (share.n.unwrap_or(0), share.n_positive.unwrap_or(0));
        let hidden = share.verdict == Verdict::Suppress
            || policy.hides(n_positive)
            || policy.hides(n.saturating_sub(n_positive));
        let n = share.n.filter(|n| !policy.hides(*n)).map(|n| policy.round(n));
        let bare = SurveyShare {
            value: None,
            se: None,
            interval95: None,
            n,
            n_positive: None,
            n_eff: None,
            df: None,
            deff: None,
            reasons: String::new(),
            ..share.clone()
        };
        let Some(value) = share.value.filter(|_| !hidden) else { return bare };
        let per = released::measure_of(frame, share.measure).1.per;
        let (value, interval95) = coarse(value, share.interval95, per);
        SurveyShare { value: Some(value), interval95, ..bare }
    };
    shares.into_iter().map(one).collect()
}

#[test]
fn values_are_rounded_and_limits_only_widen() {
    let (value, limits) = coarse(12.3456, Some((10.01, 14.99)), 100.0);
    assert!((value - 12.3).abs() < 1e-12);
    let (lower, upper) = limits.unwrap();
    assert!((lower - 10.0).abs() < 1e-12 && (upper - 15.0).abs() < 1e-12);
    assert!(coarse(99.97, Some((99.0, 99.99)), 100.0).1.unwrap().1 <= 100.0);
}
