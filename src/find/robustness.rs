//! What is left of a probable region on other data and under other choices, one at a time.
//!
//! | check | repeats |
//! |---|---|
//! | replicated in the earlier window | the class in the disjoint window before: at least a signal |
//! | other weights | the surroundings, under every kind of weights not declared |
//! | without the largest incident | the own rate, with one event less |
//! | without each other reporting unit | the own rate, against a country without each other unit in turn |
//! | another window | P(RR > 1) in the other windows that end with this one, where they have power |
//! | at the level above | whether it stands out in the unit it lies in, or the whole unit does |
//! | border | whether the class needs surroundings, of which a border region shows only a part |
//!
//! A reporting unit is the region one level up: records come through its police and its reporting offices. A check that could
//! not be made stands in the way of `established` like one that failed; one that asks nothing of the region does not.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    model::{
        Aggregate, Evidence, Outcome, OwnRate, Quadrant, RegionFinding, Robustness,
        SurfaceFindings, Weights,
    },
    statistics::{
        evidence::{MARGIN, PROBABLE},
        multiple::benjamini_hochberg::q_values,
        own_rate::against_rest,
        smoothing::gamma_poisson::{self, Prior},
        spatial::sequential,
    },
};

use super::{
    Setting, groups,
    hotbed::{self, Chosen, Global},
    surface::Table,
};

/// P(RR > 1) another window must show.
const SAME_SIDE: f64 = 0.8;

/// Power at a doubled rate another window needs to be asked.
const POWER: f64 = 0.5;

/// Fewest other regions of a unit that make a comparison.
const FEWEST_SIBLINGS: usize = 3;

/// Adds the vector to every probable region of the primary surfaces, and raises those that survive all of it.
///
/// `findings` are in the order of `tables`.
pub(super) fn examine(
    tables: &[Table],
    global: &[Global],
    findings: &mut [SurfaceFindings],
    setting: &Setting<'_>,
) {
    let examined: Vec<(usize, Vec<(usize, Robustness)>)> = tables
        .par_iter()
        .enumerate()
        .filter(|(_, table)| table.surface.primary)
        .map(|(at, table)| (at, vectors(at, table, &global[at], findings, setting)))
        .collect();
    for (at, vectors) in examined {
        for (offset, robustness) in vectors {
            let finding = &mut findings[at].regions[offset];
            if robustness.is_complete() {
                finding.evidence = Evidence::Established;
            }
            finding.robustness = Some(robustness);
        }
    }
}

/// The vector of every probable region of a surface, by offset in its level.
fn vectors(
    at: usize,
    table: &Table,
    global: &Global,
    findings: &[SurfaceFindings],
    setting: &Setting<'_>,
) -> Vec<(usize, Robustness)> {
    let found = &findings[at];
    let is_probable =
        |region: &usize| found.regions[*region - table.first].evidence == Evidence::Probable;
    if !table.regions.iter().any(is_probable) {
        return Vec::new();
    }
    let chosen = Chosen { q: found.test.q, selected: found.test.selected, alpha: found.test.alpha };
    let surface = Examined { table, global, chosen, found, findings, setting };
    let other_weights = surface.other_weights();
    let asked: Vec<bool> = table.regions.iter().map(is_probable).collect();
    let without_units = surface.without_units(&asked);
    table
        .regions
        .iter()
        .enumerate()
        .filter(|(_, region)| is_probable(region))
        .map(|(position, &region)| {
            let mut checks = Vec::new();
            for (name, outcomes) in &other_weights {
                checks
                    .push((*name, surface.by_surroundings(position, outcomes[position].as_ref())));
            }
            checks.push(("without the largest incident", surface.without_incident(position)));
            checks.push(("without each other reporting unit", without_units[position]));
            checks.push(("another window", surface.another_window(region)));
            checks.push(("at the level above", surface.at_the_level_above(position)));
            checks.push(("border", surface.border(position)));
            checks.push((
                "counts moved between vintages",
                if table.estimated[position] { Outcome::Fails } else { Outcome::Survives },
            ));
            (region - table.first, Robustness { replicated: surface.replicated(region), checks })
        })
        .collect()
}

/// Changed counts, and what is then known of the regions' relative risks.
struct Changed<'c> {
    observed: &'c [u64],
    expected: Vec<f64>,
    prior: Option<Prior>,
}

impl<'c> Changed<'c> {
    fn new(observed: &'c [u64], exposure: &[f64]) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let total = observed.iter().sum::<u64>() as f64;
        let all: f64 = exposure.iter().sum();
        let expected: Vec<f64> = exposure.iter().map(|own| own / all * total).collect();
        let prior = Prior::fit(observed, &expected);
        Self { observed, expected, prior }
    }

    /// P(RR > `margin`) of a region with exposure.
    fn above(&self, at: usize, margin: f64) -> Option<f64> {
        let (prior, expected) = (self.prior.as_ref()?, self.expected[at]);
        (expected > 0.0)
            .then(|| gamma_poisson::exceedance(prior, self.observed[at], expected, margin))
    }
}

/// A surface with everything its checks need.
struct Examined<'a> {
    table: &'a Table,
    global: &'a Global,
    chosen: Chosen,
    found: &'a SurfaceFindings,
    findings: &'a [SurfaceFindings],
    setting: &'a Setting<'a>,
}

impl Examined<'_> {
    fn finding(&self, position: usize) -> &RegionFinding {
        &self.found.regions[self.table.regions[position] - self.table.first]
    }

    /// Each tail has half of the level.
    fn within(&self) -> f64 {
        self.chosen.alpha / 2.0
    }

    fn own_holds(&self, own: Option<&OwnRate>) -> bool {
        own.is_some_and(|own| own.q <= self.within() && own.p_above >= PROBABLE)
    }

    /// Whether the class stands without its surroundings: by its own rate, or with a group, which asks for no weights.
    fn stands_alone(&self, position: usize) -> bool {
        let finding = self.finding(position);
        let in_group =
            groups::p_of(&self.found.groups, finding.region).is_some_and(|p| p <= self.within());
        in_group || self.own_holds(finding.own.as_ref())
    }

    fn other_weights(&self) -> Vec<(&'static str, Vec<Option<sequential::Outcome>>)> {
        let level = self.setting.neighbourhoods.get(&self.table.surface.level);
        let others = level.map(|level| level.others.as_slice()).unwrap_or_default();
        others
            .iter()
            .map(|(name, weights)| {
                let weights: Weights = weights.subset(&self.table.keep);
                let outcomes = hotbed::surroundings(
                    self.table,
                    self.global,
                    &weights,
                    &self.chosen,
                    self.setting,
                );
                (*name, outcomes)
            })
            .collect()
    }

    fn by_surroundings(&self, position: usize, outcome: Option<&sequential::Outcome>) -> Outcome {
        if self.stands_alone(position) {
            return Outcome::NotApplicable("the class rests on no weights");
        }
        let high = self.finding(position).surroundings;
        let high = high.is_some_and(|found| found.quadrant == Quadrant::HighHigh);
        match outcome {
            None => Outcome::NotChecked("no neighbour under these weights"),
            Some(found) if found.significant && !found.borderline && high => Outcome::Survives,
            Some(_) => Outcome::Fails,
        }
    }

    fn without_incident(&self, position: usize) -> Outcome {
        let key = self.table.surface.measure;
        let measure = &self.setting.indicators[key.indicator].measures[key.measure];
        if measure.numerator.aggregate != Aggregate::Rows {
            return Outcome::NotChecked("the source gives sums of offences, not incidents");
        }
        let mut observed = self.table.observed.clone();
        observed[position] = observed[position].saturating_sub(1);
        let changed = Changed::new(&observed, &self.table.exposure);
        let q = self.q_values(&observed, &self.table.exposure);
        self.holds(position, changed.above(position, MARGIN), q[position])
    }

    /// q of every own rate, with the surface's own scatter: a check changes one thing.
    fn q_values(&self, observed: &[u64], exposure: &[f64]) -> Vec<f64> {
        let tails = against_rest::test(observed, exposure, self.global.dispersion.law);
        let p: Vec<f64> =
            tails.iter().map(|tails| tails.map_or(1.0, |tails| tails.upper)).collect();
        q_values(&p)
    }

    /// Whether a changed own rate, with the surroundings as they were, still makes the region probable.
    fn holds(&self, position: usize, above: Option<f64>, q: f64) -> Outcome {
        let finding = self.finding(position);
        let among_high = finding.surroundings.is_some_and(|found| {
            found.significant && !found.borderline && found.quadrant == Quadrant::HighHigh
        });
        let in_group = finding.group.is_some();
        let holds = above.is_some_and(|above| above >= PROBABLE)
            && (q <= self.within() || among_high || in_group);
        if holds { Outcome::Survives } else { Outcome::Fails }
    }

    /// The unit of every region: the one around it, one level up.
    fn units(&self) -> Vec<Option<usize>> {
        let tree = self.setting.tree;
        self.table.regions.iter().map(|&region| tree.get(region).parent).collect()
    }

    /// For the regions asked about; the others survive.
    fn without_units(&self, asked: &[bool]) -> Vec<Outcome> {
        let units = self.units();
        let mut distinct: Vec<usize> = units.iter().copied().flatten().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let n = units.len();
        if distinct.len() < 2 {
            return vec![Outcome::NotApplicable("there is one reporting unit"); n];
        }
        let without: Vec<Vec<Outcome>> = distinct
            .par_iter()
            .map(|&unit| {
                let kept: Vec<usize> = (0..n).filter(|&at| units[at] != Some(unit)).collect();
                let observed: Vec<u64> = kept.iter().map(|&at| self.table.observed[at]).collect();
                let exposure: Vec<f64> = kept.iter().map(|&at| self.table.exposure[at]).collect();
                let changed = Changed::new(&observed, &exposure);
                let q = self.q_values(&observed, &exposure);
                let mut outcomes = vec![Outcome::Survives; n];
                for (place, &at) in kept.iter().enumerate() {
                    if asked[at] {
                        outcomes[at] = self.holds(at, changed.above(place, MARGIN), q[place]);
                    }
                }
                outcomes
            })
            .collect();
        (0..n)
            .map(|at| {
                let fails = without.iter().any(|outcomes| outcomes[at] == Outcome::Fails);
                if fails { Outcome::Fails } else { Outcome::Survives }
            })
            .collect()
    }

    /// Findings on the same measure, ideology and level in other periods.
    fn other_periods(&self) -> impl Iterator<Item = &SurfaceFindings> {
        let own = self.table.surface;
        self.findings.iter().filter(move |found| {
            let other = found.surface;
            (other.measure, other.ideology, other.level) == (own.measure, own.ideology, own.level)
                && other.period != own.period
        })
    }

    fn replicated(&self, region: usize) -> Outcome {
        let calendar = self.setting.calendar;
        let own = calendar.period(self.table.surface.period);
        let earlier = self.other_periods().find(|found| {
            let period = found.surface.period;
            calendar.period(period).end < own.start
                && calendar.parts(period).count()
                    == calendar.parts(self.table.surface.period).count()
        });
        match earlier {
            None => Outcome::NotChecked("no disjoint earlier window"),
            Some(found) => {
                let finding = &found.regions[region - self.table.first];
                match finding.evidence {
                    class if class.is_higher() => Outcome::Survives,
                    Evidence::NoData | Evidence::InsufficientData | Evidence::Withheld => {
                        Outcome::NotChecked("no data in the earlier window")
                    }
                    _ => Outcome::Fails,
                }
            }
        }
    }

    fn another_window(&self, region: usize) -> Outcome {
        let calendar = self.setting.calendar;
        let end = calendar.period(self.table.surface.period).end;
        let mut asked = self
            .other_periods()
            .filter(|found| calendar.period(found.surface.period).end == end)
            .map(|found| &found.regions[region - self.table.first])
            .filter(|finding| finding.power_rr2.is_some_and(|power| power >= POWER))
            .filter_map(|finding| finding.own)
            .peekable();
        if asked.peek().is_none() {
            return Outcome::NotApplicable("no other window has the power");
        }
        if asked.all(|own| own.p_above_one >= SAME_SIDE) {
            Outcome::Survives
        } else {
            Outcome::Fails
        }
    }

    /// Whether the region stands out in its own unit, or the unit does in the country.
    fn at_the_level_above(&self, position: usize) -> Outcome {
        let units = self.units();
        let Some(unit) = units[position] else {
            return Outcome::NotApplicable("it lies in no unit");
        };
        let inside: Vec<usize> = (0..units.len()).filter(|&at| units[at] == Some(unit)).collect();
        if inside.len() <= FEWEST_SIBLINGS {
            return Outcome::NotApplicable("its unit has too few other regions");
        }
        let observed: Vec<u64> = inside.iter().map(|&at| self.table.observed[at]).collect();
        let exposure: Vec<f64> = inside.iter().map(|&at| self.table.exposure[at]).collect();
        let place = inside.iter().position(|&at| at == position).expect("invariant: its own unit");
        // One region is asked, but which one was chosen by looking at all: the unit's regions are corrected for.
        if self.q_values(&observed, &exposure)[place] <= self.within()
            || self.unit_is_higher(&units, unit)
        {
            Outcome::Survives
        } else {
            Outcome::Fails
        }
    }

    /// Whether a whole unit has a higher rate than the country, with P(RR > 1) as for another window.
    fn unit_is_higher(&self, units: &[Option<usize>], unit: usize) -> bool {
        let mut sums: BTreeMap<usize, (u64, f64)> = BTreeMap::new();
        for (at, own) in units.iter().enumerate() {
            if let Some(own) = own {
                let sum = sums.entry(*own).or_default();
                sum.0 += self.table.observed[at];
                sum.1 += self.table.exposure[at];
            }
        }
        let (observed, exposure): (Vec<u64>, Vec<f64>) = sums.values().copied().unzip();
        let place = sums.keys().position(|&key| key == unit);
        let changed = Changed::new(&observed, &exposure);
        place.and_then(|place| changed.above(place, 1.0)).is_some_and(|above| above >= SAME_SIDE)
    }

    fn border(&self, position: usize) -> Outcome {
        let level = self.setting.neighbourhoods.get(&self.table.surface.level);
        let offset = self.table.regions[position] - self.table.first;
        match level.and_then(|level| level.border.get(offset)) {
            None => Outcome::NotChecked("outlines were drawn separately"),
            Some(false) => Outcome::Survives,
            Some(true) if self.stands_alone(position) => Outcome::Survives,
            Some(true) => Outcome::Fails,
        }
    }
}
