//! One variable on the map: the pattern as a whole, and every region's surroundings from one pass of draws.

use super::{Method, Options, rates::Counts};
use crate::{
    diagnostics::{Problem, codes},
    model::{Quadrant, Weights},
    statistics::{
        multiple::Correction,
        numerics::{
            pvalue::{Alternative, p_value, reach},
            random::Key,
        },
        spatial::{
            Convention, geary, local, model_based, moran,
            sequential::{Dropping, Outcome, Plan},
        },
    },
};

/// Draws of the whole map at most.
pub(super) const N_GLOBAL_DRAWS: u64 = 9_999;

/// Draws per region at least, where none are asked for.
const USUAL_DRAWS: u64 = 9_999;

/// Regions times draws up to which nobody stops early.
const FULL_DRAWS: u64 = 50_000_000;

/// A statistic of the whole map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Global {
    pub(super) value: f64,
    pub(super) expectation: f64,
    /// Variance over all orders of the values, and the standard score with it.
    pub(super) variance: f64,
    pub(super) z: f64,
    /// Two-sided; `None` where random orders say nothing.
    pub(super) p: Option<f64>,
}

/// Moran's I and Geary's C of one variable.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pattern {
    pub(super) moran: Option<Global>,
    pub(super) geary: Option<Global>,
}

impl Pattern {
    /// Computes both; `draws` is 0 where random orders say nothing.
    pub(super) fn of(
        values: &[f64],
        weights: &Weights,
        draws: u64,
        options: &Options,
        name: &str,
    ) -> Self {
        let convention = Convention { coding: options.coding, ..Convention::default() };
        let p = |tally| (draws > 0).then(|| p_value(Alternative::TwoSided, tally, draws));
        let key = |test: &str| Key::named(options.seed, &format!("analyse/{test}/{name}"));
        let moran = moran::global_by(values, weights, convention).map(|found| Global {
            value: found.i,
            expectation: found.expectation,
            variance: found.variance_randomised,
            z: found.z_randomised,
            p: moran::draws(values, weights, convention, draws, key("moran")).and_then(p),
        });
        let geary = geary::global(values, weights, convention).map(|found| Global {
            value: found.c,
            expectation: 1.0,
            variance: found.variance_randomised,
            z: found.z_randomised,
            p: geary::draws(values, weights, convention, draws, key("geary")).and_then(p),
        });
        Self { moran, geary }
    }
}

/// One region's surroundings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local {
    pub(super) moran: f64,
    pub(super) gi_star: f64,
    pub(super) quadrant: Quadrant,
    /// Two-sided, from the draws made.
    pub(super) p: f64,
    pub(super) q: f64,
    pub(super) n_draws: u64,
    pub(super) dropped: bool,
    pub(super) borderline: bool,
    pub(super) significant: bool,
}

impl Local {
    /// Whether the test keeps it beyond the doubt of the draws.
    pub(super) fn is_kept(&self) -> bool {
        self.significant && !self.borderline
    }

    /// HH, HL, LH, LL; or why none.
    pub(super) fn moran_class(&self) -> &'static str {
        match (self.significant, self.borderline, self.quadrant) {
            (true, true, _) => "borderline",
            (false, ..) => "not significant",
            (_, _, Quadrant::HighHigh) => "HH",
            (_, _, Quadrant::HighLow) => "HL",
            (_, _, Quadrant::LowHigh) => "LH",
            (_, _, Quadrant::LowLow) => "LL",
        }
    }

    /// Hot or cold when the region with its neighbours, and the neighbours alone, lie on the same side.
    pub(super) fn gi_star_class(&self) -> &'static str {
        let high_around = matches!(self.quadrant, Quadrant::HighHigh | Quadrant::LowHigh);
        match (self.significant, self.borderline, self.gi_star > 0.0) {
            (true, true, _) => "borderline",
            (false, ..) => "not significant",
            (_, _, true) if high_around => "hot",
            (_, _, false) if !high_around => "cold",
            _ => "mixed",
        }
    }
}

/// How draws were spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spent {
    /// Per region at most, before refinement.
    pub(super) n_draws: u64,
    /// The fewest with which the correction can keep one region.
    pub(super) reach: u64,
    /// Regions tested.
    pub(super) n_tested: usize,
}

/// The draws per region; refuses a number that could keep nobody.
pub(super) fn draws(n_tested: usize, options: &Options) -> Result<Spent, Problem> {
    let level = options.correction.level(options.alpha, n_tested);
    let needed = reach(n_tested, level, Alternative::TwoSided);
    let n_draws = match options.draws {
        Some(asked) if asked < needed && options.asks_for(Method::Local) => {
            return Err(Problem::new(
                &codes::DRAWS,
                format!(
                    "`--draws {asked}` cannot support the correction of {} over {n_tested} regions at α = {}: no region could \
                     ever be kept",
                    options.correction.name(),
                    options.alpha
                ),
            )
            .help(format!("give `--draws {needed}` or more, or leave it out")));
        }
        Some(asked) => asked,
        None => needed.max(USUAL_DRAWS),
    };
    Ok(Spent { n_draws, reach: needed, n_tested })
}

/// How draws go to regions: all to each where they are few, else regions stop that can no longer be kept.
pub(super) fn plan(spent: &Spent, options: &Options) -> Plan {
    let cost = u64::try_from(spent.n_tested).unwrap_or(u64::MAX).saturating_mul(spent.n_draws);
    Plan {
        n_draws: spent.n_draws,
        dropping: if cost <= FULL_DRAWS { Dropping::Off } else { Dropping::On },
        ..Plan::reaching(spent.n_tested, options.correction.level(options.alpha, spent.n_tested))
    }
}

/// Whether a correction that promises that none is false keeps a region; the others have decided while drawing.
pub(super) fn is_kept(q: f64, options: &Options) -> bool {
    match options.correction {
        Correction::BenjaminiHochberg | Correction::BenjaminiYekutieli => true,
        Correction::Holm | Correction::Bonferroni => q <= options.alpha,
    }
}

/// Tests the surroundings of every region with neighbours. `sparse` holds the counts where they, and not random orders of the
/// values, have to be drawn.
pub(super) fn test(
    values: &[f64],
    weights: &Weights,
    sparse: Option<&Counts>,
    spent: &Spent,
    options: &Options,
) -> Vec<Option<Local>> {
    let plan = plan(spent, options);
    let key = Key::named(options.seed, "analyse/local");
    let outcomes = match sparse {
        Some(counts) => {
            let Counts { observed, population, dispersion, .. } = counts;
            model_based::replicate(observed, population, dispersion.law, weights, &plan, key)
        }
        None => local::permute(values, weights, &plan, key),
    };
    let found: Vec<Option<(local::Local, f64, Outcome)>> = local::statistics(values, weights)
        .into_iter()
        .zip(outcomes)
        .enumerate()
        .map(|(at, (statistics, outcome))| {
            Some((statistics?, options.coding.factor(weights, at), outcome?))
        })
        .collect();
    // Who stopped early has the p of its own draws, which is larger than every threshold it could be held against.
    let p = |outcome: &Outcome| {
        if outcome.dropped {
            p_value(Alternative::TwoSided, outcome.tally, outcome.n_draws)
        } else {
            outcome.p
        }
    };
    let all: Vec<f64> = found.iter().flatten().map(|(.., outcome)| p(outcome)).collect();
    let mut q = options.correction.adjusted(&all).into_iter();
    let mut one = |(statistics, factor, outcome): (local::Local, f64, Outcome)| {
        let q = q.next()?;
        Some(Local {
            moran: statistics.local_moran * factor,
            gi_star: statistics.gi_star,
            quadrant: statistics.quadrant,
            p: p(&outcome),
            q,
            n_draws: outcome.n_draws,
            dropped: outcome.dropped,
            borderline: outcome.borderline,
            significant: outcome.significant && is_kept(q, options),
        })
    };
    found.into_iter().map(|found| found.and_then(&mut one)).collect()
}
