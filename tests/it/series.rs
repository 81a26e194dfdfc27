//! Series and spreads end to end: alarms, suspected breaks and concentration of assessments small enough to check by hand.

use std::{fmt::Write as _, fs};

use saet::{
    assessment,
    count::catalogue,
    model::{AlarmMethod, Concentration, ConcentrationIndex, Trend, Watch},
    pipeline::{self, Computed, Progress},
    protect::{Edition, Policy, Released, release},
    render::{self, Artefact},
};

/// Districts 01 to 04, squares in a row.
fn districts() -> String {
    let square = |x: u32| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"0{n}","name":"District {n}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},50],[{n},50],[{n},51],[{x},51],[{x},50]]]}}}}"#,
            n = x + 1
        )
    };
    let features: Vec<String> = (0..4).map(square).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// Runs an assessment of the four districts, 9 000 people each, over one source.
fn computed(every: &str, years: (i32, i32), source: &str, file: &(&str, String)) -> Computed {
    let (from, to) = years;
    let window = if every == "year" { 6 } else { 12 };
    let folder = tempfile::tempdir().unwrap();
    let declared = format!(
        r#"
[assessment]
title = "Four districts"
geo_version = "2020"
levels = ["country", "district"]
periods = {{ every = "{every}", from = {from}, to = {to} }}
windows = [{window}]
ideologies = ["right"]
test_levels = ["district"]
seed = 1

[regions]
district = {{ path = "districts.geojson", id = "code", name = "name" }}

[[source]]
id = "people"
table = "population"
path = "people.csv"
columns = {{ region = "code", period = "date", persons = "n" }}
{source}"#
    );
    let mut people = "code,date,n\n".to_owned();
    for year in from - 1..to {
        for code in 1..=4 {
            writeln!(people, "0{code},{year}-12-31,9000").unwrap();
        }
    }
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("assessment.toml", &declared);
    write("districts.geojson", &districts());
    write("people.csv", &people);
    write(file.0, &file.1);
    let assessment =
        assessment::load(folder.path(), None).unwrap_or_else(|found| panic!("{found}"));
    let definitions = catalogue::load(None).unwrap();
    pipeline::compute(&assessment, &definitions, &Progress::new(false, 0))
        .unwrap_or_else(|found| panic!("{found}"))
}

const CHRONICLE: &str = r#"
[[source]]
id = "chronicle"
table = "events"
path = "events.csv"
columns = { id = "id", date = "date", region = "code", kind = "kind" }
constants = { ideology = "right" }
covers = { dates = ["2014-01-01", "2019-12-31"] }
"#;

/// Events of 2014 to 2019: four a month in 01 and 02, twenty in 01 in the last month; one every third month in 03; none in 04.
fn chronicle() -> (&'static str, String) {
    let mut events = "id,date,code,kind\n".to_owned();
    let mut id = 0;
    for month in 0..72 {
        let (year, of_year) = (2014 + month / 12, month % 12 + 1);
        let counts = [
            if month == 71 { 20 } else { 3 + (month * 7) % 3 },
            3 + (month * 5) % 3,
            u32::from(month % 3 == 0),
        ];
        for (district, n) in (1..).zip(counts) {
            for day in 1..=n {
                id += 1;
                let date = format!("{year}-{of_year:02}-{day:02}");
                writeln!(events, "{id},{date},0{district},attack.arson").unwrap();
            }
        }
    }
    ("events.csv", events)
}

fn with_break(at: &str) -> String {
    format!(
        "{CHRONICLE}\n[[break]]\nsource = \"chronicle\"\nat = \"{at}\"\nreason = \"a new office\"\n"
    )
}

/// The watched series of the country and districts 01 to 04.
fn watches(computed: &Computed) -> Vec<&Watch> {
    let found: Vec<&Watch> = computed.draft.watches.iter().collect();
    let of_events = found.iter().all(|watch| {
        computed.frame.indicators[watch.measure.indicator].id.as_str() == "events.notable"
    });
    assert!(of_events && found.len() == 5, "{found:?}");
    found
}

fn released(computed: &Computed, edition: Edition) -> Released {
    let policy = Policy { edition, hide_up_to: 9, round_to: 5, labels_from_level: 1 };
    release(computed.frame.clone(), computed.draft.clone(), &policy).unwrap()
}

/// One file of an edition.
fn artefact(released: &Released, wanted: &str) -> String {
    let mut found = Vec::new();
    let mut keep = |path: &str, artefact: Artefact<'_>| {
        if path == wanted {
            artefact.write_to(&mut found).map_err(|error| panic!("{error}"))
        } else {
            Ok(())
        }
    };
    render::render(released, &mut keep).unwrap();
    String::from_utf8(found).unwrap()
}

#[test]
fn a_planted_outbreak_raises_an_alarm_and_a_quiet_series_does_not() {
    let computed = computed("month", (2014, 2019), CHRONICLE, &chronicle());
    let found = watches(&computed);
    let outbreak = found[1].watched.unwrap();
    assert!(outbreak.alarm && outbreak.method == AlarmMethod::Farrington, "{outbreak:?}");
    assert!(outbreak.observed == 20 && (outbreak.expected - 4.0).abs() < 1.0, "{outbreak:?}");
    assert!(outbreak.p.is_some_and(|p| p < 1e-4) && outbreak.upper < 12.0);
    let quiet = found[2].watched.unwrap();
    assert!(!quiet.alarm && quiet.exceedance.is_some_and(|times| times < 1.0), "{quiet:?}");
    assert!(found[0].is_alarm(), "the country has it too");
    for (at, why) in [(3, "fewer than 1 a month before"), (4, "fewer than 1 a month before")] {
        assert_eq!((found[at].watched, found[at].reason.as_deref()), (None, Some(why)));
    }
    assert!(found.iter().all(|watch| watch.period == Some(71)));

    let restricted = released(&computed, Edition::Restricted);
    let page = artefact(&restricted, "indicators/events.notable.html");
    assert!(page.contains("2019-12: 2 of 3 watched series hold more than their past explains"));
    assert!(
        page.contains("about 0.015 false alarms among so many (0.005 for each series); on made-up series it made up to 0.054.")
    );
    assert!(page.contains("2 series have no answer: fewer than 1 a month before."));
    assert!(page.contains("Alarms: counts above the limit that their past sets"));
    let national = artefact(&restricted, "index.html");
    assert!(
        national.contains("hold more than their past explains: District 1, Country"),
        "{national}"
    );
    let table = artefact(&restricted, "tables/alarms.csv");
    assert_eq!(table.lines().filter(|line| line.contains(",true,")).count(), 2);

    let public = released(&computed, Edition::Public);
    assert!(public.watches().iter().all(|watch| watch.watched.is_none()));
    let page = artefact(&public, "indicators/events.notable.html");
    assert!(page.contains("5 series have no answer: withheld by disclosure control."));
    assert!(!artefact(&public, "index.html").contains("watched series"));
    assert!(!artefact(&public, "tables/alarms.csv").contains("a month before"));
}

#[test]
fn nothing_is_compared_across_a_declared_break() {
    let whole = computed("month", (2014, 2019), CHRONICLE, &chronicle());
    let cut = computed("month", (2014, 2019), &with_break("2016-11-01"), &chronicle());
    let n_baseline = |computed: &Computed| watches(computed)[1].watched.unwrap().n_baseline;
    // November 2014 to May 2019 in the one, from November 2016 in the other: the last six months before are left out.
    assert_eq!((n_baseline(&whole), n_baseline(&cut)), (55, 31));
    assert!(watches(&cut)[1].is_alarm() && !watches(&cut)[2].is_alarm());
    let reason = |at: &str| {
        let computed = computed("month", (2014, 2019), &with_break(at), &chronicle());
        let found = watches(&computed)[1].clone();
        assert!(found.watched.is_none());
        found.reason.unwrap()
    };
    assert_eq!(reason("2017-06-15"), "fewer than 3 earlier years since recording changed");
    assert_eq!(reason("2019-12-15"), "recording changed within the last period");
    let halves = computed("half_year", (2014, 2019), CHRONICLE, &chronicle());
    assert!(watches(&halves)[1].reason.as_ref().unwrap().contains("a quarter or shorter"));
    let years = computed("year", (2014, 2019), CHRONICLE, &chronicle());
    assert!(watches(&years)[1].reason.as_ref().unwrap().contains("12 years in a row"));
}

#[test]
fn concentration_is_what_a_hand_makes_of_it() {
    let computed = computed("month", (2014, 2019), CHRONICLE, &chronicle());
    // All ideologies together, 2019: 01 has 11 months of 4 in the mean and 20; 02 has 48, 03 has 4, 04 none.
    let is_last_year = |found: &&Concentration| {
        found.ideology == 0
            && computed.frame.calendar.period(found.period).label == "2019-01–2019-12"
    };
    let found = computed.draft.concentrations.iter().find(is_last_year).unwrap();
    let counts = [63.0, 48.0, 4.0, 0.0];
    assert_eq!((found.n_regions, found.total), (Some(4), Some(115)));
    let recorded = |index| found.get(index).unwrap().recorded;
    let shown = [3.0, 2.0, 1.0, 1.0, 63.0 / 115.0];
    for (index, by_hand) in ConcentrationIndex::ALL.into_iter().zip(shown) {
        assert!((recorded(index) - by_hand).abs() < 1e-12, "{index:?}");
    }
    // The six pairs differ by 15, 59, 63, 44, 48 and 4.
    assert!((recorded(ConcentrationIndex::Gini) - 233.0 / (4.0 * 115.0)).abs() < 1e-12);
    let herfindahl: f64 = counts.iter().map(|x| x / 115.0 * (x / 115.0)).sum();
    assert!((recorded(ConcentrationIndex::Herfindahl) - herfindahl).abs() < 1e-12);
    let reached = found.get(ConcentrationIndex::Reached).unwrap().proportional.unwrap();
    // Four districts of one size: nobody is left out of 115 events by chance.
    assert_eq!((reached.expected, reached.limits), (4.0, (4.0, 4.0)));
    let gini = found.get(ConcentrationIndex::Gini).unwrap().proportional.unwrap();
    assert!((gini.p - 0.01).abs() < 1e-12 && gini.limits.1 < recorded(ConcentrationIndex::Gini));
    let empty = computed.draft.concentrations.iter().find(|found| found.indices.is_empty());
    assert!(empty.is_none(), "every month has events");

    let restricted = released(&computed, Edition::Restricted);
    let page = artefact(&restricted, "indicators/events.notable.html");
    assert!(page.contains("Half of the 115 events were recorded in 1 of 4 areas (district level, 2019-01–2019-12); spread like the population it would have been about 2 (2 to 2)."));
    assert!(page.contains("That is more concentrated than the population (p = 0.010)."));

    let public = released(&computed, Edition::Public);
    assert!(public.concentrations().iter().all(|found| !found.has_figures()));
    let page = artefact(&public, "indicators/events.notable.html");
    assert!(page.contains("No figure for 2019-01–2019-12: withheld by disclosure control."));
    let csv = artefact(&public, "tables/concentration.csv");
    assert_eq!(csv.lines().count(), 1 + public.concentrations().len(), "one bare row each");
}

/// The Bulgarian police series of METHODS §4.3 as the offences of district 01; nothing is known of its fourth year.
fn police(declared: &str) -> Trend {
    let counts = [20, 20, 29, 0, 651, 617, 704, 28, 22, 46, 22, 727];
    let mut offences = "code,year,offence,n\n".to_owned();
    for (year, count) in (2005..).zip(counts).filter(|(_, count)| *count > 0) {
        writeln!(offences, "01,{year},other,{count}").unwrap();
    }
    let source = format!(
        r#"
[[source]]
id = "police"
table = "crimes"
path = "crimes.csv"
columns = {{ region = "code", period = "year", offence = "offence", count = "n" }}
constants = {{ ideology = "right" }}
{declared}"#
    );
    let computed = computed("year", (2005, 2016), &source, &("crimes.csv", offences));
    let of_district = |trend: &&Trend| {
        computed.frame.tree.get(trend.region).id.as_str() == "01" && trend.ideology == 0
    };
    computed.draft.trends.iter().find(of_district).unwrap().clone()
}

#[test]
fn the_police_series_warns_when_breaks_are_undeclared_and_has_no_trend_when_declared() {
    let warned = police("");
    // Between 2007 and 2009: 2008 is not known.
    assert_eq!((warned.jump, warned.yearly_change), (Some((2, 4)), None));
    assert!(warned.reason.unwrap().contains("check recording"));
    let mut declared = String::new();
    for year in [2009, 2012, 2016] {
        let at = format!(
            "at = {year}
reason = \"counted anew\""
        );
        writeln!(
            declared,
            "
[[break]]
source = \"police\"
{at}"
        )
        .unwrap();
    }
    let split = police(&declared);
    assert_eq!((split.jump, split.yearly_change), (None, None));
    assert!(
        split.reason.unwrap().starts_with("no trend: recording changed, 1 whole periods since")
    );
}
