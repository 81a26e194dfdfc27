//! The events file: one row an event, in Parquet, with the gaps and slips a chronicle has.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema},
};
use chrono::{Datelike, NaiveDate, Weekday};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};

use super::{
    Flaws,
    country::{Country, SIZE},
    draws::{Draws, Purpose},
    lattice::Point,
    plan::IDEOLOGIES,
};

/// A kind of event: how often, how many per thousand turn violent, and of how many that is not known.
struct Kind {
    id: &'static str,
    weight: f64,
    is_gathering: bool,
    violent: f64,
    unknown: f64,
}

const fn kind(id: &'static str, weight: f64, violent: f64, unknown: f64) -> Kind {
    Kind { id, weight, is_gathering: unknown > 0.0, violent, unknown }
}

const KINDS: [Kind; 10] = [
    kind("gathering.demonstration", 0.22, 0.08, 0.14),
    kind("gathering.rally", 0.07, 0.06, 0.12),
    kind("gathering.concert", 0.04, 0.02, 0.30),
    kind("gathering.meeting", 0.06, 0.01, 0.25),
    kind("attack.assault", 0.12, 1.0, 0.0),
    kind("attack.arson", 0.02, 1.0, 0.0),
    kind("attack.property", 0.15, 0.0, 0.0),
    kind("threat", 0.08, 0.0, 0.0),
    kind("propaganda.graffiti", 0.15, 0.0, 0.0),
    kind("propaganda.leaflets", 0.09, 0.0, 0.0),
];

/// How busy the months are, January first.
const MONTHS: [f64; 12] = [0.7, 0.7, 0.9, 1.1, 1.3, 1.1, 0.9, 0.9, 1.2, 1.2, 1.0, 0.8];

/// Shares of rows that are repeated, lack the district's code, or lack every place.
const REPEATED: f64 = 0.003;
const WITHOUT_CODE: f64 = 0.02;
const WITHOUT_PLACE: f64 = 0.001;

struct Event {
    date: NaiveDate,
    district: Option<usize>,
    point: Option<Point>,
    kind: usize,
    ideology: usize,
    /// Low, middle and high estimate of attendance.
    sizes: Option<[i64; 3]>,
    violent: &'static str,
    is_repeated: bool,
}

/// The kinds of events there are.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.id)
}

/// The Parquet file and what is wrong with it on purpose.
pub(super) fn events(country: &Country) -> (Vec<u8>, Flaws) {
    let schema = Arc::new(Schema::new(vec![
        Field::new("event", DataType::Utf8, false),
        Field::new("date", DataType::Date32, false),
        Field::new("district", DataType::Utf8, true),
        Field::new("lon", DataType::Float64, true),
        Field::new("lat", DataType::Float64, true),
        Field::new("kind", DataType::Utf8, false),
        Field::new("ideology", DataType::Utf8, false),
        Field::new("participants_low", DataType::Int64, true),
        Field::new("participants_mid", DataType::Int64, true),
        Field::new("participants_high", DataType::Int64, true),
        Field::new("violent", DataType::Utf8, false),
    ]));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("saet demo".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&schema), Some(properties))
        .expect("invariant: the schema is one Parquet can hold");
    let mut flaws = Flaws::default();
    for year_idx in 0..country.n_years() {
        let events = events_of(country, year_idx);
        let batch = batch(country, country.year(year_idx), &schema, &events, &mut flaws);
        writer.write(&batch).expect("invariant: writing to memory");
    }
    (writer.into_inner().expect("invariant: writing to memory"), flaws)
}

/// The events of a year by date.
fn events_of(country: &Country, year_idx: usize) -> Vec<Event> {
    let mut events = Vec::new();
    for district in 0..country.districts.len() {
        for ideology in 0..IDEOLOGIES.len() {
            let position = [district as u64, year_idx as u64, ideology as u64];
            let expected = country.expected_events(district, year_idx, ideology);
            let mut counts = Draws::new(country.seed, Purpose::Counts, &position);
            let mut draws = Draws::new(country.seed, Purpose::Records, &position);
            for _ in 0..counts.negative_binomial(expected, SIZE) {
                events.push(event(country, district, year_idx, ideology, &mut draws));
            }
        }
    }
    events.sort_by_key(|event| event.date);
    events
}

fn event(
    country: &Country,
    district: usize,
    year_idx: usize,
    ideology: usize,
    draws: &mut Draws,
) -> Event {
    let date = day(country.year(year_idx), draws);
    let kind_idx = draws.weighted(&KINDS.map(|kind| kind.weight));
    let kind = &KINDS[kind_idx];
    let cells = &country.areas.cells[district];
    let point = country.lattice.point_inside(cells[draws.below(cells.len())], draws);
    let outcome = draws.unit();
    let violent = if outcome < kind.violent {
        "yes"
    } else if outcome < kind.violent + kind.unknown {
        "unknown"
    } else {
        "no"
    };
    let sizes = (kind.is_gathering && !draws.chance(0.15)).then(|| attendance(draws));
    let gap = draws.unit();
    Event {
        date,
        district: (gap > WITHOUT_PLACE + WITHOUT_CODE).then_some(district),
        point: (gap > WITHOUT_PLACE).then_some(point),
        kind: kind_idx,
        ideology,
        sizes,
        violent,
        is_repeated: draws.chance(REPEATED),
    }
}

/// A day of the year; weekends and the busy months come more often.
fn day(year: i32, draws: &mut Draws) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("invariant: years are after 1900");
    let n_days = if first.leap_year() { 366 } else { 365 };
    loop {
        let day = first + chrono::Days::new(draws.below(n_days) as u64);
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let week = if is_weekend { 1.0 } else { 0.55 };
        if draws.chance(MONTHS[day.month0() as usize] / 1.3 * week) {
            return day;
        }
    }
}

/// Attendance with a heavy tail (Pareto, exponent 1.25), rounded as observers round.
#[allow(clippy::cast_possible_truncation, reason = "at most 40 000")]
fn attendance(draws: &mut Draws) -> [i64; 3] {
    let middle = (15.0 * libm::pow(draws.unit(), -1.0 / 1.25)).min(40_000.0);
    let rounded = |value: f64| {
        let unit = if value < 100.0 {
            5.0
        } else if value < 1_000.0 {
            10.0
        } else {
            100.0
        };
        ((value / unit).round() * unit) as i64
    };
    let (low, high) = (middle * draws.between(0.6, 1.0), middle * draws.between(1.0, 1.7));
    [rounded(low), rounded(middle), rounded(high)]
}

fn batch(
    country: &Country,
    year: i32,
    schema: &Arc<Schema>,
    events: &[Event],
    flaws: &mut Flaws,
) -> RecordBatch {
    let mut ids = StringBuilder::new();
    let mut dates = Date32Builder::new();
    let mut districts = StringBuilder::new();
    let (mut lon, mut lat) = (Float64Builder::new(), Float64Builder::new());
    let (mut kinds, mut ideologies) = (StringBuilder::new(), StringBuilder::new());
    let mut sizes = [Int64Builder::new(), Int64Builder::new(), Int64Builder::new()];
    let mut violent = StringBuilder::new();
    for (number, event) in events.iter().enumerate() {
        let id = format!("{year}-{:06}", number + 1);
        for _ in 0..=usize::from(event.is_repeated) {
            ids.append_value(&id);
            dates.append_value(event.date.to_epoch_days());
            districts.append_option(event.district.map(|at| country.districts[at].0.as_str()));
            lon.append_option(event.point.map(|point| degrees(point.0)));
            lat.append_option(event.point.map(|point| degrees(point.1)));
            kinds.append_value(KINDS[event.kind].id);
            ideologies.append_value(IDEOLOGIES[event.ideology].0);
            for (at, sizes) in sizes.iter_mut().enumerate() {
                sizes.append_option(event.sizes.map(|size| size[at]));
            }
            violent.append_value(event.violent);
            flaws.rows += 1;
            flaws.by_coordinates_only +=
                u64::from(event.district.is_none() && event.point.is_some());
            flaws.not_locatable += u64::from(event.point.is_none());
        }
        flaws.duplicates += u64::from(event.is_repeated);
    }
    let [mut low, mut middle, mut high] = sizes;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids.finish()),
        Arc::new(dates.finish()),
        Arc::new(districts.finish()),
        Arc::new(lon.finish()),
        Arc::new(lat.finish()),
        Arc::new(kinds.finish()),
        Arc::new(ideologies.finish()),
        Arc::new(low.finish()),
        Arc::new(middle.finish()),
        Arc::new(high.finish()),
        Arc::new(violent.finish()),
    ];
    RecordBatch::try_new(Arc::clone(schema), columns).expect("invariant: columns as in the schema")
}

#[allow(clippy::cast_precision_loss, reason = "exact below 2^53")]
fn degrees(millionths: i64) -> f64 {
    millionths as f64 / 1e6
}
