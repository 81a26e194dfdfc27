//! The published figures of `ref_validation.csv`, line by line, for what the project computes.
//!
//! Its lines on `apisrs` to `apipop` are survey estimates and stand with those; every other line is asserted here.

use std::{collections::BTreeMap, path::PathBuf};

use saet::statistics::{
    smoothing::marshall,
    spatial::{empirical_bayes_index, moran},
};

use super::{assert_close, counts, floats, gal, shared, table};

/// North Carolina in the order of its neighbour file, 1974.
struct Carolina {
    columns: BTreeMap<String, Vec<String>>,
    events: Vec<u64>,
    births: Vec<f64>,
}

fn folder() -> Option<PathBuf> {
    Some(shared()?.join("validation"))
}

fn carolina() -> Option<Carolina> {
    let columns = table(&shared()?.join("oracle/inputs/nc.csv"));
    let (events, births) = (counts(&columns["SID74"]), floats(&columns["BIR74"]));
    Some(Carolina { columns, events, births })
}

#[test]
fn the_totals_of_north_carolina_are_those_published() {
    let Some(Carolina { columns, events, births }) = carolina() else { return };
    assert_eq!((events.len(), events.iter().sum::<u64>()), (100, 667));
    assert_eq!(counts(&columns["BIR74"]).iter().sum::<u64>(), 329_962);
    assert_eq!(counts(&columns["SID79"]).iter().sum::<u64>(), 836);
    assert_eq!(counts(&columns["BIR79"]).iter().sum::<u64>(), 422_392);
    let smoothed = marshall::global(&events, &births).unwrap();
    // Printed with eight digits after the point, or with eleven digits.
    assert!((smoothed.mean - 0.002_021_444_9).abs() < 5e-11);
    assert!((smoothed.variance - 7.692_930_647_0e-7).abs() < 5e-17);
}

#[test]
fn morans_i_of_north_carolina_is_that_published() {
    let Some(Carolina { columns, events, births }) = carolina() else { return };
    let weights = gal(&shared().unwrap().join("oracle/inputs/weights/nc_queen.gal"));
    assert_eq!(weights.n_links(), 490);
    let rates: Vec<f64> =
        floats(&columns["SID74"]).iter().zip(&births).map(|(x, n)| x / n).collect();
    let index = empirical_bayes_index::standardise(&events, &births).unwrap().values;
    let transformed: Vec<f64> = floats(&columns["SID74"])
        .iter()
        .zip(&births)
        .map(|(x, n)| (1000.0 * x / n).sqrt() + (1000.0 * (x + 1.0) / n).sqrt())
        .collect();
    let smoothed = marshall::global(&events, &births).unwrap().rates;
    for (values, i, z_normal, z_randomised) in [
        (&rates, 0.230_910_45, 3.695_66, 3.780_07),
        (&smoothed, 0.253_704_16, 4.045_18, 4.122_17),
        (&transformed, 0.231_494_67, 3.704_62, 3.716_01),
    ] {
        let found = moran::global(values, &weights).unwrap();
        assert!((found.i - i).abs() < 5.1e-9, "{} {i}", found.i);
        assert!((found.z_normal - z_normal).abs() < 5.1e-6, "{} {z_normal}", found.z_normal);
        assert!((found.z_randomised - z_randomised).abs() < 5.1e-6, "{}", found.z_randomised);
    }
    // The index we test maps with is another variable than the smoothed rate, and has another I.
    let own = moran::global(&index, &weights).unwrap().i;
    assert!(own > 0.2 && (own - 0.253_704_16).abs() > 1e-3, "{own}");
}

#[test]
fn smoothed_ratios_of_scotland_are_those_published() {
    let Some(folder) = folder() else { return };
    let columns = table(&folder.join("reference/ref_scotland_eb.csv"));
    let (observed, expected) = (counts(&columns["observed"]), floats(&columns["expected"]));
    let smoothed = marshall::global(&observed, &expected).unwrap();
    assert!((smoothed.mean - 0.999_627).abs() < 5.1e-9);
    assert!((smoothed.variance - 0.802_700_10).abs() < 5.1e-9, "{}", smoothed.variance);
    let theirs = floats(&columns["eb_rr"]);
    for (at, ours) in smoothed.rates.iter().enumerate() {
        assert_close(*ours, theirs[at], 1e-10, &columns["county"][at]);
    }
    assert_eq!(theirs.len(), 56);
    let input = table(&folder.join("scotland_lip/scotland_lip.csv"));
    assert_eq!(counts(&input["observed"]), observed);
}

#[test]
fn morans_i_of_columbus_is_that_published() {
    let Some(folder) = folder() else { return };
    let columns = table(&folder.join("columbus/columbus.csv"));
    let crime = floats(&columns["CRIME"]);
    for (file, n_links, i, v_normal, v_randomised, z) in [
        ("columbus_spdep.gal", 230, 0.485_770_914, 0.008_860_96, 0.008_991_12, 5.342_714),
        ("columbus.gal", 236, 0.500_188_557, 0.008_563_41, 0.008_689_29, 5.589_383),
    ] {
        let weights = gal(&folder.join("columbus").join(file));
        assert_eq!(weights.n_links(), n_links);
        let found = moran::global(&crime, &weights).unwrap();
        assert!((found.i - i).abs() < 5.1e-10, "{file}: {}", found.i);
        assert!((found.expectation + 0.020_833).abs() < 5e-7);
        assert!((found.variance_normal - v_normal).abs() < 5.1e-9);
        assert!((found.variance_randomised - v_randomised).abs() < 5.1e-9);
        assert!((found.z_randomised - z).abs() < 5.1e-7);
    }
    // "Queen from polygons" is the second file again: the same 236 links, and the oracle's own.
    let oracle = gal(&shared().unwrap().join("oracle/inputs/weights/columbus_queen.gal"));
    assert_eq!(oracle, gal(&folder.join("columbus/columbus.gal")));
}
