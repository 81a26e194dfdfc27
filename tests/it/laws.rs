//! Laws the statistics must obey whatever the data: checked on generated cases.

#![allow(
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "generated counts are small; a missing result is a broken law"
)]

use proptest::prelude::*;
use saet::{
    model::{Relation, Weights},
    statistics::{
        attendance, dispersion,
        interval::{
            Confidence, byar, clopper_pearson, conditional_binomial, garwood, goodman, mover,
            negative_binomial, ratio, wilson,
        },
        multiple::benjamini_hochberg,
        numerics::{
            gamma,
            permutation::Tally,
            pvalue::{Alternative, p_value},
            random::Key,
        },
        own_rate::{against_rest, power},
        smoothing::{gamma_poisson, marshall},
        spatial::{
            empirical_bayes_index, local, model_based, moran,
            sequential::{Dropping, Outcome, Plan},
        },
    },
};

const LEVELS: [Confidence; 3] = [Confidence::P90, Confidence::P95, Confidence::P998];

/// A rectangular map with shared edges as links.
fn lattice(rows: u32, columns: u32) -> Weights {
    let lists = (0..rows * columns)
        .map(|at| {
            let (row, column) = (at / columns, at % columns);
            let mut list = Vec::new();
            if row > 0 {
                list.push(at - columns);
            }
            if row + 1 < rows {
                list.push(at + columns);
            }
            if column > 0 {
                list.push(at - 1);
            }
            if column + 1 < columns {
                list.push(at + 1);
            }
            list
        })
        .collect();
    Weights::binary(lists)
}

/// The same map with region `order[i]` renamed to `i`.
fn renumbered(weights: &Weights, order: &[usize]) -> Weights {
    let mut place = vec![0_u32; order.len()];
    for (new, &old) in (0..).zip(order) {
        place[old] = new;
    }
    let lists = order
        .iter()
        .map(|&old| weights.neighbours(old).iter().map(|&other| place[other as usize]).collect())
        .collect();
    Weights::binary(lists)
}

/// A Poisson count.
fn poisson(key: Key, region: u32, draw: u64, mean: f64) -> u64 {
    let unit = key.stream(region, draw).unit();
    (0..10_000).find(|&count| gamma::upper(count as f64 + 1.0, mean) >= unit).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn intervals_contain_the_value_rise_with_the_count_and_nest(x in 0_u64..3_000, size in 0.05..500.0_f64) {
        let methods: [&dyn Fn(u64, Confidence) -> (f64, f64); 3] =
            [&garwood::limits, &byar::limits, &|x, c| negative_binomial::limits(x, Some(size), c)];
        for limits in methods {
            let mut inner: Option<(f64, f64)> = None;
            for confidence in LEVELS {
                let (lower, upper) = limits(x, confidence);
                let next = limits(x + 1, confidence);
                prop_assert!(lower <= x as f64 && x as f64 <= upper);
                prop_assert!(lower <= next.0 && upper < next.1);
                if let Some((low, high)) = inner {
                    prop_assert!(lower <= low && high < upper, "higher confidence is wider");
                }
                inner = Some((lower, upper));
            }
        }
        let exact = garwood::limits(x, Confidence::P95);
        let dispersed = negative_binomial::limits(x, Some(size), Confidence::P95);
        prop_assert!(dispersed.0 <= exact.0 && exact.1 <= dispersed.1, "dispersion only widens");
    }

    #[test]
    fn proportions_contain_the_value_rise_with_it_and_narrow_with_n(x in 0_u32..400, rest in 1_u32..400) {
        let (x, n) = (f64::from(x), f64::from(x + rest));
        for limits in [wilson::limits, clopper_pearson::limits] {
            for confidence in LEVELS {
                let (lower, upper) = limits(x, n, confidence).unwrap();
                prop_assert!(0.0 <= lower && lower <= x / n && x / n <= upper && upper <= 1.0);
                let next = limits(x + 1.0, n, confidence).unwrap();
                prop_assert!(lower <= next.0 && upper <= next.1);
                let more = limits(4.0 * x, 4.0 * n, confidence).unwrap();
                prop_assert!(more.1 - more.0 < upper - lower, "four times the data");
                let mirrored = limits(n - x, n, confidence).unwrap();
                prop_assert!((1.0 - mirrored.1 - lower).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn ratios_invert_when_the_two_counts_swap(x in 1_u64..300, n in 1_u64..300) {
        let (lower, upper) = ratio::limits(x, n as f64, Relation::Disjoint, Confidence::P95).unwrap();
        let swapped = ratio::limits(n, x as f64, Relation::Overlapping, Confidence::P95).unwrap();
        prop_assert!((lower * swapped.1 - 1.0).abs() < 1e-10 && (upper * swapped.0 - 1.0).abs() < 1e-10);
    }

    #[test]
    fn parts_of_a_whole_contain_their_shares(counts in prop::collection::vec(0_u64..500, 2..9)) {
        let total: u64 = counts.iter().sum();
        let parts = goodman::limits(&counts, Confidence::P95);
        prop_assert_eq!(parts.is_none(), total == 0);
        for ((lower, upper), &count) in parts.unwrap_or_default().into_iter().zip(&counts) {
            let share = count as f64 / total as f64;
            prop_assert!(lower <= share && share <= upper);
            let alone = wilson::limits(count as f64, total as f64, Confidence::P95).unwrap();
            prop_assert!(lower <= alone.0 && alone.1 <= upper, "simultaneous is never narrower");
        }
    }

    #[test]
    fn a_change_is_significant_exactly_when_its_interval_excludes_one(
        earlier in 0_u64..400, later in 1_u64..400, t1 in 0.2..5.0_f64, t2 in 0.2..5.0_f64,
    ) {
        let change = conditional_binomial::compare(earlier, later, t1, t2, Confidence::P95).unwrap();
        let excludes = change.lower > 1.0 || change.upper.is_some_and(|upper| upper < 1.0);
        prop_assume!((change.p - 0.05).abs() > 1e-9);
        prop_assert_eq!(change.p < 0.05, excludes);
        prop_assert!(change.p > 0.0 && change.p <= 1.0);
        let back = conditional_binomial::compare(later, earlier, t2, t1, Confidence::P95).unwrap();
        prop_assert!((back.p / change.p - 1.0).abs() < 1e-9, "time may run backwards");
        let difference = mover::difference(earlier, later, Confidence::P95);
        prop_assert!(difference.lower < difference.value && difference.value < difference.upper);
    }

    #[test]
    fn p_values_lie_in_the_unit_interval_and_their_sides_add_up(greater in 0_u64..1_000, r in 1_000_u64..5_000) {
        let tally = Tally { n_greater: greater, n_less: r - greater };
        let p = |alternative| p_value(alternative, tally, r);
        let (two, up, down) =
            (p(Alternative::TwoSided), p(Alternative::Greater), p(Alternative::Less));
        for value in [two, up, down] {
            prop_assert!(value > 0.0 && value <= 1.0);
        }
        prop_assert!((up + down - 1.0 - 1.0 / (r as f64 + 1.0)).abs() < 1e-12);
        prop_assert!((two - (2.0 * up.min(down)).min(1.0)).abs() < 1e-15);
    }

    #[test]
    fn q_values_are_at_least_p_monotone_and_agree_with_rejection(
        p in prop::collection::vec(1e-6..1.0_f64, 1..60), alpha in 0.01..0.3_f64,
    ) {
        let q = benjamini_hochberg::q_values(&p);
        let rejected = benjamini_hochberg::rejected(&p, alpha);
        for a in 0..p.len() {
            prop_assert!(q[a] >= p[a] && q[a] <= 1.0);
            if (q[a] - alpha).abs() > 1e-12 {
                prop_assert_eq!(q[a] <= alpha, rejected[a]);
            }
            for b in 0..p.len() {
                prop_assert!(p[a] > p[b] || q[a] <= q[b]);
            }
        }
    }

    #[test]
    fn rescaling_and_shifting_leave_spatial_statistics_alone(
        values in prop::collection::vec(-5.0..5.0_f64, 30), scale in 0.01..100.0_f64, shift in -10.0..10.0_f64,
    ) {
        let weights = lattice(5, 6);
        let moved: Vec<f64> = values.iter().map(|value| value * scale + shift).collect();
        let (before, after) =
            (moran::global(&values, &weights).unwrap(), moran::global(&moved, &weights).unwrap());
        prop_assert!((before.i - after.i).abs() < 1e-8 && (before.z_randomised - after.z_randomised).abs() < 1e-7);
        let pairs = local::statistics(&values, &weights).into_iter().zip(local::statistics(&moved, &weights));
        for (before, after) in pairs {
            let (before, after) = (before.unwrap(), after.unwrap());
            prop_assert!((before.gi_star - after.gi_star).abs() < 1e-7);
            prop_assert!((before.gi - after.gi).abs() < 1e-7);
            prop_assert!((before.local_moran - after.local_moran).abs() < 1e-7);
        }
    }

    #[test]
    fn renumbering_regions_permutes_results_and_changes_nothing_else(
        events in prop::collection::vec(0_u64..40, 30),
        order in Just((0..30).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        prop_assume!(events.iter().sum::<u64>() > 0);
        let weights = lattice(5, 6);
        let people: Vec<f64> = (0..30).map(|at| 100.0 + 37.0 * f64::from(at)).collect();
        let (other_events, other_people): (Vec<u64>, Vec<f64>) =
            order.iter().map(|&old| (events[old], people[old])).unzip();
        let other_weights = renumbered(&weights, &order);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1e-3);

        let index = empirical_bayes_index::standardise(&events, &people).unwrap().values;
        let other_index =
            empirical_bayes_index::standardise(&other_events, &other_people).unwrap().values;
        let smooth = marshall::global(&events, &people).unwrap().rates;
        let other_smooth = marshall::global(&other_events, &other_people).unwrap().rates;
        let tails = against_rest::test(&events, &people, Some(3.0));
        let other_tails = against_rest::test(&other_events, &other_people, Some(3.0));
        let locals = local::statistics(&index, &weights);
        let other_locals = local::statistics(&other_index, &other_weights);
        for (new, &old) in order.iter().enumerate() {
            prop_assert!((index[old] - other_index[new]).abs() < 1e-9);
            prop_assert!(close(smooth[old], other_smooth[new]));
            prop_assert!(close(tails[old].unwrap().upper, other_tails[new].unwrap().upper));
            if let (Some(before), Some(after)) = (locals[old], other_locals[new]) {
                prop_assert!((before.gi - after.gi).abs() < 1e-6);
                prop_assert!((before.local_moran - after.local_moran).abs() < 1e-6);
            }
        }
        if let Some(before) = moran::global(&index, &weights) {
            let after = moran::global(&other_index, &other_weights).unwrap();
            prop_assert!((before.i - after.i).abs() < 1e-9);
        }
    }

    #[test]
    fn posteriors_lie_between_region_and_prior_and_order_their_margins(
        observed in prop::collection::vec(0_u64..30, 12),
    ) {
        prop_assume!(observed.iter().sum::<u64>() > 0);
        let expected = vec![observed.iter().sum::<u64>() as f64 / 12.0; 12];
        let prior = gamma_poisson::Prior::fit(&observed, &expected).unwrap();
        let weights: f64 = prior.components.iter().map(|component| component.weight).sum();
        prop_assert!((weights - 1.0).abs() < 1e-12);
        let posterior = gamma_poisson::smooth(&prior, &observed, &expected, &[1.0, 1.25, 2.0]);
        for (at, one) in posterior.iter().enumerate() {
            prop_assert!(one.interval95.0 < one.mean && one.mean < one.interval95.1);
            prop_assert!(one.above.is_sorted_by(|more, less| more >= less));
            prop_assert!(one.above.iter().all(|p| (0.0..=1.0).contains(p)));
            for (other, two) in posterior.iter().enumerate() {
                prop_assert!(observed[at] >= observed[other] || one.mean < two.mean);
            }
        }
    }

    #[test]
    fn own_rates_are_monotone_and_dispersion_only_softens(
        observed in prop::collection::vec(0_u64..60, 8), size in 0.3..50.0_f64, at in 0_usize..8,
    ) {
        prop_assume!(observed.iter().sum::<u64>() > observed[at]);
        let exposure: Vec<f64> = (1..=8).map(f64::from).collect();
        let before = against_rest::test(&observed, &exposure, Some(size))[at].unwrap();
        prop_assert!(before.upper > 0.0 && before.upper <= 1.0 && before.lower > 0.0 && before.lower <= 1.0);
        prop_assert!(before.upper + before.lower > 1.0 - 0.05);
        let mut raised = observed.clone();
        raised[at] += 1;
        let after = against_rest::test(&raised, &exposure, Some(size))[at].unwrap();
        prop_assert!(after.upper <= before.upper && after.lower >= before.lower);
        prop_assert!((after.expected - before.expected).abs() < 1e-12, "the region is not in its own expectation");
    }

    #[test]
    fn power_rises_with_risk_and_the_detectable_risk_has_it(expected in 0.2..60.0_f64) {
        let (at_one, at_two, at_four) =
            (power::power(expected, None, 1.0), power::power(expected, None, 2.0), power::power(expected, None, 4.0));
        prop_assert!(at_one <= 0.025 && at_one < at_two && at_two < at_four);
        let risk = power::minimum_detectable(expected, None).unwrap();
        prop_assert!((power::power(expected, None, risk) - 0.8).abs() < 1e-3);
        prop_assert!((power::zero(expected, None) * expected.exp_of() - 1.0).abs() < 1e-10);
    }

    #[test]
    fn attendance_does_not_depend_on_the_order_of_events(
        (sizes, shuffled) in prop::collection::vec(0_u64..2_000, 1..30)
            .prop_flat_map(|sizes| (Just(sizes.clone()), Just(sizes).prop_shuffle())),
    ) {
        let n = sizes.len() as u64 + 2;
        let summary = attendance::summarise(&sizes, n).unwrap();
        prop_assert_eq!(summary, attendance::summarise(&shuffled, n).unwrap());
        prop_assert_eq!(summary.total, sizes.iter().sum::<u64>());
        prop_assert!(summary.top_share.is_none_or(|share| share > 0.0 && share <= 1.0));
    }
}

/// eˣ for a check.
trait ExpOf {
    fn exp_of(self) -> f64;
}

impl ExpOf for f64 {
    fn exp_of(self) -> f64 {
        saet::statistics::numerics::float::exp(self)
    }
}

/// A 15 × 20 map with two raised blocks: events, exposure, weights.
fn raised_map(seed: u64, mean: f64) -> (Vec<u64>, Vec<f64>, Weights) {
    let key = Key::new(seed, 99);
    let exposure: Vec<f64> = (0..300).map(|at| 0.5 + f64::from(at % 7) / 4.0).collect();
    let events = (0..300_u32)
        .zip(&exposure)
        .map(|(at, own)| {
            let (row, column) = (at / 20, at % 20);
            let risk = if (row < 4 && column < 4) || (row > 10 && column > 16) { 2.2 } else { 1.0 };
            poisson(key, at, 0, mean * risk * own)
        })
        .collect();
    (events, exposure, lattice(15, 20))
}

fn significant(outcomes: &[Option<Outcome>]) -> Vec<usize> {
    let keep = |(at, outcome): (usize, &Option<Outcome>)| {
        outcome.is_some_and(|outcome| outcome.significant).then_some(at)
    };
    outcomes.iter().enumerate().filter_map(keep).collect()
}

#[test]
fn dropping_hopeless_regions_changes_nothing_that_is_significant() {
    let mut n_significant = 0;
    for seed in 0..2 {
        let (events, exposure, weights) = raised_map(seed, 8.0);
        let index = empirical_bayes_index::standardise(&events, &exposure).unwrap();
        let plan = Plan::reaching(300, 0.05);
        assert_eq!(plan.n_draws, 11_999);
        let full = Plan { dropping: Dropping::Off, ..plan };
        let key = Key::new(seed, 1);
        let quick = local::permute(&index.values, &weights, &plan, key);
        let slow = local::permute(&index.values, &weights, &full, key);
        assert_eq!(significant(&quick), significant(&slow), "seed {seed}");
        n_significant += significant(&quick).len();
        for (quick, slow) in quick.iter().zip(&slow) {
            let (quick, slow) = (quick.unwrap(), slow.unwrap());
            assert!(quick.p <= slow.p, "a dropped region's p is a lower bound");
            if quick.significant {
                assert_eq!(quick, slow);
            }
        }
        // And the rejected set before refinement is that of Benjamini–Hochberg on all p.
        let unrefined = local::permute(&index.values, &weights, &Plan { refine: 1, ..full }, key);
        let p: Vec<f64> = unrefined.iter().map(|outcome| outcome.unwrap().p).collect();
        let expected: Vec<usize> = benjamini_hochberg::rejected(&p, 0.05)
            .into_iter()
            .enumerate()
            .filter_map(|(at, rejected)| rejected.then_some(at))
            .collect();
        assert_eq!(significant(&unrefined), expected);
        let dropped = quick.iter().flatten().filter(|outcome| outcome.dropped).count();
        assert!(dropped > 200, "only {dropped} dropped");
    }
    assert!(n_significant > 8, "only {n_significant} significant: the test tests nothing");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let (events, exposure, weights) = raised_map(3, 5.0);
    let (sparse, _, _) = raised_map(3, 0.4);
    let total = events.iter().sum::<u64>() as f64 / exposure.iter().sum::<f64>();
    let expected: Vec<f64> = exposure.iter().map(|own| own * total).collect();
    let plan = Plan::reaching(300, 0.05);
    let key = Key::named(5, "threads");
    let everything = || {
        let index = empirical_bayes_index::standardise(&events, &exposure).unwrap();
        let prior = gamma_poisson::Prior::fit(&events, &expected).unwrap();
        (
            local::permute(&index.values, &weights, &plan, key),
            moran::permute(&index.values, &weights, 999, key).map(f64::to_bits),
            model_based::replicate(&sparse, &exposure, None, &weights, &plan, key),
            model_based::replicate(&sparse, &exposure, Some(2.0), &weights, &plan, key),
            gamma_poisson::smooth(&prior, &events, &expected, &[1.25]),
            dispersion::estimate(&events, &expected),
        )
    };
    let on = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(everything)
    };
    let alone = on(1);
    assert_eq!(alone, on(2));
    assert_eq!(alone, on(8));
}

#[test]
fn maps_without_pattern_are_called_significant_no_more_often_than_promised() {
    // 120 maps of 80 regions in which nothing happens but chance; with α = 0.05 Benjamini–Hochberg may find something on
    // about 5 % of them. 6 maps expected; 13 would be 2.9 standard deviations above.
    let weights = lattice(8, 10);
    let exposure: Vec<f64> = (0..80).map(|at| 0.5 + f64::from(at % 5) / 3.0).collect();
    let plan = Plan { refine: 1, ..Plan::reaching(80, 0.05) };
    let mut n_maps = [0; 3];
    for map in 0..120_u64 {
        let key = Key::new(11, map);
        let draw = |mean: f64| -> Vec<u64> {
            (0..80).zip(&exposure).map(|(at, own)| poisson(key, at, 1, mean * own)).collect()
        };
        let (dense, sparse) = (draw(6.0), draw(0.4));
        let index = empirical_bayes_index::standardise(&dense, &exposure).unwrap();
        let by_permutation = local::permute(&index.values, &weights, &plan, key);
        n_maps[0] += u32::from(!significant(&by_permutation).is_empty());
        let by_model = model_based::replicate(&sparse, &exposure, None, &weights, &plan, key);
        n_maps[1] += u32::from(!significant(&by_model).is_empty());
        let own = against_rest::test(&dense, &exposure, None);
        let p: Vec<f64> = own.iter().map(|tails| tails.unwrap().upper).collect();
        n_maps[2] += u32::from(benjamini_hochberg::rejected(&p, 0.05).contains(&true));
    }
    assert!(n_maps.iter().all(|&n| n < 13), "{n_maps:?} of 120 maps");
}

#[test]
fn global_p_values_are_uniform_without_pattern() {
    let weights = lattice(6, 6);
    let n_below = (0..300_u64)
        .filter(|&map| {
            let key = Key::new(21, map);
            let values: Vec<f64> = (0..36).map(|at| key.stream(at, 7).normal()).collect();
            moran::permute(&values, &weights, 199, key).is_some_and(|p| p <= 0.1)
        })
        .count();
    // 30 expected, standard deviation about 5.
    assert!((13..48).contains(&n_below), "{n_below} of 300 at most 0.1");
}
