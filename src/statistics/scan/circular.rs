//! Kulldorff's circular scan: where on the map are there more cases than chance explains, whatever the size?
//!
//! # Question
//! Is there a group of neighbouring regions with more cases than expected, and which?
//!
//! # Definition
//! The log-likelihood ratio ([`super::likelihood`]) of every circle ([`super::zones`]) with at least `fewest_cases`
//! cases; its largest value is compared with the largest values of maps drawn from the null ([`Model`]), searched in the
//! same way. One test for the whole map, so that no further correction for the number of circles is needed. Clusters
//! are listed by falling ratio, none sharing a region with one before it; each gets its p from the same maxima, which is
//! cautious for all but the first.
//!
//! * [`Model::Poisson`]: maps given the total.
//! * [`Model::Dispersed`]: the quasi-Poisson scan, ratios divided by φ; maps of counts that vary as a negative binomial
//!   by the given variance law, with the observed total. φ divides data and draws alike, so that p rests on the draws alone.
//! * [`Model::Bernoulli`]: maps of the same number of cases among the same units.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `zones` | [`Zones`] | one map | – | the share is the search cap, usually 0.5 |
//! | `cases` | `&[u64]` | one per region | cases | Bernoulli: ≤ units |
//! | `model` | [`Model`] | – | – | – |
//! | `plan` | [`Plan`] | – | – | draws, report cap, fewest cases |
//! | `key` | [`Key`] | – | – | seed and surface |
//!
//! # Output
//! A [`Scan`]. Its `maxima` serve [`super::gumbel`] and further questions.
//!
//! # Undefined
//! `None` without cases, with more than 2³¹ − 1, and for Bernoulli without controls or with more cases than units
//! somewhere. Regions that take no part in the zones, or of which nothing is expected, are left out with their cases.
//! A map of one region has no circles, so no clusters, and p = 1.
//!
//! # Assumptions, and when not to use it
//! Expectations known up to a factor. Membership is no evidence about a single region: the circle is significant, not
//! each of its members. A cluster that is not round is found in part, or with regions that do not belong to it.
//!
//! # Cost and determinism
//! Θ(circles) sums per sixteen draws and few logarithms ([`super::replicates`]), plus random numbers per draw for
//! every case, or for every region when counts are large; memory 64 bytes per region and thread beside the zones. Draws
//! are keyed by (seed, surface, draw): the same bytes at any thread count.
//!
//! # Example
//! ```
//! use saet::statistics::{numerics::random::Key, scan::{circular::{self, Model}, plan::Plan, zones::Zones}, weights::Metric};
//! // A road of twelve towns; three neighbours hold 27 of 54 cases.
//! let places: Vec<_> = (0..12).map(|at| Some((f64::from(at), 0.0))).collect();
//! let zones = Zones::circles(&places, Metric::Plane, &[1.0; 12], 0.5);
//! let cases = [3, 3, 3, 9, 9, 9, 3, 3, 3, 3, 3, 3];
//! let model = Model::Poisson { expected: &[1.0; 12] };
//! let scan = circular::scan(&zones, &cases, &model, &Plan::new(199), Key::new(1, 1)).unwrap();
//! let cluster = &scan.clusters[0];
//! assert_eq!((cluster.centre, cluster.cases, cluster.radius), (4, 27, 1.0));
//! assert!(cluster.p < 0.05);
//! ```
//!
//! # Source
//! Kulldorff M (1997), doi:10.1080/03610929708831995; Zhang T, Zhang Z, Lin G (2012), Stat Med 31:762–774,
//! doi:10.1002/sim.4404 (dispersed); Besag J, Clifford P (1991), doi:10.1093/biomet/78.2.301 (early stopping).

use super::{
    clusters::{Cluster, Drawn, best, list},
    critical_counts::CriticalCounts,
    gini,
    model::Setup,
    plan::{Plan, Report},
    replicates::{Draws, Maxima, Row, add},
    zones::Zones,
};
use crate::statistics::numerics::random::Key;

pub use super::model::Model;

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Clusters by falling ratio.
    pub clusters: Vec<Cluster>,
    /// The largest share of the population that a listed cluster could have.
    pub report_share: f64,
    /// The largest ratio of all circles searched, listed or not.
    pub llr: f64,
    /// The p of that ratio: is there any cluster?
    pub p: f64,
    /// Circles searched.
    pub n_zones: usize,
    /// Draws made.
    pub n_draws: usize,
    /// The largest ratio of every draw.
    pub maxima: Vec<f64>,
    /// Cases of the regions that take part.
    pub total_cases: u64,
}

/// Scans a map.
pub fn scan(zones: &Zones, cases: &[u64], model: &Model, plan: &Plan, key: Key) -> Option<Scan> {
    let setup = Setup::new(zones, cases, model)?;
    let table = CriticalCounts::new(setup.likelihood, plan.fewest_cases);
    let unused = vec![false; zones.n_regions()];
    let observed =
        best(zones, &setup, plan.fewest_cases, 1.0, &unused).map_or(0.0, |zone| zone.ratio);
    let course = Course::new(zones, &setup.measure, &table);
    let search = Draws { table: &table, n_cells: zones.n_regions(), plan, observed, key };
    let maxima = search.maxima(
        |stream, put| setup.null.draw(stream, put),
        |largest, rows| course.search(zones, &setup.measure, largest, rows),
    );
    let Setup { likelihood, phi, .. } = setup;
    let drawn = Drawn { likelihood, phi, maxima: &maxima, stop_after: plan.stop_after };
    let (report_share, clusters) = match plan.report {
        Report::Share(share) => (share, list(zones, &setup, &drawn, plan, share)),
        Report::Gini { alpha } => gini::choose(zones, &setup, &drawn, plan, alpha),
    };
    Some(Scan {
        clusters,
        report_share,
        llr: observed / phi,
        p: drawn.p(observed),
        n_zones: zones.n_circles(),
        n_draws: maxima.len(),
        total_cases: setup.cases.iter().sum(),
        maxima: maxima.into_iter().map(|ratio| ratio / phi).collect(),
    })
}

/// Regions after which counts are compared once for all of them: with the measure before and the counts after.
const STRETCH: usize = 8;

/// What the search along the paths needs of the measures, computed once for all draws.
struct Course {
    /// Per centre, the first of its stretches.
    offsets: Vec<usize>,
    stretches: Vec<Stretch>,
}

struct Stretch {
    /// The measure of the regions before.
    before: f64,
    /// The bin of the smallest circle that may end in it.
    bin: u32,
}

impl Course {
    fn new(zones: &Zones, measure: &[f64], table: &CriticalCounts) -> Self {
        let (mut offsets, mut stretches) = (vec![0], Vec::new());
        for centre in 0..zones.n_regions() {
            let mut inside = 0.0;
            for steps in zones.path(centre).chunks(STRETCH) {
                #[allow(clippy::cast_possible_truncation, reason = "bins are few")]
                let bin = table.bin(inside + measure[steps[0].region()]) as u32;
                stretches.push(Stretch { before: inside, bin });
                for step in steps {
                    inside += measure[step.region()];
                }
            }
            offsets.push(stretches.len());
        }
        Self { offsets, stretches }
    }

    /// Offers every circle to the maxima, most of them unseen: with the counts at the end of a stretch and the measure at
    /// its start, no circle between can do better.
    fn search(&self, zones: &Zones, measure: &[f64], largest: &mut Maxima, rows: &[Row]) {
        for centre in 0..zones.n_regions() {
            let stretches = &self.stretches[self.offsets[centre]..self.offsets[centre + 1]];
            let mut counts = Row::default();
            for (steps, stretch) in zones.path(centre).chunks(STRETCH).zip(stretches) {
                let before = counts;
                for step in steps {
                    add(&mut counts, &rows[step.region()]);
                }
                if !largest.reached(&counts, stretch.bin as usize) {
                    continue;
                }
                let (mut inside, mut within) = (before, stretch.before);
                for step in steps {
                    add(&mut inside, &rows[step.region()]);
                    within += measure[step.region()];
                    if step.ends() {
                        largest.offer(&inside, within);
                    }
                }
            }
        }
    }
}

#[test]
fn every_draw_is_searched_like_the_data() {
    use super::replicates::LANES;
    use crate::model::VarianceLaw;
    use crate::statistics::{numerics::random::WHOLE_MAP, weights::Metric};
    let key = Key::new(6, 6);
    let n = 70;
    let mut stream = key.stream(0, 0);
    // A coarse grid: many ties, some places twice.
    let places: Vec<_> =
        (0..n).map(|_| Some((f64::from(stream.below(9)), f64::from(stream.below(9))))).collect();
    let population: Vec<f64> = (0..n).map(|_| f64::from(1 + stream.below(900))).collect();
    let units: Vec<u64> = (0..n).map(|_| u64::from(stream.below(30))).collect();
    let cases: Vec<u64> = units.iter().map(|units| units / 4).collect();
    let zones = Zones::circles(&places, Metric::Plane, &population, 0.5);
    let plan = Plan { fewest_cases: 4, ..Plan::new(3 * LANES as u64 - 5) };
    let quadratic = Some(VarianceLaw::Quadratic { size: 0.8 });
    let linear = Some(VarianceLaw::Linear { phi: 3.5 });
    for model in [
        Model::Poisson { expected: &population },
        Model::Dispersed { expected: &population, law: quadratic, phi: None },
        Model::Dispersed { expected: &population, law: linear, phi: None },
        Model::Bernoulli { units: &units },
    ] {
        let found = scan(&zones, &cases, &model, &plan, key).unwrap();
        assert_eq!(found.n_draws, 43);
        let mut setup = Setup::new(&zones, &cases, &model).unwrap();
        for (draw, &largest) in (0..).zip(&found.maxima) {
            let mut drawn = vec![0_u64; places.len()];
            setup.null.draw(&mut key.stream(WHOLE_MAP, draw), |at, cases| {
                drawn[at] += u64::try_from(cases).unwrap();
            });
            setup.cases = drawn;
            let zone = best(&zones, &setup, plan.fewest_cases, 1.0, &vec![false; places.len()]);
            let wanted = zone.map_or(0.0, |zone| zone.ratio);
            assert!((largest - wanted).abs() < 1e-9, "{draw}: {largest} {wanted}");
        }
    }
}
