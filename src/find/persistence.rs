//! Family 4: how long a region's surroundings have been high or low, by Esri's emerging classes.

use crate::{
    model::Quadrant,
    statistics::{
        numerics::random::Key,
        spatial::{
            empirical_bayes_index::standardise,
            local, model_based,
            sequential::{Outcome, Plan},
        },
        trend::emerging::{self, Emerging, Gi, Pattern, Spot},
    },
};

use super::{Setting, surface::Table};

pub(super) use crate::statistics::trend::emerging::FEWEST_PERIODS;

/// The class of every region that takes part; `None` where there are too few disjoint base periods.
pub(super) fn classes(table: &Table, setting: &Setting<'_>) -> Option<Vec<&'static str>> {
    let n_periods = table.history.first()?.len();
    let mut histories: Vec<Vec<Option<Gi>>> = vec![Vec::new(); table.history.len()];
    for period in 0..n_periods {
        let found = spots(table, period, setting);
        for (history, spot) in histories.iter_mut().zip(found) {
            history.push(spot);
        }
    }
    Some(histories.iter().map(|history| name(emerging::classify(history, setting.alpha))).collect())
}

/// Gi\* and its test for every region in one base period.
fn spots(table: &Table, period: usize, setting: &Setting<'_>) -> Vec<Option<Gi>> {
    let n = table.history.len();
    let cells: Option<Vec<(u64, f64)>> =
        table.history.iter().map(|history| history[period]).collect();
    let Some((observed, exposure)) =
        cells.map(|cells| cells.into_iter().unzip::<_, _, Vec<_>, Vec<_>>())
    else {
        return vec![None; n];
    };
    let Some(index) = standardise(&observed, &exposure) else { return vec![None; n] };
    let plan = Plan::reaching(n, setting.alpha);
    let key = Key::named(setting.seed, &format!("persistence/{}/{period}", table.name));
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let overall = observed.iter().sum::<u64>() as f64 / exposure.iter().sum::<f64>();
    let expected: Vec<f64> = exposure.iter().map(|own| own * overall).collect();
    let outcomes: Vec<Option<Outcome>> = if model_based::is_sparse(&expected) {
        model_based::replicate(&observed, &exposure, None, &table.weights, &plan, key)
    } else {
        local::permute(&index.values, &table.weights, &plan, key)
    };
    local::statistics(&index.values, &table.weights)
        .into_iter()
        .zip(outcomes)
        .map(|(found, outcome)| {
            let (found, outcome) = (found?, outcome?);
            let spot = match found.quadrant {
                _ if !outcome.significant => Spot::Neither,
                Quadrant::HighHigh | Quadrant::LowHigh => Spot::Hot,
                Quadrant::LowLow | Quadrant::HighLow => Spot::Cold,
            };
            Some(Gi { z: found.gi_star, spot })
        })
        .collect()
}

fn name(class: Emerging) -> &'static str {
    match class {
        Emerging::InsufficientData => "insufficient data",
        Emerging::NoPattern => "no pattern",
        Emerging::Hot(pattern) => match pattern {
            Pattern::New => "new hot spot",
            Pattern::Consecutive => "consecutive hot spot",
            Pattern::Intensifying => "intensifying hot spot",
            Pattern::Persistent => "persistent hot spot",
            Pattern::Diminishing => "diminishing hot spot",
            Pattern::Sporadic => "sporadic hot spot",
            Pattern::Oscillating => "oscillating hot spot",
            Pattern::Historical => "historical hot spot",
        },
        Emerging::Cold(pattern) => match pattern {
            Pattern::New => "new cold spot",
            Pattern::Consecutive => "consecutive cold spot",
            Pattern::Intensifying => "intensifying cold spot",
            Pattern::Persistent => "persistent cold spot",
            Pattern::Diminishing => "diminishing cold spot",
            Pattern::Sporadic => "sporadic cold spot",
            Pattern::Oscillating => "oscillating cold spot",
            Pattern::Historical => "historical cold spot",
        },
    }
}
