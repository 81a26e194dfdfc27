//! The catalogue's own examples, and a thirteenth indicator that is one file and no Rust.

use std::fs;

use saet::{
    count::{catalogue, definition::Definition},
    pipeline,
};

/// The built-in catalogue with one file more.
#[track_caller]
pub(crate) fn catalogue_with(id: &str, definition: &str) -> Vec<Definition> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(format!("{id}.toml")), definition).unwrap();
    catalogue::load(Some(folder.path())).unwrap_or_else(|found| panic!("{found}"))
}

#[test]
fn every_example_of_the_catalogue_comes_out() {
    let definitions = catalogue::load(None).expect("the built-in catalogue is sound");
    let n_core = definitions.iter().filter(|definition| definition.indicator.core).count();
    assert_eq!(n_core, 12);
    assert!(definitions.iter().all(|definition| !definition.examples.is_empty()));
    let problems = pipeline::examples(&definitions);
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn the_pilots_overrides_come_out_too() {
    let folder = crate::pilot::configuration().join("indicators");
    let definitions = catalogue::load(Some(&folder)).expect("the overrides are sound");
    let problems = pipeline::examples(&definitions);
    assert!(problems.is_empty(), "{problems}");
}

const THIRTEENTH: &str = r#"
id = "events.night"
cluster = "events"
title.en = "Arson among attacks"
direction = "higher_is_worse"
limits.en = "Attempts are not told from completed arson."
derived_from = "A test"

[[measure]]
id = "share"
kind = "share"
per = 100
unit.en = "% of attacks"
relation = "nested"
numerator   = { table = "events", count = "rows", where = "kind = 'attack.arson'" }
denominator = { table = "events", count = "rows", where = "kind LIKE 'attack.%'" }

[[example]]
events = """
kind                          | ideology | region | date
attack.arson                  | right    | A      | 2016-01-05
attack.arson & attack.assault | right    | A      | 2016-01-06
attack.assault                | right    | B      | 2016-01-07
"""
expect = """
measure | region | period | ideology | numerator | denominator
share   | A      | 2016   | right    | 2         | 2
share   | B      | 2016   | right    | 0         | 1
share   | all    | 2016   | total    | 2         | 3
"""
"#;

#[test]
fn a_thirteenth_indicator_takes_one_file() {
    let definitions = catalogue_with("events.night", THIRTEENTH);
    let added = definitions.last().expect("it comes last");
    assert_eq!(added.indicator.id.as_str(), "events.night");
    let problems = pipeline::examples(&definitions);
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn an_example_that_does_not_come_out_is_a_problem_at_its_row() {
    let wrong = THIRTEENTH.replace(
        "share   | B      | 2016   | right    | 0",
        "share   | B      | 2016   | right    | 1",
    );
    assert_ne!(wrong, THIRTEENTH);
    let problems = pipeline::examples(&catalogue_with("events.night", &wrong));
    assert_eq!(problems.0.len(), 1, "{problems}");
    let shown = problems.to_string();
    assert!(shown.contains("`numerator` of share in B 2016 is 0, expected 1"), "{shown}");
    assert!(shown.contains("events.night.toml:28:"), "{shown}");
}
