//! Find: where recorded activity is higher than chance explains, what changed, and what cannot be known.
//!
//! [`surface`] chooses what is tested; [`hotbed`] tests one surface in two families (own rate, surroundings), [`groups`] in a
//! third and [`persistence`] in a fourth; [`evidence`] turns the tests into a class, and [`robustness`] says what is left of it on other data and under
//! other choices; [`change`] compares disjoint periods, [`mod@trends`] follows all of them; [`composite`] combines measures where a file asks for it;
//! [`mod@alarms`] asks whether the last one stands out; [`concentration`] says on how few regions events lie; [`mod@capacity`] says which indicator a region can supply.
//! Local context never enters here.

mod alarms;
mod capacity;
mod change;
mod composite;
mod concentration;
mod evidence;
mod groups;
mod hotbed;
mod persistence;
mod robustness;
mod surface;
mod trends;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::{
    diagnostics::Problem,
    model::{
        Calendar, Cell, Counts, Indicator, MeasureKey, MeasurePanel, MethodBreak, Neighbourhood,
        RegionTree, SourceReport, SurfaceFindings,
    },
    statistics::multiple::benjamini_bogomolov,
};

pub use alarms::alarms;
pub use capacity::capacity;
pub use change::changes;
pub use composite::composites;
pub use concentration::concentrations;
pub use trends::trends;

/// What the findings of a run share.
pub struct Setting<'a> {
    /// Regions.
    pub tree: &'a RegionTree,
    /// Periods.
    pub calendar: &'a Calendar,
    /// The catalogue.
    pub indicators: &'a [Indicator],
    /// How regions lie to each other, by level.
    pub neighbourhoods: &'a BTreeMap<usize, Neighbourhood>,
    /// Levels tested.
    pub test_levels: &'a [usize],
    /// Measures whose surfaces are primary.
    pub primary: &'a [MeasureKey],
    /// Breaks: nothing is compared across one.
    pub breaks: &'a [MethodBreak],
    /// How sources were accounted for.
    pub sources: &'a [SourceReport],
    /// Seed of all draws.
    pub seed: u64,
    /// Two-sided significance level.
    pub alpha: f64,
    /// Declared upper limit of draws.
    pub max_draws: Option<u64>,
}

/// Tests every surface: first all of them as a whole, then regions within the selected ones.
///
/// # Errors
/// [`crate::diagnostics::codes::DRAWS`] when the declared limit of draws cannot support the correction.
pub fn hotbeds(
    counts: &[MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> Result<Vec<SurfaceFindings>, Problem> {
    let mut tables: Vec<surface::Table> = surface::tables(counts, setting);
    tables.sort_by_key(|table| (!table.surface.primary, table.surface));
    for table in &tables {
        hotbed::check_reach(table, setting)?;
    }
    let global: Vec<hotbed::Global> =
        tables.par_iter().map(|table| hotbed::global(table, setting)).collect();
    let mut findings = Vec::with_capacity(tables.len());
    for primary in [true, false] {
        let members: Vec<usize> =
            (0..tables.len()).filter(|&at| tables[at].surface.primary == primary).collect();
        // A surface without a global p (too few regions with a neighbour) stands beside the family, not in it.
        let p: Vec<f64> = members.iter().map(|&at| global[at].p.unwrap_or(1.0)).collect();
        let selection = benjamini_bogomolov::select(&p, setting.alpha);
        let tested: Vec<SurfaceFindings> = members
            .par_iter()
            .enumerate()
            .map(|(place, &at)| {
                let chosen = hotbed::Chosen {
                    q: global[at].p.map(|_| selection.q[place]),
                    selected: selection.selected[place],
                    alpha: selection.alpha_within,
                };
                hotbed::test(&tables[at], &global[at], &chosen, setting)
            })
            .collect();
        findings.extend(tested);
    }
    robustness::examine(&tables, &global, &mut findings, setting);
    Ok(findings)
}
