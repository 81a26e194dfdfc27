//! `saet analyse delays`: factors checked by hand, what is left out said, every mistake named.

use std::{fmt::Write as _, path::Path};

use serde_json::Value;

use super::{Table, file, must_fail, of_kind, run_kind};
use crate::{
    reference::{assert_close, list},
    runs::files,
};

/// Events by month of 2020 and by months until the report; as known at the end of April.
const KNOWN: [&[usize]; 4] = [&[40, 8, 2, 0], &[36, 12, 1], &[44, 9], &[30]];

/// A row an event, with a name that must not be read.
fn registry() -> String {
    let mut text = String::from("name,offence,registered\n");
    for (month, row) in (1..).zip(KNOWN) {
        for (delay, &count) in (0..).zip(row) {
            for at in 0..count {
                let month_of_report: usize = month + delay;
                writeln!(
                    text,
                    "Secretperson,2020-{month:02}-{:02},2020-{month_of_report:02}-{:02}",
                    1 + at % 9,
                    10 + at % 15
                )
                .unwrap();
            }
        }
    }
    text
}

const COLUMNS: [&str; 6] =
    ["--occurred", "offence", "--reported", "registered", "--until", "2020-04-30"];

#[track_caller]
fn delays(path: &Path, arguments: &[&str]) -> Table {
    of_kind("delays", path, arguments, "delays.csv")
}

#[test]
fn factors_and_final_counts_are_those_made_by_hand() {
    let (_place, path) = file("registry.csv", &registry());
    let found = delays(&path, &COLUMNS);
    assert_eq!(
        found.text("triangle.csv"),
        "period,delay_0,delay_1,delay_2\n2020-01,40,8,2\n2020-02,36,12,1\n2020-03,44,9,\n2020-04,30,,\n"
    );
    let column = |key: &str| -> Vec<Option<f64>> {
        let delays = found.summary["delays"].as_array().unwrap();
        delays.iter().map(|delay| delay[key].as_f64()).collect()
    };
    // (40+8+36+12+44+9)/(40+36+44) and (48+2+48+1)/(48+48).
    let factors = column("factor_to_next");
    assert_close(factors[0].unwrap(), 149.0 / 120.0, 1e-12, "first factor");
    assert_close(factors[1].unwrap(), 99.0 / 96.0, 1e-12, "second factor");
    assert_eq!(factors[2], None);
    let shares = column("completeness");
    assert_close(shares[0].unwrap(), 120.0 / 149.0 * 96.0 / 99.0, 1e-12, "at once");
    assert_close(shares[1].unwrap(), 96.0 / 99.0, 1e-12, "a month later");
    for (share, (lower, upper)) in
        shares[..2].iter().zip(column("lower").into_iter().zip(column("upper")))
    {
        let within = lower.unwrap()..upper.unwrap();
        assert!(within.contains(&share.unwrap()) && lower.unwrap() > 0.6, "{within:?}");
    }
    let expected = found.numbers("expected");
    assert_close(expected[0].unwrap(), 50.0, 1e-12, "January");
    assert_close(expected[1].unwrap(), 49.0, 1e-12, "February");
    assert_close(expected[2].unwrap(), 53.0 * 99.0 / 96.0, 1e-12, "March");
    assert_close(expected[3].unwrap(), 30.0 * 149.0 / 120.0 * 99.0 / 96.0, 1e-12, "April");
    assert_eq!(found.cells("reported"), ["50", "49", "53", "30"]);
    assert_eq!(found.cells("provisional")[0], "false");
    assert_eq!(found.cells("provisional")[3], "true");
    let last = (found.numbers("lower")[3].unwrap(), found.numbers("upper")[3].unwrap());
    assert!(30.0 <= last.0 && last.0 < 38.4 && 38.4 < last.1 && last.1 < 60.0, "{last:?}");
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(headline.starts_with("30 events of 2020-04 known so far; about 38.4 ("), "{headline}");
    // Mack by hand: what is still to come of March and of April.
    let come = list(&Value::Array(
        found.summary["mack"]["by_period"]
            .as_array()
            .unwrap()
            .iter()
            .map(|period| period["still_to_come"].clone())
            .collect(),
    ));
    assert_close(come[2], 53.0 * 3.0 / 96.0, 1e-9, "March");
    assert!(
        found.files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("Secretperson"))
    );
}

#[test]
fn what_is_left_out_is_said() {
    let mut text = registry();
    text.push_str(",2020-04-02,2020-05-03\n,2020-05-01,2020-05-02\n,,2020-02-02\n,2020-03-03,?\n,2019-11-05,2020-01-04\n");
    let (_place, path) = file("registry.csv", &text);
    let more = ["--until", "2020-05-20", "--from", "2020-01", "--missing", "?"];
    let found = delays(&path, &[&COLUMNS[..4], &more].concat());
    let notes: Vec<&str> =
        found.summary["notes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for note in [
        "`--until` lies within 2020-05: reports are taken up to the end of 2020-04",
        "rows without `offence`, left out: 1",
        "rows without `registered`, left out: 1",
        "rows reported after 2020-04-30, left out: 2",
        "rows of events before `--from`, left out: 1",
    ] {
        assert!(notes.contains(&note), "{note}: {notes:?}");
    }
    assert_eq!(found.summary["rows_used"], 182);
    assert_eq!(found.cells("reported"), ["50", "49", "53", "30"]);
}

#[test]
fn every_mistake_is_named_at_once() {
    let text = "offence,registered\n2020-01-05,2020-01-02\nsoon,2020-01-02\n2020-02-01,2020\n2020-02-02,2020-02-30\n";
    let (_place, path) = file("registry.csv", text);
    let problems = must_fail("delays", &path, &COLUMNS, 3);
    for (message, line, column) in [
        ("`2020-01-02` lies before the event, `2020-01-05`", 2, "registered"),
        ("`soon` is no date, month, quarter or year", 3, "offence"),
        ("`2020` is a year and lies in no single month", 4, "registered"),
        ("`2020-02-30` is no date, month, quarter or year", 5, "registered"),
    ] {
        let problem = problems.iter().find(|problem| problem["message"] == message);
        let problem = problem.unwrap_or_else(|| panic!("{message} is not said: {problems:?}"));
        assert!(
            problem["line"] == line && problem["column"] == column && problem["help"].is_string()
        );
    }
    assert_eq!(problems.len(), 4);

    let (_place, path) = file("registry.csv", &registry());
    let early = must_fail("delays", &path, &[&COLUMNS[..5], &["2019-12-31"]].concat(), 2);
    assert!(
        early[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("no event with both dates was reported by")
    );
    let level = must_fail("delays", &path, &[&COLUMNS[..], &["--alpha", "0.07"]].concat(), 2);
    assert_eq!(level[0]["code"], "analyse::option");
    let absent = must_fail(
        "delays",
        &path,
        &["--occurred", "offense", "--reported", "x", "--until", "2020"],
        3,
    );
    assert_eq!(absent.len(), 2);
    assert_eq!(absent[0]["code"], "read::missing_column");
}

#[test]
fn the_same_bytes_at_any_number_of_threads() {
    let (_place, path) = file("registry.csv", &registry());
    let (one, first) = run_kind("delays", &path, &COLUMNS, "1");
    let (two, second) = run_kind("delays", &path, &COLUMNS, "2");
    assert!(one.status.success() && two.status.success());
    assert_eq!(files(&first), files(&second));
    let names: Vec<String> = files(&first).into_keys().collect();
    assert_eq!(names, ["chart.svg", "delays.csv", "index.html", "summary.json", "triangle.csv"]);
}
