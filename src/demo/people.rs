//! Who lives where: a few cities, many small districts, and each growing or shrinking a little every year.

use super::{
    areas::Areas,
    draws::{Draws, Purpose},
};

/// Inhabitants of the largest town; the town of rank r has that many divided by r^0.85.
const LARGEST_TOWN: f64 = 1_600_000.0;
/// Median of the other districts, with a spread of a factor of two either way.
const MEDIAN_DISTRICT: f64 = 52_000.0;

/// Persons by district, on 31 December of the year before the first and of every year.
pub(super) fn persons(areas: &Areas, seed: u64, n_years: usize) -> Vec<Vec<u64>> {
    let mut rank_of_town = 0.0;
    let mut towns: Vec<usize> = (0..areas.cells.len()).filter(|at| areas.is_town[*at]).collect();
    Draws::new(seed, Purpose::People, &[]).shuffle(&mut towns);
    let mut start = vec![0.0; areas.cells.len()];
    for town in towns {
        rank_of_town += 1.0;
        start[town] = 20_000.0 + LARGEST_TOWN / libm::pow(rank_of_town, 0.85);
    }
    (0..areas.cells.len())
        .map(|district| {
            let mut draws = Draws::new(seed, Purpose::People, &[district as u64]);
            let mut now = if areas.is_town[district] {
                start[district] * draws.between(0.9, 1.1)
            } else {
                MEDIAN_DISTRICT * libm::exp(0.6 * draws.normal())
            };
            let growth = draws.between(0.992, 1.009);
            (0..=n_years)
                .map(|_| {
                    let persons = whole(now);
                    now *= growth + draws.between(-0.002, 0.002);
                    persons
                })
                .collect()
        })
        .collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "persons are few enough"
)]
fn whole(persons: f64) -> u64 {
    persons.max(2_000.0).round() as u64
}
