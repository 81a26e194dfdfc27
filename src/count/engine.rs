//! The one pass over a source: everything its measures need, grouped at once.
//!
//! Group keys are the place, the base period, the fate of the row (counted, duplicate, rejected and why) and every column a
//! condition or a breakdown mentions. What a condition says is then decided once per group, so thirty measures cost what one
//! does, and reconciliation falls out of the same pass. Only integers are summed here.

use polars::prelude::{
    ChunkedArray, DataFrame, DataType, Engine, Expr, Int64Type, LazyFrame, PolarsResult, col, len,
};

use crate::model::{Located, Reject};

/// What a pass groups by and adds up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Columns conditions and breakdowns mention.
    pub keys: Vec<String>,
    /// Columns added up.
    pub sums: Vec<String>,
    /// Whether the single attendance sizes are needed.
    pub sizes: bool,
}

/// One group of rows that no measure tells apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Region index; `None` when the row was rejected before it was placed.
    pub region: Option<usize>,
    /// Base period, or date code for tables keyed by date.
    pub period: Option<usize>,
    /// Why its rows are not counted.
    pub reason: Option<Reject>,
    /// Whether its rows equal an earlier one.
    pub duplicate: bool,
    /// Share of each row that counts here (declared merges).
    pub weight: f64,
    /// A code or number per key of the plan.
    pub keys: Vec<Option<i64>>,
    /// Rows.
    pub n: u64,
    /// Per sum of the plan: the total, and how many rows had a value.
    pub sums: Vec<(u64, u64)>,
    /// Attendance sizes, ascending.
    pub sizes: Vec<u64>,
}

/// Groups a source's rows; the groups come sorted, so nothing depends on threads.
///
/// # Errors
/// Polars' own, when the file turns out to be unreadable only now.
pub fn group(located: &Located, plan: &Plan) -> PolarsResult<Vec<Group>> {
    let fixed = ["region", "period", "reason", "duplicate", "weight"];
    let keys: Vec<Expr> =
        fixed.iter().copied().chain(plan.keys.iter().map(String::as_str)).map(col).collect();
    let mut aggregates = vec![len().cast(DataType::Int64).alias("n:")];
    for name in &plan.sums {
        aggregates.push(col(name.as_str()).sum().alias(format!("sum:{name}")));
        aggregates
            .push(col(name.as_str()).count().cast(DataType::Int64).alias(format!("known:{name}")));
    }
    if plan.sizes {
        aggregates.push(col("participants_mid").drop_nulls().alias("sizes:"));
    }
    let grouped = located
        .frame
        .clone()
        .group_by(keys)
        .agg(aggregates)
        .collect_with_engine(Engine::Streaming)?
        .unwrap_single();
    let mut groups = unpack(&grouped, plan)?;
    groups.sort_by(|a, b| {
        (a.region, a.period, a.reason, a.duplicate, &a.keys)
            .cmp(&(b.region, b.period, b.reason, b.duplicate, &b.keys))
            .then(a.weight.total_cmp(&b.weight))
    });
    Ok(groups)
}

fn unpack(grouped: &DataFrame, plan: &Plan) -> PolarsResult<Vec<Group>> {
    let integers = |name: &str| -> PolarsResult<ChunkedArray<Int64Type>> {
        Ok(grouped.column(name)?.cast(&DataType::Int64)?.i64()?.clone())
    };
    let (region, period, reason) = (integers("region")?, integers("period")?, integers("reason")?);
    let duplicate = grouped.column("duplicate")?.bool()?.clone();
    let weight = grouped.column("weight")?.f64()?.clone();
    let n = integers("n:")?;
    let keys = plan.keys.iter().map(|name| integers(name)).collect::<PolarsResult<Vec<_>>>()?;
    let sums = plan
        .sums
        .iter()
        .map(|name| Ok((integers(&format!("sum:{name}"))?, integers(&format!("known:{name}"))?)))
        .collect::<PolarsResult<Vec<_>>>()?;
    let sizes = if plan.sizes { Some(grouped.column("sizes:")?.list()?.clone()) } else { None };
    let whole = |value: Option<i64>| u64::try_from(value.unwrap_or(0)).unwrap_or(0);
    let index = |value: Option<i64>| value.and_then(|value| usize::try_from(value).ok());
    (0..grouped.height())
        .map(|row| {
            let mut sorted: Vec<u64> = match &sizes {
                Some(lists) => match lists.get_as_series(row) {
                    Some(list) => list.i64()?.iter().map(whole).collect(),
                    None => Vec::new(),
                },
                None => Vec::new(),
            };
            sorted.sort_unstable();
            Ok(Group {
                region: index(region.get(row)),
                period: index(period.get(row)),
                reason: index(reason.get(row)).map(|code| Reject::ALL[code]),
                duplicate: duplicate.get(row).unwrap_or(false),
                weight: weight.get(row).unwrap_or(1.0),
                keys: keys.iter().map(|column| column.get(row)).collect(),
                n: whole(n.get(row)),
                sums: sums
                    .iter()
                    .map(|(sum, known)| (whole(sum.get(row)), whole(known.get(row))))
                    .collect(),
                sizes: sorted,
            })
        })
        .collect()
}

/// The rows that were rejected: file number, line and reason, in file order.
///
/// # Errors
/// Polars' own.
pub fn rejected(frame: &LazyFrame) -> PolarsResult<Vec<(usize, u64, Reject)>> {
    let rows = frame
        .clone()
        .filter(col("reason").is_not_null())
        .select(["file", "line", "reason"].map(|name| col(name).cast(DataType::UInt32)))
        .collect()?;
    let (file, line, reason) =
        (rows.column("file")?.u32()?, rows.column("line")?.u32()?, rows.column("reason")?.u32()?);
    let mut rejected: Vec<(usize, u64, Reject)> = (0..rows.height())
        .filter_map(|row| {
            let reason = Reject::ALL[reason.get(row)? as usize];
            Some((file.get(row)? as usize, u64::from(line.get(row)?), reason))
        })
        .collect();
    rejected.sort_unstable();
    Ok(rejected)
}
