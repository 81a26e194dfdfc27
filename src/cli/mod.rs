//! The command line: one file a subcommand, and the exit codes they agree on.
//!
//! 0 done · 1 findings of `check` · 2 usage or configuration · 3 input unreadable · 4 disclosure audit failed · 5 internal.

mod analyse;
mod check;
mod completions;
mod demo;
mod explain;
mod indicators;
mod init;
mod methods;
pub mod output;
mod prose;
mod run;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::diagnostics::Problems;
use output::{Format, Output};

/// Done, and nothing found.
pub const DONE: u8 = 0;
/// Done, and `check` found something.
pub const FINDINGS: u8 = 1;
/// The command line itself was wrong.
pub const USAGE: u8 = 2;
/// A bug.
pub const INTERNAL: u8 = 5;

/// What a subcommand comes to: an exit code, or the problems that stopped it.
type Outcome = Result<u8, Problems>;

/// Situational assessment of extremist trends: indicators with their uncertainty, tested hotbeds, readable pages.
///
/// Descriptive, and about areas: it takes no data on persons and predicts nothing about them.
#[derive(Debug, Parser)]
#[command(name = "saet", version, max_term_width = 100)]
struct Cli {
    /// Print only problems.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// How results and problems are printed; `json` prints a line each.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Test one file: a map with counts, counts over time, or how late events become known.
    Analyse(Box<analyse::Args>),
    /// Make an assessment: read, locate, count, estimate, find, protect, render.
    Run(run::Args),
    /// Check an assessment without computing anything: all problems in one pass.
    Check(check::Args),
    /// Start an assessment: write a commented `assessment.toml` into a folder.
    Init(init::Args),
    /// Make a synthetic country with planted hotbeds, and run it end to end.
    Demo(demo::Args),
    /// List, show and check indicators.
    Indicators(indicators::Args),
    /// List and show the statistical methods, with their assumptions and sources.
    Methods(methods::Args),
    /// Explain a code of a problem, or an indicator.
    Explain(explain::Args),
    /// Print completions for a shell.
    Completions(completions::Args),
}

/// Parses the arguments, runs the subcommand, prints what it says, and returns the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(message) => return output::usage(&message),
    };
    let output = Output::new(cli.quiet, cli.format);
    let outcome = match &cli.command {
        Command::Analyse(args) => analyse::run(args, &output),
        Command::Run(args) => run::run(args, &output),
        Command::Check(args) => check::run(args, &output),
        Command::Init(args) => init::run(args, &output),
        Command::Demo(args) => demo::run(args, &output),
        Command::Indicators(args) => indicators::run(args, &output),
        Command::Methods(args) => methods::run(args, &output),
        Command::Explain(args) => explain::run(args, &output),
        Command::Completions(args) => completions::run(args, &output),
    };
    outcome.unwrap_or_else(|problems| {
        output.errors(&problems);
        problems.exit()
    })
}

#[test]
fn the_command_line_is_consistent() {
    <Cli as clap::CommandFactory>::command().debug_assert();
}
