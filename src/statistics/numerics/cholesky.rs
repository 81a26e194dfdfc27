//! Symmetric positive definite systems of equations, by Cholesky's factorisation.
//!
//! For the small matrices of regression (some dozens of columns). A column that the earlier ones already explain is
//! named instead of being divided by what rounding left of it. Scaling a column scales the solution, and nothing else.
//!
//! # Source
//! Higham NJ (2002), *Accuracy and Stability of Numerical Algorithms*, 2nd ed., ch. 10, doi:10.1137/1.9780898718027.

/// What may remain of a column after the earlier ones are taken out, relative to its length, and still be called nothing.
const NOTHING: f64 = 1e-11;

/// The lower factor of a matrix: times its transpose it gives the matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    /// By row, n × n; above the diagonal unused.
    lower: Vec<f64>,
    n: usize,
}

impl Cholesky {
    /// Factors a matrix given by row, of which only the lower triangle is read.
    ///
    /// # Errors
    /// The first column that depends on the columns before it.
    pub fn new(matrix: &[f64], n: usize) -> Result<Self, usize> {
        let mut lower = matrix.to_vec();
        for column in 0..n {
            let before = lower[column * n + column];
            for row in column..n {
                let known: f64 =
                    (0..column).map(|k| lower[row * n + k] * lower[column * n + k]).sum();
                lower[row * n + column] -= known;
            }
            let left = lower[column * n + column];
            if left.is_nan() || left <= NOTHING * before {
                return Err(column);
            }
            let root = left.sqrt();
            for row in column..n {
                lower[row * n + column] /= root;
            }
        }
        Ok(Self { lower, n })
    }

    /// Replaces the right side by the solution.
    pub fn solve(&self, right: &mut [f64]) {
        let n = self.n;
        for row in 0..n {
            let known: f64 = (0..row).map(|k| self.lower[row * n + k] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[row * n + row];
        }
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|k| self.lower[k * n + row] * right[k]).sum();
            right[row] = (right[row] - known) / self.lower[row * n + row];
        }
    }
}

#[test]
fn a_system_is_solved_and_a_dependent_column_is_named() {
    // x = (1, −2, 3) by hand.
    let matrix = [4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 0.0, 1.0, 3.0];
    let mut right = [0.0, -5.0, 7.0];
    Cholesky::new(&matrix, 3).unwrap().solve(&mut right);
    assert!((right[0] - 1.0).abs() < 1e-14 && (right[1] + 2.0).abs() < 1e-14);
    assert!((right[2] - 3.0).abs() < 1e-14);
    assert_eq!(Cholesky::new(&[1e8, 0.0, 3e8, 9e8], 2), Err(1), "three times the first column");
    assert_eq!(Cholesky::new(&[0.0], 1), Err(0));
}
