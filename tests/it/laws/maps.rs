//! Laws of whole maps of tests: what dropping, threads and pure chance may change.

use saet::{
    model::{VarianceLaw, Weights},
    statistics::{
        dispersion,
        multiple::benjamini_hochberg,
        numerics::random::Key,
        own_rate::against_rest,
        smoothing::gamma_poisson,
        spatial::{
            empirical_bayes_index, local, model_based, moran,
            sequential::{Dropping, Outcome, Plan},
        },
    },
};

use super::{lattice, poisson};

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
            model_based::replicate(
                &sparse,
                &exposure,
                Some(VarianceLaw::Linear { phi: 1.5 }),
                &weights,
                &plan,
                key,
            ),
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
