//! The `[assessment]` section: what is assessed, where, when and how.

use crate::{
    declaration::{Entry, Fields},
    diagnostics::codes,
    model::{Calendar, CountLimits, Every, IdeologyId, IndicatorId, MeasureId, RegionId},
};

use super::{
    Duplicates, Primary,
    ids::{Names, identifier},
};

/// Significance level of METHODS §4.1: 0.025 per tail.
const ALPHA: f64 = 0.05;

/// The ideologies of METHODS §1, used when none are declared, with their titles.
const IDEOLOGIES: [(&str, &str); 7] = [
    ("right", "Right-wing"),
    ("left", "Left-wing"),
    ("religious", "Religious"),
    ("ethno_nationalist", "Ethno-nationalist and separatist"),
    ("single_issue", "Single-issue"),
    ("other", "Other"),
    ("unassigned", "Unassigned"),
];

/// What the section says; levels and the ids of ideologies go into [`Names`].
pub(super) struct Header {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) vintage: String,
    pub(super) country: (RegionId, String),
    pub(super) calendar: Calendar,
    pub(super) ideologies: Vec<(IdeologyId, String)>,
    pub(super) test_levels: Vec<usize>,
    pub(super) primary: Vec<Primary>,
    pub(super) duplicates: Duplicates,
    pub(super) seed: u64,
    pub(super) alpha: f64,
    pub(super) max_draws: Option<u64>,
    pub(super) limits: CountLimits,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            title: String::new(),
            slug: String::new(),
            vintage: String::new(),
            country: (RegionId::from("country"), "Country".to_owned()),
            calendar: Calendar::new(Every::Year, 2000, 2000, &[]),
            ideologies: Vec::new(),
            test_levels: Vec::new(),
            primary: Vec::new(),
            duplicates: Duplicates::Keep,
            seed: 1,
            alpha: ALPHA,
            max_draws: None,
            limits: CountLimits::default(),
        }
    }
}

pub(super) fn read(mut fields: Fields<'_>, names: &mut Names<'_>) -> Header {
    let mut header = Header::default();
    if let Some(title) = fields.required("title").and_then(|entry| entry.text()) {
        header.slug = slug(&title.value);
        header.title = title.value;
    }
    if let Some(entry) = fields.optional("slug") {
        header.slug = declared_slug(&entry).unwrap_or_default();
    }
    if let Some(vintage) = fields.required("geo_version").and_then(|entry| entry.scalar()) {
        header.vintage = vintage.value;
    }
    if let Some(entry) = fields.required("levels") {
        names.levels = levels(&entry);
    }
    header.country = country(fields.optional("country"), names.levels.first());
    if let Some(entry) = fields.required("periods") {
        let windows = fields.optional("windows");
        header.calendar = calendar(&entry, windows.as_ref()).unwrap_or(header.calendar);
    }
    header.ideologies = ideologies(fields.optional("ideologies"));
    names.ideologies = header.ideologies.iter().map(|(id, _)| id.clone()).collect();
    header.test_levels = match fields.optional("test_levels").and_then(|entry| entry.texts()) {
        Some(tested) => tested.iter().filter_map(|name| names.level(name)).collect(),
        None => {
            names.levels.len().checked_sub(1).filter(|&deepest| deepest > 0).into_iter().collect()
        }
    };
    if let Some(entries) = fields.optional("primary").and_then(|entry| entry.list()) {
        header.primary = entries.iter().filter_map(primary).collect();
    }
    let allowed = [("keep", Duplicates::Keep), ("drop", Duplicates::Drop)];
    if let Some(found) = fields.optional("duplicates").and_then(|entry| entry.one_of(&allowed)) {
        header.duplicates = found;
    }
    if let Some(seed) = fields.optional("seed").and_then(|entry| entry.whole(0..=u64::MAX)) {
        header.seed = seed;
    }
    if let Some(alpha) = fields.optional("alpha").and_then(|entry| entry.number_within(0.0, 0.5)) {
        header.alpha = alpha;
    }
    if let Some(found) =
        fields.optional("limits").and_then(|entry| entry.one_of(&CountLimits::NAMES))
    {
        header.limits = found;
    }
    header.max_draws = fields.optional("max_draws").and_then(|entry| entry.whole(1..=u64::MAX));
    fields.finish();
    header
}

fn levels(entry: &Entry<'_>) -> Vec<String> {
    let Some(entries) = entry.list() else { return Vec::new() };
    let mut levels: Vec<String> = Vec::new();
    for (one, name) in entries.iter().filter_map(|one| Some((one, identifier(one)?))) {
        if levels.contains(&name.value) {
            entry.reader().report(
                &codes::DUPLICATE_NAME,
                format!("level `{}` is declared twice", name.value),
                one.span(),
                None,
            );
        } else if matches!(name.value.as_str(), "weights" | "merge") {
            one.bad(format!("a level cannot be called `{}`", name.value), None);
        } else {
            levels.push(name.value);
        }
    }
    if entries.len() < 2 {
        let help = "name them from the country down, like `[\"country\", \"land\", \"kreis\"]`";
        entry.bad("`levels` must name the country and at least one level below", Some(help.into()));
        return Vec::new();
    }
    levels
}

fn country(entry: Option<Entry<'_>>, top: Option<&String>) -> (RegionId, String) {
    let top = top.map_or("country", String::as_str);
    let fallback = (RegionId::from(top), capitalised(top));
    let Some(mut fields) = entry.and_then(|entry| entry.table()) else { return fallback };
    let id = fields.required("id").and_then(|entry| entry.scalar());
    let name = fields.required("name").and_then(|entry| entry.text());
    fields.finish();
    match (id, name) {
        (Some(id), Some(name)) => (RegionId::new(id.value), name.value),
        _ => fallback,
    }
}

fn calendar(entry: &Entry<'_>, windows: Option<&Entry<'_>>) -> Option<Calendar> {
    let mut fields = entry.table()?;
    let every = fields.required("every").and_then(|entry| {
        entry.one_of(&[
            ("year", Every::Year),
            ("half_year", Every::HalfYear),
            ("four_months", Every::FourMonths),
            ("quarter", Every::Quarter),
            ("month", Every::Month),
        ])
    });
    let from = fields.required("from").and_then(|entry| entry.whole(1800..=2200));
    let to = fields.required("to").and_then(|entry| entry.whole(1800..=2200));
    fields.finish();
    let (every, from, to) = (every?, from?, to?);
    if from > to {
        entry.bad("`periods` ends before it starts", None);
        return None;
    }
    let n_base = Calendar::new(every, from, to, &[]).base.len();
    let lengths = windows.and_then(Entry::list).unwrap_or_default();
    let lengths: Vec<usize> =
        lengths.iter().filter_map(|length| length.whole(1..=n_base)).collect();
    Some(Calendar::new(every, from, to, &lengths))
}

fn ideologies(entry: Option<Entry<'_>>) -> Vec<(IdeologyId, String)> {
    let Some(entry) = entry else {
        return IDEOLOGIES.map(|(id, title)| (IdeologyId::from(id), title.to_owned())).into();
    };
    let mut declared: Vec<(IdeologyId, String)> = Vec::new();
    for one in entry.list().unwrap_or_default() {
        let Some((id, title)) = ideology(&one) else { continue };
        if declared.iter().any(|(other, _)| *other == id) {
            entry.reader().report(
                &codes::DUPLICATE_NAME,
                format!("ideology `{id}` is declared twice"),
                one.span(),
                None,
            );
        } else if id.as_str() == "total" {
            one.bad("`total` is the name of all ideologies together", None);
        } else {
            declared.push((id, title));
        }
    }
    declared
}

fn ideology(entry: &Entry<'_>) -> Option<(IdeologyId, String)> {
    if !entry.is_table() {
        let id = identifier(entry)?.value;
        let known = IDEOLOGIES.iter().find(|(known, _)| *known == id);
        let title = known.map_or_else(|| capitalised(&id), |(_, title)| (*title).to_owned());
        return Some((IdeologyId::new(id), title));
    }
    let mut fields = entry.table()?;
    let id = fields.required("id").and_then(|entry| identifier(&entry));
    let title = fields.required("title").and_then(|entry| entry.text());
    fields.finish();
    Some((IdeologyId::new(id?.value), title?.value))
}

fn primary(entry: &Entry<'_>) -> Option<Primary> {
    let text = entry.text()?;
    let Some((indicator, measure)) = text.value.split_once('/') else {
        let help = "write indicator and measure, like `crime.incidence/rate`".to_owned();
        entry.bad(format!("`{}` names no measure", text.value), Some(help));
        return None;
    };
    Some(Primary {
        indicator: IndicatorId::from(indicator),
        measure: MeasureId::from(measure),
        place: entry.place(),
    })
}

fn declared_slug(entry: &Entry<'_>) -> Option<String> {
    let text = entry.text()?;
    let safe = slug(&text.value);
    if safe == text.value {
        return Some(safe);
    }
    entry.bad(format!("`{}` cannot name a folder", text.value), Some(format!("write `{safe}`")));
    None
}

fn capitalised(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let mut characters = words.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A folder-safe name: lower-case ASCII letters and digits, with single hyphens for everything else.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for character in title.to_lowercase().chars() {
        match character {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(character),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[test]
fn a_title_becomes_a_folder_name() {
    assert_eq!(slug("Größe: attacks, 2014–2018 "), "groesse-attacks-2014-2018");
}
