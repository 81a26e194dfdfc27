//! Composites that a file asks for: made of what was counted, never without their sensitivity, never of support.

use std::fmt::Write as _;

use saet::{
    diagnostics::{Problems, codes},
    pipeline::Computed,
    protect::{Edition, Policy, release},
};

use crate::declared::attempt;

const EVENTS: &str = r#"
[[source]]
id = "chronicle"
table = "events"
path = "events.csv"
columns = { date = "date", region = "code", kind = "kind", ideology = "side", violent = "violent" }
covers = { dates = ["2019-01-01", "2020-12-31"], ideologies = ["right"] }
"#;

const COMPOSITE: &str = r#"
[[composite]]
title = "Activity and violence"
level = "district"
components = [
    { of = "events.notable/count", weight = 3 },
    { of = "events.violence/share", weight = 1 },
]
"#;

/// Gatherings by district, and how many of them turned violent.
fn events(by_district: [(u32, u32); 4]) -> String {
    let mut text = "date,code,kind,side,violent\n".to_owned();
    for (code, (n, n_violent)) in (1..).zip(by_district) {
        for at in 0..n {
            let violent = if at < n_violent { "yes" } else { "no" };
            writeln!(text, "2020-03-0{},0{code},gathering.rally,right,{violent}", at % 9 + 1)
                .unwrap();
        }
    }
    text
}

fn combined(declared: &str, by_district: [(u32, u32); 4]) -> Result<Computed, Problems> {
    attempt(&format!("{EVENTS}{declared}"), &[("events.csv", events(by_district).as_bytes())])
}

#[test]
fn a_composite_comes_with_what_its_ranks_hang_on() {
    let computed = combined(COMPOSITE, [(90, 9), (60, 12), (30, 3), (12, 1)]).unwrap();
    let [composite] = &computed.draft.composites[..] else { panic!("one was asked for") };
    assert_eq!(composite.reason, None);
    let ranks: Vec<f64> = composite.places.iter().map(|place| place.rank).collect();
    // Three quarters of the weight are on the number of events.
    assert_eq!(ranks, [1.0, 2.0, 3.0, 4.0]);
    for place in &composite.places {
        assert!(place.limits.0 <= place.rank && place.rank <= place.limits.1, "{place:?}");
    }
    // Without the number of events the second would be the first.
    assert!(composite.without[0].unwrap() > 0.0);
    let shares: Vec<&str> = composite.shares.iter().map(|(source, ..)| *source).collect();
    assert_eq!(
        shares,
        [
            "weights ± 25 %",
            "scale",
            "kind of mean",
            "leaving a component out",
            "chance in the counts"
        ]
    );
    assert!(composite.average_shift.unwrap().0 > 0.0);
}

#[test]
fn regions_without_a_component_are_left_out_and_too_few_are_a_reason() {
    let computed = combined(COMPOSITE, [(90, 9), (60, 12), (0, 0), (0, 0)]).unwrap();
    assert_eq!(computed.draft.composites[0].places.len(), 2);
    let computed = combined(COMPOSITE, [(90, 9), (0, 0), (0, 0), (0, 0)]).unwrap();
    let composite = &computed.draft.composites[0];
    assert!(composite.places.is_empty());
    assert_eq!(composite.reason.as_deref(), Some("fewer than two areas have all components"));
}

#[test]
fn the_public_edition_withholds_what_is_made_of_protected_counts() {
    let Computed { frame, draft, .. } =
        combined(COMPOSITE, [(90, 9), (60, 12), (30, 3), (12, 1)]).unwrap();
    let policy =
        Policy { edition: Edition::Public, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    let released = release(frame, draft, &policy).unwrap();
    let composite = &released.composites()[0];
    assert!(composite.places.is_empty() && composite.shares.is_empty());
    assert!(composite.reason.as_deref().unwrap().contains("disclosure"));
    assert!(composite.without.iter().all(Option::is_none) && composite.average_shift.is_none());
}

#[test]
fn support_never_orders_areas_and_slips_are_named() {
    let complaint = |declared: String| {
        let found = combined(&declared, [(9, 1); 4]).err().expect("it is wrong");
        (found.0[0].code, format!("{} {:?}", found.0[0], found.0[0].help))
    };
    let (code, text) =
        complaint(COMPOSITE.replace("events.violence/share", "support.electoral/share_valid"));
    assert!(code == &codes::BAD_VALUE && text.contains("never orders areas"), "{text}");
    let (code, text) = complaint(COMPOSITE.replace("notable/count", "notible/count"));
    assert!(code == &codes::UNKNOWN_NAME && text.contains("events.notable"), "{text}");
    let (_, text) = complaint(COMPOSITE.replace("events.violence/share", "events.violence"));
    assert!(text.contains("indicator/measure"), "{text}");
    let (_, text) = complaint(COMPOSITE.replace("weight = 3", "weight = 0"));
    assert!(text.contains('0'), "{text}");
}
