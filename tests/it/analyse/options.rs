//! What the command offers beyond its usual course: corrections, limits, scans, snapping, join counts, Gi, quotients.

use std::fmt::Write as _;

use super::{COUNTS, Results, analysed, file, grid, is_planted, mistakes::problems, planted, run};
use crate::reference::{CLOSE, assert_close, golden, list};

fn with<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&COUNTS[..], arguments].concat()
}

#[test]
fn every_correction_adjusts_the_p_values_it_prints() {
    let (_place, path) = file("squares.geojson", &planted());
    let mut n_kept = Vec::new();
    for rule in ["bh", "by", "bonferroni", "holm"] {
        let found = analysed(&path, &with(&["--methods", "local", "--correction", rule]));
        let p: Vec<f64> = found.numbers("local_moran_p").into_iter().flatten().collect();
        let q: Vec<f64> = found.numbers("local_moran_q").into_iter().flatten().collect();
        let mut ascending = p.clone();
        ascending.sort_by(f64::total_cmp);
        let n = p.len();
        assert_eq!(n, 64);
        let harmonic: f64 = (1..=64).map(|k| 1.0 / f64::from(k)).sum();
        #[allow(clippy::cast_precision_loss, reason = "small ranks")]
        for (&p, &q) in p.iter().zip(&q) {
            // Straight from each definition: step up over ranks from p on, or step down up to it.
            let up = |price: f64| {
                let each = ascending.iter().zip(1..).filter(|(other, _)| **other >= p);
                let each = each.map(|(&other, rank)| price * other * 64.0 / f64::from(rank));
                each.fold(1.0, f64::min)
            };
            let down = ascending.iter().enumerate().filter(|(_, other)| **other <= p);
            let wanted = match rule {
                "bh" => up(1.0),
                "by" => up(harmonic),
                "bonferroni" => (64.0 * p).min(1.0),
                _ => down.map(|(at, &other)| (n - at) as f64 * other).fold(0.0, f64::max).min(1.0),
            };
            assert!((q - wanted).abs() < 1e-12, "{rule}: p {p} gives {q}, not {wanted}");
        }
        for (class, q) in found.regions["local_moran_class"].iter().zip(&q) {
            let is_kept = !["not significant", "borderline"].contains(&class.as_str());
            assert!(!is_kept || *q <= 0.05, "{rule}: {class} at {q}");
        }
        n_kept.push(found.number("/local/kept"));
        assert!(found.page.contains(found.summary["local"]["correction"].as_str().unwrap()));
    }
    assert!(n_kept[0] >= n_kept[1] && n_kept[0] >= n_kept[3] && n_kept[3] >= n_kept[2]);
    assert!(n_kept[2] >= 1.0, "the cross is too clear for any of them: {n_kept:?}");
}

#[test]
fn byars_limits_are_those_of_the_methods_page() {
    // Ten events everywhere but in one square: no scatter, so that the limits are Poisson's.
    let text =
        grid(6, |x, y| format!("\"events\":{},\"people\":100000", 10 + usize::from(x + y == 0)));
    let (_place, path) = file("even.geojson", &text);
    for (rule, lower, upper) in [("garwood", 4.795, 18.390), ("byar", 4.787, 18.392)] {
        let found = analysed(&path, &with(&["--methods", "own", "--limits", rule]));
        let at = |column: &str| found.numbers(column)[7].unwrap();
        // Printed there with three digits; the last of Byar's upper limit, 18.3915, is rounded up.
        assert!((at("lower95") - lower).abs() < 6e-4, "{rule}: {}", at("lower95"));
        assert!((at("upper95") - upper).abs() < 6e-4, "{rule}: {}", at("upper95"));
        assert_eq!(found.summary["dispersion"]["limits"], rule);
    }
}

#[test]
fn further_limits_have_columns_of_their_own() {
    let text =
        grid(6, |x, y| format!("\"events\":{},\"people\":100000", 10 + usize::from(x + y == 0)));
    let (_place, path) = file("even.geojson", &text);
    let usual = analysed(&path, &with(&["--methods", "own"]));
    let found = analysed(&path, &with(&["--methods", "own", "--more-limits", "99.8,90"]));
    assert!(!usual.regions.contains_key("lower90"));
    // Garwood's limits of ten events: chi-square quantiles of 20 and 22 degrees of freedom, halved.
    for (column, wanted) in
        [("lower90", 5.4254), ("upper90", 16.9622), ("lower998", 2.9605), ("upper998", 24.1340)]
    {
        let at = found.numbers(column)[7].unwrap();
        assert!((at - wanted).abs() < 6e-5, "{column}: {at}");
    }
    assert_eq!(found.regions["upper95"], usual.regions["upper95"]);
    for wrong in [["--more-limits", "99"], ["--coding", "queen"]] {
        let refused = run(&path, &with(&wrong), "1").0;
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("give `") && said.contains(wrong[1]), "{said}");
    }
}

/// Kulldorff's ratio of the first cluster, from what is printed of it.
fn ratio(found: &Results, units: Option<f64>) -> f64 {
    let (cases, expected) = (found.number("/scan/0/cases"), found.number("/scan/0/expected"));
    let all = found.number("/events");
    let of = |n: f64, total: f64| if n > 0.0 { n * (n / total).ln() } else { 0.0 };
    match units {
        None => of(cases, expected) + of(all - cases, all - expected),
        Some(units) => {
            let inside = expected / all * units;
            of(cases, inside)
                + of(inside - cases, inside)
                + of(all - cases, units - inside)
                + of(units - inside - (all - cases), units - inside)
                - of(all, units)
                - of(units - all, units)
        }
    }
}

#[test]
fn scans_have_their_own_ratio_under_each_model() {
    let (_place, path) = file("squares.geojson", &planted());
    for (model, units) in
        [("dispersed", None), ("poisson", None), ("bernoulli", Some(64.0 * 10_000.0))]
    {
        let found = analysed(&path, &with(&["--methods", "scan", "--scan-model", model]));
        assert_close(found.number("/scan/0/llr"), ratio(&found, units), CLOSE, model);
        assert_eq!(found.summary["scan"][0]["regions"].as_array().unwrap().len(), 5, "{model}");
        assert!(found.number("/scan/0/p") < 0.025);
        let null = found.summary["scan_test"]["null"].as_str().unwrap();
        assert_eq!(null == "bernoulli", model == "bernoulli");
    }
    let found = analysed(&path, &with(&["--methods", "scan", "--scan-report", "0.02"]));
    assert_eq!(found.number("/scan_test/report_share"), 0.02);
    let largest = found.summary["scan"].as_array().unwrap().iter();
    let largest = largest.map(|group| group["regions"].as_array().unwrap().len()).max();
    assert_eq!(largest, Some(1), "2 % of 64 squares");
    let small = with(&["--methods", "scan", "--scan-search", "0.05"]);
    let searched = analysed(&path, &small);
    assert!(searched.number("/scan_test/circles") < found.number("/scan_test/circles"));
    let found = analysed(&path, &with(&["--methods", "scan", "--scan-report", "gini"]));
    assert_eq!(found.summary["scan_test"]["report"], "gini");
    assert!(found.page.contains("(Gini)"));
}

#[test]
fn a_weaker_group_is_tested_on_the_map_without_the_stronger() {
    let is_cross = |x: usize, y: usize, at: usize| x.abs_diff(at) + y.abs_diff(at) <= 1;
    let text = grid(10, |x, y| {
        let events = if is_cross(x, y, 2) {
            160
        } else if is_cross(x, y, 7) {
            60
        } else {
            20
        };
        format!("\"events\":{events},\"people\":10000")
    });
    let (_place, path) = file("two.geojson", &text);
    let poisson = ["--methods", "scan", "--scan-model", "poisson", "--draws", "999"];
    let together = analysed(&path, &with(&poisson));
    let one_by_one = analysed(&path, &with(&[&poisson[..], &["--scan-repeat"]].concat()));
    let regions = |found: &Results, at: usize| found.summary["scan"][at]["regions"].clone();
    assert_eq!(regions(&together, 0), regions(&one_by_one, 0));
    assert_eq!(regions(&one_by_one, 1).as_array().unwrap().len(), 5);
    // Without the first the rest of the map expects less: 60 on a map of 20s, not on one with 160s.
    let second = one_by_one.number("/scan/1/relative_risk");
    assert!((second - 60.0 / 20.0).abs() < 1e-9, "{second}");
    assert!(together.number("/scan/1/llr") < one_by_one.number("/scan/1/llr"));
}

#[test]
fn outlines_drawn_one_by_one_meet_within_a_snap_distance() {
    // Every square ends a hundredth before the next begins.
    let square = |at: u32| {
        let (x, y) = (f64::from(at % 5), f64::from(at / 5));
        let (right, top) = (x + 0.99, y + 0.99);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"s{at}\",\"events\":3,\"people\":1000}},\"geometry\":\
             {{\"type\":\"Polygon\",\"coordinates\":[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]}}}}"
        )
    };
    let squares: Vec<String> = (0..25).map(square).collect();
    let gaps = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", squares.join(","));
    let (_place, path) = file("gaps.geojson", &gaps);
    let whole = analysed(&path, &with(&["--methods", "own", "--plane", "--snap", "0.02"]));
    assert_eq!(whole.number("/weights/links"), f64::from(2 * (4 * 5 * 2 + 4 * 4 * 2)));
    assert_eq!(whole.number("/weights/snap"), 0.02);
    let asked = with(&["--methods", "own", "--plane", "--islands", "exclude"]);
    assert_eq!(analysed(&path, &asked).number("/weights/links"), 0.0);
}

#[test]
fn join_counts_of_a_cross_are_those_counted_by_hand() {
    let text = grid(8, |x, y| format!("\"has\":{}", u8::from(is_planted(x, y))));
    let (_place, path) = file("cross.geojson", &text);
    let asked = ["--value", "has", "--id", "code", "--methods", "joins"];
    let found = analysed(&path, &asked);
    // Four arms at the middle, and four pairs of arms that touch at a corner.
    assert_eq!(found.number("/join_counts/with/joins"), 8.0);
    // ½·S₀·k(k − 1)/(n(n − 1)) with 420 links.
    let expected = 0.5 * 420.0 * 5.0 * 4.0 / (64.0 * 63.0);
    assert_close(found.number("/join_counts/with/expectation"), expected, CLOSE, "joins");
    assert!(found.number("/join_counts/with/p") < 0.001);
    let counted = found.numbers("join_count");
    let (middle, arm) = (5 * 8 + 3, 5 * 8 + 2);
    assert_eq!((counted[middle], counted[arm], counted[0]), (Some(4.0), Some(3.0), None));
    // All four others among the eight neighbours of the middle, out of 63: C(59, 4)/C(63, 8).
    let p = found.numbers("join_count_p")[middle].unwrap();
    let choose = |n: u32, k: u32| {
        (0..k).fold(1.0, |product, at| product * f64::from(n - at) / f64::from(k - at))
    };
    assert_close(p, choose(59, 4) / choose(63, 8), CLOSE, "hypergeometric tail");
    assert_eq!(found.regions["join_count_class"][middle], "joined");
    assert!(found.page.contains("8 pairs of them are neighbours"), "{}", found.page);
    // Where events are counted, the property is any event.
    let (_place, path) = file("squares.geojson", &planted());
    let found = analysed(&path, &with(&["--methods", "joins"]));
    assert_eq!(found.number("/join_counts/regions_with"), 64.0);
    assert!(found.summary["join_counts"]["with"].is_null(), "all have it: nothing to compare");
}

#[test]
fn quotients_compare_the_share_of_events_with_that_of_people() {
    let (_place, path) = file("squares.geojson", &planted());
    let found = analysed(&path, &with(&["--methods", "quotients"]));
    let events: Vec<f64> = found.numbers("events").into_iter().flatten().collect();
    let all: f64 = events.iter().sum();
    let quotients = found.numbers("location_quotient");
    let (lower, upper) =
        (found.numbers("location_quotient_lower95"), found.numbers("location_quotient_upper95"));
    for at in 0..64 {
        let quotient = quotients[at].unwrap();
        assert_close(quotient, events[at] / all * 64.0, CLOSE, "share over share");
        assert!(lower[at].unwrap() < quotient && quotient < upper[at].unwrap());
    }
}

#[test]
fn gi_of_every_region_equals_other_software() {
    let Some(reference) = golden("spatial.reference.json") else { return };
    let (_place, path) = super::oracle::input("columbus.geojson").unwrap();
    let found = analysed(&path, &["--value", "CRIME", "--methods", "local,gi"]);
    let theirs = list(&reference["continuous"]["columbus_crime_queen"]["local"]["Gi_Z"]);
    let ours = found.numbers("gi_z");
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        assert_close(ours.unwrap(), theirs, CLOSE, "Gi");
    }
    // G of the map from its definition: neighbours' products over all products.
    let (links, values) = (found.number("/weights/links"), found.numbers("gi_z").len());
    #[allow(clippy::cast_precision_loss, reason = "49 regions")]
    let n = values as f64;
    let expectation = found.number("/getis_ord/expectation");
    assert_close(expectation, links / (n * (n - 1.0)), CLOSE, "expectation of G");
    assert!(found.number("/getis_ord/z") > 3.0 && found.number("/getis_ord/p") < 0.01);
}

#[test]
fn a_second_source_is_shown_beside_the_first() {
    // The seven Länder of the methods page, 100 000 people each, counts in hundredths: police, chronicle, both.
    let police = [242, 624, 496, 720, 442, 630, 306];
    let chronicle = [999, 950, 830, 659, 599, 582, 525];
    let mut text = "code,x,y,n,m,both,people\n".to_owned();
    for (at, (first, second)) in police.iter().zip(chronicle).enumerate() {
        writeln!(text, "{at},{at},0,{first},{second},100,100000").unwrap();
    }
    let (_place, path) = file("lands.csv", &text);
    let asked = ["--events", "n", "--population", "people", "--lon", "x", "--lat", "y", "--plane"];
    let second = ["--second", "m", "--both", "both"];
    let found = analysed(&path, &[&asked[..], &second].concat());
    let of = |path: &str| found.number(&format!("/second_source/{path}"));
    assert!((of("rank_correlation/rho") + 1.0 / 7.0).abs() < 1e-12);
    // R: cor.test(…, method = "spearman", exact = TRUE).
    assert!((of("rank_correlation/p") - 0.782_539_682_54).abs() < 1e-11);
    let (first, other, both) = (3_460.0, 5_144.0, 700.0);
    assert_eq!((of("events_of_first"), of("events_of_second")), (first, other));
    let all = (first + 1.0) * (other + 1.0) / (both + 1.0) - 1.0;
    assert_close(of("linked/all"), all, CLOSE, "Chapman");
    assert_eq!(of("linked/known"), first + other - both);
    // 720 and 659 are compatible with one rate, 630 and 582, too; all others are not.
    let apart: Vec<&str> = found.regions["sources_apart"].iter().map(String::as_str).collect();
    assert_eq!(apart, ["true", "true", "true", "false", "true", "false", "true"]);
    assert!(found.page.contains("rank correlation −0.14, 95 % limits"), "{}", found.page);
    assert!(found.page.contains("p = 0.783"));
    let alone = problems("lands.csv", &text, &[&asked[..], &["--both", "both"]].concat(), 2);
    assert_eq!(alone.len(), 1, "{alone:?}");
}

#[test]
fn options_that_do_not_fit_the_file_are_named() {
    let half = grid(5, |x, _| format!("\"events\":{x},\"people\":{}.5", 2 * x));
    let scan = with(&["--methods", "scan", "--scan-model", "bernoulli"]);
    let found = problems("half.geojson", &half, &scan, 3);
    assert_eq!(found.len(), 21, "twenty cells and how many more: {found:?}");
    assert!(found.iter().any(|problem| problem["message"] == "`0.5` is no whole number of units"));
    let few = grid(5, |x, _| format!("\"events\":{},\"people\":3", x + 1));
    let found = problems("few.geojson", &few, &scan, 3);
    assert!(found.iter().all(|problem| problem["message"] == "`3` is less than the events"));
    assert_eq!(found.len(), 10);
    let text = grid(5, |x, _| format!("\"has\":{x}"));
    let found = problems("five.geojson", &text, &["--value", "has", "--methods", "joins"], 3);
    assert!(found.iter().any(|problem| problem["message"] == "`4` is neither 0 nor 1"));
    let both = with(&["--scan-repeat", "--scan-report", "gini", "--snap=-1"]);
    let found = problems("squares.geojson", &planted(), &both, 2);
    assert_eq!(found.len(), 2);
}
