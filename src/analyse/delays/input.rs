//! Rows become a reporting triangle: events by period of occurrence and by how late they became known.

use super::{
    Options,
    periods::{self, Every, Periods},
};
use crate::{
    analyse::cells::Cells,
    diagnostics::{Place, Problem, Problems, codes},
    model::Date,
    read::map::{self, Wanted},
    statistics::surveillance::reporting_triangle::Triangle,
};

/// Fewer whole periods than this tell nothing about delays.
const FEWEST: usize = 3;

/// The file.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) file: String,
    pub(super) format: String,
    pub(super) sha256: String,
    pub(super) n_rows: usize,
    /// Events in the triangle.
    pub(super) n_used: usize,
    /// Periods of occurrence.
    pub(super) periods: Periods,
    pub(super) triangle: Triangle,
    pub(super) notes: Vec<String>,
}

impl Input {
    /// The longest delay seen, in periods.
    pub(super) fn longest(&self) -> usize {
        self.triangle.rows()[0].len() - 1
    }
}

/// The days of an event, as first days of what the cells say.
struct Event {
    occurred: Date,
    reported: Date,
}

/// Rows that are in no figure.
#[derive(Default)]
struct LeftOut {
    without_occurred: usize,
    without_reported: usize,
    too_late: usize,
    too_early: usize,
}

/// Reads the file.
pub(super) fn read(options: &Options) -> Result<Input, Problems> {
    let names = [options.occurred.as_str(), options.reported.as_str()];
    let wanted = Wanted { columns: &names, plane: true, placed: true };
    let found = map::read(&options.file, &wanted)?;
    let file = options.file.display().to_string();
    let mut cells = Cells::new(&file, &options.missing);
    let mut left = LeftOut::default();
    let n_rows = found.rows.len();
    let mut events = Vec::with_capacity(n_rows);
    for row in found.rows {
        let mut given = row.cells.into_iter();
        let occurred = cells.given(given.next().flatten());
        let reported = cells.given(given.next().flatten());
        left.without_occurred += usize::from(occurred.is_none());
        left.without_reported += usize::from(reported.is_none() && occurred.is_some());
        let mut time = |text: Option<String>, column| {
            let time = periods::cell(Some(text?.as_str()), row.row, column, &mut cells)?;
            periods::fits(time, options.every, row.row, column, &mut cells);
            Some(time)
        };
        let occurred = time(occurred, names[0]);
        let reported = time(reported, names[1]);
        let (Some((occurred, _)), Some((reported, length))) = (occurred, reported) else {
            continue;
        };
        if length.end(reported) < occurred {
            let message = format!("`{reported}` lies before the event, `{occurred}`");
            let problem = Problem::new(&codes::BAD_CELL, message)
                .help("nothing is reported before it happens: correct one of the two days");
            cells.refuse(problem, row.row, names[1]);
            continue;
        }
        events.push(Event { occurred, reported: reported.max(occurred) });
    }
    cells.result()?;
    let (last, mut notes) = last_whole(options);
    let n_dated = events.len();
    events.retain(|event| event.reported <= last);
    left.too_late = n_dated - events.len();
    let n_known = events.len();
    events.retain(|event| options.from.is_none_or(|from| event.occurred >= from));
    left.too_early = n_known - events.len();
    let refuse = |message: &str, help: &str| -> Problems {
        let place = Place::File(file.clone());
        Problem::new(&codes::OPTION, message).at(place).help(help).into()
    };
    let first = options.from.or_else(|| events.iter().map(|event| event.occurred).min());
    let Some(first) = first.filter(|_| !events.is_empty()) else {
        return Err(refuse(
            &format!("no event with both dates was reported by {last}"),
            "correct `--until`, or the columns of `--occurred` and `--reported`",
        ));
    };
    let amiss = |what: String| {
        refuse(
            &format!("from {first} to {last} there are {what}"),
            "correct the dates, or give another length by `--every`",
        )
    };
    let many = || amiss(format!("more {} than can be meant", options.every.many()));
    let periods = Periods::between(options.every, first, last).ok_or_else(many)?;
    if periods.len() < FEWEST {
        return Err(amiss(format!(
            "fewer than {FEWEST} whole {}, and delays need as many",
            options.every.many()
        )));
    }
    notes.splice(0..0, found.notes);
    notes.extend(left.notes(last, options));
    let triangle = triangle(&events, &periods);
    let (format, sha256) = (found.format, found.sha256);
    let n_used = events.len();
    let input = Input { file, format, sha256, n_rows, n_used, periods, triangle, notes };
    Ok(input.with_warnings())
}

/// The end of the last period that `--until` covers as a whole.
fn last_whole(options: &Options) -> (Date, Vec<String>) {
    let start = options.every.start(options.until);
    if options.every.end(start) == options.until {
        return (options.until, Vec::new());
    }
    let last = start.pred_opt().unwrap_or(start);
    let note = format!(
        "`--until` lies within {}: reports are taken up to the end of {}",
        options.every.label(start),
        options.every.label(options.every.start(last))
    );
    (last, vec![note])
}

impl LeftOut {
    fn notes(&self, last: Date, options: &Options) -> Vec<String> {
        let kinds = [
            (self.without_occurred, format!("rows without `{}`", options.occurred)),
            (self.without_reported, format!("rows without `{}`", options.reported)),
            (self.too_late, format!("rows reported after {last}")),
            (self.too_early, "rows of events before `--from`".to_owned()),
        ];
        let some = kinds.into_iter().filter(|(n, _)| *n > 0);
        some.map(|(n, what)| format!("{what}, left out: {n}")).collect()
    }
}

impl Input {
    /// Says where the triangle is too short to know the longest delays.
    fn with_warnings(mut self) -> Self {
        let n = self.periods.len();
        if 2 * self.longest() >= n {
            self.notes.push(format!(
                "the longest delay seen ({} {}) is long beside the {n} periods there are: later reports may come that nobody could see yet",
                self.longest(),
                self.periods.every.many(),
            ));
        }
        self
    }
}

fn triangle(events: &[Event], periods: &Periods) -> Triangle {
    let n = periods.len();
    let placed: Vec<(usize, usize)> = events
        .iter()
        .filter_map(|event| {
            let (occurred, reported) = (periods.of(event.occurred)?, periods.of(event.reported)?);
            Some((occurred, reported - occurred))
        })
        .collect();
    let longest = placed.iter().map(|(_, delay)| *delay).max().unwrap_or(0);
    let mut rows: Vec<Vec<u64>> = (0..n).map(|at| vec![0; (n - at).min(longest + 1)]).collect();
    for (at, delay) in placed {
        rows[at][delay] += 1;
    }
    Triangle::new(rows).expect("invariant: newer periods know fewer delays")
}

/// Delays in words: `within the same month`, `after 2 months`.
pub(super) fn after(delay: usize, every: Every) -> String {
    match delay {
        0 => format!("within the same {}", every.one()),
        1 => format!("by the end of the next {}", every.one()),
        n => format!("after {n} {}", every.many()),
    }
}
