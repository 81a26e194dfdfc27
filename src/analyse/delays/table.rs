//! `delays.csv`: one row a period; `triangle.csv`: events by period and delay, empty where not known yet.

use super::{input::Input, numbers::Analysis};

const COLUMNS: [&str; 13] = [
    "period",
    "start",
    "end",
    "known_delays",
    "reported",
    "completeness",
    "completeness_lower",
    "completeness_upper",
    "expected",
    "lower",
    "upper",
    "provisional",
    "reason",
];

/// Why a period has no final count.
pub(super) const NOT_TOLD: &str = "no earlier period tells how complete it is";

/// Why a final count has no upper limit.
pub(super) const WITHOUT_BOUND: &str = "earlier periods leave the upper limit open";

/// The periods. Numbers are written with every digit they have.
pub(super) fn delays(input: &Input, analysis: &Analysis) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("invariant: writing to memory");
    let reported = input.triangle.reported();
    for (at, found) in analysis.periods.iter().enumerate() {
        let of = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let reason = match found {
            None => NOT_TOLD,
            Some(found) if found.upper.is_none() => WITHOUT_BOUND,
            Some(_) => "",
        };
        let cells: [String; COLUMNS.len()] = [
            input.periods.label(at),
            input.periods.starts[at].to_string(),
            input.periods.end(at).to_string(),
            (input.triangle.rows()[at].len() - 1).to_string(),
            reported[at].to_string(),
            of(found.map(|found| found.completeness)),
            of(found.map(|found| found.completeness_limits.0)),
            of(found.map(|found| found.completeness_limits.1)),
            of(found.map(|found| found.expected)),
            of(found.map(|found| found.lower)),
            of(found.and_then(|found| found.upper)),
            found.is_none_or(|found| found.provisional).to_string(),
            reason.to_owned(),
        ];
        writer.write_record(cells).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}

/// The triangle.
pub(super) fn triangle(input: &Input) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let n_delays = input.longest() + 1;
    let head = (0..n_delays).map(|delay| format!("delay_{delay}"));
    let head: Vec<String> = std::iter::once("period".to_owned()).chain(head).collect();
    writer.write_record(head).expect("invariant: writing to memory");
    for (at, row) in input.triangle.rows().iter().enumerate() {
        let mut cells = vec![input.periods.label(at)];
        cells.extend(row.iter().map(u64::to_string));
        cells.resize(n_delays + 1, String::new());
        writer.write_record(cells).expect("invariant: writing to memory");
    }
    writer.into_inner().expect("invariant: flushing to memory")
}
