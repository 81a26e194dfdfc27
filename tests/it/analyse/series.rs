//! `saet analyse series`: R's alarms and trends met, a change of recording told from a trend, gaps kept apart from zeros.

use std::{fmt::Write as _, fs, path::Path};

use saet::statistics::{
    numerics::float::exp_m1,
    surveillance::farrington::{Settings, same_periods, watch},
};
use serde_json::{Value, json};

use super::{Table, file, must_fail, of_kind, run_kind};
use crate::{
    reference::{assert_close, golden, list, shared},
    runs::files,
};

#[track_caller]
fn series(path: &Path, arguments: &[&str]) -> Table {
    of_kind("series", path, arguments, "series.csv")
}

fn number(found: &Value, path: &str) -> f64 {
    found.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path} in {found}"))
}

/// The Bulgarian police series of METHODS §4.3.
fn police() -> String {
    let counts = [20, 20, 29, -1, 651, 617, 704, 28, 22, 46, 22, 727];
    let mut text = String::from("year,offences\n");
    for (year, count) in (2008..).zip(counts) {
        let count = if count < 0 { "n/a".to_owned() } else { count.to_string() };
        writeln!(text, "{year},{count}").unwrap();
    }
    text
}

const POLICE: [&str; 6] = ["--time", "year", "--events", "offences", "--missing", "n/a"];

#[test]
fn a_change_of_recording_is_a_warning_and_when_declared_no_trend() {
    let (_place, path) = file("police.csv", &police());
    let found = series(&path, &POLICE);
    let one = &found.summary["series"][0];
    assert_eq!(one["breaks"]["verdict"], "check recording");
    let from: Vec<&str> = one["breaks"]["suspected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|jump| jump["from"].as_str().unwrap())
        .collect();
    assert_eq!(from, ["2012-01-01", "2015-01-01"]);
    assert_eq!(one["breaks"]["set_aside"], json!(["2019"]));
    let why = "the level changes as no trend does: check recording";
    for method in ["trend", "mann_kendall", "theil_sen"] {
        assert_eq!(one[method], json!({ "reason": why }));
    }
    assert!(
        found.page.contains("The level changes as no trend does: check recording before comparing")
    );
    assert!(found.page.contains("Check recording between 2010 and 2012"));
    // A missing year is missing, and not zero.
    assert_eq!(
        (found.cells("events")[3].as_str(), found.cells("status")[3].as_str()),
        ("", "missing")
    );
    assert_eq!(one["missing"], 1);

    let breaks = ["--break", "2012:new law", "--break", "2015", "--break", "2019"];
    let declared = series(&path, &[&POLICE[..], &breaks].concat());
    let one = &declared.summary["series"][0];
    let why = one["trend"]["reason"].as_str().unwrap();
    assert!(why.starts_with("no trend: recording changed"), "{why}");
    assert_eq!(declared.summary["headline"].as_str().unwrap(), why.replacen('n', "N", 1));
    assert!(one["breaks"]["reason"].as_str().unwrap().contains("since recording changed"));
    assert_eq!(declared.summary["declared_breaks"][0]["reason"], "new law");
    assert!(
        declared.page.contains("recording changed in 2012 (new law); do not compare across it")
    );
}

#[test]
fn yearly_trends_agree_with_r_and_scipy() {
    let (Some(r), Some(python)) = (golden("trend.R.json"), golden("trend.python.json")) else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    for name in ["discoveries", "nile"] {
        let path = place.path().join(format!("{name}.csv"));
        fs::copy(shared().unwrap().join(format!("oracle/inputs/{name}.csv")), &path).unwrap();
        // A hundred years with steps in them: the trend is asked for as it is.
        let asked = ["--time", "year", "--events", "y", "--methods", "trend,ranks"];
        let found = series(&path, &asked);
        let one = &found.summary["series"][0];
        let percent = |slope: f64| 100.0 * exp_m1(slope);
        let theirs = &python[name]["mk"];
        assert_close(number(one, "/mann_kendall/s"), number(theirs, "/S"), 1e-12, "S");
        assert_close(number(one, "/mann_kendall/p"), number(theirs, "/p_two_sided"), 1e-9, "p");
        assert_close(number(one, "/mann_kendall/tau_b"), number(theirs, "/tau_b"), 1e-9, "tau");
        let theirs = &python[name]["sen"];
        for (ours, key) in [("slope_a_year", "slope"), ("lower95", "lower"), ("upper95", "upper")] {
            let ours = number(one, &format!("/theil_sen/{ours}"));
            assert!((ours - number(theirs, &format!("/{key}"))).abs() < 1e-9, "{name} {key}");
        }
        let theirs = &r[name]["glm"];
        if theirs.is_null() {
            continue;
        }
        let ours = &one["trend"];
        let slope = list(&theirs["poisson"]["coef"])[1];
        assert_close(number(ours, "/poisson/percent_a_year"), percent(slope), 1e-8, "Poisson");
        assert_close(number(ours, "/poisson/p"), list(&theirs["poisson"]["p"])[1], 1e-5, "p");
        let slope = list(&theirs["glm_nb"]["coef"])[1];
        let ours_nb = number(ours, "/negative_binomial/percent_a_year");
        assert_close(ours_nb, percent(slope), 1e-6, "negative binomial");
        assert_close(number(ours, "/theta"), number(theirs, "/glm_nb/theta"), 1e-5, "theta");
        let limits =
            number(ours, "/negative_binomial/lower95")..number(ours, "/negative_binomial/upper95");
        assert!(limits.contains(&ours_nb));
    }
}

#[test]
fn weekly_alarms_are_those_of_r() {
    let Some(r) = golden("farrington.R.json") else { return };
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("campy.csv");
    fs::copy(shared().unwrap().join("oracle/inputs/campy_de.csv"), &path).unwrap();
    let asked = ["--time", "date", "--events", "case", "--methods", "alarms"];
    let found = series(&path, &asked);
    assert_eq!(found.summary["every"], "week");
    assert!(found.summary["notes"].to_string().contains("dates are taken as those of weeks"));
    let theirs = &r["flexible"]["campy.noufaily_b5_99"];
    let (expected, limit) = (found.numbers("expected"), found.numbers("alarm_limit"));
    let (their_expected, their_limit) = (list(&theirs["expected"]), list(&theirs["upperbound"]));
    for (at, week) in theirs["t"].as_array().unwrap().iter().enumerate() {
        let row = usize::try_from(week.as_u64().unwrap()).unwrap() - 1;
        let what = format!("week {week}");
        // R stops its regressions a little earlier.
        assert_close(expected[row].unwrap(), their_expected[at], 1e-4, &what);
        assert_close(limit[row].unwrap(), their_limit[at], 1e-12, &what);
        let alarm = if theirs["alarm"][at] == 1 { "true" } else { "false" };
        assert_eq!(found.cells("alarm")[row], alarm, "{what}");
    }
    assert_eq!(their_expected.len(), 52);
}

fn number_of(row: usize) -> f64 {
    f64::from(u32::try_from(row).unwrap())
}

/// Eight years of months in three areas, with a season, a rise in the south and a surge at the end in the north.
fn areas() -> String {
    let mut text = String::from("month,area,n,people\n");
    for month in 0..96_u64 {
        let (year, of_year) = (2016 + month / 12, month % 12);
        let season = [6, 7, 9, 11, 13, 14, 13, 12, 10, 8, 7, 6][usize::try_from(of_year).unwrap()];
        let noise = (month * 7 + month * month) % 5;
        let surge = if month >= 94 { 40 } else { 0 };
        for (area, count, people) in [
            ("North", season + noise + surge, 200_000),
            ("Middle", u64::from(month % 9 == 4), 50_000),
            ("South", season * (10 + month / 12) / 10 + noise, 300_000),
        ] {
            writeln!(text, "{year}-{:02},{area},{count},{people}", of_year + 1).unwrap();
        }
    }
    text
}

const AREAS: [&str; 8] =
    ["--time", "month", "--events", "n", "--by", "area", "--population", "people"];

#[test]
fn a_surge_is_an_alarm_where_it_is_and_the_limits_are_the_librarys() {
    let (_place, path) = file("areas.csv", &areas());
    let found = series(&path, &AREAS);
    let names: Vec<&str> = found.summary["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|series| series["series"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["all", "North", "Middle", "South"]);
    let north: Vec<usize> = found.rows("series", "North");
    assert_eq!(north.len(), 96);
    let counts: Vec<Option<u64>> =
        north.iter().map(|&row| found.cells("events")[row].parse().ok()).collect();
    let (limits, expected) = (found.numbers("alarm_limit"), found.numbers("expected"));
    let mut n_watched = 0;
    for (at, &row) in north.iter().enumerate() {
        let direct = watch(&counts, at, &same_periods(at, 12, 5), &Settings::noufaily(12));
        assert_eq!(limits[row], direct.ok().map(|watched| watched.upper), "month {at}");
        assert_eq!(expected[row], direct.ok().map(|watched| watched.expected), "month {at}");
        n_watched += usize::from(direct.is_ok());
    }
    assert_eq!(number(&found.summary["series"][1], "/alarms/watched"), number_of(n_watched));
    let alarm = found.cells("alarm");
    assert_eq!([alarm[north[94]].as_str(), alarm[north[95]].as_str()], ["true"; 2]);
    assert!(north[..94].iter().all(|&row| alarm[row] != "true"));
    // One event in nine months: no alarm limits, and it says why.
    let middle = &found.summary["series"][2];
    assert!(
        middle["alarms"]["reason"].as_str().unwrap().starts_with("rare: fewer than 1 a month"),
        "{middle}"
    );
    assert!(middle["xmr"]["reason"].as_str().unwrap().starts_with("rare"));
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(
        headline.starts_with(
            "In 2023-12 more events were recorded than season and trend explain in “North”"
        ),
        "{headline}"
    );
    assert!(found.page.contains(headline));
    // Rates are a year's, per 100,000: 6 + 0 in the 31 of 366 days of January 2016.
    let rate = found.numbers("rate")[north[0]].unwrap();
    assert_close(rate, 6.0 / (200_000.0 * 31.0 / 366.0) * 1e5, 1e-12, "rate");
    let (lower, upper) =
        (found.numbers("lower95")[north[0]].unwrap(), found.numbers("upper95")[north[0]].unwrap());
    assert!((lower - 2.2019).abs() < 1e-4 && (upper - 13.0595).abs() < 1e-4, "Garwood’s of 6");
    // The sum of the areas.
    let all = found.rows("series", "all");
    let sum = |row: usize| found.numbers("events")[row].unwrap();
    let of = |name: &str| sum(found.rows("series", name)[40]);
    assert_eq!(sum(all[40]).to_bits(), (of("North") + of("Middle") + of("South")).to_bits());
}

#[test]
fn a_season_alone_is_neither_a_trend_nor_an_alarm_nor_a_break() {
    let mut text = String::from("month,n\n");
    for month in 0..96 {
        let season = [8, 9, 12, 15, 18, 20, 19, 17, 14, 11, 9, 8][month % 12];
        writeln!(
            text,
            "{}-{:02},{}",
            2016 + month / 12,
            month % 12 + 1,
            season + (month / 12 * 5 + month) % 3
        )
        .unwrap();
    }
    let (_place, path) = file("season.csv", &text);
    let found = series(&path, &["--time", "month", "--events", "n"]);
    let one = &found.summary["series"][0];
    assert!(number(one, "/trend/q") > 0.5 && number(one, "/mann_kendall/p") > 0.2, "{one}");
    assert_eq!(
        (&one["mann_kendall"]["seasonal"], &one["breaks"]["verdict"]),
        (&json!(true), &json!("no break suspected"))
    );
    assert_eq!(one["alarms"]["raised"], json!([]));
    // The chart knows no season, and says so.
    assert!(!one["xmr"]["signals"].as_array().unwrap().is_empty());
    assert!(found.page.contains("the chart knows neither season nor trend"));
    assert_eq!(
        found.summary["headline"],
        "No trend can be told from chance, and no period stands out"
    );
}

#[test]
fn nothing_recorded_and_too_little_are_results_with_reasons() {
    let years = |counts: &[u64]| {
        let rows = (2010..).zip(counts).map(|(year, count): (u32, _)| format!("{year};{count}\n"));
        format!("y;n\n{}", rows.collect::<String>())
    };
    let asked = ["--time", "y", "--events", "n"];
    let (_place, path) = file("none.csv", &years(&[0; 14]));
    let none = series(&path, &asked);
    assert_eq!(none.summary["headline"], "No event was recorded in 14 years");
    assert_eq!(none.summary["series"][0]["trend"], json!({ "reason": "nothing recorded" }));
    assert!(none.numbers("upper95").iter().all(|upper| (upper.unwrap() - 3.688_879).abs() < 1e-5));
    assert!(!none.page.contains("NaN") && !none.text("series.csv").contains("NaN"));

    let (_place, path) = file("short.csv", &years(&[4, 6, 3, 9, 5]));
    let short = series(&path, &asked);
    let one = &short.summary["series"][0];
    let why = "5 whole periods; a trend needs 8";
    assert_eq!(
        (&one["trend"]["reason"], &one["mann_kendall"]["reason"]),
        (&json!(why), &json!(why))
    );
    assert_eq!(short.summary["headline"], format!("No trend can be told: {why}"));
    for method in ["breaks", "alarms", "xmr", "g_chart", "t_chart"] {
        assert!(one[method]["reason"].as_str().is_some_and(|why| !why.is_empty()), "{method}");
    }
    let left = series(&path, &[&asked[..], &["--methods", "xmr"]].concat());
    assert_eq!(left.summary["series"][0]["trend"]["reason"], "left out by `--methods`");
    assert!(left.page.contains("yearly change (log-linear trend): left out by `--methods`"));
}

#[test]
fn rows_that_are_events_are_counted_and_their_gaps_charted() {
    // An event every 20 to 44 days, and none in the last half year.
    let mut text = String::from("day\n");
    let mut day = chrono::NaiveDate::from_ymd_opt(2019, 1, 10).unwrap();
    let mut gaps = Vec::new();
    for at in 0..40_u64 {
        writeln!(text, "{day}").unwrap();
        let gap = 20 + at * 7 % 25;
        gaps.push(gap);
        day = day + chrono::Days::new(gap);
    }
    gaps.pop();
    let (_place, path) = file("events.csv", &text);
    let found = series(&path, &["--time", "day", "--from", "2019-01", "--until", "2022-12"]);
    let one = &found.summary["series"][0];
    assert_eq!(
        (&found.summary["every"], &found.summary["rows_are"]),
        (&json!("month"), &json!("events"))
    );
    assert_eq!(found.cells("period").len(), 48);
    assert_eq!(found.numbers("events").iter().flatten().sum::<f64>().to_bits(), 40.0_f64.to_bits());
    assert!(
        found.cells("events").iter().any(|count| count == "0"),
        "a month without a row holds zero"
    );
    let charted: Vec<String> =
        list(&one["t_chart"]["gaps"]).iter().map(|gap| format!("{gap:.0}")).collect();
    assert_eq!(charted, gaps.iter().map(u64::to_string).collect::<Vec<_>>());
    assert!(number(one, "/t_chart/since_last") > 100.0);
    assert_eq!(one["t_chart"]["unit"], "days");
    assert_eq!(one["xmr"]["reason"].as_str().unwrap().split(':').next(), Some("rare"));

    // Nothing says since when and until when the file counts: its first and last year are not compared.
    let yearly = series(&path, &["--time", "day", "--every", "year"]);
    assert_eq!(yearly.cells("status"), ["recorded", "recorded", "recorded", "incomplete"]);
    assert!(yearly.summary["notes"].to_string().contains("2022 may be covered in part only"));
}

#[test]
fn months_make_a_year_only_when_all_are_there() {
    let mut text = String::from("when\tn\n");
    for month in (0..24).filter(|month| *month != 17) {
        writeln!(text, "{}-{:02}\t{}", 2020 + month / 12, month % 12 + 1, 3).unwrap();
    }
    let (_place, path) = file("months.tsv", &text);
    let found = series(&path, &["--time", "when", "--events", "n", "--every", "year"]);
    assert_eq!(found.cells("events"), ["36", ""]);
    assert_eq!(found.cells("reason")[1], "11 of 12 months have a row");
}

#[test]
fn rows_of_one_period_are_added_up_and_said() {
    let (_place, path) = file("twice.csv", "y,kind,n\n2020,a,3\n2020,b,4\n2021,a,5\n");
    let found = series(&path, &["--time", "y", "--events", "n"]);
    assert_eq!(found.cells("events"), ["7", "5"]);
    assert!(
        found.summary["notes"].to_string().contains("years of one series with several rows: 1")
    );
    // Whose population would it be?
    let (_place, path) = file("twice.csv", "y,kind,n,people\n2020,a,3,10\n2020,b,4,10\n");
    let asked = ["--time", "y", "--events", "n", "--population", "people"];
    let problems = must_fail("series", &path, &asked, 3);
    assert_eq!(problems[0]["message"], "`2020` is the period of row 2 too");
}

#[test]
fn every_mistake_is_named_at_once_and_the_previous_results_stay() {
    let (_place, path) = file("a.csv", &police());
    let (done, out) = run_kind("series", &path, &POLICE, "2");
    assert!(done.status.success());
    let before = files(&out);
    fs::write(
        &path,
        "year,offences\n2008,-3\nspring,4\n2010,2.5\n,7\n2012-03,4\n2013,few\n2014,1\n",
    )
    .unwrap();
    let problems = must_fail("series", &path, &POLICE, 3);
    for (message, line, column) in [
        ("`-3` is negative", 2, "offences"),
        ("`spring` is no date, month, quarter or year", 3, "year"),
        ("`2.5` is not a whole number", 4, "offences"),
        ("the row has no date", 5, "year"),
        ("`2012-03` is a month where other rows are years", 6, "year"),
        ("`few` is not a number", 7, "offences"),
    ] {
        let problem = problems.iter().find(|problem| problem["message"] == message);
        let problem = problem.unwrap_or_else(|| panic!("{message} is not said: {problems:?}"));
        assert_eq!(
            (problem["code"].as_str(), problem["line"].as_u64()),
            (Some("read::bad_cell"), Some(line))
        );
        assert!(problem["column"] == column && problem["help"].is_string());
    }
    assert_eq!(problems.len(), 6);
    assert_eq!(files(&out), before, "the previous results");

    let (_place, path) = file("b.csv", &police());
    for asked in [
        &["--time", "year", "--population", "offences"][..],
        &["--time", "year", "--events", "offences", "--missing", "n/a", "--until", "2019"],
        &["--time", "year", "--events", "offences", "--missing", "n/a", "--alpha", "2"],
    ] {
        let problems = must_fail("series", &path, asked, 2);
        assert_eq!(problems[0]["code"], "analyse::option", "{asked:?}");
    }
    let finer = must_fail("series", &path, &[&POLICE[..], &["--every", "month"]].concat(), 3);
    assert_eq!(finer[0]["message"], "`2008` is a year and lies in no single month");
}

#[test]
fn the_same_bytes_at_any_number_of_threads() {
    let (_place, path) = file("areas.csv", &areas());
    let (one, first) = run_kind("series", &path, &AREAS, "1");
    let (two, second) = run_kind("series", &path, &AREAS, "2");
    assert!(one.status.success() && two.status.success());
    assert_ne!(first, second);
    assert_eq!(files(&first), files(&second));
    let names: Vec<String> = files(&first).into_keys().collect();
    assert_eq!(names, ["chart.svg", "index.html", "series.csv", "summary.json"]);
}
