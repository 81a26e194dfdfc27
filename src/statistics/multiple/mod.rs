//! Many tests at once: which to believe when some would look significant by chance.
//!
//! | module | for |
//! |---|---|
//! | [`benjamini_hochberg`] | regions of one surface, or surfaces among themselves |
//! | [`benjamini_bogomolov`] | surfaces first, then regions inside the selected ones |
//! | [`benjamini_yekutieli`] | the same share of false discoveries under any dependence |
//! | [`holm`] | no false one among a handful of planned comparisons |
//! | [`bonferroni`] | the same, coarser, for parity with figures of others |

pub mod benjamini_bogomolov;
pub mod benjamini_hochberg;
pub mod benjamini_yekutieli;
pub mod bonferroni;
pub mod holm;

/// Positions by ascending p; ties keep their order.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}
