//! `saet methods`: what is computed, how, and when not to use it.

use std::{fmt::Write as _, path::PathBuf};

use clap::Subcommand;

use super::{DONE, Outcome, output::Output, prose};
use crate::{
    diagnostics::{Problem, codes, did_you_mean},
    methods::{
        self, Family, Method, Section, links,
        validity::{self, Row, Validity},
    },
    storage,
};

/// Arguments of `saet methods`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the methods, by family.
    List,
    /// Print a method: question, definition, inputs, assumptions, example, source.
    Show {
        /// Id, such as `interval/wilson`.
        id: String,
    },
    /// Measure on made-up maps whether methods keep their promises; takes minutes.
    Validate {
        /// Maps per setting.
        #[arg(long, default_value_t = validity::N_MAPS, value_parser = clap::value_parser!(u64).range(1..))]
        maps: u64,
        /// Write the figures here; `reports/validity.json` is what the next build embeds.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    match &args.action {
        Action::List => list(output),
        Action::Show { id } => show(find(id)?, output),
        Action::Validate { maps, out } => {
            let validity = validity::measure(*maps);
            figures(&validity, output);
            if let Some(path) = out {
                storage::write(path, validity.to_json().as_bytes())?;
                output.remark(&format!("written {}", path.display()));
            }
        }
    }
    Ok(DONE)
}

fn list(output: &Output) {
    let width = methods::all().map(|method| method.id.len()).max().unwrap_or(0);
    for (at, family) in methods::families().iter().enumerate() {
        if !output.is_json() {
            let gap = if at == 0 { "" } else { "\n" };
            output.result(&format!("{gap}{}", family.title));
        }
        for method in family.entries {
            let title = method.header().title;
            if output.is_json() {
                output.json(&serde_json::json!({
                    "id": method.id, "family": family.title, "title": title,
                }));
            } else {
                output.result(&format!("  {:width$}  {title}", method.id));
            }
        }
    }
}

fn show(method: &Method, output: &Output) {
    let header = method.header();
    let has = |family: &&Family| family.entries.iter().any(|entry| entry.id == method.id);
    let family = methods::families().iter().find(has).map_or("", |family| family.title);
    if output.is_json() {
        let sections: serde_json::Map<String, serde_json::Value> = Section::ALL
            .into_iter()
            .map(|section| (section.heading().to_owned(), header.section(section).into()))
            .collect();
        output.json(&serde_json::json!({
            "id": method.id, "family": family, "title": header.title, "sections": sections,
        }));
        return;
    }
    let mut text = format!("{}\n{}\n", method.id, header.title);
    for section in Section::ALL {
        let named =
            |name: &str, path: &str| links::follow(method, &header, name, path).shown.to_owned();
        let body = prose::plain(header.section(section), &named);
        writeln!(text, "\n{}\n{body}", section.heading()).expect("invariant: writing to a string");
    }
    output.result(text.trim_end());
}

fn figures(validity: &Validity, output: &Output) {
    if output.is_json() {
        output.json(&serde_json::json!(validity));
        return;
    }
    let measured = &validity.measured;
    output.result(&format!(
        "{} maps of {} regions per setting, seed {}; brackets: 95 % limits\n",
        measured.n_maps, measured.n_regions, measured.seed
    ));
    for study in &measured.studies {
        let row = |row: &Row| -> Vec<String> {
            let figures = row.figures.iter().map(validity::Figure::words);
            row.settings.iter().cloned().chain(figures).collect()
        };
        let rows: Vec<Vec<String>> = study.rows.iter().map(row).collect();
        let named = |name: &str, _: &str| name.to_owned();
        output.result(&format!(
            "{}\n{}\n\n{}\n",
            study.title,
            prose::plain(&study.note, &named),
            prose::table(&study.heads(), &rows)
        ));
    }
}

/// The method of an id; its last name is enough where only one method has it.
fn find(id: &str) -> Result<&'static Method, Problem> {
    let named = |method: &&Method| method.id.rsplit('/').next() == Some(id);
    let mut last: Vec<&Method> = methods::all().filter(named).collect();
    let only = if last.len() == 1 { last.pop() } else { None };
    methods::find(id).or(only).ok_or_else(|| {
        let known = methods::all().map(|method| method.id);
        let help =
            did_you_mean(id, known).unwrap_or_else(|| "`saet methods list` names them".to_owned());
        Problem::new(&codes::UNKNOWN_NAME, format!("unknown method `{id}`")).help(help)
    })
}
