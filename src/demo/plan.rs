//! What is planted: a group of districts, a lone hot town, a quiet area and one that flares up in the last years.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    areas::Areas,
    draws::{Draws, Purpose},
};

/// Ideologies with their title and share of all events in a year without planted areas.
pub(super) const IDEOLOGIES: [(&str, &str, f64); 4] = [
    ("right", "Right-wing", 0.42),
    ("left", "Left-wing", 0.27),
    ("religious", "Religious", 0.17),
    ("other", "Other", 0.14),
];

/// What kind of area was planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HotbedKind {
    /// Adjacent districts, every year.
    Group,
    /// One town whose neighbours are as everywhere.
    Town,
    /// Adjacent districts with less than elsewhere.
    Lower,
    /// Adjacent districts that stand out in the last years only.
    Emerging,
}

/// A planted area. Its relative risk is against districts where nothing is planted, in the same year and ideology.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hotbed {
    /// What kind.
    pub kind: HotbedKind,
    /// Ideologies it concerns.
    pub ideologies: Vec<String>,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Planted rate over the rate elsewhere.
    pub relative_risk: f64,
    /// Codes of its districts.
    pub districts: Vec<String>,
    /// Their positions among all districts.
    #[serde(skip)]
    pub positions: Vec<usize>,
}

impl Hotbed {
    /// Whether it lies in the district and concerns the ideology, in some year.
    pub(super) fn concerns(&self, district: usize, ideology: &str) -> bool {
        self.positions.contains(&district) && self.ideologies.iter().any(|one| one == ideology)
    }
}

struct Recipe {
    kind: HotbedKind,
    ideologies: &'static [usize],
    relative_risk: f64,
    /// Districts among 400; fewer in a smaller country.
    n_districts: usize,
}

const RECIPES: [Recipe; 4] = [
    Recipe { kind: HotbedKind::Group, ideologies: &[0], relative_risk: 2.5, n_districts: 7 },
    Recipe { kind: HotbedKind::Town, ideologies: &[1], relative_risk: 4.0, n_districts: 1 },
    Recipe { kind: HotbedKind::Emerging, ideologies: &[2], relative_risk: 3.0, n_districts: 5 },
    Recipe {
        kind: HotbedKind::Lower,
        ideologies: &[0, 1, 2, 3],
        relative_risk: 0.4,
        n_districts: 6,
    },
];

/// Chooses the planted areas: well apart, each large enough that its relative risk can be seen.
pub(super) fn plant(
    areas: &Areas,
    persons: &[Vec<u64>],
    codes: &[String],
    seed: u64,
    years: (i32, i32),
) -> Vec<Hotbed> {
    let mut order: Vec<usize> = (0..areas.cells.len()).collect();
    Draws::new(seed, Purpose::Seeds, &[1]).shuffle(&mut order);
    let mut by_size: Vec<u64> = persons.iter().map(|years| years[0]).collect();
    by_size.sort_unstable();
    // Middling districts: neither too small to say anything nor so large that they are the country.
    let (least, most) = (by_size[by_size.len() / 2], by_size[by_size.len() * 19 / 20]);
    let is_middling = |district: usize| (least..=most).contains(&persons[district][0]);
    let mut blocked: BTreeSet<usize> = BTreeSet::new();
    let mut planted = Vec::new();
    for recipe in &RECIPES {
        let n_districts = (recipe.n_districts * codes.len() / 400).clamp(2, 7);
        let n_districts = if recipe.kind == HotbedKind::Town { 1 } else { n_districts };
        let wants_town = recipe.kind == HotbedKind::Town;
        let chosen = order
            .iter()
            .filter(|centre| areas.is_town[**centre] == wants_town && is_middling(**centre))
            .find_map(|centre| gather(areas, *centre, n_districts, &blocked));
        let Some(mut positions) = chosen else { continue };
        positions.sort_unstable();
        for district in &positions {
            blocked.insert(*district);
            for next in &areas.neighbours[*district] {
                blocked.insert(*next);
                blocked.extend(&areas.neighbours[*next]);
            }
        }
        let from = match recipe.kind {
            HotbedKind::Emerging => (years.1 - 1).max(years.0),
            _ => years.0,
        };
        planted.push(Hotbed {
            kind: recipe.kind,
            ideologies: recipe.ideologies.iter().map(|at| IDEOLOGIES[*at].0.to_owned()).collect(),
            from,
            to: years.1,
            relative_risk: recipe.relative_risk,
            districts: positions.iter().map(|at| codes[*at].clone()).collect(),
            positions,
        });
    }
    planted
}

/// A district and those nearest to it by steps across borders, unless one of them is taken.
fn gather(
    areas: &Areas,
    centre: usize,
    n_districts: usize,
    blocked: &BTreeSet<usize>,
) -> Option<Vec<usize>> {
    let mut group = vec![centre];
    let mut looked_at = 0;
    while group.len() < n_districts {
        let around = &areas.neighbours[*group.get(looked_at)?];
        for next in around.iter().filter(|next| !areas.is_town[**next]) {
            if group.len() < n_districts && !group.contains(next) {
                group.push(*next);
            }
        }
        looked_at += 1;
    }
    let is_free = group.iter().all(|district| !blocked.contains(district));
    let has_neighbours = !areas.neighbours[centre].is_empty();
    (is_free && has_neighbours).then_some(group)
}

/// The planted relative risk of a district, ideology and year; 1 where nothing is planted.
pub(super) fn relative_risk(hotbeds: &[Hotbed], district: usize, ideology: &str, year: i32) -> f64 {
    hotbeds
        .iter()
        .find(|hotbed| {
            hotbed.concerns(district, ideology) && (hotbed.from..=hotbed.to).contains(&year)
        })
        .map_or(1.0, |hotbed| hotbed.relative_risk)
}
