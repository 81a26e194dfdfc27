//! Simplification that keeps a map whole: a border between two regions is simplified once and drawn the same from both
//! sides, so no gaps and no overlaps appear.
//!
//! Rings are cut into arcs where borders meet ([`arcs`]), then the points that matter least are removed one by one, over the
//! whole map at once ([`remove`]), until the map has the wanted number of points. The tolerance follows from that number.

mod arcs;
mod remove;

use geo::{LineString, MultiPolygon, Polygon};

use self::{arcs::Topology, remove::Removal};

/// Points a region's outline may have on average. An SVG path needs about ten bytes a point, so 400 regions come to some
/// 120 kB.
const PER_REGION: usize = 30;

/// Fewest and most points of a level: 16 states should still look like themselves, and 10 000 municipalities still fit a page.
const POINTS: (usize, usize) = (3_000, 60_000);

/// The number of points a level of so many regions is simplified to.
pub fn points_for(n_regions: usize) -> usize {
    (n_regions * PER_REGION).clamp(POINTS.0, POINTS.1)
}

/// Simplified outlines.
#[derive(Debug, Clone, PartialEq)]
pub struct Simplified {
    /// In the order given; `None` where there was none.
    pub outlines: Vec<Option<MultiPolygon<f64>>>,
    /// Points before, the last of each ring counted although it repeats the first.
    pub n_points_before: usize,
    /// Points after; more than asked for when what is left cannot be removed without tearing the map.
    pub n_points_after: usize,
    /// The tolerance found: no removed point spanned more than this with its neighbours (square degrees).
    pub area: f64,
}

/// Simplifies the outlines of one level together, to about `n_points` points.
///
/// Every ring keeps at least three corners. Islands and empty holes smaller than the tolerance are left out, but never the
/// largest part of a region.
///
/// Visvalingam M, Whyatt JD (1993), Cartographic Journal 30:46–51, doi:10.1179/000870493786962263; with the condition that no
/// other point lies in the removed triangle, which keeps borders from crossing.
pub fn simplify(outlines: &[Option<MultiPolygon<f64>>], n_points: usize) -> Simplified {
    let topology = Topology::new(outlines);
    let mut removal = Removal::new(&topology);
    let n_points_before = removal.n_points();
    let area = removal.run(n_points);
    let mut rings = (0..topology.rings.len()).map(|ring| removal.ring(ring));
    let mut next = || rings.next().flatten();
    let simplified = outlines.iter().map(|outline| {
        let outline = outline.as_ref()?;
        let parts = outline.iter().filter_map(|polygon| {
            let exterior = next();
            let holes: Vec<LineString<f64>> =
                polygon.interiors().iter().filter_map(|_| next()).collect();
            exterior.map(|exterior| Polygon::new(exterior, holes))
        });
        Some(MultiPolygon(parts.collect()))
    });
    let outlines = simplified.collect();
    Simplified { outlines, n_points_before, n_points_after: removal.n_points(), area }
}

#[cfg(test)]
fn region(rings: &[&[(f64, f64)]]) -> MultiPolygon<f64> {
    let mut rings = rings.iter().map(|ring| LineString::from(ring.to_vec()));
    let exterior = rings.next().unwrap();
    MultiPolygon(vec![Polygon::new(exterior, rings.collect())])
}

/// Two regions with a bumpy common border at x = 1.
#[cfg(test)]
fn two() -> Vec<Option<MultiPolygon<f64>>> {
    let border = [(1.0, 0.0), (1.1, 0.2), (0.9, 0.4), (1.05, 0.6), (1.0, 1.0)];
    let mut west = vec![(0.0, 0.0)];
    west.extend(border);
    west.push((0.0, 1.0));
    let mut east = vec![(2.0, 1.0)];
    east.extend(border.iter().rev());
    east.push((2.0, 0.0));
    vec![Some(region(&[&west])), None, Some(region(&[&east]))]
}

#[test]
fn a_common_border_stays_common() {
    let simplified = simplify(&two(), 12);
    let points = |at: usize| simplified.outlines[at].as_ref().unwrap().0[0].exterior().0.clone();
    assert_eq!((points(0).len(), points(2).len()), (6, 6));
    let common = |point: &&geo::Coord<f64>| points(2).contains(point);
    assert_eq!(points(0)[..5].iter().filter(common).count(), 3);
    assert_eq!(simplified.outlines[1], None);
    assert_eq!((simplified.n_points_before, simplified.n_points_after), (16, 12));
}

#[test]
fn rings_keep_three_corners_and_common_holes_stay() {
    let ring: &[(f64, f64)] =
        &[(1.0, 1.0), (2.0, 1.0), (2.1, 1.5), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)];
    let outer: &[(f64, f64)] = &[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)];
    let lake: &[(f64, f64)] = &[(7.0, 7.0), (7.1, 7.0), (7.1, 7.1), (7.0, 7.0)];
    let simplified = simplify(&[Some(region(&[outer, ring, lake])), Some(region(&[ring]))], 0);
    let county = &simplified.outlines[0].as_ref().unwrap().0[0];
    let city = &simplified.outlines[1].as_ref().unwrap().0[0];
    // The lake is gone, the city's hole is the city's outline.
    assert_eq!(county.interiors().len(), 1);
    assert_eq!(county.interiors()[0].0.len(), 4);
    let hole = &county.interiors()[0].0;
    assert!(hole.iter().all(|point| city.exterior().0.contains(point)));
}
