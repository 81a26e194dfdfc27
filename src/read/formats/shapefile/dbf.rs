//! The dBase tables, as far as a Shapefile's properties need them: fixed-width texts.
//!
//! Numbers stay the texts they are in the file, so that a code keeps its leading zeros. Memo fields are not read.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::diagnostics::{Problem, codes};

/// The wanted columns of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// All column names, sorted.
    pub(super) names: Vec<String>,
    /// The wanted columns of each row; `None` for a row marked as deleted, whose outline is skipped too.
    pub(super) rows: Vec<Option<Vec<Option<String>>>>,
    /// What was assumed.
    pub(super) notes: Vec<String>,
}

struct Column {
    name: String,
    from: usize,
    to: usize,
    is_number: bool,
}

/// The path of the `.dbf` beside a `.shp`, for messages.
pub(super) fn name_beside(shp: &str) -> String {
    format!("{}.dbf", shp.get(..shp.len().saturating_sub(4)).unwrap_or(shp))
}

/// Reads the wanted columns; a column that is not there gives `None` in every row.
///
/// # Errors
/// [`codes::FORMAT`] when the table is cut short, [`codes::ENCODING`] when the `.cpg` names an encoding that is not known or
/// not the one the table is in.
pub(super) fn read(dbf: &[u8], cpg: Option<&[u8]>, wanted: &[&str]) -> Result<Table, Problem> {
    let cut = || {
        Problem::new(&codes::FORMAT, "is not a whole dBase table")
            .help("the file was cut short; fetch it again")
    };
    let number =
        |at: usize| dbf.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let n_rows =
        dbf.get(4..8).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).ok_or_else(cut)?;
    let (Some(header), Some(width)) = (number(8), number(10)) else { return Err(cut()) };
    let descriptors = dbf.get(32..header).ok_or_else(cut)?;
    let body = &dbf[header..];
    let n_rows = usize::try_from(n_rows).map_err(|_| cut())?;
    if width == 0 || body.len() / width < n_rows {
        return Err(cut());
    }
    let rows = &body[..n_rows * width];
    let (encoding, notes) = encoding(cpg, &[descriptors, rows])?;
    let columns = columns(descriptors, encoding, width).ok_or_else(cut)?;
    let mut names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    names.sort_unstable();
    let wanted: Vec<Option<&Column>> =
        wanted.iter().map(|name| columns.iter().find(|column| column.name == *name)).collect();
    let rows = rows
        .chunks_exact(width)
        .map(|row| {
            (row[0] != b'*').then(|| {
                wanted
                    .iter()
                    .map(|column| column.and_then(|column| cell(row, column, encoding)))
                    .collect()
            })
        })
        .collect();
    Ok(Table { names, rows, notes })
}

/// `None` when the columns do not fit into a row.
fn columns(descriptors: &[u8], encoding: &'static Encoding, width: usize) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut from = 1; // after the deletion mark
    for descriptor in descriptors.chunks_exact(32).take_while(|descriptor| descriptor[0] != 0x0D) {
        let name = descriptor[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = encoding.decode_without_bom_handling(name).0.trim().to_owned();
        let to = from + usize::from(descriptor[16]);
        columns.push(Column { name, from, to, is_number: matches!(descriptor[11], b'N' | b'F') });
        from = to;
    }
    (from <= width).then_some(columns)
}

fn cell(row: &[u8], column: &Column, encoding: &'static Encoding) -> Option<String> {
    let bytes = row[column.from..column.to].split(|byte| *byte == 0).next().unwrap_or_default();
    let text = encoding.decode_without_bom_handling(bytes).0;
    let text = match text.trim().split_once('.') {
        Some((whole, rest)) if column.is_number && rest.bytes().all(|byte| byte == b'0') => whole,
        _ => text.trim(),
    };
    (!text.is_empty()).then(|| text.to_owned())
}

/// The encoding the `.cpg` names; without one UTF-8 if the bytes are, else Windows-1252 with a note.
fn encoding(
    cpg: Option<&[u8]>,
    texts: &[&[u8]],
) -> Result<(&'static Encoding, Vec<String>), Problem> {
    let fits = |encoding: &'static Encoding| {
        texts.iter().all(|text| {
            encoding.decode_without_bom_handling_and_without_replacement(text).is_some()
        })
    };
    let label =
        cpg.map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned()).unwrap_or_default();
    if label.is_empty() {
        return Ok(if fits(UTF_8) {
            (UTF_8, Vec::new())
        } else {
            (WINDOWS_1252, vec!["no .cpg file; properties were read as Windows-1252".to_owned()])
        });
    }
    // ArcGIS writes bare code pages (`1252`) and `ANSI 1252`; GDAL writes `ISO-8859-1` and `UTF-8`.
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    let found = Encoding::for_label(label.as_bytes()).or_else(|| match digits.as_str() {
        "88591" => Some(WINDOWS_1252),
        "65001" => Some(UTF_8),
        page => Encoding::for_label(format!("windows-{page}").as_bytes()),
    });
    let Some(found) = found else {
        let message = format!("has an encoding that is not known: `{label}` in its .cpg file");
        return Err(Problem::new(&codes::ENCODING, message)
            .help("write `UTF-8` or `1252` into the .cpg file, whichever it is"));
    };
    if !fits(found) {
        let message = format!("is not in {}, which its .cpg file names", found.name());
        return Err(Problem::new(&codes::ENCODING, message)
            .help("correct the .cpg file; older files are often `1252`"));
    }
    Ok((found, Vec::new()))
}

/// A table with the columns `AGS` (text, 5) and `N` (number, 6).
#[cfg(test)]
fn table(rows: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![3, 0, 0, 0];
    bytes.extend(u32::try_from(rows.len()).unwrap().to_le_bytes());
    bytes.extend([97, 0, 12, 0]);
    bytes.resize(32, 0);
    for (name, kind, width) in [(b"AGS\0", b'C', 5), (b"N\0\0\0", b'N', 6)] {
        let mut descriptor = [0; 32];
        descriptor[..4].copy_from_slice(name);
        descriptor[11] = kind;
        descriptor[16] = width;
        bytes.extend(descriptor);
    }
    bytes.push(0x0D);
    bytes.extend(rows.concat());
    bytes
}

#[test]
fn codes_keep_their_zeros_and_deleted_rows_their_place() {
    let dbf = table(&[b" 01001   12.0", b"*01002    1.0"].map(|row| &row[..12]));
    let found = read(&dbf, None, &["AGS", "N", "X"]).unwrap();
    assert_eq!(found.names, ["AGS", "N"]);
    assert_eq!(found.rows[0], Some(vec![Some("01001".to_owned()), Some("12".to_owned()), None]));
    assert_eq!(found.rows[1], None);
}

#[test]
fn the_encoding_is_told_or_guessed_with_a_note() {
    let dbf = table(&[b" K\xF6ln      1"]);
    let found = read(&dbf, None, &["AGS"]).unwrap();
    assert_eq!(found.rows[0].as_ref().unwrap()[0].as_deref(), Some("Köln"));
    assert_eq!(found.notes.len(), 1);
    assert!(read(&dbf, Some(b"ISO 88591"), &["AGS"]).unwrap().notes.is_empty());
    assert_eq!(read(&dbf, Some(b"UTF-8"), &["AGS"]).unwrap_err().code, &codes::ENCODING);
    assert_eq!(read(&dbf, Some(b"klingon"), &["AGS"]).unwrap_err().code, &codes::ENCODING);
}

#[test]
fn a_cut_table_is_refused() {
    let dbf = table(&[b" 01001     1"]);
    for length in [0, 7, 40, 96, dbf.len() - 1] {
        assert_eq!(read(&dbf[..length], None, &["AGS"]).unwrap_err().code, &codes::FORMAT);
    }
}
