//! Protection of trends: a slope is computed from every count of its series, so that it goes where counts are protected.

use super::released;
use crate::model::{Frame, Trend};

/// Withholds the trend of every protected measure: it is made of exact counts.
pub(super) fn protect(frame: &Frame, trends: Vec<Trend>) -> Vec<Trend> {
    let one = |trend: Trend| {
        if released::is_protected(frame, trend.measure) {
            trend.withheld("withheld by disclosure control")
        } else {
            trend
        }
    };
    trends.into_iter().map(one).collect()
}
