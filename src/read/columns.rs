//! Which canonical columns are keys, counts or measures, and where a source says they come from.

use crate::{
    assessment::{ColumnRef, ColumnRule, Source, Table},
    diagnostics::{Place, Problem, codes, did_you_mean},
};

/// Columns that identify: they become codes.
pub(super) fn keys(table: Table) -> &'static [&'static str] {
    match table {
        Table::Population => &["region", "date", "name"],
        Table::Crimes => &["region", "date", "offence", "ideology"],
        Table::Events => &["region", "date", "kind", "ideology", "violent"],
        Table::Organisations => &["region", "date", "ideology", "role"],
        Table::Elections => &["region", "date", "party"],
        Table::Survey => {
            &["region", "date", "item", "answer", "ideology", "respondent", "stratum", "psu"]
        }
        Table::Crosswalk => &["from", "to", "date"],
    }
}

/// Columns of whole numbers from 0.
pub(super) fn counted(table: Table) -> &'static [&'static str] {
    match table {
        Table::Population => &["persons"],
        Table::Crimes => &["count"],
        Table::Events => &["participants_low", "participants_mid", "participants_high"],
        Table::Organisations => &["members", "rounding"],
        Table::Elections => &["votes", "valid", "eligible"],
        Table::Survey | Table::Crosswalk => &[],
    }
}

/// Columns of real numbers.
pub(super) fn measured(table: Table) -> &'static [&'static str] {
    match table {
        Table::Events => &["lon", "lat"],
        Table::Survey => &["survey_weight", "stratum_psus"],
        Table::Crosswalk => &["weight"],
        _ => &[],
    }
}

/// The name a key has in the assessment: `date` is declared as `period` where a table has periods.
pub(super) fn declared_name(source: &Source, key: &'static str) -> &'static str {
    let has_period = source.table.columns().iter().any(|(name, ..)| *name == "period");
    if key == "date" && has_period { "period" } else { key }
}

/// Whether a row needs the column: the contract requires it, or a survey says that its respondents were drawn by it. An
/// answer may be missing.
pub(super) fn is_required(source: &Source, declared: &str) -> bool {
    let by_contract =
        source.table.columns().iter().any(|(name, required, _)| *name == declared && *required);
    match (source.table, declared) {
        (Table::Survey, "answer") => false,
        (Table::Survey, "ideology") => by_contract,
        (Table::Survey, _) => by_contract || source.columns.contains_key(declared),
        _ => by_contract,
    }
}

/// The rule for a canonical column in the file of a year.
pub(super) fn rule<'s>(
    source: &'s Source,
    year: Option<i32>,
    declared: &str,
) -> Option<&'s ColumnRule> {
    source
        .variants
        .iter()
        .find(|(of, columns)| Some(*of) == year && columns.contains_key(declared))
        .map_or_else(|| source.columns.get(declared), |(_, columns)| columns.get(declared))
}

/// The position of a file's column.
pub(super) fn position(
    reference: &ColumnRef,
    header: &[String],
    width: usize,
    shown: &str,
    what: &str,
) -> Result<usize, Problem> {
    let found = match reference {
        ColumnRef::Position(position) => Some(*position).filter(|position| *position < width),
        ColumnRef::Name(name) => header.iter().position(|column| column == name),
    };
    found.ok_or_else(|| {
        let (message, near) = match reference {
            ColumnRef::Position(position) => (
                format!(
                    "there is no column at position {position} (for {what}); the file has {width}"
                ),
                None,
            ),
            ColumnRef::Name(name) => (
                format!("there is no column `{name}` (for {what})"),
                did_you_mean(name, header.iter().map(String::as_str)),
            ),
        };
        let known: Vec<String> =
            header.iter().filter(|name| !name.is_empty()).map(|name| format!("`{name}`")).collect();
        let columns = match known.len() {
            0 => "the file has no header".to_owned(),
            n if n > 20 => {
                format!("the file has {n} columns, the first: {}", known[..20].join(", "))
            }
            _ => format!("the file has {}", known.join(", ")),
        };
        Problem::new(&codes::MISSING_COLUMN, message)
            .at(Place::File(shown.to_owned()))
            .help(near.map_or(columns.clone(), |near| format!("{near} ({columns})")))
    })
}
