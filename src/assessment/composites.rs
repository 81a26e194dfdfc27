//! The `[[composite]]` sections: measures that are combined because the file asks for it, with declared weights.

use super::ids::Names;
use crate::{
    declaration::{Entry, Fields},
    diagnostics::Place,
    model::{Aggregation, IndicatorId, MeasureId, Normalisation},
};

/// A composite as written; its measures are looked up in the catalogue later.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredComposite {
    /// What it is called.
    pub title: String,
    /// Position of the level.
    pub level: usize,
    /// Indicator, measure, weight.
    pub components: Vec<(IndicatorId, MeasureId, f64)>,
    /// The scale.
    pub normalisation: Normalisation,
    /// The mean.
    pub aggregation: Aggregation,
    /// Where it is written.
    pub place: Place,
}

/// All composites.
pub(super) fn read(entry: Option<Entry<'_>>, names: &Names<'_>) -> Vec<DeclaredComposite> {
    let sections = entry.and_then(|entry| entry.tables()).unwrap_or_default();
    sections.into_iter().filter_map(|section| composite(section, names)).collect()
}

fn composite(mut fields: Fields<'_>, names: &Names<'_>) -> Option<DeclaredComposite> {
    let place = names.reader.place(fields.span());
    let title = fields.required("title").and_then(|entry| entry.text());
    let level = fields.required("level").and_then(|entry| names.level(&entry.text()?));
    let components = fields.required("components").and_then(|entry| components(&entry));
    let normalisation = fields
        .optional("normalisation")
        .map_or(Some(Normalisation::ZScore), |entry| entry.one_of(&Normalisation::ALL));
    let aggregation = fields
        .optional("aggregation")
        .map_or(Some(Aggregation::Linear), |entry| entry.one_of(&Aggregation::ALL));
    fields.finish();
    Some(DeclaredComposite {
        title: title?.value,
        level: level?,
        components: components?,
        normalisation: normalisation?,
        aggregation: aggregation?,
        place,
    })
}

fn components(entry: &Entry<'_>) -> Option<Vec<(IndicatorId, MeasureId, f64)>> {
    let list = entry.list()?;
    if list.len() < 2 {
        let help = "name at least two, like `{ of = \"crime.incidence/rate\", weight = 1 }`";
        entry.bad("a composite has at least two components", Some(help.to_owned()));
        return None;
    }
    list.iter().map(component).collect()
}

fn component(entry: &Entry<'_>) -> Option<(IndicatorId, MeasureId, f64)> {
    let mut fields = entry.table()?;
    let of = fields.required("of");
    let weight = fields.required("weight").and_then(|entry| entry.number_within(0.0, 1e6));
    fields.finish();
    let of = of?;
    let text = of.text()?.value;
    let Some((indicator, measure)) = text.split_once('/') else {
        of.bad(format!("`{text}` names no measure"), Some("write `indicator/measure`".to_owned()));
        return None;
    };
    Some((IndicatorId::new(indicator), MeasureId::new(measure), weight?))
}
