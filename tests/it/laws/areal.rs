//! Laws of global and local statistics, and of the draws behind them.

use proptest::prelude::*;
use saet::{
    model::Weights,
    statistics::{
        numerics::{pvalue::Alternative, random::Key},
        spatial::{
            Coding, Convention, Islands, geary, getis_ord, join_count, local, local_geary,
            local_join_count, local_moran, moran,
            sequential::{Dropping, Plan},
        },
    },
};

use super::{lattice, renumbered};

const CONVENTIONS: [Convention; 4] = {
    let [r, b] = [Coding::RowStandardised, Coding::AsGiven];
    let [counted, not] = [Islands::Counted, Islands::NotCounted];
    [
        Convention { coding: r, islands: counted },
        Convention { coding: b, islands: counted },
        Convention { coding: r, islands: not },
        Convention { coding: b, islands: not },
    ]
};

fn full(n_draws: u64) -> Plan {
    Plan { n_draws, refine: 1, dropping: Dropping::Off, ..Plan::reaching(2, 0.05) }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn scale_shift_and_numbering_leave_statistics_alone(
        values in prop::collection::vec(-5.0..5.0_f64, 30), scale in 0.01..100.0_f64, shift in -10.0..10.0_f64,
        order in Just((0..30).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let weights = lattice(5, 6);
        let moved: Vec<f64> = order.iter().map(|&old| values[old] * scale + shift).collect();
        let map = renumbered(&weights, &order);
        for convention in CONVENTIONS {
            let before = geary::global(&values, &weights, convention).unwrap();
            let after = geary::global(&moved, &map, convention).unwrap();
            prop_assert!((before.c - after.c).abs() < 1e-8);
            prop_assert!((before.z_randomised - after.z_randomised).abs() < 1e-6);
            let before = moran::global_by(&values, &weights, convention).unwrap();
            let after = moran::global_by(&moved, &map, convention).unwrap();
            prop_assert!((before.z_normal - after.z_normal).abs() < 1e-6);
        }
        let (before, after) = (local_geary::statistics(&values, &weights), local_geary::statistics(&moved, &map));
        let (others, moments) = (local_moran::total(&values, &weights), local_moran::total(&moved, &map));
        for (new, &old) in order.iter().enumerate() {
            let (before, after) = (before[old].unwrap(), after[new].unwrap());
            prop_assert!((before.c - after.c).abs() < 1e-7 * (1.0 + before.c));
            prop_assert!((before.variance - after.variance).abs() < 1e-6 * (1.0 + before.variance));
            prop_assert!((others[old].unwrap().variance - moments[new].unwrap().variance).abs() < 1e-6);
        }
    }

    #[test]
    fn the_parts_of_a_map_add_up(
        values in prop::collection::vec(0.0..5.0_f64, 30), has in prop::collection::vec(any::<bool>(), 30),
    ) {
        prop_assume!(has.contains(&true) && has.contains(&false));
        let weights = lattice(5, 6);
        // Local Moran adds up to S₀ = n times the global one, local Geary to 2·S₀ times.
        let global = moran::global(&values, &weights).unwrap();
        let sum: f64 = local_moran::total(&values, &weights).iter().map(|found| found.unwrap().i).sum();
        prop_assert!((sum / 30.0 - global.i).abs() < 1e-10);
        let c = geary::global(&values, &weights, Convention::default()).unwrap().c;
        let sum: f64 = local_geary::statistics(&values, &weights).iter().map(|found| found.unwrap().c).sum();
        prop_assert!((sum / 60.0 - c).abs() < 1e-10);
        // Every link is of one kind; every join with the property is counted at both ends.
        let joins = join_count::global(&has, &weights, Islands::Counted).unwrap();
        let counted = joins.with.joins + joins.without.joins + joins.mixed.joins;
        prop_assert!((counted - weights.n_links() as f64 / 2.0).abs() < 1e-12);
        let expected = joins.with.expectation + joins.without.expectation + joins.mixed.expectation;
        prop_assert!((expected - weights.n_links() as f64 / 2.0).abs() < 1e-9);
        let local: f64 = local_join_count::statistics(&has, &weights).iter().flatten().map(|found| found.joins).sum();
        prop_assert!((local - 2.0 * joins.with.joins).abs() < 1e-12);
        // G of a property is its joins over all pairs that could be.
        let x: Vec<f64> = has.iter().map(|&has| f64::from(u8::from(has))).collect();
        let n_with = x.iter().sum::<f64>();
        if let Some(found) = getis_ord::global(&x, &weights) {
            prop_assert!((found.g - 2.0 * joins.with.joins / (n_with * (n_with - 1.0))).abs() < 1e-12);
        }
    }

    #[test]
    fn exact_tails_fall_as_joins_rise_and_lie_between_0_and_1(has in prop::collection::vec(any::<bool>(), 30)) {
        let found = local_join_count::statistics(&has, &lattice(5, 6));
        let weights = lattice(5, 6);
        let known: Vec<(usize, f64, f64)> = found.iter().enumerate().filter_map(|(at, found)| {
            found.map(|found| (weights.degree(at), found.joins, found.exact_greater.unwrap()))
        }).collect();
        for &(degree, joins, p) in &known {
            prop_assert!(p > 0.0 && p <= 1.0 && (joins > 0.0 || p >= 1.0));
            for &(other_degree, other_joins, other_p) in &known {
                prop_assert!(degree != other_degree || joins < other_joins || p <= other_p);
            }
        }
    }

    #[test]
    fn every_draw_counts_in_some_tail_and_turned_values_swap_them(
        values in prop::collection::vec(-5.0..5.0_f64, 30), seed in any::<u64>(),
    ) {
        let weights = lattice(5, 6);
        let turned: Vec<f64> = values.iter().map(|value| -value).collect();
        let key = Key::new(seed, 1);
        let (up, down) = (local::permute(&values, &weights, &full(200), key), local::permute(&turned, &weights, &full(200), key));
        let (like, same) = (local_geary::permute(&values, &weights, &full(200), key), local_geary::permute(&turned, &weights, &full(200), key));
        for at in 0..30 {
            let (up, down) = (up[at].unwrap().tally, down[at].unwrap().tally);
            prop_assert!(up.n_greater + up.n_less >= 200 && up.n_greater <= 200 && up.n_less <= 200);
            prop_assert_eq!((up.n_greater, up.n_less), (down.n_less, down.n_greater));
            prop_assert_eq!(like[at].unwrap().tally, same[at].unwrap().tally, "differences have no sign");
        }
    }
}

#[test]
fn weights_that_are_all_alike_draw_alike() {
    let weights = lattice(8, 9);
    let values: Vec<f64> = (0..72).map(|at| f64::from(at * 37 % 71)).collect();
    let key = Key::new(5, 5);
    let plain = local::permute(&values, &weights, &full(2_000), key);
    let rows = local::permute(&values, &weights.row_standardised(), &full(2_000), key);
    assert_eq!(plain, rows, "a common factor of a region's weights changes no comparison");
}

#[test]
fn a_one_sided_plan_is_half_of_a_two_sided_one() {
    let weights = lattice(8, 9);
    let values: Vec<f64> = (0..72).map(|at| f64::from(at * 37 % 71)).collect();
    let key = Key::new(5, 6);
    let both = local::permute(&values, &weights, &full(999), key);
    for alternative in [Alternative::Greater, Alternative::Less] {
        let one = local::permute(&values, &weights, &Plan { alternative, ..full(999) }, key);
        for (one, both) in one.iter().flatten().zip(both.iter().flatten()) {
            assert_eq!(one.tally, both.tally);
            let tail = one.tally.tail(alternative);
            assert!((one.p - (tail as f64 + 1.0) / 1_000.0).abs() < 1e-15);
            assert!(one.p * 2.0 >= both.p - 1e-15);
        }
    }
    let reaching = Plan::reaching_against(Alternative::Greater, 72, 0.05);
    assert_eq!((reaching.n_draws, Plan::reaching(72, 0.05).n_draws), (1_439, 2_879));
}

#[test]
fn one_sided_plans_keep_what_benjamini_and_hochberg_would_keep() {
    // A corner of high values on a rising map.
    let weights = lattice(12, 12);
    let noise = Key::new(3, 3);
    let values: Vec<f64> = (0..144)
        .map(|at| noise.stream(at, 0).normal() + if at % 12 < 4 && at / 12 < 4 { 3.0 } else { 0.0 })
        .collect();
    let key = Key::new(5, 7);
    for alternative in [Alternative::Greater, Alternative::Less, Alternative::TwoSided] {
        let plan = Plan { refine: 1, ..Plan::reaching_against(alternative, 144, 0.05) };
        let some = local::permute(&values, &weights, &plan, key);
        let all = local::permute(&values, &weights, &Plan { dropping: Dropping::Off, ..plan }, key);
        let kept = |found: &[Option<saet::statistics::spatial::sequential::Outcome>]| -> Vec<bool> {
            found.iter().map(|one| one.unwrap().significant).collect()
        };
        assert_eq!(kept(&some), kept(&all));
        let n_kept = kept(&all).iter().filter(|&&kept| kept).count();
        assert!(n_kept > 3 || alternative == Alternative::Less, "{alternative:?}: {n_kept}");
        assert!(some.iter().flatten().any(|one| one.dropped));
    }
}

#[test]
fn any_number_of_threads_draws_the_same() {
    let weights = lattice(9, 9);
    let values: Vec<f64> = (0..81).map(|at| f64::from(at * 53 % 79)).collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let key = Key::new(1, 9);
            let plan = full(20_001);
            let c = geary::draws(&values, &weights, Convention::default(), 500, key);
            (
                local::permute(&values, &weights, &plan, key),
                local_geary::permute(&values, &weights, &plan, key),
                c,
            )
        })
    };
    assert_eq!(with(1), with(5));
}

#[test]
fn two_components_and_islands_change_nobody_elses_statistic() {
    let pair = |a: u32| vec![vec![a + 1, a + 2], vec![a, a + 2], vec![a, a + 1]];
    let lists: Vec<Vec<u32>> = [pair(0), pair(3), vec![vec![]]].concat();
    let weights = Weights::binary(lists);
    let values = [1.0, 2.0, 4.0, 8.0, 3.0, 7.0, 5.0];
    let found = local_geary::statistics(&values, &weights);
    assert!(found[..6].iter().all(Option::is_some) && found[6].is_none());
    for convention in CONVENTIONS {
        assert!(moran::global_by(&values, &weights, convention).is_some());
        assert!(geary::global(&values, &weights, convention).is_some());
    }
}

#[test]
fn huge_counts_and_a_large_common_level_lose_nothing_that_matters() {
    let weights = lattice(6, 6);
    let small: Vec<f64> = (0..36).map(|at| f64::from(at * 17 % 31)).collect();
    let large: Vec<f64> = small.iter().map(|value| 1e12 + value * 1e9).collect();
    let (a, b) =
        (local_geary::statistics(&small, &weights), local_geary::statistics(&large, &weights));
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        assert!((a.c - b.c).abs() < 1e-9 && (a.variance - b.variance).abs() < 1e-9);
    }
    let (a, b) =
        (moran::global(&small, &weights).unwrap(), moran::global(&large, &weights).unwrap());
    assert!((a.z_randomised - b.z_randomised).abs() < 1e-9);
}

#[test]
fn a_region_without_data_is_left_out_as_if_it_were_not_there() {
    // A lattice without its last row is a smaller lattice.
    let keep: Vec<bool> = (0..42).map(|at| at < 36).collect();
    let weights = lattice(7, 6).subset(&keep);
    assert_eq!(weights, lattice(6, 6));
    assert_eq!(
        lattice(7, 6).row_standardised().subset(&keep).row_standardised(),
        lattice(6, 6).row_standardised()
    );
    // A hole in the middle: its neighbours keep the others, and each row adds up to 1 again.
    let hole: Vec<bool> = (0..36).map(|at| at != 14).collect();
    let around = lattice(6, 6).subset(&hole).row_standardised();
    assert_eq!(around.n(), 35);
    assert_eq!(around.values(13), [1.0 / 3.0; 3]);
    let values: Vec<f64> = (0..35).map(|at| f64::from(at * 17 % 31)).collect();
    assert!(local_geary::statistics(&values, &around).iter().all(Option::is_some));
}
