//! Known totals of the population, and what can be wrong with them.
//!
//! A set of categories gives one column of zeros and ones per category, a number one column. From the second set of
//! categories on the first category is left out: its total follows from the others, for all sets must add up to the
//! same population.

use crate::statistics::survey::design::Design;

/// A known total of the population; lists have one entry per row of the design, without gaps.
#[derive(Debug, Clone, Copy)]
pub enum Benchmark<'a> {
    /// How many units of the population lie in each category.
    Categories {
        /// Category of each row, from 0.
        codes: &'a [u32],
        /// Units of the population by category, > 0.
        totals: &'a [f64],
    },
    /// The sum of a number over the population; all ones for its size.
    Sum {
        /// The number of each row.
        values: &'a [f64],
        /// Its sum.
        total: f64,
    },
}

/// Why a design cannot be calibrated. Benchmarks count from 0, in the order given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Problem {
    /// The design already is.
    AlreadyCalibrated,
    /// No benchmark was given.
    NoBenchmark,
    /// A list is not as long as the design.
    Length {
        /// The benchmark.
        benchmark: usize,
        /// Length of its list.
        found: usize,
        /// Rows of the design.
        expected: usize,
    },
    /// Rows in no category.
    NoCategory {
        /// The benchmark.
        benchmark: usize,
        /// First such row.
        first_row: usize,
        /// How many.
        n_rows: usize,
    },
    /// Values or totals that are not finite, or a category's total that is not positive.
    Invalid {
        /// The benchmark.
        benchmark: usize,
    },
    /// A category of the population that the sample does not have: join it with another.
    EmptyCategory {
        /// The benchmark.
        benchmark: usize,
        /// The category.
        category: usize,
    },
    /// Two sets of categories add up to different populations.
    TotalsDisagree {
        /// The later benchmark.
        benchmark: usize,
        /// What it adds up to.
        found: f64,
        /// What the first set adds up to.
        expected: f64,
    },
    /// The benchmark follows from those before it.
    Redundant {
        /// The benchmark.
        benchmark: usize,
    },
    /// No weights meet all benchmarks.
    NoSolution,
    /// Replicates that cannot meet the benchmarks, as when one leaves out all rows of a category.
    Replicates {
        /// The first of them, from 0.
        first: usize,
        /// How many.
        n: usize,
        /// The benchmark it has no rows for, where it is that.
        benchmark: Option<usize>,
    },
}

/// The columns of all benchmarks.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    lists: Vec<Values>,
    /// How many columns.
    pub(super) n: usize,
    /// The benchmark each column belongs to.
    benchmarks: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Values {
    /// Category `code` is column `first + code − skipped`; codes below `skipped` have none.
    Categories {
        codes: Vec<u32>,
        first: usize,
        skipped: u32,
    },
    Sum {
        values: Vec<f64>,
        column: usize,
    },
}

impl Columns {
    /// Calls a function with every column that is not 0 in a row, and its value.
    #[inline]
    pub(super) fn each(&self, row: usize, mut call: impl FnMut(usize, f64)) {
        for list in &self.lists {
            match list {
                Values::Categories { codes, first, skipped } => {
                    if codes[row] >= *skipped {
                        call(first + (codes[row] - skipped) as usize, 1.0);
                    }
                }
                Values::Sum { values, column } => call(*column, values[row]),
            }
        }
    }

    /// Σ weight·xxᵀ, lower triangle by row.
    pub(super) fn cross(&self, weights: &[f64]) -> Vec<f64> {
        let mut cross = vec![0.0; self.n * self.n];
        for (row, &weight) in weights.iter().enumerate() {
            self.each(row, |i, x| {
                self.each(row, |j, y| {
                    if j <= i {
                        cross[i * self.n + j] += weight * x * y;
                    }
                });
            });
        }
        cross
    }

    pub(super) fn benchmark_of(&self, column: usize) -> usize {
        self.benchmarks[column]
    }
}

/// Columns and their totals.
pub(super) fn columns(
    design: &Design,
    benchmarks: &[Benchmark<'_>],
) -> Result<(Columns, Vec<f64>), Vec<Problem>> {
    let problems = problems_of(design, benchmarks);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut columns = Columns { lists: Vec::new(), n: 0, benchmarks: Vec::new() };
    let mut all = Vec::new();
    let mut skipped = 0;
    for (at, benchmark) in benchmarks.iter().enumerate() {
        let first = columns.n;
        match *benchmark {
            Benchmark::Categories { codes, totals } => {
                all.extend_from_slice(&totals[skipped as usize..]);
                columns.lists.push(Values::Categories { codes: codes.to_vec(), first, skipped });
                skipped = 1;
            }
            Benchmark::Sum { values, total } => {
                all.push(total);
                columns.lists.push(Values::Sum { values: values.to_vec(), column: first });
            }
        }
        columns.n = all.len();
        columns.benchmarks.resize(columns.n, at);
    }
    Ok((columns, all))
}

fn problems_of(design: &Design, benchmarks: &[Benchmark<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if design.calibration.is_some() {
        problems.push(Problem::AlreadyCalibrated);
    }
    if benchmarks.is_empty() {
        problems.push(Problem::NoBenchmark);
    }
    let expected = design.n_rows();
    let mut population: Option<f64> = None;
    for (benchmark, at) in benchmarks.iter().enumerate() {
        let found = match at {
            Benchmark::Categories { codes, .. } => codes.len(),
            Benchmark::Sum { values, .. } => values.len(),
        };
        if found != expected {
            problems.push(Problem::Length { benchmark, found, expected });
            continue;
        }
        match *at {
            Benchmark::Sum { values, total } => {
                if !(total.is_finite() && values.iter().all(|value| value.is_finite())) {
                    problems.push(Problem::Invalid { benchmark });
                }
            }
            Benchmark::Categories { codes, totals } => {
                if !totals.iter().all(|total| total.is_finite() && *total > 0.0) {
                    problems.push(Problem::Invalid { benchmark });
                }
                problems.extend(empty(design, benchmark, codes, totals.len()));
                let found: f64 = totals.iter().sum();
                let expected = *population.get_or_insert(found);
                if (found - expected).abs() > 1e-9 * expected.abs() {
                    problems.push(Problem::TotalsDisagree { benchmark, found, expected });
                }
            }
        }
    }
    problems
}

/// Rows without a category and categories without rows.
fn empty(design: &Design, benchmark: usize, codes: &[u32], n: usize) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut has_rows = vec![false; n];
    let (mut n_rows, mut first_row) = (0, None);
    for (row, &code) in codes.iter().enumerate() {
        if let Some(has) = has_rows.get_mut(code as usize) {
            *has |= design.weights[row] > 0.0;
        } else {
            n_rows += 1;
            first_row.get_or_insert(row);
        }
    }
    if let Some(first_row) = first_row {
        problems.push(Problem::NoCategory { benchmark, first_row, n_rows });
    }
    let without = has_rows.iter().enumerate().filter(|(_, has)| !**has);
    problems.extend(without.map(|(category, _)| Problem::EmptyCategory { benchmark, category }));
    problems
}
