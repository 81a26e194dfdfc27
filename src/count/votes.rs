//! Votes: elections are keyed by their date and shown as the latest up to a period's end, never added over time.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    amount::{Amount, TermPanel},
    plan::CompiledTerm,
    term::{Counted, Ground},
};
use crate::{
    model::{Aggregate, Date, Party, SliceKey},
    predicate::Value,
};

/// A party's sums in one region at one election.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    votes: u64,
    n_lists: u64,
    valid: u64,
    eligible: u64,
}

/// Evaluates a term on elections. Votes are added over the parties an authority lists under an ideology; valid votes and
/// the electorate are counted once, not once a party.
pub fn evaluate(
    term: &CompiledTerm,
    sources: &[(&Counted<'_>, &[Date])],
    parties: &[Party],
    ground: &Ground<'_>,
) -> TermPanel {
    let mut panel = TermPanel {
        sources: sources.iter().map(|(source, _)| source.idx).collect(),
        parts: if term.breakdown.is_some() { listed(parties) } else { Vec::new() },
        slices: BTreeMap::new(),
        gaps: Vec::new(),
    };
    let rows = rows(term, sources, ground);
    let dates: BTreeSet<Date> = rows.keys().map(|(date, ..)| *date).collect();
    if dates.is_empty() {
        return panel;
    }
    let is_votes = term.term.aggregate == Aggregate::Sum("votes".to_owned());
    let n_slices = if is_votes { ground.ideologies.len() + 1 } else { 1 };
    for ideology in 0..n_slices {
        // A party is listed under one ideology, so parties by ideology would say the same twice.
        let n_parts = if ideology == 0 { panel.parts.len() } else { 0 };
        for breakdown in 0..=n_parts {
            let chosen: Vec<&str> = parties
                .iter()
                .filter(|party| {
                    (ideology == 0 || ground.ideologies[ideology - 1] == party.ideology.as_str())
                        && (breakdown == 0 || panel.parts[breakdown - 1] == party.id)
                })
                .map(|party| party.id.as_str())
                .collect();
            if chosen.is_empty() {
                continue;
            }
            let cell = |region: usize, period: usize| {
                let end = ground.calendar.period(period).end;
                let date = dates.range(..=end).next_back()?;
                amount(&rows, *date, region, is_votes, term, &chosen)
            };
            let n_periods = ground.calendar.n_periods();
            let cells = (0..ground.tree.len() * n_periods)
                .map(|at| cell(at / n_periods, at % n_periods))
                .collect();
            panel.slices.insert(SliceKey { ideology, breakdown }, cells);
        }
    }
    panel
}

fn listed(parties: &[Party]) -> Vec<String> {
    parties.iter().map(|party| party.id.clone()).collect()
}

type Rows = BTreeMap<(Date, usize, String), Row>;

/// Sums by date, region of any level, and party; the first declared source of a date wins.
fn rows(term: &CompiledTerm, sources: &[(&Counted<'_>, &[Date])], ground: &Ground<'_>) -> Rows {
    let mut rows = Rows::new();
    for (source, dates) in sources {
        let taken: BTreeSet<Date> = rows.keys().map(|(date, ..)| *date).collect();
        for group in source.groups.iter().filter(|group| source.meets(term, group)) {
            let (Some(region), Some(date)) = (group.region, group.period.map(|code| dates[code]))
            else {
                continue;
            };
            let Value::Text(party) = source.value(&group.keys, "party") else { continue };
            if taken.contains(&date) {
                continue;
            }
            let sum = |column: &str| {
                source
                    .plan
                    .sums
                    .iter()
                    .position(|name| name == column)
                    .map_or((0, 0), |at| group.sums[at])
            };
            for level in 0..=ground.tree.get(region).level {
                if let Some(region) = ground.tree.ancestor(region, level) {
                    let row = rows.entry((date, region, party.to_owned())).or_default();
                    row.votes += sum("votes").0;
                    row.n_lists += sum("votes").1;
                    row.valid += sum("valid").0;
                    row.eligible += sum("eligible").0;
                }
            }
        }
    }
    rows
}

fn amount(
    rows: &Rows,
    date: Date,
    region: usize,
    is_votes: bool,
    term: &CompiledTerm,
    chosen: &[&str],
) -> Option<Amount> {
    let of_region = rows.range((date, region, String::new())..(date, region + 1, String::new()));
    let mut amount = Amount::zero(1.0);
    let mut found = false;
    for ((_, _, party), row) in of_region {
        if is_votes && chosen.contains(&party.as_str()) {
            amount.whole += row.votes;
            amount.n_lists += row.n_lists;
            found = true;
        } else if !is_votes {
            let value = match &term.term.aggregate {
                Aggregate::Sum(column) if column == "eligible" => row.eligible,
                _ => row.valid,
            };
            amount.whole = amount.whole.max(value);
            amount.n_lists = 1;
            found = true;
        }
    }
    found.then_some(amount)
}
