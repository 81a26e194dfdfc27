//! Laws of trends.

use std::collections::BTreeMap;

use proptest::prelude::*;
use saet::statistics::{
    interval::Confidence,
    numerics::random::Key,
    trend::{
        breaks::{Break, stretches},
        emerging::{Emerging, Gi, Spot, classify},
        kendall_distribution::Distribution,
        log_linear::Series,
        mann_kendall, negative_binomial, poisson, seasonal_mann_kendall, theil_sen,
    },
};

use super::LEVELS;

/// Every order of the values, by Heap's method.
fn orders(values: &mut Vec<u32>, k: usize, visit: &mut dyn FnMut(&[u32])) {
    if k <= 1 {
        visit(values);
        return;
    }
    for at in 0..k {
        orders(values, k - 1, visit);
        values.swap(if k.is_multiple_of(2) { at } else { 0 }, k - 1);
    }
}

#[test]
fn exact_distributions_equal_full_enumeration_up_to_seven_points() {
    let mut n_compared = 0;
    for n in 1..=7_usize {
        // Every way to split n points into groups of equal values.
        for mask in 0..1_usize << (n - 1) {
            let mut ties = vec![1];
            for at in 0..n - 1 {
                if mask >> at & 1 == 1 {
                    *ties.last_mut().unwrap() += 1;
                } else {
                    ties.push(1);
                }
            }
            let mut values: Vec<u32> = Vec::new();
            for (value, &times) in (0..).zip(&ties) {
                values.extend(std::iter::repeat_n(value, times));
            }
            let mut seen: BTreeMap<i64, f64> = BTreeMap::new();
            let mut n_orders = 0.0;
            orders(&mut values, n, &mut |order| {
                let mut s = 0;
                for (at, earlier) in order.iter().enumerate() {
                    for later in &order[at + 1..] {
                        s += i64::from(later > earlier) - i64::from(later < earlier);
                    }
                }
                *seen.entry(s).or_default() += 1.0;
                n_orders += 1.0;
            });
            let distribution = Distribution::new(&ties);
            let mut total = 0.0;
            for s in -21..=21 {
                let theirs = seen.get(&s).copied().unwrap_or(0.0) / n_orders;
                assert!((distribution.probability(s) - theirs).abs() < 1e-14, "{ties:?} {s}");
                let tail: f64 = seen.range(s..).map(|(_, n)| n).sum::<f64>() / n_orders;
                assert!((distribution.upper(s) - tail).abs() < 1e-14, "{ties:?} {s}");
                total += distribution.probability(s);
                n_compared += 1;
            }
            assert!((total - 1.0).abs() < 1e-14);
        }
    }
    assert_eq!(n_compared, 127 * 43);
}

#[test]
fn exact_and_normal_p_meet_where_one_takes_over() {
    for ties in [vec![1; 30], vec![3; 10], vec![1, 1, 8, 2, 2, 2, 4, 1, 9]] {
        let distribution = Distribution::new(&ties);
        let total: f64 = (-435..=435).map(|s| distribution.probability(s)).sum();
        assert!((total - 1.0).abs() < 1e-12);
        let moment: f64 =
            (-435..=435).map(|s: i64| (s * s) as f64 * distribution.probability(s)).sum();
        let cubic = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
        let tied: f64 = ties.iter().map(|&t| cubic(t as f64)).sum();
        let variance = (cubic(30.0) - tied) / 18.0;
        assert!((moment / variance - 1.0).abs() < 1e-12, "the corrected variance is exact");
    }
}

#[test]
fn p_values_are_uniform_without_a_trend() {
    let key = Key::named(11, "null");
    let n_series = 2_000;
    let mut below = [0_u32; 3];
    for series in 0..n_series {
        let mut stream = key.stream(0, series);
        // Half of them with ties.
        let values: Vec<f64> = (0..12)
            .map(|_| if series % 2 == 0 { stream.normal() } else { f64::from(stream.below(5)) })
            .collect();
        let p = mann_kendall::test(&values).unwrap().p;
        for (count, level) in below.iter_mut().zip([0.05, 0.2, 0.5]) {
            *count += u32::from(p <= level);
        }
    }
    // An exact test never exceeds its level, and falls short of it only by its steps; standard deviations 10, 18, 22.
    for (count, (least, most)) in below.into_iter().zip([(60, 130), (320, 455), (860, 1_070)]) {
        assert!((least..=most).contains(&count), "{below:?}");
    }
}

#[test]
fn quoted_intervals_cover_the_slope() {
    let key = Key::named(5, "coverage");
    let (n_series, slope) = (1_000, 0.05);
    let mut covered = [0_u32; 2];
    for series in 0..n_series {
        let mut stream = key.stream(0, series);
        let times: Vec<f64> = (0..10).map(f64::from).collect();
        let counts: Vec<u64> = times
            .iter()
            .map(|time| {
                let rate = 20.0 * (slope * time).exp() * stream.gamma(5.0) / 5.0;
                // A Poisson number as arrivals before time 1.
                let (mut clock, mut count) = (-stream.unit().ln() / rate, 0);
                while clock < 1.0 {
                    count += 1;
                    clock -= stream.unit().ln() / rate;
                }
                count
            })
            .collect();
        let series = Series::new(&times, &counts, &[1.0; 10]).unwrap();
        let found = negative_binomial::fit(&series).unwrap();
        for (count, fit) in covered.iter_mut().zip([found.quoted, found.fit]) {
            let (lower, upper) = fit.limits(Confidence::P95);
            *count += u32::from(lower <= slope && slope <= upper);
        }
    }
    // Standard deviation 7.
    assert!((930..=985).contains(&covered[0]), "{covered:?}");
    assert!(covered[1] < 910, "normal limits promise too much: {covered:?}");
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * a.abs().max(1e-2)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn reversing_time_flips_the_sign_and_monotone_maps_change_nothing(
        values in prop::collection::vec(-20_i32..20, 2..45),
    ) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let found = mann_kendall::test(&values).unwrap();
        let reversed: Vec<f64> = values.iter().rev().copied().collect();
        let back = mann_kendall::test(&reversed).unwrap();
        prop_assert_eq!((back.s, back.z), (-found.s, -found.z));
        prop_assert!((back.p - found.p).abs() < 1e-14, "the distribution is symmetric");
        let mapped: Vec<f64> = values.iter().map(|value| (0.3 * value).exp() - 7.0).collect();
        prop_assert_eq!(mann_kendall::test(&mapped).unwrap(), found);
        prop_assert!(found.p > 0.0 && found.p <= 1.0 && found.tau_a.abs() <= 1.0);
        prop_assert_eq!(found.constant, found.tau_b.is_none());
        if let Some(tau_b) = found.tau_b {
            prop_assert!(tau_b.abs() <= 1.0 + 1e-12 && tau_b.abs() >= found.tau_a.abs());
        }
        let seasons: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        if let Some(seasonal) = seasonal_mann_kendall::test(&seasons, 1) {
            prop_assert_eq!((seasonal.s, seasonal.z), (found.s, found.z));
        }
    }

    #[test]
    fn theil_sen_follows_scale_shift_and_time(
        values in prop::collection::vec(-50.0..50.0_f64, 3..40), tilt in -3.0..3.0_f64, origin in -3e3..3e3_f64,
    ) {
        let times: Vec<f64> = (0..values.len()).map(|at| at as f64).collect();
        let found = theil_sen::slope(&times, &values, Confidence::P95).unwrap();
        prop_assert!(found.lower <= found.slope && found.slope <= found.upper);
        for confidence in LEVELS {
            let other = theil_sen::slope(&times, &values, confidence).unwrap();
            let is_wider = other.upper - other.lower >= found.upper - found.lower;
            prop_assert!(is_wider || confidence < Confidence::P95);
        }
        let tilted: Vec<f64> = times.iter().zip(&values).map(|(x, y)| y + tilt * x).collect();
        let moved: Vec<f64> = times.iter().map(|x| x + origin).collect();
        let other = theil_sen::slope(&moved, &tilted, Confidence::P95).unwrap();
        prop_assert!((other.slope - found.slope - tilt).abs() < 1e-8);
        prop_assert!((other.lower - found.lower - tilt).abs() < 1e-8);
        let backwards: Vec<f64> = values.iter().rev().copied().collect();
        let other = theil_sen::slope(&times, &backwards, Confidence::P95).unwrap();
        prop_assert!((other.slope + found.slope).abs() < 1e-9);
    }

    #[test]
    fn log_linear_slopes_know_nothing_of_the_scale_of_exposure_or_of_when_time_starts(
        counts in prop::collection::vec(prop_oneof![0_u64..4, 0_u64..200, 0_u64..100_000_000], 4..20), factor in 0.001..1e6_f64, origin in -50.0..2_100.0_f64,
    ) {
        let n = counts.len();
        let times: Vec<f64> = (0..n).map(|at| at as f64).collect();
        let exposure: Vec<f64> = (0..n).map(|at| 1.0 + 0.1 * (at % 3) as f64).collect();
        let Ok(series) = Series::new(&times, &counts, &exposure) else {
            return Ok(());
        };
        let scaled: Vec<f64> = exposure.iter().map(|exposure| exposure * factor).collect();
        let moved: Vec<f64> = times.iter().map(|time| time + origin).collect();
        let other = Series::new(&moved, &counts, &scaled).unwrap();
        let (before, after) = (poisson::fit(&series).unwrap(), poisson::fit(&other).unwrap());
        prop_assert!(close(before.poisson.slope, after.poisson.slope));
        prop_assert!(close(before.dispersion, after.dispersion));
        // The line goes through the total, and through the mean time of events.
        let fitted = |weigh: &dyn Fn(f64) -> f64| -> f64 {
            let fit = before.poisson;
            let each = |(time, exposure): (&f64, &f64)| {
                weigh(*time) * exposure * (fit.intercept + fit.slope * time).exp()
            };
            times.iter().zip(&exposure).map(each).sum()
        };
        let total = counts.iter().sum::<u64>() as f64;
        let moment: f64 = times.iter().zip(&counts).map(|(time, &count)| time * count as f64).sum();
        prop_assert!(close(fitted(&|_| 1.0), total) && close(fitted(&|time| time), moment));

        let (before, after) =
            (negative_binomial::fit(&series).unwrap(), negative_binomial::fit(&other).unwrap());
        prop_assert!(close(before.fit.slope, after.fit.slope), "{:?} {:?}", before, after);
        prop_assert_eq!(before.theta.is_some(), after.theta.is_some());
        prop_assert!(before.log_likelihood >= poisson::fit(&series).unwrap().log_likelihood - 1e-9);
        let errors = [before.fit.standard_errors.1, before.quoted.standard_errors.1];
        prop_assert!(errors.iter().all(|error| error.is_finite() && *error > 0.0));
        prop_assert!(before.quoted.p() > 0.0 && before.quoted.p() <= 1.0);

        let reversed: Vec<u64> = counts.iter().rev().copied().collect();
        let exposure: Vec<f64> = exposure.iter().rev().copied().collect();
        let back = Series::new(&times, &reversed, &exposure).unwrap();
        let back = negative_binomial::fit(&back).unwrap();
        prop_assert!(close(-before.fit.slope, back.fit.slope));
        prop_assert!(close(before.quoted.p(), back.quoted.p()));
    }

    #[test]
    fn stretches_hold_every_point_once_but_those_with_a_break_inside(
        n in 0_usize..30, breaks in prop::collection::vec((0_usize..35, any::<bool>()), 0..6),
    ) {
        let breaks: Vec<Break> = breaks
            .into_iter()
            .map(|(at, inside)| if inside { Break::Inside(at) } else { Break::Before(at) })
            .collect();
        let found = stretches(n, &breaks);
        let held: Vec<usize> = found.iter().cloned().flatten().collect();
        let free: Vec<usize> =
            (0..n).filter(|at| !breaks.contains(&Break::Inside(*at))).collect();
        prop_assert_eq!(held, free);
        for stretch in &found {
            let crossed = |at: &Break| match *at {
                Break::Before(at) => stretch.start < at && at < stretch.end,
                Break::Inside(at) => stretch.contains(&at),
            };
            prop_assert!(!breaks.iter().any(crossed));
        }
    }

    #[test]
    fn exchanging_hot_and_cold_exchanges_the_class(
        periods in prop::collection::vec((-4.0..4.0_f64, 0_u8..12), 10..24),
    ) {
        let class = |sign: f64| {
            let history: Vec<Option<Gi>> = periods
                .iter()
                .map(|&(z, kind)| {
                    let spot = match (kind, sign > 0.0) {
                        (0 | 1, true) | (2.., false) if kind != 11 => Spot::Cold,
                        _ if kind == 11 => Spot::Neither,
                        _ => Spot::Hot,
                    };
                    Some(Gi { z: sign * z, spot })
                })
                .collect();
            classify(&history, 0.1)
        };
        let exchanged = match class(1.0) {
            Emerging::Hot(pattern) => Emerging::Cold(pattern),
            Emerging::Cold(pattern) => Emerging::Hot(pattern),
            other => other,
        };
        prop_assert_eq!(class(-1.0), exchanged);
    }
}
