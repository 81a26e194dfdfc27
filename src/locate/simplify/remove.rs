//! Removing points in the order of the triangle they span with their neighbours, smallest first.
//!
//! Far above the wanted number the order matters little and memory access matters much: there, points are removed in passes
//! along the borders, each pass taking the quarter with the smallest triangles.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use geo::{Coord, Kernel, LineString, Orientation, kernels::RobustKernel};

use super::arcs::Topology;

/// No neighbour: the end of an arc.
const END: usize = usize::MAX;

/// From this multiple of the wanted number of points on, the exact order is kept.
const EXACT_BELOW: usize = 4;

/// Points a cell of the search grid holds on average.
const PER_CELL: usize = 2;

/// The state of a removal. Every point of every arc has a slot; slots of an arc are consecutive.
#[derive(Debug)]
pub(super) struct Removal<'t> {
    topology: &'t Topology,
    /// First slot of each arc.
    starts: Vec<usize>,
    arc_of: Vec<usize>,
    point_of: Vec<u32>,
    /// Coordinates of each slot's point, beside each other for speed.
    place_of: Vec<Coord<f64>>,
    before: Vec<usize>,
    after: Vec<usize>,
    is_removed: Vec<bool>,
    /// Area a slot spans, infinite where it may not go; an entry of the queue with another area is out of date.
    area: Vec<f64>,
    /// Areas are not negative, so their bits sort as they do.
    queue: BinaryHeap<Reverse<(u64, usize)>>,
    /// Different points left in each ring; 0 when it was left out.
    corners: Vec<usize>,
    /// Largest area removed.
    largest: f64,
    /// Straight arcs between two junctions: an arc may not be straightened onto another.
    straight: BTreeMap<(u32, u32), usize>,
    grid: Grid,
}

impl<'t> Removal<'t> {
    /// Measures every point that may go.
    pub(super) fn new(topology: &'t Topology) -> Self {
        let n_slots = topology.arcs.iter().map(|arc| arc.points.len()).sum();
        let mut state = Self {
            topology,
            starts: Vec::with_capacity(topology.arcs.len()),
            arc_of: Vec::with_capacity(n_slots),
            point_of: Vec::with_capacity(n_slots),
            place_of: Vec::with_capacity(n_slots),
            before: Vec::with_capacity(n_slots),
            after: Vec::with_capacity(n_slots),
            is_removed: vec![false; n_slots],
            area: vec![f64::INFINITY; n_slots],
            queue: BinaryHeap::new(),
            corners: vec![0; topology.rings.len()],
            largest: 0.0,
            straight: BTreeMap::new(),
            grid: Grid::new(&topology.points),
        };
        for (at, arc) in topology.arcs.iter().enumerate() {
            let (first, n) = (state.arc_of.len(), arc.points.len());
            state.starts.push(first);
            for position in 0..n {
                let (is_first, is_last) = (position == 0, position + 1 == n);
                let (last_slot, slot) = (first + n - 1, first + position);
                state.before.push(match (is_first, arc.is_closed) {
                    (false, _) => slot - 1,
                    (true, true) => last_slot,
                    (true, false) => END,
                });
                state.after.push(match (is_last, arc.is_closed) {
                    (false, _) => slot + 1,
                    (true, true) => first,
                    (true, false) => END,
                });
                state.arc_of.push(at);
                state.point_of.push(arc.points[position]);
                state.place_of.push(topology.points[arc.points[position] as usize]);
            }
            for ring in &arc.rings {
                state.corners[*ring] += if arc.is_closed { n } else { n - 1 };
            }
            if n == 2 && !arc.is_closed {
                *state.straight.entry(ends(&arc.points)).or_default() += 1;
            }
        }
        (0..n_slots).for_each(|slot| state.measure(slot));
        state
    }

    /// Points left, counting the first of each ring twice, as drawn.
    pub(super) fn n_points(&self) -> usize {
        self.corners.iter().filter(|corners| **corners > 0).map(|corners| corners + 1).sum()
    }

    /// Removes points until `n_points` are left or nothing more may go; returns the largest area removed.
    pub(super) fn run(&mut self, n_points: usize) -> f64 {
        let mut left = self.n_points();
        self.thin(n_points.saturating_mul(EXACT_BELOW), &mut left);
        if left > n_points {
            let slots = (0..self.area.len()).filter(|slot| self.is_candidate(*slot));
            self.queue = slots.map(|slot| Reverse((self.area[slot].to_bits(), slot))).collect();
        }
        while left > n_points {
            let Some(Reverse((bits, slot))) = self.queue.pop() else { break };
            if self.is_removed[slot] || self.area[slot].to_bits() != bits {
                continue;
            }
            let arc = &self.topology.arcs[self.arc_of[slot]];
            if self.may_go(slot) {
                left -= arc.rings.len();
                for beside in self.remove(slot) {
                    if self.is_candidate(beside) {
                        self.queue.push(Reverse((self.area[beside].to_bits(), beside)));
                    }
                }
            } else if let ([ring], true) = (&arc.rings[..], arc.is_closed)
                && self.corners[*ring] <= 3
                && self.topology.rings[*ring].may_go
            {
                left -= self.corners[*ring] + 1;
                self.largest = self.largest.max(self.area[slot]);
                self.leave_out(*ring);
            }
        }
        self.largest
    }

    /// Removes points in passes while clearly more than `n_points` are left.
    fn thin(&mut self, n_points: usize, left: &mut usize) {
        let n_slots = self.area.len();
        loop {
            let candidates = (0..n_slots).filter(|slot| self.is_candidate(*slot));
            let mut areas: Vec<f64> = candidates.map(|slot| self.area[slot]).collect();
            let quarter = areas.len() / 4;
            // A point of a common border counts twice.
            if quarter == 0 || *left < n_points.saturating_add(2 * quarter) {
                return;
            }
            let (_, limit, _) = areas.select_nth_unstable_by(quarter, f64::total_cmp);
            let left_before = *left;
            for slot in 0..n_slots {
                if self.area[slot] <= *limit && !self.is_removed[slot] && self.may_go(slot) {
                    *left -= self.topology.arcs[self.arc_of[slot]].rings.len();
                    self.remove(slot);
                }
            }
            if *left == left_before {
                return;
            }
        }
    }

    fn is_candidate(&self, slot: usize) -> bool {
        !self.is_removed[slot] && self.area[slot] < f64::INFINITY
    }

    /// Whether removing a point leaves every ring its three corners, and the map whole.
    fn may_go(&self, slot: usize) -> bool {
        let rings = &self.topology.arcs[self.arc_of[slot]].rings;
        rings.iter().all(|ring| self.corners[*ring] > 3) && self.is_free(slot)
    }

    /// A ring's remaining points; `None` when it was left out or never was one.
    pub(super) fn ring(&self, ring: usize) -> Option<LineString<f64>> {
        if self.corners[ring] < 3 {
            return None;
        }
        let mut line: Vec<Coord<f64>> = Vec::with_capacity(self.corners[ring] + 1);
        for (arc, is_backwards) in &self.topology.rings[ring].arcs {
            let first = self.starts[*arc];
            let slots = first..first + self.topology.arcs[*arc].points.len();
            let left = slots.filter(|slot| !self.is_removed[*slot]).map(|slot| self.at(slot));
            if *is_backwards {
                let mut points: Vec<Coord<f64>> = left.collect();
                points.reverse();
                line.extend(points);
            } else {
                line.extend(left);
            }
            // The next arc starts where this one ends.
            line.dedup();
        }
        if line.first() != line.last() {
            line.extend(line.first().copied());
        }
        Some(LineString(line))
    }

    fn at(&self, slot: usize) -> Coord<f64> {
        self.place_of[slot]
    }

    /// Notes the area a slot spans now; the ends of an arc span none.
    fn measure(&mut self, slot: usize) {
        let (before, after) = (self.before[slot], self.after[slot]);
        if before == END || after == END {
            return;
        }
        let (a, b, c) = (self.at(before), self.at(slot), self.at(after));
        self.area[slot] = 0.5 * ((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)).abs();
    }

    /// Whether removing a point tears nothing: no other point lies in the triangle, and no straight arc is there already.
    fn is_free(&self, slot: usize) -> bool {
        let (before, after) = (self.before[slot], self.after[slot]);
        let becomes_straight = self.before[before] == END && self.after[after] == END;
        let (first, last) = (self.point_of[before], self.point_of[after]);
        if becomes_straight && (first == last || self.straight.contains_key(&ends(&[first, last])))
        {
            return false;
        }
        let triangle = [before, slot, after];
        let own = triangle.map(|slot| self.point_of[slot]);
        self.grid.is_empty(triangle.map(|slot| self.at(slot)), own)
    }

    /// Takes a point out; returns the slots before and after it.
    fn remove(&mut self, slot: usize) -> [usize; 2] {
        let (before, after) = (self.before[slot], self.after[slot]);
        self.largest = self.largest.max(self.area[slot]);
        self.is_removed[slot] = true;
        self.after[before] = after;
        self.before[after] = before;
        self.grid.remove(self.at(slot), self.point_of[slot]);
        for ring in &self.topology.arcs[self.arc_of[slot]].rings {
            self.corners[*ring] -= 1;
        }
        if self.before[before] == END && self.after[after] == END {
            let ends = ends(&[self.point_of[before], self.point_of[after]]);
            *self.straight.entry(ends).or_default() += 1;
        }
        self.measure(before);
        self.measure(after);
        [before, after]
    }

    fn leave_out(&mut self, ring: usize) {
        self.corners[ring] = 0;
        for (arc, _) in &self.topology.rings[ring].arcs {
            let first = self.starts[*arc];
            for slot in first..first + self.topology.arcs[*arc].points.len() {
                if !std::mem::replace(&mut self.is_removed[slot], true) {
                    self.grid.remove(self.at(slot), self.point_of[slot]);
                }
            }
        }
    }
}

fn ends(points: &[u32]) -> (u32, u32) {
    let (first, last) = (points[0], points[points.len() - 1]);
    (first.min(last), first.max(last))
}

/// The remaining points by place.
#[derive(Debug)]
struct Grid {
    min: Coord<f64>,
    /// Cells a degree.
    scale: f64,
    n_columns: usize,
    n_rows: usize,
    cells: Vec<Vec<(u32, Coord<f64>)>>,
}

impl Grid {
    fn new(points: &[Coord<f64>]) -> Self {
        let mut min = Coord { x: f64::INFINITY, y: f64::INFINITY };
        let mut max = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        for at in points {
            min = Coord { x: min.x.min(at.x), y: min.y.min(at.y) };
            max = Coord { x: max.x.max(at.x), y: max.y.max(at.y) };
        }
        let (width, height) = ((max.x - min.x).max(0.0), (max.y - min.y).max(0.0));
        #[allow(clippy::cast_precision_loss, reason = "point counts are far below 2^52")]
        let n_cells = (points.len() / PER_CELL + 1) as f64;
        let scale = if width * height > 0.0 { (n_cells / (width * height)).sqrt() } else { 0.0 };
        let mut grid = Self { min, scale, n_columns: 1, n_rows: 1, cells: Vec::new() };
        grid.n_columns = whole(width * scale) + 1;
        grid.n_rows = whole(height * scale) + 1;
        grid.cells = vec![Vec::new(); grid.n_columns * grid.n_rows];
        for (number, at) in (0..).zip(points) {
            let cell = grid.row(at.y) * grid.n_columns + grid.column(at.x);
            grid.cells[cell].push((number, *at));
        }
        grid
    }

    fn column(&self, x: f64) -> usize {
        whole((x - self.min.x) * self.scale).min(self.n_columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        whole((y - self.min.y) * self.scale).min(self.n_rows - 1)
    }

    fn remove(&mut self, at: Coord<f64>, point: u32) {
        let cell = self.row(at.y) * self.n_columns + self.column(at.x);
        self.cells[cell].retain(|(other, _)| *other != point);
    }

    /// Whether no point but its own corners lies in a triangle or on its border.
    fn is_empty(&self, triangle: [Coord<f64>; 3], own: [u32; 3]) -> bool {
        let [a, b, c] = triangle;
        let (left, right) = (a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x));
        let (bottom, top) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
        let (first, last) = (self.column(left), self.column(right));
        for row in self.row(bottom)..=self.row(top) {
            let from = row * self.n_columns;
            for (point, at) in self.cells[from + first..=from + last].iter().flatten() {
                let is_near = at.x >= left && at.x <= right && at.y >= bottom && at.y <= top;
                if is_near && !own.contains(point) && covers(triangle, *at) {
                    return false;
                }
            }
        }
        true
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates, and callers clamp"
)]
fn whole(cells: f64) -> usize {
    cells as usize
}

/// Whether a point lies in a triangle or on its border; for a flat triangle, on the line between its outermost corners.
fn covers([a, b, c]: [Coord<f64>; 3], point: Coord<f64>) -> bool {
    let sides = [(a, b), (b, c), (c, a)].map(|(from, to)| RobustKernel::orient2d(from, to, point));
    if sides == [Orientation::Collinear; 3] {
        let within = |p: f64, [a, b, c]: [f64; 3]| p >= a.min(b).min(c) && p <= a.max(b).max(c);
        return within(point.x, [a.x, b.x, c.x]) && within(point.y, [a.y, b.y, c.y]);
    }
    !(sides.contains(&Orientation::Clockwise) && sides.contains(&Orientation::CounterClockwise))
}

#[test]
fn a_triangle_covers_its_inside_and_its_border() {
    let at = |x: f64, y: f64| Coord { x, y };
    let triangle = [at(0.0, 0.0), at(2.0, 0.0), at(0.0, 2.0)];
    assert!(covers(triangle, at(0.5, 0.5)) && covers(triangle, at(1.0, 1.0)));
    assert!(!covers(triangle, at(1.5, 1.5)) && !covers(triangle, at(-1.0, 0.0)));
    let flat = [at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0)];
    assert!(covers(flat, at(1.5, 1.5)) && !covers(flat, at(3.0, 3.0)));
}
