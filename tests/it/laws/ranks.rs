//! Laws of ranks.

use proptest::prelude::*;
use saet::statistics::{
    numerics::random::Key,
    ranks::{drawn::Drawn, order, posterior},
    smoothing::gamma_poisson::{Component, Prior},
};

/// Draws around given values; numbers belong to `names`, not to positions.
fn around(centre: &[f64], names: &[u32], n_draws: u64) -> Drawn {
    let key = Key::named(3, "laws of ranks");
    Drawn::new(&vec![true; centre.len()], n_draws, |draw, regions, values| {
        for (value, &region) in values.iter_mut().zip(regions) {
            // Rounded, so that there are ties.
            *value = (4.0 * (centre[region] + key.stream(names[region], draw).normal())).round();
        }
    })
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn ranks_add_up_and_turn_round_with_the_values(values in prop::collection::vec(-9_i32..9, 1..60)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let n = values.len() as f64;
        let ranks = order::ranks(&values).unwrap();
        prop_assert!((ranks.iter().sum::<f64>() - 0.5 * n * (n + 1.0)).abs() < 1e-9);
        let negated: Vec<f64> = values.iter().map(|value| -value).collect();
        for (rank, other) in ranks.iter().zip(order::ranks(&negated).unwrap()) {
            prop_assert!((rank + other - n - 1.0).abs() < 1e-12);
        }
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                prop_assert_eq!(a > b, ranks[i] < ranks[j]);
            }
        }
    }

    #[test]
    fn standings_are_those_of_comparing_every_pair_in_full(
        centre in prop::collection::vec(-3.0..3.0_f64, 2..25), n_draws in 1_u64..700,
    ) {
        let names: Vec<u32> = (0..).take(centre.len()).collect();
        let drawn = around(&centre, &names, n_draws);
        let mut n_pairs = 0;
        for (first, standing) in drawn.standings().into_iter().enumerate() {
            let standing = standing.unwrap();
            let (mut n_above, mut n_below) = (0, 0);
            for second in (0..centre.len()).filter(|&second| second != first) {
                let p = drawn.probability_above(first, second).unwrap();
                let back = drawn.probability_above(second, first).unwrap();
                prop_assert!((p + back - 1.0).abs() < 1e-12);
                prop_assert_eq!(drawn.differ(first, second), drawn.differ(second, first));
                if drawn.differ(first, second).unwrap() {
                    prop_assert!(!(0.05..=0.95).contains(&p));
                    n_above += u32::from(p < 0.5);
                    n_below += u32::from(p > 0.5);
                } else {
                    prop_assert!(p > 0.05 - 1e-9 && p < 0.95 + 1e-9);
                }
                n_pairs += 1;
            }
            prop_assert_eq!((standing.n_above, standing.n_below), (n_above, n_below));
        }
        prop_assert_eq!(n_pairs, centre.len() * (centre.len() - 1));
    }

    #[test]
    fn renumbering_regions_permutes_ranks(
        centre in prop::collection::vec(-3.0..3.0_f64, 12),
        order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let names: Vec<u32> = (0..12).collect();
        let moved: Vec<f64> = order.iter().map(|&old| centre[old]).collect();
        let moved_names: Vec<u32> = order.iter().map(|&old| names[old]).collect();
        let (before, after) = (around(&centre, &names, 200), around(&moved, &moved_names, 200));
        let (ranks, moved_ranks) = (before.intervals(), after.intervals());
        let (standings, moved_standings) = (before.standings(), after.standings());
        for (new, &old) in order.iter().enumerate() {
            prop_assert_eq!(ranks[old], moved_ranks[new]);
            prop_assert_eq!(standings[old], moved_standings[new]);
            let rank = ranks[old].unwrap();
            prop_assert!(1.0 <= rank.lower && rank.lower <= rank.median);
            prop_assert!(rank.median <= rank.upper && rank.upper <= 12.0);
        }
        let mean: f64 = ranks.iter().map(|rank| rank.unwrap().mean).sum::<f64>() / 12.0;
        prop_assert!((mean - 6.5).abs() < 1e-9);
    }

    #[test]
    fn draws_of_risks_agree_with_the_exact_probability_and_more_events_rank_higher(
        a in 0.3..20.0_f64, rate in 0.3..20.0_f64, count in 0_u64..40, more in 1_u64..20, e in 0.2..30.0_f64,
    ) {
        let prior = Prior { components: vec![
            Component { shape: a, rate, weight: 0.7 }, Component { shape: 2.0 * a, rate, weight: 0.3 },
        ] };
        let exact = posterior::probability_above(&prior, (count + more, e), (count, e)).unwrap();
        let back = posterior::probability_above(&prior, (count, e), (count + more, e)).unwrap();
        prop_assert!((exact + back - 1.0).abs() < 1e-10 && exact > 0.5);
        let same = posterior::probability_above(&prior, (count, e), (count, e)).unwrap();
        prop_assert!((same - 0.5).abs() < 1e-10);
        let n = 2_000;
        let key = Key::new(count, more);
        let drawn = posterior::draw(&prior, &[count + more, count], &[e, e], n, key).unwrap();
        let found = drawn.probability_above(0, 1).unwrap();
        let error = 5.0 * (exact * (1.0 - exact) / n as f64).sqrt() + 1.0 / n as f64;
        prop_assert!((found - exact).abs() < error, "{} {}", found, exact);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let observed: Vec<u64> = (0..60).map(|at| at * 7 % 11).collect();
    let expected = vec![4.0; 60];
    let prior = Prior::fit(&observed, &expected).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let key = Key::named(1, "threads");
            let drawn = posterior::draw(&prior, &observed, &expected, 150, key).unwrap();
            (drawn.intervals(), drawn.standings())
        })
    };
    assert_eq!(run(1), run(3));
}
