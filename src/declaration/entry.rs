//! One value of a declaration, taken as the type its reader asks for.

use std::{collections::BTreeMap, ops::Range};

use super::{Fields, Located, Node, Reader, Value, quoted};
use crate::{
    diagnostics::{Place, codes, did_you_mean},
    model::Date,
    predicate,
};

/// A value, the key it belongs to and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'r> {
    reader: &'r Reader,
    key: &'r Located<String>,
    node: &'r Node,
}

impl<'r> Entry<'r> {
    pub(super) fn new(reader: &'r Reader, key: &'r Located<String>, node: &'r Node) -> Self {
        Self { reader, key, node }
    }

    /// The file it stands in, to report against.
    pub fn reader(&self) -> &'r Reader {
        self.reader
    }

    /// The bytes of the value.
    pub fn span(&self) -> Range<usize> {
        self.node.span.clone()
    }

    /// The value's place.
    pub fn place(&self) -> Place {
        self.reader.place(self.span())
    }

    /// The name of the key.
    pub fn key(&self) -> &'r Located<String> {
        self.key
    }

    /// Notes that the value cannot be used.
    pub fn bad(&self, message: impl Into<String>, help: Option<String>) {
        self.reader.report(&codes::BAD_VALUE, message, self.span(), help);
    }

    fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        let (key, kind) = (&self.key.value, self.node.value.kind());
        self.bad(format!("`{key}` is {kind}, but must be {wanted}"), None);
        None
    }

    fn located<T>(&self, value: T) -> Located<T> {
        Located { value, span: self.span() }
    }

    /// A text that is not empty.
    pub fn text(&self) -> Option<Located<String>> {
        match &self.node.value {
            Value::Text(text) if text.is_empty() => {
                self.bad(format!("`{}` is empty", self.key.value), None);
                None
            }
            Value::Text(text) => Some(self.located(text.clone())),
            _ => self.wrong_type("a text"),
        }
    }

    /// A text, number, date or truth value, as written.
    pub fn scalar(&self) -> Option<Located<String>> {
        match &self.node.value {
            Value::Text(text) | Value::Date(text) => Some(self.located(text.clone())),
            Value::Integer(number) => Some(self.located(number.to_string())),
            Value::Float(number) => Some(self.located(number.to_string())),
            Value::Boolean(value) => Some(self.located(value.to_string())),
            _ => self.wrong_type("a single value"),
        }
    }

    /// A text of exactly one character.
    pub fn character(&self) -> Option<char> {
        let text = self.text()?;
        let mut characters = text.value.chars();
        if let (Some(character), None) = (characters.next(), characters.next()) {
            return Some(character);
        }
        self.bad(format!("`{}` must be a single character", self.key.value), None);
        None
    }

    /// A whole number.
    pub fn integer(&self) -> Option<Located<i64>> {
        match self.node.value {
            Value::Integer(number) => Some(self.located(number)),
            _ => self.wrong_type("a whole number"),
        }
    }

    /// A whole number within limits, both included.
    pub fn whole<T>(&self, allowed: std::ops::RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let number = self.integer()?.value;
        let found = T::try_from(number).ok().filter(|number| allowed.contains(number));
        if found.is_none() {
            let (low, high) = (allowed.start(), allowed.end());
            self.bad(
                format!("`{}` must lie in {low} to {high}, not {number}", self.key.value),
                None,
            );
        }
        found
    }

    /// A number, whole or not.
    #[allow(clippy::cast_precision_loss, reason = "declared numbers are far below 2^53")]
    pub fn number(&self) -> Option<f64> {
        match self.node.value {
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => self.wrong_type("a number"),
        }
    }

    /// A number above one limit and up to another.
    pub fn number_within(&self, above: f64, up_to: f64) -> Option<f64> {
        let number = self.number()?;
        if number > above && number <= up_to {
            return Some(number);
        }
        let key = &self.key.value;
        self.bad(format!("`{key}` must be above {above} and at most {up_to}, not {number}"), None);
        None
    }

    /// True or false.
    pub fn truth(&self) -> Option<bool> {
        match self.node.value {
            Value::Boolean(value) => Some(value),
            _ => self.wrong_type("true or false"),
        }
    }

    /// A day, as a TOML date or as a text `2016-12-31`.
    pub fn date(&self) -> Option<Date> {
        let (Value::Text(text) | Value::Date(text)) = &self.node.value else {
            return self.wrong_type("a date like `2016-12-31`");
        };
        let date = text.parse::<Date>().ok();
        if date.is_none() {
            self.bad(format!("`{text}` is not a date"), Some("write it like `2016-12-31`".into()));
        }
        date
    }

    /// One of the named values.
    pub fn one_of<T: Clone>(&self, allowed: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = allowed.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(&text.value, names.iter().copied())
                .unwrap_or_else(|| format!("allowed: {}", quoted(&names)));
            self.bad(format!("`{}` cannot be `{}`", self.key.value, text.value), Some(help));
        }
        found.map(|(_, value)| value.clone())
    }

    /// A condition in the small SQL subset, kept as text; a mistake is shown inside it.
    pub fn condition(&self) -> Option<String> {
        let text = self.text()?;
        let Err(error) = predicate::parse(&text.value) else { return Some(text.value) };
        let raw = &self.reader.text().content[text.span.clone()];
        let inner = text.span.start + 1;
        let span = if raw.len() == text.value.len() + 2 {
            inner + error.span.start..inner + error.span.end
        } else {
            text.span
        };
        self.reader.report(&codes::PREDICATE, error.message, span, None);
        None
    }

    /// A list of anything.
    pub fn list(&self) -> Option<Vec<Entry<'r>>> {
        match &self.node.value {
            Value::List(nodes) => Some(
                nodes
                    .iter()
                    .map(|node| Entry { reader: self.reader, key: self.key, node })
                    .collect(),
            ),
            _ => self.wrong_type("a list"),
        }
    }

    /// A list of texts.
    pub fn texts(&self) -> Option<Vec<Located<String>>> {
        Some(self.list()?.iter().filter_map(Entry::text).collect())
    }

    /// Whether the value is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }

    /// Whether the value is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.node.value, Value::List(_))
    }

    /// Whether the value is a whole number.
    pub fn is_integer(&self) -> bool {
        matches!(self.node.value, Value::Integer(_))
    }

    /// Whether the value is a text.
    pub fn is_text(&self) -> bool {
        matches!(self.node.value, Value::Text(_))
    }

    /// A table.
    pub fn table(&self) -> Option<Fields<'r>> {
        match &self.node.value {
            Value::Table(table) => {
                let what = format!("`{}`", self.key.value);
                Some(Fields::new(self.reader, table, self.span(), what))
            }
            _ => self.wrong_type("a table"),
        }
    }

    /// A list of tables, as from `[[key]]`.
    pub fn tables(&self) -> Option<Vec<Fields<'r>>> {
        Some(self.list()?.iter().filter_map(Entry::table).collect())
    }

    /// A table of names to single values, such as a recode.
    pub fn pairs(&self) -> Option<Vec<(Located<String>, Located<String>)>> {
        let rest = self.table()?.rest();
        Some(rest.into_iter().filter_map(|(key, entry)| Some((key, entry.scalar()?))).collect())
    }

    /// A table of names to single values, without their places.
    pub fn map(&self) -> Option<BTreeMap<String, String>> {
        let pairs = self.pairs()?;
        Some(pairs.into_iter().map(|(key, value)| (key.value, value.value)).collect())
    }
}

impl Fields<'_> {
    /// The spans of all values below, by dotted path; members of a list by their position.
    pub fn spans(&self) -> BTreeMap<String, Range<usize>> {
        let mut spans = BTreeMap::new();
        for (key, node) in self.table {
            note(node, key.value.clone(), &mut spans);
        }
        spans
    }
}

fn note(node: &Node, path: String, spans: &mut BTreeMap<String, Range<usize>>) {
    match &node.value {
        Value::Table(table) => {
            for (key, node) in table {
                note(node, format!("{path}.{}", key.value), spans);
            }
        }
        Value::List(nodes) => {
            for (at, node) in nodes.iter().enumerate() {
                note(node, format!("{path}.{at}"), spans);
            }
        }
        _ => {}
    }
    spans.insert(path, node.span.clone());
}
