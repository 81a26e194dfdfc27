//! Every method is listed, says all a reader needs, and names its source.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, files, must_catch, tokens::tokens};
use saet::methods::{self, Header, Section};

/// Where methods live.
const FOLDER: &str = "src/statistics/";

/// Public files that are no method: the words several methods share.
const VOCABULARY: &[(&str, &str)] = &[
    ("scan/plan", "what every scan is asked for"),
    ("surveillance/rules", "what every chart gives back"),
    ("survey/estimate", "what every survey method gives back"),
    ("survey/calibration/benchmark", "what both calibrations are given"),
];

/// Methods whose source has no DOI and no stable address, and why.
const WITHOUT_DOI: &[(&str, &str)] = &[
    ("attendance", "a report"),
    ("concentration/diffusion", "a report"),
    ("concentration/top_share", "a report"),
    ("interval/byar", "a book"),
    ("interval/korn_graubard", "a journal and a series that give no DOI"),
    ("spatial/join_count", "a book, and a paper that has none on record"),
    ("standardised/indirect", "a book"),
    ("surveillance/t_chart", "a journal that gives no DOI"),
    ("surveillance/xmr_chart", "a book"),
    ("trend/breaks", "a definition"),
    ("trend/log_linear", "a book"),
    ("validity/power", "a definition"),
    ("weights/contiguity", "a book"),
    ("weights/gal", "a book"),
    ("weights/gwt", "a book"),
];

/// Whether a file is open to readers of the library: every `mod` on its way is `pub`.
fn is_public(id: &str, files: &BTreeMap<&str, &str>) -> bool {
    let parts: Vec<&str> = id.split('/').collect();
    (0..parts.len()).all(|at| {
        let folder = parts[..at].join("/");
        let parents = match at {
            0 => vec!["mod".to_owned()],
            _ => vec![format!("{folder}/mod"), folder],
        };
        parents.iter().filter_map(|parent| files.get(parent.as_str())).any(|text| {
            tokens(text).windows(4).any(|four| {
                four[0] == "pub" && four[1] == "mod" && four[2] == parts[at] && four[3] == ";"
            })
        })
    })
}

/// Methods that are not listed, and files that are open to readers without being a method.
fn omitted(files: &[File], listed: &BTreeSet<&str>) -> Vec<String> {
    let id = |file: &'_ File| -> Option<String> {
        Some(file.path.strip_prefix(FOLDER)?.strip_suffix(".rs")?.to_owned())
    };
    let ids: Vec<(String, &str)> =
        files.iter().filter_map(|file| Some((id(file)?, file.text.as_str()))).collect();
    let texts: BTreeMap<&str, &str> = ids.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    let mut complaints = Vec::new();
    for (id, text) in &texts {
        if id.rsplit('/').next() == Some("mod") || id.starts_with("numerics/") {
            continue;
        }
        let asks = !Header::of_file(text).section(Section::Question).is_empty();
        let is_vocabulary = VOCABULARY.iter().any(|(name, _)| name == id);
        match (listed.contains(id), asks, is_public(id, &texts)) {
            (true, ..) | (false, false, false) => {}
            (false, true, _) => complaints.push(format!("{id} is not in the list of methods")),
            (false, false, true) if is_vocabulary => {}
            (false, false, true) => complaints.push(format!("{id} is public and asks no question")),
        }
    }
    complaints
}

/// What is wrong with the head of a method's file.
fn incomplete(id: &str, header: &Header) -> Vec<String> {
    let mut complaints = Vec::new();
    let found: Vec<&str> = header.sections.iter().map(|(name, _)| name.as_str()).collect();
    if found != Section::ALL.map(Section::heading) {
        complaints.push(format!("has the sections {found:?}"));
    }
    for (name, text) in &header.sections {
        if text.trim().is_empty() {
            complaints.push(format!("says nothing about `{name}`"));
        }
    }
    let source = header.section(Section::Source);
    let is_excused = WITHOUT_DOI.iter().any(|(excused, _)| *excused == id);
    match (source.contains("doi:10.") || source.contains("<https://"), is_excused) {
        (false, false) => complaints.push("names a source without DOI or address".to_owned()),
        (true, true) => complaints.push("has a DOI, and is excused for having none".to_owned()),
        (true, false) | (false, true) => {}
    }
    complaints
}

#[test]
fn every_method_is_listed() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let made_up = [
        file("src/statistics/mod.rs", "pub mod a; pub mod numerics;"),
        file("src/statistics/a/mod.rs", "pub mod listed; pub mod lost; pub mod silent; mod part;"),
        file("src/statistics/a/listed.rs", "//! L.\n//! # Question\n//! Q?\n"),
        file("src/statistics/a/lost.rs", "//! L.\n//! # Question\n//! Q?\n"),
        file("src/statistics/a/silent.rs", "//! S.\n"),
        file("src/statistics/a/part.rs", "//! P.\n"),
        file("src/statistics/a/part/hidden.rs", "//! P.\n//! # Question\n//! Q?\n"),
        file("src/statistics/numerics/beta.rs", "//! B.\n"),
    ];
    let found = omitted(&made_up, &BTreeSet::from(["a/listed"]));
    must_catch(&found, "a/lost is not in the list");
    must_catch(&found, "a/silent is public and asks no question");
    must_catch(&found, "a/part/hidden is not in the list");
    assert_eq!(found.len(), 3, "{found:?}");

    let listed: BTreeSet<&str> = methods::all().map(|method| method.id).collect();
    assert_eq!(listed.len(), methods::all().count(), "a method is listed twice");
    assert!(listed.len() > 80, "only {} methods", listed.len());
    let files = files("src/statistics", "rs");
    assert_eq!(omitted(&files, &listed), [""; 0]);
    for (id, _) in VOCABULARY.iter().chain(WITHOUT_DOI) {
        assert!(files.iter().any(|file| file.path == format!("{FOLDER}{id}.rs")), "no file {id}");
    }
}

#[test]
fn every_method_says_all_a_reader_needs() {
    let empty = Header::of_file("//! T.\n//!\n//! # Question\n//!\n//! # Source\n//! A book.\n");
    let found = incomplete("new", &empty);
    must_catch(&found, "has the sections");
    must_catch(&found, "says nothing about `Question`");
    must_catch(&found, "without DOI");
    let cited = Header::of_file("//! T.\n//! # Source\n//! A, doi:10.1/2.\n");
    must_catch(&incomplete("interval/byar", &cited), "is excused");
    let all: Vec<String> = methods::all()
        .flat_map(|method| {
            let found = incomplete(method.id, &method.header()).into_iter();
            found.map(|complaint| format!("{}: {complaint}", method.id))
        })
        .collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}
