//! `regions.csv`: one row a region, in the order of the file; empty where nothing can be said. What was asked for beside the
//! tests follows in columns of its own.

use super::{
    Options,
    beside::Beside,
    input::Input,
    numbers::Analysis,
    rates::{MORE, PER, Rate},
    sources::Second,
};

/// The columns that are always there, in order.
const COLUMNS: [&str; 18] = [
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

/// Columns of smoothed risks.
const SMOOTHED: [&str; 14] = [
    "spatial_eb_rate",
    "relative_risk",
    "relative_risk_lower95",
    "relative_risk_upper95",
    "p_above",
    "leroux_relative_risk",
    "leroux_lower95",
    "leroux_upper95",
    "leroux_p_above",
    "rank",
    "rank_lower",
    "rank_upper",
    "surely_above",
    "surely_below",
];

/// Columns of local Geary.
const LIKENESS: [&str; 4] =
    ["local_geary_c", "local_geary_p", "local_geary_q", "local_geary_class"];

/// Columns of join counts.
const JOINED: [&str; 4] = ["join_count", "join_count_p", "join_count_q", "join_count_class"];

/// Columns of location quotients.
const QUOTIENTS: [&str; 3] =
    ["location_quotient", "location_quotient_lower95", "location_quotient_upper95"];

/// Columns of a second source.
const SECOND: [&str; 5] =
    ["second_events", "second_rate", "second_lower95", "second_upper95", "sources_apart"];

/// The whole file. Numbers are written with every digit they have.
pub(super) fn csv(input: &Input, analysis: &Analysis, options: &Options) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let beside = &analysis.beside;
    let smoothed = SMOOTHED.iter().filter(|_| !beside.smoothed.is_empty());
    let likeness = LIKENESS.iter().filter(|_| !beside.likeness.is_empty());
    let gi = ["gi_z"].iter().filter(|_| !beside.gi.is_empty());
    let joined = JOINED.iter().filter(|_| beside.joins.is_some());
    let quotients = QUOTIENTS.iter().filter(|_| !beside.quotients.is_empty());
    let second = SECOND.iter().filter(|_| analysis.sources.is_some());
    let more = MORE.map(|level| options.more_limits.contains(&level));
    let limits = MORE.iter().zip(more).filter(|(_, is_asked)| *is_asked).flat_map(|(level, _)| {
        let digits = level.name().replace('.', "");
        [format!("lower{digits}"), format!("upper{digits}")]
    });
    let beside_tests = smoothed.chain(likeness).chain(gi).chain(joined).chain(quotients);
    let owned = |name: &&str| (*name).to_owned();
    let head = COLUMNS.iter().map(owned).chain(limits);
    let head = head.chain(beside_tests.chain(second).map(owned));
    writer.write_record(head.collect::<Vec<_>>()).expect("invariant: writing to memory");
    for (at, (region, row)) in input.regions.iter().zip(&analysis.rows).enumerate() {
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
        let second = analysis.sources.iter().flat_map(|sources| of_second(sources.regions[at]));
        let limits = of_limits(row.rate.as_ref(), more);
        let cells = cells.into_iter().chain(limits).chain(of_beside(beside, at)).chain(second);
        writer.write_record(cells.collect::<Vec<_>>()).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

/// Limits of a rate at the levels asked for.
fn of_limits(rate: Option<&Rate>, asked: [bool; MORE.len()]) -> impl Iterator<Item = String> {
    let all = rate.map_or([None; MORE.len()], |rate| rate.more_limits);
    let kept = all.into_iter().zip(asked).filter(|(_, is_asked)| *is_asked);
    kept.flat_map(|(limits, _)| {
        [number(limits.map(|(lower, _)| lower)), number(limits.map(|(_, upper)| upper))]
    })
}

/// The cells of a region beside the tests.
fn of_beside(beside: &Beside, at: usize) -> Vec<String> {
    let mut cells = Vec::new();
    if let Some(found) = beside.smoothed.get(at) {
        let found = found.as_ref();
        let posterior = found.map(|found| &found.posterior);
        let leroux = found.and_then(|found| found.leroux.as_ref());
        let rank = found.and_then(|found| found.rank);
        let standing = found.and_then(|found| found.standing);
        let spatial = found.and_then(|found| found.among_neighbours).map(|rate| rate * PER);
        cells.push(number(spatial));
        for posterior in [posterior, leroux] {
            cells.push(number(posterior.map(|found| found.mean)));
            cells.push(number(posterior.map(|found| found.interval95.0)));
            cells.push(number(posterior.map(|found| found.interval95.1)));
            cells.push(number(posterior.map(|found| found.above[0])));
        }
        cells.extend([
            number(rank.map(|rank| rank.median)),
            number(rank.map(|rank| rank.lower)),
            number(rank.map(|rank| rank.upper)),
            whole(standing.map(|standing| standing.n_above)),
            whole(standing.map(|standing| standing.n_below)),
        ]);
    }
    if let Some(found) = beside.likeness.get(at) {
        cells.extend([
            number(found.map(|found| found.c)),
            number(found.map(|found| found.p)),
            number(found.map(|found| found.q)),
            found.map_or(String::new(), |found| found.class.to_owned()),
        ]);
    }
    if let Some(&found) = beside.gi.get(at) {
        cells.push(number(found));
    }
    if let Some(joins) = &beside.joins {
        let found = joins.regions[at];
        cells.extend([
            number(found.map(|found| found.joins)),
            number(found.map(|found| found.p)),
            number(found.map(|found| found.q)),
            found.map_or(String::new(), |found| found.class.to_owned()),
        ]);
    }
    if let Some(found) = beside.quotients.get(at) {
        cells.extend([
            number(found.map(|found| found.value)),
            number(found.map(|found| found.lower)),
            number(found.map(|found| found.upper)),
        ]);
    }
    cells
}

/// The cells of a region in the second source.
fn of_second(found: Option<Second>) -> [String; SECOND.len()] {
    [
        found.map_or(String::new(), |found| found.events.to_string()),
        number(found.map(|found| found.rate)),
        number(found.map(|found| found.limits95.0)),
        number(found.map(|found| found.limits95.1)),
        found.map_or(String::new(), |found| found.is_apart.to_string()),
    ]
}

/// How many regions.
fn whole(n: Option<u32>) -> String {
    n.map_or(String::new(), |n| n.to_string())
}

/// The shortest text that reads back as the same number.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}
