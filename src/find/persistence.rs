//! Family 4: how long a region's surroundings have been high or low, by Esri's emerging classes.

use crate::statistics::{
    numerics::random::Key,
    trend::emerging::{self, Gi},
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
    let class = |history: &Vec<Option<Gi>>| emerging::classify(history, setting.alpha).name();
    Some(histories.iter().map(class).collect())
}

/// Gi\* and its test for every region in one base period; nothing where a region has no data.
fn spots(table: &Table, period: usize, setting: &Setting<'_>) -> Vec<Option<Gi>> {
    let cells: Option<Vec<(u64, f64)>> =
        table.history.iter().map(|history| history[period]).collect();
    let Some(cells) = cells else { return vec![None; table.history.len()] };
    let (observed, exposure): (Vec<u64>, Vec<f64>) = cells.into_iter().unzip();
    let key = Key::named(setting.seed, &format!("persistence/{}/{period}", table.name));
    emerging::spots(&observed, &exposure, &table.weights, setting.alpha, key)
}
