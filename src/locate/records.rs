//! Records into the tree and the calendar: each distinct code-and-year and each distinct day is looked up once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use polars::prelude::{
    Column, DataFrame, DataType, IntoLazy, JoinType, LazyFrame, NULL, NamedFrom, PolarsResult,
    Series, coalesce, col, len, lit,
};

use super::{Locator, NOWHERE, PointIndex, compare};
use crate::{
    assessment::{Source, Table, Verify, VerifyAgainst},
    model::{Calendar, Check, Date, Located, Records, RegionTree, Reject},
};

/// What records are placed in.
pub struct Map<'a> {
    /// Regions.
    pub tree: &'a RegionTree,
    /// Periods.
    pub calendar: &'a Calendar,
    /// Codes and names.
    pub locator: &'a Locator,
    /// Points of the deepest level.
    pub points: &'a PointIndex,
}

/// Places a source's records: codes become region indices, days become base periods, points are compared with codes.
///
/// # Errors
/// Polars' own, when the file turns out to be unreadable only now.
pub fn place(source: &Source, records: Records, map: &Map<'_>) -> PolarsResult<Located> {
    let mut frame = with_periods(source, &records, map.calendar)?;
    let mut offending = records.offending.clone();
    let mut found = Found::default();
    let has_codes =
        source.columns.contains_key("region") || source.constants.contains_key("region");
    let has_points = source.columns.contains_key("lon");
    if source.table == Table::Crosswalk {
        frame = frame.with_columns([
            lit(NULL).cast(DataType::UInt32).alias("region"),
            lit(1.0).alias("weight"),
        ]);
    } else if has_codes {
        (frame, found) = by_code(source, &records, frame, map)?;
        if !found.unknown.is_empty() {
            offending
                .entry((Reject::UnknownRegion, "region".to_owned()))
                .or_default()
                .extend(found.unknown.iter().take(5).cloned());
        }
    }
    if has_points {
        frame = by_point(frame, map.points, has_codes)?;
        found.levels.insert(map.points.level());
    }
    let mut checks = records.checks.clone();
    if has_codes && has_points {
        checks.push(points_against_codes(&frame, map)?);
    }
    for (at, verify) in source.verify.iter().enumerate() {
        checks.push(verified(&frame, at, verify, &records, map.tree)?);
    }
    Ok(Located {
        source: records.source,
        n_multi_kind: n_multi_kind(&frame, &records)?,
        frame,
        dictionaries: records.dictionaries,
        dates: records.dates,
        files: records.files,
        format: records.format,
        filtered: records.filtered,
        offending,
        levels: found.levels.into_iter().collect(),
        n_merged: found.n_merged,
        checks,
    })
}

/// Adds `period` and `year`; days outside the calendar are a reason, except in tables that are keyed by their date.
fn with_periods(
    source: &Source,
    records: &Records,
    calendar: &Calendar,
) -> PolarsResult<LazyFrame> {
    let is_dated = matches!(source.table, Table::Elections | Table::Population | Table::Crosswalk);
    let codes: Vec<u32> = (0..).take(records.dates.len()).collect();
    let base = |day: &Date| calendar.base_of(*day).and_then(|base| u32::try_from(base).ok());
    let periods: Vec<Option<u32>> = if is_dated {
        codes.iter().copied().map(Some).collect()
    } else {
        records.dates.iter().map(base).collect()
    };
    let outside: Vec<Option<u32>> = periods
        .iter()
        .map(|period| period.is_none().then_some(Reject::OutsidePeriods.code()))
        .collect();
    let years: Vec<i32> = records.dates.iter().map(Date::year).collect();
    let columns: Vec<Column> = vec![
        Series::new("date".into(), codes).into(),
        Series::new("period".into(), periods).into(),
        Series::new("year".into(), years).into(),
        Series::new("reason:".into(), outside).into(),
    ];
    let days = DataFrame::new(records.dates.len(), columns)?;
    Ok(join(records.frame.clone(), days, &["date"]))
}

/// Left-joins what was looked up for distinct keys, keeping the first reason.
fn join(frame: LazyFrame, looked_up: DataFrame, keys: &[&str]) -> LazyFrame {
    let on: Vec<_> = keys.iter().copied().map(col).collect();
    frame
        .join_builder()
        .with(looked_up.lazy())
        .how(JoinType::Left)
        .left_on(on.clone())
        .right_on(on)
        .finish()
        .with_column(coalesce(&[col("reason"), col("reason:")]).alias("reason"))
        .drop(polars::prelude::by_name(["reason:"], true, false))
}

#[derive(Default)]
struct Found {
    levels: BTreeSet<usize>,
    n_merged: u64,
    unknown: BTreeSet<String>,
}

fn by_code(
    source: &Source,
    records: &Records,
    frame: LazyFrame,
    map: &Map<'_>,
) -> PolarsResult<(LazyFrame, Found)> {
    let met = frame
        .clone()
        .group_by([col("region"), col("year")])
        .agg([len().cast(DataType::Int64).alias("n")])
        .collect()?;
    let dictionary = &records.dictionaries["region"];
    let (code, year, n) =
        (met.column("region")?.u32()?, met.column("year")?.i32()?, met.column("n")?.i64()?);
    let mut found = Found::default();
    let (mut codes, mut years) = (Vec::new(), Vec::new());
    let (mut regions, mut weights, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..met.height() {
        let (Some(code), year) = (code.get(row), year.get(row)) else { continue };
        let cell = dictionary.text(code);
        let located = map.locator.locate(cell, &source.region_by, year);
        codes.push(code);
        years.push(year);
        regions.push(located.ok().and_then(|located| u32::try_from(located.region_idx).ok()));
        weights.push(located.map_or(1.0, |located| located.weight));
        reasons.push(located.is_err().then_some(Reject::UnknownRegion.code()));
        match located {
            Ok(located) => {
                found.levels.insert(map.tree.get(located.region_idx).level);
                if located.merged {
                    found.n_merged += u64::try_from(n.get(row).unwrap_or(0)).unwrap_or(0);
                }
            }
            Err(_) => {
                found.unknown.insert(cell.to_owned());
            }
        }
    }
    let columns: Vec<Column> = vec![
        Series::new("region".into(), codes).into(),
        Series::new("year".into(), years).into(),
        Series::new("index:".into(), regions).into(),
        Series::new("weight".into(), weights).into(),
        Series::new("reason:".into(), reasons).into(),
    ];
    let looked_up = DataFrame::new(columns[0].len(), columns)?;
    let on = [col("region"), col("year")];
    let joined = frame
        .join_builder()
        .with(looked_up.lazy())
        .how(JoinType::Left)
        .left_on(on.clone())
        .right_on(on)
        .join_nulls(true)
        .finish()
        .with_columns([
            coalesce(&[col("reason"), col("reason:")]).alias("reason"),
            col("index:").alias("region"),
            col("weight").fill_null(lit(1.0)),
        ])
        .drop(polars::prelude::by_name(["reason:", "index:"], true, false));
    Ok((joined, found))
}

/// Regions from coordinates, for the rows that have no code.
fn by_point(frame: LazyFrame, points: &PointIndex, has_codes: bool) -> PolarsResult<LazyFrame> {
    let mut rows = frame.collect()?;
    let coordinate = |name: &str| -> PolarsResult<Vec<f64>> {
        Ok(rows.column(name)?.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    };
    let (mut lon, lat) = (coordinate("lon")?, coordinate("lat")?);
    let codes: Vec<Option<u32>> = if has_codes {
        rows.column("region")?.u32()?.iter().collect()
    } else {
        vec![None; rows.height()]
    };
    // A point is looked up only where no code says the region.
    for (lon, code) in lon.iter_mut().zip(&codes) {
        if code.is_some() {
            *lon = f64::NAN;
        }
    }
    let found = points.locate_all(&lon, &lat);
    let regions: Vec<Option<u32>> = codes
        .into_iter()
        .zip(found)
        .map(|(code, region)| code.or((region != NOWHERE).then_some(region)))
        .collect();
    rows.with_column(Series::new("region".into(), regions).into())?;
    let reason = polars::prelude::when(col("region").is_not_null())
        .then(lit(NULL).cast(DataType::UInt32))
        .when(col("lon").is_null().or(col("lat").is_null()))
        .then(lit(Reject::EmptyCell.code()))
        .otherwise(lit(Reject::OutsideRegions.code()));
    let weight = if has_codes { col("weight") } else { lit(1.0).alias("weight") };
    Ok(rows.lazy().with_columns([weight, coalesce(&[col("reason"), reason]).alias("reason")]))
}

fn points_against_codes(frame: &LazyFrame, map: &Map<'_>) -> PolarsResult<Check> {
    let rows = frame
        .clone()
        .filter(col("reason").is_null())
        .select([col("region"), col("lon"), col("lat"), col("line")])
        .collect()?;
    let regions: Vec<u32> =
        rows.column("region")?.u32()?.iter().map(|region| region.unwrap_or(NOWHERE)).collect();
    let coordinate = |name: &str| -> PolarsResult<Vec<f64>> {
        Ok(rows.column(name)?.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    };
    let (lon, lat) = (coordinate("lon")?, coordinate("lat")?);
    let conflicts = compare(map.tree, map.points, &regions, &lon, &lat);
    let line = rows.column("line")?.u32()?;
    let at = |row: usize| line.get(row).unwrap_or(0);
    let elsewhere = conflicts.elsewhere.iter().map(|&(row, region)| {
        let (coded, found) = (map.tree.get(regions[row] as usize), map.tree.get(region));
        format!(
            "row {}: code says {} {}, the point lies in {} {}",
            at(row),
            coded.id,
            coded.name,
            found.id,
            found.name
        )
    });
    let outside = conflicts
        .outside
        .iter()
        .map(|&row| format!("row {}: the point lies in no region", at(row)));
    Ok(Check {
        what: "coordinates against the region's code".to_owned(),
        n_compared: conflicts.n_compared as u64,
        n_conflicts: conflicts.n_conflicts() as u64,
        lines: elsewhere.chain(outside).take(50).collect(),
    })
}

/// Compares a file column with the name or code of the region found, on distinct pairs.
fn verified(
    frame: &LazyFrame,
    at: usize,
    verify: &Verify,
    records: &Records,
    tree: &RegionTree,
) -> PolarsResult<Check> {
    let key = format!("verify:{at}");
    let counted = frame
        .clone()
        .filter(col("reason").is_null().and(col(key.as_str()).is_not_null()))
        .group_by([col("region"), col(key.as_str())])
        .agg([
            len().cast(DataType::Int64).alias("n"),
            col("line").sort(polars::prelude::SortOptions::default()),
        ])
        .collect()?;
    let (region, code) = (counted.column("region")?.u32()?, counted.column(&key)?.u32()?);
    let (n, lines) = (counted.column("n")?.i64()?, counted.column("line")?.list()?);
    let mut check = Check {
        what: format!(
            "column `{}` against the {}'s {}",
            verify.column,
            tree.levels[verify.level],
            match verify.against {
                VerifyAgainst::Name => "name",
                VerifyAgainst::Code => "code",
            }
        ),
        n_compared: 0,
        n_conflicts: 0,
        lines: Vec::new(),
    };
    let mut disagreeing: BTreeMap<u32, String> = BTreeMap::new();
    for row in 0..counted.height() {
        let (Some(region), Some(code)) = (region.get(row), code.get(row)) else { continue };
        let rows = u64::try_from(n.get(row).unwrap_or(0)).unwrap_or(0);
        check.n_compared += rows;
        let written = records.dictionaries[&key].text(code);
        let Some(around) = tree.ancestor(region as usize, verify.level) else { continue };
        let region = tree.get(region as usize);
        let expected = tree.get(around);
        let agrees = match verify.against {
            VerifyAgainst::Name => expected.name == written,
            VerifyAgainst::Code => expected.id.as_str() == written,
        };
        if agrees {
            continue;
        }
        check.n_conflicts += rows;
        if let Some(of_group) = lines.get_as_series(row) {
            for line in of_group.u32()?.iter().flatten() {
                disagreeing.insert(
                    line,
                    format!(
                        "row {line}: column says {written}, code {} {} lies in {}",
                        region.id, region.name, expected.name
                    ),
                );
            }
        }
    }
    check.lines = disagreeing.into_values().take(50).collect();
    Ok(check)
}

/// Rows whose kind names several kinds.
fn n_multi_kind(frame: &LazyFrame, records: &Records) -> PolarsResult<u64> {
    let Some(dictionary) = records.dictionaries.get("kind") else { return Ok(0) };
    let several: Vec<u32> = (0..)
        .zip(&dictionary.values)
        .filter(|(_, texts)| texts.len() > 1)
        .map(|(code, _)| code)
        .collect();
    if several.is_empty() {
        return Ok(0);
    }
    let codes = Series::new("several".into(), several);
    let n = frame
        .clone()
        .filter(col("kind").is_in(lit(codes).implode(false), false).and(col("reason").is_null()))
        .select([len().cast(DataType::Int64).alias("n")])
        .collect()?;
    Ok(u64::try_from(n.column("n")?.i64()?.get(0).unwrap_or(0)).unwrap_or(0))
}
