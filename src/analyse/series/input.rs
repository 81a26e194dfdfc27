//! The file's rows: when, how many, of which series; every problem at once.

use std::collections::BTreeMap;

use super::{
    Options,
    periods::{self, Every},
};
use crate::{
    analyse::cells::{Cells, not_negative, whole},
    diagnostics::{Place, Problem, Problems, codes},
    model::Date,
    read::map::{self, Wanted},
};

/// One row of the file.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) line: u64,
    /// First day of what the cell says.
    pub(super) at: Date,
    /// Its length.
    pub(super) length: Every,
    /// `None`: missing; 1 where rows are events.
    pub(super) events: Option<u64>,
    pub(super) population: Option<f64>,
    /// Position among the names of series.
    pub(super) of: usize,
}

/// The file's rows in its order.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    pub(super) all: Vec<Row>,
    /// Names of series, in the order of the file.
    pub(super) names: Vec<String>,
    /// What one period is.
    pub(super) every: Every,
    /// What one row of counts is; rows that are events: a day, or whatever their cells say.
    pub(super) grain: Every,
    pub(super) notes: Vec<String>,
}

/// The name of rows without one.
pub(super) const NOT_STATED: &str = "not stated";

/// Reads the rows.
pub(super) fn rows(options: &Options) -> Result<Rows, Problems> {
    let columns = &options.columns;
    let asked = [
        Some(columns.time.clone()),
        columns.events.clone(),
        columns.population.clone(),
        columns.by.clone(),
    ];
    let names: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
    let wanted = Wanted { columns: &names, plane: true, placed: true };
    let found = map::read(&options.file, &wanted)?;
    let file = options.file.display().to_string();
    let mut cells = Cells::new(&file, &options.missing);
    let column = |at: usize| asked[at].as_deref().unwrap_or_default();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = Vec::with_capacity(found.rows.len());
    let mut n_without_name = 0_usize;
    for row in found.rows {
        let mut given = row.cells.into_iter();
        let [time, events, population, by] = asked.each_ref().map(|column| {
            let text = if column.is_some() { given.next().flatten() } else { None };
            cells.given(text)
        });
        let time = periods::cell(time.as_deref(), row.row, column(0), &mut cells);
        let events = match &columns.events {
            Some(_) => cells.number(events, row.row, column(1), whole).map(to_count),
            None => Some(1),
        };
        let population = cells.number(population, row.row, column(2), not_negative);
        let name = by.unwrap_or_else(|| {
            n_without_name += usize::from(columns.by.is_some());
            NOT_STATED.to_owned()
        });
        let n_known = known.len();
        let of = *known.entry(name).or_insert(n_known);
        if let Some((at, length)) = time {
            rows.push(Row { line: row.row, at, length, events, population, of });
        }
    }
    let mut notes = found.notes;
    if n_without_name > 0 {
        notes.push(format!(
            "rows without a value in `{}`: {n_without_name}; they are the series “{NOT_STATED}”",
            column(3)
        ));
    }
    let (every, grain) = lengths(&rows, options, &mut cells, &mut notes);
    if columns.population.is_some() {
        repeated(&rows, grain, column(0), &mut cells);
    }
    cells.result()?;
    let mut names = vec![String::new(); known.len()];
    for (name, at) in known {
        names[at] = name;
    }
    Ok(Rows {
        file,
        format: found.format,
        sha256: found.sha256,
        all: rows,
        names,
        every,
        grain,
        notes,
    })
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`whole` admits whole numbers from 0 to 2^53 only"
)]
fn to_count(count: f64) -> u64 {
    count as u64
}

/// The length of a period and of what a row of counts is; cells that do not fit are refused.
fn lengths<'a>(
    rows: &[Row],
    options: &'a Options,
    cells: &mut Cells<'a>,
    notes: &mut Vec<String>,
) -> (Every, Every) {
    let column = options.columns.time.as_str();
    let mut usual: BTreeMap<Every, usize> = BTreeMap::new();
    for row in rows {
        *usual.entry(row.length).or_default() += 1;
    }
    let coarsest = usual.keys().next_back().copied().unwrap_or(Every::Day);
    if options.columns.events.is_none() {
        let every = options.every.unwrap_or_else(|| coarsest.max(Every::Month));
        too_coarse(rows, every, column, cells);
        return (every, coarsest);
    }
    let most = usual.iter().max_by_key(|(_, n)| **n).map_or(Every::Day, |(length, _)| *length);
    for row in rows.iter().filter(|row| row.length != most) {
        let problem = Problem::new(
            &codes::BAD_CELL,
            format!(
                "`{}` is a {} where other rows are {}",
                row.length.label(row.at),
                row.length.one(),
                most.many()
            ),
        );
        let help = "give all rows the same length, so that nothing is counted twice";
        cells.refuse(problem.help(help), row.line, column);
    }
    let inferred = if most == Every::Day { grain_of_dates(rows) } else { most };
    let grain = if most == Every::Day {
        options.every.map_or(inferred, |every| every.min(inferred))
    } else {
        most
    };
    let every = options.every.unwrap_or(grain);
    if most == Every::Day && options.every.is_none() {
        notes.push(format!(
            "dates are taken as those of {}: say otherwise by `--every`",
            grain.many()
        ));
    }
    too_coarse(rows, every, column, cells);
    (every, grain)
}

/// Refuses cells that are longer than a period.
fn too_coarse<'a>(rows: &[Row], every: Every, column: &'a str, cells: &mut Cells<'a>) {
    for row in rows {
        periods::fits((row.at, row.length), every, row.line, column, cells);
    }
}

/// What dates stand for: the longest period all of them are a first day of.
fn grain_of_dates(rows: &[Row]) -> Every {
    let all = |every: Every| rows.iter().all(|row| every.start(row.at) == row.at);
    let one_weekday = rows.windows(2).all(|pair| (pair[1].at - pair[0].at).num_days() % 7 == 0);
    [Every::Year, Every::Quarter, Every::Month]
        .into_iter()
        .find(|&every| all(every))
        .unwrap_or(if one_weekday { Every::Week } else { Every::Day })
}

/// Two rows of one period and series: which population is meant?
fn repeated<'a>(rows: &[Row], grain: Every, column: &'a str, cells: &mut Cells<'a>) {
    let mut first: BTreeMap<(usize, Date), u64> = BTreeMap::new();
    for row in rows {
        if let Some(before) = first.get(&(row.of, grain.start(row.at))) {
            let message = format!("`{}` is the period of row {before} too", grain.label(row.at));
            let problem = Problem::new(&codes::BAD_CELL, message).help(
                "with `--population` every series has one row a period: join the rows, or name the column that tells them apart, `--by COL`",
            );
            cells.refuse(problem, row.line, column);
        } else {
            first.insert((row.of, grain.start(row.at)), row.line);
        }
    }
}

/// A file in which nothing is left to count.
pub(super) fn nothing_left(file: &str, message: &str, help: &str) -> Problems {
    Problem::new(&codes::OPTION, message).at(Place::File(file.to_owned())).help(help).into()
}
