//! Every mistake is named with its place, its value and a way out, all of them at once, and nothing is overwritten.

use std::{fmt::Write as _, fs};

use serde_json::Value;

use super::{COUNTS, file, grid, planted, run};
use crate::runs::files;

/// The problems of a run that must fail, as printed for machines.
#[track_caller]
pub(super) fn problems(name: &str, text: &str, arguments: &[&str], exit: i32) -> Vec<Value> {
    let (_place, path) = file(name, text);
    let (done, out) = run(&path, arguments, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(exit), "{said}");
    assert!(!out.exists());
    let problems: Vec<Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!problems.is_empty());
    problems
}

fn codes(problems: &[Value]) -> Vec<&str> {
    problems.iter().map(|problem| problem["code"].as_str().unwrap()).collect()
}

#[test]
fn missing_columns_are_named_together_with_what_was_meant() {
    let asked = ["--events", "event", "--population", "People", "--id", "nothing_like_it"];
    let found = problems("squares.geojson", &planted(), &asked, 3);
    assert_eq!(codes(&found), ["read::missing_column"; 3]);
    let help: Vec<&str> = found.iter().map(|problem| problem["help"].as_str().unwrap()).collect();
    assert!(help.contains(&"did you mean `events`?") && help.contains(&"did you mean `people`?"));
    assert!(help.iter().any(|help| help.contains("the file has `code`")));
}

#[test]
fn all_bad_cells_are_named_with_row_value_and_way_out() {
    let text = "town,x,y,n,people\na,1,1,-3,100\nb,2,2,many,100\na,3,3,2.5,-1\nd,east,4,1,NaN\n";
    let asked =
        ["--events", "n", "--population", "people", "--id", "town", "--lon", "x", "--lat", "y"];
    let found = problems("towns.csv", text, &asked, 3);
    assert_eq!(codes(&found), ["read::bad_cell"; 7]);
    for (message, line, column) in [
        ("`-3` is negative", 2, "n"),
        ("`many` is not a number", 3, "n"),
        ("`2.5` is not a whole number", 4, "n"),
        ("`-1` is negative", 4, "people"),
        ("`NaN` is not a number", 5, "people"),
        ("`a` is the code of row 2 too", 4, "town"),
        ("`east` is not a number", 5, "x"),
    ] {
        let problem = found.iter().find(|problem| problem["message"] == message);
        let problem = problem.unwrap_or_else(|| panic!("{message} is not said: {found:?}"));
        assert_eq!(
            (problem["line"].as_u64(), problem["column"].as_str()),
            (Some(line), Some(column))
        );
        assert!(
            problem["help"].is_string() && problem["file"].as_str().unwrap().ends_with("towns.csv")
        );
    }
}

#[test]
fn many_bad_cells_are_counted() {
    let mut text = String::from("x,y,v\n");
    for at in 0..70 {
        writeln!(text, "{at},{at},a{at}").unwrap();
    }
    let found = problems("a.csv", &text, &["--value", "v", "--lon", "x", "--lat", "y"], 3);
    assert_eq!(found.len(), 21);
    assert_eq!(found[20]["message"], "50 more cells of `v` cannot be used");
}

#[test]
fn too_few_draws_are_refused_with_the_number_needed() {
    let found = problems("a.geojson", &planted(), &[&COUNTS[..], &["--draws", "999"]].concat(), 2);
    assert_eq!(codes(&found), ["find::draws"]);
    // 2·64/0.05 − 1.
    assert!(found[0]["help"].as_str().unwrap().contains("--draws 2559"));
    let (_place, path) = file("a.geojson", &planted());
    let (done, _) = run(&path, &[&COUNTS[..], &["--draws", "2559"]].concat(), "2");
    assert!(done.status.success());
}

#[test]
fn files_and_options_that_cannot_be_used_say_why() {
    for (name, text, exit, code) in [
        ("a.geojson", "", 3, "read::empty_file"),
        ("a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}", 3, "read::empty_file"),
        ("a.csv", "code,events,people\n", 3, "read::empty_file"),
        ("a.geojson", "{\"type\":\"Topology\"}", 3, "read::format"),
        ("a.xlsx", "PK", 3, "read::format"),
        ("a.csv", "code,events,people\na,1,2\n", 2, "analyse::option"),
    ] {
        assert_eq!(codes(&problems(name, text, &COUNTS, exit)), [code], "{name} {text}");
    }
    let points = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"code\":\"a\",\"events\":1,\
                  \"people\":1},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}]}";
    let found = problems("a.geojson", points, &COUNTS, 3);
    assert_eq!(codes(&found), ["locate::geometry"]);
    assert!(found[0]["help"].as_str().unwrap().contains("--lon"));
    for asked in [
        &["--id", "code"][..],
        &["--events", "events"],
        &["--population", "people"],
        &["--value", "score", "--lon", "x"],
        &["--value", "score", "--alpha", "1.5"],
        &["--value", "score", "--weights", "knn:64"],
    ] {
        assert_eq!(
            codes(&problems("a.geojson", &planted(), asked, 2)),
            ["analyse::option"],
            "{asked:?}"
        );
    }
}

#[test]
fn a_neighbour_file_has_to_fit() {
    let (place, path) = file("a.geojson", &grid(2, |x, y| format!("\"v\":{}", x + y)));
    let gal = place.path().join("a.gal");
    fs::write(&gal, "4\n1 1\n2\n2 1\n9\n").unwrap();
    let (done, _) = run(&path, &["--value", "v", "--weights", gal.to_str().unwrap()], "2");
    assert_eq!(done.status.code(), Some(3));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        said.contains("no region has the code `9`") && said.contains("`3` has no record"),
        "{said}"
    );
}

#[test]
fn a_run_that_fails_leaves_the_previous_results() {
    let (_place, path) = file("a.geojson", &planted());
    let (done, out) = run(&path, &COUNTS, "2");
    assert!(done.status.success());
    let before = files(&out);
    fs::write(&path, planted().replace("\"events\":17", "\"events\":-17")).unwrap();
    let (done, _) = run(&path, &COUNTS, "2");
    assert_eq!(done.status.code(), Some(3));
    assert!(files(&out) == before);
    let beside = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 2, "the file and its results, and nothing left over");
}
