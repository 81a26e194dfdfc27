//! Laws of tests, smoothing and summaries of counts.

use proptest::prelude::*;
use saet::{
    model::VarianceLaw,
    statistics::{
        attendance,
        multiple::benjamini_hochberg,
        numerics::{
            float::exp,
            permutation::Tally,
            pvalue::{Alternative, p_value},
        },
        own_rate::{against_rest, funnel, power},
        smoothing::gamma_poisson,
    },
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

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
        observed in prop::collection::vec(0_u64..60, 8), size in 0.3..50.0_f64, phi in 1.01..20.0_f64,
        at in 0_usize..8,
    ) {
        prop_assume!(observed.iter().sum::<u64>() > observed[at]);
        let exposure: Vec<f64> = (1..=8).map(f64::from).collect();
        let mut raised = observed.clone();
        raised[at] += 1;
        for law in [VarianceLaw::Quadratic { size }, VarianceLaw::Linear { phi }] {
            let before = against_rest::test(&observed, &exposure, Some(law))[at].unwrap();
            prop_assert!(before.upper > 0.0 && before.upper <= 1.0 && before.lower > 0.0 && before.lower <= 1.0);
            prop_assert!(before.upper + before.lower > 1.0 - 0.05);
            let after = against_rest::test(&raised, &exposure, Some(law))[at].unwrap();
            prop_assert!(after.upper <= before.upper && after.lower >= before.lower);
            prop_assert!((after.expected - before.expected).abs() < 1e-12, "the region is not in its own expectation");
        }
    }

    #[test]
    fn a_law_that_hardly_scatters_is_poisson_and_laws_of_one_size_agree(
        observed in prop::collection::vec(0_u64..60, 8), at in 0_usize..8, phi in 1.1..20.0_f64,
    ) {
        let rest = observed.iter().sum::<u64>() - observed[at];
        prop_assume!(rest > 0);
        let exposure: Vec<f64> = (1..=8).map(f64::from).collect();
        let test = |law| against_rest::test(&observed, &exposure, law)[at].unwrap();
        let poisson = test(None);
        for law in [VarianceLaw::Quadratic { size: 1e9 }, VarianceLaw::Linear { phi: 1.0 + 1e-9 }] {
            let found = test(Some(law));
            prop_assert!((found.upper - poisson.upper).abs() < 1e-5 && (found.lower - poisson.lower).abs() < 1e-5);
        }
        // At an expected count both laws can give the same size; there, funnels, zeros and intervals are the same.
        let expected = poisson.expected;
        let linear = VarianceLaw::Linear { phi };
        let quadratic = VarianceLaw::Quadratic { size: linear.size(expected) };
        prop_assert_eq!(funnel::limits(expected, Some(linear)), funnel::limits(expected, Some(quadratic)));
        prop_assert_eq!(power::critical(expected, Some(linear)), power::critical(expected, Some(quadratic)));
        prop_assert!((power::zero(expected, Some(linear)) - power::zero(expected, Some(quadratic))).abs() < 1e-14);
        // A raised rate scatters less under the linear law: more incidents.
        if power::critical(expected, Some(linear)) as f64 <= 2.0 * expected {
            prop_assert!(power::power(expected, Some(linear), 2.0) >= power::power(expected, Some(quadratic), 2.0) - 1e-12);
        }
    }

    #[test]
    fn power_rises_with_risk_and_the_detectable_risk_has_it(expected in 0.2..60.0_f64) {
        let (at_one, at_two, at_four) =
            (power::power(expected, None, 1.0), power::power(expected, None, 2.0), power::power(expected, None, 4.0));
        prop_assert!(at_one <= 0.025 && at_one < at_two && at_two < at_four);
        let risk = power::minimum_detectable(expected, None).unwrap();
        prop_assert!((power::power(expected, None, risk) - 0.8).abs() < 1e-3);
        prop_assert!((power::zero(expected, None) * exp(expected) - 1.0).abs() < 1e-10);
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
