//! The catalogue: the built-in indicators, core first in the order of the instrument, and an assessment's own.
//!
//! To add a built-in indicator, write its file under `indicators/` and add its name to the list below.

use std::path::Path;

use super::definition;
pub use super::definition::Definition;
use crate::{
    assessment::{Assessment, DeclaredComposite, Primary},
    declaration::quoted,
    diagnostics::{Place, Problem, Problems, Text, codes, did_you_mean},
    model::{Cluster, Indicator, IndicatorId, Measure, MeasureId, MeasureKind, SourceId},
    storage,
};

/// Version of the built-in catalogue: derived from the published summary, not a copy of the instrument.
pub const VERSION: &str = "saet-2017-derived";

/// A built-in definition file.
struct BuiltIn {
    stem: &'static str,
    name: &'static str,
    content: &'static str,
}

macro_rules! built_in {
    ($folder:literal: $($stem:literal,)+) => {
        &[$(BuiltIn {
            stem: $stem,
            name: concat!("indicators/", $folder, "/", $stem, ".toml"),
            content: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/indicators/", $folder, "/", $stem, ".toml"
            )),
        }),+]
    };
}

/// The twelve, in the order of METHODS §1.
static CORE: &[BuiltIn] = built_in! {
    "core":
    "crime.incidence",
    "crime.share_violent",
    "crime.share_all",
    "crime.subtypes",
    "events.notable",
    "events.participation",
    "events.violence",
    "support.extremist_orgs",
    "support.support_orgs",
    "support.electoral",
    "support.active",
    "support.approval",
};

/// Subject-specific indicators that can be computed from the tables this version reads.
static SUPPLEMENTARY: &[BuiltIn] = built_in! {
    "supplementary":
    "signs.visible",
};

/// The built-in definitions, overridden and added to by the `.toml` files of a folder, by id. An override keeps the place of
/// what it overrides; additions follow, by name.
///
/// # Errors
/// Everything wrong with any of the files.
pub fn load(folder: Option<&Path>) -> Result<Vec<Definition>, Problems> {
    let mut problems = Problems::default();
    let mut own = Vec::new();
    for path in
        folder.map(|folder| storage::files_with_extension(folder, "toml")).into_iter().flatten()
    {
        match read(&path) {
            Ok(definition) => own.push(definition),
            Err(found) => problems.extend(found),
        }
    }
    let mut catalogue = Vec::new();
    for (file, core) in built_in_files() {
        match own.iter().position(|found: &Definition| found.indicator.id.as_str() == file.stem) {
            Some(at) => catalogue.push(own.remove(at)),
            None => match definition::parse(Text::new(file.name, file.content), file.stem, core) {
                Ok(definition) => catalogue.push(definition),
                Err(found) => problems.extend(found),
            },
        }
    }
    catalogue.extend(own);
    problems.into_result().map(|()| catalogue)
}

fn built_in_files() -> impl Iterator<Item = (&'static BuiltIn, bool)> {
    let core = CORE.iter().map(|file| (file, true));
    core.chain(SUPPLEMENTARY.iter().map(|file| (file, false)))
}

/// The built-in file of an indicator: its name and content, to copy from.
pub fn built_in(id: &str) -> Option<(&'static str, &'static str)> {
    let (file, _) = built_in_files().find(|(file, _)| file.stem == id)?;
    Some((file.name, file.content))
}

fn read(path: &Path) -> Result<Definition, Problems> {
    let name = path.display().to_string();
    let bytes = storage::read(path)?;
    let content = String::from_utf8(bytes).map_err(|_| {
        Problem::new(&codes::SYNTAX, "the file is not UTF-8").at(Place::File(name.clone()))
    })?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let core = CORE.iter().any(|file| file.stem == stem);
    definition::parse(Text::new(name, content), &stem, core)
}

/// What an assessment and the catalogue say about each other: primary surfaces name tested measures, indicators with their
/// own population exist, and measures limited to a source name one of the right table.
pub fn check_against(assessment: &Assessment, catalogue: &[Definition]) -> Problems {
    let mut problems = Problems::default();
    for primary in &assessment.primary {
        problems.0.extend(primary_problem(primary, catalogue));
    }
    for composite in &assessment.composites {
        problems.0.extend(composite_problems(composite, catalogue));
    }
    for indicator in assessment.population.by_indicator.keys() {
        if !catalogue.iter().any(|definition| definition.indicator.id == *indicator) {
            let path = format!("population.indicators.{indicator}");
            let message = format!("unknown indicator `{indicator}` in `{path}`");
            let mut problem = Problem::new(&codes::UNKNOWN_NAME, message)
                .at(Place::File(assessment.text.name.to_string()));
            let known = catalogue.iter().map(|definition| definition.indicator.id.as_str());
            problem.help = did_you_mean(indicator.as_str(), known);
            problems.push(problem);
        }
    }
    for definition in catalogue {
        for (source, table, place) in definition.named_sources() {
            problems.0.extend(source_problem(assessment, source, table, place));
        }
    }
    problems
}

/// The indicator and measure of a name like `events.notable/count`, written in `section`.
fn named<'c>(
    (indicator, measure): (&IndicatorId, &MeasureId),
    (section, place): (&str, &Place),
    catalogue: &'c [Definition],
) -> Result<(&'c Indicator, &'c Measure), Problem> {
    let unknown = |what: &str, name: &str, help: Option<String>| {
        let message = format!("unknown {what} `{name}` in `{section}`");
        let mut problem = Problem::new(&codes::UNKNOWN_NAME, message).at(place.clone());
        problem.help = help;
        problem
    };
    let known = || catalogue.iter().map(|definition| definition.indicator.id.as_str());
    let Some(found) = catalogue.iter().find(|found| found.indicator.id == *indicator) else {
        let help = did_you_mean(indicator.as_str(), known());
        return Err(unknown("indicator", indicator.as_str(), help));
    };
    let measures = &found.indicator.measures;
    let ids: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
    let Some(measure) = measures.iter().find(|found| found.id == *measure) else {
        let help = format!("`{indicator}` has {}", quoted(&ids));
        return Err(unknown("measure", measure.as_str(), Some(help)));
    };
    Ok((&found.indicator, measure))
}

fn primary_problem(primary: &Primary, catalogue: &[Definition]) -> Option<Problem> {
    let (indicator, measure) = (&primary.indicator, &primary.measure);
    match named((indicator, measure), ("primary", &primary.place), catalogue) {
        Err(problem) => Some(problem),
        Ok((_, found)) => (!found.tested).then(|| {
            let message = format!("`{indicator}/{measure}` is not tested for hotbeds");
            Problem::new(&codes::BAD_VALUE, message).at(primary.place.clone()).help(
                "only crime counts and rates, notable events and violence are; see `saet indicators list`",
            )
        }),
    }
}

/// Composites order areas, so that support stays out of them; they are made of what was counted.
fn composite_problems(composite: &DeclaredComposite, catalogue: &[Definition]) -> Vec<Problem> {
    let place = &composite.place;
    let one = |(indicator, measure, _): &(IndicatorId, MeasureId, f64)| {
        let (of, found) = match named((indicator, measure), ("composite", place), catalogue) {
            Ok(found) => found,
            Err(problem) => return Some(problem),
        };
        let wrong = |why: &str, help: &str| {
            let message = format!("`{indicator}/{measure}` {why}");
            Some(Problem::new(&codes::BAD_VALUE, message).at(place.clone()).help(help))
        };
        let kinds = [MeasureKind::Count, MeasureKind::Rate, MeasureKind::Share];
        if of.cluster == Cluster::Support {
            wrong(
                "is about support, which is shown beside crime and events and never orders areas",
                "leave it out of the composite",
            )
        } else if kinds.contains(&found.kind) {
            None
        } else {
            wrong("is no count, rate or share of counts", "choose another measure")
        }
    };
    composite.components.iter().filter_map(one).collect()
}

fn source_problem(
    assessment: &Assessment,
    id: &SourceId,
    table: &str,
    place: Place,
) -> Option<Problem> {
    match assessment.sources.iter().find(|source| source.id == *id) {
        Some(source) if source.table.as_str() == table => None,
        Some(source) => {
            let holds = source.table.as_str();
            let message = format!("source `{id}` holds `{holds}`, not `{table}`");
            Some(Problem::new(&codes::BAD_VALUE, message).at(place))
        }
        None => {
            let message = format!("unknown source `{id}`");
            let mut problem = Problem::new(&codes::UNKNOWN_NAME, message).at(place);
            problem.help = did_you_mean(
                id.as_str(),
                assessment.sources.iter().map(|source| source.id.as_str()),
            );
            Some(problem)
        }
    }
}

#[test]
fn the_twelve_come_first_and_every_built_in_file_is_sound() {
    let catalogue = load(None).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(catalogue.iter().filter(|found| found.indicator.core).count(), 12);
    assert!(catalogue[..12].iter().all(|found| found.indicator.core));
    assert!(catalogue.iter().all(|found| !found.examples.is_empty()));
}

#[test]
fn every_file_of_the_folder_is_in_the_list() {
    for (folder, list) in [("core", CORE), ("supplementary", SUPPLEMENTARY)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators").join(folder);
        let mut listed: Vec<String> =
            list.iter().map(|file| format!("{}.toml", file.stem)).collect();
        listed.sort();
        let found: Vec<String> = storage::files_with_extension(&path, "toml")
            .iter()
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        assert_eq!(listed, found);
    }
}
