//! `saet analyse`: one file becomes a tested result, without an assessment.

mod areas;
mod delays;
mod map;
mod series;
mod space_time;
mod standardised;
mod survey;

use std::path::Path;

use super::{DONE, Outcome, output::Output};
use crate::analyse::Done;

/// Arguments of `saet analyse`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Writes regions.csv, summary.json, map.svg and index.html into the folder of `--out`."
)]
pub(super) struct Args {
    #[command(subcommand)]
    of: Option<Of>,
    #[command(flatten)]
    areas: areas::Args,
}

/// What else than a map is analysed.
#[derive(Debug, clap::Subcommand)]
enum Of {
    /// A map and dated events together: groups of regions in an interval, emerging spots.
    SpaceTime(Box<space_time::Args>),
    /// Counts or events over time: trends, breaks, alarms, control charts.
    #[command(
        after_help = "Writes series.csv, summary.json, chart.svg and index.html into the folder of `--out`."
    )]
    Series(Box<series::Args>),
    /// How late events become known, and what the last periods are heading for.
    #[command(
        after_help = "Writes delays.csv, triangle.csv, summary.json, chart.svg and index.html into the folder of `--out`."
    )]
    Delays(Box<delays::Args>),
    /// Estimates for the population from a sample of respondents: shares, means, totals, ratios, quantiles.
    Survey(Box<survey::Args>),
    /// Rates by area that age does not blur: directly standardised, and recorded against expected.
    Standardised(Box<standardised::Args>),
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    match &args.of {
        None => areas::run(&args.areas, output),
        Some(Of::SpaceTime(args)) => space_time::run(args, output),
        Some(Of::Series(args)) => series::run(args, output),
        Some(Of::Delays(args)) => delays::run(args, output),
        Some(Of::Survey(args)) => survey::run(args, output),
        Some(Of::Standardised(args)) => standardised::run(args, output),
    }
}

/// Says what a run came to.
fn tell(done: &Done, out: &Path, output: &Output) -> u8 {
    if output.is_json() {
        output.json(&serde_json::json!({
            "out": out, "headline": done.headline, "notes": done.notes,
        }));
    } else {
        output.remark(&format!("{}.", done.headline));
        done.notes.iter().for_each(|note| output.remark(&format!("note: {note}")));
        output.remark(&format!("written; open {}", done.page.display()));
    }
    DONE
}
