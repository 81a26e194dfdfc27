//! Change between two disjoint periods of one length, compared as rates on their own person-years.

use crate::{
    model::{Cell, Change, Counts, MeasurePanel, SliceKey},
    statistics::interval::{
        Confidence, conditional_binomial, garwood,
        mover::{self, Limited},
    },
};

use super::{Setting, trends::is_counted};

/// Both counts must reach this before a percentage is printed.
const MIN_FOR_PERCENT: u64 = 50;

/// Changes of every counted measure, ideology and region: the latest fully covered period of each length against the latest
/// disjoint one of that length before it.
pub fn changes(counts: &[MeasurePanel<Cell<Counts>>], setting: &Setting<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for panel in counts.iter().filter(|panel| is_counted(panel, setting)) {
        for ideology in panel.panel.keys().filter(|key| key.breakdown == 0).map(|key| key.ideology)
        {
            let Some(cells) = panel.panel.slice(SliceKey::ideology(ideology)) else { continue };
            for (earlier, later) in pairs(cells, setting) {
                for region in 0..setting.tree.len() {
                    let between = Between { panel, ideology, region, earlier, later };
                    changes.push(between.compare(cells, setting));
                }
            }
        }
    }
    changes
}

/// Pairs of periods that can be compared: whole for the country, disjoint, of one length; the longest length first.
fn pairs(cells: &[Cell<Counts>], setting: &Setting<'_>) -> Vec<(usize, usize)> {
    let calendar = setting.calendar;
    let n_periods = calendar.n_periods();
    let length = |period: usize| calendar.parts(period).count();
    let is_whole = |period: usize| {
        (0..setting.tree.len()).any(|region| {
            cells[region * n_periods + period].value().is_some_and(|counts| counts.coverage >= 1.0)
        })
    };
    let whole: Vec<usize> = (0..n_periods).filter(|&period| is_whole(period)).collect();
    let mut lengths: Vec<usize> = whole.iter().map(|&period| length(period)).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    lengths.dedup();
    let mut pairs = Vec::new();
    for of_length in lengths {
        let latest = |before: Option<usize>| {
            whole.iter().rev().copied().find(|&period| {
                length(period) == of_length
                    && before.is_none_or(|later| {
                        calendar.period(period).end < calendar.period(later).start
                    })
            })
        };
        if let Some(later) = latest(None) {
            pairs.extend(latest(Some(later)).map(|earlier| (earlier, later)));
        }
    }
    pairs
}

struct Between<'p> {
    panel: &'p MeasurePanel<Cell<Counts>>,
    ideology: usize,
    region: usize,
    earlier: usize,
    later: usize,
}

impl Between<'_> {
    fn compare(&self, cells: &[Cell<Counts>], setting: &Setting<'_>) -> Change {
        let mut change = Change {
            measure: self.panel.key,
            region: self.region,
            ideology: self.ideology,
            earlier: self.earlier,
            later: self.later,
            counts: None,
            ratio: None,
            difference: None,
            p: None,
            percentage: false,
            reason: None,
        };
        if let Some(reason) = self.broken(setting) {
            change.reason = Some(reason);
            return change;
        }
        let n_periods = setting.calendar.n_periods();
        let at = |period: usize| cells[self.region * n_periods + period].value();
        let (Some(before), Some(after)) = (at(self.earlier), at(self.later)) else {
            change.reason = Some("not covered in both periods".to_owned());
            return change;
        };
        if before.coverage < 1.0 || after.coverage < 1.0 {
            change.reason = Some("one of the periods is covered only in part".to_owned());
            return change;
        }
        let (Some(person_years_before), Some(person_years_after)) =
            (before.exposure, after.exposure)
        else {
            change.reason = Some("no population".to_owned());
            return change;
        };
        let (x, y) = (before.numerator, after.numerator);
        change.counts = Some((x, y));
        change.percentage = x.min(y) >= MIN_FOR_PERCENT;
        let compared = conditional_binomial::compare(
            x,
            y,
            person_years_before,
            person_years_after,
            Confidence::P95,
        );
        if let Some(found) = compared {
            change.p = Some(found.p);
            change.ratio = found.ratio.map(|ratio| (ratio, found.lower, found.upper));
        } else {
            change.reason = Some("nothing recorded in either period".to_owned());
        }
        // The earlier count as it would be on the later period's person-years, so that the difference is one of rates.
        let scale = person_years_after / person_years_before;
        let limited = |count: u64, factor: f64| {
            let (lower, upper) = garwood::limits(count, Confidence::P95);
            #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
            let value = count as f64 * factor;
            Limited { value, lower: lower * factor, upper: upper * factor }
        };
        let difference = mover::difference_of(limited(x, scale), limited(y, 1.0));
        change.difference = Some((difference.value, difference.lower, difference.upper));
        change
    }

    /// Why the two periods may not be compared: a source recorded differently in between.
    fn broken(&self, setting: &Setting<'_>) -> Option<String> {
        let (from, to) =
            (setting.calendar.period(self.earlier).start, setting.calendar.period(self.later).end);
        setting
            .breaks
            .iter()
            .find(|broken| {
                self.panel.sources.contains(&broken.source) && from < broken.at && broken.at <= to
            })
            .map(|broken| format!("recording changed on {}: {}", broken.at, broken.reason))
    }
}
