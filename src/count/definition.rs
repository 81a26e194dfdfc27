//! One indicator file: its measures, checked so that no definition can ask for a number that does not exist.

use std::{collections::BTreeMap, ops::Range};

use super::example::{self, Example};
use crate::{
    declaration::{Entry, Fields, Reader},
    diagnostics::{Place, Problems, Text, codes},
    model::{Cluster, Direction, Indicator, IndicatorId, Measure, SourceId},
};

mod measure;
mod term;

/// An indicator, the examples that prove it, and where each of its keys stands.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The indicator.
    pub indicator: Indicator,
    /// Its examples, at least one.
    pub examples: Vec<Example>,
    /// The file.
    pub text: Text,
    /// Byte spans of all values by dotted path, such as `measure.0.numerator.where`.
    pub spans: BTreeMap<String, Range<usize>>,
}

impl Definition {
    /// The place of a value by its dotted path; the whole file when it is not written there.
    pub fn place(&self, path: &str) -> Place {
        match self.spans.get(path) {
            Some(span) => Place::Span(self.text.clone(), span.clone()),
            None => Place::File(self.text.name.to_string()),
        }
    }

    /// The declared sources its terms are limited to, with the table they must hold and the place.
    pub fn named_sources(&self) -> Vec<(&SourceId, &str, Place)> {
        let mut named = Vec::new();
        for (at, measure) in self.indicator.measures.iter().enumerate() {
            let terms = [
                ("numerator", Some(&measure.numerator)),
                ("denominator", measure.denominator.as_ref()),
                ("unknown", measure.unknown.as_ref()),
            ];
            for (side, term) in terms {
                let Some(term) = term else { continue };
                let Some(source) = &term.source else { continue };
                let place = self.place(&format!("measure.{at}.{side}.source"));
                named.push((source, term.table.as_str(), place));
            }
        }
        named
    }
}

/// Reads one indicator. `stem` is the file's name without its ending, which must be the indicator's id.
///
/// # Errors
/// Everything wrong with the file, in its order.
pub fn parse(text: Text, stem: &str, core: bool) -> Result<Definition, Problems> {
    let reader = Reader::new(text.clone());
    let read = reader.fields().and_then(|fields| {
        let spans = fields.spans();
        let (indicator, examples) = indicator(fields, stem, core)?;
        Some(Definition { indicator, examples, text, spans })
    });
    let problems = reader.into_problems();
    match read {
        Some(definition) if problems.is_empty() => Ok(definition),
        _ => Err(problems),
    }
}

fn indicator(mut fields: Fields<'_>, stem: &str, core: bool) -> Option<(Indicator, Vec<Example>)> {
    let reader = fields.reader();
    let id = fields.required("id").and_then(|entry| entry.text());
    if let Some(id) = id.as_ref().filter(|id| id.value != stem) {
        let help = format!("call the file `{}.toml`", id.value);
        let message = format!("indicator `{}` is in a file called `{stem}.toml`", id.value);
        reader.report(&codes::BAD_VALUE, message, id.span.clone(), Some(help));
    }
    let cluster = fields.required("cluster").and_then(|entry| {
        entry.one_of(&[
            ("crime", Cluster::Crime),
            ("events", Cluster::Events),
            ("support", Cluster::Support),
        ])
    });
    let title = fields.required("title").and_then(|entry| words(&entry));
    let description = fields.optional("description").and_then(|entry| words(&entry));
    let limits = fields.required("limits").and_then(|entry| words(&entry));
    let direction = fields.required("direction").and_then(|entry| {
        entry.one_of(&[
            ("higher_is_worse", Direction::HigherIsWorse),
            ("higher_is_better", Direction::HigherIsBetter),
            ("neutral", Direction::Neutral),
        ])
    });
    let derived_from = fields.required("derived_from").and_then(|entry| entry.text());
    let id = id.map_or_else(|| stem.to_owned(), |id| id.value);
    let sections = fields.required("measure").and_then(|entry| entry.tables()).unwrap_or_default();
    let n_sections = sections.len();
    let mut measures: Vec<Measure> = Vec::new();
    for section in sections {
        let Some(measure) = measure::read(section, &id) else { continue };
        if measures.iter().any(|other| other.id == measure.id) {
            let message = format!("measure `{}` is declared twice", measure.id);
            reader.report(&codes::DUPLICATE_NAME, message, fields.span(), None);
        }
        measures.push(measure);
    }
    let ids: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
    let known = if ids.len() == n_sections { ids } else { Vec::new() };
    let examples = fields.optional("example");
    if examples.is_none() {
        let help = "write a few rows and the numbers that must come out of them".to_owned();
        fields.missing("example", Some(help));
    }
    let examples = examples.map(|entry| example::read(&entry, &known)).unwrap_or_default();
    let file = reader.text().name.to_string();
    fields.finish();
    let indicator = Indicator {
        id: IndicatorId::new(id),
        core,
        cluster: cluster?,
        title: title?,
        description: description.unwrap_or_default(),
        limits: limits?,
        direction: direction?,
        derived_from: derived_from?.value,
        measures,
        file,
    };
    Some((indicator, examples))
}

/// A text by language; English has to be there.
fn words(entry: &Entry<'_>) -> Option<BTreeMap<String, String>> {
    let words = entry.map()?;
    if !words.contains_key("en") {
        let message = format!("`{}` has no English text", entry.key().value);
        let help = format!("write `{}.en = \"…\"`", entry.key().value);
        entry.reader().report(&codes::MISSING_KEY, message, entry.span(), Some(help));
        return None;
    }
    Some(words)
}
