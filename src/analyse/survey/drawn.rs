//! The design as the library checks it, with its replicates or calibrated, and what is wrong with it in words.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Calibrate, Kind, Options, Published, Replication,
    input::{Input, StageColumns},
    margins::{Column, Totals},
};
use crate::{
    analyse::cells::Cells,
    diagnostics::{Place, Problem, Problems, codes},
    render::words,
    statistics::{
        numerics::{float::size, random::Key},
        survey::{
            calibration::{
                benchmark::{self, Benchmark},
                linear, raking,
            },
            design::{self, Design, Policy, Stage},
            replicates::{self, Centre, Replicates, balanced, bootstrap, jackknife, supplied},
        },
    },
};

/// A checked design.
pub(super) struct Drawn {
    /// After calibration, where there is one.
    pub(super) design: Design,
    pub(super) replicates: Option<Replicates>,
    /// Smallest and largest factor of the calibration.
    pub(super) moved: Option<(f64, f64)>,
    pub(super) notes: Vec<String>,
}

/// Checks how the respondents were drawn.
///
/// # Errors
/// [`codes::SURVEY_DESIGN`] with the first row concerned.
pub(super) fn draw(input: &Input, options: &Options) -> Result<Drawn, Problems> {
    let equal = vec![1.0; input.n()];
    let weights = input.weights.as_deref().unwrap_or(&equal);
    let stages: Vec<Stage<'_>> = input
        .stages
        .iter()
        .map(|stage| Stage {
            strata: stage.strata.as_ref().map(|labels| labels.codes.as_slice()),
            clusters: stage.units.as_ref().map(|labels| labels.codes.as_slice()),
            population: stage.population.as_deref(),
        })
        .collect();
    let policy = Policy { lonely: options.drawing.lonely, in_domains: false };
    let design = Design::new(weights, &stages, policy)
        .map_err(|problems| of_design(&problems, input, options))?;
    let mut drawn = Drawn { design, replicates: None, moved: None, notes: nested(input, options) };
    if let Some(replication) = &options.replication {
        let made = match replication {
            Replication::Made(kind) => made(&drawn.design, *kind, options.seed),
            Replication::Published(published) => {
                drawn.notes.extend(degrees(published, input.replicates.1.len()));
                given(&drawn.design, published, &input.replicates.1)
            }
        };
        let made = made.map_err(|problems| of_replicates(&problems, input, options))?;
        drawn.replicates = Some(made);
    }
    calibrate(&mut drawn, input, options)?;
    Ok(drawn)
}

/// Units whose labels stand in several strata are several units; said, because it may be meant otherwise.
fn nested(input: &Input, options: &Options) -> Vec<String> {
    let first = input.stages.first();
    let Some(StageColumns { strata: Some(strata), units: Some(units), .. }) = first else {
        return Vec::new();
    };
    let mut seen: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (unit, stratum) in units.codes.iter().zip(&strata.codes) {
        seen.entry(*unit).or_default().insert(*stratum);
    }
    let n = seen.values().filter(|strata| strata.len() > 1).count();
    if n == 0 {
        return Vec::new();
    }
    let [stratum, unit, _] = options.drawing.stage(0).map(Option::unwrap_or_default);
    vec![format!(
        "{} of `{unit}` stand in several of `{stratum}`: taken as different units, one in each",
        words::plural(n, "label", "labels")
    )]
}

fn made(design: &Design, kind: Kind, seed: u64) -> Result<Replicates, Vec<replicates::Problem>> {
    match kind {
        Kind::Jk1 => jackknife::jk1(design),
        Kind::Jkn => jackknife::jkn(design),
        Kind::Brr => balanced::brr(design),
        Kind::Fay(rho) => balanced::fay(design, rho),
        Kind::Bootstrap(n) => {
            bootstrap::subsample(design, n.unwrap_or(0), Key::named(seed, "analyse/survey"))
        }
    }
}

/// The scale of a kind with so many replicates.
fn scale(kind: Kind, n: f64) -> f64 {
    match kind {
        Kind::Jk1 => (n - 1.0) / n,
        Kind::Jkn => 1.0,
        Kind::Brr => 1.0 / n,
        Kind::Fay(rho) => 1.0 / (n * (1.0 - rho) * (1.0 - rho)),
        Kind::Bootstrap(_) => 1.0 / (n - 1.0),
    }
}

fn given(
    design: &Design,
    published: &Published,
    weights: &[Vec<f64>],
) -> Result<Replicates, Vec<replicates::Problem>> {
    let n = weights.len();
    let scale = published.scale.unwrap_or_else(|| scale(published.kind, size(n)));
    let scales = if published.scales.is_empty() { vec![1.0; n] } else { published.scales.clone() };
    let df = published.df.unwrap_or_else(|| u32::try_from(n - 1).unwrap_or(u32::MAX));
    supplied::new(design, weights.to_vec(), scale, scales, Centre::Mean, df)
}

/// What was assumed of published replicates.
fn degrees(published: &Published, n: usize) -> Option<String> {
    published.df.is_none().then(|| {
        format!(
            "degrees of freedom are taken as {}, replicates minus 1, for every domain; if the documentation says otherwise: `--df N`",
            words::number_of(n - 1)
        )
    })
}

fn calibrate(drawn: &mut Drawn, input: &Input, options: &Options) -> Result<(), Problems> {
    let (Some((known, columns)), Some(margins)) = (&input.margins, &options.margins) else {
        return Ok(());
    };
    let totals: Vec<Vec<f64>> = known
        .variables
        .iter()
        .map(|(_, totals)| match totals {
            Totals::Categories(list) => list.iter().map(|known| known.persons).collect(),
            Totals::Sum(total) => vec![*total],
        })
        .collect();
    let benchmarks: Vec<Benchmark<'_>> = columns
        .iter()
        .zip(&totals)
        .map(|(column, totals)| match column {
            Column::Codes(codes) => Benchmark::Categories { codes, totals },
            Column::Numbers(values) => Benchmark::Sum { values, total: totals[0] },
        })
        .collect();
    let in_words = |problems: Vec<benchmark::Problem>| {
        let names: Vec<&str> = known.variables().collect();
        let all = problems.iter().map(|problem| of_benchmarks(*problem, &names, &known.file));
        Problems(all.collect())
    };
    let calibrated = match margins.how {
        Calibrate::Linear => linear::calibrate(&drawn.design, &benchmarks),
        Calibrate::Raking => raking::calibrate(&drawn.design, &benchmarks),
    };
    let calibrated = calibrated.map_err(in_words)?;
    if let Some(before) = &drawn.replicates {
        let after = calibrated.replicates(before);
        drawn.replicates = Some(after.map_err(|problem| in_words(vec![problem]))?);
    }
    drawn.design = calibrated.design;
    drawn.moved = Some(calibrated.weight_ratios);
    Ok(())
}

/// Label of a stage's stratum.
fn stratum(input: &Input, stage: usize, code: u32) -> Option<&str> {
    let labels = input.stages.get(stage)?.strata.as_ref()?;
    labels.names.get(code as usize).map(String::as_str)
}

const POLICIES: &str = "join it with a similar stratum, or say how it is treated: `--lonely-psu adjust` (cautious), `average`, `certainty` \
                        (it was drawn for sure) or `remove` (leaves it out of the variance)";

fn of_design(problems: &[design::Problem], input: &Input, options: &Options) -> Problems {
    use design::Problem as Wrong;
    let mut cells = Cells::new(&input.file, &[]);
    for problem in problems {
        let (stage, row, message, help) = match *problem {
            Wrong::LonelyPsu { stage, stratum: code, first_row } => {
                let whose = stratum(input, stage, code)
                    .map_or("the sample".to_owned(), |name| format!("stratum `{name}`"));
                let message = format!(
                    "{whose} has a single sampling unit, so that nothing says how much units vary there"
                );
                (stage, Some(first_row), message, POLICIES)
            }
            Wrong::PopulationVaries { stage, first_row, .. } => (
                stage,
                Some(first_row),
                "the population differs from other rows of the same stratum".to_owned(),
                "a stratum has one number of units in the population",
            ),
            Wrong::PopulationTooSmall { stage, first_row, n_drawn, .. } => (
                stage,
                Some(first_row),
                format!(
                    "{n_drawn} units were drawn from this stratum, more than its population has"
                ),
                "give the number of sampling units in the stratum’s population, not of persons and not a share; check that `--psu` \
                 names units",
            ),
            Wrong::NoPopulationAbove { stage } => (
                stage,
                None,
                "a later stage has population sizes, but the one above has none".to_owned(),
                "name the sizes of every stage, the first stage first: `--fpc COL,COL`",
            ),
            _ => (
                0,
                None,
                format!("the respondents cannot be put in order: {problem:?}"),
                "check the columns of weights, strata and units",
            ),
        };
        let [strata, units, population] = options.drawing.stage(stage);
        let column = match problem {
            Wrong::LonelyPsu { .. } => strata.or(units),
            _ => population,
        };
        let problem = Problem::new(&codes::SURVEY_DESIGN, message).help(help);
        match (row.and_then(|row| input.lines.get(row)), column) {
            (Some(line), Some(column)) => cells.refuse(problem, *line, column),
            _ => cells.refuse_file(problem.at(Place::File(input.file.clone()))),
        }
    }
    cells.result().err().unwrap_or_default()
}

fn of_replicates(problems: &[replicates::Problem], input: &Input, options: &Options) -> Problems {
    use replicates::Problem as Wrong;
    let name = |code: u32| stratum(input, 0, code).unwrap_or("of all").to_owned();
    let worded = |problem: &Wrong| {
        let (message, help) = match *problem {
            Wrong::LonelyPsu { stratum } => (
                format!("stratum `{}` has a single sampling unit", name(stratum)),
                "replicates can follow `--lonely-psu certainty` and `remove` only; others need linearisation, without `--replicates`".to_owned(),
            ),
            Wrong::Stratified => (
                "JK1 is for a sample without strata".to_owned(),
                "use `--replicates jkn`".to_owned(),
            ),
            Wrong::NotPaired { stratum, n } => (
                format!("stratum `{}` has {n} sampling units; half-samples need two in each", name(stratum)),
                "use `--replicates jkn` or `--replicates bootstrap:500`".to_owned(),
            ),
            Wrong::TooFew => (
                "there are fewer than two replicates".to_owned(),
                "a variance needs at least two".to_owned(),
            ),
            Wrong::Invalid { replicate } => {
                let column = input.replicates.0.get(replicate).map_or("a replicate", String::as_str);
                (
                    format!("`{column}` has no factor, or one too many is given"),
                    format!(
                        "give one of `--replicate-scales` for each of {} replicates",
                        words::number_of(input.replicates.0.len())
                    ),
                )
            }
            Wrong::Calibrated | Wrong::Rho => {
                (format!("replicates cannot be made: {problem:?}"), "leave `--replicates` out".to_owned())
            }
        };
        let place = Place::File(options.file.display().to_string());
        Problem::new(&codes::SURVEY_DESIGN, message).at(place).help(help)
    };
    Problems(problems.iter().map(worded).collect())
}

fn of_benchmarks(problem: benchmark::Problem, names: &[&str], file: &str) -> Problem {
    use benchmark::Problem as Wrong;
    let name = |at: usize| names.get(at).copied().unwrap_or_default();
    let (message, help) = match problem {
        Wrong::TotalsDisagree { benchmark, found, expected } => (
            format!(
                "the totals of `{}` add up to {found}, those of the first variable to {expected}",
                name(benchmark)
            ),
            "all variables are of the same population: correct the totals",
        ),
        Wrong::Redundant { benchmark } => (
            format!("`{}` says nothing that the variables before it do not say", name(benchmark)),
            "leave it out, or join values that always occur together",
        ),
        Wrong::NoSolution => (
            "no weights meet all totals".to_owned(),
            "join rare values, leave a variable out, or use `--calibration linear`, and look at the weights it gives",
        ),
        Wrong::Replicates { first, n, benchmark } => (
            format!(
                "{} cannot meet the totals, first the one numbered {}{}",
                words::plural(n, "replicate", "replicates"),
                first + 1,
                benchmark.map_or_else(String::new, |at| format!(
                    ": a value of `{}` occurs in none of its rows, or follows from the others",
                    name(at)
                ))
            ),
            "join rare values, or leave `--replicates` out: standard errors are then linearised",
        ),
        _ => (
            format!("the totals cannot be used: {problem:?}"),
            "check variables, values and totals",
        ),
    };
    Problem::new(&codes::SURVEY_DESIGN, message).at(Place::File(file.to_owned())).help(help)
}
