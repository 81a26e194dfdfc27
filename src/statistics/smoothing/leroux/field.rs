//! The field of log relative risks at one point of the grid, by expectation propagation.

use super::site::{Part, Site};
use crate::{
    model::Weights,
    statistics::numerics::{
        float::{exp, ln, real, size},
        random::Stream,
        sparse_cholesky::Pattern,
    },
};

/// Counts and expected counts; a region without exposure has 0 of both.
pub(super) struct Data {
    cells: Vec<(f64, f64)>,
}

impl Data {
    pub(super) fn new(observed: &[u64], expected: &[f64]) -> Option<Self> {
        let cell = |(&count, &expected): (&u64, &f64)| {
            if expected > 0.0 { (real(count), expected) } else { (0.0, 0.0) }
        };
        let cells: Vec<(f64, f64)> = observed.iter().zip(expected).map(cell).collect();
        let n_exposed = cells.iter().filter(|(_, expected)| *expected > 0.0).count();
        let total: f64 = cells.iter().map(|(count, _)| count).sum();
        (n_exposed >= 2 && total > 0.0).then_some(Self { cells })
    }

    pub(super) fn count(&self, at: usize) -> f64 {
        self.cells[at].0
    }

    pub(super) fn expected(&self, at: usize) -> f64 {
        self.cells[at].1
    }
}

/// Who is linked to whom, either way, and the connected components.
pub(super) struct Map {
    links: Vec<Vec<u32>>,
    /// Members of each component, ascending.
    components: Vec<Vec<usize>>,
    pattern: Pattern,
}

impl Map {
    pub(super) fn new(weights: &Weights) -> Self {
        let n = weights.n();
        let mut links: Vec<Vec<u32>> = (0..n).map(|at| weights.neighbours(at).to_vec()).collect();
        for (at, own) in (0..).zip(0..n) {
            for &other in weights.neighbours(own) {
                links[other as usize].push(at);
            }
        }
        for list in &mut links {
            list.sort_unstable();
            list.dedup();
        }
        let mut components = Vec::new();
        let mut seen = vec![false; n];
        for start in 0..n {
            if seen[start] {
                continue;
            }
            let (mut members, mut open) = (Vec::new(), vec![start]);
            seen[start] = true;
            while let Some(at) = open.pop() {
                members.push(at);
                for &other in &links[at] {
                    if !std::mem::replace(&mut seen[other as usize], true) {
                        open.push(other as usize);
                    }
                }
            }
            members.sort_unstable();
            components.push(members);
        }
        Self { pattern: Pattern::new(&links), links, components }
    }

    /// The scaled precision at a mixing.
    pub(super) fn structure(&self, mixing: f64) -> Option<Structure> {
        let diagonal: Vec<f64> =
            self.links.iter().map(|list| mixing * size(list.len()) + 1.0 - mixing).collect();
        let factor = self.pattern.factorise(&diagonal, &self.links, |_, _| -mixing)?;
        let variances = factor.inverse_diagonal();
        let mut scale = vec![1.0; diagonal.len()];
        let mut ln_determinant = factor.ln_determinant();
        for members in &self.components {
            let ln_mean =
                members.iter().map(|&at| ln(variances[at])).sum::<f64>() / size(members.len());
            ln_determinant += ln_mean * size(members.len());
            for &at in members {
                scale[at] = exp(ln_mean);
            }
        }
        Some(Structure { mixing, diagonal, scale, ln_determinant })
    }

    /// A field from the prior with σ = 1: Q⁻¹ of a vector whose covariance is Q, one normal number per link and region.
    pub(super) fn draw(&self, mixing: f64, stream: &mut Stream) -> Option<Vec<f64>> {
        let structure = self.structure(mixing)?;
        let (of_links, of_own) = (mixing.sqrt(), (1.0 - mixing).sqrt());
        let mut right: Vec<f64> = self.links.iter().map(|_| of_own * stream.normal()).collect();
        for (at, links) in self.links.iter().enumerate() {
            for other in links.iter().map(|&other| other as usize).filter(|&other| other > at) {
                let pull = of_links * stream.normal();
                right[at] += pull;
                right[other] -= pull;
            }
        }
        let factor = self.pattern.factorise(&structure.diagonal, &self.links, |_, _| -mixing)?;
        let field = factor.solve(&right).into_iter().zip(&structure.scale);
        Some(field.map(|(own, scale)| own / scale.sqrt()).collect())
    }
}

/// c·Q of one mixing.
pub(super) struct Structure {
    pub(super) mixing: f64,
    /// Diagonal of Q.
    diagonal: Vec<f64>,
    /// c of each region's component.
    scale: Vec<f64>,
    /// ln |cQ|.
    ln_determinant: f64,
}

/// The normal approximation of all log relative risks together, and each region's density by it.
pub(super) struct Approximation {
    sites: Vec<Site>,
    parts: Vec<Part>,
    /// ln of the probability of the data, up to a constant.
    pub(super) evidence: f64,
}

/// Sweeps at most; about six are needed.
const N_SWEEPS: usize = 200;
/// Largest change of a mean, in standard deviations, that ends the sweeps.
const SETTLED: f64 = 1e-4;

impl Approximation {
    pub(super) fn part(&self, at: usize) -> Part {
        self.parts[at]
    }

    /// Sweeps until nothing moves, from the sites of a point nearby; `None` when numbers run out of range.
    pub(super) fn find(
        data: &Data,
        map: &Map,
        structure: &Structure,
        spread: f64,
        start: Option<&Self>,
    ) -> Option<Self> {
        let tau = 1.0 / (spread * spread);
        let mut sites = start.map_or_else(
            || data.cells.iter().map(|&(count, expected)| Site::at_one(count, expected)).collect(),
            |start| start.sites.clone(),
        );
        let mut modes: Vec<f64> = start.map_or_else(
            || vec![0.0; sites.len()],
            |start| start.parts.iter().map(|part| part.mode).collect(),
        );
        let mut last: Option<Vec<f64>> = None;
        let mut damping = 1.0;
        for sweep in 0..N_SWEEPS {
            let field = Field::new(map, structure, tau, &sites)?;
            let moved = last.as_ref().map_or(f64::INFINITY, |last| {
                let each = last.iter().zip(&field.means).zip(&field.variances);
                each.map(|((old, new), v)| (new - old).abs() / v.sqrt()).fold(0.0, f64::max)
            });
            let mut parts = Vec::with_capacity(sites.len());
            let mut evidence =
                field.evidence + 0.5 * (size(sites.len()) * ln(tau) + structure.ln_determinant);
            for (at, site) in sites.iter_mut().enumerate() {
                let (count, expected) = data.cells[at];
                let cavity = site.cavity(field.means[at], field.variances[at]);
                let (part, tilted) = Part::new(count, expected, cavity, modes[at]);
                evidence += tilted.log_total - site.log_total(cavity);
                modes[at] = part.mode;
                parts.push(part);
                site.move_towards(cavity, &tilted, damping);
            }
            if moved < SETTLED {
                return evidence.is_finite().then_some(Self { sites, parts, evidence });
            }
            // Sweeps that do not settle oscillate: then half-steps.
            if sweep > 20 {
                damping = 0.5;
            }
            last = Some(field.means);
        }
        None
    }
}

/// Means and variances of η = μ + u under the prior and the sites.
struct Field {
    means: Vec<f64>,
    variances: Vec<f64>,
    /// ln of the integral of prior times sites, without the prior's own determinant.
    evidence: f64,
}

impl Field {
    fn new(map: &Map, structure: &Structure, tau: f64, sites: &[Site]) -> Option<Self> {
        let diagonal: Vec<f64> = sites
            .iter()
            .enumerate()
            .map(|(at, site)| tau * structure.scale[at] * structure.diagonal[at] + site.precision)
            .collect();
        let between = |at: usize, _| -tau * structure.scale[at] * structure.mixing;
        let factor = map.pattern.factorise(&diagonal, &map.links, between)?;
        let precisions: Vec<f64> = sites.iter().map(|site| site.precision).collect();
        let shifts: Vec<f64> = sites.iter().map(|site| site.shift).collect();
        let by_mean = factor.solve(&precisions);
        let by_shift = factor.solve(&shifts);
        // Schur complement of μ, 1 + Σπ − πᵀA⁻¹π, without cancellation: 1 − A⁻¹π is what the prior leaves to μ.
        let complement =
            1.0 + precisions.iter().zip(&by_mean).map(|(p, a)| p * (1.0 - a)).sum::<f64>();
        if !(complement > 0.0 && complement.is_finite()) {
            return None;
        }
        let pull = shifts.iter().zip(&by_mean).map(|(b, a)| b * (1.0 - a)).sum::<f64>();
        let log_mean = pull / complement;
        let rest = || by_mean.iter().map(|a| 1.0 - a);
        let means: Vec<f64> =
            by_shift.iter().zip(rest()).map(|(own, rest)| own + rest * log_mean).collect();
        let variances = factor
            .inverse_diagonal()
            .into_iter()
            .zip(rest())
            .map(|(own, rest)| own + rest * rest / complement)
            .collect();
        let gain: f64 = shifts.iter().zip(&means).map(|(b, m)| b * m).sum();
        let evidence = 0.5 * (gain - factor.ln_determinant() - ln(complement));
        Some(Self { means, variances, evidence })
    }
}
