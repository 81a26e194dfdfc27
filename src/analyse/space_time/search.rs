//! The search: groups in space and time, and how the surroundings of every region developed.

use super::{Model, Options, cases::Cases};
use crate::{
    analyse::{input::Input, neighbours::Neighbours},
    diagnostics::{Problem, codes},
    model::Dispersion,
    read::map::Surface,
    render::words,
    statistics::{
        dispersion,
        numerics::{
            float::{real, size},
            random::Key,
        },
        scan::{
            plan::Plan,
            space_time::{self, Cells, Cylinder, SpaceTime, Span, Time},
            space_time_permutation,
            zones::Zones,
        },
        trend::emerging::{self, Emerging, FEWEST_PERIODS, Gi, Spot},
        weights::Metric,
    },
};

/// Share of the population a circle may hold.
pub(super) const SEARCHED: f64 = 0.5;

/// Cylinders compared at most, over all draws: some minutes.
const MOST_COMPARED: f64 = 3e11;

/// What was found.
pub(super) struct Found {
    /// `None` when there is nothing to search.
    pub(super) scan: Option<SpaceTime>,
    /// How counts scatter around each period's share; `None` where no population is used.
    pub(super) dispersion: Option<Dispersion>,
    /// One per region; `None` without a population.
    pub(super) developments: Option<Vec<Development>>,
    /// One-sided level: the upper tail has half.
    pub(super) level: f64,
}

/// How the surroundings of a region developed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Development {
    pub(super) class: Emerging,
    pub(super) n_hot: usize,
    pub(super) n_cold: usize,
    /// Gi\* of the last period.
    pub(super) last: Option<f64>,
}

impl Found {
    /// Groups that chance explains too seldom, with their ranks.
    pub(super) fn kept(&self) -> impl Iterator<Item = (usize, &Cylinder)> {
        let clusters = self.scan.iter().flat_map(|scan| &scan.clusters);
        let level = self.level;
        (1..).zip(clusters).filter(move |(_, found)| found.cluster.p <= level)
    }
}

/// Searches.
///
/// # Errors
/// [`codes::OPTION`] when there are so many circles, intervals and draws that it would not end.
pub(super) fn search(
    input: &Input,
    cases: &Cases,
    links: &Neighbours,
    options: &Options,
) -> Result<Found, Problem> {
    let n_periods = cases.periods.len();
    let populations: Vec<f64> =
        input.regions.iter().map(|region| region.population.unwrap_or(0.0).max(0.0)).collect();
    let has_population = options.map.columns.population.is_some();
    let sizes: Vec<f64> = if has_population {
        populations.clone()
    } else {
        (0..input.regions.len()).map(|at| real(cases.of(at).iter().sum())).collect()
    };
    let places: Vec<Option<(f64, f64)>> =
        input.regions.iter().map(|region| region.place.map(|[x, y]| (x, y))).collect();
    let metric = match input.places {
        Surface::Earth => Metric::GreatCircle,
        Surface::Plane => Metric::Plane,
    };
    let zones = Zones::circles(&places, metric, &sizes, SEARCHED);
    let span = if options.prospective { Span::Prospective } else { Span::Retrospective };
    let time = Time { span, share: options.longest };
    let plan = Plan::new(options.draws);
    refuse_endless(&zones, n_periods, options)?;
    let key = Key::named(options.seed, "analyse/space-time");
    let dispersion = has_population.then(|| scatter(cases, &populations));
    let searched = if options.model == Model::Permutation {
        space_time_permutation::scan(&zones, &cases.counts, n_periods, time, &plan, key)
    } else {
        let exposure: Vec<f64> =
            populations.iter().flat_map(|own| std::iter::repeat_n(*own, n_periods)).collect();
        let law = dispersion.as_ref().and_then(|found| found.law);
        let law = law.filter(|_| options.model == Model::Dispersed);
        let counts = &cases.counts;
        let cells = Cells { n_periods, cases: counts, exposure: &exposure, law, phi: None };
        space_time::scan(&zones, &cells, time, &plan, key)
    };
    Ok(Found {
        scan: searched,
        dispersion,
        developments: has_population.then(|| developments(cases, &populations, links, options)),
        level: options.alpha / 2.0,
    })
}

fn refuse_endless(zones: &Zones, n_periods: usize, options: &Options) -> Result<(), Problem> {
    let (n, longest) = (size(n_periods), (options.longest * size(n_periods)).floor().max(1.0));
    let intervals =
        if options.prospective { longest } else { longest * (n - 0.5 * (longest - 1.0)) };
    let compared = size(zones.n_circles()) * intervals * (real(options.draws) + 1.0);
    if compared <= MOST_COMPARED {
        return Ok(());
    }
    let circles = words::number_of(zones.n_circles());
    Err(Problem::new(
        &codes::OPTION,
        format!(
            "{circles} circles, {} periods and {} draws are too much to compare in minutes",
            words::number_of(n_periods),
            words::count(options.draws)
        ),
    )
    .help("take longer periods (`--every month`), shorter intervals (`--longest 0.2`), fewer draws, or `--prospective`"))
}

/// How counts scatter around each period's events in proportion to population.
fn scatter(cases: &Cases, populations: &[f64]) -> Dispersion {
    let persons: f64 = populations.iter().sum();
    let n_periods = cases.periods.len();
    let totals: Vec<f64> = (0..n_periods)
        .map(|period| real((0..populations.len()).map(|at| cases.of(at)[period]).sum()))
        .collect();
    let (mut observed, mut expected) = (Vec::new(), Vec::new());
    for (at, own) in populations.iter().enumerate().filter(|(_, own)| **own > 0.0) {
        for (period, total) in totals.iter().enumerate() {
            observed.push(cases.of(at)[period]);
            expected.push(own / persons * total);
        }
    }
    dispersion::estimate(&observed, &expected)
}

/// Gi\* of every period, and what its history is called.
fn developments(
    cases: &Cases,
    populations: &[f64],
    links: &Neighbours,
    options: &Options,
) -> Vec<Development> {
    let keep: Vec<bool> = populations.iter().map(|own| *own > 0.0).collect();
    let kept: Vec<usize> = (0..keep.len()).filter(|&at| keep[at]).collect();
    let exposure: Vec<f64> = kept.iter().map(|&at| populations[at]).collect();
    let weights = links.weights.subset(&keep);
    let mut histories: Vec<Vec<Option<Gi>>> = vec![Vec::new(); populations.len()];
    for period in 0..cases.periods.len() {
        let observed: Vec<u64> = kept.iter().map(|&at| cases.of(at)[period]).collect();
        let key = Key::named(options.seed, &format!("analyse/emerging/{period}"));
        let found = emerging::spots(&observed, &exposure, &weights, options.alpha, key);
        for (&at, spot) in kept.iter().zip(found) {
            histories[at].push(spot);
        }
    }
    let development = |history: Vec<Option<Gi>>| {
        let n = |spot: Spot| history.iter().flatten().filter(|at| at.spot == spot).count();
        Development {
            class: emerging::classify(&history, options.alpha),
            n_hot: n(Spot::Hot),
            n_cold: n(Spot::Cold),
            last: history.last().copied().flatten().map(|at| at.z),
        }
    };
    histories.into_iter().map(development).collect()
}

/// Whether there are too few periods to class developments.
pub(super) fn is_short(cases: &Cases) -> bool {
    cases.periods.len() < FEWEST_PERIODS
}
