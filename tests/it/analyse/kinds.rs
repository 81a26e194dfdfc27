//! Running one kind of analysis, and reading what it wrote or what it refused.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;

use crate::runs::{files, saet};

/// What a run wrote.
pub(super) struct Table {
    pub(super) summary: Value,
    pub(super) page: String,
    pub(super) files: BTreeMap<String, Vec<u8>>,
    columns: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// A column of the table.
    #[track_caller]
    pub(super) fn cells(&self, column: &str) -> &[String] {
        self.columns.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// A column as numbers.
    #[track_caller]
    pub(super) fn numbers(&self, column: &str) -> Vec<Option<f64>> {
        self.cells(column).iter().map(|cell| cell.parse().ok()).collect()
    }

    /// Rows whose cell is this.
    #[track_caller]
    pub(super) fn rows(&self, column: &str, cell: &str) -> Vec<usize> {
        let cells = self.cells(column).iter().enumerate();
        cells.filter(|(_, found)| *found == cell).map(|(row, _)| row).collect()
    }

    /// A file as text.
    pub(super) fn text(&self, name: &str) -> String {
        String::from_utf8(self.files[name].clone()).unwrap()
    }
}

/// Runs a kind of analysis on a file into a folder beside it.
pub(super) fn run_kind(
    kind: &str,
    file: &Path,
    arguments: &[&str],
    threads: &str,
) -> (Output, PathBuf) {
    let out = file.parent().unwrap().join(format!("out{threads}"));
    let done = saet(&["--format", "json", "analyse", kind, file.to_str().unwrap()])
        .args(arguments)
        .args(["--out", out.to_str().unwrap()])
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    (done, out)
}

/// Runs it, which must work, and reads everything.
#[track_caller]
pub(super) fn of_kind(kind: &str, file: &Path, arguments: &[&str], table: &str) -> Table {
    let (done, out) = run_kind(kind, file, arguments, "2");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let files = files(&out);
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(files[table].as_slice());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for record in reader.records() {
        for (name, cell) in names.iter().zip(&record.unwrap()) {
            columns.entry(name.clone()).or_default().push(cell.to_owned());
        }
    }
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let summary = serde_json::from_str(&text("summary.json")).unwrap();
    Table { summary, page: text("index.html"), columns, files }
}

/// The problems of a run that must fail, as printed for machines.
#[track_caller]
pub(super) fn must_fail(kind: &str, file: &Path, arguments: &[&str], exit: i32) -> Vec<Value> {
    let (done, _) = run_kind(kind, file, arguments, "2");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(exit), "{said}");
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
