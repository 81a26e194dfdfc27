//! Laws of protection: what an edition shows never reveals a small count, whatever the draft held.

#![allow(clippy::unwrap_used, reason = "a test may panic; helpers are not marked as tests")]

use std::collections::BTreeSet;

use saet::{
    model::{Evidence, MeasureKey, MeasureKind, Protection, SliceKey, Status, TestStatus},
    protect::{Edition, Policy, Released, release},
};

use crate::world::{self, World};

const POLICY: Policy =
    Policy { edition: Edition::Public, hide_up_to: 9, round_to: 5, labels_from_level: 1 };

fn released(world: World, policy: Policy) -> Released {
    release(world.frame, world.draft, &policy).unwrap()
}

fn protected_keys(released: &Released) -> Vec<usize> {
    (0..released.estimates().len())
        .filter(|&at| {
            let key = released.estimates()[at].key;
            released.measure(key).1.protection == Protection::Protected
        })
        .collect()
}

#[test]
fn the_restricted_edition_shows_everything() {
    let world = world::tiny();
    let expected = format!("{:?}", world.draft.estimates);
    let shown = released(world, Policy { edition: Edition::Restricted, ..POLICY });
    assert_eq!(format!("{:?}", shown.estimates()), expected);
    assert!(!shown.watermark() && shown.reconciliation().is_some());
}

#[test]
fn no_shown_count_lies_below_the_threshold_and_all_are_rounded() {
    let shown = released(world::tiny(), POLICY);
    let mut n_shown = 0;
    let mut n_hidden = 0;
    for at in protected_keys(&shown) {
        let panel = &shown.estimates()[at].panel;
        for cell in panel.keys().filter_map(|key| panel.slice(key)).flatten() {
            for count in [cell.numerator, cell.n_units, cell.unknown].into_iter().flatten() {
                assert!(count == 0 || count > 9, "{count} is shown");
                assert_eq!(count % 5, 0);
                n_shown += 1;
            }
            n_hidden += usize::from(cell.status == Status::Suppressed);
            assert!(cell.smoothed.is_none() && cell.p_above.is_none());
        }
    }
    assert!(n_shown > 100 && n_hidden > 20, "the world has both: {n_shown} and {n_hidden}");
}

#[test]
fn a_hidden_cell_carries_no_number_and_zero_is_not_hidden() {
    let world = world::tiny();
    let draft = world.draft.clone();
    let shown = released(world, POLICY);
    for (before, after) in draft.estimates.iter().zip(shown.estimates()) {
        let (_, measure) = shown.measure(after.key);
        let Some(cells) = before.panel.slice(SliceKey::TOTAL) else { continue };
        for (was, is) in cells.iter().zip(after.panel.slice(SliceKey::TOTAL).unwrap()) {
            match was.numerator {
                Some(1..=9) if measure.protection == Protection::Protected => {
                    assert_eq!(is.status, Status::Suppressed);
                    assert!(is.value.is_none() && is.interval95.is_none() && is.exposure.is_none());
                    assert_eq!(is.reliability, saet::model::Reliability::None);
                }
                Some(0) if measure.kind == MeasureKind::Count => {
                    assert_eq!(is.status, Status::ZeroRecorded);
                    assert!(is.interval95.is_some());
                }
                _ => {}
            }
        }
    }
}

#[test]
fn open_counts_pass_unchanged() {
    let world = world::tiny();
    let votes = world.draft.estimates.iter().position(|found| found.key.indicator == 9).unwrap();
    let before = format!("{:?}", world.draft.estimates[votes]);
    assert_eq!(format!("{:?}", released(world, POLICY).estimates()[votes]), before);
}

#[test]
fn hidden_regions_have_no_class_and_fine_levels_no_label() {
    let shown = released(world::tiny(), POLICY);
    let found = &shown.findings()[0];
    assert!(found.regions.iter().any(|finding| finding.status == TestStatus::Suppressed));
    for finding in &found.regions {
        assert!(matches!(finding.evidence, Evidence::Withheld | Evidence::NoData));
        assert!(
            finding.own.is_none() && finding.surroundings.is_none() && finding.p_zero.is_none()
        );
        assert!(finding.status != TestStatus::Suppressed || finding.observed.is_none());
    }
    assert!(found.test.p.is_none() && found.test.dispersion.law.is_none());
    assert_eq!(found.test.total % 5, 0);
}

#[test]
fn labels_at_a_permitted_level_leave_hidden_regions_out() {
    let shown = released(world::tiny(), Policy { labels_from_level: 2, ..POLICY });
    let regions = &shown.findings()[0].regions;
    assert!(regions.iter().any(|finding| finding.evidence != Evidence::Withheld));
    for finding in regions.iter().filter(|finding| finding.status == TestStatus::Suppressed) {
        assert_eq!(finding.evidence, Evidence::Withheld);
    }
}

#[test]
fn protecting_twice_equals_protecting_once() {
    let world = world::tiny();
    let frame = world.frame.clone();
    let once = released(world, POLICY);
    let draft = saet::model::Draft {
        estimates: once.estimates().to_vec().into(),
        surveys: Vec::new(),
        composites: Vec::new(),
        findings: once.findings().to_vec(),
        changes: once.changes().to_vec(),
        trends: once.trends().to_vec(),
        concentrations: once.concentrations().to_vec(),
        watches: once.watches().to_vec(),
        capacity: once.capacity().to_vec(),
    };
    let counts = |released: &Released| -> Vec<(Option<u64>, Status)> {
        released
            .estimates()
            .iter()
            .filter_map(|found| found.panel.slice(SliceKey::TOTAL))
            .flatten()
            .map(|cell| (cell.numerator, cell.status))
            .collect()
    };
    let twice = release(frame, draft, &POLICY).unwrap();
    assert_eq!(counts(&once), counts(&twice));
}

#[test]
fn what_is_hidden_does_not_change_what_is_shown() {
    // Two drafts that differ in hidden counts only: every released figure is the same. (The country's own figures
    // stay as they are here: that a shown total moves with a hidden cell is the business of secondary suppression.)
    let mut one = world::tiny();
    let mut other = world::tiny();
    for (world, small) in [(&mut one, 3), (&mut other, 7)] {
        for found in std::sync::Arc::make_mut(&mut world.draft.estimates) {
            found.panel = found.panel.map(|_, _, _, cell| {
                let mut cell = cell.clone();
                if matches!(cell.numerator, Some(1..=9)) {
                    cell.numerator = Some(small);
                    cell.value =
                        cell.value.map(|value| value + f64::from(u32::try_from(small).unwrap()));
                }
                cell
            });
        }
        for finding in &mut world.draft.findings[0].regions {
            if matches!(finding.observed, Some(1..=9)) {
                finding.observed = Some(small);
            }
        }
    }
    let protected = |world: World| {
        let shown = released(world, POLICY);
        protected_keys(&shown)
            .into_iter()
            .map(|at| format!("{:?}", shown.estimates()[at]))
            .chain(shown.findings().iter().map(|found| format!("{found:?}")))
            .collect::<Vec<_>>()
    };
    assert_eq!(protected(one), protected(other));
}

#[test]
fn changes_of_small_counts_are_withheld_and_others_rounded() {
    let shown = released(world::tiny(), POLICY);
    let states: BTreeSet<bool> =
        shown.changes().iter().map(|change| change.counts.is_some()).collect();
    assert_eq!(states.len(), 2, "the world has both");
    for change in shown.changes() {
        match change.counts {
            None => {
                assert!(
                    change.ratio.is_none() && change.difference.is_none() && change.p.is_none()
                );
                assert!(change.reason.is_some());
            }
            Some((earlier, later)) => {
                assert!(earlier % 5 == 0 && later % 5 == 0);
                assert!(!(1..=9).contains(&earlier) && !(1..=9).contains(&later));
            }
        }
    }
}

/// Measures of the tiny world whose series and spreads are made up: events, which are protected, and votes, which are open.
const PROTECTED: MeasureKey = MeasureKey { indicator: 4, measure: 0 };
const OPEN: MeasureKey = MeasureKey { indicator: 9, measure: 0 };

#[test]
fn series_and_spreads_of_protected_counts_are_withheld_with_their_reason() {
    let why = Some("withheld by disclosure control");
    let shown = released(world::tiny(), POLICY);
    let (mut n_trends, mut n_spreads, mut n_watches) = (0, 0, 0);
    for trend in shown.trends().iter().filter(|trend| trend.measure == PROTECTED) {
        assert!(trend.yearly_change.is_none() && trend.p.is_none() && trend.jump.is_none());
        assert!(trend.mann_kendall.is_none() && trend.theil_sen.is_none());
        assert_eq!(trend.reason.as_deref(), why);
        n_trends += 1;
    }
    for found in shown.concentrations().iter().filter(|found| found.measure == PROTECTED) {
        assert!(!found.has_figures(), "{found:?}");
        assert_eq!(found.reason.as_deref(), why);
        n_spreads += 1;
    }
    // Why a series was not watched says how small its counts are.
    for watch in shown.watches().iter().filter(|watch| watch.measure == PROTECTED) {
        assert!(watch.watched.is_none(), "{watch:?}");
        assert_eq!(watch.reason.as_deref(), why);
        n_watches += 1;
    }
    assert!(n_trends > 20 && n_spreads >= 8 && n_watches > 20);
}

#[test]
fn series_and_spreads_of_open_counts_stay_but_small_regions_get_no_alarm() {
    let world = world::tiny();
    let draft = world.draft.clone();
    let shown = released(world, POLICY);
    let open = |found: &&saet::model::Concentration| found.measure == OPEN;
    let before: Vec<_> = draft.concentrations.iter().filter(open).collect();
    assert!(!before.is_empty());
    assert_eq!(shown.concentrations().iter().filter(open).collect::<Vec<_>>(), before);
    let mut n_answers = 0;
    for (was, is) in draft.watches.iter().zip(shown.watches()).filter(|pair| pair.0.measure == OPEN)
    {
        if shown.frame().tree.get(is.region).level <= POLICY.labels_from_level {
            assert_eq!(is, was);
            n_answers += usize::from(is.watched.is_some());
        } else {
            assert!(is.watched.is_none());
            assert_eq!(is.reason.as_deref(), Some("not published for areas of this size"));
        }
    }
    assert!(n_answers > 2, "the country and lands have answers");
}

#[test]
fn row_counts_and_warnings_leave_the_public_edition() {
    let shown = released(world::tiny(), POLICY);
    assert!(shown.reconciliation().is_none() && shown.watermark());
    assert!(shown.frame().warnings.is_empty());
    assert!(
        shown.frame().sources.iter().all(|source| source.used == 0 && source.checks.is_empty())
    );
}
