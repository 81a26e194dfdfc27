//! What neighbour files have in common: a header, region ids, and every problem with its line.

use std::collections::BTreeMap;

/// What is wrong at one place of a neighbour file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkProblem {
    /// Line, from 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What stands there.
    pub value: String,
    /// Why it cannot be used.
    pub reason: Reason,
}

/// Why a part of a neighbour file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The first line is neither `n` nor `0 n layer id`.
    NoHeader,
    /// The header tells another number of regions than there are.
    OtherNumberOfRegions,
    /// A record has too few or too many parts.
    WrongRecord,
    /// No region has this id.
    UnknownRegion,
    /// This region has a record already.
    RepeatedRegion,
    /// This region has no record.
    NoRecord,
    /// There are more or fewer neighbours than announced.
    OtherNumberOfNeighbours,
    /// A region is named as its own neighbour.
    OwnNeighbour,
    /// A neighbour is named twice.
    RepeatedNeighbour,
    /// Not a positive number.
    NoWeight,
}

/// Ids to positions, and the problems so far.
pub(super) struct Reading<'a> {
    positions: BTreeMap<&'a str, u32>,
    problems: Vec<LinkProblem>,
}

impl<'a> Reading<'a> {
    /// `regions` in position order; ids are unique.
    pub(super) fn new<S: AsRef<str>>(regions: &'a [S]) -> Self {
        let positions = regions.iter().map(AsRef::as_ref).zip(0..).collect();
        Self { positions, problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, line: usize, value: &str, reason: Reason) {
        self.problems.push(LinkProblem { line, value: value.to_owned(), reason });
    }

    /// A region's position; an unknown id is a problem.
    pub(super) fn position(&mut self, line: usize, id: &str) -> Option<u32> {
        let position = self.positions.get(id).copied();
        if position.is_none() {
            self.problem(line, id, Reason::UnknownRegion);
        }
        position
    }

    /// Checks the header, `n` or `0 n layer id`, and gives the other lines that are left, numbered from 1.
    pub(super) fn header<'t>(&mut self, text: &'t str) -> Vec<(usize, &'t str)> {
        // A mark that some editors put before the first character.
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = (1..).zip(text.lines().map(str::trim_end));
        let Some((line, header)) = lines.next() else {
            self.problem(0, "", Reason::NoHeader);
            return Vec::new();
        };
        let parts: Vec<&str> = header.split_whitespace().collect();
        let n = match parts[..] {
            [n] | ["0", n, _, _, ..] => n.parse::<usize>().ok(),
            _ => None,
        };
        match n {
            None => self.problem(line, header, Reason::NoHeader),
            Some(n) if n != self.positions.len() => {
                self.problem(line, header, Reason::OtherNumberOfRegions);
            }
            Some(_) => {}
        }
        lines.collect()
    }

    /// The result, unless there was a problem. They come in the order of lines.
    pub(super) fn finish<T>(mut self, result: T) -> Result<T, Vec<LinkProblem>> {
        self.problems.sort_by_key(|problem| problem.line);
        if self.problems.is_empty() { Ok(result) } else { Err(self.problems) }
    }
}
