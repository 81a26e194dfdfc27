//! Cells to values: dates, periods and numbers as tables write them.

use crate::{
    assessment::{ColumnRule, Table},
    model::{Calendar, Date, Reject},
};

/// A day: `2016-03-05`, `2016-03-05T…`, `5.3.2016`, `2016/03/05`. Day and month in English or American order are refused.
pub(super) fn date(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let numbers = |separator: char| -> Option<[u32; 3]> {
        let parts: Vec<u32> =
            day.split(separator).map(str::parse).collect::<Result<_, _>>().ok()?;
        parts.try_into().ok()
    };
    let (year, month, day) = if let Some([day, month, year]) = numbers('.') {
        (year, month, day)
    } else {
        let [year, month, day] = numbers('-').or_else(|| numbers('/'))?;
        (year, month, day)
    };
    (1000..=9999).contains(&year).then_some(())?;
    Date::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The day that stands for a `period` cell: the first day of the base period of that label, the period a day falls in, or,
/// for population and crosswalks, the day itself (a year means its 31 December).
pub(super) fn period(text: &str, table: Table, calendar: &Calendar) -> Result<Date, Reject> {
    let year: Option<i32> = text.parse().ok().filter(|year| (1000..=9999).contains(year));
    if matches!(table, Table::Population | Table::Crosswalk) {
        let last_of_year = year.and_then(|year| Date::from_ymd_opt(year, 12, 31));
        return last_of_year.or_else(|| date(text)).ok_or(Reject::BadDate);
    }
    if let Some(base) = calendar.base.iter().find(|base| base.label == text) {
        return Ok(base.start);
    }
    match (date(text), year) {
        (Some(day), _) => Ok(day),
        (None, Some(_)) => Err(Reject::OutsidePeriods),
        (None, None) => Err(Reject::BadDate),
    }
}

/// A number with declared separators; spaces inside are allowed.
pub(super) fn number(text: &str, thousands: Option<char>, decimal: char) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|&character| Some(character) != thousands && !character.is_whitespace())
        .map(|character| if character == decimal { '.' } else { character })
        .collect();
    let starts_like_a_number = plain
        .trim_start_matches(['+', '-'])
        .starts_with(|first: char| first.is_ascii_digit() || first == '.');
    plain.parse::<f64>().ok().filter(|value| starts_like_a_number && value.is_finite())
}

/// A whole number from 0, scaled; `round` allows the product to be fractional.
pub(super) fn count(value: f64, scale: Option<f64>, round: bool) -> Result<i64, Reject> {
    let scaled = value * scale.unwrap_or(1.0);
    let whole = scaled.round();
    if scaled < 0.0 {
        Err(Reject::NegativeCount)
    } else if !round && scale.is_none() && (scaled - whole).abs() > 0.0 || whole > 9.0e15 {
        Err(Reject::BadNumber)
    } else {
        #[allow(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        Ok(whole as i64)
    }
}

/// Applies a column rule to a cell: its map first, then slice, then padding; then the split.
pub(super) fn cell(text: &str, rule: &ColumnRule) -> Vec<String> {
    let mapped = rule.map.get(text).map_or(text, String::as_str);
    let sliced: String = match rule.slice {
        Some((from, to)) => mapped.chars().skip(from).take(to - from).collect(),
        None => mapped.to_owned(),
    };
    let padded = match rule.pad {
        Some(width) => format!("{sliced:0>width$}"),
        None => sliced,
    };
    match &rule.split {
        Some(separator) => padded
            .split(separator.as_str())
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
        None => vec![padded],
    }
}

#[test]
fn dates_are_read_in_iso_and_german_order_only() {
    let day = Date::from_ymd_opt(2016, 3, 5);
    for text in ["2016-03-05", "5.3.2016", "05.03.2016", "2016/03/05", "2016-03-05T10:00:00"] {
        assert_eq!(date(text), day, "{text}");
    }
    for text in ["03/05/2016", "2016-13-01", "2016", "", "31.02.2016"] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn numbers_need_their_declared_separators() {
    assert_eq!(number("9,993", Some(','), '.'), Some(9993.0));
    assert_eq!(number("5,598.80", Some(','), '.'), Some(5598.8));
    assert_eq!(number("1.234,5", Some('.'), ','), Some(1234.5));
    assert_eq!(number("9,993", None, '.'), None);
    for text in ["inf", "nan", "x", "", "1e999"] {
        assert_eq!(number(text, None, '.'), None, "{text}");
    }
}

#[test]
fn counts_are_whole_and_not_negative() {
    assert_eq!(count(86.6, Some(1000.0), false), Ok(86_600));
    assert_eq!(count(2.5, None, false), Err(Reject::BadNumber));
    assert_eq!(count(-1.0, None, false), Err(Reject::NegativeCount));
    assert_eq!(count(2.499, None, true), Ok(2));
}

#[test]
fn a_twelve_digit_code_is_cut_to_its_district() {
    let rule = ColumnRule {
        column: crate::assessment::ColumnRef::Position(0),
        slice: Some((0, 5)),
        pad: None,
        split: None,
        map: std::collections::BTreeMap::new(),
        scale: None,
    };
    assert_eq!(cell("147290050050", &rule), ["14729"]);
    assert_eq!(cell("1001", &ColumnRule { slice: None, pad: Some(5), ..rule }), ["01001"]);
}
