//! `saet analyse space-time`: a map and dated events, searched together.

use std::path::PathBuf;

use super::{
    map::{LinkArgs, MapArgs},
    tell,
};
use crate::{
    analyse::{
        Columns, Every,
        space_time::{self, CaseColumns, Model, Options},
    },
    cli::{Outcome, output::Output},
};

/// Arguments of `saet analyse space-time`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Writes clusters.csv, regions.csv, summary.json, map.svg and index.html into the folder of `--out`."
)]
pub(super) struct Args {
    #[command(flatten)]
    map: MapArgs,
    /// Column of persons of the map; not needed with `--model permutation`.
    #[arg(long, value_name = "COL")]
    population: Option<String>,
    /// Table of events (.csv, .tsv): one row an event, or counts with `--events`.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Its column of the map's codes.
    #[arg(long, value_name = "COL")]
    region: String,
    /// Its column of dates, months, quarters or years.
    #[arg(long, value_name = "COL")]
    time: String,
    /// Its column of counts; without it every row is one event.
    #[arg(long, value_name = "COL")]
    events: Option<String>,
    /// Length of a period; that of the file's dates by default, at least a month.
    #[arg(long, value_enum)]
    every: Option<Every>,
    /// What counts are compared with.
    #[arg(long, value_enum, default_value_t)]
    model: Model,
    /// Look only for groups that last to the end: what is emerging now.
    #[arg(long)]
    prospective: bool,
    /// Longest interval, as a share of all periods.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    longest: f64,
    #[command(flatten)]
    linking: LinkArgs,
    /// Random maps.
    #[arg(long, value_name = "N", default_value_t = 999)]
    draws: u64,
    /// Two-sided level; the upper tail has half.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    alpha: f64,
    /// Seed of all draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-space-time")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = Options {
        map: args.map.source(Columns { population: args.population.clone(), ..Columns::default() }),
        linking: args.linking.rule(),
        cases: args.cases.clone(),
        columns: CaseColumns {
            region: args.region.clone(),
            time: args.time.clone(),
            events: args.events.clone(),
        },
        every: args.every,
        model: args.model,
        prospective: args.prospective,
        longest: args.longest,
        draws: args.draws,
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = space_time::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
