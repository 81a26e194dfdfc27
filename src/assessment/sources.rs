//! The `[[source]]` sections: files, and how their rows become canonical tables.

use std::collections::BTreeMap;

use super::{
    ColumnRule, HeaderRule, Item, NoList, RegionBy, Source, Table, Unpivot, columns,
    ids::{Names, identifier},
    items, verify,
};
use crate::{
    declaration::{Entry, Fields, Located},
    diagnostics::{codes, did_you_mean},
    model::{Covers, Date, Grade, LonelyPsu, SourceId},
};

/// Share of rejected rows above which a run stops.
const MAX_REJECTED: f64 = 0.0;

/// Tables of the design that no stage reads yet.
const NOT_READ: [&str; 5] = ["online", "context", "perpetrators", "assessments", "measures"];

/// Keys whose meaning depends on the table.
const OF_TABLE: [&str; 8] =
    ["columns", "variants", "recode", "constants", "unpivot", "items", "lonely_psu", "no_list"];

/// All sources; their ids and tables go into [`Names`].
pub(super) fn read(entry: Entry<'_>, names: &mut Names<'_>) -> Vec<Source> {
    let sections = entry.tables().unwrap_or_default();
    sections.into_iter().filter_map(|section| source(section, names)).collect()
}

fn source(mut fields: Fields<'_>, names: &mut Names<'_>) -> Option<Source> {
    let reader = names.reader;
    let spans = fields.spans();
    let id = fields.required("id").and_then(|entry| identifier(&entry));
    if let Some(id) = &id {
        fields.call(format!("source `{}`", id.value));
    }
    let table = fields.required("table").and_then(|entry| table(&entry));
    if let (Some(id), Some(table)) = (&id, table) {
        let previous = names.sources.insert(SourceId::new(id.value.clone()), table);
        if previous.is_some() {
            let message = format!("source `{}` is declared twice", id.value);
            reader.report(&codes::DUPLICATE_NAME, message, id.span.clone(), None);
        }
    }
    let path = fields.required("path").and_then(|entry| path(&entry));
    let encoding = fields.optional("encoding").and_then(|entry| encoding(&entry));
    let delimiter = fields.optional("delimiter").and_then(|entry| delimiter(&entry));
    let header = fields.optional("header").and_then(|entry| header(&entry));
    let thousands = fields.optional("thousands").and_then(|entry| entry.character());
    let decimal = fields.optional("decimal").and_then(|entry| entry.character());
    let nulls = fields.optional("nulls").and_then(|entry| entry.texts()).unwrap_or_default();
    let filter = fields.optional("filter").and_then(|entry| entry.condition());
    let region_by = fields.optional("region_by").and_then(|entry| region_by(&entry, names));
    let covers = fields.optional("covers").and_then(|entry| covers(&entry, names));
    let verify = fields.optional("verify").and_then(|entry| entry.list()).unwrap_or_default();
    let grade = fields.optional("grade").and_then(|entry| grade(&entry));
    let max_rejected =
        fields.optional("max_rejected").and_then(|entry| entry.number_within(-f64::EPSILON, 1.0));
    let Some(table) = table else {
        for key in OF_TABLE {
            fields.optional(key);
        }
        fields.finish();
        return None;
    };
    let (verify, printed) = verify::rules(&verify, table, names);
    let shape = shape(&mut fields, table, names);
    if id.is_some() {
        shape.check(&fields, table, path.as_deref(), header.as_ref());
    }
    let decimal = decimal.unwrap_or('.');
    if thousands == Some(decimal) {
        let message = format!("`{decimal}` cannot separate both thousands and decimals");
        reader.report(&codes::BAD_VALUE, message, fields.span(), None);
    }
    fields.finish();
    Some(Source {
        id: SourceId::new(id?.value),
        table,
        path: path?,
        encoding,
        delimiter,
        header: header.unwrap_or(HeaderRule::First),
        thousands,
        decimal,
        nulls: nulls.into_iter().map(|null| null.value).collect(),
        filter,
        columns: shape.columns,
        variants: shape.variants,
        recode: shape.recode,
        constants: shape.constants,
        unpivot: shape.unpivot,
        items: shape.items,
        lonely_psu: shape.lonely_psu,
        no_list: shape.no_list,
        region_by: region_by.unwrap_or(RegionBy::Code),
        covers: covers.unwrap_or(NOTHING_DECLARED),
        verify,
        printed,
        grade,
        max_rejected: max_rejected.unwrap_or(MAX_REJECTED),
        spans,
    })
}

/// The keys that depend on the table.
struct Shape {
    columns: BTreeMap<String, ColumnRule>,
    variants: Vec<(i32, BTreeMap<String, ColumnRule>)>,
    recode: BTreeMap<String, BTreeMap<String, String>>,
    constants: BTreeMap<String, String>,
    unpivot: Option<Unpivot>,
    items: Vec<Item>,
    lonely_psu: LonelyPsu,
    no_list: NoList,
}

fn shape(fields: &mut Fields<'_>, table: Table, names: &Names<'_>) -> Shape {
    let ideology = |name: &Located<String>| {
        names.ideology(name);
    };
    let columns = fields.optional("columns").map(|entry| columns::rules(&entry, table));
    let variants = fields.optional("variants").and_then(|entry| entry.tables());
    let recode = fields.optional("recode").map(|entry| columns::recodes(&entry, table, &ideology));
    let constants =
        fields.optional("constants").map(|entry| columns::constants(&entry, table, &ideology));
    let unpivot = fields.optional("unpivot").and_then(|entry| columns::unpivot(&entry, table));
    if let (Some(_), Table::Survey) = (&unpivot, table) {
        let message = "`unpivot` makes rows of numbers; the questions of a survey are its `items`";
        fields.reader().report(&codes::BAD_VALUE, message, fields.span(), None);
    }
    let items = fields.optional("items");
    let lonely_psu = fields.optional("lonely_psu");
    let no_list = fields.optional("no_list");
    for (entry, of) in
        [(items, Table::Survey), (lonely_psu, Table::Survey), (no_list, Table::Elections)]
    {
        if let Some(entry) = entry
            && table != of
        {
            let (key, of) = (&entry.key().value, of.as_str());
            entry.bad(format!("`{key}` belongs to sources of `{of}` only"), None);
        }
    }
    Shape {
        columns: columns.unwrap_or_default(),
        variants: variants
            .unwrap_or_default()
            .into_iter()
            .filter_map(|v| variant(v, table))
            .collect(),
        recode: recode.unwrap_or_default(),
        constants: constants.unwrap_or_default(),
        unpivot,
        items: items.map(|entry| items::rules(&entry, names)).unwrap_or_default(),
        lonely_psu: lonely_psu.and_then(|entry| items::lonely_psu(&entry)).unwrap_or_default(),
        no_list: no_list.and_then(|entry| no_list_rule(&entry)).unwrap_or_default(),
    }
}

impl Shape {
    /// Checks that every required column of the table comes from somewhere, and from one place only.
    fn check(
        &self,
        fields: &Fields<'_>,
        table: Table,
        path: Option<&str>,
        header: Option<&HeaderRule>,
    ) {
        let reader = fields.reader();
        let by_year = path.is_some_and(|path| path.contains("{year}"));
        let unpivoted = |name: &str| {
            let of_item = !self.items.is_empty() && ["item", "answer"].contains(&name);
            of_item
                || self.unpivot.as_ref().is_some_and(|wide| wide.name == name || wide.value == name)
        };
        let has = |name: &str| {
            self.columns.contains_key(name) || self.constants.contains_key(name) || unpivoted(name)
        };
        for (name, required, holds) in table.columns() {
            if *required && !has(name) && !(*name == "period" && by_year) {
                let help = format!("it holds: {holds}; add it to `columns` or `constants`");
                fields.missing(&format!("columns.{name}"), Some(help));
            }
            if self.columns.contains_key(*name)
                && (self.constants.contains_key(*name) || unpivoted(name))
            {
                let message = format!("column `{name}` comes from two places");
                reader.report(&codes::DUPLICATE_NAME, message, fields.span(), None);
            }
        }
        if table == Table::Events && !has("region") && !(has("lon") && has("lat")) {
            let help = "give `region`, or `lon` and `lat`".to_owned();
            fields.missing("columns.region", Some(help));
        }
        if header == Some(&HeaderRule::None) {
            for (name, rule) in &self.columns {
                if let super::ColumnRef::Name(column) = &rule.column {
                    let message =
                        format!("`{name}` names column `{column}`, but there is no header");
                    let help = Some("give its position from 0".to_owned());
                    reader.report(&codes::BAD_VALUE, message, fields.span(), help);
                }
            }
        }
        if !self.variants.is_empty() && !by_year {
            let message = "`variants` need a path with `{year}`";
            reader.report(&codes::BAD_VALUE, message, fields.span(), None);
        }
    }
}

fn variant(mut fields: Fields<'_>, table: Table) -> Option<(i32, BTreeMap<String, ColumnRule>)> {
    let year = fields.required("year").and_then(|entry| entry.whole(1800..=2200));
    let columns = fields.required("columns").map(|entry| columns::rules(&entry, table));
    fields.finish();
    Some((year?, columns?))
}

fn table(entry: &Entry<'_>) -> Option<Table> {
    let name = entry.text()?;
    if NOT_READ.contains(&name.value.as_str()) {
        let help = "take the source out; the table is planned".to_owned();
        let message = format!("{} sources are not read by this version", name.value);
        entry.bad(message, Some(help));
        return None;
    }
    let found = Table::ALL.iter().find(|(_, known)| *known == name.value);
    if found.is_none() {
        let known = Table::ALL.iter().map(|(_, known)| *known);
        entry.reader().unknown_name("table", &name, known);
    }
    found.map(|(table, _)| *table)
}

fn path(entry: &Entry<'_>) -> Option<String> {
    let path = entry.text()?.value;
    if path.contains("://") {
        let help = "download the file and name where it lies; nothing is fetched from a network"
            .to_owned();
        entry.bad(format!("`{path}` is an address, not a path"), Some(help));
        return None;
    }
    let rest = path.replacen("{year}", "", 1);
    if rest.contains(['{', '}']) {
        let help = "only `{year}`, once, stands for something".to_owned();
        entry.bad(format!("`{path}` holds a pattern that is not known"), Some(help));
        return None;
    }
    Some(path)
}

fn encoding(entry: &Entry<'_>) -> Option<String> {
    let label = entry.text()?.value;
    if encoding_rs::Encoding::for_label(label.as_bytes()).is_none() {
        let help = did_you_mean(&label, ["utf-8", "latin1", "windows-1252", "utf-16le"])
            .unwrap_or_else(|| "for example `utf-8`, `latin1`, `windows-1252`".to_owned());
        entry.bad(format!("unknown encoding `{label}`"), Some(help));
        return None;
    }
    Some(label)
}

fn delimiter(entry: &Entry<'_>) -> Option<u8> {
    let found = entry.character()?;
    let byte = u8::try_from(found).ok().filter(u8::is_ascii);
    if byte.is_none() {
        entry.bad(
            format!("`{found}` cannot delimit columns"),
            Some("use one ASCII character".into()),
        );
    }
    byte
}

fn header(entry: &Entry<'_>) -> Option<HeaderRule> {
    if !entry.is_table() {
        return entry.one_of(&[("first", HeaderRule::First), ("none", HeaderRule::None)]);
    }
    let mut fields = entry.table()?;
    let start = fields.required("match").and_then(|entry| entry.text());
    fields.finish();
    start.map(|start| HeaderRule::Match(start.value))
}

fn region_by(entry: &Entry<'_>, names: &Names<'_>) -> Option<RegionBy> {
    if !entry.is_table() {
        return entry.one_of(&[("code", RegionBy::Code)]);
    }
    let mut fields = entry.table()?;
    let level = fields.required("name_of").and_then(|entry| names.level(&entry.text()?));
    fields.finish();
    level.map(|level| RegionBy::Name { level })
}

fn no_list_rule(entry: &Entry<'_>) -> Option<NoList> {
    let mut fields = entry.table()?;
    let missing = fields.optional("missing").and_then(|entry| entry.truth()).unwrap_or(false);
    let zero = fields.optional("zero").and_then(|entry| entry.texts()).unwrap_or_default();
    fields.finish();
    Some(NoList { missing, zero: zero.into_iter().map(|party| party.value).collect() })
}

const NOTHING_DECLARED: Covers =
    Covers { dates: None, ideologies: None, regions: None, kinds: None };

fn covers(entry: &Entry<'_>, names: &Names<'_>) -> Option<Covers> {
    let mut fields = entry.table()?;
    let dates = fields.optional("dates").and_then(|entry| date_spans(&entry));
    let ideologies = fields.optional("ideologies").and_then(|entry| entry.texts());
    let regions = fields.optional("regions").and_then(|entry| entry.texts());
    let kinds = fields.optional("kinds").and_then(|entry| entry.texts());
    fields.finish();
    let plain = |list: Vec<Located<String>>| list.into_iter().map(|one| one.value).collect();
    Some(Covers {
        dates,
        ideologies: ideologies
            .map(|list| list.iter().filter_map(|id| names.ideology(id)).collect()),
        regions: regions.map(plain),
        kinds: kinds.map(plain),
    })
}

/// One span `[from, to]` or a list of them.
fn date_spans(entry: &Entry<'_>) -> Option<Vec<(Date, Date)>> {
    let list = entry.list()?;
    if list.iter().any(Entry::is_list) {
        return Some(list.iter().filter_map(date_span).collect());
    }
    date_span(entry).map(|span| vec![span])
}

fn date_span(entry: &Entry<'_>) -> Option<(Date, Date)> {
    let list = entry.list()?;
    let dates: Vec<Date> = list.iter().filter_map(Entry::date).collect();
    match dates[..] {
        [from, to] if list.len() == 2 && from <= to => Some((from, to)),
        _ if dates.len() < list.len() => None,
        _ => {
            let help = "write the first and the last day, like `[\"2014-01-01\", \"2017-11-11\"]`";
            entry.bad("`dates` must be two days, in order", Some(help.to_owned()));
            None
        }
    }
}

fn grade(entry: &Entry<'_>) -> Option<Grade> {
    let text = entry.text()?.value;
    text.parse().map_err(|message: String| entry.bad(message, None)).ok()
}
