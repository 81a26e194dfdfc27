//! `saet analyse series FILE`: counts or events over time, tested.

use std::path::PathBuf;

use super::tell;
use crate::{
    analyse::series::{self, Break, Columns, Every, Method, Options},
    cli::{Outcome, output::Output},
    model::Date,
};

/// Arguments of `saet analyse series FILE`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A table (.csv, .tsv) with a row a period, or a row an event.
    file: PathBuf,
    /// Column of dates (2016-03-01), months (2016-03), quarters (2016-Q1), weeks (2016-W09) or years.
    #[arg(long, value_name = "COL")]
    time: String,
    /// Column of counts; without it every row is one event, and a period without a row holds zero.
    #[arg(long, value_name = "COL")]
    events: Option<String>,
    /// Column of persons, for rates.
    #[arg(long, value_name = "COL")]
    population: Option<String>,
    /// Column whose values are series of their own, such as areas; their sum is a series too.
    #[arg(long, value_name = "COL")]
    by: Option<String>,
    /// Length of a period; by default that of the rows, for events with dates a month.
    #[arg(long, value_enum)]
    every: Option<Every>,
    /// First day that rows of events cover; by default that of the first row.
    #[arg(long, value_name = "DATE", value_parser = first_day)]
    from: Option<Date>,
    /// Last day that rows of events cover; by default that of the last row.
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    until: Option<Date>,
    /// Recording changed: the first day of the new way, and why; nothing is compared across it. May be given several times.
    #[arg(long = "break", value_name = "DATE[:REASON]", value_parser = Break::parse)]
    breaks: Vec<Break>,
    /// Families of methods; all that apply by default.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Method::ALL)]
    methods: Vec<Method>,
    /// A text that means a missing cell, beside the empty one; may be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Two-sided level of trends, corrected for the number of series; that of alarms is 0.005.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    alpha: f64,
    /// Seed of all draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-series")]
    out: PathBuf,
}

/// The first day of a date, month, quarter or year.
pub(super) fn first_day(text: &str) -> Result<Date, String> {
    series::date(text).map(|(first, _)| first)
}

/// The last day of a date, month, quarter or year.
pub(super) fn last_day(text: &str) -> Result<Date, String> {
    series::date(text).map(|(_, last)| last)
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = Options {
        file: args.file.clone(),
        columns: Columns {
            time: args.time.clone(),
            events: args.events.clone(),
            population: args.population.clone(),
            by: args.by.clone(),
        },
        every: args.every,
        from: args.from,
        until: args.until,
        breaks: args.breaks.clone(),
        methods: args.methods.clone(),
        missing: args.missing.clone(),
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = series::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
