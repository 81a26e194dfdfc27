//! Measures: numerator, denominator, unknown and exposure of every cell, put together.

use std::collections::BTreeSet;

use super::{
    amount::{Amount, TermPanel},
    population::Population,
    term::Ground,
};
use crate::{
    assessment::PopulationReference,
    model::{
        Cell, Counts, Measure, MeasureKey, MeasureKind, MeasurePanel, Panel, SliceKey, SourceId,
        Status,
    },
};

/// The evaluated terms of a measure.
pub struct Terms<'a> {
    /// Numerator.
    pub numerator: &'a TermPanel,
    /// Denominator, where defined.
    pub denominator: Option<&'a TermPanel>,
    /// Records of unknown outcome, where defined.
    pub unknown: Option<&'a TermPanel>,
}

/// Puts a measure's panel together. It stays empty when no source feeds the numerator or the denominator.
pub fn assemble(
    key: MeasureKey,
    measure: &Measure,
    terms: &Terms<'_>,
    population: &Population,
    reference: PopulationReference,
    ground: &Ground<'_>,
    ids: &[SourceId],
) -> MeasurePanel<Cell<Counts>> {
    let n_periods = ground.calendar.n_periods();
    let mut panel = Panel::new(ground.tree.len(), n_periods);
    let mut sources: BTreeSet<usize> = terms.numerator.sources.iter().copied().collect();
    let is_fed = !terms.numerator.slices.is_empty()
        && terms.denominator.is_none_or(|denominator| !denominator.slices.is_empty());
    if is_fed {
        sources.extend(terms.denominator.iter().flat_map(|term| term.sources.iter().copied()));
        for (slice, numerators) in &terms.numerator.slices {
            let cells = (0..ground.tree.len() * n_periods)
                .map(|at| {
                    let (region, period) = (at / n_periods, at % n_periods);
                    let Some(numerator) = &numerators[at] else {
                        return Cell::Empty(Status::NotCovered);
                    };
                    let exposure =
                        exposure(numerators, region, period, population, reference, ground);
                    cell(
                        measure,
                        *slice,
                        at,
                        numerator,
                        exposure,
                        terms,
                        period_years(period, ground),
                    )
                })
                .collect();
            panel.insert(*slice, cells);
        }
    }
    MeasurePanel {
        key,
        panel,
        parts: terms.numerator.parts.clone(),
        sources: sources.into_iter().map(|source| ids[source].clone()).collect(),
    }
}

/// Length of a period in years.
fn period_years(period: usize, ground: &Ground<'_>) -> f64 {
    ground
        .calendar
        .parts(period)
        .map(|part| {
            let part = &ground.calendar.base[part];
            super::coverage::years_of(part, part.start, part.end)
        })
        .sum()
}

/// Person-years: the population of each base period times its covered years, summed over the parts of a window.
fn exposure(
    numerators: &[Option<Amount>],
    region: usize,
    period: usize,
    population: &Population,
    reference: PopulationReference,
    ground: &Ground<'_>,
) -> Option<f64> {
    let n_periods = ground.calendar.n_periods();
    ground
        .calendar
        .parts(period)
        .map(|part| {
            let years = numerators[region * n_periods + part].as_ref()?.years;
            let persons = population.persons(region, &ground.calendar.base[part], reference)?;
            Some(persons * years)
        })
        .sum()
}

fn cell(
    measure: &Measure,
    slice: SliceKey,
    at: usize,
    numerator: &Amount,
    exposure: Option<f64>,
    terms: &Terms<'_>,
    full_years: f64,
) -> Cell<Counts> {
    let is_votes = measure.kind == MeasureKind::CompleteShare;
    if is_votes && numerator.n_lists == 0 {
        return Cell::Empty(Status::NotApplicable);
    }
    let coverage = (numerator.years / full_years).min(1.0);
    let denominator = match (terms.denominator, measure.kind) {
        (Some(panel), _) => match beside(panel, slice, at) {
            // What the numerator covers only in part is set against the same part of the denominator.
            #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
            Some(other) => {
                let common = if is_votes { 1.0 } else { (numerator.years / other.years).min(1.0) };
                Some(other.total() as f64 * common)
            }
            None => return Cell::Empty(Status::NotCovered),
        },
        (None, MeasureKind::Composition) => {
            let whole = SliceKey { breakdown: 0, ..slice };
            match terms.numerator.slices.get(&whole).and_then(|cells| cells[at].as_ref()) {
                #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
                Some(total) => Some(total.total() as f64),
                None => return Cell::Empty(Status::NotCovered),
            }
        }
        (None, _) => None,
    };
    if denominator.is_some_and(|denominator| denominator <= 0.0) {
        return Cell::Empty(Status::NotApplicable);
    }
    let needs_persons = matches!(measure.kind, MeasureKind::Rate | MeasureKind::PersonsRate);
    if needs_persons && exposure.is_none() {
        return Cell::Empty(Status::NoData);
    }
    if needs_persons && exposure.is_some_and(|person_years| person_years <= 0.0) {
        return Cell::Empty(Status::NotApplicable);
    }
    Cell::Value(Counts {
        numerator: numerator.total(),
        denominator,
        unknown: terms.unknown.and_then(|panel| beside(panel, slice, at)).map(Amount::total),
        exposure,
        coverage,
        estimated: numerator.weighted > 0.0,
        sizes: numerator.sizes.clone(),
        rounding: numerator.rounding,
    })
}

/// The cell of another term that belongs beside a slice: the same ideology and part when the term has them, else the
/// ideology's total, else the total.
fn beside(panel: &TermPanel, slice: SliceKey, at: usize) -> Option<&Amount> {
    let candidates = [
        slice,
        SliceKey { breakdown: 0, ..slice },
        SliceKey { ideology: 0, ..slice },
        SliceKey::TOTAL,
    ];
    candidates.iter().find_map(|key| panel.slices.get(key)).and_then(|cells| cells[at].as_ref())
}
