//! Which terms a source feeds, and the one grouping pass they need together.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::Plan;
use crate::{
    assessment::{Source, Table},
    diagnostics::{Problem, codes},
    model::{Aggregate, Dictionary, Indicator, Term},
    predicate::{self, Predicate, Value},
};

/// A term with its condition parsed.
#[derive(Debug, Clone)]
pub struct CompiledTerm {
    /// As defined.
    pub term: Term,
    /// Its condition.
    pub condition: Option<Predicate>,
    /// Column of the measure's breakdown, when this term is the numerator.
    pub breakdown: Option<(String, Vec<String>)>,
}

impl CompiledTerm {
    /// Parses a term's condition.
    ///
    /// # Errors
    /// [`codes::PREDICATE`], naming the indicator's file.
    pub fn new(
        indicator: &Indicator,
        term: &Term,
        breakdown: Option<&(String, Vec<String>)>,
    ) -> Result<Self, Problem> {
        let condition =
            term.condition.as_deref().map(predicate::parse).transpose().map_err(|error| {
                Problem::new(
                    &codes::PREDICATE,
                    format!(
                        "`where` of `{}`: {error}: {}",
                        indicator.id,
                        term.condition.as_deref().unwrap_or("")
                    ),
                )
                .at(crate::diagnostics::Place::File(indicator.file.clone()))
                .help(codes::PREDICATE.explanation)
            })?;
        Ok(Self { term: term.clone(), condition, breakdown: breakdown.cloned() })
    }

    /// Whether the condition holds for no row that has an ideology (`ideology IS NULL`): then the term has one total and no
    /// ideology slices.
    pub fn is_beside_ideologies(&self, ideologies: &[String]) -> bool {
        self.condition.as_ref().is_some_and(|condition| {
            !ideologies.iter().any(|id| could_hold(condition, "ideology", Value::Text(id)))
        })
    }

    fn columns(&self) -> BTreeSet<&str> {
        let mut columns: BTreeSet<&str> =
            self.condition.as_ref().map(Predicate::columns).unwrap_or_default();
        columns.extend(self.breakdown.as_ref().map(|(column, _)| column.as_str()));
        match &self.term.aggregate {
            Aggregate::Rows => {}
            Aggregate::Sum(column) => {
                columns.insert(column);
            }
            Aggregate::Sizes => {
                columns.insert("participants_mid");
            }
        }
        columns
    }

    /// Whether a source can feed the term at all: it has the table and every column that is asked for, and, where the
    /// condition is about kinds, at least one of the source's kinds can meet it.
    pub fn is_fed_by(&self, source: &Source, dictionaries: &BTreeMap<String, Dictionary>) -> bool {
        if self.term.table != source.table.as_str()
            || self.term.source.as_ref().is_some_and(|only| *only != source.id)
        {
            return false;
        }
        let provided = provided_columns(source);
        // A crime table without a column of ideologies answers `ideology IS NULL` for all its rows.
        if !self.columns().iter().all(|column| provided.contains(column) || *column == "ideology") {
            return false;
        }
        let Some(condition) = &self.condition else { return true };
        if !provided.contains("ideology") && !could_hold(condition, "ideology", Value::Null) {
            return false;
        }
        ["kind", "offence"].iter().filter(|column| condition.columns().contains(*column)).all(
            |column| {
                known_values(source, column, dictionaries)
                    .iter()
                    .any(|value| could_hold(condition, column, Value::Many(value)))
            },
        )
    }
}

/// Whether a condition could hold for a row whose `column` has the value, whatever its other columns hold.
fn could_hold(condition: &Predicate, column: &str, value: Value<'_>) -> bool {
    match condition {
        Predicate::And(left, right) => {
            could_hold(left, column, value) && could_hold(right, column, value)
        }
        Predicate::Or(left, right) => {
            could_hold(left, column, value) || could_hold(right, column, value)
        }
        atom if atom.columns().iter().all(|name| *name == column) => atom.holds(&|_| value),
        _ => true,
    }
}

/// Kinds or offences a source covers: declared, named by its recode, or met.
fn known_values(
    source: &Source,
    column: &str,
    dictionaries: &BTreeMap<String, Dictionary>,
) -> Vec<Vec<String>> {
    if let ("kind", Some(kinds)) = (column, &source.covers.kinds) {
        return kinds.iter().map(|kind| vec![kind.clone()]).collect();
    }
    let recoded = source.recode.get(column).into_iter().flat_map(BTreeMap::values);
    let mut values: Vec<Vec<String>> = recoded.map(|value| vec![value.clone()]).collect();
    values.extend(dictionaries.get(column).into_iter().flat_map(|met| met.values.clone()));
    values.sort();
    values.dedup();
    values
}

/// Canonical columns a source has, from its mapping, constants or unpivoting.
fn provided_columns(source: &Source) -> BTreeSet<&str> {
    let mut columns: BTreeSet<&str> =
        source.columns.keys().chain(source.constants.keys()).map(String::as_str).collect();
    columns
        .extend(source.variants.iter().flat_map(|(_, columns)| columns.keys().map(String::as_str)));
    if !source.items.is_empty() {
        columns.extend(["item", "answer", "ideology"]);
    }
    if let Some(unpivot) = &source.unpivot {
        columns.extend([unpivot.name.as_str(), unpivot.value.as_str()]);
    }
    columns
}

/// The one pass all terms need of a source.
pub fn plan(source: &Source, terms: &[&CompiledTerm]) -> Plan {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut sums: BTreeSet<String> = BTreeSet::new();
    let mut sizes = false;
    for term in terms {
        if let Some(condition) = &term.condition {
            keys.extend(condition.columns().into_iter().map(ToOwned::to_owned));
        }
        keys.extend(term.breakdown.as_ref().map(|(column, _)| column.clone()));
        match &term.term.aggregate {
            Aggregate::Rows => {}
            Aggregate::Sum(column) => {
                sums.insert(column.clone());
            }
            Aggregate::Sizes => {
                sizes = true;
                sums.extend(["participants_low", "participants_high"].map(ToOwned::to_owned));
            }
        }
    }
    match source.table {
        Table::Crimes | Table::Events | Table::Survey => {
            keys.insert("ideology".to_owned());
        }
        Table::Organisations => {
            keys.insert("ideology".to_owned());
            sums.insert("rounding".to_owned());
        }
        Table::Elections => {
            keys.insert("party".to_owned());
            sums.extend(["votes", "valid", "eligible"].map(ToOwned::to_owned));
        }
        Table::Population => {
            sums.insert("persons".to_owned());
        }
        Table::Crosswalk => {}
    }
    Plan { keys: keys.into_iter().collect(), sums: sums.into_iter().collect(), sizes }
}
