//! Laws of intervals.

use proptest::prelude::*;
use saet::{
    model::{Relation, VarianceLaw},
    statistics::interval::{
        Confidence, byar, clopper_pearson, conditional_binomial, garwood, goodman, mover,
        negative_binomial, ratio, wilson,
    },
};

use super::LEVELS;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn intervals_contain_the_value_rise_with_the_count_and_nest(
        x in 0_u64..3_000, size in 0.05..500.0_f64, phi in 1.01..40.0_f64,
    ) {
        let (quadratic, linear) = (Some(VarianceLaw::Quadratic { size }), Some(VarianceLaw::Linear { phi }));
        let methods: [&dyn Fn(u64, Confidence) -> (f64, f64); 4] = [
            &garwood::limits,
            &byar::limits,
            &|x, c| negative_binomial::limits(x, quadratic, c),
            &|x, c| negative_binomial::limits(x, linear, c),
        ];
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
        for law in [quadratic, linear] {
            let dispersed = negative_binomial::limits(x, law, Confidence::P95);
            prop_assert!(dispersed.0 <= exact.0 && exact.1 <= dispersed.1, "dispersion only widens");
        }
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

}
