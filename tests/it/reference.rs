//! Our statistics against numbers made with other software (R, spdep, esda, scipy), kept outside the project.
//!
//! The folder is `$SAET_SHARED`, or `../shared` beside the project. Without it the tests say so and pass, except on the
//! build server (`CI=true`), where it must be there. Tolerances: 1e-9 relative for anything both sides compute in closed
//! form, though most agree to 1e-12; printed tables to half a unit of their last decimal; where the other side is known
//! to be less accurate, the line says so.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::float_cmp,
    clippy::unwrap_used,
    reason = "reference files lie outside the project and are read whole, a note explains skipped tests, and a file that \
              cannot be read is a failed test"
)]

mod areal;
mod areal_draws;
mod concentration;
mod dispersion;
mod intervals;
mod multiple;
mod pilot;
mod published;
mod scan;
mod smoothing;
mod spatial;
mod standardised;
mod surveillance;
mod survey;
mod trend;
mod weights;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use saet::model::Weights;
use serde_json::Value;

/// Relative tolerance where both sides use the same closed form.
pub(crate) const CLOSE: f64 = 1e-9;

pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("SAET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.join("oracle").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "reference folder {} is missing",
        folder.display()
    );
    eprintln!("note: reference folder {} is missing, nothing compared", folder.display());
    None
}

pub(crate) fn golden(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared()?.join("oracle/goldens").join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// A CSV without quoted commas: column name → cells.
fn table(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let unquoted = |cell: &str| cell.trim_matches('"').to_owned();
    let names: Vec<String> = lines.next().unwrap().split(',').map(unquoted).collect();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            columns.entry(name.clone()).or_default().push(unquoted(cell));
        }
    }
    columns
}

fn floats(cells: &[String]) -> Vec<f64> {
    cells.iter().map(|cell| cell.parse().unwrap()).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers as text")]
fn counts(cells: &[String]) -> Vec<u64> {
    floats(cells).into_iter().map(|value| value.round() as u64).collect()
}

pub(crate) fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

/// A neighbour file: a header, then per region its 1-based number and degree, and a line of neighbours.
fn gal(path: &Path) -> Weights {
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let lists = lines[1..]
        .chunks(2)
        .map(|pair| {
            let neighbours = pair.get(1).copied().unwrap_or("");
            neighbours.split_whitespace().map(|id| id.parse::<u32>().unwrap() - 1).collect()
        })
        .collect();
    Weights::binary(lists)
}

#[track_caller]
pub(crate) fn assert_close(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-300)
            || (ours - theirs).abs() <= 1e-15,
        "{what}: {ours:e}, reference {theirs:e}"
    );
}
