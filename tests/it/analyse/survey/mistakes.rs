//! Mistakes in respondents, designs and known totals are named with their place and a way out, and nothing is overwritten.

use std::fs;

use serde_json::Value;

use super::{ASKED, DRAWN, rows, run, written};
use crate::runs::files;

/// The problems of a run that must fail, as printed for machines.
#[track_caller]
fn problems(text: &str, arguments: &[&str], exit: i32) -> Vec<Value> {
    let (_place, path) = written("rows.csv", text);
    let (done, out) = run(&path, arguments, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(exit), "{said}");
    assert!(!out.exists(), "no results, and no empty folder");
    let problems: Vec<Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!problems.is_empty());
    assert!(problems.iter().all(|problem| problem["help"].is_string()), "{said}");
    problems
}

fn messages(problems: &[Value]) -> Vec<&str> {
    problems.iter().map(|problem| problem["message"].as_str().unwrap()).collect()
}

/// Problems of calibrating the made rows.
#[track_caller]
fn uncalibrated(margins: &str) -> Vec<Value> {
    let (place, path) = written("rows.csv", &rows());
    let file = place.path().join("margins.csv");
    fs::write(&file, margins).unwrap();
    let known = ["--calibrate", file.to_str().unwrap()];
    let (done, out) = run(&path, &[&ASKED[..], &DRAWN, &known].concat(), "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), out.exists()), (Some(3), false), "{said}");
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn all_bad_cells_are_named_with_row_value_and_way_out() {
    let text = "w,s,u,f,x,y\n1,a,1,5,many,1\n0,a,2,5,2,1\n,b,3,none,3,-\n2,,4,5,4,x\n2,b,,5,5,1\n";
    let asked = [
        "--mean",
        "x",
        "--ratio",
        "x/y",
        "--weight",
        "w",
        "--stratum",
        "s",
        "--psu",
        "u",
        "--fpc",
        "f",
        "--missing",
        "-",
    ];
    let found = problems(text, &asked, 3);
    assert!(found.iter().all(|problem| problem["code"] == "read::bad_cell"), "{found:?}");
    for (message, line, column) in [
        ("`many` is not a number", 2, "x"),
        ("`x` is not a number", 5, "y"),
        ("`0` is not above 0", 3, "w"),
        ("is missing", 4, "w"),
        ("is missing", 5, "s"),
        ("is missing", 6, "u"),
        ("`none` is not a number", 4, "f"),
    ] {
        let is_it = |problem: &&Value| {
            problem["message"] == message && problem["line"] == line && problem["column"] == column
        };
        assert!(found.iter().any(|problem| is_it(&problem)), "{message} in {line}: {found:?}");
    }
    assert_eq!(found.len(), 7);
}

#[test]
fn columns_and_answers_that_are_not_there_are_named_with_what_was_meant() {
    let found = problems(&rows(), &["--mean", "Income", "--weight", "weight"], 3);
    assert!(found.iter().all(|problem| problem["code"] == "read::missing_column"));
    let help: Vec<&str> = found.iter().map(|problem| problem["help"].as_str().unwrap()).collect();
    assert_eq!(found.len(), 2);
    assert!(help.contains(&"did you mean `income`?"), "{help:?}");
    assert!(help.iter().any(|help| help.contains("the file has")), "{help:?}");
    let found = problems(&rows(), &["--share", "region=Nord,South", "--share", "trust=7"], 2);
    let said = messages(&found);
    assert_eq!(said, ["nobody’s `region` is `Nord`", "nobody’s `trust` is `7`"]);
    assert!(found[1]["help"].as_str().unwrap().contains("`0`, `1`, `2`, `3`, `9`"));
    let published = ["--mean", "income", "--replicate-weights", "rep", "--replicate-kind", "brr"];
    let found = problems(&rows(), &published, 3);
    assert!(messages(&found)[0].contains("fewer than two columns named `rep` and a number"));
    let text = rows().replacen("half3", "old3", 1);
    let published = ["--mean", "income", "--replicate-weights", "half", "--replicate-kind", "brr"];
    let found = problems(&text, &published, 3);
    assert!(messages(&found)[0].contains("has `half2` and then `half4`"));
}

#[test]
fn designs_that_do_not_fit_say_why() {
    let asked = |more: &[&'static str]| [&["--mean", "income", "--weight", "w"], more].concat();
    let of = |more: &[&'static str]| problems(&rows(), &asked(more), 3);
    // Two units of a stratum and a population of one in it.
    let text = rows().replace(",21,", ",1,");
    let found =
        problems(&text, &asked(&["--stratum", "stratum", "--psu", "psu", "--fpc", "fpc1"]), 3);
    assert!(
        messages(&found)[0].contains("2 units were drawn from this stratum, more than"),
        "{found:?}"
    );
    let found = of(&["--stratum", "region", "--psu", "psu", "--fpc", "fpc1"]);
    assert!(messages(&found)[0].contains("differs from other rows of the same stratum"));
    let found = of(&["--stratum", "stratum", "--psu", "psu", "--replicates", "jk1"]);
    assert_eq!(messages(&found), ["JK1 is for a sample without strata"]);
    let found = of(&["--stratum", "stratum", "--psu", "id", "--replicates", "brr"]);
    assert!(messages(&found)[0].contains("half-samples need two in each"));
    assert!(found.iter().all(|problem| problem["code"] == "estimate::survey_design"));
}

#[test]
fn options_that_do_not_fit_together_are_refused() {
    for (asked, why) in [
        (&["--weight", "w"][..], "does not say what is estimated"),
        (&["--total", "income"], "how many persons a respondent stands for"),
        (&["--mean", "income", "--mean", "income"], "the same quantity twice"),
        (&["--mean", "income", "--replicates", "bootstrap"], "how many replicates"),
        (
            &["--mean", "income", "--stratum", "stratum,region,sex", "--psu", "psu"],
            "no sampling units",
        ),
        (
            &[
                "--mean",
                "income",
                "--psu",
                "psu",
                "--replicate-weights",
                "half",
                "--replicate-kind",
                "brr",
            ],
            "a design were both given",
        ),
        (
            &["--mean", "income", "--replicate-weights", "half", "--replicate-kind", "jkn"],
            "a factor each",
        ),
    ] {
        let found = problems(&rows(), asked, 2);
        assert_eq!(found[0]["code"], "analyse::option");
        assert!(messages(&found)[0].contains(why), "{asked:?}: {found:?}");
    }
    // What the command line itself refuses.
    let (_place, path) = written("rows.csv", &rows());
    for asked in [
        &["--share", "trust"][..],
        &["--quantile", "income:1.5"],
        &["--ratio", "income"],
        &["--mean", "income", "--replicates", "fay"],
        &["--mean", "income", "--replicate-weights", "half"],
        &["--mean", "income", "--lonely-psu", "ignore"],
    ] {
        let (done, out) = run(&path, asked, "2");
        assert_eq!((done.status.code(), out.exists()), (Some(2), false), "{asked:?}");
    }
}

#[test]
fn known_totals_that_do_not_fit_are_named() {
    let found = uncalibrated(
        "variable,value,total\nregion,Nort,31000\nregion,South,28000\nregion,East,31000\nsex,f,47000\nsex,m,43000\n",
    );
    let said = messages(&found);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(said.contains(&"no respondent’s `region` is `Nort`"));
    assert!(said.iter().any(|text| text.starts_with("the total of `North` is not known (")));
    assert!(
        found
            .iter()
            .any(|problem| problem["help"] == "did you mean `North`?" && problem["line"] == 2)
    );
    let found =
        uncalibrated("variable,value,total\nsex,f,47000\nsex,f,1\nsex,m,-5\n,m,4\nsex,,9\n");
    let said = messages(&found);
    assert_eq!(found.len(), 4, "{found:?}");
    for expected in [
        "`-5` is not above 0",
        "`sex` has this total already",
        "is missing",
        "`sex` has totals already",
    ] {
        assert!(said.contains(&expected), "{expected}: {said:?}");
    }
    let found = uncalibrated(
        "variable,value,total\nsex,f,47000\nsex,m,43000\nregion,North,1000\nregion,South,28000\nregion,East,31000\n",
    );
    assert_eq!(found[0]["code"], "estimate::survey_design");
    assert!(
        messages(&found)[0]
            .contains("`region` add up to 60000, those of the first variable to 90000")
    );
    let found = uncalibrated("variable,value,total\nschooling,low,47000\n");
    assert_eq!(messages(&found), ["has no column `schooling`"]);
    let found = uncalibrated("variable,value,persons\nsex,f,47000\n");
    assert_eq!(messages(&found), ["has no column `total`"]);
}

#[test]
fn a_run_that_fails_leaves_the_previous_results() {
    let (_place, path) = written("rows.csv", &rows());
    let (done, out) = run(&path, &[&ASKED[..], &DRAWN].concat(), "2");
    assert!(done.status.success());
    let before = files(&out);
    fs::write(&path, rows().replacen(",North,", ",North,f,3,none,3", 1)).unwrap();
    let (done, _) = run(&path, &[&ASKED[..], &DRAWN].concat(), "2");
    assert_eq!(done.status.code(), Some(3));
    assert!(files(&out) == before);
    let beside = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(beside, 2, "the file and its results, and nothing left over");
}
