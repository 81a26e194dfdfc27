//! The ranks of one list of values.
//!
//! # Question
//! Which place does each value have, counted from the highest?
//!
//! # Definition
//! Rank 1 is the highest value. Equal values share the mean of the places they fill. Ranks are taken of the values as
//! they are, never of rounded ones.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | any | any | finite |
//!
//! # Output
//! One rank per value, in the order given; they add up to n(n + 1)/2.
//!
//! # Undefined
//! `None` when a value is not finite. No values have no ranks.
//!
//! # Assumptions, and when not to use it
//! A bare rank hides how little separates neighbours: print [`super::drawn`]'s intervals.
//!
//! # Cost and determinism
//! Θ(n log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::ranks::order;
//! assert_eq!(order::ranks(&[7.0, 9.0, 7.0, 1.0]).unwrap(), [2.5, 1.0, 2.5, 4.0]);
//! ```
//!
//! # Source
//! Kendall MG (1945), Biometrika 33:239–251, doi:10.1093/biomet/33.3.239 (ties).

/// The rank of every value, 1 the highest.
pub fn ranks(values: &[f64]) -> Option<Vec<f64>> {
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut order = Vec::new();
    let mut twice = vec![0; values.len()];
    twice_ranks(values, &mut order, &mut twice);
    Some(twice.into_iter().map(|rank| 0.5 * f64::from(rank)).collect())
}

/// Twice the rank of every value, which is a whole number; `order` is working space.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "regions are far fewer than 2^30"
)]
pub(in crate::statistics) fn twice_ranks(
    values: &[f64],
    order: &mut Vec<(u64, u32)>,
    twice: &mut [i32],
) {
    order.clear();
    order.extend((0..).zip(values).map(|(at, &value)| (descending(value), at)));
    order.sort_unstable();
    let mut first = 0_i32;
    for equal in order.chunk_by(|a, b| a.0 == b.0) {
        let last = first + equal.len() as i32 - 1;
        for &(_, at) in equal {
            twice[at as usize] = first + last + 2;
        }
        first = last + 1;
    }
}

/// Bits that sort as whole numbers in the opposite order of the values; −0 and 0 are one value.
fn descending(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { bits } else { !bits & (u64::MAX >> 1) }
}

/// The median of ascending values, which must not be empty.
pub(in crate::statistics) fn median(ascending: &[f64]) -> f64 {
    let half = ascending.len() / 2;
    if ascending.len() % 2 == 1 {
        ascending[half]
    } else {
        0.5 * (ascending[half - 1] + ascending[half])
    }
}

#[test]
fn equal_values_share_their_places() {
    assert_eq!(ranks(&[]), Some(Vec::new()));
    assert_eq!(ranks(&[4.0; 3]), Some(vec![2.0; 3]));
    assert_eq!(ranks(&[1.0, f64::NAN]), None);
    assert_eq!(ranks(&[-0.0, 0.0, -3.0, 1e-300, -2.5]).unwrap(), [2.5, 2.5, 5.0, 1.0, 4.0]);
}
