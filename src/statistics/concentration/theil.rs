//! Theil's indices T and L: inequality that splits exactly into between and within groups.
//!
//! # Question
//! How unequal are regions, and how much of that lies between the groups they belong to (provinces, town and country)?
//!
//! # Definition
//! With n values of mean μ: T = mean of (x/μ)·ln(x/μ), 0·ln 0 = 0; L = mean of ln(μ/x). A group with the part p of all
//! regions and its mean r times μ adds p·r·ln r to T between groups and p·r times its own T within; to L it adds p·ln(1/r)
//! between and p times its own L within. T stresses the top, L the bottom.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `values` | `&[f64]` | one per region | any | ≥ 0 |
//! | `groups` | `&[usize]` | the same | – | any numbers |
//!
//! # Output
//! [`Theil`]: T in [0, ln n], T/ln n, L ≥ 0. [`Decomposition`]: two parts each, which add up to the whole.
//!
//! # Undefined
//! `None` without a positive value, with a negative or not finite one, or when lengths differ. `l` is `None` when any
//! value is 0; `normalised` for a single region.
//!
//! # Assumptions, and when not to use it
//! Values count equally. With zeros, which rare counts have, only T is available.
//!
//! # Cost and determinism
//! O(n log g) for g groups; no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::concentration::theil;
//! let all_in_one = theil::indices(&[0.0, 0.0, 0.0, 5.0]).unwrap();
//! assert!((all_in_one.t - 4.0_f64.ln()).abs() < 1e-15 && all_in_one.l.is_none());
//! let split = theil::decompose(&[2.0, 2.0, 8.0, 8.0], &[0, 0, 1, 1]).unwrap();
//! assert!(split.t.within.abs() < 1e-15 && split.t.between > 0.19);
//! ```
//!
//! # Source
//! Theil H (1967), *Economics and Information Theory*, North-Holland; Shorrocks AF (1980), Econometrica 48:613–625,
//! doi:10.2307/1913126 (the decomposition).

use std::collections::BTreeMap;

use super::positive_total;
use crate::statistics::numerics::float::{ln, size};

/// The two indices of one distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Theil {
    /// T.
    pub t: f64,
    /// T over its largest possible value, ln n.
    pub normalised: Option<f64>,
    /// L, the mean logarithmic deviation.
    pub l: Option<f64>,
}

/// A whole in two parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// What would be left if every region had its group's mean.
    pub between: f64,
    /// The rest, inside groups.
    pub within: f64,
}

/// Both indices split by group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decomposition {
    /// Of T.
    pub t: Split,
    /// Of L.
    pub l: Option<Split>,
}

/// T and L of the values.
pub fn indices(values: &[f64]) -> Option<Theil> {
    let total = positive_total(values)?;
    let n = size(values.len());
    let mean = total / n;
    let t = values.iter().map(|&value| relative_entropy(value / mean)).sum::<f64>() / n;
    let all_positive = values.iter().all(|&value| value > 0.0);
    // Rounding leaves equal values a little below 0.
    let l = all_positive
        .then(|| (values.iter().map(|value| ln(mean / value)).sum::<f64>() / n).max(0.0));
    let t = t.max(0.0);
    Some(Theil { t, normalised: (values.len() > 1).then(|| t / ln(n)), l })
}

/// T and L of the values, split into between and within groups.
pub fn decompose(values: &[f64], groups: &[usize]) -> Option<Decomposition> {
    if values.len() != groups.len() {
        return None;
    }
    let total = positive_total(values)?;
    let n = size(values.len());
    let mean = total / n;
    let mut members: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (&value, &group) in values.iter().zip(groups) {
        members.entry(group).or_default().push(value);
    }
    let mut t = Split { between: 0.0, within: 0.0 };
    let mut l = Some(t);
    for own in members.values() {
        let share = size(own.len()) / n;
        // A group without anything adds nothing to T, and leaves no L.
        let Some(inside) = indices(own) else {
            l = None;
            continue;
        };
        let relative = own.iter().sum::<f64>() / size(own.len()) / mean;
        t.between += share * relative_entropy(relative);
        t.within += share * relative * inside.t;
        l = l.zip(inside.l).map(|(sum, inside)| Split {
            between: sum.between - share * ln(relative),
            within: sum.within + share * inside,
        });
    }
    Some(Decomposition { t, l })
}

/// r·ln r, with its limit 0 at 0.
fn relative_entropy(relative: f64) -> f64 {
    if relative > 0.0 { relative * ln(relative) } else { 0.0 }
}

#[test]
fn a_group_with_nothing_takes_part_in_t_only() {
    let split = decompose(&[0.0, 0.0, 1.0, 3.0], &[7, 7, 2, 2]).unwrap();
    assert_eq!(split.l, None);
    // Between: half the regions have twice the mean, ln 2. Within: ½·1·ln ½·… of (1, 3).
    assert!((split.t.between - ln(2.0)).abs() < 1e-15);
    let inside = 0.5 * (0.5 * ln(0.5) + 1.5 * ln(1.5));
    assert!((split.t.within - inside).abs() < 1e-15);
    assert_eq!(decompose(&[1.0], &[]), None);
    assert_eq!(indices(&[0.0]), None);
    assert_eq!(indices(&[4.0]), Some(Theil { t: 0.0, normalised: None, l: Some(0.0) }));
}
