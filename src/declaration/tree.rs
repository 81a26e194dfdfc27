//! The TOML tree with spans, owned and in the order of the file.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Located;

/// Keys and values in the order they are written.
pub(super) type Table = Vec<(Located<String>, Node)>;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// What TOML can hold.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
    /// A number that no machine number can hold.
    TooLarge,
}

impl Value {
    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::TooLarge => "a number out of range",
        }
    }
}

/// Parses a file; the errors are messages with their spans.
pub(super) fn parse(content: &str) -> (Table, Vec<(String, Range<usize>)>) {
    let (root, errors) = DeTable::parse_recoverable(content);
    let errors = errors
        .iter()
        .map(|error| (error.message().to_owned(), error.span().unwrap_or(0..0)))
        .collect();
    (table(root.get_ref()), errors)
}

fn table(found: &DeTable<'_>) -> Table {
    let mut table: Table = found
        .iter()
        .map(|(key, value)| {
            (Located { value: key.get_ref().to_string(), span: key.span() }, node(value))
        })
        .collect();
    table.sort_by_key(|(key, _)| key.span.start);
    table
}

fn node(found: &Spanned<DeValue<'_>>) -> Node {
    let value = match found.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map_or(Value::TooLarge, Value::Integer),
        DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => Value::TooLarge,
        },
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(values) => Value::List(values.iter().map(node).collect()),
        DeValue::Table(found) => Value::Table(table(found)),
    };
    Node { value, span: found.span() }
}
