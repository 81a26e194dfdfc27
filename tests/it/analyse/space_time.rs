//! `saet analyse space-time` through the binary: a planted group found when and where it was planted, and not before.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;

use super::{grid, is_planted};
use crate::runs::{files, saet};

/// Eight by eight squares of 10 000 people.
fn squares(folder: &Path) -> PathBuf {
    let path = folder.join("squares.geojson");
    fs::write(&path, grid(8, |_, _| "\"people\":10000".to_owned())).unwrap();
    path
}

/// Twelve years of a few events in every square, all years alike but for a cross with five times as many in the last two.
fn planted(is_still: bool) -> String {
    let mut text = "code,year,events\n".to_owned();
    for year in 0..12 {
        for (x, y) in (0..64).map(|at| (at % 8, at / 8)) {
            let usual = 3 + (x * 5 + y * 3 + year * 7) % 5;
            let is_time = if is_still { year >= 10 } else { (4..6).contains(&year) };
            let events = if is_time && is_planted(x, y) { 5 * usual } else { usual };
            writeln!(text, "s{x}-{y},{},{events}", 2012 + year).unwrap();
        }
    }
    text
}

fn run(cases: &str, arguments: &[&str], threads: &str) -> (tempfile::TempDir, Output, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let map = squares(place.path());
    let events = place.path().join("events.csv");
    fs::write(&events, cases).unwrap();
    let out = place.path().join("out");
    let done = saet(&["--format", "json", "analyse", "space-time", map.to_str().unwrap()])
        .args([
            "--id",
            "code",
            "--cases",
            events.to_str().unwrap(),
            "--region",
            "code",
            "--time",
            "year",
        ])
        .args(arguments)
        .args(["--out", out.to_str().unwrap()])
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    (place, done, out)
}

struct Results {
    summary: Value,
    /// Code → cells by column.
    regions: BTreeMap<String, BTreeMap<String, String>>,
    files: BTreeMap<String, Vec<u8>>,
}

#[track_caller]
fn searched(cases: &str, arguments: &[&str]) -> Results {
    let (_place, done, out) = run(cases, arguments, "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = files(&out);
    let table = String::from_utf8(files["regions.csv"].clone()).unwrap();
    let mut lines =
        table.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let regions =
        lines.map(|line| (line[0].clone(), names.iter().cloned().zip(line).collect())).collect();
    let summary = serde_json::from_slice(&files["summary.json"]).unwrap();
    Results { summary, regions, files }
}

const PEOPLE: [&str; 4] = ["--population", "people", "--events", "events"];

#[test]
fn a_search_that_would_not_end_is_refused() {
    let asked = [&PEOPLE[..], &["--draws", "999999999"]].concat();
    let (_place, done, out) = run(&planted(false), &asked, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), out.exists()), (Some(2), false), "{said}");
    assert!(said.contains("12 periods and 999,999,999 draws are too much to compare"), "{said}");
}

#[test]
fn a_group_is_found_where_and_when_it_was_planted() {
    let found = searched(&planted(false), &PEOPLE);
    let first = &found.summary["scan"][0];
    assert_eq!((&first["first_period"], &first["last_period"]), (&"2016".into(), &"2017".into()));
    let regions: Vec<&str> =
        first["regions"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let crossed = |code: &str| found.regions[code]["cluster"] == "1";
    for (x, y) in (0..64).map(|at| (at % 8, at / 8)) {
        let code = format!("s{x}-{y}");
        assert_eq!(regions.contains(&code.as_str()), is_planted(x, y), "{code}");
        assert_eq!(crossed(&code), is_planted(x, y), "{code}");
        assert_eq!(found.regions[&code]["status"], "tested");
    }
    assert!(first["p"].as_f64().unwrap() <= 0.025 && first["kept"] == true);
    // Expected: each year's events in proportion to population, so 5 of 64 squares of the two years.
    let of_year = |wanted: usize| -> f64 {
        let lines = planted(false);
        let own = lines.lines().filter(|line| line.contains(&format!(",{wanted},")));
        own.map(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap()).sum()
    };
    let expected = (of_year(2016) + of_year(2017)) * 5.0 / 64.0;
    assert!((first["expected"].as_f64().unwrap() / expected - 1.0).abs() < 1e-12);
    assert!(first["recurrence_interval"].is_null(), "it may be over: no recurrence");
    let names: Vec<&str> = found.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["clusters.csv", "index.html", "map.svg", "regions.csv", "summary.json"]);
    let page = String::from_utf8(found.files["index.html"].clone()).unwrap();
    assert!(
        page.contains("5 regions around s3-5 had more events than chance explains, 2016 to 2017")
    );
}

#[test]
fn what_is_over_is_not_emerging_and_what_lasts_is() {
    let now = [&PEOPLE[..], &["--prospective"]].concat();
    let over = searched(&planted(false), &now);
    let kept = |found: &Results| {
        found.summary["scan"].as_array().unwrap().iter().filter(|at| at["kept"] == true).count()
    };
    assert_eq!(kept(&over), 0, "{}", over.summary["scan"]);
    let still = searched(&planted(true), &now);
    assert_eq!(kept(&still), 1);
    let first = &still.summary["scan"][0];
    assert_eq!((&first["first_period"], &first["last_period"]), (&"2022".into(), &"2023".into()));
    let recurs = first["recurrence_interval"].as_f64().unwrap();
    assert!((recurs * first["p"].as_f64().unwrap() - 1.0).abs() < 1e-12, "1/p");
    // Twelve years are enough to name developments: the middle of the cross is hot for the last two only.
    let middle = &still.regions["s3-5"];
    assert_eq!(
        (middle["development"].as_str(), middle["hot_periods"].as_str()),
        ("consecutive hot spot", "2")
    );
    assert_eq!(still.regions["s7-0"]["development"], "no pattern");
}

#[test]
fn dealing_dates_anew_needs_no_population_and_finds_changes_only() {
    let events = ["--events", "events", "--model", "permutation"];
    let found = searched(&planted(false), &events);
    assert_eq!(found.summary["scan"][0]["first_period"], "2016");
    assert!(found.summary["scan"][0]["kept"] == true);
    assert_eq!(found.regions["s3-5"]["development"], "", "without a population nothing is said");
    // The cross has more all the time: no change.
    let mut always = "code,year,events\n".to_owned();
    for year in 2012..2024 {
        for (x, y) in (0..64).map(|at| (at % 8, at / 8)) {
            writeln!(always, "s{x}-{y},{year},{}", if is_planted(x, y) { 30 } else { 6 }).unwrap();
        }
    }
    let found = searched(&always, &events);
    assert_eq!(
        found.summary["headline"],
        "No group of regions had more events at some time than chance explains"
    );
    let poisson = [&PEOPLE[..], &["--model", "poisson"]].concat();
    let found = searched(&always, &poisson);
    assert_eq!(found.summary["scan"][0]["regions"].as_array().unwrap().len(), 5);
}

#[test]
fn rows_of_single_events_are_counted_by_period() {
    let mut rows = "code,year\n".to_owned();
    for line in planted(true).lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        for day in 1..=cells[2].parse::<u32>().unwrap() {
            writeln!(rows, "{},{}-03-{:02}", cells[0], cells[1], 1 + day % 28).unwrap();
        }
    }
    let counted = searched(&planted(true), &PEOPLE);
    let single = searched(&rows, &["--population", "people", "--every", "year"]);
    assert_eq!(counted.files["clusters.csv"], single.files["clusters.csv"]);
    assert_eq!(counted.files["regions.csv"], single.files["regions.csv"]);
}

#[test]
fn the_same_bytes_come_out_at_one_and_two_threads() {
    let (_one, done, first) = run(&planted(true), &PEOPLE, "1");
    assert!(done.status.success());
    let (_two, done, second) = run(&planted(true), &PEOPLE, "2");
    assert!(done.status.success());
    for name in ["clusters.csv", "regions.csv", "map.svg", "index.html"] {
        assert_eq!(files(&first)[name], files(&second)[name], "{name}");
    }
}

#[test]
fn mistakes_are_named_together_and_nothing_is_written() {
    let wrong = "code,year,events\ns0-0,2012,3\ns9-9,2012,1\ns0-1,2o12,1\ns0-2,2013,-1\ns0-3,2013,\n,2013,1\n";
    let (_place, done, out) = run(wrong, &PEOPLE, "2");
    assert_eq!(done.status.code(), Some(3));
    assert!(!out.exists());
    let said = String::from_utf8(done.stderr).unwrap();
    let problems: Vec<Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (message, line) in [
        ("no region of the map has the code `s9-9`", 3),
        ("`2o12` is no date, month, quarter or year", 4),
        ("`-1` is negative", 5),
        ("the count is missing", 6),
        ("the row has no region", 7),
    ] {
        let problem = problems.iter().find(|problem| problem["message"] == message);
        let problem = problem.unwrap_or_else(|| panic!("{message} is not said: {said}"));
        assert_eq!(problem["line"].as_u64(), Some(line), "{message}");
        assert!(!problem["help"].as_str().unwrap().is_empty());
    }
    assert_eq!(problems.len(), 5, "{said}");
    let (_place, done, _) = run("code,year,events\ns0-0,2012,3\n", &PEOPLE, "2");
    assert!(String::from_utf8(done.stderr).unwrap().contains("holds no two years to compare"));
    let (_place, done, _) = run(&planted(true), &["--events", "events", "--longest", "2"], "2");
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(said.lines().count(), 2, "no population, and no share of time: {said}");
}
