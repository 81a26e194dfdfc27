//! Protection of alarms: an expected count, a limit and even the reason for watching nothing are made of exact counts, and an
//! alarm is a label.

use super::{Policy, released};
use crate::model::{Frame, Watch};

/// Withholds every series of a protected measure, and those of regions too small to be labelled.
pub(super) fn protect(frame: &Frame, watches: Vec<Watch>, policy: &Policy) -> Vec<Watch> {
    let one = |watch: Watch| {
        if released::is_protected(frame, watch.measure) {
            watch.withheld("withheld by disclosure control")
        } else if !policy.labels(frame.tree.get(watch.region).level) {
            watch.withheld("not published for areas of this size")
        } else {
            watch
        }
    };
    watches.into_iter().map(one).collect()
}
