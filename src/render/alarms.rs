//! Alarms in words: which series hold more in their last period than their past explains, how many false alarms are to be
//! expected, and which series could not be watched.

use minijinja::{Value, context};

use super::{
    page::{Cell, Table},
    view::{Measured, View},
    words,
};
use crate::{
    model::{AlarmMethod, Every, MeasureKind, Watch},
    statistics::{
        numerics::float::size,
        surveillance::{
            farrington::{FALSE_ALARMS_OF_MONTHS, FALSE_ALARMS_OF_QUARTERS, Settings},
            xmr_chart,
        },
    },
};

/// Alarms listed on a page.
const ROWS: usize = 15;
/// Areas named in a sentence.
const NAMED: usize = 3;

/// The series of one measure.
struct Series<'v> {
    /// Alarms, the farthest above their limit first.
    alarms: Vec<&'v Watch>,
    /// Watched by season and trend, and by chart.
    n_watched: [usize; 2],
    /// Why others have no answer, and how many, most first.
    unanswered: Vec<(&'v str, usize)>,
}

impl<'v> Series<'v> {
    /// `None` when the measure has no series.
    fn of(view: &'v View<'_>, measured: &Measured<'_>) -> Option<Self> {
        let mut found = Self { alarms: Vec::new(), n_watched: [0; 2], unanswered: Vec::new() };
        let own = view.released.watches().iter();
        for watch in own.filter(|watch| watch.measure == measured.panel.key) {
            match (watch.watched, watch.reason.as_deref()) {
                (Some(watched), _) => {
                    found.n_watched[usize::from(watched.method == AlarmMethod::Xmr)] += 1;
                    found.alarms.extend(watched.alarm.then_some(watch));
                }
                (None, Some(reason)) => {
                    match found.unanswered.iter_mut().find(|(known, _)| *known == reason) {
                        Some((_, n)) => *n += 1,
                        None => found.unanswered.push((reason, 1)),
                    }
                }
                (None, None) => {}
            }
        }
        let far = |watch: &Watch| watch.watched.and_then(|found| found.exceedance).unwrap_or(0.0);
        found.alarms.sort_by(|a, b| far(b).total_cmp(&far(a)));
        found.unanswered.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        (found.n_all() > 0).then_some(found)
    }

    fn n_watched(&self) -> usize {
        self.n_watched.iter().sum()
    }

    fn n_unanswered(&self) -> usize {
        self.unanswered.iter().map(|(_, n)| n).sum()
    }

    fn n_all(&self) -> usize {
        self.n_watched() + self.n_unanswered()
    }

    /// How many alarms there are among how many series.
    fn counted(&self, period: &str) -> String {
        let watched = words::plural(self.n_watched(), "watched series", "watched series");
        match self.alarms.len() {
            0 => format!("{period}: none of {watched} holds more than its past explains"),
            1 => format!("{period}: 1 of {watched} holds more than its past explains"),
            n => format!(
                "{period}: {} of {watched} hold more than their past explains",
                words::number_of(n)
            ),
        }
    }

    /// How many alarms chance alone makes, by design and as measured.
    fn false_alarms(&self, every: Every) -> String {
        let [by_season, by_chart] = self.n_watched;
        if by_season == 0 {
            return format!(
                "A chart has no level: of steady series one in twelve gives some signal within {} years.",
                xmr_chart::FEWEST
            );
        }
        debug_assert_eq!(by_chart, 0, "the calendar decides how all series are watched");
        let alpha = Settings::noufaily(12).alpha;
        let measured = match every {
            Every::Month => FALSE_ALARMS_OF_MONTHS,
            _ => FALSE_ALARMS_OF_QUARTERS,
        };
        format!(
            "Chance alone should make about {} false alarms among so many ({alpha} for each series); on made-up series it made up to {}.",
            words::figure(alpha * size(by_season)),
            words::figure(measured * size(by_season)),
        )
    }

    fn without_answer(&self) -> Option<String> {
        let series = words::plural(self.n_unanswered(), "series has", "series have");
        match &self.unanswered[..] {
            [] => None,
            [(reason, _)] => Some(format!("{series} no answer: {reason}.")),
            several => {
                let each: Vec<String> = several
                    .iter()
                    .map(|(reason, n)| format!("{reason} ({})", words::number_of(*n)))
                    .collect();
                Some(format!("{series} no answer: {}.", each.join("; ")))
            }
        }
    }
}

/// The measures of an indicator that count something.
fn counted<'r>(view: &View<'r>, indicator: usize) -> impl Iterator<Item = Measured<'r>> {
    let fed = view.fed(indicator).into_iter();
    fed.filter(|measured| measured.measure.kind == MeasureKind::Count)
}

/// What an indicator's page says of each of its counts.
pub(super) fn sections(view: &View<'_>, indicator: usize, front: &str) -> Vec<Value> {
    let section = |measured: Measured<'_>| {
        let series = Series::of(view, &measured)?;
        let mut sentences = Vec::new();
        if series.n_watched() > 0 {
            sentences.push(format!(
                "{} (the country, and each area of every level).",
                series.counted(&last_period(view, &measured))
            ));
            sentences.push(series.false_alarms(view.frame.calendar.every));
        }
        sentences.extend(series.without_answer());
        Some(context! { sentences, table => table(view, &series, front) })
    };
    counted(view, indicator).filter_map(section).collect()
}

/// What the country's page says, where something was watched.
pub(super) fn national(view: &View<'_>) -> Vec<String> {
    let indicators = 0..view.frame.indicators.len();
    let counted = indicators.flat_map(|indicator| counted(view, indicator));
    counted
        .filter_map(|measured| {
            let series = Series::of(view, &measured).filter(|series| series.n_watched() > 0)?;
            let title = measured.indicator.title_en();
            let names: Vec<String> = series
                .alarms
                .iter()
                .take(NAMED)
                .map(|watch| view.frame.tree.get(watch.region).name.clone())
                .collect();
            let more = match series.alarms.len().saturating_sub(NAMED) {
                0 => String::new(),
                n => format!(", and {} more", words::number_of(n)),
            };
            let areas = match names.len() {
                0 => String::new(),
                _ => format!(": {}{more}", names.join(", ")),
            };
            let said = series.counted(&last_period(view, &measured));
            let by_chance = series.false_alarms(view.frame.calendar.every);
            Some(format!("{title}, {said}{areas}. {by_chance}"))
        })
        .collect()
}

/// The period asked about.
fn last_period(view: &View<'_>, measured: &Measured<'_>) -> String {
    let mut own = view.released.watches().iter();
    let watch = own.find(|watch| watch.measure == measured.panel.key);
    watch.and_then(|watch| watch.period).map_or_else(String::new, |at| view.period(at).to_owned())
}

fn table(view: &View<'_>, series: &Series<'_>, front: &str) -> Option<Table> {
    let more = match series.alarms.len().saturating_sub(ROWS) {
        0 => String::new(),
        n_more => format!(" (the first {ROWS}; {n_more} more are in tables/alarms.csv)"),
    };
    let caption = format!("Alarms: counts above the limit that their past sets{more}");
    let head = ["Area", "Recorded", "Expected", "Limit", "p"];
    let mut table = Table::new(&caption, &head);
    for watch in series.alarms.iter().take(ROWS) {
        let Some(found) = watch.watched else { continue };
        let region = view.frame.tree.get(watch.region);
        table.push(vec![
            Cell::link(&region.name, &format!("{front}{}", view.region_path(watch.region))),
            Cell::number(Some(words::count(found.observed))),
            Cell::number(Some(words::figure(found.expected))),
            Cell::number(Some(words::with_decimals(found.upper, 0))),
            Cell::number(found.p.map(words::p_value)),
        ]);
    }
    (!table.is_empty()).then_some(table)
}

#[test]
fn series_without_an_answer_are_counted_by_reason() {
    let mut series =
        Series { alarms: Vec::new(), n_watched: [40, 0], unanswered: vec![("rare", 3)] };
    assert_eq!(series.without_answer().unwrap(), "3 series have no answer: rare.");
    series.unanswered.push(("not covered", 1));
    assert_eq!(
        series.without_answer().unwrap(),
        "4 series have no answer: rare (3); not covered (1)."
    );
    assert_eq!(
        series.counted("2020-12"),
        "2020-12: none of 40 watched series holds more than its past explains"
    );
    let said = [Every::Month, Every::Quarter].map(|every| series.false_alarms(every));
    assert!(said[0].contains("about 0.20 ") && said[0].contains("up to 0.72."), "{said:?}");
    assert!(said[1].contains("about 0.20 ") && said[1].contains("up to 2.48."), "{said:?}");
    series.unanswered.clear();
    assert_eq!(series.without_answer(), None);
}
