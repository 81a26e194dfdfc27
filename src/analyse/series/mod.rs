//! Series: counts over time, tested for trends, breaks and periods that stand out.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | `input` | a file and the names of its columns | rows with their time, or what is wrong with them |
//! | `build` | rows | series of periods: counted, missing, or not covered as a whole |
//! | `trend` | a series | yearly change, rank tests, suspected breaks |
//! | `watch` | a series | alarms, control charts |
//! | `numbers` | all series | all results, corrected for their number |
//! | `sentences`, `of_one` | results | what they say, of all and of one series |
//! | `table`, `summary` | results | `series.csv`, `summary.json` |
//! | `chart`, `page` | results | `chart.svg`, `index.html` |
//!
//! A period without a row is missing where rows are counts, and zero where rows are events. Nothing crosses a declared break.
//! What cannot be computed says why.

mod build;
mod chart;
mod input;
mod numbers;
mod of_one;
mod page;
mod sentences;
mod summary;
mod table;
mod trend;
mod watch;

use std::path::PathBuf;

pub use super::periods::Every;
use super::{Done, periods};
use crate::{
    diagnostics::{Problem, Problems, codes},
    model::Date,
    storage::OutputFolder,
};

/// Names of the file's columns.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Dates, months, quarters or years.
    pub time: String,
    /// Counts; without it every row is one event.
    pub events: Option<String>,
    /// Persons.
    pub population: Option<String>,
    /// What a series is: one for every value.
    pub by: Option<String>,
}

/// A family of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Method {
    /// Yearly change: negative-binomial and Poisson trend.
    Trend,
    /// Mann–Kendall (seasonal for months and quarters) and Theil–Sen.
    Ranks,
    /// Changes of level that nobody declared.
    Breaks,
    /// Farrington and Noufaily's alarms.
    Alarms,
    /// `XmR` chart of counts.
    Xmr,
    /// g and t chart of the gaps between rare events.
    Gaps,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Trend, Self::Ranks, Self::Breaks, Self::Alarms, Self::Xmr, Self::Gaps];

    /// What it looks for, in words.
    fn title(self) -> &'static str {
        match self {
            Self::Trend => "yearly change (log-linear trend)",
            Self::Ranks => "rise or fall judged by ranks (Mann–Kendall, Theil–Sen)",
            Self::Breaks => "changes of level that nobody declared",
            Self::Alarms => "periods above what season and trend explain (alarms)",
            Self::Xmr => "control chart of the counts (XmR)",
            Self::Gaps => "control charts of the gaps between rare events (g and t)",
        }
    }
}

/// A declared change of recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// First day recorded in the new way.
    pub at: Date,
    /// As it was given: `2016`, `2016-03`.
    pub label: String,
    /// Why; may be empty.
    pub reason: String,
}

impl Break {
    /// Reads `DATE` or `DATE:REASON`; a month, quarter or year stands for its first day.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (label, reason) = text.split_once(':').unwrap_or((text, ""));
        let (at, _) = date(label)?;
        Ok(Self { at, label: label.trim().to_owned(), reason: reason.trim().to_owned() })
    }
}

/// Reads a date, month, quarter or year: its first and its last day.
///
/// # Errors
/// What is wrong with the text.
pub fn date(text: &str) -> Result<(Date, Date), String> {
    let (first, every) = periods::parse(text).ok_or_else(|| {
        format!("`{text}` is no date: write 2016-03-01, 2016-03, 2016-Q1 or 2016")
    })?;
    Ok((first, every.end(first)))
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// Its columns.
    pub columns: Columns,
    /// Length of a period; `None`: as the file has it.
    pub every: Option<Every>,
    /// First day that event rows cover; `None`: that of the first row.
    pub from: Option<Date>,
    /// Last day that event rows cover; `None`: that of the last row.
    pub until: Option<Date>,
    /// Declared changes of recording.
    pub breaks: Vec<Break>,
    /// Families of methods.
    pub methods: Vec<Method>,
    /// Texts that mean a missing cell, beside the empty one.
    pub missing: Vec<String>,
    /// Two-sided level of trends.
    pub alpha: f64,
    /// Seed of all draws.
    pub seed: u64,
    /// Folder for the results.
    pub out: PathBuf,
}

impl Options {
    /// Whether a family is asked for.
    fn asks_for(&self, method: Method) -> bool {
        self.methods.contains(&method)
    }
}

/// Reads the file, tests every series and writes the four results; the previous results stay as they were when anything fails.
///
/// # Errors
/// All problems of the options and of the file at once; [`codes::OUTPUT`].
pub fn run(options: &Options) -> Result<Done, Problems> {
    check(options)?;
    let input = build::read(options)?;
    let analysis = numbers::analyse(&input, options);
    let findings = sentences::Findings { input: &input, analysis: &analysis, options };
    let folder = OutputFolder::begin(&options.out)?;
    folder.write("series.csv", &table::csv(&input, &analysis))?;
    folder.write("summary.json", summary::json(&findings).as_bytes())?;
    folder.write("chart.svg", format!("{}\n", chart::svg(&findings, 0)).as_bytes())?;
    folder.write("index.html", &page::html(&findings)?)?;
    folder.publish()?;
    let headline = findings.headline();
    Ok(Done { page: options.out.join("index.html"), headline, notes: input.notes.clone() })
}

/// Options that do not fit together.
fn check(options: &Options) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let mut wrong = |message: &str, help: &str| {
        problems.push(Problem::new(&codes::OPTION, message).help(help));
    };
    let columns = &options.columns;
    if columns.population.is_some() && columns.events.is_none() {
        wrong(
            "a population has no counts",
            "rows that are events carry no population: name the column of counts, `--events COL`",
        );
    }
    if columns.events.is_some() && (options.from.is_some() || options.until.is_some()) {
        wrong(
            "`--from` and `--until` are for rows that are events",
            "leave them out: with `--events`, the rows say which periods are covered",
        );
    }
    if options.from.zip(options.until).is_some_and(|(from, until)| until < from) {
        wrong("`--until` lies before `--from`", "exchange the two days");
    }
    if options.methods.is_empty() {
        wrong("`--methods` names none", "leave it out: all that apply are used");
    }
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        wrong("`--alpha` is no level", "give a number between 0 and 1, such as 0.05");
    }
    problems.into_result()
}

#[test]
fn a_break_has_a_day_and_may_have_a_reason() {
    let found = Break::parse("2017-04: new law: wider").unwrap();
    assert_eq!((found.label.as_str(), found.reason.as_str()), ("2017-04", "new law: wider"));
    assert_eq!(found.at, Date::from_ymd_opt(2017, 4, 1).unwrap());
    assert_eq!(Break::parse("2017").unwrap().reason, "");
    assert!(Break::parse("spring:x").unwrap_err().contains("`spring` is no date"));
}
