//! The sections that refer to sources and levels: population, parties, breaks, plausibility, protection.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Plausibility, PopulationReference, PopulationRule, ProtectionRule, Source, Table,
    ids::{Names, years},
};
use crate::{
    declaration::{Entry, Fields},
    diagnostics::codes,
    model::{Date, IdeologyId, IndicatorId, MethodBreak, Party, SourceId},
};

/// Relative difference that a plausibility check allows unless it says otherwise.
const TOLERANCE: f64 = 0.05;

const REFERENCES: [(&str, PopulationReference); 4] = [
    ("start", PopulationReference::Start),
    ("end", PopulationReference::End),
    ("mid", PopulationReference::Mid),
    ("fixed", PopulationReference::Fixed),
];

/// The population rule: as declared, else the first population source.
pub(super) fn population(
    fields: Option<Fields<'_>>,
    sources: &[Source],
    names: &Names<'_>,
    top: Range<usize>,
) -> PopulationRule {
    let default = sources.iter().find(|source| source.table == Table::Population);
    let feeds = |table: &Table| *table == Table::Population;
    if default.is_none() && !names.sources.is_empty() && !names.sources.values().any(feeds) {
        let help = "add a `[[source]]` with `table = \"population\"`".to_owned();
        names.reader.report(&codes::MISSING_KEY, "no source feeds `population`", top, Some(help));
    }
    let mut rule = PopulationRule {
        source: default.map_or_else(|| SourceId::from(""), |source| source.id.clone()),
        reference: PopulationReference::Start,
        by_indicator: BTreeMap::new(),
    };
    let mut reference = None;
    if let Some(mut fields) = fields {
        if let Some(indicators) = fields.optional("indicators").and_then(|entry| entry.table()) {
            for (indicator, entry) in indicators.rest() {
                let Some(mut fields) = entry.table() else { continue };
                if let Some((source, reference)) = source_and_reference(&mut fields, names)
                    && let Some(source) = source
                {
                    let reference = reference.unwrap_or_else(|| usual(&source, sources));
                    let id = IndicatorId::new(indicator.value);
                    rule.by_indicator.insert(id, (source, reference));
                }
                fields.finish();
            }
        }
        if let Some((source, found)) = source_and_reference(&mut fields, names) {
            rule.source = source.unwrap_or(rule.source);
            reference = found;
        }
        fields.finish();
    }
    rule.reference = reference.unwrap_or_else(|| usual(&rule.source, sources));
    rule
}

/// `source` and `reference` of a table; `None` when one of them cannot be used.
#[allow(clippy::type_complexity, reason = "two optional keys, read in one place")]
fn source_and_reference(
    fields: &mut Fields<'_>,
    names: &Names<'_>,
) -> Option<(Option<SourceId>, Option<PopulationReference>)> {
    let source = match fields.optional("source") {
        Some(entry) => Some(names.source(&entry.text()?, &[Table::Population])?),
        None => None,
    };
    let reference = match fields.optional("reference") {
        Some(entry) => Some(entry.one_of(&REFERENCES)?),
        None => None,
    };
    Some((source, reference))
}

/// A source with one constant date stands for all periods; any other gives the population at the start of each.
fn usual(id: &SourceId, sources: &[Source]) -> PopulationReference {
    let source = sources.iter().find(|source| source.id == *id);
    match source {
        Some(source) if source.constants.contains_key("period") => PopulationReference::Fixed,
        _ => PopulationReference::Start,
    }
}

pub(super) fn parties(entry: Option<Entry<'_>>, names: &Names<'_>) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    for mut fields in entry.and_then(|entry| entry.tables()).unwrap_or_default() {
        let id = fields.required("id").and_then(|entry| entry.text());
        let name = fields.optional("name").and_then(|entry| entry.text());
        let ideology = fields.required("ideology").and_then(|entry| entry.text());
        let ideology: Option<IdeologyId> = ideology.and_then(|name| names.ideology(&name));
        let authority = fields.required("authority").and_then(|entry| entry.text());
        fields.finish();
        let (Some(id), Some(ideology), Some(authority)) = (id, ideology, authority) else {
            continue;
        };
        if parties.iter().any(|party| party.id == id.value) {
            let message = format!("party `{}` is declared twice", id.value);
            names.reader.report(&codes::DUPLICATE_NAME, message, id.span, None);
            continue;
        }
        let name = name.map_or_else(|| id.value.clone(), |name| name.value);
        parties.push(Party { id: id.value, name, ideology, authority: authority.value });
    }
    parties
}

pub(super) fn breaks(entry: Option<Entry<'_>>, names: &Names<'_>) -> Vec<MethodBreak> {
    let sections = entry.and_then(|entry| entry.tables()).unwrap_or_default();
    let read = |mut fields: Fields<'_>| {
        let source = fields.required("source").and_then(|entry| names.source(&entry.text()?, &[]));
        let at = fields.required("at").and_then(|entry| year_or_date(&entry));
        let reason = fields.required("reason").and_then(|entry| entry.text());
        fields.finish();
        Some(MethodBreak { source: source?, at: at?, reason: reason?.value })
    };
    sections.into_iter().filter_map(read).collect()
}

/// A year, meaning its first day, or a day.
fn year_or_date(entry: &Entry<'_>) -> Option<Date> {
    if entry.is_integer() {
        return Date::from_ymd_opt(entry.whole(1800..=2200)?, 1, 1);
    }
    entry.date()
}

pub(super) fn plausibility(entry: Option<Entry<'_>>, names: &Names<'_>) -> Vec<Plausibility> {
    let sections = entry.and_then(|entry| entry.tables()).unwrap_or_default();
    sections.into_iter().filter_map(|fields| one_plausibility(fields, names)).collect()
}

fn one_plausibility(mut fields: Fields<'_>, names: &Names<'_>) -> Option<Plausibility> {
    let population = [Table::Population];
    let source =
        fields.required("source").and_then(|entry| names.source(&entry.text()?, &population));
    let against =
        fields.required("against").and_then(|entry| names.source(&entry.text()?, &population));
    let crosswalk = fields
        .optional("crosswalk")
        .and_then(|entry| names.source(&entry.text()?, &[Table::Crosswalk]));
    let tolerance = fields.optional("tolerance").map(|entry| entry.number_within(0.0, 10.0));
    let jump = fields.optional("jump").and_then(|entry| entry.number_within(0.0, 10.0));
    let years = fields.required("years").and_then(|entry| years(&entry));
    let go_on = fields
        .optional("on_failure")
        .and_then(|entry| entry.one_of(&[("stop", false), ("continue", true)]));
    let place = names.reader.place(fields.span());
    fields.finish();
    Some(Plausibility {
        source: source?,
        against: against?,
        crosswalk,
        tolerance: tolerance.flatten().unwrap_or(TOLERANCE),
        jump,
        years: years?,
        go_on: go_on.unwrap_or(false),
        place,
    })
}

/// The protection rule: METHODS §6 unless declared otherwise.
pub(super) fn protection(
    fields: Option<Fields<'_>>,
    tested: &[usize],
    names: &Names<'_>,
) -> ProtectionRule {
    let mut rule = ProtectionRule {
        hide_up_to: 9,
        round_to: 5,
        labels_from: tested.iter().max().map_or(0, |deepest| deepest.saturating_sub(1)),
    };
    let Some(mut fields) = fields else { return rule };
    if let Some(up_to) = fields.optional("hide_up_to").and_then(|entry| entry.whole(1..=1_000_000))
    {
        rule.hide_up_to = up_to;
    }
    if let Some(base) = fields.optional("round_to").and_then(|entry| entry.whole(1..=1_000_000)) {
        rule.round_to = base;
    }
    if let Some(level) =
        fields.optional("labels_from").and_then(|entry| names.level(&entry.text()?))
    {
        rule.labels_from = level;
    }
    fields.finish();
    rule
}
