//! `clusters.csv`, `regions.csv` and `summary.json`.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Model, Options, report::Report, search::SEARCHED};
use crate::statistics::scan::space_time::Cylinder;

impl Report<'_> {
    /// `clusters.csv`: one row a group, by falling ratio.
    pub(super) fn clusters(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = [
            "rank",
            "first_period",
            "last_period",
            "centre",
            "n_regions",
            "regions",
            "cases",
            "expected",
            "relative_risk",
            "llr",
            "p",
            "gumbel_p",
            "recurrence_interval",
            "radius",
            "kept",
        ];
        writer.write_record(head).expect("invariant: writing to memory");
        let all = self.found.scan.iter().flat_map(|scan| &scan.clusters);
        for (rank, found) in (1_usize..).zip(all) {
            let Cylinder { cluster, periods, recurrence_interval } = found;
            let id = |at: usize| self.input.regions[at].id.clone();
            let regions: Vec<String> = cluster.regions.iter().map(|&at| id(at)).collect();
            let or_empty = |value: Option<f64>| value.map_or(String::new(), figure);
            let row = [
                rank.to_string(),
                self.cases.periods.label(periods.start),
                self.cases.periods.label(periods.end - 1),
                id(cluster.centre),
                regions.len().to_string(),
                regions.join(" "),
                cluster.cases.to_string(),
                figure(cluster.expected),
                or_empty(cluster.relative_risk),
                figure(cluster.llr),
                figure(cluster.p),
                or_empty(cluster.gumbel_p),
                or_empty(*recurrence_interval),
                cluster.radius.to_string(),
                (cluster.p <= self.found.level).to_string(),
            ];
            writer.write_record(row).expect("invariant: writing to memory");
        }
        writer.into_inner().expect("invariant: flushing to memory")
    }

    /// `regions.csv`: one row a region, in the order of the file.
    pub(super) fn regions(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let head = [
            "region",
            "name",
            "events",
            "population",
            "cluster",
            "development",
            "hot_periods",
            "cold_periods",
            "last_gi_star_z",
            "status",
        ];
        writer.write_record(head).expect("invariant: writing to memory");
        let ranks = self.membership();
        for (at, region) in self.input.regions.iter().enumerate() {
            let developed = self.found.developments.as_ref().map(|all| all[at]);
            let number = |n: Option<usize>| n.map_or(String::new(), |n| n.to_string());
            let row = [
                region.id.clone(),
                region.name.clone(),
                self.cases.of(at).iter().sum::<u64>().to_string(),
                region.population.map_or(String::new(), |own| own.to_string()),
                number(ranks[at]),
                developed.map_or(String::new(), |found| found.class.name().to_owned()),
                number(developed.map(|found| found.n_hot)),
                number(developed.map(|found| found.n_cold)),
                developed.and_then(|found| found.last).map_or(String::new(), |z| z.to_string()),
                self.status(at).to_owned(),
            ];
            writer.write_record(row).expect("invariant: writing to memory");
        }
        writer.into_inner().expect("invariant: flushing to memory")
    }

    /// `summary.json`.
    pub(super) fn summary(&self) -> String {
        let Options { model, prospective, longest, alpha, seed, .. } = *self.options;
        let periods = &self.cases.periods;
        let scan = self.found.scan.as_ref();
        let clusters: Vec<serde_json::Value> = (1_usize..)
            .zip(scan.iter().flat_map(|scan| &scan.clusters))
            .map(|(rank, found)| {
                let cluster = &found.cluster;
                let regions: Vec<&str> =
                    cluster.regions.iter().map(|&at| self.input.regions[at].id.as_str()).collect();
                json!({
                    "rank": rank, "regions": regions, "llr": cluster.llr, "p": cluster.p,
                    "gumbel_p": cluster.gumbel_p, "kept": cluster.p <= self.found.level,
                    "first_period": periods.label(found.periods.start),
                    "last_period": periods.label(found.periods.end - 1),
                    "cases": cluster.cases, "expected": cluster.expected,
                    "relative_risk": cluster.relative_risk, "radius_km": cluster.radius,
                    "radius_unit": self.input.unit(), "recurrence_interval": found.recurrence_interval,
                })
            })
            .collect();
        let summary = json!({
            "headline": self.headline(),
            "map": { "file": self.input.file, "format": self.input.format, "sha256": self.input.sha256 },
            "events": { "file": self.options.cases.display().to_string(), "sha256": self.cases.sha256,
                "total": self.cases.total },
            "periods": { "every": periods.every.one(), "n": periods.len(), "first": periods.label(0),
                "last": periods.label(periods.len() - 1) },
            "model": match model {
                Model::Dispersed => "dispersed",
                Model::Poisson => "poisson",
                Model::Permutation => "permutation",
            },
            "span": if prospective { "prospective" } else { "retrospective" },
            "longest_share": longest, "searched_share": SEARCHED, "alpha": alpha,
            "level": self.found.level, "seed": seed,
            "draws": scan.map(|scan| scan.n_draws), "cylinders": scan.map(|scan| scan.n_zones),
            "llr": scan.map(|scan| scan.llr), "p": scan.map(|scan| scan.p),
            "dispersion": self.found.dispersion,
            "weights": self.links.report.kind,
            "scan": clusters,
            "developments": self.classes().into_iter().map(|(name, n)| (name.to_owned(), n)).collect::<BTreeMap<_, _>>(),
            "not_checked": self.not_checked(),
            "notes": self.notes(),
        });
        serde_json::to_string_pretty(&summary).expect("invariant: plain values") + "\n"
    }
}

/// The shortest text that reads back as the same number.
fn figure(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-4 { format!("{value:e}") } else { value.to_string() }
}
