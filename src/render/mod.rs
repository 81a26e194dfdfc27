//! Rendering: released values become tables, maps, charts and pages.
//!
//! Every report gets the same view of one edition and hands named artefacts to a sink, in an order that depends on
//! the data alone. It sees [`Released`] only, so no report can show what protection withheld. What a report looks like
//! is in the top-level folder `reports/` (templates and one style sheet), embedded in the program.
//!
//! To add a report, write its module with a `pub(super) static ENTRY: Report` and add its name to the list below.

mod alarms;
pub(crate) mod atlas;
mod composites;
mod concentration;
pub(crate) mod draw;
mod markdown;
mod overview;
pub(crate) mod page;
mod planted;
mod sentences;
mod view;
pub(crate) mod words;

use std::io;

use crate::{
    diagnostics::{Problem, Problems},
    protect::Released,
    registry::catalogue,
};
use view::View;

/// What a file is made of.
pub enum Artefact<'a> {
    /// Bytes that are there.
    Bytes(Vec<u8>),
    /// Bytes written piece by piece, because all of them would take too much memory at once.
    Stream(&'a mut dyn FnMut(&mut (dyn io::Write + Send)) -> io::Result<()>),
}

impl Artefact<'_> {
    /// Writes all of it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_to(self, out: &mut (dyn io::Write + Send)) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(&bytes),
            Self::Stream(fill) => fill(out),
        }
    }
}

impl From<Vec<u8>> for Artefact<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Takes an artefact: its path inside the edition's folder, with `/`, and what it is made of.
pub type Sink<'s> = dyn FnMut(&str, Artefact<'_>) -> Result<(), Problem> + 's;

/// One family of artefacts.
pub struct Report {
    /// Name, equal to its module's.
    pub id: &'static str,
    /// What it writes, in words.
    pub title: &'static str,
    render: fn(&View<'_>, &mut Sink<'_>) -> Result<(), Problem>,
}

catalogue! {
    /// Every report, in the order written.
    Report; tables, maps, charts, national, regions, indicators, methods, appendix, data
}

/// Names and titles of all reports, in the order they are written.
pub fn reports() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALL.iter().map(|report| (report.id, report.title))
}

/// Writes every artefact of an edition into `sink`, one at a time and always in the same order.
///
/// # Errors
/// The first problem of the sink; a template that cannot be filled is [`codes::INTERNAL`](crate::diagnostics::codes::INTERNAL).
pub fn render(released: &Released, sink: &mut Sink<'_>) -> Result<(), Problems> {
    let view = View::new(released);
    for report in ALL {
        (report.render)(&view, sink)?;
    }
    Ok(())
}
