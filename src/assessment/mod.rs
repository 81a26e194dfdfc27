//! The assessment file: `assessment.toml` read, every name in it checked, all problems reported at once.
//!
//! [`load`] is the way in; [`resolved`] holds what comes out. Nothing here opens a data file.

mod checks;
mod columns;
mod composites;
mod header;
mod ids;
mod items;
mod regions;
mod resolved;
mod source;
mod sources;
mod table;
mod verify;

use std::path::{Path, PathBuf};

use crate::{
    declaration::{Fields, Reader},
    diagnostics::{Place, Problem, Problems, Text, codes},
    storage,
};

pub use composites::DeclaredComposite;
use ids::Names;
pub use items::Item;
pub use resolved::*;
pub use source::*;
pub use table::Table;
pub use verify::{Printed, Verify, VerifyAgainst};

/// Name of the file that makes a folder an assessment.
pub const FILE: &str = "assessment.toml";

/// Reads the assessment in a folder. `data` is the root of its sources' paths, the folder itself by default.
///
/// # Errors
/// Everything wrong with the file, in its order; [`codes::NO_ASSESSMENT`] when there is none.
pub fn load(folder: &Path, data: Option<&Path>) -> Result<Assessment, Problems> {
    let path = folder.join(FILE);
    if !storage::is_file(&path) {
        let problem = Problem::new(&codes::NO_ASSESSMENT, "there is no such file")
            .at(Place::File(path.display().to_string()))
            .help(format!("start one with `saet init {}`", folder.display()));
        return Err(problem.into());
    }
    let bytes = storage::read(&path)?;
    let content = String::from_utf8(bytes).map_err(|_| {
        Problem::new(&codes::SYNTAX, "the file is not UTF-8")
            .at(Place::File(path.display().to_string()))
            .help("save it again as UTF-8")
    })?;
    let text = Text::new(path.display().to_string(), content);
    parse(text, folder.to_owned(), data.unwrap_or(folder).to_owned())
}

/// Reads an assessment from a text that is already in memory.
///
/// # Errors
/// Everything wrong with the text, in its order.
pub fn parse(text: Text, folder: PathBuf, data: PathBuf) -> Result<Assessment, Problems> {
    let reader = Reader::new(text);
    let resolved = reader.fields().map(|fields| resolve(fields, folder, data));
    let problems = reader.into_problems();
    match resolved {
        Some(assessment) if problems.is_empty() => Ok(assessment),
        _ => Err(problems),
    }
}

/// Resolves what can be resolved; the result is meant only if the reader has no problems.
fn resolve(mut fields: Fields<'_>, folder: PathBuf, data: PathBuf) -> Assessment {
    let reader = fields.reader();
    let mut names = Names::new(reader);
    let section = fields.required("assessment").and_then(|entry| entry.table());
    let header = section.map_or_else(Default::default, |section| header::read(section, &mut names));
    let section = fields.required("regions").and_then(|entry| entry.table());
    let (regions, weights, merges) = regions::read(section, &header.test_levels, &names);
    let sources = match fields.required("source") {
        Some(entry) => sources::read(entry, &mut names),
        None => Vec::new(),
    };
    let section = fields.optional("population").and_then(|entry| entry.table());
    let population = checks::population(section, &sources, &names, fields.span());
    let parties = checks::parties(fields.optional("party"), &names);
    let breaks = checks::breaks(fields.optional("break"), &names);
    let plausibility = checks::plausibility(fields.optional("plausibility"), &names);
    let composites = composites::read(fields.optional("composite"), &names);
    let section = fields.optional("protection").and_then(|entry| entry.table());
    let protection = checks::protection(section, &header.test_levels, &names);
    fields.finish();
    Assessment {
        folder,
        data,
        text: reader.text().clone(),
        title: header.title,
        slug: header.slug,
        vintage: header.vintage,
        country: header.country,
        levels: names.levels.clone(),
        calendar: header.calendar,
        ideologies: header.ideologies,
        test_levels: header.test_levels,
        primary: header.primary,
        duplicates: header.duplicates,
        seed: header.seed,
        alpha: header.alpha,
        limits: header.limits,
        max_draws: header.max_draws,
        regions,
        weights,
        merges,
        population,
        sources,
        parties,
        breaks,
        plausibility,
        composites,
        protection,
    }
}
