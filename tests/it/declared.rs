//! What an assessment can declare about its tables, run on tables small enough to check by hand.

use std::{fs, path::Path, sync::Arc};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use saet::{
    assessment,
    count::catalogue,
    diagnostics::Problems,
    model::{Cell, Counts, SliceKey, SourceReport},
    pipeline::{self, Computed, Progress},
};

const HEAD: &str = r#"
[assessment]
title = "Four districts"
geo_version = "2020"
levels = ["country", "district"]
periods = { every = "year", from = 2019, to = 2020 }
ideologies = ["right", "left"]
seed = 1

[regions]
district = { path = "districts.geojson", id = "code", name = "name" }
"#;

const POPULATION: &str = r#"
[[source]]
id = "people"
table = "population"
path = "people.csv"
columns = { region = "code", period = "date", persons = "n" }
"#;

/// Four square districts in a row: 01, 02, 03, 04.
fn districts() -> String {
    let square = |x: u32| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"0{n}","name":"District {n}"}},"geometry":{{"type":"Polygon","coordinates":[[[{x},50],[{right},50],[{right},51],[{x},51],[{x},50]]]}}}}"#,
            n = x + 1,
            right = x + 1
        )
    };
    let features: Vec<String> = (0..4).map(square).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

/// Runs an assessment of the four districts over these sections and files.
pub(crate) fn attempt(declared: &str, files: &[(&str, &[u8])]) -> Result<Computed, Problems> {
    attempt_under(HEAD, declared, files)
}

fn attempt_under(
    head: &str,
    declared: &str,
    files: &[(&str, &[u8])],
) -> Result<Computed, Problems> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("assessment.toml"), format!("{head}{declared}{POPULATION}"))
        .unwrap();
    fs::write(folder.path().join("districts.geojson"), districts()).unwrap();
    let people: Vec<String> = (1..=4)
        .flat_map(|code| (2018..=2019).map(move |year| format!("0{code},{year}-12-31,9000\n")))
        .collect();
    let people = format!("code,date,n\n{}", people.concat());
    fs::write(folder.path().join("people.csv"), people).unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    compute(folder.path())
}

fn computed(declared: &str, files: &[(&str, &[u8])]) -> Computed {
    attempt(declared, files).unwrap_or_else(|found| panic!("{found}"))
}

pub(crate) fn compute(folder: &Path) -> Result<Computed, Problems> {
    let assessment = assessment::load(folder, None)?;
    let definitions = catalogue::load(None)?;
    catalogue::check_against(&assessment, &definitions).into_result()?;
    pipeline::compute(&assessment, &definitions, &Progress::new(false, 0))
}

/// The counts of a measure's slice for 01 … 04 in the first year.
fn counts(computed: &Computed, indicator: &str, measure: &str, slot: usize) -> Vec<Option<Counts>> {
    let frame = &computed.frame;
    let found = computed.counts.iter().find(|found| {
        let indicator_of = &frame.indicators[found.key.indicator];
        indicator_of.id.as_str() == indicator
            && indicator_of.measures[found.key.measure].id.as_str() == measure
    });
    let panel = &found.expect("the catalogue has the measure").panel;
    frame
        .tree
        .level(1)
        .map(|region| match panel.get(SliceKey::ideology(slot), region, 0) {
            Some(Cell::Value(counts)) => Some(counts.clone()),
            _ => None,
        })
        .collect()
}

fn source<'c>(computed: &'c Computed, id: &str) -> &'c SourceReport {
    computed.frame.sources.iter().find(|source| source.id.as_str() == id).unwrap()
}

#[test]
fn counts_moved_with_a_weight_are_scaled_and_called_estimated() {
    let declared = r#"
merge = [{ from = ["98"], to = "02", weight = 0.6, reason = "most of it joined 02" },
         { from = ["97"], to = "03", reason = "all of it joined 03" }]

[[source]]
id = "police"
table = "crimes"
path = "crimes.csv"
columns = { region = "code", period = "year", ideology = "ideology", offence = "offence", count = "n" }
covers = { dates = ["2019-01-01", "2020-12-31"], ideologies = ["right"] }
"#;
    let crimes = "code,year,ideology,offence,n\n\
                  01,2019,right,other,7\n02,2019,right,other,10\n98,2019,right,other,21\n97,2019,right,other,4\n";
    let computed = computed(declared, &[("crimes.csv", crimes.as_bytes())]);
    let found = counts(&computed, "crime.incidence", "count", 1);
    let numerators: Vec<Option<u64>> =
        found.iter().map(|cell| cell.as_ref().map(|counts| counts.numerator)).collect();
    // 10 + 0.6 · 21 = 22.6, rounded; 03 got all of 97; 04 is covered and has none.
    assert_eq!(numerators, [Some(7), Some(23), Some(4), Some(0)]);
    let estimated: Vec<bool> = found.iter().flatten().map(|counts| counts.estimated).collect();
    assert_eq!(estimated, [false, true, false, false], "only weights below 1 make estimates");
    assert_eq!(source(&computed, "police").n_merged, 2);
}

#[test]
fn a_printed_share_that_its_counts_do_not_give_is_flagged() {
    // Czechia 2015: 114 of 175 is 65.1 %, printed as 65.7 %; 175 of 247 628 is 0.0707 %, printed rightly.
    let declared = r#"
[[source]]
id = "report"
table = "crimes"
path = "crimes.csv"
decimal = "."
columns = { region = "code", period = "year", ideology = "ideology", offence = "offence", count = "n" }
covers = { dates = ["2019-01-01", "2020-12-31"], ideologies = ["right"] }
verify = [{ column = "printed", of = ["n", "whole"], per = 100 }]
"#;
    let crimes = "code,year,ideology,offence,n,whole,printed\n\
                  01,2019,right,violent,114,175,65.7 %\n02,2019,right,other,175,247628,0.0707\n\
                  03,2019,right,other,3,,\n04,2019,right,other,12,24,50\n";
    let computed = computed(declared, &[("crimes.csv", crimes.as_bytes())]);
    let checks = &source(&computed, "report").checks;
    let check = checks.iter().find(|check| check.what.contains("`printed`")).unwrap();
    assert_eq!((check.n_compared, check.n_conflicts), (3, 1));
    assert_eq!(check.lines, ["row 2: printed 65.7, recomputed 65.14"]);
    assert!(computed.warnings.0.iter().any(|warning| warning.to_string().contains("report")));
}

#[test]
fn wide_columns_slices_and_padding_work_on_parquet_as_on_text() {
    let declared = r#"
[[source]]
id = "votes"
table = "elections"
path = "votes.parquet"
columns = { region = { column = "key", slice = [0, 1], pad = 2 }, date = "day", valid = "valid", eligible = "eligible" }
unpivot = { columns = ["front", "vanguard"], name = "party", value = "votes" }
no_list = { missing = true }

[[party]]
id = "front"
ideology = "right"
authority = "Annual report 2019"

[[party]]
id = "vanguard"
ideology = "left"
authority = "Annual report 2019"
"#;
    let text = |values: [&str; 4]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let whole = |values: [Option<i64>; 4]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("key", text(["1-x", "2-x", "3-x", "4-x"]), true),
        ("day", text(["2019-09-01"; 4]), true),
        ("eligible", whole([Some(2000); 4]), true),
        ("valid", whole([Some(1000), Some(1000), Some(500), Some(800)]), true),
        ("front", whole([Some(50), Some(0), None, Some(8)]), true),
        ("vanguard", whole([Some(10), None, Some(5), Some(4)]), true),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let computed = computed(declared, &[("votes.parquet", &bytes)]);
    let numerators = |slot: usize| -> Vec<Option<u64>> {
        let found = counts(&computed, "support.electoral", "share_valid", slot);
        found.iter().map(|cell| cell.as_ref().map(|counts| counts.numerator)).collect()
    };
    // A missing cell means that the party had no list: nothing, not 0.
    assert_eq!(numerators(1), [Some(50), Some(0), None, Some(8)]);
    assert_eq!(numerators(2), [Some(10), None, Some(5), Some(4)]);
}

/// Four districts whose neighbours are told by a rule.
fn weighed(rule: &str, files: &[(&str, &[u8])]) -> Result<Computed, Problems> {
    let head = HEAD
        .replace("seed = 1", "test_levels = [\"district\"]\nseed = 1")
        .replace("name = \"name\" }\n", &format!("name = \"name\" }}\nweights = {rule}\n"));
    attempt_under(&head, "", files)
}

#[test]
fn neighbours_can_be_told_by_distance_or_by_a_file() {
    let n_links = |rule: &str, files: &[(&str, &[u8])]| {
        let computed = weighed(rule, files).unwrap_or_else(|found| panic!("{rule}: {found}"));
        let report = &computed.frame.weights[&1];
        (report.n_links, report.islands.len(), report.kind.clone())
    };
    // Centres lie a degree of longitude apart on the 50th parallel: 71 km.
    let band = |far: u32| format!("{{ kind = \"distance\", kilometres = {far} }}");
    assert_eq!(n_links(&band(80), &[]).0, 6);
    assert_eq!(n_links(&band(150), &[]).0, 10);
    let gal = b"0 4 districts code\n01 1\n04\n02 0\n\n03 1\n04\n04 2\n01 03\n";
    let file = "{ kind = \"file\", path = \"links.gal\", islands = \"exclude\" }";
    assert_eq!(n_links(file, &[("links.gal", gal)]), (4, 1, "file".to_owned()));
    let nearest = file.replace("exclude", "nearest");
    let (links, islands, kind) = n_links(&nearest, &[("links.gal", gal)]);
    assert_eq!((links, islands), (6, 0));
    assert_eq!(kind, "file, 1 island linked with the nearest region");
}

#[test]
fn neighbours_that_cannot_be_told_are_errors() {
    let complaint = |rule: &str, files: &[(&str, &[u8])]| {
        let found = weighed(rule, files).err().expect("the rule is wrong");
        format!("{found}")
    };
    let found = complaint("{ kind = \"distance\" }", &[]);
    assert!(found.contains("kilometres"), "{found}");
    let found = complaint("{ kind = \"distance\", kilometres = 10 }", &[]);
    assert!(found.contains("4 of 4 regions"), "{found}");
    let gal = b"4\n01 1\n09\n02 0\n\n03 0\n\n04 0\n\n";
    let found = complaint("{ kind = \"file\", path = \"links.gal\" }", &[("links.gal", gal)]);
    assert!(found.contains("no region has the code `09`"), "{found}");
}
