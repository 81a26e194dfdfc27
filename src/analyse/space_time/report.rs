//! What is said of a search: its finding, region by region and in words, and the map.

use super::{
    Model, Options,
    cases::Cases,
    search::{Found, is_short},
};
use crate::{
    analyse::{input::Input, neighbours::Neighbours, scene::Scene},
    render::words::{self, figure, plural},
    statistics::{
        scan::space_time::Cylinder,
        trend::emerging::{Emerging, FEWEST_PERIODS},
    },
};

/// Groups that are listed though chance explains them, to show how far from it they are.
pub(super) const MOST_LIKELY: usize = 3;

/// Names of regions in a row at most.
const NAMED: usize = 12;

/// Everything a report needs.
pub(super) struct Report<'a> {
    pub(super) input: &'a Input,
    pub(super) cases: &'a Cases,
    pub(super) links: &'a Neighbours,
    pub(super) found: &'a Found,
    pub(super) options: &'a Options,
}

impl Report<'_> {
    pub(super) fn names(&self, regions: &[usize]) -> String {
        let names: Vec<String> =
            regions.iter().take(NAMED).map(|&at| self.input.regions[at].name.clone()).collect();
        match regions.len() - names.len() {
            0 => words::list(&names),
            more => format!("{} and {} more", names.join(", "), words::number_of(more)),
        }
    }

    pub(super) fn span(&self, found: &Cylinder) -> String {
        self.cases.periods.span(found.periods.start, found.periods.end - 1)
    }

    /// The finding in one sentence.
    pub(super) fn headline(&self) -> String {
        let time = if self.options.prospective { "now" } else { "at some time" };
        let n = self.found.kept().count();
        match self.found.kept().next() {
            None if self.cases.total == 0 => "No event was recorded anywhere".to_owned(),
            None => format!("No group of regions had more events {time} than chance explains"),
            Some((_, first)) if n == 1 => format!(
                "{} around {} had more events than chance explains, {}",
                words::capitalised(&plural(first.cluster.regions.len(), "region", "regions")),
                self.input.regions[first.cluster.centre].name,
                self.span(first)
            ),
            Some((_, first)) => format!(
                "{} groups of regions had more events than chance explains; the clearest around {}, {}",
                words::capitalised(&words::number_of(n)),
                self.input.regions[first.cluster.centre].name,
                self.span(first)
            ),
        }
    }

    pub(super) fn lead(&self) -> String {
        let periods = &self.cases.periods;
        format!(
            "{} in {}, {} ({})",
            words::events(self.cases.total),
            plural(self.input.regions.len(), "region", "regions"),
            periods.span(0, periods.len() - 1),
            plural(periods.len(), periods.every.one(), periods.every.many())
        )
    }

    /// The rank of the kept group each region belongs to.
    pub(super) fn membership(&self) -> Vec<Option<usize>> {
        let mut ranks = vec![None; self.input.regions.len()];
        for (rank, found) in self.found.kept() {
            for &at in &found.cluster.regions {
                ranks[at] = Some(rank);
            }
        }
        ranks
    }

    /// Whether a region took part, and why not.
    pub(super) fn status(&self, at: usize) -> &'static str {
        let region = &self.input.regions[at];
        let needs_people = self.options.model != Model::Permutation;
        match region.population {
            None if needs_people => "no_data",
            Some(own) if own <= 0.0 && needs_people => "zero_population",
            _ if region.place.is_none() => "no_place",
            _ => "tested",
        }
    }

    /// Developments that occur, with their regions counted.
    pub(super) fn classes(&self) -> Vec<(&'static str, usize)> {
        let mut classes: Vec<(&'static str, usize)> = Vec::new();
        for found in self.found.developments.iter().flatten() {
            let name = found.class.name();
            match classes.iter_mut().find(|(known, _)| *known == name) {
                Some((_, n)) => *n += 1,
                None => classes.push((name, 1)),
            }
        }
        classes.sort_unstable();
        classes
    }

    pub(super) fn notes(&self) -> Vec<String> {
        self.input.notes.iter().chain(&self.cases.notes).chain(&self.links.notes).cloned().collect()
    }

    pub(super) fn not_checked(&self) -> Vec<String> {
        let mut list = vec![
            "whether every region records and reports alike, and at all times: a change of recording looks like a group".to_owned(),
            "single regions: a group is tested as a whole, and not each of its regions".to_owned(),
        ];
        if self.found.developments.is_none() {
            list.push("how surroundings developed: needs a population".to_owned());
        } else if is_short(self.cases) {
            list.push(format!(
                "how surroundings developed: {} are fewer than {FEWEST_PERIODS}",
                plural(
                    self.cases.periods.len(),
                    self.cases.periods.every.one(),
                    self.cases.periods.every.many()
                )
            ));
        }
        list
    }

    /// The map.
    pub(super) fn scene(&self) -> Scene<'_> {
        const CLASSES: [(&str, &str); 4] = [
            ("e-probable", "In a group"),
            ("l-hh", "Surroundings hot at the end"),
            ("e-not", "Not distinguishable from chance"),
            ("e-nodata", "Not tested"),
        ];
        let ranks = self.membership();
        let class = |at: usize| {
            let developed = self.found.developments.as_ref().map(|all| all[at].class);
            match (ranks[at], developed) {
                _ if self.status(at) != "tested" => 3,
                (Some(_), _) => 0,
                (None, Some(Emerging::Hot(_))) => 1,
                _ => 2,
            }
        };
        let n_regions = self.input.regions.len();
        let areas = (0..n_regions).map(|at| {
            let events: u64 = self.cases.of(at).iter().sum();
            let developed = self.found.developments.as_ref().map(|all| all[at].class.name());
            let group = ranks[at].map(|rank| format!("; in group {rank}")).unwrap_or_default();
            let developed = developed.map(|name| format!("; {name}")).unwrap_or_default();
            (CLASSES[class(at)].0, format!("{}{group}{developed}", words::events(events)))
        });
        let legend = CLASSES.iter().enumerate().filter_map(|(own, &(fill, label))| {
            let n = (0..n_regions).filter(|&at| class(at) == own).count();
            (n > 0).then_some((fill, label, n))
        });
        let kept = self.found.kept();
        Scene {
            input: self.input,
            areas: areas.collect(),
            groups: kept.map(|(rank, found)| (rank, found.cluster.regions.as_slice())).collect(),
            title: self.headline(),
            subtitle: self.lead(),
            legend: legend.collect(),
            foot: format!(
                "From {}. One-sided level {}; seed {}.",
                self.options.map.name(),
                self.found.level,
                self.options.seed
            ),
        }
    }

    pub(super) fn in_short(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .found
            .kept()
            .take(MOST_LIKELY)
            .map(|(rank, found)| {
                let cluster = &found.cluster;
                let recurs = found.recurrence_interval.map(|n| {
                    format!(
                        " Looked for every {0}, chance alone would give one as clear every {1} {2}.",
                        self.cases.periods.every.one(),
                        figure(n),
                        self.cases.periods.every.many()
                    )
                });
                format!(
                    "Group {rank}, {}: {} where {} were expected ({}).{}",
                    self.span(found),
                    words::events(cluster.cases),
                    figure(cluster.expected),
                    words::p_value(cluster.p),
                    recurs.unwrap_or_default()
                )
            })
            .collect();
        if !is_short(self.cases) {
            let hot: Vec<String> = self
                .classes()
                .into_iter()
                .filter(|(name, _)| name.ends_with("hot spot"))
                .map(|(name, n)| format!("{name}: {}", plural(n, "region", "regions")))
                .collect();
            lines.push(if hot.is_empty() {
                "No region’s surroundings are an emerging or lasting hot spot.".to_owned()
            } else {
                format!("Surroundings of regions over time: {}.", words::list(&hot))
            });
        }
        lines
    }
}
