//! Rows in the order of strata and clusters, and the strata of every stage with the factor their variance carries.

use rayon::prelude::*;

use super::{LonelyPsu, Problem, Stage};
use crate::statistics::numerics::float::size;

/// The units and strata of one stage.
#[derive(Debug, Clone)]
pub(in crate::statistics::survey) struct StageIndex {
    /// Where units begin in the order of rows, and the end.
    pub(in crate::statistics::survey) cuts: Vec<u32>,
    /// Strata; below the first stage those within each parent unit, without those that add nothing.
    pub(in crate::statistics::survey) groups: Vec<Group>,
}

/// A stratum: units drawn together, side by side in the order.
#[derive(Debug, Clone, Copy)]
pub(in crate::statistics::survey) struct Group {
    /// Its first unit.
    pub(in crate::statistics::survey) first: usize,
    /// Units drawn.
    pub(in crate::statistics::survey) n: usize,
    /// Label.
    pub(in crate::statistics::survey) stratum: u32,
    /// Share of the population's units that was drawn; 0: with replacement.
    pub(in crate::statistics::survey) fraction: f64,
    /// What the squared distances of its units' totals from their mean are multiplied with: (1 − f)·n/(n − 1) times the
    /// fractions drawn above; n/(n − 1) is left out for a single unit.
    pub(in crate::statistics::survey) factor: f64,
}

impl Group {
    /// Whether its variance cannot be taken from its own units.
    pub(in crate::statistics::survey) fn is_lonely(&self) -> bool {
        self.n == 1 && !self.is_certain()
    }

    /// Whether all units of its population were drawn; the tolerance is R's.
    pub(in crate::statistics::survey) fn is_certain(&self) -> bool {
        self.fraction > 1.0 - 1e-7
    }
}

/// Units of one stage within a parent unit: where in the order, and the fraction drawn of everything above.
struct Parent {
    first: usize,
    last: usize,
    fraction: f64,
}

/// The order of rows, and the stages down to the last one that adds to the variance.
pub(super) fn build(
    n_rows: usize,
    stages: &[Stage<'_>],
    lonely: LonelyPsu,
    problems: &mut Vec<Problem>,
) -> (Vec<u32>, Vec<StageIndex>) {
    #[allow(clippy::cast_possible_truncation, reason = "more rows are refused")]
    let mut order: Vec<u32> = (0..n_rows as u32).collect();
    let mut parents = vec![Parent { first: 0, last: n_rows, fraction: 1.0 }];
    let mut indexed = Vec::new();
    for (stage, at) in stages.iter().enumerate() {
        let mut index = StageIndex { cuts: Vec::new(), groups: Vec::new() };
        let mut children = Vec::new();
        let has_more = at.population.is_some() && stage + 1 < stages.len();
        for parent in &parents {
            let keys = arrange(&mut order[parent.first..parent.last], at);
            let rows = &order[parent.first..parent.last];
            let mut start = 0;
            while start < keys.len() {
                let first = index.cuts.len();
                let stratum = keys[start] >> 32;
                let mut end = start;
                while end < keys.len() && keys[end] >> 32 == stratum {
                    if end == start || keys[end] != keys[end - 1] {
                        #[allow(clippy::cast_possible_truncation, reason = "positions are u32")]
                        index.cuts.push((parent.first + end) as u32);
                    }
                    end += 1;
                }
                #[allow(clippy::cast_possible_truncation, reason = "the label is the upper half")]
                let mut group = Group {
                    first,
                    n: index.cuts.len() - first,
                    stratum: stratum as u32,
                    fraction: 0.0,
                    factor: 0.0,
                };
                group.fraction = fraction(&group, &rows[start..end], at, stage, problems);
                group.factor = parent.fraction * remaining(&group);
                if group.is_lonely() && lonely == LonelyPsu::Error {
                    let first_row = rows[start] as usize;
                    problems.push(Problem::LonelyPsu { stage, stratum: group.stratum, first_row });
                }
                for unit in (first..index.cuts.len()).filter(|_| has_more) {
                    let last = index.cuts.get(unit + 1).map_or(parent.first + end, |&c| c as usize);
                    let fraction = parent.fraction * group.fraction;
                    children.push(Parent { first: index.cuts[unit] as usize, last, fraction });
                }
                if stage == 0 || group.factor > 0.0 {
                    index.groups.push(group);
                }
                start = end;
            }
        }
        #[allow(clippy::cast_possible_truncation, reason = "positions are u32")]
        index.cuts.push(n_rows as u32);
        indexed.push(index);
        if !has_more {
            break;
        }
        parents = children;
    }
    (order, indexed)
}

/// Sorts rows by stratum, cluster and number; the keys of the first two, in that order.
fn arrange(rows: &mut [u32], stage: &Stage<'_>) -> Vec<u64> {
    let label = |list: Option<&[u32]>, row: u32, default: u32| {
        u64::from(list.map_or(default, |list| list[row as usize]))
    };
    let key = |row: u32| label(stage.strata, row, 0) << 32 | label(stage.clusters, row, row);
    let mut keyed: Vec<(u64, u32)> = rows.iter().map(|&row| (key(row), row)).collect();
    if !keyed.is_sorted() {
        keyed.par_sort_unstable();
    }
    for (row, (_, sorted)) in rows.iter_mut().zip(&keyed) {
        *row = *sorted;
    }
    keyed.into_iter().map(|(key, _)| key).collect()
}

/// (1 − f)·n/(n − 1), or 1 − f for a single unit; exactly 0 when all were drawn.
fn remaining(group: &Group) -> f64 {
    if group.is_certain() {
        return 0.0;
    }
    let n = size(group.n);
    let correction = if group.n > 1 { n / (n - 1.0) } else { 1.0 };
    (1.0 - group.fraction) * correction
}

/// n/N of a stratum, from the population size its rows must agree on.
fn fraction(
    group: &Group,
    rows: &[u32],
    at: &Stage<'_>,
    stage: usize,
    problems: &mut Vec<Problem>,
) -> f64 {
    let Some(sizes) = at.population else { return 0.0 };
    let population = sizes[rows[0] as usize];
    let differs = |row: &&u32| sizes[**row as usize].to_bits() != population.to_bits();
    if let Some(&row) = rows.iter().find(differs) {
        let (stratum, first_row) = (group.stratum, row as usize);
        problems.push(Problem::PopulationVaries { stage, stratum, first_row });
    } else if size(group.n) > population * (1.0 + 1e-9) {
        problems.push(Problem::PopulationTooSmall {
            stage,
            stratum: group.stratum,
            first_row: rows[0] as usize,
            n_drawn: group.n,
        });
    }
    (size(group.n) / population).min(1.0)
}
