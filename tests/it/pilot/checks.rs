//! Declared checks of the pilot's sources, and what the capacity table says.

use saet::model::CapacityState;

use super::{Pilot, pilot};

impl Pilot {
    pub(super) fn key_of(&self, indicator: &str) -> usize {
        let indicators = &self.computed.frame.indicators;
        indicators
            .iter()
            .position(|found| found.id.as_str() == indicator)
            .expect("in the catalogue")
    }
}

#[test]
fn six_rows_whose_state_contradicts_the_code_are_reported() {
    let Some(pilot) = pilot() else { return };
    let checks = &pilot.report("arvig").checks;
    let state = checks.iter().find(|check| check.what.contains("`state`")).expect("declared");
    assert_eq!((state.n_compared, state.n_conflicts), (6_918, 6));
    assert_eq!(state.lines.len(), 6);
    assert!(
        state.lines.iter().any(|line| line.contains("Niedersachsen") && line.contains("05978"))
    );
    let points =
        checks.iter().find(|check| check.what.contains("coordinates")).expect("both are there");
    assert_eq!((points.n_compared, points.n_conflicts), (6_918, 0));
}

#[test]
fn the_capacity_table_says_what_is_missing_and_why() {
    let Some(pilot) = pilot() else { return };
    let capacity = &pilot.computed.draft.capacity;
    assert_eq!(capacity.len(), 12 * pilot.computed.frame.tree.len());
    let kreis = pilot.region("kreis", "14612");
    let of = |indicator: &str| {
        let indicator = pilot.key_of(indicator);
        let row = capacity.iter().find(|row| row.region == kreis && row.indicator == indicator);
        &row.expect("one row a region and core indicator").state
    };
    assert_eq!(*of("events.notable"), CapacityState::Present);
    assert_eq!(*of("support.electoral"), CapacityState::Present);
    for missing in ["support.approval", "support.active", "support.extremist_orgs"] {
        assert!(
            matches!(of(missing), CapacityState::Missing(why) if why.contains("no source feeds it"))
        );
    }
}
