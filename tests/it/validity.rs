//! What the methods promise, on made-up maps whose truth is known: the small version of the studies.

use saet::{
    model::VarianceLaw,
    statistics::{
        interval::{Confidence, byar, clopper_pearson, garwood, negative_binomial, wilson},
        validity::{
            Share, coverage, dropping,
            false_alarms::{self, FalseAlarms},
            posteriors::{self, Held, Risks},
            power,
            world::{Scatter, World},
        },
    },
};

const LEVELS: [(Confidence, f64); 3] =
    [(Confidence::P90, 0.9), (Confidence::P95, 0.95), (Confidence::P998, 0.998)];
/// Share of maps without anything on which a region may be named.
const ALLOWED: f64 = 0.06;

/// Whether a share is at most `allowed`, but for two standard errors of so many maps.
#[track_caller]
fn at_most(share: Share, allowed: f64, what: &str) {
    #[allow(clippy::cast_precision_loss, reason = "hundreds of maps")]
    let error = (allowed * (1.0 - allowed) / share.all as f64).sqrt();
    assert!(share.value() <= allowed + 2.0 * error, "{what}: {share:?} is {}", share.value());
}

fn skewed() -> World {
    let world = World::lattice(8, 10, 1.2, 5);
    let mut persons = world.exposure.clone();
    persons.sort_by(f64::total_cmp);
    assert!(
        persons[76] > 4.0 * persons[40] && persons[4] < 0.3 * persons[40],
        "populations differ"
    );
    world
}

#[test]
fn maps_without_hotbeds_have_alarms_no_more_often_than_promised() {
    let world = skewed();
    for scatter in [
        Scatter::Poisson,
        Scatter::NegativeBinomial { size: 2.0 },
        Scatter::Compound { offences: 2.0 },
        Scatter::Compound { offences: 4.0 },
    ] {
        for mean in [0.1, 1.0, 10.0] {
            let found = false_alarms::study(&world, mean, scatter, 120);
            let FalseAlarms { own_rate, surroundings, high_surroundings, sparse, cluster, .. } =
                found;
            let what = format!("{scatter:?}, {mean} expected");
            // Two standard errors of 120 maps: 0.043.
            at_most(own_rate, ALLOWED, &format!("own rates, {what}"));
            at_most(surroundings, ALLOWED, &format!("surroundings, {what}"));
            at_most(cluster, ALLOWED, &format!("best cluster, {what}"));
            assert!(high_surroundings.hits <= surroundings.hits && own_rate.all == 120);
            // Both ways of testing surroundings were tried.
            assert_eq!(sparse.hits, if mean < 5.0 { 120 } else { 0 }, "{what}");
        }
    }
    // What estimating the dispersion is for.
    for scatter in [Scatter::NegativeBinomial { size: 2.0 }, Scatter::Compound { offences: 4.0 }] {
        let taken_for_poisson = false_alarms::study(&world, 10.0, scatter, 40).own_rate_poisson;
        assert!(taken_for_poisson.value() > 0.9, "{scatter:?}: {taken_for_poisson:?}");
    }
}

#[test]
fn exact_intervals_cover_at_least_as_often_as_they_say_everywhere() {
    for (confidence, level) in LEVELS {
        let least = coverage::least(&|x| garwood::limits(x, confidence), None, 120);
        assert!(least >= level && least < level + 0.005, "Garwood {level}: {least}");
        let least = coverage::least(&|x| byar::limits(x, confidence), None, 120);
        assert!(least >= level - 0.001, "Byar {level}: {least}");
        let quadratic = [0.5, 2.0, 20.0].map(|size| VarianceLaw::Quadratic { size });
        let linear = [1.5, 6.0].map(|phi| VarianceLaw::Linear { phi });
        for law in quadratic.into_iter().chain(linear) {
            let limits = |x| negative_binomial::limits(x, Some(law), confidence);
            let least = coverage::least(&limits, Some(law), 80);
            // Only at small sizes and high confidence is the lower tail never reached.
            assert!(least >= level && least < 1.0, "{law:?}, {level}: {least}");
        }
        for n in [1_u32, 5, 10, 20, 50, 100, 200] {
            let limits = |x: u32| clopper_pearson::limits(x.into(), n.into(), confidence).unwrap();
            let all: Vec<(f64, f64)> = (0..=n).map(limits).collect();
            let (average, least) = coverage::of_proportion(&all, 4_000);
            assert!(least >= level && average > least, "Clopper-Pearson, {n}, {level}: {least}");
        }
    }
    // Taken for Poisson, dispersed counts are not covered.
    let exact = |x| garwood::limits(x, Confidence::P95);
    assert!(coverage::least(&exact, Some(VarianceLaw::Quadratic { size: 2.0 }), 80) < 0.5);
    assert!(coverage::least(&exact, Some(VarianceLaw::Linear { phi: 6.0 }), 80) < 0.6);
}

#[test]
fn wilsons_interval_covers_as_often_as_it_says_on_average() {
    for n in [5_u32, 10, 20, 50, 100, 200] {
        let limits = |x: u32| wilson::limits(x.into(), n.into(), Confidence::P95).unwrap();
        let all: Vec<(f64, f64)> = (0..=n).map(limits).collect();
        let (average, least) = coverage::of_proportion(&all, 4_000);
        assert!((0.94..=0.97).contains(&average), "{n}: {average}");
        // Its known price: single proportions near 0 and 1.
        assert!((0.8..0.95).contains(&least), "{n}: {least}");
    }
}

#[test]
fn posterior_intervals_hold_the_truth_as_often_as_they_say_on_average() {
    let world = World::lattice(10, 10, 1.0, 5);
    let holds = |held: &Held, wanted: f64, what: &str| {
        assert!(held.coverage.all > 15_500, "{what}: maps without an event are left out");
        // Regions of one map share its estimated spread, so that the maps, not the regions, tell how sure a share is.
        let error = held.error.unwrap();
        assert!(error < 0.006, "{what}: {held:?}");
        assert!((held.coverage.value() - wanted).abs() < 4.0 * error, "{what}: {held:?}");
    };
    // Risks drawn from the prior: as often as promised, whatever the map, if the posterior is computed rightly.
    for mean in [1.0, 8.0] {
        let [plain, _] = posteriors::study(&world, mean, Risks::AssumedByGammaPoisson, 160);
        holds(&plain, 0.95, &format!("gamma-Poisson, own prior, {mean}"));
        let [_, spatial] = posteriors::study(&world, mean, Risks::AssumedByLeroux, 160);
        holds(&spatial, 0.95, &format!("Leroux, own prior, {mean}"));
    }
    // Risks that differ as on many maps. A thousand maps gave these; borrowing from neighbours that are not alike has its
    // price.
    for (mean, wanted) in [(1.0, [0.958, 0.932]), (8.0, [0.951, 0.936])] {
        let found = posteriors::study(&world, mean, Risks::Gamma { shape: 4.0 }, 160);
        for (held, wanted) in found.iter().zip(wanted) {
            holds(held, wanted, &format!("gamma, {mean}"));
        }
    }
    let [plain, spatial] = posteriors::study(&world, 5.0, Risks::LogNormal { spread: 0.5 }, 8);
    assert!((plain.coverage.value() - 0.95).abs() < 0.04, "{plain:?}");
    assert!((spatial.coverage.value() - 0.95).abs() < 0.04, "{spatial:?}");
    assert!(spatial.squared_error < 1.15 * plain.squared_error, "{plain:?} {spatial:?}");
    let [plain, spatial] = posteriors::study(&world, 5.0, Risks::Wave { height: 0.5 }, 8);
    assert!(spatial.squared_error < 0.5 * plain.squared_error, "{plain:?} {spatial:?}");
    assert!(plain.coverage.value() > 0.92 && spatial.coverage.value() > 0.92);
}

#[test]
fn power_rises_with_population_and_risk_and_small_towns_have_little() {
    let world = World::lattice(15, 20, 1.2, 5);
    let mut last: Vec<f64> = Vec::new();
    for relative_risk in [1.5, 2.0, 3.0] {
        let rows = power::study(&world, 5.0, Scatter::Poisson, relative_risk, 5, 300);
        let kept: Vec<f64> = rows.iter().map(|row| row.kept.value()).collect();
        assert!(rows.is_sorted_by(|small, large| small.expected < large.expected));
        for row in &rows {
            assert!(row.kept.hits <= row.found.hits, "adjusting for many never finds more");
        }
        // Two standard errors of 300 maps: 0.06.
        assert!(kept.is_sorted_by(|small, large| *small < large + 0.06), "{kept:?}");
        assert!(last.iter().zip(&kept).all(|(less, more)| *less < more + 0.06), "{kept:?}");
        assert!(kept[0] < 0.1, "below one expected event nothing can be found: {kept:?}");
        last = kept;
    }
    assert!(last[4] > 0.6, "three times the risk of a large region: {last:?}");
    // Without a raise the test finds as often as it says, at most.
    for row in power::study(&world, 5.0, Scatter::Poisson, 1.0, 3, 400) {
        at_most(row.found, false_alarms::SIDE, "one region's own test");
    }
}

#[test]
fn dropping_hopeless_regions_names_the_same() {
    let world = World::lattice(9, 9, 0.5, 2);
    let mut n_named = 0;
    for mean in [0.6, 8.0] {
        let found = dropping::study(&world, mean, 4.0, 5);
        assert_eq!(found.equal, Share { hits: 5, all: 5 }, "{mean} expected");
        assert!(found.draws.value() < 0.7, "{:?}", found.draws);
        n_named += found.n_named;
    }
    assert!(n_named > 10, "only {n_named} named: nothing was compared");
}
