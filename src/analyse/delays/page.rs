//! The page: what the latest periods are heading for, how complete they are, and how that is known.

use minijinja::Value;

use super::{
    chart,
    input::after,
    numbers::N_DRAWS,
    sentences::{Findings, heading_for, percent, percents},
    table::NOT_TOLD,
};
use crate::{
    analyse::sheet::{Section, Sheet, in_one_line, number, soft, table, text},
    diagnostics::Problem,
    render::words::{capitalised, count, figure, number_of, plural, with_decimals},
};

/// Latest periods in the table.
const PERIODS: usize = 24;
/// Delays in the table.
const DELAYS: usize = 24;

/// The whole page.
pub(super) fn html(findings: &Findings<'_>) -> Result<Vec<u8>, Problem> {
    let (input, options) = (findings.input, findings.options);
    let name = options.file.file_name().unwrap_or_default().to_string_lossy();
    let every = input.periods.every;
    let n = input.periods.len();
    let shown = n.min(PERIODS);
    let mut lines = vec![chart::READING.to_owned()];
    if n > shown {
        lines.push(format!(
            "The latest {}; all are in delays.csv.",
            plural(shown, every.one(), every.many())
        ));
    }
    Sheet {
        title: findings.headline(),
        lead: findings.lead(),
        in_short: findings.in_short(),
        files: vec![
            ("delays.csv", "Every period as a table"),
            ("triangle.csv", "Events by period and delay"),
            ("summary.json", "All results for machines"),
            ("chart.svg", "Chart as SVG"),
        ],
        sections: vec![
            Section {
                heading: "Known so far, and to be expected".to_owned(),
                lines,
                picture: Some(chart::periods(findings)),
                table: Some(periods(findings, n - shown)),
                ..Section::default()
            },
            Section {
                heading: "How late events become known".to_owned(),
                lines: vec![format!(
                    "Share of all events known, by {} since the one of the event (0: the same {}); bars: {} limits.",
                    every.many(),
                    every.one(),
                    options.percent()
                )],
                picture: Some(chart::completeness(findings)),
                table: Some(delays(findings)),
                ..Section::default()
            },
        ],
        last: None,
        not_checked: findings.not_checked(),
        methods: methods(findings),
        notes: input.notes.clone(),
        foot: format!(
            "From {name}: {} of {} rows used, nothing read but the two dates. {} limits; seed {}.",
            number_of(input.n_used),
            number_of(input.n_rows),
            options.percent(),
            options.seed
        ),
    }
    .html()
}

fn periods(findings: &Findings<'_>, from: usize) -> Value {
    let (input, analysis) = (findings.input, findings.analysis);
    let reported = input.triangle.reported();
    let latest_first = (from..input.periods.len()).rev();
    let rows = latest_first.map(|at| {
        let found = analysis.periods[at];
        let incomplete = found.filter(|found| found.completeness < 1.0);
        let completeness = found.map(|found| match incomplete {
            Some(found) => {
                format!("{} ({})", percent(found.completeness), percents(found.completeness_limits))
            }
            None => percent(found.completeness),
        });
        let expected = found
            .map(|found| incomplete.map_or(figure(found.expected), |found| heading_for(&found)));
        let note = match found {
            None => NOT_TOLD,
            Some(found) if found.provisional => "provisional",
            Some(_) => "",
        };
        vec![
            text(in_one_line(&input.periods.label(at))),
            number(Some(count(reported[at]))),
            number(expected),
            number(completeness),
            soft(note),
        ]
    });
    let heads =
        ["Period", "#Known so far", "#Expected in the end (limits)", "#Complete (limits)", "Note"];
    table("The latest periods, newest first", &heads, rows.collect())
}

fn delays(findings: &Findings<'_>) -> Value {
    let every = findings.input.periods.every;
    let known = findings.analysis.known.iter().enumerate().take(DELAYS);
    let rows = known.map(|(delay, known)| {
        vec![
            text(capitalised(&after(delay, every))),
            number(known.share.map(percent)),
            number(
                known.limits.filter(|_| known.share.is_some_and(|share| share < 1.0)).map(percents),
            ),
            number(known.factor.map(|factor| with_decimals(factor, 3))),
            number(Some(findings.n_seen(delay))),
        ]
    });
    let heads = [
        "Known",
        "#Share of all events",
        "#Limits",
        "#Grows to the next by factor",
        "#Periods that tell",
    ];
    table("How complete a period is, by the time since", &heads, rows.collect())
}

/// How it was done, in the words of a methods section.
fn methods(findings: &Findings<'_>) -> Vec<String> {
    let analysis = findings.analysis;
    let mut lines = vec![
        "Reporting triangle: events by period of occurrence and number of periods until the report. Growth from each delay to the next is \
         taken from all periods known that long (chain ladder; Mack 1993, doi:10.2143/AST.23.2.2005092); the longest delay seen counts as \
         complete."
            .to_owned(),
        format!(
            "Limits: percentiles of {} draws of reporting probabilities and of what is still to come (Renshaw and Verrall 1998, \
             doi:10.1017/S1357321700000222; England and Verrall 2002, doi:10.1017/S1357321700003809).",
            count(N_DRAWS)
        ),
    ];
    if let Some(scatter) = analysis.dispersion {
        lines.push(format!(
            "Counts scatter {} times as much as chance alone makes them; limits are {}.",
            figure(scatter),
            if scatter > 1.0 { "widened for that" } else { "not narrowed for that" }
        ));
    }
    lines.push(match &analysis.mack {
        Some(mack) => format!(
            "Beside, without assuming how counts scatter (Mack 1993): {} still to come over all periods, standard error {}.",
            figure(mack.total),
            figure(mack.total_error)
        ),
        None => "Mack’s standard errors are not given: a period has no event within its first delay, or too few periods know the longest delays."
            .to_owned(),
    });
    lines
}
