//! Our statistics against numbers made with other software (R, spdep, esda, scipy), kept outside the project.
//!
//! The folder is `$SAET_SHARED`, or `../shared` beside the project. Without it the tests say so and pass, except on the
//! build server (`CI=true`), where it must be there. Tolerances: 1e-9 relative for anything both sides compute in closed
//! form, though most agree to 1e-12; printed tables to half a unit of their last decimal; where the other side is known
//! to be less accurate, the line says so.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::float_cmp,
    clippy::unwrap_used,
    reason = "reference files lie outside the project and are read whole, a note explains skipped tests, and a file that \
              cannot be read is a failed test"
)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use saet::{
    model::{Quadrant, Weights},
    statistics::{
        interval::{Confidence, byar, clopper_pearson, garwood, wilson},
        smoothing::marshall,
        spatial::{empirical_bayes_index, local, moran},
    },
};
use serde_json::Value;

/// Relative tolerance where both sides use the same closed form.
const CLOSE: f64 = 1e-9;

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("SAET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.join("oracle").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "reference folder {} is missing",
        folder.display()
    );
    eprintln!("note: reference folder {} is missing, nothing compared", folder.display());
    None
}

fn golden(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared()?.join("oracle/goldens").join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// A CSV without quoted commas: column name → cells.
fn table(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let unquoted = |cell: &str| cell.trim_matches('"').to_owned();
    let names: Vec<String> = lines.next().unwrap().split(',').map(unquoted).collect();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            columns.entry(name.clone()).or_default().push(unquoted(cell));
        }
    }
    columns
}

fn floats(cells: &[String]) -> Vec<f64> {
    cells.iter().map(|cell| cell.parse().unwrap()).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers as text")]
fn counts(cells: &[String]) -> Vec<u64> {
    floats(cells).into_iter().map(|value| value.round() as u64).collect()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

/// A neighbour file: a header, then per region its 1-based number and degree, and a line of neighbours.
fn gal(path: &Path) -> Weights {
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let lists = lines[1..]
        .chunks(2)
        .map(|pair| {
            let neighbours = pair.get(1).copied().unwrap_or("");
            neighbours.split_whitespace().map(|id| id.parse::<u32>().unwrap() - 1).collect()
        })
        .collect();
    Weights::binary(lists)
}

#[track_caller]
fn assert_close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-300)
            || (ours - theirs).abs() <= 1e-15,
        "{what}: {ours:e}, reference {theirs:e}"
    );
}

const LEVELS: [(&str, Confidence); 3] = [
    ("conf_0.9", Confidence::P90),
    ("conf_0.95", Confidence::P95),
    ("conf_0.998", Confidence::P998),
];

#[test]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers in JSON")]
fn intervals_of_counts_and_proportions_agree_with_scipy_and_r() {
    let (Some(python), Some(r)) = (golden("rates.python.json"), golden("rates.R.json")) else {
        return;
    };
    let mut n_compared = 0;
    for set in ["grid", "nc_sid79", "nc_sid74"] {
        let (x, n) = (list(&python[set]["x"]), list(&python[set]["n"]));
        for (name, confidence) in LEVELS {
            let theirs = &python[set][name];
            let in_r = &r[set][name];
            for at in 0..x.len() {
                let what = format!("{set} {name} x = {}", x[at]);
                let limit = |method: &str, side: usize| list(&theirs[method][side])[at];
                let ours = garwood::limits(x[at] as u64, confidence);
                assert_close(ours.0, limit("garwood_count", 0), CLOSE, &what);
                assert_close(ours.1, limit("garwood_count", 1), CLOSE, &what);
                let ours = byar::limits(x[at] as u64, confidence);
                // A negative lower limit is 0 with us.
                assert_close(ours.0, limit("byar_count", 0).max(0.0), CLOSE, &what);
                assert_close(ours.1, limit("byar_count", 1), CLOSE, &what);
                let ours = wilson::limits(x[at], n[at], confidence).unwrap();
                // Near 0 both sides subtract numbers of the size of z²/n: a few bits of that are the tolerance.
                let bit = 1e-14 / n[at];
                assert!((ours.0 - limit("wilson", 0)).abs() <= CLOSE * ours.0 + bit, "{what}");
                assert_close(ours.1, limit("wilson", 1), CLOSE, &what);
                let ours = clopper_pearson::limits(x[at], n[at], confidence).unwrap();
                // scipy's beta quantile loses digits for n = 10⁷ (README of the goldens); R's does not.
                assert_close(ours.0, limit("clopper_pearson", 0), 5e-8, &what);
                assert_close(ours.1, limit("clopper_pearson", 1), 5e-8, &what);
                let exact = &in_r["base_binom_test_clopper_pearson"];
                assert_close(ours.0, list(&exact[0])[at], CLOSE, &what);
                assert_close(ours.1, list(&exact[1])[at], CLOSE, &what);
                n_compared += 1;
            }
        }
    }
    for (name, confidence) in LEVELS {
        let set = &python["proportion_grid"];
        for (at, (x, n)) in list(&set["x"]).into_iter().zip(list(&set["n"])).enumerate() {
            let (low, high) = wilson::limits(x, n, confidence).unwrap();
            let theirs = &set[name]["wilson"];
            assert!((low - list(&theirs[0])[at]).abs() < 1e-13);
            assert!((high - list(&theirs[1])[at]).abs() < 1e-13);
            let (low, high) = clopper_pearson::limits(x, n, confidence).unwrap();
            let theirs = &set[name]["clopper_pearson"];
            assert!((low - list(&theirs[0])[at]).abs() < 1e-9);
            assert!((high - list(&theirs[1])[at]).abs() < 1e-9);
            n_compared += 1;
        }
    }
    assert!(n_compared > 600, "only {n_compared} compared");
}

#[test]
fn empirical_bayes_rates_and_indices_agree_with_esda_and_spdep() {
    let (Some(esda), Some(spdep)) = (golden("eb.esda.json"), golden("eb.spdep.json")) else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let mut n_compared = 0;
    for (name, case) in esda["cases"].as_object().unwrap() {
        let input: Vec<&str> =
            case["input"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        let columns = table(&inputs.join(input[0]));
        let events = counts(&columns[input[1]]);
        let population = floats(&columns[input[2]]);
        let weights = gal(&inputs.join("weights").join(format!("{}.gal", input[3])));
        let other = &spdep["cases"][name];

        // spdep cuts a negative variance at 0, as we do; esda does not.
        let global = marshall::global(&events, &population).unwrap();
        assert_close(global.mean, other["EBest_poisson"]["b"].as_f64().unwrap(), CLOSE, name);
        let variance = other["EBest_poisson"]["a"].as_f64().unwrap();
        assert!((global.variance - variance).abs() <= CLOSE * variance, "{name}");
        assert_eq!(global.clamped, name == "underdispersed");
        let theirs = list(&other["EBest_poisson"]["est"]);
        let spatial = marshall::spatial(&events, &population, &weights, marshall::SelfIn::Included);
        let local = list(&case["spatial_empirical_bayes"]);
        let local_r = list(&other["EBlocal_geoda"]["est"]);
        let index = empirical_bayes_index::standardise(&events, &population).unwrap();
        let standardised = list(&case["assuncao_standardised"]);
        for at in 0..events.len() {
            let what = format!("{name} row {at}");
            assert_close(global.rates[at], theirs[at], CLOSE, &what);
            // Islands have themselves alone as neighbourhood, where moments of one rate leave 0/0 in some peers.
            if local[at].is_finite() && weights.degree(at) > 0 {
                assert_close(spatial[at].unwrap(), local[at], CLOSE, &what);
                assert_close(spatial[at].unwrap(), local_r[at], CLOSE, &what);
            }
            assert!((index.values[at] - standardised[at]).abs() < CLOSE, "{what}");
            n_compared += 1;
        }
        let found = moran::global(&index.values, &weights).unwrap();
        assert_close(found.i, case["moran_rate"]["I"].as_f64().unwrap(), CLOSE, name);
    }
    assert!(n_compared > 400, "only {n_compared} compared");
}

#[test]
fn moran_and_local_statistics_agree_with_esda_and_the_plain_definitions() {
    let (Some(reference), Some(esda)) =
        (golden("spatial.reference.json"), golden("spatial.esda.json"))
    else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let mut n_compared = 0;
    for (name, case) in reference["continuous"].as_object().unwrap() {
        let input = &case["input"];
        let columns = table(&inputs.join(input["csv"].as_str().unwrap()));
        let values = floats(&columns[input["col"].as_str().unwrap()]);
        let file = format!("weights/{}.gal", input["gal"].as_str().unwrap());
        let weights = gal(&inputs.join(file));

        let theirs = &esda["continuous"][name]["global"]["moran_r"];
        let found = moran::global(&values, &weights).unwrap();
        for (ours, key) in [
            (found.i, "I"),
            (found.expectation, "EI"),
            (found.variance_normal, "VI_norm"),
            (found.z_normal, "z_norm"),
            (found.variance_randomised, "VI_rand"),
            (found.z_randomised, "z_rand"),
        ] {
            assert_close(ours, theirs[key].as_f64().unwrap(), CLOSE, &format!("{name} {key}"));
        }
        assert_close(found.i, case["global_W"]["moran_I"].as_f64().unwrap(), CLOSE, name);

        let locals = local::statistics(&values, &weights);
        let (i, gi, gi_star) = (
            list(&case["local"]["moran_n1_scaled"]),
            list(&case["local"]["Gi_Z"]),
            list(&case["local"]["Gistar_Z"]),
        );
        let quadrants =
            list(&esda["continuous"][name]["local"]["moran_r"]["quadrant_1HH_2LH_3LL_4HL"]);
        for (at, found) in locals.iter().enumerate() {
            let Some(found) = found else {
                // esda gives an island 0 and calls it significant; we give it nothing.
                assert_eq!(weights.degree(at), 0);
                continue;
            };
            let what = format!("{name} row {at}");
            assert!((found.local_moran - i[at]).abs() < CLOSE, "{what}");
            assert!((found.gi - gi[at]).abs() < CLOSE, "{what}");
            assert!((found.gi_star - gi_star[at]).abs() < CLOSE, "{what}");
            assert_eq!(code(found.quadrant), quadrants[at], "{what}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 500, "only {n_compared} compared");
}

/// esda's numbers for the quadrants.
fn code(quadrant: Quadrant) -> f64 {
    match quadrant {
        Quadrant::HighHigh => 1.0,
        Quadrant::LowHigh => 2.0,
        Quadrant::LowLow => 3.0,
        Quadrant::HighLow => 4.0,
    }
}

#[test]
fn permutation_tails_agree_with_the_exact_ones() {
    use saet::statistics::{
        numerics::random::Key,
        spatial::sequential::{Dropping, Plan},
    };
    let Some(reference) = golden("spatial.reference.json") else { return };
    let inputs = shared().unwrap().join("oracle/inputs");
    let plan = Plan { alpha: 0.05, n_draws: 20_000, refine: 1, dropping: Dropping::Off };
    let mut n_compared = 0;
    for (name, case) in reference["continuous"].as_object().unwrap() {
        let input = &case["input"];
        let columns = table(&inputs.join(input["csv"].as_str().unwrap()));
        let values = floats(&columns[input["col"].as_str().unwrap()]);
        let file = format!("weights/{}.gal", input["gal"].as_str().unwrap());
        let weights = gal(&inputs.join(file));
        let tails = &case["tails"];
        let (greater, less) = (list(&tails["p_ge"]), list(&tails["p_le"]));
        let outcomes = local::permute(&values, &weights, &plan, Key::named(7, name));
        for (at, outcome) in outcomes.iter().enumerate() {
            let Some(outcome) = outcome else { continue };
            let draws = 20_000.0;
            // Five standard errors of both sides (theirs at most 5e-4 where not exact), plus one draw.
            let bound = |p: f64| 5.0 * (p * (1.0 - p) / draws + 2.5e-7).sqrt() + 1.0 / draws;
            #[allow(clippy::cast_precision_loss, reason = "at most 20 000")]
            let share = |count: u64| count as f64 / draws;
            let found = (share(outcome.tally.n_greater), share(outcome.tally.n_less));
            assert!((found.0 - greater[at]).abs() < bound(greater[at]), "{name} {at}: {found:?}");
            assert!((found.1 - less[at]).abs() < bound(less[at]), "{name} {at}: {found:?}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 500, "only {n_compared} compared");
}

struct Pilot {
    keys: Vec<String>,
    events: Vec<u64>,
    population: Vec<f64>,
    weights: Weights,
    folder: PathBuf,
}

fn pilot() -> Option<Pilot> {
    let folder = shared()?.join("pilots/germany/reference");
    let columns = table(&folder.join("ref_lisa_kreise.csv"));
    let keys = columns["AGS"].clone();
    let links = table(&folder.join("ref_queen_links_kreise_wgs84.csv"));
    let mut lists = vec![Vec::new(); keys.len()];
    let position = |key: &String| keys.binary_search(key).unwrap();
    // Each border is listed once.
    for (from, to) in links["ags"].iter().zip(&links["neighbour"]) {
        let (from, to) = (position(from), position(to));
        lists[from].push(u32::try_from(to).unwrap());
        lists[to].push(u32::try_from(from).unwrap());
    }
    Some(Pilot {
        events: counts(&columns["events"]),
        population: floats(&columns["EWZ"]),
        weights: Weights::binary(lists),
        keys,
        folder,
    })
}

#[test]
fn the_pilot_map_has_the_printed_moran_and_local_statistics() {
    let Some(pilot) = pilot() else { return };
    assert_eq!((pilot.weights.n(), pilot.weights.n_links()), (401, 2092));
    #[allow(clippy::cast_precision_loss, reason = "event counts")]
    let rates: Vec<f64> = pilot
        .events
        .iter()
        .zip(&pilot.population)
        .map(|(&events, persons)| events as f64 / persons * 1e5)
        .collect();
    let found = moran::global(&rates, &pilot.weights).unwrap();
    assert!((found.i - 0.521_571_53).abs() <= 5e-9, "{found:?}");
    assert!((found.z_normal - 15.683_82).abs() <= 5e-6, "{found:?}");
    assert!((found.z_randomised - 16.006_60).abs() <= 5e-6, "{found:?}");

    let printed = table(&pilot.folder.join("ref_lisa_kreise.csv"));
    let (i, star) = (floats(&printed["local_moran_I"]), floats(&printed["gi_star_z"]));
    let quadrants = floats(&printed["quadrant"]);
    for (at, found) in local::statistics(&rates, &pilot.weights).into_iter().enumerate() {
        let found = found.unwrap();
        let key = &pilot.keys[at];
        assert!((found.local_moran - i[at]).abs() <= 5.1e-9, "{key}");
        assert!((found.gi_star - star[at]).abs() <= 5.1e-9, "{key}");
        assert_eq!(code(found.quadrant), quadrants[at], "{key}");
    }
}

#[test]
fn the_pilot_rates_smooth_to_the_printed_ones() {
    let Some(pilot) = pilot() else { return };
    let smoothed = marshall::global(&pilot.events, &pilot.population).unwrap();
    assert!((smoothed.mean * 1e5 - 8.418_548_73).abs() <= 5e-9, "{}", smoothed.mean);
    assert!((smoothed.variance / 6.679_357_135_4e-9 - 1.0).abs() < 1e-10, "{}", smoothed.variance);
    let printed = floats(&table(&pilot.folder.join("ref_eb_marshall_global.csv"))["eb_rate_100k"]);
    for (at, rate) in smoothed.rates.iter().enumerate() {
        assert!((rate * 1e5 - printed[at]).abs() <= 5.1e-9, "{}", pilot.keys[at]);
    }
}

#[test]
fn published_smoothed_rates_come_out() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("validation/reference");
    let columns = table(&folder.join("ref_nc_sids_eb.csv"));
    let (events, births) = (counts(&columns["SID74"]), floats(&columns["BIR74"]));
    let smoothed = marshall::global(&events, &births).unwrap();
    for (ours, theirs) in smoothed.rates.iter().zip(floats(&columns["eb74"])) {
        assert_close(*ours, theirs, CLOSE, "North Carolina 1974");
    }
    let columns = table(&folder.join("ref_columbus_lisa.csv"));
    assert_eq!(columns["CRIME"].len(), 49);
}
