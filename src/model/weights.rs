//! Spatial weights: who neighbours whom among the regions of one level.

/// Neighbour lists in compressed rows. Positions count within the level, in tree order, from 0.
///
/// Invariant: each row is sorted, holds no position twice and never its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Row `i` is `neighbours[offsets[i]..offsets[i + 1]]`; `n + 1` entries.
    offsets: Vec<usize>,
    neighbours: Vec<u32>,
    /// Raw (unstandardised) weight of each link, 1 for contiguity.
    values: Vec<f64>,
}

impl Weights {
    /// Builds binary weights from one list of neighbours per region; sorts and removes repeats and self-links.
    pub fn binary(lists: Vec<Vec<u32>>) -> Self {
        let mut offsets = Vec::with_capacity(lists.len() + 1);
        let mut neighbours = Vec::new();
        offsets.push(0);
        for (own, mut list) in lists.into_iter().enumerate() {
            list.sort_unstable();
            list.dedup();
            list.retain(|&other| other as usize != own);
            neighbours.extend(list);
            offsets.push(neighbours.len());
        }
        let values = vec![1.0; neighbours.len()];
        Self { offsets, neighbours, values }
    }

    /// Builds weights from one list of neighbours and weights per region; sorts them, and removes links to itself, links
    /// whose weight is not a positive number, and all but the first of a repeated neighbour.
    pub fn weighted(lists: Vec<Vec<(u32, f64)>>) -> Self {
        let mut weights = Self { offsets: vec![0], neighbours: Vec::new(), values: Vec::new() };
        for (own, mut list) in lists.into_iter().enumerate() {
            list.retain(|(other, value)| {
                *other as usize != own && *value > 0.0 && value.is_finite()
            });
            list.sort_by_key(|(other, _)| *other);
            list.dedup_by_key(|(other, _)| *other);
            weights.neighbours.extend(list.iter().map(|(other, _)| *other));
            weights.values.extend(list.iter().map(|(_, value)| *value));
            weights.offsets.push(weights.neighbours.len());
        }
        weights
    }

    /// The same links, each region's adding up to 1.
    #[must_use]
    pub fn row_standardised(&self) -> Self {
        let mut standardised = self.clone();
        for row in self.offsets.windows(2) {
            let sum: f64 = self.values[row[0]..row[1]].iter().sum();
            for value in &mut standardised.values[row[0]..row[1]] {
                *value /= sum;
            }
        }
        standardised
    }

    /// The same links, each weighing 1.
    #[must_use]
    pub fn binarised(&self) -> Self {
        Self { values: vec![1.0; self.values.len()], ..self.clone() }
    }

    /// The weight of a link, if there is one.
    pub fn link(&self, from: usize, to: usize) -> Option<f64> {
        let at = self.neighbours(from).binary_search_by(|other| (*other as usize).cmp(&to)).ok()?;
        Some(self.values(from)[at])
    }

    /// Whether every link goes both ways with the same weight.
    pub fn is_symmetric(&self) -> bool {
        (0..self.n()).all(|from| {
            let links = self.neighbours(from).iter().zip(self.values(from));
            links.into_iter().all(|(&to, &value)| {
                self.link(to as usize, from).is_some_and(|back| back.to_bits() == value.to_bits())
            })
        })
    }

    /// Positions without a neighbour, ascending. A region that others name but that names none is one, too.
    pub fn islands(&self) -> Vec<usize> {
        (0..self.n()).filter(|&position| self.degree(position) == 0).collect()
    }

    /// The connected component of each region, numbered from 0 in the order of their first regions. A link connects, in
    /// whichever direction it goes.
    pub fn components(&self) -> Vec<u32> {
        // Each region points towards the first of its component.
        let mut first: Vec<u32> = (0..).take(self.n()).collect();
        let root = |first: &mut Vec<u32>, mut at: u32| {
            while first[at as usize] != at {
                first[at as usize] = first[first[at as usize] as usize];
                at = first[at as usize];
            }
            at
        };
        for (from, position) in (0..).zip(0..self.n()) {
            for &to in self.neighbours(position) {
                let (a, b) = (root(&mut first, from), root(&mut first, to));
                first[a.max(b) as usize] = a.min(b);
            }
        }
        let mut number = 0;
        let mut component = vec![0; self.n()];
        for (at, position) in (0..).zip(0..self.n()) {
            let root = root(&mut first, at);
            if root == at {
                component[position] = number;
                number += 1;
            } else {
                component[position] = component[root as usize];
            }
        }
        component
    }

    /// Number of regions.
    pub fn n(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of directed links.
    pub fn n_links(&self) -> usize {
        self.neighbours.len()
    }

    /// The neighbours of a region, ascending.
    pub fn neighbours(&self, position: usize) -> &[u32] {
        &self.neighbours[self.offsets[position]..self.offsets[position + 1]]
    }

    /// The raw weights of a region's links, in the order of [`Weights::neighbours`].
    pub fn values(&self, position: usize) -> &[f64] {
        &self.values[self.offsets[position]..self.offsets[position + 1]]
    }

    /// Number of neighbours.
    pub fn degree(&self, position: usize) -> usize {
        self.offsets[position + 1] - self.offsets[position]
    }

    /// The same weights among only the kept regions, renumbered; links to the others are dropped.
    #[must_use]
    pub fn subset(&self, keep: &[bool]) -> Self {
        let mut position = vec![u32::MAX; self.n()];
        for (new, (old, _)) in (0..).zip(keep.iter().enumerate().filter(|(_, kept)| **kept)) {
            position[old] = new;
        }
        let mut subset = Self { offsets: vec![0], neighbours: Vec::new(), values: Vec::new() };
        for old in (0..self.n()).filter(|&old| keep[old]) {
            for (&other, &value) in self.neighbours(old).iter().zip(self.values(old)) {
                if keep[other as usize] {
                    subset.neighbours.push(position[other as usize]);
                    subset.values.push(value);
                }
            }
            subset.offsets.push(subset.neighbours.len());
        }
        subset
    }

    /// Counts links, degrees, connected components and islands.
    pub fn report(&self, kind: &str, snap_degrees: f64) -> WeightsReport {
        let degrees: Vec<usize> = (0..self.n()).map(|position| self.degree(position)).collect();
        let n_components = self.components().into_iter().max().map_or(0, |last| last as usize + 1);
        WeightsReport {
            kind: kind.to_owned(),
            n_regions: self.n(),
            n_links: self.n_links(),
            min_degree: degrees.iter().copied().min().unwrap_or(0),
            #[allow(clippy::cast_precision_loss, reason = "link counts are far below 2^52")]
            mean_degree: self.n_links() as f64 / self.n().max(1) as f64,
            max_degree: degrees.iter().copied().max().unwrap_or(0),
            n_components,
            islands: self.islands(),
            snap_degrees,
        }
    }
}

/// What a reader must know about weights before believing a test that used them.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct WeightsReport {
    /// `queen`, `rook`, …
    pub kind: String,
    /// Regions.
    pub n_regions: usize,
    /// Directed links.
    pub n_links: usize,
    /// Fewest neighbours.
    pub min_degree: usize,
    /// Links per region.
    pub mean_degree: f64,
    /// Most neighbours.
    pub max_degree: usize,
    /// Connected components.
    pub n_components: usize,
    /// Positions (within the level) without a neighbour.
    pub islands: Vec<usize>,
    /// Distance in degrees within which two boundary points count as one.
    pub snap_degrees: f64,
}

#[test]
fn links_are_cleaned_standardised_and_told_apart() {
    let weights = Weights::weighted(vec![
        vec![(2, 3.0), (1, 1.0), (1, 9.0), (0, 5.0)],
        vec![(0, 1.0), (3, f64::NAN), (2, -1.0), (4, 0.0)],
        vec![],
        vec![],
        vec![(3, 2.0)],
    ]);
    assert_eq!((weights.neighbours(0), weights.values(0)), (&[1, 2][..], &[1.0, 3.0][..]));
    assert_eq!(weights.neighbours(1), [0]);
    assert_eq!(weights.row_standardised().values(0), [0.25, 0.75]);
    assert_eq!(weights.binarised().values(0), [1.0, 1.0]);
    assert_eq!((weights.link(0, 2), weights.link(2, 0)), (Some(3.0), None));
    assert_eq!(weights.islands(), [2, 3]);
    assert!(!weights.is_symmetric() && Weights::binary(vec![vec![1], vec![0]]).is_symmetric());
}

#[test]
fn a_link_in_one_direction_connects() {
    let weights = Weights::binary(vec![vec![], vec![4], vec![0], vec![], vec![]]);
    assert_eq!(weights.components(), [0, 1, 0, 2, 1]);
    let report = weights.report("knn", 0.0);
    assert_eq!((report.n_components, report.islands), (3, vec![0, 3, 4]));
    assert_eq!(Weights::binary(vec![]).report("queen", 0.0).n_components, 0);
}
