//! Panels: dense tables over regions × periods, one slice per covered ideology × breakdown.

use std::collections::BTreeMap;

/// One ideology × breakdown of a panel; 0 is the total in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct SliceKey {
    /// 0 for the total, else 1 + the position in the declared ideologies.
    pub ideology: usize,
    /// 0 for the total, else 1 + the position in the measure's parts.
    pub breakdown: usize,
}

impl SliceKey {
    /// The slice of all covered ideologies and parts.
    pub const TOTAL: Self = Self { ideology: 0, breakdown: 0 };

    /// The slice of one ideology, all parts together.
    pub fn ideology(ideology: usize) -> Self {
        Self { ideology, breakdown: 0 }
    }
}

/// Values over regions × periods; only covered slices are held.
///
/// Invariant: each slice has `n_regions * n_periods` values, region-major (`region * n_periods + period`).
#[derive(Debug, Clone)]
pub struct Panel<T> {
    /// Number of regions of all levels.
    pub n_regions: usize,
    /// Number of periods, windows included.
    pub n_periods: usize,
    slices: BTreeMap<SliceKey, Vec<T>>,
}

impl<T> Panel<T> {
    /// An empty panel: no slice is covered.
    pub fn new(n_regions: usize, n_periods: usize) -> Self {
        Self { n_regions, n_periods, slices: BTreeMap::new() }
    }

    /// Puts a slice in place; `values` are region-major and `n_regions * n_periods` long.
    pub fn insert(&mut self, key: SliceKey, values: Vec<T>) {
        assert_eq!(values.len(), self.n_regions * self.n_periods, "invariant: a slice is dense");
        self.slices.insert(key, values);
    }

    /// The covered slices in order.
    pub fn keys(&self) -> impl Iterator<Item = SliceKey> {
        self.slices.keys().copied()
    }

    /// Whether no slice is covered.
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// A whole slice, region-major.
    pub fn slice(&self, key: SliceKey) -> Option<&[T]> {
        self.slices.get(&key).map(Vec::as_slice)
    }

    /// One cell; `None` when the slice is not covered.
    pub fn get(&self, key: SliceKey, region_idx: usize, period_idx: usize) -> Option<&T> {
        self.slices.get(&key).map(|values| &values[region_idx * self.n_periods + period_idx])
    }

    /// Applies a function to every cell of every slice, in key, region, period order.
    pub fn map<U>(&self, mut f: impl FnMut(SliceKey, usize, usize, &T) -> U) -> Panel<U> {
        let n_periods = self.n_periods;
        let slices = self
            .slices
            .iter()
            .map(|(&key, values)| {
                let values = values
                    .iter()
                    .enumerate()
                    .map(|(at, value)| f(key, at / n_periods, at % n_periods, value))
                    .collect();
                (key, values)
            })
            .collect();
        Panel { n_regions: self.n_regions, n_periods, slices }
    }
}

/// Which measure: positions in [`super::Frame::indicators`] and in its measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct MeasureKey {
    /// Position of the indicator in the catalogue.
    pub indicator: usize,
    /// Position of the measure in the indicator.
    pub measure: usize,
}

/// A measure's panel. An empty panel means that no source feeds it.
#[derive(Debug, Clone)]
pub struct MeasurePanel<T> {
    /// Which measure.
    pub key: MeasureKey,
    /// Its values.
    pub panel: Panel<T>,
    /// Names of the breakdown slots 1, 2, … (slot 0 is the total).
    pub parts: Vec<String>,
    /// The sources that fed it, in declaration order.
    pub sources: Vec<super::SourceId>,
}
