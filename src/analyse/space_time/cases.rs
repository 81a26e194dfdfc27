//! The file of events: counts by region of the map and period, every problem at once.

use std::collections::BTreeMap;

use super::Options;
use crate::{
    analyse::{
        cells::{Cells, whole},
        input::Input,
        periods::{self, Every, Periods},
    },
    diagnostics::{Place, Problem, Problems, codes, did_you_mean},
    model::Date,
    read::map::{self, Wanted},
};

/// Counts by region and period.
pub(super) struct Cases {
    pub(super) sha256: String,
    pub(super) periods: Periods,
    /// All periods of the map's first region, then of the second.
    pub(super) counts: Vec<u64>,
    pub(super) total: u64,
    pub(super) notes: Vec<String>,
}

impl Cases {
    /// Counts of a region, one per period.
    pub(super) fn of(&self, region: usize) -> &[u64] {
        let n = self.periods.len();
        &self.counts[region * n..(region + 1) * n]
    }
}

/// One row that can be used.
struct Row {
    line: u64,
    region: usize,
    at: Date,
    length: Every,
    events: u64,
}

/// Reads the file.
pub(super) fn read(input: &Input, options: &Options) -> Result<Cases, Problems> {
    let columns = &options.columns;
    let mut asked = vec![columns.region.as_str(), columns.time.as_str()];
    asked.extend(columns.events.as_deref());
    let wanted = Wanted { columns: &asked, plane: true, placed: true };
    let found = map::read(&options.cases, &wanted)?;
    let file = options.cases.display().to_string();
    let mut cells = Cells::new(&file, &options.map.missing);
    let codes: BTreeMap<&str, usize> =
        input.regions.iter().enumerate().map(|(at, region)| (region.id.as_str(), at)).collect();
    let mut rows = Vec::new();
    for row in found.rows {
        let line = row.row;
        let mut given = row.cells.into_iter();
        let [code, time] = [0, 1].map(|_| cells.given(given.next().flatten()));
        let region = region(code.as_deref(), &codes, line, &columns.region, &mut cells);
        let moment = periods::cell(time.as_deref(), line, &columns.time, &mut cells);
        let events = match &columns.events {
            None => Some(1),
            Some(column) => count(given.next().flatten(), line, column, &mut cells),
        };
        if let (Some(region), Some((at, length)), Some(events)) = (region, moment, events) {
            rows.push(Row { line, region, at, length, events });
        }
    }
    let longest = rows.iter().map(|row| row.length).max().unwrap_or(Every::Day);
    let every = options.every.unwrap_or_else(|| longest.max(Every::Month));
    for row in &rows {
        periods::fits((row.at, row.length), every, row.line, &columns.time, &mut cells);
    }
    cells.result()?;
    let days = || rows.iter().map(|row| row.at);
    let periods = days()
        .min()
        .zip(days().max())
        .and_then(|(first, last)| Periods::between(every, first, last))
        .filter(|periods| periods.len() >= 2)
        .ok_or_else(|| {
            Problem::new(&codes::OPTION, format!("holds no two {} to compare", every.many()))
                .at(Place::File(file.clone()))
                .help("give more periods, or shorter ones: `--every month`")
        })?;
    let mut counts = vec![0; input.regions.len() * periods.len()];
    for row in &rows {
        let period = periods.of(row.at).expect("invariant: periods span all rows");
        counts[row.region * periods.len() + period] += row.events;
    }
    let mut notes = found.notes;
    notes.push(format!(
        "a region without a row for a {} is taken to have had no event in it",
        every.one()
    ));
    Ok(Cases { sha256: found.sha256, total: counts.iter().sum(), periods, counts, notes })
}

fn region<'a>(
    code: Option<&str>,
    codes: &BTreeMap<&str, usize>,
    line: u64,
    column: &'a str,
    cells: &mut Cells<'a>,
) -> Option<usize> {
    let problem = match code.map(|code| (code, codes.get(code))) {
        Some((_, Some(&at))) => return Some(at),
        Some((code, None)) => {
            let help = did_you_mean(code, codes.keys().copied())
                .unwrap_or_else(|| "use the codes of `--id`, or remove the row".to_owned());
            Problem::new(&codes::BAD_CELL, format!("no region of the map has the code `{code}`"))
                .help(help)
        }
        None => Problem::new(&codes::BAD_CELL, "the row has no region")
            .help("give it the code of a region, or remove it"),
    };
    cells.refuse(problem, line, column);
    None
}

/// A count has to be there: a missing one is no 0.
fn count<'a>(
    text: Option<String>,
    line: u64,
    column: &'a str,
    cells: &mut Cells<'a>,
) -> Option<u64> {
    let Some(text) = cells.given(text) else {
        let problem = Problem::new(&codes::BAD_CELL, "the count is missing").help(
            "what is not known is no 0: leave the region out of the map, or shorten the time",
        );
        cells.refuse(problem, line, column);
        return None;
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`whole` admits whole numbers from 0 to 2^53 only"
    )]
    let count = cells.number(Some(text), line, column, whole).map(|count| count as u64);
    count
}
