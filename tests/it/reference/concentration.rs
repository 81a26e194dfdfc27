//! Concentration indices against numpy and base R.

use std::collections::BTreeMap;

use saet::statistics::{
    concentration::{atkinson, gini, herfindahl, hoover, location_quotient, theil},
    interval::Confidence,
};
use serde_json::Value;

use super::{assert_close, floats, golden, list, shared, table};

/// Both sides sum a few thousand numbers of one sign.
const EXACT: f64 = 1e-12;
/// R's file carries 15 significant digits.
const PRINTED: f64 = 4e-15;

#[track_caller]
fn same(ours: f64, theirs: &Value, what: &str) {
    assert_close(ours, theirs.as_f64().unwrap(), EXACT, what);
}

fn groups(labels: &[String]) -> Vec<usize> {
    let mut known: BTreeMap<&String, usize> = BTreeMap::new();
    labels
        .iter()
        .map(|label| {
            let next = known.len();
            *known.entry(label).or_insert(next)
        })
        .collect()
}

/// What both files hold of one distribution; the number of values compared.
fn compare(values: &[f64], python: &Value, r: &Value, what: &str) -> usize {
    let gini = gini::plain(values).unwrap();
    let spread = herfindahl::index(values).unwrap();
    let hoover = hoover::plain(values).unwrap();
    let unequal = theil::indices(values).unwrap();
    same(gini, &python["gini"], what);
    same(spread.index, &python["hhi"], what);
    // H − 1/n cancels: what is left of equal shares is rounding of 1/n.
    assert!((spread.normalised.unwrap() - python["normalised"].as_f64().unwrap()).abs() < 1e-15);
    same(spread.effective_number, &python["effective_number"], what);
    same(hoover, &python["hoover"], what);
    for (ours, name) in
        [(gini, "gini"), (spread.index, "hhi"), (unequal.t, "T"), (hoover, "hoover")]
    {
        assert_close(ours, r[name].as_f64().unwrap(), EXACT + PRINTED, what);
    }
    assert_eq!(unequal.l.is_some(), r["L"].is_number());
    if let Some(l) = unequal.l {
        assert_close(l, r["L"].as_f64().unwrap(), EXACT + PRINTED, what);
    }
    9 + usize::from(unequal.l.is_some())
}

/// Theil's indices and their parts; the number of values compared.
fn compare_theil(values: &[f64], groups: &[usize], python: &Value, what: &str) -> usize {
    let whole = theil::indices(values).unwrap();
    let split = theil::decompose(values, groups).unwrap();
    same(whole.t, &python["T"], what);
    same(whole.normalised.unwrap(), &python["T_normalised"], what);
    same(split.t.between, &python["T_between"], what);
    same(split.t.within, &python["T_within"], what);
    same(whole.l.unwrap(), &python["L"], what);
    same(split.l.unwrap().between, &python["L_between"], what);
    same(split.l.unwrap().within, &python["L_within"], what);
    7
}

#[test]
fn indices_agree_with_numpy_and_r() {
    let (Some(python), Some(r)) =
        (golden("concentration.python.json"), golden("concentration.R.json"))
    else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let mut n_compared = 0;

    let mexico = table(&inputs.join("mexico.csv"));
    for year in ["pcgdp1940", "pcgdp2000"] {
        let (name, values) = (format!("mexico_{year}"), floats(&mexico[year]));
        n_compared += compare(&values, &python[&name], &r[&name], &name);
        n_compared += compare_theil(
            &values,
            &groups(&mexico["hanson98"]),
            &python[&name]["theil_by_hanson98"],
            &name,
        );
        same(atkinson::index(&values, 0.5).unwrap(), &python[&name]["atkinson_0.5"], &name);
        same(atkinson::index(&values, 1.0).unwrap(), &python[&name]["atkinson_1"], &name);
        n_compared += 2;
    }

    let schools = table(&inputs.join("apipop.csv"));
    let known: Vec<usize> = (0..schools["enroll"].len())
        .filter(|&at| schools["enroll"][at].parse::<f64>().is_ok())
        .collect();
    let of_known =
        |column: &str| known.iter().map(|&at| schools[column][at].clone()).collect::<Vec<_>>();
    let enrolled = floats(&of_known("enroll"));
    n_compared += compare(&enrolled, &python["apipop_enroll"], &r["apipop_enroll"], "enroll");
    for (column, name) in [("stype", "theil_by_stype"), ("cname", "theil_by_county")] {
        let by = groups(&of_known(column));
        n_compared += compare_theil(&enrolled, &by, &python["apipop_enroll"][name], name);
    }
    let mut counties: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (county, pupils) in of_known("cname").into_iter().zip(&enrolled) {
        let sum = counties.entry(county).or_default();
        *sum = (sum.0 + pupils, sum.1 + 1.0);
    }
    let (means, sizes): (Vec<f64>, Vec<f64>) =
        counties.values().map(|(sum, n)| (sum / n, *n)).unzip();
    let theirs = &python["apipop_county_mean_weighted_by_schools"]["gini_weighted"];
    same(gini::weighted(&means, &sizes).unwrap(), theirs, "weighted Gini");
    n_compared += 1;

    let nc = table(&inputs.join("nc.csv"));
    let name = "nc_sid79_with_zeros";
    n_compared += compare(&floats(&nc["SID79"]), &python[name], &r[name], name);
    assert!(n_compared > 60, "only {n_compared} compared");
}

#[test]
fn location_quotients_agree_with_numpy_and_r() {
    let (Some(python), Some(r)) =
        (golden("concentration.python.json"), golden("concentration.R.json"))
    else {
        return;
    };
    let theirs = &python["lq_county_by_stype"];
    let rows: Vec<Vec<f64>> = theirs["counts"].as_array().unwrap().iter().map(list).collect();
    let all: f64 = rows.iter().flatten().sum();
    let mut n_compared = 0;
    for (at, row) in rows.iter().enumerate() {
        for (kind, &x) in row.iter().enumerate() {
            let of_kind: f64 = rows.iter().map(|row| row[kind]).sum();
            let share = row.iter().sum::<f64>() / all;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts")]
            let ours =
                location_quotient::estimate(x as u64, of_kind as u64, share, Confidence::P95)
                    .unwrap();
            assert!(ours.lower <= ours.value && ours.value <= ours.upper);
            assert_close(ours.value, list(&theirs["lq"][at])[kind], EXACT, "numpy");
            assert_close(ours.value, list(&r["lq"]["lq"][at])[kind], EXACT + PRINTED, "R");
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 57 * 3);
}
