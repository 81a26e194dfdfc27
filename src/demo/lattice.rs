//! The lattice a synthetic country is cut from: hexagonal cells with shaken corners, bent and laid on the globe.
//!
//! A corner or a bend is a function of its position and the seed, so that two areas that share a border share its points
//! exactly. The bend is two shears and the corners move less than the cells' angles allow: nothing ever crosses.

use std::f64::consts::TAU;

use super::draws::{Draws, Purpose};

/// A corner of cells, in steps of half a cell's width and a quarter of its height.
pub(super) type Corner = (i64, i64);

/// A point in millionths of a degree: longitude, latitude.
pub(super) type Point = (i64, i64);

/// Middle of the country: open sea, so that nobody looks for it on a map.
const MIDDLE: (f64, f64) = (-32.0, 44.0);
/// Degrees of latitude per edge of a cell: about 7 km, so that a district of four to five cells has some 600 km².
const DEGREES_PER_EDGE: f64 = 0.064;
/// cos 44°, which keeps shapes at the middle.
const NARROWING: f64 = 0.719_34;

/// A sheet of hexagonal cells, numbered row by row.
#[derive(Debug)]
pub(super) struct Lattice {
    seed: u64,
    n_columns: usize,
    n_rows: usize,
    bends: [f64; 2],
    coast: [f64; 5],
}

impl Lattice {
    /// A sheet with room for that many cells of land and the sea around it.
    pub(super) fn new(seed: u64, n_land: usize) -> Self {
        let mut draws = Draws::new(seed, Purpose::Land, &[]);
        let side = (to_f64(n_land) * 3.6).sqrt();
        let n_columns = to_usize(side * 0.97) + 8;
        let n_rows = to_usize(side * 1.03) + 8;
        let mut angle = || draws.between(0.0, TAU);
        let bends = [angle(), angle()];
        let coast = [angle(), angle(), angle(), angle(), angle()];
        Self { seed, n_columns, n_rows, bends, coast }
    }

    /// Number of cells, sea included.
    pub(super) fn n_cells(&self) -> usize {
        self.n_columns * self.n_rows
    }

    fn position(&self, cell: usize) -> Corner {
        let (row, column) = (to_i64(cell / self.n_columns), to_i64(cell % self.n_columns));
        (2 * column + row % 2, 3 * row)
    }

    /// The six neighbours: east, north-east, north-west, west, south-west, south-east; all of them sea at the sheet's rim.
    pub(super) fn neighbours(&self, cell: usize) -> [Option<usize>; 6] {
        let (row, column) = (to_i64(cell / self.n_columns), to_i64(cell % self.n_columns));
        let shift = row % 2;
        let at = |column: i64, row: i64| {
            let column = usize::try_from(column).ok().filter(|at| *at < self.n_columns)?;
            let row = usize::try_from(row).ok().filter(|at| *at < self.n_rows)?;
            Some(row * self.n_columns + column)
        };
        [
            at(column + 1, row),
            at(column + shift, row + 1),
            at(column + shift - 1, row + 1),
            at(column - 1, row),
            at(column + shift - 1, row - 1),
            at(column + shift, row - 1),
        ]
    }

    /// The corners, counter-clockwise; the edge from corner `k` to the next faces neighbour `k`.
    pub(super) fn corners(&self, cell: usize) -> [Corner; 6] {
        let (x, y) = self.position(cell);
        [(x + 1, y - 1), (x + 1, y + 1), (x, y + 2), (x - 1, y + 1), (x - 1, y - 1), (x, y - 2)]
    }

    /// Where a shaken corner lies on the sheet; an edge is about 1 long.
    pub(super) fn corner_on_sheet(&self, corner: Corner) -> (f64, f64) {
        let mut draws = Draws::new(self.seed, Purpose::Vertex, &[key(corner.0), key(corner.1)]);
        let radius = 0.18 * draws.unit().sqrt();
        let angle = draws.between(0.0, TAU);
        let (x, y) = flat(corner);
        (x + radius * libm::cos(angle), y + radius * libm::sin(angle))
    }

    /// The middle of a cell on the sheet.
    pub(super) fn middle_on_sheet(&self, cell: usize) -> (f64, f64) {
        let sum = self
            .corners(cell)
            .iter()
            .map(|corner| self.corner_on_sheet(*corner))
            .fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        (sum.0 / 6.0, sum.1 / 6.0)
    }

    /// Bends the sheet and lays it on the globe.
    pub(super) fn on_globe(&self, (x, y): (f64, f64)) -> Point {
        let (middle_x, middle_y) = self.middle();
        let x = x + 0.9 * libm::sin(y * TAU / 15.0 + self.bends[0]);
        let y = y + 0.9 * libm::sin(x * TAU / 17.0 + self.bends[1]);
        let lon = MIDDLE.0 + (x - middle_x) * DEGREES_PER_EDGE / NARROWING;
        let lat = MIDDLE.1 + (y - middle_y) * DEGREES_PER_EDGE;
        (millionths(lon), millionths(lat))
    }

    /// The points of a border from one corner to the next, without the last: halved a few times, each half pushed aside by
    /// less than the time before. The same points backwards for the border seen from the other side.
    pub(super) fn border(&self, from: Corner, to: Corner, n_halvings: u32) -> Vec<Point> {
        let (first, last) = (from.min(to), from.max(to));
        let mut line = vec![self.corner_on_sheet(first), self.corner_on_sheet(last)];
        let position = [key(first.0), key(first.1), key(last.0), key(last.1)];
        let mut draws = Draws::new(self.seed, Purpose::Edge, &position);
        let mut push = 0.14;
        for _ in 0..n_halvings {
            let mut finer = Vec::with_capacity(2 * line.len());
            for pair in line.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let aside = draws.between(-push, push);
                finer.push(a);
                finer.push((
                    0.5 * (a.0 + b.0) - aside * (b.1 - a.1),
                    0.5 * (a.1 + b.1) + aside * (b.0 - a.0),
                ));
            }
            finer.extend(line.last());
            line = finer;
            push *= 0.7;
        }
        if from != first {
            line.reverse();
        }
        line.pop();
        line.into_iter().map(|point| self.on_globe(point)).collect()
    }

    /// How far out to sea a cell lies: about 1 at the coast of a round country; the country's own shape is bays and capes.
    pub(super) fn remoteness(&self, cell: usize) -> f64 {
        let (x, y) = flat(self.position(cell));
        let (dx, dy) = (x - self.middle().0, (y - self.middle().1) * 0.9);
        let angle = libm::atan2(dy, dx);
        let reach = 1.0
            + 0.17 * libm::sin(angle + self.coast[0])
            + 0.13 * libm::sin(2.0 * angle + self.coast[1])
            + 0.10 * libm::sin(3.0 * angle + self.coast[2])
            + 0.07 * libm::sin(5.0 * angle + self.coast[3])
            + 0.05 * libm::sin(9.0 * angle + self.coast[4]);
        let roughness = Draws::new(self.seed, Purpose::Land, &[cell as u64]).between(-0.04, 0.04);
        (dx * dx + dy * dy).sqrt() / (reach + roughness)
    }

    /// The cell in the middle of the sheet.
    pub(super) fn middle_cell(&self) -> usize {
        (self.n_rows / 2) * self.n_columns + self.n_columns / 2
    }

    fn middle(&self) -> (f64, f64) {
        flat(self.position(self.middle_cell()))
    }

    /// A point well inside a cell: no border's bend reaches it.
    pub(super) fn point_inside(&self, cell: usize, draws: &mut Draws) -> Point {
        let middle = self.middle_on_sheet(cell);
        let corners = self.corners(cell);
        let side = draws.below(6);
        let a = self.corner_on_sheet(corners[side]);
        let b = self.corner_on_sheet(corners[(side + 1) % 6]);
        let outwards = 0.5 * draws.unit().sqrt();
        let along = draws.unit();
        let target = (a.0 + along * (b.0 - a.0), a.1 + along * (b.1 - a.1));
        self.on_globe((
            middle.0 + outwards * (target.0 - middle.0),
            middle.1 + outwards * (target.1 - middle.1),
        ))
    }
}

/// Unshaken place of a corner or a middle: √3/2 and ½ per step.
fn flat((x, y): Corner) -> (f64, f64) {
    (to_f64_signed(x) * 0.866_025_403_784_438_6, to_f64_signed(y) * 0.5)
}

#[allow(clippy::cast_possible_truncation, reason = "degrees in millionths stay below 2^29")]
fn millionths(degrees: f64) -> i64 {
    (degrees * 1e6).round() as i64
}

#[allow(clippy::cast_sign_loss, reason = "a key: any distinct number will do")]
fn key(coordinate: i64) -> u64 {
    coordinate as u64
}

#[allow(clippy::cast_precision_loss, reason = "a sheet has far fewer than 2^52 cells")]
fn to_f64(n: usize) -> f64 {
    n as f64
}

#[allow(clippy::cast_precision_loss, reason = "a sheet has far fewer than 2^52 cells")]
fn to_f64_signed(n: i64) -> f64 {
    n as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive size")]
fn to_usize(size: f64) -> usize {
    size.ceil() as usize
}

fn to_i64(n: usize) -> i64 {
    i64::try_from(n).expect("invariant: a sheet has far fewer than 2^63 cells")
}

#[test]
fn neighbours_face_each_other_across_one_border() {
    let lattice = Lattice::new(3, 40);
    let cell = lattice.middle_cell();
    for (side, other) in lattice.neighbours(cell).into_iter().enumerate() {
        let other = other.unwrap();
        assert_eq!(lattice.neighbours(other)[(side + 3) % 6], Some(cell));
        let (here, there) = (lattice.corners(cell), lattice.corners(other));
        let (from, to) = (here[side], here[(side + 1) % 6]);
        assert_eq!((there[(side + 4) % 6], there[(side + 3) % 6]), (from, to));
        let out = lattice.border(from, to, 3);
        let mut back = lattice.border(to, from, 3);
        assert_eq!(out[0], lattice.border(to, from, 0).pop().map_or(out[0], |_| out[0]));
        back.remove(0);
        back.reverse();
        assert_eq!(out[1..], back[..]);
    }
}
