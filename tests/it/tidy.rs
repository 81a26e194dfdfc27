//! The source tree keeps its own rules: who imports whom, a sentence a file, short files, formatting, complete lists.
//!
//! Every check is a function from a text to complaints, and is first shown a text it has to complain about: a check that
//! cannot fail would be worse than none.

#![allow(clippy::disallowed_methods, reason = "looks at the source tree itself, which is no input")]

mod imports;
mod methods;
mod tokens;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use imports::module_of;
use saet::count::catalogue;
use tokens::tokens;

/// The pipeline's sentence.
const STAGES: [&str; 7] = ["read", "locate", "count", "estimate", "find", "protect", "render"];

/// A source file.
struct File {
    /// Path from the root, with `/`.
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file with an extension below a folder, by path.
fn files(folder: &str, extension: &str) -> Vec<File> {
    let mut folders = vec![root().join(folder)];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.expect("a folder's entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let name = |path: &Path| {
        let parts = path.strip_prefix(root()).expect("below the root").components();
        parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let text = |path: &Path| fs::read_to_string(path).expect("a readable file");
    paths.iter().map(|path| File { path: name(path), text: text(path) }).collect()
}

fn sources() -> Vec<File> {
    let sources = files("src", "rs");
    assert!(sources.len() > 20, "only {} source files were looked at", sources.len());
    sources
}

fn tests() -> Vec<File> {
    let tests = files("tests/it", "rs");
    assert!(tests.len() > 3, "only {} test files were looked at", tests.len());
    tests
}

/// Fails with every complaint a check has about the files.
#[track_caller]
fn check(files: &[File], complaints: impl Fn(&str, &str) -> Vec<String>) {
    let all: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let found = complaints(&file.path, &file.text).into_iter();
            found.map(|complaint| format!("{}: {complaint}", file.path))
        })
        .collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

/// The self-test of a check: the text must be complained about, with these words.
#[track_caller]
fn must_catch(found: &[String], words: &str) {
    assert!(
        found.iter().any(|complaint| complaint.contains(words)),
        "not caught: {words}; {found:?}"
    );
}

fn wrong_head(_: &str, text: &str) -> Vec<String> {
    let Some(first) = text.lines().next().and_then(|line| line.strip_prefix("//! ")) else {
        return vec!["does not start with `//! ` and what it is for".to_owned()];
    };
    let starts_well =
        first.starts_with(|at: char| at.is_uppercase() || at.is_numeric() || at == '`');
    let paragraph: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//! ").filter(|rest| !rest.trim().is_empty()))
        .collect();
    let ends_well = paragraph.last().is_some_and(|last| last.ends_with(['.', ':', '?']));
    if starts_well && ends_well {
        return Vec::new();
    }
    vec!["its first paragraph is no whole sentence".to_owned()]
}

fn wrong_words(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Put together here, so that this file does not complain about itself.
    for word in [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()] {
        if text.split(|at: char| !at.is_alphanumeric()).any(|found| found == word) {
            found.push(format!("says {word}: do it, or open an issue"));
        }
    }
    let vague = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "processor"];
    let named = path.trim_end_matches(".rs").split('/').map(str::to_owned);
    let tokens = tokens(text);
    let inline = tokens.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1].clone());
    for name in named.chain(inline).filter(|name| vague.contains(&name.as_str())) {
        found.push(format!("`{name}` names no concept"));
    }
    let may_print =
        !path.starts_with("src/") || path.starts_with("src/cli/") || path == "src/main.rs";
    for pair in tokens.windows(2).filter(|pair| pair[1] == "!") {
        match pair[0].as_str() {
            "todo" | "unimplemented" | "dbg" => found.push(format!("`{}!` is unfinished", pair[0])),
            "println" | "eprintln" | "print" | "eprint" if !may_print => {
                found.push(format!("`{}!`: only the command line prints", pair[0]));
            }
            _ => {}
        }
    }
    for pair in tokens.windows(3).filter(|three| three[0] == "#" && three[1] == "[") {
        match pair[2].as_str() {
            "ignore" => found.push("an ignored test tells nothing; assert what happens".to_owned()),
            "path" => found.push("`#[path]` hides where a module lies".to_owned()),
            _ => {}
        }
    }
    found
}

#[test]
fn every_file_opens_with_a_sentence() {
    must_catch(&wrong_head("", "use std::fs;\n"), "does not start");
    must_catch(&wrong_head("", "//! stuff for reading\n"), "no whole sentence");
    must_catch(&wrong_head("", "//! Reads files\n//!\n//! And more.\n"), "no whole sentence");
    assert_eq!(wrong_head("", "//! Reads files, one\n//! after the other.\n//!\n//! x\n"), [""; 0]);
    check(&sources(), wrong_head);
    check(&tests(), wrong_head);
}

#[test]
fn nothing_is_unfinished_vague_or_printed_from_inside() {
    let caught =
        |text: &str, words: &str| must_catch(&wrong_words("src/find/rank.rs", text), words);
    caught(&["// TO", "DO: later"].concat(), "do it");
    caught(&["// FIX", "ME"].concat(), "do it");
    caught("fn f() { todo!() }", "`todo!` is unfinished");
    caught("fn f() { unimplemented!(\"x\") }", "unfinished");
    caught("fn f() { dbg!(1) }", "unfinished");
    caught("fn f() { println!(\"x\") }", "only the command line prints");
    caught("fn f() { eprintln!(\"x\") }", "only the command line prints");
    caught("#[ignore]\nfn f() {}", "ignored test");
    caught("#[ignore = \"slow\"]\nfn f() {}", "ignored test");
    caught("#[path = \"x.rs\"]\nmod y;", "hides where");
    caught("mod helpers {}", "`helpers` names no concept");
    must_catch(&wrong_words("src/read/util.rs", ""), "`util` names no concept");
    assert_eq!(wrong_words("src/cli/run.rs", "fn f() { println!(\"todo!\") } // dbg!"), [""; 0]);
    check(&sources(), wrong_words);
    check(&tests(), wrong_words);
}

fn too_long(path: &str, text: &str) -> Vec<String> {
    let limit = if path.starts_with("src/") { 400 } else { 600 };
    let n_lines = text.lines().count();
    if n_lines <= limit { Vec::new() } else { vec![format!("{n_lines} lines, {limit} are enough")] }
}

#[test]
fn files_are_short() {
    must_catch(&too_long("src/a.rs", &"\n".repeat(401)), "401 lines");
    must_catch(&too_long("tests/it/a.rs", &"\n".repeat(601)), "601 lines");
    assert_eq!(too_long("src/a.rs", &"\n".repeat(400)), [""; 0]);
    check(&sources(), too_long);
    check(&tests(), too_long);
}

/// `cargo fmt` does not see files whose `mod` is inside a macro, as in our registries; this does.
#[test]
fn every_file_is_formatted() {
    let is_formatted = |paths: &[PathBuf]| {
        Command::new("rustfmt")
            .args(["--check", "-l", "--color", "never", "--edition", "2024", "--config-path"])
            .arg(root())
            .args(paths)
            .output()
            .expect("rustfmt is installed (`rustup component add rustfmt`)")
    };
    let ugly = tempfile::Builder::new().suffix(".rs").tempfile().unwrap();
    fs::write(ugly.path(), "fn  f( ){}\n").unwrap();
    assert!(!is_formatted(&[ugly.path().to_owned()]).status.success());
    let all: Vec<PathBuf> =
        sources().iter().chain(&tests()).map(|file| root().join(&file.path)).collect();
    let output = is_formatted(&all);
    // A file is named once for itself and once for every file that declares it.
    let said = String::from_utf8_lossy(&output.stdout);
    let files: BTreeSet<&str> = said.lines().collect();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "run `rustfmt` on {files:#?}\n{said}");
}

/// The modules a file declares with `mod name;` and those it lists in a `catalogue!`.
fn declared(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let tokens = tokens(text);
    let plain = tokens
        .windows(3)
        .filter(|three| three[0] == "mod" && three[2] == ";")
        .map(|three| three[1].clone())
        .collect();
    let mut listed = BTreeSet::new();
    for start in tokens.windows(3).enumerate().filter_map(|(at, three)| {
        (three[0] == "catalogue" && three[1] == "!" && three[2] == "{").then_some(at + 3)
    }) {
        let body = tokens[start..].iter().take_while(|token| *token != "}");
        let names = body.skip_while(|token| *token != ";").skip(1).filter(|token| *token != ",");
        listed.extend(names.cloned());
    }
    (plain, listed)
}

/// Files nobody declares, entries nobody lists, and lists of files that are none of it.
fn incomplete_lists(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in files {
        let mut module = module_of(path);
        let Some(name) = module.pop() else { continue };
        let folder = module.join("/");
        let parents = if folder.is_empty() {
            vec!["src/lib.rs".to_owned(), "src/main.rs".to_owned()]
        } else {
            vec![format!("src/{folder}.rs"), format!("src/{folder}/mod.rs")]
        };
        let (mut plain, mut listed) = (BTreeSet::new(), BTreeSet::new());
        for parent in parents.iter().filter_map(|parent| files.get(parent)) {
            let (a, b) = declared(parent);
            plain.extend(a);
            listed.extend(b);
        }
        let has_entry =
            tokens(text).windows(2).any(|pair| pair[0] == "static" && pair[1] == "ENTRY");
        if !plain.contains(&name) && !listed.contains(&name) {
            complaints.push(format!("{path} is declared nowhere"));
        } else if has_entry && !listed.contains(&name) {
            complaints.push(format!("{path} has an entry, but is in no `catalogue!`"));
        } else if listed.contains(&name) && !has_entry {
            complaints.push(format!("{path} is in a `catalogue!`, but has no entry"));
        }
    }
    complaints
}

#[test]
fn every_file_and_every_entry_is_listed() {
    let tree = |files: &[(&str, &str)]| {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    let list = "pub mod a;\ncatalogue! {\n    /// Doc.\n    dyn T;\n    one,\n    two,\n}";
    let entry = "pub(super) static ENTRY: A = A;";
    let found = incomplete_lists(&tree(&[
        ("src/lib.rs", "pub mod read;"),
        ("src/read/mod.rs", list),
        ("src/read/a.rs", entry),
        ("src/read/one.rs", entry),
        ("src/read/two.rs", "fn f() {}"),
        ("src/read/lost.rs", ""),
    ]));
    must_catch(&found, "src/read/a.rs has an entry, but is in no");
    must_catch(&found, "src/read/two.rs is in a `catalogue!`, but has no entry");
    must_catch(&found, "src/read/lost.rs is declared nowhere");
    assert_eq!(found.len(), 3, "{found:?}");
    let sources: BTreeMap<String, String> =
        sources().into_iter().map(|file| (file.path, file.text)).collect();
    let n_lists = sources.values().filter(|text| !declared(text).1.is_empty()).count();
    assert!(n_lists >= 2, "only {n_lists} registries were found");
    assert_eq!(incomplete_lists(&sources), [""; 0]);
}

fn without_example(_: &str, text: &str) -> Vec<String> {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return vec![error.to_string()],
    };
    let examples = table.get("example").and_then(toml::Value::as_array);
    if examples.is_some_and(|examples| !examples.is_empty()) {
        return Vec::new();
    }
    vec!["has no [[example]]".to_owned()]
}

fn not_built_in(path: &str, text: &str) -> Vec<String> {
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match catalogue::built_in(&stem) {
        Some((name, content)) if name == path && content == text => Vec::new(),
        Some((name, _)) => vec![format!("the program holds `{name}` instead, or another text")],
        None => vec!["is not in the built-in catalogue".to_owned()],
    }
}

#[test]
fn every_indicator_is_built_in_and_has_an_example() {
    must_catch(&without_example("", "id = \"x\"\n"), "no [[example]]");
    must_catch(&without_example("", "id = \n"), "");
    must_catch(&not_built_in("indicators/core/of_my_own.toml", ""), "not in the built-in");
    must_catch(&not_built_in("indicators/core/crime.incidence.toml", ""), "another text");
    let definitions = files("indicators", "toml");
    let n_core =
        definitions.iter().filter(|file| file.path.starts_with("indicators/core/")).count();
    assert_eq!(n_core, 12, "the instrument has twelve core indicators");
    check(&definitions, without_example);
    check(&definitions, not_built_in);
}

/// Whether the seven words stand side by side in a text, whatever arrows or links are around them.
fn without_sentence(_: &str, text: &str) -> Vec<String> {
    let words: Vec<&str> =
        text.split(|at: char| !at.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.windows(7).any(|seven| seven == STAGES) {
        return Vec::new();
    }
    vec![format!("does not say {}", STAGES.join(" → "))]
}

#[test]
fn the_pipelines_sentence_is_said_where_readers_start() {
    must_catch(&without_sentence("", "read → locate → estimate → count → find"), "does not say");
    let linked = "[`read`] → [`locate`] → [`count`] →\n//! [`estimate`] → [`find`] → [`protect`] → [`render`]";
    assert_eq!(without_sentence("", linked), [""; 0]);
    for path in ["README.md", "src/lib.rs"] {
        let text = fs::read_to_string(root().join(path)).unwrap_or_default();
        check(&[File { path: path.to_owned(), text }], without_sentence);
    }
}
