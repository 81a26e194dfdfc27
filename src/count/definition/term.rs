//! One side of a measure: which records of which table are added up.

use crate::{
    assessment::Table,
    declaration::{Entry, Located, Reader, quoted},
    model::{Aggregate, SourceId, Term},
    predicate,
};

pub(super) fn read(entry: &Entry<'_>) -> Option<Term> {
    let reader = entry.reader();
    let mut fields = entry.table()?;
    let table = fields.required("table").and_then(|entry| entry.text());
    let table = table.and_then(|name| canonical_table(reader, &name));
    let source = fields.optional("source").and_then(|entry| entry.text());
    let aggregate = fields.required("count").and_then(|entry| aggregate(&entry, table));
    let condition = fields.optional("where");
    let condition = condition.map(|entry| condition_over(&entry, table));
    fields.finish();
    Some(Term {
        table: table?.as_str().to_owned(),
        source: source.map(|source| SourceId::new(source.value)),
        aggregate: aggregate?,
        condition: condition.flatten(),
    })
}

fn canonical_table(reader: &Reader, name: &Located<String>) -> Option<Table> {
    let found = Table::ALL.iter().find(|(_, known)| *known == name.value);
    if found.is_none() {
        reader.unknown_name("table", name, Table::ALL.iter().map(|(_, known)| *known));
    }
    found.map(|(table, _)| *table)
}

/// A condition whose columns are all columns of the table.
fn condition_over(entry: &Entry<'_>, table: Option<Table>) -> Option<String> {
    let text = entry.condition()?;
    let parsed = predicate::parse(&text).ok()?;
    let columns = table?.columns();
    for column in parsed.columns() {
        if !columns.iter().any(|(known, _, _)| *known == column) {
            let name = Located { value: column.to_owned(), span: entry.span() };
            let known = columns.iter().map(|(known, _, _)| *known);
            entry.reader().unknown_name("column", &name, known);
        }
    }
    Some(text)
}

/// The columns of whole numbers that may be summed.
fn summable(table: Table) -> &'static [&'static str] {
    match table {
        Table::Population => &["persons"],
        Table::Crimes => &["count"],
        Table::Organisations => &["members"],
        Table::Elections => &["votes", "valid", "eligible"],
        Table::Events | Table::Survey | Table::Crosswalk => &[],
    }
}

fn aggregate(entry: &Entry<'_>, table: Option<Table>) -> Option<Aggregate> {
    let text = entry.text()?.value;
    let table = table?;
    let found = match text.split_once(':') {
        None if text == "rows" => Some(Aggregate::Rows),
        None if text == "sizes" && table == Table::Events => Some(Aggregate::Sizes),
        Some(("sum", column)) if summable(table).contains(&column) => {
            Some(Aggregate::Sum(column.to_owned()))
        }
        _ => None,
    };
    if found.is_none() {
        let mut allowed = vec!["rows".to_owned()];
        allowed.extend(summable(table).iter().map(|column| format!("sum:{column}")));
        allowed.extend((table == Table::Events).then(|| "sizes".to_owned()));
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let help = format!("table `{}` allows {}", table.as_str(), quoted(&allowed));
        entry.bad(format!("cannot count `{text}`"), Some(help));
    }
    found
}

pub(super) fn breakdown(entry: &Entry<'_>, table: Option<&str>) -> Option<(String, Vec<String>)> {
    let mut fields = entry.table()?;
    let column = fields.required("column").and_then(|entry| entry.text());
    let parts = fields.optional("parts").and_then(|entry| entry.texts()).unwrap_or_default();
    fields.finish();
    let column = column?;
    let table = table.and_then(|name| Table::ALL.iter().find(|(_, known)| *known == name));
    if let Some((table, _)) = table {
        let known = || table.columns().iter().map(|(known, _, _)| *known);
        if !known().any(|known| known == column.value) {
            entry.reader().unknown_name("column", &column, known());
            return None;
        }
    }
    Some((column.value, parts.into_iter().map(|part| part.value).collect()))
}
