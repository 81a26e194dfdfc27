//! Laws of statistics between neighbours.

use proptest::prelude::*;
use saet::{
    model::VarianceLaw,
    statistics::{
        own_rate::against_rest,
        smoothing::marshall,
        spatial::{empirical_bayes_index, local, moran},
    },
};

use super::{lattice, renumbered};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

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
        is_linear: bool,
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
        let law = Some(if is_linear { VarianceLaw::Linear { phi: 3.0 } } else { VarianceLaw::Quadratic { size: 3.0 } });
        let tails = against_rest::test(&events, &people, law);
        let other_tails = against_rest::test(&other_events, &other_people, law);
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
}
