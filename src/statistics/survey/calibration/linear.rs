//! Linear calibration: the generalised regression estimator (GREG), and post-stratification as its simplest case.
//!
//! # Question
//! The official result is known: 31 % turned out, the sample says 44 %. How to use what is known, and what does it do to
//! the uncertainty of everything else?
//!
//! # Definition
//! With weights d and benchmarks t of the columns x, the new weights are w = d(1 + xᵀλ) with λ such that Σwx = t: of all
//! weights that meet t those nearest to d in Σ(w − d)²/d. With one set of categories this multiplies each category's
//! weights by its known size over its estimated one: post-stratification.
//!
//! A sum's variance is that of Σw·e, e the residuals of its contributions from their regression on x under d.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `design` | [`Design`] | – | – | not calibrated yet |
//! | `benchmarks` | [`Benchmark`] | – | – | no one following from the others |
//!
//! # Output
//! A [`Calibrated`] design, for every method that takes a design. Estimated totals of x equal t, with a standard error of 0.
//! [`Calibrated::replicates`] moves replicates to the same totals, for its variance from them.
//!
//! # Undefined
//! Every [`Problem`] of the benchmarks at once.
//!
//! # Assumptions, and when not to use it
//! The totals are known without error and mean the same as the question asked. Few columns per hundred rows. Weights may
//! become negative (`weight_ratios` says so); then use [`super::raking`].
//!
//! # Cost and determinism
//! O(n·k²) for k columns, for sets of categories O(n·s²), s their number; the variance afterwards O(units·k) per domain
//! and stage. Rows in order: the same bits at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::survey::{calibration::{benchmark::Benchmark, linear}, design::{Design, Policy}};
//! let design = Design::new(&[10.0; 5], &[], Policy::default()).unwrap();
//! let benchmark = Benchmark::Categories { codes: &[0, 0, 0, 1, 1], totals: &[20.0, 30.0] };
//! let calibrated = linear::calibrate(&design, &[benchmark]).unwrap();
//! assert!((calibrated.design.weights()[4] - 15.0).abs() < 1e-12);
//! assert!((calibrated.weight_ratios.0 - 2.0 / 3.0).abs() < 1e-12);
//! ```
//!
//! # Source
//! Deville JC, Särndal CE (1992), J Am Stat Assoc 87:376–382, doi:10.1080/01621459.1992.10475217; Särndal CE, Swensson B,
//! Wretman JH (1989), doi:10.1093/biomet/76.3.527 (variance of weighted residuals); Lumley T (2010), *Complex Surveys*,
//! ch. 7, doi:10.1002/9780470580066 (replicates).

use super::{
    Calibrated, Link,
    benchmark::{Benchmark, Problem},
};
use crate::statistics::survey::design::Design;

static LINK: Link = Link { factor: |along| 1.0 + along, slope: |_| 1.0 };

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
fn problems_of_benchmarks_are_told_at_once() {
    use crate::statistics::survey::design::Policy;
    let design = Design::new(&[1.0; 4], &[], Policy::default()).unwrap();
    let codes = [0, 0, 1, 5];
    let first = Benchmark::Categories { codes: &codes, totals: &[4.0, 5.0, 1.0] };
    let second = Benchmark::Categories { codes: &[0, 1, 0, 1], totals: &[4.0, 7.0] };
    let third = Benchmark::Sum { values: &[1.0; 3], total: 7.0 };
    let problems = calibrate(&design, &[first, second, third]).unwrap_err();
    assert_eq!(
        problems,
        [
            Problem::NoCategory { benchmark: 0, first_row: 3, n_rows: 1 },
            Problem::EmptyCategory { benchmark: 0, category: 2 },
            Problem::TotalsDisagree { benchmark: 1, found: 11.0, expected: 10.0 },
            Problem::Length { benchmark: 2, found: 3, expected: 4 },
        ]
    );
    let size = Benchmark::Sum { values: &[1.0; 4], total: 11.0 };
    let problems = calibrate(&design, &[second, size]).unwrap_err();
    assert_eq!(problems, [Problem::Redundant { benchmark: 1 }]);
    let once = calibrate(&design, &[second]).unwrap();
    let problems = calibrate(&once.design, &[]).unwrap_err();
    assert_eq!(problems, [Problem::AlreadyCalibrated, Problem::NoBenchmark]);
}
