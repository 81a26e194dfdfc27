//! `saet analyse FILE`: one map with counts, tested.

use std::path::PathBuf;

use super::tell;
use crate::{
    analyse::areas::{
        self, Columns, IslandPolicy, Method, Options, RateLimits, ScanModel, ScanOptions,
        ScanReport, WeightsRule,
    },
    cli::{Outcome, output::Output},
    statistics::multiple::Correction,
};

/// Arguments of `saet analyse FILE`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// GeoJSON, Shapefile (.shp), or a table (.csv, .tsv) with `--lon` and `--lat`.
    file: PathBuf,
    /// Column of counts.
    #[arg(long, value_name = "COL")]
    events: Option<String>,
    /// Column of persons, or person-years.
    #[arg(long, value_name = "COL")]
    population: Option<String>,
    /// Column whose pattern is tested as it is, instead of counts over population.
    #[arg(long, value_name = "COL")]
    value: Option<String>,
    /// Column of codes; the number of the row by default.
    #[arg(long, value_name = "COL")]
    id: Option<String>,
    /// Column of names; the codes by default.
    #[arg(long, value_name = "COL")]
    name: Option<String>,
    /// Column of longitudes, or x; the middle of each outline by default.
    #[arg(long, value_name = "COL")]
    lon: Option<String>,
    /// Column of latitudes, or y.
    #[arg(long, value_name = "COL")]
    lat: Option<String>,
    /// Coordinates are not degrees but those of a plane; distances are then in their unit.
    #[arg(long)]
    plane: bool,
    /// A text that means a missing cell, beside the empty one; may be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Families of tests, and what stands beside them.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Method::USUAL)]
    methods: Vec<Method>,
    /// Who neighbours whom: queen, rook, knn:K, distance:KM, FILE.gal or FILE.gwt; queen by default, for a table knn:6.
    #[arg(long, value_name = "RULE", value_parser = WeightsRule::parse)]
    weights: Option<WeightsRule>,
    /// What happens to regions without a neighbour; has to be said when they are more than one in twenty.
    #[arg(long, value_enum)]
    islands: Option<IslandPolicy>,
    /// Distance within which corners of outlines are the same, in the unit of the coordinates: for files drawn region by region.
    #[arg(long, value_name = "D", default_value_t = 0.0)]
    snap: f64,
    /// What is guaranteed of all regions of a test together: bh or by (share of false ones), holm or bonferroni (none).
    #[arg(long, value_name = "RULE", value_parser = Correction::parse, default_value = "bh")]
    correction: Correction,
    /// Limits of rates where counts are Poisson.
    #[arg(long, value_enum, default_value_t)]
    limits: RateLimits,
    /// What the scan compares counts with.
    #[arg(long, value_enum, default_value_t)]
    scan_model: ScanModel,
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
        file: args.file.clone(),
        columns: Columns {
            events: args.events.clone(),
            population: args.population.clone(),
            value: args.value.clone(),
            id: args.id.clone(),
            name: args.name.clone(),
            lon: args.lon.clone(),
            lat: args.lat.clone(),
        },
        missing: args.missing.clone(),
        plane: args.plane,
        weights: args.weights.clone(),
        islands: args.islands,
        methods: args.methods.clone(),
        draws: args.draws,
        correction: args.correction,
        limits: args.limits,
        scan: ScanOptions {
            model: args.scan_model,
            report: args.scan_report,
            repeat: args.scan_repeat,
        },
        snap: args.snap,
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = areas::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
