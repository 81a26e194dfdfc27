//! Concentration of recorded events over the regions of a level, beside what chance makes of as many events that fall in
//! proportion to person-years.

use rayon::prelude::*;

use super::{Setting, surface::covered, trends::is_counted};
use crate::{
    model::{
        Cell, Cluster, Concentrated, Concentration, ConcentrationIndex, Counts, MeasurePanel,
        Proportional, SliceKey,
    },
    statistics::{
        concentration::{diffusion, gini, herfindahl, proportional, theil, top_share},
        numerics::{
            float::{real, size},
            pvalue::Alternative,
            random::Key,
        },
    },
};

/// Drawn maps: limits and p are read one by one and need no correction for many, so that these are enough.
const N_DRAWS: u64 = 199;

/// What one concentration is of.
struct Spread<'p> {
    panel: &'p MeasurePanel<Cell<Counts>>,
    cells: &'p [Cell<Counts>],
    ideology: usize,
    period: usize,
    level: usize,
    /// Whether what chance would make of it is told.
    is_compared: bool,
}

/// Concentrations of every measure that counts offences or events: each tested level, period and ideology.
pub fn concentrations(
    counts: &[MeasurePanel<Cell<Counts>>],
    setting: &Setting<'_>,
) -> Vec<Concentration> {
    let mut spreads = Vec::new();
    for panel in counts.iter().filter(|panel| counts_events(panel, setting)) {
        for key in panel.panel.keys().filter(|key| key.breakdown == 0) {
            let Some(cells) = panel.panel.slice(SliceKey::ideology(key.ideology)) else { continue };
            let longest = longest(panel, setting);
            for period in 0..setting.calendar.n_periods() {
                spreads.extend(setting.test_levels.iter().map(|&level| Spread {
                    panel,
                    cells,
                    ideology: key.ideology,
                    period,
                    level,
                    is_compared: Some(period) == longest,
                }));
            }
        }
    }
    spreads.into_par_iter().map(|spread| spread.concentration(setting)).collect()
}

/// The longest period that is whole for the country, the last of these: a single year of small regions is noise, and what
/// chance makes of a spread is told once.
fn longest(panel: &MeasurePanel<Cell<Counts>>, setting: &Setting<'_>) -> Option<usize> {
    let calendar = setting.calendar;
    (0..calendar.n_periods())
        .filter_map(|at| Some((at, panel.panel.get(SliceKey::TOTAL, 0, at)?.value()?)))
        .max_by_key(|(at, counts)| {
            (counts.coverage >= 1.0, calendar.parts(*at).count(), calendar.period(*at).end)
        })
        .map(|(at, _)| at)
}

fn counts_events(panel: &MeasurePanel<Cell<Counts>>, setting: &Setting<'_>) -> bool {
    let cluster = setting.indicators[panel.key.indicator].cluster;
    is_counted(panel, setting) && matches!(cluster, Cluster::Crime | Cluster::Events)
}

impl Spread<'_> {
    fn concentration(&self, setting: &Setting<'_>) -> Concentration {
        let n_periods = setting.calendar.n_periods();
        let (mut observed, mut exposure) = (Vec::new(), Vec::new());
        for region in setting.tree.level(self.level) {
            if let Some(counts) = covered(&self.cells[region * n_periods + self.period]) {
                observed.push(counts.numerator);
                exposure.push(counts.exposure.unwrap_or(0.0));
            }
        }
        let total: u64 = observed.iter().sum();
        let mut found = Concentration {
            measure: self.panel.key,
            ideology: self.ideology,
            period: self.period,
            level: self.level,
            n_regions: Some(observed.len()),
            total: Some(total),
            indices: Vec::new(),
            reason: None,
        };
        let recorded: Vec<f64> = observed.iter().map(|&count| real(count)).collect();
        let Some(values) = indices(&recorded) else {
            found.total = (!observed.is_empty()).then_some(total);
            found.reason = Some(no_index(observed.len()).to_owned());
            return found;
        };
        let compared = self
            .is_compared
            .then(|| {
                let key = Key::named(setting.seed, &self.name(setting));
                let two_sided = Alternative::TwoSided;
                proportional::compare(&observed, &exposure, indices, two_sided, N_DRAWS, key)
            })
            .flatten();
        if compared.is_none() {
            found.reason = Some(if self.is_compared {
                no_comparison(&exposure).to_owned()
            } else {
                "told for the longest whole period".to_owned()
            });
        }
        let one = |(at, index): (usize, ConcentrationIndex)| Concentrated {
            index,
            recorded: values[at],
            proportional: compared.map(|compared| Proportional {
                expected: compared[at].expected,
                limits: (compared[at].lower, compared[at].upper),
                p: compared[at].p,
            }),
        };
        found.indices = ConcentrationIndex::ALL.into_iter().enumerate().map(one).collect();
        found
    }

    fn name(&self, setting: &Setting<'_>) -> String {
        let indicator = &setting.indicators[self.panel.key.indicator];
        format!(
            "concentration/{}/{}/{}/{}/{}",
            indicator.id,
            indicator.measures[self.panel.key.measure].id,
            self.ideology,
            setting.calendar.period(self.period).label,
            setting.tree.levels[self.level],
        )
    }
}

/// Every index of a map of counts, in the order of [`ConcentrationIndex::ALL`]; `None` without events or with a single region.
fn indices(counts: &[f64]) -> Option<[f64; ConcentrationIndex::N]> {
    if counts.len() < 2 {
        return None;
    }
    // No index asks which region is which, and sorting what is sorted costs next to nothing.
    let mut counts = counts.to_vec();
    counts.sort_unstable_by(|a, b| b.total_cmp(a));
    let held = top_share::curve(&counts)?;
    let tenth = counts.len().div_ceil(10);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole counts")]
    let whole: Vec<u64> = counts.iter().map(|&count| count as u64).collect();
    let reached = |k: u64| diffusion::reached(&whole, k).map(|found| size(found.n_reached));
    Some([
        reached(1)?,
        reached(ConcentrationIndex::SEVERAL)?,
        size(top_share::holders(&counts, 0.5)?),
        held[ConcentrationIndex::FEW.min(counts.len()) - 1],
        held[tenth - 1],
        gini::plain(&counts)?,
        herfindahl::index(&counts)?.index,
        theil::indices(&counts)?.t,
    ])
}

/// Why there is no index.
fn no_index(n_regions: usize) -> &'static str {
    match n_regions {
        0 => "not covered",
        1 => "only one area is covered",
        _ => "nothing recorded",
    }
}

/// Why chance was not asked.
fn no_comparison(exposure: &[f64]) -> &'static str {
    if exposure.iter().all(|&own| own <= 0.0) {
        "no population to compare with"
    } else {
        "events in areas without population"
    }
}

#[test]
fn the_indices_of_ten_events_in_five_regions_are_those_made_by_hand() {
    let found = indices(&[1.0, 6.0, 0.0, 3.0, 0.0]).unwrap();
    // Three regions reached, none with ten; the largest alone holds half; four hold all; the tenth of five is one.
    assert_eq!(found[..5], [3.0, 0.0, 1.0, 1.0, 0.6]);
    // The pairs of 0, 0, 1, 3, 6 differ by 0, 1, 3, 6, 1, 3, 6, 2, 5 and 3, together 30; Gini is that over n·Σx.
    assert!((found[5] - 30.0 / 50.0).abs() < 1e-15);
    assert!((found[6] - 0.46).abs() < 1e-15);
    let theil: f64 = [0.6_f64, 0.3, 0.1]
        .map(|share| share * crate::statistics::numerics::float::ln(5.0 * share))
        .iter()
        .sum();
    assert!((found[7] - theil).abs() < 1e-15);
    assert_eq!(indices(&[0.0, 0.0]), None);
    assert_eq!(indices(&[4.0]), None);
}
