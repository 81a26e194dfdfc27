//! `saet analyse survey` through the binary: R survey's estimates from the same rows, statuses, the same bytes.
//!
//! The rows are made by a formula, here and in R alike, and R's numbers stand below. In R 4.2.2 with survey 4.1-1:
//!
//! ```r
//! library(survey)
//! rows <- do.call(rbind, lapply(1:10, function(h) do.call(rbind, lapply(1:2, function(j) {
//!   k <- 1:(24 + (3*h + 5*j) %% 7)
//!   data.frame(stratum=h, psu=j, id=k, w=100 + 10*h + 5*(k %% 3), fpc1=20 + h, fpc2=90 + 5*((h + j) %% 3),
//!     region=c("North","South","East")[(h + k) %% 3 + 1], sex=ifelse((k + j) %% 2 == 0, "f", "m"),
//!     trust=ifelse((h + j + k) %% 17 == 0, NA, ((3*k*k + k*h) %% 7 + (h*j) %% 3) %% 4),
//!     income=1000 + 10*((h*37 + j*91 + k*53 + h*h*j) %% 200), hours=10 + (h*11 + j*17 + k*23) %% 31)
//! }))))
//! rows$high <- as.numeric(rows$trust >= 2)
//! d1 <- svydesign(id=~psu, strata=~stratum, weights=~w, nest=TRUE, data=rows)
//! d2 <- svydesign(id=~psu+id, strata=~stratum, weights=~w, fpc=~fpc1+fpc2, nest=TRUE, data=rows)
//! # for every design d: svymean(~income, d, deff="replace"), svytotal(~hours, d), svyratio(~income, ~hours, d),
//! # svymean(~high, d, na.rm=TRUE, deff="replace"), svyciprop(~high, subset(d, !is.na(high)), method="beta" and "xlogit",
//! # df=degf(d)), svyby(~income, ~region, d, svymean), svyby(~hours, ~region, d, svytotal), svyby(~high, …, na.rm=TRUE),
//! # svyquantile(~income, d, q, ci=TRUE, interval.type="mean", qrule="math", df=degf(d)); limits: confint(…, df=degf(d))
//! ```

#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    reason = "numbers stand as R prints them, with every digit"
)]

mod calibrated;
mod mistakes;
mod oracle;
mod page;

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

/// Both sides compute in closed form; R's numbers carry 17 digits.
const CLOSE: f64 = 1e-8;

/// Half-samples by the signs of a Hadamard matrix: which of the two units of a stratum counts twice in replicate r.
fn doubled(replicate: u32, stratum: u32, unit: u32) -> bool {
    !((replicate & stratum).count_ones() + unit).is_multiple_of(2)
}

/// The rows, as R makes them; half-samples are published beside them as half0, half1, …
fn rows() -> String {
    let mut text = String::from("stratum,psu,id,w,fpc1,fpc2,region,sex,trust,income,hours");
    (0..16).for_each(|at| write!(text, ",half{at}").unwrap());
    text.push('\n');
    for h in 1..=10_u32 {
        for j in 1..=2_u32 {
            for k in 1..=(24 + (3 * h + 5 * j) % 7) {
                let w = 100 + 10 * h + 5 * (k % 3);
                let region = ["North", "South", "East"][((h + k) % 3) as usize];
                let sex = if (k + j).is_multiple_of(2) { "f" } else { "m" };
                let trust = if (h + j + k).is_multiple_of(17) {
                    9
                } else {
                    ((3 * k * k + k * h) % 7 + (h * j) % 3) % 4
                };
                let income = 1000 + 10 * ((h * 37 + j * 91 + k * 53 + h * h * j) % 200);
                let hours = 10 + (h * 11 + j * 17 + k * 23) % 31;
                write!(
                    text,
                    "{h},{j},{k},{w},{},{},{region},{sex},{trust},{income},{hours}",
                    20 + h,
                    90 + 5 * ((h + j) % 3)
                )
                .unwrap();
                for replicate in 0..16 {
                    let weight = if doubled(replicate, h, j) { 2 * w } else { 0 };
                    write!(text, ",{weight}").unwrap();
                }
                text.push('\n');
            }
        }
    }
    text
}

/// Everything that is asked of every design.
const ASKED: [&str; 12] = [
    "--mean",
    "income",
    "--total",
    "hours",
    "--ratio",
    "income/hours",
    "--share",
    "trust=2,3",
    "--quantile",
    "income:0.25,0.5",
    "--missing",
    "9",
];

const DRAWN: [&str; 6] = ["--weight", "w", "--stratum", "stratum", "--psu", "psu"];

/// A file in a folder of its own.
fn written(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    fs::write(&path, text).unwrap();
    (place, path)
}

/// Runs the command on a file into a folder beside it.
fn run(file: &Path, arguments: &[&str], threads: &str) -> (Output, PathBuf) {
    run_kind("survey", file, arguments, threads)
}

/// What a run wrote.
struct Estimates {
    /// By quantity and domain: column name → cell.
    rows: BTreeMap<(String, String), BTreeMap<String, String>>,
    summary: Value,
    page: String,
    table: String,
}

impl Estimates {
    #[track_caller]
    fn cell(&self, quantity: &str, domain: &str, column: &str) -> &str {
        let key = (quantity.to_owned(), domain.to_owned());
        let row = self.rows.get(&key).unwrap_or_else(|| panic!("no {quantity} of {domain}"));
        row.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    #[track_caller]
    fn number(&self, quantity: &str, domain: &str, column: &str) -> f64 {
        let cell = self.cell(quantity, domain, column);
        cell.parse().unwrap_or_else(|_| panic!("{quantity} of {domain}: {column} is `{cell}`"))
    }

    /// Compares columns of one row, in order.
    #[track_caller]
    fn agrees(&self, quantity: &str, domain: &str, columns: &[&str], theirs: &[f64]) {
        assert_eq!(columns.len(), theirs.len());
        for (column, theirs) in columns.iter().zip(theirs) {
            let what = format!("{quantity} of {domain}: {column}");
            assert_close(self.number(quantity, domain, column), *theirs, CLOSE, &what);
        }
    }
}

#[track_caller]
fn estimated(file: &Path, arguments: &[&str]) -> Estimates {
    let (done, out) = run(file, arguments, "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = files(&out);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["estimates.csv", "index.html", "summary.json"]);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let table = text("estimates.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut rows = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let cells = header.iter().zip(record.iter());
        let row = cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        let key = (record[0].to_owned(), record[1].to_owned());
        assert!(rows.insert(key, row).is_none(), "a row stands twice");
    }
    let summary = serde_json::from_str(&text("summary.json")).unwrap();
    // Per cent signs are kept on the line of their numbers.
    let page = text("index.html").replace('\u{a0}', " ");
    assert!(!page.contains("NaN") && !table.contains("NaN") && !page.contains("<script"));
    Estimates { rows, summary, page, table }
}

/// The made rows under a design.
#[track_caller]
fn made(design: &[&str]) -> Estimates {
    let (_place, path) = written("rows.csv", &rows());
    estimated(&path, &[&ASKED[..], design].concat())
}

const SHARE: &str = "share(trust=2|3)";
const FIGURES: [&str; 4] = ["estimate", "se", "lower95", "upper95"];
const REGIONS: [&str; 3] = ["East", "North", "South"];

/// R's numbers of one design: mean, total, ratio with limits; the share with its standard error.
#[track_caller]
fn agrees_with(
    found: &Estimates,
    mean: [f64; 4],
    total: [f64; 4],
    ratio: [f64; 4],
    share: [f64; 2],
) {
    found.agrees("mean(income)", "all", &FIGURES, &mean);
    found.agrees("total(hours)", "all", &FIGURES, &total);
    found.agrees("ratio(income/hours)", "all", &FIGURES, &ratio);
    found.agrees(SHARE, "all", &FIGURES[..2], &share);
}

/// A quantity's estimates by region, then their standard errors.
#[track_caller]
fn by_region(found: &Estimates, quantity: &str, values: [f64; 3], errors: [f64; 3]) {
    for (region, theirs) in REGIONS.into_iter().zip(values.into_iter().zip(errors)) {
        found.agrees(quantity, region, &FIGURES[..2], &[theirs.0, theirs.1]);
    }
}

#[test]
fn a_stratified_sample_of_clusters_agrees_with_r() {
    let found = made(&[&DRAWN[..], &["--by", "region"]].concat());
    agrees_with(
        &found,
        [1991.7503761138757, 8.5324924424520425, 1972.7387981985692, 2010.7619540291823],
        [2158750.0, 44219.856964942803, 2060222.0186671352, 2257277.9813328651],
        [79.725373480023165, 0.33846006706992338, 78.971237454738784, 80.479509505307547],
        [0.49495322501230921, 0.026248042387941983],
    );
    found.agrees("mean(income)", "all", &["deff", "df"], &[0.11797110476900442, 10.0]);
    found.agrees(SHARE, "all", &["deff"], &[1.4001088124701078]);
    // method="beta"; the effective sample is smaller than the sample, so that R's and ours are the same.
    found.agrees(SHARE, "all", &FIGURES[2..], &[0.43515706531709059, 0.55485649490728517]);
    assert_eq!(found.cell(SHARE, "all", "presentation"), "show");
    assert_eq!((found.cell(SHARE, "all", "n"), found.cell(SHARE, "all", "missing")), ("540", "31"));
    by_region(
        &found,
        "mean(income)",
        [1972.5941278065629, 2025.666089965398, 1976.8487394957983],
        [27.833313967295492, 17.818842918392605, 29.356101268928857],
    );
    by_region(
        &found,
        "total(hours)",
        [714825.0, 731680.0, 712245.0],
        [18721.473633237318, 15077.166510986079, 16786.11405299035],
    );
    by_region(
        &found,
        SHARE,
        [0.49874551971326164, 0.49308056872037914, 0.49286111626182089],
        [0.032677070225989639, 0.03062037183760799, 0.028092737291830591],
    );
    let limits = [1985.9632337614869, 2065.3689461693089, 10.0];
    found.agrees("mean(income)", "North", &["lower95", "upper95", "df"], &limits);
    // c(quantile, limits, standard error)
    for (quantity, domain, theirs) in [
        ("quantile(income:0.25)", "all", [1480.0, 8.9761012794023163, 1470.0, 1510.0]),
        ("quantile(income:0.5)", "all", [1990.0, 17.952202558804633, 1950.0, 2030.0]),
        ("quantile(income:0.5)", "North", [2030.0, 29.172329158057526, 1990.0, 2120.0]),
    ] {
        found.agrees(quantity, domain, &FIGURES, &theirs);
    }
    let logit = made(&[&DRAWN[..], &["--interval", "logit"]].concat());
    logit.agrees(SHARE, "all", &FIGURES[2..], &[0.43680261426816747, 0.55324069611410298]);
    assert_eq!(logit.cell(SHARE, "all", "method"), "linearisation; logit");
}

#[test]
fn two_stages_with_population_sizes_agree_with_r() {
    let stages = ["--weight", "w", "--stratum", "stratum", "--psu", "psu,id", "--fpc", "fpc1,fpc2"];
    let found = made(&[&stages[..], &["--by", "region"]].concat());
    agrees_with(
        &found,
        [1991.7503761138757, 10.156826320010881, 1969.1195567773827, 2014.3811954503688],
        [2158750.0, 43228.152909617405, 2062431.673002478, 2255068.3269975223],
        [79.725373480023165, 0.50213815940770756, 78.606539937981978, 80.844207022064353],
        [0.49495322501230921, 0.025713661335914469],
    );
    found.agrees(SHARE, "all", &FIGURES[2..], &[0.43639781714355735, 0.5536113695032534]);
    found.agrees("mean(income)", "all", &["deff"], &[0.1671628913057451]);
    by_region(
        &found,
        "mean(income)",
        [1972.5941278065629, 2025.666089965398, 1976.8487394957983],
        [28.676317417683833, 20.072481080670812, 30.040740112030889],
    );
    for (quantity, domain, theirs) in [
        ("quantile(income:0.25)", "all", [1480.0, 11.220126599252895, 1470.0, 1520.0]),
        ("quantile(income:0.5)", "all", [1990.0, 20.196227878655211, 1940.0, 2030.0]),
        ("quantile(income:0.5)", "North", [2030.0, 38.148430437459844, 1950.0, 2120.0]),
    ] {
        found.agrees(quantity, domain, &FIGURES, &theirs);
    }
    // The last stage may be left out: respondents are its units; and options may be repeated instead of listed.
    let repeated =
        ["--weight", "w", "--stratum", "stratum", "--psu", "psu", "--fpc", "fpc1", "--fpc", "fpc2"];
    let again = made(&[&repeated[..], &["--by", "region"]].concat());
    assert_eq!(found.table, again.table);
}

#[test]
fn replicates_made_and_published_agree_with_r() {
    // as.svrepdesign(d1, type="JKn", mse=FALSE)
    let found = made(&[&DRAWN[..], &["--replicates", "jkn", "--by", "region"]].concat());
    agrees_with(
        &found,
        [1991.7503761138757, 8.5331547572792985, 1972.7373224691703, 2010.7634297585812],
        [2158750.0, 44219.856964942795, 2060222.0186671352, 2257277.9813328651],
        [79.725373480023151, 0.33847555806324303, 78.971202938654699, 80.479544021391604],
        [0.49495322501230921, 0.026251957494551441],
    );
    by_region(
        &found,
        "mean(income)",
        [1972.5941278065629, 2025.666089965398, 1976.8487394957983],
        [27.835505990880154, 17.819608741392457, 29.357773645980632],
    );
    found.agrees(
        "quantile(income:0.5)",
        "North",
        &FIGURES,
        &[2030.0, 29.172329158057526, 1990.0, 2120.0],
    );
    assert_eq!(found.summary["replicates"]["n"], 20);

    // svrepdesign(weights=~w, repweights=half0…half15, type="BRR", combined.weights=TRUE, degf=10)
    let half = ["--weight", "w", "--replicate-weights", "half", "--df", "10"];
    let found = made(&[&half[..], &["--replicate-kind", "brr", "--by", "region"]].concat());
    agrees_with(
        &found,
        [1991.7503761138757, 8.518490704691601, 1972.7699960144685, 2010.730756213283],
        [2158750.0, 44219.856964942795, 2060222.0186671352, 2257277.9813328651],
        [79.725373480023151, 0.33595791087927224, 78.976812606160905, 80.473934353885397],
        [0.49495322501230921, 0.026260152055792164],
    );
    by_region(
        &found,
        SHARE,
        [0.49874551971326164, 0.49308056872037914, 0.49286111626182089],
        [0.032282319153220634, 0.031095110391744039, 0.027879248212017642],
    );
    found.agrees(SHARE, "all", &FIGURES[2..], &[0.43512894013700198, 0.55488472027489344]);
    found.agrees(
        "quantile(income:0.25)",
        "all",
        &FIGURES,
        &[1480.0, 8.9761012794023163, 1470.0, 1510.0],
    );
    // A factor of the documentation stands before the kind's: half of 1/16 makes errors smaller by √2.
    let scaled =
        made(&[&half[..], &["--replicate-kind", "brr", "--replicate-scale", "0.03125"]].concat());
    let error = 8.518490704691601 / 2.0_f64.sqrt();
    scaled.agrees("mean(income)", "all", &["se"], &[error]);
    // Half-samples made here are other ones, but for totals every balanced set gives the same.
    for kind in ["brr", "fay:0.3"] {
        let ours = made(&[&DRAWN[..], &["--replicates", kind]].concat());
        ours.agrees("total(hours)", "all", &FIGURES[..2], &[2158750.0, 44219.856964942795]);
    }
}

/// The made rows with further columns that a respondent's stratum, unit and weight give.
fn with_columns(prefix: &str, n: u32, weight: impl Fn(u32, u32, u32, u32) -> String) -> String {
    let mut text = String::new();
    for line in rows().lines() {
        let cells: Vec<u32> = line.split(',').map_while(|cell| cell.parse().ok()).collect();
        text.push_str(line);
        for replicate in 0..n {
            match cells.as_slice() {
                &[stratum, unit, _, own, ..] => {
                    write!(text, ",{}", weight(replicate, stratum, unit, own)).unwrap();
                }
                _ => write!(text, ",{prefix}{replicate}").unwrap(),
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn published_jackknives_and_half_samples_after_fay_agree_with_r() {
    let published = |text: &str, prefix: &str, more: &[&str]| {
        let (_place, path) = written("rows.csv", text);
        let common = ["--weight", "w", "--df", "10", "--replicate-weights", prefix];
        estimated(&path, &[&ASKED[..], &common, more].concat())
    };
    // svrepdesign(…, repweights=0.7*half + 0.3*w, type="Fay", rho=0.3, degf=10)
    let text = with_columns("fay", 16, |replicate, stratum, unit, own| {
        let tenths = if doubled(replicate, stratum, unit) { 17 * own } else { 3 * own };
        format!("{}.{}", tenths / 10, tenths % 10)
    });
    let found = published(&text, "fay", &["--replicate-kind", "fay:0.3"]);
    agrees_with(
        &found,
        [1991.7503761138757, 8.521632663245958, 1972.7629952945422, 2010.7377569332093],
        [2158750.0, 44219.856964942803, 2060222.0186671352, 2257277.9813328651],
        [79.725373480023151, 0.33665524480078424, 78.975258849357573, 80.47548811068873],
        [0.49495322501230921, 0.026254217867476216],
    );
    // The weights of as.svrepdesign(d1, type="JKn"): one unit out, the other twice, and a factor of 1/2 for each.
    let text = with_columns("jk", 20, |replicate, stratum, unit, own| {
        let own = if replicate / 2 + 1 != stratum {
            own
        } else if replicate % 2 + 1 == unit {
            0
        } else {
            2 * own
        };
        own.to_string()
    });
    let scales = ["0.5"; 20].join(",");
    let found = published(&text, "jk", &["--replicate-kind", "jkn", "--replicate-scales", &scales]);
    agrees_with(
        &found,
        [1991.7503761138757, 8.5331547572792985, 1972.7373224691703, 2010.7634297585812],
        [2158750.0, 44219.856964942795, 2060222.0186671352, 2257277.9813328651],
        [79.725373480023151, 0.33847555806324303, 78.971202938654699, 80.479544021391604],
        [0.49495322501230921, 0.026251957494551441],
    );
}

#[test]
fn the_bootstrap_follows_its_seed() {
    let with =
        |seed| made(&[&DRAWN[..], &["--replicates", "bootstrap:400", "--seed", seed]].concat());
    let (one, again, other) = (with("1"), with("1"), with("2"));
    assert_eq!(one.table, again.table);
    assert_ne!(one.table, other.table);
    // 400 replicates know a standard error to about 4 %; five of these around R's linearised one.
    for found in [one, other] {
        let ratio = found.number("total(hours)", "all", "se") / 44219.856964942803;
        assert!((ratio - 1.0).abs() < 0.2, "{ratio}");
    }
}

#[test]
fn a_stratum_with_one_unit_is_an_error_until_a_policy_is_named() {
    let text: String = rows()
        .lines()
        .filter(|line| !line.starts_with("10,2,"))
        .fold(String::new(), |all, line| all + line + "\n");
    let (_place, path) = written("rows.csv", &text);
    let (done, out) = run(&path, &[&ASKED[..], &DRAWN].concat(), "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(!out.exists());
    let problem: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    assert_eq!(problem["code"], "estimate::survey_design");
    assert_eq!(problem["column"], "stratum");
    assert!(
        problem["message"].as_str().unwrap().starts_with("stratum `10` has a single sampling unit")
    );
    let help = problem["help"].as_str().unwrap();
    assert!(
        ["adjust", "average", "certainty", "remove"].iter().all(|policy| help.contains(policy))
    );
    // options(survey.lonely.psu=…); svymean(~income, d1 without one unit)
    for (policy, error) in [
        ("remove", 7.6614516979624137),
        ("certainty", 7.6614516979624137),
        ("adjust", 7.699348125729248),
        ("average", 8.0758791829752123),
    ] {
        let found = estimated(&path, &[&ASKED[..], &DRAWN, &["--lonely-psu", policy]].concat());
        let theirs = [1997.2334079045488, error, 9.0];
        found.agrees("mean(income)", "all", &["estimate", "se", "df"], &theirs);
        assert_eq!(found.summary["design"]["lonely_psu"], policy);
    }
}

#[test]
fn the_same_bytes_come_out_at_one_and_two_threads() {
    let (_place, path) = written("rows.csv", &rows());
    let at = |threads: &str| {
        let asked =
            [&ASKED[..], &DRAWN, &["--by", "region", "--replicates", "bootstrap:50"]].concat();
        let (done, out) = run(&path, &asked, threads);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        files(&out)
    };
    let (one, two) = (at("1"), at("2"));
    assert_eq!(one.len(), 3);
    assert!(one == two, "results depend on the number of threads");
}
