//! `saet analyse survey`: one file of respondents, estimates for the population.

use std::path::PathBuf;

use clap::ValueEnum;

use super::tell;
use crate::{
    analyse::survey::{
        self, Calibrate, Drawing, Kind, LonelyPsu, Margins, Options, Published, Quantity,
        Replication, ShareInterval,
    },
    cli::{Outcome, output::Output},
};

/// Arguments of `saet analyse survey`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Writes estimates.csv (one row a quantity and part of the population), summary.json and index.html into the folder of \
                  `--out`. Columns that are not named are not read: names and numbers of respondents are not needed."
)]
pub(super) struct Args {
    /// Delimited table (.csv, .tsv), one row a respondent.
    file: PathBuf,
    /// Share of the population with this answer, or with one of several; may be given several times.
    #[arg(long, value_name = "COL=VALUE[,VALUE…]", value_parser = Quantity::share)]
    share: Vec<Quantity>,
    /// Mean of a number; may be given several times, as all quantities.
    #[arg(long, value_name = "COL")]
    mean: Vec<String>,
    /// Sum of a number over the population.
    #[arg(long, value_name = "COL")]
    total: Vec<String>,
    /// Sum of one number over the sum of another.
    #[arg(long, value_name = "COL/COL", value_parser = Quantity::ratio)]
    ratio: Vec<Quantity>,
    /// Quantiles of a number; the median is 0.5.
    #[arg(long, value_name = "COL:P[,P…]", value_parser = Quantiles::parse)]
    quantile: Vec<Quantiles>,
    /// Column whose values are parts of the population: a row for each, and one for everybody.
    #[arg(long, value_name = "COL")]
    by: Option<String>,
    /// A text that means a missing answer, beside the empty cell; may be given several times. Columns of the design are not meant.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Column of weights: how many persons a respondent stands for.
    #[arg(long, value_name = "COL", help_heading = "How the sample was drawn")]
    weight: Option<String>,
    /// Column of strata; for further stages a list, `-` for a stage without strata.
    #[arg(
        long,
        value_name = "COL[,COL…]",
        value_delimiter = ',',
        allow_hyphen_values = true,
        help_heading = "How the sample was drawn"
    )]
    stratum: Vec<String>,
    /// Column of sampling units; for further stages a list, first stage first: `--psu district,school`. A last stage without one draws respondents.
    #[arg(
        long,
        value_name = "COL[,COL…]",
        value_delimiter = ',',
        help_heading = "How the sample was drawn"
    )]
    psu: Vec<String>,
    /// Column of the number of sampling units in the stratum's population (numbers, not shares); for further stages a list. Without, units count as drawn with replacement.
    #[arg(
        long,
        value_name = "COL[,COL…]",
        value_delimiter = ',',
        help_heading = "How the sample was drawn"
    )]
    fpc: Vec<String>,
    /// Strata with a single sampling unit: an error, left out of the variance (remove), drawn for sure (certainty), compared with the mean of all (adjust, cautious), or given the average of the others.
    #[arg(long, value_enum, default_value_t = Lonely::Error, help_heading = "How the sample was drawn")]
    lonely_psu: Lonely,
    /// Makes replicates from the design: jk1, jkn, brr, fay:0.3 or bootstrap:500. Without, standard errors are linearised.
    #[arg(long, value_name = "KIND", value_parser = Kind::parse, conflicts_with = "replicate_weights", help_heading = "Replicates")]
    replicates: Option<Kind>,
    /// What the names of columns of replicate weights begin with: `rep` for rep1, rep2, …
    #[arg(long, value_name = "PREFIX", requires = "replicate_kind", help_heading = "Replicates")]
    replicate_weights: Option<String>,
    /// How they were made: jk1, jkn, brr, fay:0.3 or bootstrap; sets the factor of the variance.
    #[arg(long, value_name = "KIND", value_parser = Kind::parse, requires = "replicate_weights", help_heading = "Replicates")]
    replicate_kind: Option<Kind>,
    /// Factor before the sum of squares, where the documentation gives another one: 4/R for successive differences.
    #[arg(long, value_name = "X", requires = "replicate_weights", help_heading = "Replicates")]
    replicate_scale: Option<f64>,
    /// Factor of each replicate, in their order; needed for jkn.
    #[arg(
        long,
        value_name = "X,X…",
        value_delimiter = ',',
        requires = "replicate_weights",
        help_heading = "Replicates"
    )]
    replicate_scales: Vec<f64>,
    /// Degrees of freedom, as the documentation gives them; replicates minus 1 by default.
    #[arg(long, value_name = "N", requires = "replicate_weights", help_heading = "Replicates")]
    df: Option<u32>,
    /// Table of known totals of the population, with the columns variable, value and total; without a value the total is the sum of a number.
    #[arg(long, value_name = "MARGINS.csv", help_heading = "Known totals")]
    calibrate: Option<PathBuf>,
    /// How weights are moved to meet them.
    #[arg(long, value_enum, default_value_t = How::Raking, requires = "calibrate", help_heading = "Known totals")]
    calibration: How,
    /// Limits of shares.
    #[arg(long, value_enum, default_value_t = Interval::KornGraubard)]
    interval: Interval,
    /// Seed of the bootstrap.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder for the results.
    #[arg(long, value_name = "DIR", default_value = "saet-survey")]
    out: PathBuf,
}

/// Quantiles of one column.
#[derive(Debug, Clone)]
struct Quantiles(Vec<Quantity>);

impl Quantiles {
    fn parse(text: &str) -> Result<Self, String> {
        Quantity::quantiles(text).map(Self)
    }
}

/// What happens to strata with a single sampling unit.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lonely {
    Error,
    Remove,
    Certainty,
    Adjust,
    Average,
}

/// How weights are moved to meet known totals.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// As little as possible (GREG); they may become negative.
    Linear,
    /// By factors above 0.
    Raking,
}

/// Limits of shares.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Interval {
    /// Korn and Graubard's, the standard for publication.
    KornGraubard,
    /// On the scale of log-odds.
    Logit,
}

pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let mut quantities = args.share.clone();
    quantities.extend(args.mean.iter().cloned().map(Quantity::Mean));
    quantities.extend(args.total.iter().cloned().map(Quantity::Total));
    quantities.extend(args.ratio.iter().cloned());
    quantities.extend(args.quantile.iter().flat_map(|quantiles| quantiles.0.iter().cloned()));
    let published = args.replicate_weights.as_ref().zip(args.replicate_kind);
    let published = published.map(|(prefix, kind)| {
        Replication::Published(Published {
            prefix: prefix.clone(),
            kind,
            scale: args.replicate_scale,
            scales: args.replicate_scales.clone(),
            df: args.df,
        })
    });
    let options = Options {
        file: args.file.clone(),
        quantities,
        by: args.by.clone(),
        drawing: Drawing {
            weight: args.weight.clone(),
            strata: args.stratum.iter().map(|name| (name != "-").then(|| name.clone())).collect(),
            psus: args.psu.clone(),
            fpc: args.fpc.clone(),
            lonely: match args.lonely_psu {
                Lonely::Error => LonelyPsu::Error,
                Lonely::Remove => LonelyPsu::Remove,
                Lonely::Certainty => LonelyPsu::Certainty,
                Lonely::Adjust => LonelyPsu::Adjust,
                Lonely::Average => LonelyPsu::Average,
            },
        },
        replication: args.replicates.map(Replication::Made).or(published),
        margins: args.calibrate.clone().map(|file| Margins {
            file,
            how: match args.calibration {
                How::Linear => Calibrate::Linear,
                How::Raking => Calibrate::Raking,
            },
        }),
        interval: match args.interval {
            Interval::KornGraubard => ShareInterval::KornGraubard,
            Interval::Logit => ShareInterval::Logit,
        },
        missing: args.missing.clone(),
        seed: args.seed,
        out: args.out.clone(),
    };
    let done = survey::run(&options)?;
    Ok(tell(&done, &options.out, output))
}
