//! Weights moved to known totals, with linearised variances and with replicates: R survey's numbers for the rows made above.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::{
    ASKED, CLOSE, DRAWN, Estimates, FIGURES, SHARE, agrees_with, by_region, estimated, rows, run,
    written,
};
use crate::reference::assert_close;

#[test]
fn calibrated_estimates_agree_with_r() {
    // calibrate(d1, ~region+sex, c(90000, 31000, 28000, 43000), calfun="raking", epsilon=1e-13)
    let (_place, path, file) = known(MARGINS);
    let with = |how| {
        let known = ["--calibrate", file.to_str().unwrap(), "--calibration", how, "--by", "region"];
        estimated(&path, &[&ASKED[..], &DRAWN, &known].concat())
    };
    let found = with("raking");
    agrees_with(
        &found,
        [1992.4048403721636, 9.1657184715289688, 1971.9823469393816, 2012.8273338049455],
        [2248897.7743091928, 8862.7975674785084, 2229150.2307118047, 2268645.3179065809],
        [79.735254168489888, 0.3617527859406246, 78.929218731321313, 80.541289605658463],
        [0.49555077209091986, 0.026400298435596659],
    );
    by_region(
        &found,
        "mean(income)",
        [1973.4951495528792, 2026.4556129551813, 1975.64149984803],
        [27.888785493107797, 17.94067408638281, 29.778578189333725],
    );
    by_region(
        &found,
        "total(hours)",
        [766250.47838807153, 785361.95743091148, 697285.33849020989],
        [4641.173831561061, 5249.8209445813609, 6739.0175753331296],
    );
    let moved = &found.summary["calibration"]["weights_multiplied_by"];
    assert_close(moved[0].as_f64().unwrap(), 0.93618280251199393, CLOSE, "smallest factor");
    assert_close(moved[1].as_f64().unwrap(), 1.1206599730205686, CLOSE, "largest factor");
    let weights = found.summary["design"]["weights"]["sum"].as_f64().unwrap();
    assert_close(weights, 90000.0, CLOSE, "the population");

    // calfun="linear"
    let found = with("linear");
    agrees_with(
        &found,
        [1992.364940821677, 9.1652464914368963, 1971.9434990260756, 2012.7863826172784],
        [2248798.4494933272, 8881.1721140714089, 2229009.9648547876, 2268586.9341318668],
        [79.737179076387037, 0.36172021954403216, 78.931216201671972, 80.543141951102101],
        [0.49549622124479359, 0.026390544073041748],
    );
    by_region(
        &found,
        SHARE,
        [0.50002330304838261, 0.49455386547277713, 0.49138724107511056],
        [0.033150674574904643, 0.030311660589384476, 0.027978528781041134],
    );

    // calibrate(d2, ~region+hours, c(90000, 31000, 28000, hours=2200000), calfun="linear"): a number whose sum is known
    fs::write(&file, "variable,value,total\nregion,North,31000\nregion,South,28000\nregion,East,31000\nhours,,2200000\n").unwrap();
    let stages = ["--weight", "w", "--stratum", "stratum", "--psu", "psu,id", "--fpc", "fpc1,fpc2"];
    let known = ["--calibrate", file.to_str().unwrap(), "--calibration", "linear"];
    let found = estimated(&path, &[&ASKED[..], &stages, &known].concat());
    let theirs = [1992.2059192877298, 12.087061179384891, 1965.2742686676072, 2019.1375699078524];
    found.agrees("mean(income)", "all", &FIGURES, &theirs);
    // What is known no longer varies, and is as sure as from no number of respondents.
    found.agrees("total(hours)", "all", &["estimate", "se"], &[2_200_000.0, 0.0]);
    assert_eq!(found.cell("total(hours)", "all", "status"), "known");
    assert_eq!(found.cell("total(hours)", "all", "n_eff"), "");
    assert!(found.page.contains("Total of hours: 2,200,000 (follows from the known totals)"));
}

/// Known totals beside the rows, in a folder of their own.
fn known(margins: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (place, path) = written("rows.csv", &rows());
    let file = place.path().join("margins.csv");
    fs::write(&file, margins).unwrap();
    (place, path, file)
}

const MARGINS: &str = "variable,value,total\nregion,North,31000\nregion,South,28000\nregion,East,31000\nsex,f,47000\nsex,m,43000\n";

#[test]
fn calibrated_replicates_agree_with_r() {
    let (_place, path, file) = known(MARGINS);
    let with = |how, design: &[&str]| {
        let known = ["--calibrate", file.to_str().unwrap(), "--calibration", how, "--by", "region"];
        estimated(&path, &[&ASKED[..], design, &known].concat())
    };
    let agrees = |found: &Estimates, theirs: [(&str, [f64; 2]); 4]| {
        for (quantity, theirs) in theirs {
            found.agrees(quantity, "all", &FIGURES[..2], &theirs);
        }
    };
    // calibrate(as.svrepdesign(d1, type="JKn"), ~region+sex, c(90000, 31000, 28000, 43000), calfun="raking", epsilon=1e-13)
    let jackknife = [&DRAWN[..], &["--replicates", "jkn"]].concat();
    let found = with("raking", &jackknife);
    agrees(
        &found,
        [
            ("mean(income)", [1992.4048403721633, 9.1709188601265303]),
            ("total(hours)", [2248897.7743091928, 8866.7698247545632]),
            ("ratio(income/hours)", [79.735254168489888, 0.36163037323678893]),
            (SHARE, [0.49555077209091986, 0.026399917293789765]),
        ],
    );
    by_region(
        &found,
        "total(hours)",
        [766250.47838807153, 785361.95743091148, 697285.33849020989],
        [4639.4021385969663, 5250.0370289883067, 6743.7480028292748],
    );
    assert!(found.page.contains("every replicate meets the same totals"));
    let found = with("linear", &jackknife);
    agrees(
        &found,
        [
            ("mean(income)", [1992.364940821677, 9.1663743519233574]),
            ("total(hours)", [2248798.4494933272, 8882.804218116642]),
            ("ratio(income/hours)", [79.737179076387022, 0.36177136429054785]),
            (SHARE, [0.49549622124479359, 0.026394424345665253]),
        ],
    );
    // calibrate(svrepdesign(weights=~w, repweights=half0…half15, type="BRR", combined.weights=TRUE), …, calfun="linear")
    let published = ["--weight", "w", "--replicate-weights", "half", "--replicate-kind", "brr"];
    let found = with("linear", &[&published[..], &["--df", "10"]].concat());
    agrees(
        &found,
        [
            ("mean(income)", [1992.364940821677, 9.1410155576571626]),
            ("total(hours)", [2248798.4494933272, 8830.9847818949183]),
            ("ratio(income/hours)", [79.737179076387022, 0.35664573316023485]),
            (SHARE, [0.49549622124479359, 0.026417064941832175]),
        ],
    );
    by_region(
        &found,
        "mean(income)",
        [1973.4701909116875, 2026.4329058096794, 1975.5660241281635],
        [27.750169782774602, 17.926448911381410, 29.641926849922982],
    );
}

#[test]
fn replicates_without_a_category_are_named() {
    // Units are known by number, so that the jackknife's replicate without a unit has none of its persons.
    let units: String = (1..=2).fold(String::from("variable,value,total\n"), |all, unit| {
        all + &format!("psu,{unit},45000\n")
    });
    let (_place, path, file) = known(&units);
    let asked = ["--mean", "income", "--weight", "w", "--psu", "psu", "--replicates", "jk1"];
    let (done, out) =
        run(&path, &[&asked[..], &["--calibrate", file.to_str().unwrap()]].concat(), "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!((done.status.code(), out.exists()), (Some(3), false), "{said}");
    let problem: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(problem["code"], "estimate::survey_design");
    let message = problem["message"].as_str().unwrap();
    assert!(message.starts_with(
        "2 replicates cannot meet the totals, first the one numbered 1: a value of `psu`"
    ));
    assert!(problem["help"].as_str().unwrap().contains("leave `--replicates` out"));
}

#[test]
fn weights_below_0_are_no_finding_and_unanswered_totals_are_too_low() {
    // Hours far beyond those of the sample need negative weights for those who have few.
    let (_place, path, file) = known(
        "variable,value,total\nregion,North,31000\nregion,South,28000\nregion,East,31000\nhours,,3300000\n",
    );
    let asked = ["--mean", "income", "--total", "trust", "--missing", "9"];
    let calibrated = ["--calibrate", file.to_str().unwrap(), "--calibration", "linear"];
    let found = estimated(&path, &[&asked[..], &DRAWN, &calibrated].concat());
    let lowest = found.summary["calibration"]["weights_multiplied_by"][0].as_f64().unwrap();
    assert!(lowest < 0.0, "{lowest}");
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(
        headline.ends_with("from weights of which some are below 0: not to be used"),
        "{headline}"
    );
    let notes = found.summary["notes"].to_string();
    assert!(notes.contains("31 of 540 respondents gave no answer and add nothing"), "{notes}");
}
