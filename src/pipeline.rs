//! The one place that knows the order: read → locate → count → estimate → find → protect → render.

mod checks;
mod declared;
mod examples;
mod ground;
mod manifest;
mod planted;
mod progress;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use rayon::prelude::*;

use crate::{
    assessment::{self, Assessment, Table},
    count::{self, Counting, catalogue, definition::Definition},
    diagnostics::{Place, Problem, Problems, codes},
    estimate, find, locate,
    model::{
        Cell, Counts, Draft, Estimate, Frame, Indicator, Located, MeasurePanel, Records,
        SourceReport, SurveyShare,
    },
    protect::{self, Edition, Policy},
    read, render,
    storage::{MANIFEST, OutputFolder},
};

pub use examples::examples;
use ground::Ground;
pub use progress::Progress;

/// Steps a waiting person is told of, beside one per source.
const N_STEPS: usize = 5;

/// What a run is told.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Folder that holds `assessment.toml`.
    pub folder: PathBuf,
    /// Root of the sources' paths; the folder itself by default.
    pub data: Option<PathBuf>,
    /// Folder for the result; `reports/out/<slug>` of the assessment by default.
    pub out: Option<PathBuf>,
    /// Whether to show progress bars.
    pub progress: bool,
}

/// What a run leaves behind.
#[derive(Debug, Clone)]
pub struct RunSummary {
    /// Folder that holds the manifest and the editions.
    pub out: PathBuf,
    /// How each source's rows were accounted for.
    pub sources: Vec<SourceReport>,
    /// Problems the run went on with.
    pub warnings: Problems,
}

/// Everything computed, before protection.
pub struct Computed {
    /// What all numbers refer to.
    pub frame: Arc<Frame>,
    /// Counts of every measure.
    pub counts: Vec<MeasurePanel<Cell<Counts>>>,
    /// Everything that may be released.
    pub draft: Draft,
    /// Rejected rows: source, file, line, reason.
    pub quarantine: Vec<(String, String, u64, &'static str)>,
    /// Problems the run went on with.
    pub warnings: Problems,
    /// Boundary files with their sha256.
    pub files: Vec<(String, String)>,
}

/// Makes an assessment: all stages in order, one atomic output.
///
/// # Errors
/// Everything that stops it, of the first stage that finds any; the previous output is then intact.
pub fn run(options: &RunOptions) -> Result<RunSummary, Problems> {
    let assessment = assessment::load(&options.folder, options.data.as_deref())?;
    let definitions = catalogue::load(Some(&options.folder.join("indicators")))?;
    catalogue::check_against(&assessment, &definitions).into_result()?;
    let out = options
        .out
        .clone()
        .unwrap_or_else(|| options.folder.join("reports/out").join(&assessment.slug));
    let folder = OutputFolder::begin(&out)?;
    let progress = Progress::new(options.progress, assessment.sources.len() + N_STEPS);
    let mut computed = compute(&assessment, &definitions, &progress)?;
    progress.step("protect and render");
    let Computed { frame, draft, counts, .. } = &mut computed;
    let counts = std::mem::take(counts);
    let [restricted, public] = policies(&assessment);
    let copy = draft.clone();
    let (restricted, public) = rayon::join(
        || edition(frame.clone(), copy, &restricted, &folder),
        || {
            // The shorter edition has the time to free them: all that is shown is in the draft.
            drop(counts);
            edition(frame.clone(), std::mem::take(draft), &public, &folder)
        },
    );
    let mut outputs = restricted?;
    outputs.extend(public?);
    let quarantine = manifest::quarantine(&computed.quarantine);
    let sha256 = folder.write("restricted/quarantine.csv", &quarantine)?;
    outputs.insert("restricted/quarantine.csv".to_owned(), sha256);
    folder.write(MANIFEST, &manifest::manifest(&assessment, &definitions, &computed, &outputs))?;
    folder.publish()?;
    progress.finish();
    Ok(RunSummary { out, sources: computed.frame.sources.clone(), warnings: computed.warnings })
}

/// Protects and renders one edition into the output folder; gives each file's sha256.
fn edition(
    frame: Arc<Frame>,
    draft: Draft,
    policy: &Policy,
    folder: &OutputFolder,
) -> Result<BTreeMap<String, String>, Problems> {
    let released = protect::release(frame, draft, policy)?;
    let mut outputs = BTreeMap::new();
    render::render(&released, &mut |path, artefact| {
        let path = format!("{}/{path}", policy.edition.as_str());
        let sha256 = folder.write_with(&path, |file| artefact.write_to(file))?;
        outputs.insert(path, sha256);
        Ok(())
    })?;
    Ok(outputs)
}

/// Everything wrong with an assessment's files, without estimating anything.
pub fn check(assessment: &Assessment, definitions: &[Definition]) -> Problems {
    let progress = Progress::new(false, 0);
    match count_all(assessment, &indicators(definitions), &progress) {
        Ok(_) => Problems::default(),
        Err(problems) => problems,
    }
}

fn policies(assessment: &Assessment) -> [Policy; 2] {
    [Edition::Restricted, Edition::Public].map(|edition| Policy {
        edition,
        hide_up_to: assessment.protection.hide_up_to,
        round_to: assessment.protection.round_to,
        labels_from_level: assessment.protection.labels_from,
    })
}

fn indicators(definitions: &[Definition]) -> Vec<Indicator> {
    definitions.iter().map(|definition| definition.indicator.clone()).collect()
}

/// The stages from reading to finding.
///
/// # Errors
/// Everything that stops them, of the first stage that finds any.
pub fn compute(
    assessment: &Assessment,
    definitions: &[Definition],
    progress: &Progress,
) -> Result<Computed, Problems> {
    let indicators = indicators(definitions);
    let (ground, counting, mut warnings) = count_all(assessment, &indicators, progress)?;
    progress.step("estimate and find");
    let ((estimates, surveys), found) = rayon::join(
        || estimate_all(assessment, &ground, &indicators, &counting),
        || find_all(assessment, &ground, &indicators, &counting),
    );
    let draft = Draft { estimates: Arc::new(estimates), surveys, ..found? };
    warnings.extend(checks::row_warnings(&counting));
    let quarantine = quarantined(assessment, &counting);
    let files = ground.files.clone();
    let planted = planted::planted(assessment, &ground.tree)?;
    let frame = frame(assessment, ground, indicators, counting.reports, &warnings, planted);
    Ok(Computed {
        frame: Arc::new(frame),
        counts: counting.panels,
        draft,
        quarantine,
        warnings,
        files,
    })
}

/// Read, locate and count.
fn count_all(
    assessment: &Assessment,
    indicators: &[Indicator],
    progress: &Progress,
) -> Result<(Ground, Counting, Problems), Problems> {
    progress.step("locate: regions and boundaries");
    let (ground, records) =
        rayon::join(|| Ground::survey(assessment), || read_all(assessment, progress));
    let mut problems = Problems::default();
    let ground = ground.map_err(|found| problems.extend(found)).ok();
    let records = records.map_err(|found| problems.extend(found)).ok();
    problems.into_result()?;
    let (ground, records) =
        ground.zip(records).expect("invariant: what has no problems was surveyed and read");
    let (checks, mut warnings) = checks::plausible(assessment, &records)?;
    progress.step("locate: records");
    let located = locate_all(assessment, &ground, records)?;
    progress.step("count");
    let mut counting = count::count(assessment, &ground.tree, indicators, &located)?;
    estimate::survey::check(&counting.samples).into_result()?;
    for (source, check) in checks {
        let report = counting.reports.iter_mut().find(|report| report.id == source);
        report.expect("invariant: a checked source was read").checks.push(check);
    }
    warnings.extend(checks::conflict_warnings(&counting));
    Ok((ground, counting, warnings))
}

/// Reads the sources side by side.
fn read_all(assessment: &Assessment, progress: &Progress) -> Result<Vec<Records>, Problems> {
    let read = assessment.sources.par_iter().enumerate().map(|(source_idx, source)| {
        progress.step(&format!("read: {}", source.id));
        read::read(assessment, source_idx, &assessment.data)
    });
    Problems::gather(read.collect::<Vec<_>>())
}

fn unreadable(
    assessment: &Assessment,
    source: usize,
    error: &polars::prelude::PolarsError,
) -> Problem {
    let source = &assessment.sources[source];
    Problem::new(&codes::FORMAT, format!("source `{}` cannot be read: {error}", source.id))
        .at(Place::File(source.path.clone()))
        .help("the file may be cut off or hold other types than its columns are declared to be")
}

fn locate_all(
    assessment: &Assessment,
    ground: &Ground,
    records: Vec<Records>,
) -> Result<Vec<Located>, Problems> {
    let map = locate::Map {
        tree: &ground.tree,
        calendar: &assessment.calendar,
        locator: &ground.locator,
        points: &ground.points,
    };
    let located = records.into_par_iter().map(|records| {
        let source = records.source;
        locate::place(&assessment.sources[source], records, &map)
            .map_err(|error| unreadable(assessment, source, &error).into())
    });
    Problems::gather(located.collect::<Vec<_>>())
}

fn quarantined(
    assessment: &Assessment,
    counting: &Counting,
) -> Vec<(String, String, u64, &'static str)> {
    let mut rows = Vec::new();
    for (source, (report, rejected)) in
        assessment.sources.iter().zip(counting.reports.iter().zip(&counting.rejected))
    {
        for &(file, line, reason) in rejected {
            rows.push((source.id.to_string(), report.files[file].0.clone(), line, reason.as_str()));
        }
    }
    rows
}

fn estimate_all(
    assessment: &Assessment,
    ground: &Ground,
    indicators: &[Indicator],
    counting: &Counting,
) -> (Vec<MeasurePanel<Estimate>>, Vec<SurveyShare>) {
    let setting = estimate::Setting {
        tree: &ground.tree,
        calendar: &assessment.calendar,
        test_levels: &assessment.test_levels,
        breaks: &assessment.breaks,
        seed: assessment.seed,
        limits: assessment.limits,
    };
    let by_measure: Vec<estimate::Estimated> = (0..indicators.len())
        .into_par_iter()
        .flat_map_iter(|at| {
            let own: Vec<&MeasurePanel<Cell<Counts>>> =
                counting.panels.iter().filter(|panel| panel.key.indicator == at).collect();
            estimate::estimate(&own, &counting.samples, &indicators[at], &setting)
        })
        .collect();
    let (estimates, surveys): (Vec<_>, Vec<_>) = by_measure.into_iter().unzip();
    (estimates, surveys.into_iter().flatten().collect())
}

/// Every finding; the estimates are left out.
fn find_all(
    assessment: &Assessment,
    ground: &Ground,
    indicators: &[Indicator],
    counting: &Counting,
) -> Result<Draft, Problems> {
    let primary = declared::primary(assessment, indicators);
    let setting = find::Setting {
        tree: &ground.tree,
        calendar: &assessment.calendar,
        indicators,
        neighbourhoods: &ground.neighbourhoods,
        test_levels: &assessment.test_levels,
        primary: &primary,
        breaks: &assessment.breaks,
        sources: &counting.reports,
        seed: assessment.seed,
        alpha: assessment.alpha,
        max_draws: assessment.max_draws,
    };
    let counts = &counting.panels;
    let (findings, beside) = rayon::join(
        || find::hotbeds(counts, &setting),
        || Draft {
            composites: find::composites(
                counts,
                &declared::composite_rules(assessment, indicators),
                &setting,
            ),
            changes: find::changes(counts, &setting),
            trends: find::trends(counts, &setting),
            concentrations: find::concentrations(counts, &setting),
            watches: find::alarms(counts, &setting),
            capacity: find::capacity(counts, &setting),
            ..Draft::default()
        },
    );
    Ok(Draft { findings: findings?, ..beside })
}

fn frame(
    assessment: &Assessment,
    ground: Ground,
    indicators: Vec<Indicator>,
    sources: Vec<SourceReport>,
    warnings: &Problems,
    planted: Vec<crate::model::Planted>,
) -> Frame {
    let has_population = assessment.sources.iter().any(|source| source.table == Table::Population);
    Frame {
        title: assessment.title.clone(),
        slug: assessment.slug.clone(),
        tree: ground.tree,
        boundaries: ground.boundaries,
        calendar: assessment.calendar.clone(),
        ideologies: assessment.ideologies.clone(),
        indicators,
        parties: assessment.parties.clone(),
        breaks: assessment.breaks.clone(),
        test_levels: assessment.test_levels.clone(),
        seed: assessment.seed,
        alpha: assessment.alpha,
        population: if has_population { assessment.population.words() } else { "none".to_owned() },
        weights: ground.reports,
        sources,
        warnings: warnings.0.iter().map(ToString::to_string).collect(),
        planted,
    }
}
