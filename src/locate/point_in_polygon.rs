//! Which region a point lies in: a grid over the map that knows the answer for most cells outright.
//!
//! A cell that no border crosses lies in one region, or in none. Only in the other cells are edges looked at, and of these
//! only the few near the point's latitude. A point on a common border belongs to the region with the lowest index.

use geo::Coord;
use rayon::prelude::*;

use super::edges::{Edges, Side, each_edge};
use crate::model::{Boundaries, RegionTree};

/// Stands for "in no region" in batches.
pub const NOWHERE: u32 = u32::MAX;

/// Cells for each edge of the map; more cells answer more points outright and take longer to build.
const CELLS_PER_EDGE: usize = 2;

/// Fewest and most cells.
const CELLS: (usize, usize) = (1 << 10, 1 << 22);

/// Points a thread takes at a time.
const BATCH: usize = 1 << 14;

/// Cells a tile is wide and high: what belongs to a tile fits the processor's cache.
const TILE: usize = 16;

/// By how much of a cell borders are widened when cells are marked: far more than rounding can move a point.
const WIDEN: f64 = 1e-6;

/// An index of the outlines of one level.
#[derive(Debug)]
pub struct PointIndex {
    level: usize,
    /// Region index of position 0.
    first: usize,
    /// By position within the level.
    edges: Vec<Edges>,
    grid: Grid,
    /// Cell `i` is `entries[starts[i]..starts[i + 1]]`, ascending.
    starts: Vec<u32>,
    /// Position within the level × 2, plus 1 where the region covers the whole cell.
    entries: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Grid {
    min: Coord<f64>,
    max: Coord<f64>,
    per_degree: Coord<f64>,
    n_columns: usize,
    n_rows: usize,
}

impl PointIndex {
    /// Indexes a level's outlines; a region without one holds no point.
    pub fn new(tree: &RegionTree, boundaries: &Boundaries, level: usize) -> Self {
        let range = tree.level(level);
        let first = range.start;
        let outlines = &boundaries.full[range];
        let nothing = geo::MultiPolygon(Vec::new());
        let edges: Vec<Edges> = outlines
            .iter()
            .map(|outline| Edges::new(outline.as_ref().unwrap_or(&nothing)))
            .collect();
        let n_edges = outlines.iter().flatten().map(|outline| each_edge(outline).count()).sum();
        let grid = Grid::over(&edges, n_edges);
        let cells: Vec<Vec<(u32, bool)>> = outlines
            .par_iter()
            .zip(&edges)
            .map(|(outline, edges)| outline.as_ref().map(|outline| grid.cells(outline, edges)))
            .map(Option::unwrap_or_default)
            .collect();
        let mut starts = vec![0; grid.n_columns * grid.n_rows + 1];
        for (cell, _) in cells.iter().flatten() {
            starts[*cell as usize + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut entries = vec![0; starts.last().map_or(0, |end: &u32| *end as usize)];
        let mut next = starts.clone();
        for (position, cells) in (0..).zip(&cells) {
            for (cell, is_whole) in cells {
                let at = &mut next[*cell as usize];
                entries[*at as usize] = position * 2 + u32::from(*is_whole);
                *at += 1;
            }
        }
        Self { level, first, edges, grid, starts, entries }
    }

    /// Position of the indexed level in the tree.
    pub fn level(&self) -> usize {
        self.level
    }

    /// Index of the region a point (degrees) lies in.
    pub fn locate(&self, lon: f64, lat: f64) -> Option<usize> {
        self.positions(Coord { x: lon, y: lat }).next().map(|position| self.first + position)
    }

    /// Indices of all regions a point (degrees) lies in or on the border of, ascending.
    pub fn all_at(&self, lon: f64, lat: f64) -> Vec<usize> {
        self.positions(Coord { x: lon, y: lat }).map(|position| self.first + position).collect()
    }

    /// Region index for each point (degrees), or [`NOWHERE`], in the order given. The slices are as long as each other; what one
    /// has more is not looked at.
    ///
    /// Points are looked up in parallel and tile by tile, which spares the memory more time than sorting them costs.
    pub fn locate_all(&self, lon: &[f64], lat: &[f64]) -> Vec<u32> {
        let n_points = lon.len().min(lat.len());
        let point = |at: usize| Coord { x: lon[at], y: lat[at] };
        let off_map = self.grid.n_tiles();
        let tile =
            |at: usize| self.grid.cell_of(point(at)).map_or(off_map, |cell| self.grid.tile(cell));
        let tiles: Vec<usize> =
            (0..n_points).into_par_iter().with_min_len(BATCH).map(tile).collect();
        let mut next = vec![0; off_map + 2];
        for tile in &tiles {
            next[tile + 1] += 1;
        }
        for tile in 1..next.len() {
            next[tile] += next[tile - 1];
        }
        let mut sorted = vec![(0, Coord { x: 0.0, y: 0.0 }); n_points];
        for (at, tile) in tiles.iter().enumerate() {
            sorted[next[*tile]] = (at, point(at));
            next[*tile] += 1;
        }
        let region = |(_, point): &(usize, Coord<f64>)| {
            let found = self.positions(*point).next().map(|position| self.first + position);
            found.and_then(|found| u32::try_from(found).ok()).unwrap_or(NOWHERE)
        };
        let found: Vec<u32> = sorted.par_iter().with_min_len(BATCH).map(region).collect();
        let mut regions = vec![NOWHERE; n_points];
        for ((at, _), region) in sorted.iter().zip(found) {
            regions[*at] = region;
        }
        regions
    }

    fn positions(&self, point: Coord<f64>) -> impl Iterator<Item = usize> {
        let cell = self.grid.cell_of(point);
        let entries = cell.map_or(&[][..], |cell| {
            &self.entries[self.starts[cell] as usize..self.starts[cell + 1] as usize]
        });
        entries.iter().filter_map(move |entry| {
            let position = (entry / 2) as usize;
            let is_in = entry % 2 == 1 || self.edges[position].side(point) != Side::Outside;
            is_in.then_some(position)
        })
    }
}

impl Grid {
    /// A grid over all regions, of cells about as high as wide.
    fn over(edges: &[Edges], n_edges: usize) -> Self {
        let mut min = Coord { x: f64::INFINITY, y: f64::INFINITY };
        let mut max = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        for edges in edges {
            min = Coord { x: min.x.min(edges.min.x), y: min.y.min(edges.min.y) };
            max = Coord { x: max.x.max(edges.max.x), y: max.y.max(edges.max.y) };
        }
        let (width, height) = (max.x - min.x, max.y - min.y);
        if !(width > 0.0 && height > 0.0) {
            let per_degree = Coord { x: 0.0, y: 0.0 };
            return Self { min, max, per_degree, n_columns: 1, n_rows: 1 };
        }
        let n_cells = (n_edges * CELLS_PER_EDGE).clamp(CELLS.0, CELLS.1);
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between one and four million cells"
        )]
        let n_columns = ((n_cells as f64 * width / height).sqrt() as usize).clamp(1, n_cells);
        let n_rows = (n_cells / n_columns).max(1);
        #[allow(clippy::cast_precision_loss, reason = "at most four million")]
        let per_degree = Coord { x: n_columns as f64 / width, y: n_rows as f64 / height };
        Self { min, max, per_degree, n_columns, n_rows }
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and the result is clamped to the grid"
    )]
    fn column(&self, cells: f64) -> usize {
        (cells as usize).min(self.n_columns - 1)
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and the result is clamped to the grid"
    )]
    fn row(&self, cells: f64) -> usize {
        (cells as usize).min(self.n_rows - 1)
    }

    /// A point in units of cells.
    fn in_cells(&self, at: Coord<f64>) -> Coord<f64> {
        Coord {
            x: (at.x - self.min.x) * self.per_degree.x,
            y: (at.y - self.min.y) * self.per_degree.y,
        }
    }

    fn cell_of(&self, point: Coord<f64>) -> Option<usize> {
        let Coord { x, y } = point;
        // Written so that a point that is not a number is in no cell.
        if !(x >= self.min.x && x <= self.max.x && y >= self.min.y && y <= self.max.y) {
            return None;
        }
        let at = self.in_cells(point);
        Some(self.row(at.y) * self.n_columns + self.column(at.x))
    }

    /// The tile a cell is in; tiles that follow each other lie beside each other.
    fn tile(&self, cell: usize) -> usize {
        let (row, column) = (cell / self.n_columns / TILE, cell % self.n_columns / TILE);
        row * (self.n_columns / TILE + 1) + column
    }

    fn n_tiles(&self) -> usize {
        (self.n_rows / TILE + 1) * (self.n_columns / TILE + 1)
    }

    /// The cells a region touches, ascending, and whether it covers the whole cell.
    fn cells(&self, outline: &geo::MultiPolygon<f64>, edges: &Edges) -> Vec<(u32, bool)> {
        let mut border: Vec<usize> = Vec::new();
        for [a, b] in each_edge(outline) {
            self.mark(self.in_cells(a), self.in_cells(b), &mut border);
        }
        border.sort_unstable();
        border.dedup();
        let number = |cell: usize| u32::try_from(cell).expect("invariant: at most 2^22 cells");
        let mut cells = Vec::with_capacity(border.len() * 2);
        for (at, cell) in border.iter().enumerate() {
            cells.push((number(*cell), false));
            let Some(next) = border.get(at + 1) else { break };
            // No border runs between two marked cells of a row, so what holds of one cell there holds of all.
            let is_same_row = cell / self.n_columns == next / self.n_columns;
            if is_same_row && next - cell > 1 && edges.side(self.middle(cell + 1)) == Side::Inside {
                cells.extend((cell + 1..*next).map(|cell| (number(cell), true)));
            }
        }
        cells
    }

    fn middle(&self, cell: usize) -> Coord<f64> {
        #[allow(clippy::cast_precision_loss, reason = "at most four million")]
        let (column, row) = ((cell % self.n_columns) as f64, (cell / self.n_columns) as f64);
        Coord {
            x: self.min.x + (column + 0.5) / self.per_degree.x,
            y: self.min.y + (row + 0.5) / self.per_degree.y,
        }
    }

    /// Marks every cell an edge (in units of cells) passes through or touches.
    fn mark(&self, a: Coord<f64>, b: Coord<f64>, marked: &mut Vec<usize>) {
        let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
        let x_at = |y: f64| {
            let share = if high.y > low.y { (y - low.y) / (high.y - low.y) } else { 0.0 };
            low.x + (high.x - low.x) * share.clamp(0.0, 1.0)
        };
        for row in self.row(low.y - WIDEN)..=self.row(high.y + WIDEN) {
            #[allow(clippy::cast_precision_loss, reason = "at most four million")]
            let bottom = row as f64;
            let (from, to) = if high.y - low.y > WIDEN {
                (x_at(bottom - WIDEN), x_at(bottom + 1.0 + WIDEN))
            } else {
                (low.x, high.x)
            };
            let columns = self.column(from.min(to) - WIDEN)..=self.column(from.max(to) + WIDEN);
            marked.extend(columns.map(|column| row * self.n_columns + column));
        }
    }
}

#[cfg(test)]
fn chequered(n: i32) -> (RegionTree, Boundaries) {
    use crate::model::{Region, RegionId};
    let mut regions = vec![Region { id: "X".into(), name: String::new(), level: 0, parent: None }];
    let mut full = vec![None];
    for row in 0..n {
        for column in 0..n {
            let id = RegionId::new(format!("{row:03}{column:03}"));
            regions.push(Region { id, name: String::new(), level: 1, parent: Some(0) });
            let (x, y) = (f64::from(column), f64::from(row));
            let ring = vec![(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0), (x, y)];
            let square = geo::Polygon::new(ring.into(), Vec::new());
            full.push(Some(geo::MultiPolygon(vec![square])));
        }
    }
    let levels = vec!["all".to_owned(), "square".to_owned()];
    (
        RegionTree::new(String::new(), levels, regions),
        Boundaries { drawn: vec![None; full.len()], full },
    )
}

#[test]
fn borders_belong_to_the_lowest_index() {
    let (tree, boundaries) = chequered(3);
    let index = PointIndex::new(&tree, &boundaries, 1);
    assert_eq!(index.locate(0.5, 0.5), Some(1));
    assert_eq!(index.locate(1.0, 0.5), Some(1));
    assert_eq!(index.locate(1.0, 1.0), Some(1));
    assert_eq!(index.all_at(1.0, 1.0), [1, 2, 4, 5]);
    assert_eq!(index.locate(3.0, 3.0), Some(9));
    assert_eq!(index.locate(3.1, 1.0), None);
    assert_eq!(index.locate(f64::NAN, 1.0), None);
    assert_eq!(index.locate_all(&[2.5, -1.0], &[0.2, 0.2]), [3, NOWHERE]);
}
