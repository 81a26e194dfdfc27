//! The tables beside the events: population, crimes, elections and organisations, each in a shape offices publish.

use std::fmt::Write as _;

use super::{
    country::{Country, SIZE},
    draws::{Draws, Purpose},
    plan::{self, IDEOLOGIES},
};

/// Persons by district on 31 December, comma-separated UTF-8.
pub(super) fn population(country: &Country) -> Vec<u8> {
    let mut text = String::from("code,name,date,persons\n");
    for ((code, name), persons) in country.districts.iter().zip(&country.persons) {
        for (year, persons) in (country.years.0 - 1..).zip(persons) {
            line(&mut text, format_args!("{code},{name},{year}-12-31,{persons}"));
        }
    }
    text.into_bytes()
}

/// Extremist offences: the name in the file, the canonical one, and their share.
const OFFENCES: [(&str, &str, f64); 4] = [
    ("Propagandadelikte", "propaganda", 0.58),
    ("Gewaltdelikte", "violent", 0.12),
    ("Sachbeschädigung", "property_damage", 0.18),
    ("Übrige", "other", 0.12),
];

/// All recorded offences, whoever committed them: the name in the file and the canonical one.
const TOTALS: [(&str, &str); 2] =
    [("Straftaten insgesamt", "all"), ("Gewaltdelikte insgesamt", "violent")];

/// In the column of ideologies: no ideology in particular.
const NO_IDEOLOGY: &str = "alle";

/// What the assessment has to say about the words in the police's file.
pub(super) fn recodes() -> String {
    let list = |pairs: Vec<(&str, &str)>| {
        pairs
            .iter()
            .map(|(from, to)| format!("\"{from}\" = \"{to}\""))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let offences = OFFENCES.iter().map(|(from, to, _)| (*from, *to)).chain(TOTALS).collect();
    let ideologies = IDEOLOGIES.iter().map(|(id, title, _)| (*title, *id)).collect();
    format!(
        "nulls = [\"{NO_IDEOLOGY}\"]\nrecode.ideology = {{ {} }}\nrecode.offence = {{ {} }}\n",
        list(ideologies),
        list(offences)
    )
}

/// Police statistics as such offices publish them: semicolons, thousands points, Windows-1252, a line of column numbers
/// under the header, and codes without their leading zero.
pub(super) fn crimes(country: &Country) -> Vec<u8> {
    let mut text = String::from("Polizeiliche Statistik;;;;;\r\n");
    text.push_str("Schlüssel;Gebiet;Jahr;Phänomenbereich;Deliktgruppe;Fälle\r\n1;2;3;4;5;6\r\n");
    for (district, (code, name)) in country.districts.iter().enumerate() {
        let key = code.trim_start_matches('0');
        for year_idx in 0..country.n_years() {
            let year = country.year(year_idx);
            let mut row = |field: &str, offence: &str, count: u64| {
                let count = with_points(count);
                write!(text, "{key};{name};{year};{field};{offence};{count}\r\n")
                    .expect("invariant: writing to a string");
            };
            let position = [district as u64, year_idx as u64];
            let mut draws = Draws::new(country.seed, Purpose::Crimes, &position);
            let persons = country.exposure(district, year_idx);
            let mut violent = draws.negative_binomial(persons * 0.0021, SIZE);
            let mut all = violent + draws.negative_binomial(persons * 0.058, SIZE);
            for (ideology, (_, title, _)) in IDEOLOGIES.iter().enumerate() {
                let expected = 1.6 * country.expected_events(district, year_idx, ideology);
                let counts =
                    OFFENCES.map(|(.., share)| draws.negative_binomial(expected * share, SIZE));
                for ((offence, ..), count) in OFFENCES.iter().zip(counts) {
                    row(title, offence, count);
                }
                // Extremist offences are offences too.
                violent += counts[1];
                all += counts.iter().sum::<u64>();
            }
            for ((offence, _), count) in TOTALS.iter().zip([all, violent]) {
                row(NO_IDEOLOGY, offence, count);
            }
        }
    }
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

/// The ideology a party is listed under, and its name.
type Listing = (&'static str, &'static str);

/// Parties, their share of the votes, and how an authority lists them.
pub(super) const PARTIES: [(&str, f64, Option<Listing>); 7] = [
    ("civic_union", 0.31, None),
    ("labour_alliance", 0.25, None),
    ("green_valley", 0.17, None),
    ("liberal_forum", 0.11, None),
    ("country_list", 0.09, None),
    ("hearth_and_order", 0.045, Some(("right", "Hearth and Order"))),
    ("workers_vanguard", 0.025, Some(("left", "Workers’ Vanguard"))),
];

/// The election years: the second year, and every fourth after it.
pub(super) fn election_days(country: &Country) -> impl Iterator<Item = String> {
    (country.years.0 + 1..=country.years.1).step_by(4).map(|year| format!("{year}-09-21"))
}

/// Votes by district with a column a party, as sent by the election office. An empty cell: no list in that province.
pub(super) fn elections(country: &Country) -> Vec<u8> {
    let mut text = String::from("code,name,date,eligible,ballots,valid");
    for (party, ..) in PARTIES {
        write!(text, ",{party}").expect("invariant: writing to a string");
    }
    text.push('\n');
    for (election, date) in election_days(country).enumerate() {
        let year_idx = 4 * election + 1;
        for (district, (code, name)) in country.districts.iter().enumerate() {
            let position = [district as u64, election as u64];
            let mut draws = Draws::new(country.seed, Purpose::Votes, &position);
            let eligible = country.exposure(district, year_idx) * 0.78;
            let ballots = eligible * draws.between(0.58, 0.79);
            let valid = ballots * draws.between(0.982, 0.995);
            let weights = PARTIES.map(|(_, share, listed)| {
                let ideology = listed.map(|(ideology, _)| ideology);
                // A planted area votes a little more that way; support is no hotbed.
                let pull = ideology.map_or(1.0, |ideology| {
                    let year = country.year(year_idx);
                    plan::relative_risk(&country.hotbeds, district, ideology, year).sqrt()
                });
                let stands = ideology != Some("left") || country.areas.province[district] % 4 != 1;
                f64::from(u8::from(stands)) * share * pull * libm::exp(0.25 * draws.normal())
            });
            let all: f64 = weights.iter().sum();
            let votes = weights.map(|weight| whole(valid * weight / all));
            let valid: u64 = votes.iter().sum();
            let (eligible, ballots) = (whole(eligible), whole(ballots).max(valid));
            write!(text, "{code},{name},{date},{eligible},{ballots},{valid}")
                .expect("invariant: writing to a string");
            for (votes, weight) in votes.iter().zip(weights) {
                text.push(',');
                if weight > 0.0 {
                    write!(text, "{votes}").expect("invariant: writing to a string");
                }
            }
            text.push('\n');
        }
    }
    text.into_bytes()
}

/// Members by province, estimated and rounded to tens, as a security authority reports them.
pub(super) fn organisations(country: &Country) -> Vec<u8> {
    let mut text = String::from("province,year,ideology,role,members,rounding\n");
    for (province, (code, _)) in country.provinces.iter().enumerate() {
        for year_idx in 0..country.n_years() {
            let year = country.year(year_idx);
            for (ideology, (id, ..)) in IDEOLOGIES.iter().enumerate() {
                let expected: f64 = country
                    .areas
                    .districts_of(province)
                    .map(|district| country.expected_events(district, year_idx, ideology))
                    .sum();
                let position = [province as u64, ideology as u64];
                let mut draws = Draws::new(country.seed, Purpose::Members, &position);
                let per_event = draws.between(1.2, 2.0);
                for (role, factor) in [("extremist", 1.0), ("support", draws.between(1.5, 3.0))] {
                    let members = 10 * whole(expected * per_event * factor / 10.0);
                    line(&mut text, format_args!("{code},{year},{id},{role},{members},10"));
                }
            }
        }
    }
    text.into_bytes()
}

fn line(text: &mut String, row: std::fmt::Arguments<'_>) {
    writeln!(text, "{row}").expect("invariant: writing to a string");
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of persons")]
fn whole(count: f64) -> u64 {
    count.max(0.0).round() as u64
}

/// A number with points between its thousands.
fn with_points(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

#[test]
fn thousands_are_pointed() {
    let texts = [7, 999, 1_000, 12_345, 1_234_567].map(with_points);
    assert_eq!(texts, ["7", "999", "1.000", "12.345", "1.234.567"]);
}
