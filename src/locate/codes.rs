//! From what a cell says to a region: codes, names, and old codes that were merged into new ones.

use std::collections::BTreeMap;

use crate::{
    assessment::{Merge, RegionBy},
    diagnostics::{Problem, Problems, codes, did_you_mean},
    model::{RegionId, RegionTree},
};

/// The region a cell means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CodeMatch {
    /// Its index.
    pub region_idx: usize,
    /// Whether a declared merge led there.
    pub merged: bool,
    /// Share of the cell's counts that belongs to the region; below 1 only through a merge.
    pub weight: f64,
}

/// Why a cell means no region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotLocated {
    /// The cell is empty.
    Empty,
    /// No region of the vintage has the code or name, and no merge leads there in that year.
    UnknownRegion,
    /// Several regions of the level have the name.
    AmbiguousName,
}

/// Looks up codes and names.
#[derive(Debug)]
pub struct Locator {
    /// Codes of all levels; a code that stands for regions of two levels means the deeper one.
    codes: BTreeMap<String, usize>,
    /// Folded names by level; `None`: several regions have it.
    names: Vec<BTreeMap<String, Option<usize>>>,
    /// Old code → merges, those that end first, first.
    merges: BTreeMap<String, Vec<Target>>,
}

#[derive(Debug)]
struct Target {
    until: Option<i32>,
    region_idx: usize,
    weight: f64,
}

impl Locator {
    /// Indexes a tree's codes and names, and the declared merges.
    ///
    /// # Errors
    /// [`codes::UNKNOWN_REGION`] for a merge into a code that does not exist, [`codes::DUPLICATE_NAME`] for two merges of one
    /// code at the same time, [`codes::BAD_VALUE`] for a merge without `until` of a code that exists: it would empty a
    /// region.
    pub fn new(tree: &RegionTree, merges: &[Merge]) -> Result<Self, Problems> {
        let mut locator = Self {
            codes: BTreeMap::new(),
            names: vec![BTreeMap::new(); tree.levels.len()],
            merges: BTreeMap::new(),
        };
        for (idx, region) in tree.iter() {
            locator.codes.insert(region.id.as_str().to_owned(), idx);
            locator.names[region.level]
                .entry(fold(&region.name))
                .and_modify(|found| *found = None)
                .or_insert(Some(idx));
        }
        let mut problems = Problems::default();
        for merge in merges {
            locator.declare(merge, &mut problems);
        }
        problems.into_result()?;
        Ok(locator)
    }

    fn declare(&mut self, merge: &Merge, problems: &mut Problems) {
        let at_merge = |code, message: String| Problem::new(code, message).at(merge.place.clone());
        let Some(&region_idx) = self.codes.get(merge.to.as_str()) else {
            let message =
                format!("merge into `{}`, which is not a region of the vintage", merge.to);
            let near = self.suggest(merge.to.as_str(), &RegionBy::Code);
            let help = near.unwrap_or_else(|| "correct `to`, or remove the merge".to_owned());
            problems.push(at_merge(&codes::UNKNOWN_REGION, message).help(help));
            return;
        };
        for from in merge.from.iter().map(RegionId::as_str) {
            if merge.until.is_none() && self.codes.contains_key(from) {
                let message = format!(
                    "`{from}` is a region of the vintage; merged always, it would be empty"
                );
                problems.push(at_merge(&codes::BAD_VALUE, message).help(
                    "say `until` which year the code had its old meaning, or remove it from `from`",
                ));
                continue;
            }
            let targets = self.merges.entry(from.to_owned()).or_default();
            if targets.iter().any(|target| target.until == merge.until) {
                let message = format!("`{from}` is merged twice at the same time");
                problems.push(
                    at_merge(&codes::DUPLICATE_NAME, message).help("keep one of the two merges"),
                );
                continue;
            }
            targets.push(Target { until: merge.until, region_idx, weight: merge.weight });
            targets.sort_by_key(|target| (target.until.is_none(), target.until));
        }
    }

    /// The region a cell means in a year. Without a year, a code that exists means itself, and any other its latest merge.
    ///
    /// # Errors
    /// The reason when it means none.
    pub fn locate(
        &self,
        cell: &str,
        by: &RegionBy,
        year: Option<i32>,
    ) -> Result<CodeMatch, NotLocated> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Err(NotLocated::Empty);
        }
        let plain = |region_idx: usize| CodeMatch { region_idx, merged: false, weight: 1.0 };
        match by {
            // The country stands in many tables of its parts, as their total.
            RegionBy::Name { level } => {
                match self.name(*level, cell).or_else(|| self.name(0, cell)) {
                    Some(Some(region_idx)) => Ok(plain(*region_idx)),
                    Some(None) => Err(NotLocated::AmbiguousName),
                    None => Err(NotLocated::UnknownRegion),
                }
            }
            RegionBy::Code => {
                let own = self.codes.get(cell).copied();
                let merge = self.merges.get(cell).and_then(|targets| match year {
                    Some(year) => {
                        targets.iter().find(|target| target.until.is_none_or(|until| year <= until))
                    }
                    None if own.is_some() => None,
                    None => targets.last(),
                });
                match (merge, own) {
                    (Some(Target { region_idx, weight, .. }), _) => {
                        Ok(CodeMatch { region_idx: *region_idx, merged: true, weight: *weight })
                    }
                    (None, Some(region_idx)) => Ok(plain(region_idx)),
                    (None, None) => Err(NotLocated::UnknownRegion),
                }
            }
        }
    }

    fn name(&self, level: usize, cell: &str) -> Option<&Option<usize>> {
        self.names[level].get(&fold(cell))
    }

    /// The known code or name nearest to an unknown one, as a help text.
    pub fn suggest(&self, cell: &str, by: &RegionBy) -> Option<String> {
        let cell = cell.trim();
        match by {
            RegionBy::Code => did_you_mean(cell, self.codes.keys().map(String::as_str)),
            RegionBy::Name { level } => {
                did_you_mean(&fold(cell), self.names[*level].keys().map(String::as_str))
            }
        }
    }
}

/// A name in the form in which spellings are compared: lower case, umlauts and ß in their ASCII spelling, single spaces.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len() + 4);
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for letter in word.chars().flat_map(char::to_lowercase) {
            match letter {
                'ä' => folded.push_str("ae"),
                'ö' => folded.push_str("oe"),
                'ü' => folded.push_str("ue"),
                'ß' => folded.push_str("ss"),
                // The diaeresis as a character of its own, as macOS writes it in file names.
                '\u{308}' => folded.push('e'),
                other => folded.push(other),
            }
        }
    }
    folded
}

#[cfg(test)]
fn saxony() -> RegionTree {
    use crate::model::Region;
    let region = |id: &str, name: &str, level, parent| Region {
        id: id.into(),
        name: name.to_owned(),
        level,
        parent,
    };
    let regions = vec![
        region("DE", "Deutschland", 0, None),
        region("03", "Niedersachsen", 1, Some(0)),
        region("11", "Berlin", 1, Some(0)),
        region("03159", "Göttingen", 2, Some(1)),
        region("09162", "München", 2, Some(1)),
        region("09184", "München", 2, Some(1)),
        region("11000", "Berlin", 2, Some(2)),
    ];
    RegionTree::new("2016".to_owned(), ["c", "l", "k"].map(str::to_owned).to_vec(), regions)
}

#[cfg(test)]
fn merge(from: &[&str], to: &str, until: Option<i32>) -> Merge {
    Merge {
        from: from.iter().map(|code| RegionId::from(*code)).collect(),
        to: to.into(),
        until,
        weight: 1.0,
        reason: String::new(),
        place: crate::diagnostics::Place::File("assessment.toml".to_owned()),
    }
}

#[test]
fn codes_of_every_level_are_found_and_trimmed() {
    let locator = Locator::new(&saxony(), &[]).unwrap();
    let found =
        |cell: &str| locator.locate(cell, &RegionBy::Code, None).map(|found| found.region_idx);
    assert_eq!(found(" 03159 "), Ok(3));
    assert_eq!(found("03"), Ok(1));
    assert_eq!(found("DE"), Ok(0));
    assert_eq!(found("  "), Err(NotLocated::Empty));
    assert_eq!(found("3159"), Err(NotLocated::UnknownRegion));
    assert_eq!(locator.suggest("3159", &RegionBy::Code).unwrap(), "did you mean `03159`?");
}

#[test]
fn names_are_found_in_any_spelling() {
    let locator = Locator::new(&saxony(), &[]).unwrap();
    let by = RegionBy::Name { level: 2 };
    for spelling in ["Göttingen", "goettingen", " GÖTTINGEN", "Go\u{308}ttingen"] {
        assert_eq!(locator.locate(spelling, &by, None).unwrap().region_idx, 3, "{spelling}");
    }
    assert_eq!(locator.locate("Muenchen", &by, None), Err(NotLocated::AmbiguousName));
    assert_eq!(locator.locate("Niedersachsen", &by, None), Err(NotLocated::UnknownRegion));
}

#[test]
fn merges_end_when_declared() {
    let merges = [
        merge(&["03152", "03156"], "03159", Some(2016)),
        merge(&["11100", "11200"], "11000", None),
    ];
    let locator = Locator::new(&saxony(), &merges).unwrap();
    let found = |cell: &str, year| locator.locate(cell, &RegionBy::Code, year);
    let göttingen = CodeMatch { region_idx: 3, merged: true, weight: 1.0 };
    assert_eq!(found("03152", Some(2016)), Ok(göttingen));
    assert_eq!(found("03156", None), Ok(göttingen));
    assert_eq!(found("03152", Some(2017)), Err(NotLocated::UnknownRegion));
    assert_eq!(found("11200", Some(2040)).unwrap().region_idx, 6);
    assert!(!found("03159", Some(2015)).unwrap().merged);
}

#[test]
fn a_merge_that_cannot_work_is_refused_when_declared() {
    let merges = [
        merge(&["03152"], "03195", Some(2016)),
        merge(&["03159"], "11000", None),
        merge(&["1"], "11000", None),
        merge(&["1"], "03159", None),
    ];
    let problems = Locator::new(&saxony(), &merges).unwrap_err();
    let found: Vec<&str> = problems.0.iter().map(|problem| problem.code.id).collect();
    assert_eq!(
        found,
        ["locate::unknown_region", "assessment::bad_value", "assessment::duplicate_name"]
    );
    assert_eq!(problems.0[0].help.as_deref(), Some("did you mean `03159`?"));
}
