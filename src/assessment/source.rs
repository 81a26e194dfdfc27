//! What a declared source is: files, and how their rows become a canonical table.

use std::{collections::BTreeMap, ops::Range};

use super::{Item, Printed, Table, Verify};
use crate::model::{Covers, Grade, LonelyPsu, SourceId};

/// A declared source: files, and how their columns become a canonical table.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name.
    pub id: SourceId,
    /// Canonical table.
    pub table: Table,
    /// Path relative to the data root; `{year}` stands for a year, one file each.
    pub path: String,
    /// Declared encoding label; `None`: detected (BOM, then UTF-8, then Windows-1252 with a note).
    pub encoding: Option<String>,
    /// Declared delimiter; `None`: detected.
    pub delimiter: Option<u8>,
    /// Where the header is.
    pub header: HeaderRule,
    /// Separator of thousands in numbers.
    pub thousands: Option<char>,
    /// Decimal separator, `.` by default.
    pub decimal: char,
    /// Cell texts that mean "missing", besides the empty cell.
    pub nulls: Vec<String>,
    /// Rows that enter, in the small SQL subset over canonical (before recoding) and file column names.
    pub filter: Option<String>,
    /// Canonical column → where it comes from.
    pub columns: BTreeMap<String, ColumnRule>,
    /// Other column positions for single years: a variant's columns replace those of the same name.
    pub variants: Vec<(i32, BTreeMap<String, ColumnRule>)>,
    /// Canonical column → value in the file → canonical value. A value that is not listed is rejected.
    pub recode: BTreeMap<String, BTreeMap<String, String>>,
    /// Canonical column → the same value in every row.
    pub constants: BTreeMap<String, String>,
    /// Wide columns that become rows.
    pub unpivot: Option<Unpivot>,
    /// Questions of a survey whose answers stand in columns of their own.
    pub items: Vec<Item>,
    /// What happens to strata of a survey with a single primary sampling unit.
    pub lonely_psu: LonelyPsu,
    /// When a party had no list.
    pub no_list: NoList,
    /// Whether region cells hold codes or names.
    pub region_by: RegionBy,
    /// What it covers.
    pub covers: Covers,
    /// Columns checked against the region found.
    pub verify: Vec<Verify>,
    /// Printed shares checked against the counts they are made of.
    pub printed: Vec<Printed>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Share of rejected rows above which the run stops.
    pub max_rejected: f64,
    /// Byte spans of its keys in the assessment file, by dotted path (`id`, `filter`, `columns.region`).
    pub spans: BTreeMap<String, Range<usize>>,
}

/// Where a file's header row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderRule {
    /// The first row.
    First,
    /// The first row whose first cell starts with this text; rows before it, and rows of column numbers (1, 2, 3, …) right
    /// after it, are skipped.
    Match(String),
    /// There is none: columns are named by position only.
    None,
}

/// How region cells are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionBy {
    /// Codes, looked up at every level, the deepest first.
    Code,
    /// Names of regions of a level; umlauts and their ASCII spellings count as equal. The declared name of the country is
    /// the country, whatever the level, so that a table of Länder can hold its federal row.
    Name {
        /// Position of the level.
        level: usize,
    },
}

/// Where a canonical column comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnRule {
    /// The file's column.
    pub column: ColumnRef,
    /// Characters `from..to` of the cell.
    pub slice: Option<(usize, usize)>,
    /// Width to pad with zeros on the left.
    pub pad: Option<usize>,
    /// Text that separates several values of one cell.
    pub split: Option<String>,
    /// Cell → value, before anything else; other cells stay as they are.
    pub map: BTreeMap<String, String>,
    /// Factor for numbers (1000 for thousands).
    pub scale: Option<f64>,
}

/// A file's column by name or by position from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnRef {
    /// By header.
    Name(String),
    /// By position.
    Position(usize),
}

/// Wide columns that become rows of two canonical columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Unpivot {
    /// The file's columns.
    pub columns: Vec<String>,
    /// Canonical column that takes their names.
    pub name: String,
    /// Canonical column that takes their values.
    pub value: String,
    /// File column each value is multiplied by.
    pub scale_by: Option<String>,
    /// Whether the product is rounded to a whole number.
    pub round: bool,
}

/// When a party had no list in a region: `not_applicable`, never zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoList {
    /// A missing cell means it.
    pub missing: bool,
    /// Parties for which 0 means it too.
    pub zero: Vec<String>,
}
