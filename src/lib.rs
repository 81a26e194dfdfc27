//! Situational assessment of extremist trends: indicators with their uncertainty, tested hotbeds, readable pages.
//!
//! Everything follows one sentence; folders, messages and error codes use its words:
//!
//! > **read → locate → count → estimate → find → protect → render**
//!
//! # The map
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`assessment`] | `assessment.toml` | an [`assessment::Assessment`], every name in it checked |
//! | [`read`] | declared sources | [`model::Records`]: canonical columns as codes, rejected rows with their reason |
//! | [`locate`] | boundary files, records | [`model::RegionTree`], [`model::Weights`], [`model::Located`] |
//! | [`count`] | located records, indicator definitions | [`model::Counts`] per measure, one pass a source; a [`model::Sample`] per question of a survey |
//! | [`estimate`] | counts, samples | [`model::Estimate`]: value, interval, reliability, status; [`model::SurveyShare`] |
//! | [`find`] | counts | [`model::SurfaceFindings`], [`model::Change`], [`model::Trend`], [`model::Concentration`], [`model::Watch`], [`model::Composite`], [`model::Capacity`] |
//! | [`protect`] | a [`model::Draft`], by value | [`protect::Released`], the only thing a report may show |
//! | [`render`] | [`protect::Released`] | named artefacts: pages, tables, maps, charts |
//!
//! [`pipeline`] is the one place that knows this order. [`statistics`] is the library below the stages: numbers to numbers.
//! [`methods`] lists what is in it, with what each method says of itself. [`model`] is the vocabulary, [`predicate`] the small SQL subset of conditions, [`declaration`] the TOML reader with places,
//! [`diagnostics`] what can go wrong, [`registry`] the shape of every list, [`storage`] the one door to the file system.
//! [`analyse`] is the short way from one file (a map, a series, a survey) to a tested result; [`demo`] writes a synthetic
//! country; [`cli`] is the command line.
//!
//! # Invariants
//!
//! 1. No stage imports another stage; `render` may import `protect`, for [`protect::Released`].
//! 2. [`protect::Released`] has private fields and one constructor, [`protect::release`].
//! 3. A run is a function of inputs, definitions, policy and seed: no clock, no hash order, no thread count.
//! 4. What cannot be computed is a [`model::Status`]; never NaN, never 0, never a dropped row.
//! 5. Every input row is accounted for; every region appears exactly once per key.
//! 6. No network. Inputs are never modified. A run that fails leaves the previous output as it was.
//! 7. An indicator is one TOML file; a method, a format or a report is one file and one line.
//! 8. Local context never enters a hotbed, a rank or a priority.

pub mod analyse;
pub mod assessment;
pub mod cli;
pub mod count;
pub mod declaration;
pub mod demo;
pub mod diagnostics;
pub mod estimate;
pub mod find;
pub mod locate;
pub mod methods;
pub mod model;
pub mod pipeline;
pub mod predicate;
pub mod protect;
pub mod read;
pub mod registry;
pub mod render;
pub mod statistics;
pub mod storage;
