//! The German pilot's map: statistics that were printed for it.

use std::path::PathBuf;

use saet::{
    model::Weights,
    statistics::{
        smoothing::marshall,
        spatial::{local, moran},
    },
};

use super::{counts, floats, shared, spatial::code, table};

struct Pilot {
    keys: Vec<String>,
    events: Vec<u64>,
    population: Vec<f64>,
    weights: Weights,
    folder: PathBuf,
}

fn pilot() -> Option<Pilot> {
    let folder = shared()?.join("pilots/germany/reference");
    let columns = table(&folder.join("ref_lisa_kreise.csv"));
    let keys = columns["AGS"].clone();
    let links = table(&folder.join("ref_queen_links_kreise_wgs84.csv"));
    let mut lists = vec![Vec::new(); keys.len()];
    let position = |key: &String| keys.binary_search(key).unwrap();
    // Each border is listed once.
    for (from, to) in links["ags"].iter().zip(&links["neighbour"]) {
        let (from, to) = (position(from), position(to));
        lists[from].push(u32::try_from(to).unwrap());
        lists[to].push(u32::try_from(from).unwrap());
    }
    Some(Pilot {
        events: counts(&columns["events"]),
        population: floats(&columns["EWZ"]),
        weights: Weights::binary(lists),
        keys,
        folder,
    })
}

#[test]
fn the_pilot_map_has_the_printed_moran_and_local_statistics() {
    let Some(pilot) = pilot() else { return };
    assert_eq!((pilot.weights.n(), pilot.weights.n_links()), (401, 2092));
    #[allow(clippy::cast_precision_loss, reason = "event counts")]
    let rates: Vec<f64> = pilot
        .events
        .iter()
        .zip(&pilot.population)
        .map(|(&events, persons)| events as f64 / persons * 1e5)
        .collect();
    let found = moran::global(&rates, &pilot.weights).unwrap();
    assert!((found.i - 0.521_571_53).abs() <= 5e-9, "{found:?}");
    assert!((found.z_normal - 15.683_82).abs() <= 5e-6, "{found:?}");
    assert!((found.z_randomised - 16.006_60).abs() <= 5e-6, "{found:?}");

    let printed = table(&pilot.folder.join("ref_lisa_kreise.csv"));
    let (i, star) = (floats(&printed["local_moran_I"]), floats(&printed["gi_star_z"]));
    let quadrants = floats(&printed["quadrant"]);
    for (at, found) in local::statistics(&rates, &pilot.weights).into_iter().enumerate() {
        let found = found.unwrap();
        let key = &pilot.keys[at];
        assert!((found.local_moran - i[at]).abs() <= 5.1e-9, "{key}");
        assert!((found.gi_star - star[at]).abs() <= 5.1e-9, "{key}");
        assert_eq!(code(found.quadrant), quadrants[at], "{key}");
    }
}

#[test]
fn the_pilot_rates_smooth_to_the_printed_ones() {
    let Some(pilot) = pilot() else { return };
    let smoothed = marshall::global(&pilot.events, &pilot.population).unwrap();
    assert!((smoothed.mean * 1e5 - 8.418_548_73).abs() <= 5e-9, "{}", smoothed.mean);
    assert!((smoothed.variance / 6.679_357_135_4e-9 - 1.0).abs() < 1e-10, "{}", smoothed.variance);
    let printed = floats(&table(&pilot.folder.join("ref_eb_marshall_global.csv"))["eb_rate_100k"]);
    for (at, rate) in smoothed.rates.iter().enumerate() {
        assert!((rate * 1e5 - printed[at]).abs() <= 5.1e-9, "{}", pilot.keys[at]);
    }
}
