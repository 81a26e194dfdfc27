//! What may be stated: nothing that was not tested, nothing that contradicts a test, nothing that rests on too little.

use std::{fmt::Write as _, fs};

use super::{COUNTS, analysed, file, grid, kinds::of_kind, mistakes::problems, planted, run};

fn with<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&COUNTS[..], arguments].concat()
}

#[test]
fn what_was_not_tested_is_neither_found_nor_ruled_out() {
    let (_place, path) = file("a.geojson", &planted());
    for methods in ["smoothing", "joins", "geary", "gi", "global", "concentration,quotients"] {
        let found = analysed(&path, &with(&["--methods", methods]));
        let headline = found.summary["headline"].as_str().unwrap();
        assert_eq!(headline, "64 regions described: single regions were not tested", "{methods}");
        assert!(found.regions["evidence"].iter().all(String::is_empty), "{methods}");
        assert!(!found.page.contains("Surroundings: local Moran"), "{methods}");
        assert!(!found.page.contains("Probable: P("), "{methods}");
    }
    let scanned = analysed(&path, &with(&["--methods", "scan"]));
    let headline = scanned.summary["headline"].as_str().unwrap();
    assert_eq!(headline, "One group among 64 regions has more events than chance explains");
    let surroundings = analysed(&path, &with(&["--methods", "local"]));
    let headline = surroundings.summary["headline"].as_str().unwrap();
    assert!(headline.starts_with("The rate is high among high in"), "{headline}");
}

#[test]
fn a_group_too_large_to_be_listed_is_not_denied() {
    // The left half has twice the events of the right one.
    let half = grid(8, |x, y| {
        let events = (if x < 4 { 40 } else { 20 }) + (x * 5 + y * 3) % 5;
        format!("\"events\":{events},\"people\":10000")
    });
    let (_place, path) = file("half.geojson", &half);
    let scan = ["--methods", "scan", "--scan-model", "poisson", "--scan-report"];
    let found = analysed(&path, &with(&[&scan[..], &["0.03"]].concat()));
    assert!(found.number("/scan_test/p") <= found.number("/scan_test/level"));
    let listed = found.summary["scan"].as_array().unwrap();
    assert!(listed.iter().all(|group| group["kept"] == false), "{listed:?}");
    assert!(found.page.contains("holds more than 3 % of the population"));
    assert!(!found.page.contains("No group of neighbouring regions"));
    let headline = found.summary["headline"].as_str().unwrap();
    assert_eq!(headline, "Some large group among 64 regions has more events than chance explains");
}

#[test]
fn a_scan_that_ignores_the_scatter_says_so() {
    let (_place, path) = file("a.geojson", &planted());
    let noted = |model: &str| {
        let found = analysed(&path, &with(&["--methods", "own,scan", "--scan-model", model]));
        found.summary["notes"].to_string()
    };
    assert!(noted("dispersed").contains("and so do the scan's draws"));
    assert!(noted("poisson").contains("p of its groups is too small"));
}

#[test]
fn a_region_without_a_place_is_named_for_what_it_lacks() {
    let mut rows = String::from("code,x,y,events,people\n");
    for at in 0..25 {
        let place = if at == 7 { ",".to_owned() } else { format!("{},{}", at % 5, at / 5) };
        writeln!(rows, "r{at},{place},{},1000", 3 + at % 4).unwrap();
    }
    let (_place, path) = file("a.csv", &rows);
    let found = analysed(&path, &with(&["--lon", "x", "--lat", "y"]));
    assert_eq!(found.regions["status"][7], "no_neighbours");
    let reason = found.summary["not_tested"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("its place is missing"), "{reason}");
    assert!(found.summary["notes"].to_string().contains("regions without a place: 1"));
}

#[test]
fn one_impossible_coordinate_does_not_make_a_plane_of_the_map() {
    let mut rows = String::from("code,x,y,events,people\n");
    for at in 0..25 {
        let y = if at == 3 { 95.5 } else { f64::from(at / 5) };
        writeln!(rows, "r{at},{},{y},{},1000", at % 5, 3 + at % 4).unwrap();
    }
    let asked = with(&["--lon", "x", "--lat", "y"]);
    let found = problems("a.csv", &rows, &asked, 3);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&5.into(), &"y".into()));
    assert_eq!(found[0]["message"], "`95.5` is no latitude");
    let (_place, path) = file("a.csv", &rows);
    analysed(&path, &[&asked[..], &["--plane"]].concat());
}

#[test]
fn other_files_in_the_folder_of_results_are_never_replaced() {
    let (place, path) = file("a.geojson", &planted());
    let out = place.path().to_str().unwrap();
    let (done, _) = run(&path, &with(&["--methods", "own"]), "2");
    assert!(done.status.success());
    let refused = crate::runs::saet(&["analyse", path.to_str().unwrap()])
        .args(with(&["--methods", "own", "--out", out]))
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`a.geojson`"));
    assert_eq!(fs::read_to_string(&path).unwrap(), planted());
}

#[test]
fn one_extreme_month_is_no_trend() {
    let mut rows = String::from("month,n\n");
    for at in 0..72 {
        let n = if at == 71 { 400 } else { 15 + (at * 7) % 10 };
        writeln!(rows, "{}-{:02},{n}", 2018 + at / 12, 1 + at % 12).unwrap();
    }
    let (_place, path) = file("spike.csv", &rows);
    let asked = ["--time", "month", "--events", "n"];
    let found = of_kind("series", &path, &asked, "series.csv");
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(!headline.contains("rise"), "{headline}");
}

#[test]
fn alarms_that_chance_explains_are_not_denied_in_the_headline() {
    // Days without any order: some weeks stand out, as chance has it.
    let mut rows = String::from("date\n");
    let mut state = 7_u64;
    let mut days: Vec<u64> = (0..1_500)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % (365 * 8)
        })
        .collect();
    days.sort_unstable();
    for day in days {
        let (year, of_year) = (2016 + day / 365, day % 365);
        writeln!(rows, "{year}-{:02}-{:02}", 1 + of_year / 31, 1 + of_year % 31 % 28).unwrap();
    }
    let (_place, path) = file("wk.csv", &rows);
    let asked = ["--time", "date", "--every", "week", "--until", "2023-12-31"];
    let found = of_kind("series", &path, &asked, "series.csv");
    let n_alarms = found.cells("alarm").iter().filter(|cell| *cell == "true").count();
    let headline = found.summary["headline"].as_str().unwrap();
    assert!(n_alarms > 0);
    let wanted =
        "No trend can be told from chance, and no more periods stand out than chance makes";
    assert_eq!(headline, wanted);
}

#[test]
fn a_handful_of_reports_tells_nothing_about_delays() {
    let mut rows = String::from("occurred,reported\n");
    for at in 1..=7 {
        writeln!(rows, "2023-{at:02}-05,2023-{:02}-20", at + at % 2).unwrap();
    }
    let (_place, path) = file("few.csv", &rows);
    let asked = ["--occurred", "occurred", "--reported", "reported", "--until", "2023-12-31"];
    let found = of_kind("delays", &path, &asked, "delays.csv");
    let headline = found.summary["headline"].as_str().unwrap();
    assert_eq!(headline, "7 events known: too few to say how late reports come");
    assert!(found.text("index.html").contains("rest on very little"));
}
