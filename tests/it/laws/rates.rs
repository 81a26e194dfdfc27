//! Laws of standardised rates and of adjusted p-values.

use proptest::prelude::*;
use saet::statistics::{
    interval::Confidence,
    multiple::{benjamini_hochberg, benjamini_yekutieli, bonferroni, holm},
    standardised::{
        CountLimits,
        direct::{self, Interval, Stratum, Undefined},
        indirect,
    },
};

use super::LEVELS;

const INTERVALS: [Interval; 4] = [
    Interval::Dobson(CountLimits::Exact),
    Interval::Dobson(CountLimits::Byar),
    Interval::Dobson(CountLimits::Phe),
    Interval::FayFeuer,
];

fn strata() -> impl Strategy<Value = Vec<Stratum>> {
    let stratum = (0_u64..80, 10.0..5_000.0_f64, 0.1..10.0_f64);
    prop::collection::vec(stratum, 1..12).prop_map(|cells| {
        let stratum = |(events, exposure, standard)| Stratum { events, exposure, standard };
        cells.into_iter().map(stratum).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_direct_rate_lies_between_its_strata_and_inside_its_nested_limits(strata in strata()) {
        let n_events: u64 = strata.iter().map(|stratum| stratum.events).sum();
        for interval in INTERVALS {
            let mut inner: Option<(f64, f64)> = None;
            for confidence in LEVELS {
                let found = direct::standardise(&strata, interval, confidence);
                if n_events < 10 {
                    prop_assert_eq!(found, Err(Undefined::TooFewEvents(n_events)));
                    continue;
                }
                let rate = found.unwrap().rate;
                let rates = strata.iter().map(|one| one.events as f64 / one.exposure);
                let (least, most) = rates.fold((f64::MAX, 0.0_f64), |(a, b), r| (a.min(r), b.max(r)));
                prop_assert!(least * (1.0 - 1e-12) <= rate.value && rate.value <= most * (1.0 + 1e-12));
                prop_assert!(rate.lower <= rate.value && rate.value <= rate.upper);
                if let Some((lower, upper)) = inner {
                    prop_assert!(rate.lower <= lower && upper <= rate.upper, "higher confidence is wider");
                }
                inner = Some((rate.lower, rate.upper));
            }
        }
    }

    #[test]
    fn direct_rates_ignore_the_order_of_strata_the_unit_of_the_standard_and_scale_with_exposure(
        (strata, shuffled) in strata().prop_flat_map(|strata| (Just(strata.clone()), Just(strata).prop_shuffle())),
        scale in 0.01..100.0_f64,
    ) {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
        for interval in INTERVALS {
            let Ok(found) = direct::standardise(&strata, interval, Confidence::P95) else { continue };
            let other_order = direct::standardise(&shuffled, interval, Confidence::P95).unwrap();
            let scaled: Vec<Stratum> = strata
                .iter()
                .map(|one| Stratum { standard: one.standard * scale, exposure: one.exposure * scale, ..*one })
                .collect();
            let scaled = direct::standardise(&scaled, interval, Confidence::P95).unwrap();
            let sides = |one: direct::Direct| [one.rate.value, one.rate.lower, one.rate.upper];
            for side in 0..3 {
                prop_assert!(close(sides(found)[side], sides(other_order)[side]));
                prop_assert!(close(sides(found)[side], sides(scaled)[side] * scale));
            }
        }
    }

    #[test]
    fn the_regions_own_structure_as_standard_gives_its_crude_rate(strata in strata()) {
        let own: Vec<Stratum> = strata.iter().map(|one| Stratum { standard: one.exposure, ..*one }).collect();
        let n_events: u64 = own.iter().map(|one| one.events).sum();
        let exposure: f64 = own.iter().map(|one| one.exposure).sum();
        prop_assume!(n_events >= 10);
        for interval in INTERVALS {
            let rate = direct::standardise(&own, interval, Confidence::P95).unwrap().rate;
            prop_assert!((rate.value * exposure / n_events as f64 - 1.0).abs() < 1e-12);
            let limits = if let Interval::Dobson(limits) = interval { limits } else { CountLimits::Exact };
            let (lower, upper) = limits.of(n_events, Confidence::P95);
            prop_assert!((rate.lower * exposure / lower - 1.0).abs() < 1e-10);
            prop_assert!((rate.upper * exposure / upper - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn indirect_ratios_are_one_where_the_reference_is_and_rise_with_the_count(
        observed in 0_u64..500, expected in 0.01..200.0_f64,
    ) {
        for limits in [CountLimits::Exact, CountLimits::Byar, CountLimits::Phe] {
            for confidence in LEVELS {
                let at = |count| indirect::ratio(count, expected, limits, confidence).unwrap();
                let (one, more) = (at(observed), at(observed + 1));
                prop_assert!(one.lower <= one.value && one.value <= one.upper);
                prop_assert!(one.value < more.value && one.upper < more.upper);
                // At ten events PHE's choice changes from exact to Byar limits, which lie a little lower.
                if limits != CountLimits::Phe || observed + 1 != 10 {
                    prop_assert!(one.lower <= more.lower);
                }
            }
        }
        let itself = indirect::ratio(observed, observed as f64, CountLimits::Phe, Confidence::P95);
        prop_assert!(itself.is_none_or(|ratio| (ratio.value - 1.0).abs() < 1e-15));
        prop_assert_eq!(itself.is_none(), observed == 0);
    }

    #[test]
    fn adjusted_p_values_are_ordered_monotone_and_agree_with_rejection(
        p in prop::collection::vec(1e-7..1.0_f64, 0..60), alpha in 0.01..0.3_f64,
    ) {
        let by = benjamini_yekutieli::q_values(&p);
        let (bh, holm_p, bonferroni_p) =
            (benjamini_hochberg::q_values(&p), holm::adjusted(&p), bonferroni::adjusted(&p));
        let cases = [
            (&by, benjamini_yekutieli::rejected(&p, alpha)),
            (&holm_p, holm::rejected(&p, alpha)),
            (&bonferroni_p, bonferroni::rejected(&p, alpha)),
        ];
        for (adjusted, rejected) in cases {
            for a in 0..p.len() {
                prop_assert!(adjusted[a] >= p[a] && adjusted[a] <= 1.0);
                if (adjusted[a] - alpha).abs() > 1e-12 {
                    prop_assert_eq!(adjusted[a] <= alpha, rejected[a]);
                }
                for b in 0..p.len() {
                    prop_assert!(p[a] > p[b] || adjusted[a] <= adjusted[b]);
                }
            }
        }
        for at in 0..p.len() {
            prop_assert!(bh[at] <= by[at], "any dependence costs");
            prop_assert!(holm_p[at] <= bonferroni_p[at], "steps only gain");
            prop_assert!(bh[at] <= holm_p[at] + 1e-15, "a share is easier to keep than none at all");
        }
    }
}
