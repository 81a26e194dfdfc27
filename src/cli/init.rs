//! `saet init`: a commented assessment to start from.

use std::path::PathBuf;

use super::{DONE, Outcome, output::Output};
use crate::{
    assessment::FILE,
    diagnostics::{Place, Problem, codes},
    storage,
};

const STARTER: &str = include_str!("starter.toml");

/// Arguments of `saet init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder to start in; created when it is not there.
    dir: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let path = args.dir.join(FILE);
    if storage::is_file(&path) {
        let problem = Problem::new(&codes::EXISTS, "there is already an assessment here")
            .at(Place::File(path.display().to_string()))
            .help("choose another folder");
        return Err(problem.into());
    }
    storage::write(&path, STARTER.as_bytes())?;
    output.remark(&format!(
        "written {}\nput your files beside it, mend the sources, then run `saet check {}`",
        path.display(),
        args.dir.display()
    ));
    Ok(DONE)
}

#[test]
fn the_starter_is_a_sound_assessment() {
    let text = crate::diagnostics::Text::new("starter.toml", STARTER);
    let read = crate::assessment::parse(text, PathBuf::new(), PathBuf::new());
    let assessment = read.unwrap_or_else(|problems| panic!("{problems}"));
    let catalogue = crate::count::catalogue::load(None).unwrap();
    assert!(crate::count::catalogue::check_against(&assessment, &catalogue).is_empty());
}
