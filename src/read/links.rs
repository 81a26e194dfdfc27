//! Neighbour files: who neighbours whom as another program wrote it, in GAL or GWT.

use std::path::Path;

use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    model::Weights,
    statistics::weights::{LinkProblem, Reason, gal, gwt},
    storage,
};

/// Problems after which no more of a file are told.
const ENOUGH: usize = 20;

/// Reads the neighbours of regions with these codes, in their order; `help` says which codes the file has to use.
///
/// # Errors
/// [`codes::NO_FILE`], [`codes::ENCODING`], and [`codes::LINKS`] for every line that does not fit, up to twenty.
pub fn read<S: AsRef<str>>(path: &Path, regions: &[S], help: &str) -> Result<Weights, Problems> {
    let shown = path.display().to_string();
    let text = String::from_utf8(storage::read(path)?).map_err(|_| {
        Problem::new(&codes::ENCODING, "is not a text in UTF-8").at(Place::File(shown.clone()))
    })?;
    let is_gwt = path.extension().is_some_and(|found| found.eq_ignore_ascii_case("gwt"));
    let found = if is_gwt { gwt::read(&text, regions) } else { gal::read(&text, regions) };
    found.map_err(|problems| {
        let mut all = Problems::default();
        for problem in problems.iter().take(ENOUGH) {
            all.push(worded(problem, &shown).help(help));
        }
        all
    })
}

fn worded(problem: &LinkProblem, file: &str) -> Problem {
    let LinkProblem { line, value, reason } = problem;
    let place = match line {
        0 => Place::File(file.to_owned()),
        line => Place::Row { file: file.to_owned(), row: *line as u64, column: None },
    };
    let why = match reason {
        Reason::NoHeader => "the first line is neither `n` nor `0 n layer id`".to_owned(),
        Reason::OtherNumberOfRegions => format!("`{value}` tells another number of regions"),
        Reason::WrongRecord => format!("`{value}` is no record"),
        Reason::UnknownRegion => format!("no region has the code `{value}`"),
        Reason::RepeatedRegion => format!("`{value}` has a record already"),
        Reason::NoRecord => format!("`{value}` has no record"),
        Reason::OtherNumberOfNeighbours => {
            format!("`{value}` announces another number of neighbours")
        }
        Reason::OwnNeighbour => format!("`{value}` is its own neighbour"),
        Reason::RepeatedNeighbour => format!("`{value}` is named twice"),
        Reason::NoWeight => format!("`{value}` is not a positive number"),
    };
    Problem::new(&codes::LINKS, why).at(place)
}
