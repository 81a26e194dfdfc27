//! Shares of the population from a sample of it: each region's respondents are a domain of the whole sample, which is never cut
//! to them, since who might have been drawn belongs to the uncertainty.
//!
//! What the presentation standard does not let stand is replaced by the nearest region above that can stand, and says so.

use rayon::prelude::*;

use super::{Setting, WIDE};
use crate::{
    diagnostics::{Place, Problem, Problems, codes},
    model::{
        Cell, Counts, Estimate, Measure, MeasurePanel, Panel, RegionTree, Reliability, Respondents,
        Sample, SliceKey, Status, SurveyShare, Verdict,
    },
    statistics::{
        interval::{
            Confidence,
            korn_graubard::{self, EffectiveSize},
        },
        survey::{
            design::{self, Design, Policy, Stage},
            estimate::{self, Domains, Statistic},
            presentation, taylor,
        },
    },
};

/// How the limits are made.
const METHOD: &str = "korn-graubard";

/// Checks how each survey was drawn, in every base period.
///
/// # Errors
/// [`codes::SURVEY_DESIGN`], with the first row concerned: weights that cannot be, population sizes that contradict each
/// other, strata with a single primary sampling unit and no policy for them.
pub fn check(samples: &[Sample]) -> Problems {
    let mut problems = Problems::default();
    let mut seen: Vec<&str> = Vec::new();
    for sample in samples {
        let respondents = &sample.respondents;
        if seen.contains(&respondents.source.as_str()) {
            continue;
        }
        seen.push(respondents.source.as_str());
        let last = respondents.period.iter().max().copied().unwrap_or(0);
        for period in 0..=last {
            let asked: Vec<usize> = (0..respondents.period.len())
                .filter(|&at| respondents.period[at] == period)
                .collect();
            if asked.is_empty() {
                continue;
            }
            if let Err(found) = drawn(respondents, &asked) {
                let found = found.into_iter().map(|problem| worded(problem, respondents, &asked));
                found.for_each(|problem| problems.push(problem));
            }
        }
    }
    problems
}

fn drawn(respondents: &Respondents, asked: &[usize]) -> Result<Design, Vec<design::Problem>> {
    let take = |list: &[u32]| -> Vec<u32> { asked.iter().map(|&at| list[at]).collect() };
    let real = |list: &[f64]| -> Vec<f64> { asked.iter().map(|&at| list[at]).collect() };
    let (strata, clusters) = (take(&respondents.stratum), take(&respondents.psu));
    let population = respondents.stratum_psus.as_deref().map(real);
    let stage = Stage {
        strata: Some(&strata),
        clusters: Some(&clusters),
        population: population.as_deref(),
    };
    let policy = Policy { lonely: respondents.lonely, in_domains: false };
    Design::new(&real(&respondents.weight), &[stage], policy)
}

fn worded(problem: design::Problem, respondents: &Respondents, asked: &[usize]) -> Problem {
    use design::Problem as Wrong;
    let source = &respondents.source;
    let (row, message, help) = match problem {
        Wrong::Weight { first_row, n_rows } => (
            Some(first_row),
            format!("a weight is below 0 or no number, in {n_rows} rows of `{source}`"),
            "give every respondent the number of persons they stand for",
        ),
        Wrong::NoWeight => (
            None,
            format!("every weight of `{source}` is 0"),
            "give the column of weights as `survey_weight`",
        ),
        Wrong::Population { first_row, n_rows, .. } => (
            Some(first_row),
            format!("`stratum_psus` is not above 0, in {n_rows} rows of `{source}`"),
            "give the number of primary sampling units in the stratum's population",
        ),
        Wrong::PopulationVaries { first_row, .. } => (
            Some(first_row),
            "`stratum_psus` differs from other rows of the same stratum".to_owned(),
            "a stratum has one number of primary sampling units",
        ),
        Wrong::PopulationTooSmall { first_row, n_drawn, .. } => (
            Some(first_row),
            format!("{n_drawn} primary sampling units were drawn in the stratum, more than `stratum_psus` says it has"),
            "check that `psu` numbers units, not respondents",
        ),
        Wrong::LonelyPsu { first_row, .. } => (
            Some(first_row),
            "the stratum has a single primary sampling unit, so that nothing says how much it varies".to_owned(),
            "merge it with a similar stratum, or choose a policy: `lonely_psu = \"adjust\"` (cautious), `average`, `certainty`, `remove`",
        ),
        Wrong::NoRows
        | Wrong::TooManyRows
        | Wrong::Length { .. }
        | Wrong::NoClusters { .. }
        | Wrong::NoPopulationAbove { .. } => (
            None,
            format!("the respondents of `{source}` cannot be put in order: {problem:?}"),
            "check the source's columns",
        ),
    };
    let place = row
        .and_then(|row| respondents.rows.get(*asked.get(row)?))
        .map(|(file, row)| Place::Row { file: file.clone(), row: *row, column: None });
    let problem = Problem::new(&codes::SURVEY_DESIGN, message).help(help);
    match place {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// Estimates a measure's shares from the surveys that asked, the first declared that did.
pub(super) fn estimate(
    counts: &MeasurePanel<Cell<Counts>>,
    samples: &[&Sample],
    measure: &Measure,
    setting: &Setting<'_>,
) -> (MeasurePanel<Estimate>, Vec<SurveyShare>) {
    let n_periods = counts.panel.n_periods;
    let mut panel = Panel::new(counts.panel.n_regions, n_periods);
    let mut shares = Vec::new();
    for key in counts.panel.keys() {
        let by_period: Vec<Vec<Option<Own>>> = (0..n_periods)
            .into_par_iter()
            .map(|period| own(key.ideology, period, samples, measure, setting))
            .collect();
        let at = |region: usize, period: usize| by_period[period][region].as_ref();
        let cells = (0..counts.panel.n_regions * n_periods).map(|cell| {
            shown(cell / n_periods, |region| at(region, cell % n_periods), setting.tree)
        });
        panel.insert(key, cells.collect());
        for region in 0..counts.panel.n_regions {
            for period in 0..n_periods {
                let Some(own) = at(region, period) else { continue };
                shares.push(own.share(counts, region, period, key));
            }
        }
    }
    let of_panel = MeasurePanel {
        key: counts.key,
        panel,
        parts: counts.parts.clone(),
        sources: counts.sources.clone(),
    };
    (of_panel, shares)
}

/// What a region's own respondents say.
struct Own<'a> {
    respondents: &'a Respondents,
    estimate: estimate::Estimate,
    presentation: presentation::Presentation,
    interval998: Option<(f64, f64)>,
    per: f64,
}

/// By region, from its own respondents; `None` without any.
fn own<'a>(
    slot: usize,
    period: usize,
    samples: &[&'a Sample],
    measure: &Measure,
    setting: &Setting<'_>,
) -> Vec<Option<Own<'a>>> {
    let (tree, parts) = (setting.tree, setting.calendar.parts(period));
    let mut own: Vec<Option<Own<'_>>> = (0..tree.len()).map(|_| None).collect();
    let asked =
        samples.iter().find_map(|&sample| Some((sample, sample.asked_in(slot, parts.clone())?)));
    let Some((sample, asked)) = asked else { return own };
    let respondents = sample.respondents.as_ref();
    let design = drawn(respondents, &asked).expect("invariant: designs are checked before");
    let answers: Vec<Option<bool>> = asked.iter().map(|&row| sample.answers[&slot][row]).collect();
    for level in 0..tree.levels.len() {
        let regions = tree.level(level);
        let code = |&row: &usize| {
            let around = tree.ancestor(respondents.region[row] as usize, level);
            around.map_or(u32::MAX, |region| {
                u32::try_from(region - regions.start).unwrap_or(u32::MAX)
            })
        };
        let codes: Vec<u32> = asked.iter().map(code).collect();
        let n = u32::try_from(regions.len()).unwrap_or(u32::MAX);
        let domains = Domains::By { codes: &codes, n };
        let found = taylor::estimate(&design, Statistic::Proportion(&answers), &domains);
        for (region, found) in regions.zip(found) {
            let Ok(estimate) = found else { continue };
            let presentation = presentation::judge(&estimate);
            let se = estimate.se.or(presentation.interval.is_some().then_some(0.0));
            let interval998 = se.and_then(|se| {
                let size = EffectiveSize::AtMostSample;
                let (n, df) = (estimate.n, estimate.df);
                korn_graubard::limits(estimate.value, se, n, df, Confidence::P998, size)
            });
            let per = measure.per;
            own[region] = Some(Own { respondents, estimate, presentation, interval998, per });
        }
    }
    own
}

impl Own<'_> {
    fn scaled(&self, limits: Option<(f64, f64)>) -> Option<(f64, f64)> {
        limits.map(|(lower, upper)| (lower * self.per, upper * self.per))
    }

    fn share(
        &self,
        counts: &MeasurePanel<Cell<Counts>>,
        region: usize,
        period: usize,
        key: SliceKey,
    ) -> SurveyShare {
        let (found, presentation) = (&self.estimate, &self.presentation);
        SurveyShare {
            measure: counts.key,
            region,
            period,
            ideology: key.ideology,
            source: self.respondents.source.clone(),
            value: Some(found.value * self.per),
            se: found.se.map(|se| se * self.per),
            interval95: self.scaled(presentation.interval),
            n: Some(u64::from(found.n)),
            n_positive: Some(u64::from(found.n_positive)),
            n_eff: found.n_eff,
            df: Some(found.df),
            deff: found.deff,
            verdict: presentation.verdict,
            reasons: presentation
                .reasons
                .iter()
                .map(|reason| reason.words())
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    /// The estimate as shown in the region itself.
    fn cell(&self) -> Estimate {
        let (value, interval95) = (self.estimate.value * self.per, self.presentation.interval);
        let interval95 = self.scaled(interval95);
        let reliability = match (self.presentation.verdict, interval95) {
            (Verdict::Review, _) => Reliability::Wide,
            (_, Some((lower, upper))) if upper - lower > WIDE * value => Reliability::Wide,
            _ => Reliability::Ok,
        };
        Estimate {
            value: Some(value),
            interval95,
            interval998: self.scaled(self.interval998),
            numerator: Some(u64::from(self.estimate.n_positive)),
            denominator: Some(f64::from(self.estimate.n)),
            n_units: Some(u64::from(self.estimate.n)),
            coverage: Some(1.0),
            method: METHOD,
            reliability,
            ..Estimate::empty(Status::Estimated)
        }
    }

    fn may_stand(&self) -> bool {
        self.presentation.verdict < Verdict::Suppress
    }
}

/// A region's cell: its own share where it may stand, else that of the nearest region above whose may.
fn shown<'a>(
    region: usize,
    own: impl Fn(usize) -> Option<&'a Own<'a>>,
    tree: &RegionTree,
) -> Estimate {
    let stands = |region: usize| own(region).filter(|own| own.may_stand());
    if let Some(found) = stands(region) {
        return found.cell();
    }
    let above =
        (0..tree.get(region).level).rev().find_map(|level| stands(tree.ancestor(region, level)?));
    match above {
        Some(found) => Estimate { status: Status::InheritedFromParent, ..found.cell() },
        None if own(region).is_some() => Estimate::empty(Status::Suppressed),
        None => Estimate::empty(Status::NotCovered),
    }
}
