//! Laws of concentration indices.

use proptest::prelude::*;
use saet::statistics::{
    concentration::{
        atkinson, diffusion, gini, herfindahl, hoover, location_quotient, proportional, theil,
        top_share,
    },
    interval::Confidence,
    numerics::{pvalue::Alternative, random::Key},
};

use super::LEVELS;

type Index = fn(&[f64]) -> f64;

/// Every index of inequality that is 0 for equal values.
const INDICES: [(&str, Index); 6] = [
    ("Gini", |x| gini::plain(x).unwrap()),
    ("Herfindahl, normalised", |x| herfindahl::index(x).unwrap().normalised.unwrap()),
    ("Theil T", |x| theil::indices(x).unwrap().t),
    ("Theil L", |x| theil::indices(x).unwrap().l.unwrap()),
    ("Hoover", |x| hoover::plain(x).unwrap()),
    ("Atkinson", |x| atkinson::index(x, 1.0).unwrap()),
];

fn positive() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.1..100.0_f64, 2..20)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn indices_lie_between_equal_and_one_and_do_not_see_scale_or_order(values in positive(), scale in 0.01..1e6_f64) {
        let scaled: Vec<f64> = values.iter().rev().map(|x| x * scale).collect();
        for (name, index) in INDICES {
            let found = index(&values);
            prop_assert!(found >= 0.0, "{}", name);
            prop_assert!(name.starts_with("Theil") || found <= 1.0, "{}", name);
            prop_assert!((index(&scaled) - found).abs() < 1e-12, "{}", name);
            prop_assert!(index(&vec![values[0]; values.len()]).abs() < 1e-14, "{} of equal values", name);
        }
    }

    #[test]
    fn a_transfer_from_rich_to_poor_lowers_inequality(values in positive(), part in 0.05..0.95_f64) {
        let rich = (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
        let poor = (0..values.len()).min_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
        prop_assume!(values[rich] - values[poor] > 1e-3);
        let mut after = values.clone();
        let moved = part * 0.5 * (values[rich] - values[poor]);
        after[rich] -= moved;
        after[poor] += moved;
        for (name, index) in INDICES {
            // Hoover sees only transfers across the mean; the largest and the smallest lie on either side of it.
            prop_assert!(index(&after) < index(&values), "{}", name);
        }
    }

    #[test]
    fn copies_of_all_regions_change_nothing(values in positive(), times in 2_usize..4) {
        let copied: Vec<f64> = (0..times).flat_map(|_| values.clone()).collect();
        for (name, index) in INDICES {
            if name.starts_with("Herfindahl") {
                continue;
            }
            prop_assert!((index(&copied) - index(&values)).abs() < 1e-12, "{}", name);
        }
        let (one, many) = (herfindahl::index(&values).unwrap(), herfindahl::index(&copied).unwrap());
        let times_as_many = one.effective_number * f64::from(u32::try_from(times).unwrap());
        prop_assert!((many.effective_number / times_as_many - 1.0).abs() < 1e-12);
        let weights = vec![f64::from(u32::try_from(times).unwrap()); values.len()];
        let weighted = gini::weighted(&values, &weights).unwrap();
        prop_assert!((weighted - gini::plain(&copied).unwrap()).abs() < 1e-12, "weights are copies");
    }

    #[test]
    fn theil_decomposes_exactly(values in positive(), labels in prop::collection::vec(0_usize..4, 20)) {
        let groups = &labels[..values.len()];
        let whole = theil::indices(&values).unwrap();
        let split = theil::decompose(&values, groups).unwrap();
        prop_assert!((split.t.between + split.t.within - whole.t).abs() < 1e-12);
        let l = split.l.unwrap();
        prop_assert!((l.between + l.within - whole.l.unwrap()).abs() < 1e-12);
        prop_assert!(split.t.between > -1e-14 && split.t.within >= 0.0);
        let single: Vec<usize> = (0..values.len()).collect();
        let apart = theil::decompose(&values, &single).unwrap();
        prop_assert!((apart.t.between - whole.t).abs() < 1e-12 && apart.t.within.abs() < 1e-14);
    }

    #[test]
    fn aversion_to_inequality_only_raises_the_index(values in positive()) {
        let found: Vec<f64> = [0.25, 0.5, 0.999_999, 1.0, 1.000_001, 2.0]
            .map(|aversion| atkinson::index(&values, aversion).unwrap()).to_vec();
        prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{:?}", found);
        prop_assert!((found[2] - found[3]).abs() < 1e-4 && (found[4] - found[3]).abs() < 1e-4);
        // 1 − e^(−L) by definition.
        let l = theil::indices(&values).unwrap().l.unwrap();
        prop_assert!((found[3] - (1.0 - saet::statistics::numerics::float::exp(-l))).abs() < 1e-12);
    }

    #[test]
    fn shares_of_the_largest_rise_to_one(values in positive()) {
        let curve = top_share::curve(&values).unwrap();
        prop_assert!(curve.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert_eq!(curve.last().copied(), Some(1.0));
        for (k, &share) in (1..).zip(&curve) {
            prop_assert!(share + 1e-12 >= k as f64 / values.len() as f64);
            prop_assert_eq!(top_share::of(&values, k), Some(share));
            prop_assert!(top_share::holders(&values, share).unwrap() <= k);
        }
    }

    #[test]
    fn fewer_regions_have_more_events(counts in prop::collection::vec(0_u64..30, 1..40)) {
        let reached: Vec<usize> =
            (1..32).map(|k| diffusion::reached(&counts, k).unwrap().n_reached).collect();
        prop_assert!(reached.windows(2).all(|pair| pair[0] >= pair[1]));
        prop_assert_eq!(reached.iter().sum::<usize>() as u64, counts.iter().sum::<u64>());
    }

    #[test]
    fn location_quotients_have_nested_limits_around_them(x in 0_u64..40, others in 1_u64..200, share in 0.01..1.0_f64) {
        let mut inner: Option<(f64, f64)> = None;
        for confidence in LEVELS {
            let found = location_quotient::estimate(x, x + others, share, confidence).unwrap();
            prop_assert!(found.lower <= found.value && found.value <= found.upper);
            prop_assert!(found.upper <= 1.0 / share + 1e-12);
            if let Some((lower, upper)) = inner {
                prop_assert!(found.lower <= lower && found.upper >= upper);
            }
            inner = Some((found.lower, found.upper));
        }
        // The whole holds its due.
        let whole = location_quotient::estimate(x + others, x + others, 1.0, Confidence::P95).unwrap();
        prop_assert!((whole.value - 1.0).abs() < 1e-15);
    }
}

fn indices(counts: &[f64]) -> Option<[f64; 3]> {
    let reached = counts.iter().filter(|&&count| count >= 1.0).count() as f64;
    Some([gini::plain(counts)?, top_share::of(counts, 4)?, reached / counts.len() as f64])
}

#[test]
fn maps_drawn_from_the_null_are_not_concentrated_more_often_than_said() {
    let population: Vec<f64> = (1..=30).map(f64::from).collect();
    let sampler = saet::statistics::numerics::multinomial::Multinomial::new(&population);
    let (mut n_gini, mut n_top, maps) = (0_u32, 0_u32, 200);
    for map in 0..maps {
        let mut stream = Key::named(5, "maps").stream(0, map);
        let mut counts = vec![0_u64; 30];
        for _ in 0..60 {
            counts[sampler.draw(&mut stream)] += 1;
        }
        let key = Key::new(6, map);
        let [gini, top, _] =
            proportional::compare(&counts, &population, indices, Alternative::Greater, 99, key)
                .unwrap();
        n_gini += u32::from(gini.p <= 0.1);
        n_top += u32::from(top.p <= 0.1);
    }
    // Expected at most 20 of 200, standard deviation 4.2; ties make it fewer.
    assert!((5..=37).contains(&n_gini) && (3..=37).contains(&n_top), "{n_gini} {n_top}");
}

#[test]
fn eighty_percent_from_four_counties_is_no_accident_of_population() {
    let mut cases = vec![80, 60, 44, 30];
    cases.extend([3; 14]);
    cases.extend([4, 4, 3]);
    let mut population = vec![2_400.0, 1_700.0, 1_400.0, 500.0];
    population.extend([280.0; 17]);
    let run = |seed| {
        proportional::compare(
            &cases,
            &population,
            indices,
            Alternative::Greater,
            999,
            Key::new(seed, 1),
        )
        .unwrap()
    };
    let [gini, top, reached] = run(1);
    assert!(top.observed > 0.8 && top.expected < 0.62 && (top.p - 0.001).abs() < 1e-15);
    assert!(gini.p < 0.01 && (reached.observed - 1.0).abs() < 1e-15 && reached.expected > 0.97);
    let by_one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| run(1));
    assert_eq!(run(1), by_one, "the same bits at any thread count");
    let less =
        proportional::compare(&cases, &population, indices, Alternative::Less, 999, Key::new(1, 1))
            .unwrap();
    assert!((less[1].p - 1.0).abs() < 1e-15);
    let mut order: Vec<usize> = (0..21).collect();
    order.rotate_left(5);
    let moved: Vec<u64> = order.iter().map(|&at| cases[at]).collect();
    let living: Vec<f64> = order.iter().map(|&at| population[at]).collect();
    let again =
        proportional::compare(&moved, &living, indices, Alternative::Greater, 999, Key::new(1, 1))
            .unwrap();
    assert!((again[0].observed - gini.observed).abs() < 1e-12);
    assert!((again[0].expected - gini.expected).abs() < 0.005, "names of regions do not matter");
}
