//! The list of methods, as the program prints it.

use crate::runs::{run, saet};
use saet::methods::{
    self, Section,
    markdown::{Block, Inline, blocks},
    validity::{self, Study, Validity},
};

fn printed(arguments: &[&str]) -> String {
    let done = run(arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn the_list_names_every_method_under_its_family() {
    let text = printed(&["methods", "list"]);
    for family in methods::families() {
        let below = text.split(family.title).nth(1).expect("the family is named");
        let own = below.split("\n\n").next().unwrap_or("");
        assert_eq!(own.lines().skip(1).count(), family.entries.len(), "{}", family.title);
        for method in family.entries {
            let title = method.header().title;
            assert!(own.lines().any(|line| line.contains(method.id) && line.ends_with(&title)));
        }
    }
    let json = printed(&["methods", "list", "--format", "json"]);
    assert_eq!(json.lines().count(), methods::all().count());
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["id"], "interval/garwood");
}

#[test]
fn a_method_is_shown_whole_and_readable() {
    let text = printed(&["methods", "show", "interval/wilson"]);
    for section in Section::ALL {
        assert!(text.contains(&format!("\n{}\n", section.heading())), "{section:?}\n{text}");
    }
    assert!(text.starts_with("interval/wilson\nWilson's score interval for a proportion.\n"));
    assert!(text.contains("`interval/ratio`") && text.contains("doi:10.1080/01621459.1927"));
    assert!(!text.contains("super::") && !text.contains("[`") && !text.contains("|---"), "{text}");
    assert_eq!(text, printed(&["methods", "show", "wilson"]), "the last name is enough");
    let json = printed(&["methods", "show", "interval/wilson", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["sections"].as_object().unwrap().len(), Section::ALL.len());
    for method in methods::all() {
        let text = printed(&["methods", "show", method.id]);
        assert!(!text.contains("super::"), "{}", method.id);
    }
}

#[test]
fn an_unknown_method_is_answered_with_the_nearest() {
    for (typed, help) in [
        ("interval/wilsn", "did you mean `interval/wilson`?"),
        ("bootstrap", "`saet methods list` names them"),
        ("zzz", "`saet methods list` names them"),
    ] {
        let done = run(&["methods", "show", typed]);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(
            said.contains(&format!("unknown method `{typed}`")) && said.contains(help),
            "{said}"
        );
    }
}

#[test]
fn no_mark_of_the_headers_is_left_over() {
    let mut n_marks = 0;
    for method in methods::all() {
        let header = method.header();
        for section in Section::ALL.into_iter().filter(|section| *section != Section::Example) {
            for block in blocks(header.section(section)) {
                let texts: Vec<Vec<Inline>> = match block {
                    Block::Paragraph(pieces) => vec![pieces],
                    Block::List { items, .. } => items,
                    Block::Table { head, rows } => {
                        assert!(rows.iter().all(|row| row.len() == head.len()), "{}", method.id);
                        [vec![head], rows].concat().concat()
                    }
                    Block::Code(_) => panic!("{}: code in {section:?}", method.id),
                };
                for piece in texts.concat() {
                    let Inline::Text(text) = piece else {
                        n_marks += 1;
                        continue;
                    };
                    for mark in ["`", "**", "\\", "](", "<http"] {
                        assert!(!text.contains(mark), "{}: {text}", method.id);
                    }
                }
            }
        }
    }
    assert!(n_marks > 800, "only {n_marks} marks were read");
}

#[test]
fn the_embedded_figures_are_what_this_program_measures() {
    let embedded = validity::embedded();
    let anew = "run `saet methods validate --out reports/validity.json` and build again";
    assert_eq!(embedded.version, validity::VERSION, "{anew}");
    assert_eq!(embedded.checked.n_maps, validity::N_CHECKED, "{anew}");
    assert!(embedded.measured.n_maps >= 500, "few maps leave much open: {anew}");
    // Same seed, same scale: the same figures.
    for (kept, now) in embedded.checked.studies.iter().zip(&validity::check().studies) {
        assert_eq!(kept, now, "{anew}");
    }
    assert_eq!(embedded.checked.studies.len(), embedded.measured.studies.len());
    for (small, large) in embedded.checked.studies.iter().zip(&embedded.measured.studies) {
        let settings = |study: &Study| -> Vec<Vec<String>> {
            study.rows.iter().map(|row| row.settings.clone()).collect()
        };
        assert_eq!(settings(small), settings(large), "{anew}");
        assert!(methods::find(&large.method).is_some(), "{}", large.method);
        for row in &large.rows {
            assert_eq!(row.settings.len(), large.settings.len());
            assert_eq!(row.figures.len(), large.measures.len());
        }
    }
}

#[test]
fn figures_are_the_same_at_any_number_of_threads_and_narrow_with_maps() {
    let at = |threads: &str, maps: &str| {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("v.json");
        let arguments = ["methods", "validate", "--maps", maps, "--out", out.to_str().unwrap()];
        let done = saet(&arguments).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let printed = String::from_utf8(done.stdout).unwrap();
        assert!(printed.contains("two offences an incident"), "{printed}");
        assert!(
            printed.lines().all(|line| line.chars().count() <= 100 || line.contains("written"))
        );
        std::fs::read_to_string(out).unwrap()
    };
    let (one, two) = (at("1", "5"), at("2", "5"));
    assert!(one == two, "figures differ between one and two threads");
    let width = |json: &str| {
        let read: Validity = serde_json::from_str(json).unwrap();
        assert_eq!(read.to_json(), json, "what is written is what is read");
        let (lower, upper) = read.measured.studies[0].rows[0].figures[0].limits.unwrap();
        upper - lower
    };
    assert!(width(&at("2", "15")) < width(&one));
    assert_eq!(run(&["methods", "validate", "--maps", "0"]).status.code(), Some(2));
}
