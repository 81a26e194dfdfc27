//! Protection: what each edition may show, decided once for every table, map, chart and sentence.
//!
//! [`release`] takes a draft by value and gives [`Released`], the only thing `render` accepts. The restricted edition
//! shows everything. The public edition hides protected counts from 1 to 9, rounds the others to a multiple of 5, and
//! recomputes or withholds every figure derived from them, since limits, smoothed values, p-values, ranks, colours and
//! labels all reveal a count.
//!
//! # What is missing
//! *Secondary suppression*: a hidden cell may still be bounded by subtracting shown cells from a shown total (regions
//! within their parent, parts within a composition, overlapping windows, several indicators on the same records). Its
//! seam is [`release`]: it belongs between the primary rules and the audit, and the audit then solves for the feasible
//! range of every hidden cell. Until it exists, [`Released::watermark`] is set for every edition but the restricted
//! one, and each page, table and map says that it is not for publication.

mod alarms;
mod audit;
mod changes;
mod composites;
mod concentrations;
mod findings;
mod limits;
mod policy;
mod primary;
mod released;
mod surveys;
mod trends;

pub use policy::{Edition, Policy};
pub use released::{Released, release};
