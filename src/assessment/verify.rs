//! Declared checks of a source's own columns: a column that repeats what the region's code says, a printed share that
//! repeats what its counts say.

use super::{Table, columns, ids::Names};
use crate::declaration::{Entry, Located, quoted};

/// A file column compared with the region found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verify {
    /// File column.
    pub column: String,
    /// Level whose region's name or code it must equal.
    pub level: usize,
    /// Name or code.
    pub against: VerifyAgainst,
}

/// What a verified column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyAgainst {
    /// The region's name.
    Name,
    /// The region's code.
    Code,
}

/// A printed share compared with the two counts of its row: `share` of `of[1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// File column with the printed figure.
    pub column: String,
    /// File columns of the part and of the whole.
    pub of: [String; 2],
    /// What a share is multiplied by before it is printed: 100 for per cent.
    pub per: f64,
}

/// Parses `verify`: entries with `against` check a region, entries with `of` a printed share.
pub(super) fn rules(
    entries: &[Entry<'_>],
    table: Table,
    names: &Names<'_>,
) -> (Vec<Verify>, Vec<Printed>) {
    let (mut regions, mut shares) = (Vec::new(), Vec::new());
    for entry in entries {
        let Some(mut fields) = entry.table() else { continue };
        let column = fields.required("column").and_then(|entry| entry.text());
        if let Some(column) = &column {
            columns::refuse_identity(entry.reader(), table, column);
        }
        if let Some(of) = fields.optional("of") {
            let per =
                fields.optional("per").map_or(Some(1.0), |entry| entry.number_within(0.0, 1e9));
            fields.finish();
            let texts = of.texts().unwrap_or_default();
            let [part, whole] = &texts[..] else {
                let help = "name the column of the part and that of the whole, like `of = [\"violent\", \"all\"]`";
                of.bad("a share is made of two columns", Some(help.to_owned()));
                continue;
            };
            let of = [part.value.clone(), whole.value.clone()];
            shares.extend(column.zip(per).map(|(column, per)| Printed {
                column: column.value,
                of,
                per,
            }));
        } else {
            let against = fields.required("against").and_then(|entry| against(&entry, names));
            fields.finish();
            regions.extend(column.zip(against).map(|(column, (level, against))| Verify {
                column: column.value,
                level,
                against,
            }));
        }
    }
    (regions, shares)
}

fn against(entry: &Entry<'_>, names: &Names<'_>) -> Option<(usize, VerifyAgainst)> {
    let text = entry.text()?;
    let kinds = [("name", VerifyAgainst::Name), ("id", VerifyAgainst::Code)];
    let (level, kind) = text.value.rsplit_once('.').unwrap_or((&text.value, ""));
    let level = names.level(&Located { value: level.to_owned(), span: text.span.clone() });
    let found = kinds.iter().find(|(name, _)| *name == kind);
    if found.is_none() {
        let allowed = kinds.map(|(name, _)| name);
        let help = format!("end it with {}, like `land.name`", quoted(&allowed));
        entry.bad(format!("`{}` does not say what to compare with", text.value), Some(help));
    }
    Some((level?, found?.1))
}
