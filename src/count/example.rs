//! Examples inside indicator files: small text tables and the numbers that must come out of them.
//!
//! This reads and checks their form; counting them is the plan's business.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    assessment::Table,
    declaration::{Entry, Fields, Located, Reader, quoted},
    diagnostics::{Place, codes, did_you_mean},
};

/// Columns an expectation can have. `events`, `low`, `high` and `sizes` (ascending, separated by blanks) belong to attendance.
pub const EXPECT_COLUMNS: [&str; 13] = [
    "measure",
    "region",
    "period",
    "ideology",
    "part",
    "numerator",
    "denominator",
    "unknown",
    "exposure",
    "events",
    "low",
    "high",
    "sizes",
];

/// The table of an example that says which ideology a party is listed under.
pub const PARTIES: &str = "parties";

/// One example of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What it shows, where it says so.
    pub title: Option<String>,
    /// Canonical tables by name, and [`PARTIES`].
    pub tables: BTreeMap<String, TextTable>,
    /// What must come out: one row a cell, with columns from [`EXPECT_COLUMNS`]. An empty cell is not compared; `-` means
    /// that there must be no value.
    pub expect: TextTable,
    /// Where it is written.
    pub place: Place,
}

/// A table written with bars between its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTable {
    /// Column names.
    pub columns: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
    /// The line of each row, in the order of `rows`.
    pub places: Vec<Place>,
}

impl TextTable {
    /// The cell of a row under a column; `None` when there is no such column.
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.rows.get(row).map(|cells| cells[at].as_str())
    }
}

/// The examples of a file. `measures` are the ids an expectation may name; none: they could not be read.
pub(super) fn read(entry: &Entry<'_>, measures: &[&str]) -> Vec<Example> {
    let sections = entry.tables().unwrap_or_default();
    sections.into_iter().filter_map(|fields| example(fields, measures)).collect()
}

fn example(mut fields: Fields<'_>, measures: &[&str]) -> Option<Example> {
    let reader = fields.reader();
    let place = reader.place(fields.span());
    let title = fields.optional("title").and_then(|entry| entry.text());
    let expect = fields.required("expect").and_then(|entry| text_table(&entry, &EXPECT_COLUMNS));
    if let Some(expect) = &expect {
        check_expectation(reader, expect, measures);
    }
    let mut tables = BTreeMap::new();
    for (name, entry) in fields.rest() {
        let Some(columns) = columns_of(&name.value) else {
            let known = Table::ALL.map(|(_, known)| known).into_iter().chain([PARTIES, "expect"]);
            reader.unknown_name("table", &name, known);
            continue;
        };
        if let Some(table) = text_table(&entry, &columns) {
            tables.insert(name.value, table);
        }
    }
    Some(Example { title: title.map(|text| text.value), tables, expect: expect?, place })
}

fn columns_of(table: &str) -> Option<Vec<&'static str>> {
    if table == PARTIES {
        return Some(vec!["party", "ideology"]);
    }
    let (table, _) = Table::ALL.iter().find(|(_, known)| *known == table)?;
    Some(table.columns().iter().map(|(name, _, _)| *name).collect())
}

/// Reads a text table: the first line names the columns, the others are rows.
fn text_table(entry: &Entry<'_>, known: &[&str]) -> Option<TextTable> {
    let reader = entry.reader();
    let text = entry.text()?;
    let mut lines = lines(reader, &text);
    if lines.is_empty() {
        entry.bad(format!("table `{}` is empty", entry.key().value), None);
        return None;
    }
    let (header, header_span) = lines.remove(0);
    let columns: Vec<String> = cells(&header);
    let mut is_good = true;
    for column in &columns {
        if !known.contains(&column.as_str()) {
            let name = Located { value: column.clone(), span: header_span.clone() };
            reader.unknown_name("column", &name, known.iter().copied());
            is_good = false;
        }
    }
    let mut table = TextTable { columns, rows: Vec::new(), places: Vec::new() };
    for (line, span) in lines {
        let row = cells(&line);
        if row.len() == table.columns.len() {
            table.rows.push(row);
            table.places.push(reader.place(span));
        } else {
            let message =
                format!("a row of {} cells under {} columns", row.len(), table.columns.len());
            reader.report(&codes::BAD_VALUE, message, span, None);
            is_good = false;
        }
    }
    is_good.then_some(table)
}

/// The lines that hold something, each with its place in the file.
fn lines(reader: &Reader, text: &Located<String>) -> Vec<(String, Range<usize>)> {
    let raw = &reader.text().content[text.span.clone()];
    let mut from = 0;
    let mut lines = Vec::new();
    for line in text.value.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let span = match raw[from..].find(line) {
            Some(at) => {
                let start = from + at;
                from = start + line.len();
                text.span.start + start..text.span.start + from
            }
            None => text.span.clone(),
        };
        lines.push((line.to_owned(), span));
    }
    lines
}

fn cells(line: &str) -> Vec<String> {
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn check_expectation(reader: &Reader, expect: &TextTable, measures: &[&str]) {
    for (row, place) in expect.places.iter().enumerate() {
        let Place::Span(_, span) = place else { continue };
        let bad = |message: String, help: Option<String>| {
            reader.report(&codes::BAD_VALUE, message, span.clone(), help);
        };
        for column in ["measure", "region", "period"] {
            if expect.cell(row, column).is_none_or(str::is_empty) {
                bad(format!("the expectation names no {column}"), None);
            }
        }
        let measure = expect.cell(row, "measure").unwrap_or_default();
        if !measures.is_empty() && !measure.is_empty() && !measures.contains(&measure) {
            let help = did_you_mean(measure, measures.iter().copied())
                .unwrap_or_else(|| format!("the indicator has {}", quoted(measures)));
            bad(format!("the indicator has no measure `{measure}`"), Some(help));
        }
        for column in &EXPECT_COLUMNS[5..] {
            let cell = expect.cell(row, column).unwrap_or_default();
            let is_number = cell.split_whitespace().all(|part| part.parse::<f64>().is_ok());
            if cell != "-" && !is_number {
                let help = "an empty cell is not compared, `-` means that there is no value";
                bad(format!("`{cell}` is not a number"), Some(help.to_owned()));
            }
        }
    }
    if expect.rows.is_empty() {
        let span = match expect.places.first() {
            Some(Place::Span(_, span)) => span.clone(),
            _ => 0..0,
        };
        reader.report(&codes::BAD_VALUE, "the expectation has no row", span, None);
    }
}
