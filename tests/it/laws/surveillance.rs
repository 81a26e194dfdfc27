//! Laws of alarms, charts, breaks and reporting delay.

use proptest::prelude::*;
use saet::statistics::{
    interval::Confidence,
    numerics::{float::cos, random::Key},
    surveillance::{
        farrington::{
            FALSE_ALARMS_OF_MONTHS, FALSE_ALARMS_OF_QUARTERS, Settings, Threshold, same_periods,
            watch,
        },
        nowcast,
        quasi_poisson::{self, Stop},
        reporting_triangle::Triangle,
    },
};

use super::poisson;

/// A negative binomial count (size `None`: Poisson) as a Poisson one with a gamma mean.
fn count(key: Key, series: u32, period: u64, mean: f64, size: Option<f64>) -> u64 {
    let factor = size.map_or(1.0, |size| key.stream(series, period).gamma(size) / size);
    poisson(key, series, period + 1_000_000, mean * factor)
}

/// A seasonal series of months with scatter.
fn months(key: Key, series: u32, n: u64, level: f64, size: Option<f64>) -> Vec<Option<u64>> {
    (0..n)
        .map(|month| {
            let season = 1.0 + 0.3 * cos(month as f64 * std::f64::consts::TAU / 12.0);
            Some(count(key, series, month, level * season, size))
        })
        .collect()
}

const THRESHOLDS: [Threshold; 3] =
    [Threshold::TwoThirds, Threshold::NegativeBinomial, Threshold::NegativeBinomialOfUpperMean];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_constant_series_never_alarms(level in 3_u64..5_000, n in 60_usize..90) {
        let series = vec![Some(level); n];
        for threshold in THRESHOLDS {
            let settings = Settings { threshold, ..Settings::noufaily(12) };
            let found = watch(&series, n - 1, &same_periods(n - 1, 12, 5), &settings).unwrap();
            prop_assert!(!found.alarm && (found.expected / level as f64 - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_larger_count_is_less_likely_and_changes_nothing_else(seed in 0_u64..1_000, more in 1_u64..60) {
        let mut series = months(Key::new(seed, 1), 0, 72, 9.0, Some(8.0));
        series[71] = Some(6);
        let mut higher = series.clone();
        higher[71] = Some(6 + more);
        for threshold in THRESHOLDS {
            let settings = Settings { threshold, alpha: 0.02, ..Settings::noufaily(12) };
            let one = watch(&series, 71, &same_periods(71, 12, 5), &settings).unwrap();
            let other = watch(&higher, 71, &same_periods(71, 12, 5), &settings).unwrap();
            prop_assert_eq!((one.expected, one.upper), (other.expected, other.upper));
            prop_assert!(other.p < one.p && other.alarm >= one.alarm);
            for found in [one, other] {
                prop_assert_eq!(found.alarm, found.p <= 0.02 && found.observed as f64 > found.upper);
                prop_assert_eq!(found.alarm, found.exceedance.unwrap() > 1.0);
            }
            let stricter = Settings { alpha: 0.001, ..settings };
            prop_assert!(watch(&series, 71, &same_periods(71, 12, 5), &stricter).unwrap().upper >= one.upper);
        }
    }

    #[test]
    fn time_may_be_shifted_and_what_is_left_out_does_not_matter(seed in 0_u64..1_000, earlier in 1_usize..40, recent in 5_u64..90) {
        let series = months(Key::new(seed, 2), 0, 72, 9.0, Some(8.0));
        let settings = Settings::noufaily(12);
        let found = watch(&series, 71, &same_periods(71, 12, 5), &settings);
        // Years before the five looked at are no part of the baseline.
        let mut longer = vec![Some(4_000); earlier];
        longer.extend(&series);
        let at = 71 + earlier;
        prop_assert_eq!(watch(&longer, at, &same_periods(at, 12, 5), &settings), found);
        let mut outbreak = series.clone();
        outbreak[66..71].fill(Some(recent));
        let after = watch(&outbreak, 71, &same_periods(71, 12, 5), &settings);
        if let (Ok(found), Ok(after)) = (found, after) {
            prop_assert_eq!(found, after);
        }
    }
}

#[test]
fn alarms_are_about_as_rare_as_said() {
    let key = Key::named(11, "null");
    let (mut n_alarms, n_series) = ([0_u32; 3], 1_000);
    for series in 0..n_series {
        let counts = months(key, series, 72, 8.0, Some(6.0));
        for (threshold, n_alarms) in THRESHOLDS.into_iter().zip(&mut n_alarms) {
            let settings = Settings { threshold, alpha: 0.05, ..Settings::noufaily(12) };
            let found = watch(&counts, 71, &same_periods(71, 12, 5), &settings);
            *n_alarms += u32::from(found.is_ok_and(|found| found.alarm));
        }
    }
    // 5 % would be 50, standard deviation 6.9. The plug-in quantile ignores that the expected count is estimated.
    assert!((30..=90).contains(&n_alarms[0]), "{n_alarms:?}");
    assert!((30..=90).contains(&n_alarms[1]), "{n_alarms:?}");
    assert!(n_alarms[2] < n_alarms[1], "{n_alarms:?}");
}

#[test]
fn no_more_alarms_are_false_than_pages_say() {
    let key = Key::named(12, "null");
    for (per_year, n_years, said) in [
        (12, 6, FALSE_ALARMS_OF_MONTHS),
        (12, 4, FALSE_ALARMS_OF_MONTHS),
        (4, 4, FALSE_ALARMS_OF_QUARTERS),
    ] {
        let (n, level) = (per_year as usize * n_years, 96.0 / f64::from(per_year));
        let settings = Settings::noufaily(per_year);
        let is_alarm = |series: &u32| {
            let one = |period| Some(count(key, *series, period, level, Some(6.0)));
            let counts: Vec<Option<u64>> = (0..n as u64).map(one).collect();
            let earlier = same_periods(n - 1, per_year as usize, 5);
            watch(&counts, n - 1, &earlier, &settings).is_ok_and(|found| found.alarm)
        };
        let n_alarms = (0..1_000).filter(is_alarm).count() as f64;
        // Three standard errors of what these series can show.
        let most = 1_000.0 * said + 3.0 * (1_000.0 * said).sqrt();
        assert!(n_alarms <= most, "{per_year} a year, {n_years} years: {n_alarms}");
    }
}

/// Rows of a triangle with `n` periods, as far as known by the end of the last.
fn known(full: &[Vec<u64>]) -> Triangle {
    let n = full.len();
    let row = |(at, row): (usize, &Vec<u64>)| row[..row.len().min(n - at)].to_vec();
    Triangle::new(full.iter().enumerate().map(row).collect()).unwrap()
}

/// Whole reporting histories: period level × share of the delay.
fn histories(key: Key, n: u32, level: f64, shares: &[f64], size: Option<f64>) -> Vec<Vec<u64>> {
    (0..n)
        .map(|row| {
            let cell = |(delay, share): (u64, &f64)| count(key, row, delay, level * share, size);
            (0..).zip(shares).map(cell).collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_chain_ladder_is_the_regression_on_period_and_delay(seed in 0_u64..10_000, n in 3_u32..9) {
        let shares = [0.5, 0.25, 0.15, 0.1];
        let triangle = known(&histories(Key::new(seed, 3), n, 60.0, &shares[..shares.len().min(n as usize)], Some(9.0)));
        let n_delays = triangle.rows()[0].len();
        let n = triangle.rows().len();
        let row_of = |period: usize, delay: usize| -> Vec<f64> {
            let is = |value: bool| f64::from(u8::from(value));
            (0..n).map(|at| is(at == period)).chain((1..n_delays).map(|at| is(at == delay))).collect()
        };
        let (mut response, mut design) = (Vec::new(), Vec::new());
        for (period, row) in triangle.rows().iter().enumerate() {
            for (delay, &count) in row.iter().enumerate() {
                response.push(count as f64);
                design.push(row_of(period, delay));
            }
        }
        // An event at every delay and in every period, or an effect is infinite.
        prop_assume!(triangle.reported().iter().all(|&count| count > 0));
        prop_assume!((0..n_delays).all(|delay| triangle.rows().iter().any(|row| row.get(delay).is_some_and(|&count| count > 0))));
        let fit = quasi_poisson::fit(&response, &design, &vec![1.0; response.len()], Stop::Settled).unwrap();
        // Where the fit is perfect the regression only comes near a dispersion of 0.
        let theirs = triangle.dispersion().unwrap();
        prop_assert!((fit.dispersion - theirs).abs() < 1e-8 * theirs.max(1.0), "{} {theirs}", fit.dispersion);
        for (period, ours) in triangle.expected_final().into_iter().enumerate() {
            let predicted = |delay| {
                let eta: f64 = row_of(period, delay).iter().zip(&fit.coefficients).map(|(x, b)| x * b).sum();
                saet::statistics::numerics::float::exp(eta)
            };
            let theirs: f64 = (0..n_delays).map(predicted).sum();
            prop_assert!((ours.unwrap() / theirs - 1.0).abs() < 1e-8, "period {}", period);
        }
    }

    #[test]
    fn completeness_rises_with_delay_and_limits_hold_what_is_known(seed in 0_u64..10_000, n in 3_u32..10, level in 2.0..80.0_f64) {
        let triangle = known(&histories(Key::new(seed, 4), n, level, &[0.6, 0.3, 0.1], None));
        let shares = triangle.completeness();
        prop_assert_eq!(shares[2], Some(1.0));
        prop_assert!(shares.windows(2).all(|pair| pair[0].is_none_or(|early| early <= pair[1].unwrap())));
        let found = nowcast::nowcast(&triangle, 199, Key::new(seed, 5), Confidence::P90);
        for (row, found) in triangle.rows().iter().zip(&found) {
            let Some(found) = found else { continue };
            let known = found.reported as f64;
            prop_assert!(known <= found.lower && known <= found.expected);
            prop_assert!(found.upper.is_none_or(|upper| upper >= found.lower));
            prop_assert!(found.completeness_limits.0 <= found.completeness_limits.1);
            prop_assert!(row.len() < 3 || (found.upper == Some(known) && found.completeness_limits.0 >= 1.0));
        }
        // Ten times the events: the same shares, known more surely.
        let more = Triangle::new(triangle.rows().iter().map(|row| row.iter().map(|count| 10 * count).collect()).collect()).unwrap();
        prop_assert_eq!(more.factors(), triangle.factors());
    }
}

#[test]
fn final_counts_fall_inside_their_limits_as_often_as_said() {
    for (level, size, at_least) in [(3.0, None, 180), (40.0, None, 180), (40.0, Some(30.0), 172)] {
        let mut n_inside = 0_u32;
        for seed in 0..200 {
            let full = histories(Key::new(seed, 6), 24, level, &[0.5, 0.3, 0.15, 0.05], size);
            let triangle = known(&full);
            let found = nowcast::nowcast(&triangle, 499, Key::new(seed, 7), Confidence::P95);
            let (last, truth) = (found[23].unwrap(), full[23].iter().sum::<u64>() as f64);
            n_inside += u32::from(last.lower <= truth && truth <= last.upper.unwrap());
        }
        // 190 of 200 expected, standard deviation 3; more for small counts, which are coarse.
        assert!(n_inside >= at_least, "level {level}, size {size:?}: {n_inside} of 200");
    }
}

#[test]
fn a_nowcast_is_the_same_at_any_thread_count() {
    let triangle = known(&histories(Key::new(8, 8), 12, 20.0, &[0.5, 0.3, 0.2], Some(5.0)));
    let run = || nowcast::nowcast(&triangle, 499, Key::new(8, 9), Confidence::P95);
    let by_one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run);
    assert_eq!(run(), by_one);
}
