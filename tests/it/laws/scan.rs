//! Laws of scan statistics; the fast search against one that looks at every zone by its definition.

use proptest::prelude::*;
use saet::{
    model::VarianceLaw,
    statistics::{
        numerics::{float::ln, random::Key},
        scan::{
            circular::{self, Model, Scan},
            iterative,
            likelihood::Likelihood,
            plan::{Plan, Report},
            space_time::{self, Cells, Span, Time},
            space_time_permutation,
            zones::Zones,
        },
        weights::Metric,
    },
};

use super::poisson;

pub(super) type Places = Vec<Option<(f64, f64)>>;

/// Places on a coarse grid, so that many distances tie and some places coincide.
pub(super) fn places(seed: u64, n: u32) -> Places {
    let coordinate =
        |stream: &mut saet::statistics::numerics::random::Stream| f64::from(stream.below(7));
    (0..n)
        .map(|at| {
            let mut stream = Key::new(seed, 77).stream(at, 0);
            Some((coordinate(&mut stream), coordinate(&mut stream)))
        })
        .collect()
}

/// Every circle by its definition: around each place, with each other's distance as radius.
pub(super) fn circles(places: &Places, population: &[f64], share: f64) -> Vec<Vec<usize>> {
    let total: f64 = population.iter().sum();
    let mut found = Vec::new();
    for from in places.iter().flatten() {
        let distance = |at: usize| {
            places[at].map_or(f64::INFINITY, |to| {
                (to.0 - from.0) * (to.0 - from.0) + (to.1 - from.1) * (to.1 - from.1)
            })
        };
        let mut radii: Vec<f64> =
            (0..places.len()).map(distance).filter(|d| d.is_finite()).collect();
        radii.sort_by(f64::total_cmp);
        radii.dedup();
        for radius in radii {
            let inside: Vec<usize> =
                (0..places.len()).filter(|&at| distance(at) <= radius).collect();
            if inside.iter().map(|&at| population[at]).sum::<f64>() <= share * total * (1.0 + 1e-12)
            {
                found.push(inside);
            }
        }
    }
    found
}

/// c·ln(c/E) + (C − c)·ln((C − c)/(C − E)), as it is written.
pub(super) fn ratio(c: f64, e: f64, all: f64) -> f64 {
    if e <= 0.0 || c <= e {
        return 0.0;
    }
    let outside = if c < all { (all - c) * ln((all - c) / (all - e)) } else { 0.0 };
    c * ln(c / e) + outside
}

pub(super) fn even(n: usize) -> Vec<f64> {
    (0..n).map(|at| 1.0 + (at % 5) as f64).collect()
}

fn run(places: &Places, cases: &[u64], population: &[f64], plan: &Plan) -> Option<Scan> {
    let zones = Zones::circles(places, Metric::Plane, population, 0.5);
    circular::scan(&zones, cases, &Model::Poisson { expected: population }, plan, Key::new(3, 3))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn the_best_circle_is_the_best_of_all_circles(
        seed in 0_u64..1_000, cases in prop::collection::vec(0_u64..12, 18),
    ) {
        prop_assume!(cases.iter().sum::<u64>() > 0);
        let (places, population) = (places(seed, 18), even(18));
        let all = cases.iter().sum::<u64>() as f64;
        let people: f64 = population.iter().sum();
        let largest = circles(&places, &population, 0.5).into_iter().map(|inside| {
            let c: u64 = inside.iter().map(|&at| cases[at]).sum();
            let e: f64 = inside.iter().map(|&at| population[at] / people * all).sum();
            if c < 2 { 0.0 } else { ratio(c as f64, e, all) }
        }).fold(0.0, f64::max);
        let scan = run(&places, &cases, &population, &Plan::new(0)).unwrap();
        prop_assert!((scan.llr - largest).abs() < 1e-9 * largest.max(1.0), "{} {largest}", scan.llr);
        let mut used = [false; 18];
        let mut last = f64::INFINITY;
        for cluster in &scan.clusters {
            prop_assert!(cluster.llr > 0.0 && cluster.llr <= last + 1e-9 && cluster.cases >= 2);
            prop_assert!(cluster.population_share <= 0.25 + 1e-12);
            prop_assert!(cluster.cases as f64 > cluster.expected && cluster.relative_risk.is_none_or(|risk| risk > 1.0));
            last = cluster.llr;
            for &region in &cluster.regions {
                prop_assert!(!used[region]);
                used[region] = true;
            }
        }
    }

    #[test]
    fn renumbering_and_rescaling_change_nothing_but_names(
        cases in prop::collection::vec(0_u64..15, 20), scale in 0.001..1_000.0_f64,
        order in Just((0..20).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        prop_assume!(cases.iter().sum::<u64>() > 0);
        let jitter = |at: u32| Key::new(8, 8).stream(at, 0).unit();
        let places: Places = (0..20).map(|at| Some((jitter(at), jitter(at + 100)))).collect();
        let population = even(20);
        let plan = Plan { most_clusters: 1, ..Plan::new(0) };
        let before = run(&places, &cases, &population, &plan).unwrap();
        let moved: Places = order.iter().map(|&old| places[old].map(|(x, y)| (5.0 - 3.0 * y, 3.0 * x))).collect();
        let counts: Vec<u64> = order.iter().map(|&old| cases[old]).collect();
        let people: Vec<f64> = order.iter().map(|&old| population[old] * scale).collect();
        let after = run(&moved, &counts, &people, &plan).unwrap();
        prop_assert!((before.llr - after.llr).abs() < 1e-9);
        prop_assert_eq!(before.n_zones, after.n_zones);
        if let (Some(one), Some(two)) = (before.clusters.first(), after.clusters.first()) {
            prop_assert!((one.llr - two.llr).abs() < 1e-9);
            let mut regions: Vec<usize> = two.regions.iter().map(|&new| order[new]).collect();
            let mut wanted = one.regions.clone();
            regions.sort_unstable();
            wanted.sort_unstable();
            // Different groups may tie exactly when counts do.
            prop_assert!(regions == wanted || one.llr.to_bits().abs_diff(two.llr.to_bits()) < 1 << 20);
        }
    }

    #[test]
    fn ratios_rise_with_cases_and_fall_with_expectation(c in 1.0..80.0_f64, e in 0.1..79.0_f64) {
        for likelihood in [Likelihood::Poisson { total: 100.0 }, Likelihood::Bernoulli { cases: 100.0, units: 250.0 }] {
            let measure = e * likelihood.whole() / 100.0;
            let here = likelihood.ratio(c, measure);
            prop_assert!(here >= 0.0 && here.is_finite());
            prop_assert!(likelihood.ratio(c + 1.0, measure) >= here);
            prop_assert!(likelihood.ratio(c, measure * 1.01) <= here + 1e-12);
        }
    }

    #[test]
    fn rare_cases_among_many_units_are_poisson(cases in prop::collection::vec(0_u64..9, 16), seed in 0_u64..99) {
        prop_assume!(cases.iter().sum::<u64>() > 0);
        let places = places(seed, 16);
        let units: Vec<u64> = (0..16).map(|at| 10_000_000 * (1 + at % 4)).collect();
        let people: Vec<f64> = units.iter().map(|&units| units as f64).collect();
        let zones = Zones::circles(&places, Metric::Plane, &people, 0.5);
        let plan = Plan::new(50);
        let labelled = circular::scan(&zones, &cases, &Model::Bernoulli { units: &units }, &plan, Key::new(1, 1)).unwrap();
        let counted = circular::scan(&zones, &cases, &Model::Poisson { expected: &people }, &plan, Key::new(1, 1)).unwrap();
        prop_assert!((labelled.llr - counted.llr).abs() < 1e-4 * counted.llr.max(1.0));
        prop_assert_eq!(labelled.clusters.first().map(|found| found.cases), counted.clusters.first().map(|found| found.cases));
    }
}

/// A lattice of towns with five cases expected in each.
pub(super) fn towns(rows: u32, columns: u32) -> Places {
    (0..rows * columns).map(|at| Some((f64::from(at % columns), f64::from(at / columns)))).collect()
}

#[test]
fn a_planted_cluster_is_found_and_more_cases_make_it_stronger() {
    let places = towns(8, 8);
    let planted = [27, 26, 28, 19, 35];
    let (mut last, mut last_p) = (0.0, 1.1);
    for extra in [4, 8, 14] {
        let cases: Vec<u64> = (0..64)
            .map(|at| {
                let more = if planted.contains(&(at as usize)) { extra } else { 0 };
                poisson(Key::new(2, 2), at, 0, 5.0) + more
            })
            .collect();
        let scan = run(&places, &cases, &[1.0; 64], &Plan::new(199)).unwrap();
        assert!(scan.llr > last && scan.p <= last_p, "{extra}: {} {}", scan.llr, scan.p);
        (last, last_p) = (scan.llr, scan.p);
        let cluster = &scan.clusters[0];
        let n_hit = planted.iter().filter(|at| cluster.regions.contains(at)).count();
        if extra > 4 {
            assert!(n_hit == 5 && cluster.regions.len() <= 7, "{extra}: {:?}", cluster.regions);
            assert!(cluster.p < 0.02 && cluster.gumbel_p.unwrap() < 0.02);
        }
    }
    assert!((last_p - 1.0 / 200.0).abs() < 1e-12);
}

#[test]
fn p_is_uniform_without_a_cluster_and_the_dispersed_null_keeps_its_level() {
    let places = towns(5, 6);
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 30], 0.5);
    let n_maps = 300;
    let plan = Plan { most_clusters: 1, ..Plan::new(99) };
    let share = |dispersed: bool, model: &Model| {
        let mut below = [0.0; 3];
        for map in 0..n_maps {
            let cases: Vec<u64> = (0..30)
                .map(|at| {
                    let mut stream = Key::new(4, 5).stream(at, map);
                    let risk = if dispersed { stream.gamma(2.0) / 2.0 } else { 1.0 };
                    poisson(Key::new(4, 4), at, map, 4.0 * risk)
                })
                .collect();
            let p = circular::scan(&zones, &cases, model, &plan, Key::new(9, map)).unwrap().p;
            for (below, limit) in below.iter_mut().zip([0.05, 0.25, 0.5]) {
                *below += f64::from(u8::from(p <= limit)) / n_maps as f64;
            }
        }
        below
    };
    let poisson = Model::Poisson { expected: &[1.0; 30] };
    let dispersed = Model::Dispersed {
        expected: &[1.0; 30],
        law: Some(VarianceLaw::Quadratic { size: 2.0 }),
        phi: None,
    };
    // Four standard deviations of 300 maps: 0.050, 0.100, 0.115.
    for found in [share(false, &poisson), share(true, &dispersed)] {
        assert!((found[0] - 0.05).abs() < 0.05, "{found:?}");
        assert!((found[1] - 0.25).abs() < 0.1, "{found:?}");
        assert!((found[2] - 0.5).abs() < 0.115, "{found:?}");
    }
    // Dispersed counts against the Poisson null: clusters everywhere.
    assert!(share(true, &poisson)[0] > 0.5);
}

#[test]
fn turning_the_globe_changes_no_circle() {
    let degrees = |at: u32| {
        let mut stream = Key::new(12, 12).stream(at, 0);
        (360.0 * stream.unit() - 180.0, 150.0 * stream.unit() - 75.0)
    };
    let cases: Vec<u64> = (0..50).map(|at| poisson(Key::new(1, 3), at, 0, 4.0)).collect();
    let population = even(50);
    let turned = |by: f64| {
        let place =
            |at: u32| Some(((degrees(at).0 + by + 180.0).rem_euclid(360.0) - 180.0, degrees(at).1));
        let places: Places = (0..50).map(place).collect();
        let zones = Zones::circles(&places, Metric::GreatCircle, &population, 0.5);
        let model = Model::Poisson { expected: &population };
        circular::scan(&zones, &cases, &model, &Plan::new(40), Key::new(3, 3)).unwrap()
    };
    let (here, there) = (turned(0.0), turned(131.7));
    assert!(here.n_zones > 700);
    assert_eq!((here.n_zones, here.clusters.len()), (there.n_zones, there.clusters.len()));
    for (one, two) in here.clusters.iter().zip(&there.clusters) {
        assert_eq!(one.regions, two.regions);
        assert!((one.radius - two.radius).abs() < 1e-6 && one.radius < 20_016.0);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let places = places(3, 60);
    let cases: Vec<u64> = (0..60).map(|at| poisson(Key::new(1, 1), at, 0, 6.0)).collect();
    let series: Vec<u64> = (0..60 * 4).map(|at| poisson(Key::new(1, 2), at, 0, 2.0)).collect();
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (key, population) = (Key::new(5, 5), even(60));
            let zones = Zones::circles(&places, Metric::GreatCircle, &population, 0.5);
            let model = Model::Dispersed {
                expected: &population,
                law: Some(VarianceLaw::Linear { phi: 3.0 }),
                phi: Some(1.7),
            };
            let plan = Plan { stop_after: Some(30), ..Plan::new(400) };
            let time = Time { span: Span::Retrospective, share: 0.5 };
            (
                circular::scan(&zones, &cases, &model, &plan, key),
                space_time_permutation::scan(&zones, &series, 4, time, &plan, key),
            )
        })
    };
    let one = all(1);
    assert!(one.0.as_ref().is_some_and(|scan| !scan.clusters.is_empty()));
    assert_eq!(one, all(2));
    assert_eq!(one, all(8));
}

#[test]
fn dispersion_divides_ratios_and_weakens_evidence() {
    let places = towns(6, 6);
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 36], 0.5);
    let mut cases = vec![4; 36];
    (cases[14], cases[15], cases[21]) = (12, 11, 10);
    let scan = |model: &Model| {
        circular::scan(&zones, &cases, model, &Plan::new(499), Key::new(1, 1)).unwrap()
    };
    let expected = &[1.0; 36];
    let poisson = scan(&Model::Poisson { expected });
    let plain = scan(&Model::Dispersed { expected, law: None, phi: None });
    assert_eq!(poisson, plain);
    let quasi = scan(&Model::Dispersed { expected, law: None, phi: Some(2.5) });
    assert!((quasi.llr * 2.5 - poisson.llr).abs() < 1e-12 * poisson.llr);
    assert!((quasi.p - poisson.p).abs() < 1e-15);
    assert!(
        (quasi.clusters[0].gumbel_p.unwrap() - poisson.clusters[0].gumbel_p.unwrap()).abs() < 1e-12
    );
    for law in [VarianceLaw::Quadratic { size: 2.0 }, VarianceLaw::Linear { phi: 3.5 }] {
        let dispersed = scan(&Model::Dispersed { expected, law: Some(law), phi: Some(2.5) });
        assert!(dispersed.p > 5.0 * poisson.p, "{law:?}: {} {}", dispersed.p, poisson.p);
    }
}

#[test]
fn stopping_early_changes_no_clear_decision_and_saves_draws() {
    let places = towns(7, 7);
    let even = vec![5; 49];
    let full = Plan::new(999);
    let short = Plan { stop_after: Some(20), ..full };
    let (slow, quick) = (
        run(&places, &even, &[1.0; 49], &full).unwrap(),
        run(&places, &even, &[1.0; 49], &short).unwrap(),
    );
    assert!(slow.p > 0.9 && quick.p > 0.7 && quick.n_draws < 200, "{} {}", quick.p, quick.n_draws);
    let mut strong = even;
    strong[24] = 30;
    let (slow, quick) = (
        run(&places, &strong, &[1.0; 49], &full).unwrap(),
        run(&places, &strong, &[1.0; 49], &short).unwrap(),
    );
    assert_eq!((slow.p, slow.n_draws), (quick.p, quick.n_draws));
    assert!((slow.p - 0.001).abs() < 1e-12);
}

#[test]
fn a_weak_cluster_beside_a_strong_one_is_found_by_iterating() {
    let places = towns(8, 8);
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 64], 0.5);
    let mut cases = vec![4; 64];
    for at in [9, 8, 10, 1, 17] {
        cases[at] = 120;
    }
    for at in [54, 53, 55, 46, 62] {
        cases[at] = 11;
    }
    let model = Model::Poisson { expected: &[1.0; 64] };
    let (plan, key) = (Plan::new(199), Key::new(1, 1));
    let found = iterative::scan(&zones, &cases, &model, &plan, 0.05, key).unwrap();
    assert!(found.len() >= 2 && found[0].centre == 9 && found[0].regions.len() == 5);
    assert!(
        found[1].centre == 54 && found[1].regions.len() == 5 && found[1].p <= 0.05,
        "{found:?}"
    );
    let at_once = circular::scan(&zones, &cases, &model, &plan, key).unwrap();
    let beside = at_once.clusters.iter().find(|cluster| cluster.regions.contains(&54));
    assert!(beside.is_none_or(|cluster| cluster.llr < found[1].llr && cluster.p >= found[1].p));
}

#[test]
fn the_cap_chosen_by_gini_tells_two_small_clusters_from_one_large() {
    // Two strong towns on a road with ordinary ones between them: a circle over both is significant too.
    let places: Places = (0..40).map(|at| Some((f64::from(at), 0.0))).collect();
    let zones = Zones::circles(&places, Metric::Plane, &[1.0; 40], 0.5);
    let mut cases = vec![6; 40];
    cases[10..13].fill(24);
    cases[16..19].fill(24);
    let scan = |report: Report| {
        let plan = Plan { report, ..Plan::new(199) };
        circular::scan(
            &zones,
            &cases,
            &Model::Poisson { expected: &[1.0; 40] },
            &plan,
            Key::new(1, 1),
        )
        .unwrap()
    };
    let (wide, chosen) = (scan(Report::Share(0.5)), scan(Report::Gini { alpha: 0.05 }));
    assert_eq!(wide.clusters[0].regions.len(), 9);
    let mut groups: Vec<Vec<usize>> = chosen
        .clusters
        .iter()
        .map(|cluster| {
            let mut regions = cluster.regions.clone();
            regions.sort_unstable();
            regions
        })
        .collect();
    groups.sort();
    assert_eq!(groups, [vec![10, 11, 12], vec![16, 17, 18]]);
    assert!(chosen.report_share < 0.225 && chosen.clusters.iter().all(|cluster| cluster.p <= 0.05));
    assert_eq!((wide.llr, wide.p), (chosen.llr, chosen.p), "the search is the same");
}

#[test]
fn maps_that_cannot_be_scanned_say_so() {
    let place = |x: f64| Some((x, 0.0));
    let people = [1.0, 2.0, 0.0, 1.0, 3.0, 1.0];
    let places = vec![place(0.0), place(1.0), place(2.0), None, place(2.0), place(2.0)];
    let zones = Zones::circles(&places, Metric::Plane, &people, 0.5);
    let (plan, key) = (Plan::new(19), Key::new(1, 1));
    let model = Model::Poisson { expected: &people };
    assert_eq!(circular::scan(&zones, &[0; 6], &model, &plan, key), None);
    assert_eq!(circular::scan(&zones, &[u64::MAX / 2; 6], &model, &plan, key), None);
    // Cases only where nobody lives or nothing is located.
    assert_eq!(circular::scan(&zones, &[0, 0, 5, 7, 0, 0], &model, &plan, key), None);
    let scan = circular::scan(&zones, &[9, 1, 5, 7, 1, 1], &model, &plan, key).unwrap();
    assert_eq!((scan.total_cases, scan.clusters[0].regions.as_slice()), (12, &[0][..]));
    // One region; all cases in one of two.
    let single = Zones::circles(&places[..1], Metric::Plane, &people[..1], 0.5);
    let scan =
        circular::scan(&single, &[3], &Model::Poisson { expected: &[1.0] }, &plan, key).unwrap();
    assert!(scan.clusters.is_empty() && (scan.p - 1.0).abs() < 1e-15 && scan.llr.abs() < 1e-15);
    let pair = Zones::circles(&places[..2], Metric::Plane, &[1.0, 1.0], 0.5);
    let scan = circular::scan(
        &pair,
        &[8, 0],
        &Model::Poisson { expected: &[1.0; 2] },
        &Plan { report: Report::Share(0.5), ..plan },
        key,
    )
    .unwrap();
    assert_eq!((scan.clusters[0].relative_risk, scan.clusters[0].cases), (None, 8));
    // Units: no controls at all, more cases than units.
    let units = [9, 9, 9, 9, 9, 9];
    let bernoulli = Model::Bernoulli { units: &units };
    assert_eq!(circular::scan(&zones, &[9; 6], &bernoulli, &plan, key), None);
    assert_eq!(circular::scan(&zones, &[10, 0, 0, 0, 0, 0], &bernoulli, &plan, key), None);
    // One period; a share of time that allows none; a period without cases or exposure.
    let time = Time { span: Span::Retrospective, share: 0.5 };
    let cells =
        |n_periods, cases, exposure| Cells { n_periods, cases, exposure, law: None, phi: None };
    assert_eq!(space_time::scan(&zones, &cells(1, &[1; 6], &[1.0; 6]), time, &plan, key), None);
    assert_eq!(space_time::scan(&zones, &cells(2, &[0; 12], &[1.0; 12]), time, &plan, key), None);
    for span in [Span::Retrospective, Span::Prospective] {
        let short = Time { span, share: 0.2 };
        let scan =
            space_time::scan(&zones, &cells(2, &[2; 12], &[1.0; 12]), short, &plan, key).unwrap();
        assert!(scan.clusters.is_empty() && scan.n_zones == 0 && (scan.p - 1.0).abs() < 1e-15);
    }
    let mut exposure = [1.0; 12];
    (0..6).for_each(|at| exposure[at * 2] = 0.0);
    let scan = space_time::scan(&zones, &cells(2, &[2; 12], &exposure), time, &plan, key).unwrap();
    assert_eq!(scan.total_cases, 8, "four regions, one period");
}
