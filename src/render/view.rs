//! What every report looks at: one released edition with the choices that all pages must make alike.

use std::collections::BTreeMap;

use super::atlas::Atlas;
use crate::{
    model::{
        Capacity, Cluster, Estimate, Frame, Grade, Indicator, Measure, MeasureKey, MeasureKind,
        MeasurePanel, Reliability, SliceKey, SourceId, Status, SurfaceFindings,
    },
    protect::{Edition, Released},
};

/// A measure with its panel and names.
#[derive(Clone, Copy)]
pub(super) struct Measured<'r> {
    pub(super) indicator: &'r Indicator,
    pub(super) measure: &'r Measure,
    pub(super) panel: &'r MeasurePanel<Estimate>,
    /// The slice shown first: the total, or the only one there is.
    pub(super) slice: SliceKey,
}

impl<'r> Measured<'r> {
    /// A cell of the slice shown first.
    pub(super) fn cell(&self, region: usize, period: usize) -> Option<&'r Estimate> {
        self.panel.panel.get(self.slice, region, period)
    }

    /// Whether it is made of parts whose sum says nothing.
    pub(super) fn is_composition(&self) -> bool {
        self.measure.kind == MeasureKind::Composition
    }

    /// The largest shown part of a composition and its cell.
    pub(super) fn largest_part(
        &self,
        region: usize,
        period: usize,
    ) -> Option<(&'r str, &'r Estimate)> {
        let part = |slot: usize| {
            let key = SliceKey { breakdown: slot + 1, ..self.slice };
            let cell = self.panel.panel.get(key, region, period)?;
            cell.value.map(|_| (self.panel.parts[slot].as_str(), cell))
        };
        (0..self.panel.parts.len())
            .filter_map(part)
            .max_by(|(_, a), (_, b)| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)))
    }

    /// A cell of one ideology.
    pub(super) fn cell_of(
        &self,
        ideology: usize,
        region: usize,
        period: usize,
    ) -> Option<&'r Estimate> {
        self.panel.panel.get(SliceKey::ideology(ideology), region, period)
    }
}

/// The number of a region that may stand for it, after replacing what is too small to lean on.
pub(super) struct Shown<'r> {
    pub(super) cell: &'r Estimate,
    pub(super) period: usize,
    /// The region the number belongs to: itself, or the nearest around it with enough to go by.
    pub(super) region: usize,
}

/// One edition, and what its reports share.
pub(super) struct View<'r> {
    pub(super) released: &'r Released,
    pub(super) frame: &'r Frame,
    pub(super) atlas: Atlas,
    /// File name without extension, by region.
    names: Vec<String>,
    capacity: BTreeMap<(usize, usize), &'r Capacity>,
}

impl<'r> View<'r> {
    /// Prepares an edition.
    pub(super) fn new(released: &'r Released) -> Self {
        let frame = released.frame();
        let capacity =
            released.capacity().iter().map(|row| ((row.region, row.indicator), row)).collect();
        Self { released, frame, atlas: Atlas::new(frame), names: file_names(frame), capacity }
    }

    /// Whether this is the centre's own edition.
    pub(super) fn is_restricted(&self) -> bool {
        self.released.edition() == Edition::Restricted
    }

    /// A region's page from the edition's folder.
    pub(super) fn region_path(&self, region: usize) -> String {
        match region {
            0 => "index.html".to_owned(),
            _ => format!("regions/{}.html", self.names[region]),
        }
    }

    /// An indicator's page from the edition's folder.
    pub(super) fn indicator_path(&self, indicator: usize) -> String {
        format!("indicators/{}.html", file_name(self.frame.indicators[indicator].id.as_str()))
    }

    /// Every measure of an indicator that a source feeds, in catalogue order.
    pub(super) fn fed(&self, indicator: usize) -> Vec<Measured<'r>> {
        self.released
            .estimates()
            .iter()
            .filter(|panel| panel.key.indicator == indicator && !panel.panel.is_empty())
            .filter_map(|panel| self.measured(panel.key))
            .collect()
    }

    /// One measure, if a source feeds it.
    pub(super) fn measured(&self, key: MeasureKey) -> Option<Measured<'r>> {
        let panel = self.released.panel(key)?;
        let (indicator, measure) = self.released.measure(key);
        let slice = match panel.panel.slice(SliceKey::TOTAL) {
            Some(_) => SliceKey::TOTAL,
            None => panel.panel.keys().next()?,
        };
        Some(Measured { indicator, measure, panel, slice })
    }

    /// The measure that speaks for an indicator: comparable between regions where one is.
    pub(super) fn main(&self, indicator: usize) -> Option<Measured<'r>> {
        let fed = self.fed(indicator);
        let comparable = fed.iter().position(|found| is_comparable(found.measure.kind));
        fed.get(comparable.unwrap_or(0)).copied()
    }

    /// The count behind an indicator, or its main measure; none for a composition, whose total says nothing.
    pub(super) fn counted(&self, indicator: usize) -> Option<Measured<'r>> {
        let fed = self.fed(indicator);
        let count = fed.iter().find(|found| found.measure.kind == MeasureKind::Count);
        count.copied().or_else(|| self.main(indicator)).filter(|found| !found.is_composition())
    }

    /// The best single grade among the sources of a measure.
    pub(super) fn grade(&self, key: MeasureKey) -> Option<Grade> {
        let sources = &self.released.panel(key)?.sources;
        let graded = |source: &SourceId| {
            self.frame.sources.iter().find(|report| report.id == *source)?.grade
        };
        sources.iter().filter_map(graded).min()
    }

    /// The pooled period that speaks for a measure: the longest that is complete for the country, the latest of these;
    /// otherwise the latest base period.
    pub(super) fn pooled(&self, measured: &Measured<'_>) -> Option<usize> {
        let calendar = &self.frame.calendar;
        let has_value = |at: &usize| measured.cell(0, *at).is_some_and(|cell| cell.value.is_some());
        let complete = |at: usize| measured.cell(0, at).is_some_and(|cell| !cell.provisional);
        (0..calendar.n_periods())
            .filter(has_value)
            .max_by_key(|&at| (complete(at), calendar.parts(at).count(), calendar.period(at).end))
    }

    /// The latest complete base period, or the latest with a number at all.
    pub(super) fn latest(&self, measured: &Measured<'_>) -> Option<usize> {
        let has_value = |at: &usize| measured.cell(0, *at).is_some_and(|cell| cell.value.is_some());
        let complete = |at: usize| measured.cell(0, at).is_some_and(|cell| !cell.provisional);
        (0..self.frame.calendar.base.len()).filter(has_value).max_by_key(|&at| (complete(at), at))
    }

    /// A region's number, or what replaces it: a small one stands behind the pooled period, and a small pooled one behind the
    /// nearest area around it. Counts are not replaced.
    pub(super) fn shown(&self, measured: &Measured<'r>, region: usize) -> Option<Shown<'r>> {
        let latest = self.latest(measured)?;
        let pooled = self.pooled(measured)?;
        if measured.measure.kind == MeasureKind::Count {
            return Some(Shown { cell: measured.cell(region, pooled)?, period: pooled, region });
        }
        let good = |cell: &Estimate| cell.value.is_some() && cell.reliability > Reliability::Small;
        for period in [latest, pooled] {
            let cell = measured.cell(region, period)?;
            if cell.status == Status::InheritedFromParent {
                return self.inherited(measured, region, period);
            }
            if good(cell) || (cell.value.is_none() && period == pooled) {
                return Some(Shown { cell, period, region });
            }
        }
        let mut around = self.frame.tree.get(region).parent;
        while let Some(at) = around {
            let cell = measured.cell(at, pooled)?;
            if good(cell) || at == 0 {
                return Some(Shown { cell, period: pooled, region: at });
            }
            around = self.frame.tree.get(at).parent;
        }
        Some(Shown { cell: measured.cell(region, pooled)?, period: pooled, region })
    }

    /// The area around a region whose value it has inherited, with its own cell.
    fn inherited(
        &self,
        measured: &Measured<'r>,
        region: usize,
        period: usize,
    ) -> Option<Shown<'r>> {
        let around = std::iter::successors(Some(region), |&at| self.frame.tree.get(at).parent);
        around.skip(1).find_map(|region| {
            let cell = measured.cell(region, period)?;
            cell.own_value().map(|_| Shown { cell, period, region })
        })
    }

    /// The surface that speaks for each primary measure: the most regions tested, the longest period, the latest, the
    /// total before single ideologies; in the order of the findings.
    pub(super) fn headline_surfaces(&self) -> Vec<&'r SurfaceFindings> {
        let calendar = &self.frame.calendar;
        let rank = |found: &SurfaceFindings| {
            let surface = found.surface;
            (
                surface.level,
                found.test.n_tested,
                std::cmp::Reverse(surface.ideology),
                calendar.parts(surface.period).count(),
                calendar.period(surface.period).end,
            )
        };
        let mut keys: Vec<MeasureKey> = Vec::new();
        for found in self.released.findings().iter().filter(|found| found.surface.primary) {
            if !keys.contains(&found.surface.measure) {
                keys.push(found.surface.measure);
            }
        }
        keys.into_iter()
            .filter_map(|key| {
                self.released
                    .findings()
                    .iter()
                    .filter(|found| found.surface.primary && found.surface.measure == key)
                    .max_by_key(|found| rank(found))
            })
            .collect()
    }

    /// The capacity of a region for an indicator.
    pub(super) fn capacity(&self, region: usize, indicator: usize) -> Option<&'r Capacity> {
        self.capacity.get(&(region, indicator)).copied()
    }

    /// The pooled cell of every fed indicator's count.
    pub(super) fn fed_cells(&self, region: usize) -> impl Iterator<Item = &'r Estimate> {
        (0..self.frame.indicators.len()).filter_map(move |indicator| {
            let measured = self.counted(indicator)?;
            measured.cell(region, self.pooled(&measured)?)
        })
    }

    /// Positions of the core indicators of a cluster.
    pub(super) fn core(&self, cluster: Cluster) -> Vec<usize> {
        let indicators = self.frame.indicators.iter().enumerate();
        indicators
            .filter(|(_, indicator)| indicator.core && indicator.cluster == cluster)
            .map(|(idx, _)| idx)
            .collect()
    }

    /// Label of a period.
    pub(super) fn period(&self, period: usize) -> &'r str {
        &self.frame.calendar.period(period).label
    }
}

/// Whether values of a kind can be compared between regions of different size.
pub(super) fn is_comparable(kind: MeasureKind) -> bool {
    matches!(
        kind,
        MeasureKind::Rate
            | MeasureKind::Share
            | MeasureKind::CompleteShare
            | MeasureKind::PersonsRate
            | MeasureKind::SurveyShare
    )
}

/// One file name per region: its code, with its level in front where codes repeat.
fn file_names(frame: &Frame) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, region) in frame.tree.iter() {
        *seen.entry(file_name(region.id.as_str()).to_lowercase()).or_default() += 1;
    }
    frame
        .tree
        .iter()
        .map(|(idx, region)| {
            let name = file_name(region.id.as_str());
            match seen[&name.to_lowercase()] {
                1 => name,
                _ => format!("{}-{idx}-{name}", file_name(&frame.tree.levels[region.level])),
            }
        })
        .collect()
}

/// A name safe in folders and links: letters, digits, `.`, `-` and `_`; anything else becomes `-`.
pub(super) fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = name.chars().map(safe).collect();
    if name.starts_with('.') { format!("-{name}") } else { name }
}

#[test]
fn file_names_hold_no_separators() {
    assert_eq!(file_name("DE/../x ä"), "DE-..-x--");
    assert_eq!(file_name("../x"), "-..-x");
}
