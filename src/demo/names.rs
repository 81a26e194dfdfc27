//! Invented names: syllables put together, none twice, none meant to be a real place.

use std::collections::BTreeSet;

use super::draws::{Draws, Purpose};

const ONSETS: [&str; 22] = [
    "b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "kr",
    "tr", "vl", "sk", "th",
];
const VOWELS: [&str; 12] = ["a", "e", "i", "o", "u", "a", "e", "o", "ä", "ö", "ü", "y"];
const LINKS: [&str; 14] =
    ["l", "r", "n", "m", "v", "d", "sk", "rv", "ld", "nd", "lm", "zz", "rg", "st"];
const ENDINGS: [&str; 16] = [
    "orn", "esk", "und", "avel", "imar", "öth", "ündra", "ovel", "asken", "irrin", "omme", "uvar",
    "ekka", "ärn", "olt", "yss",
];

/// Hands out names, each once.
#[derive(Debug)]
pub(super) struct Names {
    draws: Draws,
    given: BTreeSet<String>,
}

impl Names {
    /// The names of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { draws: Draws::new(seed, Purpose::Names, &[]), given: BTreeSet::new() }
    }

    /// The next name.
    pub(super) fn next(&mut self) -> String {
        let mut n_tries = 0;
        loop {
            n_tries += 1;
            // Three and more syllables once the short names run out.
            let n_links = 1 + usize::from(self.draws.chance(0.3)) + n_tries / 20;
            let mut name = String::new();
            for _ in 0..n_links {
                let onset = if name.is_empty() { &ONSETS[..] } else { &LINKS[..] };
                name.push_str(onset[self.draws.below(onset.len())]);
                name.push_str(VOWELS[self.draws.below(VOWELS.len())]);
            }
            name.push_str(LINKS[self.draws.below(LINKS.len())]);
            name.push_str(ENDINGS[self.draws.below(ENDINGS.len())]);
            let name = capitalised(&name);
            if self.given.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[test]
fn twenty_thousand_names_are_all_different_and_fit_windows_1252() {
    let mut names = Names::new(1);
    let all: BTreeSet<String> = (0..20_000).map(|_| names.next()).collect();
    assert_eq!(all.len(), 20_000);
    assert!(all.iter().all(|name| name.chars().all(|letter| u32::from(letter) < 256)));
    assert!(all.iter().all(|name| name.starts_with(char::is_uppercase)));
}
