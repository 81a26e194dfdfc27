//! Evidence classes: what two test families together say of a region, and what they did not check.

use crate::model::{Evidence, OwnRate, Quadrant, Status, Surroundings, TestStatus};

use super::{hotbed::Chosen, persistence::FEWEST_PERIODS, surface::Table};

/// P(RR > 1.25) from which a region is a signal.
const SIGNAL: f64 = 0.8;

/// P(RR > 1.25) from which, with a test, it is probable.
const PROBABLE: f64 = 0.95;

/// Power at a doubled rate below which silence means nothing.
const MIN_POWER: f64 = 0.5;

/// P(RR > 1) a member of a group needs: membership alone says nothing of a region.
const MEMBER: f64 = 0.8;

/// The class of a tested region by its tests; [`super::robustness`] raises `Probable` to `Established`. `group_p` is that of the
/// group it is a member of.
pub(super) fn class(
    own: Option<&OwnRate>,
    surroundings: Option<&Surroundings>,
    group_p: Option<f64>,
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
    let in_group =
        chosen.selected && group_p.is_some_and(|p| p <= within) && own.p_above_one >= MEMBER;
    let is_tested = own_higher || among_high || in_group;
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

/// What was not checked on a surface, printed with every class.
pub(super) fn not_checked(table: &Table, has_persistence: bool) -> Vec<String> {
    let mut list = Vec::new();
    if !table.surface.primary {
        list.push(
            "groups of regions, replication and the single checks: made on primary surfaces only"
                .to_owned(),
        );
    }
    if !has_persistence {
        list.push(format!(
            "persistence: fewer than {FEWEST_PERIODS} disjoint periods of the same length"
        ));
    }
    if table.n_dropped_links > 0 {
        let n = table.n_dropped_links;
        list.push(format!("{n} links to regions without data, which were dropped"));
    }
    list
}
