//! The blind-spot map: how many of the core indicators each area can supply itself.

use super::plan::{Area, Plan};
use crate::{
    model::CapacityState,
    render::{view::View, words},
};

const CLASSES: [&str; 5] = ["c-1", "c-2", "c-3", "c-4", "c-5"];

/// Core indicators a region can supply itself, and all core indicators.
pub(in crate::render) fn score(view: &View<'_>, region: usize) -> (usize, usize) {
    let core = (0..view.frame.indicators.len()).filter(|&at| view.frame.indicators[at].core);
    core.fold((0, 0), |(present, all), indicator| {
        let has =
            view.capacity(region, indicator).is_some_and(|row| row.state == CapacityState::Present);
        (present + usize::from(has), all + 1)
    })
}

/// The map of the finest level; `None` without capacity rows.
pub(in crate::render) fn plan(view: &View<'_>) -> Option<Plan> {
    let level = view.frame.tree.deepest();
    if view.released.capacity().is_empty() || level == 0 {
        return None;
    }
    let scores: Vec<(usize, usize, usize)> = view
        .frame
        .tree
        .level(level)
        .map(|region| {
            let (present, all) = score(view, region);
            (region, present, all)
        })
        .collect();
    let areas: Vec<Area> = scores
        .iter()
        .map(|&(region, present, all)| Area {
            region,
            class: class(present, all),
            small: false,
            note: format!("{present} of {all} core indicators"),
        })
        .collect();
    let all = scores.first().map_or(0, |score| score.2);
    let most = scores.iter().map(|score| score.1).max().unwrap_or(0);
    let level_name = &view.frame.tree.levels[level];
    Some(Plan {
        name: "blind-spots".to_owned(),
        title: format!(
            "No area ({level_name} level) can supply more than {most} of the {all} core indicators"
        ),
        subtitle: format!(
            "Core indicators with a figure of the area’s own, {}",
            view.frame.calendar.label()
        ),
        legend: Plan::count(labels(all), &areas),
        has_small: false,
        areas,
        level,
    })
}

/// None, up to a quarter, half, three quarters, more.
fn class(present: usize, all: usize) -> &'static str {
    match present {
        0 => CLASSES[0],
        _ => CLASSES[1 + (present * 4).saturating_sub(1).checked_div(all).unwrap_or(0).min(3)],
    }
}

fn labels(all: usize) -> Vec<(&'static str, String)> {
    let mut labels = vec![(CLASSES[0], "None".to_owned())];
    for (at, class) in CLASSES[1..].iter().enumerate() {
        let inside = (1..=all).filter(|&n| self::class(n, all) == *class);
        let (Some(first), Some(last)) = (inside.clone().min(), inside.max()) else { continue };
        let label = if first == last { format!("{first}") } else { format!("{first} to {last}") };
        labels.push((class, if at == 0 { format!("{label} of {all}") } else { label }));
    }
    labels.into_iter().map(|(class, label)| (class, words::capitalised(&label))).collect()
}
