//! Longer sentences: what was found for the country or a region, each with its uncertainty, and what cannot be seen.

use super::{
    alarms,
    maps::{blind_spots, hotbeds},
    view::{Measured, View},
    words,
};
use crate::model::{
    Change, Estimate, Evidence, MeasureKind, RegionFinding, Status, SurfaceFindings, TestStatus,
};

/// What the national page says first.
pub(super) fn national(view: &View<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for found in view.headline_surfaces() {
        if view.released.policy().labels(found.surface.level) {
            said.push(format!(
                "{} ({}, {}).",
                hotbeds::headline(view, found, 0),
                view.released.measure(found.surface.measure).0.title_en().to_lowercase(),
                view.period(found.surface.period)
            ));
        }
    }
    said.extend(changes(view, 0).into_iter().take(3));
    said.extend(alarms::national(view));
    for indicator in 0..view.frame.indicators.len() {
        if said.len() >= 5 || !view.frame.indicators[indicator].core {
            break;
        }
        if let Some(measured) = view.counted(indicator)
            && let Some(period) = view.latest(&measured)
            && let Some(cell) = measured.cell(0, period)
            && matches!(measured.measure.kind, MeasureKind::Count | MeasureKind::CompleteShare)
        {
            said.push(recorded(view, &measured, 0, period, cell));
        }
    }
    said
}

/// Counts, the global answer and the scatter of a surface.
pub(super) fn surface(view: &View<'_>, found: &SurfaceFindings) -> Vec<String> {
    let test = &found.test;
    let level = &view.frame.tree.levels[found.surface.level];
    let mut said = vec![format!(
        "{} {} recorded in {}, in {} ({level} level), of which {} could be tested.",
        words::count(test.total),
        hotbeds::noun(view, found),
        view.period(found.surface.period),
        words::plural(test.n_regions, "area", "areas"),
        words::number_of(test.n_tested),
    )];
    if let Some(p) = test.p {
        said.push(if test.selected {
            format!("The map as a whole is more uneven than chance alone would make it ({}).", words::p_value(p))
        } else {
            format!("The map as a whole could be chance alone ({}); single areas are not singled out by their surroundings.", words::p_value(p))
        });
    }
    if let Some(law) = test.dispersion.law {
        said.push(words::scatter(law).to_owned());
    }
    if !view.released.policy().labels(found.surface.level) {
        said.push(format!("Which areas stand out is not published at {level} level: a label harms people who live there."));
    }
    said
}

/// The three sentences of a region: what was recorded, how it compares, what cannot be seen.
pub(super) fn region(view: &View<'_>, region: usize) -> Vec<(&'static str, String)> {
    vec![
        ("What was recorded", what_was_recorded(view, region)),
        ("How it compares", how_it_compares(view, region)),
        ("What we cannot see", unseen(view, region).join(" ")),
    ]
}

fn what_was_recorded(view: &View<'_>, region: usize) -> String {
    let headline = view.headline_surfaces().first().map(|found| found.surface.measure.indicator);
    let indicators = headline.into_iter().chain(0..view.frame.indicators.len());
    for indicator in indicators {
        let Some(measured) = view.counted(indicator) else { continue };
        let Some(period) = view.pooled(&measured) else { continue };
        if let Some(cell) = measured.cell(region, period) {
            return recorded(view, &measured, region, period, cell);
        }
    }
    "No source reports on this area.".to_owned()
}

/// One count in a sentence.
fn recorded(
    view: &View<'_>,
    measured: &Measured<'_>,
    region: usize,
    period: usize,
    cell: &Estimate,
) -> String {
    let name = &view.frame.tree.get(region).name;
    let period = view.period(period);
    let unit = measured.measure.unit_en();
    let title = measured.indicator.title_en().to_lowercase();
    let ideology = view.frame.ideology_title(measured.slice.ideology).to_lowercase();
    match (cell.status, cell.value) {
        (Status::ZeroRecorded, _) => format!(
            "{name}, {period}: {} ({title}, {ideology}).",
            words::zero_recorded(cell.interval95.map(|limits| limits.1), unit)
        ),
        (_, Some(value)) => {
            let interval = cell.interval95.map_or(String::new(), |limits| {
                format!("; as a draw of chance compatible with {}", words::limits(limits))
            });
            let value = match (measured.measure.kind, cell.numerator) {
                (MeasureKind::Count, Some(numerator)) => words::count(numerator),
                _ => words::figure(value),
            };
            format!("{name}, {period}: {value} {unit} ({title}, {ideology}{interval}).")
        }
        (Status::Suppressed, _) => format!(
            "{name}, {period}: the number is small and hidden to protect people; hidden is not zero ({title})."
        ),
        (status, _) => format!("{name}, {period}: {} ({title}).", words::status(status)),
    }
}

fn how_it_compares(view: &View<'_>, region: usize) -> String {
    let level = view.frame.tree.get(region).level;
    let found = view.headline_surfaces().into_iter().find(|found| found.surface.level == level);
    let Some((found, finding)) =
        found.and_then(|found| Some((found, finding(view, found, region)?)))
    else {
        return compared_by_value(view, region);
    };
    let period = view.period(found.surface.period);
    let title = view.released.measure(found.surface.measure).0.title_en().to_lowercase();
    if finding.status == TestStatus::Suppressed || finding.evidence == Evidence::Withheld {
        return "Whether this area differs from the rest of the country is not published for areas of its size; the \
                area around it is shown instead."
            .to_owned();
    }
    let mut said = match (finding.observed, finding.expected) {
        (Some(observed), Some(expected)) => format!(
            "{} recorded where {} would be expected at the rate of the rest of the country ({period}, {title}): {}",
            words::count(observed),
            words::figure(expected),
            words::evidence_meaning(finding.evidence)
        ),
        _ => words::capitalised(words::evidence_meaning(finding.evidence)),
    };
    if let Some(own) = finding.own {
        said.push_str(". Allowing for chance, the rate is ");
        said.push_str(&words::figure(own.relative_risk));
        said.push_str(" times the country’s (95 % interval ");
        said.push_str(&words::limits(own.relative_risk95));
        said.push(')');
    }
    said.push('.');
    if let (Evidence::CouldNotHaveBeenDistinguished, Some(detectable)) =
        (finding.evidence, finding.minimum_detectable_rr)
    {
        said.push_str(" The smallest excess that would show here is ");
        said.push_str(&words::figure(detectable));
        said.push_str(" times the expected.");
    }
    if let Some(p) = finding.p_zero.filter(|p| *p < 0.01) {
        said.push_str(" Nothing recorded is itself unlikely (");
        said.push_str(&words::p_value(p));
        said.push_str("): check whether recording works before reading it as safe.");
    }
    said
}

/// For levels that are not tested: the value against the country's, by interval.
fn compared_by_value(view: &View<'_>, region: usize) -> String {
    let headline = view.headline_surfaces().first().map(|found| found.surface.measure.indicator);
    let indicators = headline.into_iter().chain(0..view.frame.indicators.len());
    for indicator in indicators {
        let Some(measured) = view.main(indicator) else { continue };
        let Some(period) = view.pooled(&measured) else { continue };
        let (Some(own), Some(country)) = (measured.cell(region, period), measured.cell(0, period))
        else {
            continue;
        };
        if let (Some(value), Some(of_country)) = (own.value, country.value) {
            let unit = measured.measure.unit_en();
            let title = measured.indicator.title_en().to_lowercase();
            let verdict = match own.interval95 {
                Some((lower, _)) if lower > of_country => {
                    "above the country’s, beyond what chance alone explains for one area"
                }
                Some((_, upper)) if upper < of_country => {
                    "below the country’s, beyond what chance alone explains for one area"
                }
                Some(_) => "not distinguishable from the country’s",
                None => "shown without an interval",
            };
            let interval = own.interval95.map_or(String::new(), |limits| {
                format!(" (95 % interval {})", words::limits(limits))
            });
            return format!(
                "{} {unit}{interval} against {} for the country ({}, {title}): {verdict}. Areas of this level are not tested for hotbeds.",
                words::figure(value),
                words::figure(of_country),
                view.period(period),
            );
        }
    }
    "There is no figure here to compare with the country’s.".to_owned()
}

/// The finding of a region on a surface of its level.
pub(super) fn finding<'r>(
    view: &View<'_>,
    found: &'r SurfaceFindings,
    region: usize,
) -> Option<&'r RegionFinding> {
    let first = view.frame.tree.level(found.surface.level).start;
    found.regions.get(region.checked_sub(first)?).filter(|finding| finding.region == region)
}

/// What cannot be seen from here.
pub(super) fn unseen(view: &View<'_>, region: usize) -> Vec<String> {
    let (present, all) = blind_spots::score(view, region);
    let mut said = vec![format!(
        "{} of the {} core indicators {} no figure of {} own.",
        words::number_of(all - present),
        words::number_of(all),
        if all - present == 1 { "has" } else { "have" },
        if region == 0 { "the country’s" } else { "this area’s" },
    )];
    let covered: Vec<String> = (1..=view.frame.ideologies.len())
        .filter(|&slot| {
            view.released.estimates().iter().any(|measured| {
                measured.panel.slice(crate::model::SliceKey::ideology(slot)).is_some()
            })
        })
        .map(|slot| view.frame.ideology_title(slot).to_lowercase())
        .collect();
    let blind: Vec<String> = (1..=view.frame.ideologies.len())
        .map(|slot| view.frame.ideology_title(slot).to_lowercase())
        .filter(|title| !covered.contains(title))
        .collect();
    if !blind.is_empty() {
        said.push(format!("No source covers {}.", words::list(&blind)));
    }
    said.push("Only what was recorded is counted: what nobody reported, or nobody looked for, is not here.".to_owned());
    said
}

/// How counts of a region changed, latest pair of each measure first.
pub(super) fn changes(view: &View<'_>, region: usize) -> Vec<String> {
    latest_changes(view, region).into_iter().filter_map(|change| changed(view, change)).collect()
}

/// The trend of each measure over all periods, all ideologies together; where there is none, only a warning is said.
pub(super) fn trends(view: &View<'_>, region: usize) -> Vec<String> {
    let own = view.released.trends().iter().filter(|trend| {
        trend.region == region && trend.ideology == 0 && view.measured(trend.measure).is_some()
    });
    own.filter_map(|trend| {
        let (indicator, _) = view.released.measure(trend.measure);
        let label = |period: usize| view.frame.calendar.period(period).label.as_str();
        let title = indicator.title_en();
        if let Some((from, to)) = trend.jump {
            let (from, to) = (label(from), label(to));
            return Some(format!("{title} changed its level between {from} and {to} as no trend does: check whether recording changed."));
        }
        let ((first, last), (percent, lower, upper)) = (trend.span?, trend.yearly_change?);
        let (first, last) = (label(first), label(last));
        let direction = match (lower > 0.0, upper < 0.0) {
            (true, _) => "rose",
            (_, true) => "fell",
            _ => "shows no clear trend",
        };
        let [percent, lower, upper] = [percent, lower, upper].map(|value| words::with_decimals(value, 1));
        Some(format!("{title} {direction} from {first} to {last}: {percent} % a year [{lower}, {upper}]."))
    })
    .collect()
}

/// The latest pair of periods of each measure, all ideologies together.
fn latest_changes<'r>(view: &View<'r>, region: usize) -> Vec<&'r Change> {
    let mut latest: Vec<&Change> = Vec::new();
    for change in view.released.changes() {
        if change.region != region
            || view
                .measured(change.measure)
                .is_none_or(|found| found.slice.ideology != change.ideology)
        {
            continue;
        }
        let end = |change: &Change| view.frame.calendar.period(change.later).end;
        match latest.iter_mut().find(|found| found.measure == change.measure) {
            Some(found) if end(change) > end(found) => *found = change,
            Some(_) => {}
            None => latest.push(change),
        }
    }
    latest
}

fn changed(view: &View<'_>, change: &Change) -> Option<String> {
    let (indicator, measure) = view.released.measure(change.measure);
    let (earlier, later) = change.counts?;
    let mut said = format!(
        "{} ({}) {} between {} and {}",
        indicator.title_en(),
        measure.unit_en(),
        words::change(earlier, later),
        view.period(change.earlier),
        view.period(change.later)
    );
    if let Some((ratio, lower, upper)) = change.ratio {
        let upper = upper.map_or_else(|| "any".to_owned(), words::figure);
        said.push_str("; rate ratio ");
        said.push_str(&words::figure(ratio));
        said.push_str(" (95 % interval ");
        said.push_str(&words::figure(lower));
        said.push_str(" to ");
        said.push_str(&upper);
        said.push(')');
        if lower <= 1.0 && change.ratio.and_then(|found| found.2).is_none_or(|upper| upper >= 1.0) {
            said.push_str(", which chance alone can explain");
        }
    }
    said.push('.');
    if let Some(reason) = &change.reason {
        said.push(' ');
        said.push_str(&words::capitalised(reason));
        said.push('.');
    }
    Some(said)
}
