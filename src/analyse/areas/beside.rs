//! What stands beside the tests when it is asked for: smoothed risks with ranks, local Geary, concentration.

use super::{
    Method, Options,
    joins::Joins,
    rates::Counts,
    surroundings::{Global, Spent, is_kept, plan},
};
use crate::{
    model::Weights,
    render::words,
    statistics::{
        concentration::{
            diffusion, gini, herfindahl,
            location_quotient::{self, LocationQuotient},
            proportional::{self, Comparison},
            theil, top_share,
        },
        evidence::MARGIN,
        interval::Confidence,
        numerics::{
            float::{exp, real},
            pvalue::{Alternative, p_value},
            random::Key,
        },
        ranks::{
            drawn::{Drawn, RankInterval, Standing},
            posterior,
        },
        smoothing::{
            gamma_poisson::{self, Posterior, Prior},
            leroux::{self, Mixing},
            marshall::{self, SelfIn},
        },
        spatial::{
            getis_ord, local,
            local_geary::{self, Association},
        },
    },
};

/// Joint draws behind the ranks.
const N_RANK_DRAWS: u64 = 1_000;

/// Maps drawn in proportion to population, and events drawn in all of them at most.
const N_MAPS: u64 = 999;
const MOST_EVENTS: u64 = 200_000_000;

/// Regions whose share of all events is told.
pub(super) const TOP: usize = 10;

/// One region's risk as the rest of the map makes it likely.
#[derive(Debug, Clone)]
pub(super) struct Smoothed {
    /// Rate drawn towards that of the region and its neighbours, per person.
    pub(super) among_neighbours: Option<f64>,
    /// Relative risk, drawn towards the whole map.
    pub(super) posterior: Posterior,
    /// Relative risk, drawn towards the neighbours as far as the map says so.
    pub(super) leroux: Option<Posterior>,
    /// Rank of the relative risk, 1 the highest.
    pub(super) rank: Option<RankInterval>,
    /// Of how many regions it surely differs: P(one lies above the other) outside 5–95 %.
    pub(super) standing: Option<Standing>,
}

/// Local Geary of one region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likeness {
    pub(super) c: f64,
    /// Two-sided.
    pub(super) p: f64,
    pub(super) q: f64,
    /// What region and neighbours have in common; where the test keeps it.
    pub(super) class: &'static str,
}

/// Whether events sit in a few regions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Concentration {
    pub(super) n_regions: usize,
    pub(super) n_reached: usize,
    /// Regions that together hold half of the events.
    pub(super) half: Option<usize>,
    pub(super) n_maps: u64,
    /// Of the counts, beside maps drawn in proportion to population.
    pub(super) gini: Comparison,
    pub(super) herfindahl: Comparison,
    pub(super) theil: Comparison,
    /// Share of the [`TOP`] regions with the most events.
    pub(super) top: Comparison,
}

impl Concentration {
    fn sentences(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "Events were recorded in {} of {} regions.",
            words::number_of(self.n_reached),
            words::number_of(self.n_regions)
        )];
        if let Some(half) = self.half {
            lines.push(format!(
                "Half of all events were recorded in {}.",
                words::plural(half, "region", "regions")
            ));
        }
        let beside = |name: &str, found: &Comparison| {
            format!(
                "{name}: {}; events in proportion to population would give {} ({}).",
                words::figure(found.observed),
                words::figure(found.expected),
                words::p_value(found.p)
            )
        };
        lines.push(beside(&format!("Share of the {TOP} regions with the most events"), &self.top));
        lines.push(beside("Gini index of the counts", &self.gini));
        lines.push(beside("Herfindahl index", &self.herfindahl));
        lines.push(beside("Theil index", &self.theil));
        lines
    }
}

/// All of it, lists in the order of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    pub(super) smoothed: Vec<Option<Smoothed>>,
    /// Posterior mean of Leroux's λ and σ.
    pub(super) leroux: Option<(f64, f64)>,
    pub(super) likeness: Vec<Option<Likeness>>,
    /// Gi, a standard score.
    pub(super) gi: Vec<Option<f64>>,
    /// Getis and Ord's G of the map.
    pub(super) getis_ord: Option<Global>,
    pub(super) joins: Option<Joins>,
    /// Share of events over share of population.
    pub(super) quotients: Vec<Option<LocationQuotient>>,
    pub(super) concentration: Option<Concentration>,
}

impl Beside {
    /// What it says, a sentence each.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(found) = &self.concentration {
            lines.extend(found.sentences());
        }
        if let Some((mixing, spread)) = self.leroux {
            lines.push(format!(
                "Smoothed relative risks and ranks are in the last columns of regions.csv: towards the whole map \
                 (gamma–Poisson), and towards neighbours (Leroux: on this map {} of the variation is shared with \
                 neighbours; relative risks typically lie within a factor of {} of 1).",
                format_args!("{:.0} %", 100.0 * mixing),
                words::figure(exp(spread)),
            ));
        }
        if !self.likeness.is_empty() {
            let count = |class: &str| {
                self.likeness.iter().flatten().filter(|found| found.class == class).count()
            };
            lines.push(format!(
                "Local Geary: {} unlike their neighbours, {} alike and high, {} alike and low, beyond chance.",
                words::plural(count("negative"), "region is", "regions are"),
                words::number_of(count("high-high")),
                words::number_of(count("low-low")),
            ));
        }
        if !self.gi.is_empty() {
            lines.push(match self.getis_ord {
                Some(found) => format!(
                    "Getis and Ord’s G of the map: {}, where chance would make {} ({}); Gi of every region is in regions.csv. \
                     Its p is that of the surroundings.",
                    words::figure(found.value),
                    words::figure(found.expectation),
                    found.p.map_or_else(|| "no p".to_owned(), words::p_value)
                ),
                None => "Gi of every region is in regions.csv; G of the map needs values that are 0 or more, \
                         and not all the same."
                    .to_owned(),
            });
        }
        lines.extend(self.joins.as_ref().map(Joins::sentence));
        if !self.quotients.is_empty() {
            let above = self.quotients.iter().flatten().filter(|found| found.lower > 1.0).count();
            let below = self.quotients.iter().flatten().filter(|found| found.upper < 1.0).count();
            lines.push(format!(
                "Location quotients are in regions.csv: the 95 % limits of {} lie above 1, those of {} below. They are exact for \
                 events that fall independently, and not corrected for the number of regions.",
                words::number_of(above),
                words::number_of(below),
            ));
        }
        lines
    }

    /// What rests on counts; `weights` are those of all regions of the file.
    pub(super) fn of_counts(counts: &Counts, weights: &Weights, options: &Options) -> Self {
        let mut beside = Self::default();
        if options.asks_for(Method::Smoothing) {
            beside.smooth(counts, weights, options);
        }
        if options.asks_for(Method::Concentration) {
            beside.concentration = concentration(counts, options);
        }
        if options.asks_for(Method::Quotients) {
            beside.quotients = vec![None; weights.n()];
            for (rank, &at) in counts.positions.iter().enumerate() {
                let share = counts.population[rank] / counts.persons;
                let (own, all) = (counts.observed[rank], counts.total);
                beside.quotients[at] =
                    location_quotient::estimate(own, all, share, Confidence::P95);
            }
        }
        beside
    }

    fn smooth(&mut self, counts: &Counts, weights: &Weights, options: &Options) {
        let (observed, expected) = (&counts.observed, counts.expected());
        let mut keep = vec![false; weights.n()];
        for &at in &counts.positions {
            keep[at] = true;
        }
        let near = weights.subset(&keep);
        let Some(prior) = Prior::fit(observed, &expected) else { return };
        let posteriors = gamma_poisson::smooth(&prior, observed, &expected, &[MARGIN]);
        let among = marshall::spatial(observed, &counts.population, &near, SelfIn::Included);
        let leroux = leroux::smooth(observed, &expected, &near, Mixing::Integrated, &[MARGIN]);
        self.leroux = leroux.as_ref().map(|found| (found.mixing, found.spread));
        let key = Key::named(options.seed, "analyse/ranks");
        let ranks = posterior::draw(&prior, observed, &expected, N_RANK_DRAWS, key);
        let standings = ranks.as_ref().map(Drawn::standings);
        let ranks = ranks.map(|drawn| drawn.intervals());
        self.smoothed = vec![None; weights.n()];
        for (place, (&at, posterior)) in counts.positions.iter().zip(posteriors).enumerate() {
            self.smoothed[at] = Some(Smoothed {
                among_neighbours: among[place],
                posterior,
                leroux: leroux.as_ref().map(|found| found.regions[place].clone()),
                rank: ranks.as_ref().and_then(|ranks| ranks[place]),
                standing: standings.as_ref().and_then(|standings| standings[place]),
            });
        }
    }

    /// Gi of a variable, and G of the raw one; `positions` are those of the values in a file of `n` regions.
    pub(super) fn get(
        &mut self,
        variable: (&[f64], &Weights),
        raw: &[f64],
        positions: &[usize],
        n: usize,
        (n_draws, seed): (u64, u64),
    ) {
        let (values, weights) = variable;
        self.gi = vec![None; n];
        for (&at, found) in positions.iter().zip(local::statistics(values, weights)) {
            self.gi[at] = found.map(|found| found.gi);
        }
        let key = Key::named(seed, "analyse/getis-ord");
        self.getis_ord = getis_ord::global(raw, weights).map(|found| Global {
            value: found.g,
            expectation: found.expectation,
            variance: found.variance,
            z: found.z,
            p: getis_ord::draws(raw, weights, n_draws, key)
                .map(|tally| p_value(Alternative::TwoSided, tally, n_draws)),
        });
    }

    /// Local Geary of a variable; `positions` are those of its values in a file of `n` regions.
    pub(super) fn liken(
        &mut self,
        variable: (&[f64], &Weights),
        positions: &[usize],
        n: usize,
        spent: &Spent,
        options: &Options,
    ) {
        let (values, weights) = variable;
        let plan = plan(spent, options);
        let key = Key::named(options.seed, "analyse/local geary");
        let outcomes = local_geary::permute(values, weights, &plan, key);
        let found: Vec<_> = local_geary::statistics(values, weights)
            .into_iter()
            .zip(outcomes)
            .map(|(statistics, outcome)| statistics.zip(outcome))
            .collect();
        let p: Vec<f64> = found.iter().flatten().map(|(_, outcome)| outcome.p).collect();
        let mut q = options.correction.adjusted(&p).into_iter();
        self.likeness = vec![None; n];
        for (place, (&at, found)) in positions.iter().zip(found).enumerate() {
            let Some((statistics, outcome)) = found else { continue };
            let q = q.next().expect("invariant: a q for every p");
            let is_significant = outcome.significant && is_kept(q, options);
            let class = match (is_significant, outcome.borderline, statistics.association) {
                (true, true, _) => "borderline",
                (false, ..) => "not significant",
                (_, _, Association::HighHigh) => "high-high",
                (_, _, Association::LowLow) => "low-low",
                (_, _, Association::OtherPositive) => "other positive",
                (_, _, Association::Negative) => "negative",
            };
            let c = statistics.c * options.coding.factor(weights, place);
            self.likeness[at] = Some(Likeness { c, p: outcome.p, q, class });
        }
    }
}

/// Indices of the counts beside those of maps drawn in proportion to population.
fn concentration(counts: &Counts, options: &Options) -> Option<Concentration> {
    let indices = |map: &[f64]| {
        Some([
            gini::plain(map)?,
            herfindahl::index(map)?.index,
            theil::indices(map)?.t,
            top_share::of(map, TOP)?,
        ])
    };
    let n_maps = N_MAPS.min((MOST_EVENTS / counts.total.max(1)).max(99));
    let key = Key::named(options.seed, "analyse/concentration");
    let (observed, population) = (&counts.observed, &counts.population);
    let found =
        proportional::compare(observed, population, indices, Alternative::Greater, n_maps, key)?;
    let [gini, herfindahl, theil, top] = found;
    let recorded: Vec<f64> = observed.iter().map(|&count| real(count)).collect();
    Some(Concentration {
        n_regions: observed.len(),
        n_reached: diffusion::reached(observed, 1)?.n_reached,
        half: top_share::holders(&recorded, 0.5),
        n_maps,
        gini,
        herfindahl,
        theil,
        top,
    })
}
