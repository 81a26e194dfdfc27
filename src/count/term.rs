//! A term from groups to a panel: who covers a cell, what was counted there, and how children add up to their parent.

use std::collections::BTreeMap;

use super::{
    amount::{Amount, Gap, TermPanel, with_windows},
    coverage::Coverage,
    engine::{Group, Plan},
    plan::CompiledTerm,
};
use crate::{
    assessment::{Source, Table},
    model::{Aggregate, Calendar, Dictionary, RegionTree, Sizes, SliceKey},
    predicate::Value,
};

/// A source after its one pass.
pub struct Counted<'a> {
    /// Position in the assessment.
    pub idx: usize,
    /// As declared.
    pub source: &'a Source,
    /// The pass.
    pub plan: Plan,
    /// What it found.
    pub groups: Vec<Group>,
    /// What the codes mean.
    pub dictionaries: &'a BTreeMap<String, Dictionary>,
    /// Levels its rows name.
    pub levels: &'a [usize],
    /// What it covers.
    pub coverage: Coverage,
}

/// What terms are evaluated against.
pub struct Ground<'a> {
    /// Regions.
    pub tree: &'a RegionTree,
    /// Periods.
    pub calendar: &'a Calendar,
    /// Ids of the declared ideologies.
    pub ideologies: &'a [String],
    /// Persons by region, for weighing the coverage of children; 1 where unknown.
    pub persons: &'a [f64],
}

impl Counted<'_> {
    fn key(&self, column: &str) -> Option<usize> {
        self.plan.keys.iter().position(|key| key == column)
    }

    /// Whether a group's rows are counted and meet the term's condition.
    pub(super) fn meets(&self, term: &CompiledTerm, group: &Group) -> bool {
        group.reason.is_none() && self.holds(term, &group.keys)
    }

    /// Whether rows with these keys meet the term's condition.
    pub(super) fn holds(&self, term: &CompiledTerm, keys: &[Option<i64>]) -> bool {
        let condition = term.condition.as_ref();
        condition.is_none_or(|condition| condition.holds(&|column| self.value(keys, column)))
    }

    pub(super) fn value<'s>(&'s self, keys: &[Option<i64>], column: &str) -> Value<'s> {
        let Some(code) = self.key(column).and_then(|key| keys[key]) else {
            return Value::Null;
        };
        match self.dictionaries.get(column) {
            Some(dictionary) => match dictionary.texts(u32::try_from(code).unwrap_or(0)) {
                [single] => Value::Text(single),
                several => Value::Many(several),
            },
            #[allow(clippy::cast_precision_loss, reason = "a count in a condition")]
            None => Value::Number(code as f64),
        }
    }

    /// The ideology slot of rows with these keys; 0 without an ideology.
    pub(super) fn class(&self, ground: &Ground<'_>, keys: &[Option<i64>]) -> usize {
        match self.value(keys, "ideology") {
            Value::Text(id) => {
                ground.ideologies.iter().position(|known| known == id).map_or(0, |at| at + 1)
            }
            _ => 0,
        }
    }

    fn amount(&self, term: &CompiledTerm, group: &Group) -> Amount {
        let sum = |column: &str| {
            self.plan
                .sums
                .iter()
                .position(|name| name == column)
                .map_or((0, 0), |at| group.sums[at])
        };
        let n = match &term.term.aggregate {
            Aggregate::Rows | Aggregate::Sizes => group.n,
            Aggregate::Sum(column) => sum(column).0,
        };
        let sizes = (term.term.aggregate == Aggregate::Sizes).then(|| {
            Box::new(Sizes {
                n_events: group.n,
                low: sum("participants_low").0,
                high: sum("participants_high").0,
                mid: group.sizes.clone(),
            })
        });
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let (whole, weighted) =
            if group.weight < 1.0 { (0, n as f64 * group.weight) } else { (n, 0.0) };
        #[allow(clippy::cast_precision_loss, reason = "rounding units are small")]
        let rounding = sum("rounding").0 as f64 / 2.0;
        Amount { whole, weighted, rounding, sizes, ..Amount::default() }
    }
}

/// How a measure's figures add up.
#[derive(Debug, Clone, Copy)]
pub struct Adding {
    /// Whether regions add up to their parent.
    pub additive: bool,
    /// Whether parts are shown by ideology too. Compositions are; a count is shown by ideology and by part, not by both, which
    /// would be mostly zeros.
    pub crossed: bool,
}

/// The parts of a breakdown: as declared, or every value met, in order.
pub fn parts(term: &CompiledTerm, sources: &[Counted<'_>]) -> Vec<String> {
    let Some((column, declared)) = &term.breakdown else { return Vec::new() };
    if !declared.is_empty() {
        return declared.clone();
    }
    let mut met: Vec<String> = sources
        .iter()
        .filter(|source| term.is_fed_by(source.source, source.dictionaries))
        .flat_map(|source| {
            source.groups.iter().filter(|group| source.meets(term, group)).flat_map(|group| {
                match source.value(&group.keys, column) {
                    Value::Text(text) => vec![text.to_owned()],
                    Value::Many(texts) => texts.to_vec(),
                    _ => Vec::new(),
                }
            })
        })
        .collect();
    met.sort();
    met.dedup();
    met
}

/// Whether a value belongs to a part: the part itself or anything dotted below it.
fn belongs(value: Value<'_>, part: &str) -> bool {
    let is = |text: &str| {
        text == part || text.strip_prefix(part).is_some_and(|rest| rest.starts_with('.'))
    };
    match value {
        Value::Text(text) => is(text),
        Value::Many(texts) => texts.iter().any(|text| is(text)),
        Value::Null | Value::Number(_) => false,
    }
}

/// Evaluates a term over every region and period.
pub fn evaluate(
    term: &CompiledTerm,
    rule: Adding,
    sources: &[Counted<'_>],
    ground: &Ground<'_>,
) -> TermPanel {
    let feeding: Vec<&Counted<'_>> = sources
        .iter()
        .filter(|source| term.is_fed_by(source.source, source.dictionaries))
        .collect();
    let parts = parts(term, sources);
    let mut panel = TermPanel {
        parts,
        sources: feeding.iter().map(|source| source.idx).collect(),
        slices: BTreeMap::new(),
        gaps: Vec::new(),
    };
    if feeding.is_empty() {
        return panel;
    }
    let hits: Vec<Vec<Hit<'_>>> =
        feeding.iter().map(|source| hits(term, source, &panel.parts, ground)).collect();
    let n_classes = ground.ideologies.len() + 1;
    let is_beside = term.is_beside_ideologies(ground.ideologies);
    for breakdown in 0..=panel.parts.len() {
        let mut total: Option<Vec<Option<Amount>>> = None;
        for class in 0..n_classes {
            let own: Vec<(Vec<Option<Amount>>, &Counted<'_>)> = feeding
                .iter()
                .zip(&hits)
                .filter(|(source, _)| source.coverage.classes.contains(&class))
                .map(|(source, hits)| {
                    (recorded(hits, source, term, class, breakdown, ground), *source)
                })
                .collect();
            if own.is_empty() {
                continue;
            }
            let gaps = (breakdown == 0).then_some(&mut panel.gaps);
            let cells = combine(&own, rule.additive, ground, gaps);
            match &mut total {
                None => total = Some(cells.clone()),
                Some(total) => join(total, &cells),
            }
            let is_shown = breakdown == 0 || rule.crossed;
            if class > 0 && !is_beside && is_shown {
                let cells = with_windows(&cells, ground.tree, ground.calendar);
                panel.slices.insert(SliceKey { ideology: class, breakdown }, cells);
            }
        }
        if let Some(total) = total {
            let cells = with_windows(&total, ground.tree, ground.calendar);
            panel.slices.insert(SliceKey { ideology: 0, breakdown }, cells);
        }
    }
    panel
}

/// Adds the cells of another ideology class: a total covers what any class covers.
fn join(total: &mut [Option<Amount>], cells: &[Option<Amount>]) {
    for (own, other) in total.iter_mut().zip(cells) {
        match (own.as_mut(), other) {
            (Some(own), Some(other)) => {
                own.add(other);
                own.years = own.years.max(other.years);
            }
            (None, Some(other)) => *own = Some(other.clone()),
            (_, None) => {}
        }
    }
}

/// A group whose rows meet a term, with its ideology class and the breakdown slots it belongs to besides the total.
struct Hit<'g> {
    group: &'g Group,
    class: usize,
    slots: Vec<usize>,
}

/// Tests the term once per group.
fn hits<'g>(
    term: &CompiledTerm,
    source: &'g Counted<'_>,
    parts: &[String],
    ground: &Ground<'_>,
) -> Vec<Hit<'g>> {
    let column = term.breakdown.as_ref().map_or("", |(column, _)| column.as_str());
    source
        .groups
        .iter()
        .filter(|group| source.meets(term, group))
        .map(|group| {
            let value = source.value(&group.keys, column);
            let slots = (1..=parts.len()).filter(|slot| belongs(value, &parts[slot - 1])).collect();
            Hit { group, class: source.class(ground, &group.keys), slots }
        })
        .collect()
}

/// What a source recorded of one ideology class and breakdown slot, by region and base period.
fn recorded(
    hits: &[Hit<'_>],
    source: &Counted<'_>,
    term: &CompiledTerm,
    class: usize,
    breakdown: usize,
    ground: &Ground<'_>,
) -> Vec<Option<Amount>> {
    let n_base = ground.calendar.base.len();
    let mut cells: Vec<Option<Amount>> = vec![None; ground.tree.len() * n_base];
    for hit in hits {
        let in_slot = breakdown == 0 || hit.slots.contains(&breakdown);
        if let (Some(region), Some(period), true) =
            (hit.group.region, hit.group.period, in_slot && hit.class == class)
        {
            cells[region * n_base + period]
                .get_or_insert_with(Amount::default)
                .add(&source.amount(term, hit.group));
        }
    }
    cells
}

/// One ideology class over regions × base periods, the deepest level first: a level's own figure wins over the sum of its
/// children, the first declared source that covers a cell wins over later ones, and events recorded only for a parent
/// are added to its children's.
fn combine(
    own: &[(Vec<Option<Amount>>, &Counted<'_>)],
    additive: bool,
    ground: &Ground<'_>,
    mut gaps: Option<&mut Vec<Gap>>,
) -> Vec<Option<Amount>> {
    let (n_base, n_regions) = (ground.calendar.base.len(), ground.tree.len());
    let mut combined: Vec<Option<Amount>> = vec![None; n_regions * n_base];
    for region in (0..n_regions).rev() {
        for period in 0..n_base {
            let at = region * n_base + period;
            let found = own.iter().find_map(|(cells, source)| {
                direct(cells[at].as_ref(), source, region, period, ground)
                    .map(|amount| (amount, source.idx))
            });
            let below = || of_children(&combined, own, region, period, ground);
            combined[at] = match found {
                Some((amount, source)) => {
                    if let (Some(gaps), Some(sum)) = (gaps.as_deref_mut(), below()) {
                        gaps.push(Gap {
                            source,
                            region,
                            period,
                            own: amount.total(),
                            sum: sum.total(),
                        });
                    }
                    Some(amount)
                }
                None if additive => below(),
                None => None,
            };
        }
    }
    combined
}

/// A source's own figure for a region, when it covers the region at this level.
fn direct(
    cell: Option<&Amount>,
    source: &Counted<'_>,
    region: usize,
    period: usize,
    ground: &Ground<'_>,
) -> Option<Amount> {
    let years = source.coverage.years[period];
    if years <= 0.0 || !source.coverage.regions[region] {
        return None;
    }
    let level = ground.tree.get(region).level;
    let at_grain = if source.source.table == Table::Events {
        source.levels.last() == Some(&level)
    } else {
        source.levels.contains(&level)
    };
    match cell {
        Some(amount) if at_grain => Some(Amount { years, ..amount.clone() }),
        None if at_grain && source.coverage.zeros => Some(Amount::zero(years)),
        _ => None,
    }
}

/// The sum of a region's children, all of which must be covered; with the events recorded only for the region itself.
fn of_children(
    combined: &[Option<Amount>],
    own: &[(Vec<Option<Amount>>, &Counted<'_>)],
    region: usize,
    period: usize,
    ground: &Ground<'_>,
) -> Option<Amount> {
    let n_base = ground.calendar.base.len();
    let children = ground.tree.children(region);
    if children.is_empty() {
        return None;
    }
    let mut sum = Amount::default();
    let (mut weighed_years, mut weight) = (0.0, 0.0);
    for &child in children {
        let amount = combined[child * n_base + period].as_ref()?;
        sum.add(amount);
        weighed_years += amount.years * ground.persons[child];
        weight += ground.persons[child];
    }
    sum.years = weighed_years / weight;
    for (cells, source) in own {
        if let (Table::Events, Some(amount)) =
            (source.source.table, &cells[region * n_base + period])
        {
            sum.add(amount);
        }
    }
    Some(sum)
}
