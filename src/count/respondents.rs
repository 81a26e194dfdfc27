//! Respondents: a survey's rows become persons who were asked once, with what they answered to each measure's question.
//!
//! Unlike events, respondents are not added up here: how sure a share is depends on who was drawn with whom, so they go on to
//! be estimated from one by one. Rows of one interview (the same number in the same base period, or the same line of a
//! file) are one respondent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use polars::prelude::{ChunkedArray, DataFrame, DataType, UInt32Type, col, lit};

use super::{
    plan::CompiledTerm,
    term::{Counted, Ground},
};
use crate::{
    assessment::{Assessment, Duplicates},
    diagnostics::{Place, Problem, Problems, codes},
    model::{
        Cell, Counts, Located, MeasureKey, MeasurePanel, Panel, Respondents, Sample, SliceKey,
        Status,
    },
};

/// Problems after which respondents are no longer compared.
const ENOUGH: usize = 20;

/// A survey after its rows were put together.
pub(super) struct Asked<'a> {
    counted: &'a Counted<'a>,
    respondents: Arc<Respondents>,
    /// Distinct combinations of the columns that conditions mention.
    combinations: Vec<Vec<Option<i64>>>,
    /// Each row's respondent and combination.
    rows: Vec<(usize, usize)>,
}

/// Puts a survey's rows together.
///
/// # Errors
/// [`codes::BAD_CELL`] for every interview whose rows disagree on place, weight or design.
pub(super) fn collect<'a>(
    assessment: &Assessment,
    located: &Located,
    counted: &'a Counted<'a>,
) -> Result<Asked<'a>, Problems> {
    let rows = rows(located, counted, assessment.duplicates).map_err(|error| {
        let id = &counted.source.id;
        Problem::new(&codes::FORMAT, format!("source `{id}` cannot be counted: {error}"))
            .at(Place::File(counted.source.path.clone()))
    })?;
    let has = |column: &str| counted.source.columns.contains_key(column);
    let (has_number, has_stratum, has_psu) = (has("respondent"), has("stratum"), has("psu"));
    let mut problems = Problems::default();
    let mut respondents = Respondents {
        source: counted.source.id.clone(),
        rows: Vec::new(),
        region: Vec::new(),
        period: Vec::new(),
        weight: Vec::new(),
        stratum: Vec::new(),
        psu: Vec::new(),
        stratum_psus: has("stratum_psus").then(Vec::new),
        lonely: counted.source.lonely_psu,
    };
    let mut numbers: BTreeMap<(u32, u32, u32), usize> = BTreeMap::new();
    let mut strata: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut units: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut combined: BTreeMap<Vec<Option<i64>>, usize> = BTreeMap::new();
    let mut belongs = Vec::with_capacity(rows.len());
    for row in rows {
        let key = match row.number {
            Some(number) if has_number => (row.period, u32::MAX, number),
            _ => (row.period, row.file, row.line),
        };
        let next_stratum = u32::try_from(strata.len()).unwrap_or(u32::MAX);
        let label = row.stratum.filter(|_| has_stratum).unwrap_or(0);
        let stratum = *strata.entry((row.period, label)).or_insert(next_stratum);
        let at = *numbers.entry(key).or_insert_with(|| {
            let at = respondents.rows.len();
            let next_unit = u32::try_from(units.len()).unwrap_or(u32::MAX);
            let label = row.psu.filter(|_| has_psu);
            // Without units of several respondents each is one of its own.
            let unit = label.unwrap_or_else(|| u32::try_from(at).unwrap_or(u32::MAX));
            respondents
                .rows
                .push((located.files[row.file as usize].0.clone(), u64::from(row.line)));
            respondents.region.push(row.region);
            respondents.period.push(row.period as usize);
            respondents.weight.push(row.weight);
            respondents.stratum.push(stratum);
            respondents.psu.push(*units.entry((stratum, unit)).or_insert(next_unit));
            if let (Some(all), Some(own)) = (&mut respondents.stratum_psus, row.stratum_psus) {
                all.push(own);
            }
            at
        });
        let same = respondents.region[at] == row.region
            && respondents.weight[at].to_bits() == row.weight.to_bits()
            && respondents.stratum[at] == stratum;
        if !same && problems.0.len() < ENOUGH {
            let (file, first) = &respondents.rows[at];
            let message = format!(
                "belongs to the interview of row {first}, but names another region, weight or stratum"
            );
            let place = Place::Row { file: file.clone(), row: u64::from(row.line), column: None };
            problems.push(
                Problem::new(&codes::BAD_CELL, message)
                    .at(place)
                    .help("give every interview of a period its own number in `respondent`"),
            );
        }
        let next = combined.len();
        belongs.push((at, *combined.entry(row.keys).or_insert(next)));
    }
    problems.into_result()?;
    let mut combinations = vec![Vec::new(); combined.len()];
    for (keys, at) in combined {
        combinations[at] = keys;
    }
    Ok(Asked { counted, respondents: Arc::new(respondents), combinations, rows: belongs })
}

/// One used row.
struct Row {
    file: u32,
    line: u32,
    region: u32,
    period: u32,
    number: Option<u32>,
    stratum: Option<u32>,
    psu: Option<u32>,
    weight: f64,
    stratum_psus: Option<f64>,
    keys: Vec<Option<i64>>,
}

/// The used rows in file order.
fn rows(
    located: &Located,
    counted: &Counted<'_>,
    duplicates: Duplicates,
) -> polars::prelude::PolarsResult<Vec<Row>> {
    let plain = ["file", "line", "region", "period", "respondent", "stratum", "psu"];
    let numbers = ["survey_weight", "stratum_psus"];
    let keys = counted.plan.keys.iter().map(|key| col(key.as_str()).alias(format!("key:{key}")));
    let columns: Vec<_> = plain.into_iter().chain(numbers).map(col).chain(keys).collect();
    let dropped = lit(duplicates == Duplicates::Drop).and(col("duplicate"));
    let frame = located
        .frame
        .clone()
        .filter(col("reason").is_null().and(dropped.not()))
        .select(columns)
        .collect()?;
    let code = |name: &str| -> polars::prelude::PolarsResult<ChunkedArray<UInt32Type>> {
        Ok(frame.column(name)?.cast(&DataType::UInt32)?.u32()?.clone())
    };
    let [file, line, region, period, number, stratum, psu] = plain.map(code);
    let (file, line, region, period) = (file?, line?, region?, period?);
    let (number, stratum, psu) = (number?, stratum?, psu?);
    let [weight, stratum_psus] = numbers.map(|name| real(&frame, name));
    let (weight, stratum_psus) = (weight?, stratum_psus?);
    let keys = counted
        .plan
        .keys
        .iter()
        .map(|key| Ok(frame.column(&format!("key:{key}"))?.cast(&DataType::Int64)?.i64()?.clone()))
        .collect::<polars::prelude::PolarsResult<Vec<_>>>()?;
    let mut rows: Vec<Row> = (0..frame.height())
        .filter_map(|row| {
            Some(Row {
                file: file.get(row)?,
                line: line.get(row)?,
                region: region.get(row)?,
                period: period.get(row)?,
                number: number.get(row),
                stratum: stratum.get(row),
                psu: psu.get(row),
                weight: weight[row].unwrap_or(1.0),
                stratum_psus: stratum_psus[row],
                keys: keys.iter().map(|column| column.get(row)).collect(),
            })
        })
        .collect();
    rows.sort_by(|a, b| (a.file, a.line, &a.keys).cmp(&(b.file, b.line, &b.keys)));
    Ok(rows)
}

fn real(frame: &DataFrame, name: &str) -> polars::prelude::PolarsResult<Vec<Option<f64>>> {
    Ok(frame.column(name)?.cast(&DataType::Float64)?.f64()?.iter().collect())
}

impl Asked<'_> {
    /// What the respondents answered to a measure: an answer that meets the denominator is one, and it counts where any of
    /// the respondent's answers about the ideology meets the numerator. `None` where the survey does not ask.
    pub(super) fn sample(
        &self,
        key: MeasureKey,
        numerator: &CompiledTerm,
        denominator: &CompiledTerm,
        ground: &Ground<'_>,
    ) -> Option<Sample> {
        let feeds =
            |term: &CompiledTerm| term.is_fed_by(self.counted.source, self.counted.dictionaries);
        if !feeds(numerator) || !feeds(denominator) {
            return None;
        }
        let meanings: Vec<(Option<bool>, usize)> = self
            .combinations
            .iter()
            .map(|keys| {
                let answered = self.counted.holds(denominator, keys);
                let counts = self.counted.holds(numerator, keys);
                (answered.then_some(counts), self.counted.class(ground, keys))
            })
            .collect();
        let n = self.respondents.rows.len();
        let mut answers: BTreeMap<usize, Vec<Option<bool>>> = BTreeMap::new();
        for &(respondent, combination) in &self.rows {
            let (Some(counts), class) = meanings[combination] else { continue };
            let own = &mut answers.entry(class).or_insert_with(|| vec![None; n])[respondent];
            *own = Some(own.unwrap_or(false) || counts);
        }
        if answers.is_empty() {
            return None;
        }
        let total = self.any(&answers);
        answers.insert(0, total);
        Some(Sample { key, respondents: self.respondents.clone(), answers })
    }

    /// Whether a respondent's answer counts for any ideology asked about in the period; missing unless one counts or all
    /// were answered.
    fn any(&self, answers: &BTreeMap<usize, Vec<Option<bool>>>) -> Vec<Option<bool>> {
        let mut asked: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (&class, answers) in answers {
            for (period, answer) in self.respondents.period.iter().zip(answers) {
                if answer.is_some() {
                    asked.entry(*period).or_default().insert(class);
                }
            }
        }
        let one = |(at, period): (usize, &usize)| {
            let mut all = asked.get(period)?.iter().map(|class| answers[class][at]);
            if all.clone().any(|answer| answer == Some(true)) {
                return Some(true);
            }
            all.all(|answer| answer.is_some()).then_some(false)
        };
        self.respondents.period.iter().enumerate().map(one).collect()
    }
}

/// Respondents by region and period, of the first survey that asked: those whose answer counts, and those with an answer.
/// Regions below what a survey tells apart are not covered by it.
pub(super) fn panel(
    key: MeasureKey,
    samples: &[Sample],
    ground: &Ground<'_>,
) -> MeasurePanel<Cell<Counts>> {
    let (tree, calendar) = (ground.tree, ground.calendar);
    let n_periods = calendar.n_periods();
    let mut panel = Panel::new(tree.len(), n_periods);
    let slots: BTreeSet<usize> =
        samples.iter().flat_map(|sample| sample.answers.keys().copied()).collect();
    for slot in slots {
        let mut n = vec![(0_u64, 0_u64); tree.len() * n_periods];
        for period in 0..n_periods {
            let asked = samples
                .iter()
                .find_map(|sample| Some((sample, sample.asked_in(slot, calendar.parts(period))?)));
            let Some((sample, rows)) = asked else { continue };
            for row in rows {
                let Some(counts) = sample.answers[&slot][row] else { continue };
                let region = sample.respondents.region[row] as usize;
                for level in 0..=tree.get(region).level {
                    let Some(around) = tree.ancestor(region, level) else { continue };
                    let cell = &mut n[around * n_periods + period];
                    cell.0 += u64::from(counts);
                    cell.1 += 1;
                }
            }
        }
        let cells = n.into_iter().map(|(counting, answered)| {
            if answered == 0 {
                return Cell::Empty(Status::NotCovered);
            }
            #[allow(clippy::cast_precision_loss, reason = "respondents are below 2^53")]
            let denominator = Some(answered as f64);
            Cell::Value(Counts {
                numerator: counting,
                denominator,
                unknown: None,
                exposure: None,
                coverage: 1.0,
                estimated: false,
                sizes: None,
                rounding: 0.0,
            })
        });
        panel.insert(SliceKey::ideology(slot), cells.collect());
    }
    let sources = samples.iter().map(|sample| sample.respondents.source.clone()).collect();
    MeasurePanel { key, panel, parts: Vec::new(), sources }
}
