//! A tiny made-up country: enough regions, periods and indicators to see every state a page can show.
//!
//! Counts are made, not drawn, and the findings are given, not computed: these tests look at what may be shown and how,
//! never at whether a number is right.

use std::{collections::BTreeMap, sync::Arc};

use geo::{MultiPolygon, polygon};
use saet::model::{
    Aggregate, Boundaries, Calendar, Capacity, CapacityState, Change, Check, Cluster, Date,
    Direction, Dispersion, Draft, Estimate, Every, Evidence, Frame, Funnel, GlobalTest, IdeologyId,
    Indicator, Measure, MeasureKey, MeasureKind, MeasurePanel, MethodBreak, OwnRate, Panel, Party,
    Protection, Quadrant, Region, RegionFinding, RegionTree, Relation, Reliability, SliceKey,
    SourceId, SourceReport, Status, Surface, SurfaceFindings, Surroundings, Term, TestStatus,
    WeightsReport,
};

/// A frame and its draft.
pub struct World {
    pub frame: Arc<Frame>,
    pub draft: Draft,
}

/// A region to be: code, name, parent among the coarser ones, outline, population.
pub struct Place {
    pub id: String,
    pub name: String,
    pub parent: usize,
    pub outline: MultiPolygon<f64>,
    pub population: f64,
}

/// Five lands of five districts each, three base years and one window; counts from 0 to 40.
pub fn tiny() -> World {
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
pub fn build(
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
    let n_lands = lands.len();
    let mut population = vec![districts.iter().map(|place| place.population).sum::<f64>()];
    population.extend(lands.iter().enumerate().map(|(land, _)| {
        districts
            .iter()
            .filter(|place| place.parent == land)
            .map(|place| place.population)
            .sum::<f64>()
    }));
    population.extend(districts.iter().map(|place| place.population));
    let mut by_region = vec![vec![0; n_years]; 1 + n_lands];
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
    for region in 0..tree.len() {
        for period in 0..calendar.n_periods() {
            events.push(calendar.parts(period).map(|year| by_region[region][year]).sum::<u64>());
        }
    }
    let world =
        Numbers { tree: &tree, calendar: &calendar, population: &population, events: &events };
    let indicators = indicators();
    let draft = Draft {
        estimates: world.estimates(&indicators),
        findings: vec![world.findings()],
        changes: world.changes(),
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
        weights: BTreeMap::from([(
            2,
            WeightsReport {
                kind: "queen".to_owned(),
                n_regions: tree.level(2).len(),
                n_links: 144,
                min_degree: 3,
                mean_degree: 5.76,
                max_degree: 8,
                n_components: 1,
                islands: vec![],
                snap_degrees: 0.0001,
            },
        )]),
        sources: vec![
            source("chronicle", "events"),
            source("police", "crimes"),
            source("votes", "elections"),
        ],
        warnings: vec!["`chronicle`: 13 rows rejected".to_owned()],
    };
    World { frame: Arc::new(frame), draft }
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

struct Numbers<'w> {
    tree: &'w RegionTree,
    calendar: &'w Calendar,
    population: &'w [f64],
    events: &'w [u64],
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
impl Numbers<'_> {
    fn count(&self, region: usize, period: usize) -> u64 {
        self.events[region * self.calendar.n_periods() + period]
    }

    fn exposure(&self, region: usize, period: usize) -> f64 {
        self.population[region] * self.calendar.parts(period).count() as f64
    }

    fn estimates(&self, indicators: &[Indicator]) -> Vec<MeasurePanel<Estimate>> {
        let mut panels = Vec::new();
        for (at, indicator) in indicators.iter().enumerate() {
            for (position, measure) in indicator.measures.iter().enumerate() {
                let key = MeasureKey { indicator: at, measure: position };
                let mut panel = Panel::new(self.tree.len(), self.calendar.n_periods());
                let fed =
                    ["crime.incidence", "events.notable", "events.violence", "support.electoral"];
                if fed.contains(&indicator.id.as_str()) {
                    let cells: Vec<Estimate> = (0..self.tree.len())
                        .flat_map(|region| {
                            (0..self.calendar.n_periods()).map(move |period| (region, period))
                        })
                        .map(|(region, period)| self.cell(measure, at, region, period))
                        .collect();
                    panel.insert(SliceKey::ideology(1), cells.clone());
                    panel.insert(SliceKey::TOTAL, cells);
                }
                let sources = match indicator.cluster {
                    Cluster::Crime => "police",
                    Cluster::Events => "chronicle",
                    Cluster::Support => "votes",
                };
                let sources = if panel.is_empty() { vec![] } else { vec![SourceId::new(sources)] };
                panels.push(MeasurePanel { key, panel, parts: vec![], sources });
            }
        }
        panels
    }

    fn cell(&self, measure: &Measure, indicator: usize, region: usize, period: usize) -> Estimate {
        let provisional = self.calendar.parts(period).contains(&(self.calendar.base.len() - 1));
        // The police publish nothing for the first year.
        if indicator == 0 && period == 0 {
            return Estimate::empty(Status::NotCovered);
        }
        let factor = if indicator == 0 { 3 } else { 1 };
        let count = self.count(region, period) * factor;
        let x = count as f64;
        let (low, high) = (x - 1.96 * x.sqrt(), x + 3.69 + 1.8 * x.sqrt());
        let (scale, denominator, method) = match measure.kind {
            MeasureKind::Count => (1.0, None, "garwood"),
            MeasureKind::Rate => (measure.per / self.exposure(region, period), None, "garwood"),
            // Votes are open: none of their figures may equal a protected one.
            kind => {
                let more = if kind == MeasureKind::CompleteShare { 61.0 } else { 50.0 };
                let whole = x * 3.0 + more;
                (measure.per / whole, Some(whole), "wilson")
            }
        };
        let is_vote = measure.kind == MeasureKind::CompleteShare;
        let value = x * scale;
        let smoothed = (measure.kind == MeasureKind::Rate).then_some(value * 0.8 + 2.0);
        Estimate {
            value: Some(value),
            interval95: (!is_vote).then_some((low.max(0.0) * scale, high * scale)),
            interval998: (!is_vote).then_some((low.max(0.0) * 0.7 * scale, high * 1.4 * scale)),
            numerator: Some(count),
            denominator,
            unknown: None,
            exposure: Some(self.exposure(region, period)),
            n_units: Some(count),
            coverage: Some(if provisional { 0.86 } else { 1.0 }),
            smoothed,
            smoothed95: smoothed.map(|value| (value * 0.7, value * 1.4)),
            p_above: smoothed.map(|_| 0.4217),
            method: if is_vote { "none" } else { method },
            reliability: if count < 10 { Reliability::Small } else { Reliability::Ok },
            status: if count == 0 { Status::ZeroRecorded } else { Status::Estimated },
            estimated: false,
            provisional,
            method_break: false,
        }
    }

    fn findings(&self) -> SurfaceFindings {
        let period = self.calendar.base.len();
        let total = self.count(0, period);
        let regions = self.tree.level(2);
        let n = regions.len();
        SurfaceFindings {
            surface: Surface {
                measure: MeasureKey { indicator: 4, measure: 0 },
                ideology: 0,
                period,
                level: 2,
                primary: true,
            },
            test: GlobalTest {
                n_regions: n,
                n_tested: n,
                total,
                exposure: self.exposure(0, period),
                dispersion: Dispersion { size: Some(2.7), phi: Some(4.1), p: Some(0.000_01) },
                moran_i: Some(0.3712),
                moran_z: Some(11.4),
                p: Some(0.000_321),
                q: Some(0.000_642),
                selected: true,
                alpha: 0.05,
                n_draws: 15_999,
                reach: 15_999,
                reference: "permutation",
                not_checked: vec![
                    "other weights (rook, nearest neighbours)".to_owned(),
                    "without the largest incident".to_owned(),
                ],
            },
            regions: regions.map(|region| self.finding(region, period, total)).collect(),
        }
    }

    fn finding(&self, region: usize, period: usize, total: u64) -> RegionFinding {
        let observed = self.count(region, period);
        let expected = total as f64 * self.population[region] / self.population[0];
        let ratio = observed as f64 / expected;
        let enough = expected > 4.0;
        let evidence = match ratio {
            _ if region % 97 == 11 => Evidence::InsufficientData,
            ratio if ratio > 2.6 && observed > 60 => Evidence::Established,
            ratio if ratio > 2.2 && observed > 9 => Evidence::Probable,
            ratio if ratio > 1.6 && observed > 4 => Evidence::Signal,
            ratio if ratio < 0.35 && expected > 6.0 => Evidence::Lower,
            _ if enough => Evidence::NotDistinguishable,
            _ => Evidence::CouldNotHaveBeenDistinguished,
        };
        let funnel = match ratio {
            ratio if ratio > 2.2 => Funnel::Above998,
            ratio if ratio > 1.5 => Funnel::Above95,
            ratio if ratio < 0.3 => Funnel::Below998,
            _ => Funnel::Inside,
        };
        let smoothed = (ratio * expected + 3.0) / (expected + 3.0);
        RegionFinding {
            region,
            status: TestStatus::Tested,
            observed: Some(observed),
            expected: Some(expected),
            own: Some(OwnRate {
                p: 0.017_31,
                q: 0.041_7,
                p_poisson: 0.003_17,
                p_lower: 0.99,
                q_lower: 1.0,
                funnel,
                p_above: 0.83,
                relative_risk: smoothed,
                relative_risk95: (smoothed * 0.72, smoothed * 1.36),
            }),
            surroundings: Some(Surroundings {
                local_moran: 0.731_7,
                gi: 1.13,
                gi_star: 1.73,
                p: 0.037_1,
                q: Some(0.071_3),
                n_draws: 1_000,
                dropped: true,
                borderline: false,
                significant: false,
                quadrant: Quadrant::HighHigh,
            }),
            power_rr2: Some(if enough { 0.77 } else { 0.21 }),
            minimum_detectable_rr: Some(1.0 + 4.0 / expected.sqrt()),
            p_zero: (observed == 0 && enough).then_some(0.000_2),
            evidence,
        }
    }

    fn changes(&self) -> Vec<Change> {
        let periods = self.calendar.base.len() - 1;
        (0..self.tree.len())
            .flat_map(|region| (1..periods).map(move |later| (region, later)))
            .map(|(region, later)| {
                let counts = (self.count(region, later - 1), self.count(region, later));
                let ratio = counts.1 as f64 / counts.0 as f64;
                let some = counts.0 > 0 && counts.1 > 0;
                Change {
                    measure: MeasureKey { indicator: 4, measure: 0 },
                    region,
                    ideology: 0,
                    earlier: later - 1,
                    later,
                    counts: Some(counts),
                    ratio: some.then_some((ratio, ratio * 0.71, Some(ratio * 1.43))),
                    difference: some.then_some((1.25, -13.75, 16.25)),
                    p: some.then_some(0.043_21),
                    percentage: counts.0.min(counts.1) >= 50,
                    reason: None,
                }
            })
            .collect()
    }

    fn capacity(&self, n_indicators: usize) -> Vec<Capacity> {
        let rows =
            (0..self.tree.len()).flat_map(|region| (0..n_indicators).map(move |at| (region, at)));
        rows.map(|(region, indicator)| {
            let state = match indicator {
                0 if region % 3 == 0 && region > 0 => CapacityState::OnlyAbove("land".to_owned()),
                0 | 4 | 6 | 9 => CapacityState::Present,
                _ => CapacityState::Missing("no source is declared".to_owned()),
            };
            let present = state == CapacityState::Present;
            Capacity {
                region,
                indicator,
                state,
                sources: if present { vec![SourceId::new("chronicle")] } else { vec![] },
                grain: present.then(|| "district".to_owned()),
                latest: present.then(|| day(2017, 11, 11)),
                months_covered: if present { 46 } else { 0 },
                grade: if present { "B2".parse().ok() } else { None },
                n_breaks: 0,
            }
        })
        .collect()
    }
}
