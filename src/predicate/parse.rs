//! Parses a condition with a SQL parser and keeps only the whitelisted part of its tree.

use std::ops::Range;

use sqlparser::{
    ast::{BinaryOperator, Expr, Spanned as _, UnaryOperator, Value as SqlValue},
    dialect::GenericDialect,
    parser::Parser,
    tokenizer::Location,
};

use super::{Literal, Op, Predicate};

/// Why a condition cannot be used, with the bytes of the condition's text that are at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PredicateError {
    /// A lower-case clause.
    pub message: String,
    /// Bytes of the condition.
    pub span: Range<usize>,
}

/// Parses a condition of the small SQL subset.
///
/// # Errors
/// [`PredicateError`] at a syntax error or at anything outside the subset.
pub fn parse(text: &str) -> Result<Predicate, PredicateError> {
    let whole = |message: String| PredicateError { message, span: 0..text.len() };
    let mut parser = Parser::new(&GenericDialect {})
        .try_with_sql(text)
        .map_err(|error| whole(format!("not a condition: {error}")))?;
    let expr = parser.parse_expr().map_err(|error| whole(format!("not a condition: {error}")))?;
    let rest = parser.peek_token();
    if rest.token != sqlparser::tokenizer::Token::EOF {
        return Err(PredicateError {
            message: format!("`{}` does not continue the condition", rest.token),
            span: offset(text, rest.span.start)..text.len(),
        });
    }
    convert(&expr, text)
}

fn convert(expr: &Expr, text: &str) -> Result<Predicate, PredicateError> {
    match expr {
        Expr::Nested(inner) => convert(inner, text),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
            Ok(Predicate::Not(Box::new(convert(expr, text)?)))
        }
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            Ok(Predicate::And(Box::new(convert(left, text)?), Box::new(convert(right, text)?)))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            Ok(Predicate::Or(Box::new(convert(left, text)?), Box::new(convert(right, text)?)))
        }
        Expr::BinaryOp { left, op, right } => {
            let op = match op {
                BinaryOperator::Eq => Op::Equal,
                BinaryOperator::NotEq => Op::NotEqual,
                BinaryOperator::Lt => Op::Less,
                BinaryOperator::LtEq => Op::LessOrEqual,
                BinaryOperator::Gt => Op::Greater,
                BinaryOperator::GtEq => Op::GreaterOrEqual,
                other => return Err(outside(expr, text, &format!("operator `{other}`"))),
            };
            Ok(Predicate::Compare(column(left, text)?, op, literal(right, text)?))
        }
        Expr::InList { expr, list, negated } => {
            let literals =
                list.iter().map(|item| literal(item, text)).collect::<Result<Vec<_>, _>>()?;
            Ok(negate(*negated, Predicate::In(column(expr, text)?, literals)))
        }
        Expr::Between { expr, negated, low, high } => {
            let name = column(expr, text)?;
            let low = Predicate::Compare(name.clone(), Op::GreaterOrEqual, literal(low, text)?);
            let high = Predicate::Compare(name, Op::LessOrEqual, literal(high, text)?);
            Ok(negate(*negated, Predicate::And(Box::new(low), Box::new(high))))
        }
        Expr::Like { negated, any: false, expr: subject, pattern, escape_char: None } => {
            match literal(pattern, text)? {
                Literal::Text(pattern_text)
                    if pattern_text
                        .strip_suffix('%')
                        .is_some_and(|prefix| !prefix.contains(['%', '_'])) =>
                {
                    let prefix = pattern_text.trim_end_matches('%').to_owned();
                    Ok(negate(*negated, Predicate::Prefix(column(subject, text)?, prefix)))
                }
                _ => Err(outside(pattern, text, "any LIKE pattern but 'prefix%'")),
            }
        }
        Expr::IsNull(inner) => Ok(Predicate::IsNull(column(inner, text)?)),
        Expr::IsNotNull(inner) => {
            Ok(Predicate::Not(Box::new(Predicate::IsNull(column(inner, text)?))))
        }
        other => Err(outside(other, text, &format!("`{other}`"))),
    }
}

fn negate(negated: bool, predicate: Predicate) -> Predicate {
    if negated { Predicate::Not(Box::new(predicate)) } else { predicate }
}

fn column(expr: &Expr, text: &str) -> Result<String, PredicateError> {
    match expr {
        Expr::Identifier(ident) => Ok(ident.value.clone()),
        other => Err(outside(other, text, &format!("`{other}` where a column name belongs"))),
    }
}

fn literal(expr: &Expr, text: &str) -> Result<Literal, PredicateError> {
    match expr {
        Expr::Value(value) => match &value.value {
            SqlValue::SingleQuotedString(quoted) => Ok(Literal::Text(quoted.clone())),
            SqlValue::Number(digits, _) => digits
                .parse()
                .map(Literal::Number)
                .map_err(|_| outside(expr, text, &format!("number `{digits}`"))),
            other => Err(outside(expr, text, &format!("`{other}`"))),
        },
        Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => match literal(inner, text)? {
            Literal::Number(number) => Ok(Literal::Number(-number)),
            Literal::Text(_) => Err(outside(expr, text, "a negative text")),
        },
        other => Err(outside(
            other,
            text,
            &format!("`{other}` where a 'quoted text' or a number belongs"),
        )),
    }
}

fn outside(expr: &Expr, text: &str, what: &str) -> PredicateError {
    let span = expr.span();
    let (start, end) = (offset(text, span.start), offset(text, span.end));
    PredicateError {
        message: format!("{what} is outside the small SQL subset"),
        span: if start < end { start..end } else { 0..text.len() },
    }
}

/// Byte offset of a parser's line and column (both from 1, columns in characters).
fn offset(text: &str, at: Location) -> usize {
    let mut line_start = 0;
    for _ in 1..at.line {
        match text[line_start..].find('\n') {
            Some(newline) => line_start += newline + 1,
            None => return text.len(),
        }
    }
    let skip = usize::try_from(at.column.saturating_sub(1)).unwrap_or(usize::MAX);
    text[line_start..].char_indices().nth(skip).map_or(text.len(), |(byte, _)| line_start + byte)
}

#[test]
fn what_is_outside_the_subset_is_named_with_its_place() {
    let error = parse("a = 1 AND lower(b) = 'x'").unwrap_err();
    assert!("a = 1 AND lower(b) = 'x'"[error.span.clone()].starts_with("lower(b"));
    assert!(error.message.contains("where a column name belongs"), "{error}");
    assert!(parse("a = b").is_err());
    assert!(parse("a LIKE '%x'").is_err());
    assert!(parse("a = 1 b").is_err());
    assert!(parse("a =").is_err());
}
