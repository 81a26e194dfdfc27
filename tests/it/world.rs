//! A tiny made-up country: enough regions, periods and indicators to see every state a page can show.
//!
//! Counts are made, not drawn, and the findings are given, not computed: these tests look at what may be shown and how,
//! never at whether a number is right.

#![allow(clippy::unwrap_used, reason = "a test may panic; helpers are not marked as tests")]

mod numbers;

use std::{collections::BTreeMap, sync::Arc};

use geo::{MultiPolygon, polygon};
use saet::model::{
    Aggregate, Boundaries, Calendar, Check, Cluster, Date, Direction, Draft, Every, Frame,
    IdeologyId, Indicator, Measure, MeasureKind, MethodBreak, Party, Protection, Region,
    RegionTree, Relation, SourceReport, Term, WeightsReport,
};

use numbers::Numbers;

/// A frame and its draft.
pub(crate) struct World {
    pub(crate) frame: Arc<Frame>,
    pub(crate) draft: Draft,
}

/// A region to be: code, name, parent among the coarser ones, outline, population.
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) parent: usize,
    pub(crate) outline: MultiPolygon<f64>,
    pub(crate) population: f64,
}

/// Five lands of five districts each, three base years and one window; counts from 0 to 40.
pub(crate) fn tiny() -> World {
    let square = |x: f64, y: f64, wide: f64| {
        MultiPolygon::new(vec![polygon![
            (x: x, y: y), (x: x + wide, y: y), (x: x + wide, y: y + 1.0), (x: x, y: y + 1.0)
        ]])
    };
    let lands = (0..5_u8).map(|row| Place {
        id: format!("0{row}"),
        name: format!("Land {row}"),
        parent: 0,
        outline: square(5.0, 50.0 + f64::from(row), 5.0),
        population: 500_000.0,
    });
    let districts = (0..25_u8).map(|at| Place {
        id: format!("0{}{:03}", at / 5, at % 5),
        name: format!("District {at} & <more>, \"quoted\""),
        parent: usize::from(at / 5),
        outline: square(5.0 + f64::from(at % 5), 50.0 + f64::from(at / 5), 1.0),
        population: 100_000.0,
    });
    // Every class of count: none, hidden, just shown, large.
    let count = |at: u64, year: u64| match at % 5 {
        0 => 0,
        2 => (at + year) % 3,
        _ => (at * 7 + year * 3) % 29,
    };
    let counts: Vec<Vec<u64>> =
        (0..25).map(|at| (0..4).map(|year| count(at, year)).collect()).collect();
    build("A made-up country", lands.collect(), districts.collect(), &counts, 2014)
}

/// Builds a world over yearly counts of events per district.
pub(crate) fn build(
    title: &str,
    lands: Vec<Place>,
    districts: Vec<Place>,
    counts: &[Vec<u64>],
    from: i32,
) -> World {
    let n_years = counts[0].len();
    let last = from + i32::try_from(n_years).unwrap() - 1;
    let calendar = Calendar::new(Every::Year, from, last, &[n_years - 1]);
    let region = |place: &Place, level, parent| Region {
        id: place.id.as_str().into(),
        name: place.name.clone(),
        level,
        parent: Some(parent),
    };
    let country = Region { id: "XX".into(), name: "Country".into(), level: 0, parent: None };
    let mut regions = vec![country];
    regions.extend(lands.iter().map(|place| region(place, 1, 0)));
    regions.extend(districts.iter().map(|place| region(place, 2, place.parent + 1)));
    let levels = ["country", "land", "district"].map(str::to_owned).to_vec();
    let tree = RegionTree::new("2016-12-31".to_owned(), levels, regions);
    let mut population = vec![districts.iter().map(|place| place.population).sum::<f64>()];
    population.extend(lands.iter().enumerate().map(|(land, _)| {
        districts
            .iter()
            .filter(|place| place.parent == land)
            .map(|place| place.population)
            .sum::<f64>()
    }));
    population.extend(districts.iter().map(|place| place.population));
    let mut by_region = vec![vec![0; n_years]; 1 + lands.len()];
    for (place, counts) in districts.iter().zip(counts) {
        for (year, count) in counts.iter().enumerate() {
            by_region[0][year] += count;
            by_region[1 + place.parent][year] += count;
        }
    }
    by_region.extend(counts.iter().cloned());
    let outlines: Vec<Option<MultiPolygon<f64>>> = std::iter::once(None)
        .chain(lands.into_iter().chain(districts).map(|place| Some(place.outline)))
        .collect();
    let mut events = vec![];
    for yearly in &by_region {
        for period in 0..calendar.n_periods() {
            events.push(calendar.parts(period).map(|year| yearly[year]).sum::<u64>());
        }
    }
    let world =
        Numbers { tree: &tree, calendar: &calendar, population: &population, events: &events };
    let indicators = indicators();
    let draft = Draft {
        estimates: world.estimates(&indicators).into(),
        findings: vec![world.findings()],
        changes: world.changes(),
        surveys: Vec::new(),
        composites: Vec::new(),
        trends: world.trends(),
        concentrations: world.concentrations(),
        watches: world.watches(),
        capacity: world.capacity(indicators.len()),
    };
    let frame = Frame {
        title: title.to_owned(),
        slug: "made-up".to_owned(),
        boundaries: Boundaries { full: vec![None; tree.len()], drawn: outlines },
        tree: tree.clone(),
        calendar: calendar.clone(),
        ideologies: vec![
            ("right".into(), "Right-wing".to_owned()),
            ("left".into(), "Left-wing".to_owned()),
        ],
        indicators,
        parties: vec![Party {
            id: "npd".to_owned(),
            name: "NPD".to_owned(),
            ideology: IdeologyId::new("right"),
            authority: "Annual report 2017".to_owned(),
        }],
        breaks: vec![MethodBreak {
            source: "police".into(),
            at: day(last, 1, 1),
            reason: "the law changed".to_owned(),
        }],
        test_levels: vec![2],
        seed: 7,
        alpha: 0.05,
        population: "register, start of the period".to_owned(),
        weights: BTreeMap::from([(2, queen(tree.level(2).len()))]),
        sources: vec![
            source("chronicle", "events"),
            source("police", "crimes"),
            source("votes", "elections"),
        ],
        warnings: vec!["`chronicle`: 13 rows rejected".to_owned()],
        planted: Vec::new(),
    };
    World { frame: Arc::new(frame), draft }
}

fn queen(n_regions: usize) -> WeightsReport {
    WeightsReport {
        kind: "queen".to_owned(),
        n_regions,
        n_links: 144,
        min_degree: 3,
        mean_degree: 5.76,
        max_degree: 8,
        n_components: 1,
        islands: vec![],
        snap_degrees: 0.0001,
    }
}

fn day(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd_opt(year, month, day).unwrap()
}

fn source(id: &str, table: &str) -> SourceReport {
    SourceReport {
        id: id.into(),
        table: table.to_owned(),
        files: vec![(format!("{id}.csv"), "0".repeat(64))],
        format: "UTF-8, comma".to_owned(),
        filtered: 0,
        read: 6_918,
        used: 6_903,
        rejected: BTreeMap::from([
            ("outside every region".to_owned(), 13),
            ("no date".to_owned(), 2),
        ]),
        duplicates_found: 87,
        duplicates: 0,
        n_multi_kind: 210,
        n_merged: 44,
        grade: "B2".parse().ok(),
        covers: "2014-01-01 to 2017-11-11, right".to_owned(),
        grain: Some("district".to_owned()),
        latest: Some(day(2017, 11, 11)),
        checks: vec![Check {
            what: "state against the land’s name".to_owned(),
            n_compared: 6_918,
            n_conflicts: 2,
            lines: vec!["row 12".to_owned(), "row 977".to_owned()],
        }],
    }
}

fn english(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("en".to_owned(), text.to_owned())])
}

fn indicator(id: &str, cluster: Cluster, title: &str, measures: Vec<Measure>) -> Indicator {
    Indicator {
        id: id.into(),
        core: true,
        cluster,
        title: english(title),
        description: english("What is recorded of it in a region and period."),
        limits: english("Recorded is not happened: a place that looks finds more."),
        direction: Direction::HigherIsWorse,
        derived_from: "RAN Collection 2018, SAET".to_owned(),
        measures,
        file: format!("indicators/core/{id}.toml"),
    }
}

fn measure(id: &str, kind: MeasureKind, per: f64, unit: &str, table: &str) -> Measure {
    let term = |condition: &str| Term {
        table: table.to_owned(),
        source: None,
        aggregate: Aggregate::Rows,
        condition: Some(condition.to_owned()),
    };
    let share = matches!(kind, MeasureKind::Share | MeasureKind::CompleteShare);
    Measure {
        id: id.into(),
        kind,
        numerator: term("kind LIKE 'attack.%'"),
        denominator: share.then(|| term("kind <> 'other'")),
        unknown: None,
        relation: share.then_some(Relation::Nested),
        per,
        unit: english(unit),
        title: BTreeMap::new(),
        breakdown: None,
        additive: true,
        protection: if kind == MeasureKind::CompleteShare {
            Protection::Open
        } else {
            Protection::Protected
        },
        tested: matches!(kind, MeasureKind::Count | MeasureKind::Rate),
        reason: None,
    }
}

fn indicators() -> Vec<Indicator> {
    use Cluster::{Crime, Events, Support};
    use MeasureKind::{AttendanceTotal, CompleteShare, Count, Rate, Share};
    let per_head = "per 100,000 person-years";
    vec![
        indicator(
            "crime.incidence",
            Crime,
            "Incidence of extremist crime",
            vec![
                measure("count", Count, 1.0, "offences", "crimes"),
                measure("rate", Rate, 100_000.0, per_head, "crimes"),
            ],
        ),
        indicator(
            "crime.share_violent",
            Crime,
            "Share in violent crime",
            vec![measure("share", Share, 1000.0, "per 1,000", "crimes")],
        ),
        indicator(
            "crime.share_all",
            Crime,
            "Share in overall crime",
            vec![measure("share", Share, 10_000.0, "per 10,000", "crimes")],
        ),
        indicator(
            "crime.subtypes",
            Crime,
            "Proportion of crime subtypes",
            vec![measure("share", Share, 100.0, "%", "crimes")],
        ),
        indicator(
            "events.notable",
            Events,
            "Notable events, by type",
            vec![
                measure("count", Count, 1.0, "events", "events"),
                measure("rate", Rate, 100_000.0, per_head, "events"),
            ],
        ),
        indicator(
            "events.participation",
            Events,
            "Participation in events",
            vec![measure("total", AttendanceTotal, 1.0, "attendances", "events")],
        ),
        indicator(
            "events.violence",
            Events,
            "Propensity to turn violent",
            vec![measure("share", Share, 100.0, "%", "events")],
        ),
        indicator(
            "support.extremist_orgs",
            Support,
            "Participation in extremist organisations",
            vec![measure("persons", Rate, 1.0, "persons", "organisations")],
        ),
        indicator(
            "support.support_orgs",
            Support,
            "Participation in support organisations",
            vec![measure("persons", Rate, 1.0, "persons", "organisations")],
        ),
        indicator(
            "support.electoral",
            Support,
            "Electoral support",
            vec![measure("valid", CompleteShare, 100.0, "% of valid votes", "elections")],
        ),
        indicator(
            "support.active",
            Support,
            "Active support beyond electoral",
            vec![measure("share", Share, 100.0, "%", "survey")],
        ),
        indicator(
            "support.approval",
            Support,
            "General approval of radical ideas",
            vec![measure("share", Share, 100.0, "%", "survey")],
        ),
    ]
}
