//! `index.html`: the finding, each quantity as a picture and a table, what was not checked, how it was done.

use super::{
    Quantity,
    numbers::{Row, Status},
    sentences::Findings,
};
use crate::{
    analyse::{
        dots::{self, Dot, Picture},
        sheet::{Section, Sheet, number, soft, table, text, unbroken},
    },
    diagnostics::Problem,
    model::Verdict,
    render::words::{self, number_of},
};

/// The whole page.
pub(super) fn html(findings: &Findings<'_>) -> Result<Vec<u8>, Problem> {
    let quantities = findings.options.quantities.iter().enumerate();
    Sheet {
        title: unbroken(&findings.headline()),
        lead: findings.lead(),
        in_short: findings.in_short().iter().map(|line| unbroken(line)).collect(),
        files: vec![
            ("estimates.csv", "Every estimate as a table (CSV)"),
            ("summary.json", "What it was based on (JSON)"),
        ],
        sections: quantities.map(|(at, quantity)| section(findings, at, quantity)).collect(),
        last: None,
        not_checked: findings.not_checked(),
        methods: findings.methods(),
        notes: findings.notes(),
        foot: findings.foot(),
    }
    .html()
}

fn section(findings: &Findings<'_>, at: usize, quantity: &Quantity) -> Section {
    let rows: Vec<&Row> = findings.rows.iter().filter(|row| row.quantity == at).collect();
    let heading = words::capitalised(&quantity.words());
    let n_parts = findings.parts(at).count();
    let mut lines = Vec::new();
    if n_parts > dots::MOST {
        lines.push(format!(
            "{} parts are too many for a picture; the table has them all.",
            number_of(n_parts)
        ));
    }
    let dot = |row: &&Row| Dot {
        name: name(findings, row),
        value: row.figure.map(|found| found.value),
        limits: row.figure.and_then(|found| found.limits()),
        word: word(row.status).to_owned(),
        is_whole: row.domain.is_none(),
    };
    // A total is the sum of its parts, and would stand far from all of them.
    let is_total = matches!(quantity, Quantity::Total(_));
    let drawn = rows.iter().filter(|row| !is_total || row.domain.is_some());
    let list: Vec<Dot> = drawn.map(dot).collect();
    let whole = rows.iter().find(|row| row.domain.is_none() && !is_total);
    let by = findings.options.by.as_deref().unwrap_or_default();
    let picture = Picture {
        label: format!(
            "{heading} by {by}: dots with 95 % intervals; the figures are in the table below"
        ),
        dots: &list,
        line: whole.and_then(|row| row.figure).map(|found| found.value),
        from_zero: quantity.is_share(),
        tick: if quantity.is_share() { dots::percent_tick } else { dots::plain_tick },
    }
    .svg();
    if picture.is_some() {
        let line = if is_total { "" } else { " Dashed line: everybody." };
        lines.push(format!(
            "Dot: the estimate. Bar: its 95 % interval.{line} Parts whose bars overlap may not differ."
        ));
    }
    Section {
        heading,
        lines,
        picture,
        table: Some(rows_of(findings, &rows, quantity)),
        ..Section::default()
    }
}

fn name(findings: &Findings<'_>, row: &Row) -> String {
    if row.domain.is_none() { "Everybody".to_owned() } else { findings.domain(row).to_owned() }
}

/// What stands where a number would.
fn word(status: Status) -> &'static str {
    match status {
        Status::Suppressed => "too unsure to be shown",
        Status::Undefined => "no estimate",
        Status::Estimated | Status::Known | Status::NoStandardError => "",
    }
}

fn rows_of(findings: &Findings<'_>, rows: &[&Row], quantity: &Quantity) -> minijinja::Value {
    let cells = rows.iter().map(|row| {
        let found = row.figure;
        let note = match (row.status, row.presentation) {
            (Status::Suppressed, _) => format!("not shown: {}", row.reason),
            (Status::Undefined, _) => format!("no estimate: {}", row.reason),
            (_, Some(Verdict::Review)) => format!("unsure: {}", row.reason),
            _ => row.reason.clone(),
        };
        vec![
            text(name(findings, row)),
            number(found.map(|found| quantity.figure(found.value))),
            number(found.and_then(|found| found.limits()).map(|limits| quantity.limits(limits))),
            number(Some(number_of(row.n_used))),
            number(Some(number_of(row.n - row.n_used))),
            number(found.and_then(|found| found.n_eff).map(|size| words::with_decimals(size, 0))),
            soft(note),
        ]
    });
    let head =
        if let Some(by) = &findings.options.by { words::capitalised(by) } else { "Who".to_owned() };
    let heads = [
        head.as_str(),
        "#Estimate",
        "#95 % interval",
        "#Answered",
        "#No answer",
        "#Effective sample",
        "Note",
    ];
    let caption = format!("{}, 95 % intervals", words::capitalised(&quantity.words()));
    table(&caption, &heads, cells.collect())
}
