//! Wide columns become rows: a party's column becomes a row with the party's name and its votes.

use polars::prelude::{
    DataType, Expr, LazyFrame, NULL, PolarsResult, UnionArgs, coalesce, col, concat, lit, when,
};

use crate::{
    assessment::{NoList, Source, Unpivot},
    model::Reject,
};

/// One row per wide row and declared column. The value is scaled and rounded as declared and stands as i64 under
/// `raw:<value>`; it is null where the party had no list, which is no reason for quarantine.
pub(super) fn lengthen(
    frame: &LazyFrame,
    rule: &Unpivot,
    source: &Source,
) -> PolarsResult<LazyFrame> {
    let parts: Vec<LazyFrame> = rule
        .columns
        .iter()
        .map(|name| {
            let value = value_of(name, rule, &source.no_list);
            let wide = format!("wide:{name}");
            let garbled = col(wide.as_str())
                .is_not_null()
                .and(col(wide.as_str()).cast(DataType::Float64).is_null());
            let reason = when(garbled)
                .then(lit(Reject::BadNumber.code()))
                .when(col("value:").lt(lit(0.0)))
                .then(lit(Reject::NegativeCount.code()))
                .otherwise(lit(NULL).cast(DataType::UInt32));
            frame
                .clone()
                .with_column(value.alias("value:"))
                .with_column(coalesce(&[col("reason"), reason]).alias("reason"))
                .with_columns([
                    col("value:").cast(DataType::Int64).alias(format!("raw:{}", rule.value)),
                    lit(name.as_str()).alias(format!("raw:{}", rule.name)),
                ])
        })
        .collect();
    concat(parts, UnionArgs::default())
}

fn value_of(name: &str, rule: &Unpivot, no_list: &NoList) -> Expr {
    let cell = col(format!("wide:{name}")).cast(DataType::Float64);
    let scaled = match &rule.scale_by {
        Some(total) => cell.clone() * col(format!("wide:{total}")).cast(DataType::Float64),
        None => cell.clone(),
    };
    // Half a unit up, then cut off: votes are not negative.
    let whole = if rule.round {
        (scaled + lit(0.5)).cast(DataType::Int64).cast(DataType::Float64)
    } else {
        scaled
    };
    let value = if no_list.missing { whole } else { whole.fill_null(lit(0.0)) };
    if no_list.zero.iter().any(|zero| zero == name) {
        when(cell.eq(lit(0.0))).then(lit(NULL).cast(DataType::Float64)).otherwise(value)
    } else {
        value
    }
}
