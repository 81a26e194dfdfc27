//! Laws of composites and of their sensitivity.

use proptest::prelude::*;
use saet::statistics::{
    composite::{
        aggregate::Aggregation,
        index::{Choices, Component, places},
        normalise::{Normalisation, scaled},
        sensitivity::{Plan, Sampler, Source, examine},
    },
    numerics::random::Key,
};

const NORMALISATIONS: [Normalisation; 3] =
    [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank];
const AGGREGATIONS: [Aggregation; 2] = [Aggregation::Linear, Aggregation::Geometric];

const DECLARED: Choices =
    Choices { normalisation: Normalisation::MinMax, aggregation: Aggregation::Linear };

fn known(values: &[Vec<f64>]) -> Vec<Vec<Option<f64>>> {
    values.iter().map(|own| own.iter().copied().map(Some).collect()).collect()
}

fn weighted<'a>(values: &'a [Vec<Option<f64>>], weights: &[f64]) -> Vec<Component<'a>> {
    let each = values.iter().zip(weights);
    each.map(|(values, &weight)| Component { values, weight, reversed: false }).collect()
}

/// Ranks under every combination of normalisation, aggregation and component left out, in that order of digits.
fn factorial(values: &[Vec<Option<f64>>], weights: &[f64]) -> Vec<([usize; 3], Vec<f64>)> {
    let mut all = Vec::new();
    for (i, normalisation) in NORMALISATIONS.into_iter().enumerate() {
        for (j, aggregation) in AGGREGATIONS.into_iter().enumerate() {
            for left_out in 0..=weights.len() {
                let mut weights = weights.to_vec();
                if let Some(weight) = weights.get_mut(left_out) {
                    *weight = 0.0;
                }
                let choices = Choices { normalisation, aggregation };
                let found = places(&weighted(values, &weights), choices).unwrap();
                let ranks = found.into_iter().map(|place| place.unwrap().rank).collect();
                all.push(([i, j, left_out], ranks));
            }
        }
    }
    all
}

/// Half the mean squared distance of two combinations' ranks that agree in the sources where `same` says so.
fn spread(all: &[([usize; 3], Vec<f64>)], same: [bool; 3]) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for (a, ranks_a) in all {
        for (b, ranks_b) in all {
            if (0..3).all(|source| !same[source] || a[source] == b[source]) {
                let squares = ranks_a.iter().zip(ranks_b).map(|(a, b)| (a - b) * (a - b));
                sum += 0.5 * squares.sum::<f64>();
                n += 1.0;
            }
        }
    }
    sum / n
}

#[test]
fn shares_and_rank_means_agree_with_a_full_factorial() {
    let mut stream = Key::named(8, "factorial").stream(0, 0);
    let values: Vec<Vec<f64>> =
        (0..3).map(|_| (0..9).map(|_| stream.gamma(0.8)).collect()).collect();
    let (values, weights) = (known(&values), [1.0, 2.0, 1.5]);
    let all = factorial(&values, &weights);
    assert_eq!(all.len(), 24);
    let plan = Plan { weights: 0.0, ..Plan::handbook(6_000) };
    let found =
        examine(&weighted(&values, &weights), DECLARED, &plan, Key::named(1, "shares")).unwrap();
    let variance = spread(&all, [false; 3]);
    let mut total_of_first_order = 0.0;
    for (at, share) in found.shares.as_ref().unwrap().iter().enumerate() {
        assert_eq!(share.source, Source::ALL[at]);
        // The factorial's three sources are the second to the fourth.
        let exact = (1..4).contains(&at).then(|| {
            let (mut only, mut others) = ([false; 3], [true; 3]);
            (only[at - 1], others[at - 1]) = (true, false);
            // Holding a source leaves what the others spread; holding the others leaves what it spreads.
            (1.0 - spread(&all, only) / variance, spread(&all, others) / variance)
        });
        let (first_order, total) = exact.unwrap_or((0.0, 0.0));
        assert!((share.first_order.value - first_order).abs() < 0.04, "{share:?} {first_order}");
        assert!((share.total.value - total).abs() < 0.04, "{share:?} {total}");
        assert!(share.total.lower <= share.total.value && share.total.value <= share.total.upper);
        assert!(share.first_order.value <= share.total.value + 0.02);
        total_of_first_order += share.first_order.value;
    }
    assert!(total_of_first_order > 0.5 && total_of_first_order < 1.05);
    let declared: Vec<f64> = found.declared.iter().map(|rank| rank.unwrap()).collect();
    let mut shift = 0.0;
    for (_, ranks) in &all {
        let moved: f64 = ranks.iter().zip(&declared).map(|(a, b)| (a - b).abs()).sum();
        shift += moved / 9.0 / 24.0;
    }
    assert!(
        (found.average_shift.value - shift).abs() < 0.05,
        "{} {shift}",
        found.average_shift.value
    );
    for (region, rank) in found.ranks.iter().enumerate() {
        let mean = all.iter().map(|(_, ranks)| ranks[region]).sum::<f64>() / 24.0;
        assert!((rank.unwrap().mean - mean).abs() < 0.1, "{region}");
    }
    for (left_out, shift) in found.without.iter().enumerate() {
        // The declared choices are the first normalisation and the first aggregation.
        let ranks = &all.iter().find(|(at, _)| *at == [0, 0, left_out]).unwrap().1;
        let moved: f64 = ranks.iter().zip(&declared).map(|(a, b)| (a - b).abs()).sum();
        assert!((shift.unwrap() - moved / 9.0).abs() < 1e-12);
    }
}

#[test]
fn what_alone_varies_carries_all_the_variance() {
    let values = known(&[vec![1.0, 2.0, 3.0, 4.0], vec![2.5, 2.0, 3.0, 1.0]]);
    let components = weighted(&values, &[1.0, 1.0]);
    let noisy: Sampler =
        &|component, region, stream| values[component][region].unwrap() + stream.normal();
    let still = Plan {
        weights: 0.0,
        normalisations: &[Normalisation::MinMax],
        aggregations: &[Aggregation::Linear],
        remove_one: false,
        ..Plan::handbook(1_000)
    };
    let run = |plan: &Plan| examine(&components, DECLARED, plan, Key::new(4, 4)).unwrap();
    assert_eq!(run(&still).shares, None);
    assert!(run(&still).average_shift.upper.abs() < 1e-15);
    for (plan, source) in [
        (Plan { sampler: Some(noisy), ..still }, Source::Sampling),
        (Plan { weights: 0.9, ..still }, Source::Weights),
        (Plan { remove_one: true, ..still }, Source::RemoveOne),
        (Plan { normalisations: &NORMALISATIONS, ..still }, Source::Normalisation),
    ] {
        for share in run(&plan).shares.unwrap() {
            let all = if share.source == source { 1.0 } else { 0.0 };
            assert!((share.first_order.value - all).abs() < 1e-12, "{source:?} {share:?}");
            assert!((share.total.value - all).abs() < 1e-12, "{source:?} {share:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn renumbering_regions_permutes_everything_and_units_do_not_matter(
        values in prop::collection::vec(prop::collection::vec(0.0..50.0_f64, 10), 3),
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
        factor in 0.01..100.0_f64, shift in -30.0..30.0_f64,
    ) {
        let weights = [2.0, 1.0, 1.0];
        let moved: Vec<Vec<f64>> = values
            .iter()
            .map(|own| order.iter().map(|&old| factor * own[old] + shift).collect())
            .collect();
        let (values, moved) = (known(&values), known(&moved));
        let plan = Plan::handbook(1_000);
        let before = examine(&weighted(&values, &weights), DECLARED, &plan, Key::new(1, 1)).unwrap();
        let heavier = weights.map(|weight| 7.0 * weight);
        let after = examine(&weighted(&moved, &heavier), DECLARED, &plan, Key::new(1, 1)).unwrap();
        prop_assert!((before.average_shift.value - after.average_shift.value).abs() < 1e-2);
        for (new, &old) in order.iter().enumerate() {
            prop_assert_eq!(before.declared[old], after.declared[new]);
            let (rank, other) = (before.ranks[old].unwrap(), after.ranks[new].unwrap());
            // Rounding may swap two nearly equal scores in a run or two.
            prop_assert!((rank.mean - other.mean).abs() < 1e-2);
            prop_assert!(rank.lower <= rank.median && rank.median <= rank.upper);
        }
        let shares = before.shares.unwrap().into_iter().zip(after.shares.unwrap());
        for (share, other) in shares {
            prop_assert!((share.total.value - other.total.value).abs() < 1e-2);
        }
    }

    #[test]
    fn a_region_above_in_everything_is_above_whatever_is_chosen(
        values in prop::collection::vec(prop::collection::vec(0.0..50.0_f64, 6), 1..5), gain in 0.5..9.0_f64,
    ) {
        let n = values.len();
        let mut values = values;
        for own in &mut values {
            own[5] = own.iter().copied().fold(0.0, f64::max) + gain;
        }
        let known = known(&values);
        let weights = vec![1.0; n];
        let plan = Plan::handbook(1_000);
        let found = examine(&weighted(&known, &weights), DECLARED, &plan, Key::new(2, 2)).unwrap();
        let first = found.ranks[5].unwrap();
        prop_assert_eq!((first.lower, first.upper), (1.0, 1.0));
        prop_assert_eq!(found.declared[5], Some(1.0));
    }

    #[test]
    fn scales_keep_the_order_and_turn_round_with_the_sign(values in prop::collection::vec(-40_i32..40, 2..30)) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let negated: Vec<f64> = values.iter().map(|value| -value).collect();
        for normalisation in NORMALISATIONS {
            let scale = scaled(&values, normalisation, false);
            let turned = scaled(&values, normalisation, true);
            prop_assert_eq!(&turned, &scaled(&negated, normalisation, false));
            for (i, a) in values.iter().enumerate() {
                prop_assert!(scale[i] >= 1.0);
                for (j, b) in values.iter().enumerate() {
                    prop_assert!(a < b || scale[i] >= scale[j]);
                    prop_assert!(a < b || turned[i] <= turned[j]);
                }
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut stream = Key::named(8, "threads").stream(0, 0);
    let values: Vec<Vec<f64>> =
        (0..4).map(|_| (0..20).map(|_| stream.normal()).collect()).collect();
    let values = known(&values);
    let components = weighted(&values, &[1.0; 4]);
    let noisy: Sampler =
        &|component, region, stream| values[component][region].unwrap() + 0.2 * stream.normal();
    let plan = Plan { sampler: Some(noisy), ..Plan::handbook(1_000) };
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| examine(&components, DECLARED, &plan, Key::new(1, 1)).unwrap())
    };
    assert_eq!(run(1), run(3));
}
