//! Periods: texts as dates, months, quarters or years, and the periods between two days without a gap.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::cells::Cells;
use crate::{
    diagnostics::{Problem, codes},
    model::Date,
};

/// More periods than this are a mistake in a date or in the length asked for.
const MOST: usize = 20_000;

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Every {
    /// A day.
    Day,
    /// A week from Monday on (ISO 8601).
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

impl Every {
    /// How many make a year, about.
    pub(super) fn per_year(self) -> u32 {
        match self {
            Self::Day => 365,
            Self::Week => 52,
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Year => 1,
        }
    }

    /// One of them, in words.
    pub(super) fn one(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Several of them, in words.
    pub(super) fn many(self) -> &'static str {
        match self {
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Quarter => "quarters",
            Self::Year => "years",
        }
    }

    /// The first day of the period a day lies in.
    pub(super) fn start(self, day: Date) -> Date {
        let first = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day.week(Weekday::Mon).first_day(),
            Self::Month => first(day.month()),
            Self::Quarter => first(day.month0() / 3 * 3 + 1),
            Self::Year => first(1),
        }
    }

    /// The first day of the period after the one that starts here.
    pub(super) fn next(self, start: Date) -> Date {
        let next = match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            Self::Year => start.checked_add_months(Months::new(12)),
        };
        next.expect("invariant: years have four digits")
    }

    /// The last day of the period that starts here.
    pub(super) fn end(self, start: Date) -> Date {
        self.next(start).pred_opt().expect("invariant: years have four digits")
    }

    /// What people call the period that starts here: `2016-03`, `2016-Q1`, `2016-W09`.
    pub(super) fn label(self, start: Date) -> String {
        match self {
            Self::Day => start.format("%Y-%m-%d").to_string(),
            Self::Week => {
                let week = start.iso_week();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Self::Month => start.format("%Y-%m").to_string(),
            Self::Quarter => format!("{}-Q{}", start.year(), start.month0() / 3 + 1),
            Self::Year => start.year().to_string(),
        }
    }

    /// The period that starts here as a part of its year.
    pub(super) fn share_of_year(self, start: Date) -> f64 {
        days(start, self.next(start)) / days_of_year(start)
    }
}

/// Days from one to another.
fn days(from: Date, to: Date) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "days of centuries")]
    let days = (to - from).num_days() as f64;
    days
}

fn days_of_year(day: Date) -> f64 {
    let year = Every::Year.start(day);
    days(year, Every::Year.next(year))
}

/// What a text says: the first day, and how long it lasts.
pub(super) fn parse(text: &str) -> Option<(Date, Every)> {
    let text = text.trim();
    let year = text.get(..4)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = year.parse().ok().filter(|year| *year >= 1000)?;
    let rest = text.get(4..)?;
    if rest.is_empty() {
        return Some((NaiveDate::from_ymd_opt(year, 1, 1)?, Every::Year));
    }
    let tail = rest.trim_start_matches(['-', ' ']);
    if let Some(quarter) = tail.strip_prefix(['Q', 'q']) {
        let quarter: u32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        return Some((NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1)?, Every::Quarter));
    }
    if let Some(week) = tail.strip_prefix(['W', 'w']) {
        let start = NaiveDate::from_isoywd_opt(year, digits(week)?, Weekday::Mon)?;
        return Some((start, Every::Week));
    }
    let mut parts = rest.strip_prefix('-')?.splitn(2, '-');
    let month = digits(parts.next()?)?;
    let Some(day) = parts.next() else {
        return Some((NaiveDate::from_ymd_opt(year, month, 1)?, Every::Month));
    };
    // A time of day may follow.
    let day = day.split(['T', ' ']).next().unwrap_or(day);
    Some((NaiveDate::from_ymd_opt(year, month, digits(day)?)?, Every::Day))
}

/// What a cell says; refused when that is no time, or nothing.
pub(super) fn cell<'a>(
    text: Option<&str>,
    row: u64,
    column: &'a str,
    cells: &mut Cells<'a>,
) -> Option<(Date, Every)> {
    let Some(text) = text else {
        let problem = Problem::new(&codes::BAD_CELL, "the row has no date")
            .help("give it the date, month, quarter or year it is of, or remove it");
        cells.refuse(problem, row, column);
        return None;
    };
    let found = parse(text);
    if found.is_none() {
        let message = format!("`{text}` is no date, month, quarter or year");
        let problem = Problem::new(&codes::BAD_CELL, message)
            .help("write 2016-03-01, 2016-03, 2016-Q1, 2016-W09 or 2016");
        cells.refuse(problem, row, column);
    }
    found
}

/// Refuses a cell that is longer than a period.
pub(super) fn fits<'a>(
    (at, length): (Date, Every),
    every: Every,
    row: u64,
    column: &'a str,
    cells: &mut Cells<'a>,
) {
    if length > every {
        let message = format!(
            "`{}` is a {} and lies in no single {}",
            length.label(at),
            length.one(),
            every.one()
        );
        let problem = Problem::new(&codes::BAD_CELL, message)
            .help(format!("give a longer period: `--every {}`", length.one()));
        cells.refuse(problem, row, column);
    }
}

fn digits(text: &str) -> Option<u32> {
    let two = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if two { text.parse().ok() } else { None }
}

/// The periods from one day to another, without a gap.
#[derive(Debug, Clone)]
pub(super) struct Periods {
    pub(super) every: Every,
    pub(super) starts: Vec<Date>,
}

impl Periods {
    /// `None` when there are too many to be meant.
    pub(super) fn between(every: Every, first: Date, last: Date) -> Option<Self> {
        let mut starts = vec![every.start(first)];
        while let Some(&at) = starts.last() {
            let next = every.next(at);
            if next > last {
                break;
            }
            if starts.len() == MOST {
                return None;
            }
            starts.push(next);
        }
        Some(Self { every, starts })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The period a day lies in.
    pub(super) fn of(&self, day: Date) -> Option<usize> {
        let at = self.starts.partition_point(|start| *start <= day).checked_sub(1)?;
        (day <= self.end(at)).then_some(at)
    }

    /// The last day of a period.
    pub(super) fn end(&self, at: usize) -> Date {
        self.every.end(self.starts[at])
    }

    /// The middle of a period in years: 2016.5 of the year 2016.
    pub(super) fn middle(&self, at: usize) -> f64 {
        let (start, next) = (self.starts[at], self.every.next(self.starts[at]));
        let year = Every::Year.start(start);
        f64::from(start.year())
            + f64::midpoint(days(year, start), days(year, next)) / days_of_year(start)
    }

    /// What people call a period.
    pub(super) fn label(&self, at: usize) -> String {
        self.every.label(self.starts[at])
    }

    /// `2016-03 to 2021-12`.
    pub(super) fn span(&self, first: usize, last: usize) -> String {
        if first == last {
            return self.label(first);
        }
        format!("{} to {}", self.label(first), self.label(last))
    }

    /// Whole years that end with a period, newest first, each as a range of periods, none before `first`.
    pub(super) fn whole_years(&self, first: usize, last: usize) -> Vec<std::ops::Range<usize>> {
        let end = self.every.next(self.starts[last]);
        let mut years = Vec::new();
        let mut before = last + 1;
        for year in 1.. {
            let Some(boundary) = end.checked_sub_months(Months::new(12 * year)) else { break };
            if boundary < self.starts[first] {
                break;
            }
            let from = self.starts.partition_point(|start| *start < boundary);
            years.push(from..before);
            before = from;
        }
        years
    }
}

#[test]
fn texts_are_dates_months_quarters_or_years() {
    let said = |text: &str| {
        parse(text).map(|(day, every)| format!("{day} {}", every.one())).unwrap_or_default()
    };
    for (text, meant) in [
        ("2016", "2016-01-01 year"),
        ("2016-03", "2016-03-01 month"),
        ("2016-Q2", "2016-04-01 quarter"),
        ("2016q4", "2016-10-01 quarter"),
        ("2016-W09", "2016-02-29 week"),
        ("2016-02-29", "2016-02-29 day"),
        ("2016-02-29T23:10", "2016-02-29 day"),
    ] {
        assert_eq!(said(text), meant);
    }
    for text in ["", "16", "2016-13", "2015-02-29", "2016-Q5", "2016-W54", "03.2016", "2016-1-+2"] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn periods_have_no_gap_and_whole_years_end_with_the_last() {
    let day = |text: &str| parse(text).unwrap().0;
    let months = Periods::between(Every::Month, day("2015-11-20"), day("2017-01-01")).unwrap();
    assert_eq!(
        (months.len(), months.label(0), months.label(14)),
        (15, "2015-11".into(), "2017-01".into())
    );
    assert_eq!(months.of(day("2016-02-29")), Some(3));
    assert_eq!(months.of(day("2017-02-01")), None);
    let years = months.whole_years(0, 14);
    assert_eq!((years.len(), years[0].clone()), (1, 3..15));
    assert!((Every::Month.share_of_year(day("2016-02")) - 29.0 / 366.0).abs() < 1e-15);
    let weeks = Periods::between(Every::Week, day("2015-01-01"), day("2020-12-31")).unwrap();
    assert_eq!(weeks.label(0), "2015-W01");
    assert_eq!(weeks.label(weeks.len() - 1), "2020-W53");
    assert!(Periods::between(Every::Day, day("1000"), day("2016")).is_none());
}
