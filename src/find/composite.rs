//! Composites that an assessment asks for: never without how much they hang on how they were made.
//!
//! Components are what was recorded in the longest pooled period. Chance in the counts is one of the things that vary: a
//! count is drawn again from what it makes likely (gamma, shape x + ½), a share from a beta distribution.

use super::Setting;
use crate::{
    model::{
        Cell, Composite, CompositePlace, CompositeRule, Counts, MeasureKey, MeasureKind,
        MeasurePanel, SliceKey,
    },
    statistics::{
        composite::{
            NoComposite,
            index::{Choices, Component, places},
            sensitivity::{FEWEST_RUNS, Plan, Sensitivity, Source, examine},
        },
        numerics::{
            float::real,
            random::{Key, Stream},
        },
    },
};

/// The composites asked for, in their order.
pub fn composites(
    counts: &[MeasurePanel<Cell<Counts>>],
    rules: &[CompositeRule],
    setting: &Setting<'_>,
) -> Vec<Composite> {
    rules.iter().map(|rule| composite(counts, rule, setting)).collect()
}

fn composite(
    counts: &[MeasurePanel<Cell<Counts>>],
    rule: &CompositeRule,
    setting: &Setting<'_>,
) -> Composite {
    let calendar = setting.calendar;
    let period = (0..calendar.n_periods())
        .max_by_key(|&at| (calendar.parts(at).count(), calendar.period(at).end))
        .unwrap_or(0);
    let recorded: Vec<Vec<Option<Recorded>>> = rule
        .components
        .iter()
        .map(|(key, _)| recorded(counts, *key, rule.level, period, setting))
        .collect();
    let mut composite = Composite {
        rule: rule.clone(),
        period,
        places: Vec::new(),
        average_shift: None,
        without: vec![None; rule.components.len()],
        shares: Vec::new(),
        reason: None,
    };
    if let Err(reason) = fill(&mut composite, &recorded, setting) {
        composite.reason = Some(words(reason).to_owned());
    }
    composite
}

fn fill(
    composite: &mut Composite,
    recorded: &[Vec<Option<Recorded>>],
    setting: &Setting<'_>,
) -> Result<(), NoComposite> {
    let rule = &composite.rule;
    let values: Vec<Vec<Option<f64>>> = recorded
        .iter()
        .map(|component| component.iter().map(|own| own.map(Recorded::value)).collect())
        .collect();
    let components: Vec<Component<'_>> = values
        .iter()
        .zip(&rule.components)
        .map(|(values, (_, weight))| Component { values, weight: *weight, reversed: false })
        .collect();
    let choices = Choices { normalisation: rule.normalisation, aggregation: rule.aggregation };
    let places = places(&components, choices)?;
    let draw = |component: usize, region: usize, stream: &mut Stream| {
        let own = &recorded[component][region];
        own.as_ref().map_or(0.0, |own| own.draw(stream))
    };
    let plan = Plan { sampler: Some(&draw), ..Plan::handbook(FEWEST_RUNS) };
    let key = Key::named(setting.seed, &format!("composite/{}", rule.title));
    let Sensitivity { ranks, average_shift, without, shares, .. } =
        examine(&components, choices, &plan, key)?;
    let start = setting.tree.level(rule.level).start;
    composite.places = places
        .iter()
        .zip(ranks)
        .enumerate()
        .filter_map(|(at, (place, rank))| {
            let (place, rank) = ((*place)?, rank?);
            Some(CompositePlace {
                region: start + at,
                score: place.score,
                rank: place.rank,
                limits: (rank.lower, rank.upper),
            })
        })
        .collect();
    composite.average_shift = Some((average_shift.value, average_shift.lower, average_shift.upper));
    composite.without = without;
    composite.shares = shares
        .into_iter()
        .flatten()
        .map(|share| (name(share.source), share.first_order.value, share.total.value))
        .collect();
    Ok(())
}

/// What was recorded of a component in a region.
#[derive(Debug, Clone, Copy)]
enum Recorded {
    /// A count over person-years, or over 1.
    Rate(u64, f64),
    /// A count within another.
    Share(u64, f64),
}

impl Recorded {
    fn value(self) -> f64 {
        match self {
            Self::Rate(count, whole) | Self::Share(count, whole) => real(count) / whole,
        }
    }

    fn draw(self, stream: &mut Stream) -> f64 {
        match self {
            Self::Rate(count, exposure) => stream.gamma(real(count) + 0.5) / exposure,
            Self::Share(count, whole) => {
                let with = stream.gamma(real(count) + 0.5);
                let without = stream.gamma((whole - real(count)).max(0.0) + 0.5);
                with / (with + without)
            }
        }
    }
}

fn recorded(
    counts: &[MeasurePanel<Cell<Counts>>],
    key: MeasureKey,
    level: usize,
    period: usize,
    setting: &Setting<'_>,
) -> Vec<Option<Recorded>> {
    let kind = setting.indicators[key.indicator].measures[key.measure].kind;
    let panel = counts.iter().find(|panel| panel.key == key);
    setting
        .tree
        .level(level)
        .map(|region| {
            let counted = panel?.panel.get(SliceKey::TOTAL, region, period)?.value()?;
            match kind {
                MeasureKind::Count => Some(Recorded::Rate(counted.numerator, 1.0)),
                MeasureKind::Rate => {
                    let exposure = counted.exposure.filter(|exposure| *exposure > 0.0)?;
                    Some(Recorded::Rate(counted.numerator, exposure))
                }
                MeasureKind::Share => {
                    let whole = counted.denominator.filter(|whole| *whole > 0.0)?;
                    Some(Recorded::Share(counted.numerator, whole))
                }
                _ => None,
            }
        })
        .collect()
}

fn name(source: Source) -> &'static str {
    match source {
        Source::Weights => "weights ± 25 %",
        Source::Normalisation => "scale",
        Source::Aggregation => "kind of mean",
        Source::RemoveOne => "leaving a component out",
        Source::Sampling => "chance in the counts",
    }
}

fn words(reason: NoComposite) -> &'static str {
    match reason {
        NoComposite::NoComponents => "no component has figures",
        NoComposite::BadWeights => "all weights are 0",
        NoComposite::TooFewRegions => "fewer than two areas have all components",
        _ => "the components cannot be combined",
    }
}
