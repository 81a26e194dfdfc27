//! Counts and proportions against scipy and R.

use saet::{
    model::{Relation, VarianceLaw},
    statistics::{
        interval::{
            Confidence, byar, clopper_pearson, conditional_binomial, garwood, goodman, mover,
            negative_binomial, ratio, wilson,
        },
        numerics::gamma,
    },
};

use super::{assert_close, golden, list};

/// Relative tolerance of closed forms on both sides, as the goldens' README demands.
const CLOSER: f64 = 1e-10;

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
                assert_close(ours.0, limit("garwood_count", 0), CLOSER, &what);
                assert_close(ours.1, limit("garwood_count", 1), CLOSER, &what);
                for exact in ["garwood_count", "base_poisson_test"] {
                    assert_close(ours.0, list(&in_r[exact][0])[at], CLOSER, &what);
                    assert_close(ours.1, list(&in_r[exact][1])[at], CLOSER, &what);
                }
                let ours = byar::limits(x[at] as u64, confidence);
                // A negative lower limit is 0 with us.
                assert_close(ours.0, limit("byar_count", 0).max(0.0), CLOSER, &what);
                assert_close(ours.1, limit("byar_count", 1), CLOSER, &what);
                let ours = wilson::limits(x[at], n[at], confidence).unwrap();
                // Near 0 both sides subtract numbers of the size of z²/n: a few bits of that are the tolerance.
                let bit = 1e-14 / n[at];
                assert!((ours.0 - limit("wilson", 0)).abs() <= CLOSER * ours.0 + bit, "{what}");
                assert_close(ours.1, limit("wilson", 1), CLOSER, &what);
                let score = &in_r["base_prop_test_wilson"];
                assert!((ours.0 - list(&score[0])[at]).abs() <= CLOSER * ours.0 + bit, "{what}");
                assert_close(ours.1, list(&score[1])[at], CLOSER, &what);
                let ours = clopper_pearson::limits(x[at], n[at], confidence).unwrap();
                // scipy's beta quantile loses digits for n = 10⁷ (README of the goldens); R's does not.
                assert_close(ours.0, limit("clopper_pearson", 0), 5e-8, &what);
                assert_close(ours.1, limit("clopper_pearson", 1), 5e-8, &what);
                let exact = &in_r["base_binom_test_clopper_pearson"];
                // As counts, so that limits of 1e-10 are compared in all their digits.
                assert_close(ours.0 * n[at], list(&exact[0])[at] * n[at], CLOSER, &what);
                assert_close(ours.1 * n[at], list(&exact[1])[at] * n[at], CLOSER, &what);
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
fn proportions_have_the_limits_newcombe_printed() {
    // Newcombe RG (1998), Stat Med 17:857-872, Table I, methods 3 (score) and 5 (exact).
    for (x, n, score, exact) in [
        (81.0, 263.0, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15.0, 148.0, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0.0, 20.0, (0.0, 0.1611), (0.0, 0.1684)),
        (1.0, 29.0, (0.0061, 0.1718), (0.0009, 0.1776)),
    ] {
        for (limits, printed) in [
            (wilson::limits(x, n, Confidence::P95).unwrap(), score),
            (clopper_pearson::limits(x, n, Confidence::P95).unwrap(), exact),
        ] {
            let off = (limits.0 - printed.0).abs().max((limits.1 - printed.1).abs());
            assert!(off < 5.1e-5, "{x} of {n}: {limits:?}, printed {printed:?}");
        }
    }
}

#[test]
fn rates_and_their_ratio_have_the_limits_r_prints() {
    // Examples of R's poisson.test: 137 events in 24.19893, and 11 in 800 over 21 in 3011. R's p there adds up all
    // outcomes at most as likely, ours doubles a tail: only the limits are the same.
    let (lower, upper) = garwood::limits(137, Confidence::P95);
    assert!((lower / 24.198_93 - 4.753_125).abs() < 1e-6);
    assert!((upper / 24.198_93 - 6.692_709).abs() < 1e-6);
    let found = conditional_binomial::compare(21, 11, 3011.0, 800.0, Confidence::P95).unwrap();
    assert!((found.ratio.unwrap() - 1.971_488).abs() < 1e-6);
    assert!((found.lower - 0.858_426_4).abs() < 1e-7);
    assert!((found.upper.unwrap() - 4.277_265_9).abs() < 1e-7);
}

/// The p at which P(X ≥ x) of Bin(n, p) is `tail`, by adding up probabilities and halving.
fn exact_lower(x: u32, n: u32, tail: f64) -> f64 {
    let at_least = |p: f64| -> f64 {
        let mut term = (0..n).fold(1.0, |product, _| product * (1.0 - p));
        let mut sum = 0.0;
        for k in 0..=n {
            if k >= x {
                sum += term;
            }
            term *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
        }
        sum
    };
    let (mut low, mut high) = (0.0, 1.0 - 1e-12);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if at_least(middle) < tail { low = middle } else { high = middle }
    }
    low
}

#[test]
fn ratios_are_the_odds_of_exact_binomial_limits_added_up_by_hand() {
    for (earlier, later) in [(40_u32, 24_u32), (3, 11), (60, 30), (1, 2)] {
        for (_, confidence) in LEVELS {
            let (n, tail) = (earlier + later, confidence.tail());
            let low = exact_lower(later, n, tail);
            let high = 1.0 - exact_lower(earlier, n, tail);
            let odds = |p: f64| p / (1.0 - p);
            let what = format!("{later} over {earlier} {confidence:?}");
            let found = ratio::limits(later.into(), earlier.into(), Relation::Disjoint, confidence);
            assert_close(found.unwrap().0, odds(low), 1e-9, &what);
            assert_close(found.unwrap().1, odds(high), 1e-9, &what);
            let found =
                conditional_binomial::compare(earlier.into(), later.into(), 3.0, 2.0, confidence)
                    .unwrap();
            assert_close(found.lower, odds(low) * 1.5, 1e-9, &what);
            assert_close(found.upper.unwrap(), odds(high) * 1.5, 1e-9, &what);
            let nested = ratio::limits(later.into(), n.into(), Relation::Nested, confidence);
            assert_eq!(nested, wilson::limits(later.into(), n.into(), confidence));
        }
    }
}

#[test]
fn differences_add_up_rs_exact_limits() {
    let Some(r) = golden("rates.R.json") else { return };
    let mut n_compared = 0;
    for (name, confidence) in LEVELS {
        let exact = &r["grid"][name]["base_poisson_test"];
        let (x, low, high) = (list(&r["grid"]["x"]), list(&exact[0]), list(&exact[1]));
        for a in 0..x.len() {
            for b in 0..x.len() {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole numbers in JSON"
                )]
                let found = mover::difference(x[a] as u64, x[b] as u64, confidence);
                let square = |value: f64| value * value;
                let below = (square(x[b] - low[b]) + square(high[a] - x[a])).sqrt();
                let above = (square(high[b] - x[b]) + square(x[a] - low[a])).sqrt();
                // The distances are differences of numbers as large as the counts: 15 printed digits of those.
                let digits = 1e-14 * x[a].max(x[b]);
                assert!((found.value - found.lower - below).abs() <= CLOSER * below + digits);
                assert!((found.upper - found.value - above).abs() <= CLOSER * above + digits);
                n_compared += 1;
            }
        }
    }
    assert_eq!(n_compared, 3 * 17 * 17);
}

#[test]
fn parts_of_a_whole_solve_goodmans_equation() {
    for counts in [vec![26_u32, 24, 20, 18, 12], vec![0, 3, 97], vec![11, 13, 17, 2, 0, 31, 5]] {
        let n: u32 = counts.iter().sum();
        let parts: Vec<u64> = counts.iter().map(|&count| count.into()).collect();
        for (_, confidence) in LEVELS {
            // The upper α/k quantile of χ² with one degree of freedom, from the gamma distribution.
            let k = f64::from(u32::try_from(counts.len()).unwrap());
            let quantile = 2.0 * gamma::inverse_upper(0.5, 2.0 * confidence.tail() / k);
            let found = goodman::limits(&parts, confidence).unwrap();
            for (&count, (lower, upper)) in counts.iter().zip(found) {
                for limit in [lower, upper] {
                    let (x, n) = (f64::from(count), f64::from(n));
                    let off =
                        (x - n * limit) * (x - n * limit) / n - quantile * limit * (1.0 - limit);
                    assert!(off.abs() < 1e-12 * quantile, "{counts:?} {count}: {off:e}");
                }
                assert!(lower < upper, "{counts:?} {count}");
            }
        }
    }
}

#[test]
fn dispersed_counts_have_the_tails_added_up_by_hand() {
    let quadratic = [0.4, 3.0, 25.0].map(|size| VarianceLaw::Quadratic { size });
    let linear = [1.2, 4.0, 30.0].map(|phi| VarianceLaw::Linear { phi });
    for law in quadratic.into_iter().chain(linear) {
        for count in [0_u32, 1, 7, 40] {
            for (_, confidence) in LEVELS {
                let (lower, upper) = negative_binomial::limits(count.into(), Some(law), confidence);
                // P(X = 0) = (1 + m/r)⁻ʳ; each next one is the last times (r + k)/(k + 1) · m/(r + m).
                let up_to = |last: u32, mean: f64| -> f64 {
                    let size = law.size(mean);
                    let mut term = (1.0 + mean / size).powf(-size);
                    let mut sum = 0.0;
                    for k in 0..=last {
                        sum += term;
                        term *= (size + f64::from(k)) / f64::from(k + 1) * mean / (size + mean);
                    }
                    sum
                };
                assert_close(up_to(count, upper), confidence.tail(), 1e-9, "upper");
                if count > 0 {
                    let above = 1.0 - up_to(count - 1, lower);
                    // 1 − … leaves 1e-12 of the tail; the search ends at 1e-10 of the logarithm of the mean.
                    assert!((above - confidence.tail()).abs() < 1e-11, "{count} {law:?}");
                } else {
                    assert!(lower.abs() < 1e-300);
                }
            }
        }
    }
}
