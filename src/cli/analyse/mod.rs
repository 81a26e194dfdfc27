//! `saet analyse`: one file becomes a tested result, without an assessment.

mod areas;
mod delays;
mod series;

use std::path::Path;

use super::{DONE, Outcome, output::Output};
use crate::{
    analyse::Done,
    diagnostics::{Problem, codes},
};

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
    areas: Option<areas::Args>,
}

/// What else than a map is analysed.
#[derive(Debug, clap::Subcommand)]
enum Of {
    /// Counts or events over time: trends, breaks, alarms, control charts.
    #[command(
        after_help = "Writes series.csv, summary.json, chart.svg and index.html into the folder of `--out`."
    )]
    Series(series::Args),
    /// How late events become known, and what the last periods are heading for.
    #[command(
        after_help = "Writes delays.csv, triangle.csv, summary.json, chart.svg and index.html into the folder of `--out`."
    )]
    Delays(delays::Args),
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    match (&args.of, &args.areas) {
        (Some(Of::Series(args)), _) => series::run(args, output),
        (Some(Of::Delays(args)), _) => delays::run(args, output),
        (None, Some(args)) => areas::run(args, output),
        (None, None) => Err(Problem::new(&codes::OPTION, "names no file")
            .help("name one: `saet analyse FILE`; see `saet analyse --help`")
            .into()),
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
