//! The assessment over the country: `data/demo.toml` with its gaps filled in.

use std::fmt::Write as _;

use super::{country::Country, plan::IDEOLOGIES, records, tables};

/// Name of the file that makes a folder an assessment.
pub(super) const FILE: &str = "assessment.toml";

/// How the file begins; tells a synthetic country from somebody's own assessment.
pub(super) const MARK: &str = "# A synthetic country made by `saet demo`.";

const TEMPLATE: &str = include_str!("../../data/demo.toml");

/// The assessment file of a country.
pub(super) fn text(country: &Country) -> String {
    let (from, to) = country.years;
    let ideologies =
        IDEOLOGIES.map(|(id, title, _)| format!("{{ id = \"{id}\", title = \"{title}\" }}"));
    let windows = if country.n_years() >= 3 { "[1, 3]" } else { "[1]" };
    let gaps = [
        ("title", format!("{}: a synthetic country, {from}–{to}", country.name)),
        ("country", country.name.clone()),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("windows", windows.to_owned()),
        ("ideologies", ideologies.join(", ")),
        ("ideology_ids", quoted(IDEOLOGIES.iter().map(|(id, ..)| *id))),
        ("kinds", quoted(records::kinds())),
        ("seed", country.seed.to_string()),
        ("recodes", tables::recodes()),
        ("parties", quoted(tables::PARTIES.iter().map(|(party, ..)| *party))),
        ("party_list", parties(country)),
    ];
    gaps.iter().fold(TEMPLATE.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

fn parties(country: &Country) -> String {
    let mut text = String::new();
    let listed = tables::PARTIES.iter().filter_map(|(id, _, listed)| Some((id, (*listed)?)));
    for (id, (ideology, name)) in listed {
        write!(
            text,
            "\n[[party]]\nid = \"{id}\"\nname = \"{name}\"\nideology = \"{ideology}\"\n\
             authority = \"Annual report of the authority of {}, {}\"\n",
            country.name, country.years.1
        )
        .expect("invariant: writing to a string");
    }
    text
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_template_starts_with_its_mark() {
    assert!(TEMPLATE.starts_with(MARK));
}
