//! Parquet, scanned lazily: only the columns and row groups that are needed are read.

use std::{io, path::Path};

use polars::prelude::{DataType, Expr, LazyFrame, NULL, PlRefPath, ScanArgsParquet, col, lit};

use super::{Grid, TableFormat, file_column};
use crate::{
    assessment::Source,
    diagnostics::{Place, Problem, Problems, codes},
    storage,
};

pub(super) static ENTRY: Parquet = Parquet;

/// Apache Parquet.
pub(super) struct Parquet;

impl TableFormat for Parquet {
    fn extensions(&self) -> &'static [&'static str] {
        &["parquet", "pq"]
    }

    fn open(&self, path: &Path, shown: &str, _source: &Source) -> Result<Grid, Problems> {
        let sha256 = storage::sha256_of_file(path)?;
        let not_parquet = |error: &dyn std::error::Error| {
            Problem::new(&codes::FORMAT, format!("not a Parquet file: {error}"))
                .at(Place::File(shown.to_owned()))
                .help("the file may be cut off; copy it again")
        };
        let place = path.to_str().ok_or_else(|| {
            not_parquet(&io::Error::new(io::ErrorKind::InvalidInput, "the path is not UTF-8"))
        })?;
        let mut frame = LazyFrame::scan_parquet(PlRefPath::from(place), ScanArgsParquet::default())
            .map_err(|error| not_parquet(&error))?;
        let schema = frame.collect_schema().map_err(|error| not_parquet(&error))?;
        let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
        let columns: Vec<Expr> = header
            .iter()
            .enumerate()
            .map(|(position, name)| col(name.as_str()).alias(file_column(position)))
            .chain([lit(NULL).cast(DataType::UInt32).alias("broken")])
            .collect();
        Ok(Grid {
            frame: frame.select(columns).with_row_index("line", Some(1)),
            header,
            description: "Parquet".to_owned(),
            sha256,
        })
    }
}
