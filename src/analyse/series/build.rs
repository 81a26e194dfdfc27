//! Rows become series: a count for every period, or why there is none.

use std::collections::BTreeMap;

use super::{
    Options,
    input::{self, Row, Rows, nothing_left},
    periods::{Every, Periods},
};
use crate::{diagnostics::Problems, model::Date, statistics::numerics::float::size};

/// The name of the sum of all series.
const WHOLE: &str = "all";

/// An end period less covered than this may be incomplete, when nothing says since when events were recorded.
const COVERED: f64 = 0.9;

/// What is known of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Covered as a whole.
    Recorded,
    /// Covered in part: its count is not compared.
    Incomplete,
    /// Not known.
    Missing,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Incomplete => "incomplete",
            Self::Missing => "missing",
        }
    }
}

/// One period of one series.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// `None` where missing.
    pub(super) events: Option<u64>,
    pub(super) population: Option<f64>,
    pub(super) status: Status,
    /// Why it is not recorded; empty otherwise.
    pub(super) reason: String,
}

impl Cell {
    /// The count, where the period is covered as a whole.
    pub(super) fn count(&self) -> Option<u64> {
        self.events.filter(|_| self.status == Status::Recorded)
    }
}

/// A series.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
    /// One per period.
    pub(super) cells: Vec<Cell>,
    /// Days of its events in order; empty where rows are counts, or say less than a day.
    pub(super) days: Vec<Date>,
}

impl Series {
    /// Everything counted.
    pub(super) fn total(&self) -> u64 {
        self.cells.iter().filter_map(|cell| cell.events).sum()
    }

    /// Periods covered as a whole.
    pub(super) fn n_recorded(&self) -> usize {
        self.cells.iter().filter(|cell| cell.status == Status::Recorded).count()
    }
}

/// The file as series; the first is the whole where there are several.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    pub(super) n_rows: usize,
    pub(super) periods: Periods,
    pub(super) series: Vec<Series>,
    /// Whether rows are counts.
    pub(super) has_counts: bool,
    pub(super) has_population: bool,
    pub(super) notes: Vec<String>,
}

impl Input {
    /// What values are, for slopes a year.
    pub(super) fn measured(&self) -> &'static str {
        if self.has_population { "events per 100,000 persons a year" } else { "events a year" }
    }
}

/// Reads the file.
pub(super) fn read(options: &Options) -> Result<Input, Problems> {
    let mut rows = input::rows(options)?;
    let n_rows = rows.all.len();
    let counts = options.columns.events.is_some();
    if !counts {
        outside(&mut rows, options)?;
    }
    let days = rows.all.iter().map(|row| row.at);
    let (first, last) = (
        options.from.or_else(|| days.clone().min()).unwrap_or_default(),
        options
            .until
            .or_else(|| rows.all.iter().map(|row| row.length.end(row.at)).max())
            .unwrap_or_default(),
    );
    let periods = Periods::between(rows.every, first, last).ok_or_else(|| {
        nothing_left(
            &rows.file,
            &format!("from {first} to {last} there are too many {}", rows.every.many()),
            "correct the dates, or give a longer period by `--every`",
        )
    })?;
    let mut notes = std::mem::take(&mut rows.notes);
    let mut series = if counts {
        counted(&rows, &periods, &mut notes)
    } else {
        events(&rows, &periods, options, (first, last), &mut notes)
    };
    if series.len() > 1 {
        let whole = whole(&series, &periods);
        series.insert(0, whole);
    }
    let Rows { file, format, sha256, .. } = rows;
    let has_population = options.columns.population.is_some();
    Ok(Input {
        file,
        format,
        sha256,
        n_rows,
        periods,
        series,
        has_counts: counts,
        has_population,
        notes,
    })
}

/// Leaves out events before `--from` and after `--until`, and says how many.
fn outside(rows: &mut Rows, options: &Options) -> Result<(), Problems> {
    let is_inside = |row: &Row| {
        options.from.is_none_or(|from| row.at >= from)
            && options.until.is_none_or(|until| row.at <= until)
    };
    let n_all = rows.all.len();
    rows.all.retain(is_inside);
    let n = n_all - rows.all.len();
    if rows.all.is_empty() {
        return Err(nothing_left(
            &rows.file,
            "no row lies between `--from` and `--until`",
            "give days that the file covers",
        ));
    }
    if n > 0 {
        rows.notes.push(format!("rows before `--from` or after `--until`, left out: {n}"));
    }
    Ok(())
}

/// Rows that are events: zero where there is none.
fn events(
    rows: &Rows,
    periods: &Periods,
    options: &Options,
    (first, last): (Date, Date),
    notes: &mut Vec<String>,
) -> Vec<Series> {
    let n = periods.len();
    let mut found: Vec<Vec<u64>> = vec![vec![0; n]; rows.names.len()];
    let mut days: Vec<Vec<Date>> = vec![Vec::new(); rows.names.len()];
    let has_days = rows.all.iter().all(|row| row.length == Every::Day);
    for row in &rows.all {
        if let Some(at) = periods.of(row.at) {
            found[row.of][at] += 1;
        }
        if has_days {
            days[row.of].push(row.at);
        }
    }
    let partly: Vec<Option<String>> =
        (0..n).map(|at| partly_covered(periods, at, options, (first, last))).collect();
    notes.extend(partly.iter().flatten().map(|why| format!("{why}; it is not compared")));
    let cell = |events: u64, why: &Option<String>| Cell {
        events: Some(events),
        population: None,
        status: if why.is_some() { Status::Incomplete } else { Status::Recorded },
        reason: why.clone().unwrap_or_default(),
    };
    let named = rows.names.iter().zip(found).zip(days);
    named
        .map(|((name, counts), mut days)| {
            days.sort_unstable();
            let cells = counts.into_iter().zip(&partly).map(|(events, why)| cell(events, why));
            Series { name: named_series(name, rows), cells: cells.collect(), days }
        })
        .collect()
}

/// A file without `--by` has one series, of everything.
fn named_series(name: &str, rows: &Rows) -> String {
    if rows.names.len() == 1 && name == input::NOT_STATED {
        WHOLE.to_owned()
    } else {
        name.to_owned()
    }
}

/// Why a period at an end is not covered as a whole.
fn partly_covered(
    periods: &Periods,
    at: usize,
    options: &Options,
    (first, last): (Date, Date),
) -> Option<String> {
    let (start, end) = (periods.starts[at], periods.end(at));
    if start >= first && end <= last {
        return None;
    }
    let days =
        |from: Date, to: Date| size(usize::try_from((to - from).num_days() + 1).unwrap_or(0));
    let share = days(start.max(first), end.min(last)) / days(start, end);
    let label = periods.label(at);
    let declared =
        (start >= first || options.from.is_some()) && (end <= last || options.until.is_some());
    if declared {
        return Some(format!("{label} is covered in part only"));
    }
    if share >= COVERED {
        return None;
    }
    let (row, day, option) =
        if start < first { ("first", first, "--from") } else { ("last", last, "--until") };
    Some(format!(
        "{label} may be covered in part only: the {row} row is of {day}, and nothing says more (`{option}`)"
    ))
}

/// What rows say of one grain of a series.
#[derive(Default)]
struct Grain {
    /// `None` once a count is missing.
    events: Option<u64>,
    population: Option<f64>,
    n_rows: usize,
}

/// Rows that are counts: missing where there is none.
fn counted(rows: &Rows, periods: &Periods, notes: &mut Vec<String>) -> Vec<Series> {
    let mut grains: BTreeMap<(usize, Date), Grain> = BTreeMap::new();
    for row in &rows.all {
        let grain = grains.entry((row.of, rows.grain.start(row.at))).or_default();
        grain.events = match (grain.n_rows, grain.events, row.events) {
            (0, _, events) => events,
            (_, Some(before), Some(events)) => Some(before + events),
            _ => None,
        };
        grain.population = row.population;
        grain.n_rows += 1;
    }
    let n_repeated = grains.values().filter(|grain| grain.n_rows > 1).count();
    if n_repeated > 0 {
        notes.push(format!(
            "{} of one series with several rows: {n_repeated}; their counts were added up",
            rows.grain.many()
        ));
    }
    let cells = |of: usize| -> Vec<Cell> {
        (0..periods.len()).map(|at| summed(of, at, rows, periods, &grains)).collect()
    };
    let names = rows.names.iter().enumerate();
    names
        .map(|(of, name)| Series {
            name: named_series(name, rows),
            cells: cells(of),
            days: Vec::new(),
        })
        .collect()
}

/// A period from the rows that lie in it: known when all of them are there.
fn summed(
    of: usize,
    at: usize,
    rows: &Rows,
    periods: &Periods,
    grains: &BTreeMap<(usize, Date), Grain>,
) -> Cell {
    let (start, end) = (periods.starts[at], periods.end(at));
    let inside: Vec<&Grain> =
        grains.range((of, start)..=(of, end)).map(|(_, grain)| grain).collect();
    let missing =
        |reason: String| Cell { events: None, population: None, status: Status::Missing, reason };
    if inside.is_empty() {
        return missing("no row".to_owned());
    }
    // Only months and quarters tell how many of them a period has.
    let n_needed = match (periods.every, rows.grain) {
        (Every::Year, Every::Quarter) => 4,
        (Every::Year, Every::Month) => 12,
        (Every::Quarter, Every::Month) => 3,
        _ => 1,
    };
    if inside.len() < n_needed {
        return missing(format!("{} of {n_needed} {} have a row", inside.len(), rows.grain.many()));
    }
    let Some(events) = inside.iter().map(|grain| grain.events).sum::<Option<u64>>() else {
        return missing("the count is missing".to_owned());
    };
    let persons: Option<f64> = inside.iter().map(|grain| grain.population).sum();
    Cell {
        events: Some(events),
        population: persons.map(|persons| persons / size(inside.len())),
        status: Status::Recorded,
        reason: String::new(),
    }
}

/// The sum of all series; missing where one of them is.
fn whole(series: &[Series], periods: &Periods) -> Series {
    let cell = |at: usize| {
        let cells = || series.iter().map(|series| &series.cells[at]);
        let missing = series.iter().find(|series| series.cells[at].events.is_none());
        let part = cells().find(|cell| cell.status == Status::Incomplete);
        let (status, reason) = match (missing, part) {
            (Some(series), _) => (Status::Missing, format!("“{}” is missing", series.name)),
            (None, Some(part)) => (Status::Incomplete, part.reason.clone()),
            (None, None) => (Status::Recorded, String::new()),
        };
        Cell {
            events: cells().map(|cell| cell.events).sum(),
            population: cells().map(|cell| cell.population).sum(),
            status,
            reason,
        }
    };
    let taken = series.iter().any(|series| series.name == WHOLE);
    let mut days: Vec<Date> =
        series.iter().flat_map(|series| series.days.iter().copied()).collect();
    days.sort_unstable();
    Series {
        name: if taken { format!("{WHOLE} (sum)") } else { WHOLE.to_owned() },
        cells: (0..periods.len()).map(cell).collect(),
        days,
    }
}
