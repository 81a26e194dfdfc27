//! Who may import whom: the table, and the reading of paths that holds the tree to it.

use std::collections::BTreeSet;

use super::{STAGES, check, must_catch, sources, tokens::tokens};

/// Who may import whom. A module that is not listed here is a complaint, so that the table stays whole; `*` is everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    // below the stages
    ("model", &[]),
    ("diagnostics", &[]),
    ("registry", &[]),
    ("predicate", &[]),
    ("storage", &["diagnostics"]),
    ("statistics", &["model", "registry"]),
    ("methods", &["model", "statistics", "registry"]),
    ("declaration", &["model", "diagnostics", "predicate"]),
    ("assessment", &["model", "diagnostics", "registry", "storage", "declaration", "predicate"]),
    // the stages, which never import each other
    (
        "read",
        &["model", "statistics", "diagnostics", "registry", "predicate", "storage", "assessment"],
    ),
    ("locate", &["model", "statistics", "diagnostics", "registry", "assessment"]),
    (
        "count",
        &[
            "model",
            "statistics",
            "diagnostics",
            "registry",
            "predicate",
            "declaration",
            "assessment",
        ],
    ),
    ("estimate", &["model", "statistics", "diagnostics", "registry"]),
    ("find", &["model", "statistics", "diagnostics", "registry"]),
    ("protect", &["model", "statistics", "diagnostics", "registry"]),
    ("render", &["model", "statistics", "methods", "diagnostics", "registry", "protect"]),
    // above them
    ("manifest", &["model", "diagnostics", "registry", "storage", "assessment"]),
    ("pipeline", &["*"]),
    // one file, one map: a pipeline of its own without a declaration, region tree or editions, so it reads files, and draws and
    // words what it found with the same pieces as the reports do
    ("analyse", &["model", "statistics", "diagnostics", "storage", "read", "locate", "render"]),
    ("cli", &["*"]),
    ("demo", &["*"]),
    ("main", &["*"]),
    ("lib", &["*"]),
];

/// Single files that may import more, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "src/count/catalogue.rs",
    "storage",
    "an assessment's own indicators are read where the built-in ones are listed",
)];

/// The module path of a file: `src/read/formats/mod.rs` is `read`, `formats`; `main.rs` and `lib.rs` are the root.
pub(super) fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    match inner {
        "lib" | "main" => Vec::new(),
        _ => inner.split('/').map(str::to_owned).collect(),
    }
}

/// Every path that starts at a position: `crate::{a::b, c}` gives two.
fn paths(tokens: &[String], at: &mut usize) -> Vec<Vec<String>> {
    let mut head: Vec<String> = Vec::new();
    loop {
        match tokens.get(*at).map(String::as_str) {
            Some("{") => {
                let mut all = Vec::new();
                *at += 1;
                while tokens.get(*at).is_some_and(|token| token != "}") {
                    let before = *at;
                    for tail in paths(tokens, at) {
                        all.push(head.iter().cloned().chain(tail).collect());
                    }
                    if *at == before {
                        *at += 1;
                    }
                }
                *at += 1;
                return all;
            }
            Some(word)
                if word == "*" || word.chars().all(|at| at.is_alphanumeric() || at == '_') =>
            {
                head.push(word.to_owned());
                *at += 1;
            }
            _ => return if head.is_empty() { Vec::new() } else { vec![head] },
        }
        let is_path = tokens.get(*at).is_some_and(|token| token == ":")
            && tokens.get(*at + 1).is_some_and(|token| token == ":");
        if !is_path {
            return vec![head];
        }
        *at += 2;
    }
}

/// The top module a path leads to from inside a module; `None` when it stays inside its own.
fn top_module(path: &[String], from: &[String]) -> Option<String> {
    let mut at: Vec<&str> = from.iter().map(String::as_str).collect();
    for segment in path {
        match segment.as_str() {
            "crate" | "saet" => at.clear(),
            "self" => {}
            "super" => {
                at.pop();
            }
            name if at.is_empty() => return Some(name.to_owned()),
            _ => return None,
        }
    }
    None
}

/// The top modules a file mentions, its own among them.
fn imports(path: &str, text: &str) -> BTreeSet<String> {
    let tokens = tokens(text);
    let mut module = module_of(path);
    let mut depth = 0;
    let mut inline: Vec<usize> = Vec::new();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inline.last() == Some(&depth) {
                    inline.pop();
                    module.pop();
                }
            }
            "mod" if tokens.get(at + 2).is_some_and(|token| token == "{") => {
                inline.push(depth);
                module.push(tokens[at + 1].clone());
            }
            "crate" | "super" | "saet" if tokens.get(at + 1).is_some_and(|token| token == ":") => {
                let mut end = at;
                for path in paths(&tokens, &mut end) {
                    found.extend(top_module(&path, &module));
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn wrong_imports(path: &str, text: &str) -> Vec<String> {
    let module = module_of(path);
    let own = module.first().map_or("lib", String::as_str);
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == own) else {
        return vec![format!("module `{own}` is not in the table of imports")];
    };
    let is_excused =
        |other: &str| EXCEPTIONS.iter().any(|(file, extra, _)| *file == path && *extra == other);
    let known = |name: &str| MAY_IMPORT.iter().any(|(module, _)| *module == name) || name == "*";
    imports(path, text)
        .into_iter()
        .filter(|other| other != own && known(other) && !allowed.contains(&"*"))
        .filter(|other| !allowed.contains(&other.as_str()) && !is_excused(other))
        .map(|other| format!("`{own}` may not import `{other}`"))
        .collect()
}

#[test]
fn no_stage_imports_another_stage() {
    let from_find = |text: &str| wrong_imports("src/find/hotbeds.rs", text);
    must_catch(&from_find("use crate::estimate::rates;"), "`find` may not import `estimate`");
    must_catch(&from_find("use crate::{model::{Region, Period}, count};"), "import `count`");
    must_catch(&from_find("use crate::{\n    model,\n    read::{a::b, c},\n};"), "import `read`");
    must_catch(&from_find("fn f() { crate::protect::policy() }"), "import `protect`");
    must_catch(&from_find("use super::super::render::page;"), "import `render`");
    must_catch(&from_find("mod tests { use super::super::super::cli::x; }"), "import `cli`");
    must_catch(&from_find("use crate::*;"), "import `*`");
    must_catch(
        &from_find("fn f(_: \u{27}_, x: &\u{27}a str) { crate::locate::x }"),
        "import `locate`",
    );
    must_catch(&wrong_imports("src/model/ids.rs", "use crate::statistics::z;"), "`model` may not");
    must_catch(&wrong_imports("src/newcomer.rs", ""), "not in the table");
    let fine = "//! crate::read\nuse crate::{model, statistics};\nconst X: &str = \"crate::read\";\n\
                use super::engine; mod tests { use super::super::funnel; }";
    assert_eq!(from_find(fine), [""; 0]);
    check(&sources(), wrong_imports);
    for stage in STAGES {
        let (_, allowed) = MAY_IMPORT.iter().find(|(name, _)| *name == stage).unwrap();
        let others: Vec<&&str> = allowed.iter().filter(|other| STAGES.contains(other)).collect();
        let expected: &[&&str] = if stage == "render" { &[&"protect"] } else { &[] };
        assert_eq!(others, expected, "{stage}");
    }
}
