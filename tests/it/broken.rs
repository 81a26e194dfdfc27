//! Inputs broken on purpose: each gives a clear error and leaves the previous output as it was.

use std::{fs, path::Path};

use crate::runs::{country, files, run};

/// Breaks an assessment and expects an exit code and words in the message; the output of an earlier run stays.
#[track_caller]
fn check(break_it: impl Fn(&Path), exit: i32, words: &[&str]) {
    let place = tempfile::tempdir().unwrap();
    country(place.path());
    let folder = place.path().to_str().unwrap();
    let out = place.path().join("out");
    // A stand-in for last year's output: what a failed run may not touch.
    fs::create_dir_all(out.join("restricted")).unwrap();
    fs::write(out.join("restricted/index.html"), "last year").unwrap();
    let before = files(&out);
    break_it(place.path());
    let done = run(&["run", folder, "--out", out.to_str().unwrap()]);
    let message = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(exit), "{message}");
    // Long lines are wrapped and marked at their start.
    let flat: String = message
        .lines()
        .map(|line| line.trim_start_matches([' ', '│', '×', '├', '╰', '─', '▶']).trim_end())
        .collect::<Vec<_>>()
        .join(" ");
    for word in words {
        assert!(flat.contains(word), "`{word}` is not in:\n{message}");
    }
    assert_eq!(files(&out), before, "the previous output changed");
    let left_over = fs::read_dir(place.path())
        .unwrap()
        .any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(".saet-"));
    assert!(!left_over, "a temporary folder was left behind");
}

/// Replaces text in a file; the text must be there.
#[track_caller]
fn replace(path: &Path, from: &str, to: &str) {
    let bytes = fs::read(path).unwrap();
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap_or_else(|| panic!("`{from}` is not in {}", path.display()));
    let mut changed = bytes[..at].to_vec();
    changed.extend_from_slice(to.as_bytes());
    changed.extend_from_slice(&bytes[at + from.len()..]);
    fs::write(path, changed).unwrap();
}

/// The lines of a file, changed.
fn edit(path: &Path, change: impl Fn(&mut Vec<Vec<u8>>)) {
    let bytes = fs::read(path).unwrap();
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    change(&mut lines);
    fs::write(path, lines.join(&b'\n')).unwrap();
}

#[test]
fn a_missing_column() {
    let name = |folder: &Path| replace(&folder.join("data/population.csv"), "persons", "people");
    check(
        name,
        3,
        &["data/population.csv", "no column `persons`", "`people`", "read::missing_column"],
    );
}

#[test]
fn an_unknown_region() {
    let break_it = |folder: &Path| {
        edit(&folder.join("data/population.csv"), |lines| {
            let comma = lines[1].iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap();
            lines[1].splice(..comma, *b"ZZ99");
        });
    };
    check(
        break_it,
        3,
        &["data/population.csv:2", "unknown region", "`ZZ99`", "locate::unknown_region"],
    );
}

#[test]
fn a_bad_date() {
    let break_it = |folder: &Path| {
        edit(&folder.join("data/population.csv"), |lines| {
            let line = String::from_utf8(lines[3].clone()).unwrap();
            let cells: Vec<&str> = line.split(',').collect();
            let mut cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            let at = cells.iter().position(|cell| cell.len() == 10 || cell.len() == 4).unwrap();
            cells[at] = "31.31.2020".to_owned();
            lines[3] = cells.join(",").into_bytes();
        });
    };
    check(break_it, 3, &["data/population.csv:4", "not a date", "`31.31.2020`", "2016-03-05"]);
}

#[test]
fn a_negative_count() {
    let break_it = |folder: &Path| {
        edit(&folder.join("data/population.csv"), |lines| {
            let line = String::from_utf8(lines[2].clone()).unwrap();
            let (head, _) = line.rsplit_once(',').unwrap();
            lines[2] = format!("{head},-5").into_bytes();
        });
    };
    check(break_it, 3, &["data/population.csv:3", "negative count", "`-5`"]);
}

#[test]
fn an_overlapping_polygon() {
    let break_it = |folder: &Path| {
        let path = folder.join("data/boundaries/districts.geojson");
        let mut file: serde_json::Value =
            serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let first = file["features"][0]["geometry"].clone();
        file["features"][1]["geometry"] = first;
        fs::write(&path, file.to_string()).unwrap();
    };
    check(break_it, 3, &["districts.geojson", "overlap", "locate::geometry"]);
}

#[test]
fn a_wrong_encoding() {
    let break_it = |folder: &Path| {
        let path = folder.join("assessment.toml");
        let text = fs::read_to_string(&path).unwrap();
        let declared = text.replace("encoding = \"windows-1252\"", "encoding = \"utf-8\"");
        assert_ne!(declared, text);
        fs::write(&path, declared).unwrap();
    };
    check(break_it, 3, &["data/crimes.csv:", "not in the encoding UTF-8", "read::encoding"]);
}

#[test]
fn an_empty_file() {
    let break_it = |folder: &Path| fs::write(folder.join("data/elections.csv"), "").unwrap();
    check(break_it, 3, &["data/elections.csv", "the file is empty", "read::empty_file"]);
}

#[test]
fn a_cut_off_parquet_file() {
    let break_it = |folder: &Path| {
        let path = folder.join("data/events.parquet");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    };
    check(break_it, 3, &["data/events.parquet", "not a Parquet file", "cut off"]);
}

#[test]
fn all_problems_come_at_once() {
    let break_it = |folder: &Path| {
        replace(&folder.join("data/population.csv"), "persons", "people");
        fs::write(folder.join("data/elections.csv"), "").unwrap();
        fs::remove_file(folder.join("data/crimes.csv")).unwrap();
    };
    check(
        break_it,
        3,
        &["data/population.csv", "data/elections.csv", "crimes.csv", "read::no_file"],
    );
}

#[test]
fn a_mistyped_key_is_met_with_a_suggestion() {
    let break_it = |folder: &Path| {
        replace(&folder.join("assessment.toml"), "test_levels", "test_level");
    };
    check(
        break_it,
        2,
        &["assessment.toml:", "unknown key `test_level`", "did you mean `test_levels`?"],
    );
}
