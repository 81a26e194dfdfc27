//! The page: the finding, a chart for each of the first series, all series in a table, alarms, and how it was done.

use minijinja::Value;

use super::{
    Method, chart,
    sentences::{Findings, yearly},
    trend::LEFT_OUT,
};
use crate::{
    analyse::sheet::{Section, Sheet, in_one_line, number, probability, soft, table, text},
    diagnostics::Problem,
    render::words::{count, figure, limits, number_of, plural, with_decimals},
};

/// Series that have a chart of their own.
const CHARTS: usize = 6;

/// Alarms listed at most.
const ALARMS: usize = 30;

/// The whole page.
pub(super) fn html(findings: &Findings<'_>) -> Result<Vec<u8>, Problem> {
    let n = findings.input.series.len();
    let several = n > 1;
    let mut in_short = findings.in_short(0);
    if several && let Some(first) = in_short.first_mut() {
        *first = format!("All series together: {first}");
    }
    in_short.extend(findings.false_alarms());
    let mut sections: Vec<Section> = (0..n.min(CHARTS)).map(|at| of(findings, at)).collect();
    if n > CHARTS {
        let left = plural(n - CHARTS, "other series is", "other series are");
        sections[CHARTS - 1].lines.push(format!("{left} in the table below."));
    }
    sections.extend(alarms(findings));
    sections.push(Section {
        heading: if several { "Every series" } else { "The figures" }.to_owned(),
        table: Some(all(findings)),
        ..Section::default()
    });
    let name = findings.options.file.file_name().unwrap_or_default().to_string_lossy();
    Sheet {
        title: findings.headline(),
        lead: findings.lead(),
        in_short,
        files: vec![
            ("series.csv", "Every series and period as a table"),
            ("summary.json", "All results for machines"),
            ("chart.svg", "Chart as SVG"),
        ],
        sections,
        last: None,
        not_checked: findings.not_checked(),
        methods: methods(findings),
        notes: findings.input.notes.clone(),
        foot: format!(
            "From {name}. Level {} for trends, false discoveries controlled; seed {}.",
            findings.options.alpha, findings.options.seed
        ),
    }
    .html()
}

/// One series: its chart and what is said of it.
fn of(findings: &Findings<'_>, at: usize) -> Section {
    let name = &findings.input.series[at].name;
    // Of the first one, the page's first part has said it; the others are read as it is.
    let reading = findings.reading(at);
    let mut lines = if at == 0 { Vec::new() } else { findings.in_short(at) };
    if at == 0 || reading != findings.reading(0) {
        lines.insert(0, reading);
    }
    let heading = if findings.input.series.len() > 1 {
        format!("{name}: {}", verdict(findings, at))
    } else {
        findings.subject()
    };
    Section {
        heading,
        lines,
        picture: Some(chart::svg(findings, at)),
        table: None,
        ..Section::default()
    }
}

/// A series in a few words.
fn verdict(findings: &Findings<'_>, at: usize) -> String {
    let of = &findings.analysis.of[at];
    let mut parts = Vec::new();
    if of.trends.recording.as_ref().is_ok_and(|found| !found.jumps.is_empty()) {
        parts.push("check recording".to_owned());
    } else if let Some(found) = of.sure_trend(findings.options.alpha) {
        parts.push(if found.quoted.percent > 0.0 { "rising" } else { "falling" }.to_owned());
    } else if of.trends.log_linear.is_ok() {
        parts.push("no trend to be told from chance".to_owned());
    } else {
        parts.push("no trend".to_owned());
    }
    if let Ok(found) = &of.watch.alarms {
        let n = found.raised().count();
        parts.push(if n == 0 { "no alarm".to_owned() } else { plural(n, "alarm", "alarms") });
    }
    parts.join(", ")
}

fn all(findings: &Findings<'_>) -> Value {
    let rows = findings.input.series.iter().zip(&findings.analysis.of).map(|(series, of)| {
        let trend = of.trends.log_linear.as_ref();
        let ranks = of.trends.ranks.as_ref().ok();
        let slope = ranks.and_then(|ranks| ranks.slope);
        let why = match (trend, &of.trends.recording) {
            (_, Ok(found)) if !found.jumps.is_empty() => "check recording".to_owned(),
            (Err(why), _) => why.clone(),
            (Ok(_), Err(why)) if why != LEFT_OUT => format!("breaks: {why}"),
            _ => String::new(),
        };
        vec![
            text(series.name.clone()),
            number(Some(count(series.total()))),
            number(Some(number_of(series.n_recorded()))),
            number(trend.ok().map(|trend| yearly(trend.quoted))),
            number(trend.ok().map(|trend| probability(trend.q))),
            number(ranks.map(|ranks| probability(ranks.p))),
            number(slope.map(|(slope, lower, upper)| {
                format!("{} ({})", figure(slope), limits((lower, upper)))
            })),
            number(of.watch.alarms.as_ref().ok().map(|found| number_of(found.raised().count()))),
            number(of.watch.xmr.as_ref().ok().map(|found| number_of(found.chart.signals.len()))),
            soft(why),
        ]
    });
    let heads = [
        "Series",
        "#Events",
        "#Whole periods",
        "#Yearly change (95 % interval)",
        "#Corrected p",
        "#p by ranks",
        "#Middle slope",
        "#Alarms",
        "#Chart signals",
        "Note",
    ];
    let caption = format!("Every series; middle slope in {}", findings.input.measured());
    table(&caption, &heads, rows.collect())
}

fn alarms(findings: &Findings<'_>) -> Option<Section> {
    let mut found: Vec<(usize, usize, _)> = Vec::new();
    for (of, one) in findings.analysis.of.iter().enumerate() {
        let Ok(alarms) = &one.watch.alarms else { continue };
        found.extend(alarms.raised().map(|(at, watched)| (at, of, watched)));
    }
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|&(at, of, _)| (std::cmp::Reverse(at), of));
    let more = found.len().saturating_sub(ALARMS);
    let rows = found.iter().take(ALARMS).map(|(at, of, watched)| {
        vec![
            text(in_one_line(&findings.input.periods.label(*at))),
            text(findings.input.series[*of].name.clone()),
            number(Some(count(watched.observed))),
            number(Some(figure(watched.expected))),
            number(Some(with_decimals(watched.upper, 0))),
            number(Some(probability(watched.p))),
        ]
    });
    let heads = ["Period", "Series", "#Recorded", "#Expected", "#Alarm above", "#p"];
    let caption = "More recorded than season and trend explain, latest first";
    let mut lines = vec![
        "An alarm is a reason to look, not a finding of its own: a large incident, a change of recording or a campaign of reporting gives one too."
            .to_owned(),
    ];
    if more > 0 {
        lines.push(format!("{} earlier alarms are in series.csv.", number_of(more)));
    }
    Some(Section {
        heading: "Alarms".to_owned(),
        lines,
        picture: None,
        table: Some(table(caption, &heads, rows.collect())),
        ..Section::default()
    })
}

/// How it was done, in the words of a methods section.
fn methods(findings: &Findings<'_>) -> Vec<String> {
    let (input, options) = (findings.input, findings.options);
    let asks = |method: Method| options.methods.contains(&method);
    let every = input.periods.every;
    let mut lines = vec![if input.has_counts {
        format!(
            "Rows are counts; a {} without a row is missing, never zero. Limits of counts: exact Poisson (Garwood 1936).",
            every.one()
        )
    } else {
        format!(
            "Every row is one event, counted by {}; a {0} without a row holds zero. Limits of counts: exact Poisson (Garwood 1936).",
            every.one()
        )
    }];
    if asks(Method::Trend) {
        lines.push(
            "Yearly change: log-linear negative-binomial regression on the time since the last declared break, whole years only where \
             periods are shorter; limits with Student’s t (Lawless 1987, doi:10.2307/3314912). p corrected for the number of series after \
             Benjamini and Hochberg (1995)."
                .to_owned(),
        );
    }
    if asks(Method::Ranks) {
        lines.push(
            "By ranks: Mann–Kendall test; for months and quarters the seasonal one (Hirsch, Slack and Smith 1982, \
             doi:10.1029/WR018i001p00107). Middle slope: Theil–Sen with its limits (Sen 1968, doi:10.1080/01621459.1968.10480934). Both \
             assume that periods do not follow each other: with strong memory from period to period p is too small."
                .to_owned(),
        );
    }
    if asks(Method::Breaks) {
        lines.push(
            "Suspected breaks: steps against a smooth trend, negative binomial, in sums over whole years, compared with 200 series drawn \
             from the trend (Cleynen and Lebarbier 2014, doi:10.1051/ps/2014005). A warning, no proof: a lasting surge looks the same."
                .to_owned(),
        );
    }
    if asks(Method::Alarms) {
        lines.push(
            "Alarms: quasi-Poisson regression on season and trend in up to five earlier years, the latest half year left out, outbreaks \
             weighted down; an alarm is a count above the 99.5 % quantile of the negative binomial (Farrington 1996, \
             doi:10.2307/2983331; Noufaily 2013, doi:10.1002/sim.5595). From 3 earlier years, 1 event a month and 5 events in 4 periods on."
                .to_owned(),
        );
    }
    if asks(Method::Xmr) {
        lines.push(
            "Control chart of counts (XmR): mean ± 2.66 mean moving ranges since the last declared break; signals outside, in runs of \
             eight, three of four near a limit, large steps (Wheeler 2000). Of steady series one in five has a signal within 24 periods."
                .to_owned(),
        );
    }
    if asks(Method::Gaps) {
        lines.push(
            "Control charts of gaps, for fewer than 5 events a period: periods without events, geometric (Benneyan 2001, \
             doi:10.1023/A:1011846412909); days between events, to the power 1/3.6 (Nelson 1994)."
                .to_owned(),
        );
    }
    lines
}
