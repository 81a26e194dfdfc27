//! How a source's columns become canonical ones: rules, recodes, constants, and the refusal of identity data.

use std::collections::BTreeMap;

use super::{ColumnRef, ColumnRule, Table, Unpivot, ids::span_of};
use crate::{
    declaration::{Entry, Located, Reader},
    diagnostics::codes,
};

/// Column names that hold identity data (METHODS §5), written as [`normal`] gives them.
const IDENTITY: &[&str] = &[
    "address",
    "adresse",
    "anschrift",
    "birth_date",
    "birthdate",
    "birthday",
    "date_of_birth",
    "dob",
    "e_mail",
    "email",
    "familienname",
    "family_name",
    "first_name",
    "firstname",
    "forename",
    "full_name",
    "fullname",
    "geburtsdatum",
    "geburtsname",
    "given_name",
    "hausnummer",
    "house_number",
    "id_card",
    "id_number",
    "last_name",
    "lastname",
    "maiden_name",
    "mobile",
    "nachname",
    "name_of_person",
    "national_id",
    "offender_name",
    "passport",
    "passport_number",
    "person",
    "person_id",
    "person_name",
    "phone",
    "phone_number",
    "postal_address",
    "social_security_number",
    "ssn",
    "strasse",
    "street",
    "street_address",
    "surname",
    "suspect_name",
    "tax_id",
    "telefon",
    "telephone",
    "victim_name",
    "vorname",
];

/// Values a canonical column can take, where they are fixed.
fn fixed_values(column: &str) -> Option<&'static [&'static str]> {
    match column {
        "violent" => Some(&["yes", "no", "unknown"]),
        "role" => Some(&["extremist", "support"]),
        _ => None,
    }
}

fn normal(name: &str) -> String {
    let lower = name.trim().to_lowercase().replace('ß', "ss");
    lower.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect()
}

/// Refuses a file column whose name says that it identifies persons. Tables about areas may name them.
pub(super) fn refuse_identity(reader: &Reader, table: Table, name: &Located<String>) {
    let plain = normal(&name.value);
    let about_areas = matches!(table, Table::Population | Table::Elections | Table::Crosswalk);
    if IDENTITY.contains(&plain.as_str()) || (plain == "name" && !about_areas) {
        let help = "leave the column out; the tool is about areas and takes no data on persons";
        let message = format!("column `{}` identifies persons", name.value);
        reader.report(&codes::IDENTITY_COLUMN, message, name.span.clone(), Some(help.to_owned()));
    }
}

/// Whether the name is a canonical column of the table; if not, that is noted.
pub(super) fn canonical(reader: &Reader, table: Table, name: &Located<String>) -> bool {
    let known = || table.columns().iter().map(|(known, _, _)| *known);
    if known().any(|known| known == name.value) {
        return true;
    }
    if IDENTITY.contains(&normal(&name.value).as_str()) {
        refuse_identity(reader, table, name);
    } else {
        let message = format!("table `{}` has no column `{}`", table.as_str(), name.value);
        reader.not_among(message, name, known());
    }
    false
}

/// The `columns` table of a source or of one of its variants.
pub(super) fn rules(entry: &Entry<'_>, table: Table) -> BTreeMap<String, ColumnRule> {
    let reader = entry.reader();
    let mut rules = BTreeMap::new();
    let Some(fields) = entry.table() else { return rules };
    for (name, entry) in fields.rest() {
        let known = canonical(reader, table, &name);
        if let Some(rule) = rule(&entry, table)
            && known
        {
            rules.insert(name.value, rule);
        }
    }
    rules
}

fn rule(entry: &Entry<'_>, table: Table) -> Option<ColumnRule> {
    let plain = |column| ColumnRule {
        column,
        slice: None,
        pad: None,
        split: None,
        map: BTreeMap::new(),
        scale: None,
    };
    if !entry.is_table() {
        return column(entry, table).map(plain);
    }
    let mut fields = entry.table()?;
    let mut found = fields.required("column").and_then(|entry| column(&entry, table)).map(plain);
    let slice = fields.optional("slice").and_then(|entry| span_of(&entry));
    let pad = fields.optional("pad").and_then(|entry| entry.whole(1..=64));
    let split = fields.optional("split").and_then(|entry| entry.text());
    let map = fields.optional("map").and_then(|entry| entry.map());
    let scale = fields.optional("scale").and_then(|entry| entry.number_within(0.0, 1e12));
    fields.finish();
    if let Some(found) = &mut found {
        found.slice = slice;
        found.pad = pad;
        found.split = split.map(|text| text.value);
        found.map = map.unwrap_or_default();
        found.scale = scale;
    }
    found
}

fn column(entry: &Entry<'_>, table: Table) -> Option<ColumnRef> {
    if entry.is_integer() {
        return entry.whole(0..=10_000).map(ColumnRef::Position);
    }
    if !entry.is_text() {
        let help = "write its name, its position from 0, or `{ column = … }`".to_owned();
        entry.bad(format!("`{}` does not name a column", entry.key().value), Some(help));
        return None;
    }
    let name = entry.text()?;
    refuse_identity(entry.reader(), table, &name);
    Some(ColumnRef::Name(name.value))
}

/// The `recode` table: canonical column → value in the file → canonical value.
pub(super) fn recodes(
    entry: &Entry<'_>,
    table: Table,
    ideology: &dyn Fn(&Located<String>),
) -> BTreeMap<String, BTreeMap<String, String>> {
    let reader = entry.reader();
    let mut recodes = BTreeMap::new();
    let Some(fields) = entry.table() else { return recodes };
    for (name, entry) in fields.rest() {
        let known = canonical(reader, table, &name);
        let Some(pairs) = entry.pairs() else { continue };
        let mut recode = BTreeMap::new();
        for (from, to) in pairs {
            value(reader, &name.value, &to, ideology);
            recode.insert(from.value, to.value);
        }
        if known {
            recodes.insert(name.value, recode);
        }
    }
    recodes
}

/// The `constants` table: canonical column → the same value in every row.
pub(super) fn constants(
    entry: &Entry<'_>,
    table: Table,
    ideology: &dyn Fn(&Located<String>),
) -> BTreeMap<String, String> {
    let reader = entry.reader();
    let mut constants = BTreeMap::new();
    for (name, found) in entry.pairs().unwrap_or_default() {
        if canonical(reader, table, &name) {
            value(reader, &name.value, &found, ideology);
            constants.insert(name.value, found.value);
        }
    }
    constants
}

/// Checks a value that will stand in a canonical column.
fn value(
    reader: &Reader,
    column: &str,
    found: &Located<String>,
    ideology: &dyn Fn(&Located<String>),
) {
    if column == "ideology" {
        ideology(found);
    }
    if let Some(allowed) = fixed_values(column)
        && !allowed.contains(&found.value.as_str())
    {
        let help = format!("allowed: {}", crate::declaration::quoted(allowed));
        let message = format!("`{column}` cannot be `{}`", found.value);
        reader.report(&codes::BAD_VALUE, message, found.span.clone(), Some(help));
    }
}

/// The `unpivot` table: wide columns that become rows.
pub(super) fn unpivot(entry: &Entry<'_>, table: Table) -> Option<Unpivot> {
    let reader = entry.reader();
    let mut fields = entry.table()?;
    let columns = fields.required("columns").and_then(|entry| entry.texts());
    let name = fields.required("name").and_then(|entry| entry.text());
    let value = fields.required("value").and_then(|entry| entry.text());
    let scale_by = fields.optional("scale_by").and_then(|entry| entry.text());
    let round = fields.optional("round").and_then(|entry| entry.truth()).unwrap_or(false);
    fields.finish();
    for column in columns.iter().flatten() {
        refuse_identity(reader, table, column);
    }
    for target in [&name, &value].into_iter().flatten() {
        canonical(reader, table, target);
    }
    Some(Unpivot {
        columns: columns?.into_iter().map(|column| column.value).collect(),
        name: name?.value,
        value: value?.value,
        scale_by: scale_by.map(|column| column.value),
        round,
    })
}

#[test]
fn identity_columns_are_recognised_however_they_are_written() {
    for name in ["Surname", "Date of birth", "date-of-birth", "Straße", "E-Mail"] {
        assert!(IDENTITY.contains(&normal(name).as_str()), "{name}");
    }
}
