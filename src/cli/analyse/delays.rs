//! `saet analyse delays FILE`: how late events become known, and what the last periods are heading for.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{
    series::{first_day, last_day},
    tell,
};
use crate::{
    analyse::delays::{self, Every, Options},
    cli::{Outcome, output::Output},
    model::Date,
};

/// Arguments of `saet analyse delays FILE`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A table (.csv, .tsv) with a row an event.
    file: PathBuf,
    /// Column of days on which events happened.
    #[arg(long, value_name = "COL")]
    occurred: String,
    /// Column of days on which they were registered or reported.
    #[arg(long, value_name = "COL")]
    reported: String,
    /// Last day of which reports are in the file; later ones are left out.
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    until: Date,
    /// First day of events to look at, where older ones are in the file only when they were reported late.
    #[arg(long, value_name = "DATE", value_parser = first_day)]
    from: Option<Date>,
    /// Length of a period.
    #[arg(long, value_enum, default_value_t = Length::Month)]
    every: Length,
    /// A text that means a missing date, beside the empty one; may be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Two-sided level of limits: 0.05, 0.1 or 0.002.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    alpha: f64,
    /// Seed of all draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-delays")]
    out: PathBuf,
}

/// A length of a period, as it is called on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Length {
    /// A week from Monday on.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = Options {
        file: args.file.clone(),
        occurred: args.occurred.clone(),
        reported: args.reported.clone(),
        until: args.until,
        from: args.from,
        every: match args.every {
            Length::Week => Every::Week,
            Length::Month => Every::Month,
            Length::Quarter => Every::Quarter,
        },
        missing: args.missing.clone(),
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = delays::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
