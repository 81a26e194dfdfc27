//! Cholesky factors of sparse symmetric matrices that live on a map's links, with the diagonal of the inverse.
//!
//! The order of elimination is by least degree, ties by position; the rows still linked to a column when it is
//! eliminated are that column's pattern, so one pass gives order and pattern ([`Pattern`]), shared by all matrices on
//! the same map. On maps of n regions a factor holds about n·log n numbers. The inverse is computed on the pattern
//! only, from the last column back (Takahashi's recursions): that suffices for its diagonal.
//!
//! # Source
//! George A, Liu JWH (1989), SIAM Rev 31:1–19, doi:10.1137/1031001 (least degree); Rue H, Martino S (2007), J Stat Plan
//! Inference 137:3177–3192, doi:10.1016/j.jspi.2006.07.016 (recursions).

use std::collections::BTreeSet;

use super::float::ln;

/// Which entries a factor has: columns in order of elimination, rows below the diagonal.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Region eliminated at each step.
    order: Vec<u32>,
    /// Step at which each region is eliminated.
    step: Vec<u32>,
    /// Column j has the rows `rows[starts[j]..starts[j + 1]]`, ascending steps after j.
    starts: Vec<usize>,
    rows: Vec<u32>,
    /// Row i is met by the columns `columns[heads[i]..heads[i + 1]]`, ascending, before i; with the place of that entry.
    heads: Vec<usize>,
    columns: Vec<(u32, usize)>,
}

/// A factor L: its product with its transpose is the matrix in order of elimination.
#[derive(Debug, Clone)]
pub struct Factor<'a> {
    pattern: &'a Pattern,
    diagonal: Vec<f64>,
    below: Vec<f64>,
}

impl Pattern {
    /// Orders the regions; `links[i]` are the others that region i is linked to, symmetric, without itself.
    pub fn new(links: &[Vec<u32>]) -> Self {
        let n = links.len();
        let mut open: Vec<BTreeSet<u32>> =
            links.iter().map(|list| list.iter().copied().collect()).collect();
        let mut queue: BTreeSet<(usize, u32)> =
            open.iter().zip(0..).map(|(linked, at)| (linked.len(), at)).collect();
        let (mut order, mut step) = (Vec::with_capacity(n), vec![0; n]);
        let mut met = Vec::with_capacity(n);
        while let Some((_, at)) = queue.pop_first() {
            step[at as usize] = u32_of(order.len());
            order.push(at);
            let linked: Vec<u32> = std::mem::take(&mut open[at as usize]).into_iter().collect();
            // What was linked to the eliminated region is now linked to each other.
            for &one in &linked {
                let own = &mut open[one as usize];
                queue.remove(&(own.len(), one));
                own.remove(&at);
                own.extend(linked.iter().copied().filter(|&other| other != one));
                queue.insert((own.len(), one));
            }
            met.push(linked);
        }
        let (mut starts, mut rows) = (vec![0], Vec::new());
        let mut by_row: Vec<Vec<(u32, usize)>> = vec![Vec::new(); n];
        for (column, linked) in met.into_iter().enumerate() {
            let mut steps: Vec<u32> = linked.iter().map(|&one| step[one as usize]).collect();
            steps.sort_unstable();
            for row in steps {
                by_row[row as usize].push((u32_of(column), rows.len()));
                rows.push(row);
            }
            starts.push(rows.len());
        }
        let (mut heads, mut columns) = (vec![0], Vec::with_capacity(rows.len()));
        for met in by_row {
            columns.extend(met);
            heads.push(columns.len());
        }
        Self { order, step, starts, rows, heads, columns }
    }

    /// Number of regions.
    pub fn n(&self) -> usize {
        self.order.len()
    }

    fn column(&self, column: usize) -> std::ops::Range<usize> {
        self.starts[column]..self.starts[column + 1]
    }

    /// Factorises the matrix with the given diagonal and, between linked regions, what `between` says.
    ///
    /// `None` when it is not positive definite.
    pub fn factorise(
        &self,
        diagonal: &[f64],
        links: &[Vec<u32>],
        between: impl Fn(usize, usize) -> f64,
    ) -> Option<Factor<'_>> {
        let n = self.n();
        let mut factor =
            Factor { pattern: self, diagonal: vec![0.0; n], below: vec![0.0; self.rows.len()] };
        let mut work = vec![0.0; n];
        for column in 0..n {
            let region = self.order[column] as usize;
            for &other in &links[region] {
                work[self.step[other as usize] as usize] = between(region, other as usize);
            }
            let mut pivot = diagonal[region];
            for &(earlier, place) in &self.columns[self.heads[column]..self.heads[column + 1]] {
                let value = factor.below[place];
                pivot -= value * value;
                let rest = place + 1..self.starts[earlier as usize + 1];
                for (row, below) in self.rows[rest.clone()].iter().zip(&factor.below[rest]) {
                    work[*row as usize] -= value * below;
                }
            }
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            let root = pivot.sqrt();
            factor.diagonal[column] = root;
            let own = self.column(column);
            for (row, below) in self.rows[own.clone()].iter().zip(&mut factor.below[own]) {
                *below = work[*row as usize] / root;
                work[*row as usize] = 0.0;
            }
            // Entries above the diagonal were written too.
            for &other in &links[region] {
                work[self.step[other as usize] as usize] = 0.0;
            }
        }
        Some(factor)
    }
}

impl Factor<'_> {
    /// ln of the determinant.
    pub fn ln_determinant(&self) -> f64 {
        2.0 * self.diagonal.iter().map(|&root| ln(root)).sum::<f64>()
    }

    /// Solves for one right-hand side, in region order.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let Pattern { order, rows, .. } = self.pattern;
        let mut x: Vec<f64> = order.iter().map(|&region| right[region as usize]).collect();
        for column in 0..x.len() {
            x[column] /= self.diagonal[column];
            let own = self.pattern.column(column);
            for (row, below) in rows[own.clone()].iter().zip(&self.below[own]) {
                x[*row as usize] -= below * x[column];
            }
        }
        for column in (0..x.len()).rev() {
            let own = self.pattern.column(column);
            let sum: f64 = rows[own.clone()]
                .iter()
                .zip(&self.below[own])
                .map(|(row, below)| below * x[*row as usize])
                .sum();
            x[column] = (x[column] - sum) / self.diagonal[column];
        }
        let mut solved = vec![0.0; x.len()];
        for (&region, value) in order.iter().zip(x) {
            solved[region as usize] = value;
        }
        solved
    }

    /// The diagonal of the inverse, in region order.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let Pattern { order, rows, .. } = self.pattern;
        let n = order.len();
        let mut diagonal = vec![0.0; n];
        let mut below = vec![0.0; rows.len()];
        // Where a row stands in the column at hand, and the sums of that column.
        let mut place = vec![usize::MAX; n];
        let mut sums = Vec::new();
        for column in (0..n).rev() {
            let own = self.pattern.column(column);
            let met = &rows[own.clone()];
            let scaled: Vec<f64> =
                self.below[own.clone()].iter().map(|l| l / self.diagonal[column]).collect();
            for (at, &row) in met.iter().enumerate() {
                place[row as usize] = at;
            }
            sums.clear();
            sums.resize(met.len(), 0.0);
            for (at, &row) in met.iter().enumerate() {
                sums[at] += scaled[at] * diagonal[row as usize];
                for entry in self.pattern.column(row as usize) {
                    let other = place[rows[entry] as usize];
                    if other != usize::MAX {
                        sums[other] += scaled[at] * below[entry];
                        sums[at] += scaled[other] * below[entry];
                    }
                }
            }
            let mut pivot = 1.0 / (self.diagonal[column] * self.diagonal[column]);
            for (at, sum) in sums.iter().enumerate() {
                below[own.start + at] = -sum;
                pivot += scaled[at] * sum;
            }
            diagonal[column] = pivot;
            for &row in met {
                place[row as usize] = usize::MAX;
            }
        }
        let mut found = vec![0.0; n];
        for (&region, value) in order.iter().zip(diagonal) {
            found[region as usize] = value;
        }
        found
    }
}

#[allow(clippy::cast_possible_truncation, reason = "positions are u32 throughout")]
fn u32_of(position: usize) -> u32 {
    position as u32
}

#[cfg(test)]
fn ring_with_chords(n: u32) -> Vec<Vec<u32>> {
    let mut links = vec![BTreeSet::new(); n as usize];
    for at in 0..n {
        for other in [(at + 1) % n, (at * at + 3) % n] {
            if other != at {
                links[at as usize].insert(other);
                links[other as usize].insert(at);
            }
        }
    }
    links.into_iter().map(|set| set.into_iter().collect()).collect()
}

#[test]
fn the_factor_solves_and_inverts_what_it_was_made_from() {
    use super::float::size;
    let mut links = ring_with_chords(23);
    links.push(Vec::new());
    let n = links.len();
    let diagonal: Vec<f64> = links
        .iter()
        .enumerate()
        .map(|(at, list)| size(list.len()) + 0.3 + 0.01 * size(at))
        .collect();
    let between = |a: usize, b: usize| -1.0 + 0.001 * size(a + b);
    let pattern = Pattern::new(&links);
    let factor = pattern.factorise(&diagonal, &links, between).unwrap();
    let inverse = factor.inverse_diagonal();
    for at in 0..n {
        let mut unit = vec![0.0; n];
        unit[at] = 1.0;
        let solved = factor.solve(&unit);
        assert!((solved[at] - inverse[at]).abs() < 1e-13, "{at}");
        for row in 0..n {
            let off = links[row]
                .iter()
                .map(|&other| between(row, other as usize) * solved[other as usize]);
            let product = diagonal[row] * solved[row] + off.sum::<f64>();
            assert!((product - unit[row]).abs() < 1e-13, "{at} {row}");
        }
    }
}

#[test]
fn determinants_are_known_for_paths_and_indefinite_matrices_are_refused() {
    // A path of n regions with 2 on the diagonal and −1 between has the determinant n + 1.
    let path: Vec<Vec<u32>> = (0..9_u32)
        .map(|at| [at.wrapping_sub(1), at + 1].into_iter().filter(|&other| other < 9).collect())
        .collect();
    let pattern = Pattern::new(&path);
    let factor = pattern.factorise(&[2.0; 9], &path, |_, _| -1.0).unwrap();
    assert!((factor.ln_determinant() - ln(10.0)).abs() < 1e-14);
    assert!(pattern.factorise(&[0.5; 9], &path, |_, _| -1.0).is_none());
    assert!(Pattern::new(&[]).factorise(&[], &[], |_, _| 0.0).is_some());
}
