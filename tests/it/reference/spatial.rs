//! Global and local statistics against esda and the plain definitions, permutation tails against exact ones.

use saet::{
    model::Quadrant,
    statistics::{
        numerics::random::Key,
        spatial::{
            local, moran,
            sequential::{Dropping, Plan},
        },
    },
};

use super::{CLOSE, assert_close, floats, gal, golden, list, shared, table};

#[test]
fn moran_and_local_statistics_agree_with_esda_and_the_plain_definitions() {
    let (Some(reference), Some(esda)) =
        (golden("spatial.reference.json"), golden("spatial.esda.json"))
    else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let mut n_compared = 0;
    for (name, case) in reference["continuous"].as_object().unwrap() {
        let input = &case["input"];
        let columns = table(&inputs.join(input["csv"].as_str().unwrap()));
        let values = floats(&columns[input["col"].as_str().unwrap()]);
        let file = format!("weights/{}.gal", input["gal"].as_str().unwrap());
        let weights = gal(&inputs.join(file));

        let theirs = &esda["continuous"][name]["global"]["moran_r"];
        let found = moran::global(&values, &weights).unwrap();
        for (ours, key) in [
            (found.i, "I"),
            (found.expectation, "EI"),
            (found.variance_normal, "VI_norm"),
            (found.z_normal, "z_norm"),
            (found.variance_randomised, "VI_rand"),
            (found.z_randomised, "z_rand"),
        ] {
            assert_close(ours, theirs[key].as_f64().unwrap(), CLOSE, &format!("{name} {key}"));
        }
        assert_close(found.i, case["global_W"]["moran_I"].as_f64().unwrap(), CLOSE, name);

        let locals = local::statistics(&values, &weights);
        let (i, gi, gi_star) = (
            list(&case["local"]["moran_n1_scaled"]),
            list(&case["local"]["Gi_Z"]),
            list(&case["local"]["Gistar_Z"]),
        );
        let quadrants =
            list(&esda["continuous"][name]["local"]["moran_r"]["quadrant_1HH_2LH_3LL_4HL"]);
        for (at, found) in locals.iter().enumerate() {
            let Some(found) = found else {
                // esda gives an island 0 and calls it significant; we give it nothing.
                assert_eq!(weights.degree(at), 0);
                continue;
            };
            let what = format!("{name} row {at}");
            assert!((found.local_moran - i[at]).abs() < CLOSE, "{what}");
            assert!((found.gi - gi[at]).abs() < CLOSE, "{what}");
            assert!((found.gi_star - gi_star[at]).abs() < CLOSE, "{what}");
            assert_eq!(code(found.quadrant), quadrants[at], "{what}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 500, "only {n_compared} compared");
}

/// esda's numbers for the quadrants.
pub(super) fn code(quadrant: Quadrant) -> f64 {
    match quadrant {
        Quadrant::HighHigh => 1.0,
        Quadrant::LowHigh => 2.0,
        Quadrant::LowLow => 3.0,
        Quadrant::HighLow => 4.0,
    }
}

#[test]
fn permutation_tails_agree_with_the_exact_ones() {
    let Some(reference) = golden("spatial.reference.json") else { return };
    let inputs = shared().unwrap().join("oracle/inputs");
    let plan =
        Plan { n_draws: 20_000, refine: 1, dropping: Dropping::Off, ..Plan::reaching(2, 0.05) };
    let mut n_compared = 0;
    for (name, case) in reference["continuous"].as_object().unwrap() {
        let input = &case["input"];
        let columns = table(&inputs.join(input["csv"].as_str().unwrap()));
        let values = floats(&columns[input["col"].as_str().unwrap()]);
        let file = format!("weights/{}.gal", input["gal"].as_str().unwrap());
        let weights = gal(&inputs.join(file));
        let tails = &case["tails"];
        let (greater, less) = (list(&tails["p_ge"]), list(&tails["p_le"]));
        let outcomes = local::permute(&values, &weights, &plan, Key::named(7, name));
        for (at, outcome) in outcomes.iter().enumerate() {
            let Some(outcome) = outcome else { continue };
            let draws = 20_000.0;
            // Five standard errors of both sides (theirs at most 5e-4 where not exact), plus one draw.
            let bound = |p: f64| 5.0 * (p * (1.0 - p) / draws + 2.5e-7).sqrt() + 1.0 / draws;
            #[allow(clippy::cast_precision_loss, reason = "at most 20 000")]
            let share = |count: u64| count as f64 / draws;
            let found = (share(outcome.tally.n_greater), share(outcome.tally.n_less));
            assert!((found.0 - greater[at]).abs() < bound(greater[at]), "{name} {at}: {found:?}");
            assert!((found.1 - less[at]).abs() < bound(less[at]), "{name} {at}: {found:?}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 500, "only {n_compared} compared");
}
