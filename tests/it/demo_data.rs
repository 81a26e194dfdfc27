//! The synthetic country: the same bytes for the same options, a coverage without gaps, and counts that follow the truth.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use arrow::{
    array::{Array, AsArray},
    datatypes::{Date32Type, Float64Type, Int64Type},
};
use geo::{Contains, Point, Polygon, Validation};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use saet::{
    demo::{self, Demo, DemoOptions, HotbedKind},
    diagnostics::codes,
    storage,
};

const FILES: [&str; 10] = [
    "assessment.toml",
    "data/boundaries/districts.geojson",
    "data/boundaries/provinces.geojson",
    "data/crimes.csv",
    "data/elections.csv",
    "data/events.parquet",
    "data/organisations.csv",
    "data/survey.csv",
    "data/population.csv",
    "truth.json",
];

/// A country in a folder of its own, which lives as long as the first of the pair.
fn country(change: impl Fn(&mut DemoOptions)) -> (tempfile::TempDir, Demo) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut options = DemoOptions { out: place.path().join("demo"), ..DemoOptions::default() };
    change(&mut options);
    let demo = demo::write(&options).expect("a country");
    (place, demo)
}

fn small(options: &mut DemoOptions) {
    options.regions = 90;
    options.events = 20_000;
    options.years = 5;
}

fn bytes(demo: &Demo, file: &str) -> Vec<u8> {
    storage::read(&demo.folder.join(file)).expect("a file of the country")
}

fn text(demo: &Demo, file: &str) -> String {
    String::from_utf8(bytes(demo, file)).expect("UTF-8")
}

#[test]
fn the_same_options_give_the_same_bytes_and_another_seed_another_country() {
    let (_one, one) = country(small);
    let (_again, again) = country(small);
    let (_other, other) = country(|options| {
        small(options);
        options.seed = 2;
    });
    for file in FILES {
        assert_eq!(bytes(&one, file), bytes(&again, file), "{file}");
        assert_ne!(bytes(&one, file), bytes(&other, file), "{file}");
    }
}

#[test]
fn a_country_written_twice_into_one_folder_replaces_itself_and_nothing_else() {
    let (place, demo) = country(small);
    let notes = demo.folder.join("notes.txt");
    storage::write(&notes, b"mine").unwrap();
    let mut options = DemoOptions { out: place.path().join("demo"), ..DemoOptions::default() };
    small(&mut options);
    options.seed = 7;
    demo::write(&options).unwrap();
    assert_eq!(storage::read(&notes).unwrap(), b"mine");
}

#[test]
fn somebodys_own_assessment_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let own = place.path().join("assessment.toml");
    storage::write(&own, b"[assessment]\ntitle = \"Mine\"\n").unwrap();
    let options = DemoOptions { out: place.path().to_owned(), ..DemoOptions::default() };
    let problems = demo::write(&options).unwrap_err();
    assert_eq!(problems.0[0].code, &codes::OUTPUT);
    assert!(storage::read(&own).unwrap().ends_with(b"\"Mine\"\n"));
    assert!(!storage::is_file(&place.path().join("truth.json")));
}

#[test]
fn sizes_out_of_range_are_all_named_at_once() {
    let options = DemoOptions { regions: 3, events: 5, years: 1, ..DemoOptions::default() };
    let problems = demo::write(&options).unwrap_err();
    let messages: Vec<&str> = problems.0.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 3);
    assert!(messages[0].contains("--regions 3"), "{messages:?}");
}

/// A point as it is written, so that equal means equal.
type Written = (String, String);
type Border = (Written, Written);

struct Area {
    code: String,
    polygons: Vec<Vec<Vec<Written>>>,
}

fn areas(demo: &Demo, file: &str) -> Vec<Area> {
    let json: serde_json::Value = serde_json::from_slice(&bytes(demo, file)).expect("JSON");
    let list = |value: &serde_json::Value| value.as_array().expect("a list").clone();
    let ring = |ring: &serde_json::Value| {
        list(ring).iter().map(|point| (point[0].to_string(), point[1].to_string())).collect()
    };
    let polygon = |polygon: &serde_json::Value| list(polygon).iter().map(ring).collect();
    list(&json["features"])
        .iter()
        .map(|feature| {
            let coordinates = &feature["geometry"]["coordinates"];
            let polygons = match feature["geometry"]["type"].as_str() {
                Some("Polygon") => vec![polygon(coordinates)],
                _ => list(coordinates).iter().map(polygon).collect(),
            };
            let code = feature["properties"]["code"].as_str().expect("a code").to_owned();
            Area { code, polygons }
        })
        .collect()
}

/// Every border piece with the area on its left; the same piece twice in the same direction would be an overlap.
fn borders(areas: &[Area]) -> BTreeMap<Border, &str> {
    let mut borders = BTreeMap::new();
    for area in areas {
        for ring in area.polygons.iter().flatten() {
            assert_eq!(ring.first(), ring.last(), "a ring of {} is open", area.code);
            for pair in ring.windows(2) {
                assert_ne!(pair[0], pair[1]);
                let border = (pair[0].clone(), pair[1].clone());
                let taken = borders.insert(border, area.code.as_str());
                assert!(taken.is_none(), "{} overlaps {taken:?}", area.code);
            }
        }
    }
    borders
}

fn coast(borders: &BTreeMap<Border, &str>) -> BTreeSet<Border> {
    let is_coast = |(from, to): &Border| !borders.contains_key(&(to.clone(), from.clone()));
    borders.keys().filter(|border| is_coast(border)).cloned().collect()
}

/// Neighbouring areas by the borders they share.
fn neighbours(borders: &BTreeMap<Border, &str>) -> BTreeSet<(String, String)> {
    borders
        .iter()
        .filter_map(|((from, to), code)| {
            let other = borders.get(&(to.clone(), from.clone()))?;
            Some(((*code).to_owned(), (*other).to_owned()))
        })
        .collect()
}

#[test]
fn the_districts_cover_the_provinces_without_gap_or_overlap() {
    let (_place, demo) = country(|_| {});
    let districts = areas(&demo, "data/boundaries/districts.geojson");
    let provinces = areas(&demo, "data/boundaries/provinces.geojson");
    assert_eq!((districts.len(), provinces.len()), (400, 16));
    let (fine, coarse) = (borders(&districts), borders(&provinces));
    assert_eq!(coast(&fine), coast(&coarse), "districts and provinces end at the same sea");
    for ((from, to), province) in &coarse {
        let district = fine.get(&(from.clone(), to.clone())).expect("also a district's border");
        assert_eq!(&district[..2], *province);
    }
    let n_interior = fine.len() - coast(&fine).len();
    assert!(n_interior > 10_000 && n_interior.is_multiple_of(2), "{n_interior}");
    assert!(districts.iter().any(|area| area.polygons[0].len() > 1), "a town lies in a hole");
    let linked: BTreeSet<String> = neighbours(&fine).into_iter().map(|(from, _)| from).collect();
    assert_eq!(linked.len(), 399, "one district is an island");
}

fn outline(area: &Area) -> Vec<Polygon<f64>> {
    let ring = |ring: &Vec<Written>| {
        ring.iter()
            .map(|(lon, lat)| (lon.parse().expect("a number"), lat.parse().expect("a number")))
            .collect::<Vec<(f64, f64)>>()
            .into()
    };
    area.polygons
        .iter()
        .map(|rings| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect()))
        .collect()
}

#[test]
fn outlines_are_valid_polygons() {
    for seed in 1..=3 {
        let (_place, demo) = country(|options| {
            options.regions = 400;
            options.events = 1_000;
            options.seed = seed;
        });
        for file in ["data/boundaries/districts.geojson", "data/boundaries/provinces.geojson"] {
            for area in areas(&demo, file) {
                for polygon in outline(&area) {
                    assert!(polygon.is_valid(), "seed {seed}, {file}, {}", area.code);
                }
            }
        }
    }
}

/// What a row of the events file says.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: String,
    day: i32,
    district: Option<String>,
    point: Option<(f64, f64)>,
    kind: String,
    ideology: String,
    attendance: Option<[i64; 3]>,
    violent: String,
}

#[allow(clippy::disallowed_methods, reason = "the Parquet reader wants an open file")]
fn events(demo: &Demo) -> Vec<Event> {
    let file = std::fs::File::open(demo.folder.join("data/events.parquet")).expect("the events");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .expect("a Parquet file");
    let mut events = Vec::new();
    for batch in reader {
        let batch = batch.expect("rows");
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
            column.is_valid(row).then(|| column.value(row).to_owned())
        };
        let number = |name: &str, row: usize| {
            let column =
                batch.column_by_name(name).expect("a column").as_primitive::<Float64Type>();
            column.is_valid(row).then(|| column.value(row))
        };
        let size = |name: &str, row: usize| {
            let column = batch.column_by_name(name).expect("a column").as_primitive::<Int64Type>();
            column.is_valid(row).then(|| column.value(row))
        };
        let days = batch.column_by_name("date").expect("a column").as_primitive::<Date32Type>();
        for row in 0..batch.num_rows() {
            let size = |which: &str| size(&format!("participants_{which}"), row);
            events.push(Event {
                id: text("event", row).expect("an id"),
                day: days.value(row),
                district: text("district", row),
                point: number("lon", row).zip(number("lat", row)),
                kind: text("kind", row).expect("a kind"),
                ideology: text("ideology", row).expect("an ideology"),
                attendance: size("low")
                    .zip(size("mid"))
                    .zip(size("high"))
                    .map(|((l, m), h)| [l, m, h]),
                violent: text("violent", row).expect("an outcome"),
            });
        }
    }
    events
}

#[test]
fn events_are_as_many_as_asked_by_date_and_inside_their_district() {
    let (_place, demo) = country(small);
    let events = events(&demo);
    let flaws = demo.truth.flaws;
    let n_duplicates = events.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!((events.len() as u64, n_duplicates as u64), (flaws.rows, flaws.duplicates));
    assert!(flaws.rows.abs_diff(20_000) < 1_500 && flaws.duplicates > 20, "{flaws:?}");
    assert!(events.is_sorted_by_key(|event| event.day));
    let without = |place: fn(&Event) -> bool| events.iter().filter(|at| place(at)).count() as u64;
    let by_point = without(|event| event.district.is_none() && event.point.is_some());
    assert_eq!(by_point, flaws.by_coordinates_only);
    assert_eq!(without(|event| event.point.is_none()), flaws.not_locatable);
    let outlines: BTreeMap<String, Vec<Polygon<f64>>> =
        areas(&demo, "data/boundaries/districts.geojson")
            .iter()
            .map(|area| (area.code.clone(), outline(area)))
            .collect();
    for event in events.iter().step_by(7) {
        let (Some(district), Some((lon, lat))) = (&event.district, event.point) else { continue };
        let is_inside = outlines[district].iter().any(|area| area.contains(&Point::new(lon, lat)));
        assert!(is_inside, "{}", event.id);
    }
    let gatherings: Vec<&Event> =
        events.iter().filter(|event| event.kind.starts_with("gathering.")).collect();
    assert!(events.iter().all(|event| event.attendance.is_none() || event.kind.starts_with('g')));
    let mut sizes: Vec<i64> =
        gatherings.iter().filter_map(|event| Some(event.attendance?[1])).collect();
    sizes.sort_unstable();
    assert!((0.8..0.9).contains(&share(sizes.len(), gatherings.len())), "some sizes are missing");
    assert!(sizes[sizes.len() - 1] > 50 * sizes[sizes.len() / 2], "the tail is heavy");
    let unknown = gatherings.iter().filter(|event| event.violent == "unknown").count();
    assert!((0.1..0.25).contains(&share(unknown, gatherings.len())));
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Observed over expected events of an ideology in a list of districts and years.
fn observed_over_expected(demo: &Demo, events: &[Event], at: &demo::Hotbed, ideology: &str) -> f64 {
    let first_day =
        |year: i32| chrono::NaiveDate::from_ymd_opt(year, 1, 1).expect("a year").to_epoch_days();
    let days = first_day(at.from)..first_day(at.to + 1);
    let is_there = |event: &&Event| {
        days.contains(&event.day)
            && event.ideology == ideology
            && event.district.as_ref().is_some_and(|code| at.districts.contains(code))
    };
    let distinct: BTreeSet<&str> =
        events.iter().filter(is_there).map(|event| event.id.as_str()).collect();
    let from = usize::try_from(at.from - demo.truth.years.0).expect("a year of the country");
    let expected: f64 = demo
        .truth
        .districts
        .iter()
        .filter(|district| at.districts.contains(&district.id))
        .flat_map(|district| &district.expected_events[ideology][from..])
        .sum();
    #[allow(clippy::cast_precision_loss, reason = "small counts")]
    let observed = distinct.len() as f64;
    observed / expected
}

#[test]
fn the_planted_areas_are_where_the_truth_says() {
    let (_place, demo) = country(|_| {});
    let truth = &demo.truth;
    let kinds: Vec<HotbedKind> = truth.hotbeds.iter().map(|hotbed| hotbed.kind).collect();
    let all = [HotbedKind::Group, HotbedKind::Town, HotbedKind::Emerging, HotbedKind::Lower];
    assert_eq!(kinds, all);
    let areas = areas(&demo, "data/boundaries/districts.geojson");
    let borders = borders(&areas);
    let neighbours = neighbours(&borders);
    let events = events(&demo);
    for hotbed in &truth.hotbeds {
        let mut reached = BTreeSet::from([hotbed.districts[0].clone()]);
        for _ in 0..hotbed.districts.len() {
            let next: Vec<String> = neighbours
                .iter()
                .filter(|(from, to)| reached.contains(from) && hotbed.districts.contains(to))
                .map(|(_, to)| to.clone())
                .collect();
            reached.extend(next);
        }
        assert_eq!(reached.len(), hotbed.districts.len(), "{:?} is one piece", hotbed.kind);
        for ideology in &hotbed.ideologies {
            let ratio = observed_over_expected(&demo, &events, hotbed, ideology);
            assert!((0.65..1.5).contains(&ratio), "{:?}, {ideology}: {ratio}", hotbed.kind);
        }
        for district in truth.districts.iter().filter(|at| hotbed.districts.contains(&at.id)) {
            let risk = &district.relative_risk[&hotbed.ideologies[0]];
            assert!((risk[risk.len() - 1] - hotbed.relative_risk).abs() < 1e-12);
        }
    }
    let n_planted: usize = truth.hotbeds.iter().map(|hotbed| hotbed.districts.len()).sum();
    let n_marked = truth.districts.iter().filter(|at| !at.relative_risk.is_empty()).count();
    assert_eq!(n_planted, n_marked, "nothing overlaps");
    let touches = |a: &demo::Hotbed, b: &demo::Hotbed| {
        neighbours.iter().any(|(x, y)| a.districts.contains(x) && b.districts.contains(y))
    };
    for (at, hotbed) in truth.hotbeds.iter().enumerate() {
        assert!(truth.hotbeds[at + 1..].iter().all(|other| !touches(hotbed, other)));
    }
}

#[test]
fn people_live_in_a_few_cities_and_many_small_districts() {
    let (_place, demo) = country(|_| {});
    let mut persons: Vec<u64> = demo.truth.districts.iter().map(|at| at.persons[0]).collect();
    persons.sort_unstable();
    assert!(persons[399] > 15 * persons[200], "{:?}", persons[399]);
    assert!(persons[380..].iter().sum::<u64>() > persons.iter().sum::<u64>() / 5);
    let table = text(&demo, "data/population.csv");
    assert_eq!(table.lines().count(), 1 + 400 * 9);
    assert!(table.lines().nth(1).is_some_and(|row| row.contains(",2017-12-31,")));
}

#[test]
fn tables_have_the_quirks_offices_have() {
    let (_place, demo) = country(small);
    let police = bytes(&demo, "data/crimes.csv");
    assert!(std::str::from_utf8(&police).is_err(), "Windows-1252");
    let police: String = police.iter().map(|byte| char::from(*byte)).collect();
    let rows: Vec<Vec<&str>> = police.split("\r\n").map(|row| row.split(';').collect()).collect();
    assert_eq!(rows[1][0], "Schlüssel");
    assert_eq!(rows[2][5], "6");
    assert!(rows.iter().any(|row| row.last().is_some_and(|count| count.contains('.'))));
    assert_eq!(rows.len(), 3 + 90 * 5 * 18 + 1);
    let votes = text(&demo, "data/elections.csv");
    let rows: Vec<Vec<&str>> = votes.lines().skip(1).map(|row| row.split(',').collect()).collect();
    assert!(
        rows.iter().any(|row| row[12].is_empty()) && rows.iter().any(|row| !row[12].is_empty())
    );
    for row in rows {
        let number = |cell: &str| cell.parse::<u64>().unwrap_or(0);
        let sum: u64 = row[6..].iter().map(|cell| number(cell)).sum();
        assert_eq!(sum, number(row[5]));
        assert!(number(row[3]) >= number(row[4]) && number(row[4]) >= number(row[5]));
    }
}

#[test]
fn the_assessment_over_it_can_be_resolved() {
    let (_place, demo) = country(small);
    let assessment = saet::assessment::load(Path::new(&demo.folder), None).expect("no problem");
    assert_eq!(assessment.levels, ["country", "province", "district"]);
    assert_eq!(assessment.calendar.base.len(), 5);
    assert_eq!(assessment.sources.len(), 6);
    assert_eq!(assessment.parties.len(), 2);
}
