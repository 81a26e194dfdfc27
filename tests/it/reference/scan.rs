//! Circular scans against a plain implementation that reproduces SaTScan-verified values (oracle/README.md).

use saet::statistics::{
    numerics::random::Key,
    scan::{
        circular::{self, Model},
        plan::{Plan, Report},
        zones::Zones,
    },
    weights::Metric,
};
use serde_json::Value;

use super::{CLOSE, assert_close, counts, floats, golden, list, shared, table};

const N_DRAWS: u64 = 4_999;

/// A map with its cases and its population.
type Input = (Vec<Option<(f64, f64)>>, Vec<u64>, Vec<f64>);

fn input(case: &Value) -> Input {
    let named = |at: usize| case["input"][at].as_str().unwrap();
    let columns = table(&shared().unwrap().join("oracle/inputs").join(named(0)));
    let (x, y) = (floats(&columns[named(1)]), floats(&columns[named(2)]));
    let places = x.into_iter().zip(y).map(Some).collect();
    (places, counts(&columns[named(3)]), floats(&columns[named(4)]))
}

#[test]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "positions and counts as JSON numbers; draws are few"
)]
fn circular_scans_agree_with_the_plain_implementation() {
    let Some(reference) = golden("scan.reference.json") else { return };
    let (mut n_compared, mut n_same_centre) = (0, 0);
    for (name, case) in reference.as_object().unwrap().iter().filter(|(name, _)| *name != "meta") {
        let (places, cases, population) = input(case);
        let share = case["max_pop"].as_f64().unwrap();
        let zones = Zones::circles(&places, Metric::Plane, &population, share);
        assert_eq!(zones.n_circles() as u64, case["candidate_circles"].as_u64().unwrap(), "{name}");

        // The reference lists five clusters of any size that was searched.
        let plan = Plan { report: Report::Share(share), most_clusters: 5, ..Plan::new(N_DRAWS) };
        let model = Model::Poisson { expected: &population };
        let scan = circular::scan(&zones, &cases, &model, &plan, Key::named(5, name)).unwrap();
        assert_close(scan.total_cases as f64, case["total_cases"].as_f64().unwrap(), CLOSE, name);
        let theirs = case["clusters"].as_array().unwrap();
        assert_eq!(scan.clusters.len(), theirs.len(), "{name}");
        for (at, (ours, theirs)) in scan.clusters.iter().zip(theirs).enumerate() {
            let what = |key: &str| format!("{name} cluster {at} {key}");
            let number = |key: &str| theirs[key].as_f64().unwrap();
            let members: Vec<usize> =
                list(&theirs["members_by_distance"]).into_iter().map(|at| at as usize).collect();
            let sorted = |regions: &[usize]| {
                let mut regions = regions.to_vec();
                regions.sort_unstable();
                regions
            };
            assert_eq!(sorted(&ours.regions), sorted(&members), "{}", what("members"));
            // The same regions around two centres have the same ratio up to rounding, which decides in the reference;
            // here the smaller circle does.
            if ours.centre == number("centre") as usize {
                assert_eq!(ours.regions, members, "{}", what("members by distance"));
                assert_close(ours.radius, number("radius"), CLOSE, &what("radius"));
                n_same_centre += 1;
            } else {
                assert!(ours.radius < number("radius"), "{}", what("radius"));
            }
            let total_population = case["total_pop"].as_f64().unwrap();
            for (ours, key) in [
                (ours.llr, "llr"),
                (ours.cases as f64, "cases"),
                (ours.expected, "expected"),
                (ours.cases as f64 / ours.expected, "smr"),
                (ours.relative_risk.unwrap(), "relative_risk"),
                (ours.population_share * total_population, "pop"),
            ] {
                assert_close(ours, number(key), CLOSE, &what(key));
            }
            // Both sides are sampled: four standard errors of their difference, plus one draw (oracle/README.md). The
            // variance is that of a p near 1/(R + 1) where the reference met no draw.
            let (r, p) = (N_DRAWS as f64, number("p_mc").max(1.0 / N_DRAWS as f64));
            let their_r = case["sims"].as_f64().unwrap();
            let bound = 4.0 * (p * (1.0 - p) * (1.0 / r + 1.0 / their_r)).sqrt() + 1.0 / r;
            assert!((ours.p - number("p_mc")).abs() <= bound, "{}: {}", what("p"), ours.p);
            n_compared += 1;
        }
        // The null's upper quantiles lie where the reference's draws put them.
        for (quantile, upper) in [("0.5", 0.5), ("0.9", 0.1), ("0.95", 0.05), ("0.99", 0.01)] {
            let limit = case["null_max_llr_quantiles"][quantile].as_f64().unwrap();
            let above = scan.maxima.iter().filter(|&&largest| largest > limit).count() as f64;
            let r = scan.n_draws as f64;
            let bound = 5.0 * (upper * (1.0 - upper) * (1.0 / r + 1e-4)).sqrt() + 1.0 / r;
            assert!((above / r - upper).abs() <= bound, "{name} {quantile}: {}", above / r);
            n_compared += 1;
        }
    }
    assert!(n_same_centre >= 20, "only {n_same_centre} with the same centre");
    assert!(n_compared >= 45, "only {n_compared} compared");
}
