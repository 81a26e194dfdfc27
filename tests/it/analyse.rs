//! `saet analyse` through the binary: planted hotbeds found, other software's numbers met, every mistake named.

#![allow(
    clippy::float_cmp,
    reason = "small whole numbers, and results that must be the same to the last bit"
)]

mod delays;
mod kinds;
mod mistakes;
mod options;
mod oracle;
mod series;
mod space_time;
mod standardised;
mod stated;
mod survey;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, process::Output};

use serde_json::Value;

use crate::runs::{files, saet};
use kinds::{Table, must_fail, of_kind, run_kind};

/// A map of squares, `wide` by `wide`; `of` gives the properties of a square as JSON members.
fn grid(wide: usize, of: impl Fn(usize, usize) -> String) -> String {
    let mut out = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for at in 0..wide * wide {
        let (x, y) = (at % wide, at / wide);
        let (right, top) = (x + 1, y + 1);
        let comma = if at > 0 { ",\n" } else { "" };
        write!(
            out,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"s{x}-{y}\",{}}},\"geometry\":{{\"type\":\"Polygon\",\
             \"coordinates\":[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]}}}}",
            of(x, y)
        )
        .unwrap();
    }
    out + "\n]}\n"
}

/// Eight by eight squares of 10 000 people with about 20 events each, and a cross of five with four times as many.
fn planted() -> String {
    grid(8, |x, y| {
        let usual = 16 + (x * 5 + y * 3) % 9;
        let events = if is_planted(x, y) { 4 * usual } else { usual };
        format!("\"events\":{events},\"people\":10000,\"score\":{}.5", (x * 7 + y * y) % 11)
    })
}

fn is_planted(x: usize, y: usize) -> bool {
    x.abs_diff(3) + y.abs_diff(5) <= 1
}

/// Runs the command on a file into a folder beside it.
fn run(file: &Path, arguments: &[&str], threads: &str) -> (Output, std::path::PathBuf) {
    let out = file.parent().unwrap().join(format!("out{threads}"));
    let done = saet(&["--format", "json", "analyse", file.to_str().unwrap()])
        .args(arguments)
        .args(["--out", out.to_str().unwrap()])
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    (done, out)
}

/// What a run wrote.
struct Results {
    summary: Value,
    /// Column name → cells.
    regions: BTreeMap<String, Vec<String>>,
    page: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Results {
    fn numbers(&self, column: &str) -> Vec<Option<f64>> {
        self.regions[column].iter().map(|cell| cell.parse().ok()).collect()
    }

    fn number(&self, path: &str) -> f64 {
        self.summary.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path}"))
    }
}

#[track_caller]
fn analysed(file: &Path, arguments: &[&str]) -> Results {
    let (done, out) = run(file, arguments, "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = files(&out);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let mut regions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let table = text("regions.csv");
    let mut lines = table.lines().map(|line| line.split(',').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    for line in lines {
        for (name, cell) in names.iter().zip(line) {
            regions.entry(name.clone()).or_default().push(cell);
        }
    }
    let summary = serde_json::from_str(&text("summary.json")).unwrap();
    Results { summary, regions, page: text("index.html"), files }
}

/// Writes a text into a new folder.
fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    fs::write(&path, text).unwrap();
    (place, path)
}

const COUNTS: [&str; 6] = ["--events", "events", "--population", "people", "--id", "code"];

#[test]
fn a_planted_cross_is_found_by_every_family_and_said_on_the_page() {
    let (_place, path) = file("squares.geojson", &planted());
    let found = analysed(&path, &COUNTS);
    let names: Vec<&str> = found.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["index.html", "map.svg", "regions.csv", "summary.json"]);
    let header = found.files["regions.csv"].split(|byte| *byte == b'\n').next().unwrap();
    assert_eq!(
        String::from_utf8_lossy(header),
        "region,events,population,rate,lower95,upper95,eb_rate,local_moran_i,local_moran_p,local_moran_q,local_moran_class,\
         gi_star_z,gi_star_p,gi_star_q,gi_star_class,scan_cluster,evidence,status"
    );
    for (at, code) in found.regions["region"].iter().enumerate() {
        let (x, y) = (at % 8, at / 8);
        assert_eq!(*code, format!("s{x}-{y}"), "the order of the file");
        let evidence = found.regions["evidence"][at].as_str();
        assert_eq!(evidence == "probable", is_planted(x, y), "{code} is {evidence}");
        assert_eq!(found.regions["scan_cluster"][at] == "1", is_planted(x, y), "{code}");
        assert_eq!(found.regions["status"][at], "tested");
        if (x, y) == (3, 5) {
            assert_eq!(found.regions["local_moran_class"][at], "HH");
            assert_eq!(found.regions["gi_star_class"][at], "hot");
        }
    }
    assert_eq!(found.regions["local_moran_p"], found.regions["gi_star_p"], "one test, one p");
    assert_eq!(found.number("/weights/links"), f64::from(2 * (7 * 8 * 2 + 7 * 7 * 2)));
    assert!(found.number("/eb_moran/p") < 0.05 && found.number("/scan/0/p") < 0.025);
    assert_eq!(found.summary["scan"][0]["regions"].as_array().unwrap().len(), 5);
    // On Earth a degree is about 111 km.
    assert!((110.0..112.0).contains(&found.number("/scan/0/radius_km")));
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(headline.starts_with("In 5 of 64 regions, probably more events"), "{headline}");
    assert!(found.page.contains(&format!("<title>{headline}</title>")));
    assert!(found.page.contains("What was not checked") && !found.page.contains("<script"));
    assert!(!found.page.contains("NaN") && !found.page.contains("http://"));
}

#[test]
fn the_same_bytes_come_out_at_one_and_two_threads() {
    let (_place, path) = file("squares.geojson", &planted());
    let at = |threads: &str| {
        let (done, out) = run(&path, &COUNTS, threads);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        files(&out)
    };
    let (one, two) = (at("1"), at("2"));
    assert_eq!(one.len(), 4);
    assert!(one == two, "results depend on the number of threads");
}

#[test]
fn what_is_asked_for_beside_the_tests_follows_in_columns_of_its_own() {
    let (_folder, path) = file("map.geojson", &planted());
    let plain = analysed(&path, &COUNTS);
    assert!(!plain.regions.contains_key("rank") && !plain.regions.contains_key("local_geary_c"));
    let methods = ["--methods", "own,local,smoothing,geary,concentration"];
    let found = analysed(&path, &[&COUNTS[..], &methods].concat());
    let planted: Vec<usize> = (0..64).filter(|at| is_planted(at % 8, at / 8)).collect();
    let (rank, leroux) = (found.numbers("rank"), found.numbers("leroux_relative_risk"));
    let (raw, among) = (found.numbers("rate"), found.numbers("spatial_eb_rate"));
    for &at in &planted {
        assert!(rank[at].unwrap() <= 5.0 && leroux[at].unwrap() > 2.0, "region {at}");
        assert!(among[at].unwrap() <= raw[at].unwrap(), "drawn towards its neighbours");
        // Every region of the cross surely lies above all that are not in it, and none of these above it.
        let (above, below) = (found.numbers("surely_above"), found.numbers("surely_below"));
        assert!(above[at].unwrap() < 5.0 && below[at].unwrap() >= 59.0, "region {at}");
    }
    for (risk, limits) in found.numbers("relative_risk").iter().zip(
        found.numbers("relative_risk_lower95").iter().zip(found.numbers("relative_risk_upper95")),
    ) {
        assert!(limits.0.unwrap() < risk.unwrap() && risk.unwrap() < limits.1.unwrap());
    }
    let classes =
        ["not significant", "high-high", "low-low", "other positive", "negative", "borderline"];
    assert!(
        found.regions["local_geary_class"].iter().all(|class| classes.contains(&class.as_str()))
    );
    let (c, p) = (found.numbers("local_geary_c"), found.numbers("local_geary_p"));
    assert!(c.iter().all(|c| c.unwrap() >= 0.0) && p.iter().all(|p| p.unwrap() > 0.0));
    // Far from the cross a square is like its neighbours; within it, half of the neighbours are usual.
    assert!(c[7].unwrap() < c[5 * 8 + 3].unwrap());
    let gini = found.number("/concentration/gini/value");
    assert!(gini > found.number("/concentration/gini/in_proportion_to_population"));
    assert_eq!(found.number("/concentration/regions_with_events"), 64.0);
    assert!(found.number("/concentration/gini/p") <= 0.002);
    assert!(found.page.contains("Half of all events were recorded in"));
}

#[test]
fn a_value_is_tested_as_it_is() {
    let (_place, path) = file("squares.geojson", &planted());
    let found = analysed(&path, &["--value", "score", "--id", "code"]);
    assert!(found.summary["eb_moran"].is_null() && found.summary["moran"]["i"].is_number());
    assert_eq!(found.summary["moran"]["variable"], "score");
    assert!(found.regions["rate"].iter().chain(&found.regions["evidence"]).all(String::is_empty));
    assert!(found.regions["local_moran_p"].iter().all(|cell| !cell.is_empty()));
    let both = analysed(&path, &[&COUNTS[..], &["--value", "score"]].concat());
    assert_eq!(both.number("/moran/i"), found.number("/moran/i"));
    assert!(both.regions["evidence"].iter().all(|cell| !cell.is_empty()));
}

#[test]
fn what_cannot_be_said_has_a_status_and_a_reason() {
    let text = grid(6, |x, y| match (x, y) {
        (0, 0) => "\"events\":null,\"people\":1000".to_owned(),
        (1, 0) => "\"events\":3".to_owned(),
        (2, 0) => "\"events\":\"n/a\",\"people\":1000".to_owned(),
        (3, 0) => "\"events\":4,\"people\":0".to_owned(),
        _ => format!("\"events\":{},\"people\":1000", 3 + (x * y) % 5),
    });
    let (_place, path) = file("squares.geojson", &text);
    let found = analysed(&path, &[&COUNTS[..], &["--missing", "n/a"]].concat());
    let status = &found.regions["status"];
    assert_eq!(status[..4], ["no_data", "no_data", "no_data", "zero_population"]);
    assert!(status[4..].iter().all(|status| status == "tested"));
    for at in 0..4 {
        for column in ["rate", "local_moran_p", "gi_star_class", "scan_cluster"] {
            assert_eq!(found.regions[column][at], "", "{column} of row {at}");
        }
    }
    assert_eq!(
        found.regions["evidence"][..4],
        ["no data", "no data", "no data", "insufficient data"]
    );
    let reasons = found.summary["not_tested"].as_array().unwrap();
    assert_eq!(reasons.len(), 4);
    assert_eq!(reasons[1]["reason"], "`people` is missing");
    assert!(found.number("/weights/links_to_regions_without_data") > 0.0);
    assert!(found.summary["notes"].to_string().contains("events but without population"));
}

#[test]
fn nothing_recorded_everything_equal_and_too_few_are_results() {
    let (_place, path) =
        file("squares.geojson", &grid(5, |_, _| "\"events\":0,\"people\":1000".to_owned()));
    let none = analysed(&path, &COUNTS);
    assert_eq!(none.summary["headline"], "No event was recorded in any of 25 regions");
    assert!(none.regions["status"].iter().all(|status| status == "nothing_recorded"));
    let upper = none.numbers("upper95")[0].unwrap();
    assert!((upper - 368.887_945).abs() < 1e-5, "0 of 1,000 people is compatible with {upper}");
    assert!(none.summary["moran"].is_null() && none.summary["scan"].as_array().unwrap().is_empty());

    let (_place, path) = file("squares.geojson", &grid(5, |_, _| "\"score\":2.5".to_owned()));
    let equal = analysed(&path, &["--value", "score"]);
    assert!(equal.regions["status"].iter().all(|status| status == "constant"));
    assert!(equal.regions["local_moran_p"].iter().all(String::is_empty));

    let (_place, path) =
        file("squares.geojson", &grid(1, |_, _| "\"events\":7,\"people\":1000".to_owned()));
    let one = analysed(&path, &COUNTS);
    assert_eq!(one.regions["status"], ["too_few_regions"]);
    assert_eq!(one.numbers("rate"), [Some(700.0)]);
    assert_eq!(one.regions["evidence"], ["insufficient data"]);
}

#[test]
fn islands_and_parts_are_reported() {
    // A table: two towns far from thirty others, which lie in two rows.
    let mut text = String::from("town;x;y;n;people\n");
    for at in 0..30 {
        writeln!(text, "t{at};{};{};{};1000", at % 15, 40 * (at / 15), 5 + at % 4).unwrap();
    }
    text.push_str("a;0.5;20;3;1000\nb;9;90;4;1000\n");
    let (_place, path) = file("towns.csv", &text);
    let columns = [
        "--events",
        "n",
        "--population",
        "people",
        "--id",
        "town",
        "--lon",
        "x",
        "--lat",
        "y",
        "--plane",
    ];
    let with = |more: &[&'static str]| [&columns[..], more].concat();
    let (done, out) = run(&path, &with(&["--weights", "distance:1"]), "2");
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        said.contains("locate::islands") && said.contains("2 of 32") && said.contains("--islands")
    );
    assert!(!out.exists(), "no results, and no empty folder");

    let excluded = analysed(&path, &with(&["--weights", "distance:1", "--islands", "exclude"]));
    assert_eq!(excluded.regions["status"][30..], ["no_neighbours", "no_neighbours"]);
    assert_eq!(excluded.regions["local_moran_class"][30..], ["", ""]);
    assert!(
        excluded.regions["evidence"][30..].iter().all(|class| !class.is_empty()),
        "own rate only"
    );
    assert_eq!(excluded.number("/weights/components"), 4.0);
    assert_eq!(excluded.summary["weights"]["islands"], serde_json::json!(["a", "b"]));
    let nearest = analysed(&path, &with(&["--weights", "distance:1", "--islands", "nearest"]));
    assert!(nearest.regions["status"].iter().all(|status| status == "tested"));
    assert_eq!(nearest.number("/weights/components"), 2.0);
    let by_default = analysed(&path, &columns);
    assert_eq!(by_default.summary["weights"]["kind"], "knn:6");
    assert_eq!(by_default.summary["scan"][0]["radius_unit"], "units of the coordinates");
}
