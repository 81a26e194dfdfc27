//! Standard populations: how many of their persons each stratum of the file holds.

use super::{
    Options, Standard,
    input::{Input, Stratum},
};
use crate::{
    analyse::cells::{Cells, not_negative},
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    read::map::{self, Wanted},
};

/// The European Standard Population of 2013: label, first and last year of age, persons of 100 000. Bands of five years as
/// published, and those that are sums of them.
///
/// Source: Eurostat (2013), *Revision of the European Standard Population*, doi:10.2785/11470.
const ESP2013: [(&str, u32, u32, f64); 26] = [
    ("0", 0, 0, 1000.0),
    ("1-4", 1, 4, 4000.0),
    ("0-4", 0, 4, 5000.0),
    ("5-9", 5, 9, 5500.0),
    ("10-14", 10, 14, 5500.0),
    ("15-19", 15, 19, 5500.0),
    ("20-24", 20, 24, 6000.0),
    ("25-29", 25, 29, 6000.0),
    ("30-34", 30, 34, 6500.0),
    ("35-39", 35, 39, 7000.0),
    ("40-44", 40, 44, 7000.0),
    ("45-49", 45, 49, 7000.0),
    ("50-54", 50, 54, 7000.0),
    ("55-59", 55, 59, 6500.0),
    ("60-64", 60, 64, 6000.0),
    ("65-69", 65, 69, 5500.0),
    ("70-74", 70, 74, 5000.0),
    ("75-79", 75, 79, 4000.0),
    ("80-84", 80, 84, 2500.0),
    ("85-89", 85, 89, 1500.0),
    ("90-94", 90, 94, 800.0),
    ("75+", 75, OPEN, 9000.0),
    ("80+", 80, OPEN, 5000.0),
    ("85+", 85, OPEN, 2500.0),
    ("90+", 90, OPEN, 1000.0),
    ("95+", 95, OPEN, 200.0),
];

/// Last year of an open band.
const OPEN: u32 = 999;

/// Persons of the standard population by stratum of the file.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    pub(super) persons: Vec<f64>,
    /// What the standard is, with its source.
    pub(super) words: String,
    /// Of a table.
    pub(super) sha256: Option<String>,
    pub(super) notes: Vec<String>,
}

/// Persons of the standard in each stratum.
///
/// # Errors
/// Bands that the standard does not know, or that overlap.
pub(super) fn weigh(input: &Input, options: &Options) -> Result<Weights, Problems> {
    match &options.standard {
        Standard::Pooled => Ok(pooled(input)),
        Standard::Esp2013 => european(input, options),
        Standard::File(_) => table(input, options),
    }
}

fn pooled(input: &Input) -> Weights {
    let of = |stratum: usize| {
        let cells = input.cells.iter().filter_map(|cells| cells[stratum]?.known());
        cells.map(|(_, persons)| persons).sum()
    };
    Weights {
        persons: (0..input.strata.len()).map(of).collect(),
        words: "all areas of the file together".to_owned(),
        sha256: None,
        notes: Vec::new(),
    }
}

fn european(input: &Input, options: &Options) -> Result<Weights, Problems> {
    let mut problems = Problems::default();
    let at =
        |row: u64| Place::Row { file: input.file.clone(), row, column: Some(options.band.clone()) };
    let mut found = Vec::new();
    for (stratum, row) in input.strata.iter().zip(&input.first_rows) {
        let band = ESP2013.iter().find(|(label, ..)| *label == stratum.band);
        let Some(&(label, first, last, persons)) = band else {
            let known: Vec<String> = ESP2013.iter().map(|band| format!("`{}`", band.0)).collect();
            let message =
                format!("`{}` is no band of the European Standard Population 2013", stratum.band);
            let help = format!(
                "its bands are {}; for others give a table: `--standard STANDARD.csv`",
                known.join(", ")
            );
            if !problems.0.iter().any(|problem| problem.message == message) {
                problems.push(Problem::new(&codes::BAD_CELL, message).at(at(*row)).help(help));
            }
            continue;
        };
        let overlaps = |other: &&(&str, u32, u32, f64)| {
            other.0 != label && other.1 <= last && first <= other.2
        };
        if let Some(other) = found.iter().find(overlaps) {
            let message = format!("`{label}` and `{}` overlap", other.0);
            let help = "give every age one band, the same in all areas";
            problems.push(Problem::new(&codes::BAD_CELL, message).at(at(*row)).help(help));
        }
        found.push((label, first, last, persons));
    }
    problems.into_result()?;
    let mut bands = found.clone();
    bands.sort_unstable_by_key(|band| band.1);
    bands.dedup_by_key(|band| band.0);
    let sum: f64 = bands.iter().map(|band| band.3).sum();
    let mut notes = Vec::new();
    if sum < 100_000.0 {
        notes.push(format!(
            "the file’s bands hold {sum} of the standard’s 100000 persons: rates are those of these ages only"
        ));
    }
    Ok(Weights {
        persons: found.iter().map(|band| band.3).collect(),
        words: "the European Standard Population 2013 (Eurostat 2013, doi:10.2785/11470)"
            .to_owned(),
        sha256: None,
        notes,
    })
}

fn table(input: &Input, options: &Options) -> Result<Weights, Problems> {
    let Standard::File(path) = &options.standard else { return Ok(pooled(input)) };
    let file = path.display().to_string();
    let header = map::columns(path)?;
    let has_sex = header.iter().any(|name| name == "sex") && options.sex.is_some();
    let columns = ["band", "population", "sex"];
    let wanted = &columns[..if has_sex { 3 } else { 2 }];
    let found = map::read(path, &Wanted { columns: wanted, plane: true, placed: true })?;
    let mut cells = Cells::new(&file, &[]);
    let mut known: Vec<(Stratum, f64)> = Vec::new();
    for row in found.rows {
        let line = row.row;
        let mut texts = row.cells.into_iter();
        let [band, persons, sex] = [(); 3].map(|()| texts.next().flatten());
        if persons.is_none() {
            let help = "give the persons of the standard population in this band; 0 leaves it out";
            cells.refuse(
                Problem::new(&codes::BAD_CELL, "is missing").help(help),
                line,
                "population",
            );
        }
        let persons = cells.number(persons, line, "population", not_negative);
        let (Some(band), Some(persons)) = (band, persons) else { continue };
        let stratum = Stratum { band, sex };
        if known.iter().any(|(other, _)| *other == stratum) {
            let message = format!("`{}` stands twice", stratum.name());
            let help = "give every band one row; without `--sex` a standard has no sexes";
            cells.refuse(Problem::new(&codes::BAD_CELL, message).help(help), line, "band");
        }
        known.push((stratum, persons));
    }
    cells.result()?;
    let mut problems = Problems::default();
    let mut persons = Vec::new();
    for (stratum, row) in input.strata.iter().zip(&input.first_rows) {
        let wanted =
            Stratum { band: stratum.band.clone(), sex: stratum.sex.clone().filter(|_| has_sex) };
        if let Some((_, own)) = known.iter().find(|(known, _)| *known == wanted) {
            persons.push(*own);
            continue;
        }
        let names: Vec<String> = known.iter().map(|(stratum, _)| stratum.name()).collect();
        let listed: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let help = did_you_mean(&wanted.name(), names.iter().map(String::as_str))
            .unwrap_or_else(|| format!("it has {}", listed.join(", ")));
        let place =
            Place::Row { file: input.file.clone(), row: *row, column: Some(options.band.clone()) };
        let message = format!("`{}` is not in the standard {file}", wanted.name());
        problems.push(Problem::new(&codes::BAD_CELL, message).at(place).help(help));
    }
    if problems.is_empty() && persons.iter().all(|persons| *persons <= 0.0) {
        let problem = Problem::new(&codes::BAD_CELL, "no band of the standard holds anybody");
        problems.push(problem.at(Place::File(file.clone())).help("give the persons of each band"));
    }
    problems.into_result()?;
    let in_file = |stratum: &Stratum| {
        input
            .strata
            .iter()
            .any(|own| own.band == stratum.band && (!has_sex || own.sex == stratum.sex))
    };
    let unused: Vec<String> = known
        .iter()
        .filter(|(stratum, persons)| *persons > 0.0 && !in_file(stratum))
        .map(|(stratum, _)| format!("`{}`", stratum.name()))
        .collect();
    let mut notes = Vec::new();
    if !unused.is_empty() {
        notes.push(format!(
            "the file has no {} of the standard: rates are those of the other bands",
            unused.join(", ")
        ));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Weights {
        persons,
        words: format!("the standard in {name}"),
        sha256: Some(found.sha256),
        notes,
    })
}

#[test]
fn the_european_standard_adds_up() {
    let five: f64 = ESP2013.iter().filter(|band| band.2 != OPEN).map(|band| band.3).sum();
    // 0 and 1–4 stand beside 0–4, and 95+ is open.
    assert!((five - 5000.0 + 200.0 - 100_000.0).abs() < 1e-9);
    for (label, first, _, persons) in ESP2013.iter().filter(|band| band.2 == OPEN) {
        let parts: f64 = ESP2013
            .iter()
            .filter(|band| band.1 >= *first && (band.2 != OPEN || band.0 == "95+"))
            .map(|band| band.3)
            .sum();
        assert!((parts - persons).abs() < 1e-9, "{label}");
    }
}
