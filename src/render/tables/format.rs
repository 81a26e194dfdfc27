//! Tables as CSV and Parquet: a column is typed once, here, and rows pass through in chunks, so that a table of any length
//! takes the memory of one chunk.

use std::{borrow::Cow, fmt::Write as _, io, sync::Arc};

use arrow::{
    array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array},
    datatypes::{DataType, Field, Schema},
};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    file::properties::{EnabledStatistics, WriterProperties},
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
        for (at, (name, cell)) in self.columns.iter().enumerate() {
            let column = ColumnPath::from(*name);
            // Real numbers seldom repeat: a dictionary of them is made and thrown away.
            let repeats = !matches!(cell, Cell::Real(_));
            properties = properties.set_column_dictionary_enabled(column.clone(), repeats);
            // Rows are in the order of the first column. The least and largest of other texts spare a reader nothing.
            if at > 0 && matches!(cell, Cell::Text(_)) {
                properties =
                    properties.set_column_statistics_enabled(column, EnabledStatistics::None);
            }
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
                    push_digits(text, value, 0);
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

/// Powers of ten up to 10¹⁵; they and the digits below are exact in both number types.
const POWERS_OF_TEN: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// Writes a number with eight significant digits: more than any figure here can carry. Parquet keeps them all.
fn push_number(text: &mut String, value: f64) {
    let magnitude = value.abs();
    let mut decimals = decimals(magnitude);
    let scaled = magnitude * POWERS_OF_TEN[decimals];
    if magnitude >= 1e15 || (decimals == 15 && scaled < 1e7) {
        push!(text, "{value:e}");
        return;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and below 10¹⁵"
    )]
    let mut digits = scaled.round() as u64;
    while decimals > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        decimals -= 1;
    }
    if value < 0.0 && digits > 0 {
        text.push('-');
    }
    push_digits(text, digits, decimals);
}

/// The fewest decimals, at most 15, with which a number has eight digits before rounding; whole numbers need none.
fn decimals(magnitude: f64) -> usize {
    if magnitude.fract() == 0.0 {
        return 0;
    }
    // Below 2ᵏ⁺¹ a number has at most ⌊(k + 1)·log₁₀ 2⌋ + 1 digits before the point: start there.
    let power = i64::from((magnitude.to_bits() >> 52) as u16) - 1022;
    let digits = (power * 1233) >> 12;
    let mut decimals = usize::try_from(6 - digits).unwrap_or(0).min(15);
    while decimals < 15 && magnitude * POWERS_OF_TEN[decimals] < 1e7 {
        decimals += 1;
    }
    decimals
}

/// Writes a whole number of units of 10⁻ᵈ, d the decimals, with at least one digit before the point.
fn push_digits(text: &mut String, mut number: u64, decimals: usize) {
    let mut digits = [b'0'; 24];
    let mut start = digits.len();
    let mut put = |digit: u8| {
        start -= 1;
        digits[start] = digit;
    };
    for _ in 0..decimals {
        put(b'0' + (number % 10) as u8);
        number /= 10;
    }
    if decimals > 0 {
        put(b'.');
    }
    loop {
        put(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.push_str(std::str::from_utf8(&digits[start..]).expect("invariant: digits are ASCII"));
}

/// RFC 4180: quoted when it holds a comma, a quote or a line end; quotes are doubled.
fn push_text(text: &mut String, value: &str) {
    if may_need_quotes(value) && value.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

/// Whether any byte is a comma or sorts before it, as all that need quotes do; eight bytes are looked at together.
fn may_need_quotes(value: &str) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let (eights, rest) = value.as_bytes().as_chunks::<8>();
    let low = |&bytes: &[u8; 8]| {
        let bytes = u64::from_le_bytes(bytes);
        // The highest bit of a byte is set where the byte was less than the one taken away.
        bytes.wrapping_sub(ONES * u64::from(b',' + 1)) & !bytes & (ONES << 7) != 0
    };
    eights.iter().any(low) || rest.iter().any(|&byte| byte <= b',')
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
        (0.999_999_999_9, "1"),
        (9_999_999.96, "10000000"),
        (-7.0, "-7"),
        (4e14, "400000000000000"),
        (2e15, "2e15"),
        (1e-9, "1e-9"),
    ] {
        let mut text = String::new();
        push_number(&mut text, value);
        assert_eq!(text, kept);
    }
}
