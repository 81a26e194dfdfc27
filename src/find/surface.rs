//! Surfaces: which measure, ideology, period and level is tested, and the numbers of the regions that can take part.

use crate::model::{
    Cell, Counts, MeasureKey, MeasureKind, MeasurePanel, SliceKey, Surface, TestStatus, Weights,
};

use super::{Setting, persistence::FEWEST_PERIODS};

/// Fewest regions a level needs to be tested.
pub(super) const MIN_REGIONS: usize = 20;

/// Smallest covered share of a period that is tested and ranked.
const MIN_COVERAGE: f64 = 0.75;

/// A surface with its numbers; vectors run over the level's regions in tree order.
pub(super) struct Table {
    /// Which surface.
    pub surface: Surface,
    /// `indicator/measure/ideology/period/level`: keys the draws.
    pub name: String,
    /// First region index of the level.
    pub first: usize,
    /// Whether each region takes part, and why not.
    pub status: Vec<TestStatus>,
    /// Counts of the regions that take part, in order.
    pub observed: Vec<u64>,
    /// Their person-years.
    pub exposure: Vec<f64>,
    /// Their weights, links to the others dropped.
    pub weights: Weights,
    /// Which regions of the level take part.
    pub keep: Vec<bool>,
    /// Tree indices of those that take part.
    pub regions: Vec<usize>,
    /// Whether weights below 1 moved their counts between vintages.
    pub estimated: Vec<bool>,
    /// Links to regions without data that were dropped.
    pub n_dropped_links: usize,
    /// Count and person-years of every base period by region that takes part; empty below the fewest periods that make a
    /// history, or when recording changed on the way.
    pub history: Vec<Vec<Option<(u64, f64)>>>,
}

/// All surfaces of measures that may be tested: each ideology, in the latest period of every declared length and in the
/// disjoint window before the longest.
pub(super) fn tables(counts: &[MeasurePanel<Cell<Counts>>], setting: &Setting<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    for panel in tested(counts, setting) {
        let ideologies: Vec<usize> =
            panel.panel.keys().filter(|key| key.breakdown == 0).map(|key| key.ideology).collect();
        // With a single ideology covered, the total is the same surface under another name.
        let distinct = ideologies.iter().copied().filter(|&slot| slot == 0 || ideologies.len() > 2);
        for ideology in distinct {
            let Some(cells) = panel.panel.slice(SliceKey::ideology(ideology)) else { continue };
            let periods = periods(cells, setting);
            for (at, &period) in periods.iter().enumerate() {
                for &level in setting.test_levels {
                    let is_primary =
                        ideology == 0 && at == 0 && setting.primary.contains(&panel.key);
                    let surface = Surface {
                        measure: panel.key,
                        ideology,
                        period,
                        level,
                        primary: is_primary,
                    };
                    tables.extend(table(surface, cells, panel, setting));
                }
            }
        }
    }
    tables
}

/// The measures tested: the primary ones, and of every other indicator the first that may be tested. A count and its rate
/// have the same numerators and person-years, so only one of them is a surface.
fn tested<'c>(
    counts: &'c [MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> Vec<&'c MeasurePanel<Cell<Counts>>> {
    let may_be = |key: MeasureKey| {
        let measure = &setting.indicators[key.indicator].measures[key.measure];
        measure.tested && matches!(measure.kind, MeasureKind::Count | MeasureKind::Rate)
    };
    let mut chosen: Vec<&MeasurePanel<Cell<Counts>>> = Vec::new();
    for panel in counts.iter().filter(|panel| may_be(panel.key)) {
        let named = setting.primary.iter().find(|key| key.indicator == panel.key.indicator);
        let taken = chosen.iter().any(|other| other.key.indicator == panel.key.indicator);
        if named.map_or(!taken, |key| *key == panel.key) {
            chosen.push(panel);
        }
    }
    chosen
}

/// The periods tested, the pooled window first.
fn periods(cells: &[Cell<Counts>], setting: &Setting<'_>) -> Vec<usize> {
    let calendar = setting.calendar;
    let n_periods = calendar.n_periods();
    let has_data = |period: usize| {
        setting.test_levels.iter().any(|&level| {
            setting
                .tree
                .level(level)
                .any(|region| covered(&cells[region * n_periods + period]).is_some())
        })
    };
    let length = |period: usize| calendar.parts(period).count();
    let mut lengths: Vec<usize> = (0..n_periods).map(length).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    lengths.dedup();
    let mut chosen: Vec<usize> = Vec::new();
    for of_length in lengths {
        let latest =
            (0..n_periods).rev().find(|&period| length(period) == of_length && has_data(period));
        chosen.extend(latest);
    }
    if let Some(&longest) = chosen.first() {
        let earlier = (0..n_periods).rev().find(|&period| {
            length(period) == length(longest)
                && calendar.period(period).end < calendar.period(longest).start
                && has_data(period)
        });
        chosen.extend(earlier.filter(|period| !chosen.contains(period)));
    }
    chosen
}

/// A cell's counts when enough of its period is covered.
pub(super) fn covered(cell: &Cell<Counts>) -> Option<&Counts> {
    cell.value().filter(|counts| counts.coverage >= MIN_COVERAGE)
}

fn table(
    surface: Surface,
    cells: &[Cell<Counts>],
    panel: &MeasurePanel<Cell<Counts>>,
    setting: &Setting<'_>,
) -> Option<Table> {
    let regions = setting.tree.level(surface.level);
    let n_periods = setting.calendar.n_periods();
    let weights = &setting.neighbourhoods.get(&surface.level)?.weights;
    let mut status = Vec::with_capacity(regions.len());
    let (mut observed, mut exposure) = (Vec::new(), Vec::new());
    let (mut taking, mut estimated) = (Vec::new(), Vec::new());
    for region in regions.clone() {
        let cell = &cells[region * n_periods + surface.period];
        let taking_part = match (cell, covered(cell)) {
            (Cell::Empty(reason), _) => TestStatus::NoData(*reason),
            (Cell::Value(_), None) => TestStatus::NoData(crate::model::Status::NotCovered),
            (_, Some(counts)) => match counts.exposure {
                Some(person_years) if person_years > 0.0 => {
                    observed.push(counts.numerator);
                    exposure.push(person_years);
                    taking.push(region);
                    estimated.push(counts.estimated);
                    TestStatus::Tested
                }
                _ => TestStatus::ZeroPopulation,
            },
        };
        status.push(taking_part);
    }
    if observed.len() < MIN_REGIONS {
        return None;
    }
    let keep: Vec<bool> = status.iter().map(|status| *status == TestStatus::Tested).collect();
    let subset = weights.subset(&keep);
    let n_dropped_links = weights.n_links() - subset.n_links();
    let indicator = &setting.indicators[surface.measure.indicator];
    let name = format!(
        "{}/{}/{}/{}/{}",
        indicator.id,
        indicator.measures[surface.measure.measure].id,
        surface.ideology,
        setting.calendar.period(surface.period).label,
        setting.tree.levels[surface.level],
    );
    Some(Table {
        surface,
        name,
        first: regions.start,
        status,
        observed,
        exposure,
        weights: subset,
        history: history(surface, cells, &taking, panel, setting),
        keep,
        regions: taking,
        estimated,
        n_dropped_links,
    })
}

fn history(
    surface: Surface,
    cells: &[Cell<Counts>],
    regions: &[usize],
    panel: &MeasurePanel<Cell<Counts>>,
    setting: &Setting<'_>,
) -> Vec<Vec<Option<(u64, f64)>>> {
    let (n_base, n_periods) = (setting.calendar.base.len(), setting.calendar.n_periods());
    let is_broken = setting.breaks.iter().any(|broken| panel.sources.contains(&broken.source));
    if !surface.primary || n_base < FEWEST_PERIODS || is_broken {
        return Vec::new();
    }
    let one = |region: usize, period: usize| {
        let counts = covered(&cells[region * n_periods + period])?;
        Some((counts.numerator, counts.exposure.filter(|exposure| *exposure > 0.0)?))
    };
    regions.iter().map(|&region| (0..n_base).map(|period| one(region, period)).collect()).collect()
}
