//! One file of a source: its declared columns found, its filter applied, and only what is needed taken.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataType, Expr, LazyFrame, PolarsResult, as_struct, col, lit};

use super::{
    columns, formats::file_column, items, opening::Opened, printed, source::polars_problem, values,
};
use crate::{
    assessment::{ColumnRef, ColumnRule, Source, Table},
    diagnostics::Problems,
    predicate::{Predicate, Value},
};

/// A file whose declared columns have been found.
pub(super) struct File<'s> {
    pub(super) source: &'s Source,
    year: Option<i32>,
    pub(super) frame: LazyFrame,
    pub(super) filtered: u64,
    /// Key → where its texts come from.
    pub(super) keys: Vec<(&'static str, Origin)>,
    pub(super) numbers: Vec<(&'static str, Option<&'s ColumnRule>)>,
}

/// Where the texts of a key come from.
pub(super) enum Origin {
    Column,
    Constant(String),
    Unpivoted,
    Absent,
}

impl<'s> File<'s> {
    pub(super) fn resolve(
        source: &'s Source,
        file: &Opened,
        file_idx: usize,
        filter: Option<&Predicate>,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut frame = file.grid.frame.clone();
        let width = frame
            .collect_schema()
            .map_err(|error| polars_problem(source, &error))?
            .iter_names()
            .filter(|name| name.starts_with("file:"))
            .count();
        let mut find = |reference: &ColumnRef, what: &str| {
            columns::position(reference, &file.grid.header, width, &file.shown, what)
                .map_err(|problem| problems.push(problem))
                .ok()
        };
        let mut taken: Vec<Expr> = Vec::new();
        let mut keys = Vec::new();
        for &key in columns::keys(source.table) {
            let declared = columns::declared_name(source, key);
            let origin = if let Some(rule) = columns::rule(source, file.year, declared) {
                if let Some(position) = find(&rule.column, &format!("`{declared}`")) {
                    taken.push(col(file_column(position)).alias(format!("raw:{key}")));
                }
                Origin::Column
            } else if let Some(constant) = source.constants.get(declared) {
                Origin::Constant(constant.clone())
            } else if source.unpivot.as_ref().is_some_and(|unpivot| unpivot.name == declared)
                || (!source.items.is_empty() && items::KEYS.contains(&declared))
            {
                Origin::Unpivoted
            } else if let (Some(year), "date") = (file.year, key) {
                Origin::Constant(year.to_string())
            } else {
                Origin::Absent
            };
            keys.push((key, origin));
        }
        let mut numbers = Vec::new();
        for &name in columns::counted(source.table).iter().chain(columns::measured(source.table)) {
            let rule = columns::rule(source, file.year, name);
            if let Some(position) = rule.and_then(|rule| find(&rule.column, &format!("`{name}`"))) {
                taken.push(col(file_column(position)).alias(format!("raw:{name}")));
            }
            numbers.push((name, rule));
        }
        for (at, verify) in source.verify.iter().enumerate() {
            let reference = ColumnRef::Name(verify.column.clone());
            if let Some(position) = find(&reference, "`verify`") {
                taken.push(col(file_column(position)).alias(format!("raw:verify:{at}")));
            }
        }
        for (at, rule) in source.printed.iter().enumerate() {
            for (column, name) in printed::needed(rule).into_iter().enumerate() {
                let reference = ColumnRef::Name(name.to_owned());
                if let Some(position) = find(&reference, "`verify`") {
                    taken.push(col(file_column(position)).alias(printed::taken(at, column)));
                }
            }
        }
        if let Some(unpivot) = &source.unpivot {
            for name in unpivot.columns.iter().chain(&unpivot.scale_by) {
                let reference = ColumnRef::Name(name.clone());
                if let Some(position) = find(&reference, "`unpivot`") {
                    taken.push(col(file_column(position)).alias(format!("wide:{name}")));
                }
            }
        }
        for (at, item) in source.items.iter().enumerate() {
            if let Some(position) = find(&ColumnRef::Name(item.column.clone()), "`items`") {
                taken.push(col(file_column(position)).alias(items::coded(at)));
            }
        }
        let mut conditions: BTreeMap<String, (usize, Option<&ColumnRule>)> = BTreeMap::new();
        for name in filter.iter().flat_map(|filter| filter.columns()) {
            let rule = columns::rule(source, file.year, name);
            let named = ColumnRef::Name(name.to_owned());
            let reference = rule.map_or(&named, |rule| &rule.column);
            if let Some(position) = find(reference, "`filter`") {
                conditions.insert(name.to_owned(), (position, rule));
            }
        }
        problems.into_result()?;
        let resolved = || -> PolarsResult<Self> {
            let all: Vec<Expr> = (0..width).map(|position| col(file_column(position))).collect();
            let (kept, filtered) = match filter {
                Some(filter) => keep(frame, filter, &conditions)?,
                None => (frame, 0),
            };
            // Two persons may give the same answers: without a number of the interview no row is told to be another's copy.
            let alike = source.table == Table::Survey && !source.columns.contains_key("respondent");
            let duplicate =
                if alike { lit(false) } else { as_struct(all).is_first_distinct().not() };
            taken.extend([
                col("line").cast(DataType::UInt32),
                col("broken").cast(DataType::UInt32).alias("reason"),
                lit(u32::try_from(file_idx).unwrap_or(u32::MAX))
                    .cast(DataType::UInt32)
                    .alias("file"),
                duplicate.alias("duplicate"),
            ]);
            Ok(Self { source, year: file.year, frame: kept.select(taken), filtered, keys, numbers })
        };
        resolved().map_err(|error| polars_problem(source, &error))
    }

    pub(super) fn rule(&self, name: &str) -> Option<&'s ColumnRule> {
        columns::rule(self.source, self.year, name)
    }
}

/// Keeps the rows that meet the filter: it is tested on each distinct combination of the columns it mentions.
fn keep(
    frame: LazyFrame,
    filter: &Predicate,
    conditions: &BTreeMap<String, (usize, Option<&ColumnRule>)>,
) -> PolarsResult<(LazyFrame, u64)> {
    use polars::prelude::{Column, DataFrame, IntoLazy, JoinType, NamedFrom, Series, len};
    let positions: BTreeSet<usize> = conditions.values().map(|(position, _)| *position).collect();
    let texts: Vec<Expr> = positions
        .iter()
        .map(|position| {
            col(file_column(*position)).cast(DataType::String).alias(format!("test:{position}"))
        })
        .collect();
    let frame = frame.with_columns(texts);
    let names: Vec<Expr> =
        positions.iter().map(|position| col(format!("test:{position}"))).collect();
    let combinations = frame.clone().group_by(names.clone()).agg([len().alias("n")]).collect()?;
    let mut holds = Vec::with_capacity(combinations.height());
    let mut filtered = 0;
    let counts = combinations.column("n")?.cast(&DataType::UInt64)?;
    for (row, n) in counts.u64()?.iter().enumerate() {
        let mut cells: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for (name, (position, rule)) in conditions {
            let column = combinations.column(&format!("test:{position}"))?.str()?;
            let cell = column.get(row).map(|text| match rule {
                Some(rule) => values::cell(text, rule).join(" "),
                None => text.to_owned(),
            });
            cells.insert(name, cell);
        }
        let kept = filter.holds(&|name| match cells.get(name) {
            Some(Some(text)) => Value::Text(text),
            _ => Value::Null,
        });
        if !kept {
            filtered += n.unwrap_or(0);
        }
        holds.push(kept);
    }
    let mut map: Vec<Column> = Vec::new();
    for position in &positions {
        map.push(combinations.column(&format!("test:{position}"))?.clone());
    }
    map.push(Series::new("keep:".into(), holds).into());
    let map = DataFrame::new(combinations.height(), map)?;
    let kept = frame
        .join_builder()
        .with(map.lazy())
        .how(JoinType::Left)
        .left_on(names.clone())
        .right_on(names)
        .join_nulls(true)
        .maintain_order(polars::prelude::MaintainOrderJoin::Left)
        .finish()
        .filter(col("keep:"));
    Ok((kept, filtered))
}
