//! `saet run`: make an assessment.

use std::path::PathBuf;

use super::{DONE, Outcome, output::Output};
use crate::pipeline::{self, RunOptions, RunSummary};

/// Arguments of `saet run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder that holds `assessment.toml`.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Root of the sources' paths; the folder itself by default.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder for the editions; `reports/out` of the assessment by default.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = RunOptions {
        folder: args.dir.clone(),
        data: args.data.clone(),
        out: args.out.clone(),
        progress: output.progress(),
    };
    let summary = pipeline::run(&options)?;
    say(&summary, output);
    Ok(DONE)
}

/// Warnings, then where the editions are.
pub(super) fn say(summary: &RunSummary, output: &Output) {
    output.warnings(&summary.warnings);
    if output.is_json() {
        output.json(&serde_json::json!({ "out": summary.out, "sources": summary.sources }));
    } else {
        for source in &summary.sources {
            output.remark(&format!("{}: {}", source.id, source.reconciliation()));
        }
        let page = summary.out.join("restricted/index.html");
        output.remark(&format!("written; open {}", page.display()));
    }
}
