//! Neighbours from the text of a GAL file.
//!
//! # Question
//! A file made by GeoDa, libpysal or spdep says who neighbours whom. What are the weights of our regions?
//!
//! # Definition
//! The first line is `n` or `0 n layer id`. Each region has a line with its id and its number of neighbours and a line with
//! their ids; for a region without neighbours the second line is blank or left out. Ids are the regions' own ids, whatever
//! they look like: for row numbers, give "1", "2", … as ids.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `text` | `&str` | a file | – |
//! | `regions` | `&[S]` | ids in position order | unique |
//!
//! # Output
//! Binary [`Weights`] in the order of `regions`, whatever the file's order.
//!
//! # Undefined
//! All [`LinkProblem`]s, each with line, value and reason: ids nobody has, regions named twice or not at all, announced
//! numbers that do not agree, a region among its own neighbours. A file is used whole or not at all.
//!
//! # Assumptions, and when not to use it
//! Links may go one way, as nearest neighbours do; [`Weights::is_symmetric`] tells. Ids without blanks.
//!
//! # Cost and determinism
//! O(length·log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::{Reason, gal};
//! let weights = gal::read("0 3 map CODE\nA 1\nB\nB 1\nA\nC 0\n\n", &["A", "B", "C"]).unwrap();
//! assert_eq!((weights.neighbours(0), weights.islands()), (&[1][..], vec![2]));
//! let problems = gal::read("2\nA 1\nX\nB 1\nA\n", &["A", "B"]).unwrap_err();
//! assert_eq!((problems[0].line, problems[0].reason), (3, Reason::UnknownRegion));
//! ```
//!
//! # Source
//! Anselin L, Rey SJ (2014), *Modern Spatial Econometrics in Practice*, chapter 3 (the format).

use super::record::{LinkProblem, Reading, Reason};
use crate::model::Weights;

/// Reads the text of a GAL file.
///
/// # Errors
/// Every problem of the file, in the order of lines.
pub fn read<S: AsRef<str>>(text: &str, regions: &[S]) -> Result<Weights, Vec<LinkProblem>> {
    let mut reading = Reading::new(regions);
    let records = reading.header(text);
    let mut lists: Vec<Option<Vec<u32>>> = vec![None; regions.len()];
    let mut at = 0;
    while let Some(&(line, record)) = records.get(at) {
        at += 1;
        let parts: Vec<&str> = record.split_whitespace().collect();
        let [id, announced] = parts[..] else {
            if !parts.is_empty() {
                reading.problem(line, record, Reason::WrongRecord);
            }
            continue;
        };
        let Ok(n_announced) = announced.parse::<usize>() else {
            reading.problem(line, record, Reason::WrongRecord);
            continue;
        };
        let own = reading.position(line, id);
        let next = records.get(at).copied();
        let (line_of_ids, ids) = match next {
            // A region without neighbours has a blank line, or none.
            Some((_, ids)) if n_announced == 0 && !ids.trim().is_empty() => (line, ""),
            Some(next) => {
                at += 1;
                next
            }
            None => (line, ""),
        };
        let ids: Vec<&str> = ids.split_whitespace().collect();
        if ids.len() != n_announced {
            reading.problem(line_of_ids, record, Reason::OtherNumberOfNeighbours);
        }
        let list = neighbours(&mut reading, line_of_ids, own, &ids);
        match own.map(|own| &mut lists[own as usize]) {
            Some(Some(_)) => reading.problem(line, id, Reason::RepeatedRegion),
            Some(place) => *place = Some(list),
            None => {}
        }
    }
    for (list, id) in lists.iter().zip(regions) {
        if list.is_none() {
            reading.problem(0, id.as_ref(), Reason::NoRecord);
        }
    }
    reading.finish(Weights::binary(lists.into_iter().map(Option::unwrap_or_default).collect()))
}

fn neighbours(reading: &mut Reading<'_>, line: usize, own: Option<u32>, ids: &[&str]) -> Vec<u32> {
    let mut list = Vec::new();
    for id in ids {
        match reading.position(line, id) {
            Some(other) if own == Some(other) => reading.problem(line, id, Reason::OwnNeighbour),
            Some(other) if list.contains(&other) => {
                reading.problem(line, id, Reason::RepeatedNeighbour);
            }
            Some(other) => list.push(other),
            None => {}
        }
    }
    list
}

#[test]
fn any_order_any_header_and_islands_with_or_without_a_line() {
    let regions = ["05111", "05112", "x"];
    let expected = Weights::binary(vec![vec![1], vec![0], vec![]]);
    for text in [
        "3\nx 0\n\n05112 1\n05111\n05111 1\n05112\n",
        "3\nx 0\n05112 1\n05111\n05111 1\n05112",
        "\u{feff}0 3 kreise AGS\r\n05111 1\r\n05112 \r\n05112 1\r\n05111\r\nx 0\r\n\r\n",
        "0 3 kreise AGS\n05111 1\n05112\n05112 1\n05111\nx 0",
    ] {
        assert_eq!(read(text, &regions).as_ref(), Ok(&expected), "{text:?}");
    }
}

#[test]
fn every_problem_is_listed_with_its_line() {
    let text = "4\na 2\nb b\nb 1\nb\nc 3\na d\nb 0\n\n1 2 3\ne x\n";
    let found: Vec<(usize, String, Reason)> = read(text, &["a", "b", "c"])
        .unwrap_err()
        .into_iter()
        .map(|problem| (problem.line, problem.value, problem.reason))
        .collect();
    let expected = [
        (1, "4", Reason::OtherNumberOfRegions),
        (3, "b", Reason::RepeatedNeighbour),
        (5, "b", Reason::OwnNeighbour),
        (7, "c 3", Reason::OtherNumberOfNeighbours),
        (7, "d", Reason::UnknownRegion),
        (8, "b", Reason::RepeatedRegion),
        (10, "1 2 3", Reason::WrongRecord),
        (11, "e x", Reason::WrongRecord),
    ];
    let expected: Vec<_> =
        expected.map(|(line, value, reason)| (line, value.to_owned(), reason)).to_vec();
    assert_eq!(found, expected);
    let missing = read("2\na 0\n\n", &["a", "b"]).unwrap_err();
    assert_eq!(missing, [LinkProblem { line: 0, value: "b".to_owned(), reason: Reason::NoRecord }]);
    assert_eq!(read("", &["a"]).unwrap_err()[0].reason, Reason::NoHeader);
    assert_eq!(read("a b\na 0\n", &["a"]).unwrap_err()[0].reason, Reason::NoHeader);
    assert!(read::<&str>("0\n", &[]).is_ok());
}
