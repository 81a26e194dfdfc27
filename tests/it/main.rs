//! The one test binary: laws, reference values, messages, the tree itself, and whole runs.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests break files on purpose, fail by panicking, and say what could not run"
)]

mod analyse;
mod broken;
mod composites;
mod declarations;
mod declared;
mod demo_data;
mod evidence;
mod examples;
mod fixtures;
mod geometry;
mod laws;
mod methods;
mod pilot;
mod protect;
mod reference;
mod render;
mod runs;
mod series;
mod surveys;
mod tidy;
mod validity;
mod world;
