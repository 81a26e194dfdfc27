//! The names an assessment declares, and looking them up.

use std::collections::BTreeMap;

use super::Table;
use crate::{
    declaration::{Entry, Located, Reader},
    diagnostics::codes,
    model::{IdeologyId, SourceId},
};

/// Levels, ideologies and sources declared so far. A list that could not be read is empty, and nothing is then looked up in
/// it, so that one mistake is not reported twice.
pub(super) struct Names<'r> {
    pub(super) reader: &'r Reader,
    pub(super) levels: Vec<String>,
    pub(super) ideologies: Vec<IdeologyId>,
    pub(super) sources: BTreeMap<SourceId, Table>,
}

impl<'r> Names<'r> {
    pub(super) fn new(reader: &'r Reader) -> Self {
        Self { reader, levels: Vec::new(), ideologies: Vec::new(), sources: BTreeMap::new() }
    }

    /// The position of a declared level.
    pub(super) fn level(&self, name: &Located<String>) -> Option<usize> {
        let found = self.levels.iter().position(|level| *level == name.value);
        if found.is_none() && !self.levels.is_empty() {
            self.reader.unknown_name("level", name, self.levels.iter().map(String::as_str));
        }
        found
    }

    /// A declared ideology.
    pub(super) fn ideology(&self, name: &Located<String>) -> Option<IdeologyId> {
        let id = IdeologyId::new(name.value.clone());
        if self.ideologies.is_empty() || self.ideologies.contains(&id) {
            return Some(id);
        }
        let known = self.ideologies.iter().map(IdeologyId::as_str);
        self.reader.unknown_name("ideology", name, known);
        None
    }

    /// A declared source, which must feed one of the tables where any are given.
    pub(super) fn source(&self, name: &Located<String>, tables: &[Table]) -> Option<SourceId> {
        let id = SourceId::new(name.value.clone());
        let Some(table) = self.sources.get(&id) else {
            if !self.sources.is_empty() {
                let known = self.sources.keys().map(SourceId::as_str);
                self.reader.unknown_name("source", name, known);
            }
            return None;
        };
        if tables.is_empty() || tables.contains(table) {
            return Some(id);
        }
        let wanted = tables[0].as_str();
        let message = format!("source `{id}` holds `{}`, not `{wanted}`", table.as_str());
        self.reader.report(&codes::BAD_VALUE, message, name.span.clone(), None);
        None
    }
}

/// A text that can name something: lower-case letters, digits, `_` and `-`, with dots between parts.
pub(super) fn identifier(entry: &Entry<'_>) -> Option<Located<String>> {
    let text = entry.text()?;
    let good = text.value.bytes().all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')
    });
    if !good {
        let help = "use lower-case letters, digits, `_`, `-` and `.`".to_owned();
        entry.bad(format!("`{}` cannot be a name", text.value), Some(help));
    }
    good.then_some(text)
}

/// Two whole numbers, the first below the second.
pub(super) fn span_of(entry: &Entry<'_>) -> Option<(usize, usize)> {
    let list = entry.list()?;
    let numbers: Vec<usize> = list.iter().filter_map(|one| one.whole(0..=10_000)).collect();
    match numbers[..] {
        [from, to] if list.len() == 2 && from < to => Some((from, to)),
        _ if numbers.len() < list.len() => None,
        _ => {
            let key = &entry.key().value;
            entry.bad(format!("`{key}` must be two positions, the first below the second"), None);
            None
        }
    }
}

/// Two years, the first not after the second.
pub(super) fn years(entry: &Entry<'_>) -> Option<(i32, i32)> {
    let list = entry.list()?;
    let numbers: Vec<i32> = list.iter().filter_map(|one| one.whole(1800..=2200)).collect();
    match numbers[..] {
        [from, to] if list.len() == 2 && from <= to => Some((from, to)),
        _ if numbers.len() < list.len() => None,
        _ => {
            let help = "write the first and the last, like `[2016, 2018]`".to_owned();
            entry.bad(format!("`{}` must be two years", entry.key().value), Some(help));
            None
        }
    }
}
