//! The pilot: real German data through every stage, compared with reference figures made with other software.

mod checks;
mod counts;
mod plausibility;
mod reference;
mod spatial;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use saet::{
    assessment::{self, Assessment},
    count::{catalogue, definition::Definition},
    model::{
        Cell, Counts, Estimate, IndicatorId, MeasureKey, MeasurePanel, RegionId, SliceKey,
        SourceReport,
    },
    pipeline::{self, Computed, Progress},
};

/// Where the shared data lies, or nothing; missing data is a failure where the whole suite must run.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("SAET_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.join("pilots/germany").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{} is missing: set SAET_SHARED to the folder with the pilots",
        folder.display()
    );
    eprintln!("not run: the pilot's data are not at {}", folder.display());
    None
}

/// The folder of the pilot's configuration.
pub(crate) fn configuration() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pilots/germany")
}

/// The pilot, computed once for all tests.
pub(crate) struct Pilot {
    pub(crate) data: PathBuf,
    pub(crate) assessment: Assessment,
    pub(crate) computed: Computed,
}

/// Loads and computes an assessment with its catalogue.
pub(crate) fn load(folder: &Path, data: &Path) -> (Assessment, Vec<Definition>) {
    let assessment = assessment::load(folder, Some(data)).expect("the configuration is sound");
    let definitions = catalogue::load(Some(&folder.join("indicators"))).expect("and its catalogue");
    (assessment, definitions)
}

pub(crate) fn pilot() -> Option<&'static Pilot> {
    static PILOT: OnceLock<Option<Pilot>> = OnceLock::new();
    PILOT
        .get_or_init(|| {
            let data = shared()?.join("pilots/germany");
            let (assessment, definitions) = load(&configuration(), &data);
            let computed = pipeline::compute(&assessment, &definitions, &Progress::new(false, 0))
                .expect("the pilot runs");
            Some(Pilot { data, assessment, computed })
        })
        .as_ref()
}

impl Pilot {
    pub(crate) fn key(&self, indicator: &str, measure: &str) -> MeasureKey {
        let indicators = &self.computed.frame.indicators;
        let indicator = indicators
            .iter()
            .position(|found| found.id == IndicatorId::from(indicator))
            .expect("the catalogue has it");
        let measure = indicators[indicator]
            .measures
            .iter()
            .position(|found| found.id.as_str() == measure)
            .expect("the indicator has it");
        MeasureKey { indicator, measure }
    }

    pub(crate) fn counts(&self, indicator: &str, measure: &str) -> &MeasurePanel<Cell<Counts>> {
        let key = self.key(indicator, measure);
        self.computed
            .counts
            .iter()
            .find(|panel| panel.key == key)
            .expect("every measure has a panel")
    }

    pub(crate) fn estimates(&self, indicator: &str, measure: &str) -> &MeasurePanel<Estimate> {
        let key = self.key(indicator, measure);
        let panels = &self.computed.draft.estimates;
        panels.iter().find(|panel| panel.key == key).expect("every measure has a panel")
    }

    pub(crate) fn ideology(&self, id: &str) -> usize {
        let ideologies = &self.computed.frame.ideologies;
        ideologies.iter().position(|(found, _)| found.as_str() == id).expect("declared") + 1
    }

    pub(crate) fn period(&self, label: &str) -> usize {
        let calendar = &self.computed.frame.calendar;
        (0..calendar.n_periods()).find(|&at| calendar.period(at).label == label).expect("declared")
    }

    pub(crate) fn region(&self, level: &str, id: &str) -> usize {
        let tree = &self.computed.frame.tree;
        let level = tree.level_named(level).expect("declared");
        tree.find(level, &RegionId::from(id)).unwrap_or_else(|| panic!("there is no {id}"))
    }

    /// Counts of a slice in one period, for the regions of a level in tree order.
    pub(crate) fn level_counts(
        &self,
        panel: &MeasurePanel<Cell<Counts>>,
        slice: SliceKey,
        level: &str,
        period: &str,
    ) -> Vec<u64> {
        let tree = &self.computed.frame.tree;
        let period = self.period(period);
        tree.level(tree.level_named(level).expect("declared"))
            .map(|region| {
                let cell = panel.panel.get(slice, region, period).expect("the slice is covered");
                cell.value().expect("the cell is covered").numerator
            })
            .collect()
    }

    pub(crate) fn report(&self, source: &str) -> &SourceReport {
        let sources = &self.computed.frame.sources;
        sources.iter().find(|report| report.id.as_str() == source).expect("declared")
    }

    /// A reference file, row by row, each a map from column to cell.
    pub(crate) fn reference(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        table(&self.data.join("reference").join(file))
    }
}

/// Reads a plain CSV file; never empty.
pub(crate) fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the reference exists");
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a row of the reference")).collect();
    assert!(!rows.is_empty(), "{} holds no rows", path.display());
    rows
}

/// A number of a reference row.
pub(crate) fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is not a number: {}", row[column]))
}
