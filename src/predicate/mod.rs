//! Conditions on rows: the small SQL subset of `filter` and `where`, parsed once and whitelisted.
//!
//! `=, <>, <, >, <=, >=, IN, LIKE 'prefix%', BETWEEN, AND, OR, NOT, IS NULL`. A quoted literal compares as text (which orders ISO
//! dates rightly), a bare number as a number. Nulls follow SQL: a comparison with null is neither true nor false.
//!
//! Conditions are evaluated on *distinct combinations* of cells, not on records; `read` and `count` share this module.

mod parse;

use std::{cmp::Ordering, collections::BTreeSet};

pub use parse::parse;

/// A condition on one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// `column op literal`.
    Compare(String, Op, Literal),
    /// `column IN (…)`.
    In(String, Vec<Literal>),
    /// `column LIKE 'prefix%'`.
    Prefix(String, String),
    /// `column IS NULL`.
    IsNull(String),
    /// All of them.
    And(Box<Predicate>, Box<Predicate>),
    /// Any of them.
    Or(Box<Predicate>, Box<Predicate>),
    /// Not it.
    Not(Box<Predicate>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A literal: quoted text or a bare number.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `'text'`
    Text(String),
    /// `12.5`
    Number(f64),
}

/// A cell under test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing there.
    Null,
    /// A text.
    Text(&'a str),
    /// Several texts in one cell ("A & B"): a test holds when it holds for any of them.
    Many(&'a [String]),
    /// A number.
    Number(f64),
}

impl Predicate {
    /// The columns it mentions.
    pub fn columns(&self) -> BTreeSet<&str> {
        let mut columns = BTreeSet::new();
        self.collect_columns(&mut columns);
        columns
    }

    fn collect_columns<'p>(&'p self, columns: &mut BTreeSet<&'p str>) {
        match self {
            Self::Compare(column, ..)
            | Self::In(column, _)
            | Self::Prefix(column, _)
            | Self::IsNull(column) => {
                columns.insert(column);
            }
            Self::And(left, right) | Self::Or(left, right) => {
                left.collect_columns(columns);
                right.collect_columns(columns);
            }
            Self::Not(inner) => inner.collect_columns(columns),
        }
    }

    /// Whether a row meets the condition; SQL's "unknown" counts as no.
    pub fn holds<'v>(&self, cell: &dyn Fn(&str) -> Value<'v>) -> bool {
        self.test(cell) == Some(true)
    }

    fn test<'v>(&self, cell: &dyn Fn(&str) -> Value<'v>) -> Option<bool> {
        match self {
            Self::Compare(column, Op::NotEqual, literal) => {
                any(cell(column), |value| compare(value, literal).map(Ordering::is_eq))
                    .map(|same| !same)
            }
            Self::Compare(column, op, literal) => any(cell(column), |value| {
                compare(value, literal).map(|order| match op {
                    Op::Equal => order.is_eq(),
                    Op::NotEqual => order.is_ne(),
                    Op::Less => order.is_lt(),
                    Op::LessOrEqual => order.is_le(),
                    Op::Greater => order.is_gt(),
                    Op::GreaterOrEqual => order.is_ge(),
                })
            }),
            Self::In(column, literals) => any(cell(column), |value| {
                let mut found = Some(false);
                for literal in literals {
                    match compare(value, literal).map(Ordering::is_eq) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => found = None,
                    }
                }
                found
            }),
            Self::Prefix(column, prefix) => any(cell(column), |value| match value {
                Value::Text(text) => Some(text.starts_with(prefix.as_str())),
                _ => None,
            }),
            Self::IsNull(column) => Some(cell(column) == Value::Null),
            Self::And(left, right) => match (left.test(cell), right.test(cell)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(left, right) => match (left.test(cell), right.test(cell)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Not(inner) => inner.test(cell).map(|held| !held),
        }
    }
}

/// Tests a cell, or any of its several texts.
fn any<'v>(value: Value<'v>, test: impl Fn(Value<'v>) -> Option<bool>) -> Option<bool> {
    match value {
        Value::Many([]) | Value::Null => None,
        Value::Many(texts) => {
            Some(texts.iter().any(|text| test(Value::Text(text.as_str())) == Some(true)))
        }
        single => test(single),
    }
}

fn compare(value: Value<'_>, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Text(text), Literal::Text(literal)) => Some(text.cmp(literal.as_str())),
        (Value::Text(text), Literal::Number(number)) => {
            text.trim().parse::<f64>().ok()?.partial_cmp(number)
        }
        (Value::Number(value), Literal::Number(number)) => value.partial_cmp(number),
        (Value::Number(value), Literal::Text(text)) => {
            value.partial_cmp(&text.trim().parse::<f64>().ok()?)
        }
        (Value::Null | Value::Many(_), _) => None,
    }
}

#[cfg(test)]
fn holds(condition: &str, row: &[(&str, Value<'_>)]) -> bool {
    parse(condition).unwrap().holds(&|name| {
        row.iter().find(|(column, _)| *column == name).map_or(Value::Null, |(_, value)| *value)
    })
}

#[test]
fn null_is_neither_true_nor_false() {
    let row = [("a", Value::Null), ("b", Value::Text("x"))];
    assert!(!holds("a = 'x'", &row));
    assert!(!holds("a <> 'x'", &row));
    assert!(!holds("NOT a = 'x'", &row));
    assert!(holds("a IS NULL AND b IS NOT NULL", &row));
    assert!(holds("a = 'x' OR b = 'x'", &row));
}

#[test]
fn bare_numbers_compare_as_numbers_and_quoted_ones_as_text() {
    assert!(holds("GF = 4", &[("GF", Value::Text("4.0"))]));
    assert!(!holds("GF = '4'", &[("GF", Value::Text("4.0"))]));
    assert!(holds("n BETWEEN 2 AND 10", &[("n", Value::Text("9"))]));
    assert!(holds("d >= '2016-01-01'", &[("d", Value::Text("2016-03-05"))]));
}

#[test]
fn a_row_of_several_kinds_meets_a_condition_that_any_of_them_meets() {
    let kinds = ["attack.arson".to_owned(), "gathering.rally".to_owned()];
    let row = [("kind", Value::Many(&kinds))];
    assert!(holds("kind LIKE 'attack.%'", &row));
    assert!(holds("kind IN ('gathering.rally', 'x')", &row));
    assert!(!holds("kind NOT LIKE 'attack.%'", &row));
    assert!(!holds("kind <> 'attack.arson'", &row));
}
