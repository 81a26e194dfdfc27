//! Printed shares against the counts of their own row: a table that prints 65.7 % beside 114 of 175 is wrong somewhere.

use polars::prelude::{DataType, Expr, LazyFrame, PolarsResult, col};

use super::values;
use crate::{
    assessment::{Printed, Source},
    model::Check,
};

/// Disagreements listed at most.
const LISTED: usize = 50;

/// The name of a column taken for a check: 0 is the printed figure, 1 the part, 2 the whole.
pub(super) fn taken(check: usize, column: usize) -> String {
    format!("raw:printed:{check}:{column}")
}

/// The file columns a check needs, in the order of [`taken`].
pub(super) fn needed(printed: &Printed) -> [&str; 3] {
    [&printed.column, &printed.of[0], &printed.of[1]]
}

/// Compares every row in which the three figures stand; the allowance is half a unit of the last decimal printed.
pub(super) fn check(
    source: &Source,
    at: usize,
    printed: &Printed,
    frames: &[&LazyFrame],
) -> PolarsResult<Check> {
    let mut check = Check {
        what: format!(
            "column `{}` against `{}` of `{}`",
            printed.column, printed.of[0], printed.of[1]
        ),
        n_compared: 0,
        n_conflicts: 0,
        lines: Vec::new(),
    };
    let number = |text: Option<&str>| {
        let text = text.filter(|text| !source.nulls.iter().any(|null| null == text))?;
        values::number(text, source.thousands, source.decimal)
    };
    for frame in frames {
        let mut columns: Vec<Expr> = vec![col("line")];
        columns.extend((0..3).map(|column| col(taken(at, column)).cast(DataType::String)));
        let rows = (*frame).clone().select(columns).collect()?;
        let lines = rows.column("line")?.u32()?;
        let [figures, parts, wholes] = [0, 1, 2].map(|column| rows.column(&taken(at, column)));
        let (figures, parts, wholes) = (figures?.str()?, parts?.str()?, wholes?.str()?);
        for row in 0..rows.height() {
            let Some(text) = figures.get(row) else { continue };
            let text = text.trim().trim_end_matches('%').trim_end();
            let (Some(figure), Some(part), Some(whole)) =
                (number(Some(text)), number(parts.get(row)), number(wholes.get(row)))
            else {
                continue;
            };
            if whole <= 0.0 {
                continue;
            }
            check.n_compared += 1;
            let share = part / whole * printed.per;
            let decimals = text.rsplit_once(source.decimal).map_or(0, |(_, after)| after.len());
            let unit = (0..decimals).fold(1.0, |unit, _| unit / 10.0);
            // A hair more than half a unit, so that rounding half up or to even are both right.
            if (share - figure).abs() <= 0.5 * unit * (1.0 + 1e-9) {
                continue;
            }
            check.n_conflicts += 1;
            if check.lines.len() < LISTED {
                let line = lines.get(row).unwrap_or(0);
                check.lines.push(format!(
                    "row {line}: printed {text}, recomputed {share:.*}",
                    decimals + 1
                ));
            }
        }
    }
    Ok(check)
}
