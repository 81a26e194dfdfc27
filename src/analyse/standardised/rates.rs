//! One row an area: crude, directly and indirectly standardised, or a status and a reason.

use super::{Options, input::Input, standard::Weights};
use crate::statistics::{
    interval::Confidence,
    numerics::float::real,
    standardised::{
        CountLimits, FEW,
        direct::{self, Undefined},
        indirect,
    },
};

/// Rates are per so many persons.
pub(super) const PER: f64 = 100_000.0;

/// Both levels, in the order in which limits are written.
pub(super) const LEVELS: [Confidence; 2] = [Confidence::P95, Confidence::P998];

/// What became of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// Everything could be computed.
    Estimated,
    /// Too few events for a directly standardised rate; the ratio stands.
    FewEvents,
    /// A stratum of the standard without persons here; the ratio stands.
    NoExposure,
    /// A cell or a row is missing.
    NoData,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Estimated => "estimated",
            Self::FewEvents => "few_events",
            Self::NoExposure => "no_population",
            Self::NoData => "no_data",
        }
    }
}

/// A value with limits at both levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limited {
    pub(super) value: f64,
    /// 95 %, then 99.8 %.
    pub(super) limits: [(f64, f64); 2],
}

/// A directly standardised rate per [`PER`], with two kinds of limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Direct {
    pub(super) dobson: Limited,
    pub(super) fay_feuer: [(f64, f64); 2],
}

/// Observed over expected, with two kinds of limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ratio {
    pub(super) expected: f64,
    pub(super) exact: Limited,
    pub(super) byar: [(f64, f64); 2],
}

/// One area.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) events: Option<u64>,
    pub(super) population: Option<f64>,
    pub(super) crude: Option<Limited>,
    pub(super) direct: Option<Direct>,
    pub(super) ratio: Option<Ratio>,
    pub(super) status: Status,
    /// Why there is no number; empty where nothing is to be said.
    pub(super) reason: String,
}

/// All areas in the order of the file, and all of them together.
#[derive(Debug, Clone)]
pub(super) struct Analysis {
    pub(super) rows: Vec<Row>,
    pub(super) all: Row,
    /// Events per person of all areas, by stratum.
    pub(super) pooled: Vec<f64>,
}

/// Computes every area.
pub(super) fn rates(input: &Input, standard: &Weights, options: &Options) -> Analysis {
    let of = |stratum: usize| {
        let cells = input.cells.iter().filter_map(|cells| cells[stratum]?.known());
        cells.fold((0, 0.0), |(events, persons), own| (events + own.0, persons + own.1))
    };
    let together: Vec<(u64, f64)> = (0..input.strata.len()).map(of).collect();
    let rate =
        |&(events, persons): &(u64, f64)| if persons > 0.0 { real(events) / persons } else { 0.0 };
    let pooled: Vec<f64> = together.iter().map(rate).collect();
    let names = |at: usize| input.strata[at].name();
    let row = |cells: &Vec<Option<super::input::Cell>>| {
        let known: Vec<Option<(u64, f64)>> =
            cells.iter().map(|cell| cell.and_then(|cell| cell.known())).collect();
        if let Some(at) = known.iter().position(Option::is_none) {
            let what =
                if cells[at].is_some() { "a number is missing in" } else { "there is no row for" };
            return Row {
                events: None,
                population: None,
                crude: None,
                direct: None,
                ratio: None,
                status: Status::NoData,
                reason: format!("{what} {}", names(at)),
            };
        }
        let known: Vec<(u64, f64)> = known.into_iter().flatten().collect();
        area(&known, &standard.persons, &pooled, options, &names)
    };
    let rows = input.cells.iter().map(row).collect();
    let all = area(&together, &standard.persons, &pooled, options, &names);
    Analysis { rows, all, pooled }
}

fn area(
    cells: &[(u64, f64)],
    standard: &[f64],
    pooled: &[f64],
    options: &Options,
    name: &dyn Fn(usize) -> String,
) -> Row {
    let counts = options.limits;
    let events: u64 = cells.iter().map(|cell| cell.0).sum();
    let population: f64 = cells.iter().map(|cell| cell.1).sum();
    let crude = (population > 0.0).then(|| {
        let scaled =
            |(lower, upper): (f64, f64)| (lower / population * PER, upper / population * PER);
        let limits = LEVELS.map(|level| scaled(counts.of(events, level)));
        Limited { value: real(events) / population * PER, limits }
    });
    let (direct, status, reason) = match direct(cells, standard, counts) {
        Ok(found) => (Some(found), Status::Estimated, String::new()),
        Err(Undefined::TooFewEvents(n)) => (
            None,
            Status::FewEvents,
            format!("{n} events: a standardised rate needs at least {FEW}"),
        ),
        Err(Undefined::NoExposure(at)) => {
            (None, Status::NoExposure, format!("nobody lives here in {}", name(at)))
        }
        Err(Undefined::NoStandard) => {
            (None, Status::NoExposure, "the standard holds nobody".to_owned())
        }
    };
    let exposure: Vec<f64> = cells.iter().map(|cell| cell.1).collect();
    let ratio = indirect::expected(&exposure, pooled).and_then(|expected| {
        let of = |limits, level| indirect::ratio(events, expected, limits, level);
        let exact = [of(CountLimits::Exact, LEVELS[0])?, of(CountLimits::Exact, LEVELS[1])?];
        let byar = [of(CountLimits::Byar, LEVELS[0])?, of(CountLimits::Byar, LEVELS[1])?];
        Some(Ratio {
            expected,
            exact: Limited {
                value: exact[0].value,
                limits: exact.map(|found| (found.lower, found.upper)),
            },
            byar: byar.map(|found| (found.lower, found.upper)),
        })
    });
    Row { events: Some(events), population: Some(population), crude, direct, ratio, status, reason }
}

fn direct(
    cells: &[(u64, f64)],
    standard: &[f64],
    counts: CountLimits,
) -> Result<Direct, Undefined> {
    let strata: Vec<direct::Stratum> = cells
        .iter()
        .zip(standard)
        .map(|(&(events, exposure), &standard)| direct::Stratum { events, exposure, standard })
        .collect();
    let at = |interval, level| {
        let found = direct::standardise(&strata, interval, level)?.rate;
        Ok((found.value * PER, (found.lower * PER, found.upper * PER)))
    };
    let dobson = direct::Interval::Dobson(counts);
    let (value, inner) = at(dobson, LEVELS[0])?;
    let (_, outer) = at(dobson, LEVELS[1])?;
    let fay_feuer = direct::Interval::FayFeuer;
    Ok(Direct {
        dobson: Limited { value, limits: [inner, outer] },
        fay_feuer: [at(fay_feuer, LEVELS[0])?.1, at(fay_feuer, LEVELS[1])?.1],
    })
}
