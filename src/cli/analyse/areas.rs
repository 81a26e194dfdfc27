//! `saet analyse FILE`: one map with counts, tested.

use std::path::PathBuf;

use clap::ValueEnum;

use super::tell;
use crate::{
    analyse::areas::{self, Columns, IslandPolicy, Method, Options, WeightsRule},
    cli::{Outcome, output::Output},
};

/// Arguments of `saet analyse FILE`.
#[derive(Debug, clap::Args)]
#[group(id = "areas")]
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
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Family::USUAL)]
    methods: Vec<Family>,
    /// Who neighbours whom: queen, rook, knn:K, distance:KM, FILE.gal or FILE.gwt; queen by default, for a table knn:6.
    #[arg(long, value_name = "RULE", value_parser = WeightsRule::parse)]
    weights: Option<WeightsRule>,
    /// What happens to regions without a neighbour; has to be said when they are more than one in twenty.
    #[arg(long, value_enum)]
    islands: Option<Islands>,
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

/// A family of tests, as it is called on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Family {
    /// Each region's own rate against the rest.
    Own,
    /// Moran's I and Geary's C of the whole map.
    Global,
    /// Local Moran and Gi*.
    Local,
    /// The scan for groups of neighbouring regions.
    Scan,
    /// Beside: relative risks smoothed towards the map and towards neighbours, with ranks.
    Smoothing,
    /// Beside: local Geary.
    Geary,
    /// Beside: Gini and other indices of concentration.
    Concentration,
}

impl Family {
    const USUAL: [Self; 4] = [Self::Own, Self::Global, Self::Local, Self::Scan];
}

/// What happens to regions without a neighbour.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Islands {
    /// Their own rate is tested, their surroundings are not.
    Exclude,
    /// Each is linked with its nearest region.
    Nearest,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let method = |family: &Family| match family {
        Family::Own => Method::Own,
        Family::Global => Method::Global,
        Family::Local => Method::Local,
        Family::Scan => Method::Scan,
        Family::Smoothing => Method::Smoothing,
        Family::Geary => Method::Geary,
        Family::Concentration => Method::Concentration,
    };
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
        islands: args.islands.map(|policy| match policy {
            Islands::Exclude => IslandPolicy::Exclude,
            Islands::Nearest => IslandPolicy::Nearest,
        }),
        methods: args.methods.iter().map(method).collect(),
        draws: args.draws,
        alpha: args.alpha,
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = areas::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
