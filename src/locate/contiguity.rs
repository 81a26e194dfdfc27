//! How the regions of a level lie to each other: who neighbours whom, where each lies, which lie at the border.
//!
//! How outlines touch is told by [`crate::statistics::weights::contiguity`]. In files whose borders were drawn separately,
//! `snap_degrees` lets corners within that distance count as one.

use std::collections::BTreeMap;

use geo::{Centroid, MultiPolygon};

use crate::{
    assessment::{IslandPolicy, WeightsKind, WeightsRule},
    diagnostics::{Problem, codes},
    model::{Boundaries, Neighbourhood, RegionTree, Weights, WeightsReport},
    statistics::weights::{
        contiguity::{self, Outline},
        distance_band,
        great_circle::Metric,
        islands::{self, Policy},
        k_nearest,
    },
};

/// One region in this many may be an island before a policy has to be named.
const ISLANDS_ONE_IN: usize = 20;

/// Neighbours a region has under the alternative weights that count the nearest.
const NEAREST: usize = 6;

/// Share of a ring from which on a side shared with nobody makes a border region: shorter ones are slivers.
const SLIVER: f64 = 0.01;

/// The geometry of a level: declared weights, alternatives, points and border. `linked` are the links of a declared file.
///
/// # Errors
/// [`codes::BAD_VALUE`] where the declared neighbours cannot be told from the outlines there are;
/// [`codes::ISLANDS`] when more than one region in twenty has no neighbour and no policy for islands is named.
pub fn neighbourhood(
    tree: &RegionTree,
    boundaries: &Boundaries,
    level: usize,
    rule: &WeightsRule,
    linked: Option<&Weights>,
) -> Result<(Neighbourhood, WeightsReport), Problem> {
    let range = tree.level(level);
    let full = &boundaries.full[range];
    let outlines: Vec<Outline> =
        full.iter().map(|outline| outline.as_ref().map(rings).unwrap_or_default()).collect();
    let points: Vec<Option<(f64, f64)>> = full
        .iter()
        .map(|outline| outline.as_ref().and_then(Centroid::centroid).map(|at| (at.x(), at.y())))
        .collect();
    let snap = rule.snap_degrees;
    let places: Option<Vec<[f64; 2]>> =
        points.iter().map(|point| point.map(|(lon, lat)| [lon, lat])).collect();
    let nearest = |k: usize| {
        k_nearest::links(places.as_ref()?, Metric::GreatCircle, k).map(|found| found.weights)
    };
    let make = |kind: WeightsKind| match kind {
        WeightsKind::Queen => Some(contiguity::queen(&outlines, snap)),
        WeightsKind::Rook => Some(contiguity::rook(&outlines, snap)),
        WeightsKind::Nearest(k) => nearest(k),
        WeightsKind::Distance(far) => {
            distance_band::links(places.as_ref()?, Metric::GreatCircle, far)
        }
        WeightsKind::File => linked.cloned(),
    };
    let mut weights = make(rule.kind).ok_or_else(|| {
        let message = format!(
            "level `{}` has too few regions with an outline for these neighbours",
            tree.levels[level]
        );
        let help = "choose `queen`, or for `nearest` a smaller `k`";
        Problem::new(&codes::BAD_VALUE, message).at(rule.place.clone()).help(help)
    })?;
    check_islands(tree, level, rule, &weights.islands())?;
    let mut name = rule.kind.as_str().to_owned();
    if rule.islands == IslandPolicy::Nearest
        && let Some(nearest) = nearest(1)
        && let Ok(resolved) = islands::resolve(&weights, Policy::Nearest(&nearest))
        && !resolved.added.is_empty()
    {
        let n = weights.islands().len();
        let noun = if n == 1 { "island" } else { "islands" };
        name = format!("{name}, {n} {noun} linked with the nearest region");
        weights = resolved.weights;
    }
    let report = weights.report(&name, snap);
    let kinds = [WeightsKind::Queen, WeightsKind::Rook, WeightsKind::Nearest(NEAREST)];
    let others = kinds.into_iter().filter(|kind| kind.as_str() != rule.kind.as_str());
    let others = others.filter_map(|kind| Some((kind.as_str(), make(kind)?))).collect();
    let border = border(&outlines);
    Ok((Neighbourhood { weights, others, points, border }, report))
}

fn check_islands(
    tree: &RegionTree,
    level: usize,
    rule: &WeightsRule,
    islands: &[usize],
) -> Result<(), Problem> {
    let range = tree.level(level);
    let n_regions = range.len();
    let n_islands = islands.len();
    if rule.islands == IslandPolicy::Unnamed
        && n_regions > 1
        && n_islands * ISLANDS_ONE_IN > n_regions
    {
        let names: Vec<String> = islands
            .iter()
            .take(5)
            .map(|position| format!("`{}`", tree.get(range.start + position).id))
            .collect();
        let more = if n_islands > names.len() { ", …" } else { "" };
        let message = format!(
            "{n_islands} of {n_regions} regions of level `{}` have no neighbour: {}{more}",
            tree.levels[level],
            names.join(", ")
        );
        return Err(Problem::new(&codes::ISLANDS, message).at(rule.place.clone()).help(
            "if their borders were drawn separately, say how far corners may lie apart: \
             `snap = 0.0001`; if they are islands, say `islands = \"exclude\"` or `\"nearest\"`",
        ));
    }
    Ok(())
}

/// Regions with a side that no other region has; empty when so few sides are shared that outlines were drawn separately.
fn border(outlines: &[Outline]) -> Vec<bool> {
    type Side = [(u64, u64); 2];
    let key = |at: [f64; 2]| (at[0].to_bits(), at[1].to_bits());
    let sides = |ring: &[[f64; 2]]| -> Vec<(Side, f64)> {
        let pairs = ring.iter().zip(ring.iter().skip(1)).filter(|(a, b)| key(**a) != key(**b));
        pairs
            .map(|(&a, &b)| {
                let mut side = [key(a), key(b)];
                side.sort_unstable();
                (side, Metric::Plane.distance(a, b))
            })
            .collect()
    };
    let mut times: BTreeMap<Side, u32> = BTreeMap::new();
    for ring in outlines.iter().flatten() {
        for (side, _) in sides(ring) {
            *times.entry(side).or_insert(0) += 1;
        }
    }
    let open = |outline: &Outline| {
        let (mut all, mut alone) = (0.0, 0.0);
        for (side, length) in outline.iter().flat_map(|ring| sides(ring)) {
            all += length;
            alone += if times[&side] == 1 { length } else { 0.0 };
        }
        alone > SLIVER * all
    };
    let border: Vec<bool> = outlines.iter().map(open).collect();
    let n_border = border.iter().filter(|&&is_border| is_border).count();
    if n_border * 10 > border.len() * 9 { Vec::new() } else { border }
}

/// An outline's rings, holes too.
pub fn rings(outline: &MultiPolygon<f64>) -> Outline {
    outline
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(|ring| ring.coords().map(|at| [at.x, at.y]).collect())
        .collect()
}
