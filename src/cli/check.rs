//! `saet check`: everything wrong with an assessment, its indicators and its files, without computing anything.

use std::path::PathBuf;

use super::{DONE, FINDINGS, Outcome, output::Output};
use crate::{
    assessment,
    count::catalogue,
    diagnostics::{Problems, codes},
    pipeline,
};

/// Arguments of `saet check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder that holds `assessment.toml`.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Root of the sources' paths; the folder itself by default.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Check only what is declared, and open no data file.
    #[arg(long)]
    no_data: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let assessment = assessment::load(&args.dir, args.data.as_deref());
    let catalogue = catalogue::load(Some(&args.dir.join("indicators")));
    let mut problems = Problems::default();
    match (assessment, catalogue) {
        (Ok(assessment), Ok(catalogue)) => {
            problems.extend(catalogue::check_against(&assessment, &catalogue));
            problems.extend(pipeline::examples(&catalogue));
            if problems.is_empty() && !args.no_data {
                problems.extend(pipeline::check(&assessment, &catalogue));
            }
            if problems.is_empty() {
                let (sources, indicators) = (assessment.sources.len(), catalogue.len());
                output
                    .remark(&format!("nothing wrong: {sources} sources, {indicators} indicators"));
                return Ok(DONE);
            }
        }
        (assessment, catalogue) => {
            problems.extend(assessment.err().unwrap_or_default());
            problems.extend(catalogue.err().unwrap_or_default());
        }
    }
    if problems.0.iter().any(|problem| problem.code == &codes::NO_ASSESSMENT) {
        return Err(problems);
    }
    output.errors(&problems);
    Ok(FINDINGS)
}
