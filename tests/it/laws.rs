//! Laws the statistics must obey whatever the data: checked on generated cases.

#![allow(
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    reason = "generated counts are small; a missing result is a broken law"
)]

mod agreement;
mod areal;
mod breaks;
mod charts;
mod composite;
mod concentration;
mod counts;
mod intervals;
mod leroux;
mod maps;
mod ranks;
mod rates;
mod scan;
mod scan_over_time;
mod spatial;
mod surveillance;
mod survey;
mod trend;
mod weights;

use saet::{
    model::Weights,
    statistics::{
        interval::Confidence,
        numerics::{gamma, random::Key},
    },
};

const LEVELS: [Confidence; 3] = [Confidence::P90, Confidence::P95, Confidence::P998];

/// A rectangular map with shared edges as links.
fn lattice(rows: u32, columns: u32) -> Weights {
    let lists = (0..rows * columns)
        .map(|at| {
            let (row, column) = (at / columns, at % columns);
            let mut list = Vec::new();
            if row > 0 {
                list.push(at - columns);
            }
            if row + 1 < rows {
                list.push(at + columns);
            }
            if column > 0 {
                list.push(at - 1);
            }
            if column + 1 < columns {
                list.push(at + 1);
            }
            list
        })
        .collect();
    Weights::binary(lists)
}

/// The same map with region `order[i]` renamed to `i`.
fn renumbered(weights: &Weights, order: &[usize]) -> Weights {
    let mut place = vec![0_u32; order.len()];
    for (new, &old) in (0..).zip(order) {
        place[old] = new;
    }
    let lists = order
        .iter()
        .map(|&old| weights.neighbours(old).iter().map(|&other| place[other as usize]).collect())
        .collect();
    Weights::binary(lists)
}

/// A Poisson count.
fn poisson(key: Key, region: u32, draw: u64, mean: f64) -> u64 {
    let unit = key.stream(region, draw).unit();
    (0..10_000).find(|&count| gamma::upper(count as f64 + 1.0, mean) >= unit).unwrap_or(0)
}
