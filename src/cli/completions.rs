//! `saet completions`: completions for a shell, on standard output.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, DONE, Outcome, output::Output};

/// Arguments of `saet completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[allow(clippy::unnecessary_wraps, reason = "every subcommand has the same outcome")]
pub(super) fn run(args: &Args, output: &Output) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "saet", &mut script);
    output.result(String::from_utf8_lossy(&script).trim_end());
    Ok(DONE)
}
