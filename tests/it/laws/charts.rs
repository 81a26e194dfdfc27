//! Laws of control charts.

use proptest::prelude::*;
use saet::statistics::{
    numerics::{float::ln, random::Key},
    surveillance::{
        g_chart,
        rules::{RUN, Rule, Signal},
        t_chart, xmr_chart,
    },
};

use super::poisson;

fn recorded(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn steady(series: u32, n: u64) -> Vec<Option<f64>> {
    (0..n).map(|month| Some(poisson(Key::named(1, "steady"), series, month, 20.0) as f64)).collect()
}

/// Exponential times between events.
fn times(series: u32, n: u64, mean: f64) -> Vec<f64> {
    (0..n).map(|gap| -mean * ln(Key::named(2, "gaps").stream(series, gap).unit())).collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole days, some hundred"
)]
fn whole_days(series: u32) -> Vec<u64> {
    times(series, 24, 30.0).into_iter().map(|time| time as u64).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn xmr_limits_scale_with_the_values_and_the_signals_stay(values in prop::collection::vec(40.0..60.0_f64, 12..40), scale in 0.5..50.0_f64) {
        let chart = xmr_chart::chart(&recorded(&values), 10_000).unwrap();
        let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
        let other = xmr_chart::chart(&recorded(&scaled), 10_000).unwrap();
        prop_assert!((other.limits.upper / scale / chart.limits.upper - 1.0).abs() < 1e-12);
        prop_assert_eq!(&other.signals, &chart.signals);
        prop_assert!(chart.limits.lower <= chart.limits.centre && chart.limits.centre <= chart.limits.upper);
        // Time backwards: the same limits, the same points outside.
        let mut backwards = values.clone();
        backwards.reverse();
        let back = xmr_chart::chart(&recorded(&backwards), 10_000).unwrap();
        prop_assert!((back.limits.upper - chart.limits.upper).abs() < 1e-9);
        let outside = |signals: &[Signal]| signals.iter().filter(|signal| signal.rule == Rule::Outside).count();
        prop_assert_eq!(outside(&back.signals), outside(&chart.signals));
    }

    #[test]
    fn a_lasting_change_of_level_is_seen_and_a_constant_is_not(level in 5.0..500.0_f64, n in 12_usize..40, half in 8_usize..12) {
        let constant = vec![Some(level); n];
        prop_assert!(xmr_chart::chart(&constant, 100_000).unwrap().signals.is_empty());
        let times = vec![level; n];
        prop_assert!(t_chart::chart(&times, 0.0).unwrap().signals.is_empty());
        let mut changed: Vec<f64> = (0..half).map(|at| level * (1.0 + 0.01 * (at % 2) as f64)).collect();
        changed.extend((0..half).map(|at| level * (1.5 + 0.01 * (at % 2) as f64)));
        let signals = xmr_chart::chart(&recorded(&changed), 100_000).unwrap().signals;
        let step = Signal { at: half, rule: Rule::Step, high: true };
        let run = Signal { at: half + RUN - 1, rule: Rule::Run, high: true };
        prop_assert!(signals.contains(&step) && signals.contains(&run));
    }

    #[test]
    fn gap_charts_do_not_see_the_unit_of_time(series in 0_u32..1_000, unit in 0.01..100.0_f64) {
        let days = times(series, 20, 30.0);
        let other: Vec<f64> = days.iter().map(|day| day * unit).collect();
        let (one, two) = (t_chart::chart(&days, 5.0).unwrap(), t_chart::chart(&other, 5.0 * unit).unwrap());
        prop_assert!((two.limits.upper / unit / one.limits.upper - 1.0).abs() < 1e-9);
        prop_assert_eq!(one.signals, two.signals);
    }

    #[test]
    fn a_g_chart_has_wider_limits_for_longer_gaps(gaps in prop::collection::vec(0_u64..200, 12..40)) {
        prop_assume!(gaps.iter().any(|&gap| gap > 0));
        let chart = g_chart::chart(&gaps, 0).unwrap();
        let longer: Vec<u64> = gaps.iter().map(|gap| gap + 5).collect();
        let other = g_chart::chart(&longer, 0).unwrap();
        prop_assert!(other.limits.upper > chart.limits.upper && other.median > chart.median);
        prop_assert!(chart.median < chart.limits.centre && chart.limits.centre < chart.limits.upper);
        let silent = g_chart::chart(&gaps, 100_000).unwrap();
        prop_assert_eq!(silent.signals.len(), chart.signals.len() + 1);
    }
}

#[test]
fn steady_series_have_about_as_many_signals_as_the_pages_say() {
    let n_series = 1_000;
    let share = |has_signal: &dyn Fn(u32) -> bool| {
        f64::from((0..n_series).map(|series| u32::from(has_signal(series))).sum::<u32>())
            / f64::from(n_series)
    };
    let year =
        share(&|series| !xmr_chart::chart(&steady(series, 12), 240).unwrap().signals.is_empty());
    let two =
        share(&|series| !xmr_chart::chart(&steady(series, 24), 480).unwrap().signals.is_empty());
    let of_times =
        share(&|series| !t_chart::chart(&times(series, 24, 30.0), 0.0).unwrap().signals.is_empty());
    let of_gaps =
        share(&|series| !g_chart::chart(&whole_days(series), 0).unwrap().signals.is_empty());
    // Standard deviation of a share: about 0.01.
    assert!((year - 0.08).abs() < 0.03 && (two - 0.21).abs() < 0.04, "{year} {two}");
    assert!(
        (of_times - 0.065).abs() < 0.03 && (of_gaps - 0.06).abs() < 0.03,
        "{of_times} {of_gaps}"
    );
}

#[test]
fn faster_events_show_as_short_gaps_and_a_silence_as_a_long_one() {
    let mut n_faster = 0;
    for series in 0..100 {
        let mut gaps = times(series, 16, 60.0);
        gaps.extend(times(series + 500, 16, 12.0));
        let found = t_chart::chart(&gaps, 0.0).unwrap();
        let faster = |signal: &Signal| !signal.high && signal.at >= 16;
        n_faster += u32::from(found.signals.iter().any(faster));
    }
    assert!(n_faster > 35, "{n_faster} of 100");
    let quiet = t_chart::chart(&times(1, 20, 30.0), 3_000.0).unwrap();
    assert_eq!(quiet.signals.last(), Some(&Signal { at: 20, rule: Rule::Outside, high: true }));
}
