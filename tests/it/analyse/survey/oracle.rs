//! The command on the Californian schools: what it writes equals R survey's numbers kept outside the project.

use serde_json::Value;

use super::{CLOSE, Estimates, estimated};
use crate::reference::{assert_close, golden, list, shared};

/// An oracle input, copied so that results lie in a folder of their own.
#[track_caller]
fn on(name: &str, arguments: &[&str]) -> Estimates {
    let from = shared().expect("the references are there").join("oracle/inputs").join(name);
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    std::fs::copy(from, &path).unwrap();
    estimated(&path, arguments)
}

const ASKED: [&str; 8] =
    ["--mean", "api00", "--mean", "enroll", "--total", "enroll", "--ratio", "api.stu/enroll"];

#[track_caller]
fn agrees(found: &Estimates, quantity: &str, domain: &str, theirs: &Value, at: usize) {
    let one = |key: &str| {
        if theirs[key].is_array() { list(&theirs[key])[at] } else { theirs[key].as_f64().unwrap() }
    };
    let what = format!("{quantity} of {domain}");
    assert_close(found.number(quantity, domain, "estimate"), one("est"), CLOSE, &what);
    assert_close(found.number(quantity, domain, "se"), one("se"), CLOSE, &what);
}

#[test]
fn designs_of_schools_and_their_types_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    for (name, file, drawn) in [
        ("srs", "apisrs.csv", &["--fpc", "fpc"][..]),
        ("strat", "apistrat.csv", &["--stratum", "stype", "--fpc", "fpc"]),
        ("strat_nofpc", "apistrat.csv", &["--stratum", "stype"]),
        ("clus1", "apiclus1.csv", &["--psu", "dnum", "--fpc", "fpc"]),
        ("clus1_nofpc", "apiclus1.csv", &["--psu", "dnum"]),
    ] {
        let found = on(file, &[&ASKED[..], drawn, &["--weight", "pw", "--by", "stype"]].concat());
        let theirs = &golden["designs"][name];
        agrees(&found, "mean(api00)", "all", &theirs["mean"], 0);
        agrees(&found, "mean(enroll)", "all", &theirs["mean"], 1);
        agrees(&found, "total(enroll)", "all", &theirs["total"], 0);
        agrees(&found, "ratio(api.stu/enroll)", "all", &theirs["ratio_apistu_enroll"], 0);
        let limits = list(&theirs["ci_t_api00"]);
        found.agrees("mean(api00)", "all", &["lower95", "upper95"], &limits);
        for (key, to) in [("df", "degf"), ("deff", "deff_replace_mean_api00")] {
            found.agrees("mean(api00)", "all", &[key], &[theirs[to].as_f64().unwrap()]);
        }
        for (at, level) in ["E", "H", "M"].into_iter().enumerate() {
            agrees(&found, "mean(api00)", level, &theirs["by_stype_mean_api00"], at);
            agrees(&found, "total(enroll)", level, &theirs["by_stype_total_enroll"], at);
            agrees(&found, "ratio(api.stu/enroll)", level, &theirs["by_stype_ratio"], at);
        }
    }
}

#[test]
fn published_bootstrap_weights_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let published = [
        "--weight",
        "w",
        "--replicate-weights",
        "rw",
        "--replicate-kind",
        "bootstrap",
        "--by",
        "stype",
    ];
    let found = on("api_clus1_bootweights.csv", &[&ASKED[..], &published].concat());
    let theirs = &golden["replicate"]["clus1_bootstrap_from_csv"];
    agrees(&found, "mean(api00)", "all", &theirs["mean"], 0);
    agrees(&found, "total(enroll)", "all", &theirs["total"], 0);
    agrees(&found, "ratio(api.stu/enroll)", "all", &theirs["ratio"], 0);
    for (at, level) in ["E", "H", "M"].into_iter().enumerate() {
        agrees(&found, "mean(api00)", level, &theirs["by_stype"], at);
    }
    assert_eq!(found.summary["replicates"]["n"], 40);
    assert_eq!(found.cell("mean(api00)", "all", "df"), "39");
    assert!(found.summary["notes"].to_string().contains("replicates minus 1"));
}

#[test]
fn jackknives_and_lonely_schools_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    for (name, file, drawn) in [
        (
            "clus1_JK1",
            "apiclus1.csv",
            &["--psu", "dnum", "--fpc", "fpc", "--replicates", "jk1"][..],
        ),
        (
            "strat_JKn",
            "apistrat.csv",
            &["--stratum", "stype", "--fpc", "fpc", "--replicates", "jkn"],
        ),
    ] {
        let found = on(file, &[&ASKED[..], drawn, &["--weight", "pw"]].concat());
        let theirs = &golden["replicate"][name];
        agrees(&found, "mean(api00)", "all", &theirs["mean"], 0);
        agrees(&found, "total(enroll)", "all", &theirs["total"], 0);
        agrees(&found, "ratio(api.stu/enroll)", "all", &theirs["ratio"], 0);
    }
    for policy in ["remove", "certainty", "adjust", "average"] {
        let drawn = ["--weight", "w", "--stratum", "stype", "--fpc", "fpc", "--lonely-psu", policy];
        let found = on("api_lonely.csv", &[&ASKED[..], &drawn].concat());
        let theirs = &golden["lonely_psu"][format!("{policy}_fpc")];
        agrees(&found, "mean(api00)", "all", &theirs["mean"], 0);
        agrees(&found, "total(enroll)", "all", &theirs["total"], 0);
    }
}

#[test]
fn post_stratified_schools_agree_with_r() {
    let Some(golden) = golden("survey.R.json") else { return };
    let place = tempfile::tempdir().unwrap();
    let margins = place.path().join("types.csv");
    std::fs::write(&margins, "variable,value,total\nstype,E,4421\nstype,H,755\nstype,M,1018\n")
        .unwrap();
    let theirs = &golden["designs"]["clus1_poststrat"];
    for how in ["linear", "raking"] {
        let drawn = ["--weight", "pw", "--psu", "dnum", "--fpc", "fpc"];
        let known = ["--calibrate", margins.to_str().unwrap(), "--calibration", how];
        let found = on("apiclus1.csv", &[&ASKED[..], &drawn, &known].concat());
        agrees(&found, "mean(api00)", "all", &theirs["mean"], 0);
        agrees(&found, "total(enroll)", "all", &theirs["total"], 0);
    }
}
