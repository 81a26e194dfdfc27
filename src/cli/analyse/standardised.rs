//! `saet analyse standardised`: one file of events and persons by area and age, rates that age does not blur.

use std::path::PathBuf;

use super::tell;
use crate::{
    analyse::standardised::{self, Options, Standard},
    cli::{Outcome, output::Output},
    statistics::interval::CountLimits,
};

/// Arguments of `saet analyse standardised`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Writes standardised.csv (one row an area: crude, directly and indirectly standardised, limits of 95 and 99.8 %), summary.json \
                  and index.html into the folder of `--out`."
)]
pub(super) struct Args {
    /// Delimited table (.csv, .tsv), one row an area and age band (and sex).
    file: PathBuf,
    /// Column of areas.
    #[arg(long, value_name = "COL")]
    area: String,
    /// Column of age bands.
    #[arg(long, value_name = "COL")]
    band: String,
    /// Column of sex, where rows are told apart by it.
    #[arg(long, value_name = "COL")]
    sex: Option<String>,
    /// Column of counts.
    #[arg(long, value_name = "COL")]
    events: String,
    /// Column of persons, or person-years.
    #[arg(long, value_name = "COL")]
    population: String,
    /// Standard population: pooled (all areas together), esp2013 (European Standard Population 2013; bands such as 20-24 and 90+), or a table with the columns band and population (and sex).
    #[arg(long, value_name = "STANDARD", value_parser = standard, default_value = "pooled")]
    standard: Standard,
    /// Limits of crude rates, and of the count behind standardised ones: garwood (exact), byar, or phe (exact below ten, then
    /// byar).
    #[arg(long, value_name = "NAME", value_parser = CountLimits::parse, default_value = "garwood")]
    limits: CountLimits,
    /// A text that means a missing cell of counts or persons, beside the empty one; may be given several times.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-standardised")]
    out: PathBuf,
}

#[allow(clippy::unnecessary_wraps, reason = "what clap asks of a parser")]
fn standard(text: &str) -> Result<Standard, String> {
    Ok(match text {
        "pooled" => Standard::Pooled,
        "esp2013" => Standard::Esp2013,
        path => Standard::File(PathBuf::from(path)),
    })
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let options = Options {
        file: args.file.clone(),
        area: args.area.clone(),
        band: args.band.clone(),
        sex: args.sex.clone(),
        events: args.events.clone(),
        population: args.population.clone(),
        standard: args.standard.clone(),
        limits: args.limits,
        missing: args.missing.clone(),
        out: args.out.clone(),
    };
    let done = standardised::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
