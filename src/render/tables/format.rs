//! Tables as CSV and Parquet: a column is typed once, here, and rows pass through in chunks, so that a table of any length
//! takes the memory of one chunk.

use std::{borrow::Cow, fmt::Write as _, io, sync::Arc};

use arrow::{
    array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array},
    datatypes::{DataType, Field, Schema},
};
use parquet::{
    arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties,
    schema::types::ColumnPath,
};

use crate::render::draw::push;

/// Rows formatted at a time: large enough to write whole blocks, small enough to stay in a processor's cache.
const CHUNK: usize = 4_096;

/// The columns of a table, in order, over rows of one type.
pub(super) struct Table<'t, R> {
    columns: Vec<(&'static str, Cell<'t, R>)>,
}

/// Gives a cell of a row.
type Get<'t, R, T> = Box<dyn Fn(&R) -> Option<T> + 't>;

/// Gives a text of a row, borrowed where the row holds it.
type GetText<'t, R> = Box<dyn Fn(&R) -> Option<Cow<'_, str>> + 't>;

/// How a row gives the cell of a column; `None` is null.
enum Cell<'t, R> {
    Text(GetText<'t, R>),
    Real(Get<'t, R, f64>),
    Whole(Get<'t, R, u64>),
    Flag(Get<'t, R, bool>),
}

impl<R> Default for Table<'_, R> {
    fn default() -> Self {
        Self { columns: Vec::new() }
    }
}

impl<'t, R> Table<'t, R> {
    fn column(mut self, name: &'static str, cell: Cell<'t, R>) -> Self {
        self.columns.push((name, cell));
        self
    }

    /// A column of texts that the row holds.
    pub(super) fn text(self, name: &'static str, cell: impl Fn(&R) -> Option<&str> + 't) -> Self {
        self.column(name, Cell::Text(Box::new(move |row| cell(row).map(Cow::Borrowed))))
    }

    /// A column of texts made for the table.
    pub(super) fn made_text(
        self,
        name: &'static str,
        cell: impl Fn(&R) -> Option<String> + 't,
    ) -> Self {
        self.column(name, Cell::Text(Box::new(move |row| cell(row).map(Cow::Owned))))
    }

    /// A column of real numbers.
    pub(super) fn real(self, name: &'static str, cell: impl Fn(&R) -> Option<f64> + 't) -> Self {
        self.column(name, Cell::Real(Box::new(cell)))
    }

    /// A column of whole numbers.
    pub(super) fn whole(self, name: &'static str, cell: impl Fn(&R) -> Option<u64> + 't) -> Self {
        self.column(name, Cell::Whole(Box::new(cell)))
    }

    /// A column of yes and no.
    pub(super) fn flag(self, name: &'static str, cell: impl Fn(&R) -> Option<bool> + 't) -> Self {
        self.column(name, Cell::Flag(Box::new(cell)))
    }

    /// Writes CSV with a header.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn csv(
        &self,
        rows: impl Iterator<Item = R>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let header: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let mut text = header.join(",");
        text.push_str("\r\n");
        for (at, row) in rows.enumerate() {
            for (place, (_, cell)) in self.columns.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                cell.push(&mut text, &row);
            }
            text.push_str("\r\n");
            if at % CHUNK == CHUNK - 1 {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        out.write_all(text.as_bytes())
    }

    /// Writes Parquet; the writer's own name and version are the only metadata, so equal rows give equal bytes.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn parquet(
        &self,
        mut rows: impl Iterator<Item = R>,
        out: &mut (dyn io::Write + Send),
    ) -> io::Result<()> {
        let fields: Vec<Field> = self
            .columns
            .iter()
            .map(|(name, cell)| Field::new(*name, cell.data_type(), true))
            .collect();
        let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        for (name, cell) in &self.columns {
            // Real numbers seldom repeat: a dictionary of them is made and thrown away.
            let repeats = !matches!(cell, Cell::Real(_));
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), repeats);
        }
        let schema = Arc::new(Schema::new(fields));
        let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties.build()))?;
        loop {
            let chunk: Vec<R> = rows.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            let arrays = self.columns.iter().map(|(_, cell)| cell.array(&chunk)).collect();
            let batch = RecordBatch::try_new(schema.clone(), arrays)
                .expect("invariant: the columns of a table are equally long");
            writer.write(&batch)?;
        }
        writer.close()?;
        Ok(())
    }
}

impl<R> Cell<'_, R> {
    /// Appends the cell of a row as CSV; null is nothing.
    fn push(&self, text: &mut String, row: &R) {
        match self {
            Self::Text(cell) => {
                if let Some(value) = cell(row) {
                    push_text(text, &value);
                }
            }
            Self::Real(cell) => {
                if let Some(value) = cell(row) {
                    push_number(text, value);
                }
            }
            Self::Whole(cell) => {
                if let Some(value) = cell(row) {
                    push_digits(text, value, 1);
                }
            }
            Self::Flag(cell) => match cell(row) {
                Some(true) => text.push_str("true"),
                Some(false) => text.push_str("false"),
                None => {}
            },
        }
    }

    fn data_type(&self) -> DataType {
        match self {
            Self::Text(_) => DataType::Utf8,
            Self::Real(_) => DataType::Float64,
            Self::Whole(_) => DataType::UInt64,
            Self::Flag(_) => DataType::Boolean,
        }
    }

    fn array(&self, rows: &[R]) -> ArrayRef {
        match self {
            Self::Text(cell) => Arc::new(rows.iter().map(cell).collect::<StringArray>()),
            Self::Real(cell) => Arc::new(rows.iter().map(cell).collect::<Float64Array>()),
            Self::Whole(cell) => Arc::new(rows.iter().map(cell).collect::<UInt64Array>()),
            Self::Flag(cell) => Arc::new(rows.iter().map(cell).collect::<BooleanArray>()),
        }
    }
}

/// Writes a number with eight significant digits: more than any figure here can carry. Parquet keeps them all.
fn push_number(text: &mut String, value: f64) {
    let magnitude = value.abs();
    // Powers of ten up to 10¹⁵ and the digits below are exact in both number types.
    let mut scale = 1.0_f64;
    let mut decimals = 0_usize;
    while magnitude * scale < 1e7 && decimals < 15 {
        scale *= 10.0;
        decimals += 1;
    }
    if magnitude >= 1e15 || (magnitude > 0.0 && magnitude * scale < 1e7) {
        push!(text, "{value:e}");
        return;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and below 10¹⁵"
    )]
    let mut digits = (magnitude * scale).round() as u64;
    while decimals > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        decimals -= 1;
    }
    if value < 0.0 && digits > 0 {
        text.push('-');
    }
    push_digits(text, digits, decimals + 1);
    if decimals > 0 {
        text.insert(text.len() - decimals, '.');
    }
}

/// Writes a whole number with at least `width` digits.
fn push_digits(text: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let start = start.min(digits.len() - width);
    text.push_str(std::str::from_utf8(&digits[start..]).expect("invariant: digits are ASCII"));
}

/// RFC 4180: quoted when it holds a comma, a quote or a line end; quotes are doubled.
fn push_text(text: &mut String, value: &str) {
    if value.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

#[test]
fn a_table_is_quoted_where_needed_and_null_is_empty() {
    let table = Table::<Option<u64>>::default()
        .text("name", |row| row.is_none().then_some("a, \"b\""))
        .real("value", |row| row.is_none().then_some(0.1 + 0.2))
        .whole("n", |row| *row)
        .flag("yes", |row| row.is_none().then_some(true));
    let mut bytes = Vec::new();
    table.csv([None, Some(7)].into_iter(), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text, "name,value,n,yes\r\n\"a, \"\"b\"\"\",0.3,,true\r\n,,7,\r\n");
}

#[test]
fn eight_digits_are_kept() {
    for (value, kept) in [
        (1.0 / 3.0, "0.33333333"),
        (98_765.432_19, "98765.432"),
        (123_456_789.0, "123456789"),
        (-2.5e-7, "-0.00000025"),
        (1.25e-30, "1.25e-30"),
        (0.05, "0.05"),
        (0.0, "0"),
    ] {
        let mut text = String::new();
        push_number(&mut text, value);
        assert_eq!(text, kept);
    }
}
