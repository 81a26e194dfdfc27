//! The methods page: every method in use, in words, with its source and with what it was not checked for.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use super::{
    Report, Sink,
    maps::hotbeds,
    markdown,
    page::{self, Cell, Table},
    view::View,
    words,
};
use crate::{
    diagnostics::Problem,
    methods::{self, Section, validity},
    model::AlarmMethod,
};

pub(super) static ENTRY: Report = Report { id: "methods", title: "The page of methods", render };

/// When a method belongs on the page.
#[derive(Debug, Clone, Copy)]
enum Used {
    /// Every assessment uses it.
    Always,
    /// Some estimate names it.
    Estimates(&'static [&'static str]),
    /// Some estimate is smoothed.
    Smoothing,
    /// Something was tested.
    Findings,
    /// Something was compared over time.
    Changes,
    /// A whole series was followed.
    Trends,
    /// Some spread was compared with the population's.
    Concentrations,
    /// Some series was watched, this way.
    Watched(AlarmMethod),
}

/// A method in words.
#[derive(Debug, Clone, Copy)]
struct Method {
    title: &'static str,
    formula: &'static str,
    /// Ids of the methods it is made of; they carry their sources.
    of: &'static [&'static str],
    /// A source besides.
    source: Option<&'static str>,
    used: Used,
}

const METHODS: [Method; 18] = [
    Method {
        title: "Counts and rates: exact Poisson limits",
        formula: "The limits are the rates at which a count at least (at most) as large as the recorded one would have probability 2.5 %. For x = 0 the upper limit is 3.69; a recorded count is one draw of a process that could have gone otherwise.",
        of: &["interval/garwood"],
        source: None,
        used: Used::Estimates(&["garwood"]),
    },
    Method {
        title: "Counts and rates: Byar’s limits",
        formula: "x·(1 − 1/9x − 1.96/3√x)³ and (x + 1)·(1 − 1/9(x + 1) + 1.96/3√(x + 1))³: close to the exact ones, and those that figures of public health are published with.",
        of: &["interval/byar"],
        source: None,
        used: Used::Estimates(&["byar"]),
    },
    Method {
        title: "Scattered counts: negative-binomial limits",
        formula: "As above, under the likelier of two laws of extra scatter, estimated from all areas and years of a level: variance φ·μ where events come several at once, μ + μ²/size where rates themselves vary. Used where counts scatter more than chance.",
        of: &["interval/negative_binomial", "dispersion"],
        source: None,
        used: Used::Estimates(&["negative binomial"]),
    },
    Method {
        title: "Proportions: Wilson’s score limits",
        formula: "With x of n and z = 1.96: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n), p = x/n.",
        of: &["interval/wilson"],
        source: None,
        used: Used::Estimates(&["wilson"]),
    },
    Method {
        title: "Ratios of two counts that are not nested",
        formula: "Exact limits L and U for x out of x + n, turned into L/(1 − L) and U/(1 − U).",
        of: &["interval/ratio", "interval/clopper_pearson"],
        source: None,
        used: Used::Estimates(&["clopper-pearson ratio"]),
    },
    Method {
        title: "Compositions: simultaneous limits",
        formula: "Like Wilson’s, with the χ² quantile at 1 − 0.05/k for k parts, so that all parts hold together.",
        of: &["interval/goodman"],
        source: None,
        used: Used::Estimates(&["goodman, simultaneous"]),
    },
    Method {
        title: "Attendances: bootstrap over events",
        formula: "Events are drawn with replacement 2,000 times or more; the limits are the 2.5 and 97.5 % points of the redrawn figure. Attendances are heavy-tailed and never tested per resident.",
        of: &["interval/bootstrap"],
        source: None,
        used: Used::Estimates(&["bootstrap over events"]),
    },
    Method {
        title: "Smoothing: gamma-Poisson",
        formula: "Each area’s rate is drawn from a gamma distribution fitted to all areas, integrated over its mean and shape on a grid. The posterior gives a mean, an interval and the probability that the rate exceeds 1.25 times the country’s.",
        of: &["smoothing/gamma_poisson"],
        source: None,
        used: Used::Smoothing,
    },
    Method {
        title: "Own rate against the rest of the country",
        formula: "The probability of a count at least as large as recorded, if the area had the rate of all other areas together; negative binomial when counts scatter more than chance, under the likelier of two laws for the surface: variance φ·μ (events come several at once) or μ + μ²/size (rates differ). Funnel limits at 95 and 99.8 %.",
        of: &["own_rate/against_rest", "own_rate/funnel"],
        source: None,
        used: Used::Findings,
    },
    Method {
        title: "Surroundings: local Moran, Gi and Gi*",
        formula: "The area’s and its neighbours’ standardised rates against random neighbours, drawn without replacement, the own value fixed. One draw pass gives one p-value for all three.",
        of: &["spatial/local", "spatial/empirical_bayes_index", "spatial/model_based"],
        source: None,
        used: Used::Findings,
    },
    Method {
        title: "Many areas at once: false discovery rate",
        formula: "Among the areas that are singled out, at most the stated share is expected to be there by chance. Surfaces are selected first, areas within selected ones after.",
        of: &["multiple/benjamini_hochberg", "multiple/benjamini_bogomolov"],
        source: None,
        used: Used::Findings,
    },
    Method {
        title: "Stopping draws early",
        formula: "Areas that can no longer be singled out are dropped from drawing; the set of areas found equals the full run’s.",
        of: &["spatial/sequential"],
        source: None,
        used: Used::Findings,
    },
    Method {
        title: "Change between two periods",
        formula: "Ratio: exact binomial, given the sum of both counts. Difference: the limits of both counts combined (MOVER). Only disjoint periods are compared, and nothing across a change of recording. No percentage when the smaller count is below 50.",
        of: &["interval/conditional_binomial", "interval/mover"],
        source: None,
        used: Used::Changes,
    },
    Method {
        title: "Trends, and breaks that nobody declared",
        formula: "A log-linear negative-binomial trend over the whole periods since the last declared break, from 8 of them on; Mann–Kendall and Theil–Sen beside. Where levels that change in steps explain a series better than any smooth trend, and chance hardly makes such steps, there is a warning instead of a trend.",
        of: &[
            "trend/negative_binomial",
            "trend/mann_kendall",
            "trend/theil_sen",
            "trend/breaks",
            "surveillance/breaks",
        ],
        source: None,
        used: Used::Trends,
    },
    Method {
        title: "Concentration against the population",
        formula: "As many events as were recorded fall on the areas at random, in proportion to person-years, 199 times. Each index is shown beside its mean and the middle 95 % of these maps. Every index of few events is high by chance alone; that is what the comparison is for.",
        of: &[
            "concentration/proportional",
            "concentration/top_share",
            "concentration/diffusion",
            "concentration/gini",
            "concentration/herfindahl",
            "concentration/theil",
        ],
        source: None,
        used: Used::Concentrations,
    },
    Method {
        title: "Alarms: the last period against its season and trend",
        formula: "A quasi-Poisson regression on season and trend over up to five earlier years, past outbreaks weighted down; an alarm is a count above the negative-binomial quantile at 0.005. Watched are series with at least 1 a month, 3 earlier years and 5 in the last 4 periods. Nothing crosses a declared break.",
        of: &["surveillance/farrington"],
        source: None,
        used: Used::Watched(AlarmMethod::Farrington),
    },
    Method {
        title: "Alarms: the last year on a chart",
        formula: "Individual values and moving ranges: an alarm is a year above the mean by more than 2.66 mean moving ranges, or a step up of more than 3.268. From 12 years of at least 5 on average.",
        of: &["surveillance/xmr_chart"],
        source: None,
        used: Used::Watched(AlarmMethod::Xmr),
    },
    Method {
        title: "Reliability and status",
        formula: "Small: fewer than 10 counted; the area’s own rate is then replaced by pooled years or by the area around it, while the count stays. Wide: the interval is wider than 160 % of the value. Zero recorded, no data, not covered and hidden are four different things.",
        of: &[],
        source: Some("NCHS Series 2, Number 200 (2023), doi:10.15620/cdc:124368"),
        used: Used::Always,
    },
];

fn render(view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut smoothed = false;
    for measured in view.released.estimates() {
        for cell in measured.panel.keys().filter_map(|key| measured.panel.slice(key)).flatten() {
            named.insert(cell.method);
            smoothed |= cell.smoothed.is_some();
        }
    }
    let used: Vec<Value> = METHODS
        .into_iter()
        .filter(|method| match method.used {
            Used::Always => true,
            Used::Estimates(of) => of.iter().any(|name| named.contains(name)),
            Used::Smoothing => smoothed,
            Used::Findings => !view.released.findings().is_empty(),
            Used::Changes => !view.released.changes().is_empty(),
            Used::Trends => view.released.trends().iter().any(|trend| trend.span.is_some()),
            Used::Concentrations => {
                view.released.concentrations().iter().any(|found| !found.indices.is_empty())
            }
            Used::Watched(by) => {
                let mut watched = view.released.watches().iter().filter_map(|watch| watch.watched);
                watched.any(|found| found.method == by)
            }
        })
        .map(|method| {
            let Method { title, formula, of, source, .. } = method;
            let sources: Vec<Value> = of.iter().map(|id| source_of(id)).collect();
            context! { title, formula, sources, source }
        })
        .collect();
    let policy = view.released.policy();
    let content = context! {
        title => "Methods",
        methods => used,
        feeds => feeds(view),
        surfaces => surfaces(view),
        validity => measured(),
        not_checked => not_checked(view),
        classes => hotbeds::CLASSES.map(|(evidence, class)| {
            let meaning = words::capitalised(words::evidence_meaning(evidence));
            (class, words::evidence(evidence), meaning)
        }),
        alpha => view.frame.alpha.to_string(),
        seed => view.frame.seed,
        population => view.frame.population.as_str(),
        hide_up_to => policy.hide_up_to,
        round_to => policy.round_to,
        labels_from => view.frame.tree.levels.get(policy.labels_from_level).map(String::as_str),
    };
    sink("methods.html", page::page(view, "methods.html", 0, content)?.into())
}

/// A method's id and its source.
fn source_of(id: &str) -> Value {
    let method = methods::find(id).expect("invariant: a method in words is one of the list");
    let header = method.header();
    let links = |name: &str, _: &str| (name.to_owned(), None);
    let source = markdown::line(header.section(Section::Source), &links);
    context! { id, source => Value::from_safe_string(source) }
}

/// The figures measured on made-up maps.
fn measured() -> Value {
    let measured = &validity::embedded().measured;
    let studies: Vec<Value> = measured
        .studies
        .iter()
        .map(|study| {
            let heads = study.heads();
            let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
            let mut table = Table::new(&study.title, &heads);
            for row in &study.rows {
                let settings = row.settings.iter().map(Cell::text);
                let figures = row.figures.iter().map(|figure| Cell::number(Some(figure.words())));
                table.push(settings.chain(figures).collect());
            }
            context! { table, note => study.note.as_str(), method => study.method.as_str() }
        })
        .collect();
    context! {
        studies,
        n_maps => words::count(measured.n_maps),
        command => format!("saet methods validate --maps {}", measured.n_maps),
        n_regions => measured.n_regions,
        seed => measured.seed,
    }
}

/// Which indicators feed which findings.
fn feeds(view: &View<'_>) -> Table {
    let head = ["Indicator", "Measure", "Intervals", "Hotbed tests", "Source"];
    let mut table = Table::new("Which measures feed which findings", &head);
    for indicator in &view.frame.indicators {
        for measure in &indicator.measures {
            let fed = view.released.estimates().iter().any(|measured| {
                let (of, found) = view.released.measure(measured.key);
                of.id == indicator.id && found.id == measure.id && !measured.panel.is_empty()
            });
            table.push(vec![
                Cell::text(indicator.title_en()),
                Cell::text(measure.id.as_str()),
                Cell::text(if measure.kind == crate::model::MeasureKind::CompleteShare {
                    "none: a complete count"
                } else {
                    "yes"
                }),
                Cell::text(if measure.tested { "yes" } else { "no" }),
                Cell::text(if fed { "fed" } else { "no source" }),
            ]);
        }
    }
    table
}

/// Every surface tested, with its global answer.
fn surfaces(view: &View<'_>) -> Option<Table> {
    let head = [
        "Surface",
        "Kind",
        "Areas",
        "Moran’s I",
        "p",
        "q",
        "Scatter (variance)",
        "Draws",
        "Needed",
    ];
    let mut table = Table::new("Every surface tested", &head);
    for found in view.released.findings() {
        let test = &found.test;
        let subtitle = hotbeds::subtitle(view, found);
        let name = subtitle.rsplit_once(" (").map_or(subtitle.as_str(), |(name, _)| name);
        table.push(vec![
            Cell::text(name),
            Cell::text(if found.surface.primary { "primary" } else { "exploratory" }),
            Cell::number(Some(words::number_of(test.n_tested))),
            Cell::number(test.moran_i.map(words::figure)),
            Cell::number(test.p.map(words::figure)),
            Cell::number(test.q.map(words::figure)),
            Cell::number(test.dispersion.law.map(words::variance_law)),
            Cell::number(Some(words::count(test.n_draws))),
            Cell::number(Some(words::count(test.reach))),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

fn not_checked(view: &View<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in view.released.findings().iter().flat_map(|found| &found.test.not_checked) {
        if !all.contains(line) {
            all.push(line.clone());
        }
    }
    all
}
