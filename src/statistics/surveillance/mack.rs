//! Mack's standard errors of the final counts of a reporting triangle, free of any distribution.
//!
//! # Question
//! How far could the count that a period is heading for be off, when counts are large?
//!
//! # Definition
//! With factors fₖ and σ²ₖ = Σᵢ Cᵢₖ(Cᵢ,ₖ₊₁/Cᵢₖ − fₖ)²/(nₖ − 1) over the nₖ rows known at delay k + 1; where nₖ = 1,
//! min(σ⁴ₖ₋₁/σ²ₖ₋₂, σ²ₖ₋₂, σ²ₖ₋₁). Mean square error of the final count Ĉᵢ: Ĉᵢ²·Σₖ (σ²ₖ/f²ₖ)(1/Ĉᵢₖ + 1/Aₖ) over the delays
//! not yet known, Aₖ the sum behind fₖ. Total: the sum of these and, for every pair of periods, of
//! 2ĈᵢĈⱼ·Σₖ (σ²ₖ/f²ₖ)/Aₖ over the delays that neither knows.
//!
//! # Inputs
//! | name | type | unit | domain |
//! |---|---|---|---|
//! | `triangle` | [`Triangle`] | events | no period without an event by delay 0 |
//!
//! # Output
//! [`Mack`], by period, oldest first.
//!
//! # Undefined
//! `None` when a cumulative count is 0, or where a delay is known of one period only and there are no two delays before
//! it to extrapolate from.
//!
//! # Assumptions, and when not to use it
//! Periods are independent; each delay's growth has mean and variance in proportion to what is known. For small counts
//! use [`super::nowcast`], which knows that counts are whole and may be 0.
//!
//! # Cost and determinism
//! O(rows²·delays); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::surveillance::{mack, reporting_triangle::Triangle};
//! let rows = vec![vec![400, 110, 12, 3], vec![380, 130, 15], vec![450, 112], vec![420]];
//! let found = mack::errors(&Triangle::new(rows).unwrap()).unwrap();
//! assert!(found.still_to_come[0] == 0.0 && found.error[0] == 0.0);
//! assert!(found.error[3] > found.error[2] && found.total_error > found.error[3]);
//! ```
//!
//! # Source
//! Mack T (1993), ASTIN Bull 23:213–225, doi:10.2143/AST.23.2.2005092.

use super::reporting_triangle::Triangle;
use crate::statistics::numerics::float::{real, size};

/// What is still to come and how far it may be off.
#[derive(Debug, Clone, PartialEq)]
pub struct Mack {
    /// Final count less what is known, by period.
    pub still_to_come: Vec<f64>,
    /// Its standard error, by period.
    pub error: Vec<f64>,
    /// Sum over all periods.
    pub total: f64,
    /// Standard error of the sum.
    pub total_error: f64,
}

/// Growth from one delay to the next.
struct Growth {
    factor: f64,
    /// σ²/f².
    relative: f64,
    /// Sum behind the factor.
    known: f64,
}

/// Mack's standard errors.
pub fn errors(triangle: &Triangle) -> Option<Mack> {
    let cumulative: Vec<Vec<f64>> = triangle.rows().iter().map(|row| running_sum(row)).collect();
    if cumulative.iter().any(|row| row[0] <= 0.0) {
        return None;
    }
    let growth = growth(&cumulative)?;
    let mut found =
        Mack { still_to_come: Vec::new(), error: Vec::new(), total: 0.0, total_error: 0.0 };
    let (mut square_of_total, mut earlier_finals) = (0.0, 0.0);
    // Rows from the oldest: what an older one does not know, a newer one does not know either.
    for row in &cumulative {
        let known = row[row.len() - 1];
        let (mut heading, mut own, mut shared) = (known, 0.0, 0.0);
        for step in &growth[row.len() - 1..] {
            own += step.relative / heading;
            shared += step.relative / step.known;
            heading *= step.factor;
        }
        let square = heading * heading * (own + shared);
        found.still_to_come.push(heading - known);
        found.error.push(square.sqrt());
        found.total += heading - known;
        square_of_total += square;
        earlier_finals += heading;
    }
    for (at, row) in cumulative.iter().enumerate() {
        let own_final = known_of(row) + found.still_to_come[at];
        earlier_finals -= own_final;
        let shared: f64 =
            growth[row.len() - 1..].iter().map(|step| step.relative / step.known).sum();
        // Every newer period lacks all delays that this one lacks.
        square_of_total += 2.0 * own_final * earlier_finals * shared;
    }
    found.total_error = square_of_total.sqrt();
    Some(found)
}

fn known_of(row: &[f64]) -> f64 {
    row[row.len() - 1]
}

fn running_sum(row: &[u64]) -> Vec<f64> {
    let mut sum = 0;
    row.iter()
        .map(|count| {
            sum += count;
            real(sum)
        })
        .collect()
}

fn growth(cumulative: &[Vec<f64>]) -> Option<Vec<Growth>> {
    let mut steps = Vec::new();
    let mut variances: Vec<f64> = Vec::new();
    for k in 0..cumulative[0].len() - 1 {
        let rows: Vec<(f64, f64)> = cumulative
            .iter()
            .filter(|row| row.len() > k + 1)
            .map(|row| (row[k], row[k + 1]))
            .collect();
        let known: f64 = rows.iter().map(|row| row.0).sum();
        let factor = rows.iter().map(|row| row.1).sum::<f64>() / known;
        let square = |(before, after): &(f64, f64)| {
            let departure = after / before - factor;
            before * departure * departure
        };
        let variance = if rows.len() > 1 {
            rows.iter().map(square).sum::<f64>() / size(rows.len() - 1)
        } else {
            let (one, two) =
                (*variances.get(k.checked_sub(1)?)?, *variances.get(k.checked_sub(2)?)?);
            let geometric = if two > 0.0 { one * one / two } else { 0.0 };
            geometric.min(one).min(two)
        };
        variances.push(variance);
        steps.push(Growth { factor, relative: variance / (factor * factor), known });
    }
    Some(steps)
}

#[test]
fn without_enough_to_go_by_there_is_no_error() {
    let errors_of = |rows: Vec<Vec<u64>>| Triangle::new(rows).and_then(|rows| errors(&rows));
    assert_eq!(errors_of(vec![vec![3, 1], vec![4]]), None, "one period knows delay 1");
    assert_eq!(errors_of(vec![vec![0, 1, 2], vec![4, 1], vec![3]]), None, "a factor of nothing");
    let complete = errors_of(vec![vec![5], vec![7]]).unwrap();
    assert_eq!((complete.total, complete.total_error), (0.0, 0.0));
    // The same growth everywhere: nothing to be off by.
    let steady = errors_of(vec![vec![10, 5], vec![20, 10], vec![30]]).unwrap();
    assert_eq!((steady.still_to_come[2], steady.total_error), (15.0, 0.0));
}
