//! Regions: a tree with levels in one declared vintage, and its boundaries.

use std::{collections::BTreeMap, ops::Range};

use super::RegionId;

/// One area.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Region {
    /// Code in the declared vintage.
    pub id: RegionId,
    /// Name as published.
    pub name: String,
    /// Position of its level in [`RegionTree::levels`].
    pub level: usize,
    /// Index of the region it lies in; `None` only for the country.
    pub parent: Option<usize>,
}

/// All regions, sorted by (level, id); a region's position is its index everywhere.
///
/// Invariant: level 0 holds exactly one region, index 0, the country; every other region has a parent one level up.
#[derive(Debug, Clone, serde::Serialize)]
pub struct RegionTree {
    /// The one vintage all codes are mapped into.
    pub vintage: String,
    /// Level names from the country down.
    pub levels: Vec<String>,
    regions: Vec<Region>,
    #[serde(skip)]
    starts: Vec<usize>,
    #[serde(skip)]
    by_id: Vec<BTreeMap<RegionId, usize>>,
    #[serde(skip)]
    children: Vec<Vec<usize>>,
}

impl RegionTree {
    /// Indexes regions that are already sorted by (level, id) and whose parents are set.
    pub fn new(vintage: String, levels: Vec<String>, regions: Vec<Region>) -> Self {
        debug_assert!(regions.is_sorted_by_key(|region| (region.level, region.id.clone())));
        let starts = (0..=levels.len())
            .map(|level| regions.partition_point(|region| region.level < level))
            .collect();
        let mut by_id = vec![BTreeMap::new(); levels.len()];
        let mut children = vec![Vec::new(); regions.len()];
        for (idx, region) in regions.iter().enumerate() {
            by_id[region.level].insert(region.id.clone(), idx);
            if let Some(parent) = region.parent {
                children[parent].push(idx);
            }
        }
        Self { vintage, levels, regions, starts, by_id, children }
    }

    /// Number of regions of all levels.
    #[allow(clippy::len_without_is_empty, reason = "a tree always holds its country")]
    pub fn len(&self) -> usize {
        self.regions.len()
    }

    /// Every region, in index order.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Region)> {
        self.regions.iter().enumerate()
    }

    /// The region at an index.
    pub fn get(&self, region_idx: usize) -> &Region {
        &self.regions[region_idx]
    }

    /// The indices of a level's regions.
    pub fn level(&self, level: usize) -> Range<usize> {
        self.starts[level]..self.starts[level + 1]
    }

    /// The position of a level by its name.
    pub fn level_named(&self, name: &str) -> Option<usize> {
        self.levels.iter().position(|level| level == name)
    }

    /// The index of a region by level and code.
    pub fn find(&self, level: usize, id: &RegionId) -> Option<usize> {
        self.by_id[level].get(id).copied()
    }

    /// The indices of the regions directly inside.
    pub fn children(&self, region_idx: usize) -> &[usize] {
        &self.children[region_idx]
    }

    /// The region itself or the one around it at a level at or above its own.
    pub fn ancestor(&self, region_idx: usize, level: usize) -> Option<usize> {
        let mut at = region_idx;
        while self.regions[at].level > level {
            at = self.regions[at].parent?;
        }
        (self.regions[at].level == level).then_some(at)
    }

    /// The lowest level.
    pub fn deepest(&self) -> usize {
        self.levels.len() - 1
    }
}

/// Outlines in degrees (WGS 84), by region index; `None` where no boundary was declared.
#[derive(Debug, Clone, Default)]
pub struct Boundaries {
    /// As read: for contiguity and point in polygon.
    pub full: Vec<Option<geo::MultiPolygon<f64>>>,
    /// Simplified so that shared borders stay shared: for maps.
    pub drawn: Vec<Option<geo::MultiPolygon<f64>>>,
}
