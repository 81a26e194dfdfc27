//! Printing: results on standard output, problems on standard error, for people or for machines.

#![allow(clippy::disallowed_methods, reason = "this is the one place that asks for the terminal")]

use std::io::{self, IsTerminal, Write};

use miette::{GraphicalReportHandler, GraphicalTheme, Severity};

use crate::diagnostics::{Place, Problem, Problems, Rendered};

/// How results and problems are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Where a subcommand prints.
#[derive(Debug)]
pub struct Output {
    quiet: bool,
    format: Format,
}

impl Output {
    /// Prints as the global options say.
    pub fn new(quiet: bool, format: Format) -> Self {
        Self { quiet, format }
    }

    /// Whether results go out as JSON.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether a progress bar may be drawn: on a terminal, for people who did not ask for quiet.
    pub fn progress(&self) -> bool {
        !self.quiet && self.format == Format::Text && io::stderr().is_terminal()
    }

    /// A result that was asked for; printed even when quiet.
    pub fn result(&self, text: &str) {
        print(&mut io::stdout().lock(), text);
    }

    /// A result as JSON.
    pub fn json(&self, value: &serde_json::Value) {
        print(&mut io::stdout().lock(), &value.to_string());
    }

    /// A remark; left out when quiet and in JSON.
    pub fn remark(&self, text: &str) {
        if !self.quiet && self.format == Format::Text {
            print(&mut io::stdout().lock(), text);
        }
    }

    /// Problems that stop a command or are its findings.
    pub fn errors(&self, problems: &Problems) {
        self.problems(problems, Severity::Error);
    }

    /// Problems a command went on with.
    pub fn warnings(&self, problems: &Problems) {
        self.problems(problems, Severity::Warning);
    }

    fn problems(&self, problems: &Problems, severity: Severity) {
        let mut stderr = io::stderr().lock();
        for problem in &problems.0 {
            match self.format {
                Format::Text => print(&mut stderr, render(problem, severity, theme()).trim_end()),
                Format::Json => print(&mut stderr, &as_json(problem, severity).to_string()),
            }
        }
        let n = problems.0.len();
        if self.format == Format::Text && n > 1 {
            let what = if severity == Severity::Error { "problems" } else { "warnings" };
            print(&mut stderr, &format!("{n} {what}"));
        }
    }
}

/// Writes a line. A reader that went away (`saet … | head`) is no mistake; nothing else can be reported where printing fails.
fn print(to: &mut dyn Write, text: &str) {
    let _reader_went_away = writeln!(to, "{text}");
}

/// Colours on a terminal, unless `NO_COLOR` is set.
fn theme() -> GraphicalTheme {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stderr().is_terminal() && !no_color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    }
}

/// A problem with the lines it points at.
pub fn render(problem: &Problem, severity: Severity, theme: GraphicalTheme) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
    match handler.render_report(&mut text, &Rendered::new(problem, severity)) {
        Ok(()) => text,
        Err(_) => problem.to_string(),
    }
}

fn as_json(problem: &Problem, severity: Severity) -> serde_json::Value {
    let (file, line, column) = match &problem.place {
        Some(Place::Span(text, span)) => {
            let (line, column) = text.line_column(span.start);
            (Some(text.name.to_string()), Some(line as u64), Some(column.into()))
        }
        Some(Place::Row { file, row, column }) => {
            (Some(file.clone()), Some(*row), column.clone().map(serde_json::Value::from))
        }
        Some(Place::File(file)) => (Some(file.clone()), None, None),
        None => (None, None, None),
    };
    serde_json::json!({
        "severity": if severity == Severity::Error { "error" } else { "warning" },
        "code": problem.code.id,
        "message": problem.message,
        "file": file,
        "line": line,
        "column": column,
        "help": problem.help,
    })
}

/// Prints help or a mistake of the command line, and returns the exit code.
pub(super) fn usage(message: &clap::Error) -> u8 {
    let _reader_went_away = message.print();
    if message.use_stderr() { super::USAGE } else { super::DONE }
}
