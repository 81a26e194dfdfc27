//! Questions in columns become rows: one per respondent and question, with what the code in the cell means.

use std::collections::BTreeSet;

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoLazy, JoinType, LazyFrame, NULL, NamedFrom,
    PolarsResult, Series, UnionArgs, coalesce, col, concat, lit,
};

use super::encode;
use crate::{
    assessment::{Item, Source},
    model::Reject,
};

/// Keys that a question brings.
pub(super) const KEYS: [&str; 3] = ["item", "answer", "ideology"];

/// The taken column of a question's codes.
pub(super) fn coded(at: usize) -> String {
    format!("coded:{at}")
}

/// The texts a key can take.
pub(super) fn texts(source: &Source, key: &str) -> Vec<String> {
    let texts: BTreeSet<String> = match key {
        "item" => source.items.iter().map(|item| item.item.clone()).collect(),
        "answer" => source.items.iter().flat_map(|item| item.answers.values().cloned()).collect(),
        _ => source
            .items
            .iter()
            .filter_map(|item| Some(item.ideology.as_ref()?.to_string()))
            .collect(),
    };
    texts.into_iter().collect()
}

/// Codes that a question declares neither as an answer nor as missing, with the question's column.
pub(super) fn undeclared(frame: &LazyFrame, source: &Source) -> PolarsResult<Vec<String>> {
    let mut all = Vec::new();
    for (at, item) in source.items.iter().enumerate() {
        let found = encode::distinct(frame, &coded(at))?;
        let unknown = found.into_iter().filter(|code| !is_declared(item, code));
        all.extend(unknown.map(|code| format!("{}: {code}", item.column)));
    }
    Ok(all)
}

fn is_declared(item: &Item, code: &str) -> bool {
    item.answers.contains_key(code) || item.missing.iter().any(|missing| missing == code)
}

/// One row per respondent and question. The answer is null where it is missing, which is no reason for quarantine; a code
/// that is not declared is.
pub(super) fn lengthen(frame: &LazyFrame, source: &Source) -> PolarsResult<LazyFrame> {
    let parts = source.items.iter().enumerate().map(|(at, item)| {
        let ideology: Expr = match &item.ideology {
            Some(id) => lit(id.as_str()),
            None => lit(NULL).cast(DataType::String),
        };
        let brings_ideology =
            !source.columns.contains_key("ideology") && !source.constants.contains_key("ideology");
        let mut columns = vec![lit(item.item.as_str()).alias("raw:item")];
        columns.extend(brings_ideology.then(|| ideology.alias("raw:ideology")));
        Ok(answered(frame.clone(), at, item)?.with_columns(columns))
    });
    concat(parts.collect::<PolarsResult<Vec<_>>>()?, UnionArgs::default())
}

/// Adds `raw:answer`, and a reason where the code is not declared.
fn answered(frame: LazyFrame, at: usize, item: &Item) -> PolarsResult<LazyFrame> {
    let answers = item.answers.iter().map(|(code, answer)| (code.as_str(), Some(answer.as_str())));
    let missing = item.missing.iter().map(|code| (code.as_str(), None));
    let (codes, texts): (Vec<&str>, Vec<Option<&str>>) = answers.chain(missing).unzip();
    let known = vec![true; codes.len()];
    let columns: Vec<Column> = vec![
        Series::new("code:".into(), codes).into(),
        Series::new("raw:answer".into(), texts).into(),
        Series::new("known:".into(), known).into(),
    ];
    let meanings = DataFrame::new(columns[0].len(), columns)?;
    let unknown = col("code:").is_not_null().and(col("known:").is_null());
    let reason = polars::prelude::when(unknown)
        .then(lit(Reject::UnknownValue.code()))
        .otherwise(lit(NULL).cast(DataType::UInt32));
    Ok(frame
        .with_column(col(coded(at)).cast(DataType::String).alias("code:"))
        .join_builder()
        .with(meanings.lazy())
        .how(JoinType::Left)
        .left_on([col("code:")])
        .right_on([col("code:")])
        .finish()
        .with_column(coalesce(&[col("reason"), reason]).alias("reason"))
        .drop(polars::prelude::by_name(["code:", "known:"], true, false)))
}
