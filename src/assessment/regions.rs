//! The `[regions]` section: boundaries by level, weights, and merges into the vintage.

use crate::{
    declaration::{Entry, Fields},
    diagnostics::{Place, codes},
    model::RegionId,
};

use super::{
    IslandPolicy, LevelSource, Merge, ParentRule, WeightsKind, WeightsRule,
    ids::{Names, span_of},
};

pub(super) fn read(
    fields: Option<Fields<'_>>,
    tested: &[usize],
    names: &Names<'_>,
) -> (Vec<LevelSource>, WeightsRule, Vec<Merge>) {
    let mut weights = WeightsRule {
        kind: WeightsKind::Queen,
        file: None,
        islands: IslandPolicy::Unnamed,
        snap_degrees: 0.0,
        place: Place::File(names.reader.text().name.to_string()),
    };
    let Some(mut fields) = fields else { return (Vec::new(), weights, Vec::new()) };
    weights.place = names.reader.place(fields.span());
    if let Some(entry) = fields.optional("weights") {
        read_weights(&entry, tested, names, &mut weights);
    }
    let merges = fields.optional("merge").and_then(|entry| entry.list()).unwrap_or_default();
    let merges: Vec<Merge> = merges.iter().filter_map(merge).collect();
    for merge in &merges {
        if merge.from.contains(&merge.to) {
            let message = format!("region `{}` is merged into itself", merge.to);
            if let Place::Span(_, span) = &merge.place {
                names.reader.report(&codes::BAD_VALUE, message, span.clone(), None);
            }
        }
    }
    let span = fields.span();
    let mut levels = Vec::new();
    let mut written = Vec::new();
    for (name, entry) in fields.rest() {
        let level = names.level(&name);
        written.push(level);
        levels.extend(level.and_then(|level| level_source(level, &entry)));
    }
    for (level, name) in names.levels.iter().enumerate().skip(1) {
        // A level that was mistyped has been reported already.
        if !written.contains(&Some(level)) && !written.contains(&None) {
            let message = format!("`regions` has no boundaries for level `{name}`");
            let help = format!("add `{name} = {{ path = …, id = …, name = … }}`");
            names.reader.report(&codes::MISSING_KEY, message, span.clone(), Some(help));
        }
    }
    levels.sort_by_key(|found| found.level);
    (levels, weights, merges)
}

fn level_source(level: usize, entry: &Entry<'_>) -> Option<LevelSource> {
    let mut fields = entry.table()?;
    let path = fields.required("path").and_then(|entry| entry.text());
    let id = fields.required("id").and_then(|entry| entry.text());
    let name = fields.required("name").and_then(|entry| entry.text());
    let parent = fields.optional("parent");
    let has_parent = parent.is_some();
    let parent = parent.and_then(|entry| parent_rule(&entry));
    let epsg = fields.optional("epsg").and_then(|entry| entry.whole(1..=u16::MAX));
    if level > 1 && !has_parent {
        let help = "say `parent = { slice = [0, 2] }` or `parent = \"column\"`".to_owned();
        fields.missing("parent", Some(help));
    }
    fields.finish();
    Some(LevelSource {
        level,
        path: path?.value,
        id: id?.value,
        name: name?.value,
        parent,
        epsg,
        place: entry.place(),
    })
}

fn parent_rule(entry: &Entry<'_>) -> Option<ParentRule> {
    if entry.is_text() {
        return Some(ParentRule::Column(entry.text()?.value));
    }
    let mut fields = entry.table()?;
    let slice = fields.optional("slice").and_then(|entry| span_of(&entry));
    let column = fields.optional("column").and_then(|entry| entry.text());
    let span = fields.span();
    fields.finish();
    match (slice, column) {
        (Some((from, to)), None) => Some(ParentRule::Slice(from, to)),
        (None, Some(column)) => Some(ParentRule::Column(column.value)),
        (Some(_), Some(_)) => {
            let message = "`parent` is either a `slice` or a `column`";
            entry.reader().report(&codes::BAD_VALUE, message, span, None);
            None
        }
        (None, None) => None,
    }
}

fn read_weights(entry: &Entry<'_>, tested: &[usize], names: &Names<'_>, rule: &mut WeightsRule) {
    rule.place = entry.place();
    let Some(mut fields) = entry.table() else { return };
    let nearest = fields.optional("k").and_then(|entry| entry.whole(1..=50_usize));
    let kilometres =
        fields.optional("kilometres").and_then(|entry| entry.number_within(0.0, 20_000.0));
    let file = fields.optional("path").and_then(|entry| entry.text());
    let kinds = [
        ("queen", WeightsKind::Queen),
        ("rook", WeightsKind::Rook),
        ("nearest", WeightsKind::Nearest(nearest.unwrap_or(6))),
        ("distance", WeightsKind::Distance(kilometres.unwrap_or(0.0))),
        ("file", WeightsKind::File),
    ];
    if let Some(kind) = fields.required("kind").and_then(|entry| entry.one_of(&kinds)) {
        rule.kind = kind;
        if matches!(kind, WeightsKind::Distance(_)) && kilometres.is_none() {
            fields.missing("kilometres", Some("say how far: `kilometres = 50`".to_owned()));
        }
        if kind == WeightsKind::File && file.is_none() {
            fields.missing("path", Some("name a `.gal` or `.gwt` file".to_owned()));
        }
        if kind == WeightsKind::File && tested.len() > 1 {
            let message = "a neighbour file holds the regions of one level, but several are tested";
            names.reader.report(&codes::BAD_VALUE, message, fields.span(), None);
        }
    }
    rule.file = file.map(|path| path.value);
    if let Some((entry, level)) = fields.optional("from").and_then(|entry| {
        let level = entry.text().and_then(|name| names.level(&name))?;
        Some((entry, level))
    }) && !tested.contains(&level)
    {
        let help = "weights are built from the outlines of each level in `test_levels`".to_owned();
        entry.bad(format!("level `{}` is not tested", names.levels[level]), Some(help));
    }
    if let Some(policy) = fields.optional("islands").and_then(|entry| {
        entry.one_of(&[("exclude", IslandPolicy::Exclude), ("nearest", IslandPolicy::Nearest)])
    }) {
        rule.islands = policy;
    }
    if let Some(snap) = fields.optional("snap").and_then(|entry| entry.number()) {
        rule.snap_degrees = snap.max(0.0);
    }
    fields.finish();
}

fn merge(entry: &Entry<'_>) -> Option<Merge> {
    let mut fields = entry.table()?;
    let from = fields.required("from").and_then(|entry| entry.texts());
    let to = fields.required("to").and_then(|entry| entry.text());
    let until = fields.optional("until").and_then(|entry| entry.whole(1800..=2200));
    let weight = fields.optional("weight").map(|entry| entry.number_within(0.0, 1.0));
    let reason = fields.required("reason").and_then(|entry| entry.text());
    fields.finish();
    Some(Merge {
        from: from?.into_iter().map(|code| RegionId::new(code.value)).collect(),
        to: RegionId::new(to?.value),
        until,
        weight: weight.flatten().unwrap_or(1.0),
        reason: reason?.value,
        place: entry.place(),
    })
}
