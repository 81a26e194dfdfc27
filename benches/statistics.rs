//! Our side of `benches/peers`: times one task per line read, on the files that the peers read, too.
//!
//! A line is `task map draws`; the answer is `seconds fixed peak_mb check`, separated by blanks: the time of the statistic
//! alone, the part of it that does not grow with the draws, the largest resident memory of this process so far, and a
//! number that the peer must also find. Reading the files is not timed. The first argument is the folder of the files.

#![allow(
    clippy::disallowed_methods,
    reason = "reads the files that benches/peers wrote, and how much memory the kernel says was used"
)]

use std::{
    fs::read_to_string,
    hint::black_box,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use saet::{
    model::Weights,
    statistics::{
        numerics::{pvalue::Alternative, random::Key},
        scan::{
            circular::{self, Model},
            plan::Plan as ScanPlan,
            zones::Zones,
        },
        spatial::{
            local,
            sequential::{Dropping, Plan},
        },
        survey::{
            design::{Design, Policy, Stage},
            estimate::{Domains, Statistic},
            taylor,
        },
        weights::{Metric, contiguity, gal, k_nearest},
    },
};

/// Level of Benjamini–Hochberg.
const ALPHA: f64 = 0.05;

fn main() -> io::Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from).filter(|path| path.is_dir())
    else {
        writeln!(io::stdout(), "nothing measured: started by benches/peers")?;
        return Ok(());
    };
    for line in io::stdin().lock().lines() {
        let line = line?;
        let [task, map, draws] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(io::Error::other(format!("not `task map draws`: {line}")));
        };
        let n_draws = draws.parse().map_err(io::Error::other)?;
        let Timed { seconds, fixed, check } = run(task, &folder.join(map), n_draws)?;
        writeln!(io::stdout(), "{seconds:.6} {fixed:.6} {} {check:.12e}", peak_mb()?)?;
    }
    Ok(())
}

/// What a task took, and what it found.
struct Timed {
    seconds: f64,
    /// The part that does not grow with the draws.
    fixed: f64,
    check: f64,
}

fn run(task: &str, map: &Path, n_draws: u64) -> io::Result<Timed> {
    match task {
        "all-draws" => surroundings(map, |_| all_draws(n_draws)),
        // As many as peers are held against.
        "decided" => surroundings(map, |n_regions| {
            let plan = Plan::reaching(n_regions, ALPHA);
            assert_eq!(plan.n_draws, n_draws, "draws that can decide {n_regions} regions");
            plan
        }),
        "scan" => scan(map, n_draws),
        "survey" => survey(map),
        "queen" => queen(map),
        "knn8" => nearest(map),
        _ => Err(io::Error::other(format!("no such task: {task}"))),
    }
}

/// Every region gets every draw, as with the peers.
fn all_draws(n_draws: u64) -> Plan {
    Plan {
        alpha: ALPHA,
        n_draws,
        refine: 1,
        dropping: Dropping::Off,
        alternative: Alternative::TwoSided,
    }
}

/// Local Moran, Gi and Gi* with their one p. Check: the mean p.
fn surroundings(map: &Path, plan: impl Fn(usize) -> Plan) -> io::Result<Timed> {
    let values = column(&table(map)?, 2);
    let ids: Vec<String> = (1..=values.len()).map(|id| id.to_string()).collect();
    let text = read_to_string(map.with_extension("gal"))?;
    let weights: Weights = gal::read(&text, &ids)
        .map_err(|problems| io::Error::other(format!("{}: {:?}", map.display(), problems[0])))?;
    drop((text, ids));
    let plan = plan(values.len());
    let started = Instant::now();
    black_box(local::statistics(&values, &weights));
    let outcomes = local::permute(&values, &weights, &plan, Key::new(1, 1));
    let seconds = started.elapsed().as_secs_f64();
    let p: Vec<f64> = outcomes.iter().flatten().map(|outcome| outcome.p).collect();
    Ok(Timed { seconds, fixed: 0.0, check: p.iter().sum::<f64>() / number(p.len()) })
}

/// The circular Poisson scan up to half of the population, zones included. Check: the largest ratio.
fn scan(map: &Path, n_draws: u64) -> io::Result<Timed> {
    let table = table(map)?;
    let places: Vec<_> = table.iter().map(|row| Some((row[0], row[1]))).collect();
    let population = column(&table, 2);
    let cases = whole(&table, 3).into_iter().map(u64::from).collect::<Vec<_>>();
    let started = Instant::now();
    let zones = Zones::circles(&places, Metric::Plane, &population, 0.5);
    let fixed = started.elapsed().as_secs_f64();
    let plan = ScanPlan { fewest_cases: 1, ..ScanPlan::new(n_draws) };
    let model = Model::Poisson { expected: &population };
    let found = circular::scan(&zones, &cases, &model, &plan, Key::new(1, 1));
    let seconds = started.elapsed().as_secs_f64();
    Ok(Timed { seconds, fixed, check: found.map_or(0.0, |scan| scan.llr) })
}

/// Means of a value by domain from a stratified cluster sample, design included. Check: the sum of standard errors.
fn survey(map: &Path) -> io::Result<Timed> {
    let table = table(map)?;
    let (strata, clusters, domains) = (whole(&table, 0), whole(&table, 1), whole(&table, 2));
    let weights = column(&table, 3);
    let values: Vec<Option<f64>> = table.iter().map(|row| Some(row[4])).collect();
    drop(table);
    let n = domains.iter().max().map_or(0, |last| last + 1);
    let started = Instant::now();
    let stage = Stage { strata: Some(&strata), clusters: Some(&clusters), population: None };
    let design = Design::new(&weights, &[stage], Policy::default())
        .map_err(|problems| io::Error::other(format!("{:?}", problems[0])))?;
    let by = Domains::By { codes: &domains, n };
    let means = taylor::estimate(&design, Statistic::Mean(&values), &by);
    let seconds = started.elapsed().as_secs_f64();
    let errors = means.iter().flatten().filter_map(|mean| mean.se);
    Ok(Timed { seconds, fixed: seconds, check: errors.sum() })
}

/// Queen neighbours of unit squares. Check: the links.
fn queen(map: &Path) -> io::Result<Timed> {
    let square = |row: &[f64; 5]| {
        let (x, y) = (row[0], row[1]);
        vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]]]
    };
    let outlines: Vec<contiguity::Outline> = table(map)?.iter().map(square).collect();
    let started = Instant::now();
    let weights = contiguity::queen(&outlines, 0.0);
    let seconds = started.elapsed().as_secs_f64();
    Ok(Timed { seconds, fixed: seconds, check: number(weights.n_links()) })
}

/// The eight nearest. Check: the links.
fn nearest(map: &Path) -> io::Result<Timed> {
    let points: Vec<[f64; 2]> = table(map)?.iter().map(|row| [row[0], row[1]]).collect();
    let started = Instant::now();
    let found = k_nearest::links(&points, Metric::Plane, 8);
    let seconds = started.elapsed().as_secs_f64();
    let n_links = found.map_or(0, |nearest| nearest.weights.n_links());
    Ok(Timed { seconds, fixed: seconds, check: number(n_links) })
}

/// The numbers of a file with a header and up to five columns.
fn table(map: &Path) -> io::Result<Vec<[f64; 5]>> {
    let text = read_to_string(map.with_extension("csv"))?;
    let row = |line: &str| {
        let mut row = [0.0; 5];
        for (cell, text) in row.iter_mut().zip(line.split(',')) {
            *cell = text.parse().map_err(io::Error::other)?;
        }
        Ok(row)
    };
    text.lines().skip(1).map(row).collect()
}

fn column(table: &[[f64; 5]], at: usize) -> Vec<f64> {
    table.iter().map(|row| row[at]).collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the files hold small whole numbers there"
)]
fn whole(table: &[[f64; 5]], at: usize) -> Vec<u32> {
    table.iter().map(|row| row[at] as u32).collect()
}

/// A count that fits into 32 bits.
fn number(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::INFINITY, f64::from)
}

/// The kernel's high-water mark of resident memory.
fn peak_mb() -> io::Result<u64> {
    let status = read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kilobytes.unwrap_or(0) / 1024)
}
