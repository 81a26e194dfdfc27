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
        let mut seen = vec![false; self.n()];
        let mut n_components = 0;
        for start in 0..self.n() {
            if seen[start] {
                continue;
            }
            n_components += 1;
            let mut open = vec![start];
            seen[start] = true;
            while let Some(position) = open.pop() {
                for &other in self.neighbours(position) {
                    if !seen[other as usize] {
                        seen[other as usize] = true;
                        open.push(other as usize);
                    }
                }
            }
        }
        WeightsReport {
            kind: kind.to_owned(),
            n_regions: self.n(),
            n_links: self.n_links(),
            min_degree: degrees.iter().copied().min().unwrap_or(0),
            #[allow(clippy::cast_precision_loss, reason = "link counts are far below 2^52")]
            mean_degree: self.n_links() as f64 / self.n().max(1) as f64,
            max_degree: degrees.iter().copied().max().unwrap_or(0),
            n_components,
            islands: (0..self.n()).filter(|&position| degrees[position] == 0).collect(),
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
