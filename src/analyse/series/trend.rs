//! Trends of one series: a yearly change with its interval, two answers that assume no law, and suspected breaks.
//!
//! Only the stretch after the last declared break is looked at. Of periods shorter than a year the latest whole years are
//! taken, so that a season at one end is no trend.

use super::{
    Break, Method, Options,
    build::{Input, Series},
    periods::{Every, Periods},
};
use crate::statistics::{
    interval::Confidence,
    numerics::{float::real, random::Key},
    surveillance::breaks::{FEWEST, Verdict, assess},
    trend::{
        FEWEST_POINTS, breaks,
        log_linear::{self, Fit, YearlyChange},
        mann_kendall, negative_binomial, poisson, seasonal_mann_kendall, theil_sen,
    },
};

/// Rates are per so many persons and year.
pub(super) const PER: f64 = 100_000.0;

/// Why a family has no answer that was not asked for.
pub(super) const LEFT_OUT: &str = "left out by `--methods`";

/// Why a series whose level changes has no trend.
const SUSPECTED: &str = "the level changes as no trend does: check recording";

/// An answer, or why there is none.
pub(super) type Answer<T> = Result<T, String>;

/// One point of a stretch: period, count, years or person-years.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: usize,
    count: u64,
    exposure: f64,
}

/// A yearly change with its p.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) percent: f64,
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) p: f64,
}

/// The log-linear trend.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogLinear {
    /// First and last period.
    pub(super) span: (usize, usize),
    pub(super) n: usize,
    /// Negative binomial, with the limits to print.
    pub(super) quoted: Change,
    /// As if counts scattered as chance makes them.
    pub(super) poisson: Change,
    /// Pearson's χ² over its degrees of freedom around the Poisson trend.
    pub(super) dispersion: f64,
    /// Size of the negative binomial; `None` where counts scatter no more than chance makes them.
    pub(super) theta: Option<f64>,
    /// The quoted p, corrected for the number of series.
    pub(super) q: f64,
}

/// Rise or fall by ranks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranks {
    pub(super) span: (usize, usize),
    pub(super) n: usize,
    /// Whether each season was compared with itself.
    pub(super) seasonal: bool,
    pub(super) s: i64,
    pub(super) z: f64,
    pub(super) p: f64,
    pub(super) tau: Option<f64>,
    /// Slope a year with its limits; `None` where it overflows.
    pub(super) slope: Option<(f64, f64, f64)>,
}

/// A change of level that no trend explains.
#[derive(Debug, Clone)]
pub(super) struct Jump {
    /// Year before and year after, in words.
    pub(super) between: (String, String),
    /// First period at the new level.
    pub(super) at: usize,
    /// Means a year.
    pub(super) levels: (f64, f64),
}

/// How a series seems to have been recorded.
#[derive(Debug, Clone)]
pub(super) struct Recording {
    pub(super) n_years: usize,
    pub(super) jumps: Vec<Jump>,
    /// Single years far from their surroundings.
    pub(super) set_aside: Vec<String>,
}

/// What was found of one series.
#[derive(Debug, Clone)]
pub(super) struct Trends {
    pub(super) log_linear: Answer<LogLinear>,
    pub(super) ranks: Answer<Ranks>,
    pub(super) recording: Answer<Recording>,
}

/// Looks at one series.
pub(super) fn trends(input: &Input, series: &Series, options: &Options) -> Trends {
    let periods = &input.periods;
    let points = points(input, series);
    let asks =
        |method: Method| if options.asks_for(method) { Ok(()) } else { Err(LEFT_OUT.to_owned()) };
    // Suspected breaks need no population, and fewer points than a trend where periods are short.
    let recording = asks(Method::Breaks).and_then(|()| {
        recording(
            periods,
            series,
            &options.breaks,
            Key::named(options.seed, &format!("breaks/{}", series.name)),
        )
    });
    let jumps = recording.as_ref().is_ok_and(|found| !found.jumps.is_empty());
    let stretch = breaks::latest(points.len(), &declared(periods, &points, &options.breaks))
        .map(|range| whole_years(periods, &points[range]))
        .map_err(|why| why.to_string())
        .and_then(|stretch| if jumps { Err(SUSPECTED.to_owned()) } else { Ok(stretch) });
    let stretch = stretch.as_deref().map_err(Clone::clone);
    Trends {
        log_linear: asks(Method::Trend)
            .and_then(|()| stretch.clone())
            .and_then(|stretch| log_linear(periods, stretch)),
        ranks: asks(Method::Ranks).and(stretch).and_then(|stretch| ranks(input, stretch)),
        recording,
    }
}

/// Periods covered as a whole, with a population where there is a column of it.
fn points(input: &Input, series: &Series) -> Vec<Point> {
    let cells = series.cells.iter().enumerate();
    cells
        .filter_map(|(at, cell)| {
            let years = input.periods.every.share_of_year(input.periods.starts[at]);
            let exposure = if input.has_population { cell.population? * years } else { years };
            let count = cell.count().filter(|_| exposure > 0.0)?;
            Some(Point { at, count, exposure })
        })
        .collect()
}

/// Declared breaks by position in the points.
fn declared(periods: &Periods, points: &[Point], breaks: &[Break]) -> Vec<breaks::Break> {
    breaks
        .iter()
        .filter_map(|broken| {
            let place = points.iter().position(|point| broken.at <= periods.end(point.at))?;
            let starts = periods.starts[points[place].at];
            Some(if broken.at <= starts {
                breaks::Break::Before(place)
            } else {
                breaks::Break::Inside(place)
            })
        })
        .collect()
}

/// The latest whole years of a stretch; all of it where they are too few for a trend.
fn whole_years(periods: &Periods, stretch: &[Point]) -> Vec<Point> {
    let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { return Vec::new() };
    let years = periods.whole_years(first.at, last.at);
    let from = years.last().map_or(first.at, |year| year.start);
    let kept: Vec<Point> = stretch.iter().copied().filter(|point| point.at >= from).collect();
    if kept.len() < FEWEST_POINTS { stretch.to_vec() } else { kept }
}

/// The first declared period after the last break that ends by a period; `Err` when a break lies inside that period.
pub(super) fn alike_from(periods: &Periods, at: usize, breaks: &[Break]) -> Result<usize, usize> {
    let latest = breaks.iter().map(|broken| broken.at).filter(|day| *day <= periods.end(at)).max();
    let from = latest.map_or(0, |day| periods.starts.partition_point(|start| *start < day));
    if from > at { Err(from) } else { Ok(from) }
}

/// Suspected breaks in sums over whole years: a season looks like steps.
fn recording(periods: &Periods, series: &Series, breaks: &[Break], key: Key) -> Answer<Recording> {
    let counts: Vec<Option<u64>> = series.cells.iter().map(super::build::Cell::count).collect();
    let known = || counts.iter().enumerate().filter(|(_, count)| count.is_some());
    let last = known().next_back().ok_or("no period is covered as a whole")?.0;
    let from = alike_from(periods, last, breaks).unwrap_or(last + 1);
    let since = if from > 0 { " since recording changed" } else { "" };
    let first = known().map(|(at, _)| at).find(|at| *at >= from);
    let mut years = first.map_or_else(Vec::new, |first| periods.whole_years(first, last));
    years.reverse();
    let yearly: Vec<Option<u64>> =
        years.iter().map(|year| counts[year.clone()].iter().copied().sum()).collect();
    let n_years = yearly.iter().flatten().count();
    let found = assess(&yearly, &[], key);
    if found.verdict == Verdict::TooShort {
        return Err(format!("whole years{since}: {n_years}; suspected breaks need {FEWEST}"));
    }
    let label = |year: usize| {
        let year = &years[year];
        if periods.every == Every::Year {
            periods.label(year.start)
        } else {
            format!("the year to {}", periods.label(year.end - 1))
        }
    };
    let jumps = found.undeclared.iter().map(|jump| {
        let before = yearly[..jump.at].iter().rposition(Option::is_some).unwrap_or(0);
        Jump {
            between: (label(before), label(jump.at)),
            at: years[jump.at].start,
            levels: (jump.before, jump.after),
        }
    });
    let set_aside = found.set_aside.iter().map(|&year| label(year)).collect();
    Ok(Recording { n_years, jumps: jumps.collect(), set_aside })
}

/// Middles of periods in years.
fn times(periods: &Periods, stretch: &[Point]) -> Vec<f64> {
    stretch.iter().map(|point| periods.middle(point.at)).collect()
}

fn log_linear(periods: &Periods, stretch: &[Point]) -> Answer<LogLinear> {
    let counts: Vec<u64> = stretch.iter().map(|point| point.count).collect();
    let exposure: Vec<f64> = stretch.iter().map(|point| point.exposure).collect();
    let fitted = |times: &[f64]| {
        let series = log_linear::Series::new(times, &counts, &exposure)?;
        let bad = crate::statistics::trend::NoTrend::BadSeries;
        let quoted = negative_binomial::fit(&series).ok_or(bad)?;
        let poisson = poisson::fit(&series).ok_or(bad)?;
        let change = |fit: &Fit| {
            let YearlyChange { percent, lower, upper } = series.change(fit, Confidence::P95)?;
            Ok(Change { percent, lower, upper, p: fit.p() })
        };
        Ok(LogLinear {
            span: (stretch[0].at, stretch[stretch.len() - 1].at),
            n: stretch.len(),
            quoted: change(&quoted.quoted)?,
            poisson: change(&poisson.poisson)?,
            dispersion: poisson.dispersion,
            theta: quoted.theta,
            q: quoted.quoted.p(),
        })
    };
    fitted(&times(periods, stretch))
        .map_err(|why: crate::statistics::trend::NoTrend| why.to_string())
}

fn ranks(input: &Input, stretch: &[Point]) -> Answer<Ranks> {
    let periods = &input.periods;
    if periods.every == Every::Day {
        return Err(
            "days follow each other too closely to be ranked: give weeks or longer, `--every`"
                .to_owned(),
        );
    }
    let values: Vec<f64> = stretch
        .iter()
        .map(|point| {
            let per = if input.has_population { PER } else { 1.0 };
            real(point.count) / point.exposure * per
        })
        .collect();
    let seasonal = matches!(periods.every, Every::Month | Every::Quarter);
    let ranked: Vec<f64> = stretch
        .iter()
        .zip(&values)
        .map(|(point, &value)| if input.has_population { value } else { real(point.count) })
        .collect();
    let nothing = "the values cannot be ranked".to_owned();
    let (first, last) = (stretch[0].at, stretch[stretch.len() - 1].at);
    let (s, z, p, tau) = if seasonal {
        let mut by_season = vec![None; last + 1 - first];
        for (point, &value) in stretch.iter().zip(&ranked) {
            by_season[point.at - first] = Some(value);
        }
        let found = seasonal_mann_kendall::test(&by_season, periods.every.per_year() as usize)
            .ok_or_else(|| nothing.clone())?;
        (found.s, found.z, found.p, None)
    } else {
        let found = mann_kendall::test(&ranked).ok_or_else(|| nothing.clone())?;
        (found.s, found.z, found.p, found.tau_b)
    };
    let slope = theil_sen::slope(&times(periods, stretch), &values, Confidence::P95)
        .map(|found| (found.slope, found.lower, found.upper));
    Ok(Ranks { span: (first, last), n: stretch.len(), seasonal, s, z, p, tau, slope })
}
