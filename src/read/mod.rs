//! Read: declared sources become canonical tables.
//!
//! Everything that interprets a cell (column rules, recodes, dates, conditions) runs once per *distinct* value and comes back
//! to the rows by a join, so the cost of a rule does not grow with the records. Texts leave this stage as codes into
//! [`crate::model::Dictionary`] entries; rows that cannot be used carry their [`crate::model::Reject`] reason and stay in the frame, so that counting
//! and reconciliation are one pass.

pub mod boundaries;
mod columns;
mod encode;
mod file;
pub(crate) mod formats;
mod items;
pub mod links;
pub mod map;
mod opening;
mod printed;
mod source;
mod text;
mod unpivot;
mod values;

pub use source::read;
