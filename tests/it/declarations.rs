//! Declarations: the pilot and the built-in catalogue are sound, and every mistake is reported with its place and way out.

use std::path::{Path, PathBuf};

use miette::{GraphicalTheme, Severity};
use saet::{
    assessment,
    cli::output::render,
    count::{catalogue, definition},
    diagnostics::{Problems, Text},
    storage,
};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Reads every file of `tests/bad/<folder>` and holds what is reported against its snapshot.
#[track_caller]
fn check(folder: &str, read: impl Fn(Text) -> Problems) {
    let files = storage::files_with_extension(&tests().join("bad").join(folder), "toml");
    assert!(files.len() > 10, "there are bad {folder} to read");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(tests().join("it/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in files {
        let stem = path.file_stem().expect("a file has a name").to_string_lossy();
        let content = storage::read(&path).expect("the file can be read");
        let content = String::from_utf8(content).expect("the file is UTF-8");
        let problems = read(Text::new(format!("{stem}.toml"), content));
        assert_eq!(problems.0.len(), 1, "one mistake in {}: {problems}", path.display());
        let theme = GraphicalTheme::unicode_nocolor();
        let rendered = render(&problems.0[0], Severity::Error, theme);
        settings.bind(|| insta::assert_snapshot!(format!("{folder}__{stem}"), rendered));
    }
}

#[test]
fn every_mistake_in_an_assessment_is_reported_once() {
    check("assessments", |text| {
        assessment::parse(text, PathBuf::new(), PathBuf::new()).expect_err("it is bad")
    });
}

#[test]
fn every_mistake_in_an_indicator_is_reported_once() {
    check("indicators", |text| {
        definition::parse(text, "events.attacks", false).expect_err("it is bad")
    });
}

#[test]
fn the_pilot_is_sound() {
    let folder = tests().join("pilots/germany");
    let assessment = assessment::load(&folder, None).unwrap_or_else(|found| panic!("{found}"));
    let catalogue = catalogue::load(Some(&folder.join("indicators")));
    let catalogue = catalogue.unwrap_or_else(|found| panic!("{found}"));
    let problems = catalogue::check_against(&assessment, &catalogue);
    assert!(problems.is_empty(), "{problems}");
    assert_eq!(catalogue.iter().filter(|found| found.indicator.core).count(), 12);
    assert_eq!(assessment.sources.len(), 8);
}

#[test]
fn an_assessment_names_only_what_the_catalogue_holds() {
    let folder = tests().join("pilots/germany");
    let mut assessment = assessment::load(&folder, None).unwrap();
    assessment.primary[0].measure = "composition".into();
    assessment.primary[1].indicator = "crime.incidents".into();
    let found = catalogue::check_against(&assessment, &catalogue::load(None).unwrap());
    let messages: Vec<&str> = found.0.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "unknown measure `composition` in `primary`",
            "unknown indicator `crime.incidents` in `primary`",
            // An override of the pilot, which the built-in catalogue does not have.
            "unknown indicator `crime.recorded` in `population.indicators.crime.recorded`",
        ]
    );
    assert_eq!(found.0[1].help.as_deref(), Some("did you mean `crime.incidence`?"));
}
