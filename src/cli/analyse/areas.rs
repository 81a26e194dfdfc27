//! `saet analyse FILE`: one map with counts, tested.

use std::path::PathBuf;

use super::{
    map::{LinkArgs, MapArgs},
    tell,
};
use crate::{
    analyse::{
        Columns,
        areas::{self, Method, Options, ScanModel, ScanOptions, ScanReport},
    },
    cli::{Outcome, output::Output},
    statistics::{
        interval::{Confidence, CountLimits},
        multiple::Correction,
        spatial::Coding,
    },
};

/// Arguments of `saet analyse FILE`.
#[derive(Debug, clap::Args)]
#[group(id = "areas")]
pub(super) struct Args {
    #[command(flatten)]
    map: MapArgs,
    /// Column of counts.
    #[arg(long, value_name = "COL")]
    events: Option<String>,
    /// Column of persons, or person-years.
    #[arg(long, value_name = "COL")]
    population: Option<String>,
    /// Column of counts of a second source of the same events: shown beside the first, with what they agree on.
    #[arg(long, value_name = "COL")]
    second: Option<String>,
    /// Column of counts of events that both sources have, where records are linked.
    #[arg(long, value_name = "COL")]
    both: Option<String>,
    /// Column whose pattern is tested as it is, instead of counts over population.
    #[arg(long, value_name = "COL")]
    value: Option<String>,
    /// Families of tests, and what stands beside them.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Method::USUAL)]
    methods: Vec<Method>,
    #[command(flatten)]
    linking: LinkArgs,
    /// What a link weighs in Moran's I, Geary's C and their local forms: row (a region's links add up to 1), or binary.
    #[arg(long, value_name = "RULE", value_parser = Coding::parse, default_value = "row")]
    coding: Coding,
    /// What is guaranteed of all regions of a test together: bh or by (share of false ones), holm or bonferroni (none).
    #[arg(long, value_name = "RULE", value_parser = Correction::parse, default_value = "bh")]
    correction: Correction,
    /// Limits of rates where counts are Poisson: garwood (exact), byar, or phe (exact below ten, then byar).
    #[arg(long, value_name = "NAME", value_parser = CountLimits::parse, default_value = "garwood")]
    limits: CountLimits,
    /// Further limits of rates, beside those of 95 %: 90, 99.8.
    #[arg(long, value_name = "PERCENT", value_parser = Confidence::parse, value_delimiter = ',')]
    more_limits: Vec<Confidence>,
    /// What the scan compares counts with.
    #[arg(long, value_enum, default_value_t)]
    scan_model: ScanModel,
    /// Share of the population that a circle may hold.
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    scan_search: f64,
    /// How large a listed group may be: a share of the population, or gini for the share that tells most.
    #[arg(long, value_name = "SHARE", value_parser = ScanReport::parse, default_value = "0.25")]
    scan_report: ScanReport,
    /// Test each group on the map without those before it.
    #[arg(long)]
    scan_repeat: bool,
    /// Draws per region; by default as many as the correction for testing many regions needs, at least 9999.
    #[arg(long, value_name = "N")]
    draws: Option<u64>,
    /// Two-sided level.
    #[arg(long, value_name = "A", default_value_t = 0.05)]
    alpha: f64,
    /// Seed of all draws.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-analysis")]
    out: PathBuf,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = Options {
        map: args.map.source(Columns {
            events: args.events.clone(),
            population: args.population.clone(),
            value: args.value.clone(),
            second: args.second.clone(),
            both: args.both.clone(),
            ..Columns::default()
        }),
        linking: args.linking.rule(),
        coding: args.coding,
        methods: args.methods.clone(),
        draws: args.draws,
        correction: args.correction,
        limits: args.limits,
        more_limits: args.more_limits.clone(),
        scan: ScanOptions {
            model: args.scan_model,
            search: args.scan_search,
            report: args.scan_report,
            repeat: args.scan_repeat,
        },
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = areas::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
