//! Raking: several sets of known totals at once, with weights that stay positive.
//!
//! # Question
//! As [`super::linear`], for margins such as region, age and education whose joint table is not known.
//!
//! # Definition
//! The new weights are w = d·exp(xᵀλ) with λ such that Σwx = t. For sets of categories this is where iterative
//! proportional fitting ends; it is found by Newton's method, which also takes sums of numbers.
//!
//! # Inputs
//! As [`super::linear`].
//!
//! # Output
//! As [`super::linear`]; every weight keeps its sign.
//!
//! # Undefined
//! As [`super::linear`]; also [`Problem::NoSolution`] where no positive weights meet the totals, as when two categories
//! that never meet in the sample would have to.
//!
//! # Assumptions, and when not to use it
//! As [`super::linear`]. Weights can become very large: look at `weight_ratios`.
//!
//! # Cost and determinism
//! As [`super::linear`], times the number of steps, about five.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{calibration::{benchmark::Benchmark, raking}, design::{Design, Policy}};
//! let design = Design::new(&[10.0; 4], &[], Policy::default()).unwrap();
//! let sex = Benchmark::Categories { codes: &[0, 0, 1, 1], totals: &[30.0, 20.0] };
//! let age = Benchmark::Categories { codes: &[0, 1, 0, 1], totals: &[10.0, 40.0] };
//! let weights = raking::calibrate(&design, &[sex, age]).unwrap().design.weights().to_vec();
//! // Margins that were independent stay so: 30·10/50, 30·40/50 …
//! assert!((weights[0] - 6.0).abs() < 1e-9 && (weights[3] - 16.0).abs() < 1e-9);
//! ```
//!
//! # Source
//! Deming WE, Stephan FF (1940), Ann Math Stat 11:427–444, doi:10.1214/aoms/1177731829; Deville JC, Särndal CE, Sautory O
//! (1993), doi:10.1080/01621459.1993.10476369.

use super::{
    Calibrated, Link,
    benchmark::{Benchmark, Problem},
};
use crate::statistics::{numerics::float::exp, survey::design::Design};

static LINK: Link = Link { factor: exp, slope: |factor| factor };

/// Moves the weights of a design to meet the benchmarks.
///
/// # Errors
/// All problems.
pub fn calibrate(
    design: &Design,
    benchmarks: &[Benchmark<'_>],
) -> Result<Calibrated, Vec<Problem>> {
    super::calibrate(design, benchmarks, &LINK)
}

#[test]
fn totals_no_positive_weights_can_meet_are_refused() {
    use crate::statistics::survey::design::Policy;
    let design = Design::new(&[10.0; 3], &[], Policy::default()).unwrap();
    // Only the first row is in category 0 of both: it would need 30 units for the one and 5 for the other.
    let first = Benchmark::Categories { codes: &[0, 1, 1], totals: &[30.0, 20.0] };
    let second = Benchmark::Categories { codes: &[0, 1, 2], totals: &[5.0, 20.0, 25.0] };
    assert_eq!(
        calibrate(&design, &[first, second]).unwrap_err(),
        [Problem::Redundant { benchmark: 1 }]
    );
    let sum = Benchmark::Sum { values: &[1.0, 2.0, 3.0], total: 500.0 };
    assert_eq!(calibrate(&design, &[first, sum]).unwrap_err(), [Problem::NoSolution]);
}
