//! Finds a source's files and opens each: one file, or one for every year of a `{year}` pattern.

use std::path::Path;

use crate::{
    assessment::Source,
    diagnostics::{Place, Problem, Problems, codes},
    model::Calendar,
    read::formats::{self, Grid},
    storage,
};

/// An opened file of a source.
pub(super) struct Opened {
    /// Path as declared, with the year filled in.
    pub shown: String,
    /// The year of a `{year}` pattern.
    pub year: Option<i32>,
    /// Its rows.
    pub grid: Grid,
}

/// Opens every file of a source. With a `{year}` pattern, the years around the calendar that exist are taken, at least one.
pub(super) fn open(
    source: &Source,
    text_place: impl Fn(&str) -> Option<Place>,
    data: &Path,
    calendar: &Calendar,
) -> Result<Vec<Opened>, Problems> {
    let at = |problem: Problem| match text_place("path") {
        Some(place) => problem.at(place),
        None => problem.at(Place::File(source.path.clone())),
    };
    let Some(format) = formats::for_path(&source.path) else {
        let known: Vec<&str> =
            formats::ALL.iter().flat_map(|format| format.extensions()).copied().collect();
        let message = format!("`{}` has no known table format", source.path);
        let help = format!("file names may end in .{}", known.join(", ."));
        return Err(at(Problem::new(&codes::FORMAT, message).help(help)).into());
    };
    let files: Vec<(String, Option<i32>)> = if source.path.contains("{year}") {
        years(calendar)
            .map(|year| (source.path.replace("{year}", &year.to_string()), Some(year)))
            .filter(|(shown, _)| storage::is_file(&data.join(shown)))
            .collect()
    } else {
        vec![(source.path.clone(), None)]
    };
    if files.is_empty() {
        let message = format!("no file matches `{}`", source.path);
        return Err(at(Problem::new(&codes::NO_FILE, message)
            .help(format!("looked in {} for every assessed year", data.display())))
        .into());
    }
    let mut problems = Problems::default();
    let mut opened = Vec::new();
    for (shown, year) in files {
        match format.open(&data.join(&shown), &shown, source) {
            Ok(grid) => opened.push(Opened { shown, year, grid }),
            Err(found) => problems.extend(found),
        }
    }
    problems.into_result().map(|()| opened)
}

fn years(calendar: &Calendar) -> impl Iterator<Item = i32> + use<> {
    use chrono::Datelike as _;
    let first = calendar.base.first().map_or(0, |period| period.start.year());
    let last = calendar.base.last().map_or(-1, |period| period.end.year());
    first..=last
}
