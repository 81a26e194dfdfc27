//! The edges of one region, binned by latitude: whether a point is inside costs a handful of edges, however long the border.
//!
//! Inside is told by the even–odd rule over all rings at once, so holes and islands need no care. The side of an edge is told
//! by exact predicates: a point is never inside both of two neighbours because of rounding, and a point on a border is known
//! to be on it.

use geo::{Coord, Kernel, MultiPolygon, Orientation, kernels::RobustKernel};

/// Edges a bin holds on average.
const PER_BIN: usize = 2;

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Outside.
    Outside,
    /// On an edge or a corner.
    Border,
    /// Inside.
    Inside,
}

/// A region's edges in bins of equal height, with its bounding box.
#[derive(Debug)]
pub(super) struct Edges {
    pub(super) min: Coord<f64>,
    pub(super) max: Coord<f64>,
    bins_per_degree: f64,
    /// Bin `i` is `binned[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    binned: Vec<Edge>,
}

/// An edge whose first point is the lower one (of a level edge, the left one), so that two neighbours see the same edge.
#[derive(Debug, Clone, Copy)]
struct Edge {
    low: Coord<f64>,
    high: Coord<f64>,
}

/// Every edge of an outline, in ring order.
pub(super) fn each_edge(outline: &MultiPolygon<f64>) -> impl Iterator<Item = [Coord<f64>; 2]> {
    outline
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .flat_map(|ring| ring.0.windows(2).map(|pair| [pair[0], pair[1]]))
}

impl Edges {
    /// Bins an outline's edges.
    pub(super) fn new(outline: &MultiPolygon<f64>) -> Self {
        let mut min = Coord { x: f64::INFINITY, y: f64::INFINITY };
        let mut max = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        let mut edges = Vec::new();
        for [a, b] in each_edge(outline) {
            min = Coord { x: min.x.min(a.x), y: min.y.min(a.y) };
            max = Coord { x: max.x.max(a.x), y: max.y.max(a.y) };
            let (low, high) = if (a.y, a.x) <= (b.y, b.x) { (a, b) } else { (b, a) };
            edges.push(Edge { low, high });
        }
        let n_bins = edges.len() / PER_BIN + 1;
        let height = max.y - min.y;
        #[allow(clippy::cast_precision_loss, reason = "edge counts are far below 2^52")]
        let bins_per_degree = if height > 0.0 { n_bins as f64 / height } else { 0.0 };
        let mut index =
            Self { min, max, bins_per_degree, starts: vec![0; n_bins + 1], binned: Vec::new() };
        index.fill(&edges);
        index
    }

    fn fill(&mut self, edges: &[Edge]) {
        for edge in edges {
            for bin in self.bin(edge.low.y)..=self.bin(edge.high.y) {
                self.starts[bin + 1] += 1;
            }
        }
        for bin in 1..self.starts.len() {
            self.starts[bin] += self.starts[bin - 1];
        }
        let Some(first) = edges.first() else { return };
        self.binned = vec![*first; self.starts.last().map_or(0, |end| *end as usize)];
        let mut next = self.starts.clone();
        for edge in edges {
            for next in &mut next[self.bin(edge.low.y)..=self.bin(edge.high.y)] {
                self.binned[*next as usize] = *edge;
                *next += 1;
            }
        }
    }

    /// The bin of a latitude; monotone in it, so that an edge that spans a latitude is always in that latitude's bin.
    fn bin(&self, y: f64) -> usize {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float cast saturates, and the result is clamped to the bins"
        )]
        let bin = ((y - self.min.y) * self.bins_per_degree) as usize;
        bin.min(self.starts.len() - 2)
    }

    fn at(&self, y: f64) -> &[Edge] {
        let bin = self.bin(y);
        &self.binned[self.starts[bin] as usize..self.starts[bin + 1] as usize]
    }

    /// Where a point lies.
    pub(super) fn side(&self, point: Coord<f64>) -> Side {
        let Coord { x, y } = point;
        // Written so that a point that is not a number is outside.
        if !(x >= self.min.x && x <= self.max.x && y >= self.min.y && y <= self.max.y) {
            return Side::Outside;
        }
        let mut is_inside = false;
        for Edge { low, high } in self.at(y) {
            if y < low.y || y > high.y {
                continue;
            }
            let (left, right) = if low.x <= high.x { (low.x, high.x) } else { (high.x, low.x) };
            if x > right {
                continue;
            }
            // The half-open rule counts a corner once: an edge owns its lower end.
            let crosses = y >= low.y && y < high.y;
            if x < left {
                is_inside ^= crosses;
                continue;
            }
            match RobustKernel::orient2d(*low, *high, point) {
                Orientation::Collinear => return Side::Border,
                Orientation::CounterClockwise => is_inside ^= crosses,
                Orientation::Clockwise => {}
            }
        }
        if is_inside { Side::Inside } else { Side::Outside }
    }

    /// Where a level line enters and leaves the region, ascending: pairs of longitudes.
    pub(super) fn spans(&self, y: f64, spans: &mut Vec<f64>) {
        spans.clear();
        if y < self.min.y || y > self.max.y {
            return;
        }
        for Edge { low, high } in self.at(y) {
            if y >= low.y && y < high.y {
                spans.push(low.x + (high.x - low.x) * ((y - low.y) / (high.y - low.y)));
            }
        }
        spans.sort_by(f64::total_cmp);
    }
}

#[cfg(test)]
fn lake_district() -> Edges {
    let hole = vec![(4.0, 4.0), (6.0, 4.0), (6.0, 6.0), (4.0, 6.0), (4.0, 4.0)];
    let outer = vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 8.0), (0.0, 10.0), (0.0, 0.0)];
    let polygon = geo::Polygon::new(outer.into(), vec![hole.into()]);
    Edges::new(&MultiPolygon(vec![polygon]))
}

#[test]
fn holes_are_outside_and_borders_are_known() {
    let edges = lake_district();
    for (x, y, side) in [
        (1.0, 1.0, Side::Inside),
        (5.0, 5.0, Side::Outside),
        (5.0, 9.0, Side::Outside),
        (1.0, 9.0, Side::Inside),
        (4.0, 5.0, Side::Border),
        (5.0, 8.0, Side::Border),
        (10.0, 10.0, Side::Border),
        (3.0, 0.0, Side::Border),
        (11.0, 0.0, Side::Outside),
        (3.0, 4.0, Side::Inside),
        (f64::NAN, 1.0, Side::Outside),
    ] {
        assert_eq!(edges.side(Coord { x, y }), side, "{x} {y}");
    }
}

#[test]
fn a_level_line_enters_and_leaves() {
    let mut spans = Vec::new();
    lake_district().spans(5.0, &mut spans);
    assert_eq!(spans, [0.0, 4.0, 6.0, 10.0]);
    lake_district().spans(9.0, &mut spans);
    assert_eq!(spans, [0.0, 2.5, 7.5, 10.0]);
    lake_district().spans(11.0, &mut spans);
    assert!(spans.is_empty());
}
