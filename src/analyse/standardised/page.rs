//! What was found in sentences made from numbers, and `index.html`.

use std::collections::BTreeMap;

use super::{
    Options, Standard,
    input::Input,
    rates::{Analysis, Row, Status},
    standard::Weights,
};
use crate::{
    analyse::{
        dots::{self, Dot, Picture},
        sheet::{Section, Sheet, number, soft, table, text, unbroken},
    },
    diagnostics::Problem,
    render::words::{self, count, figure, limits, number_of, plural},
    statistics::interval::CountLimits,
};

/// Everything that is known of the areas.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) input: &'a Input,
    pub(super) standard: &'a Weights,
    pub(super) analysis: &'a Analysis,
    pub(super) options: &'a Options,
}

impl Findings<'_> {
    fn named(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.input.areas.iter().map(String::as_str).zip(&self.analysis.rows)
    }

    /// How many areas came to what.
    pub(super) fn statuses(&self) -> BTreeMap<Status, usize> {
        let mut n = BTreeMap::new();
        self.analysis.rows.iter().for_each(|row| *n.entry(row.status).or_default() += 1);
        n
    }

    /// Areas whose ratio lies above, or below, 1 with its exact 99.8 % limits.
    pub(super) fn beyond(&self, is_above: bool) -> Vec<&str> {
        let is_beyond = |row: &Row| {
            row.ratio.is_some_and(|ratio| {
                let (lower, upper) = ratio.exact.limits[1];
                if is_above { lower > 1.0 } else { upper < 1.0 }
            })
        };
        self.named().filter(|(_, row)| is_beyond(row)).map(|(name, _)| name).collect()
    }

    /// The finding, without a full stop.
    pub(super) fn headline(&self) -> String {
        let tested = self.analysis.rows.iter().filter(|row| row.ratio.is_some()).count();
        if tested == 0 {
            return "No area has events to compare".to_owned();
        }
        if self.input.areas.len() == 1 {
            let rate = self.analysis.rows[0].direct.map(|direct| direct.dobson);
            return rate.map_or("Too few events for a standardised rate".to_owned(), |rate| {
                format!(
                    "A standardised rate of {} per 100,000 (95 % limits {})",
                    figure(rate.value),
                    limits(rate.limits[0])
                )
            });
        }
        let areas = plural(tested, "area", "areas");
        let end = "than the rates of all areas together would give (99.8 % limits)";
        match (self.beyond(true).len(), self.beyond(false).len()) {
            (0, 0) => {
                format!("In none of {areas} were clearly more or fewer events recorded {end}")
            }
            (above, 0) => format!(
                "In {} of {areas} clearly more events were recorded {end}",
                number_of(above)
            ),
            (0, below) => format!(
                "In {} of {areas} clearly fewer events were recorded {end}",
                number_of(below)
            ),
            (above, below) => format!(
                "In {} of {areas} clearly more events were recorded, and in {} clearly fewer, {end}",
                number_of(above),
                number_of(below)
            ),
        }
    }

    fn lead(&self) -> String {
        let bands = self.input.strata.len();
        format!(
            "{} per {}, {}, {} of age{}; standard: {}.",
            self.options.events,
            self.options.population,
            plural(self.input.areas.len(), "area", "areas"),
            plural(bands, "stratum", "strata"),
            if self.options.sex.is_some() { " and sex" } else { "" },
            self.standard.words
        )
    }

    fn in_short(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let all = &self.analysis.all;
        if let (Some(events), Some(crude)) = (all.events, all.crude) {
            let standardised = all.direct.map_or(String::new(), |direct| {
                format!(", {} when standardised", figure(direct.dobson.value))
            });
            lines.push(format!(
                "{} recorded: {} per 100,000{standardised}.",
                if events == 1 {
                    "1 event was".to_owned()
                } else {
                    format!("{} events were", count(events))
                },
                figure(crude.value)
            ));
        }
        let mut rates: Vec<(&str, f64)> =
            self.named().filter_map(|(name, row)| Some((name, row.direct?.dobson.value))).collect();
        rates.sort_by(|a, b| a.1.total_cmp(&b.1));
        if let [(low, lowest), .., (high, highest)] = rates[..] {
            lines.push(format!(
                "Standardised rates go from {} ({low}) to {} ({high}) per 100,000.",
                figure(lowest),
                figure(highest)
            ));
        }
        for (is_above, word) in [(true, "more"), (false, "fewer")] {
            let names: Vec<String> = self.beyond(is_above).into_iter().map(str::to_owned).collect();
            if !names.is_empty() && names.len() <= 12 && self.input.areas.len() > 1 {
                lines.push(format!(
                    "Clearly {word} than at the rates of all areas: {}.",
                    words::list(&names)
                ));
            }
        }
        for (status, n) in self.statuses() {
            let why = match status {
                Status::Estimated => continue,
                Status::FewEvents => {
                    "recorded fewer than 10 events: a ratio, and no standardised rate"
                }
                Status::NoExposure => {
                    "have nobody in a band of the standard: a ratio, and no standardised rate"
                }
                Status::NoData => "lack a number or a row: not known, and not zero",
            };
            lines.push(format!("{} {}.", plural(n, "area", "areas"), words::verb(n, why)));
        }
        lines
    }

    /// What has to be known before believing it.
    pub(super) fn not_checked(&self) -> Vec<String> {
        let mut list = vec![
            "whether counts scatter more than chance (Poisson) makes them: then limits are wider than these, and fewer areas differ".to_owned(),
            "whether every area records and reports alike".to_owned(),
            "what else than age differs between areas: income, density, the make-up of the population".to_owned(),
        ];
        if self.options.sex.is_none() {
            list.push("sex: rows are not told apart by it".to_owned());
        }
        list.push(
            "ratios of two areas with each other: each compares with all areas together, itself among them".to_owned(),
        );
        list.push("neighbourhood: areas are looked at one by one".to_owned());
        list
    }

    pub(super) fn notes(&self) -> Vec<String> {
        self.input.notes.iter().chain(&self.standard.notes).cloned().collect()
    }

    /// How it was done, in the words of a methods section.
    pub(super) fn methods(&self) -> Vec<String> {
        let counts = match self.options.limits {
            CountLimits::Exact => "exact limits (Garwood 1936)",
            CountLimits::Byar => "Byar’s limits",
            CountLimits::Phe => "exact limits below ten events, Byar’s from there on",
        };
        let pooled = match self.options.standard {
            Standard::Pooled => {
                " It depends on the areas of the file: rates of another file are not comparable."
            }
            _ => "",
        };
        vec![
            format!(
                "Standardised rate: the area’s rates in each band, weighted as in {}.{pooled} Limits after Dobson and others (1991, \
                 doi:10.1002/sim.4780100317) from {counts} of the count; beside them Fay and Feuer’s gamma limits (1997).",
                self.standard.words
            ),
            "Fewer than 10 events give no standardised rate (Public Health England, Technical Guide: Confidence Intervals, 2018)."
                .to_owned(),
            format!("Crude rate: all events over all persons, with {counts}."),
            "Ratio: events over those expected at the rates of all areas together in each band (indirect standardisation, SMR), with \
             exact and Byar’s limits (Breslow and Day 1987, pp. 61–71)."
                .to_owned(),
            "“Clearly”: the ratio’s exact 99.8 % limits do not hold 1. Of 1,000 areas that do not differ, about two would be called so."
                .to_owned(),
        ]
    }

    fn foot(&self) -> String {
        let name = self.options.file.file_name().unwrap_or_default().to_string_lossy();
        format!("From {name}. Rates per 100,000; limits 95 and 99.8 %.")
    }
}

/// The whole page.
pub(super) fn html(findings: &Findings<'_>) -> Result<Vec<u8>, Problem> {
    Sheet {
        title: unbroken(&findings.headline()),
        lead: findings.lead(),
        in_short: findings.in_short().iter().map(|line| unbroken(line)).collect(),
        files: vec![
            ("standardised.csv", "Every area as a table (CSV)"),
            ("summary.json", "What it was based on (JSON)"),
        ],
        sections: vec![of_rates(findings), of_ratios(findings)],
        last: None,
        not_checked: findings.not_checked(),
        methods: findings.methods(),
        notes: findings.notes(),
        foot: findings.foot(),
    }
    .html()
}

/// What a row's picture says.
type Told = fn(&Row) -> Option<(f64, (f64, f64))>;

/// Areas by falling value, those without one last.
fn picture(findings: &Findings<'_>, label: &str, line: Option<f64>, told: Told) -> Option<String> {
    let dot = |(name, row): (&str, &Row)| {
        let found = told(row);
        let word = match row.status {
            Status::FewEvents => "fewer than 10 events",
            Status::NoExposure => "nobody in a band",
            Status::NoData | Status::Estimated => "no data",
        };
        Dot {
            name: name.to_owned(),
            value: found.map(|found| found.0),
            limits: found.map(|found| found.1),
            word: word.to_owned(),
            is_whole: false,
        }
    };
    let mut list: Vec<Dot> = findings.named().map(dot).collect();
    let key = |dot: &Dot| dot.value.unwrap_or(f64::NEG_INFINITY);
    list.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let label =
        format!("{label} by area: dots with 95 % limits; the figures are in the table below");
    Picture { label, dots: &list, line, from_zero: true, tick: dots::plain_tick }.svg()
}

fn of_rates(findings: &Findings<'_>) -> Section {
    let line = findings.analysis.all.direct.map(|direct| direct.dobson.value);
    let told: Told = |row| row.direct.map(|direct| (direct.dobson.value, direct.dobson.limits[0]));
    let picture = picture(findings, "Standardised rates", line, told);
    let lines = if picture.is_some() {
        vec![
            "Events per 100,000, standardised. Bar: 95 % limits. Dashed line: all areas."
                .to_owned(),
        ]
    } else {
        Vec::new()
    };
    let rows = findings.named().map(|(name, row)| {
        let direct = row.direct;
        vec![
            text(name),
            number(row.events.map(count)),
            number(row.crude.map(|crude| figure(crude.value))),
            number(direct.map(|direct| figure(direct.dobson.value))),
            number(direct.map(|direct| limits(direct.dobson.limits[0]))),
            number(direct.map(|direct| limits(direct.fay_feuer[0]))),
            soft(row.reason.clone()),
        ]
    });
    let heads =
        ["Area", "#Events", "#Crude", "#Standardised", "#95 %, Dobson", "#95 %, Fay–Feuer", "Note"];
    Section {
        heading: "Standardised rates".to_owned(),
        lines,
        picture,
        table: Some(table("Rates per 100,000, in the order of the file", &heads, rows.collect())),
        ..Section::default()
    }
}

fn of_ratios(findings: &Findings<'_>) -> Section {
    let told: Told = |row| row.ratio.map(|ratio| (ratio.exact.value, ratio.exact.limits[0]));
    let picture = picture(findings, "Ratios of recorded to expected events", Some(1.0), told);
    let (above, below) = (findings.beyond(true), findings.beyond(false));
    let lines = vec![
        "Recorded over expected events; 1 is the level of all areas together. One ratio does not compare with another, each only with 1."
            .to_owned(),
    ];
    let rows = findings.named().map(|(name, row)| {
        let ratio = row.ratio;
        let word = if above.contains(&name) {
            "clearly more"
        } else if below.contains(&name) {
            "clearly fewer"
        } else if ratio.is_some() {
            "not clearly different"
        } else {
            ""
        };
        vec![
            text(name),
            number(row.events.map(count)),
            number(ratio.map(|ratio| figure(ratio.expected))),
            number(ratio.map(|ratio| figure(ratio.exact.value))),
            number(ratio.map(|ratio| limits(ratio.exact.limits[0]))),
            number(ratio.map(|ratio| limits(ratio.exact.limits[1]))),
            soft(word),
        ]
    });
    let heads =
        ["Area", "#Events", "#Expected", "#Ratio", "#95 %, exact", "#99.8 %, exact", "Verdict"];
    Section {
        heading: "Recorded against expected".to_owned(),
        lines,
        picture,
        table: Some(table("Ratios (SMR), in the order of the file", &heads, rows.collect())),
        ..Section::default()
    }
}
