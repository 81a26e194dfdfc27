//! Concentration in words: on how few areas the events of a measure lie, and what a spread like the population would give.

use minijinja::{Value, context};

use super::{
    page::{Cell, Table},
    view::{Measured, View},
    words,
};
use crate::model::{Concentrated, Concentration, ConcentrationIndex, MeasureKind, Proportional};

/// What an indicator's page says of each of its counts.
pub(super) fn sections(view: &View<'_>, indicator: usize) -> Vec<Value> {
    let counted = view.fed(indicator);
    let counted = counted.iter().filter(|fed| fed.measure.kind == MeasureKind::Count);
    counted.filter_map(|measured| section(view, measured)).collect()
}

/// The pooled period at the finest level tested.
fn section(view: &View<'_>, measured: &Measured<'_>) -> Option<Value> {
    let period = view.pooled(measured)?;
    let found = view
        .released
        .concentrations()
        .iter()
        .filter(|found| found.measure == measured.panel.key && found.period == period)
        .filter(|found| found.ideology == measured.slice.ideology)
        .max_by_key(|found| found.level)?;
    let sentences = if let Some(half) = found.get(ConcentrationIndex::HoldingHalf) {
        sentences(view, measured, found, half)
    } else {
        let reason = found.reason.as_deref().unwrap_or("not computed");
        vec![format!("No figure for {}: {reason}.", view.period(period))]
    };
    Some(context! { sentences, table => table(view, measured, found) })
}

fn sentences(
    view: &View<'_>,
    measured: &Measured<'_>,
    found: &Concentration,
    half: &Concentrated,
) -> Vec<String> {
    let whole = |value: f64| words::with_decimals(value, 0);
    let recorded = format!(
        "Half of the {} {} were recorded in {} of {} ({} level, {})",
        words::count(found.total.unwrap_or(0)),
        measured.measure.unit_en(),
        whole(half.recorded),
        words::plural(found.n_regions.unwrap_or(0), "area", "areas"),
        view.frame.tree.levels[found.level],
        view.period(found.period),
    );
    let Some(chance) = half.proportional else {
        let reason = found.reason.as_deref().unwrap_or("not computed");
        return vec![format!(
            "{recorded}. What a spread like the population would make of that is not said: {reason}."
        )];
    };
    let (lower, upper) = chance.limits;
    vec![
        format!(
            "{recorded}; spread like the population it would have been about {} ({} to {}).",
            whole(chance.expected),
            whole(lower),
            whole(upper),
        ),
        verdict(half.recorded, &chance),
    ]
}

/// What the comparison says, and what it does not.
fn verdict(recorded: f64, chance: &Proportional) -> String {
    let p = words::p_value(chance.p);
    if recorded < chance.limits.0 {
        format!(
            "That is more concentrated than the population ({p}). Offences or events that come several at once look concentrated too; what else lies behind it, this does not say."
        )
    } else if recorded > chance.limits.1 {
        format!(
            "That is more even than the population ({p}): small areas hold more than their share."
        )
    } else {
        format!("A spread like the population explains that ({p}).")
    }
}

fn table(view: &View<'_>, measured: &Measured<'_>, found: &Concentration) -> Option<Table> {
    let caption = format!(
        "Concentration of {}, {} level, {}",
        measured.measure.unit_en(),
        view.frame.tree.levels[found.level],
        view.period(found.period)
    );
    let head = ["Index", "Recorded", "By population", "95 % limits", "p"];
    let mut table = Table::new(&caption, &head);
    for row in &found.indices {
        let chance = row.proportional;
        let limits = chance.map(|chance| {
            let (lower, upper) = chance.limits;
            format!("{} to {}", figure(row.index, lower), figure(row.index, upper))
        });
        table.push(vec![
            Cell::text(name(row.index)),
            Cell::number(Some(figure(row.index, row.recorded))),
            Cell::number(chance.map(|chance| figure(row.index, chance.expected))),
            Cell::number(limits),
            Cell::number(chance.map(|chance| words::p_value(chance.p))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

fn name(index: ConcentrationIndex) -> String {
    match index {
        ConcentrationIndex::Reached => "Areas with at least 1".to_owned(),
        ConcentrationIndex::ReachedSeveral => {
            format!("Areas with at least {}", ConcentrationIndex::SEVERAL)
        }
        ConcentrationIndex::HoldingHalf => "Fewest areas that hold half".to_owned(),
        ConcentrationIndex::TopFew => {
            format!("Share of the {} areas with most", ConcentrationIndex::FEW)
        }
        ConcentrationIndex::TopTenth => "Share of the tenth of areas with most".to_owned(),
        ConcentrationIndex::Gini => "Gini index".to_owned(),
        ConcentrationIndex::Herfindahl => "Herfindahl–Hirschman index".to_owned(),
        ConcentrationIndex::Theil => "Theil’s T".to_owned(),
    }
}

/// Areas are whole, shares are in per cent, indices have three significant digits.
fn figure(index: ConcentrationIndex, value: f64) -> String {
    match index {
        ConcentrationIndex::Reached
        | ConcentrationIndex::ReachedSeveral
        | ConcentrationIndex::HoldingHalf => words::with_decimals(value, 0),
        ConcentrationIndex::TopFew | ConcentrationIndex::TopTenth => {
            format!("{} %", words::with_decimals(100.0 * value, 1))
        }
        ConcentrationIndex::Gini | ConcentrationIndex::Theil => words::with_decimals(value, 3),
        ConcentrationIndex::Herfindahl => words::with_decimals(value, 4),
    }
}

#[test]
fn the_comparison_is_said_in_words() {
    let chance = Proportional { expected: 120.2, limits: (112.0, 128.0), p: 0.002 };
    assert!(verdict(41.0, &chance).starts_with("That is more concentrated than the population"));
    assert!(verdict(112.0, &chance).starts_with("A spread like the population explains"));
    assert!(verdict(129.0, &chance).starts_with("That is more even"));
    assert_eq!(figure(ConcentrationIndex::TopFew, 0.3811), "38.1 %");
    assert_eq!(figure(ConcentrationIndex::Herfindahl, 0.003_26), "0.0033");
}
