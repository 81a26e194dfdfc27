//! One surface tested in two families on the same denominators: the region's own rate, and its surroundings.

use crate::{
    diagnostics::{Problem, codes},
    model::{
        Dispersion, GlobalTest, RegionFinding, SurfaceFindings, Surroundings, TestStatus, Weights,
    },
    statistics::{
        dispersion,
        multiple::Correction,
        numerics::{
            pvalue::{Alternative, reach},
            random::Key,
        },
        own_rate::{self, power},
        ranks::posterior,
        smoothing::gamma_poisson::Prior,
        spatial::{
            empirical_bayes_index::standardise,
            local, model_based, moran,
            sequential::{Outcome, Plan},
        },
    },
};

use super::{Setting, evidence, groups, persistence, surface::Table};

/// Draws of the global test of a primary surface.
const N_GLOBAL_DRAWS: u64 = 9_999;

/// Draws of the global test of an exploratory surface: enough to keep one of 49 at the 5 % level.
const N_EXPLORATORY_DRAWS: u64 = 1_999;

/// Joint draws behind the ranks.
const N_RANK_DRAWS: u64 = 1_000;

/// What is known of a surface as a whole.
pub(super) struct Global {
    /// Counts if every region had the same rate.
    pub expected: Vec<f64>,
    /// Empirical-Bayes index of the rates.
    pub values: Option<Vec<f64>>,
    /// Scatter of the counts.
    pub dispersion: Dispersion,
    moran_i: Option<f64>,
    moran_z: Option<f64>,
    /// Two-sided permutation p of Moran's I.
    pub p: Option<f64>,
}

/// What the first level of testing decided for a surface.
pub(super) struct Chosen {
    /// q over its family of surfaces.
    pub q: Option<f64>,
    /// Whether regions are looked at.
    pub selected: bool,
    /// Level within the surface.
    pub alpha: f64,
}

/// Refuses a declared limit of draws that cannot keep a single region.
///
/// # Errors
/// [`codes::DRAWS`].
pub(super) fn check_reach(table: &Table, setting: &Setting<'_>) -> Result<(), Problem> {
    let needed = reach(table.observed.len(), setting.alpha, Alternative::TwoSided);
    match setting.max_draws {
        Some(limit) if limit < needed => Err(Problem::new(
            &codes::DRAWS,
            format!(
                "`max_draws` = {limit} cannot support Benjamini–Hochberg over {} regions at α = {}: it needs {needed}",
                table.observed.len(),
                setting.alpha,
            ),
        )
        .help("remove `max_draws`, or set it to that number or more")),
        _ => Ok(()),
    }
}

/// The global answer: scatter, and Moran's I of the empirical-Bayes-standardised rates.
pub(super) fn global(table: &Table, setting: &Setting<'_>) -> Global {
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let total = table.observed.iter().sum::<u64>() as f64;
    let exposure: f64 = table.exposure.iter().sum();
    let expected: Vec<f64> = table.exposure.iter().map(|own| own / exposure * total).collect();
    let dispersion = dispersion::estimate(&table.observed, &expected);
    let values = standardise(&table.observed, &table.exposure).map(|found| found.values);
    let moran = values.as_ref().and_then(|values| moran::global(values, &table.weights));
    let key = Key::named(setting.seed, &format!("moran/{}", table.name));
    let n_draws = if table.surface.primary { N_GLOBAL_DRAWS } else { N_EXPLORATORY_DRAWS };
    let p = values.as_ref().and_then(|values| moran::permute(values, &table.weights, n_draws, key));
    Global {
        expected,
        values,
        dispersion,
        moran_i: moran.as_ref().map(|found| found.i),
        moran_z: moran.as_ref().map(|found| found.z_normal),
        p,
    }
}

/// Tests the regions of a surface.
pub(super) fn test(
    table: &Table,
    global: &Global,
    chosen: &Chosen,
    setting: &Setting<'_>,
) -> SurfaceFindings {
    let n_tested = table.observed.len();
    let law = global.dispersion.law;
    let own = own_rate::family(
        &table.observed,
        &table.exposure,
        &global.expected,
        global.dispersion.law,
        Correction::BenjaminiHochberg,
    );
    let is_sparse = model_based::is_sparse(&global.expected);
    let plan = Plan::reaching(n_tested, chosen.alpha.max(f64::MIN_POSITIVE));
    let outcomes = surroundings(table, global, &table.weights, chosen, setting);
    let groups = groups::groups(table, global, setting);
    let persistence = persistence::classes(table, setting);
    let ranks = ranks(table, global, setting);
    let locals = match &global.values {
        Some(values) => local::statistics(values, &table.weights),
        None => vec![None; n_tested],
    };
    let mut regions = Vec::with_capacity(table.status.len());
    let mut position = 0;
    for (offset, status) in table.status.iter().enumerate() {
        let region = table.first + offset;
        if *status != TestStatus::Tested {
            let evidence = evidence::of_absent(*status);
            regions.push(RegionFinding::bare(region, *status, evidence));
            continue;
        }
        let surroundings =
            outcomes[position].as_ref().zip(locals[position].as_ref()).map(|(outcome, found)| {
                Surroundings {
                    local_moran: found.local_moran,
                    gi: found.gi,
                    gi_star: found.gi_star,
                    p: outcome.p,
                    q: outcome.q,
                    n_draws: outcome.n_draws,
                    dropped: outcome.dropped,
                    borderline: outcome.borderline,
                    significant: outcome.significant,
                    quadrant: found.quadrant,
                }
            });
        let expected = global.expected[position];
        let observed = table.observed[position];
        let power_rr2 = power::power(expected, law, 2.0);
        let has_neighbours = table.weights.degree(position) > 0;
        regions.push(RegionFinding {
            region,
            status: if has_neighbours { TestStatus::Tested } else { TestStatus::NoNeighbours },
            observed: Some(observed),
            expected: Some(expected),
            own: own[position],
            surroundings,
            power_rr2: Some(power_rr2),
            minimum_detectable_rr: power::minimum_detectable(expected, law),
            p_zero: (observed == 0).then(|| power::zero(expected, law)),
            rank: ranks.as_ref().and_then(|ranks| ranks[position]),
            group: groups::rank_of(&groups, region),
            persistence: persistence.as_ref().map(|classes| classes[position]),
            robustness: None,
            evidence: evidence::class(
                own[position].as_ref(),
                surroundings.as_ref(),
                groups::p_of(&groups, region),
                chosen,
                power_rr2,
            ),
        });
        position += 1;
    }
    let test = GlobalTest {
        n_regions: table.status.len(),
        n_tested,
        total: table.observed.iter().sum(),
        exposure: table.exposure.iter().sum(),
        dispersion: global.dispersion,
        moran_i: global.moran_i,
        moran_z: global.moran_z,
        p: global.p,
        q: chosen.q,
        selected: chosen.selected,
        alpha: chosen.alpha,
        n_draws: plan.n_draws,
        reach: reach(n_tested, setting.alpha, Alternative::TwoSided),
        reference: if is_sparse { "monte carlo" } else { "permutation" },
        not_checked: evidence::not_checked(table, persistence.is_some()),
    };
    SurfaceFindings { surface: table.surface, test, groups, regions }
}

/// Ranks of a primary surface's regions with their intervals, from joint draws of the posterior.
fn ranks(
    table: &Table,
    global: &Global,
    setting: &Setting<'_>,
) -> Option<Vec<Option<(f64, f64, f64)>>> {
    if !table.surface.primary {
        return None;
    }
    let prior = Prior::fit(&table.observed, &global.expected)?;
    let key = Key::named(setting.seed, &format!("ranks/{}", table.name));
    let drawn = posterior::draw(&prior, &table.observed, &global.expected, N_RANK_DRAWS, key)?;
    let intervals = drawn.intervals().into_iter();
    Some(intervals.map(|rank| rank.map(|rank| (rank.median, rank.lower, rank.upper))).collect())
}

/// Family 2 for every region, under any weights; nothing where the surface was not selected.
pub(super) fn surroundings(
    table: &Table,
    global: &Global,
    weights: &Weights,
    chosen: &Chosen,
    setting: &Setting<'_>,
) -> Vec<Option<Outcome>> {
    let n_tested = table.observed.len();
    let plan = Plan::reaching(n_tested, chosen.alpha.max(f64::MIN_POSITIVE));
    let key = Key::named(setting.seed, &format!("local/{}", table.name));
    match &global.values {
        Some(values) if chosen.selected && !model_based::is_sparse(&global.expected) => {
            local::permute(values, weights, &plan, key)
        }
        Some(_) if chosen.selected => model_based::replicate(
            &table.observed,
            &table.exposure,
            global.dispersion.law,
            weights,
            &plan,
            key,
        ),
        _ => vec![None; n_tested],
    }
}
