//! Smoothed rates and the index made of them, against esda, spdep and published maps.

use saet::statistics::{
    smoothing::marshall,
    spatial::{empirical_bayes_index, moran},
};

use super::{CLOSE, assert_close, counts, floats, gal, golden, list, shared, table};

#[test]
fn empirical_bayes_rates_and_indices_agree_with_esda_and_spdep() {
    let (Some(esda), Some(spdep)) = (golden("eb.esda.json"), golden("eb.spdep.json")) else {
        return;
    };
    let inputs = shared().unwrap().join("oracle/inputs");
    let mut n_compared = 0;
    for (name, case) in esda["cases"].as_object().unwrap() {
        let input: Vec<&str> =
            case["input"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        let columns = table(&inputs.join(input[0]));
        let events = counts(&columns[input[1]]);
        let population = floats(&columns[input[2]]);
        let weights = gal(&inputs.join("weights").join(format!("{}.gal", input[3])));
        let other = &spdep["cases"][name];

        // spdep cuts a negative variance at 0, as we do; esda does not.
        let global = marshall::global(&events, &population).unwrap();
        assert_close(global.mean, other["EBest_poisson"]["b"].as_f64().unwrap(), CLOSE, name);
        let variance = other["EBest_poisson"]["a"].as_f64().unwrap();
        assert!((global.variance - variance).abs() <= CLOSE * variance, "{name}");
        assert_eq!(global.clamped, name == "underdispersed");
        let theirs = list(&other["EBest_poisson"]["est"]);
        let spatial = marshall::spatial(&events, &population, &weights, marshall::SelfIn::Included);
        let local = list(&case["spatial_empirical_bayes"]);
        let local_r = list(&other["EBlocal_geoda"]["est"]);
        let index = empirical_bayes_index::standardise(&events, &population).unwrap();
        let standardised = list(&case["assuncao_standardised"]);
        for at in 0..events.len() {
            let what = format!("{name} row {at}");
            assert_close(global.rates[at], theirs[at], CLOSE, &what);
            // Islands have themselves alone as neighbourhood, where moments of one rate leave 0/0 in some peers.
            if local[at].is_finite() && weights.degree(at) > 0 {
                assert_close(spatial[at].unwrap(), local[at], CLOSE, &what);
                assert_close(spatial[at].unwrap(), local_r[at], CLOSE, &what);
            }
            assert!((index.values[at] - standardised[at]).abs() < CLOSE, "{what}");
            n_compared += 1;
        }
        let found = moran::global(&index.values, &weights).unwrap();
        assert_close(found.i, case["moran_rate"]["I"].as_f64().unwrap(), CLOSE, name);
    }
    assert!(n_compared > 400, "only {n_compared} compared");
}

#[test]
fn published_smoothed_rates_come_out() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("validation/reference");
    let columns = table(&folder.join("ref_nc_sids_eb.csv"));
    let (events, births) = (counts(&columns["SID74"]), floats(&columns["BIR74"]));
    let smoothed = marshall::global(&events, &births).unwrap();
    for (ours, theirs) in smoothed.rates.iter().zip(floats(&columns["eb74"])) {
        assert_close(*ours, theirs, CLOSE, "North Carolina 1974");
    }
    let columns = table(&folder.join("ref_columbus_lisa.csv"));
    assert_eq!(columns["CRIME"].len(), 49);
}
