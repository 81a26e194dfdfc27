//! Distinct values in, codes out: interprets each different text of a column once and joins the answer back to the rows.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoLazy, JoinType, LazyFrame, NamedFrom, PolarsResult,
    Series, coalesce, col,
};

use crate::model::{Dictionary, Reject};

/// The distinct non-null texts of a column, sorted.
pub(super) fn distinct(frame: &LazyFrame, column: &str) -> PolarsResult<Vec<String>> {
    // Values first: of dates and numbers, few are worth a text.
    let values = frame.clone().select([col(column).unique().cast(DataType::String)]).collect()?;
    let texts: BTreeSet<String> =
        values.column(column)?.str()?.iter().flatten().map(ToOwned::to_owned).collect();
    Ok(texts.into_iter().collect())
}

/// A type that texts can be turned into.
pub(super) trait Interpretable: Copy {
    /// A column of such values.
    fn series(name: &str, values: Vec<Option<Self>>) -> Series;
}

impl Interpretable for u32 {
    fn series(name: &str, values: Vec<Option<Self>>) -> Series {
        Series::new(name.into(), values)
    }
}

impl Interpretable for i64 {
    fn series(name: &str, values: Vec<Option<Self>>) -> Series {
        Series::new(name.into(), values)
    }
}

impl Interpretable for f64 {
    fn series(name: &str, values: Vec<Option<Self>>) -> Series {
        Series::new(name.into(), values)
    }
}

/// What a text turned into.
pub(super) type Interpreted<T> = Result<T, Reject>;

/// Replaces a text column by what each distinct text means, as the column `name`, and keeps the first reason of a row.
/// With `required`, an empty cell is a reason too.
pub(super) fn replace<T: Interpretable>(
    frame: LazyFrame,
    column: &str,
    name: &str,
    meanings: &[(String, Interpreted<T>)],
    required: bool,
) -> LazyFrame {
    let texts: Vec<&str> = meanings.iter().map(|(text, _)| text.as_str()).collect();
    let values: Vec<Option<T>> = meanings.iter().map(|(_, meaning)| meaning.ok()).collect();
    let reasons: Vec<Option<u32>> = meanings
        .iter()
        .map(|(_, meaning)| meaning.as_ref().err().map(|reason| reason.code()))
        .collect();
    let columns: Vec<Column> = vec![
        Series::new("text:".into(), texts).into(),
        T::series(name, values).into(),
        Series::new("reason:".into(), reasons).into(),
    ];
    let map =
        DataFrame::new(meanings.len(), columns).expect("invariant: three columns of one length");
    let joined = frame
        .with_column(col(column).cast(DataType::String).alias("text:"))
        .join_builder()
        .with(map.lazy())
        .how(JoinType::Left)
        .left_on([col("text:")])
        .right_on([col("text:")])
        .finish();
    let reason = if required {
        coalesce(&[col("reason"), col("reason:"), when_null("text:", Reject::EmptyCell)])
    } else {
        coalesce(&[col("reason"), col("reason:")])
    };
    joined.with_column(reason.alias("reason")).drop(polars::prelude::by_name(
        ["text:", "reason:"],
        true,
        false,
    ))
}

/// A reason where a column is null, else null.
pub(super) fn when_null(column: &str, reason: Reject) -> Expr {
    use polars::prelude::{NULL, lit, when};
    when(col(column).is_null()).then(lit(reason.code())).otherwise(lit(NULL).cast(DataType::UInt32))
}

/// Gives sorted codes to canonical values (each a list of texts).
#[derive(Debug, Default)]
pub(super) struct Coder {
    values: BTreeSet<Vec<String>>,
}

impl Coder {
    /// Notes values met.
    pub(super) fn note<'v>(&mut self, values: impl IntoIterator<Item = &'v Vec<String>>) {
        self.values.extend(values.into_iter().cloned());
    }

    /// The dictionary, and each value's code.
    pub(super) fn finish(self) -> (Dictionary, BTreeMap<Vec<String>, u32>) {
        let values: Vec<Vec<String>> = self.values.into_iter().collect();
        let codes = values.iter().cloned().zip(0..).collect();
        (Dictionary { values }, codes)
    }
}
