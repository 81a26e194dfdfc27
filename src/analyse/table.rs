//! `regions.csv`: one row a region, in the order of the file; empty where nothing can be said.

use super::{input::Input, numbers::Analysis};

/// The columns, in order.
pub(super) const COLUMNS: [&str; 18] = [
    "region",
    "events",
    "population",
    "rate",
    "lower95",
    "upper95",
    "eb_rate",
    "local_moran_i",
    "local_moran_p",
    "local_moran_q",
    "local_moran_class",
    "gi_star_z",
    "gi_star_p",
    "gi_star_q",
    "gi_star_class",
    "scan_cluster",
    "evidence",
    "status",
];

/// The whole file. Numbers are written with every digit they have.
pub(super) fn csv(input: &Input, analysis: &Analysis) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("invariant: writing to memory");
    for (region, row) in input.regions.iter().zip(&analysis.rows) {
        let local = row.local.as_ref();
        let p = number(local.map(|local| local.p));
        let q = number(local.map(|local| local.q));
        let word = |class: Option<&str>| class.unwrap_or_default().to_owned();
        let cells: [String; COLUMNS.len()] = [
            region.id.clone(),
            region.events.map_or(String::new(), |events| events.to_string()),
            number(region.population),
            number(row.rate.map(|rate| rate.value)),
            number(row.rate.map(|rate| rate.limits95.0)),
            number(row.rate.map(|rate| rate.limits95.1)),
            number(row.rate.and_then(|rate| rate.smoothed)),
            number(local.map(|local| local.moran)),
            p.clone(),
            q.clone(),
            word(local.map(super::surroundings::Local::moran_class)),
            number(local.map(|local| local.gi_star)),
            p,
            q,
            word(local.map(super::surroundings::Local::gi_star_class)),
            row.cluster.map_or(String::new(), |rank| rank.to_string()),
            word(row.evidence.map(crate::model::Evidence::as_str)),
            row.status.as_str().to_owned(),
        ];
        writer.write_record(&cells).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

/// The shortest text that reads back as the same number.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}
