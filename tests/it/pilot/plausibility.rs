//! The plausibility check of the harmonised population, and that a run stops on it unless told to go on.

use std::fs;

use saet::{diagnostics::codes, pipeline, pipeline::Progress};

use super::{configuration, load, pilot};

#[test]
fn the_wrong_kreise_are_named() {
    let Some(pilot) = pilot() else { return };
    let report = pilot.report("population_2021");
    let check =
        report.checks.iter().find(|check| check.what.contains("tolerance 1 %")).expect("declared");
    let names = |year: &str| -> Vec<&str> {
        let mut found: Vec<&str> = check
            .lines
            .iter()
            .filter(|line| line.contains(&format!(" {year}: ")) && line.contains("expected"))
            .map(|line| &line[..5])
            .collect();
        found.sort_unstable();
        found
    };
    let gross = ["16054", "16066", "16072"];
    let slight = ["16063", "16070", "16073"];
    for year in ["2016", "2017", "2018"] {
        let found = names(year);
        assert!(gross.iter().all(|code| found.contains(code)), "{year}: {found:?}");
        assert!(
            found.iter().all(|code| gross.contains(code) || slight.contains(code)),
            "{year}: {found:?}"
        );
    }
    let ever: Vec<&str> = ["2016", "2017", "2018"].iter().flat_map(|year| names(year)).collect();
    assert!(slight.iter().all(|code| ever.contains(code)), "{ever:?}");
    // In 2020 the reference is wrong in the same way; the jump from the year before gives it away.
    let of_2020: Vec<&String> =
        check.lines.iter().filter(|line| line.contains(" 2020: ")).collect();
    assert_eq!(of_2020.len(), 1, "{of_2020:?}");
    assert!(
        of_2020[0].starts_with("16063 Wartburgkreis") && of_2020[0].contains("the year before")
    );
    let suhl = check.lines.iter().find(|line| line.starts_with("16054") && line.contains("2016:"));
    assert!(suhl.expect("Suhl").contains("Suhl"));
}

#[test]
fn the_run_stops_unless_told_to_go_on() {
    let Some(pilot) = pilot() else { return };
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(configuration().join("assessment.toml")).unwrap();
    let strict = text.replace("on_failure = \"continue\"", "on_failure = \"stop\"");
    assert_ne!(text, strict);
    fs::write(folder.path().join("assessment.toml"), strict).unwrap();
    fs::create_dir(folder.path().join("indicators")).unwrap();
    for file in fs::read_dir(configuration().join("indicators")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join("indicators").join(file.file_name())).unwrap();
    }
    let (assessment, definitions) = load(folder.path(), &pilot.data);
    let stopped = pipeline::compute(&assessment, &definitions, &Progress::new(false, 0));
    let problems = stopped.err().expect("implausible values stop the run");
    assert!(problems.0.iter().all(|problem| problem.code == &codes::PLAUSIBILITY));
    assert!(problems.to_string().contains("16054 Suhl"));
    assert_eq!(problems.exit(), 3);
}
