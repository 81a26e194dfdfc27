//! Cells as numbers: every problem of a file at once, column by column.

use std::collections::BTreeMap;

use crate::diagnostics::{Place, Problem, Problems, codes};

/// Problems of one column after which the others are only counted.
const ENOUGH: usize = 20;

/// The largest count: the sum over thousands of regions is still one that a float holds exactly.
const LARGEST_COUNT: f64 = 1e12;

/// Lets 0 and more pass.
pub(super) fn not_negative(value: f64) -> Result<(), &'static str> {
    if value < 0.0 { Err("is negative") } else { Ok(()) }
}

/// Lets counts pass.
pub(super) fn whole(value: f64) -> Result<(), &'static str> {
    not_negative(value)?;
    if value.fract() != 0.0 {
        return Err("is not a whole number");
    }
    if value > LARGEST_COUNT { Err("is too large for a count") } else { Ok(()) }
}

/// Reads cells and collects what is wrong with them, by column.
pub(super) struct Cells<'a> {
    file: &'a str,
    missing: &'a [String],
    problems: BTreeMap<&'a str, Vec<Problem>>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(file: &'a str, missing: &'a [String]) -> Self {
        Self { file, missing, problems: BTreeMap::new() }
    }

    /// The text of a cell, unless it means a missing one.
    pub(super) fn given(&self, text: Option<String>) -> Option<String> {
        text.filter(|text| !self.missing.contains(text))
    }

    /// The number in a cell that `check` lets pass.
    pub(super) fn number(
        &mut self,
        text: Option<String>,
        row: u64,
        column: &'a str,
        check: impl Fn(f64) -> Result<(), &'static str>,
    ) -> Option<f64> {
        let text = text?;
        let parsed = text.parse::<f64>().ok().filter(|value| value.is_finite());
        let why = match parsed.map(check) {
            Some(Ok(())) => return parsed,
            Some(Err(why)) => why,
            None => "is not a number",
        };
        let help = match why {
            "is negative" => "counts and populations are 0 or more; correct the cell".to_owned(),
            "is not a number" if text.replacen(',', ".", 1).parse::<f64>().is_ok() => {
                "write numbers with a decimal point and without separators: `1.5`, `2300`"
                    .to_owned()
            }
            "is not a number" => format!(
                "correct the cell, write numbers without separators, or say that `{text}` means missing: `--missing \"{text}\"`"
            ),
            _ => "give counts of events; a rate or an estimate goes in by `--value`".to_owned(),
        };
        self.refuse(
            Problem::new(&codes::BAD_CELL, format!("`{text}` {why}")).help(help),
            row,
            column,
        );
        None
    }

    /// Codes, each with its row, that stand in two rows.
    pub(super) fn repeated<'c>(
        &mut self,
        codes: impl Iterator<Item = (&'c str, u64)>,
        column: &'a str,
    ) {
        let mut first: BTreeMap<&str, u64> = BTreeMap::new();
        for (code, row) in codes {
            if let Some(&before) = first.get(code) {
                let message = format!("`{code}` is the code of row {before} too");
                let problem = Problem::new(&codes::BAD_CELL, message)
                    .help("give every region its own code, join the rows, or leave `--id` out");
                self.refuse(problem, row, column);
            } else {
                first.insert(code, row);
            }
        }
    }

    /// Notes a problem of a cell.
    pub(super) fn refuse(&mut self, problem: Problem, row: u64, column: &'a str) {
        let place = Place::Row { file: self.file.to_owned(), row, column: Some(column.to_owned()) };
        self.problems.entry(column).or_default().push(problem.at(place));
    }

    /// Notes a problem of the file as a whole.
    pub(super) fn refuse_file(&mut self, problem: Problem) {
        self.problems.entry("").or_default().push(problem);
    }

    /// All problems of all columns.
    ///
    /// # Errors
    /// When there are any.
    pub(super) fn result(self) -> Result<(), Problems> {
        let mut all = Problems::default();
        for (column, mut problems) in self.problems {
            let n = problems.len();
            if n > ENOUGH {
                problems.truncate(ENOUGH);
                let code = problems[0].code;
                let message = format!("{} more cells of `{column}` cannot be used", n - ENOUGH);
                problems.push(Problem::new(code, message).at(Place::File(self.file.to_owned())));
            }
            all.extend(Problems(problems));
        }
        all.into_result()
    }
}

#[test]
fn counts_are_whole_and_not_negative() {
    assert_eq!(whole(3.0), Ok(()));
    assert_eq!(whole(-1.0), Err("is negative"));
    assert_eq!(whole(0.5), Err("is not a whole number"));
    assert_eq!(whole(1e16), Err("is too large for a count"));
}
