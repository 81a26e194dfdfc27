//! Reading declarations: TOML files taken key by key, so that every problem is found in one pass and points at its place.
//!
//! A [`Reader`] parses one file and collects problems; [`Fields`] hands out the keys of one table and reports those nobody
//! asked for; an [`Entry`] is one value that knows where it stands. Nothing here knows what an assessment or an indicator is.

mod entry;
mod tree;

use std::{cell::RefCell, ops::Range};

use crate::diagnostics::{Code, Place, Problem, Problems, Text, codes, did_you_mean};

pub use entry::Entry;
use tree::{Node, Table, Value};

/// A value with the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the file.
    pub span: Range<usize>,
}

/// One TOML file and everything found wrong with it so far.
#[derive(Debug)]
pub struct Reader {
    text: Text,
    root: Table,
    broken: bool,
    problems: RefCell<Problems>,
}

impl Reader {
    /// Parses a file. Syntax errors are collected like any other problem; [`Reader::fields`] is then `None`, because a half
    /// understood file would only add problems that are not there.
    pub fn new(text: Text) -> Self {
        let (root, errors) = tree::parse(&text.content);
        let reader = Self { root, broken: !errors.is_empty(), problems: RefCell::default(), text };
        for (message, span) in errors {
            reader.report(&codes::SYNTAX, message, span, None);
        }
        reader
    }

    /// The keys at the top of the file, unless it could not be parsed.
    pub fn fields(&self) -> Option<Fields<'_>> {
        (!self.broken).then(|| Fields::new(self, &self.root, 0..0, "the file".to_owned()))
    }

    /// The file.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// A span as a place.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::Span(self.text.clone(), span)
    }

    /// Notes a problem at a span.
    pub fn report(
        &self,
        code: &'static Code,
        message: impl Into<String>,
        span: Range<usize>,
        help: Option<String>,
    ) {
        let mut problem = Problem::new(code, message).at(self.place(span));
        problem.help = help;
        self.problems.borrow_mut().push(problem);
    }

    /// Notes a name that is not among the declared ones, with the nearest as a suggestion.
    pub fn unknown_name<'a>(
        &self,
        what: &str,
        name: &Located<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        self.not_among(format!("unknown {what} `{}`", name.value), name, known);
    }

    /// Like [`Reader::unknown_name`], with a message of its own.
    pub fn not_among<'a>(
        &self,
        message: String,
        name: &Located<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = suggestion(&name.value, &known);
        self.report(&codes::UNKNOWN_NAME, message, name.span.clone(), help);
    }

    /// Everything found wrong, in the order of the file.
    pub fn into_problems(self) -> Problems {
        let mut problems = self.problems.into_inner();
        problems.0.sort_by_key(|problem| match &problem.place {
            Some(Place::Span(_, span)) => span.start,
            _ => 0,
        });
        problems
    }
}

/// "did you mean …?", else what would be allowed.
fn suggestion(typed: &str, known: &[&str]) -> Option<String> {
    did_you_mean(typed, known.iter().copied()).or_else(|| match known {
        [] => None,
        _ => Some(format!("known here: {}", quoted(known))),
    })
}

/// The known name that a mistyped one is near to.
fn nearest(typed: &str, known: &[&'static str]) -> Option<&'static str> {
    let near = known.iter().filter(|name| did_you_mean(typed, [**name]).is_some());
    near.min_by_key(|name| strsim::damerau_levenshtein(typed, name)).copied()
}

/// Names in backticks, separated by commas.
pub fn quoted<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The keys of one table. Keys are taken by name; [`Fields::finish`] reports what is left over.
#[derive(Debug)]
pub struct Fields<'r> {
    reader: &'r Reader,
    table: &'r Table,
    span: Range<usize>,
    what: String,
    asked: Vec<&'static str>,
    absent: Vec<&'static str>,
}

impl<'r> Fields<'r> {
    fn new(reader: &'r Reader, table: &'r Table, span: Range<usize>, what: String) -> Self {
        Self { reader, table, span, what, asked: Vec::new(), absent: Vec::new() }
    }

    /// The file these keys stand in, to report against.
    pub fn reader(&self) -> &'r Reader {
        self.reader
    }

    /// Where the table starts.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Gives the table a name for messages, such as "source `arvig`".
    pub fn call(&mut self, what: String) {
        self.what = what;
    }

    /// The value of a key, if it is there.
    pub fn optional(&mut self, key: &'static str) -> Option<Entry<'r>> {
        self.asked.push(key);
        let (found, node) = self.table.iter().find(|(found, _)| found.value == key)?;
        Some(Entry::new(self.reader, found, node))
    }

    /// The value of a key that has to be there; a missing one is reported at the end.
    pub fn required(&mut self, key: &'static str) -> Option<Entry<'r>> {
        let entry = self.optional(key);
        if entry.is_none() {
            self.absent.push(key);
        }
        entry
    }

    /// Notes that a key is missing.
    pub fn missing(&self, key: &str, help: Option<String>) {
        let message = format!("{} has no `{key}`", self.what);
        self.reader.report(&codes::MISSING_KEY, message, self.span(), help);
    }

    /// Every key that was not asked for by name, with its value: for tables whose keys are names themselves.
    pub fn rest(self) -> Vec<(Located<String>, Entry<'r>)> {
        for key in &self.absent {
            self.missing(key, None);
        }
        let left = self.left().map(|(key, node)| (key.clone(), Entry::new(self.reader, key, node)));
        left.collect()
    }

    fn left(&self) -> impl Iterator<Item = &'r (Located<String>, Node)> {
        let table: &'r Table = self.table;
        table.iter().filter(|(key, _)| !self.asked.contains(&key.value.as_str()))
    }

    /// Reports every key that was not asked for, and every missing one. A missing key that was only mistyped is reported
    /// once, where it stands.
    pub fn finish(mut self) {
        let mut absent = std::mem::take(&mut self.absent);
        for (key, _) in self.left() {
            let near = nearest(&key.value, &absent);
            let near = near.or_else(|| nearest(&key.value, &self.asked));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", quoted(&self.asked)),
            };
            let message = format!("unknown key `{}` in {}", key.value, self.what);
            self.reader.report(&codes::UNKNOWN_KEY, message, key.span.clone(), Some(help));
            absent.retain(|missing| Some(*missing) != near);
        }
        for key in absent {
            self.missing(key, None);
        }
    }
}

#[cfg(test)]
fn check(content: &str, read: impl FnOnce(&mut Fields)) -> Vec<String> {
    let reader = Reader::new(Text::new("a.toml", content));
    if let Some(mut fields) = reader.fields() {
        read(&mut fields);
        fields.finish();
    }
    reader.into_problems().0.iter().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_reported_at_its_place() {
    let found = check("titel = \"x\"\nseed = \"one\"\n", |fields| {
        fields.required("title").and_then(|entry| entry.text());
        fields.required("seed").and_then(|entry| entry.integer());
    });
    assert_eq!(
        found,
        [
            "a.toml:1:1: unknown key `titel` in the file",
            "a.toml:2:8: `seed` is a text, but must be a whole number",
        ]
    );
}

#[test]
fn a_broken_file_gives_only_its_syntax_errors() {
    let found = check("a = [1\nb = 2\n", |_| panic!("a broken file has no fields"));
    assert!(!found.is_empty() && found[0].starts_with("a.toml:"), "{found:?}");
}
