//! Known totals of the population, read from a table of variables, values and totals.

use super::{Margins, input::Labels};
use crate::{
    analyse::cells::Cells,
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    read::map::{self, Wanted},
};

/// The columns of the table.
const COLUMNS: [&str; 3] = ["variable", "value", "total"];

/// How many persons have one value.
#[derive(Debug, Clone)]
pub(super) struct Total {
    pub(super) value: String,
    pub(super) persons: f64,
    line: u64,
}

/// What is known of one variable.
#[derive(Debug, Clone)]
pub(super) enum Totals {
    /// Persons by value.
    Categories(Vec<Total>),
    /// The sum of a number.
    Sum(f64),
}

/// A respondent's part in a variable.
#[derive(Debug, Clone)]
pub(super) enum Column {
    /// Position among the totals, one per row.
    Codes(Vec<u32>),
    /// The number, one per row.
    Numbers(Vec<f64>),
}

/// All that is known, by variable in the order of the table.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) file: String,
    pub(super) sha256: String,
    pub(super) variables: Vec<(String, Totals)>,
}

impl Known {
    /// Names of the variables, which are columns of the respondents' file.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(name, _)| name.as_str())
    }

    /// Values of the totals that no respondent has, and values of respondents without a total.
    pub(super) fn unmatched(
        &self,
        variable: &str,
        totals: &[Total],
        labels: &Labels,
        lines: &[u64],
        file: &str,
    ) -> Vec<Problem> {
        let names = || labels.names.iter().map(String::as_str);
        let mut problems = Vec::new();
        for total in totals.iter().filter(|total| !labels.names.contains(&total.value)) {
            let help = did_you_mean(&total.value, names()).unwrap_or_else(|| {
                "join it with another value, in both files: without respondents nothing can stand for it".to_owned()
            });
            let place = Place::Row {
                file: self.file.clone(),
                row: total.line,
                column: Some("value".into()),
            };
            let message = format!("no respondent’s `{variable}` is `{}`", total.value);
            problems.push(Problem::new(&codes::BAD_CELL, message).at(place).help(help));
        }
        for (name, code) in labels.names.iter().zip(0..) {
            if totals.iter().any(|total| total.value == *name) {
                continue;
            }
            let of = || labels.codes.iter().zip(lines).filter(|(own, _)| **own == code);
            let n = of().count();
            let row = of().next().map_or(0, |(_, line)| *line);
            let help = format!("add its total to {}, or join it with another value", self.file);
            let place =
                Place::Row { file: file.to_owned(), row, column: Some(variable.to_owned()) };
            let message =
                format!("the total of `{name}` is not known ({n} respondents, the first here)");
            problems.push(Problem::new(&codes::BAD_CELL, message).at(place).help(help));
        }
        problems
    }
}

/// Reads the table.
///
/// # Errors
/// All problems of the table at once.
pub(super) fn read(margins: &Margins) -> Result<Known, Problems> {
    let file = margins.file.display().to_string();
    // Says what a file is that is no table.
    map::columns(&margins.file)?;
    let wanted = Wanted { columns: &COLUMNS, plane: true, placed: true };
    let found = map::read(&margins.file, &wanted)?;
    let mut cells = Cells::new(&file, &[]);
    let mut known = Known { file: file.clone(), sha256: found.sha256, variables: Vec::new() };
    for row in found.rows {
        let line = row.row;
        let Ok([variable, value, total]) = <[Option<String>; 3]>::try_from(row.cells) else {
            continue;
        };
        let mut refuse = |message: String, help: &str, column: &'static str| {
            cells.refuse(Problem::new(&codes::BAD_CELL, message).help(help), line, column);
        };
        let Some(variable) = variable else {
            refuse("is missing".to_owned(), "name the column of the respondents’ file", COLUMNS[0]);
            continue;
        };
        let shown = total.clone().unwrap_or_default();
        let total = total.and_then(|text| text.parse::<f64>().ok()).filter(|v| v.is_finite());
        let Some(total) = total else {
            let message = format!("`{shown}` is not a number");
            refuse(message, "give the persons of the population, without separators", COLUMNS[2]);
            continue;
        };
        if value.is_some() && total <= 0.0 {
            let message = format!("`{shown}` is not above 0");
            refuse(
                message,
                "a value nobody has needs no row; leave it out here and in the file",
                COLUMNS[2],
            );
            continue;
        }
        let at = known.variables.iter().position(|(name, _)| *name == variable);
        match (at, value) {
            (None, None) => known.variables.push((variable, Totals::Sum(total))),
            (None, Some(value)) => {
                let first = Total { value, persons: total, line };
                known.variables.push((variable, Totals::Categories(vec![first])));
            }
            (Some(at), Some(value)) => match &mut known.variables[at].1 {
                Totals::Categories(list) if list.iter().all(|known| known.value != value) => {
                    list.push(Total { value, persons: total, line });
                }
                _ => refuse(
                    format!("`{variable}` has this total already"),
                    "give every value one total",
                    COLUMNS[1],
                ),
            },
            (Some(_), None) => refuse(
                format!("`{variable}` has totals already"),
                "a row without a value gives the sum of a number, and stands alone",
                COLUMNS[1],
            ),
        }
    }
    cells.result()?;
    Ok(known)
}
