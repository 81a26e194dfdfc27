//! What every analysis of a map is told: the file, its columns, who neighbours whom.

use std::path::PathBuf;

use crate::analyse::{Columns, IslandPolicy, Linking, MapSource, WeightsRule};

/// The map.
#[derive(Debug, clap::Args)]
pub(super) struct MapArgs {
    /// GeoJSON, Shapefile (.shp), or a table (.csv, .tsv) with `--lon` and `--lat`.
    #[arg(required = true)]
    file: Option<PathBuf>,
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
}

impl MapArgs {
    /// The map, with columns beside those of codes, names and places.
    pub(super) fn source(&self, columns: Columns) -> MapSource {
        MapSource {
            file: self
                .file
                .clone()
                .expect("invariant: required, and asked for without a subcommand only"),
            columns: Columns {
                id: self.id.clone(),
                name: self.name.clone(),
                lon: self.lon.clone(),
                lat: self.lat.clone(),
                ..columns
            },
            missing: self.missing.clone(),
            plane: self.plane,
        }
    }
}

/// Who neighbours whom.
#[derive(Debug, clap::Args)]
pub(super) struct LinkArgs {
    /// Who neighbours whom: queen, rook, knn:K, distance:KM, FILE.gal or FILE.gwt; queen by default, for a table knn:6.
    #[arg(long, value_name = "RULE", value_parser = WeightsRule::parse)]
    weights: Option<WeightsRule>,
    /// What happens to regions without a neighbour; has to be said when they are more than one in twenty.
    #[arg(long, value_enum)]
    islands: Option<IslandPolicy>,
    /// Distance within which corners of outlines are the same, in the unit of the coordinates: for files drawn region by region.
    #[arg(long, value_name = "D", default_value_t = 0.0)]
    snap: f64,
}

impl LinkArgs {
    /// The rule.
    pub(super) fn rule(&self) -> Linking {
        Linking { weights: self.weights.clone(), islands: self.islands, snap: self.snap }
    }
}
