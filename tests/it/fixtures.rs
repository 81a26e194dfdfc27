//! The fixtures of the methods that concern these stages: published numbers every build must reproduce.

use saet::{
    model::Relation,
    pipeline,
    statistics::{
        attendance,
        interval::{Confidence, ratio},
        numerics::pvalue::{Alternative, reach},
        own_rate::power,
    },
};

use crate::examples::catalogue_with;

/// Runs a definition's examples through read, locate and count.
#[track_caller]
fn check(id: &str, definition: &str) {
    let own: Vec<_> = catalogue_with(id, definition)
        .into_iter()
        .filter(|definition| definition.indicator.id.as_str() == id)
        .collect();
    assert_eq!(own.len(), 1);
    let problems = pipeline::examples(&own);
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn totals_are_the_sums_of_the_ideologies() {
    check(
        "fixture.pmk",
        r#"
id = "fixture.pmk"
cluster = "crime"
title.en = "Politically motivated crime"
direction = "higher_is_worse"
limits.en = "A fixture."
derived_from = "PMK 2018 and 2019"

[[measure]]
id = "count"
kind = "count"
unit.en = "offences"
numerator = { table = "crimes", count = "sum:count", where = "ideology IS NOT NULL" }

[[example]]
crimes = """
region | period | offence | ideology  | count
A      | 2019   | any     | right     | 22342
A      | 2019   | any     | left      | 9849
A      | 2019   | any     | foreign   | 1897
A      | 2019   | any     | religious | 425
A      | 2019   | any     | other     | 6664
A      | 2018   | any     | right     | 20431
A      | 2018   | any     | left      | 7961
A      | 2018   | any     | foreign   | 2487
A      | 2018   | any     | religious | 586
A      | 2018   | any     | other     | 4597
"""
expect = """
measure | region | period | ideology | numerator
count   | A      | 2019   | total    | 41177
count   | A      | 2018   | total    | 36062
count   | A      | 2019   | right    | 22342
"""
"#,
    );
}

#[test]
fn persons_do_not_add_up_and_offences_do() {
    check(
        "fixture.persons",
        r#"
id = "fixture.persons"
cluster = "support"
title.en = "Members"
direction = "higher_is_worse"
limits.en = "A fixture."
derived_from = "Fixtures"

[[measure]]
id = "persons"
kind = "persons"
unit.en = "persons"
additive = false
numerator = { table = "organisations", count = "sum:members" }

[[measure]]
id = "count"
kind = "count"
unit.en = "offences"
numerator = { table = "crimes", count = "sum:count", where = "ideology IS NOT NULL" }

[[example]]
title = "the nation's own figure is not the sum of the regions', and without one there is none"
organisations = """
region | period | ideology | role      | members | rounding
A      | 2016   | right    | extremist | 120     | 10
B      | 2016   | right    | extremist | 90      | 10
all    | 2016   | right    | extremist | 180     | 10
A      | 2017   | right    | extremist | 100     | 10
B      | 2017   | right    | extremist | 80      | 10
"""
crimes = """
region | period | offence | ideology | count
A      | 2016   | any     | right    | 3
B      | 2016   | any     | right    | 4
"""
expect = """
measure | region | period | ideology | numerator
persons | all    | 2016   | right    | 180
persons | all    | 2017   | right    | -
count   | all    | 2016   | right    | 7
"""
"#,
    );
}

#[test]
fn a_heavy_tail_and_a_missing_size_are_said() {
    let summary = attendance::summarise(&[100, 100, 100, 100, 1200], 5).unwrap();
    assert_eq!(summary.total, 1600);
    assert!((summary.mean.unwrap() - 320.0).abs() < 1e-12);
    assert!((summary.rest_mean.unwrap() - 100.0).abs() < 1e-12);
    assert!((summary.top_share.unwrap() - 0.75).abs() < 1e-12);
    let nine_of_ten = attendance::summarise(&[10; 9], 10).unwrap();
    assert_eq!((nine_of_ten.n_events, nine_of_ten.n_sized), (10, 9));
    assert!((nine_of_ten.missing_share - 0.1).abs() < 1e-12);
}

#[test]
fn a_suspicious_zero_is_improbable() {
    // e^−8.6 = 0.000184, printed as 0.0002.
    assert!((power::zero(8.6, None) - 0.000_184).abs() < 0.5e-6);
}

#[test]
fn draws_reach_what_the_correction_needs() {
    for (n, draws) in [(290, 11_599), (400, 15_999), (3_143, 125_719), (10_800, 431_999)] {
        assert_eq!(reach(n, 0.05, Alternative::TwoSided), draws);
    }
}

#[test]
fn a_ratios_interval_depends_on_its_relation() {
    // Three printed decimals.
    for (x, n, relation, lower, upper) in
        [(30, 60.0, Relation::Disjoint, 0.311, 0.787), (30, 60.0, Relation::Nested, 0.377, 0.623)]
    {
        let found = ratio::limits(x, n, relation, Confidence::P95).unwrap();
        assert!((found.0 - lower).abs() < 0.5e-3 && (found.1 - upper).abs() < 0.5e-3, "{found:?}");
    }
}
