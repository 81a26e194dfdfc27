//! Evidence classes: what a surface's tests give [`evidence::class`] to judge, and what they did not check.

use crate::{
    model::{Evidence, OwnRate, Quadrant, Status, Surroundings, TestStatus},
    statistics::evidence::{self, Tests},
};

use super::{hotbed::Chosen, persistence::FEWEST_PERIODS, surface::Table};

/// The class of a tested region by its tests; [`super::robustness`] raises `Probable` to `Established`. `group_p` is that of the
/// group it is a member of. On a surface that was not selected no test counts.
pub(super) fn class(
    own: Option<&OwnRate>,
    surroundings: Option<&Surroundings>,
    group_p: Option<f64>,
    chosen: &Chosen,
    power_rr2: f64,
) -> Evidence {
    let Some(own) = own else { return Evidence::InsufficientData };
    let of_selected = |q: f64| if chosen.selected { q } else { 1.0 };
    let tests = Tests {
        q_upper: of_selected(own.q),
        q_lower: of_selected(own.q_lower),
        p_above_one: own.p_above_one,
        p_above_margin: own.p_above,
        among_high: surroundings.is_some_and(|found| {
            found.significant && !found.borderline && found.quadrant == Quadrant::HighHigh
        }),
        in_cluster: chosen.selected && group_p.is_some_and(|p| p <= chosen.alpha / 2.0),
        power: power_rr2,
    };
    evidence::class(&tests, chosen.alpha)
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
