//! A survey of the country in every second year: points drawn in each province by size, ten interviews at each.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    country::Country,
    draws::{Draws, Purpose},
    plan::IDEOLOGIES,
};

/// Points in the whole country, about; every province has at least [`FEWEST_POINTS`].
const N_POINTS: f64 = 240.0;
const FEWEST_POINTS: usize = 3;
const INTERVIEWS_AT_POINT: usize = 10;
/// Share of the persons that are of age.
const ADULTS: f64 = 0.83;

/// Questions are about the first two ideologies: the share that approves, and that is active.
const QUESTIONS: [(&str, [f64; 2]); 2] = [("approve", [0.14, 0.11]), ("active", [0.05, 0.04])];

/// Years of the survey: the last one, and every second before it.
fn waves(country: &Country) -> Vec<usize> {
    let mut waves: Vec<usize> = (0..country.n_years()).rev().step_by(2).collect();
    waves.reverse();
    waves
}

/// The share of a district's persons that a question finds: districts differ, years do not.
fn share(country: &Country, district: usize, question: usize, ideology: usize) -> f64 {
    let position = [district as u64, question as u64, ideology as u64];
    let mut draws = Draws::new(country.seed, Purpose::Attitudes, &position);
    let (_, shares) = QUESTIONS[question];
    (shares[ideology] * libm::exp(0.35 * draws.normal() - 0.06)).min(0.6)
}

/// What the whole country would say: by question, ideology and year, the true share.
pub(super) fn truth(country: &Country) -> BTreeMap<String, BTreeMap<String, BTreeMap<i32, f64>>> {
    let of = |question: usize, ideology: usize, year_idx: usize| {
        let persons = |district: usize| country.exposure(district, year_idx);
        let all: f64 = (0..country.districts.len()).map(persons).sum();
        let saying: f64 = (0..country.districts.len())
            .map(|district| persons(district) * share(country, district, question, ideology))
            .sum();
        (country.year(year_idx), saying / all)
    };
    QUESTIONS
        .iter()
        .enumerate()
        .map(|(question, (name, shares))| {
            let by_ideology = (0..shares.len()).map(|ideology| {
                let by_year = waves(country).into_iter().map(|at| of(question, ideology, at));
                (IDEOLOGIES[ideology].0.to_owned(), by_year.collect())
            });
            ((*name).to_owned(), by_ideology.collect())
        })
        .collect()
}

/// The file: a row an interview, a column a question, with the codes of a questionnaire.
pub(super) fn survey(country: &Country) -> Vec<u8> {
    let mut text = String::from("interview,year,province,point,weight");
    for (question, shares) in QUESTIONS {
        for (ideology, ..) in IDEOLOGIES.iter().take(shares.len()) {
            write!(text, ",{question}_{ideology}").expect("invariant: writing to a string");
        }
    }
    text.push('\n');
    for year_idx in waves(country) {
        let mut interview = 0;
        for province in 0..country.provinces.len() {
            interview = province_rows(country, year_idx, province, interview, &mut text);
        }
    }
    text.into_bytes()
}

/// The interviews of a province, numbered after `interview`; gives the last number.
#[allow(clippy::cast_precision_loss, reason = "counts of persons and interviews")]
fn province_rows(
    country: &Country,
    year_idx: usize,
    province: usize,
    mut interview: u32,
    text: &mut String,
) -> u32 {
    let year = country.year(year_idx);
    let code = &country.provinces[province].0;
    let mut draws =
        Draws::new(country.seed, Purpose::Interviews, &[province as u64, year_idx as u64]);
    let districts: Vec<usize> = country.areas.districts_of(province).collect();
    let persons: Vec<f64> =
        districts.iter().map(|&district| country.exposure(district, year_idx)).collect();
    let own: f64 = persons.iter().sum();
    let all: f64 = (0..country.districts.len()).map(|at| country.exposure(at, year_idx)).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 240")]
    let n_points = ((N_POINTS * own / all).round() as usize).max(FEWEST_POINTS);
    let weight = ADULTS * own / (n_points * INTERVIEWS_AT_POINT) as f64;
    for point in 1..=n_points {
        let district = districts[draws.weighted(&persons)];
        for _ in 0..INTERVIEWS_AT_POINT {
            interview += 1;
            write!(text, "{interview},{year},{code},{point},{weight:.3}")
                .expect("invariant: writing to a string");
            for (question, (_, shares)) in QUESTIONS.iter().enumerate() {
                for ideology in 0..shares.len() {
                    let says = draws.chance(share(country, district, question, ideology));
                    let answer = answer(question, says, &mut draws);
                    write!(text, ",{answer}").expect("invariant: writing to a string");
                }
            }
            text.push('\n');
        }
    }
    interview
}

/// The code of an answer: a scale from 1 to 7 of which 6 and 7 approve, or 1 for yes and 2 for no; 8 does not know, 9
/// refuses.
fn answer(question: usize, says: bool, draws: &mut Draws) -> usize {
    if draws.chance(0.06) {
        return 8 + draws.below(2);
    }
    match (question, says) {
        (0, true) => 6 + draws.below(2),
        (0, false) => 1 + draws.below(5),
        (_, true) => 1,
        (_, false) => 2,
    }
}
