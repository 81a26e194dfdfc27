//! Problems with place, value, reason and way out; collected, never only the first.
//!
//! A stage returns [`Problems`]; only `main.rs` renders them. A problem never carries a record's content beyond the
//! one value that has to be mended.

pub mod codes;

use std::{fmt, ops::Range, sync::Arc};

use miette::{LabeledSpan, NamedSource, SourceCode};

pub use codes::Code;

/// A text with its name, shared by all problems that point into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Path as the user wrote it.
    pub name: Arc<str>,
    /// Whole content.
    pub content: Arc<str>,
}

impl Text {
    /// Wraps a named text.
    pub fn new(name: impl Into<Arc<str>>, content: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), content: content.into() }
    }

    /// Line and column (both from 1, column in characters) of a byte offset.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.content[..offset.min(self.content.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// Where a problem lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A span of a text file: bytes from..to.
    Span(Text, Range<usize>),
    /// A row (from 1, as a text editor counts) and, where known, a column of a data file.
    Row {
        /// Path as declared.
        file: String,
        /// Line in the file.
        row: u64,
        /// Column by name.
        column: Option<String>,
    },
    /// A whole file.
    File(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Span(text, span) => {
                let (line, column) = text.line_column(span.start);
                write!(f, "{}:{line}:{column}", text.name)
            }
            Self::Row { file, row, column: Some(column) } => {
                write!(f, "{file}:{row}, column `{column}`")
            }
            Self::Row { file, row, column: None } => write!(f, "{file}:{row}"),
            Self::File(file) => f.write_str(file),
        }
    }
}

/// One problem: what is wrong, where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub code: &'static Code,
    /// What is wrong: a lower-case clause without a final stop; names in backticks.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, help: None }
    }

    /// Points at it.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Problem {}

/// Renders a problem in miette's terms: the span is shown with its line, the place stands in front of the message.
impl miette::Diagnostic for Rendered<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code.id))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        match &self.problem.place {
            Some(Place::Span(_, span)) => {
                let label = LabeledSpan::underline(span.clone());
                Some(Box::new(std::iter::once(label)))
            }
            _ => None,
        }
    }
}

/// A problem ready for miette's reporter.
#[derive(Debug)]
pub struct Rendered<'p> {
    problem: &'p Problem,
    source: Option<NamedSource<String>>,
    severity: miette::Severity,
}

impl<'p> Rendered<'p> {
    /// Wraps a problem as an error or a warning.
    pub fn new(problem: &'p Problem, severity: miette::Severity) -> Self {
        let source = match &problem.place {
            Some(Place::Span(text, _)) => {
                Some(NamedSource::new(&*text.name, text.content.to_string()))
            }
            _ => None,
        };
        Self { problem, source, severity }
    }
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Rendered<'_> {}

/// All problems found in one go; as an error it is never empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds all of another stage's.
    pub fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// What went well, in order, or else every problem of what did not.
    ///
    /// # Errors
    /// All problems together.
    pub fn gather<T>(
        results: impl IntoIterator<Item = Result<T, Problems>>,
    ) -> Result<Vec<T>, Problems> {
        let mut problems = Self::default();
        let good = results
            .into_iter()
            .filter_map(|result| result.map_err(|found| problems.extend(found)).ok())
            .collect();
        problems.into_result().map(|()| good)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong, else everything that is.
    ///
    /// # Errors
    /// The collected problems.
    pub fn into_result(self) -> Result<(), Problems> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The exit code of the most serious problem.
    pub fn exit(&self) -> u8 {
        self.0.iter().map(|problem| problem.code.exit).max().unwrap_or(0)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, problem) in self.0.iter().enumerate() {
            if idx > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The declared name nearest to a mistyped one, as a help text: "did you mean `x`?".
///
/// Only names within a third of the word's length (at least one edit) count as near.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(typed, name), name))
        .filter(|(distance, name)| *distance <= (typed.len().max(name.len()) / 3).max(1))
        .min()
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

#[test]
fn a_place_counts_lines_and_characters_from_one() {
    let text = Text::new("a.toml", "ä = 1\nbß = 2\n");
    assert_eq!(text.line_column(text.content.find('ß').unwrap()), (2, 2));
}

#[test]
fn only_near_names_are_suggested() {
    assert_eq!(did_you_mean("perids", ["periods", "seed"]).unwrap(), "did you mean `periods`?");
    assert_eq!(did_you_mean("zzz", ["periods", "seed"]), None);
}
