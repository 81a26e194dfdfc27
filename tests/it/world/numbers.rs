//! The figures of the made-up country: estimates, findings, changes, trends, concentrations, watched series and capacity.

#![allow(clippy::unwrap_used, reason = "a test may panic; helpers are not marked as tests")]

use saet::model::{
    AlarmMethod, Calendar, Capacity, CapacityState, Change, Cluster, Concentrated, Concentration,
    ConcentrationIndex, Dispersion, Estimate, Evidence, Funnel, GlobalTest, Group, Indicator,
    Measure, MeasureKey, MeasureKind, MeasurePanel, Outcome, OwnRate, Panel, Proportional,
    Quadrant, RegionFinding, RegionTree, Reliability, Robustness, SliceKey, SourceId, Status,
    Surface, SurfaceFindings, Surroundings, TestStatus, Trend, VarianceLaw, Watch, Watched,
};

use super::day;

/// What the figures are made from; `events` is region-major over periods.
pub(super) struct Numbers<'w> {
    pub(super) tree: &'w RegionTree,
    pub(super) calendar: &'w Calendar,
    pub(super) population: &'w [f64],
    pub(super) events: &'w [u64],
}

#[allow(clippy::cast_precision_loss, reason = "small counts")]
impl Numbers<'_> {
    fn count(&self, region: usize, period: usize) -> u64 {
        self.events[region * self.calendar.n_periods() + period]
    }

    fn exposure(&self, region: usize, period: usize) -> f64 {
        self.population[region] * self.calendar.parts(period).count() as f64
    }

    pub(super) fn estimates(&self, indicators: &[Indicator]) -> Vec<MeasurePanel<Estimate>> {
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

    pub(super) fn findings(&self) -> SurfaceFindings {
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
                dispersion: Dispersion {
                    law: Some(VarianceLaw::Quadratic { size: 2.7 }),
                    phi: Some(4.1),
                    p: Some(0.000_01),
                },
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
            groups: vec![self.group(regions.start, period)],
            regions: regions.map(|region| self.finding(region, period, total)).collect(),
        }
    }

    fn group(&self, first: usize, period: usize) -> Group {
        let regions = vec![first, first + 1, first + 2];
        let cases = regions.iter().map(|&region| self.count(region, period)).sum();
        Group {
            rank: 1,
            centre: first,
            regions,
            cases,
            expected: 43.21,
            relative_risk: Some(2.171),
            llr: 13.37,
            p: 0.001,
            gumbel_p: Some(0.000_123),
            radius_km: 23.7,
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
                p_above_one: 0.97,
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
            rank: Some((17.0, 3.0, 41.0)),
            group: (region % 50 < 3).then_some(1),
            persistence: Some("sporadic hot spot"),
            robustness: (evidence <= Evidence::Probable).then(|| Robustness {
                replicated: Outcome::Survives,
                checks: vec![
                    ("rook", Outcome::NotApplicable("the class rests on no weights")),
                    (
                        "border",
                        match evidence {
                            Evidence::Established => Outcome::Survives,
                            _ => Outcome::Fails,
                        },
                    ),
                ],
            }),
            evidence,
        }
    }

    pub(super) fn changes(&self) -> Vec<Change> {
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

    pub(super) fn trends(&self) -> Vec<Trend> {
        let last = self.calendar.base.len() - 1;
        (0..self.tree.len())
            .map(|region| Trend {
                measure: MeasureKey { indicator: 4, measure: 0 },
                region,
                ideology: 0,
                span: Some((0, last)),
                yearly_change: Some((4.317, -1.713, 10.71)),
                p: Some(0.137),
                mann_kendall: Some((0.371, 0.173)),
                theil_sen: Some((0.731, -0.317, 1.713)),
                jump: (region % 7 == 5).then_some((1, 2)),
                reason: None,
            })
            .collect()
    }

    /// One for each level below the country, period and measure: of the events, which are protected, and of the votes, which
    /// are not.
    pub(super) fn concentrations(&self) -> Vec<Concentration> {
        let one = |indicator: usize, level: usize, period: usize| {
            let concentrated = |(at, index)| Concentrated {
                index,
                recorded: [17.0, 3.0, 4.0, 0.517_13, 0.371_31, 0.413_71, 0.091_37, 0.317_13][at],
                proportional: Some(Proportional {
                    expected: [23.0, 5.0, 9.0, 0.317_31, 0.231_13, 0.213_17, 0.051_73, 0.113_71]
                        [at],
                    limits: [(20.0, 25.0), (3.0, 7.0), (8.0, 10.0)]
                        .get(at)
                        .copied()
                        .unwrap_or((0.05, 0.4)),
                    p: 0.002,
                }),
            };
            Concentration {
                measure: MeasureKey { indicator, measure: 0 },
                ideology: 0,
                period,
                level,
                n_regions: Some(self.tree.level(level).len()),
                total: Some(self.tree.level(level).map(|region| self.count(region, period)).sum()),
                indices: ConcentrationIndex::ALL
                    .into_iter()
                    .enumerate()
                    .map(concentrated)
                    .collect(),
                reason: None,
            }
        };
        let periods = 0..self.calendar.n_periods();
        let keys = [4, 9].into_iter().flat_map(|indicator| [(indicator, 1), (indicator, 2)]);
        keys.flat_map(|(indicator, level)| {
            periods.clone().map(move |period| (indicator, level, period))
        })
        .map(|(indicator, level, period)| one(indicator, level, period))
        .collect()
    }

    /// Every state a series can be in, of the same two measures.
    pub(super) fn watches(&self) -> Vec<Watch> {
        let last = self.calendar.base.len() - 1;
        let one = |indicator: usize, region: usize| {
            let observed = self.count(region, last);
            let watched = Watched {
                method: AlarmMethod::Farrington,
                observed,
                expected: 7.317,
                upper: 15.0,
                p: Some(0.003_17),
                exceedance: Some(1.371),
                n_baseline: 55,
                alarm: observed > 15,
            };
            let reason = match region % 4 {
                1 => Some("fewer than 1 a month before".to_owned()),
                2 => Some("fewer than 3 earlier years since recording changed".to_owned()),
                _ => None,
            };
            let watched = reason.is_none().then_some(watched);
            let measure = MeasureKey { indicator, measure: 0 };
            Watch { measure, region, period: Some(last), watched, reason }
        };
        let regions = 0..self.tree.len();
        let keys =
            [4, 9].into_iter().flat_map(|indicator| regions.clone().map(move |at| (indicator, at)));
        keys.map(|(indicator, region)| one(indicator, region)).collect()
    }

    pub(super) fn capacity(&self, n_indicators: usize) -> Vec<Capacity> {
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
                days_behind: Some(37),
                share_not_located: Some(0.0137),
                share_unassigned: Some(0.0731),
                n_breaks: 0,
            }
        })
        .collect()
    }
}
