//! What was found, in sentences made from numbers.

use super::{
    Method, Options,
    input::Input,
    numbers::{Analysis, Status, overall},
    rates::PER,
};
use crate::{
    model::Evidence,
    render::{
        charts::canvas::tick,
        words::{self, count, figure, limits, number_of, p_value, plural},
    },
};

/// Evidence classes that one map can give, surest first.
pub(super) const CLASSES: [Evidence; 7] = [
    Evidence::Probable,
    Evidence::Signal,
    Evidence::NotDistinguishable,
    Evidence::CouldNotHaveBeenDistinguished,
    Evidence::Lower,
    Evidence::InsufficientData,
    Evidence::NoData,
];

/// Counts below this are small: their own rate and rank say little.
pub(super) const SMALL: u64 = 10;

/// Everything that is known of a map.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) input: &'a Input,
    pub(super) analysis: &'a Analysis,
    pub(super) options: &'a Options,
}

impl Findings<'_> {
    /// Whether counts over a population are what is judged.
    pub(super) fn has_counts(&self) -> bool {
        self.options.map.columns.events.is_some()
    }

    /// Whether regions have a class of evidence, which rests on their own rates.
    pub(super) fn has_classes(&self) -> bool {
        self.has_counts() && self.options.asks_for(Method::Own)
    }

    /// Regions whose surroundings are of this class.
    pub(super) fn n_of(&self, class: &str) -> usize {
        let locals = self.analysis.rows.iter().filter_map(|row| row.local.as_ref());
        locals.filter(|local| local.moran_class() == class).count()
    }

    /// The variable whose pattern is tested.
    pub(super) fn variable(&self) -> &str {
        self.options.map.columns.value.as_deref().unwrap_or("the rate")
    }

    /// Its value in a region.
    pub(super) fn value_of(&self, at: usize) -> Option<f64> {
        let rate = || self.analysis.rows[at].rate.map(|rate| rate.value);
        self.input.regions[at].value.or_else(rate)
    }

    /// What is shown, and how neighbours are told.
    pub(super) fn subtitle(&self) -> String {
        let columns = &self.options.map.columns;
        let what = match (&columns.value, &columns.events, &columns.population) {
            (Some(value), Some(events), Some(population)) => {
                format!("{value}; {events} per {population}")
            }
            (Some(value), ..) => value.clone(),
            (None, Some(events), Some(population)) => format!("{events} per {population}"),
            _ => String::new(),
        };
        let regions = plural(self.input.regions.len(), "region", "regions");
        format!("{what}, {regions}, neighbours: {}", self.analysis.neighbours.report.kind)
    }

    /// The main things, one sentence each.
    pub(super) fn in_short(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(counts) = &self.analysis.counts {
            lines.push(format!(
                "{} {} recorded in {} with a population: {} per {}.",
                words::events(counts.total),
                if counts.total == 1 { "was" } else { "were" },
                plural(counts.positions.len(), "region", "regions"),
                figure(overall(counts)),
                count(100_000)
            ));
            debug_assert!((PER - 100_000.0).abs() < f64::EPSILON);
        }
        lines.extend(self.pattern());
        lines.extend(self.groups());
        lines
    }

    fn pattern(&self) -> Option<String> {
        let (name, found) = match &self.analysis.index {
            Some(index) => ("the empirical-Bayes index of the rate", index.moran?),
            None => (self.variable(), self.analysis.raw.moran?),
        };
        let i = figure(found.value);
        Some(match found.p {
            None => format!(
                "Moran’s I of {name} is {i}. Most regions expect less than one event, so it has no p of its own; the scan \
                 says whether there is any group."
            ),
            Some(p) if p > self.options.alpha => format!(
                "Over the map as a whole no pattern shows (Moran’s I of {name} = {i}, {}): single regions below stand on \
                 their own tests.",
                p_value(p)
            ),
            Some(p) if found.value > found.expectation => format!(
                "Neighbouring regions are alike, more than chance explains (Moran’s I of {name} = {i}, {}).",
                p_value(p)
            ),
            Some(p) => format!(
                "Neighbouring regions are unlike, more than chance explains (Moran’s I of {name} = {i}, {}).",
                p_value(p)
            ),
        })
    }

    fn groups(&self) -> Vec<String> {
        let Some(groups) = &self.analysis.groups else { return Vec::new() };
        let mut lines: Vec<String> = groups
            .clusters
            .iter()
            .zip(1..)
            .filter(|(cluster, _)| groups.is_kept(cluster))
            .map(|(cluster, rank): (_, u32)| {
                let centre = &self.input.regions[cluster.centre].name;
                let risk = cluster
                    .relative_risk
                    .map(|risk| format!("{} times the rate outside, ", figure(risk)));
                format!(
                    "Group {rank}: {} around {centre} with {} where {} would be expected ({}{}).",
                    plural(cluster.regions.len(), "region", "regions"),
                    words::events(cluster.cases),
                    figure(cluster.expected),
                    risk.unwrap_or_default(),
                    p_value(cluster.p)
                )
            })
            .collect();
        if lines.is_empty() {
            lines.push(if groups.p <= groups.level {
                format!(
                    "Some group has more events than chance explains (scan, {}), but it holds more than {} % of the population, up \
                     to which groups are listed: `--scan-report {}` lists larger ones.",
                    p_value(groups.p),
                    tick(100.0 * groups.report_share),
                    self.options.scan.search
                )
            } else {
                format!(
                    "No group of neighbouring regions has more events than chance explains (scan, {} for the clearest of \
                     all circles).",
                    p_value(groups.p)
                )
            });
        }
        lines
    }

    /// What is small, and what could not have been told.
    pub(super) fn limits(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(counts) = &self.analysis.counts {
            let n = counts.observed.iter().filter(|&&events| events < SMALL).count();
            if n > 0 {
                lines.push(format!(
                    "Small: in {} of {} fewer than {SMALL} events were recorded; their own rates and ranks say little.",
                    number_of(n),
                    plural(counts.positions.len(), "region", "regions")
                ));
            }
        }
        let n = self.analysis.n_of(Evidence::CouldNotHaveBeenDistinguished);
        if n > 0 {
            let mut risks: Vec<f64> = self
                .analysis
                .rows
                .iter()
                .filter(|row| row.evidence == Some(Evidence::CouldNotHaveBeenDistinguished))
                .filter_map(|row| row.own?.minimum_detectable)
                .collect();
            risks.sort_by(f64::total_cmp);
            let middle = risks.get(risks.len() / 2).map_or(String::new(), |risk| {
                format!(" Half of them would have needed {} times the rate or more.", figure(*risk))
            });
            lines.push(format!(
                "Could not have been distinguished: in {} even a doubled rate would probably not have shown. Nothing found \
                 there means nothing.{middle}",
                plural(n, "region", "regions")
            ));
        }
        for (status, n) in self.analysis.statuses() {
            let why = match status {
                Status::Tested => continue,
                Status::NoNeighbours => "have no neighbour with data: own rate only",
                Status::ZeroPopulation => "have no population: no rate and no test",
                Status::NoData => "have no data: not known, and not zero",
                Status::TooFewRegions => "are too few to test: rates and limits only",
                Status::NothingRecorded => "recorded no event: only upper limits can be given",
                Status::Constant => "have the same value: nothing to test",
            };
            lines.push(format!("{} {}.", plural(n, "region", "regions"), words::verb(n, why)));
        }
        lines
    }

    /// What was not checked.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let mut list = Vec::new();
        for (method, name) in [
            (Method::Own, "each region’s own rate"),
            (Method::Global, "the pattern of the map as a whole"),
            (Method::Local, "the surroundings of single regions"),
            (Method::Scan, "groups of regions (scan statistic)"),
        ] {
            let needs_counts = matches!(method, Method::Own | Method::Scan);
            if !self.options.asks_for(method) {
                list.push(format!("{name}: left out by `--methods`"));
            } else if needs_counts && !self.has_counts() {
                list.push(format!("{name}: needs counts and a population"));
            }
        }
        if self.has_counts() {
            list.push(
                "age and other make-up of the population: everybody counts the same".to_owned(),
            );
            list.push("whether every region records and reports alike".to_owned());
        }
        list.extend(
            [
                "replication on other data (an earlier window, a second source): nothing here is “established”",
                "other neighbours, without the largest incident, without each reporting unit, other levels, border regions",
                "persistence over time",
            ]
            .map(str::to_owned),
        );
        list
    }

    /// Why a region stands out: the tests it passed; without any, how likely it exceeds the margin.
    pub(super) fn reasons(&self, at: usize) -> String {
        let row = &self.analysis.rows[at];
        let mut reasons = Vec::new();
        if row.own.is_some_and(|own| own.test.q <= self.options.alpha / 2.0) {
            reasons.push("own rate".to_owned());
        }
        if row.local.is_some_and(|local| local.moran_class() == "HH") {
            reasons.push("surroundings".to_owned());
        }
        reasons.extend(row.cluster.map(|rank| format!("group {rank}")));
        if let (true, Some(own)) = (reasons.is_empty(), &row.own) {
            reasons.push(format!("P(RR > 1.25) = {:.2}", own.test.p_above));
        }
        reasons.join(", ")
    }

    /// What hovering over a region says after its name.
    pub(super) fn note(&self, at: usize) -> String {
        let (region, row) = (&self.input.regions[at], &self.analysis.rows[at]);
        let mut parts = vec![self.class_of(at).1.to_lowercase()];
        if let Some(rate) = &row.rate {
            let events = region.events.map_or(String::new(), words::events);
            parts.push(format!("{events} (expected {})", figure(rate.expected)));
            parts.push(format!("{} per 100,000 ({})", figure(rate.value), limits(rate.limits95)));
        }
        if let Some(value) = region.value {
            parts.push(format!("{} {}", self.variable(), figure(value)));
        }
        if !row.reason.is_empty() {
            parts.push(row.reason.clone());
        }
        parts.join("; ")
    }

    /// A region's class in `map.css`, and in words.
    pub(super) fn class_of(&self, at: usize) -> (&'static str, &'static str) {
        let row = &self.analysis.rows[at];
        if let Some(evidence) = row.evidence {
            return (
                crate::render::maps::hotbeds::class(evidence),
                crate::render::words::evidence(evidence),
            );
        }
        match row.local.as_ref().map(super::surroundings::Local::moran_class) {
            Some("HH") => ("l-hh", "High among high"),
            Some("LL") => ("l-ll", "Low among low"),
            Some("HL") => ("l-hl", "High among low"),
            Some("LH") => ("l-lh", "Low among high"),
            Some("borderline") => ("l-mid", "Borderline"),
            Some(_) => ("e-not", "Not distinguishable from chance"),
            None if row.status == Status::NoData => ("e-nodata", "No data"),
            None => ("e-insufficient", "Not tested"),
        }
    }

    /// Classes that occur, in the order of a legend: class in `map.css`, label, regions.
    pub(super) fn legend(&self) -> Vec<(&'static str, &'static str, usize)> {
        const ORDER: [&str; 14] = [
            "e-probable",
            "e-signal",
            "l-hh",
            "l-hl",
            "l-lh",
            "l-ll",
            "l-mid",
            "e-lower",
            "e-not",
            "e-could",
            "e-insufficient",
            "e-nodata",
            "e-withheld",
            "e-established",
        ];
        let classes: Vec<_> = (0..self.input.regions.len()).map(|at| self.class_of(at)).collect();
        ORDER
            .iter()
            .filter_map(|wanted| {
                let of = || classes.iter().filter(|(class, _)| class == wanted);
                of().next().map(|&(class, label)| (class, label, of().count()))
            })
            .collect()
    }
}
