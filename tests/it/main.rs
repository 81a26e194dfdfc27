//! The one test binary: laws, reference values, messages, the tree itself, and whole runs.

mod broken;
mod declarations;
mod demo_data;
mod examples;
mod geometry;
mod laws;
mod pilot;
mod protect;
mod render;
mod runs;
mod statistics_reference;
mod tidy;
mod world;
