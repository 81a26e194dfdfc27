//! Record batches to bytes: columns are typed once, here, and written as CSV and Parquet alike.

use std::{fmt::Write as _, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array,
    },
    datatypes::{DataType, Float64Type, UInt64Type},
};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use rayon::prelude::*;

use crate::{
    diagnostics::{Problem, codes},
    render::draw::push,
};

/// Columns being collected, in order.
#[derive(Default)]
pub(super) struct Columns(Vec<(&'static str, ArrayRef)>);

impl Columns {
    /// A column of texts.
    pub(super) fn text<S: AsRef<str>>(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<S>>,
    ) -> Self {
        self.0.push((name, Arc::new(values.collect::<StringArray>())));
        self
    }

    /// A column of real numbers.
    pub(super) fn real(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<f64>>,
    ) -> Self {
        self.0.push((name, Arc::new(values.collect::<Float64Array>())));
        self
    }

    /// A column of whole numbers.
    pub(super) fn whole(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<u64>>,
    ) -> Self {
        self.0.push((name, Arc::new(values.collect::<UInt64Array>())));
        self
    }

    /// A column of yes and no.
    pub(super) fn flag(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<bool>>,
    ) -> Self {
        self.0.push((name, Arc::new(values.collect::<BooleanArray>())));
        self
    }

    /// The finished batch.
    pub(super) fn batch(self) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable(
            self.0.into_iter().map(|(name, values)| (name, values, true)),
        )
        .expect("invariant: the columns of a table are equally long")
    }
}

/// CSV bytes with a header; batches must have the same columns, at least one batch.
pub(super) fn csv(batches: &[RecordBatch]) -> Vec<u8> {
    let schema = batches[0].schema();
    let header: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut out = header.join(",").into_bytes();
    out.extend_from_slice(b"\r\n");
    let bodies: Vec<Vec<u8>> = batches.par_iter().map(body).collect();
    out.reserve_exact(bodies.iter().map(Vec::len).sum());
    for body in bodies {
        out.extend(body);
    }
    out
}

/// A column whose type is known, so that no cell asks for it again.
enum Typed<'b> {
    Text(&'b StringArray),
    Real(&'b Float64Array),
    Whole(&'b UInt64Array),
    Flag(&'b BooleanArray),
}

impl<'b> Typed<'b> {
    fn of(column: &'b ArrayRef) -> Self {
        match column.data_type() {
            DataType::Utf8 => Self::Text(column.as_string::<i32>()),
            DataType::Float64 => Self::Real(column.as_primitive::<Float64Type>()),
            DataType::UInt64 => Self::Whole(column.as_primitive::<UInt64Type>()),
            _ => Self::Flag(column.as_boolean()),
        }
    }

    fn push(&self, text: &mut String, row: usize) {
        match self {
            Self::Text(values) if values.is_valid(row) => push_text(text, values.value(row)),
            Self::Real(values) if values.is_valid(row) => push_number(text, values.value(row)),
            Self::Whole(values) if values.is_valid(row) => push!(text, "{}", values.value(row)),
            Self::Flag(values) if values.is_valid(row) => {
                text.push_str(if values.value(row) { "true" } else { "false" });
            }
            _ => {}
        }
    }
}

fn body(batch: &RecordBatch) -> Vec<u8> {
    let columns: Vec<Typed<'_>> = batch.columns().iter().map(Typed::of).collect();
    let mut text = String::with_capacity(batch.num_rows() * batch.num_columns() * 8);
    for row in 0..batch.num_rows() {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            column.push(&mut text, row);
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// Writes a number with eight significant digits: more than any figure here can carry. Parquet keeps them all.
fn push_number(text: &mut String, value: f64) {
    let magnitude = value.abs();
    // Powers of ten up to 10¹⁵ and the digits below are exact in both number types.
    let mut scale = 1.0_f64;
    let mut decimals = 0;
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
    let unit = 10_u64.pow(decimals);
    push!(text, "{}", digits / unit);
    if decimals > 0 {
        push!(text, ".{:0width$}", digits % unit, width = decimals as usize);
    }
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

/// Parquet bytes; the writer's own name and version are the only metadata, so equal rows give equal bytes.
pub(super) fn parquet(batches: &[RecordBatch]) -> Result<Vec<u8>, Problem> {
    let failed = |error: parquet::errors::ParquetError| {
        Problem::new(&codes::INTERNAL, format!("a table could not be written as Parquet: {error}"))
    };
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batches[0].schema(), Some(properties)).map_err(failed)?;
    for batch in batches {
        writer.write(batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(bytes)
}

#[test]
fn a_table_is_quoted_where_needed_and_null_is_empty() {
    let batch = Columns::default()
        .text("name", [Some("a, \"b\""), None].into_iter())
        .real("value", [Some(0.1 + 0.2), None].into_iter())
        .whole("n", [None, Some(7)].into_iter())
        .flag("yes", [Some(true), None].into_iter())
        .batch();
    let text = String::from_utf8(csv(&[batch])).unwrap();
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
