//! Counts and exposures of the pilot: events, police statistics, votes.

use saet::model::{Cell, SliceKey, Status};

use super::{number, pilot};

#[test]
fn every_event_row_is_accounted_for() {
    let Some(pilot) = pilot() else { return };
    let arvig = pilot.report("arvig");
    assert_eq!((arvig.read, arvig.used, arvig.duplicates), (6_918, 6_918, 0));
    assert_eq!(arvig.duplicates_found, 87);
    assert_eq!(arvig.n_multi_kind, 16);
    assert!(arvig.rejected.is_empty());
    for report in &pilot.computed.frame.sources {
        let rejected: u64 = report.rejected.values().sum();
        assert_eq!(report.read, report.used + rejected + report.duplicates, "{}", report.id);
        assert!(report.read > 0, "{} was read", report.id);
    }
    let vg250 = pilot.report("vg250");
    assert_eq!((vg250.filtered, vg250.read), (30, 401));
}

#[test]
fn events_by_year_come_out_and_combined_rows_count_once() {
    let Some(pilot) = pilot() else { return };
    let right = SliceKey::ideology(pilot.ideology("right"));
    let notable = pilot.counts("events.notable", "count");
    for (year, n) in
        [("2014", 493), ("2015", 1_539), ("2016", 3_998), ("2017", 888), ("2014–2017", 6_918)]
    {
        assert_eq!(pilot.level_counts(notable, right, "country", year), [n], "{year}");
    }
    let violent = pilot.counts("crime.share_violent", "share");
    let of_year = |year: &str| pilot.level_counts(violent, right, "country", year)[0];
    assert_eq!(["2015", "2016", "2017"].map(of_year), [313, 711, 192]);
    // The police statistics begin in 2015, so the share of 2014 has no denominator; the events themselves are there.
    let subtypes = pilot.counts("crime.subtypes", "composition");
    let part = |name: &str| {
        let at = subtypes.parts.iter().position(|part| part == name).expect("declared") + 1;
        SliceKey { breakdown: at, ..right }
    };
    let years = ["2014", "2015", "2016", "2017"];
    let arson: u64 = years
        .map(|year| pilot.level_counts(subtypes, part("attack.arson"), "country", year)[0])
        .iter()
        .sum();
    let assault: u64 = years
        .map(|year| pilot.level_counts(subtypes, part("attack.assault"), "country", year)[0])
        .iter()
        .sum();
    // 1 314 rows are arson or assault; a row that is both is one event with two kinds.
    let reference: Vec<_> = pilot.reference("ref_events_year_category.csv");
    let of = |kind: &str| -> f64 {
        let rows = reference.iter().filter(|row| row["category_en"].contains(kind));
        rows.map(|row| number(row, "events")).sum()
    };
    #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    {
        assert!((arson as f64 - of("arson")).abs() < 0.5);
        assert!((assault as f64 - of("assault")).abs() < 0.5);
    }
}

#[test]
fn assault_or_arson_by_year_comes_out() {
    let Some(pilot) = pilot() else { return };
    let right = SliceKey::ideology(pilot.ideology("right"));
    let severe = pilot.counts("crime.severe", "count");
    let of_year = |year: &str| pilot.level_counts(severe, right, "country", year)[0];
    assert_eq!(["2014", "2015", "2016", "2017"].map(of_year), [98, 313, 711, 192]);
    assert_eq!(of_year("2014–2017"), 1_314);
}

#[test]
fn every_kreis_year_equals_the_reference() {
    let Some(pilot) = pilot() else { return };
    let right = SliceKey::ideology(pilot.ideology("right"));
    let (events, severe) =
        (pilot.counts("events.notable", "count"), pilot.counts("crime.severe", "count"));
    let reference = pilot.reference("ref_events_kreis_year_rates.csv");
    assert_eq!(reference.len(), 401 * 4);
    for row in &reference {
        let region = pilot.region("kreis", &row["AGS"]);
        let period = pilot.period(&row["year"]);
        for (panel, column) in [(events, "events"), (severe, "events_assault_or_arson")] {
            let cell = panel.panel.get(right, region, period).and_then(Cell::value);
            let counted = cell.expect("the year is covered").numerator;
            assert_eq!(counted.to_string(), row[column], "{} {}", row["AGS"], row["year"]);
        }
    }
}

#[test]
fn the_exposure_of_2017_ends_on_11_november() {
    let Some(pilot) = pilot() else { return };
    let right = SliceKey::ideology(pilot.ideology("right"));
    let events = pilot.counts("events.notable", "count");
    let at = |year: &str| {
        let cell = events.panel.get(right, 0, pilot.period(year)).and_then(Cell::value);
        cell.expect("covered").clone()
    };
    let (whole, part) = (at("2016"), at("2017"));
    assert!((part.coverage - 315.0 / 365.0).abs() < 1e-12);
    let exposures = part.exposure.unwrap() / whole.exposure.unwrap();
    assert!((exposures - 315.0 / 365.0).abs() < 1e-12);
    let pooled = at("2014–2017");
    assert!(
        (pooled.exposure.unwrap() / whole.exposure.unwrap() - (3.0 + 315.0 / 365.0)).abs() < 1e-9
    );
}

#[test]
fn what_no_source_covers_is_never_zero() {
    let Some(pilot) = pilot() else { return };
    let left = SliceKey::ideology(pilot.ideology("left"));
    let events = pilot.counts("events.notable", "count");
    assert!(events.panel.slice(left).is_none(), "the chronicle does not cover the left");
    let right = SliceKey::ideology(pilot.ideology("right"));
    let of_2018 = events.panel.get(right, 0, pilot.period("2018"));
    assert_eq!(of_2018, Some(&Cell::Empty(Status::NotCovered)));
    for unfed in
        ["support.extremist_orgs", "support.active", "support.approval", "events.participation"]
    {
        let indicator = &pilot.computed.frame.indicators[pilot.key_of(unfed)];
        for measure in &indicator.measures {
            assert!(pilot.counts(unfed, measure.id.as_str()).panel.is_empty(), "{unfed}");
        }
    }
}

#[test]
fn police_totals_come_out_with_merged_kreise() {
    let Some(pilot) = pilot() else { return };
    let sum = |measure: &str, year: &str| -> u64 {
        let panel = pilot.counts("crime.recorded", measure);
        pilot.level_counts(panel, SliceKey::TOTAL, "kreis", year).iter().sum()
    };
    let years = ["2015", "2016", "2017", "2018"];
    assert_eq!(years.map(|year| sum("count", year)), [6_258_642, 6_292_069, 5_673_741, 5_457_262]);
    assert_eq!(years.map(|year| sum("violent", year)), [181_287, 193_410, 188_762, 185_233]);
    let report = pilot.report("pks_kreise");
    assert!(report.n_merged > 0, "Göttingen and Osterode were merged");
}

#[test]
fn recomputed_frequencies_are_within_0_12_percent_of_the_published_ones() {
    let Some(pilot) = pilot() else { return };
    let frequency = pilot.estimates("crime.recorded", "frequency");
    let mut n_compared = 0;
    for row in &pilot.reference("ref_pks_hz_check.csv") {
        // The two old Kreise of 2015 and 2016 are one now and have no published figure of their own.
        if ["03152", "03156"].contains(&row["ags"].as_str()) {
            continue;
        }
        let region = pilot.region("kreis", &row["ags"]);
        let cell = frequency.panel.get(SliceKey::TOTAL, region, pilot.period(&row["year"]));
        let value = cell.and_then(|estimate| estimate.value).expect("every Kreis has a frequency");
        let published = number(row, "hz");
        assert!((value / published - 1.0).abs() < 0.0012, "{} {}", row["ags"], row["year"]);
        n_compared += 1;
    }
    assert_eq!(n_compared, 400 * 2 + 401 * 2);
}

#[test]
fn a_lands_own_figure_wins_over_the_sum_of_its_kreise() {
    let Some(pilot) = pilot() else { return };
    let all = pilot.counts("crime.recorded", "count");
    let names: Vec<(String, String)> = {
        let tree = &pilot.computed.frame.tree;
        tree.level(1)
            .map(|region| (tree.get(region).name.clone(), tree.get(region).id.to_string()))
            .collect()
    };
    let fold = |name: &str| name.replace('ü', "ue");
    let mut n_compared = 0;
    for row in pilot.reference("ref_pks_laender.csv").iter().filter(|row| row["key"] == "------") {
        let Some((_, id)) = names.iter().find(|(name, _)| fold(name) == fold(&row["land"])) else {
            assert!(row["land"].starts_with("Bund"), "{}", row["land"]);
            continue;
        };
        let region = pilot.region("land", id);
        let cell = all.panel.get(SliceKey::TOTAL, region, pilot.period(&row["year"]));
        #[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let counted = cell.and_then(Cell::value).expect("covered").numerator as f64;
        assert!((counted - number(row, "cases")).abs() < 0.5, "{} {}", row["land"], row["year"]);
        n_compared += 1;
    }
    assert_eq!(n_compared, 48);
    let federal = |year: &str| pilot.level_counts(all, SliceKey::TOTAL, "country", year)[0];
    assert_eq!(["2015", "2016", "2017"].map(federal), [6_330_649, 6_372_526, 5_761_984]);
    let checks = &pilot.report("pks_laender").checks;
    let gap = checks
        .iter()
        .find(|check| {
            check.what.contains("level land against") && check.what.contains("offence = 'all'")
        })
        .expect("the difference is reported");
    assert_eq!(gap.n_compared, 48);
    assert!(gap.lines[0].contains("-4.0 %"), "the largest gap comes first: {}", gap.lines[0]);
}

#[test]
fn votes_are_counts_over_valid_votes() {
    let Some(pilot) = pilot() else { return };
    let votes = pilot.counts("support.electoral", "share_valid");
    let npd = votes.parts.iter().position(|part| part == "npd");
    let slice = SliceKey { ideology: 0, breakdown: npd.map_or(0, |at| at + 1) };
    assert!(slice.breakdown > 0, "votes are shown by party");
    let of = |period: &str| pilot.level_counts(votes, slice, "country", period)[0];
    // The elections of 2013 and 2017, each the latest up to the end of the period.
    assert_eq!(
        [of("2014"), of("2016"), of("2017"), of("2018")],
        [560_828, 560_828, 176_020, 176_020]
    );
    let shares = pilot.estimates("support.electoral", "share_valid");
    for row in &pilot.reference("ref_elections_2017_land.csv") {
        let region = pilot.region("land", &row["land"]);
        let estimate = shares.panel.get(slice, region, pilot.period("2017")).expect("covered");
        let value = estimate.value.expect("the NPD stood in every Land");
        // The reference has eight decimals of a share, the value is a percentage.
        assert!((value / 100.0 - number(row, "npd")).abs() < 0.5e-8, "{}", row["land"]);
        assert_eq!(estimate.interval95, None, "a complete count has no sampling interval");
    }
    let third = votes.parts.iter().position(|part| part == "iii_weg").expect("declared") + 1;
    let slice = SliceKey { ideology: 0, breakdown: third };
    let missing = votes.panel.get(slice, 0, pilot.period("2017"));
    assert_eq!(missing, Some(&Cell::Empty(Status::NotApplicable)), "no list is not zero votes");
}
