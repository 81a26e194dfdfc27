//! Standardised rates against scipy, R (epitools, `epiR`) and the maps of Pennsylvania and Scotland.

use std::collections::BTreeMap;

use saet::statistics::{
    interval::Confidence,
    standardised::{
        CountLimits,
        direct::{self, Interval, Stratum, Undefined},
        fay_feuer, indirect,
    },
};
use serde_json::Value;

use super::{assert_close, counts, floats, golden, list, shared, table};

/// Relative tolerance of closed forms on both sides, as the goldens' README demands.
const CLOSER: f64 = 1e-10;
const DOBSON_BYAR: Interval = Interval::Dobson(CountLimits::Byar);
const DOBSON_EXACT: Interval = Interval::Dobson(CountLimits::Exact);

/// The strata of every group of the example of Fleiss, and Fay and Feuer, by birth order of the child.
fn groups() -> Option<BTreeMap<String, Vec<Stratum>>> {
    let columns = table(&shared()?.join("oracle/inputs/downs.csv"));
    let (events, exposure, standard) =
        (counts(&columns["count"]), floats(&columns["pop"]), floats(&columns["stdpop"]));
    let mut groups: BTreeMap<String, Vec<Stratum>> = BTreeMap::new();
    for (at, group) in columns["group"].iter().enumerate() {
        let stratum =
            Stratum { events: events[at], exposure: exposure[at], standard: standard[at] };
        groups.entry(group.clone()).or_default().push(stratum);
    }
    assert_eq!(groups.len(), 5);
    Some(groups)
}

#[test]
fn direct_rates_agree_with_scipy_and_r() {
    let (Some(groups), Some(python), Some(r)) =
        (groups(), golden("rates.python.json"), golden("rates.R.json"))
    else {
        return;
    };
    let mut n_compared = 0;
    for (group, strata) in &groups {
        for (name, confidence) in [("conf_0.95", Confidence::P95), ("conf_0.998", Confidence::P998)]
        {
            for (key, interval) in [
                ("dobson_byar", DOBSON_BYAR),
                ("dobson_exact", DOBSON_EXACT),
                ("fay_feuer_gamma", Interval::FayFeuer),
            ] {
                let ours = direct::standardise(strata, interval, confidence).unwrap();
                let mut compare = |theirs: &Value, names: [&str; 3]| {
                    let what = format!("group {group} {name} {key}");
                    let of = |name: &str| theirs[name].as_f64().unwrap();
                    assert_close(ours.rate.value, of(names[0]), CLOSER, &what);
                    assert_close(ours.rate.lower, of(names[1]), CLOSER, &what);
                    assert_close(ours.rate.upper, of(names[2]), CLOSER, &what);
                    n_compared += 1;
                };
                let (in_python, in_r) =
                    (&python["dsr_downs"][group][name], &r["dsr_downs"][group][name]);
                compare(&in_python[key], ["dsr", "lower", "upper"]);
                if interval == Interval::FayFeuer {
                    // What both packages call direct standardisation.
                    compare(&in_r["epitools_ageadjust_direct"], ["adj.rate", "lci", "uci"]);
                    compare(&in_r["epiR_directadj"], ["est", "lower", "upper"]);
                } else {
                    compare(&in_r[key], ["dsr", "lower", "upper"]);
                    let theirs = in_python[key]["var"].as_f64().unwrap();
                    assert_close(ours.variance, theirs, CLOSER, group);
                }
            }
        }
    }
    assert_eq!(n_compared, 5 * 2 * 7);
    // Printed by the vignette of dsrTest for birth order 5+, per 100 000.
    let found = direct::standardise(&groups["5+"], Interval::FayFeuer, Confidence::P95).unwrap();
    let printed = [75.529_01, 67.702_12, 188.300_17];
    for (ours, printed) in
        [found.rate.value, found.rate.lower, found.rate.upper].into_iter().zip(printed)
    {
        assert!((ours * 1e5 - printed).abs() < 5e-6, "{ours} {printed}");
    }
}

#[test]
fn indirect_ratios_agree_with_scipy() {
    let (Some(groups), Some(python)) = (groups(), golden("rates.python.json")) else { return };
    // The reference: all groups together.
    let pooled = |value: &dyn Fn(&Stratum) -> f64, at: usize| -> f64 {
        groups.values().map(|strata| value(&strata[at])).sum()
    };
    let n = groups["1"].len();
    #[allow(clippy::cast_precision_loss, reason = "counts of hundreds")]
    let events = |stratum: &Stratum| stratum.events as f64;
    let rates: Vec<f64> =
        (0..n).map(|at| pooled(&events, at) / pooled(&|one| one.exposure, at)).collect();
    for (group, strata) in &groups {
        let theirs = &python["smr_downs"][group];
        let exposure: Vec<f64> = strata.iter().map(|stratum| stratum.exposure).collect();
        let observed = strata.iter().map(|stratum| stratum.events).sum();
        let expected = indirect::expected(&exposure, &rates).unwrap();
        assert_close(expected, theirs["expected"].as_f64().unwrap(), CLOSER, group);
        for (key, limits) in [
            ("byar_95", CountLimits::Byar),
            ("byar_95", CountLimits::Phe),
            ("exact_95", CountLimits::Exact),
        ] {
            let smr = indirect::ratio(observed, expected, limits, Confidence::P95).unwrap();
            assert_close(smr.value, theirs["smr"].as_f64().unwrap(), CLOSER, group);
            assert_close(smr.lower, list(&theirs[key])[0], CLOSER, group);
            assert_close(smr.upper, list(&theirs[key])[1], CLOSER, group);
            let isr = indirect::rate(observed, expected, 2e-3, limits, Confidence::P95).unwrap();
            assert_close(isr.upper, 2e-3 * smr.upper, CLOSER, group);
        }
    }
}

#[test]
fn the_counties_of_pennsylvania_come_out() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("validation");
    let strata = table(&folder.join("penn_lung/penn_lung_strata.csv"));
    let cells: Vec<String> = (0..strata["age"].len())
        .map(|at| ["race", "gender", "age"].map(|name| strata[name][at].clone()).join(" "))
        .collect();
    let (events, persons) = (counts(&strata["cases"]), floats(&strata["population"]));
    let mut standard: BTreeMap<&str, (u64, f64)> = BTreeMap::new();
    for (at, cell) in cells.iter().enumerate() {
        let sum = standard.entry(cell).or_default();
        *sum = (sum.0 + events[at], sum.1 + persons[at]);
    }
    assert_eq!(standard.len(), 16);
    #[allow(clippy::cast_precision_loss, reason = "thousands of cases")]
    let rate = |cell: &str| standard[cell].0 as f64 / standard[cell].1;
    let reference = table(&folder.join("reference/ref_penn_expected_dsr.csv"));
    let theirs = |name: &str, at: usize| -> f64 { reference[name][at].parse().unwrap() };
    let (mut n_rates, mut n_few, mut sum_expected) = (0, 0, 0.0);
    for (at, county) in reference["county"].iter().enumerate() {
        let rows: Vec<usize> =
            (0..cells.len()).filter(|&row| strata["county"][row] == *county).collect();
        assert_eq!(rows.len(), 16);
        let exposure: Vec<f64> = rows.iter().map(|&row| persons[row]).collect();
        let rates: Vec<f64> = rows.iter().map(|&row| rate(&cells[row])).collect();
        let observed: u64 = rows.iter().map(|&row| events[row]).sum();
        let expected = indirect::expected(&exposure, &rates).unwrap();
        sum_expected += expected;
        let smr = indirect::ratio(observed, expected, CountLimits::Exact, Confidence::P95).unwrap();
        // The table prints eight decimals.
        assert!((expected - theirs("expected", at)).abs() < 6e-9, "{county}");
        assert!((smr.value - theirs("smr", at)).abs() < 6e-9, "{county}");
        let region: Vec<Stratum> = rows
            .iter()
            .map(|&row| Stratum {
                events: events[row],
                exposure: persons[row],
                standard: standard[cells[row].as_str()].1,
            })
            .collect();
        let found = direct::standardise(&region, DOBSON_BYAR, Confidence::P95);
        if theirs("empty_strata", at) > 0.0 {
            let at = region.iter().position(|stratum| stratum.exposure <= 0.0).unwrap();
            assert_eq!(found, Err(Undefined::NoExposure(at)), "{county}");
        } else if observed < 10 {
            assert_eq!(found, Err(Undefined::TooFewEvents(observed)), "{county}");
            n_few += 1;
        } else {
            let found = found.unwrap();
            assert!((found.rate.value * 1e5 - theirs("dsr_per_100k", at)).abs() < 6e-9);
            assert!((found.variance * 1e10 - theirs("var", at)).abs() < 6e-9, "{county}");
            n_rates += 1;
        }
    }
    assert_eq!((n_rates, n_few), (62, 4));
    let total: u64 = events.iter().sum();
    #[allow(clippy::cast_precision_loss, reason = "10 279 cases")]
    let difference = sum_expected - total as f64;
    assert!(total == 10_279 && difference.abs() < 1e-8, "internal standardisation");
    assert!((persons.iter().sum::<f64>() - 12_281_054.0).abs() < 1e-6);
}

#[test]
fn the_districts_of_scotland_come_out() {
    let Some(shared) = shared() else { return };
    let columns = table(&shared.join("validation/reference/ref_scotland_eb.csv"));
    let (observed, expected) = (counts(&columns["observed"]), floats(&columns["expected"]));
    for (at, theirs) in floats(&columns["smr"]).into_iter().enumerate() {
        let smr =
            indirect::ratio(observed[at], expected[at], CountLimits::Phe, Confidence::P95).unwrap();
        assert_close(smr.value, theirs, CLOSER, &columns["county"][at]);
        assert!(smr.lower <= smr.value && smr.value < smr.upper);
    }
    assert_eq!((observed.len(), observed.iter().sum::<u64>()), (56, 536));
    assert!((expected.iter().sum::<f64>() - 536.2).abs() < 1e-9);
    assert_eq!(columns["county"][0], "skye-lochalsh");
    let skye = indirect::ratio(observed[0], expected[0], CountLimits::Phe, Confidence::P95);
    assert!((skye.unwrap().value - 6.43).abs() < 5e-3, "Clayton and Kaldor (1987)");
}

#[test]
fn equal_weights_turn_the_gamma_interval_into_rs_exact_one() {
    let Some(r) = golden("rates.R.json") else { return };
    let mut n_compared = 0;
    for (name, confidence) in [
        ("conf_0.9", Confidence::P90),
        ("conf_0.95", Confidence::P95),
        ("conf_0.998", Confidence::P998),
    ] {
        let theirs = &r["grid"][name]["base_poisson_test"];
        for (at, x) in list(&r["grid"]["x"]).into_iter().enumerate() {
            let (lower, upper) = fay_feuer::limits(x, x, 1.0, confidence);
            let what = format!("{name} {x}");
            assert_close(lower, list(&theirs[0])[at], CLOSER, &what);
            assert_close(upper, list(&theirs[1])[at], CLOSER, &what);
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 51);
}
