//! Tables: every figure of an edition as CSV and Parquet, one row per key.
//!
//! CSV is RFC 4180 in UTF-8 with lines ending in CRLF; an empty cell is null; decimals have a point and eight
//! significant digits. Parquet holds the same rows with types and all digits.

mod capacity;
mod changes;
mod estimates;
mod findings;
mod format;

use super::{Report, Sink, view::View};
use crate::diagnostics::Problem;

pub(super) static ENTRY: Report = Report {
    id: "tables",
    title: "Estimates, findings, capacity and changes as CSV and Parquet",
    render,
};

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let tables = [
        ("estimates", estimates::batches(view)),
        ("findings", findings::batches(view)),
        ("capacity", vec![capacity::batch(view)]),
        ("changes", vec![changes::batch(view)]),
    ];
    for (name, batches) in tables {
        sink(&format!("tables/{name}.csv"), format::csv(&batches))?;
        sink(&format!("tables/{name}.parquet"), format::parquet(&batches)?)?;
    }
    Ok(())
}
