//! Districts and provinces: cells of the lattice grown together.

use std::collections::BTreeSet;

use super::{
    draws::{Draws, Purpose},
    lattice::Lattice,
};

/// Which cells make up which district, and which districts which province.
///
/// Invariant: districts are numbered by province and then from north to south, provinces from north to south.
#[derive(Debug)]
pub(super) struct Areas {
    /// The cells of each district.
    pub(super) cells: Vec<Vec<usize>>,
    /// Whether a district is a town of one cell.
    pub(super) is_town: Vec<bool>,
    /// The province of each district.
    pub(super) province: Vec<usize>,
    /// The districts that share a border with each district.
    pub(super) neighbours: Vec<Vec<usize>>,
    /// The district of each cell; `None` is sea.
    pub(super) district: Vec<Option<usize>>,
}

/// Cells a district has on average.
const CELLS_PER_DISTRICT: f64 = 4.5;

/// Cells of land that a number of districts needs.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a small positive size"
)]
pub(super) fn n_land_cells(n_districts: usize) -> usize {
    (n_districts as f64 * CELLS_PER_DISTRICT) as usize
}

impl Areas {
    /// Grows exactly `n_districts` districts; from 50 districts on, one of them is an island without a neighbour.
    pub(super) fn grow(lattice: &Lattice, seed: u64, n_districts: usize) -> Self {
        let land = grow_land(lattice, n_land_cells(n_districts));
        let n_islands = usize::from(n_districts >= 50);
        let n_mainland = n_districts - n_islands;
        let mut owner = grow_districts(lattice, seed, &land, n_mainland);
        let towns = n_mainland - n_towns(n_mainland)..n_mainland;
        let is_town = (0..n_districts).map(|district| towns.contains(&district)).collect();
        let mut cells = vec![Vec::new(); n_districts];
        for (cell, district) in owner.iter().enumerate() {
            if let Some(district) = district {
                cells[*district].push(cell);
            }
        }
        if n_islands == 1 {
            cells[n_districts - 1] = island(lattice, seed, &land);
            for cell in &cells[n_districts - 1] {
                owner[*cell] = Some(n_districts - 1);
            }
        }
        let middles: Vec<(f64, f64)> = cells.iter().map(|cells| middle(lattice, cells)).collect();
        let neighbours = neighbours(lattice, &owner, n_districts);
        let province = grow_provinces(seed, &middles, &neighbours);
        Self { cells, is_town, province, neighbours, district: owner }.in_order(&middles)
    }

    /// Number of provinces.
    pub(super) fn n_provinces(&self) -> usize {
        self.province.iter().max().map_or(0, |last| last + 1)
    }

    /// The districts of a province, in order.
    pub(super) fn districts_of(&self, province: usize) -> std::ops::Range<usize> {
        self.province.partition_point(|of| *of < province)
            ..self.province.partition_point(|of| *of <= province)
    }

    fn in_order(self, middles: &[(f64, f64)]) -> Self {
        let southwards = |y: f64| std::cmp::Reverse(ordered(y + 1_000.0));
        let mut provinces: Vec<usize> = (0..self.n_provinces()).collect();
        provinces.sort_by_key(|province| {
            let of = (0..middles.len()).filter(|district| self.province[*district] == *province);
            southwards(of.map(|district| middles[district].1).fold(f64::MIN, f64::max))
        });
        let mut rank = vec![0; provinces.len()];
        for (new, old) in provinces.iter().enumerate() {
            rank[*old] = new;
        }
        let mut order: Vec<usize> = (0..middles.len()).collect();
        order.sort_by_key(|old| (rank[self.province[*old]], southwards(middles[*old].1), *old));
        let mut new_number = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            new_number[*old] = new;
        }
        let renumbered = |old: &usize| {
            let mut list: Vec<usize> =
                self.neighbours[*old].iter().map(|other| new_number[*other]).collect();
            list.sort_unstable();
            list
        };
        Self {
            neighbours: order.iter().map(renumbered).collect(),
            province: order.iter().map(|old| rank[self.province[*old]]).collect(),
            is_town: order.iter().map(|old| self.is_town[*old]).collect(),
            cells: order.iter().map(|old| self.cells[*old].clone()).collect(),
            district: self.district.iter().map(|old| old.map(|old| new_number[old])).collect(),
        }
    }
}

/// Land grows from the middle, always by the least remote cell at its rim: one piece, with bays, capes and a few lakes.
fn grow_land(lattice: &Lattice, n_cells: usize) -> Vec<bool> {
    let mut land = vec![false; lattice.n_cells()];
    let mut seen = land.clone();
    let mut rim = BTreeSet::from([(0, lattice.middle_cell())]);
    for _ in 0..n_cells {
        let (_, cell) = rim.pop_first().expect("invariant: the sheet has room for the land");
        land[cell] = true;
        for next in lattice.neighbours(cell).into_iter().flatten() {
            let is_rim_of_sheet = lattice.neighbours(next).contains(&None);
            if !is_rim_of_sheet && !std::mem::replace(&mut seen[next], true) {
                rim.insert((ordered(lattice.remoteness(next)), next));
            }
        }
    }
    land
}

/// One district in eight is a town of one cell, some of them enclosed by one district; the others grow into what is left, some
/// faster than others.
fn grow_districts(
    lattice: &Lattice,
    seed: u64,
    land: &[bool],
    n_districts: usize,
) -> Vec<Option<usize>> {
    let mut draws = Draws::new(seed, Purpose::Seeds, &[]);
    let mut cells: Vec<usize> = (0..land.len()).filter(|cell| land[*cell]).collect();
    draws.shuffle(&mut cells);
    let first_town = n_districts - n_towns(n_districts);
    let n_enclosed = n_towns(n_districts).div_ceil(4);
    let mut owner: Vec<Option<usize>> = vec![None; land.len()];
    let is_spaced = |owner: &[Option<usize>], cell: usize| {
        owner[cell].is_none()
            && lattice.neighbours(cell).iter().flatten().all(|at| owner[*at].is_none())
    };
    let mut enclosed = (0..n_enclosed).map(|at| (at, first_town + at));
    let mut around = enclosed.next();
    for cell in &cells {
        let Some((district, town)) = around else { break };
        let ring = lattice.neighbours(*cell).map(|next| next.filter(|at| land[*at]));
        if ring.iter().all(|next| next.is_some_and(|at| is_spaced(&owner, at))) {
            owner[*cell] = Some(town);
            ring.into_iter().flatten().for_each(|next| owner[next] = Some(district));
            around = enclosed.next();
        }
    }
    let set: BTreeSet<usize> = owner.iter().flatten().copied().collect();
    let mut unset: Vec<usize> =
        (0..n_districts).rev().filter(|district| !set.contains(district)).collect();
    // Districts keep a cell's distance as long as there is room; what has none, and the towns, take any free cell.
    for keeps_distance in [true, false] {
        for cell in &cells {
            let Some(district) = unset.last().copied() else { break };
            let fits = if keeps_distance {
                district < first_town && is_spaced(&owner, *cell)
            } else {
                owner[*cell].is_none()
            };
            if fits {
                owner[*cell] = unset.pop();
            }
        }
    }
    let pace: Vec<f64> = (0..first_town).map(|_| draws.between(0.6, 1.7)).collect();
    let mut rim = BTreeSet::new();
    let mut growth = Draws::new(seed, Purpose::Growth, &[]);
    let mut reach_out = |rim: &mut BTreeSet<_>, owner: &[Option<usize>], cost: u64, cell, of| {
        for next in lattice.neighbours(cell).into_iter().flatten() {
            if land[next] && owner[next].is_none() {
                let pace = pace.get(of).copied().unwrap_or(1e6);
                rim.insert((cost + ordered(pace * growth.between(1.0, 2.5)), next, of));
            }
        }
    };
    for cell in 0..land.len() {
        if let Some(of) = owner[cell] {
            reach_out(&mut rim, &owner, 0, cell, of);
        }
    }
    while let Some((cost, cell, of)) = rim.pop_first() {
        if owner[cell].is_none() {
            owner[cell] = Some(of);
            reach_out(&mut rim, &owner, cost, cell, of);
        }
    }
    owner
}

/// The last districts of the mainland are towns.
fn n_towns(n_mainland: usize) -> usize {
    n_mainland / 8
}

/// Three cells at sea, none of which touches anything.
fn island(lattice: &Lattice, seed: u64, land: &[bool]) -> Vec<usize> {
    let is_sea = |cell: usize| {
        !land[cell] && lattice.neighbours(cell).iter().all(|next| next.is_some_and(|at| !land[at]))
    };
    let chosen = |cell: usize| -> Option<Vec<usize>> {
        let around = lattice.neighbours(cell);
        let all = vec![cell, around[0]?, around[1]?];
        (all.iter().all(|cell| is_sea(*cell))).then_some(all)
    };
    let cost = |cell: usize| {
        let draw = Draws::new(seed, Purpose::Land, &[cell as u64, 1]).between(0.0, 2.0);
        ordered(lattice.remoteness(cell) + draw)
    };
    (0..lattice.n_cells())
        .filter_map(|cell| Some((cost(cell), chosen(cell)?)))
        .min()
        .map(|(_, cells)| cells)
        .expect("invariant: the sheet has sea around the land")
}

fn neighbours(lattice: &Lattice, owner: &[Option<usize>], n_districts: usize) -> Vec<Vec<usize>> {
    let mut found = vec![BTreeSet::new(); n_districts];
    for (cell, of) in owner.iter().enumerate() {
        let Some(of) = of else { continue };
        for other in lattice.neighbours(cell).into_iter().flatten().filter_map(|at| owner[at]) {
            if other != *of {
                found[*of].insert(other);
            }
        }
    }
    found.into_iter().map(|set| set.into_iter().collect()).collect()
}

/// Provinces start far from each other and take in neighbouring districts, the nearest first; an island joins the nearest.
fn grow_provinces(seed: u64, middles: &[(f64, f64)], neighbours: &[Vec<usize>]) -> Vec<usize> {
    let mut draws = Draws::new(seed, Purpose::Provinces, &[]);
    let n_provinces = n_provinces(middles.len());
    let on_mainland: Vec<usize> =
        (0..middles.len()).filter(|district| !neighbours[*district].is_empty()).collect();
    let mut starts = vec![on_mainland[draws.below(on_mainland.len())]];
    let mut nearest_start: Vec<f64> =
        middles.iter().map(|at| distance(*at, middles[starts[0]])).collect();
    while starts.len() < n_provinces {
        let furthest = on_mainland.iter().max_by_key(|at| (ordered(nearest_start[**at]), **at));
        let furthest = *furthest.expect("invariant: a country has districts");
        starts.push(furthest);
        for (nearest, at) in nearest_start.iter_mut().zip(middles) {
            *nearest = nearest.min(distance(*at, middles[furthest]));
        }
    }
    let mut province = vec![usize::MAX; middles.len()];
    let mut rim: BTreeSet<(u64, usize, usize)> =
        starts.iter().enumerate().map(|(of, district)| (0, *district, of)).collect();
    while let Some((cost, district, of)) = rim.pop_first() {
        if province[district] != usize::MAX {
            continue;
        }
        province[district] = of;
        for next in neighbours[district].iter().filter(|next| province[**next] == usize::MAX) {
            let step = distance(middles[district], middles[*next]) * draws.between(0.7, 1.4);
            rim.insert((cost + ordered(step), *next, of));
        }
    }
    for district in 0..middles.len() {
        if province[district] == usize::MAX {
            let to = on_mainland
                .iter()
                .min_by_key(|other| ordered(distance(middles[district], middles[**other])))
                .expect("invariant: a country has a mainland");
            province[district] = province[*to];
        }
    }
    province
}

fn n_provinces(n_districts: usize) -> usize {
    (n_districts.isqrt() * 4 / 5).clamp(2, 60)
}

fn middle(lattice: &Lattice, cells: &[usize]) -> (f64, f64) {
    let sum = cells
        .iter()
        .map(|cell| lattice.middle_on_sheet(*cell))
        .fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    #[allow(clippy::cast_precision_loss, reason = "a district has a few cells")]
    let n = cells.len() as f64;
    (sum.0 / n, sum.1 / n)
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}

/// A number ≥ 0 as one that sorts.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and not negative"
)]
fn ordered(value: f64) -> u64 {
    (value * 1e6) as u64
}

#[test]
fn every_district_is_one_piece_and_only_the_island_stands_alone() {
    let lattice = Lattice::new(9, n_land_cells(120));
    let areas = Areas::grow(&lattice, 9, 120);
    assert_eq!(areas.cells.len(), 120);
    assert_eq!(areas.n_provinces(), 8);
    assert_eq!(areas.neighbours.iter().filter(|list| list.is_empty()).count(), 1);
    for cells in &areas.cells {
        let mut reached = BTreeSet::from([cells[0]]);
        let mut rim = vec![cells[0]];
        while let Some(cell) = rim.pop() {
            for next in lattice.neighbours(cell).into_iter().flatten() {
                if cells.contains(&next) && reached.insert(next) {
                    rim.push(next);
                }
            }
        }
        assert_eq!(reached.len(), cells.len());
    }
    assert!(areas.province.is_sorted());
}
