//! `saet indicators`: what the catalogue holds, and whether it is sound.

use std::path::PathBuf;

use clap::Subcommand;

use super::{DONE, FINDINGS, Outcome, output::Output};
use crate::{
    count::catalogue::{self, Definition},
    diagnostics::{Problem, codes, did_you_mean},
    pipeline,
};

/// Arguments of `saet indicators`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Assessment whose `indicators/` folder adds to the built-in catalogue.
    #[arg(long, global = true, default_value = ".")]
    dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the catalogue, core first.
    List,
    /// Print an indicator's file, to read or to copy.
    Show {
        /// Id, such as `crime.incidence`.
        id: String,
    },
    /// Check every definition and every example in it.
    Check,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let loaded = catalogue::load(Some(&args.dir.join("indicators")));
    let catalogue = match (loaded, &args.action) {
        (Ok(catalogue), _) => catalogue,
        (Err(problems), Action::Check) => {
            output.errors(&problems);
            return Ok(FINDINGS);
        }
        (Err(problems), _) => return Err(problems),
    };
    match &args.action {
        Action::List => list(&catalogue, output),
        Action::Show { id } => output.result(find(&catalogue, id)?.text.content.trim_end()),
        Action::Check => {
            let problems = pipeline::examples(&catalogue);
            if !problems.is_empty() {
                output.errors(&problems);
                return Ok(FINDINGS);
            }
            let n_examples: usize = catalogue.iter().map(|found| found.examples.len()).sum();
            output.remark(&format!(
                "nothing wrong: {} indicators, {n_examples} examples",
                catalogue.len()
            ));
        }
    }
    Ok(DONE)
}

fn list(catalogue: &[Definition], output: &Output) {
    let width = catalogue.iter().map(|found| found.indicator.id.as_str().len()).max().unwrap_or(0);
    for Definition { indicator, .. } in catalogue {
        let measures: Vec<&str> = indicator.measures.iter().map(|one| one.id.as_str()).collect();
        let tested: Vec<&str> = indicator
            .measures
            .iter()
            .filter(|measure| measure.tested)
            .map(|measure| measure.id.as_str())
            .collect();
        if output.is_json() {
            output.json(&serde_json::json!({
                "id": indicator.id, "core": indicator.core, "cluster": indicator.cluster,
                "title": indicator.title_en(), "measures": measures, "tested": tested,
                "file": indicator.file,
            }));
            continue;
        }
        let tested = match tested[..] {
            [] => String::new(),
            _ => format!("; tested for hotbeds: {}", tested.join(", ")),
        };
        let (id, title) = (&indicator.id, indicator.title_en());
        output.result(&format!("{id:width$}  {title} ({}{tested})", measures.join(", ")));
    }
}

/// The definition of an indicator.
pub(super) fn find<'c>(catalogue: &'c [Definition], id: &str) -> Result<&'c Definition, Problem> {
    catalogue.iter().find(|found| found.indicator.id.as_str() == id).ok_or_else(|| {
        let known = catalogue.iter().map(|found| found.indicator.id.as_str());
        let help = did_you_mean(id, known)
            .unwrap_or_else(|| "`saet indicators list` names them".to_owned());
        Problem::new(&codes::UNKNOWN_NAME, format!("unknown indicator `{id}`")).help(help)
    })
}
