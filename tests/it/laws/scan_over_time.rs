//! Laws of scan statistics over time; the search over cylinders against one that looks at each by its definition.

use proptest::prelude::*;
use saet::{
    model::VarianceLaw,
    statistics::{
        numerics::random::Key,
        scan::{
            circular::{self, Model},
            plan::{Plan, Report},
            space_time::{self, Cells, Span, Time},
            space_time_permutation,
            zones::Zones,
        },
        weights::Metric,
    },
};

use super::{
    poisson,
    scan::{circles, even, places, ratio, towns},
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn the_best_cylinder_is_the_best_of_all_cylinders(
        seed in 0_u64..1_000, cases in prop::collection::vec(0_u64..6, 12 * 6), prospective in any::<bool>(),
    ) {
        prop_assume!(cases.iter().sum::<u64>() > 0);
        let (places, n_periods) = (places(seed, 12), 6);
        let exposure: Vec<f64> = (0..12 * 6).map(|at| 1.0 + f64::from(at % 7)).collect();
        let population = even(12);
        let of_period = |period: usize| (0..12).map(|at| cases[at * 6 + period]).sum::<u64>() as f64;
        let of_region = |at: usize| cases[at * 6..at * 6 + 6].iter().sum::<u64>() as f64;
        let at_risk = |period: usize| (0..12).map(|at| exposure[at * 6 + period]).sum::<f64>();
        let all = cases.iter().sum::<u64>() as f64;
        let by_exposure = |at: usize, period: usize| exposure[at * 6 + period] / at_risk(period) * of_period(period);
        let by_margins = |at: usize, period: usize| of_region(at) * of_period(period) / all;
        let largest = |expected: &dyn Fn(usize, usize) -> f64| {
            let mut largest = 0.0_f64;
            for inside in circles(&places, &population, 0.5) {
                for start in 0..n_periods {
                    for end in start + 1..=n_periods.min(start + 3) {
                        if prospective && end < n_periods {
                            continue;
                        }
                        let cells = || inside.iter().flat_map(|&at| (start..end).map(move |period| (at, period)));
                        let c: u64 = cells().map(|(at, period)| cases[at * 6 + period]).sum();
                        let e: f64 = cells().map(|(at, period)| expected(at, period)).sum();
                        if c >= 2 && e < all - 1e-9 {
                            largest = largest.max(ratio(c as f64, e, all));
                        }
                    }
                }
            }
            largest
        };
        let zones = Zones::circles(&places, Metric::Plane, &population, 0.5);
        let span = if prospective { Span::Prospective } else { Span::Retrospective };
        let time = Time { span, share: 0.5 };
        let cells = Cells { n_periods, cases: &cases, exposure: &exposure, law: None, phi: None };
        let trend = space_time::scan(&zones, &cells, time, &Plan::new(20), Key::new(1, 1)).unwrap();
        let wanted = largest(&by_exposure);
        prop_assert!((trend.llr - wanted).abs() < 1e-9 * wanted.max(1.0), "{} {wanted}", trend.llr);
        let permuted = space_time_permutation::scan(&zones, &cases, n_periods, time, &Plan::new(20), Key::new(1, 1)).unwrap();
        let wanted = largest(&by_margins);
        prop_assert!((permuted.llr - wanted).abs() < 1e-9 * wanted.max(1.0), "{} {wanted}", permuted.llr);
        for scan in [trend, permuted] {
            for found in scan.clusters {
                prop_assert!(found.periods.len() <= 3 && (!prospective || found.periods.end == n_periods));
                prop_assert_eq!(found.recurrence_interval.is_some(), prospective);
            }
        }
    }
}

const HALF: Time = Time { span: Span::Retrospective, share: 0.5 };

#[test]
fn p_is_uniform_over_time_too() {
    let zones = Zones::circles(&towns(3, 4), Metric::Plane, &[1.0; 12], 0.5);
    let (n_maps, n_periods) = (200, 4);
    let plan = Plan { most_clusters: 1, ..Plan::new(39) };
    let time = |span| Time { span, share: 0.5 };
    let share = |mean: &dyn Fn(u32) -> f64, p: &dyn Fn(&[u64], Key) -> f64| {
        let mut below = [0.0; 2];
        for map in 0..n_maps {
            let cases: Vec<u64> =
                (0..48).map(|at| poisson(Key::new(6, 6), at, map, mean(at))).collect();
            let p = p(&cases, Key::new(8, map));
            for (below, limit) in below.iter_mut().zip([0.1, 0.5]) {
                *below += f64::from(u8::from(p <= limit)) / n_maps as f64;
            }
        }
        // Four standard deviations of 200 maps.
        assert!((below[0] - 0.1).abs() < 0.085 && (below[1] - 0.5).abs() < 0.141, "{below:?}");
    };
    // Cells are region by region, four periods each: a trend for all is no cluster.
    let rising = |at: u32| 1.0 + f64::from(at % 4);
    for span in [Span::Retrospective, Span::Prospective] {
        share(&rising, &|cases, key| {
            let exposure = &[1.0; 48];
            let cells = Cells { n_periods, cases, exposure, law: None, phi: None };
            space_time::scan(&zones, &cells, time(span), &plan, key).unwrap().p
        });
    }
    // Nor, for the permutation scan, are regions that always have more.
    let uneven = |at: u32| rising(at) * (1.0 + f64::from(at / 16));
    share(&uneven, &|cases, key| {
        let time = time(Span::Retrospective);
        space_time_permutation::scan(&zones, cases, n_periods, time, &plan, key).unwrap().p
    });
    // Units that are cases with the same probability everywhere; the counts above only say which map it is.
    let units = [40; 12];
    share(&rising, &|_, key| {
        let labelled = |region: u32| {
            let mut stream = key.stream(region, 1_000_000);
            (0..40).filter(|_| stream.unit() < 0.25).count() as u64
        };
        let counts: Vec<u64> = (0..12).map(labelled).collect();
        let model = Model::Bernoulli { units: &units };
        circular::scan(&zones, &counts, &model, &plan, key).unwrap().p
    });
}

#[test]
fn a_national_trend_is_no_cluster_and_a_lasting_one_no_change() {
    let zones = Zones::circles(&towns(5, 5), Metric::Plane, &[1.0; 25], 0.5);
    let plan = Plan::new(99);
    let key = Key::new(1, 1);
    let series = |of_town: &dyn Fn(usize) -> u64| -> Vec<u64> {
        (0..25 * 6).map(|at| of_town(at / 6) * [1, 2, 3, 4, 5, 6][at % 6]).collect()
    };
    let trend = |cases: &[u64], law: Option<VarianceLaw>, phi: Option<f64>| {
        let cells = Cells { n_periods: 6, cases, exposure: &[1.0; 150], law, phi };
        space_time::scan(&zones, &cells, HALF, &plan, key).unwrap()
    };
    let even = trend(&series(&|_| 3), None, None);
    assert!(even.clusters.is_empty() && even.llr < 1e-9 && (even.p - 1.0).abs() < 1e-15);
    // Twelve in the middle in every period: found as a place, not as a change.
    let lasting = series(&|town| if town == 12 { 12 } else { 3 });
    let found = trend(&lasting, None, None);
    assert_eq!(found.clusters[0].cluster.regions, [12]);
    assert!(found.p <= 0.01 && found.clusters[0].periods.len() == 3);
    let change = space_time_permutation::scan(&zones, &lasting, 6, HALF, &plan, key).unwrap();
    assert!(change.clusters.is_empty() && change.llr < 1e-9);
    // φ divides the ratio alone; the dispersed null weakens the evidence.
    let mut bad_year = series(&|_| 3);
    bad_year[12 * 6 + 3] += 14;
    let quadratic = Some(VarianceLaw::Quadratic { size: 3.0 });
    let (sharp, quasi) = (trend(&bad_year, None, None), trend(&bad_year, quadratic, Some(2.0)));
    assert!((quasi.llr * 2.0 - sharp.llr).abs() < 1e-12 * sharp.llr);
    assert!(quasi.p > sharp.p + 0.05, "{} {}", quasi.p, sharp.p);
}

#[test]
fn prospective_scans_see_only_what_lasts() {
    let zones = Zones::circles(&towns(5, 5), Metric::Plane, &[1.0; 25], 0.5);
    let plan = Plan { report: Report::Share(0.5), ..Plan::new(199) };
    let scan = |periods: std::ops::Range<usize>, span| {
        let mut cases = vec![4; 25 * 8];
        for town in [6, 7, 11, 12] {
            for period in periods.clone() {
                cases[town * 8 + period] = 14;
            }
        }
        let cells =
            Cells { n_periods: 8, cases: &cases, exposure: &[1.0; 200], law: None, phi: None };
        space_time::scan(&zones, &cells, Time { span, share: 0.5 }, &plan, Key::new(1, 1)).unwrap()
    };
    let over = (scan(3..5, Span::Retrospective), scan(3..5, Span::Prospective));
    assert!(over.0.p < 0.01 && over.0.clusters[0].periods == (3..5));
    assert!(over.1.p > 0.05);
    let now = scan(6..8, Span::Prospective);
    let found = &now.clusters[0];
    assert!(found.periods == (6..8) && found.cluster.p < 0.01);
    assert!((found.recurrence_interval.unwrap() - 1.0 / found.cluster.p).abs() < 1e-9);
}
