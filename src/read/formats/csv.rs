//! Delimited text in the wild: any encoding and delimiter, header rows that are not the first, trailing delimiters.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::{Column, DataFrame, IntoLazy, NamedFrom, Series};

use super::{Grid, TableFormat, file_column};
use crate::{
    assessment::{HeaderRule, Source},
    diagnostics::{Place, Problem, Problems, codes},
    model::Reject,
    read::text::{DecodeError, decode},
    storage,
};

pub(super) static ENTRY: Csv = Csv;

/// Comma-, semicolon-, tab- or bar-separated text.
pub(super) struct Csv;

impl TableFormat for Csv {
    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "txt"]
    }

    fn open(&self, path: &Path, shown: &str, source: &Source) -> Result<Grid, Problems> {
        let bytes = storage::read(path)?;
        let here = || Place::File(shown.to_owned());
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::new(&codes::EMPTY_FILE, "the file is empty")
                .at(here())
                .help("put the delivered file back, or take the source out of the assessment")
                .into());
        }
        let decoded = decode(&bytes, source.encoding.as_deref())
            .map_err(|error| encoding_problem(&error, shown, source))?;
        let delimiter = source.delimiter.unwrap_or_else(|| detect_delimiter(&decoded.text));
        let table = Lines::parse(&decoded.text, delimiter, &source.header)
            .map_err(|problem| problem.at(here()))?;
        if table.rows.is_empty() {
            return Err(Problem::new(&codes::EMPTY_FILE, "the file has a header but no rows")
                .at(here())
                .help("put the delivered file back, or take the source out of the assessment")
                .into());
        }
        Ok(Grid {
            description: format!(
                "{}{}, delimiter `{}`",
                decoded.encoding,
                if decoded.detected { " (detected)" } else { "" },
                if delimiter == b'\t' {
                    "tab".to_owned()
                } else {
                    char::from(delimiter).to_string()
                },
            ),
            sha256: storage::sha256(&bytes),
            frame: table.frame(&source.nulls).lazy(),
            header: table.header,
        })
    }
}

fn encoding_problem(error: &DecodeError, shown: &str, source: &Source) -> Problem {
    match error {
        DecodeError::UnknownLabel => Problem::new(
            &codes::ENCODING,
            format!("`{}` is not an encoding", source.encoding.as_deref().unwrap_or_default()),
        )
        .at(Place::File(shown.to_owned()))
        .help("name one such as `utf-8`, `latin1`, `windows-1252` or `utf-16le`"),
        DecodeError::Malformed { encoding, line } => {
            Problem::new(&codes::ENCODING, format!("not in the encoding {encoding}"))
                .at(Place::Row { file: shown.to_owned(), row: *line as u64, column: None })
                .help(format!(
                    "source `{}`: correct `encoding`, or leave it out to have it detected",
                    source.id
                ))
        }
    }
}

/// The delimiter that cuts the first lines into the most columns, evenly; quoted parts are skipped.
pub(in crate::read) fn detect_delimiter(text: &str) -> u8 {
    let counts = |delimiter: u8| -> (usize, usize) {
        let mut histogram: BTreeMap<usize, usize> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty()).take(50) {
            let mut quoted = false;
            let mut n = 0;
            for byte in line.bytes() {
                match byte {
                    b'"' => quoted = !quoted,
                    byte if byte == delimiter && !quoted => n += 1,
                    _ => {}
                }
            }
            *histogram.entry(n).or_default() += 1;
        }
        histogram
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, lines)| (lines, n))
            .max()
            .unwrap_or((0, 0))
    };
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .max_by_key(|&delimiter| counts(delimiter))
        .unwrap_or(b',')
}

/// The rows below the header, cell by cell.
pub(in crate::read) struct Lines {
    /// Column names.
    pub(in crate::read) header: Vec<String>,
    /// The line each row begins at, and its cells.
    pub(in crate::read) rows: Vec<(u32, Vec<String>)>,
}

impl Lines {
    /// Cuts a text into cells, trimmed.
    pub(in crate::read) fn parse(
        text: &str,
        delimiter: u8,
        rule: &HeaderRule,
    ) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut header: Option<Vec<String>> = (*rule == HeaderRule::None).then(Vec::new);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                Problem::new(&codes::FORMAT, format!("not a delimited table: {error}"))
                    .help("check the delimiter and unbalanced quotation marks")
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            match (&header, rule) {
                (None, HeaderRule::Match(start)) if !cells[0].starts_with(start.as_str()) => {}
                (None, _) => header = Some(cells),
                (Some(_), _) if is_column_numbers(&cells) && rows.is_empty() => {}
                (Some(_), _) => {
                    let line = u32::try_from(line).map_err(|_| {
                        Problem::new(&codes::FORMAT, "more than four thousand million lines")
                    })?;
                    rows.push((line, cells));
                }
            }
        }
        let header = header.ok_or_else(|| {
            let wanted = match rule {
                HeaderRule::Match(start) => format!("no row starts with `{start}`"),
                _ => "there is no header row".to_owned(),
            };
            Problem::new(&codes::FORMAT, wanted)
                .help("correct `header = { match = \"…\" }` to the text the header row starts with")
        })?;
        Ok(Self { header, rows })
    }

    fn frame(&self, nulls: &[String]) -> DataFrame {
        let width = match self.header.len() {
            0 => self.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0),
            named => named,
        };
        let lines: Vec<u32> = self.rows.iter().map(|(line, _)| *line).collect();
        let broken: Vec<Option<u32>> = self
            .rows
            .iter()
            .map(|(_, cells)| {
                cells[width.min(cells.len())..]
                    .iter()
                    .any(|cell| !cell.is_empty())
                    .then_some(Reject::TooManyCells.code())
            })
            .collect();
        let mut columns: Vec<Column> = (0..width)
            .map(|position| {
                let cells: Vec<Option<&str>> = self
                    .rows
                    .iter()
                    .map(|(_, cells)| {
                        cells.get(position).map(String::as_str).filter(|cell| {
                            !cell.is_empty() && !nulls.iter().any(|null| null == cell)
                        })
                    })
                    .collect();
                Series::new(file_column(position).into(), cells).into()
            })
            .collect();
        columns.push(Series::new("line".into(), lines).into());
        columns.push(Series::new("broken".into(), broken).into());
        DataFrame::new(self.rows.len(), columns)
            .expect("invariant: all columns have one cell per row")
    }
}

/// A row such as `1;2;3;…` that numbers the columns.
fn is_column_numbers(cells: &[String]) -> bool {
    let mut cells = cells.to_vec();
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells.len() > 1
        && cells.iter().enumerate().all(|(position, cell)| {
            cell.strip_suffix(".0").unwrap_or(cell) == (position + 1).to_string()
        })
}

#[test]
fn header_rows_of_column_numbers_are_skipped() {
    let text = "1;2;3;\nKey;Name;n;\n1;2;3.0;\n------;\"A;B\";7;\n";
    let lines = Lines::parse(text, b';', &HeaderRule::Match("Key".to_owned())).unwrap();
    assert_eq!(lines.header, ["Key", "Name", "n", ""]);
    assert_eq!(lines.rows.len(), 1);
    assert_eq!((lines.rows[0].0, lines.rows[0].1[1].as_str()), (4, "A;B"));
}

#[test]
fn the_delimiter_is_the_one_that_cuts_evenly() {
    assert_eq!(detect_delimiter("a;b\n1,5;2\n3,5;4\n"), b';');
    assert_eq!(detect_delimiter("a,b\n\"x;y;z\",2\n"), b',');
    assert_eq!(detect_delimiter("a\tb\n1\t2\n"), b'\t');
}
