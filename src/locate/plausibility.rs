//! Plausibility of a population-like source: against a reference carried into its vintage, and from year to year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use polars::prelude::{PolarsResult, col};

use crate::{
    assessment::Plausibility,
    model::{PlausibilityRow, Records},
};

/// Values by region code (of the source's own vintage) and year, and names by code.
struct Values {
    by_year: BTreeMap<(String, i32), f64>,
    names: BTreeMap<String, String>,
}

impl Values {
    fn read(records: &Records) -> PolarsResult<Self> {
        let rows = records
            .frame
            .clone()
            .filter(col("reason").is_null())
            .group_by([col("region"), col("date"), col("name")])
            .agg([col("persons").sum()])
            .collect()?;
        let (region, date, name, persons) = (
            rows.column("region")?.u32()?,
            rows.column("date")?.u32()?,
            rows.column("name")?.u32()?,
            rows.column("persons")?.i64()?,
        );
        let mut values = Self { by_year: BTreeMap::new(), names: BTreeMap::new() };
        for row in 0..rows.height() {
            let (Some(region), Some(date)) = (region.get(row), date.get(row)) else { continue };
            let code = records.dictionaries["region"].text(region).to_owned();
            if let (Some(name), Some(names)) = (name.get(row), records.dictionaries.get("name")) {
                values.names.insert(code.clone(), names.text(name).to_owned());
            }
            let year = records.dates[date as usize].year();
            #[allow(clippy::cast_precision_loss, reason = "populations are below 2^53")]
            let persons = persons.get(row).unwrap_or(0) as f64;
            *values.by_year.entry((code, year)).or_insert(0.0) += persons;
        }
        Ok(values)
    }
}

/// Share of each old region that belongs to each new one, by year: (old code, year) → (new code, weight).
type Shares = BTreeMap<(String, i32), Vec<(String, f64)>>;

fn crosswalk(records: &Records) -> PolarsResult<Shares> {
    let rows = records
        .frame
        .clone()
        .filter(col("reason").is_null())
        .select([col("from"), col("to"), col("date"), col("weight"), col("line")])
        .collect()?;
    let (from, to, date, weight) = (
        rows.column("from")?.u32()?,
        rows.column("to")?.u32()?,
        rows.column("date")?.u32()?,
        rows.column("weight")?.f64()?,
    );
    let mut shares = Shares::new();
    for row in 0..rows.height() {
        let (Some(from), Some(to), Some(date), Some(weight)) =
            (from.get(row), to.get(row), date.get(row), weight.get(row))
        else {
            continue;
        };
        let key = (
            records.dictionaries["from"].text(from).to_owned(),
            records.dates[date as usize].year(),
        );
        shares
            .entry(key)
            .or_default()
            .push((records.dictionaries["to"].text(to).to_owned(), weight));
    }
    Ok(shares)
}

/// What a plausibility check compared and found.
#[derive(Debug, Clone, PartialEq)]
pub struct Implausible {
    /// Region-years compared.
    pub n_compared: u64,
    /// Those beyond the tolerance or the jump, by region and year.
    pub rows: Vec<PlausibilityRow>,
}

/// Compares a source with its reference, region by region and year by year, and with its own year before.
///
/// # Errors
/// Polars' own, when a file turns out to be unreadable only now.
pub fn check(
    rule: &Plausibility,
    checked: &Records,
    reference: &Records,
    shares: Option<&Records>,
) -> PolarsResult<Implausible> {
    let own = Values::read(checked)?;
    let reference = Values::read(reference)?;
    let mut expected: BTreeMap<(String, i32), f64> = BTreeMap::new();
    match shares.map(crosswalk).transpose()? {
        None => expected = reference.by_year,
        Some(shares) => {
            for (key, value) in &reference.by_year {
                for (to, weight) in shares.get(key).into_iter().flatten() {
                    *expected.entry((to.clone(), key.1)).or_insert(0.0) += weight * value;
                }
            }
        }
    }
    let years: BTreeSet<i32> = (rule.years.0..=rule.years.1).collect();
    let mut found = Implausible { n_compared: 0, rows: Vec::new() };
    for ((region, year), &value) in own.by_year.iter().filter(|((_, year), _)| years.contains(year))
    {
        let mut row = |expected: f64, rule: &'static str| {
            let name = own.names.get(region).cloned().unwrap_or_default();
            found.rows.push(PlausibilityRow {
                region: region.clone(),
                name,
                year: *year,
                value,
                expected,
                rule,
            });
        };
        if let Some(&expected) = expected.get(&(region.clone(), *year)) {
            found.n_compared += 1;
            if (value - expected).abs() > rule.tolerance * expected {
                row(expected, "reference");
            }
        }
        let before = own.by_year.get(&(region.clone(), year - 1));
        if let (Some(jump), Some(&before)) = (rule.jump, before)
            && (value - before).abs() > jump * before
        {
            row(before, "jump");
        }
    }
    Ok(found)
}
