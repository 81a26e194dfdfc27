//! Counts and proportions against scipy and R.

use saet::statistics::interval::{Confidence, byar, clopper_pearson, garwood, wilson};

use super::{CLOSE, assert_close, golden, list};

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
