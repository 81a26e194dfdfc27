//! Which studies are made, on which maps, at which settings.

use super::{Figure, Measured, Promise, Row, Study};
use crate::{
    model::VarianceLaw,
    statistics::{
        interval::{Confidence, byar, clopper_pearson, garwood, negative_binomial, wilson},
        validity::{
            Share, coverage, dropping, false_alarms,
            posteriors::{self, Held, Risks},
            power,
            world::{Scatter, World},
        },
    },
};

/// Rows and columns of the map.
const MAP: (u32, u32) = (12, 16);
/// Standard deviation of the logarithm of populations: one region in twenty has seven times the median's.
const SKEW: f64 = 1.2;
const SEED: u64 = 5;
const MEANS: [f64; 3] = [0.1, 1.0, 10.0];
/// Largest count whose interval is looked at.
const LARGEST: u64 = 100;
/// Places at which proportions are looked at.
const N_PLACES: u32 = 4_000;

/// Every study with so many maps per setting.
pub(super) fn measure(n_maps: u64) -> Measured {
    let world = World::lattice(MAP.0, MAP.1, SKEW, SEED);
    Measured {
        n_maps,
        n_regions: world.n(),
        seed: SEED,
        studies: vec![
            false_alarms(&world, n_maps),
            power(&world, n_maps),
            counts(),
            proportions(),
            posteriors(&world, n_maps.div_ceil(5)),
            dropping(&world, n_maps.div_ceil(20)),
        ],
    }
}

fn false_alarms(world: &World, n_maps: u64) -> Study {
    let scatters = [
        ("Poisson", Scatter::Poisson),
        ("negative binomial, size 2", Scatter::NegativeBinomial { size: 2.0 }),
        ("two offences an incident", Scatter::Compound { offences: 2.0 }),
    ];
    let settings = scatters.into_iter().flat_map(|scatter| MEANS.map(|mean| (scatter, mean)));
    let rows = settings.map(|((name, scatter), mean)| {
        let found = false_alarms::study(world, mean, scatter, n_maps);
        let figures = vec![
            Figure::counted(found.own_rate, Some(Promise::AtMost(false_alarms::SIDE))),
            Figure::counted(found.surroundings, Some(Promise::AtMost(2.0 * false_alarms::SIDE))),
        ];
        Row { settings: vec![name.to_owned(), mean.to_string()], figures }
    });
    study(
        "Maps without any hotbed on which one is found",
        "The risk is the same everywhere. A map counts when any of its regions is named."
            .to_owned(),
        "validity/false_alarms",
        [&["Counts scatter", "Expected per region"], &["Own rate", "Surroundings"]],
        rows.collect(),
    )
}

fn power(world: &World, n_maps: u64) -> Study {
    let risks = [1.5, 2.0, 3.0, 5.0];
    let each = risks.map(|risk| power::study(world, 5.0, Scatter::Poisson, risk, 5, n_maps));
    let rows = each[0].iter().enumerate().map(|(at, row)| {
        let figures = each.iter().map(|rows| Figure::counted(rows[at].kept, None)).collect();
        Row { settings: vec![format!("{:.1}", row.expected)], figures }
    });
    study(
        "Raised regions that are found",
        "One region alone has a higher risk, five events are expected per region on average. It is found when its own \
         rate stands out after allowing for many areas. Small places have little chance of being found: not named is not \
         the same as nothing there."
            .to_owned(),
        "validity/power",
        [&["Expected in the region"], &["1.5 times", "2 times", "3 times", "5 times the risk"]],
        rows.collect(),
    )
}

/// Intervals of a count: the least coverage over all means.
fn counts() -> Study {
    let p95 = Confidence::P95;
    let row = |name: &str, method: &str, least: f64| Row {
        settings: vec![name.to_owned(), method.to_owned()],
        figures: vec![Figure::exact(least, Some(Promise::AtLeast(0.95)))],
    };
    let garwood = |x| garwood::limits(x, p95);
    let mut rows = vec![
        row("Garwood", "Poisson", coverage::least(&garwood, None, LARGEST)),
        row("Byar", "Poisson", coverage::least(&|x| byar::limits(x, p95), None, LARGEST)),
    ];
    for size in [0.5, 2.0, 20.0] {
        let law = Some(VarianceLaw::Quadratic { size });
        let limits = |x| negative_binomial::limits(x, law, p95);
        let least = coverage::least(&limits, law, LARGEST);
        rows.push(row("Negative binomial", &format!("negative binomial, size {size}"), least));
    }
    let least = coverage::least(&garwood, Some(VarianceLaw::Quadratic { size: 2.0 }), LARGEST);
    rows.push(row("Garwood, for comparison", "negative binomial, size 2", least));
    study(
        "Intervals of a count: how often they hold the truth",
        format!(
            "95 % intervals, at the true mean where they do so least often, up to the lower limit of a count of \
             {LARGEST}. Added up exactly; nothing is drawn. The last row is why scatter is estimated."
        ),
        "validity/coverage",
        [&["Interval", "Counts"], &["Least coverage"]],
        rows,
    )
}

/// Limits of x of n.
type Limits = fn(f64, f64, Confidence) -> Option<(f64, f64)>;

/// Intervals of a proportion: coverage on average and at the worst.
fn proportions() -> Study {
    let p95 = Confidence::P95;
    let intervals: [(&str, Limits, bool); 2] =
        [("Wilson", wilson::limits, false), ("Clopper–Pearson", clopper_pearson::limits, true)];
    let mut rows = Vec::new();
    for (name, limits, is_exact) in intervals {
        for n in [10_u32, 50, 200] {
            let limits = |x: u32| limits(x.into(), n.into(), p95).unwrap_or((0.0, 1.0));
            let all: Vec<(f64, f64)> = (0..=n).map(limits).collect();
            let (average, least) = coverage::of_proportion(&all, N_PLACES);
            let promise = is_exact.then_some(Promise::AtLeast(0.95));
            let figures = vec![Figure::exact(average, None), Figure::exact(least, promise)];
            rows.push(Row { settings: vec![name.to_owned(), n.to_string()], figures });
        }
    }
    study(
        "Intervals of a proportion: how often they hold the truth",
        format!(
            "95 % intervals, at {N_PLACES} true proportions between 0 and 1. Wilson’s promises 95 % on average and pays \
             for it near 0 and 1; Clopper and Pearson’s promises it everywhere. Added up exactly."
        ),
        "validity/coverage",
        [&["Interval", "Of how many"], &["On average", "Least"]],
        rows,
    )
}

fn posteriors(world: &World, n_maps: u64) -> Study {
    // The last says whether Leroux smoothing promises something.
    let risks = [
        ("as gamma–Poisson assumes", Risks::AssumedByGammaPoisson, false),
        ("as Leroux assumes", Risks::AssumedByLeroux, true),
        ("independent, gamma", Risks::Gamma { shape: 4.0 }, false),
        ("independent, log-normal", Risks::LogNormal { spread: 0.5 }, false),
        ("neighbours alike", Risks::Wave { height: 0.5 }, true),
    ];
    let settings = risks.into_iter().flat_map(|risks| [1.0, 8.0].map(|mean| (risks, mean)));
    let rows = settings.map(|((name, risks, neighbours), mean)| {
        let [plain, spatial] = posteriors::study(world, mean, risks, n_maps);
        let figure = |held: Held, promised: bool| {
            let promise = promised.then_some(Promise::AtLeast(0.95));
            Figure::estimated(held.coverage.value(), held.error, promise)
        };
        let figures = vec![figure(plain, true), figure(spatial, neighbours)];
        Row { settings: vec![name.to_owned(), mean.to_string()], figures }
    });
    study(
        "Smoothed rates: regions whose interval holds the truth",
        format!(
            "95 % intervals, averaged over regions; number of maps, which sets the error: {n_maps}. Leroux smoothing \
             promises them for risks as it assumes them and where neighbours are alike. Where risks pay no heed to \
             neighbours it misses more, most of all where many risks are near 0: there use gamma–Poisson."
        ),
        "validity/posteriors",
        [&["True risks", "Expected per region"], &["Gamma–Poisson", "Leroux"]],
        rows.collect(),
    )
}

fn dropping(world: &World, n_maps: u64) -> Study {
    let rows = [0.6, 8.0].map(|mean| {
        let found = dropping::study(world, mean, 4.0, n_maps);
        let all_equal = Some(Promise::AtLeast(1.0));
        let spent = |share: Share| Figure::exact(share.value(), None);
        let figures = vec![Figure::counted(found.equal, all_equal), spent(found.draws)];
        Row { settings: vec![mean.to_string()], figures }
    });
    study(
        "Stopping draws early: maps on which the same regions are named",
        format!(
            "Against drawing on to the end, from the same random numbers; number of maps: {n_maps}."
        ),
        "validity/dropping",
        [&["Expected per region"], &["Same regions named", "Draws made, of all"]],
        rows.into(),
    )
}

fn study(
    title: &str,
    note: String,
    method: &str,
    [settings, measures]: [&[&str]; 2],
    rows: Vec<Row>,
) -> Study {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Study {
        title: title.to_owned(),
        note,
        method: method.to_owned(),
        settings: owned(settings),
        measures: owned(measures),
        rows,
    }
}
