//! `saet analyse standardised` through the binary: rates and limits computed apart from it, statuses, mistakes.
//!
//! Expected numbers are from base R 4.2.2:
//!
//! ```r
//! o <- list(A=c(12,30,55), B=c(4,18,90), C=c(1,3,4))
//! t <- list(A=c(9000,11000,6000), B=c(3000,8000,12000), C=c(500,900,400)); std <- c(40000, 35000, 25000)
//! gar <- function(x, a) c(qchisq(a, 2*x)/2, qchisq(1-a, 2*x+2)/2)
//! byar <- function(x, a) { z <- qnorm(1-a); c(x*(1-1/(9*x)-z/(3*sqrt(x)))^3, (x+1)*(1-1/(9*(x+1))+z/(3*sqrt(x+1)))^3) }
//! # for each area, a = 0.025 and 0.001: w <- std/sum(std)/t; O <- sum(o); D <- sum(w*o); V <- sum(w^2*o); m <- max(w);
//! # P <- sum(t); E <- sum(t * pooled rates); crude gar(O,a)/P; Dobson D + sqrt(V/O)*(gar(O,a) - O);
//! # Fay and Feuer qgamma(a, D^2/V, scale=V/D), qgamma(1-a, (D+m)^2/(V+m^2), scale=(V+m^2)/(D+m)); ratio gar(O,a)/E, byar(O,a)/E
//! ```

#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    reason = "numbers stand as R prints them, with every digit"
)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;

use super::kinds::run_kind;
use crate::{reference::assert_close, runs::files};

const ROWS: &str = "area,age,n,people\nA,young,12,9000\nA,middle,30,11000\nA,old,55,6000\nB,young,4,3000\nB,middle,18,8000\n\
                    B,old,90,12000\nC,young,1,500\nC,middle,3,900\nC,old,4,400\n";
const STANDARD: &str = "band,population\nyoung,40000\nmiddle,35000\nold,25000\n";
const COLUMNS: [&str; 8] =
    ["--area", "area", "--band", "age", "--events", "n", "--population", "people"];
const LIMITS: [&str; 4] = ["lower95", "upper95", "lower998", "upper998"];

fn run(file: &Path, arguments: &[&str], threads: &str) -> (Output, PathBuf) {
    run_kind("standardised", file, arguments, threads)
}

/// The files of a run: rows, and a standard beside them.
fn written(rows: &str, standard: &str) -> (tempfile::TempDir, PathBuf, String) {
    let place = tempfile::tempdir().unwrap();
    let (path, beside) = (place.path().join("rows.csv"), place.path().join("standard.csv"));
    fs::write(&path, rows).unwrap();
    fs::write(&beside, standard).unwrap();
    let beside = beside.to_str().unwrap().to_owned();
    (place, path, beside)
}

/// What a run wrote.
struct Rates {
    rows: BTreeMap<String, BTreeMap<String, String>>,
    summary: Value,
    page: String,
}

impl Rates {
    #[track_caller]
    fn cell(&self, area: &str, column: &str) -> &str {
        self.rows[area].get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// A figure's four limits.
    #[track_caller]
    fn limits(&self, area: &str, figure: &str, theirs: [f64; 4]) {
        for (limit, theirs) in LIMITS.iter().zip(theirs) {
            self.close(area, &format!("{figure}_{limit}"), theirs);
        }
    }

    #[track_caller]
    fn close(&self, area: &str, column: &str, theirs: f64) {
        let cell = self.cell(area, column);
        let ours = cell.parse().unwrap_or_else(|_| panic!("{column} of {area} is `{cell}`"));
        assert_close(ours, theirs, 1e-8, &format!("{column} of {area}"));
    }
}

#[track_caller]
fn rates(file: &Path, arguments: &[&str]) -> Rates {
    let (done, out) = run(file, &[&COLUMNS[..], arguments].concat(), "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = files(&out);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["index.html", "standardised.csv", "summary.json"]);
    let table = text("standardised.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        let cells = cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        (record[0].to_owned(), cells)
    };
    let rows = reader.records().map(Result::unwrap).map(row).collect();
    let summary = serde_json::from_str(&text("summary.json")).unwrap();
    // Per cent signs are kept on the line of their numbers.
    let page = text("index.html").replace('\u{a0}', " ");
    assert!(!page.contains("NaN") && !table.contains("NaN") && !page.contains("<script"));
    Rates { rows, summary, page }
}

#[test]
fn rates_ratios_and_limits_agree_with_r() {
    let (_place, path, standard) = written(ROWS, STANDARD);
    let found = rates(&path, &["--standard", &standard]);
    let a = |figure: &str, theirs| found.limits("A", figure, theirs);
    found.close("A", "crude_rate", 373.07692307692304);
    a("crude", [302.54025220858591, 455.12220743236094, 266.87688915122226, 505.61471887192801]);
    found.close("A", "standardised_rate", 377.9545454545455);
    a("dobson", [305.94125449253681, 461.71737210364171, 269.53131184968777, 513.26689766159234]);
    a(
        "fay_feuer",
        [305.97110839023389, 462.37733437119942, 269.61636364116271, 514.06090389308736],
    );
    found.close("A", "expected", 89.017911295608485);
    found.close("A", "smr", 1.0896683441367747);
    a(
        "smr_exact",
        [0.88364762135362396, 1.3293029707185624, 0.77948347887983871, 1.4767795041848684],
    );
    a(
        "smr_byar",
        [0.88362605214665269, 1.3293159487173201, 0.77928174449174092, 1.4769997231472534],
    );
    found.close("B", "standardised_rate", 319.58333333333337);
    found.limits(
        "B",
        "fay_feuer",
        [249.42052673526715, 416.41641884907955, 214.81393812537775, 471.45597152381481],
    );
    let byar = rates(&path, &["--standard", &standard, "--limits", "byar"]);
    byar.limits(
        "B",
        "crude",
        [400.95082427135276, 585.94001882393798, 356.97675436136393, 646.67353027541878],
    );
    byar.limits(
        "B",
        "dobson",
        [248.49958191468787, 401.39324254267132, 212.15499142382077, 451.58951974181804],
    );
    // Eight events: a crude rate and a ratio, and no standardised rate.
    assert_eq!(found.cell("C", "status"), "few_events");
    assert_eq!(found.cell("C", "reason"), "8 events: a standardised rate needs at least 10");
    for empty in ["standardised_rate", "dobson_lower95", "fay_feuer_upper998"] {
        assert_eq!(found.cell("C", empty), "");
    }
    found.limits(
        "C",
        "crude",
        [191.87956537491675, 875.73273445518407, 109.48966231890921, 1175.3443425466658],
    );
    found.limits(
        "C",
        "smr_exact",
        [0.55477338274263821, 2.5319695222515497, 0.31656289309039082, 3.3982240658508092],
    );
    assert!(
        found.page.contains("fewer than 10 events") && found.page.contains("What was not checked")
    );
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(headline.starts_with("In none of 3 areas were clearly more or fewer"), "{headline}");
}

#[test]
fn pooled_and_european_standards_weigh_bands_by_their_persons() {
    let (_place, path, _) = written(ROWS, STANDARD);
    let found = rates(&path, &[]);
    // Persons of all areas by band: 12 500, 19 900, 18 400; events per person of A by band.
    let by_hand =
        (12500.0 * 12.0 / 9000.0 + 19900.0 * 30.0 / 11000.0 + 18400.0 * 55.0 / 6000.0) / 50800.0;
    found.close("A", "standardised_rate", 1e5 * by_hand);
    // With the pooled standard the rate of all is the crude one.
    let all = |key: &str| found.summary[key].as_f64().unwrap();
    assert_close(all("standardised_rate"), all("crude_rate"), 1e-12, "all areas");
    assert_close(all("crude_rate"), 1e5 * 217.0 / 50800.0, 1e-12, "all areas");

    let rows = ROWS.replace("young", "0-4").replace("middle", "40-44").replace("old", "90+");
    let (_place, path, _) = written(&rows, STANDARD);
    let found = rates(&path, &["--standard", "esp2013"]);
    // 5 000, 7 000 and 1 000 of 100 000 persons.
    let by_hand = (5.0 * 12.0 / 9000.0 + 7.0 * 30.0 / 11000.0 + 55.0 / 6000.0) / 13.0;
    found.close("A", "standardised_rate", 1e5 * by_hand);
    let notes = found.summary["notes"].to_string();
    assert!(notes.contains("hold 13000 of the standard"), "{notes}");
    assert!(found.page.contains("European Standard Population 2013"));
}

#[test]
fn areas_that_differ_are_named_and_sexes_are_strata() {
    let mut text = String::from("area,age,sex,n,people\n");
    for (area, times) in [("high", 5), ("usual", 2), ("plain", 2), ("low", 1)] {
        for (band, n) in [("0-4", 10), ("5-9", 20)] {
            for (sex, more) in [("f", 0), ("m", 10)] {
                writeln!(text, "{area},{band},{sex},{},10000", times * (n + more)).unwrap();
            }
        }
    }
    let (_place, path, _) = written(&text, STANDARD);
    let found = rates(&path, &["--sex", "sex", "--standard", "esp2013"]);
    assert_eq!(found.summary["above_all"], serde_json::json!(["high"]));
    assert_eq!(found.summary["below_all"], serde_json::json!(["low"]));
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(
        headline.starts_with(
            "In 1 of 4 areas clearly more events were recorded, and in 1 clearly fewer"
        ),
        "{headline}"
    );
    assert!(found.page.contains(&format!("<title>{headline}</title>")));
    // 5·(10 + 20) events of two bands of 5 000 and two of 5 500, each sex as many: by hand.
    let by_hand = (5000.0 * 5.0 * 30.0 + 5500.0 * 5.0 * 50.0) / 21000.0 / 10000.0;
    found.close("high", "standardised_rate", 1e5 * by_hand);
    // Rows that stand twice without the column that tells them apart are a mistake.
    let (done, _) = run(&path, &COLUMNS, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(3));
    assert!(
        said.contains("`0-4` of `high` stands in row 2 too") && said.contains("--sex COL"),
        "{said}"
    );
}

#[test]
fn what_is_missing_is_a_status_and_never_a_zero() {
    let rows = ROWS.replace("B,middle,18,", "B,middle,n/a,").replace("C,old,4,400\n", "")
        + "D,young,20,900\nD,middle,0,0\nD,old,7,800\n";
    let (_place, path, standard) = written(&rows, STANDARD);
    let found = rates(&path, &["--standard", &standard, "--missing", "n/a"]);
    assert_eq!(found.cell("B", "status"), "no_data");
    assert_eq!(found.cell("B", "reason"), "a number is missing in middle");
    assert_eq!(
        (found.cell("C", "status"), found.cell("C", "reason")),
        ("no_data", "there is no row for old")
    );
    for column in ["events", "crude_rate", "standardised_rate", "smr"] {
        assert_eq!((found.cell("B", column), found.cell("C", column)), ("", ""), "{column}");
    }
    assert_eq!(found.cell("D", "status"), "no_population");
    assert_eq!(found.cell("D", "reason"), "nobody lives here in middle");
    assert_eq!(found.cell("D", "standardised_rate"), "");
    found.close("D", "crude_rate", 1e5 * 27.0 / 1700.0);
    assert_eq!(found.cell("A", "status"), "estimated");
}

#[test]
fn mistakes_are_named_all_at_once_and_leave_the_previous_results() {
    let bad =
        "area,age,n,people\nA,young,-1,10\nA,middle,2.5,10\nA,old,3,0\n,old,3,10\nB,young,x,10\n";
    let (_place, path, standard) = written(bad, STANDARD);
    let (done, out) = run(&path, &COLUMNS, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), out.exists()), (Some(3), false), "{said}");
    for message in [
        "`-1` is negative",
        "`2.5` is not a whole number",
        "3 events among nobody",
        "is missing",
        "`x` is not a number",
    ] {
        assert!(said.contains(message), "{message}: {said}");
    }
    assert_eq!(said.lines().count(), 5);
    fs::write(&path, ROWS).unwrap();
    let (done, _) = run(&path, &[&COLUMNS[..], &["--standard", &standard]].concat(), "2");
    assert!(done.status.success());
    let before = files(&out);
    for (file, standard, code, words) in [
        (ROWS.replace("old", "elder"), standard.as_str(), 3, "`elder` is not in the standard"),
        (
            ROWS.to_owned(),
            "esp2013",
            3,
            "`young` is no band of the European Standard Population 2013",
        ),
        (
            ROWS.replace("old", "85+").replace("middle", "90+").replace("young", "0-4"),
            "esp2013",
            3,
            "overlap",
        ),
        (ROWS.replace("people", "residents"), "pooled", 3, "has no column `people`"),
        (ROWS.to_owned(), "none.csv", 3, "none.csv"),
    ] {
        fs::write(&path, file).unwrap();
        let (done, _) = run(&path, &[&COLUMNS[..], &["--standard", standard]].concat(), "2");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{words}: {said}");
        assert!(files(&out) == before, "previous results stay");
    }
}

#[test]
fn the_same_bytes_come_out_at_one_and_two_threads() {
    let (_place, path, standard) = written(ROWS, STANDARD);
    let at = |threads| {
        let (done, out) = run(&path, &[&COLUMNS[..], &["--standard", &standard]].concat(), threads);
        assert!(done.status.success());
        files(&out)
    };
    assert!(at("1") == at("2"));
}
