//! `index.html`: the finding, the map, groups, and every region.

use minijinja::Value;

use super::{
    Model,
    report::{MOST_LIKELY, Report},
    search::is_short,
};
use crate::{
    analyse::{
        scene::GROUPS,
        sheet::{Section, Sheet, number, probability, soft, table, text},
    },
    diagnostics::Problem,
    render::words::{self, count, figure},
};

impl Report<'_> {
    fn groups(&self) -> Option<Value> {
        let all = self.found.scan.iter().flat_map(|scan| &scan.clusters);
        let n_kept = self.found.kept().count();
        let rows: Vec<Vec<Value>> = (1_usize..)
            .zip(all)
            .take(n_kept.max(MOST_LIKELY))
            .map(|(rank, found)| {
                let cluster = &found.cluster;
                let verdict =
                    if cluster.p <= self.found.level { "kept" } else { "chance explains it" };
                vec![
                    text(rank.to_string()),
                    text(self.span(found)),
                    number(Some(count(cluster.cases))),
                    number(Some(figure(cluster.expected))),
                    number(cluster.relative_risk.map(figure)),
                    number(Some(probability(cluster.p))),
                    text(verdict),
                    soft(self.names(&cluster.regions)),
                ]
            })
            .collect();
        let heads = [
            "Group",
            "When",
            "#Events",
            "#Expected",
            "#Relative risk",
            "#p",
            "Verdict",
            "Regions, from the middle",
        ];
        (!rows.is_empty()).then(|| table("The most likely groups in space and time", &heads, rows))
    }

    fn every_region(&self) -> Value {
        let ranks = self.membership();
        let rows = self.input.regions.iter().enumerate().map(|(at, region)| {
            let developed = self.found.developments.as_ref().map(|all| all[at]);
            vec![
                text(region.name.clone()),
                number(Some(count(self.cases.of(at).iter().sum()))),
                number(ranks[at].map(|rank| rank.to_string())),
                number(developed.map(|found| found.n_hot.to_string())),
                number(developed.map(|found| found.n_cold.to_string())),
                soft(match self.status(at) {
                    "tested" => developed.map_or("–", |found| found.class.name()),
                    status => status,
                }),
            ]
        });
        let heads = [
            "Region",
            "#Events",
            "#Group",
            "#Hot periods",
            "#Cold periods",
            "Surroundings over time",
        ];
        table("Every region, in the order of the file", &heads, rows.collect())
    }

    fn methods(&self) -> Vec<String> {
        let periods = &self.cases.periods;
        let mut lines = Vec::new();
        if let Some(scan) = &self.found.scan {
            lines.push(format!(
                "Groups: Kulldorff’s space-time scan over {} cylinders (circles of up to half of the {}, intervals of up to {} % of \
                 the time{}), {} random maps. A group is kept when p is at most {}.",
                words::number_of(scan.n_zones),
                if self.options.map.columns.population.is_some() { "population" } else { "events" },
                figure(100.0 * self.options.longest),
                if self.options.prospective { ", all up to the last period" } else { "" },
                words::number_of(scan.n_draws),
                self.found.level
            ));
        }
        lines.push(match self.options.model {
            Model::Permutation => "Expected: the region’s share of all events times the period’s share; random maps deal all dates anew. \
                 Regions that always have more are not found, only changes.".to_owned(),
            Model::Dispersed | Model::Poisson => format!(
                "Expected: each {}’s events in proportion to population, so that a rise everywhere is no group. {}",
                periods.every.one(),
                match self.found.dispersion.as_ref().and_then(|found| found.law) {
                    Some(law) if self.options.model == Model::Dispersed => format!(
                        "Random maps scatter as the counts do: negative binomial, variance {}.",
                        words::variance_law(law)
                    ),
                    _ => "Random maps scatter by chance alone (Poisson).".to_owned(),
                }
            ),
        });
        if self.found.developments.is_some() && !is_short(self.cases) {
            lines.push(format!(
                "Surroundings over time: Gi* of the empirical-Bayes index in every {}, false discoveries controlled, named after \
                 Esri’s emerging hot spots; neighbours: {}.",
                periods.every.one(),
                self.links.report.kind
            ));
        }
        lines
    }

    /// `index.html`.
    pub(super) fn page(&self) -> Result<Vec<u8>, Problem> {
        let scene = self.scene();
        let groups = (!scene.groups.is_empty()).then(|| format!("{GROUPS}."));
        Sheet {
            title: self.headline(),
            lead: self.lead(),
            in_short: self.in_short(),
            files: vec![
                ("map.svg", "Map as SVG"),
                ("clusters.csv", "Groups as CSV"),
                ("regions.csv", "Every region as CSV"),
                ("summary.json", "Tests as JSON"),
            ],
            sections: vec![
                Section {
                    heading: "Where".to_owned(),
                    lines: groups.into_iter().collect(),
                    picture: scene.inline(),
                    legend: scene.classes(),
                    table: None,
                },
                Section {
                    heading: "Groups in space and time".to_owned(),
                    table: self.groups(),
                    ..Section::default()
                },
            ],
            last: Some(Section {
                heading: "Every region".to_owned(),
                table: Some(self.every_region()),
                ..Section::default()
            }),
            not_checked: self.not_checked(),
            methods: self.methods(),
            notes: self.notes(),
            foot: scene.foot,
        }
        .html()
    }
}
