//! Questions of a survey: which column holds the answers, to what, and what each answer means.

use std::collections::BTreeMap;

use super::{Table, columns, ids::Names};
use crate::{
    declaration::{Entry, Located, quoted},
    model::{IdeologyId, LonelyPsu},
};

/// A question whose answers stand in a column of their own; every respondent's row becomes a row per item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// File column of the answers.
    pub column: String,
    /// What it asks, as definitions name it.
    pub item: String,
    /// Ideology it asks about.
    pub ideology: Option<IdeologyId>,
    /// Code in the file → answer. A code that is neither here nor in `missing` is rejected.
    pub answers: BTreeMap<String, String>,
    /// Codes that mean "no answer", beside the empty cell.
    pub missing: Vec<String>,
}

/// The `items` of a survey.
pub(super) fn rules(entry: &Entry<'_>, names: &Names<'_>) -> Vec<Item> {
    let list = entry.list().unwrap_or_default();
    if list.is_empty() {
        entry.bad("`items` names no question", None);
    }
    list.iter().filter_map(|entry| rule(entry, names)).collect()
}

fn rule(entry: &Entry<'_>, names: &Names<'_>) -> Option<Item> {
    let mut fields = entry.table()?;
    let column = fields.required("column").and_then(|entry| entry.text());
    if let Some(column) = &column {
        columns::refuse_identity(entry.reader(), Table::Survey, column);
    }
    let item = fields.required("item").and_then(|entry| entry.text());
    let ideology = fields.optional("ideology").and_then(|entry| names.ideology(&entry.text()?));
    let answers = fields.required("answers").and_then(|entry| entry.map());
    let missing = fields.optional("missing").and_then(|entry| scalars(&entry)).unwrap_or_default();
    fields.finish();
    let answers = answers?;
    let both: Vec<&str> = missing
        .iter()
        .filter(|code| answers.contains_key(&code.value))
        .map(|code| code.value.as_str())
        .collect();
    if !both.is_empty() {
        let message = format!("{} is both an answer and missing", quoted(&both));
        entry.bad(message, Some("list each code once".to_owned()));
    }
    Some(Item {
        column: column?.value,
        item: item?.value,
        ideology,
        answers,
        missing: missing.into_iter().map(|code| code.value).collect(),
    })
}

/// Codes, written as numbers or as texts.
fn scalars(entry: &Entry<'_>) -> Option<Vec<Located<String>>> {
    Some(entry.list()?.iter().filter_map(Entry::scalar).collect())
}

/// What happens to strata with a single unit.
pub(super) fn lonely_psu(entry: &Entry<'_>) -> Option<LonelyPsu> {
    entry.one_of(&LonelyPsu::ALL)
}
