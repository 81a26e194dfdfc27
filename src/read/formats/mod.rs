//! File formats: one file each; tables are listed in the registry, boundary formats are chosen in `read::boundaries`.

pub(crate) mod geojson;
pub(crate) mod shapefile;

use std::path::Path;

use polars::prelude::LazyFrame;

use crate::{assessment::Source, diagnostics::Problems, registry::catalogue};

catalogue! {
    /// Every table format, in the order shown to users.
    dyn TableFormat;
    csv,
    parquet,
}

/// A format that holds a table.
pub(crate) trait TableFormat: Sync {
    /// File name extensions, lower case.
    fn extensions(&self) -> &'static [&'static str];

    /// Opens a file as a [`Grid`].
    ///
    /// # Errors
    /// The file's problems: encoding, syntax, no rows.
    fn open(&self, path: &Path, shown: &str, source: &Source) -> Result<Grid, Problems>;
}

/// A table as it stands in a file: named columns, and the line each row begins at.
pub(crate) struct Grid {
    /// The rows: the file's columns under [`file_column`] names, `line` (u32, as a text editor counts), and `broken` (u32,
    /// a [`crate::model::Reject`] code or null).
    pub frame: LazyFrame,
    /// Header names in file order; empty where the file has none.
    pub header: Vec<String>,
    /// Encoding, delimiter and the like, in words.
    pub description: String,
    /// sha256 of the file.
    pub sha256: String,
}

/// The frame's name of a file's column, by position: file headers may repeat or be empty.
pub(crate) fn file_column(position: usize) -> String {
    format!("file:{position}")
}

/// The format for a file name, by extension.
pub(crate) fn for_path(path: &str) -> Option<&'static dyn TableFormat> {
    let extension = path.rsplit('.').next().unwrap_or("").to_lowercase();
    ALL.iter().copied().find(|format| format.extensions().contains(&extension.as_str()))
}
