//! `saet demo`: a synthetic country with planted hotbeds, run end to end.

use std::path::PathBuf;

use super::{DONE, Outcome, output::Output, run::say};
use crate::{
    demo::{self, DemoOptions},
    pipeline::{self, RunOptions},
};

/// Arguments of `saet demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for the country; created when it is not there.
    #[arg(long, default_value = "saet-demo")]
    out: PathBuf,
    /// Number of districts.
    #[arg(long, default_value_t = 400)]
    regions: usize,
    /// Number of events expected over all years.
    #[arg(long, default_value_t = 60_000)]
    events: usize,
    /// Number of years.
    #[arg(long, default_value_t = 8)]
    years: usize,
    /// Which country of that size.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the country, and do not run it.
    #[arg(long)]
    no_run: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = DemoOptions {
        out: args.out.clone(),
        regions: args.regions,
        events: args.events,
        years: args.years,
        seed: args.seed,
    };
    let demo = demo::write(&options)?;
    output.remark(&format!("a synthetic country is in {}", demo.folder.display()));
    if args.no_run {
        return Ok(DONE);
    }
    let summary = pipeline::run(&RunOptions {
        folder: demo.folder,
        data: None,
        out: None,
        progress: output.progress(),
    })?;
    say(&summary, output);
    Ok(DONE)
}
