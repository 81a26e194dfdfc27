//! Rates, limits and smoothing of the pilot on the fixed population, as the reference computed them.

use saet::{
    model::SliceKey,
    statistics::{
        interval::{Confidence, garwood},
        smoothing::marshall,
    },
};

use super::{Pilot, number, pilot};

/// Half a unit of the last of six printed decimals.
const SIX_DECIMALS: f64 = 0.5e-6 + 1e-9;

/// Pooled counts 2014–2017 and the fixed population, by Kreis in tree order.
pub(super) fn pooled(pilot: &Pilot) -> (Vec<u64>, Vec<f64>) {
    let right = SliceKey::ideology(pilot.ideology("right"));
    let events = pilot.counts("events.notable", "count");
    let counts = pilot.level_counts(events, right, "kreis", "2014–2017");
    let tree = &pilot.computed.frame.tree;
    let period = pilot.period("2016");
    let population = tree
        .level(tree.deepest())
        .map(|region| {
            let cell = events.panel.get(right, region, period).and_then(|cell| cell.value());
            // A whole year of the fixed population: as many person-years as persons.
            cell.and_then(|counts| counts.exposure).expect("covered")
        })
        .collect();
    (counts, population)
}

#[test]
fn rates_and_garwood_limits_equal_the_reference_on_the_fixed_population() {
    let Some(pilot) = pilot() else { return };
    let (_, population) = pooled(pilot);
    let first = pilot.computed.frame.tree.level(2).start;
    for row in &pilot.reference("ref_events_kreis_year_rates.csv") {
        let persons = population[pilot.region("kreis", &row["AGS"]) - first];
        assert!((persons - number(row, "EWZ")).abs() < 1e-6, "{}", row["AGS"]);
        let events: u64 = row["events"].parse().unwrap();
        let (lower, upper) = garwood::limits(events, Confidence::P95);
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let rate = events as f64 / persons * 1e5;
        for (value, column) in [
            (rate, "rate_100k"),
            (lower / persons * 1e5, "rate_lo95"),
            (upper / persons * 1e5, "rate_hi95"),
        ] {
            assert!((value - number(row, column)).abs() < SIX_DECIMALS, "{} {column}", row["AGS"]);
        }
    }
}

#[test]
fn the_product_uses_the_declared_exposure() {
    let Some(pilot) = pilot() else { return };
    let right = SliceKey::ideology(pilot.ideology("right"));
    let rates = pilot.estimates("events.notable", "rate");
    let region = pilot.region("kreis", "14612");
    let of = |year: &str| rates.panel.get(right, region, pilot.period(year)).expect("covered");
    let (counts, population) = pooled(pilot);
    let at = region - pilot.computed.frame.tree.level(2).start;
    let last = of("2017");
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let expected = last.numerator.unwrap() as f64 / (population[at] * 315.0 / 365.0) * 1e5;
    assert!((last.value.unwrap() - expected).abs() < 1e-9);
    assert!(last.provisional && !of("2016").provisional);
    assert_eq!(of("2014–2017").numerator, Some(counts[at]));
}

#[test]
fn marshalls_empirical_bayes_equals_the_reference() {
    let Some(pilot) = pilot() else { return };
    let (counts, population) = pooled(pilot);
    let global = marshall::global(&counts, &population).expect("there are events");
    assert!((global.mean * 1e5 - 8.418_548_73).abs() < 0.5e-8);
    let first = pilot.computed.frame.tree.level(2).start;
    let reference = pilot.reference("ref_eb_marshall_global.csv");
    assert_eq!(reference.len(), 401);
    for row in &reference {
        let rate = global.rates[pilot.region("kreis", &row["AGS"]) - first] * 1e5;
        // Eight printed decimals.
        assert!((rate - number(row, "eb_rate_100k")).abs() < 0.5e-8 + 1e-11, "{}", row["AGS"]);
    }
}
