//! Leroux smoothing: relative risks that resemble their neighbours' as much as the map says they do.
//!
//! # Question
//! Given its count, its neighbours and how alike neighbours are on this map, what is a region's underlying relative
//! risk, and how probable is it that it exceeds a margin, such as 1.25?
//!
//! # Definition
//! oᵢ ~ Poisson(Eᵢ·exp(μ + uᵢ)), u normal with mean 0 and precision c·Q/σ², Q = λ(D − W) + (1 − λ)I: W who neighbours
//! whom (either way), D the number of neighbours. λ (mixing) near 1 draws a region towards its neighbours, λ = 0 towards
//! the country: then this is exactly the unstructured Poisson log-normal model. c makes the geometric mean of the prior
//! variances 1 in every connected component, so that σ means the same for every λ and an island has the unstructured
//! prior. Priors: μ standard normal (the overall relative risk is 1 by construction); σ² exponential with mean 1, flat
//! towards 0 in the variance, so that sparse maps are not taken for even ones, and P(σ > 1.73) is 0.05; λ uniform.
//!
//! (σ, λ) is put on a grid: λ in seven cells, σ in steps of its posterior standard deviation around the mode. At each
//! point the regions' Poisson likelihoods are replaced by normal factors with the right mean and variance next to the
//! rest of the map (expectation propagation); a region's own posterior takes its likelihood as it is. For λ = 0 and known
//! μ that is exact, not an approximation.
//!
//! # Inputs
//! | name | type | shape | unit | domain |
//! |---|---|---|---|---|
//! | `observed` | `&[u64]` | one per region | events | – |
//! | `expected` | `&[f64]` | the same | events | exposure share × total; ≤ 0: no exposure |
//! | `weights` | [`Weights`] | the same | – | who neighbours whom; weights themselves are not used |
//! | `mixing` | [`Mixing`] | – | – | fixed: in [0, 1) |
//! | `margins` | `&[f64]` | – | relative risks | > 0 |
//!
//! # Output
//! A [`Smoothed`]: one [`Posterior`] per region, in the order given, and what is known of λ and σ.
//!
//! # Undefined
//! `None` without a single event, below two regions with exposure, or for a fixed mixing outside [0, 1). A region without
//! exposure gets what its neighbours make likely; the caller gives it a status instead.
//!
//! # Assumptions, and when not to use it
//! Events within a region are Poisson given its risk. A sharp step between neighbours is smeared: for a single hot town
//! among quiet neighbours [`super::gamma_poisson`] keeps more of it. Where risks pay no heed to neighbours, intervals are
//! somewhat too short, and much too short where many risks are near 0 (the methods page says by how much). A map that draws on neighbours must not be tested
//! for patterns between neighbours afterwards.
//!
//! # Cost and determinism
//! About 60 grid points with about six sweeps each; a sweep is a sparse factorisation and its inverse on the pattern
//! ([`sparse_cholesky`]: Θ(n·log n) numbers) and about twenty exponentials a region. Grid points and regions in parallel,
//! each computed alone: the same bits at any thread count. No randomness.
//!
//! # Example
//! ```
//! use saet::{model::Weights, statistics::smoothing::leroux::{Mixing, smooth}};
//! let path = Weights::binary((0..8_u32).map(|i| [i.wrapping_sub(1), i + 1].into_iter().filter(|&j| j < 8).collect()).collect());
//! let observed = [19, 16, 0, 15, 4, 3, 2, 5];
//! let found = smooth(&observed, &[8.0, 8.0, 0.5, 8.0, 8.0, 8.0, 8.0, 8.0], &path, Mixing::Integrated, &[1.25]).unwrap();
//! // Nothing was recorded in region 2, where little is expected; its neighbours say more than that zero.
//! assert!(found.regions[2].mean > 1.0 && found.regions[6].mean < 0.8);
//! assert!(found.regions[0].above[0] > 0.9);
//! ```
//!
//! # Source
//! Leroux BG, Lei X, Breslow N (2000), doi:10.1007/978-1-4612-1284-3_4; Freni-Sterrantino A, Ventrucci M, Rue H (2018),
//! doi:10.1016/j.sste.2018.04.001 (components); Rue H, Martino S, Chopin N (2009),
//! doi:10.1111/j.1467-9868.2008.00700.x (grid); Minka TP (2001), *Expectation propagation for
//! approximate Bayesian inference*, UAI 17:362–369; Cseke B, Heskes T (2011), J Mach Learn Res 12:417–454,
//! <https://jmlr.org/papers/v12/cseke11a.html> (on sparse maps of links).
//!
//! [`sparse_cholesky`]: crate::statistics::numerics::sparse_cholesky

mod field;
mod marginal;
mod site;

use rayon::prelude::*;

use self::{
    field::{Approximation, Data, Map, Structure},
    marginal::Marginal,
};
use super::gamma_poisson::Posterior;
use crate::{
    model::Weights,
    statistics::numerics::{
        float::{exp, ln, size},
        random::Stream,
    },
};

/// How much of a region's prior comes from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mixing {
    /// Averaged over what the data say.
    Integrated,
    /// This much; 0 is the unstructured log-normal model.
    Fixed(f64),
}

/// A smoothed map.
#[derive(Debug, Clone, PartialEq)]
pub struct Smoothed {
    /// Posterior of each region's relative risk.
    pub regions: Vec<Posterior>,
    /// Posterior mean of λ: 0 none, near 1 all of the variation is shared with neighbours.
    pub mixing: f64,
    /// Posterior mean of σ: the typical standard deviation of ln relative risk.
    pub spread: f64,
}

/// Cells of λ, finer towards 1: λ = 1 − (1 − t)² at the middles of equal cells of t.
const N_MIXING: usize = 7;
/// The σ first looked at.
const SPREAD: (f64, f64) = (0.05, 3.0);
/// No σ outside these enters the grid.
const SPREAD_LIMITS: (f64, f64) = (0.004, 6.0);
/// Weight below which a grid point is dropped, relative to the largest.
const NEGLIGIBLE: f64 = 5e-4;

/// Smooths every region's relative risk towards its neighbours' and the country's.
pub fn smooth(
    observed: &[u64],
    expected: &[f64],
    weights: &Weights,
    mixing: Mixing,
    margins: &[f64],
) -> Option<Smoothed> {
    let data = Data::new(observed, expected)?;
    let mixings = match mixing {
        Mixing::Integrated => (0..N_MIXING)
            .map(|at| {
                let rest = 1.0 - (size(at) + 0.5) / size(N_MIXING);
                (1.0 - rest * rest, ln(2.0 * rest))
            })
            .collect(),
        Mixing::Fixed(mixing) if (0.0..1.0).contains(&mixing) => vec![(mixing, 0.0)],
        Mixing::Fixed(_) => return None,
    };
    let map = Map::new(weights);
    let grid = Grid { data: &data, map: &map };
    let points = grid.points(&mixings)?;
    let log_margins: Vec<f64> = margins.iter().map(|&margin| ln(margin)).collect();
    let regions = (0..observed.len())
        .into_par_iter()
        .with_min_len(16)
        .map(|at| {
            let parts = points.iter().map(|point| (point.weight, point.found.part(at)));
            let parts: Vec<_> = parts.collect();
            Marginal::new(data.count(at), data.expected(at), &parts).summarise(&log_margins)
        })
        .collect();
    let average = |value: &dyn Fn(&Point) -> f64| -> f64 {
        points.iter().map(|point| point.weight * value(point)).sum()
    };
    let (mixing, spread) = (average(&|point| point.mixing), average(&|point| point.spread));
    Some(Smoothed { regions, mixing, spread })
}

/// Relative risks on a map as the priors have them, overall level included: what posteriors can be checked on. `None`
/// when λ comes so near to 1 that the map cannot be factorised.
pub fn draw(weights: &Weights, stream: &mut Stream) -> Option<Vec<f64>> {
    let (mixing, variance, level) = (stream.unit(), -ln(stream.unit()), stream.normal());
    let field = Map::new(weights).draw(mixing, stream)?;
    Some(field.into_iter().map(|unit| exp(level + variance.sqrt() * unit)).collect())
}

/// One point of the grid.
struct Point {
    mixing: f64,
    spread: f64,
    /// Log posterior, then the posterior weight.
    weight: f64,
    found: Approximation,
}

struct Grid<'a> {
    data: &'a Data,
    map: &'a Map,
}

impl Grid<'_> {
    /// Log posterior of ln σ at a mixing, with the approximation it came from.
    fn at(
        &self,
        structure: &Structure,
        log_spread: f64,
        start: Option<&Approximation>,
    ) -> Option<Point> {
        let spread = exp(log_spread);
        let found = Approximation::find(self.data, self.map, structure, spread, start)?;
        // σ dσ exp(−σ²), times σ for the step to ln σ.
        let weight = found.evidence + 2.0 * log_spread - spread * spread;
        Some(Point { mixing: structure.mixing, spread, weight, found })
    }

    /// All points that matter, weights adding up to 1.
    fn points(&self, mixings: &[(f64, f64)]) -> Option<Vec<Point>> {
        let structures: Vec<Structure> = mixings
            .par_iter()
            .map(|&(mixing, _)| self.map.structure(mixing))
            .collect::<Option<_>>()?;
        let (centre, step, nearest) = self.centre(&structures[structures.len() / 2])?;
        let rows: Vec<Vec<Point>> = structures
            .par_iter()
            .zip(mixings)
            .map(|(structure, &(_, log_cell))| {
                let mut row = self.row(structure, centre, step, &nearest);
                for point in &mut row {
                    point.weight += log_cell;
                }
                row
            })
            .collect();
        let mut points: Vec<Point> = rows.into_iter().flatten().collect();
        let most = points.iter().map(|point| point.weight).fold(f64::NEG_INFINITY, f64::max);
        points.retain_mut(|point| {
            point.weight = exp(point.weight - most);
            point.weight > NEGLIGIBLE
        });
        let sum: f64 = points.iter().map(|point| point.weight).sum();
        for point in &mut points {
            point.weight /= sum;
        }
        (!points.is_empty()).then_some(points)
    }

    /// Where the posterior of ln σ is highest at a mixing, its standard deviation there, and the point found nearest to
    /// it: the vertex of the parabola through the best of some points and its two neighbours, twice.
    fn centre(&self, structure: &Structure) -> Option<(f64, f64, Point)> {
        let (low, high) = (ln(SPREAD.0), ln(SPREAD.1));
        let mut step = (high - low) / 7.0;
        let mut places: Vec<f64> = (0..8).map(|at| low + step * size(at)).collect();
        let (mut centre, mut nearest): (f64, Option<Point>) = (low, None);
        for _ in 0..2 {
            let start = nearest.as_ref().map(|point| &point.found);
            let mut found: Vec<Option<Point>> =
                places.par_iter().map(|&place| self.at(structure, place, start)).collect();
            let weight = |at: usize| found[at].as_ref().map_or(f64::NEG_INFINITY, |at| at.weight);
            let best = (0..found.len()).max_by(|&a, &b| weight(a).total_cmp(&weight(b)))?;
            let middle = best.clamp(1, found.len() - 2);
            let (before, at, after) = (weight(middle - 1), weight(middle), weight(middle + 1));
            let bend = 2.0 * at - before - after;
            centre = places[best];
            let mut deviation = step;
            if bend.is_finite() && bend > 1e-3 {
                deviation = step / bend.sqrt();
                if middle == best {
                    centre += 0.5 * step * (after - before) / bend;
                }
            }
            nearest = Some(found[best].take()?);
            step = deviation.clamp(0.08, 0.7);
            places = (-2..=2_i32).map(|at| centre + step * f64::from(at)).collect();
        }
        Some((centre, step, nearest?))
    }

    /// The points of one mixing: from the centre in both directions until nothing is left.
    fn row(&self, structure: &Structure, centre: f64, step: f64, start: &Point) -> Vec<Point> {
        let Some(first) = self.at(structure, centre, Some(&start.found)) else { return Vec::new() };
        let limits = (ln(SPREAD_LIMITS.0), ln(SPREAD_LIMITS.1));
        let mut most = first.weight;
        let mut row = vec![first];
        for direction in [-1.0, 1.0] {
            // From the centre again, which lies first.
            let mut last = 0;
            let mut place = centre + direction * step;
            while (limits.0..=limits.1).contains(&place) {
                let Some(next) = self.at(structure, place, Some(&row[last].found)) else { break };
                most = most.max(next.weight);
                let is_little = next.weight < most + ln(NEGLIGIBLE);
                row.push(next);
                last = row.len() - 1;
                place += direction * step;
                if is_little {
                    break;
                }
            }
        }
        row
    }
}
