//! The `saet` program: parse, run, print, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let run = || saet::cli::main(std::env::args_os());
    ExitCode::from(std::panic::catch_unwind(run).unwrap_or(saet::cli::INTERNAL))
}
