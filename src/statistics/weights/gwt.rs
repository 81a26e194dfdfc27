//! Weighted links from the text of a GWT file.
//!
//! # Question
//! A file lists links with a weight, as distances or travel times. What are the weights of our regions?
//!
//! # Definition
//! The first line is `n` or `0 n layer id`. Every other line is a link: from, to, weight. Regions that are in no line have
//! no neighbours. Ids are the regions' own ids; for row numbers, give "1", "2", … as ids.
//!
//! # Inputs
//! | name | type | shape | domain |
//! |---|---|---|---|
//! | `text` | `&str` | a file | – |
//! | `regions` | `&[S]` | ids in position order | unique |
//!
//! # Output
//! [`Weights`] in the order of `regions`, with the weights as they stand.
//!
//! # Undefined
//! All [`LinkProblem`]s, each with line, value and reason. A file is used whole or not at all.
//!
//! # Assumptions, and when not to use it
//! A GWT file may hold distances, which grow where links should weaken: [`Weights::binarised`] keeps who is a neighbour and
//! drops how far.
//!
//! # Cost and determinism
//! O(length·log n); no randomness.
//!
//! # Example
//! ```
//! use saet::statistics::weights::gwt;
//! let weights = gwt::read("0 3 map CODE\nA B 2.5\nB A 2.5\n", &["A", "B", "C"]).unwrap();
//! assert_eq!((weights.values(0), weights.islands()), (&[2.5][..], vec![2]));
//! ```
//!
//! # Source
//! Anselin L, Rey SJ (2014), *Modern Spatial Econometrics in Practice*, chapter 4 (the format).

use super::record::{LinkProblem, Reading, Reason};
use crate::model::Weights;

/// Reads the text of a GWT file.
///
/// # Errors
/// Every problem of the file, in the order of lines.
pub fn read<S: AsRef<str>>(text: &str, regions: &[S]) -> Result<Weights, Vec<LinkProblem>> {
    let mut reading = Reading::new(regions);
    let records = reading.header(text);
    let mut links: Vec<(u32, u32, usize, f64)> = Vec::new();
    for (line, record) in records {
        let parts: Vec<&str> = record.split_whitespace().collect();
        let [from, to, value] = parts[..] else {
            if !parts.is_empty() {
                reading.problem(line, record, Reason::WrongRecord);
            }
            continue;
        };
        let ends = (reading.position(line, from), reading.position(line, to));
        let weight = value.parse::<f64>().ok().filter(|weight| *weight > 0.0 && weight.is_finite());
        if weight.is_none() {
            reading.problem(line, value, Reason::NoWeight);
        }
        match (ends, weight) {
            ((Some(from), Some(to)), _) if from == to => {
                reading.problem(line, record, Reason::OwnNeighbour);
            }
            ((Some(from), Some(to)), Some(weight)) => links.push((from, to, line, weight)),
            _ => {}
        }
    }
    links.sort_by_key(|&(from, to, line, _)| (from, to, line));
    for pair in links.windows(2).filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
        let to = regions[pair[1].1 as usize].as_ref();
        reading.problem(pair[1].2, to, Reason::RepeatedNeighbour);
    }
    let mut lists = vec![Vec::new(); regions.len()];
    for (from, to, _, weight) in links {
        lists[from as usize].push((to, weight));
    }
    reading.finish(Weights::weighted(lists))
}

#[test]
fn every_problem_is_listed_with_its_line() {
    let text = "0 2 map id\na b 1\n\na b 2\na a 1\nb c 1\nb a zero\nb a 0\nb a\nb a NaN\n";
    let found: Vec<(usize, Reason)> = read(text, &["a", "b"])
        .unwrap_err()
        .into_iter()
        .map(|problem| (problem.line, problem.reason))
        .collect();
    let expected = [
        (4, Reason::RepeatedNeighbour),
        (5, Reason::OwnNeighbour),
        (6, Reason::UnknownRegion),
        (7, Reason::NoWeight),
        (8, Reason::NoWeight),
        (9, Reason::WrongRecord),
        (10, Reason::NoWeight),
    ];
    assert_eq!(found, expected);
    assert_eq!(read("3\n", &["a", "b"]).unwrap_err()[0].reason, Reason::OtherNumberOfRegions);
}
