//! Groups of neighbouring regions: the circular scan, its replicates drawn from the dispersed null.

use super::{Options, ScanModel, ScanReport, input::Input, rates::Counts};
use crate::{
    analyse::cells::{Cells, whole},
    diagnostics::{Problem, Problems, codes},
    read::map::Surface,
    statistics::{
        numerics::{float::real, random::Key},
        scan::{
            Cluster,
            circular::{self, Model},
            iterative,
            plan::{Plan, Report},
            zones::Zones,
        },
        weights::Metric,
    },
};

/// Share of the population that a circle may hold at most.
pub(super) const MOST_SEARCHED: f64 = 0.5;
/// Draws at most.
const N_DRAWS: u64 = 9_999;
/// Regions from which on fewer draws are made.
const MANY: usize = 1_500;
/// Draws of a map of many regions: a rank p of 0.001 is far below the level.
const N_DRAWS_OF_MANY: u64 = 999;

/// What the scan found.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    /// By falling ratio; regions are positions in the file.
    pub(super) clusters: Vec<Cluster>,
    /// Whether there is any cluster at all.
    pub(super) p: f64,
    /// The largest ratio of all circles searched, listed or not.
    pub(super) llr: f64,
    pub(super) n_circles: usize,
    pub(super) n_draws: usize,
    pub(super) report_share: f64,
    /// One-sided level: the upper tail has half.
    pub(super) level: f64,
}

/// Cases and others of every region, for the Bernoulli model.
///
/// # Errors
/// [`codes::BAD_CELL`] for every population that is no whole number, or below the cases.
fn units(input: &Input, counts: &Counts, options: &Options) -> Result<Vec<u64>, Problems> {
    let column = options.map.columns.population.as_deref().unwrap_or_default();
    let none = [];
    let mut cells = Cells::new(&input.file, &none);
    let mut units = vec![0; input.regions.len()];
    for (rank, &at) in counts.positions.iter().enumerate() {
        let (population, row) = (counts.population[rank], input.regions[at].row);
        let refused = if whole(population).is_err() {
            Some("is no whole number of units")
        } else if population < real(counts.observed[rank]) {
            Some("is less than the events")
        } else {
            None
        };
        if let Some(why) = refused {
            let problem = Problem::new(&codes::BAD_CELL, format!("`{population}` {why}")).help(
                "with `--scan-model bernoulli` the population counts all units, cases and others",
            );
            cells.refuse(problem, row, column);
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "refused above unless it is a whole number below 2^53"
        )]
        let own = population as u64;
        units[at] = own;
    }
    cells.result().map(|()| units)
}

impl Groups {
    /// Scans the map; `None` when there is nothing to scan.
    pub(super) fn scan(
        input: &Input,
        counts: &Counts,
        draws: u64,
        options: &Options,
    ) -> Result<Option<Self>, Problems> {
        let n = input.regions.len();
        let (mut cases, mut population) = (vec![0; n], vec![0.0; n]);
        for (rank, &at) in counts.positions.iter().enumerate() {
            cases[at] = counts.observed[rank];
            population[at] = counts.population[rank];
        }
        let places: Vec<Option<(f64, f64)>> =
            input.regions.iter().map(|region| region.place.map(|[x, y]| (x, y))).collect();
        let metric = match input.places {
            Surface::Earth => Metric::GreatCircle,
            Surface::Plane => Metric::Plane,
        };
        let zones = Zones::circles(&places, metric, &population, options.scan.search);
        // φ divides the ratios of data and draws alike and changes no p: ratios stay Poisson's, comparable with other software.
        let law = counts.dispersion.law;
        let units = match options.scan.model {
            ScanModel::Bernoulli => units(input, counts, options)?,
            ScanModel::Dispersed | ScanModel::Poisson => Vec::new(),
        };
        let model = match options.scan.model {
            ScanModel::Dispersed => Model::Dispersed { expected: &population, law, phi: None },
            ScanModel::Poisson => Model::Poisson { expected: &population },
            ScanModel::Bernoulli => Model::Bernoulli { units: &units },
        };
        let most = if n > MANY { N_DRAWS_OF_MANY } else { N_DRAWS };
        let level = options.alpha / 2.0;
        let report = match options.scan.report {
            ScanReport::Share(share) => Report::Share(share),
            ScanReport::Gini => Report::Gini { alpha: level },
        };
        let plan = Plan { report, ..Plan::new(draws.min(most)) };
        let key = Key::named(options.seed, "analyse/scan");
        let Some(found) = circular::scan(&zones, &cases, &model, &plan, key) else {
            return Ok(None);
        };
        let one_by_one = options
            .scan
            .repeat
            .then(|| iterative::scan(&zones, &cases, &model, &plan, level, key))
            .flatten();
        Ok(Some(Self {
            clusters: one_by_one.unwrap_or(found.clusters),
            p: found.p,
            llr: found.llr,
            n_circles: found.n_zones,
            n_draws: found.n_draws,
            report_share: found.report_share,
            level,
        }))
    }

    /// Whether a cluster is kept.
    pub(super) fn is_kept(&self, cluster: &Cluster) -> bool {
        cluster.p <= self.level
    }

    /// The rank, from 1, of the kept cluster each region belongs to.
    pub(super) fn membership(&self, n_regions: usize) -> Vec<Option<usize>> {
        let mut ranks = vec![None; n_regions];
        for (cluster, rank) in self.clusters.iter().zip(1..) {
            if self.is_kept(cluster) {
                for &at in &cluster.regions {
                    ranks[at] = Some(rank);
                }
            }
        }
        ranks
    }
}
