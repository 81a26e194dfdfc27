//! Global and local statistics and their moments against spdep, esda and the plain definitions, in every convention.

use saet::{
    model::Weights,
    statistics::{
        numerics::{
            float::normal_upper,
            permutation::Tally,
            pvalue::{Alternative, p_value},
            random::Key,
        },
        spatial::{
            Coding, Convention, Islands, empirical_bayes_index, geary, getis_ord, join_count,
            local, local_geary, local_join_count, local_moran, moran,
        },
    },
};
use serde_json::Value;

use super::{CLOSE, assert_close, counts, floats, gal, golden, list, shared, table};

/// A variable and its weights.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) values: Vec<f64>,
    pub(super) weights: Weights,
    pub(super) theirs: Value,
}

/// The cases of a golden file's section.
pub(super) fn cases(file: &str, section: &str) -> Option<Vec<Case>> {
    let golden = golden(file)?;
    let inputs = shared()?.join("oracle/inputs");
    let case = |(name, theirs): (&String, &Value)| {
        let text = |key: &str| theirs["input"][key].as_str().unwrap();
        let columns = table(&inputs.join(text("csv")));
        Case {
            name: name.clone(),
            values: floats(&columns[text("col")]),
            weights: gal(&inputs.join(format!("weights/{}.gal", text("gal")))),
            theirs: theirs.clone(),
        }
    };
    Some(golden[section].as_object().unwrap().iter().map(case).collect())
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value[0].as_f64()).or_else(|| value[0][0].as_f64()).unwrap()
}

const CODINGS: [(Coding, &str); 2] = [(Coding::RowStandardised, "r"), (Coding::AsGiven, "b")];

/// Statistic, expectation, variance and two-sided p of an R test.
fn r_test(theirs: &Value, ours: [f64; 4], what: &str) {
    let estimate = list(&theirs["estimate"]);
    for (ours, theirs) in ours[..3].iter().zip(estimate) {
        assert_close(*ours, theirs, CLOSE, what);
    }
    assert_close(ours[3].abs(), number(&theirs["statistic"]).abs(), CLOSE, what);
    let p = 2.0 * normal_upper(ours[3].abs());
    assert_close(p, number(&theirs["p"]), CLOSE, what);
}

/// Geary's variances as spdep 1.2-7 has them where islands are left out of n: in n − 1, n − 2, n − 3, n² and the kurtosis
/// they are, in n itself and in n + 1 they are not. Ours leaves them out everywhere.
#[allow(clippy::cast_precision_loss, reason = "at most 100 regions")]
fn geary_variances_of_spdep(values: &[f64], weights: &Weights, coding: Coding) -> [f64; 2] {
    let n_all = weights.n();
    let mut w = vec![vec![0.0; n_all]; n_all];
    for (at, row) in w.iter_mut().enumerate() {
        for &other in weights.neighbours(at) {
            let degree = weights.degree(at) as f64;
            row[other as usize] = if coding == Coding::AsGiven { 1.0 } else { 1.0 / degree };
        }
    }
    let pairs = || (0..n_all * n_all).map(|pair| (pair / n_all, pair % n_all));
    let s0: f64 = pairs().map(|(i, j)| w[i][j]).sum();
    let s1: f64 = pairs().map(|(i, j)| 0.5 * (w[i][j] + w[j][i]) * (w[i][j] + w[j][i])).sum();
    let both = |i: usize| (0..n_all).map(|j| w[i][j] + w[j][i]).sum::<f64>();
    let s2: f64 = (0..n_all).map(|i| both(i) * both(i)).sum();
    let n_linked = (0..n_all).filter(|&at| weights.degree(at) > 0).count() as f64;
    let (n, n1, n2, n3) = (n_all as f64, n_linked - 1.0, n_linked - 2.0, n_linked - 3.0);
    let nn = n_linked * n_linked;
    let mean = values.iter().sum::<f64>() / n;
    let moment =
        |p: u32| values.iter().map(|x| (0..p).map(|_| x - mean).product::<f64>()).sum::<f64>();
    let k = n_linked * moment(4) / (moment(2) * moment(2));
    let normal = ((2.0 * s1 + s2) * n1 - 4.0 * s0 * s0) / (2.0 * (n + 1.0) * s0 * s0);
    let randomised = (n1 * s1 * (nn - 3.0 * n + 3.0 - k * n1)
        - 0.25 * n1 * s2 * (nn + 3.0 * n - 6.0 - k * (nn - n + 2.0))
        + s0 * s0 * (nn - 3.0 - k * n1 * n1))
        / (n * n2 * n3 * s0 * s0);
    [normal, randomised]
}

#[test]
fn moran_geary_and_g_agree_with_spdep_in_every_convention() {
    let Some(cases) = cases("spatial.spdep.json", "continuous") else { return };
    let mut n_compared = 0;
    for Case { name, values, weights, theirs } in &cases {
        let has_islands = (0..weights.n()).any(|at| weights.degree(at) == 0);
        let global = &theirs["global"];
        for (coding, letter) in CODINGS {
            for (islands, suffix) in
                [(Islands::NotCounted, ""), (Islands::Counted, "_adjust.n=FALSE")]
            {
                if !has_islands && islands == Islands::Counted {
                    continue;
                }
                let convention = Convention { coding, islands };
                let what = format!("{name} {letter}{suffix}");
                let key = |test: &str| &global[format!("{test}_{letter}{suffix}")];
                let found = moran::global_by(values, weights, convention).unwrap();
                let (normal, randomised) = (found.variance_normal, found.variance_randomised);
                r_test(
                    key("moran_norm"),
                    [found.i, found.expectation, normal, found.z_normal],
                    &what,
                );
                let ours = [found.i, found.expectation, randomised, found.z_randomised];
                r_test(key("moran_rand"), ours, &what);
                let found = geary::global(values, weights, convention).unwrap();
                let mut variances = [found.variance_normal, found.variance_randomised];
                if has_islands && islands == Islands::NotCounted {
                    variances = geary_variances_of_spdep(values, weights, coding);
                }
                for (variance, test) in variances.into_iter().zip(["geary_norm", "geary_rand"]) {
                    let z = (found.c - 1.0) / variance.sqrt();
                    r_test(key(test), [found.c, 1.0, variance, z], &what);
                }
                if !has_islands || islands == Islands::Counted {
                    let z = (found.c - 1.0) / found.variance_randomised.sqrt();
                    assert_close(found.z_randomised, z, CLOSE, &what);
                }
                n_compared += 4;
            }
        }
        // spdep takes islands out of G altogether, values and all.
        let linked: Vec<bool> = (0..weights.n()).map(|at| weights.degree(at) > 0).collect();
        let kept: Vec<f64> = values
            .iter()
            .zip(&linked)
            .filter(|(_, kept)| **kept)
            .map(|(value, _)| *value)
            .collect();
        let found = getis_ord::global(&kept, &weights.subset(&linked)).unwrap();
        let ours = [found.g, found.expectation, found.variance, found.z];
        r_test(&global["getis_ord_G_b"], ours, name);
        n_compared += 1;
    }
    assert_eq!(n_compared, 8 * 9 + 8);
}

#[test]
fn moran_geary_and_g_agree_with_esda() {
    let Some(cases) = cases("spatial.esda.json", "continuous") else { return };
    let mut n_compared = 0;
    for Case { name, values, weights, theirs } in &cases {
        let global = &theirs["global"];
        for (coding, letter) in CODINGS {
            let convention = Convention { coding, islands: Islands::Counted };
            let i = moran::global_by(values, weights, convention).unwrap();
            let c = geary::global(values, weights, convention).unwrap();
            let (moran, geary) =
                (&global[format!("moran_{letter}")], &global[format!("geary_{letter}")]);
            for (ours, theirs) in [
                (i.i, &moran["I"]),
                (i.variance_normal, &moran["VI_norm"]),
                (i.variance_randomised, &moran["VI_rand"]),
                (i.z_randomised, &moran["z_rand"]),
                (c.c, &geary["C"]),
                (c.variance_normal, &geary["VC_norm"]),
                (c.z_normal, &geary["z_norm"]),
                (c.variance_randomised, &geary["VC_rand"]),
                (c.z_randomised, &geary["z_rand"]),
            ] {
                assert_close(ours, number(theirs), CLOSE, name);
                n_compared += 1;
            }
        }
        let found = getis_ord::global(values, weights).unwrap();
        let theirs = &global["getis_ord_G_b"];
        for (ours, key) in
            [(found.g, "G"), (found.expectation, "EG"), (found.variance, "VG"), (found.z, "z_norm")]
        {
            assert_close(ours, number(&theirs[key]), CLOSE, name);
            n_compared += 1;
        }
    }
    assert_eq!(n_compared, 8 * 22);
}

#[test]
fn local_moments_agree_with_spdep() {
    let Some(cases) = cases("spatial.spdep.json", "continuous") else { return };
    let mut n_compared = 0;
    for Case { name, values, weights, theirs } in &cases {
        for (found, key) in [
            (local_moran::conditional(values, weights), "moran_r_conditional"),
            (local_moran::total(values, weights), "moran_r_total"),
        ] {
            let theirs = &theirs["local"][key];
            let [i, mean, variance, z, p] =
                ["Ii", "E", "Var", "Z", "p_two_sided"].map(|key| list(&theirs[key]));
            for (at, found) in found.iter().enumerate() {
                let Some(found) = found else {
                    assert_eq!(weights.degree(at), 0);
                    continue;
                };
                let what = format!("{name} {key} {at}");
                let score = found.z.unwrap();
                assert!((found.i - i[at]).abs() < CLOSE, "{what}");
                assert_close(found.expectation, mean[at], CLOSE, &what);
                assert_close(found.variance, variance[at], CLOSE, &what);
                assert!((score - z[at]).abs() < CLOSE, "{what}");
                assert!((2.0 * normal_upper(score.abs()) - p[at]).abs() < CLOSE, "{what}");
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 1_000, "only {n_compared} compared");
}

#[test]
fn local_geary_agrees_with_spdep_esda_and_geoda() {
    let (Some(r), Some(esda), Some(geoda)) = (
        cases("spatial.spdep.json", "continuous"),
        golden("spatial.esda.json"),
        golden("spatial.pygeoda.json"),
    ) else {
        return;
    };
    let mut n_compared = 0;
    let mut n_classes = 0;
    for Case { name, values, weights, theirs } in &r {
        let found = local_geary::statistics(values, weights);
        let geoda = &geoda["continuous"][name]["geary"];
        let values_of_geoda = list(&geoda["values"]);
        let classes = list(&geoda["clusters"]);
        let spdep = theirs["local"].get("geary_r").map(|theirs| list(&theirs["C"]));
        let esda = &esda["continuous"][name]["local"]["geary_r"];
        let esda = esda.is_object().then(|| list(&esda["localG"]));
        #[allow(clippy::cast_precision_loss, reason = "at most 100 regions")]
        let n = values.len() as f64;
        for (at, found) in found.iter().enumerate() {
            let Some(found) = found else { continue };
            let what = format!("{name} {at}");
            assert!((found.c - values_of_geoda[at]).abs() < CLOSE, "{what}");
            if let (Some(spdep), Some(esda)) = (&spdep, &esda) {
                assert!((found.c - spdep[at]).abs() < CLOSE, "{what}");
                assert!((found.c * n / (n - 1.0) - esda[at]).abs() < CLOSE, "{what}");
            }
            // Where GeoDa calls a region significant, it says what kind.
            let code = match found.association {
                local_geary::Association::HighHigh => 1.0,
                local_geary::Association::LowLow => 2.0,
                local_geary::Association::OtherPositive => 3.0,
                local_geary::Association::Negative => 4.0,
            };
            if (1.0..=4.0).contains(&classes[at]) {
                assert_eq!(code, classes[at], "{what}: {found:?}");
                n_classes += 1;
            }
            n_compared += 1;
        }
    }
    assert!(n_compared > 500 && n_classes > 50, "{n_compared} compared, {n_classes} classes");
}

#[test]
fn join_counts_agree_with_spdep_and_the_hypergeometric_law() {
    let (Some(r), Some(reference)) =
        (cases("spatial.spdep.json", "binary"), golden("spatial.reference.json"))
    else {
        return;
    };
    let mut n_compared = 0;
    for Case { name, values, weights, theirs } in &r {
        let has: Vec<bool> = values.iter().map(|&value| value > 0.5).collect();
        let found = join_count::global(&has, weights, Islands::NotCounted).unwrap();
        for (ours, key) in [(found.without, "WW_0"), (found.with, "BB_1")] {
            let test = &theirs["nonfree"][key];
            let [joins, expectation, variance] = list(&test["estimate"])[..] else { panic!() };
            assert_close(ours.joins, joins, CLOSE, name);
            assert_close(ours.expectation, expectation, CLOSE, name);
            assert_close(ours.variance, variance, CLOSE, name);
            assert_close(ours.z.unwrap(), number(&test["statistic"]), CLOSE, name);
            assert_close(normal_upper(ours.z.unwrap()), number(&test["p"]), CLOSE, name);
        }
        let mixed = list(&theirs["multi"][2]);
        assert_close(found.mixed.joins, mixed[0], CLOSE, name);
        assert_close(found.mixed.expectation, mixed[1], CLOSE, name);
        assert_close(found.mixed.variance, mixed[2], CLOSE, name);
        assert_close(found.mixed.z.unwrap(), mixed[3], CLOSE, name);

        let reference = &reference["binary"][name];
        let (joins, p) = (list(&reference["local_joincount"]), list(&reference["p_exact_greater"]));
        for (at, found) in local_join_count::statistics(&has, weights).iter().enumerate() {
            assert_eq!(found.is_none(), p[at].is_nan(), "{name} {at}");
            let Some(found) = found else { continue };
            assert_eq!(found.joins, joins[at], "{name} {at}");
            assert_close(found.exact_greater.unwrap(), p[at], CLOSE, name);
            n_compared += 1;
        }
    }
    assert!(n_compared > 50, "only {n_compared} compared");
}

#[test]
fn moran_of_rates_agrees_with_assuncao_and_reis_in_spdep_and_esda() {
    let (Some(spdep), Some(esda), Some(geoda)) =
        (golden("eb.spdep.json"), golden("eb.esda.json"), golden("eb.pygeoda.json"))
    else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let (mut n_compared, mut n_local) = (0, 0);
    for (name, theirs) in spdep["cases"].as_object().unwrap() {
        let input: Vec<&str> =
            theirs["input"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        let columns = table(&inputs.join(input[0]));
        let events = counts(&columns[input[1]]);
        let index =
            empirical_bayes_index::standardise(&events, &floats(&columns[input[2]])).unwrap();
        let weights = gal(&inputs.join(format!("weights/{}.gal", input[3])));
        let esda = &esda["cases"][name];
        let key = Key::named(11, name);
        let draws = 20_000;
        let found = moran::global(&index.values, &weights).unwrap();
        assert_close(found.i, number(&esda["moran_rate"]["I"]), CLOSE, name);
        let tally =
            moran::draws(&index.values, &weights, Convention::default(), draws, key).unwrap();
        // 9 999 draws in spdep, 99 999 in esda.
        let ours = [tally.n_greater, tally.smaller()].map(|count| {
            p_value(Alternative::Greater, Tally { n_greater: count, n_less: count }, draws)
        });
        let theirs = [
            (number(&theirs["EBImoran"]["p_greater"]), 9_999.0),
            (number(&esda["moran_rate"]["p_sim_one_sided_folded"]), 99_999.0),
        ];
        for (ours, (theirs, their_draws)) in ours.into_iter().zip(theirs) {
            // Where the variance between regions comes out negative, spdep sets it to 0: another index.
            if name == "underdispersed" && their_draws < 10_000.0 {
                continue;
            }
            let spread = (theirs * (1.0 - theirs) * (1.0 / 20_000.0 + 1.0 / their_draws)).sqrt();
            let bound = 4.0 * spread + 1.0 / (their_draws + 1.0);
            assert!((ours - theirs).abs() < bound, "{name}: {ours}, theirs {theirs}");
            n_compared += 1;
        }
        if name == "underdispersed" {
            continue;
        }
        let of_esda = list(&esda["moran_local_rate"]["Is"]);
        let of_geoda = list(&geoda["cases"][name]["local_moran_eb"]["values"]);
        for (at, found) in local::statistics(&index.values, &weights).iter().enumerate() {
            let Some(found) = found else { continue };
            assert!((found.local_moran - of_esda[at]).abs() < CLOSE, "{name} {at}");
            assert!((found.local_moran - of_geoda[at]).abs() < CLOSE, "{name} {at}");
            n_local += 1;
        }
    }
    assert!(n_compared == 9 && n_local > 300, "{n_compared} and {n_local} compared");
}
