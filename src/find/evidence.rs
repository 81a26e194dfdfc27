//! Evidence classes: what two test families together say of a region, and what they did not check.

use crate::model::{Evidence, OwnRate, Quadrant, Status, Surroundings, TestStatus};

use super::hotbed::Chosen;

/// P(RR > 1.25) from which a region is a signal.
const SIGNAL: f64 = 0.8;

/// P(RR > 1.25) from which, with a test, it is probable.
const PROBABLE: f64 = 0.95;

/// Power at a doubled rate below which silence means nothing.
const MIN_POWER: f64 = 0.5;

/// The class of a tested region. `Established` is out of reach until replication and the nuisance checks exist.
pub(super) fn class(
    own: Option<&OwnRate>,
    surroundings: Option<&Surroundings>,
    chosen: &Chosen,
    power_rr2: f64,
) -> Evidence {
    let Some(own) = own else { return Evidence::InsufficientData };
    // Each tail has half of the level.
    let within = chosen.alpha / 2.0;
    let own_higher = chosen.selected && own.q <= within;
    let among_high = surroundings.is_some_and(|found| {
        found.significant && !found.borderline && found.quadrant == Quadrant::HighHigh
    });
    let is_tested = own_higher || among_high;
    if is_tested && own.p_above >= PROBABLE {
        Evidence::Probable
    } else if is_tested || own.p_above >= SIGNAL {
        Evidence::Signal
    } else if chosen.selected && own.q_lower <= within {
        Evidence::Lower
    } else if power_rr2 < MIN_POWER {
        Evidence::CouldNotHaveBeenDistinguished
    } else {
        Evidence::NotDistinguishable
    }
}

/// The class of a region that took no part.
pub(super) fn of_absent(status: TestStatus) -> Evidence {
    match status {
        TestStatus::NoData(Status::NoData | Status::NotCovered) => Evidence::NoData,
        _ => Evidence::InsufficientData,
    }
}

/// What this version does not check, printed with every class.
pub(super) fn not_checked(n_dropped_links: usize) -> Vec<String> {
    let mut list = vec![
        "groups of regions (scan statistic)".to_owned(),
        "persistence over many periods".to_owned(),
        "replication on a disjoint window or a second source, so no region is `established`".to_owned(),
        "other weights, without the largest incident, without each reporting unit, other windows, other levels, border regions"
            .to_owned(),
    ];
    if n_dropped_links > 0 {
        list.push(format!("{n_dropped_links} links to regions without data, which were dropped"));
    }
    list
}
